"""Kernels of the neighbourhood search for general problems (shared service, breaks, promises that cost,
times by period, ways that do not exist): what follows from the visits of a route, and changes of routes.
Plain problems keep to `_kernels_neighbourhood_routes`, which is faster.

Breaks stand among the visits of a route. Times and places by position leave them out, so that they are
bounds for every place that a break may take; `lateness` tells the truth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from routing._jit import bare_inlined, bare_kernel
from routing._kernels_neighbourhood_times import settle
from routing._kernels_random import scramble
from routing.neighbourhood_arrays import (
    BEGUN,
    END_PLACE,
    FIXED_COST,
    FROZEN,
    IS_OUT,
    IS_SHARED,
    KIND,
    LATEST_END,
    NOBODY,
    SENTINEL,
    SHIFT_END,
    SHIFT_START,
    START_PLACE,
    TOUCHED,
    USED,
    VISIT_START,
    WHOLE,
)
from routing.quantities import NO_LIMIT

if TYPE_CHECKING:
    from routing.neighbourhood_arrays import Array, Features, GeneralState, Routes, Terms

FAR = 2**31 - 1
"""Times beyond are kept as this, so that ways that do not exist fit the tables."""


@bare_inlined
def is_break(terms: Terms, x: int) -> bool:
    """Whether visit x is a break."""
    return bool(x >= 2 * terms.max_ride.shape[0])


@bare_inlined
def is_overfull(free: Array, row: int, k: int) -> bool:
    """Whether more is on board after position k than there is room for: somebody must be delivered before.

    A vehicle that is too full at its start may deliver all the same.
    """
    is_over = False
    for c in range(free.shape[2]):
        if free[row, k, c] < min(0, free[row, 0, c]):
            is_over = True
    return is_over


@bare_kernel
def next_visit(terms: Terms, visit: Array, row: int, k: int) -> int:
    """Position of the first visit behind position k that is no break; the end counts as one."""
    k += 1
    while is_break(terms, visit[row, k]):
        k += 1
    return k


@bare_kernel
def refresh_general(terms: Terms, routes: Routes, features: Features, v: int, row: int, late: int) -> None:
    """Places, bounds of times, loads, cost and digest of the visits in `row`, driven by vehicle v.

    Bounds with shared service: a visit keeps all later windows if it starts by `latest` and all service
    begun at its place ends by `latest_end`. Without breaks and limited durations the bounds are exact.
    """
    visit, at, depart, free, bounds = routes.visit, routes.at, routes.depart, routes.free, features.bounds
    is_shared = features.rules[IS_SHARED] == 1
    kind = terms.vehicle[v, KIND]
    rows = terms.room.shape[1]
    n = routes.length[row]
    place = terms.vehicle[v, START_PLACE]
    time = terms.vehicle[v, SHIFT_START]
    begin = terms.vehicle[v, VISIT_START]
    digest = scramble(np.uint64(kind + 1))
    cost = 0
    visit[row, 0] = SENTINEL
    at[row, 0] = place
    depart[row, 0] = time
    bounds[row, 0, BEGUN] = begin
    for c in range(rows):
        free[row, 0, c] = terms.room[v, c]
    for k in range(1, n - 1):
        x = visit[row, k]
        digest = (digest ^ np.uint64(x + 1)) * np.uint64(0x9E3779B97F4A7C15)
        digest ^= digest >> np.uint64(32)
        sign = 0
        r = 0
        if not is_break(terms, x):
            here = terms.place[x]
            r = x >> 1
            sign = 1 if x & 1 else -1
            cost += terms.cost[place, here]
            if here == place and begin < NO_LIMIT:
                begin = max(begin, terms.earliest[x])
                time = max(time, begin + terms.service[x])
            else:
                start = max(time + terms.travel[place, here], terms.earliest[x])
                time = start + terms.service[x]
                begin = start if is_shared else NO_LIMIT
            place = here
        at[row, k] = place
        depart[row, k] = min(time, FAR)
        bounds[row, k, BEGUN] = min(begin, NO_LIMIT)
        for c in range(rows):
            free[row, k, c] = free[row, k - 1, c] + sign * terms.need[kind, r, c]
    end = terms.vehicle[v, END_PLACE]
    visit[row, n - 1] = SENTINEL
    at[row, n - 1] = end
    depart[row, n - 1] = min(time + terms.travel[place, end], FAR)
    bounds[row, n - 1, BEGUN] = NO_LIMIT
    routes.digest[row] = digest
    features.late[row] = late
    if n > 2:
        routes.cost[row] = cost + terms.cost[place, end] + terms.vehicle[v, FIXED_COST] + late
    else:
        routes.cost[row] = terms.cost[place, end] if terms.vehicle[v, IS_OUT] else 0
    look_back(terms, routes, features, v, row)


@bare_kernel
def look_back(terms: Terms, routes: Routes, features: Features, v: int, row: int) -> None:
    """Latest start of each visit, and latest end of the service at its place, that keep all later windows."""
    visit, at, latest, bounds = routes.visit, routes.at, routes.latest, features.bounds
    is_shared = features.rules[IS_SHARED] == 1
    n = routes.length[row]
    last_start = terms.vehicle[v, SHIFT_END]
    last_end = last_start
    latest[row, n - 1] = last_start
    bounds[row, n - 1, LATEST_END] = last_start
    place = at[row, n - 1]
    is_visit = False
    for k in range(n - 2, -1, -1):
        x = visit[row, k]
        here = at[row, k]
        if not is_break(terms, x):
            if is_shared and is_visit and here == place and bounds[row, k, BEGUN] < NO_LIMIT:
                if k > 0:
                    last_start = min(last_start, last_end - terms.service[x], terms.latest[x])
            else:
                last_end = last_start - terms.travel[here, place]
                last_start = last_end
                if k > 0:
                    last_start = min(last_end - terms.service[x], terms.latest[x])
            place = here
            is_visit = True
        latest[row, k] = max(last_start, -FAR)
        bounds[row, k, LATEST_END] = max(last_end, -FAR)


@bare_kernel
def write_settled(terms: Terms, state: GeneralState, v: int, n: int, row: int) -> None:
    """Settle the route of vehicle v in the first n positions of WHOLE and write it into `row`."""
    routes, features = state.routes, state.features
    late = settle(terms, features, v, n)
    length = features.length[0]
    for k in range(1, length - 1):
        routes.visit[row, k] = features.work[WHOLE, k]
    routes.length[row] = length
    refresh_general(terms, routes, features, v, row, late)


@bare_kernel
def drop_general(terms: Terms, state: GeneralState, v: int, old: int, new: int) -> None:
    """Write row `old` of vehicle v into row `new` without the visits whose `vehicle_of` is NOBODY.

    A route of breaks alone is given up.
    """
    routes, work = state.routes, state.features.work
    n = 1
    visits = 0
    work[WHOLE, 0] = SENTINEL
    for k in range(1, routes.length[old] - 1):
        x = routes.visit[old, k]
        if routes.vehicle_of[x] != NOBODY:
            work[WHOLE, n] = x
            n += 1
            if not is_break(terms, x):
                visits += 1
    if visits == 0 and terms.vehicle[v, FROZEN] == 0:
        n = 1
    if n == 1 and routes.length[old] > 2:
        state.counters[USED] -= 1
    work[WHOLE, n] = SENTINEL
    write_settled(terms, state, v, n + 1, new)


@bare_kernel
def write_candidate(routes: Routes, work: Array, r: int, row: int, i: int, j: int) -> int:
    """The route in `row` with request r behind positions i and j into WHOLE; its positions.

    i = -1 for a rider on board, who has no pickup.
    """
    n = 0
    for k in range(routes.length[row]):
        work[WHOLE, n] = routes.visit[row, k]
        n += 1
        if k == i:
            work[WHOLE, n] = 2 * r
            n += 1
        if k == j:
            work[WHOLE, n] = 2 * r + 1
            n += 1
    return n


@bare_kernel
def lateness_with(terms: Terms, routes: Routes, features: Features, r: int, v: int, i: int, j: int) -> int:
    """Lateness of vehicle v with request r behind positions i and j, or `BROKEN`. Exact."""
    return settle(terms, features, v, write_candidate(routes, features.work, r, routes.row[v], i, j))


@bare_kernel
def insert_general(
    terms: Terms, state: GeneralState, r: int, v: int, i: int, j: int, old: int, new: int
) -> None:
    """Write row `old` of vehicle v into row `new` with request r behind positions i and j.

    i = -1 for a rider on board, who has no pickup.
    """
    routes = state.routes
    n = write_candidate(routes, state.features.work, r, old, i, j)
    if routes.length[old] == 2:
        state.counters[USED] += 1
    routes.vehicle_of[2 * r + 1] = v
    if i >= 0:
        routes.vehicle_of[2 * r] = v
    write_settled(terms, state, v, n, new)


@bare_kernel
def rebuild_general(terms: Terms, state: GeneralState) -> None:
    """All that follows from the visits, lengths and rows of all routes, after somebody else has set them."""
    routes, features, counters = state.routes, state.features, state.counters
    for x in range(routes.vehicle_of.shape[0]):
        routes.vehicle_of[x] = NOBODY
    counters[USED] = 0
    counters[TOUCHED] = 0
    for v in range(routes.row.shape[0]):
        for b in range(features.break_begin[v], features.break_begin[v + 1]):
            routes.vehicle_of[features.break_visit[b]] = v
        routes.is_touched[v] = False
        row = routes.row[v]
        n = routes.length[row]
        for k in range(1, n - 1):
            features.work[WHOLE, k] = routes.visit[row, k]
            routes.vehicle_of[routes.visit[row, k]] = v
        features.work[WHOLE, 0] = SENTINEL
        features.work[WHOLE, n - 1] = SENTINEL
        write_settled(terms, state, v, n, row)
        if n > 2:
            counters[USED] += 1
