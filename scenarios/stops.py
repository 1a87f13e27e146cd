"""Stops of a stop-based service: at towns and places, then wherever people live too far from a stop."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from routing.geometry import Projection
from routing.proximity import nearest_distance
from scenarios.sakura_network import OUTSIDE, SakuraCity, load_sakura_city

SPACING_M = 300.0
"""Along the settled streets the next stop lies at most this far away."""

LEAST_APART_M = 120.0
"""Two stops nearer to each other than this are one."""

SKIPPED_KINDS = ("prison",)


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop at a node; `kind` says why it is there: a place, a town, or a street."""

    stop_id: str
    name: str
    kind: str
    lat: float
    lon: float
    node: int


@cache
def sakura_stops() -> tuple[Stop, ...]:
    """The generated stops of the embedded city."""
    return generate_stops(load_sakura_city())


def generate_stops(city: SakuraCity, spacing_m: float = SPACING_M) -> tuple[Stop, ...]:
    """Stops at places and towns inside the city, then by farthest-point insertion over the nodes where people
    live.

    Parameters
    ----------
    spacing_m
        Afterwards no home node lies farther than this from a stop, in a straight line.

    Notes
    -----
    Farthest-point insertion is the 2-approximation of the k-centre problem (Gonzalez 1985). Ties take the
    lowest node.
    """
    network = city.network
    projection = Projection(float(network.lat.mean()), float(network.lon.mean()))
    xy = np.column_stack(projection.to_xy(network.lat, network.lon))
    chosen: list[tuple[int, str, str]] = []
    for place in city.places:
        if place.area != OUTSIDE and place.kind not in SKIPPED_KINDS:
            _take(chosen, xy, place.node, place.name, "place")
    for town in city.towns:
        _take(chosen, xy, town.node, town.name, "town")
    homes = np.unique(city.home_nodes)
    distance = nearest_distance(xy[homes], xy[[node for node, _, _ in chosen]])
    while len(homes) and distance.max() > spacing_m:
        node = int(homes[int(distance.argmax())])
        chosen.append((node, _street_name(city, node), "street"))
        distance = np.minimum(distance, np.hypot(*(xy[homes] - xy[node]).T))
    return tuple(
        Stop(
            f"S{network.node_id[node]}", name, kind, float(network.lat[node]), float(network.lon[node]), node
        )
        for node, name, kind in chosen
    )


def _take(
    chosen: list[tuple[int, str, str]], xy: npt.NDArray[np.float64], node: int, name: str, kind: str
) -> None:
    """Add a stop unless one stands close by."""
    taken = [n for n, _, _ in chosen]
    if not taken or np.hypot(*(xy[taken] - xy[node]).T).min() >= LEAST_APART_M:
        chosen.append((node, name, kind))


def _street_name(city: SakuraCity, node: int) -> str:
    """Named after the town most of whose people live there."""
    here = np.flatnonzero(city.home_nodes == node)
    best = here[int(city.home_weight[here].argmax())]
    return f"{city.towns[int(city.home_town[best])].name} {node}"
