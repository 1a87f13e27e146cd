"""Kernels that tell which riders may still change their vehicle, and who of them does.

Columns are named in `fleet_tables.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from routing._jit import bare_kernel
from routing.fleet_tables import (
    ASK_AS_OF,
    ASK_CHAIRS,
    ASK_DESTINATION,
    ASK_EARLIEST,
    ASK_GUARD,
    ASK_IDLE_WEIGHT,
    ASK_LATEST_DROPOFF,
    ASK_LATEST_PICKUP,
    ASK_MAX_RIDE,
    ASK_NOW,
    ASK_ORIGIN,
    ASK_REQUEST,
    ASK_RIDE_WEIGHT,
    ASK_SEATS,
    ASK_SERVICE,
    ASK_WAIT_WEIGHT,
    ASK_WISH,
    CHAIRS,
    DROPOFF,
    EARLIEST,
    IN_SERVICE,
    KIND,
    LATEST,
    MAX_RIDE,
    NODE,
    OFFER,
    PICKUP,
    REQUEST,
    SCRATCH_ROWS,
    SEATS,
    SERVICE,
    STOPS,
    TO_BASE,
    VISIT_STOPS,
    WAIT_WEIGHT,
)

if TYPE_CHECKING:
    from routing.fleet_tables import FleetArrays

Array = npt.NDArray[Any]


@bare_kernel
def has_offer(stops: Array, v: int, count: int) -> bool:
    """Whether an open offer stands among the first `count` stops of route v."""
    for k in range(count):
        if stops[v, k, OFFER] > 0:
            return True
    return False


@bare_kernel
def is_any_movable(fleet: FleetArrays) -> bool:
    """Whether some firm booking is not at a vehicle's door, in a route without open offers."""
    vehicles, stops, _ = fleet
    for v in range(vehicles.shape[0] - SCRATCH_ROWS):
        count = vehicles[v, STOPS]
        if vehicles[v, IN_SERVICE] == 0 or has_offer(stops, v, count):
            continue
        for k in range(vehicles[v, VISIT_STOPS], count):
            if stops[v, k, KIND] == PICKUP:
                return True
    return False


@bare_kernel
def fill_ask(stops: Array, v: int, up: int, down: int, now: int, ask: Array) -> None:
    """The query of a booking, with the limits that stand in its route."""
    ask[ASK_REQUEST] = stops[v, up, REQUEST]
    ask[ASK_ORIGIN] = stops[v, up, NODE]
    ask[ASK_DESTINATION] = stops[v, down, NODE]
    ask[ASK_EARLIEST] = stops[v, up, EARLIEST]
    ask[ASK_LATEST_PICKUP] = stops[v, up, LATEST]
    ask[ASK_LATEST_DROPOFF] = stops[v, down, LATEST]
    ask[ASK_MAX_RIDE] = stops[v, down, MAX_RIDE]
    ask[ASK_SEATS] = stops[v, up, SEATS]
    ask[ASK_CHAIRS] = stops[v, up, CHAIRS]
    ask[ASK_SERVICE] = stops[v, up, SERVICE]
    ask[ASK_WISH] = stops[v, up, EARLIEST]
    ask[ASK_RIDE_WEIGHT] = stops[v, down, WAIT_WEIGHT]
    ask[ASK_WAIT_WEIGHT] = stops[v, up, WAIT_WEIGHT]
    ask[ASK_WAIT_WEIGHT] += ask[ASK_RIDE_WEIGHT]
    ask[ASK_NOW] = now
    ask[ASK_AS_OF] = now
    ask[ASK_GUARD] = 0
    ask[ASK_IDLE_WEIGHT] = 0


@bare_kernel
def movable_riders(fleet: FleetArrays, now: int, asks: Array, vehicle: Array) -> int:
    """Write the query and the vehicle of each firm booking that is not at a vehicle's door; returns how many.

    A route with an open offer keeps its riders and takes no others: its vehicle leaves the service of these
    tables, which are a copy.
    """
    vehicles, stops, _ = fleet
    found = 0
    for v in range(vehicles.shape[0] - SCRATCH_ROWS):
        count = vehicles[v, STOPS]
        if has_offer(stops, v, count):
            vehicles[v, IN_SERVICE] = 0
        if vehicles[v, IN_SERVICE] == 0:
            continue
        for up in range(vehicles[v, VISIT_STOPS], count):
            if stops[v, up, KIND] != PICKUP:
                continue
            for down in range(up + 1, count):
                if stops[v, down, KIND] == DROPOFF and stops[v, down, REQUEST] == stops[v, up, REQUEST]:
                    fill_ask(stops, v, up, down, now, asks[found])
                    vehicle[found] = v
                    found += 1
                    break
    return found


@bare_kernel
def keeps_order(
    vehicles: Array, stops: Array, former_vehicles: Array, former_stops: Array, v: int, newcomer: int
) -> bool:
    """Whether route v has the stops that it had, in their order, but for those of the newcomer and drives to
    where it waits."""
    k = 0
    for m in range(former_vehicles[v, STOPS]):
        if former_stops[v, m, KIND] == TO_BASE:
            continue
        while k < vehicles[v, STOPS] and (stops[v, k, REQUEST] == newcomer or stops[v, k, KIND] == TO_BASE):
            k += 1
        if (
            k == vehicles[v, STOPS]
            or stops[v, k, REQUEST] != former_stops[v, m, REQUEST]
            or stops[v, k, KIND] != former_stops[v, m, KIND]
        ):
            return False
        k += 1
    for rest in range(k, vehicles[v, STOPS]):
        if stops[v, rest, REQUEST] != newcomer and stops[v, rest, KIND] != TO_BASE:
            return False
    return True
