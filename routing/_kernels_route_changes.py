"""Kernels that change a route: insert, remove, arrive, depart. Each leaves it timed."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from routing._jit import kernel
from routing._kernels_routes import anchor, first_firm, retime
from routing.fleet_tables import (
    ASK_CHAIRS,
    ASK_DESTINATION,
    ASK_EARLIEST,
    ASK_LATEST_DROPOFF,
    ASK_LATEST_PICKUP,
    ASK_MAX_RIDE,
    ASK_ORIGIN,
    ASK_RIDE_WEIGHT,
    ASK_SEATS,
    ASK_SERVICE,
    ASK_WAIT_WEIGHT,
    BREAK,
    CHAIRS,
    DROPOFF,
    DWELL,
    DWELLING,
    EARLIEST,
    EXPIRES,
    FAR,
    GOAL,
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
    RESTING,
    SEATED,
    SEATS,
    SERVICE,
    SERVING,
    START,
    STOP_COLUMNS,
    STOPS,
    TO_BASE,
    VISIT_START,
    VISIT_STOPS,
    WAIT_WEIGHT,
    WHEELCHAIRS,
)

Array = npt.NDArray[Any]


@kernel
def write_stop(
    stops: Array, v: int, k: int, ask: Array, kind: int, request: int, offer: int, expires: int
) -> None:
    """Fill row k of route v with one end of the asked trip."""
    is_pickup = kind == PICKUP
    sign = 1 if is_pickup else -1
    stops[v, k, NODE] = ask[ASK_ORIGIN] if is_pickup else ask[ASK_DESTINATION]
    stops[v, k, KIND] = kind
    stops[v, k, REQUEST] = request
    stops[v, k, OFFER] = offer
    stops[v, k, EARLIEST] = ask[ASK_EARLIEST] if is_pickup else -FAR
    stops[v, k, LATEST] = ask[ASK_LATEST_PICKUP] if is_pickup else ask[ASK_LATEST_DROPOFF]
    stops[v, k, SERVICE] = ask[ASK_SERVICE]
    stops[v, k, SEATS] = sign * ask[ASK_SEATS]
    stops[v, k, CHAIRS] = sign * ask[ASK_CHAIRS]
    stops[v, k, MAX_RIDE] = 0 if is_pickup else ask[ASK_MAX_RIDE]
    stops[v, k, WAIT_WEIGHT] = (
        ask[ASK_WAIT_WEIGHT] - ask[ASK_RIDE_WEIGHT] if is_pickup else ask[ASK_RIDE_WEIGHT]
    )
    stops[v, k, START] = -FAR
    stops[v, k, DWELL] = 0
    stops[v, k, RAISED] = -FAR
    stops[v, k, EXPIRES] = expires


@kernel
def insert_rows(
    vehicles: Array,
    stops: Array,
    a: int,
    b: int,
    ask: Array,
    before: tuple[int, int],
    request: int,
    offer: int,
    expires: int,
) -> None:
    """Route b := route a with the asked pickup before stop i and drop-off before stop j (a == b allowed)."""
    i, j = before
    n = vehicles[a, STOPS]
    for k in range(n - 1, j - 1, -1):
        for c in range(STOP_COLUMNS):
            stops[b, k + 2, c] = stops[a, k, c]
    for k in range(j - 1, i - 1, -1):
        for c in range(STOP_COLUMNS):
            stops[b, k + 1, c] = stops[a, k, c]
    if a != b:
        for k in range(i):
            for c in range(STOP_COLUMNS):
                stops[b, k, c] = stops[a, k, c]
    write_stop(stops, b, i, ask, PICKUP, request, offer, expires)
    write_stop(stops, b, j + 1, ask, DROPOFF, request, offer, expires)
    vehicles[b, STOPS] = n + 2


@kernel
def insert(
    vehicles: Array,
    stops: Array,
    capacity: Array,
    to_s: Array,
    next_arc: Array,
    first_out: Array,
    head: Array,
    v: int,
    ask: Array,
    i: int,
    j: int,
    request: int,
    offer: int,
    expires: int,
    now: int,
) -> None:
    """Write an insertion into route v and retime it; a firm one takes the place of a drive to base."""
    insert_rows(vehicles, stops, v, v, ask, (i, j), request, offer, expires)
    if offer == 0:
        drop_base_drives(vehicles, stops, v)
    retime(vehicles, stops, capacity, to_s, next_arc, first_out, head, v, now)


@kernel
def append_single(
    vehicles: Array,
    stops: Array,
    capacity: Array,
    to_s: Array,
    next_arc: Array,
    first_out: Array,
    head: Array,
    v: int,
    node: int,
    kind: int,
    earliest: int,
    latest: int,
    service: int,
    now: int,
) -> None:
    """Append a stop without riders (a break, a drive to base) to route v and retime it."""
    k = vehicles[v, STOPS]
    for c in range(STOP_COLUMNS):
        stops[v, k, c] = 0
    stops[v, k, NODE] = node
    stops[v, k, KIND] = kind
    stops[v, k, REQUEST] = -1
    stops[v, k, EARLIEST] = earliest
    stops[v, k, LATEST] = latest
    stops[v, k, SERVICE] = service
    vehicles[v, STOPS] = k + 1
    retime(vehicles, stops, capacity, to_s, next_arc, first_out, head, v, now)


@kernel
def remove(vehicles: Array, stops: Array, v: int, request: int, offer: int) -> int:
    """Take the stops of one request out of route v: those of one open offer, or the firm ones (offer 0).
    Returns how many went."""
    n = vehicles[v, STOPS]
    m = 0
    for k in range(n):
        if stops[v, k, KIND] < BREAK and stops[v, k, REQUEST] == request and stops[v, k, OFFER] == offer:
            continue
        if m != k:
            for c in range(STOP_COLUMNS):
                stops[v, m, c] = stops[v, k, c]
        m += 1
    vehicles[v, STOPS] = m
    return int(n - m)


@kernel
def drop_base_drives(vehicles: Array, stops: Array, v: int) -> None:
    """Take drives to base out of route v: a rider goes first."""
    m = 0
    for k in range(vehicles[v, STOPS]):
        if stops[v, k, KIND] == TO_BASE:
            continue
        if m != k:
            for c in range(STOP_COLUMNS):
                stops[v, m, c] = stops[v, k, c]
        m += 1
    vehicles[v, STOPS] = m


@kernel
def firm_up(vehicles: Array, stops: Array, v: int, request: int, offer: int) -> None:
    """The stops of an accepted offer become firm."""
    for k in range(vehicles[v, STOPS]):
        if stops[v, k, REQUEST] == request and stops[v, k, OFFER] == offer and stops[v, k, KIND] < BREAK:
            stops[v, k, OFFER] = 0


@kernel
def pop_front(vehicles: Array, stops: Array, v: int, count: int, now: int) -> None:
    """The first `count` stops of route v are done at `now`: loads follow, and who boarded has an absolute
    deadline from here on."""
    n = vehicles[v, STOPS]
    for k in range(count):
        vehicles[v, SEATED] += stops[v, k, SEATS]
        vehicles[v, WHEELCHAIRS] += stops[v, k, CHAIRS]
        if stops[v, k, KIND] != PICKUP:
            continue
        for p in range(count, n):
            if (
                stops[v, p, KIND] == DROPOFF
                and stops[v, p, REQUEST] == stops[v, k, REQUEST]
                and stops[v, p, OFFER] == 0
                and stops[v, p, MAX_RIDE] > 0
            ):
                stops[v, p, LATEST] = min(stops[v, p, LATEST], now + stops[v, p, MAX_RIDE])
                stops[v, p, MAX_RIDE] = 0
    for k in range(count, n):
        for c in range(STOP_COLUMNS):
            stops[v, k - count, c] = stops[v, k, c]
    vehicles[v, STOPS] = n - count


@kernel
def arrive(
    vehicles: Array,
    stops: Array,
    capacity: Array,
    to_s: Array,
    next_arc: Array,
    first_out: Array,
    head: Array,
    v: int,
    node: int,
    now: int,
) -> None:
    """Vehicle v has stopped at its goal: a visit begins, or a drive to base is over."""
    n = vehicles[v, STOPS]
    firm = first_firm(vehicles, stops, v)
    vehicles[v, LEG_FROM] = node
    vehicles[v, READY] = now
    vehicles[v, GOAL] = NOWHERE
    vehicles[v, LEAVE] = now
    vehicles[v, MEMO_NODE] = node
    vehicles[v, MEMO_AT] = now
    # Held stops ahead of the goal come after it: the driver knew nothing of them and was early.
    row = vehicles.shape[0] - 1
    for _ in range(firm):
        for c in range(STOP_COLUMNS):
            stops[row, 0, c] = stops[v, 0, c]
        for k in range(1, n):
            if k <= firm:
                for c in range(STOP_COLUMNS):
                    stops[v, k - 1, c] = stops[v, k, c]
        for c in range(STOP_COLUMNS):
            stops[v, firm, c] = stops[row, 0, c]
    if n > 0 and stops[v, 0, KIND] == TO_BASE:
        pop_front(vehicles, stops, v, 1, now)
    else:
        vehicles[v, DWELLING] = RESTING if n > 0 and stops[v, 0, KIND] == BREAK else SERVING
        vehicles[v, VISIT_START] = now
    retime(vehicles, stops, capacity, to_s, next_arc, first_out, head, v, now)


@kernel
def depart(
    vehicles: Array,
    stops: Array,
    capacity: Array,
    to_s: Array,
    next_arc: Array,
    first_out: Array,
    head: Array,
    v: int,
    now: int,
) -> None:
    """The visit of vehicle v is over."""
    pop_front(vehicles, stops, v, vehicles[v, VISIT_STOPS], now)
    vehicles[v, DWELLING] = 0
    vehicles[v, VISIT_STOPS] = 0
    vehicles[v, READY] = now
    vehicles[v, LEAVE] = now
    retime(vehicles, stops, capacity, to_s, next_arc, first_out, head, v, now)


@kernel
def stand(
    vehicles: Array,
    stops: Array,
    capacity: Array,
    to_s: Array,
    next_arc: Array,
    first_out: Array,
    head: Array,
    v: int,
    node: int,
    now: int,
) -> None:
    """Vehicle v stands at a node, on its way nowhere."""
    vehicles[v, LEG_FROM] = node
    vehicles[v, READY] = now
    vehicles[v, GOAL] = NOWHERE
    vehicles[v, LEAVE] = now
    vehicles[v, MEMO_NODE] = node
    vehicles[v, MEMO_AT] = now
    retime(vehicles, stops, capacity, to_s, next_arc, first_out, head, v, now)


@kernel
def turning_point(
    vehicles: Array, to_s: Array, next_arc: Array, first_out: Array, head: Array, v: int, goal: int, now: int
) -> tuple[int, int]:
    """Where and from when route v starts once its first firm stop is at `goal` (NOWHERE for none)."""
    if vehicles[v, DWELLING] != 0:
        return vehicles[v, LEG_FROM], vehicles[v, READY]
    if vehicles[v, GOAL] != NOWHERE and vehicles[v, LEAVE] < now:
        if goal == vehicles[v, GOAL]:
            return vehicles[v, LEG_FROM], vehicles[v, LEAVE]
        return anchor(vehicles, to_s, next_arc, first_out, head, v, now)
    return vehicles[v, LEG_FROM], max(vehicles[v, READY], now)
