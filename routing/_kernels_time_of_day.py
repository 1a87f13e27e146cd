"""Kernels of travel times that change over the day: crossing one arc, one-to-all for a departure, driving
along given arcs.

All in whole milliseconds. An arc has one time for each period (its pace), and its speed within a period is 1
/ pace (Ichoua, Gendreau & Potvin 2003): what is left of the arc at a border is driven at the pace of the next
period.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from routing._jit import inlined, kernel
from routing._kernels_shortest_paths import heap_pop, heap_push

if TYPE_CHECKING:
    from routing.time_of_day import PeriodTables

Array = npt.NDArray[Any]


@inlined
def period_and_room(borders_ms: Array, at_ms: int) -> tuple[int, int]:
    """Period of a millisecond on the journal's axis, and the milliseconds left of it; days repeat."""
    day_ms = borders_ms[borders_ms.shape[0] - 1]
    of_day = at_ms % day_ms
    if of_day < 0:
        of_day += day_ms
    period = 0
    while borders_ms[period + 1] <= of_day:
        period += 1
    return period, borders_ms[period + 1] - of_day


@inlined
def arc_crossing(
    borders_ms: Array, weight_ms: Array, arc: int, room_ms: int, period: int, closed: int
) -> int:
    """Milliseconds over an arc that is entered in `period`, `room_ms` before it ends; -1 if the arc is closed
    in every period.

    What is left of the arc is kept as milliseconds at the present pace and carried over a border rounded
    half-up. While the arc is closed nothing is driven.
    """
    count = borders_ms.shape[0] - 1
    left, pace, shut, passed = 1, 1, 0, 0
    while True:
        here = int(weight_ms[period, arc])
        if here < closed:
            left = (left * here + pace // 2) // pace
            pace = here
            if left <= room_ms:
                return passed + left
            left -= room_ms
            shut = 0
        else:
            shut += 1
            if shut == count:
                return -1
        passed += room_ms
        period += 1
        if period == count:
            period = 0
        room_ms = borders_ms[period + 1] - borders_ms[period]


@kernel
def earliest_arrivals(
    roads: PeriodTables,
    source: int,
    depart_ms: int,
    node_bits: int,
    closed: int,
    unreachable: int,
    heap: Array,
    elapsed: Array,
    via: Array,
) -> None:
    """Least time from `source`, left at `depart_ms`, to every node, by Dijkstra over arcs that never let a
    later departure arrive earlier.

    heap: int64 (m + 1,), scratch. elapsed: int64 (n,), milliseconds since the departure, `unreachable` where
    there is no way. via: int32 (n,), the arc by which the node is reached, -1 at the source and where there
    is no way.
    """
    first, head, borders_ms, weight_ms = roads
    elapsed[:] = unreachable
    via[:] = -1
    mask = (1 << node_bits) - 1
    elapsed[source] = 0
    heap[0] = source
    size = 1
    while size > 0:
        key, size = heap_pop(heap, size)
        node = key & mask
        reached = key >> node_bits
        if reached > elapsed[node]:
            continue
        period, room_ms = period_and_room(borders_ms, depart_ms + reached)
        for arc in range(first[node], first[node + 1]):
            crossing = arc_crossing(borders_ms, weight_ms, arc, room_ms, period, closed)
            if crossing < 0:
                continue
            through = reached + crossing
            to = head[arc]
            if through < elapsed[to]:
                elapsed[to] = through
                via[to] = arc
                size = heap_push(heap, size, through << node_bits | to)


@kernel
def time_along(borders_ms: Array, weight_ms: Array, arcs: Array, depart_ms: int, closed: int) -> int:
    """Milliseconds from `depart_ms` to the end of the last of `arcs`, driven one after the other; -1 where
    one is closed in every period."""
    elapsed = 0
    for at in range(arcs.shape[0]):
        period, room_ms = period_and_room(borders_ms, depart_ms + elapsed)
        crossing = arc_crossing(borders_ms, weight_ms, arcs[at], room_ms, period, closed)
        if crossing < 0:
            return -1
        elapsed += crossing
    return elapsed
