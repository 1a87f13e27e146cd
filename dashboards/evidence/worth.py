"""What one more vehicle, hour, run or stop would bring, and what refused requests lacked (`maas worth`)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Final

import numpy as np

from dashboards.evidence.chosen_cases import drawn_cases
from dashboards.evidence.exhibits import INTERVAL, Column, Exhibit, TableExhibit, interval_ends, rows_of
from dashboards.evidence.missing_tables import missing_tables
from dashboards.evidence.number_text import span
from dashboards.evidence.vehicle_names import group_titles, step_title
from maas.i18n.figures import REFUSALS
from maas.i18n.wording import Language, Wording
from maas.i18n.worth import AT_LEAST
from simulation.study_outcome import StudyOutcome
from simulation.study_worth import StudyWorth, read_worth

_YEAR: Final = Wording("a year", "人/年")
_THOUSANDS: Final = Wording("1,000 yen/year", "千円/年")
_RIDERS: Final = Wording("riders", "人")
_MINUTES: Final = Wording("min", "分")
_PER_WEEKDAY: Final = Wording("a weekday", "人/日")
_PER_DAY: Final = Wording("a day", "件/日")


def worth_exhibits(study: StudyOutcome, language: Language) -> list[Exhibit]:
    """Steps and smallest changes; a sentence where they were not simulated for these days."""
    found = read_worth(study)
    if found is None:
        return [missing_tables(study, "worth")]
    return [smallest_changes_table(study, found, language), steps_table(study, found, language)]


def steps_table(study: StudyOutcome, worth: StudyWorth, language: Language) -> TableExhibit:
    """Riders and yen of a year that each step brings, and riders for a million yen."""
    riders = Column("riders", Wording("Riders", "利用者数の差"), _YEAR, None, 0, is_signed=True)
    per_million = Column("per_million", Wording("Riders a million yen", "100万円当たり"), _RIDERS, None, 0)
    columns = (
        Column("case", Wording("Case", "案")),
        Column("step", Wording("One change", "変更（一つだけ）")),
        riders,
        Column("riders_span", INTERVAL, is_print_only=True),
        *interval_ends(riders),
        Column("alike", Wording("Riders, if asked for like the hour beside", "隣の時間並みの需要なら"),
               _YEAR, None, 0, is_signed=True),
        Column("cost", Wording("Cost", "経費の差"), _THOUSANDS, None, 0, is_signed=True),
        per_million,
        Column("per_million_span", INTERVAL, is_print_only=True),
        *interval_ends(per_million),
        Column("level", Wording("Needs, to cost no more a rider", "単価が同じになる利用者"),
               _PER_WEEKDAY, None, 1),
        Column("wait", Wording("Mean wait", "平均待ち時間の差"), _MINUTES, None, 2, is_signed=True),
    )  # fmt: skip
    titles = {case.name: case.title.text(language) for case in drawn_cases(study)}
    groups = {name: group_titles(study, name, language) for name in titles}
    left_out = _without(study, worth)
    rows = [
        {
            "case": titles[str(line["case"])],
            "step": step_title(line, groups[str(line["case"])], language),
            "riders": line["riders_year"],
            **{f"riders_{end}": line[f"riders_year_{end}"] for end in ("low", "high")},
            "riders_span": _ends(line, "riders_year", language, signed=True),
            "alike": line["riders_year_if_alike"],
            "cost": line["cost_year"] / 1000,
            "per_million": line["riders_per_million_yen"],
            **{f"per_million_{end}": line[f"riders_per_million_yen_{end}"] for end in ("low", "high")},
            "per_million_span": _ends(line, "riders_per_million_yen", language),
            "level": line["level_riders_day"],
            "wait": line["wait_mean_s"] / 60,
        }
        for line in worth.worth.to_dict("records")
        if line["case"] in titles
    ]
    return TableExhibit(
        "worth",
        Wording(
            "What one more vehicle, hour, run or stop would bring", "1台・1時間・1便・1停留所の追加の効果"
        ),
        columns,
        rows_of(columns, rows),
        Wording(
            "Each change alone, simulated over the same days. Of a vehicle less: riders lost for a million"
            f" yen saved. {AT_LEAST.en}" + (f" Not simulated for: {left_out.en}." if left_out else ""),
            "変更は一つずつ、同じ日をシミュレーションした差。減車は節約100万円当たりに失う利用者。"
            f"{AT_LEAST.ja}" + (f"計算していない案: {left_out.ja}。" if left_out else ""),
        ),
        block_key="case",
    )


def smallest_changes_table(study: StudyOutcome, worth: StudyWorth, language: Language) -> TableExhibit:
    """Refusals a day by reason, and the smallest changes that would have served them."""
    columns = (
        Column("case", Wording("Case", "案")),
        Column("reason", Wording("Refused because", "受けられなかった理由")),
        Column("refused", Wording("Refused", "件数"), _PER_DAY, decimals=1),
        Column("later", Wording("Later would do", "時刻を遅らせれば可"), _PER_DAY, decimals=1),
        Column(
            "later_min", Wording("by (median)", "遅らせる時間（中央値）"), Wording("min", "分"), decimals=0
        ),
        Column("place", Wording("Another place would do", "別の場所なら可"), _PER_DAY, decimals=1),
        Column("place_m", Wording("at (median)", "距離（中央値）"), Wording("m", "m"), decimals=0),
        Column("vehicle", Wording("A vehicle more would do", "車両が1台多ければ可"), _PER_DAY, decimals=1),
        Column("nothing", Wording("None of these", "いずれも不可"), _PER_DAY, decimals=1),
    )
    titles = {case.name: case.title.text(language) for case in drawn_cases(study)}
    rows = [
        {
            "case": titles[str(line["case"])],
            "reason": REFUSALS[line["reason"]].text(language)
            if line["reason"] in REFUSALS
            else line["reason"],
            "refused": line["refused_per_day"],
            "later": line["later_per_day"],
            "later_min": line["later_median_min"],
            "place": line["other_place_per_day"],
            "place_m": line["other_place_median_m"],
            "vehicle": line["one_vehicle_per_day"],
            "nothing": line["nothing_per_day"],
        }
        for line in worth.refusals.to_dict("records")
        if line["case"] in titles and line["refused_per_day"] > 0
    ]
    return TableExhibit(
        "smallest_changes",
        Wording("The smallest change that would have served them", "受けられるようになる最小の変更"),
        columns,
        rows_of(columns, rows),
        Wording(
            "A request counts under every change that alone would have served it. Reasons for which nobody"
            " was refused are left out.",
            "一つの変更だけで受けられた申込みを、該当するすべての列に数える。該当のない理由は省く。",
        ),
        block_key="case",
    )


def _without(study: StudyOutcome, worth: StudyWorth) -> Wording | None:
    """Titles of the drawn cases whose steps were not simulated."""
    known = set(worth.worth["case"])
    titles = [case.title for case in drawn_cases(study) if case.name not in known]
    if not titles:
        return None
    return Wording("; ".join(one.en for one in titles), "；".join(one.ja for one in titles))


def _ends(line: Mapping[Hashable, Any], key: str, language: Language, *, signed: bool = False) -> str | None:
    low, high = float(line[f"{key}_low"]), float(line[f"{key}_high"])
    return None if np.isnan(low) or np.isnan(high) else span(low, high, language=language, signed=signed)
