"""What an answer rests on: assumptions at the ends of their ranges, futures, and break-even."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import altair as alt
import pandas as pd
import streamlit as st

from dashboards.evidence.assumption_names import assumption_name
from dashboards.evidence.palette import INK
from dashboards.planner import cards
from dashboards.planner import sensitivity_wording as wording
from dashboards.planner.chart_style import AXIS, BLUE, ORANGE, styled
from dashboards.planner.downloads import download
from dashboards.planner.frame import Frame, heading, selected
from maas.i18n.effects import effect_words
from maas.i18n.figures import FigureWording
from maas.i18n.figures import wording as figure_wording
from simulation.comparison import Estimate
from simulation.study_outcome import StudyOutcome
from simulation.study_sensitivity import Bar, other_variants, share_of_futures, tornado

LONGEST_BARS: Final = 15
_ROW_PX: Final = 26


def show_sensitivity(frame: Frame) -> None:
    """The answer of a study with an axis of ranges."""
    study = frame.study
    kinds = {axis.get("ranges") for axis in study.definition["grid"]}
    others = other_variants(study)
    if "one_at_a_time" in kinds:
        for variant in others:
            _show_tornado(frame, study, variant)
    if "futures" in kinds:
        _show_futures(frame, study, others)


def _show_tornado(frame: Frame, study: StudyOutcome, variant: str) -> None:
    figures = [key for key in study.definition["figures"] if key in study.metrics]
    key = selected(
        frame,
        frame.say(wording.FIGURE),
        figures,
        key=f"tornado {variant}",
        at_first=figures[0],
        format_func=lambda key: figure_wording(key).head(frame.language),
    )
    figure = figure_wording(key)
    bars = tornado(study, key, variant)[:LONGEST_BARS]
    heading(frame, wording.TORNADO, wording.TORNADO_NOTE)
    if not bars:
        st.info(frame.say(wording.NO_RANGES))
        return
    stated = _words(figure, bars[0].as_stated, frame)
    st.html(f'<p class="m-question">{frame.say(wording.AS_STATED, words=stated)}</p>')
    table = bars_table(frame, figure, bars)
    st.altair_chart(tornado_chart(frame, figure, bars), width="stretch", theme=None)
    download(frame, table, f"{study.name}_{key}")


def bars_table(frame: Frame, figure: FigureWording, bars: Sequence[Bar]) -> pd.DataFrame:
    """One row an assumption: its name, its range, and the difference to the baseline at both ends."""
    return pd.DataFrame(
        {
            frame.say(wording.ASSUMPTION): [_name(bar, frame) for bar in bars],
            frame.say(wording.KEY): [bar.parameter for bar in bars],
            frame.say(wording.LOW): [bar.low for bar in bars],
            frame.say(wording.HIGH): [bar.high for bar in bars],
            frame.say(wording.AT_LOW): [bar.at_low.mean * figure.scale for bar in bars],
            frame.say(wording.AT_HIGH): [bar.at_high.mean * figure.scale for bar in bars],
        }
    )


def tornado_chart(frame: Frame, figure: FigureWording, bars: Sequence[Bar]) -> Any:
    """Assumptions by how far they move the difference to the baseline, the longest bar first."""
    ends = (frame.say(wording.AT_LOW), frame.say(wording.AT_HIGH))
    stated = bars[0].as_stated.mean * figure.scale
    rows = [
        {
            "assumption": f"{_name(bar, frame)}  {bar.low:,g}–{bar.high:,g}",
            "end": end,
            "value": value.mean * figure.scale,
            "stated": stated,
            "said": _words(figure, value, frame),
        }
        for bar in bars
        for end, value in zip(ends, (bar.at_low, bar.at_high), strict=True)
    ]
    order = list(dict.fromkeys(str(row["assumption"]) for row in rows))
    base = alt.Chart(pd.DataFrame(rows))
    axis = alt.Axis(labelLimit=420, domainColor="#9AA5A0", tickColor="#9AA5A0", grid=False)
    drawn = base.mark_bar(height=_ROW_PX * 0.55).encode(
        y=alt.Y("assumption:N", sort=order, title=None, axis=axis),
        x=alt.X("value:Q", title=frame.say(wording.DIFFERENCE, head=figure.head(frame.language)), axis=AXIS),
        x2="stated:Q",
        color=alt.Color(
            "end:N",
            scale=alt.Scale(domain=ends, range=[ORANGE, BLUE]),
            title=None,
            legend=alt.Legend(orient="top"),
        ),
        tooltip=[
            alt.Tooltip("assumption:N", title=frame.say(wording.ASSUMPTION)),
            alt.Tooltip("end:N", title=frame.say(wording.END)),
            alt.Tooltip("said:N", title=frame.say(wording.TORNADO)),
        ],
    )
    zero = alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(color=INK, strokeDash=[4, 3]).encode(x="x:Q")
    return styled(alt.layer(drawn, zero).properties(height=_ROW_PX * len(order) + 90))


def _show_futures(frame: Frame, study: StudyOutcome, variants: Sequence[str]) -> None:
    heading(frame, wording.FUTURES, wording.FUTURES_NOTE)
    head = [frame.say(text) for text in (wording.FIGURE, wording.BETTER, wording.INTERVAL, wording.ENOUGH)]
    rows, table = [], []
    for key in study.definition["thresholds"]:
        for variant in variants:
            found = share_of_futures(study, key, variant)
            cells = (
                figure_wording(key).name.text(frame.language),
                f"{100 * found.share:.0f}% ({found.better}/{found.count})",
                f"{100 * found.low:.0f}–{100 * found.high:.0f}%",
                f"{100 * found.enough_share:.0f}%",
            )
            rows.append([cards.Cell(text, place > 0) for place, text in enumerate(cells)])
            table.append(dict(zip(head, cells, strict=True)))
    st.html(cards.table(head, rows, name="futures"))
    download(frame, pd.DataFrame(table), study.name)


def _name(bar: Bar, frame: Frame) -> str:
    return assumption_name(bar.parameter, frame.language)


def _words(figure: FigureWording, value: Estimate, frame: Frame) -> str:
    return effect_words(figure, value.mean, value.low, value.high, frame.language)
