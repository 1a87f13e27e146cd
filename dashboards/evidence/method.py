"""How it was computed: definitions, what was checked, run hash, versions, credits."""

from __future__ import annotations

import hashlib
import json
from typing import Final

from dashboards.evidence.exhibits import Column, TableExhibit, TextExhibit, rows_of
from dashboards.evidence.kpis import figure_head, printed
from maas.i18n.figures import wording
from maas.i18n.wording import Language, Wording
from simulation.study_outcome import StudyOutcome

FONT_CREDIT: Final = "IPAexGothic (IPA Font License v1.0)"

_MOST_CASES: Final = 12
"""Cases that the table of provenance names; `study.json` has all of them."""

DEFINITIONS: Final = {
    "requests": Wording(
        "What one booker asks for; each is in exactly one class.", "1件の申込み。必ず一つの区分に入る。"
    ),
    "served_riders": Wording(
        "Persons who were set down at their destination.", "目的地で降車した人数。"
    ),
    "served_share": Wording(
        "Requests served of all requests; what riders gave up themselves counts as not served.",
        "運行件数/申込件数。利用者自身が取りやめた分も運行されなかったものに数える。",
    ),
    "served_riders_share": Wording(
        "Riders served of all riders who asked.", "運行した人数/申込みの人数。"
    ),
    "wait_mean_s": Wording(
        "From the wished departure until the vehicle stops; for trips with a wished arrival from the promised"
        " pickup. A later offer that was taken counts in full.",
        "希望時刻から車両の到着まで（到着時刻指定は約束の乗車時刻から）。遅い便を受け入れた場合はその差も含む。",
    ),
    "wait_p95_s": Wording(
        "19 of 20 served requests wait at most so long; over all served requests of all days.",
        "運行した申込みの95%がこの時間以内。全日の運行した申込みによる。",
    ),
    "in_vehicle_mean_s": Wording(
        "From the end of the stop at the pickup until the vehicle stops at the destination.",
        "乗車完了から目的地到着まで。",
    ),
    "detour_ratio": Wording(
        "Sum of rides over sum of direct drives.", "乗車時間の合計/直行時間の合計。"
    ),
    "promises_kept_share": Wording(
        "Vehicle at both stops by the promised seconds, without tolerance.",
        "乗車・降車とも約束の時刻までに到着した割合（許容幅なし）。",
    ),
    "riders_per_vehicle_hour": Wording(
        "Riders over paid vehicle-hours, breaks included.", "利用者数/稼働時間（休憩を含む）。"
    ),
    "shared_riders_share": Wording(
        "Riders who had another booking on board at some time; a family in one booking does not share.",
        "別の予約の人と同乗した利用者の割合。同じ予約の家族は含まない。",
    ),
    "cost_yen": Wording(
        "Paid vehicle-hours, kilometres and overheads at the rates of the scenario.",
        "稼働時間・走行距離・間接費にシナリオの単価を掛けた額。",
    ),
    "cost_recovery": Wording("Fares over cost.", "収入/経費。"),
    "public_money_yen": Wording("Cost less fares.", "経費－運賃収入。"),
    "public_money_per_trip_yen": Wording(
        "Cost less fares, for one ride of one person.", "公費/利用者数（1人1回当たり）。"
    ),
    "co2_kg": Wording("Exhaust of the kilometres driven.", "走行距離×排出係数。"),
    "runs_empty_share": Wording(
        "Timetabled runs without a booking, of all runs.", "予約がなく運行しなかった便の割合。"
    ),
}  # fmt: skip
"""Short forms of docs/metrics.md, by figure."""


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
