"""What is bought against what it costs, as curves: one panel a case, one line a rule, one point a setting."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from dashboards.charts import STYLES
from dashboards.errors import ChartError
from dashboards.fonts import emphasis, families

_LINES: Final = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 3)))
_MARKERS: Final = ("o", "s", "^", "D", "v", "P")
"""In turn with the colours, so that lines differ on grey print too."""

_SUFFIXES: Final = (".png", ".svg")
_COLUMNS: Final = 2
_PANEL_IN: Final = (5.2, 3.1)
_HEAD_IN: Final = 0.9
_FOOT_IN: Final = 0.75
_DPI: Final = 110
_INK: Final = "#222222"


@dataclass(frozen=True, slots=True)
class TradePoint:
    """One setting: what it costs, what it buys, and how it is called at the point."""

    cost: float
    gain: float
    label: str


@dataclass(frozen=True, slots=True)
class TradePanel:
    """One case: a line of points for each rule, and the point without any."""

    title: str
    without: TradePoint
    lines: Sequence[tuple[str, Sequence[TradePoint]]]


def draw_trades(
    panels: Sequence[TradePanel], path: Path | str, *, title: str, note: str, axes: tuple[str, str]
) -> Path:
    """Draw the panels beside each other into a PNG or SVG file.

    Parameters
    ----------
    panels
        With the same rules in the same order.
    path
        Where to write; the file appears whole or not at all, the same for the same figures.
    axes
        What is paid and what is bought, with units.

    Raises
    ------
    ChartError
        When there is nothing to draw, too many rules, or the path ends in neither `.png` nor `.svg`.
    """
    target = Path(path)
    if target.suffix.lower() not in _SUFFIXES:
        raise ChartError(
            f"{target}: the chart is a PNG or SVG picture; give a name that ends in .png or .svg"
        )
    if not panels:
        raise ChartError(f"{target}: no case was measured, so there is nothing to draw")
    most = max(len(panel.lines) for panel in panels)
    if most > len(STYLES):
        raise ChartError(f"{most} rules are too many for one chart; give at most {len(STYLES)}")
    style: dict[Any, Any] = {
        "font.family": families(), "font.size": 9, "text.color": _INK,
        "svg.fonttype": "none", "svg.hashsalt": "maas",
    }  # fmt: skip
    with mpl.rc_context(style):
        figure = _figure(panels, title, note, axes)
        suffix = target.suffix.lower()
        temporary = target.with_name(f".{target.name}.{os.getpid()}{suffix}")
        nameless = {"Date": None} if suffix == ".svg" else {"Software": None}
        try:
            figure.savefig(temporary, dpi=_DPI, facecolor="white", metadata=nameless)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    return target


def _figure(panels: Sequence[TradePanel], title: str, note: str, names: tuple[str, str]) -> Figure:
    columns = min(_COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    width_in = _COLUMNS * _PANEL_IN[0]
    height_in = _HEAD_IN + rows * _PANEL_IN[1] + _FOOT_IN
    figure = Figure(figsize=(width_in, height_in))
    FigureCanvasAgg(figure)
    figure.text(0.02, 1 - 0.3 / height_in, title, fontsize=13, **emphasis(title))
    figure.text(0.02, 1 - 0.55 / height_in, note, color="#444444", fontsize=8.5)
    grid = figure.add_gridspec(
        rows, columns, left=0.85 / width_in, right=1 - 0.3 / width_in, top=1 - (_HEAD_IN + 0.1) / height_in,
        bottom=(_FOOT_IN + 0.25) / height_in, hspace=0.42, wspace=0.24,
    )  # fmt: skip
    for index, panel in enumerate(panels):
        axes = figure.add_subplot(grid[index // columns, index % columns])
        _draw_panel(axes, panel, names)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="lower center", ncols=len(labels), frameon=False, fontsize=9, borderaxespad=0.6
    )
    return figure


def _draw_panel(axes: Axes, panel: TradePanel, names: tuple[str, str]) -> None:
    axes.set_title(panel.title, loc="left", fontsize=9.5)
    for (label, points), (colour, _), line, marker in zip(
        panel.lines, STYLES[1:] + STYLES[:1], _LINES, _MARKERS, strict=False
    ):
        way = [panel.without, *sorted(points, key=lambda point: point.cost)]
        cost, gain = [point.cost for point in way], [point.gain for point in way]
        axes.plot(cost[:2], gain[:2], color=colour, linestyle=line, linewidth=1.3, zorder=2)
        axes.plot(
            cost[1:], gain[1:], color=colour, linestyle=line, linewidth=1.3, marker=marker, markersize=4.5,
            label=label, zorder=3,
        )  # fmt: skip
        end = way[-1]
        axes.annotate(
            end.label,
            (end.cost, end.gain),
            xytext=(3, 4),
            textcoords="offset points",
            fontsize=7,
            color=colour,
        )
    axes.plot(
        [panel.without.cost], [panel.without.gain], linestyle="none", marker="*", markersize=11, color=_INK,
        label=panel.without.label, zorder=4,
    )  # fmt: skip
    axes.set_xlabel(names[0])
    axes.set_ylabel(names[1])
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.grid(visible=True, color="#dddddd", linewidth=0.6)
    axes.margins(x=0.08, y=0.12)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
