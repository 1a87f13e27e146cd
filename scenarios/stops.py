"""Stops of a stop-based service: at places and towns, then wherever people would walk too far to one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from routing.geometry import Projection
from routing.proximity import nearest_distance, neighbours_within
from scenarios.sakura_network import OUTSIDE, SakuraCity, load_sakura_city

LONGEST_WALK_M = 300.0
"""Nobody walks farther than this from the door to a stop."""

WALK_DETOUR = 1.25
"""Walking distance over straight line (assumed, as in the shipped scenarios)."""

LEAST_APART_M = 120.0
"""Two stops nearer to each other than this are one."""

SKIPPED_KINDS = ("prison",)

_PARTS_OF_A_RESIDENT = 1_000_000
"""Residents of a node are summed as whole millionths, so that the order of the sum changes nothing."""

Points = npt.NDArray[np.float64]


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


def generate_stops(city: SakuraCity, longest_walk_m: float = LONGEST_WALK_M) -> tuple[Stop, ...]:
    """Stops at places and towns inside the city, then where they bring most people within a short walk.

    Parameters
    ----------
    longest_walk_m
        Afterwards nobody lives farther than this from a stop, on foot.

    Notes
    -----
    Greedy covering of weighted points (Chvatal 1979): each further stop is the home node that brings the most
    residents within reach of a stop for the first time, not nearer than `LEAST_APART_M` to another; ties take
    the lowest node. A home out of reach of all stops may always become one itself, so the covering ends.
    """
    network = city.network
    xy = _plane(city)
    chosen: list[tuple[int, str, str]] = []
    for place in city.places:
        if place.area != OUTSIDE and place.kind not in SKIPPED_KINDS:
            _take(chosen, xy, place.node, place.name, "place")
    for town in city.towns:
        _take(chosen, xy, town.node, town.name, "town")
    count = Counter(name for _, name, _ in chosen)
    for node in _covering(city, xy, [node for node, _, _ in chosen], longest_walk_m / WALK_DETOUR):
        town_name = _town_of(city, node)
        count[town_name] += 1
        chosen.append((node, f"{town_name} {count[town_name]}", "street"))
    return tuple(
        Stop(
            f"S{network.node_id[node]}", name, kind, float(network.lat[node]), float(network.lon[node]), node
        )
        for node, name, kind in chosen
    )


def covered_share(city: SakuraCity, stops: Sequence[Stop], walk_m: float) -> float:
    """Share of the residents who live at most `walk_m` on foot from a stop."""
    xy = _plane(city)
    homes, people = _people(city)
    walk = nearest_distance(xy[homes], xy[[stop.node for stop in stops]]) * WALK_DETOUR
    return float(people[walk <= walk_m].sum() / people.sum())


def _plane(city: SakuraCity) -> Points:
    """Metres east and north, one row a node."""
    network = city.network
    projection = Projection(float(network.lat.mean()), float(network.lon.mean()))
    return np.column_stack(projection.to_xy(network.lat, network.lon))


def _people(city: SakuraCity) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Nodes where people live, rising, and the residents of each in millionths."""
    residents = np.array([town.population for town in city.towns], np.float64)[city.home_town]
    parts = np.round(city.home_weight * residents * _PARTS_OF_A_RESIDENT).astype(np.int64)
    homes, row = np.unique(city.home_nodes, return_inverse=True)
    people = np.zeros(len(homes), np.int64)
    # At least one part each: a home with hardly anybody still gets its stop.
    np.add.at(people, row, np.maximum(parts, 1))
    return homes.astype(np.int64), people


def _take(chosen: list[tuple[int, str, str]], xy: Points, node: int, name: str, kind: str) -> None:
    """Add a stop unless one stands close by."""
    taken = [n for n, _, _ in chosen]
    if not taken or np.hypot(*(xy[taken] - xy[node]).T).min() >= LEAST_APART_M:
        chosen.append((node, name, kind))


def _covering(city: SakuraCity, xy: Points, fixed: list[int], reach_m: float) -> list[int]:
    """Home nodes that, with the fixed stops, leave no home out of reach; in the order they were chosen."""
    homes, people = _people(city)
    at = xy[homes]
    first, near = neighbours_within(at, reach_m)
    apart_m = min(LEAST_APART_M, reach_m)
    first_close, close = neighbours_within(at, apart_m)
    to_fixed = nearest_distance(at, xy[fixed]) if fixed else np.full(len(at), np.inf)
    is_open = to_fixed > reach_m
    row = np.repeat(np.arange(len(at)), np.diff(first))
    gain = np.zeros(len(at), np.int64)
    np.add.at(gain, row, np.where(is_open[near], people[near], 0))
    is_free = to_fixed >= apart_m
    found: list[int] = []
    while is_open.any():
        best = int(np.where(is_free, gain, -1).argmax())
        found.append(int(homes[best]))
        is_free[close[first_close[best] : first_close[best + 1]]] = False
        around = near[first[best] : first[best + 1]]
        for home in around[is_open[around]]:
            gain[near[first[home] : first[home + 1]]] -= people[home]
            is_open[home] = False
    return found


def _town_of(city: SakuraCity, node: int) -> str:
    """The town with the most people at a node."""
    here = np.flatnonzero(city.home_nodes == node)
    residents = [city.home_weight[row] * city.towns[int(city.home_town[row])].population for row in here]
    return city.towns[int(city.home_town[here[int(np.argmax(residents))]])].name
