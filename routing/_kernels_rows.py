"""Kernels that move rows of the tables about, and plan nothing.

Columns are named in `fleet_tables.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from routing._jit import bare_inlined, bare_kernel
from routing.fleet_tables import (
    ASK_CHAIRS,
    ASK_DESTINATION,
    ASK_EARLIEST,
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
    CAPACITY_ROWS,
    CHAIRS,
    COMES,
    DROPOFF,
    DWELL,
    EARLIEST,
    EXPIRES,
    FAR,
    KIND,
    LATEST,
    MAX_RIDE,
    NODE,
    OFFER,
    PICKUP,
    RAISED,
    REQUEST,
    SEATED,
    SEATS,
    SERVICE,
    START,
    STOP_COLUMNS,
    STOPS,
    TO_BASE,
    VEHICLE_COLUMNS,
    WAIT_WEIGHT,
    WHEELCHAIRS,
    wide,
)

if TYPE_CHECKING:
    from routing.fleet_tables import FleetArrays

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


@bare_inlined
def comes_at(ask: Array) -> int:
    """When the asking rider is at her stop; -FAR where she is already."""
    return wide(ask[ASK_EARLIEST]) if ask[ASK_EARLIEST] > ask[ASK_NOW] else wide(-FAR)


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
    stops[v, k, COMES] = comes_at(ask) if is_pickup else -FAR
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
