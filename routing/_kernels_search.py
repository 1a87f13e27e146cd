"""Kernels that look for the cheapest place of a new trip over a whole fleet, nearest vehicles first."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from routing._jit import kernel
from routing._kernels_insertion import evaluate, seconds
from routing._kernels_routes import anchor, remember
from routing.fleet_tables import (
    ASK_DESTINATION,
    ASK_EARLIEST,
    ASK_LATEST_DROPOFF,
    ASK_LATEST_PICKUP,
    ASK_NOW,
    ASK_ORIGIN,
    ASK_SERVICE,
    ASK_WAIT_WEIGHT,
    ASK_WISH,
    BEST_COST,
    DWELLING,
    IN_SERVICE,
    LEAVE,
    LEG_FROM,
    MEMO_AT,
    MEMO_NODE,
    READY,
    SCRATCH_SLOTS,
    STOPS,
)

Array = npt.NDArray[Any]

BUCKETS = 128


@kernel
def candidates(
    vehicles: Array,
    room: int,
    to_s: Array,
    next_arc: Array,
    first_out: Array,
    head: Array,
    ask: Array,
    skip: Array,
    last: int,
    candidate: Array,
    arrival: Array,
    order: Array,
    bucket: Array,
) -> int:
    """Vehicles that can reach the pickup in time, sorted by bucket of earliest arrival; returns how many."""
    o = ask[ASK_ORIGIN]
    now = ask[ASK_NOW]
    span = last - now + 1
    to_o = to_s[o]
    bucket[:] = 0
    count = 0
    for v in range(vehicles.shape[0] - SCRATCH_SLOTS):
        if vehicles[v, IN_SERVICE] == 0 or vehicles[v, STOPS] > room or is_in(skip, v):
            continue
        is_dwelling = vehicles[v, DWELLING] != 0
        if is_dwelling:
            node = vehicles[v, LEG_FROM]
            at = now
        else:
            node = vehicles[v, MEMO_NODE]
            at = vehicles[v, MEMO_AT]
            if vehicles[v, LEAVE] >= now:
                # It has not left: it may go elsewhere as soon as it is ready.
                node = vehicles[v, LEG_FROM]
                at = vehicles[v, READY]
            # Through a node already passed: a lower bound (the second covers rounding of the two halves).
            if at + seconds(to_o, node, o) - 1 > last:
                continue
            remember(vehicles, to_s, next_arc, first_out, head, v, now)
            node, at = anchor(vehicles, to_s, next_arc, first_out, head, v, now)
        eta = at + seconds(to_o, node, o)
        if eta > last and not (is_dwelling and node == o):
            continue
        eta = min(max(eta, now), last)
        candidate[count] = v
        arrival[count] = eta
        count += 1
        bucket[((eta - now) * BUCKETS) // span] += 1
    sort_by_bucket(now, span, count, arrival, order, bucket)
    return count


@kernel
def is_in(members: Array, v: int) -> bool:
    """Whether v is one of a few members."""
    for k in range(members.shape[0]):
        if members[k] == v:
            return True
    return False


@kernel
def sort_by_bucket(now: int, span: int, count: int, arrival: Array, order: Array, bucket: Array) -> None:
    """Counting sort of `count` arrivals within [now, now + span); `bucket` holds how many fall into each."""
    total = 0
    for b in range(BUCKETS):
        here = bucket[b]
        bucket[b] = total
        total += here
    for k in range(count):
        b = ((arrival[k] - now) * BUCKETS) // span
        order[bucket[b]] = k
        bucket[b] += 1


@kernel
def search(
    vehicles: Array,
    stops: Array,
    capacity: Array,
    to_s: Array,
    from_s: Array,
    next_arc: Array,
    first_out: Array,
    head: Array,
    ask: Array,
    skip: Array,
    best: Array,
    candidate: Array,
    arrival: Array,
    order: Array,
    bucket: Array,
) -> int:
    """Cheapest insertion over the fleet, vehicles in `skip` left out.

    One pass over the vehicles with the row `to_s[o]` keeps those that can reach the pickup in time and sorts
    them by earliest arrival; they are evaluated in that order until the wait alone costs more than the
    incumbent. Returns how many were evaluated.
    """
    now = ask[ASK_NOW]
    direct = to_s[ask[ASK_DESTINATION], ask[ASK_ORIGIN]]
    last = min(ask[ASK_LATEST_PICKUP], ask[ASK_LATEST_DROPOFF] - direct - ask[ASK_SERVICE])
    span = last - now + 1
    if span <= 0:
        return 0
    count = candidates(
        vehicles,
        stops.shape[1] - 2,
        to_s,
        next_arc,
        first_out,
        head,
        ask,
        skip,
        last,
        candidate,
        arrival,
        order,
        bucket,
    )
    slot = vehicles.shape[0] - SCRATCH_SLOTS
    weight = ask[ASK_WAIT_WEIGHT]
    seen = 0
    for m in range(count):
        k = order[m]
        wait = max(arrival[k], ask[ASK_EARLIEST]) - 1 - ask[ASK_WISH]
        if weight * wait > best[BEST_COST]:
            floor = (arrival[k] - now) * BUCKETS // span * span // BUCKETS + now
            if weight * (max(floor, ask[ASK_EARLIEST]) - 1 - ask[ASK_WISH]) > best[BEST_COST]:
                break
            continue
        seen += 1
        evaluate(
            vehicles, stops, capacity, to_s, from_s, next_arc, first_out, head, candidate[k], slot, ask, best
        )
    return seen
