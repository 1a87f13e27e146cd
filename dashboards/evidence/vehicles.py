"""What the vehicles do on one day: where time goes, and with whom on board."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MultipleLocator

from dashboards.evidence.assumption_names import entry_name
from dashboards.evidence.chosen_cases import case_title, drawn_cases, joined, left_out_note
from dashboards.evidence.drawing import light_grid, svg_of
from dashboards.evidence.exhibits import ChartExhibit, Column, TableExhibit, rows_of
from dashboards.evidence.number_text import clock
from dashboards.evidence.palette import INK, LOADS, MUTED, RULE
from maas.domain.errors import MaasError
from maas.i18n.wording import Language, Wording
from simulation.errors import OutcomeError
from simulation.study_outcome import StudyCase, StudyOutcome

_LOAD_WORDS: Final = (
    Wording("nobody", "空車"),
    Wording("1 on board", "1人"),
    Wording("2 on board", "2人"),
    Wording("3 or more", "3人以上"),
)
_MOST_VEHICLES: Final = 12
"""Of a case; more rows would be hair-lines."""


def vehicle_gantt(study: StudyOutcome, language: Language) -> ChartExhibit | None:
    """One row a vehicle over the kept day, drives coloured by who is on board; None without any drive."""
    seed = study.seeds[0]
    days = {case: _legs(study, case, seed) for case in (c.name for c in drawn_cases(study))}
    cases = [case for case in drawn_cases(study) if len(days[case.name])]
    if not cases:
        return None
    vehicles = {case.name: _vehicles(study, case, days[case.name]) for case in cases}
    counts = [max(len(vehicles[case.name]), 1) for case in cases]

    def draw(figure: Figure) -> None:
        panels = figure.subplots(
            len(cases), 1, squeeze=False, sharex=True, gridspec_kw={"height_ratios": counts}
        )[:, 0]
        for axes, case in zip(panels, cases, strict=True):
            rows = vehicles[case.name]
            for row, (name, shift) in enumerate(rows.items()):
                if shift is not None:
                    axes.broken_barh([(shift[0], shift[1] - shift[0])], (row - 0.06, 0.12), color=RULE)
                legs = days[case.name]
                own = legs[legs["vehicle_id"].astype(str) == name]
                load = own["riders_on_board"].clip(upper=len(LOADS) - 1).to_numpy(np.int64)
                spans = own[["depart_s", "arrive_s"]].to_numpy(np.int64)
                for level, colour in enumerate(LOADS):
                    mine = spans[load == level]
                    axes.broken_barh(
                        [(int(begin), int(end - begin)) for begin, end in mine], (row - 0.34, 0.68),
                        facecolors=colour, edgecolor=MUTED, linewidth=0.25,
                    )  # fmt: skip
            axes.set_yticks(range(len(rows)), list(rows))
            axes.set_ylim(len(rows) - 0.4, -0.6)
            axes.tick_params(axis="y", length=0)
            axes.set_title(case_title(case, language))
            axes.xaxis.set_major_locator(MultipleLocator(3600))
            axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: clock(value)))
            light_grid(axes, "x")
        handles = [
            Patch(facecolor=colour, edgecolor=INK, linewidth=0.4, label=words.text(language))
            for colour, words in zip(LOADS, _LOAD_WORDS, strict=True)
        ]
        figure.legend(handles=handles, loc="outside upper left", ncols=4)

    return ChartExhibit(
        "vehicles",
        Wording("A day of the vehicles", "車両の1日"),
        svg_of(draw, 0.7 + sum(0.24 * count + 0.35 for count in counts)),
        Wording(
            "One row a vehicle over the day; bars are drives, darker with more riders on board",
            "車両ごとの1日の走行。帯が走行を、濃さが乗車人数を示す",
        ),
        joined(
            Wording(
                f"The day of seed {seed}, one of {len(study.seeds)}. Thin line: the shift. Between drives the"
                " vehicle stands, boards or waits.",
                f"{len(study.seeds)}日のうち1日（乱数の種{seed}）。細い線は勤務時間。走行の間は停車・乗降・待機。",
            ),
            joined(_groups_note(study, cases), left_out_note(study)),
        ),
        vehicle_table(study, language),
    )


def vehicle_table(study: StudyOutcome, language: Language) -> TableExhibit:
    """Kilometres, drives and time on the road of each vehicle, mean of the days."""
    columns = (
        Column("case", Wording("Case", "案")),
        Column("vehicle", Wording("Vehicle", "車両")),
        Column("km", Wording("Driven", "走行距離"), Wording("km/day", "km/日"), decimals=1),
        Column("empty", Wording("Empty", "空車走行率"), Wording("% of km", "%"), decimals=1),
        Column("hours", Wording("Driving", "走行時間"), Wording("h/day", "時間/日"), decimals=2),
        Column("riders", Wording("Mean load", "平均乗車人数"), Wording("riders", "人"), decimals=2),
    )
    rows = []
    for case in drawn_cases(study):
        legs = study.legs(case.name)
        for vehicle, own in legs.groupby(legs["vehicle_id"].astype(str), sort=True):
            metres = float(own["leg_m"].sum())
            rows.append(
                {
                    "case": case.title.text(language),
                    "vehicle": vehicle,
                    "km": metres / 1000 / len(study.seeds),
                    "empty": 100 * float(own.loc[own["is_empty"], "leg_m"].sum()) / metres
                    if metres
                    else None,
                    "hours": float(own["leg_s"].sum()) / 3600 / len(study.seeds),
                    "riders": float((own["leg_m"] * own["riders_on_board"]).sum()) / metres
                    if metres
                    else None,
                }
            )
    return TableExhibit(
        "vehicle_use", Wording("Use of the vehicles", "車両の使われ方"), columns, rows_of(columns, rows)
    )


def _legs(study: StudyOutcome, case: str, seed: int) -> pd.DataFrame:
    legs = study.legs(case)
    return legs[legs["seed"] == seed]


def _groups_note(study: StudyOutcome, cases: Sequence[StudyCase]) -> Wording:
    """Says of which type the vehicles of each name are: `U, K: wagon.`; empty where no journal was kept."""
    groups: dict[str, list[str]] = {}
    for case in cases:
        try:
            fleet = study.journal(case.name).header.service.vehicles
        except (OutcomeError, MaasError):
            continue
        for vehicle in fleet:
            group = vehicle.vehicle_id.rstrip("0123456789") or vehicle.vehicle_id
            named = groups.setdefault(vehicle.vehicle_type, [])
            if group not in named:
                named.append(group)
    if not groups:
        return Wording("", "")
    en = "; ".join(f"{', '.join(named)}: {entry_name(kind, 'en')}" for kind, named in groups.items())
    ja = "、".join(f"{'・'.join(named)}: {entry_name(kind, 'ja')}" for kind, named in groups.items())
    return Wording(f" {en}.", f"{ja}。")


def _vehicles(study: StudyOutcome, case: StudyCase, legs: pd.DataFrame) -> dict[str, tuple[int, int] | None]:
    """Vehicles of a day in the order of the fleet with their shifts, where the journal was kept."""
    try:
        fleet = study.journal(case.name).header.service.vehicles
    except (OutcomeError, MaasError):
        names = sorted(set(legs["vehicle_id"].astype(str)))
        return dict.fromkeys(names[:_MOST_VEHICLES])
    shifts = {vehicle.vehicle_id: (vehicle.start_s, vehicle.end_s) for vehicle in fleet}
    return dict(list(shifts.items())[:_MOST_VEHICLES])
