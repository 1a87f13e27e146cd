"""The plot of cost against service: every case with its intervals, readable by pointing at it."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd
import streamlit as st

from dashboards.evidence.palette import INK
from dashboards.planner import cards
from dashboards.planner import compare_wording as wording
from dashboards.planner.chart_style import AXIS, BLUE, ORANGE, SERIES, styled
from dashboards.planner.frame import Frame, heading, selected
from maas.i18n.figures import FigureWording
from maas.i18n.figures import wording as figure_wording
from simulation.comparison import Estimate
from simulation.study_comparison import figure_of
from simulation.study_outcome import StudyOutcome

MONEY: Final = "public_money_yen"
SERVICE: Final = ("served_riders", "served_share", "wait_mean_s", "in_vehicle_mean_s", "promises_kept_share")
"""What may stand across; the first that the study has is shown first."""

LOWER_IS_BETTER: Final = ("wait_mean_s", "in_vehicle_mean_s")
HEIGHT: Final = 330
MOST_LABELS: Final = 8
"""More points are read by pointing at them only."""


def service_chart(frame: Frame) -> None:
    """Public money a weekday against one figure of the service."""
    study = frame.study
    known = [key for key in SERVICE if key in study.metrics]
    if not known or MONEY not in study.metrics:
        st.info(frame.say(wording.NOT_ALL))
        return
    place = st.container()
    key = selected(
        frame,
        frame.say(wording.HORIZONTAL),
        known,
        key="service across",
        at_first=known[0],
        format_func=lambda key: figure_wording(key).head(frame.language),
    )
    side = wording.LEFT if key in LOWER_IS_BETTER else wording.RIGHT
    with place:
        heading(frame, wording.SERVICE, wording.SERVICE_NOTE, side=frame.say(side))
    across, money = figure_wording(key), figure_wording(MONEY)
    table = _points(frame, study, across, money)
    if table.empty:
        st.info(frame.say(wording.NOT_ALL))
        return
    st.altair_chart(_chart(frame, table, across, money), width="stretch", theme=None)


def _points(frame: Frame, study: StudyOutcome, across: FigureWording, money: FigureWording) -> pd.DataFrame:
    """One row a case that has both figures: its place, the ends of both intervals, and both in words."""
    rows = []
    for case in study.cases:
        at, cost = (figure_of(study, case.name, figure.key) for figure in (across, money))
        if at is None or cost is None:
            continue
        rows.append(
            {
                "case": case.title.text(frame.language),
                "is_baseline": study.baseline(case.name) == case.name,
                **_ends("x", across, at),
                **_ends("y", money, cost),
                "x_said": _told(across, at, frame),
                "y_said": _told(money, cost, frame),
            }
        )
    return pd.DataFrame(rows)


def _ends(name: str, figure: FigureWording, value: Estimate) -> dict[str, float]:
    low = value.mean if value.low is None else figure.within(value.low)
    high = value.mean if value.high is None else figure.within(value.high)
    places = {name: value.mean, f"{name}_low": low, f"{name}_high": high}
    return {key: place * figure.scale for key, place in places.items()}


def _told(figure: FigureWording, value: Estimate, frame: Frame) -> str:
    ends = cards.interval_text(figure, value, frame.language)
    said = f"{figure.number(value.mean)} {cards.unit_of(figure, frame.language)}".strip()
    return f"{said} ({ends})" if ends else said


def _chart(frame: Frame, table: pd.DataFrame, across: FigureWording, money: FigureWording) -> Any:
    unit = cards.unit_of(across, frame.language)
    name = across.name.text(frame.language)
    x_title = f"{name} ({unit})" if unit else name
    y_title = money.head(frame.language)
    x_scale, y_scale = alt.Scale(zero=False, padding=75), alt.Scale(zero=False, padding=25)
    x = alt.X("x:Q", title=x_title, scale=x_scale, axis=AXIS)
    y = alt.Y("y:Q", title=y_title, scale=y_scale, axis=AXIS)
    names = table["case"].tolist()
    scale = alt.Scale(domain=names, range=[SERIES[place % len(SERIES)] for place in range(len(names))])
    colour: Any = alt.Color("case:N", scale=scale, legend=None)
    if len(names) > len(SERIES):
        colour = alt.condition("datum.is_baseline", alt.value(ORANGE), alt.value(BLUE))
    base = alt.Chart(table).encode(
        color=colour,
        tooltip=[
            alt.Tooltip("case:N", title=frame.say(wording.CASE)),
            alt.Tooltip("x_said:N", title=name),
            alt.Tooltip("y_said:N", title=money.name.text(frame.language)),
        ],
    )
    layers = [
        base.mark_rule(strokeWidth=1.5).encode(x=alt.X("x_low:Q", title=x_title), x2="x_high:Q", y=y),
        base.mark_rule(strokeWidth=1.5).encode(x=x, y=alt.Y("y_low:Q", title=y_title), y2="y_high:Q"),
        base.mark_point(filled=True, size=130, opacity=1).encode(
            x=x, y=y, shape=alt.condition("datum.is_baseline", alt.value("square"), alt.value("circle"))
        ),
    ]
    if len(table) <= MOST_LABELS:
        label = alt.Chart(table).mark_text(dy=-16, fontSize=12, color=INK)
        layers.append(label.encode(x=x, y=y, text="case:N"))
    return styled(alt.layer(*layers).properties(height=HEIGHT))
