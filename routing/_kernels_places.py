"""Kernels that say before which stops of a route a new one may stand, and from where the vehicle would come.

Columns are named in `fleet_tables.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from routing._jit import bare_inlined, bare_kernel
from routing._kernels_routes import anchor, has_left, seconds, seconds_from
from routing.fleet_tables import (
    ASK_DESTINATION,
    ASK_EARLIEST,
    ASK_GUARD,
    ASK_LATEST_DROPOFF,
    ASK_LATEST_PICKUP,
    ASK_NOW,
    ASK_ORIGIN,
    ASK_REQUEST,
    ASK_SERVICE,
    BASE,
    DEPART,
    DRIVE,
    DROPOFF,
    DUE,
    DWELLING,
    EARLIEST,
    EXPIRES,
    FAR,
    GOAL,
    HOLD_UNTIL,
    KIND,
    LEG_FROM,
    NODE,
    NOWHERE,
    OFFER,
    RAISED,
    READY,
    REQUEST,
    SHIFT_END,
    START,
    STOPS,
    TO_BASE,
    VISIT,
    VISIT_STOPS,
    Point,
    wide,
)

if TYPE_CHECKING:
    from routing.fleet_tables import FleetArrays
    from routing.travel_times import TravelTables

Array = npt.NDArray[Any]


@bare_inlined
def last_place(fleet: FleetArrays, v: int) -> int:
    """The last stop before which a new one may stand: a drive to base stays last."""
    n = wide(fleet.vehicles[v, STOPS])
    if n > 0 and fleet.stops[v, n - 1, KIND] == TO_BASE:
        n -= 1
    return n


@bare_kernel
def first_open_offer(fleet: FleetArrays, ask: Array, v: int) -> int:
    """Position of the first stop held for another request beyond now, FAR without one."""
    vehicles, stops, _ = fleet
    if vehicles[v, HOLD_UNTIL] <= ask[ASK_NOW]:
        return FAR
    for k in range(vehicles[v, STOPS]):
        is_open = stops[v, k, OFFER] > 0 and stops[v, k, EXPIRES] > ask[ASK_NOW]
        if is_open and stops[v, k, REQUEST] != ask[ASK_REQUEST]:
            return k
    return FAR


@bare_kernel
def rests(fleet: FleetArrays, travel: TravelTables, v: int, c: int, n: int, as_of: int, now: int) -> bool:
    """Whether vehicle v stands behind stop c - 1 until `as_of`, whichever open offers are taken and when."""
    vehicles, stops, _ = fleet
    node = vehicles[v, LEG_FROM]
    if c > 0:
        node = stops[v, c - 1, NODE]
    elif vehicles[v, DWELLING] != 0 or has_left(vehicles, v, now):
        return False
    for k in range(c, n):
        is_held = stops[v, k, OFFER] > 0
        # A held drop-off follows its pickup, and only that could set the vehicle off.
        is_behind = is_held and stops[v, k, KIND] == DROPOFF
        if not is_behind and stops[v, k, EARLIEST] - seconds(travel, node, stops[v, k, NODE]) < as_of:
            return False
        if not is_held:
            return True
    return True


@bare_inlined
def departure(
    fleet: FleetArrays, travel: TravelTables, v: int, i: int, n: int, as_of: int, now: int
) -> tuple[Point, bool]:
    """From where route v leaves for a new stop before stop i of which the driver learns at `as_of`, and
    whether that is in time."""
    vehicles, stops, _ = fleet
    if i == 0:
        leg_from = wide(vehicles[v, LEG_FROM])
        if vehicles[v, DWELLING] != 0:
            return Point(leg_from, max(wide(vehicles[v, READY]), as_of), FAR), True
        goal = wide(vehicles[v, GOAL])
        if goal != NOWHERE and as_of > now and as_of > vehicles[v, DUE]:
            # It will have reached its goal: too late to come before it, unless it only goes home.
            return Point(goal, as_of, FAR), n < vehicles[v, STOPS]
        return anchor(fleet, travel, v, as_of), True
    node = wide(stops[v, i - 1, NODE])
    depart = wide(stops[v, i - 1, DEPART])
    if depart >= as_of:
        is_joinable = depart > as_of or as_of == now
        return Point(node, depart, wide(stops[v, i - 1, VISIT]) if is_joinable else FAR), True
    # A raised start may fall again when an offer is not taken: nothing to rely on before the driver knows.
    begin = stops[v, i, START] if as_of == now else stops[v, i, EARLIEST]
    return Point(node, as_of, FAR), i == n or begin - stops[v, i, DRIVE] >= as_of


@bare_kernel
def is_late(travel: TravelTables, ask: Array, node: int, ready: int, latest: int) -> bool:
    """Whether the asked pickup would start after `latest` if the vehicle left `node` for it at `ready`."""
    return max(ready + seconds(travel, node, ask[ASK_ORIGIN]), wide(ask[ASK_EARLIEST])) > latest


@bare_kernel
def may_follow(fleet: FleetArrays, travel: TravelTables, ask: Array, v: int, n: int, as_of: int) -> bool:
    """Whether a trip behind everything else in route v is in time whichever open offers are taken.

    Taken offers let the vehicle come as planned, or sooner. Otherwise it leaves from where it is idle by
    then: from the last firm stop or any held drop-off behind that, or from where it is now.
    """
    vehicles, stops, _ = fleet
    d = ask[ASK_DESTINATION]
    after = seconds(travel, ask[ASK_ORIGIN], d) + ask[ASK_SERVICE]
    latest = min(ask[ASK_LATEST_PICKUP], ask[ASK_LATEST_DROPOFF] - after) - ask[ASK_GUARD]
    end = vehicles[v, SHIFT_END] - ask[ASK_GUARD] - ask[ASK_SERVICE] - after
    if vehicles[v, BASE] != NOWHERE:
        end -= seconds_from(travel, d, vehicles[v, BASE])
    latest = min(latest, end)
    for k in range(n - 1, -1, -1):
        is_firm = stops[v, k, OFFER] == 0
        is_last = is_firm or stops[v, k, KIND] == DROPOFF
        if is_last and stops[v, k, DEPART] < as_of and is_late(travel, ask, stops[v, k, NODE], as_of, latest):
            return False
        if is_firm:
            return True
    point, _ = departure(fleet, travel, v, 0, n, as_of, ask[ASK_NOW])
    return not is_late(travel, ask, point.node, max(point.ready, as_of), latest)


@bare_kernel
def first_place(fleet: FleetArrays, travel: TravelTables, ask: Array, v: int, n: int, as_of: int) -> int:
    """First stop of route v before which a new pickup may stand; n + 1 for none.

    Behind the visit under way; and where other requests hold offers, behind a departure at which everybody's
    answer is known: an offer may be taken at any second until it expires, or never, and must be kept either
    way.
    """
    vehicles, stops, _ = fleet
    begin = wide(vehicles[v, VISIT_STOPS])
    held = first_open_offer(fleet, ask, v)
    if held == FAR:
        return begin
    c = 0
    while c < n and stops[v, c, DEPART] < as_of:
        if stops[v, c, RAISED] > -FAR:
            return n if may_follow(fleet, travel, ask, v, n, as_of) else n + 1
        c += 1
    if rests(fleet, travel, v, c, n, as_of, ask[ASK_NOW]):
        return max(begin, c)
    if c < held and stops[v, c, RAISED] == -FAR:
        return max(begin, c + 1)
    return n if may_follow(fleet, travel, ask, v, n, as_of) else n + 1
