"""The routes of a vehicle-routing plan as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.figure import Figure

from dashboards.map_sheet import check_picture_path, drawing_style
from routing.quantities import NOWHERE

if TYPE_CHECKING:
    from routing.instances import Instance

_COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
"""Okabe & Ito (2008): told apart by colour-blind readers."""

_DASHES: Final = ("-", "--", ":", "-.")
"""In turn with the colours, so that neighbours differ on grey print too."""

_LARGEST_LEGEND: Final = 12
"""Routes named beside the picture; with more nobody finds theirs by it."""


def draw_routes(
    instance: Instance,
    routes: Sequence[Sequence[int]],
    picture: Path | str,
    *,
    title: str,
    labels: tuple[str, str, str],
) -> Path:
    """Draw the used routes as lines between pickups, deliveries and depots; returns the picture's path.

    Parameters
    ----------
    routes
        Visit numbers, one route a vehicle.
    labels
        Words for pickup, delivery and depot.

    Raises
    ------
    MapError
        The picture cannot be written there, or is no PNG.
    OSError
        Writing failed.
    """
    target = check_picture_path(picture)
    problem = instance.problem
    is_geographic = instance.format == "sartori"
    at = instance.coordinates[:, ::-1] if is_geographic else instance.coordinates
    with drawing_style():
        figure = Figure(figsize=(8, 8), layout="constrained")
        axes = figure.add_subplot()
        axes.set_title(title)
        used = [(v, route) for v, route in enumerate(routes) if route]
        for k, (v, route) in enumerate(used):
            way = [problem.start_place[v], *problem.visit_place[list(route)], problem.end_place[v]]
            places = [int(place) for place in way if place != NOWHERE]
            axes.plot(
                at[places, 0],
                at[places, 1],
                color=_COLOURS[k % len(_COLOURS)],
                linestyle=_DASHES[k // len(_COLOURS) % len(_DASHES)],
                linewidth=1.1,
                label=str(k + 1),
            )
        depots = np.unique(problem.start_place)
        marks = ((problem.pickup, "^", 18), (problem.delivery, "v", 18), (depots, "s", 50))
        for (place, marker, size), label in zip(marks, labels, strict=True):
            axes.scatter(
                at[place, 0], at[place, 1], marker=marker, s=size, color="#3c3c3c", zorder=3, label=label
            )
        handles, names = axes.get_legend_handles_labels()
        shown = slice(0 if len(used) <= _LARGEST_LEGEND else len(used), None)
        axes.legend(handles[shown], names[shown], fontsize=8)
        mid = float(np.radians(at[:, 1].mean())) if is_geographic else 0.0
        axes.set_aspect(1.0 / float(np.cos(mid)) if is_geographic else "equal")
        figure.savefig(target, dpi=150, metadata={"Software": None})
    return target
