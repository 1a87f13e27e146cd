"""Kernels of the neighbourhood search: remembering the best routes, and a pool of good ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from routing._jit import bare_kernel
from routing.neighbourhood_arrays import (
    ABSENT,
    BEST_ABSENT,
    BEST_COST,
    COST,
    POOLED,
    POOLED_VISITS,
    TOUCHED,
)

if TYPE_CHECKING:
    from routing.neighbourhood_arrays import State


@bare_kernel
def remember_best(state: State) -> None:
    """Copy the current routes to the best ones."""
    routes, best, counters = state.routes, state.best, state.counters
    for v in range(routes.row.shape[0]):
        row = routes.row[v]
        n = routes.length[row]
        best.length[v] = n
        for k in range(n):
            best.visit[v, k] = routes.visit[row, k]
    for k in range(counters[ABSENT]):
        best.absent[k] = routes.absent[k]
    counters[BEST_COST] = counters[COST]
    counters[BEST_ABSENT] = counters[ABSENT]


@bare_kernel
def pool_touched(state: State) -> None:
    """Put the routes changed in this iteration into the pool, each content once, while there is room."""
    routes = state.routes
    for n in range(state.counters[TOUCHED]):
        pool_route(state, routes.touched[n])


@bare_kernel
def pool_route(state: State, v: int) -> None:
    """Put the route of vehicle v into the pool unless its content is known or the pool is full."""
    routes, pool, counters = state.routes, state.pool, state.counters
    row = routes.row[v]
    length = routes.length[row] - 2
    n = counters[POOLED]
    used = counters[POOLED_VISITS]
    if length == 0 or n >= pool.cost.shape[0] or used + length > pool.visit.shape[0]:
        return
    digest = routes.digest[row]
    mask = np.uint64(pool.known.shape[0] - 1)
    slot = digest & mask
    while pool.known[slot] != 0:
        if pool.known[slot] == digest:
            return
        slot = (slot + np.uint64(1)) & mask
    pool.known[slot] = digest
    for k in range(length):
        pool.visit[used + k] = routes.visit[row, k + 1]
    pool.cost[n] = routes.cost[row]
    pool.vehicle[n] = v
    pool.begin[n + 1] = used + length
    counters[POOLED] = n + 1
    counters[POOLED_VISITS] = used + length
