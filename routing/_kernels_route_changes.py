"""Kernels that change a route: stops come and go, the driver is told a leg, visits begin and end.

Every kernel leaves the route planned as of `now`. Columns are named in `fleet_tables.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from routing._jit import bare_inlined, bare_kernel
from routing._kernels_plans import first_firm, plan
from routing._kernels_routes import anchor, has_left, seconds
from routing.fleet_tables import (
    ASK_CHAIRS,
    ASK_DESTINATION,
    ASK_EARLIEST,
    ASK_LATEST_DROPOFF,
    ASK_LATEST_PICKUP,
    ASK_MAX_RIDE,
    ASK_ORIGIN,
    ASK_REQUEST,
    ASK_RIDE_WEIGHT,
    ASK_SEATS,
    ASK_SERVICE,
    ASK_WAIT_WEIGHT,
    BREAK,
    CAPACITY_ROWS,
    CHAIRS,
    DROPOFF,
    DUE,
    DWELL,
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
    MAX_RIDE,
    MEMO_AT,
    MEMO_NODE,
    NOBODY,
    NODE,
    NOWHERE,
    OFFER,
    PICKUP,
    RAISED,
    READY,
    REQUEST,
    RESTING,
    SEATED,
    SEATS,
    SERVICE,
    SERVING,
    SPARE_ROW,
    START,
    STOP_COLUMNS,
    STOPS,
    TO_BASE,
    VEHICLE_COLUMNS,
    VISIT_START,
    VISIT_STOPS,
    WAIT_WEIGHT,
    WHEELCHAIRS,
    wide,
)

if TYPE_CHECKING:
    from routing.fleet_tables import FleetArrays
    from routing.travel_times import TravelTables

Array = npt.NDArray[Any]


@bare_inlined
def copy_stop(stops: Array, a: int, k: int, b: int, m: int) -> None:
    """Stop m of route b := stop k of route a."""
    for column in range(STOP_COLUMNS):
        stops[b, m, column] = stops[a, k, column]


@bare_inlined
def copy_vehicle(vehicles: Array, a: int, b: int) -> None:
    """Row b := row a."""
    for column in range(VEHICLE_COLUMNS):
        vehicles[b, column] = vehicles[a, column]


@bare_inlined
def copy_capacity(capacity: Array, a: int, b: int) -> None:
    """Capacity of row b := that of row a."""
    for row in range(CAPACITY_ROWS):
        for column in range(3):
            capacity[b, row, column] = capacity[a, row, column]


@bare_kernel
def write_stop(stops: Array, v: int, k: int, ask: Array, kind: int, offer: int, expires: int) -> None:
    """Fill row k of route v with one end of the asked trip."""
    is_pickup = kind == PICKUP
    sign = 1 if is_pickup else -1
    wait, ride = ask[ASK_WAIT_WEIGHT], ask[ASK_RIDE_WEIGHT]
    stops[v, k, NODE] = ask[ASK_ORIGIN] if is_pickup else ask[ASK_DESTINATION]
    stops[v, k, KIND] = kind
    stops[v, k, REQUEST] = ask[ASK_REQUEST]
    stops[v, k, OFFER] = offer
    stops[v, k, EARLIEST] = ask[ASK_EARLIEST] if is_pickup else -FAR
    stops[v, k, LATEST] = ask[ASK_LATEST_PICKUP] if is_pickup else ask[ASK_LATEST_DROPOFF]
    stops[v, k, SERVICE] = ask[ASK_SERVICE]
    stops[v, k, SEATS] = sign * ask[ASK_SEATS]
    stops[v, k, CHAIRS] = sign * ask[ASK_CHAIRS]
    stops[v, k, MAX_RIDE] = 0 if is_pickup else ask[ASK_MAX_RIDE]
    stops[v, k, WAIT_WEIGHT] = wait - ride if is_pickup else ride
    stops[v, k, EXPIRES] = expires
    stops[v, k, START] = -FAR
    stops[v, k, DWELL] = 0
    stops[v, k, RAISED] = -FAR


@bare_kernel
def insert_rows(
    fleet: FleetArrays, a: int, b: int, ask: Array, i: int, j: int, offer: int, expires: int
) -> None:
    """Route b := route a with the asked pickup before stop i and drop-off before stop j (a == b allowed)."""
    vehicles, stops, _ = fleet
    n = vehicles[a, STOPS]
    for k in range(n - 1, j - 1, -1):
        copy_stop(stops, a, k, b, k + 2)
    for k in range(j - 1, i - 1, -1):
        copy_stop(stops, a, k, b, k + 1)
    if a != b:
        for k in range(i):
            copy_stop(stops, a, k, b, k)
    write_stop(stops, b, i, ask, PICKUP, offer, expires)
    write_stop(stops, b, j + 1, ask, DROPOFF, offer, expires)
    vehicles[b, STOPS] = n + 2


@bare_kernel
def drop_base_drives(fleet: FleetArrays, v: int) -> None:
    """Take drives to base out of route v: a rider goes first."""
    vehicles, stops, _ = fleet
    m = 0
    for k in range(vehicles[v, STOPS]):
        if stops[v, k, KIND] != TO_BASE:
            if m != k:
                copy_stop(stops, v, k, v, m)
            m += 1
    vehicles[v, STOPS] = m


@bare_kernel
def leave_at(fleet: FleetArrays, travel: TravelTables, v: int, now: int) -> int:
    """Second at which a driver who knows only the firm stops leaves for the first of them: waiting comes
    before driving."""
    vehicles, stops, _ = fleet
    row = v
    if first_firm(fleet, v) > 0:
        row = vehicles.shape[0] - FIRM_ROW
        copy_vehicle(vehicles, v, row)
        m = 0
        for k in range(vehicles[v, STOPS]):
            if stops[v, k, OFFER] == 0:
                copy_stop(stops, v, k, row, m)
                m += 1
        vehicles[row, STOPS] = m
        plan(fleet, travel, row, now)
    drive = seconds(travel, vehicles[v, LEG_FROM], stops[row, 0, NODE])
    return max(wide(vehicles[v, READY]), wide(stops[row, 0, START]) - drive)


@bare_kernel
def steer(fleet: FleetArrays, travel: TravelTables, v: int, now: int) -> None:
    """Plan route v after its firm stops have changed, and tell the driver the leg that follows from them.

    A vehicle on the road keeps its leg while its goal stays; otherwise it turns (or comes to stand) at the
    next node.
    """
    vehicles, stops, _ = fleet
    if vehicles[v, DWELLING] != 0:
        plan(fleet, travel, v, now)
        return
    firm = first_firm(fleet, v)
    goal = stops[v, firm, NODE] if firm < vehicles[v, STOPS] else NOWHERE
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
        leave = leave_at(fleet, travel, v, now)
        vehicles[v, GOAL] = goal
        vehicles[v, LEAVE] = leave
        vehicles[v, DUE] = leave + seconds(travel, vehicles[v, LEG_FROM], goal)
    vehicles[v, MEMO_NODE] = vehicles[v, LEG_FROM]
    vehicles[v, MEMO_AT] = vehicles[v, LEAVE]
    if firm > 0 and goal != NOWHERE:
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
def pop_front(fleet: FleetArrays, v: int, count: int, now: int) -> None:
    """The first `count` stops of route v are done at `now`: loads follow, and who boarded must be there by a
    fixed second."""
    vehicles, stops, _ = fleet
    n = vehicles[v, STOPS]
    for k in range(count):
        vehicles[v, SEATED] += stops[v, k, SEATS]
        vehicles[v, WHEELCHAIRS] += stops[v, k, CHAIRS]
        for p in range(count, n):
            is_mine = (
                stops[v, k, KIND] == PICKUP
                and stops[v, p, KIND] == DROPOFF
                and stops[v, p, REQUEST] == stops[v, k, REQUEST]
                and stops[v, p, OFFER] == 0
            )
            if is_mine and stops[v, p, MAX_RIDE] > 0:
                stops[v, p, LATEST] = min(stops[v, p, LATEST], now + stops[v, p, MAX_RIDE])
                stops[v, p, MAX_RIDE] = 0
    for k in range(count, n):
        copy_stop(stops, v, k, v, k - count)
    vehicles[v, STOPS] = n - count


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
