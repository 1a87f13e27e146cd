"""Map of a road network as a picture, for a screen, a slide or a grey print."""

from __future__ import annotations

import math
import os
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle

from dashboards.errors import MapError
from dashboards.fonts import drawable, emphasis, families, japanese_family
from routing.geometry import Projection
from routing.network import ROAD_CLASSES, Confidence, Network
from routing.road_lengths import road_km_by_class, road_pieces

Language = Literal["en", "ja"]


@dataclass(frozen=True, slots=True)
class RoadStyle:
    """How one class of road is drawn: the wider and darker, the more important (points, hex colour)."""

    width_pt: float
    colour: str
    has_casing: bool
    en: str
    ja: str


ROAD_STYLES: Final[tuple[RoadStyle, ...]] = (
    RoadStyle(3.6, "#08203f", True, "Motorway", "高速道路"),
    RoadStyle(3.0, "#0b3c70", True, "Trunk road", "国道級（trunk）"),
    RoadStyle(2.5, "#1f6aa5", True, "Primary road", "主要道（primary）"),
    RoadStyle(2.0, "#3f8fc4", True, "Secondary road", "地方道（secondary）"),
    RoadStyle(1.5, "#74b0d6", True, "Tertiary road", "地区の幹線（tertiary）"),
    RoadStyle(1.0, "#8c8c8c", False, "Other public road", "その他の道路"),
    RoadStyle(0.7, "#a8a8a8", False, "Residential street", "生活道路"),
    RoadStyle(0.5, "#c4c4c4", False, "Service road", "構内道路"),
)
"""One style a class: blues that darken with importance, then greys.

Width and lightness alone tell them apart, so the map holds for colour-blind readers and for grey print."""

GENERATED_COLOUR: Final = "#d9a441"
"""Streets nobody surveyed: of another hue on a screen, light in grey print."""

_MAP_WIDTH_IN: Final = 8.4
_MAP_HEIGHT_IN: Final = 9.4
_LEGEND_WIDTH_IN: Final = 2.6
_MARGIN_IN: Final = 0.25
_HEAD_IN: Final = 0.85
_FOOT_IN: Final = 0.3
_CREDIT_LINE_IN: Final = 0.15
_DPI: Final = 150
_PAPER: Final = "#fbfbf9"
_INK: Final = "#222222"


def draw_network_map(network: Network, path: Path | str, *, language: Language = "en") -> Path:
    """Draw the roads by class into a PNG file, with legend, scale, north arrow and credits.

    Parameters
    ----------
    network
        Any network; one that is approximate says so in the heading.
    path
        Where to write; must end in `.png`. The file appears whole or not at all.
    language
        Of the labels. Without a Japanese font on this machine they are English, and Japanese names are left
        out.

    Raises
    ------
    MapError
        When the path does not end in `.png`, its folder is missing, or the network has no arcs.
    """
    target = Path(path)
    if target.suffix.lower() != ".png":
        raise MapError(f"{target}: the map is a PNG picture; give a name that ends in .png")
    if not target.absolute().parent.is_dir():
        raise MapError(f"{target}: its folder does not exist; make it first or name another")
    if network.arc_count == 0:
        raise MapError(f"{network.title}: has no arcs to draw")
    words = _WORDS["ja" if language == "ja" and japanese_family() else "en"]
    with mpl.rc_context({"font.family": families(), "font.size": 9, "text.color": _INK}):
        figure = _figure(network, words)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.png")
        try:
            figure.savefig(temporary, dpi=_DPI, facecolor="white")
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    return target


@dataclass(frozen=True, slots=True)
class _Words:
    is_japanese: bool
    approximation: str
    untitled: str
    generated: str
    counts: str
    north: str
    source: str


_WORDS: Final = {
    "en": _Words(
        False,
        "APPROXIMATION - not a survey",
        "Road network",
        "generated, not surveyed",
        "{nodes:,} nodes, {arcs:,} arcs, {km:,.0f} km of road",
        "N",
        "Data: ",
    ),
    "ja": _Words(
        True,
        "概略図（測量によらない近似）",
        "道路網",
        "生成した道路、未測量",
        "ノード {nodes:,}、アーク {arcs:,}、道路延長 {km:,.0f} km",
        "北",
        "出典: ",
    ),
}


def _figure(network: Network, words: _Words) -> Figure:
    pieces = road_pieces(network)
    lines = _courses(network, pieces)
    points = np.concatenate(lines)
    low, high = points.min(axis=0), points.max(axis=0)
    span = np.maximum(high - low, 1.0) * 1.04
    scale = min(_MAP_WIDTH_IN / span[0], _MAP_HEIGHT_IN / span[1])
    map_in = np.maximum(span * scale, (3.0, 3.6))
    span = map_in / scale
    width_in = float(map_in[0]) + 3 * _MARGIN_IN + _LEGEND_WIDTH_IN
    credit_lines = _credit_lines(network, words, width_in)
    foot_in = _FOOT_IN + _CREDIT_LINE_IN * len(credit_lines)
    size_in = np.array((width_in, float(map_in[1]) + _HEAD_IN + foot_in))
    figure = Figure(figsize=(float(size_in[0]), float(size_in[1])))
    FigureCanvasAgg(figure)
    axes = figure.add_axes(
        (_MARGIN_IN / size_in[0], foot_in / size_in[1], map_in[0] / size_in[0], map_in[1] / size_in[1]),
        facecolor=_PAPER,
    )
    centre = (low + high) / 2
    axes.set_xlim(centre[0] - span[0] / 2, centre[0] + span[0] / 2)
    axes.set_ylim(centre[1] - span[1] / 2, centre[1] + span[1] / 2)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color("#bbbbbb")

    handles = _draw_roads(axes, network, pieces, lines, words)
    _draw_references(axes, network, pieces, lines)
    _draw_heading(figure, network, words, size_in)
    legend_left = (2 * _MARGIN_IN + map_in[0]) / size_in[0]
    top = (foot_in + map_in[1]) / size_in[1]
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(legend_left - 0.01, top + 0.005),
        frameon=False,
        handlelength=2.6,
        labelspacing=0.7,
    )
    side = figure.add_axes(
        (legend_left, foot_in / size_in[1], _LEGEND_WIDTH_IN / size_in[0], 1.35 / size_in[1])
    )
    _draw_scale_and_north(side, 1.0 / scale, None if network.is_planar else words.north)
    for k, line in enumerate(reversed(credit_lines)):
        y_in = 0.14 + k * _CREDIT_LINE_IN
        figure.text(_MARGIN_IN / size_in[0], y_in / size_in[1], line, fontsize=7.5, color="#555555")
    return figure


def _courses(network: Network, arcs: npt.NDArray[np.int64]) -> list[npt.NDArray[np.float64]]:
    """Each arc as float64, shape (k, 2): metres east and north of the middle, ends included."""
    tail, head = network.tail, network.head
    if network.is_planar:
        x, y = network.lon, network.lat
        inner_x, inner_y = network.geometry_lon, network.geometry_lat
    else:
        projection = Projection(
            float(network.lat.min() + network.lat.max()) / 2, float(network.lon.min() + network.lon.max()) / 2
        )
        x, y = projection.to_xy(network.lat, network.lon)
        inner_x, inner_y = projection.to_xy(network.geometry_lat, network.geometry_lon)
    nodes = np.column_stack((x, y))
    inner = np.column_stack((inner_x, inner_y))
    first = network.geometry_first
    return [
        np.vstack((nodes[tail[arc]], inner[first[arc] : first[arc + 1]], nodes[head[arc]])) for arc in arcs
    ]


def _draw_roads(
    axes: Axes,
    network: Network,
    pieces: npt.NDArray[np.int64],
    lines: Sequence[npt.NDArray[np.float64]],
    words: _Words,
) -> list[Line2D]:
    """Minor roads first, so that main roads lie on top; returns the legend, main roads first."""
    road_class = network.road_class[pieces]
    is_generated = network.confidence[pieces] == Confidence.GENERATED
    has_surveyed = not bool(np.all(is_generated))
    handles: list[Line2D] = []
    for code in reversed(range(len(ROAD_CLASSES))):
        style = ROAD_STYLES[code]
        for of_generated in (True, False):
            chosen = np.flatnonzero((road_class == code) & (is_generated == of_generated))
            if not len(chosen):
                continue
            colour = GENERATED_COLOUR if of_generated and has_surveyed else style.colour
            course = [lines[int(k)] for k in chosen]
            rank = 2.0 + (len(ROAD_CLASSES) - code) * 0.1 - of_generated * 0.05
            if style.has_casing:
                axes.add_collection(
                    _lines(course, linewidths=style.width_pt + 1.4, colors="white", zorder=rank - 0.02)
                )
            axes.add_collection(_lines(course, linewidths=style.width_pt, colors=colour, zorder=rank))
            length_km = float(network.length_m[pieces[chosen]].sum()) / 1000
            name = f"{style.ja if words.is_japanese else style.en}, {_km(length_km)}"
            if of_generated and has_surveyed:
                name = f"{name}\n({words.generated})"
            handles.append(Line2D([], [], color=colour, linewidth=style.width_pt + 0.4, label=name))
    return handles[::-1]


def _lines(course: Sequence[npt.NDArray[np.float64]], **style: Any) -> LineCollection:
    return LineCollection(course, capstyle="round", joinstyle="round", **style)


def _km(length_km: float) -> str:
    return f"{length_km:,.0f} km" if length_km >= 10 else f"{length_km:.1f} km"


def _draw_references(
    axes: Axes,
    network: Network,
    pieces: npt.NDArray[np.int64],
    lines: Sequence[npt.NDArray[np.float64]],
) -> None:
    """One label a main road, in the middle of its course, longest roads first; none on top of another."""
    reference = network.reference_index[pieces]
    left, right = axes.get_xlim()
    clearance = (right - left) / 14
    metres = np.bincount(reference, weights=network.length_m[pieces], minlength=len(network.references))
    placed: list[npt.NDArray[np.float64]] = []
    for index in np.argsort(-metres, kind="stable"):
        label = drawable(network.references[index])
        if not label or len(label) > 12 or metres[index] < (right - left) / 25:
            continue
        its_pieces = np.flatnonzero(reference == index)
        middles = np.array([_middle(lines[int(k)]) for k in its_pieces])
        towards = np.average(middles, axis=0, weights=network.length_m[pieces[its_pieces]] + 1)
        for k in np.argsort(np.hypot(*(middles - towards).T), kind="stable"):
            spot = middles[k]
            if all(math.hypot(*(spot - other)) > clearance for other in placed):
                placed.append(spot)
                axes.text(
                    spot[0],
                    spot[1],
                    label,
                    fontsize=7,
                    ha="center",
                    va="center",
                    zorder=5,
                    bbox={"boxstyle": "round,pad=0.22", "fc": "white", "ec": "#444444", "lw": 0.6},
                )
                break


def _middle(course: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The point half way along a course."""
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(course, axis=0).T))))
    half = along[-1] / 2
    return np.array([np.interp(half, along, course[:, 0]), np.interp(half, along, course[:, 1])])


def _draw_heading(figure: Figure, network: Network, words: _Words, size_in: npt.NDArray[np.float64]) -> None:
    left, height = _MARGIN_IN / size_in[0], size_in[1]
    title = drawable(network.title, words.untitled)
    points = 14 * min(1.0, 5.6 * size_in[0] / max(len(title), 1))
    figure.text(left, 1 - 0.40 / height, title, fontsize=points, **emphasis(title))
    counts = words.counts.format(
        nodes=network.node_count, arcs=network.arc_count, km=sum(road_km_by_class(network).values())
    )
    figure.text(left, 1 - 0.68 / height, counts, fontsize=9, color="#444444")
    if network.is_approximate:
        figure.text(
            1 - left,
            1 - 0.67 / height,
            words.approximation,
            ha="right",
            fontsize=9.5,
            bbox={"boxstyle": "round,pad=0.35", "fc": "#fff3d6", "ec": "#8a6100", "lw": 0.9},
            **emphasis(words.approximation),
        )


def _credit_lines(network: Network, words: _Words, width_in: float) -> list[str]:
    """Credits as lines of the footer; one that this machine's fonts cannot draw is left to the summary."""
    credits_drawn = [credit for credit in map(drawable, network.credits) if credit]
    if not credits_drawn:
        return []
    return textwrap.wrap(words.source + "; ".join(credits_drawn), width=int(width_in * 11))


def _draw_scale_and_north(axes: Axes, metres_per_inch: float, north: str | None) -> None:
    """A bar of a round length (1, 2 or 5 times a power of ten) and an arrow, on axes measured in inches."""
    axes.set_axis_off()
    axes.set_xlim(0, _LEGEND_WIDTH_IN)
    axes.set_ylim(0, 1.35)
    longest = 1.9 * metres_per_inch
    power = 10.0 ** math.floor(math.log10(longest))
    length_m = max(step * power for step in (1, 2, 5) if step * power <= longest)
    width = length_m / metres_per_inch
    for k in range(2):
        colour = _INK if k == 0 else "white"
        axes.add_patch(Rectangle((k * width / 2, 0.08), width / 2, 0.07, fc=colour, ec=_INK, lw=0.8))
    unit, factor = ("km", 1000.0) if length_m >= 1000 else ("m", 1.0)
    axes.text(0, 0.22, "0", ha="center", fontsize=8)
    axes.text(width, 0.22, f"{length_m / factor:g} {unit}", ha="center", fontsize=8)
    if north is not None:
        axes.add_patch(
            Polygon([(0.16, 0.62), (0.28, 1.08), (0.28, 0.74)], closed=True, fc=_INK, ec=_INK, lw=0.8)
        )
        axes.add_patch(
            Polygon([(0.40, 0.62), (0.28, 1.08), (0.28, 0.74)], closed=True, fc="white", ec=_INK, lw=0.8)
        )
        axes.text(0.28, 1.14, north, ha="center", fontsize=10, **emphasis(north))
