"""Kernels of the neighbourhood search: what follows from the visits of a route, and changes of routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from routing._jit import bare_inlined, bare_kernel, bare_pasted
from routing._kernels_neighbourhood_general import drop_general, insert_general, rebuild_general
from routing._kernels_random import scramble
from routing.neighbourhood_arrays import (
    END_PLACE,
    FIXED_COST,
    IS_OUT,
    KIND,
    NOBODY,
    OPEN,
    PLAIN_STATE,
    SENTINEL,
    SHIFT_END,
    SHIFT_START,
    START_PLACE,
    TOUCHED,
    USED,
)

if TYPE_CHECKING:
    from routing.neighbourhood_arrays import Array, Routes, State, Terms

ONE = np.uint64(1)


@bare_inlined
def wide(number: int) -> int:
    """The number in 64 bits: a kernel is compiled anew for each kind of argument."""
    return number + 0


@bare_pasted
def refresh(terms: Terms, routes: Routes, v: int, row: int) -> None:
    """Places, times, loads, cost and digest of the visits in `row`, driven by vehicle v. O(length).

    Forward earliest and backward latest times are those of the windows alone (Savelsbergh 1992): necessary
    where rides or routes have a limited duration, and sufficient where they have not.
    """
    visit, at, depart = routes.visit, routes.at, routes.depart
    free, latest = routes.free, routes.latest
    kind = terms.vehicle[v, KIND]
    rows = terms.room.shape[1]
    n = routes.length[row]
    place = terms.vehicle[v, START_PLACE]
    time = terms.vehicle[v, SHIFT_START]
    digest = scramble(np.uint64(kind + 1))
    cost = 0
    visit[row, 0] = SENTINEL
    at[row, 0] = place
    depart[row, 0] = time
    for c in range(rows):
        free[row, 0, c] = terms.room[v, c]
    for k in range(1, n - 1):
        x = visit[row, k]
        here = terms.place[x]
        cost += terms.cost[place, here]
        time = max(time + terms.travel[place, here], terms.earliest[x]) + terms.service[x]
        place = here
        at[row, k] = here
        depart[row, k] = time
        digest = (digest ^ np.uint64(x + 1)) * np.uint64(0x9E3779B97F4A7C15)
        digest ^= digest >> np.uint64(32)
        r = x >> 1
        sign = 1 if x & 1 else -1
        for c in range(rows):
            free[row, k, c] = free[row, k - 1, c] + sign * terms.need[kind, r, c]
    end = terms.vehicle[v, END_PLACE]
    visit[row, n - 1] = SENTINEL
    at[row, n - 1] = end
    depart[row, n - 1] = time + terms.travel[place, end]
    routes.digest[row] = digest
    if n > 2:
        routes.cost[row] = cost + terms.cost[place, end] + terms.vehicle[v, FIXED_COST]
    else:
        routes.cost[row] = terms.cost[place, end] if terms.vehicle[v, IS_OUT] else 0
    time = terms.vehicle[v, SHIFT_END]
    latest[row, n - 1] = time
    place = end
    for k in range(n - 2, 0, -1):
        x = visit[row, k]
        here = at[row, k]
        time = min(time - terms.travel[here, place] - terms.service[x], terms.latest[x])
        latest[row, k] = time
        place = here
    latest[row, 0] = time - terms.travel[at[row, 0], place]


@bare_pasted
def touch(routes: Routes, counters: Array, v: int) -> None:
    """Change to the spare row of vehicle v, once an iteration; the caller fills it."""
    if not routes.is_touched[v]:
        routes.is_touched[v] = True
        routes.touched[counters[TOUCHED]] = v
        counters[TOUCHED] += 1
        routes.row[v] ^= 1


@bare_kernel
def drop_marked(terms: Terms, state: State, v: int) -> None:
    """Take the visits whose `vehicle_of` is NOBODY out of the route of vehicle v."""
    routes = state.routes
    old = routes.row[v]
    touch(routes, state.counters, v)
    new = wide(routes.row[v])
    if len(state) > PLAIN_STATE:
        drop_general(terms, state, v, old, new)  # type: ignore[arg-type]  # general by its length
        return
    n = 1
    for k in range(1, routes.length[old] - 1):
        x = routes.visit[old, k]
        if routes.vehicle_of[x] != NOBODY:
            routes.visit[new, n] = x
            n += 1
    routes.length[new] = n + 1
    if n == 1 and routes.length[old] > 2:
        state.counters[USED] -= 1
    refresh(terms, routes, v, new)


@bare_kernel
def insert_pair(terms: Terms, state: State, r: int, v: int, i: int, j: int) -> None:
    """Put the pickup of request r behind position i and its delivery behind position j of vehicle v.

    Positions are those before the insertion, i <= j; i = -1 for a rider on board, who has no pickup.
    """
    routes = state.routes
    old = routes.row[v]
    touch(routes, state.counters, v)
    new = wide(routes.row[v])
    if len(state) > PLAIN_STATE:
        insert_general(terms, state, r, v, i, j, old, new)  # type: ignore[arg-type]  # general by its length
        return
    length = routes.length[old]
    if length == 2:
        state.counters[USED] += 1
    visit = routes.visit
    n = 1 if i < 0 else 2
    for k in range(length - 1, j, -1):
        visit[new, k + n] = visit[old, k]
    visit[new, j + n] = 2 * r + 1
    routes.vehicle_of[2 * r + 1] = v
    if i >= 0:
        for k in range(j, i, -1):
            visit[new, k + 1] = visit[old, k]
        visit[new, i + 1] = 2 * r
        routes.vehicle_of[2 * r] = v
        j = i
    if new != old:
        for k in range(1, j + 1):
            visit[new, k] = visit[old, k]
    routes.length[new] = length + n
    refresh(terms, routes, v, new)


@bare_kernel
def take_back(routes: Routes, counters: Array) -> None:
    """Return to the rows in use before this iteration. The caller restores the absent requests."""
    for n in range(counters[TOUCHED]):
        v = routes.touched[n]
        was_empty = routes.length[routes.row[v]] == 2
        routes.row[v] ^= 1
        row = routes.row[v]
        for k in range(1, routes.length[row] - 1):
            routes.vehicle_of[routes.visit[row, k]] = v
        is_empty = routes.length[row] == 2
        counters[USED] += int(was_empty) - int(is_empty)
        routes.is_touched[v] = False
    counters[TOUCHED] = 0


@bare_kernel
def keep(routes: Routes, counters: Array) -> None:
    """Let the changes of this iteration stand."""
    for n in range(counters[TOUCHED]):
        routes.is_touched[routes.touched[n]] = False
    counters[TOUCHED] = 0


@bare_kernel
def rebuild(terms: Terms, state: State) -> None:
    """All that follows from the visits, lengths and rows of all routes, after somebody else has set them."""
    if len(state) > PLAIN_STATE:
        rebuild_general(terms, state)  # type: ignore[arg-type]  # general by its length
        return
    routes, counters = state.routes, state.counters
    for x in range(routes.vehicle_of.shape[0]):
        routes.vehicle_of[x] = NOBODY
    counters[USED] = 0
    counters[TOUCHED] = 0
    for v in range(routes.row.shape[0]):
        routes.is_touched[v] = False
        row = wide(routes.row[v])
        refresh(terms, routes, v, row)
        for k in range(1, routes.length[row] - 1):
            routes.vehicle_of[routes.visit[row, k]] = v
        if routes.length[row] > 2:
            counters[USED] += 1


@bare_kernel
def list_open(state: State) -> None:
    """Write the vehicles that may be used to `scratch.open`."""
    counters = state.counters
    counters[OPEN] = 0
    for v in range(state.routes.row.shape[0]):
        if state.routes.is_open[v]:
            state.scratch.open[counters[OPEN]] = v
            counters[OPEN] += 1
