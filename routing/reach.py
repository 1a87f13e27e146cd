"""Which stretches of road lie within a time of the nearest of some places, cut exactly where the time runs
out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from routing.errors import IsochroneError, SnapError, WeightError
from routing.hierarchy import Hierarchy
from routing.network import Network
from routing.quantities import UNREACHABLE, UNREACHABLE_MS
from routing.shortest_paths import one_to_all
from routing.snapping import DEFAULT_LIMIT_M, Snap, Snapper

_AT_NODE_M: Final = 0.5
"""A place this near to the end of an arc stands at the node itself, and may leave it by every arc."""

_HIERARCHY_FROM: Final = 80
"""Nodes to search from where a hierarchy is quicker: to prepare one takes as long as some 65 searches of
Luxembourg (0.64 s and 10 ms) or 80 of New York (3.3 s and 40 ms). From fewer nodes it is never worth it."""

_AT_ONCE: Final = 32

_TOUCH: Final = 1e-9
"""Stretches of one road that are this near (as a part of the arc) are one."""


class Roads(NamedTuple):
    """Which arcs are the same road, in either direction.

    road: int64 (m,), the arc whose direction measures the road: itself for a one-way road. is_back: bool
    (m,), True where the arc runs against that direction.
    """

    road: npt.NDArray[np.int64]
    is_back: npt.NDArray[np.bool_]


class Stretches(NamedTuple):
    """Stretches of road, shape (k,): those of one road do not overlap, sorted by road and start.

    road: int64, an arc. start, end: float64, parts of its geometry's length, 0 <= start < end <= 1.
    """

    road: npt.NDArray[np.int64]
    start: npt.NDArray[np.float64]
    end: npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Reach:
    """Times between the nodes of a network and the nearest of some places.

    Parameters
    ----------
    origins
        The places, on their roads.
    time_ms
        int64, shape (n,). Milliseconds from the nearest place, or to it; `UNREACHABLE_MS` where there is no
        way.
    is_to
        Whether times lead to the places.
    roads
        Which arcs are one road.
    """

    network: Network
    origins: tuple[Snap, ...]
    time_ms: npt.NDArray[np.int64]
    is_to: bool
    roads: Roads

    def stretches(self, limit_ms: float) -> Stretches:
        """What is reached within `limit_ms`, each two-way road counted once.

        Notes
        -----
        An arc is driven at an even pace. Along a two-way road time may come in from both ends; what they
        reach is joined.
        """
        network = self.network
        far_end = network.head if self.is_to else network.tail
        left_ms = limit_ms - self.time_ms[far_end].astype(np.float64)
        arc = np.flatnonzero(left_ms > 0)
        part = np.minimum(left_ms[arc] / network.travel_ms[arc], 1.0)
        start, end = (1.0 - part, np.ones(len(arc))) if self.is_to else (np.zeros(len(arc)), part)
        around = [self._around(origin, limit_ms) for origin in self.origins]
        arcs = np.concatenate((arc, *(columns[0] for columns in around)))
        starts = np.concatenate((start, *(columns[1] for columns in around)))
        ends = np.concatenate((end, *(columns[2] for columns in around)))
        return _joined(self.roads, arcs, starts, ends)

    def _around(
        self, origin: Snap, limit_ms: float
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """What a place reaches on its own road, in both directions where there are two."""
        arc, fraction = _sides(self.roads, origin)
        part = limit_ms / self.network.travel_ms[arc]
        if self.is_to:
            return arc, np.maximum(fraction - part, 0.0), fraction
        return arc, fraction, np.minimum(fraction + part, 1.0)


def snap_places(
    network: Network, places: Sequence[tuple[float, float]], limit_m: float = DEFAULT_LIMIT_M
) -> tuple[Snap, ...]:
    """Places moved to the nearest road.

    Parameters
    ----------
    places
        (lat, lon) in degrees; in a planar network (y, x) in metres. At least one.

    Raises
    ------
    IsochroneError
        When there is no place.
    SnapError
        When one is no coordinate or farther than `limit_m` from every road; says so where latitude and
        longitude were swapped.
    """
    if not places:
        raise IsochroneError("no place is given; give at least one latitude and longitude")
    snapper = Snapper(network)
    found = []
    for lat, lon in places:
        try:
            found.append(snapper.snap(lat, lon, limit_m))
        except SnapError as error:
            if _is_swapped(network, snapper, lat, lon, limit_m):
                order = "y, then x" if network.is_planar else "the latitude first, then the longitude"
                raise SnapError(
                    f"{lat:.10g},{lon:.10g} is not in {network.title!r}, but {lon:.10g},{lat:.10g} is: the"
                    f" two numbers are swapped; give {order}"
                ) from None
            raise error from None
    return tuple(found)


def find_reach(network: Network, origins: Sequence[Snap], *, is_to: bool = False) -> Reach:
    """Times from the nearest of some places to every node, or from every node to the nearest place."""
    roads = pair_roads(network)
    tail = network.tail
    time_ms = np.full(network.node_count, UNREACHABLE_MS, np.int64)
    seeds = _seeds(network, tail, roads, origins, is_to=is_to)
    for alone, offset_ms in zip(_times(network, list(seeds), is_to=is_to), seeds.values(), strict=True):
        is_reached = alone < UNREACHABLE_MS
        time_ms[is_reached] = np.minimum(time_ms[is_reached], alone[is_reached] + offset_ms)
    return Reach(network, tuple(origins), time_ms, is_to, roads)


def _times(network: Network, nodes: Sequence[int], *, is_to: bool) -> Iterator[npt.NDArray[np.int64]]:
    """Milliseconds between each node and all, by a hierarchy where it pays for its preparation."""
    if len(nodes) >= _HIERARCHY_FROM:
        try:
            metric = Hierarchy.build(network).customise(network.travel_ms)
        except WeightError:
            pass  # ways of 12 days and more: searches compute with 64 bits
        else:
            for begin in range(0, len(nodes), _AT_ONCE):
                some = metric.many_to_all(nodes[begin : begin + _AT_ONCE], is_reverse=is_to)
                yield from np.where(some == UNREACHABLE, UNREACHABLE_MS, some.astype(np.int64))
            return
    for node in nodes:
        yield one_to_all(network, node, is_reverse=is_to)


def pair_roads(network: Network) -> Roads:
    """Which arcs are the same road, in either direction.

    Notes
    -----
    Arcs are, when they join the same two positions with the same way, class, length and course. Positions and
    not nodes, because a junction with forbidden turns may be several nodes, and an arc may leave each of
    them.
    """
    position = positions(network)
    tail, head = position[network.tail], position[network.head]
    is_back = tail > head
    inner = np.diff(network.geometry_first)
    course = np.zeros((4, network.arc_count))
    bent = np.flatnonzero(inner)
    first, last = network.geometry_first[bent], network.geometry_first[bent + 1] - 1
    ends = np.where(is_back[bent], last, first), np.where(is_back[bent], first, last)
    for row, values in enumerate((network.geometry_lat, network.geometry_lon)):
        for column, point in enumerate(ends):
            course[2 * row + column, bent] = values[point]
    keys = (
        *course, inner, network.length_m, network.road_class, network.way_id,
        np.maximum(tail, head), np.minimum(tail, head),
    )  # fmt: skip
    order = np.lexsort((is_back, *keys))
    is_new = np.ones(len(order), np.bool_)
    is_new[1:] = np.any([key[order][1:] != key[order][:-1] for key in keys], axis=0)
    road = np.empty(network.arc_count, np.int64)
    road[order] = order[is_new][np.cumsum(is_new) - 1]
    return Roads(road, is_back != is_back[road])


def positions(network: Network) -> npt.NDArray[np.int64]:
    """int64, shape (n,). The same number for nodes that stand at the same place."""
    order = np.lexsort((network.lon, network.lat))
    is_new = np.zeros(network.node_count, np.bool_)
    is_new[1:] = (np.diff(network.lat[order]) != 0) | (np.diff(network.lon[order]) != 0)
    position = np.empty(network.node_count, np.int64)
    position[order] = np.cumsum(is_new)
    return position


def _seeds(
    network: Network,
    tail: npt.NDArray[np.int32],
    roads: Roads,
    origins: Sequence[Snap],
    *,
    is_to: bool,
) -> dict[int, int]:
    """Milliseconds between the places and the first nodes on the way; of several to one node the least."""
    seeds: dict[int, int] = {}

    def add(node: int, offset_ms: float) -> None:
        seeds[node] = min(int(offset_ms + 0.5), seeds.get(node, UNREACHABLE_MS))

    for origin in origins:
        for arc, fraction in zip(*_sides(roads, origin), strict=True):
            passed, left = fraction * network.length_m[arc], (1.0 - fraction) * network.length_m[arc]
            if passed <= _AT_NODE_M:
                add(int(tail[arc]), 0.0)
            if left <= _AT_NODE_M:
                add(int(network.head[arc]), 0.0)
            part = fraction if is_to else 1.0 - fraction
            add(int(tail[arc] if is_to else network.head[arc]), float(part * network.travel_ms[arc]))
    return seeds


def _sides(roads: Roads, origin: Snap) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The arcs of the road a place lies on and how far along each it is."""
    arc = np.flatnonzero(roads.road == roads.road[origin.arc])
    is_with = roads.is_back[arc] == roads.is_back[origin.arc]
    return arc, np.where(is_with, origin.fraction, 1.0 - origin.fraction)


def _joined(
    roads: Roads, arc: npt.NDArray[np.int64], start: npt.NDArray[np.float64], end: npt.NDArray[np.float64]
) -> Stretches:
    """Stretches of arcs as stretches of roads; those that overlap or touch become one."""
    is_kept = end > start
    arc, start, end = arc[is_kept], start[is_kept], end[is_kept]
    if not len(arc):
        return Stretches(arc, start, end)
    is_back = roads.is_back[arc]
    road = roads.road[arc]
    start, end = np.where(is_back, 1.0 - end, start), np.where(is_back, 1.0 - start, end)
    order = np.lexsort((end, start, road))
    road, start, end = road[order], start[order], end[order]
    shift = 2.0 * (np.cumsum(np.diff(road, prepend=road[0]) != 0))
    covered = np.maximum.accumulate(end + shift) - shift
    is_first = np.ones(len(road), np.bool_)
    is_first[1:] = (road[1:] != road[:-1]) | (start[1:] > covered[:-1] + _TOUCH)
    first = np.flatnonzero(is_first)
    last = np.append(first[1:], len(road)) - 1
    return Stretches(road[first], start[first], np.minimum(covered[last], 1.0))


def _is_swapped(network: Network, snapper: Snapper, lat: float, lon: float, limit_m: float) -> bool:
    """Whether a place outside the network would lie inside with its two numbers exchanged."""

    def is_inside(y: float, x: float) -> bool:
        return bool(
            network.lat.min() <= y <= network.lat.max() and network.lon.min() <= x <= network.lon.max()
        )

    if is_inside(lat, lon):
        return False
    if is_inside(lon, lat):
        return True
    try:
        snapper.snap(lon, lat, limit_m)
    except SnapError:
        return False
    return True
