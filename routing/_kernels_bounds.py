"""Kernels that rule places of a route out by a few look-ups, before anything is scheduled.

Columns are named in `fleet_tables.py`. What they rule out is infeasible, or costs more than the incumbent;
the rest is left to `_kernels_insertion.py`, whose remark on rounding holds here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy.typing as npt

from routing._jit import bare_inlined
from routing._kernels_places import last_place
from routing._kernels_routes import has_left, seconds, seconds_from
from routing._kernels_rows import comes_at
from routing.fleet_tables import (
    ASK_EARLIEST,
    ASK_LATEST_PICKUP,
    ASK_NOW,
    ASK_ORIGIN,
    ASK_SERVICE,
    ASK_WAIT_WEIGHT,
    ASK_WISH,
    DEPART,
    DRIVE,
    DUE,
    DWELLING,
    GOAL,
    LEG_FROM,
    MEMO_NODE,
    NODE,
    NOWHERE,
    OFFER,
    SERVICE,
    SLACK,
    START,
    VISIT_STOPS,
    Point,
    wide,
)

if TYPE_CHECKING:
    from routing.fleet_tables import FleetArrays
    from routing.travel_times import TravelTables

Array = npt.NDArray[Any]

_ROUNDING_S: Final = 2
"""By so much may rounding make a detour from further along a leg shorter than seen from its beginning."""


@bare_inlined
def is_too_early(stops: Array, v: int, k: int, o: int, leave: int) -> bool:
    """Whether stop k comes too late if the vehicle is at `o` until `leave` before it, wherever `o` is."""
    slack = stops[v, k, SLACK]
    return bool(
        leave > wide(stops[v, k, START]) + slack
        and leave + stops[v, k, SERVICE] > wide(stops[v, k, DEPART]) + slack
        and stops[v, k, NODE] != o
    )


@bare_inlined
def detour_onward(stops: Array, travel: TravelTables, v: int, k: int, point: Point, o: int) -> int:
    """Seconds of driving from `o` to stop k, less those from where the vehicle comes now."""
    x = wide(stops[v, k, NODE])
    return seconds_from(travel, o, x) - (stops[v, k, DRIVE] if k > 0 else seconds(travel, point.node, x))


@bare_inlined
def detour_now(
    fleet: FleetArrays, travel: TravelTables, v: int, o: int, n: int, direct: int, service: int, now: int
) -> int:
    """Seconds of driving and service that a pickup at o before everything else in route v adds at least.

    A vehicle on the road turns at a node p of its way to stop x. Seen from a node m passed before, p -> o is
    m -> o without m -> p at least, and p -> x is m -> x without it.
    """
    vehicles, stops, _ = fleet
    goal = vehicles[v, GOAL]
    node = wide(vehicles[v, LEG_FROM])
    if n == 0:
        return service + direct + (seconds(travel, node, o) if goal == NOWHERE else 0)
    x = wide(stops[v, 0, NODE])
    if stops[v, 0, OFFER] > 0 or goal != x:
        return -_ROUNDING_S
    if has_left(vehicles, v, now):
        node = wide(vehicles[v, MEMO_NODE])
    longer = seconds(travel, node, o) + seconds_from(travel, o, x) - seconds(travel, node, x) - _ROUNDING_S
    return longer if x == o else longer + service


@bare_inlined
def has_chance(
    fleet: FleetArrays, travel: TravelTables, ask: Array, v: int, arrival: int, direct: int, most: int
) -> bool:
    """Whether some place in route v may be feasible for a pickup and cost `most` or less, ride included.

    Parameters
    ----------
    arrival
        Second before which the vehicle cannot begin a visit at the origin.
    direct
        Seconds from origin to destination.
    most
        Sixteenths, without what the ride costs.
    """
    vehicles, stops, _ = fleet
    if vehicles[v, DUE] < ask[ASK_NOW]:
        return True
    o = ask[ASK_ORIGIN]
    early = ask[ASK_EARLIEST]
    latest = ask[ASK_LATEST_PICKUP]
    wait = ask[ASK_WAIT_WEIGHT]
    service = ask[ASK_SERVICE]
    comes = comes_at(ask) + service
    n = last_place(fleet, v)
    i = wide(vehicles[v, VISIT_STOPS])
    while i < n and is_too_early(stops, v, i, o, comes):
        i += 1
    if i == 0:
        if vehicles[v, DWELLING] != 0:
            return True
        cost = wait * (max(arrival, early) - ask[ASK_WISH])
        if cost + 16 * detour_now(fleet, travel, v, o, n, direct, service, ask[ASK_NOW]) <= most:
            return True
        i = 1
    while i <= n:
        p = wide(stops[v, i - 1, NODE])
        if p == o:
            return True
        ready = wide(stops[v, i - 1, DEPART])
        if ready > latest:
            return False
        reach = seconds(travel, p, o)
        start = max(ready + reach, early)
        if start <= latest:
            onward = direct
            is_late = False
            if i < n:
                x = wide(stops[v, i, NODE])
                if x == o:
                    return True
                away = seconds_from(travel, o, x)
                onward = away - stops[v, i, DRIVE]
                is_late = is_too_early(stops, v, i, o, start + service + away)
            if not is_late and wait * (start - ask[ASK_WISH]) + 16 * (reach + onward + service) <= most:
                return True
        i += 1
    return False
