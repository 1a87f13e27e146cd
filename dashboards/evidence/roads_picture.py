"""The roads behind what is shown on a small map."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from dashboards.evidence.palette import MUTED
from dashboards.map_sheet import courses
from routing.network import Network, RoadClass
from routing.road_lengths import road_pieces

_MAIN_ROADS: Final = RoadClass.TERTIARY
_MINOR: Final = "#d3d8dc"


def draw_roads(axes: Axes, network: Network) -> None:
    """Main roads as they run, local streets as thin straight lines; no frame, no ticks, metres alike."""
    pieces = road_pieces(network)
    lines = courses(network, pieces)
    road_class = network.road_class[pieces]
    minor = [lines[int(k)][[0, -1]] for k in np.flatnonzero(road_class > _MAIN_ROADS)]
    major = [lines[int(k)] for k in np.flatnonzero(road_class <= _MAIN_ROADS)]
    for course, width, colour in ((minor, 0.25, _MINOR), (major, 0.9, MUTED)):
        if course:
            axes.plot(*_one_path(course).T, linewidth=width, color=colour, zorder=1)
    axes.autoscale_view()
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def _one_path(lines: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Lines as one path with gaps: thousands of paths would make the drawing large."""
    gap = np.full((1, 2), np.nan)
    return np.concatenate([part for line in lines for part in (line, gap)])
