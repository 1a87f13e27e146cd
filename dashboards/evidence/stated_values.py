"""Values of a scenario's numbers as people write them: units in their language, hours as from and to."""

from __future__ import annotations

import re
from typing import Final

from maas.i18n.wording import Language, Wording

_UNITS: Final = {
    "min": Wording("min", "分"),
    "s": Wording("s", "秒"),
    "h": Wording("h", "時間"),
    "days": Wording("days", "日"),
    "people": Wording("people", "人"),
    "yen": Wording("yen", "円"),
    "m, yen": Wording("m, yen", "m、円"),
    "vehicles": Wording("vehicles", "台"),
    "seats": Wording("seats", "席"),
    "requests": Wording("requests", "件"),
    "rounds": Wording("rounds", "回"),
}
_WORDS: Final = {
    "Ujiie station": "氏家駅",
    "Kamasuzaka station": "蒲須坂駅",
    "hospital": "病院",
    "clinic": "診療所",
    "shop": "店舗",
    "home": "自宅",
    "onsen": "温泉",
    "office": "庁舎",
    "museum": "博物館",
    "park": "公園",
    "hotel/golf": "宿泊・ゴルフ場",
    "seats": "座席",
    "wheelchairs": "車いす",
    "limit": "上限",
    "up_to": "距離",
    "yen": "運賃",
    "motorway": "高速道路",
    "trunk": "国道",
    "primary": "主要地方道",
    "secondary": "県道",
    "tertiary": "市道（幹線）",
    "unclassified": "市道",
    "residential": "生活道路",
    "service": "通路",
    "mon": "月",
    "tue": "火",
    "wed": "水",
    "thu": "木",
    "fri": "金",
    "sat": "土",
    "sun": "日",
    "true": "はい",
    "false": "いいえ",
}
_CLOCK: Final = r"(?:D-1 )?\d{1,2}:\d{2}(?::\d{2})?"
_AGES: Final = re.compile(r"\b(0|15|65)-(14|64|74)\b")
_SPAN: Final = re.compile(rf"({_CLOCK}), ({_CLOCK})")
_LONG_NUMBER: Final = re.compile(r"(?<![\d.:-])\d{4,}(?![\d.:-])")
_WORD: Final = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in _WORDS))


def value_text(value: str, unit: str, language: Language, *, is_span: bool = False) -> str:
    """A value with its unit.

    Parameters
    ----------
    is_span
        Whether it is a pair of ends: from and to.
    """
    text = _LONG_NUMBER.sub(lambda found: f"{int(found[0]):,}", value)
    pair = _SPAN.fullmatch(value)
    to = "～" if language == "ja" else " to "
    if pair is not None:
        text = f"{pair[1]}{to}{pair[2]}"
    elif is_span:
        text = text.replace(", ", to)
    if language == "ja":
        text = _WORD.sub(lambda found: _WORDS[found[0]], text).replace("D-1 ", "前日")
        text = _AGES.sub(r"\1～\2歳", text).replace("75+ ", "75歳以上 ")
    return with_unit(text, unit, language)


def unit_text(unit: str, language: Language) -> str:
    """A unit of a scenario's file as people write it; empty for a plain number."""
    return _UNITS[unit].text(language) if unit in _UNITS else unit


def with_unit(text: str, unit: str, language: Language) -> str:
    """A number and its unit: `60 s`, `60秒`."""
    words = unit_text(unit, language)
    if language == "ja" and not words.isascii() and words[0] != "m":
        return text + words
    return f"{text} {words}".strip()
