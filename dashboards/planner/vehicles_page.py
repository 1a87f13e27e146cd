"""Vehicles: what each of them did on a day, how full they were, and how far they drove."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd
import streamlit as st

from dashboards.evidence.palette import LOADS as LOAD_COLOURS
from dashboards.evidence.palette import MUTED
from dashboards.evidence.vehicle_names import group_titles, groups_note
from dashboards.planner import cards
from dashboards.planner import vehicles_wording as wording
from dashboards.planner.chart_style import AXIS, styled
from dashboards.planner.downloads import download, download_of_bookings
from dashboards.planner.frame import Frame, chosen_case, heading
from dashboards.planner.kept_journal import journal_at
from dashboards.planner.vehicle_tables import drives_of_day, driving_by_hour, vehicles_on_average
from simulation.study_outcome import StudyCase

_ROW_PX: Final = 30
_AROUND_PX: Final = 90
"""Room for the axis and the legend."""
_COLUMNS: Final = (
    ("km", wording.KM, 1.0, 1),
    ("empty_share", wording.EMPTY, 100.0, 1),
    ("driving_h", wording.DRIVING, 1.0, 1),
    ("riders", wording.RIDERS, 1.0, 1),
    ("requests", wording.REQUESTS, 1.0, 1),
    ("mean_load", wording.MEAN_LOAD, 1.0, 2),
)


def page(frame: Frame) -> None:
    """A day of every vehicle as a chart, then the hours, then the vehicles in numbers."""
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    with left:
        case = chosen_case(frame, wording.CASE, key="vehicles_case")
    with right:
        seed = st.selectbox(frame.say(wording.DAY), list(frame.study.seeds), key="vehicles_seed")
    _show_day(frame, case, seed)
    groups = group_titles(frame.study, case.name, frame.language)
    if groups:
        st.caption(groups_note(groups, frame.language))
    left, right = st.columns([5, 6], gap="medium")
    with left:
        _show_hours(frame, case)
    with right:
        _show_each(frame, case)


def _show_day(frame: Frame, case: StudyCase, seed: int) -> None:
    heading(frame, wording.GANTT, wording.GANTT_NOTE)
    drives = drives_of_day(frame.study.legs(case.name), seed)
    if drives.empty:
        st.info(frame.say(wording.NOTHING_DRIVEN))
        return
    st.altair_chart(_gantt(frame, drives, _shifts(frame, case)), width="stretch", theme=None)
    table = drives.drop(columns=["start_h", "end_h"])
    download_of_bookings(frame, table, f"{frame.study.name}_{case.name}_{seed}", [case.name])


def _shifts(frame: Frame, case: StudyCase) -> pd.DataFrame:
    folder, stamp = frame.stamp or ("", 0)
    vehicles = journal_at(folder, stamp, case.name).header.service.vehicles
    return pd.DataFrame(
        {
            "vehicle": [vehicle.vehicle_id for vehicle in vehicles],
            "start_h": [vehicle.start_s / 3600 for vehicle in vehicles],
            "end_h": [vehicle.end_s / 3600 for vehicle in vehicles],
        }
    )


def _gantt(frame: Frame, drives: pd.DataFrame, shifts: pd.DataFrame) -> Any:
    names = [frame.say(text) for text in wording.LOADS]
    rows = shifts["vehicle"].tolist()
    y = alt.Y("vehicle:N", sort=rows, title=None, axis=alt.Axis(grid=False, domain=False, ticks=False))
    first = min(drives["start_h"].min(), shifts["start_h"].min())
    last = max(drives["end_h"].max(), shifts["end_h"].max())
    scale = alt.Scale(domain=[float(int(first)), float(int(last) + 1)], nice=False)
    axis = alt.Axis(
        tickMinStep=1,
        tickCount=int(last) + 1 - int(first),
        format="d",
        gridColor="#E4E8E6",
        domainColor="#9AA5A0",
    )
    x = alt.X("start_h:Q", title=frame.say(wording.HOUR), scale=scale, axis=axis)
    line = alt.Chart(shifts).mark_rule(color=MUTED, strokeWidth=1).encode(x=x, x2="end_h:Q", y=y)
    said = drives.assign(on_board=[names[load] for load in drives["load"]], km=drives["km"].round(2))
    bars = (
        alt.Chart(said)
        .mark_bar(height=_ROW_PX * 0.62, stroke=MUTED, strokeWidth=0.5)
        .encode(
            x=x,
            x2="end_h:Q",
            y=y,
            color=alt.Color(
                "on_board:N",
                scale=alt.Scale(domain=names, range=list(LOAD_COLOURS)),
                sort=names,
                legend=alt.Legend(orient="top", title=None),
            ),
            tooltip=[
                alt.Tooltip("vehicle:N", title=frame.say(wording.VEHICLE)),
                alt.Tooltip("times:N", title=frame.say(wording.TIMES)),
                alt.Tooltip("riders:Q", title=frame.say(wording.LOAD)),
                alt.Tooltip("km:Q", title=frame.say(wording.DISTANCE)),
            ],
        )
    )
    return styled(alt.layer(line, bars).properties(height=_ROW_PX * len(rows) + _AROUND_PX))


def _show_hours(frame: Frame, case: StudyCase) -> None:
    heading(frame, wording.BY_HOUR, wording.BY_HOUR_NOTE)
    names = [frame.say(text) for text in wording.LOADS]
    table = driving_by_hour(frame.study.legs(case.name), len(frame.study.seeds))
    table["on_board"] = [names[load] for load in table["load"]]
    chart = (
        alt.Chart(table.round({"minutes": 1}))
        .mark_bar(stroke=MUTED, strokeWidth=0.5)
        .encode(
            x=alt.X("hour:O", title=frame.say(wording.HOUR), axis=alt.Axis(labelAngle=0)),
            y=alt.Y("minutes:Q", title=frame.say(wording.MINUTES), axis=AXIS),
            color=alt.Color(
                "on_board:N", scale=alt.Scale(domain=names, range=list(LOAD_COLOURS)), sort=names, legend=None
            ),
            order=alt.Order("load:Q"),
            tooltip=[
                alt.Tooltip("hour:O", title=frame.say(wording.HOUR)),
                alt.Tooltip("on_board:N", title=frame.say(wording.LOAD)),
                alt.Tooltip("minutes:Q", title=frame.say(wording.MINUTES)),
            ],
        )
        .properties(height=250)
    )
    st.altair_chart(styled(chart), width="stretch", theme=None)


def _show_each(frame: Frame, case: StudyCase) -> None:
    study = frame.study
    days = len(study.seeds)
    heading(frame, wording.EACH, wording.EACH_NOTE, days=days)
    table = vehicles_on_average(study.legs(case.name), study.requests(case.name), days)
    head = [frame.say(wording.VEHICLE), *(frame.say(title) for _, title, _, _ in _COLUMNS)]
    rows = [
        [cards.Cell(str(name)), *(_number(row[key] * scale, digits) for key, _, scale, digits in _COLUMNS)]
        for name, row in table.iterrows()
    ]
    st.html(cards.table(head, rows, name="vehicles"))
    scaled = pd.DataFrame(
        {title: table[key] * scale for (key, _, scale, _), title in zip(_COLUMNS, head[1:], strict=True)}
    )
    download(frame, scaled.rename_axis(head[0]).reset_index(), f"{study.name}_{case.name}_vehicles")


def _number(value: float, digits: int) -> cards.Cell:
    return cards.Cell("–" if value != value else f"{value:,.{digits}f}", is_number=True)
