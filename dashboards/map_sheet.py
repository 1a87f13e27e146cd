"""The sheet a map is drawn on: heading, frame, legend, scale, north arrow, credits, and the file."""

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
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from dashboards.errors import MapError
from dashboards.fonts import drawable, emphasis, families, japanese_family
from routing.geometry import Projection
from routing.network import Network

Language = Literal["en", "ja"]
Points = npt.NDArray[np.float64]

INK: Final = "#222222"
PAPER: Final = "#fbfbf9"

_MAP_WIDTH_IN: Final = 8.4
_MAP_HEIGHT_IN: Final = 9.4
_LEGEND_WIDTH_IN: Final = 2.6
_MARGIN_IN: Final = 0.25
_HEAD_IN: Final = 0.85
_FOOT_IN: Final = 0.3
_CREDIT_LINE_IN: Final = 0.15
_DPI: Final = 150


@dataclass(frozen=True, slots=True)
class SheetWords:
    """The words on every sheet."""

    is_japanese: bool
    approximation: str
    untitled: str
    north: str
    source: str


_WORDS: Final = {
    "en": SheetWords(False, "APPROXIMATION - not a survey", "Road network", "N", "Data: "),
    "ja": SheetWords(True, "概略図（測量によらない近似）", "道路網", "北", "出典: "),
}


def sheet_words(language: Language) -> SheetWords:
    """The words in a language; English where this machine has no Japanese font."""
    return _WORDS["ja" if language == "ja" and japanese_family() else "en"]


def check_picture_path(path: Path | str) -> Path:
    """Where a picture may be written.

    Raises
    ------
    MapError
        When the path does not end in `.png`, or its folder is missing or not writable.
    """
    target = Path(path)
    if target.suffix.lower() != ".png":
        raise MapError(f"{target}: the map is a PNG picture; give a name that ends in .png")
    if not target.absolute().parent.is_dir():
        raise MapError(f"{target}: its folder does not exist; make it first or name another")
    if not os.access(target.absolute().parent, os.W_OK):
        raise MapError(f"{target}: its folder is not writable; name another")
    if target.is_dir():
        raise MapError(f"{target}: is a folder; give the name of a picture in it")
    return target


def drawing_style() -> Any:
    """Fonts and colours of a sheet, for a `with` around laying it out and writing it."""
    return mpl.rc_context({"font.family": families(), "font.size": 9, "text.color": INK})


class Sheet:
    """A figure with room for a map, its legend to the right, heading above and credits below.

    Parameters
    ----------
    low, high
        float64, shape (2,). Corners of what is shown, metres east and north.
    credit_texts
        Credits that must be shown; one that this machine's fonts cannot draw is left to the summary.

    Attributes
    ----------
    axes
        The map, in metres.
    """

    def __init__(
        self, low: Points, high: Points, words: SheetWords, credit_texts: Sequence[str], *, is_planar: bool
    ) -> None:
        self.words = words
        span = np.maximum(high - low, 1.0) * 1.04
        scale = min(_MAP_WIDTH_IN / span[0], _MAP_HEIGHT_IN / span[1])
        map_in = np.maximum(span * scale, (3.0, 3.6))
        span = map_in / scale
        width_in = float(map_in[0]) + 3 * _MARGIN_IN + _LEGEND_WIDTH_IN
        credit_lines = _credit_lines(credit_texts, words, width_in)
        foot_in = _FOOT_IN + _CREDIT_LINE_IN * len(credit_lines)
        size_in = np.array((width_in, float(map_in[1]) + _HEAD_IN + foot_in))
        self._size_in = size_in
        self.figure = Figure(figsize=(float(size_in[0]), float(size_in[1])))
        FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes(
            (_MARGIN_IN / size_in[0], foot_in / size_in[1], map_in[0] / size_in[0], map_in[1] / size_in[1]),
            facecolor=PAPER,
        )
        centre = (low + high) / 2
        self.axes.set_xlim(centre[0] - span[0] / 2, centre[0] + span[0] / 2)
        self.axes.set_ylim(centre[1] - span[1] / 2, centre[1] + span[1] / 2)
        self.axes.set_xticks([])
        self.axes.set_yticks([])
        for spine in self.axes.spines.values():
            spine.set_color("#bbbbbb")
        self._legend_left = (2 * _MARGIN_IN + map_in[0]) / size_in[0]
        self._top = (foot_in + map_in[1]) / size_in[1]
        side = self.figure.add_axes(
            (self._legend_left, foot_in / size_in[1], _LEGEND_WIDTH_IN / size_in[0], 1.35 / size_in[1])
        )
        _draw_scale_and_north(side, 1.0 / scale, None if is_planar else words.north)
        for k, line in enumerate(reversed(credit_lines)):
            y_in = 0.14 + k * _CREDIT_LINE_IN
            self.figure.text(_MARGIN_IN / size_in[0], y_in / size_in[1], line, fontsize=7.5, color="#555555")

    def heading(self, title: str, line: str, *, is_approximate: bool) -> None:
        """A title, a line below it, and the word approximation to their right."""
        left, height = _MARGIN_IN / self._size_in[0], self._size_in[1]
        shown = drawable(title, self.words.untitled)
        points = 14 * min(1.0, 5.6 * self._size_in[0] / max(len(shown), 1))
        self.figure.text(left, 1 - 0.40 / height, shown, fontsize=points, **emphasis(shown))
        self.figure.text(left, 1 - 0.68 / height, line, fontsize=9, color="#444444")
        if is_approximate:
            self.figure.text(
                1 - left,
                1 - 0.67 / height,
                self.words.approximation,
                ha="right",
                fontsize=9.5,
                bbox={"boxstyle": "round,pad=0.35", "fc": "#fff3d6", "ec": "#8a6100", "lw": 0.9},
                **emphasis(self.words.approximation),
            )

    def legend(self, handles: Sequence[Artist]) -> None:
        """The legend, from the top of the map down."""
        self.figure.legend(
            handles=list(handles),
            loc="upper left",
            bbox_to_anchor=(self._legend_left - 0.01, self._top + 0.005),
            frameon=False,
            handlelength=2.6,
            labelspacing=0.7,
        )

    def write(self, target: Path) -> None:
        """Write the picture; the file appears whole or not at all.

        Raises
        ------
        MapError
            When it cannot be written.
        """
        temporary = target.with_name(f".{target.name}.{os.getpid()}.png")
        try:
            try:
                self.figure.savefig(temporary, dpi=_DPI, facecolor="white")
                temporary.replace(target)
            finally:
                temporary.unlink(missing_ok=True)
        except OSError as error:
            raise MapError(
                f"{target}: cannot be written ({error.strerror}); choose a folder that is writable"
            ) from error


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres east and north around the middle of a network; those of the network itself if it is planar."""

    projection: Projection | None

    @classmethod
    def of(cls, network: Network) -> Plane:
        if network.is_planar:
            return cls(None)
        middle = [float(values.min() + values.max()) / 2 for values in (network.lat, network.lon)]
        return cls(Projection(*middle))

    def xy(self, lat: npt.ArrayLike, lon: npt.ArrayLike) -> Points:
        """float64, shape (k, 2)."""
        x, y = (lon, lat) if self.projection is None else self.projection.to_xy(lat, lon)
        return np.column_stack((x, y))


def courses(network: Network, arcs: npt.NDArray[np.int64], plane: Plane | None = None) -> list[Points]:
    """Each arc as float64, shape (k, 2): metres in a plane, ends included; without one in that of the
    network."""
    tail, head = network.tail, network.head
    plane = plane or Plane.of(network)
    nodes = plane.xy(network.lat, network.lon)
    inner = plane.xy(network.geometry_lat, network.geometry_lon)
    first = network.geometry_first
    return [
        np.vstack((nodes[tail[arc]], inner[first[arc] : first[arc + 1]], nodes[head[arc]])) for arc in arcs
    ]


def _credit_lines(credit_texts: Sequence[str], words: SheetWords, width_in: float) -> list[str]:
    """Credits as lines of the footer."""
    credits_drawn = [credit for credit in map(drawable, credit_texts) if credit]
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
        colour = INK if k == 0 else "white"
        axes.add_patch(Rectangle((k * width / 2, 0.08), width / 2, 0.07, fc=colour, ec=INK, lw=0.8))
    unit, factor = ("km", 1000.0) if length_m >= 1000 else ("m", 1.0)
    axes.text(0, 0.22, "0", ha="center", fontsize=8)
    axes.text(width, 0.22, f"{length_m / factor:g} {unit}", ha="center", fontsize=8)
    if north is not None:
        axes.add_patch(
            Polygon([(0.16, 0.62), (0.28, 1.08), (0.28, 0.74)], closed=True, fc=INK, ec=INK, lw=0.8)
        )
        axes.add_patch(
            Polygon([(0.40, 0.62), (0.28, 1.08), (0.28, 0.74)], closed=True, fc="white", ec=INK, lw=0.8)
        )
        axes.text(0.28, 1.14, north, ha="center", fontsize=10, **emphasis(north))
