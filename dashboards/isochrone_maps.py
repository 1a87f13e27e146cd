"""Map of what is reached within some minutes: bands over the roads, for a screen, a slide or a grey print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unicodedata import east_asian_width

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke

from dashboards.fonts import drawable
from dashboards.map_sheet import (
    INK,
    Language,
    Plane,
    Sheet,
    check_picture_path,
    courses,
    drawing_style,
    sheet_words,
)
from dashboards.maps import draw_references, road_lines
from routing.isochrones import Isochrone, Isochrones
from routing.network import ROAD_CLASSES, Network
from routing.road_lengths import road_pieces

Points = npt.NDArray[np.float64]

_NEAR: Final = np.array((0x56, 0x93, 0xC8)) / 255
_FAR: Final = np.array((0xDC, 0xE9, 0xF4)) / 255
"""Bands run from a middle blue to nearly white: one hue, told apart by lightness alone, roads dark on all."""

_DASHES: Final = ((0, ()), (0, (5, 2)), (0, (1.2, 1.6)), (0, (7, 2, 1.2, 2)), (0, (10, 4)))
"""Borders of bands, in turn: solid, dashed, dotted, dashes and dots, long dashes."""

_BORDER: Final = "#10395f"
_ROAD: Final = "#3c3c3c"
_ROAD_WIDTHS_PT: Final = (1.9, 1.7, 1.5, 1.2, 0.9, 0.45, 0.35, 0.3)
_MARGIN: Final = 0.06
"""Of the larger side of the widest area, left free around it."""


@dataclass(frozen=True, slots=True)
class Landmark:
    """A named position that helps to find one's way on the map."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class _Words:
    comma: str
    title_from: str
    title_to: str
    subtitle: str
    band: str
    residents: str
    start: str
    destination: str
    nearest: str
    roads: str
    open_ends: str


_WORDS: Final = {
    "en": _Words(
        ", ",
        "Reached within {minutes} minutes",
        "Within {minutes} minutes of the destination",
        "{network}: by car, times on empty roads",
        "{minutes} min: {area} km², {road:,.0f} km of road",
        "{people:,} residents (assumed)",
        "Start{place}",
        "Destination{place}",
        " ({count} places; the nearest counts)",
        "Road (wider: more important)",
        "Reached ends of main roads: {count}.\nThe network stops there, the true\narea does not.",
    ),
    "ja": _Words(
        "・",
        "{minutes}分以内に着ける範囲",
        "目的地まで{minutes}分以内の範囲",
        "{network}：自動車、混雑のないときの所要時間",
        "{minutes}分: {area} km²、道路 {road:,.0f} km",
        "居住者 {people:,}人（推定）",
        "出発地{place}",
        "目的地{place}",
        "（{count}か所のうち最寄り）",
        "道路（太いほど主要）",
        "時間内に着く主要道路{count}本の先は\nこの道路網に含まれません。\n実際の範囲はこれより広くなります。",
    ),
}
"""Long lines of the legend are broken by hand."""


def draw_isochrone_map(
    found: Isochrones,
    path: Path | str,
    *,
    residents: Sequence[int] | None = None,
    landmarks: Sequence[Landmark] = (),
    language: Language = "en",
) -> Path:
    """Draw bands of time over the roads into a PNG file, with legend, scale, north arrow and credits.

    Parameters
    ----------
    found
        The bands; of an approximate network the heading says so.
    path
        Where to write; must end in `.png`. The file appears whole or not at all.
    residents
        People in each band, for the legend.
    landmarks
        Names to write on the map, the important ones first; one on top of another is left out.
    language
        Of the labels; English without a Japanese font on this machine.

    Raises
    ------
    MapError
        When the path does not end in `.png`, or cannot be written.
    """
    target = check_picture_path(path)
    network = found.network
    sheet_language = sheet_words(language)
    words = _WORDS["ja" if sheet_language.is_japanese else "en"]
    plane = Plane.of(network)
    areas = [_areas(band, plane) for band in found.bands]
    origins = plane.xy([o.lat for o in found.origins], [o.lon for o in found.origins])
    points = np.concatenate([origins, *(rings[0] for area in areas for rings in area)])
    low, high = points.min(axis=0), points.max(axis=0)
    margin = max(float((high - low).max()) * _MARGIN, 50.0)
    with drawing_style():
        sheet = Sheet(
            low - margin, high + margin, sheet_language, network.credits, is_planar=network.is_planar
        )
        handles = _draw_bands(sheet.axes, found, areas, residents, words)
        handles.append(_draw_roads(sheet.axes, found, words))
        handles.insert(0, _draw_origins(sheet.axes, origins, found, words))
        labels = draw_references(sheet.axes, network, *_pieces(network))
        labels += [*origins, *_draw_minutes(sheet.axes, found, areas, origins)]
        _draw_landmarks(sheet.axes, plane, landmarks, labels)
        minutes = words.comma.join(f"{band.minutes:g}" for band in found.bands)
        title = (words.title_to if found.is_to else words.title_from).format(minutes=minutes)
        sheet.heading(
            title,
            words.subtitle.format(network=drawable(network.title, sheet_language.untitled)),
            is_approximate=network.is_approximate,
        )
        ends = found.bands[-1].open_ends
        if ends:
            handles.append(Line2D([], [], linestyle="none", label=words.open_ends.format(count=ends)))
        sheet.legend(handles)
        sheet.write(target)
    return target


def band_colours(count: int) -> list[tuple[float, float, float]]:
    """Colours of bands, the nearest first: evenly lighter."""
    shares = np.linspace(0.0, 1.0, count) if count > 1 else np.array([0.35])
    mixed = [_NEAR + share * (_FAR - _NEAR) for share in shares]
    return [(float(red), float(green), float(blue)) for red, green, blue in mixed]


def _areas(band: Isochrone, plane: Plane) -> list[tuple[Points, ...]]:
    """The polygons of a band in metres."""
    return [tuple(plane.xy(ring[:, 0], ring[:, 1]) for ring in rings) for rings in band.polygons]


def _draw_bands(
    axes: Axes,
    found: Isochrones,
    areas: Sequence[Sequence[tuple[Points, ...]]],
    residents: Sequence[int] | None,
    words: _Words,
) -> list[Artist]:
    """The widest band first; returns the legend, the nearest first."""
    handles: list[Artist] = []
    for k, (band, colour) in enumerate(zip(found.bands, band_colours(len(found.bands)), strict=True)):
        dashes = _DASHES[k % len(_DASHES)]
        for rings in areas[k]:
            corners = np.concatenate(rings)
            codes = np.concatenate([_ring_codes(len(ring)) for ring in rings])
            axes.add_patch(PathPatch(Outline(corners, codes), fc=colour, ec="none", zorder=1.5 - k * 0.01))
            axes.add_patch(
                PathPatch(
                    Outline(corners, codes), fc="none", ec=_BORDER, lw=1.1, ls=dashes, zorder=4.5 - k * 0.01
                )
            )
        area = f"{band.area_km2:,.1f}" if band.area_km2 >= 0.95 else f"{band.area_km2:.2f}"
        label = words.band.format(minutes=f"{band.minutes:g}", area=area, road=band.road_km)
        if residents is not None:
            label += "\n" + words.residents.format(people=residents[k])
        handles.append(Patch(fc=colour, ec=_BORDER, lw=1.1, ls=dashes, label=label))
    return handles


def _ring_codes(corners: int) -> npt.NDArray[np.uint8]:
    codes = np.full(corners, Outline.LINETO, np.uint8)
    codes[0], codes[-1] = Outline.MOVETO, Outline.CLOSEPOLY
    return codes


def _pieces(network: Network) -> tuple[npt.NDArray[np.int64], list[Points]]:
    """One arc for each piece of road, and its course in metres."""
    pieces = road_pieces(network)
    return pieces, courses(network, pieces)


def _draw_roads(axes: Axes, found: Isochrones, words: _Words) -> Artist:
    """All roads in one dark grey, the important ones wider and last."""
    pieces, lines = _pieces(found.network)
    road_class = found.network.road_class[pieces]
    for code in reversed(range(len(ROAD_CLASSES))):
        chosen = [lines[int(k)] for k in np.flatnonzero(road_class == code)]
        if chosen:
            width = _ROAD_WIDTHS_PT[code]
            axes.add_collection(
                road_lines(chosen, linewidths=width, colors=_ROAD, alpha=0.85, zorder=3 - code * 0.01)
            )
    return Line2D([], [], color=_ROAD, lw=1.4, label=words.roads)


def _draw_origins(axes: Axes, origins: Points, found: Isochrones, words: _Words) -> Artist:
    if len(found.places) == 1:
        lat, lon = found.places[0]
        place = f" {lat:.1f}, {lon:.1f}" if found.network.is_planar else f" {lat:.4f}, {lon:.4f}"
    else:
        place = words.nearest.format(count=len(found.places))
    label = (words.destination if found.is_to else words.start).format(place=place)
    (drawn,) = axes.plot(
        origins[:, 0], origins[:, 1], zorder=7, label=label, scalex=False, scaley=False,
        marker="v" if found.is_to else "o", markersize=9, markerfacecolor="#ffd84d", markeredgecolor=INK,
        markeredgewidth=1.6, linestyle="none",
    )  # fmt: skip
    return drawn


def _draw_minutes(
    axes: Axes, found: Isochrones, areas: Sequence[Sequence[tuple[Points, ...]]], origins: Points
) -> list[Points]:
    """The minutes of each band on its border, far from other labels; returns where."""
    placed: list[Points] = []
    for band, area in zip(found.bands, areas, strict=True):
        border = max((rings[0] for rings in area), key=len)
        others = np.array([*placed, *origins])
        room = np.min(np.hypot(*(border[:, None, :] - others[None, :, :]).transpose(2, 0, 1)), axis=1)
        spot = border[int(room.argmax())]
        placed.append(spot)
        axes.text(
            spot[0], spot[1], f"{band.minutes:g}", ha="center", va="center", fontsize=10, zorder=6,
            color="white", clip_on=True, bbox={"boxstyle": "round,pad=0.25", "fc": _BORDER, "ec": "white"},
        )  # fmt: skip
    return placed


def _draw_landmarks(
    axes: Axes, plane: Plane, landmarks: Sequence[Landmark], labels: Sequence[Points]
) -> None:
    """Names with a white edge beside a small square, to the right or left of it, clear of other labels."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    letter = (east - west) / 120
    taken = [(*label, 3.0 * letter) for label in labels]
    for landmark in landmarks:
        name = drawable(landmark.name)
        x, y = plane.xy([landmark.lat], [landmark.lon])[0].tolist()
        half = letter * sum(2 if east_asian_width(character) in "WF" else 1 for character in name) / 2
        for side in (1, -1):
            middle = x + side * (half + letter)
            is_inside = west < middle - half and middle + half < east and south < y < north - 4 * letter
            is_clear = all(
                abs(middle - at) > half + width or abs(y - level) > 3.0 * letter for at, level, width in taken
            )
            if name and is_inside and is_clear:
                taken.append((middle, y, half))
                axes.plot(x, y, marker="s", markersize=3.2, color=INK, zorder=6, scalex=False, scaley=False)
                axes.annotate(
                    name, (x, y), xytext=(4 * side, 3), textcoords="offset points", fontsize=7.5, zorder=6,
                    ha="left" if side > 0 else "right", clip_on=True,
                    path_effects=[withStroke(linewidth=2.2, foreground="white")],
                )  # fmt: skip
                break
