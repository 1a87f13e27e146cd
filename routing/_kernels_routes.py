"""Kernels that time one route: where its vehicle can turn, when it does what, which rides are too long.

Columns are named in `fleet_tables.py`. `to_s[d, u]` and `from_s[u, d]` are the same seconds u -> d, row-wise
for a target and for a source. Costs are sixteenths of seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from routing._jit import bare_inlined, bare_kernel
from routing.fleet_tables import (
    ARRIVE,
    BASE,
    BREAK,
    CAPACITY_ROWS,
    CHAIRS,
    CHAIRS_AFTER,
    COMES,
    DEPART,
    DRIVE,
    DROPOFF,
    DWELL,
    EARLIEST,
    EXPIRES,
    FAR,
    GOAL,
    HOME_AT,
    KIND,
    LATEST,
    LEAVE,
    LEG_FROM,
    MAX_RIDE,
    MEMO_AT,
    MEMO_NODE,
    NODE,
    NOWHERE,
    OFFER,
    PICKUP,
    RAISED,
    READY,
    REQUEST,
    SEATED,
    SEATED_AFTER,
    SEATS,
    SERVICE,
    SHIFT_END,
    START,
    STOPS,
    TO_BASE,
    VISIT,
    WAIT_WEIGHT,
    WAITED,
    WHEELCHAIRS,
    Gate,
    Point,
    wide,
)

if TYPE_CHECKING:
    from routing.fleet_tables import FleetArrays
    from routing.travel_times import TravelTables

Array = npt.NDArray[Any]


@bare_inlined
def seconds(travel: TravelTables, u: int, d: int) -> int:
    """Planned seconds u -> d."""
    return wide(travel.to_s[d, u])


@bare_inlined
def seconds_from(travel: TravelTables, u: int, d: int) -> int:
    """The same, looked up in the row of the origin: for many d of one u."""
    return wide(travel.from_s[u, d])


@bare_inlined
def has_left(vehicles: Array, v: int, now: int) -> bool:
    """Whether vehicle v is on its way to its goal at second `now`."""
    return bool(vehicles[v, GOAL] != NOWHERE and vehicles[v, LEAVE] < now)


@bare_kernel
def anchor(fleet: FleetArrays, travel: TravelTables, v: int, as_of: int) -> Point:
    """First node, and second there, at which vehicle v can change its mind at or after `as_of`, on its
    present leg.

    A vehicle that should have reached its goal by then is taken to be there.
    """
    vehicles = fleet.vehicles
    goal = vehicles[v, GOAL]
    leave = wide(vehicles[v, LEAVE])
    leg_from = wide(vehicles[v, LEG_FROM])
    if goal == NOWHERE or as_of <= leave:
        return Point(leg_from, max(wide(vehicles[v, READY]), as_of), FAR)
    node = wide(vehicles[v, MEMO_NODE])
    at = wide(vehicles[v, MEMO_AT])
    if at > as_of or node == leg_from:
        node = leg_from
        at = leave
    while at < as_of and node != goal:
        node = wide(travel.head[travel.first_out[node] + travel.next_arc[goal, node]])
        at = leave + seconds(travel, leg_from, node)
    return Point(node, max(at, as_of), FAR)


@bare_kernel
def remember(fleet: FleetArrays, travel: TravelTables, v: int, now: int) -> None:
    """Move the memo of vehicle v to the last node passed before `now`: the next look-up walks on from
    there."""
    vehicles = fleet.vehicles
    if not has_left(vehicles, v, now):
        return
    goal = vehicles[v, GOAL]
    node = vehicles[v, MEMO_NODE]
    while node != goal:
        further = travel.head[travel.first_out[node] + travel.next_arc[goal, node]]
        at = vehicles[v, LEAVE] + seconds(travel, vehicles[v, LEG_FROM], further)
        if at >= now:
            break
        node = further
        vehicles[v, MEMO_NODE] = node
        vehicles[v, MEMO_AT] = at


@bare_inlined
def fits(capacity: Array, v: int, seated: int, chairs: int) -> bool:
    """Whether a load fits into vehicle v."""
    for row in range(CAPACITY_ROWS):
        if capacity[v, row, 0] * seated + capacity[v, row, 1] * chairs > capacity[v, row, 2]:
            return False
    return True


@bare_inlined
def meet(
    point: Point, node: int, kind: int, earliest: int, comes: int, service: int, drive: int
) -> tuple[int, int, int, int]:
    """(arrive, start, depart, start of the visit) of a stop that is served next after `point`, `drive`
    seconds away.

    Riders at the node where the vehicle is share its visit, if they can be there before it ends: the visit
    lasts as long as the longest of its services, each counted from its start, or from the second at which a
    rider comes. Otherwise the vehicle waits, drives and begins a visit of its own.
    """
    arrive = point.ready + drive
    if node == point.node and point.visit != FAR and kind < BREAK:
        if earliest <= point.ready:
            start = max(point.visit, earliest)
            depart = max(point.ready, max(point.visit, comes) + service)
            return point.visit, start, depart, point.visit
        # It has been here all along: had it come later, the two would have been one visit.
        arrive = point.visit
    start = max(arrive, earliest)
    return arrive, start, start + service, start if kind < BREAK else FAR


@bare_kernel
def forward(
    fleet: FleetArrays, travel: TravelTables, v: int, first: int, point: Point, gate: Gate, is_strict: bool
) -> tuple[bool, int]:
    """Earliest schedule of route v from stop `first` on, left for from `point`.

    With `is_strict` the pass ends at a stop that starts after `LATEST`, at a pickup that does not fit and at
    a late return. Returns (feasible, cost): the cost is the change, in sixteenths, of dwell and of weighted
    starts against the times that stood in the table; times are written as they are found.
    """
    vehicles, stops, capacity = fleet
    seated = wide(vehicles[v, SEATED] if first == 0 else stops[v, first - 1, SEATED_AFTER])
    chairs = wide(vehicles[v, WHEELCHAIRS] if first == 0 else stops[v, first - 1, CHAIRS_AFTER])
    waited = wide(0 if first == 0 else stops[v, first - 1, WAITED])
    cost = 0
    last_node, end = point.node, point.ready
    for k in range(first, vehicles[v, STOPS]):
        if stops[v, k, OFFER] > 0 and stops[v, k, EXPIRES] >= point.ready:
            # The driver may learn of it as late as that, when a visit that ends then is over.
            is_here = stops[v, k, NODE] == point.node and point.visit != FAR
            waited += stops[v, k, EXPIRES] - (point.visit if is_here else point.ready)
            point = Point(point.node, wide(stops[v, k, EXPIRES]), FAR)
        if k == gate.before:
            ready = max(point.ready, gate.opens)
            point = Point(point.node, ready, point.visit if point.ready >= gate.joins_from else FAR)
        kind = stops[v, k, KIND]
        node = wide(stops[v, k, NODE])
        drive = seconds(travel, point.node, node)
        raised = wide(stops[v, k, RAISED])
        arrive, start, depart, visit = meet(
            point,
            node,
            kind,
            max(wide(stops[v, k, EARLIEST]), raised),
            max(wide(stops[v, k, COMES]), raised),
            wide(stops[v, k, SERVICE]),
            drive,
        )
        if is_strict and start > stops[v, k, LATEST]:
            return False, cost
        seated += stops[v, k, SEATS]
        chairs += stops[v, k, CHAIRS]
        if is_strict and kind == PICKUP and not fits(capacity, v, seated, chairs):
            return False, cost
        dwell = depart - (point.ready if visit == point.visit and visit != FAR else start)
        waited += start - arrive
        cost += 16 * (dwell - stops[v, k, DWELL]) + stops[v, k, WAIT_WEIGHT] * (start - stops[v, k, START])
        stops[v, k, ARRIVE] = arrive
        stops[v, k, START] = start
        stops[v, k, DEPART] = depart
        stops[v, k, VISIT] = visit
        stops[v, k, DWELL] = dwell
        stops[v, k, DRIVE] = drive
        stops[v, k, WAITED] = waited
        stops[v, k, SEATED_AFTER] = seated
        stops[v, k, CHAIRS_AFTER] = chairs
        point = Point(node, depart, visit)
        if kind != TO_BASE:
            last_node, end = node, depart
    home = end
    if vehicles[v, BASE] != NOWHERE:
        home += seconds(travel, last_node, vehicles[v, BASE])
    vehicles[v, HOME_AT] = home
    return not (is_strict and home > vehicles[v, SHIFT_END]), cost


@bare_inlined
def pickup_of(stops: Array, v: int, k: int) -> int:
    """Position of the pickup that belongs to the drop-off at position k, or -1 when its rider is on board."""
    for p in range(k):
        if (
            stops[v, p, REQUEST] == stops[v, k, REQUEST]
            and stops[v, p, OFFER] == stops[v, k, OFFER]
            and stops[v, p, KIND] == PICKUP
        ):
            return p
    return -1


@bare_inlined
def shares_visit(stops: Array, v: int, k: int) -> bool:
    """Whether stop k is served in the visit of the stop before it."""
    return (
        k > 0
        and stops[v, k, VISIT] != FAR
        and stops[v, k, VISIT] == stops[v, k - 1, VISIT]
        and stops[v, k, NODE] == stops[v, k - 1, NODE]
    )


@bare_kernel
def visit_end(stops: Array, v: int, p: int, n: int) -> int:
    """Second at which the visit of stop p ends."""
    last = p
    while last + 1 < n and shares_visit(stops, v, last + 1):
        last += 1
    return wide(stops[v, last, DEPART])


@bare_kernel
def raise_pickups(stops: Array, v: int, frozen: int, n: int, is_strict: bool) -> tuple[int, bool]:
    """Raise the start of pickups whose riders would ride too long; returns (first raised position or -1,
    still possible).

    Stops before `frozen` stay as they are: with `is_strict` that makes a ride impossible which needs them
    later.
    """
    lowest = -1
    for k in range(frozen, n):
        if stops[v, k, KIND] != DROPOFF or stops[v, k, MAX_RIDE] == 0:
            continue
        p = pickup_of(stops, v, k)
        if p < 0 or (p < frozen and not is_strict):
            continue
        # The visit of the pickup must not end before this.
        end = wide(stops[v, k, START]) - stops[v, k, MAX_RIDE]
        if visit_end(stops, v, p, n) >= end:
            continue
        raised = end - stops[v, p, SERVICE]
        if p < frozen or raised > stops[v, p, LATEST]:
            return -1, False
        stops[v, p, RAISED] = raised
        if lowest < 0 or p < lowest:
            lowest = p
    return lowest, True


@bare_kernel
def before(stops: Array, v: int, k: int) -> Point:
    """From where stop k is reached in the table: in the stay at its own place, or as if just driven there."""
    node = wide(stops[v, k, NODE])
    if k > 0 and stops[v, k - 1, NODE] == node and stops[v, k - 1, VISIT] != FAR:
        visit = wide(stops[v, k - 1, VISIT])
        if stops[v, k, VISIT] == visit or stops[v, k, ARRIVE] == visit:
            return Point(node, wide(stops[v, k - 1, DEPART]), visit)
    return Point(node, wide(stops[v, k, ARRIVE]), FAR)


@bare_kernel
def schedule(
    fleet: FleetArrays,
    travel: TravelTables,
    v: int,
    first: int,
    point: Point,
    gate: Gate,
    frozen: int,
    is_strict: bool,
) -> tuple[bool, int]:
    """`forward` from stop `first` until every ride limit holds: the least fixed point of the difference
    constraints.

    Returns (feasible, cost) as `forward` does. Later is never sooner in these constraints, so a limit broken
    in one pass stays broken, and each pass settles one more ride at least or there is no fixed point.
    """
    stops = fleet.stops
    n = fleet.vehicles[v, STOPS]
    cost = 0
    for _ in range(2 * n + 1):
        is_feasible, change = forward(fleet, travel, v, first, point, gate, is_strict)
        cost += change
        if not is_feasible:
            return False, cost
        lowest, is_possible = raise_pickups(stops, v, frozen, n, is_strict)
        if not is_possible:
            return False, cost
        if lowest < 0:
            return True, cost
        if lowest < first:
            first, point = lowest, before(stops, v, lowest)
    return False, cost
