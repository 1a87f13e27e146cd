"""Access by cell as a map that a reader points at, and its Lorenz curves."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from dashboards.evidence.palette import CASE_STYLES, MUTED
from dashboards.planner import who_wording as wording
from dashboards.planner.chart_style import AXIS, styled
from dashboards.planner.frame import Frame
from dashboards.planner.who_tables import VALUE

SHARES: Final = ("#F2F6F8", "#B4D0DF", "#65A1C0", "#1F739F", "#00304C")
LOSS_TO_GAIN: Final = ("#A84300", "#E7A77C", "#F3F3F0", "#7FB5D3", "#0B4F7D")
"""Orange loses, blue gains: told apart by colour-blind readers, both dark at their ends."""

_MAP_PX: Final = 470
_LORENZ_PX: Final = 300


def cell_map(frame: Frame, table: pd.DataFrame, kind: str) -> Any:
    """Cells of 250 m in the colour of a share (`VALUE`) or of its difference to the baseline."""
    said = table.assign(
        shown=100 * table[kind],
        share=(100 * table[VALUE]).round(1),
        gain=(100 * table["difference"]).round(1),
        people=table["people"].round(),
    )
    south, north = float(table["south"].min()), float(table["north"].max())
    west, east = float(table["west"].min()), float(table["east"].max())
    # A degree of longitude is shorter than one of latitude: keep the shape of the city.
    stretch = float(np.cos(np.radians((south + north) / 2)))
    width_deg = (north - south) / stretch * _ASPECT
    middle = (west + east) / 2
    if width_deg > east - west:
        west, east = middle - width_deg / 2, middle + width_deg / 2
    plain = alt.Axis(labels=False, ticks=False, grid=False, domain=False)
    if kind == VALUE:
        scale = alt.Scale(domain=[0, 25, 50, 75, 100], range=list(SHARES))
    else:
        scale = alt.Scale(domain=[-100, -50, 0, 50, 100], range=list(LOSS_TO_GAIN))
    gained = f"{frame.say(wording.DIFFERENCE)} ({frame.say(wording.POINTS)})"
    title = f"{frame.say(wording.SHARE)} (%)" if kind == VALUE else gained
    chart = (
        alt.Chart(said[["south", "north", "west", "east", "shown", "share", "gain", "people"]])
        .mark_rect(stroke="#FFFFFF", strokeWidth=0.3)
        .encode(
            x=alt.X("west:Q", scale=alt.Scale(domain=[west, east], nice=False), title=None, axis=plain),
            x2="east:Q",
            y=alt.Y("south:Q", scale=alt.Scale(domain=[south, north], nice=False), title=None, axis=plain),
            y2="north:Q",
            color=alt.Color(
                "shown:Q",
                scale=scale,
                legend=alt.Legend(title=title, orient="top", gradientLength=260, titleLimit=400),
            ),
            tooltip=[
                alt.Tooltip("people:Q", title=frame.say(wording.PEOPLE)),
                alt.Tooltip("share:Q", title=f"{frame.say(wording.SHARE)} (%)"),
                alt.Tooltip("gain:Q", title=gained),
            ],
        )
        .properties(height=_MAP_PX)
    )
    return styled(chart)


_ASPECT: Final = 1.45
"""Width over height of the map on a laptop's screen."""


def lorenz_chart(frame: Frame, curves: pd.DataFrame, titles: list[str]) -> Any:
    """Lorenz curves of cases, and the straight line of equal access."""
    table = curves.assign(x=100 * curves["people_share"], y=100 * curves["value_share"])
    styles = CASE_STYLES[: len(titles)]
    dashes = [[1, 0] if style.dash == "-" else [6, 3] for style in styles]
    x = alt.X("x:Q", title=frame.say(wording.POPULATION_AXIS), axis=AXIS, scale=alt.Scale(domain=[0, 100]))
    y = alt.Y("y:Q", title=frame.say(wording.VALUE_AXIS), axis=AXIS, scale=alt.Scale(domain=[0, 100]))
    colours = alt.Scale(domain=titles, range=[style.colour for style in styles])
    lines = (
        alt.Chart(table[["x", "y", "title"]])
        .mark_line(strokeWidth=2.5)
        .encode(
            x=x,
            y=y,
            color=alt.Color("title:N", scale=colours, legend=alt.Legend(title=None, orient="top")),
            strokeDash=alt.StrokeDash("title:N", scale=alt.Scale(domain=titles, range=dashes), legend=None),
        )
    )
    even = pd.DataFrame({"x": [0, 100], "y": [0, 100]})
    line = alt.Chart(even).mark_line(color=MUTED, strokeWidth=1).encode(x=x, y=y)
    return styled(alt.layer(line, lines).properties(height=_LORENZ_PX))
