"""Map of a road network as a picture, for a screen, a slide or a grey print."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from dashboards.errors import MapError
from dashboards.fonts import drawable
from dashboards.map_sheet import (
    Language,
    Sheet,
    SheetWords,
    check_picture_path,
    courses,
    drawing_style,
    sheet_words,
)
from routing.network import ROAD_CLASSES, Confidence, Network
from routing.road_lengths import road_km_by_class, road_pieces


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
    target = check_picture_path(path)
    if network.arc_count == 0:
        raise MapError(f"{network.title}: has no arcs to draw")
    words = sheet_words(language)
    with drawing_style():
        pieces = road_pieces(network)
        lines = courses(network, pieces)
        points = np.concatenate(lines)
        sheet = Sheet(
            points.min(axis=0), points.max(axis=0), words, network.credits, is_planar=network.is_planar
        )
        handles = _draw_roads(sheet.axes, network, pieces, lines, words)
        draw_references(sheet.axes, network, pieces, lines)
        counts = _COUNTS["ja" if words.is_japanese else "en"].format(
            nodes=network.node_count, arcs=network.arc_count, km=sum(road_km_by_class(network).values())
        )
        sheet.heading(network.title, counts, is_approximate=network.is_approximate)
        sheet.legend(handles)
        sheet.write(target)
    return target


_GENERATED: Final = {"en": "generated, not surveyed", "ja": "生成した道路、未測量"}
_COUNTS: Final = {
    "en": "{nodes:,} nodes, {arcs:,} arcs, {km:,.0f} km of road",
    "ja": "ノード {nodes:,}、アーク {arcs:,}、道路延長 {km:,.0f} km",
}


def _draw_roads(
    axes: Axes,
    network: Network,
    pieces: npt.NDArray[np.int64],
    lines: Sequence[npt.NDArray[np.float64]],
    words: SheetWords,
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
                    road_lines(course, linewidths=style.width_pt + 1.4, colors="white", zorder=rank - 0.02)
                )
            axes.add_collection(road_lines(course, linewidths=style.width_pt, colors=colour, zorder=rank))
            length_km = float(network.length_m[pieces[chosen]].sum()) / 1000
            name = f"{style.ja if words.is_japanese else style.en}, {_km(length_km)}"
            if of_generated and has_surveyed:
                name = f"{name}\n({_GENERATED['ja' if words.is_japanese else 'en']})"
            handles.append(Line2D([], [], color=colour, linewidth=style.width_pt + 0.4, label=name))
    return handles[::-1]


def road_lines(course: Sequence[npt.NDArray[np.float64]], **style: Any) -> LineCollection:
    """Courses as one artist, with round ends."""
    return LineCollection(course, capstyle="round", joinstyle="round", **style)


def _km(length_km: float) -> str:
    return f"{length_km:,.0f} km" if length_km >= 10 else f"{length_km:.1f} km"


def draw_references(
    axes: Axes,
    network: Network,
    pieces: npt.NDArray[np.int64],
    lines: Sequence[npt.NDArray[np.float64]],
) -> list[npt.NDArray[np.float64]]:
    """One label a main road, in the middle of its course, longest roads first; none on top of another.

    Returns
    -------
    Where the labels are, in metres.
    """
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
    return placed


def _middle(course: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The point half way along a course."""
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(course, axis=0).T))))
    half = along[-1] / 2
    return np.array([np.interp(half, along, course[:, 0]), np.interp(half, along, course[:, 1])])
