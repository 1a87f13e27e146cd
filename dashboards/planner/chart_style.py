"""How charts look that a reader points at: fonts of the page, quiet axes, one palette."""

from __future__ import annotations

from typing import Any, Final

import altair as alt

BLUE: Final = "#0072B2"
ORANGE: Final = "#D55E00"
GREY: Final = "#8A9490"
INK: Final = "#1C2529"
SERIES: Final = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
"""Colours of Okabe and Ito: told apart by colour-blind readers."""

LOADS: Final = ("#C9D2CE", "#56B4E9", "#0072B2", "#00304C")
"""Nobody, one, two, three and more on board: lighter to darker in grey print too."""

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
