"""Kernels that improve the routes of a whole fleet: take some riders out, put each back where she fits best.

Ruin and recreate (Schrimpf et al. 2000) with the dispatcher's own insertion search, so that what is found is
exactly what the dispatcher can do. A newcomer, whom nobody serves yet, is one more rider who is out. Works on
a copy of the fleet; columns are named in `fleet_tables.py`. Costs are sixteenths of seconds.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from routing._jit import bare_inlined, bare_kernel
from routing._kernels_plans import plan
from routing._kernels_random import below, unit
from routing._kernels_route_changes import insert, remove
from routing._kernels_routes import anchor, has_left, seconds_from
from routing._kernels_search import search
from routing.fleet_tables import (
    ASK_EARLIEST,
    ASK_ORIGIN,
    ASK_REQUEST,
    BEST_COST,
    BEST_DROPOFF,
    BEST_PICKUP,
    BEST_VEHICLE,
    DRIVE,
    DWELL,
    FAR,
    KIND,
    LEAVE,
    LEG_FROM,
    MEMO_AT,
    MEMO_NODE,
    NOWHERE,
    READY,
    SCRATCH_ROWS,
    START,
    STOP_COLUMNS,
    STOPS,
    TO_BASE,
    VEHICLE_COLUMNS,
    WAIT_WEIGHT,
    wide,
)

if TYPE_CHECKING:
    from routing.fleet_tables import FleetArrays, SearchArrays
    from routing.travel_times import TravelTables

Array = npt.NDArray[Any]

LARGEST_RUIN = 8
"""Riders taken out at once, at most."""

ABSENT = 2**40
"""What it costs to leave the newcomer out: more than any routes."""


class Riders(NamedTuple):
    """Riders who may change their vehicle or their place in a route.

    asks: int64 (m, ASK_SIZE), the query of each. vehicle: int32 (m,), who serves her now; kept up to date.
    newcomer: position of one whom nobody has to serve (vehicle NOWHERE while nobody does), -1 for no such.
    """

    asks: npt.NDArray[np.int64]
    vehicle: npt.NDArray[np.int32]
    newcomer: int


class Memory(NamedTuple):
    """Room for a replanning: vehicle and stop rows as they were before the present step, and the best found.

    touched: int32 (v,), 1 = kept. out, out_from: int32 (LARGEST_RUIN,), riders taken out and their vehicles.
    nearness: float64 (m,). best_vehicle: int32 (m,).
    """

    vehicles: npt.NDArray[np.int32]
    stops: npt.NDArray[np.int32]
    touched: npt.NDArray[np.int32]
    best_vehicles: npt.NDArray[np.int32]
    best_stops: npt.NDArray[np.int32]
    best_vehicle: npt.NDArray[np.int32]
    out: npt.NDArray[np.int32]
    out_from: npt.NDArray[np.int32]
    nearness: npt.NDArray[np.float64]


@bare_inlined
def copy_route(from_vehicles: Array, from_stops: Array, to_vehicles: Array, to_stops: Array, v: int) -> None:
    """Vehicle v with its route from one pair of tables to another."""
    for column in range(VEHICLE_COLUMNS):
        to_vehicles[v, column] = from_vehicles[v, column]
    for k in range(from_vehicles[v, STOPS]):
        for column in range(STOP_COLUMNS):
            to_stops[v, k, column] = from_stops[v, k, column]


@bare_kernel
def route_cost(vehicles: Array, stops: Array, v: int) -> int:
    """What is left to do in route v: driving, dwelling, weighted starts; nothing for a drive to where it
    waits."""
    cost = 0
    for k in range(vehicles[v, STOPS]):
        if stops[v, k, KIND] == TO_BASE:
            continue
        cost += 16 * (wide(stops[v, k, DRIVE]) + stops[v, k, DWELL])
        cost += wide(stops[v, k, WAIT_WEIGHT]) * stops[v, k, START]
    return cost


@bare_kernel
def stand_ready(fleet: FleetArrays, travel: TravelTables, now: int) -> None:
    """Every vehicle on the road starts from the next node it reaches, so that driving counts from there
    whether it turns or not."""
    vehicles = fleet.vehicles
    for v in range(vehicles.shape[0] - SCRATCH_ROWS):
        if has_left(vehicles, v, now):
            turn = anchor(fleet, travel, v, now)
            vehicles[v, LEG_FROM] = turn.node
            vehicles[v, READY] = turn.ready
            vehicles[v, LEAVE] = turn.ready
            vehicles[v, MEMO_NODE] = turn.node
            vehicles[v, MEMO_AT] = turn.ready
            plan(fleet, travel, v, now)


@bare_kernel
def ruin(travel: TravelTables, riders: Riders, memory: Memory, random: Array) -> int:
    """Choose riders to take out, near to each other in place and time, and to a newcomer who is out; returns
    how many."""
    asks = riders.asks
    count = asks.shape[0]
    wanted: int = min(count, 1 + below(random, LARGEST_RUIN))
    seed = below(random, count)
    if riders.newcomer >= 0 and riders.vehicle[riders.newcomer] == NOWHERE:
        seed = riders.newcomer
    origin = asks[seed, ASK_ORIGIN]
    for m in range(count):
        apart = abs(asks[m, ASK_EARLIEST] - asks[seed, ASK_EARLIEST])
        apart += seconds_from(travel, origin, asks[m, ASK_ORIGIN])
        memory.nearness[m] = apart * (0.3 + unit(random))
    memory.nearness[seed] = -1.0
    for n in range(wanted):
        nearest = 0
        for m in range(1, count):
            if memory.nearness[m] < memory.nearness[nearest]:
                nearest = m
        memory.nearness[nearest] = math.inf
        memory.out[n] = nearest
    # The order in which they come back.
    for n in range(wanted - 1, 0, -1):
        other = below(random, n + 1)
        kept = memory.out[n]
        memory.out[n] = memory.out[other]
        memory.out[other] = kept
    return wanted


@bare_kernel
def remember_route(fleet: FleetArrays, memory: Memory, v: int) -> int:
    """Keep route v as it was before this step; returns its cost, 0 if it is kept already."""
    if memory.touched[v] != 0:
        return 0
    memory.touched[v] = 1
    copy_route(fleet.vehicles, fleet.stops, memory.vehicles, memory.stops, v)
    return route_cost(fleet.vehicles, fleet.stops, v)


@bare_kernel
def put_back(
    fleet: FleetArrays,
    travel: TravelTables,
    riders: Riders,
    memory: Memory,
    desk: SearchArrays,
    best: Array,
    wanted: int,
    now: int,
) -> tuple[int, int]:
    """Insert the riders who are out, in their order; returns (how many have a place or need none, cost that
    the routes had which were kept for it, less that of leaving the newcomer out)."""
    before = 0
    for n in range(wanted):
        m = memory.out[n]
        best[BEST_COST] = wide(FAR) * 1024
        best[BEST_VEHICLE] = FAR
        search(fleet, travel, riders.asks[m], desk, best)
        v = best[BEST_VEHICLE]
        if v == FAR and m == riders.newcomer:
            riders.vehicle[m] = NOWHERE
            before -= ABSENT
            continue
        if v == FAR:
            return n, before
        before += remember_route(fleet, memory, v)
        if fleet.vehicles[v, STOPS] + 4 > fleet.stops.shape[1]:
            return n, before
        insert(fleet, travel, v, riders.asks[m], best[BEST_PICKUP], best[BEST_DROPOFF], 0, 0, now)
        riders.vehicle[m] = v
    return wanted, before


@bare_kernel
def step(
    fleet: FleetArrays,
    travel: TravelTables,
    riders: Riders,
    memory: Memory,
    desk: SearchArrays,
    best: Array,
    random: Array,
    warmth: float,
    now: int,
) -> int:
    """Take riders out and put them back; returns the change of cost, FAR when the routes stayed as they
    were."""
    wanted = ruin(travel, riders, memory, random)
    before = 0
    for n in range(wanted):
        m = memory.out[n]
        v = riders.vehicle[m]
        memory.out_from[n] = v
        if v == NOWHERE:
            before += ABSENT
            continue
        before += remember_route(fleet, memory, v)
        remove(fleet, travel, v, riders.asks[m, ASK_REQUEST], 0, now)
    back, kept = put_back(fleet, travel, riders, memory, desk, best, wanted, now)
    before += kept
    after = 0
    if back == wanted:
        for v in range(memory.touched.shape[0]):
            if memory.touched[v] != 0:
                after += route_cost(fleet.vehicles, fleet.stops, v)
    is_taken = back == wanted and after - before < -warmth * math.log(1.0 - unit(random))
    for v in range(memory.touched.shape[0]):
        if memory.touched[v] != 0:
            memory.touched[v] = 0
            if not is_taken:
                copy_route(memory.vehicles, memory.stops, fleet.vehicles, fleet.stops, v)
    if is_taken:
        return after - before
    for n in range(wanted):
        riders.vehicle[memory.out[n]] = memory.out_from[n]
    return wide(FAR)


@bare_kernel
def improve(
    fleet: FleetArrays,
    travel: TravelTables,
    riders: Riders,
    memory: Memory,
    desk: SearchArrays,
    best: Array,
    random: Array,
    iterations: int,
    warmth: float,
    now: int,
) -> int:
    """Anneal the routes, from `warmth` sixteenths down to nothing; returns how much the best saves.

    The best routes end in `memory.best_vehicles`, `best_stops` and `best_vehicle`.
    """
    size = fleet.vehicles.shape[0] - SCRATCH_ROWS
    stand_ready(fleet, travel, now)
    change = 0
    saved = 0
    for v in range(size):
        copy_route(fleet.vehicles, fleet.stops, memory.best_vehicles, memory.best_stops, v)
    for m in range(riders.vehicle.shape[0]):
        memory.best_vehicle[m] = riders.vehicle[m]
    for n in range(iterations):
        step_change = step(
            fleet, travel, riders, memory, desk, best, random, warmth * (iterations - n) / iterations, now
        )
        if step_change == FAR:
            continue
        change += step_change
        if change < saved:
            saved = change
            for v in range(size):
                copy_route(fleet.vehicles, fleet.stops, memory.best_vehicles, memory.best_stops, v)
            for m in range(riders.vehicle.shape[0]):
                memory.best_vehicle[m] = riders.vehicle[m]
    return -saved
