"""How charts look that a reader points at: fonts of the page, quiet axes, one palette."""

from __future__ import annotations

from typing import Any, Final

import altair as alt

from dashboards.evidence.palette import CASE_STYLES, INK, REFUSED, SERVED

BLUE: Final = SERVED
ORANGE: Final = REFUSED
SERIES: Final = tuple(style.colour for style in CASE_STYLES)
"""In the order of the cases of a study: a case has the same colour on every page and in every paper."""


FONT: Final = (
    "BIZ UDPGothic, Noto Sans CJK JP, Noto Sans JP, Hiragino Sans, Yu Gothic UI, Meiryo, IPAexGothic,"
    " IPAPGothic, sans-serif"
)
AXIS: Final = alt.Axis(grid=True, gridColor="#E4E8E6", domainColor="#9AA5A0", tickColor="#9AA5A0")


def styled(chart: Any) -> Any:
    """The chart in the fonts and colours of the page. Altair's types lose the kind of a chart on the way."""
    return (
        chart.configure(font=FONT, background="#FFFFFF", padding=12)
        .configure_axis(
            labelFontSize=12, titleFontSize=12, titleFontWeight="normal", labelColor=INK, titleColor=INK
        )
        .configure_legend(
            labelFontSize=12, titleFontSize=12, titleFontWeight="normal", labelColor=INK, titleColor=INK
        )
        .configure_view(stroke=None)
    )
