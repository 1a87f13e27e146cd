"""Charts in one look: how a figure is begun and how it becomes bytes."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from dashboards.evidence.palette import INK, MUTED, PAPER, RULE
from dashboards.fonts import families
from maas.i18n.wording import Language

WIDTH_IN: Final = 6.7
"""The text width of an A4 page with margins of 20 mm: a chart is printed as large as it is drawn."""

_PAD_IN: Final = 0.07
"""Around every panel, so that labels are not cut."""

STYLE: Final[dict[Any, Any]] = {
    "font.size": 8.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.6,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "grid.color": RULE,
    "grid.linewidth": 0.5,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "hatch.linewidth": 0.5,
    "svg.fonttype": "path",
    "svg.hashsalt": "maas",
}


def svg_of(draw: Callable[[Figure], None], height_in: float, width_in: float = WIDTH_IN) -> bytes:
    """A chart as SVG, the same bytes for the same figures; `draw` fills the empty figure."""
    with mpl.rc_context({**STYLE, "font.family": families()}):
        figure = Figure(
            figsize=(width_in, height_in), layout=ConstrainedLayoutEngine(w_pad=_PAD_IN, h_pad=_PAD_IN)
        )
        FigureCanvasSVG(figure)
        draw(figure)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", facecolor=PAPER, metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def panel_title(title: str, panels: int, language: Language) -> str:
    """A title over one of several panels in a row, on as many lines as it needs."""
    letters = WIDTH_IN / panels * (8.0 if language == "ja" else 13.0) - 2
    return in_lines(title, int(letters))


def in_lines(title: str, letters: int) -> str:
    """A title of a case on lines of up to `letters`, broken between variant and points of the grid first."""
    if len(title) <= letters:
        return title
    parts = title.replace("、", "、\n").replace(", ", ",\n").split("\n")
    return "\n".join(line for part in parts for line in textwrap.wrap(part, max(letters, 4)))


def light_grid(axes: Axes, axis: str = "both") -> None:
    """Thin lines behind the data."""
    axes.grid(visible=True, axis=axis)  # type: ignore[arg-type]  # its own stub knows only literals
