"""Kernels that say before which stops of a route a new one may stand, and from where the vehicle would come.

Columns are named in `fleet_tables.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from routing._jit import bare_inlined, bare_kernel
from routing._kernels_routes import anchor, seconds, seconds_from
from routing.fleet_tables import (
    ASK_AS_OF,
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
    LEAVE,
    LEG_FROM,
    NODE,
    NOWHERE,
    OFFER,
    PICKUP,
    READY,
    REQUEST,
    SHIFT_END,
    START,
    STOPS,
    TO_BASE,
    VISIT,
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
def has_open_offers(fleet: FleetArrays, ask: Array, v: int) -> bool:
    """Whether route v holds stops for other requests beyond now: they may be taken at any second until they
    expire, or never."""
    vehicles, stops, _ = fleet
    if vehicles[v, HOLD_UNTIL] <= ask[ASK_NOW]:
        return False
    for k in range(vehicles[v, STOPS]):
        is_open = stops[v, k, OFFER] > 0 and stops[v, k, EXPIRES] > ask[ASK_NOW]
        if is_open and stops[v, k, REQUEST] != ask[ASK_REQUEST]:
            return True
    return False


@bare_kernel
def learns_at(fleet: FleetArrays, ask: Array, v: int) -> int:
    """Second by which the driver of vehicle v knows of the asked trip and of all offers that are open now.

    Other riders may answer throughout the last second of theirs; it must be over.
    """
    open_until = wide(fleet.vehicles[v, HOLD_UNTIL])
    if has_open_offers(fleet, ask, v):
        open_until += 1
    return max(wide(ask[ASK_AS_OF]), open_until)


@bare_kernel
def rests_until(fleet: FleetArrays, v: int, as_of: int) -> bool:
    """Whether vehicle v stays where it is until `as_of` while nothing else is told."""
    vehicles = fleet.vehicles
    stays = vehicles[v, GOAL] == NOWHERE or vehicles[v, LEAVE] >= as_of
    return bool(vehicles[v, DWELLING] != 0 or stays)


@bare_kernel
def keeps_offers(fleet: FleetArrays, travel: TravelTables, ask: Array, v: int, i: int, as_of: int) -> bool:
    """Whether a new pickup before stop i is as early as planned, and leaves all open offers as they are,
    whichever of them are taken, and when.

    A driver never leaves for a firm stop while offers ahead of it are open (`steer`), so that only two things
    could go wrong: the new stop is reached from elsewhere because a held stop right before it is not taken,
    and a vehicle is turned twice on one leg.
    """
    vehicles, stops, _ = fleet
    k = i - 1
    while k >= 0 and stops[v, k, OFFER] > 0:
        k -= 1
    if k >= 0:
        if stops[v, k, DEPART] >= as_of:
            return True
        node = wide(stops[v, k, NODE])
    else:
        if not rests_until(fleet, v, as_of):
            return bool(i == 0 and stops[v, 0, OFFER] == 0)
        node = wide(vehicles[v, LEG_FROM])
    for m in range(k + 1, i):
        is_theirs = stops[v, m, KIND] == PICKUP and stops[v, m, REQUEST] != ask[ASK_REQUEST]
        if is_theirs and stops[v, m, EARLIEST] - seconds(travel, node, stops[v, m, NODE]) < as_of:
            return False
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
    if not rests_until(fleet, v, as_of):
        return False
    point, _ = departure(fleet, travel, v, 0, n, as_of, ask[ASK_NOW])
    return not is_late(travel, ask, point.node, max(point.ready, as_of), latest)
