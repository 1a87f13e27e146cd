"""How it was computed: definitions, what was checked, run hash, versions, credits."""

from __future__ import annotations

import hashlib
import json
from typing import Final

from dashboards.evidence.definitions import DEFINITIONS
from dashboards.evidence.exhibits import Column, TableExhibit, TextExhibit, rows_of
from dashboards.evidence.kpis import figure_head, printed
from maas.i18n.figures import wording
from maas.i18n.wording import Language, Wording
from simulation.study_outcome import StudyOutcome

FONT_CREDIT: Final = "IPAexGothic (IPA Font License v1.0)"

_MOST_CASES: Final = 12
"""Cases that the table of provenance names; `study.json` has all of them."""


def definition_table(study: StudyOutcome, language: Language) -> TableExhibit:
    """What each figure of the study means."""
    columns = (
        Column("figure", Wording("Figure", "指標")),
        Column("definition", Wording("Definition", "定義")),
    )
    keys = dict.fromkeys(["requests", *study.definition["figures"], *study.definition["thresholds"]])
    rows = [
        {"figure": figure_head(printed(wording(key)), language), "definition": found.text(language)}
        for key in keys
        if (found := DEFINITIONS.get(key.rpartition(".")[2])) is not None
    ]
    return TableExhibit(
        "figure_definitions", Wording("Definitions", "指標の定義"), columns, rows_of(columns, rows)
    )


def validation_text() -> TextExhibit:
    """What was checked of the model, and what cannot be."""
    return TextExhibit(
        "validation",
        Wording("Is the model true?", "モデルの妥当性"),
        (
            (
                Wording("Checked", "検証したこと"),
                Wording(
                    "Every kept day is a journal from which all figures are computed again: whoever boards"
                    " alights, times and kilometres add up, no vehicle carries more than it may, promises are"
                    " held or their breach is on record (maas replay). The dispatcher finds what trying every"
                    " possibility finds on small cases. Travel times agree with independent shortest paths.",
                    "保存した日の記録（journal）からすべての指標を再計算し、乗車した人が必ず降車すること、"
                    "時間と距離の合計、定員、約束の遵守と違反の記録を検査している（maas replay）。"
                    "配車は小さな例で全数探索の結果と一致し、所要時間は独立した最短経路計算と一致する。",
                ),
            ),
            (
                Wording("Compared", "比較したこと"),
                Wording(
                    "docs/validation.md sets the model beside published answers of another simulator,"
                    " waiting-line formulas and figures of real services, and says where they differ.",
                    "docs/validation.mdで、他のシミュレーターの公表結果、待ち行列の公式、"
                    "実在のサービスの実績と比べ、違いとその理由を示している。",
                ),
            ),
            (
                Wording("Not checked", "検証できないこと"),
                Wording(
                    "No booking record of Sakura's own services was at hand. How many people would ask, when"
                    " and where, is assumed; how a better service changes that is not observed. Only real"
                    " operation can tell.",
                    "本市の予約実績は入手できていない。申込みの数・時刻・場所は仮定であり、"
                    "サービスの改善で需要がどう変わるかは観測されていない。実際の運行でのみ確かめられる。",
                ),
            ),
        ),
    )


def run_hash(study: StudyOutcome) -> str:
    """SHA-256 (hex) of the study's provenance: the same hash, the same figures."""
    text = json.dumps(study.provenance, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def provenance_table(study: StudyOutcome, language: Language) -> TableExhibit:
    """What the figures were computed from, so that anybody can compute them again."""
    columns = (
        Column("what", Wording("What", "項目")),
        Column("value", Wording("Value", "値")),
    )
    said = study.provenance
    versions = said["program"]["versions"]
    seeds = study.seeds
    lines: list[tuple[Wording, str]] = [
        (Wording("Run hash", "実行ハッシュ"), run_hash(study)),
        (Wording("Study", "スタディ"), study.name),
        (Wording("Command", "コマンド"), f"maas study {study.name} --replications {len(seeds)}"),
        (Wording("Days (seeds)", "日（乱数の種）"), f"{seeds[0]}-{seeds[-1]}"),
        (Wording("Program", "プログラム"), f"maas {versions['maas']}, {said['program']['sources'][:16]}"),
        (
            Wording("Versions", "バージョン"),
            ", ".join(f"{name} {version}" for name, version in versions.items() if name != "maas"),
        ),
        *(
            (Wording("Roads", "道路網"), f"{network['title']}, {key[:16]}")
            for key, network in said["networks"].items()
        ),
        *(
            (
                Wording("Case", "案"),
                f"{case.name}: {case.provenance['scenario']}, {case.provenance['policy']},"
                f" {case.provenance['scenario_hash'][:16]}",
            )
            for case in study.cases[:_MOST_CASES]
        ),
    ]
    if len(study.cases) > _MOST_CASES:
        left = len(study.cases) - _MOST_CASES
        lines.append((Wording("Case", "案"), Wording(f"and {left} more", f"ほか{left}案").text(language)))
    rows = [{"what": what.text(language), "value": value} for what, value in lines]
    return TableExhibit(
        "provenance", Wording("Provenance", "計算の来歴"), columns, rows_of(columns, rows),
        Wording(
            "The same hash gives the same figures, on any number of processes.",
            "同じハッシュなら、プロセス数によらず同じ数値になる。",
        ),
    )  # fmt: skip


def credit_text(study: StudyOutcome) -> TextExhibit:
    """Whom to thank for data and fonts."""
    lines = [*study.credits, FONT_CREDIT]
    return TextExhibit(
        "credits", Wording("Credits", "データの出典"), tuple((None, Wording(line, line)) for line in lines)
    )
