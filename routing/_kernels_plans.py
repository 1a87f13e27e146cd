"""Kernels that plan a route as of now: all its times, and how much later everything could happen.

Columns are named in `fleet_tables.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from routing._jit import bare_kernel
from routing._kernels_routes import anchor, forward, has_left, schedule, seconds, shares_visit
from routing.fleet_tables import (
    BREAK,
    DEPART,
    DUE,
    DWELLING,
    EXPIRES,
    FAR,
    GOAL,
    HOLD_UNTIL,
    HOME_AT,
    KIND,
    LATEST,
    LEAVE,
    LEG_FROM,
    NODE,
    NOWHERE,
    OFFER,
    RAISED,
    READY,
    RESTING,
    SHIFT_END,
    SLACK,
    START,
    STOPS,
    VISIT_START,
    VISIT_STOPS,
    WAIT_WEIGHT,
    WAITED,
    WEIGHT_FROM,
    Gate,
    Point,
    wide,
)

if TYPE_CHECKING:
    from routing.fleet_tables import FleetArrays
    from routing.travel_times import TravelTables


@bare_kernel
def settle(fleet: FleetArrays, travel: TravelTables, v: int, first: int, point: Point) -> None:
    """Times of route v from stop `first` on. Where not every ride limit can hold, nobody waits for the
    others' sake."""
    never = Gate(-1, 0, 0)
    is_possible, _ = schedule(fleet, travel, v, first, point, never, first, False)
    if not is_possible:
        for k in range(first, fleet.vehicles[v, STOPS]):
            fleet.stops[v, k, RAISED] = -FAR
        forward(fleet, travel, v, first, point, never, False)


@bare_kernel
def summarise(fleet: FleetArrays, v: int) -> None:
    """Slack and weights from the back of route v (Savelsbergh 1992)."""
    vehicles, stops, _ = fleet
    slack = max(0, vehicles[v, SHIFT_END] - vehicles[v, HOME_AT])
    weight = 0
    for k in range(vehicles[v, STOPS] - 1, -1, -1):
        slack = max(0, min(slack, stops[v, k, LATEST] - stops[v, k, START]))
        weight += stops[v, k, WAIT_WEIGHT]
        stops[v, k, SLACK] = slack
        stops[v, k, WEIGHT_FROM] = weight
        slack += stops[v, k, WAITED] - (stops[v, k - 1, WAITED] if k > 0 else 0)


@bare_kernel
def count_visit(fleet: FleetArrays, v: int) -> int:
    """How many leading stops of route v belong to the visit under way."""
    vehicles, stops, _ = fleet
    if vehicles[v, DWELLING] == RESTING:
        return 1
    count = 0
    while (
        count < vehicles[v, STOPS]
        and stops[v, count, OFFER] == 0
        and stops[v, count, NODE] == vehicles[v, LEG_FROM]
        and stops[v, count, KIND] < BREAK
        and (count == 0 or shares_visit(stops, v, count))
    ):
        count += 1
    return count


@bare_kernel
def first_firm(fleet: FleetArrays, v: int) -> int:
    """Position of the first stop the driver knows, or the number of stops."""
    n = wide(fleet.vehicles[v, STOPS])
    for k in range(n):
        if fleet.stops[v, k, OFFER] == 0:
            return k
    return n


@bare_kernel
def plan_visit(fleet: FleetArrays, travel: TravelTables, v: int, now: int) -> None:
    """Times of a vehicle at a stop: the visit under way as it began, the rest from its end, or from `now` if
    that is over."""
    vehicles, stops, _ = fleet
    node = wide(vehicles[v, LEG_FROM])
    arrived = wide(vehicles[v, VISIT_START])
    settle(fleet, travel, v, 0, Point(node, arrived, arrived))
    here = count_visit(fleet, v)
    vehicles[v, VISIT_STOPS] = here
    vehicles[v, DUE] = stops[v, here - 1, DEPART] if here > 0 else arrived
    if vehicles[v, DUE] < now and here < vehicles[v, STOPS]:
        settle(fleet, travel, v, here, Point(node, max(now, arrived), FAR))


@bare_kernel
def plan(fleet: FleetArrays, travel: TravelTables, v: int, now: int) -> None:
    """Times, loads and slacks of route v as of `now`; the leg that the driver was told stays as it is.

    The plan takes it that the driver learns of held stops as late as their offers allow.
    """
    vehicles, stops, _ = fleet
    hold_until = -FAR
    for k in range(vehicles[v, STOPS]):
        stops[v, k, RAISED] = -FAR
        if stops[v, k, OFFER] > 0:
            hold_until = max(hold_until, stops[v, k, EXPIRES])
    vehicles[v, HOLD_UNTIL] = hold_until
    vehicles[v, VISIT_STOPS] = 0
    if vehicles[v, DWELLING] != 0:
        plan_visit(fleet, travel, v, now)
        summarise(fleet, v)
        return
    goal = vehicles[v, GOAL]
    node = wide(vehicles[v, LEG_FROM])
    ready = wide(vehicles[v, READY])
    vehicles[v, DUE] = FAR
    if goal != NOWHERE:
        drive = seconds(travel, node, goal)
        vehicles[v, DUE] = vehicles[v, LEAVE] + drive
        ready = max(ready, wide(vehicles[v, LEAVE]))
        if has_left(vehicles, v, now):
            # Late on the road: it arrives now at the earliest.
            ready = max(ready, now - drive)
    point = Point(node, ready, FAR)
    if vehicles[v, STOPS] > 0 and stops[v, 0, OFFER] > 0:
        point = anchor(fleet, travel, v, max(now, wide(stops[v, 0, EXPIRES])))
    settle(fleet, travel, v, 0, point)
    summarise(fleet, v)
