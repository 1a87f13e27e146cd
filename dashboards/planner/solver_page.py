"""Solver: measured speed and plan quality from `benchmarks/history/`, the latest beside the best."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import altair as alt
import pandas as pd
import streamlit as st

from dashboards.planner import solver_wording as wording
from dashboards.planner.chart_style import AXIS, BLUE, ORANGE, styled
from dashboards.planner.downloads import download
from dashboards.planner.frame import Frame, heading
from dashboards.planner.solver_names import figure_name, unit_name
from maas.figure_history import LESS, MORE, Row, Standing, history_folder, read_history, standings

_NAME_WIDTH: Final = 620
"""Pixels: the longest name on one line."""

_TABLE_HEIGHT: Final = 300
"""Pixels: the chart below begins on the same screen."""

_NOTHING: Final = 5e-5
"""What is less is a rounding error of a gap."""

_SLACK: Final = 0.02
"""A figure within 2 % of the best is as good: machines are not quieter than that."""


def page(frame: Frame) -> None:
    """Figures of one benchmark, and how one of them went over time."""
    rows = _history(str(history_folder(None)))
    known = dict.fromkeys(row.file for row in rows)
    files = [file for file in wording.FILES if file in known]
    files += [file for file in known if file not in wording.FILES]
    file = st.segmented_control(
        frame.say(wording.BENCHMARK),
        files,
        default=files[0],
        format_func=lambda file: _file_name(file, frame),
        required=True,
        key="solver_file",
    )
    of_file = [row for row in rows if row.file == file]
    found = standings(of_file)
    heading(frame, wording.STANDING, wording.STANDING_NOTE)
    table = _table(frame, found)
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height=_TABLE_HEIGHT,
        column_config={frame.say(wording.FIGURE): st.column_config.TextColumn(width=_NAME_WIDTH)},
    )
    download(frame, table, f"benchmarks_{file}")
    _show_course(frame, of_file, found)


@st.cache_data(ttl=60, show_spinner=False)
def _history(folder: str) -> list[Row]:
    from pathlib import Path

    return read_history(Path(folder))


def _file_name(file: str, frame: Frame) -> str:
    return frame.say(wording.FILES[file]) if file in wording.FILES else file


def _table(frame: Frame, found: list[Standing]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            frame.say(wording.FIGURE): [figure_name(one.latest.name, frame) for one in found],
            frame.say(wording.LATEST): [_number(one.latest.value) for one in found],
            frame.say(wording.UNIT): [unit_name(one.latest.unit, frame) for one in found],
            frame.say(wording.STAND): [_stand(one, frame) for one in found],
            frame.say(wording.RATIO): [
                "" if one.latest.ratio is None else f"{one.latest.ratio:.3g}" for one in found
            ],
            frame.say(wording.RATIO_TO): [one.latest.ratio_to or "" for one in found],
            frame.say(wording.DATE): [one.latest.date[:10] for one in found],
            frame.say(wording.ROWS): [one.rows for one in found],
        }
    )


def _stand(one: Standing, frame: Frame) -> str:
    change = one.change
    if change is None:
        return ""
    if one.is_best or abs(change) <= _SLACK:
        return frame.say(wording.IS_BEST)
    is_better = (change < 0) == (one.latest.better == LESS)
    return frame.say(wording.BETTER if is_better else wording.BEHIND, percent=f"{abs(100 * change):.0f}")


def _show_course(frame: Frame, rows: list[Row], found: list[Standing]) -> None:
    heading(frame, wording.COURSE, wording.COURSE_NOTE)
    many = sorted(found, key=lambda one: (not one.latest.better, -one.rows))
    name = st.selectbox(
        frame.say(wording.FIGURE),
        [one.latest.name for one in many],
        format_func=lambda name: figure_name(name, frame),
        key=f"solver_figure_{rows[0].file}",
    )
    latest = next(one.latest for one in found if one.latest.name == name)
    like = [row for row in rows if row.is_like(latest)]
    unit = (
        unit_name(latest.unit, frame)
        if latest.ratio is None
        else frame.say(wording.TIMES, other=latest.ratio_to)
    )
    st.html(f'<p class="m-mind">{escape(unit)}</p>')
    st.altair_chart(_course_chart(frame, like), width="stretch", theme=None)
    better = {LESS: wording.LESS_IS_BETTER, MORE: wording.MORE_IS_BETTER}.get(latest.better)
    notes = [frame.say(better)] if better else []
    st.caption(" ".join((*notes, frame.say(wording.PROCESSOR, processor=latest.processor))))


def _course_chart(frame: Frame, like: list[Row]) -> Any:
    table = pd.DataFrame(
        {
            "place": range(1, len(like) + 1),
            "value": [row.compared for row in like],
            "date": [row.date[:16].replace("T", " ") for row in like],
            "commit": [row.commit[:8] for row in like],
            "is_clean": [row.is_clean for row in like],
        }
    )
    base = alt.Chart(table).encode(
        x=alt.X(
            "place:Q", title=frame.say(wording.RUN), axis=alt.Axis(tickMinStep=1, format="d", grid=False)
        ),
        y=alt.Y("value:Q", title=None, axis=AXIS, scale=alt.Scale(zero=False, padding=15)),
        tooltip=[
            alt.Tooltip("date:N", title=frame.say(wording.DATE)),
            alt.Tooltip("commit:N", title=frame.say(wording.COMMIT)),
            alt.Tooltip("value:Q", title=frame.say(wording.VALUE), format=".4g"),
        ],
    )
    line = base.mark_line(color=BLUE, strokeWidth=1.5)
    points = base.mark_point(filled=True, size=80, opacity=1).encode(
        color=alt.condition("datum.is_clean", alt.value(BLUE), alt.value(ORANGE))
    )
    return styled(alt.layer(line, points).properties(height=280))


def _number(value: float) -> str:
    if abs(value) < _NOTHING:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
