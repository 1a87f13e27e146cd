"""Stretches of one road: the arcs along it from one position to another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from routing.arc_lists import ranges
from routing.errors import SnapError
from routing.geometry import Projection
from routing.network import Network

Position = tuple[float, float]
"""Latitude and longitude in degrees; y and x in metres in a planar network."""

_SHORTEST_M: Final = 1.0
"""An arc belongs to a stretch that covers at least this much of it."""

CARRIAGEWAYS_M: Final = 50.0
"""How far apart the carriageways of one road may be."""

_OFFSET_COST: Final = 4.0
"""Metres along the road that a metre away from the point nearest to a position is worth: an end of a stretch
changes the carriageway, but does not slip along the road."""


class OnRoad(NamedTuple):
    """A position on an arc: metres of it passed there, and metres from the point of the road that is nearest
    to the position."""

    arc: int
    passed_m: float
    offset_m: float


class Stretch(NamedTuple):
    """Arcs along a road in driving order, without those barely touched, and the metres between its ends."""

    arcs: list[int]
    length_m: float


def positions_on(
    network: Network, arcs: npt.NDArray[np.int32], at: Position, limit_m: float, road: str
) -> list[OnRoad]:
    """Where a position may lie on a road: on the nearest carriageway, and on those beside it.

    Parameters
    ----------
    arcs
        int32, shape (k,). The arcs of the road.
    road
        What messages call it.

    Raises
    ------
    SnapError
        When the position is farther than `limit_m` from the road, or is no place.
    """
    lat, lon = at
    largest = (np.finfo(np.float64).max,) * 2 if network.is_planar else (90.0, 180.0)
    if not (abs(lat) <= largest[0] and abs(lon) <= largest[1]):
        remedy = "y and x in metres" if network.is_planar else "the latitude first, then the longitude"
        raise SnapError(f"{shown(at)} is no place; give {remedy}")
    start, end, row = _segments(network, arcs, lat, lon)
    along = end - start
    squared = np.maximum((along**2).sum(axis=1), np.finfo(np.float64).tiny)
    share = np.clip(-(start * along).sum(axis=1) / squared, 0.0, 1.0)
    foot = start + share[:, None] * along
    distance = np.hypot(*foot.T)
    nearest = int(distance.argmin())
    if not distance[nearest] <= limit_m:
        raise SnapError(
            f"{shown(at)} is {math.ceil(distance[nearest]):,} m from {road};"
            f" the limit is {limit_m:,g} m: move the position or raise the limit"
        )
    offset = np.hypot(*(foot - foot[nearest]).T)
    length = np.hypot(*along.T)
    drawn = np.bincount(row, length)
    before = np.cumsum(length) - length
    before -= before[np.searchsorted(row, row)]
    found = []
    for piece in _nearest_pieces(row, distance, np.flatnonzero(offset <= CARRIAGEWAYS_M)):
        arc, whole = int(arcs[row[piece]]), float(drawn[row[piece]])
        passed = float(before[piece] + share[piece] * length[piece])
        part = min(passed / whole, 1.0) if whole > 0 else 0.0
        found.append(OnRoad(arc, part * int(network.length_m[arc]), float(offset[piece])))
    return found


def _nearest_pieces(
    row: npt.NDArray[np.intp], distance: npt.NDArray[np.float64], among: npt.NDArray[np.intp]
) -> list[int]:
    """Of the straight pieces `among` those of each arc the nearest, the first of several."""
    order = among[np.lexsort((distance[among], row[among]))]
    _, first = np.unique(row[order], return_index=True)
    pieces: list[int] = order[first].tolist()
    return pieces


def _segments(
    network: Network, arcs: npt.NDArray[np.int32], lat: float, lon: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    """Start and end (x, y) of the straight pieces of arcs, in metres around a place, and the row in `arcs` of
    each."""
    inner = np.diff(network.geometry_first)[arcs]
    points = ranges(network.geometry_first[arcs], inner)
    row = np.repeat(np.arange(len(arcs)), inner + 2)
    is_inner = np.ones(len(row), np.bool_)
    last = np.cumsum(inner + 2) - 1
    first = last - inner - 1
    is_inner[first] = is_inner[last] = False
    columns = []
    for node, between in ((network.lat, network.geometry_lat), (network.lon, network.geometry_lon)):
        values = np.empty(len(row))
        values[first], values[last] = node[network.tail[arcs]], node[network.head[arcs]]
        values[is_inner] = between[points]
        columns.append(values)
    x, y = (columns[1] - lon, columns[0] - lat) if network.is_planar else Projection(lat, lon).to_xy(*columns)
    xy = np.column_stack((x, y))
    is_piece = row[1:] == row[:-1]
    return xy[:-1][is_piece], xy[1:][is_piece], row[1:][is_piece]


def stretch_between(
    network: Network,
    tail: npt.NDArray[np.int32],
    arcs: npt.NDArray[np.int32],
    starts: Sequence[OnRoad],
    ends: Sequence[OnRoad],
) -> Stretch | None:
    """The shortest way along a road from one position to another, driven as it may be driven."""
    cost, via = _along_road(network, tail, arcs, starts)
    ways: list[tuple[float, Stretch]] = []
    for end in ends:
        before = int(tail[end.arc])
        if before in via:
            chain, start = _chain(tail, via, before)
            covered_m = [float(network.length_m[arc]) for arc in chain] + [end.passed_m]
            covered_m[0] -= start.passed_m
            total = cost[before] + end.passed_m + _OFFSET_COST * end.offset_m
            ways.append((total, _trimmed([*chain, end.arc], covered_m)))
        for start in starts:
            if start.arc == end.arc and start.passed_m <= end.passed_m:
                between_m = end.passed_m - start.passed_m
                total = between_m + _OFFSET_COST * (start.offset_m + end.offset_m)
                ways.append((total, _trimmed([end.arc], [between_m])))
    return min(ways, key=lambda way: way[0])[1] if ways else None


def _along_road(
    network: Network,
    tail: npt.NDArray[np.int32],
    arcs: npt.NDArray[np.int32],
    starts: Sequence[OnRoad],
) -> tuple[dict[int, float], dict[int, int | OnRoad]]:
    """Metres along a road to each of its nodes (Dijkstra), and the arc or the start by which it is
    reached."""
    leaving: dict[int, list[int]] = {}
    for arc in arcs.tolist():
        leaving.setdefault(int(tail[arc]), []).append(arc)
    cost: dict[int, float] = {}
    via: dict[int, int | OnRoad] = {}
    queue: list[tuple[float, int]] = []

    def reach(node: int, through: float, by: int | OnRoad) -> None:
        if through < cost.get(node, math.inf):
            cost[node], via[node] = through, by
            heappush(queue, (through, node))

    for start in starts:
        left_m = int(network.length_m[start.arc]) - start.passed_m
        reach(int(network.head[start.arc]), _OFFSET_COST * start.offset_m + left_m, start)
    while queue:
        reached, node = heappop(queue)
        if reached == cost[node]:
            for arc in leaving.get(node, []):
                reach(int(network.head[arc]), reached + int(network.length_m[arc]), arc)
    return cost, via


def _chain(tail: npt.NDArray[np.int32], via: dict[int, int | OnRoad], node: int) -> tuple[list[int], OnRoad]:
    """Arcs from a start to a node in driving order, and the start, which lies on the first of them."""
    arcs: list[int] = []
    by = via[node]
    while not isinstance(by, OnRoad):
        arcs.append(by)
        by = via[int(tail[by])]
    return [by.arc, *reversed(arcs)], by


def _trimmed(arcs: list[int], covered_m: list[float]) -> Stretch:
    """A stretch from the metres it covers of each arc; its ends are left out where they are barely touched,
    and so is a way of nothing."""
    last = len(arcs) - 1
    kept = [
        arc
        for at, (arc, metres) in enumerate(zip(arcs, covered_m, strict=True))
        if metres >= _SHORTEST_M or at not in (0, last)
    ]
    return Stretch(kept, sum(covered_m))


def shown(at: Position) -> str:
    """A position as messages write it."""
    return f"({round(at[0], 6)}, {round(at[1], 6)})"
