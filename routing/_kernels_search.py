"""Kernels of the search over a fleet: which vehicles are worth a look, and in which order.

Columns are named in `fleet_tables.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from routing._jit import bare_kernel
from routing._kernels_bounds import has_chance
from routing._kernels_insertion import evaluate
from routing._kernels_plans import plan
from routing._kernels_routes import anchor, has_left, remember, seconds
from routing._kernels_rows import copy_capacity, copy_stop, copy_vehicle
from routing.fleet_tables import (
    ASK_DESTINATION,
    ASK_EARLIEST,
    ASK_LATEST_DROPOFF,
    ASK_LATEST_PICKUP,
    ASK_NOW,
    ASK_ORIGIN,
    ASK_RIDE_WEIGHT,
    ASK_SERVICE,
    ASK_WAIT_WEIGHT,
    ASK_WISH,
    BEST_COST,
    BUCKETS,
    DUE,
    DWELLING,
    GOAL,
    IN_SERVICE,
    LEG_FROM,
    MAX_STOPS_LIMIT,
    MEMO_AT,
    MEMO_NODE,
    READY,
    REFRESHED_ROW,
    SCRATCH_ROWS,
    STOPS,
    VISIT_START,
    wide,
)

if TYPE_CHECKING:
    from routing.fleet_tables import FleetArrays, SearchArrays
    from routing.travel_times import TravelTables

Array = npt.NDArray[Any]


@bare_kernel
def evaluate_now(fleet: FleetArrays, travel: TravelTables, ask: Array, v: int, best: Array) -> None:
    """`evaluate` route v as it looks now: one that runs late is planned again in a scratch row first."""
    vehicles, stops, capacity = fleet
    row = v
    if vehicles[v, DUE] < ask[ASK_NOW]:
        row = vehicles.shape[0] - REFRESHED_ROW
        copy_vehicle(vehicles, v, row)
        for k in range(vehicles[v, STOPS]):
            copy_stop(stops, v, k, row, k)
        copy_capacity(capacity, v, row)
        plan(fleet, travel, row, ask[ASK_NOW])
    evaluate(fleet, travel, ask, row, v, best)


@bare_kernel
def earliest_arrival(
    fleet: FleetArrays, travel: TravelTables, v: int, o: int, now: int, early: int, last: int
) -> int:
    """No earlier than this can vehicle v begin a visit at o, whatever comes first; more than `last` where it
    cannot by then. Up to `early` any bound will do."""
    vehicles = fleet.vehicles
    node = wide(vehicles[v, LEG_FROM])
    if vehicles[v, DWELLING] != 0:
        return wide(vehicles[v, VISIT_START]) if node == o else now + seconds(travel, node, o)
    if not has_left(vehicles, v, now):
        return max(wide(vehicles[v, READY]), now) + seconds(travel, node, o)
    # Through a node already passed: a lower bound (the second covers rounding of the two halves).
    bound = wide(vehicles[v, MEMO_AT]) + seconds(travel, vehicles[v, MEMO_NODE], o) - 1
    if bound > last or bound <= early:
        return bound
    remember(fleet, travel, v, now)
    if vehicles[v, GOAL] == o:
        # Turning at the next node first could round to a second more.
        return max(wide(vehicles[v, DUE]), now)
    point = anchor(fleet, travel, v, now)
    return point.ready + seconds(travel, point.node, o)


@bare_kernel
def shortlist(fleet: FleetArrays, travel: TravelTables, ask: Array, last: int, desk: SearchArrays) -> int:
    """Vehicles that can reach the pickup by `last`, in buckets of rising earliest arrival; returns how
    many."""
    vehicles = fleet.vehicles
    now = ask[ASK_NOW]
    early = min(ask[ASK_EARLIEST], last)
    span = max(1, last - now + 1)
    count = 0
    desk.bucket[:] = 0
    for v in range(vehicles.shape[0] - SCRATCH_ROWS):
        if vehicles[v, IN_SERVICE] == 0 or vehicles[v, STOPS] > MAX_STOPS_LIMIT - 4:
            continue
        arrival = earliest_arrival(fleet, travel, v, ask[ASK_ORIGIN], now, early, last)
        if arrival > last:
            continue
        desk.candidate[count] = v
        # Before the rider is there, nobody's arrival is worth more: in the order of the tables.
        arrival = max(arrival, early)
        desk.arrival[count] = arrival
        desk.bucket[max(0, arrival - now) * BUCKETS // span] += 1
        count += 1
    total = 0
    for b in range(BUCKETS):
        here = desk.bucket[b]
        desk.bucket[b] = total
        total += here
    for k in range(count):
        b = max(0, desk.arrival[k] - now) * BUCKETS // span
        desk.order[desk.bucket[b]] = k
        desk.bucket[b] += 1
    return count


@bare_kernel
def search(fleet: FleetArrays, travel: TravelTables, ask: Array, desk: SearchArrays, best: Array) -> int:
    """Cheapest insertion over the fleet; returns how many routes were evaluated.

    Vehicles are evaluated in order of the earliest second at which they could be at the pickup, until that
    wait alone costs more than the incumbent.
    """
    direct = seconds(travel, ask[ASK_ORIGIN], ask[ASK_DESTINATION])
    last = min(ask[ASK_LATEST_PICKUP], ask[ASK_LATEST_DROPOFF] - direct - ask[ASK_SERVICE])
    count = shortlist(fleet, travel, ask, last, desk)
    now = ask[ASK_NOW]
    span = max(1, last - now + 1)
    ride = ask[ASK_RIDE_WEIGHT] * direct
    seen = 0
    for m in range(count):
        k = desk.order[m]
        wait = max(desk.arrival[k], ask[ASK_EARLIEST]) - ask[ASK_WISH]
        if ask[ASK_WAIT_WEIGHT] * wait + ride > best[BEST_COST]:
            bucket = (desk.arrival[k] - now) * BUCKETS // span
            floor = now + (bucket * span + BUCKETS - 1) // BUCKETS
            wait = max(floor, ask[ASK_EARLIEST]) - ask[ASK_WISH]
            if bucket > 0 and ask[ASK_WAIT_WEIGHT] * wait + ride > best[BEST_COST]:
                break
            continue
        v = desk.candidate[k]
        if not has_chance(fleet, travel, ask, v, desk.arrival[k], direct, best[BEST_COST] - ride):
            continue
        seen += 1
        evaluate_now(fleet, travel, ask, v, best)
    return seen
