"""Why something cannot be shown or computed, in the language of the page.

Messages of the packages below are one English sentence: what, why, and after a semicolon what to do. Here
they become a Japanese one, part by part; the path in them stays. A message that is not known stays English
and is said to be so.
"""

from __future__ import annotations

import re
from typing import Final

from maas.i18n.wording import Language

_CAUSES: Final = (
    (r"(.+?):? cannot be read \((.*)\)", "{0}を読み込めません（{1}）"),
    (r"(.+?):? cannot be written \((.*)\)", "{0}に書き込めません（{1}）"),
    (r"(.+): is no JSON .*", "{0}はJSONとして読めません（内容が壊れています）"),
    (r"(.+): holds a \w+, not an object", "{0}の内容が壊れています"),
    (
        r"(.+): format is (.+)[,;] this program reads (\d+)",
        "{0}の形式は{1}で、このプログラムが読む形式{2}と違います",
    ),
    (r"(.+): (\S+) is missing or (?:wrong|of the wrong kind)", "{0}の項目{1}がないか、種類が違います"),
    (r"(.+): (\S+) is (.+), which is not a value of type .*", "{0}の項目{1}の値{2}は種類が違います"),
    (r"(.+?):? (?:is not there|does not exist)", "{0}がありません"),
    (r"(.+): has no study\.json", "{0}にstudy.jsonがありません"),
    (r"(.+): the study is not finished", "{0}: 計算がまだ終わっていません"),
    (r"(.+): has no day, or no title", "{0}: 計算された日または題名がありません"),
    (r"(.+?):? is (?:no|not a) folder", "{0}はフォルダーではありません"),
    (r"(.+): has no case (.+)", "{0}に案{1}がありません"),
    (r"(.+): has \d+ days, .+ names \d+", "{0}の日数が記録と合いません"),
    (r"(.+): a day (?:is not an object|has seed .*)", "{0}の日の記録が合いません"),
    (
        r"(.+): was simulated by another version of the program.*",
        "{0}は別の版のプログラムで計算されたため、いまの計算とは比べられません",
    ),
    (r"(.+): another maas study is writing there", "{0}には別のmaas studyが書き込んでいます"),
    (r"(.+): holds something else than .*", "{0}には別のファイルがあり、書き込むと失われます"),
    (r"the table of requests has no .*", "申込みの表が古い版のプログラムのもので、必要な列がありません"),
    (
        r"scenario (.+) has no modelled residents.*",
        "シナリオ{0}には人口から推計した需要またはバス路線がないため、時間内に着ける人の割合は計算できません",
    ),
    (r"(.+) with seed (\d+) cannot be simulated.*", "{0}の1日（乱数の種{1}）を計算できませんでした"),
    (r"(.+\.net): .*", "{0}: 道路網のファイルが壊れています"),
    (r"(\S*journal\.(?:parquet|jsonl))\b.*", "{0}: 1日の記録のファイルが壊れています"),
    (
        r".+ is not here: it belongs to the source tree.*",
        "計測記録のフォルダーがありません（配布物には含まれません）",
    ),
    (r"(.+) has no \.jsonl files.*", "{0}に計測記録がありません。make benchで計測できます"),
    (r"(.+), line (\d+): .*", "{0}の{1}行目を読み込めません"),
)  # fmt: skip
"""Cause in English (whole), and in Japanese."""

_REMEDIES: Final = (
    (
        r"run the study again into another folder",
        "maas studyの--outで別のフォルダーを指定し、計算し直してください",
    ),
    (
        r"remove the folder (.+) and run the study again.*",
        "フォルダー{0}を削除し、maas studyをもう一度実行してください",
    ),
    (r".*\bagain, it goes on", "maas studyをもう一度実行すると続きから計算します"),
    (r"(?:run maas study|give) .*--again.*", "maas studyに--againを付けて計算し直してください"),
    (r"run maas (\w+) again.*", "maas {0}をもう一度実行してください"),
    (r"run the study (?:again.*|with --keep-journals)", "maas studyをもう一度実行してください"),
    (r"run maas study with --keep-journals", "maas studyに--keep-journalsを付けて実行してください"),
    (r"(?:choose|give) .*(?:writable|room).*", "書き込めて空きのあるフォルダーを選んでください"),
    (r"give the folder that (maas \w+) wrote", "{0}が書き出したフォルダーを指定してください"),
    (r"simulate again", "maas simulateで計算し直してください"),
    (r"wait for it.*", "終わるのを待つか、別のフォルダーにしてください"),
    (r"name another folder", "別のフォルダーにしてください"),
    (r"take the line out.*", "その行を除くか、ファイルを元に戻してください"),
)  # fmt: skip

_SYSTEM: Final = {
    "No such file or directory": "ファイルがありません",
    "Permission denied": "権限がありません",
    "Read-only file system": "読み取り専用です",
    "No space left on device": "空き容量がありません",
    "Is a directory": "フォルダーです",
    "Not a directory": "フォルダーではありません",
}
_BROKEN: Final = "内容が壊れています"
_JAPANESE: Final = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def reason_text(error: object, language: Language) -> str:
    """An expected error as one sentence in the language of the page, with its remedy where it names one."""
    told = " ".join(str(error).split())
    if language == "en":
        return told
    cause, _, remedy = told.rpartition("; ")
    if not cause:
        cause, remedy = (told.removesuffix(": simulate again"), "simulate again") if (
            told.endswith(": simulate again")
        ) else (told, "")  # fmt: skip
    said = _found(_CAUSES, cause) or _found(_CAUSES, told)
    if said is None:
        return told if _JAPANESE.search(told) else f"{told}（英語の原文のまま）"
    done = _found(_REMEDIES, remedy)
    return said + "。" + (f"{done}。" if done else "")


def system_text(reason: str, language: Language) -> str:
    """What the system says of a file: `Permission denied`."""
    return reason if language == "en" else _SYSTEM.get(reason, _BROKEN)


def _found(known: tuple[tuple[str, str], ...], text: str) -> str | None:
    for pattern, template in known:
        found = re.fullmatch(pattern, text)
        if found is not None:
            parts = [_detail(place, part) for place, part in enumerate(found.groups())]
            return template.format(*parts)
    return None


def _detail(place: int, part: str) -> str:
    """The part of a message; what a library says in English of a broken file is left out."""
    if place == 0 or re.fullmatch(r"\S+", part):
        return part
    return _SYSTEM.get(part, _BROKEN)
