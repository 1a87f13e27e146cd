"""Kernels that change a route: stops come and go, the driver is told a leg, visits begin and end.

Every kernel leaves the route planned as of `now`. Columns are named in `fleet_tables.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from routing._jit import bare_kernel
from routing._kernels_plans import first_firm, plan
from routing._kernels_routes import anchor, has_left, seconds
from routing._kernels_rows import copy_stop, copy_vehicle, drop_base_drives, insert_rows, pop_front
from routing.fleet_tables import (
    BREAK,
    CLOSED_S,
    COMES,
    DRIVES_FIRST,
    DUE,
    DWELLING,
    EARLIEST,
    EXPIRES,
    FAR,
    FIRM_ROW,
    GOAL,
    IN_SERVICE,
    KIND,
    LATEST,
    LEAVE,
    LEG_FROM,
    MEMO_AT,
    MEMO_NODE,
    NOBODY,
    NODE,
    NOWHERE,
    OFFER,
    PICKUP,
    READY,
    REQUEST,
    RESTING,
    SEATED,
    SERVICE,
    SERVING,
    SPARE_ROW,
    START,
    STOPS,
    TO_BASE,
    TOLD,
    VISIT_START,
    VISIT_STOPS,
    WHEELCHAIRS,
    wide,
)

if TYPE_CHECKING:
    from routing.fleet_tables import FleetArrays
    from routing.travel_times import TravelTables

Array = npt.NDArray[Any]


@bare_kernel
def leave_at(fleet: FleetArrays, travel: TravelTables, v: int, now: int) -> int:
    """Second at which a driver who knows only the firm stops leaves for the first of them: waiting comes
    before driving, and the answer to an offer that comes first before both.

    Who drives first leaves for a pickup at once. Into a closed road nobody drives before it may have opened.
    """
    vehicles, stops, _ = fleet
    row = v
    earliest = wide(vehicles[v, READY])
    if first_firm(fleet, v) > 0:
        row = vehicles.shape[0] - FIRM_ROW
        copy_vehicle(vehicles, v, row)
        m = 0
        for k in range(vehicles[v, STOPS]):
            if stops[v, k, OFFER] == 0:
                copy_stop(stops, v, k, row, m)
                m += 1
            elif m == 0:
                earliest = max(earliest, wide(stops[v, k, EXPIRES]) + 1)
        vehicles[row, STOPS] = m
        plan(fleet, travel, row, now)
    drive = seconds(travel, vehicles[v, LEG_FROM], stops[row, 0, NODE])
    leave = max(earliest, wide(stops[row, 0, START]) - drive)
    if vehicles[v, DRIVES_FIRST] != 0 and drive > 0 and stops[row, 0, KIND] == PICKUP:
        leave = earliest
    return leave + CLOSED_S if drive >= CLOSED_S else leave


@bare_kernel
def steer(fleet: FleetArrays, travel: TravelTables, v: int, now: int) -> None:
    """Plan route v after its firm stops have changed, and tell the driver the leg that follows from them.

    A vehicle on the road keeps its leg while its goal stays; otherwise it turns (or comes to stand) at the
    next node. It does not leave for a new goal while offers planned ahead of it are open.
    """
    vehicles, stops, _ = fleet
    if vehicles[v, DWELLING] != 0:
        plan(fleet, travel, v, now)
        return
    firm = first_firm(fleet, v)
    goal = NOWHERE
    purpose = 0
    if firm < vehicles[v, STOPS]:
        goal = stops[v, firm, NODE]
        purpose = 4 * stops[v, firm, REQUEST] + stops[v, firm, KIND]
    is_same = goal != NOWHERE and goal == vehicles[v, GOAL] and purpose == vehicles[v, TOLD]
    told = vehicles[v, LEAVE] if is_same and firm > 0 else -FAR
    if has_left(vehicles, v, now):
        if goal == vehicles[v, GOAL]:
            plan(fleet, travel, v, now)
            return
        turn = anchor(fleet, travel, v, now)
        vehicles[v, LEG_FROM] = turn.node
        vehicles[v, READY] = turn.ready
    else:
        vehicles[v, READY] = max(vehicles[v, READY], now)
    vehicles[v, GOAL] = NOWHERE
    vehicles[v, LEAVE] = vehicles[v, READY]
    if firm == 0 or goal == NOWHERE:
        plan(fleet, travel, v, now)
    if goal != NOWHERE:
        leave = wide(told) if told > -FAR else leave_at(fleet, travel, v, now)
        vehicles[v, GOAL] = goal
        vehicles[v, LEAVE] = leave
        vehicles[v, TOLD] = purpose
        vehicles[v, DUE] = leave + seconds(travel, vehicles[v, LEG_FROM], goal)
    vehicles[v, MEMO_NODE] = vehicles[v, LEG_FROM]
    vehicles[v, MEMO_AT] = vehicles[v, LEAVE]
    if goal != NOWHERE and (firm > 0 or vehicles[v, DUE] >= vehicles[v, LEAVE] + CLOSED_S):
        plan(fleet, travel, v, now)


@bare_kernel
def insert(
    fleet: FleetArrays,
    travel: TravelTables,
    v: int,
    ask: Array,
    i: int,
    j: int,
    offer: int,
    expires: int,
    now: int,
) -> None:
    """Write an insertion into route v; a firm one is told to the driver, in the place of a drive to base."""
    insert_rows(fleet, v, v, ask, i, j, offer, expires)
    if offer == 0:
        drop_base_drives(fleet, v)
        steer(fleet, travel, v, now)
    else:
        plan(fleet, travel, v, now)


@bare_kernel
def append_single(
    fleet: FleetArrays,
    travel: TravelTables,
    v: int,
    node: int,
    kind: int,
    earliest: int,
    latest: int,
    service: int,
    now: int,
) -> None:
    """Append a stop without riders (a break, a drive to base) to route v."""
    vehicles, stops, _ = fleet
    k = vehicles[v, STOPS]
    stops[v, k, :] = 0
    stops[v, k, NODE] = node
    stops[v, k, KIND] = kind
    stops[v, k, REQUEST] = NOBODY
    stops[v, k, EARLIEST] = earliest
    stops[v, k, COMES] = -FAR
    stops[v, k, LATEST] = latest
    stops[v, k, SERVICE] = service
    vehicles[v, STOPS] = k + 1
    steer(fleet, travel, v, now)


@bare_kernel
def remove(fleet: FleetArrays, travel: TravelTables, v: int, request: int, offer: int, now: int) -> int:
    """Take the stops of one request out of route v: those of one open offer, or the firm ones (offer 0).
    Returns how many went."""
    vehicles, stops, _ = fleet
    n = wide(vehicles[v, STOPS])
    m = 0
    for k in range(n):
        is_gone = (
            stops[v, k, KIND] < BREAK and stops[v, k, REQUEST] == request and stops[v, k, OFFER] == offer
        )
        if not is_gone:
            if m != k:
                copy_stop(stops, v, k, v, m)
            m += 1
    vehicles[v, STOPS] = m
    if offer == 0:
        steer(fleet, travel, v, now)
    else:
        plan(fleet, travel, v, now)
    return n - m


@bare_kernel
def firm_up(fleet: FleetArrays, travel: TravelTables, v: int, request: int, offer: int, now: int) -> None:
    """The held stops of an accepted offer become firm, in the place of a drive to base."""
    vehicles, stops, _ = fleet
    for k in range(vehicles[v, STOPS]):
        if stops[v, k, REQUEST] == request and stops[v, k, OFFER] == offer and stops[v, k, KIND] < BREAK:
            stops[v, k, OFFER] = 0
    drop_base_drives(fleet, v)
    steer(fleet, travel, v, now)


@bare_kernel
def halt(vehicles: Array, v: int, node: int, now: int) -> None:
    """Vehicle v is at a node at `now`, free to leave it, told nothing."""
    vehicles[v, LEG_FROM] = node
    vehicles[v, READY] = now
    vehicles[v, GOAL] = NOWHERE
    vehicles[v, LEAVE] = now
    vehicles[v, MEMO_NODE] = node
    vehicles[v, MEMO_AT] = now


@bare_kernel
def arrive(fleet: FleetArrays, travel: TravelTables, v: int, node: int, now: int) -> None:
    """Vehicle v has stopped at its goal: a visit begins, or a drive to base is over."""
    vehicles, stops, _ = fleet
    halt(vehicles, v, node, now)
    spare = vehicles.shape[0] - SPARE_ROW
    # Held stops ahead of the goal come after it: the driver knew nothing of them and was early.
    firm = first_firm(fleet, v)
    copy_stop(stops, v, firm, spare, 0)
    for k in range(firm, 0, -1):
        copy_stop(stops, v, k - 1, v, k)
    copy_stop(stops, spare, 0, v, 0)
    kind = stops[v, 0, KIND]
    if kind == TO_BASE:
        pop_front(fleet, v, 1, now)
        steer(fleet, travel, v, now)
        return
    vehicles[v, DWELLING] = RESTING if kind == BREAK else SERVING
    vehicles[v, VISIT_START] = now
    plan(fleet, travel, v, now)


@bare_kernel
def depart(fleet: FleetArrays, travel: TravelTables, v: int, now: int) -> None:
    """The visit of vehicle v is over; its stops leave the route."""
    vehicles = fleet.vehicles
    pop_front(fleet, v, vehicles[v, VISIT_STOPS], now)
    vehicles[v, DWELLING] = 0
    vehicles[v, VISIT_START] = 0
    halt(vehicles, v, vehicles[v, LEG_FROM], now)
    steer(fleet, travel, v, now)


@bare_kernel
def stand(fleet: FleetArrays, travel: TravelTables, v: int, node: int, now: int) -> None:
    """Vehicle v stands at a node, on its way nowhere."""
    halt(fleet.vehicles, v, node, now)
    steer(fleet, travel, v, now)


@bare_kernel
def fail(fleet: FleetArrays, travel: TravelTables, v: int, node: int, now: int) -> None:
    """Vehicle v is out of service at a node, empty."""
    vehicles = fleet.vehicles
    for column in (IN_SERVICE, STOPS, SEATED, WHEELCHAIRS, DWELLING, VISIT_START):
        vehicles[v, column] = 0
    halt(vehicles, v, node, now)
    steer(fleet, travel, v, now)


@bare_kernel
def turning_point(fleet: FleetArrays, travel: TravelTables, v: int, goal: int, now: int) -> tuple[int, int]:
    """Where and from when route v starts once its first firm stop is at `goal` (NOWHERE for none)."""
    vehicles = fleet.vehicles
    node = wide(vehicles[v, LEG_FROM])
    if vehicles[v, DWELLING] != 0:
        return node, wide(vehicles[v, READY])
    if has_left(vehicles, v, now):
        if goal == vehicles[v, GOAL]:
            return node, wide(vehicles[v, LEAVE])
        turn = anchor(fleet, travel, v, now)
        return turn.node, turn.ready
    return node, max(wide(vehicles[v, READY]), now)
