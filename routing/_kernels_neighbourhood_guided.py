"""Kernels of the neighbourhood search: guided ejection search for fewer vehicles.

Nagata and Kobayashi (2010), "Guided Ejection Search for the Pickup and Delivery Problem with Time Windows",
with its stack of absent requests, penalty counters and stirring by random feasible moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from routing._jit import bare_kernel, bare_pasted
from routing._kernels_neighbourhood_ejection import eject
from routing._kernels_neighbourhood_insertion import find, find_any
from routing._kernels_neighbourhood_pool import remember_best
from routing._kernels_neighbourhood_routes import drop_marked, insert_pair, keep, list_open, take_back, wide
from routing._kernels_random import below, unit
from routing.neighbourhood_arrays import (
    ABSENT,
    BEST_COST,
    COST,
    NOBODY,
    NOT_POSSIBLE,
    OPEN,
    TOO_DEAR,
)

if TYPE_CHECKING:
    from routing.neighbourhood_arrays import State, Terms


@bare_kernel
def insert_last(terms: Terms, state: State) -> bool:
    """Insert the request at the end of the list of absent ones anywhere it fits; False if nowhere."""
    routes, counters, found = state.routes, state.counters, state.scratch.found
    r = wide(routes.absent[counters[ABSENT] - 1])
    count = 0
    chosen = wide(NOBODY)
    for n in range(counters[OPEN]):
        v = wide(state.scratch.open[n])
        find(terms, state, r, v, TOO_DEAR)
        if found[1] != NOT_POSSIBLE:
            count += 1
            if below(state.random, count) == 0:
                chosen = v
    if chosen == NOBODY:
        return False
    if terms.bound_to[r] != NOBODY or not find_any(terms, state, r, chosen):
        find(terms, state, r, chosen, TOO_DEAR)
    before = routes.cost[routes.row[chosen]]
    i, j = found[1], found[2]
    insert_pair(terms, state, r, chosen, i, j)
    counters[ABSENT] -= 1
    counters[COST] += routes.cost[routes.row[chosen]] - before - terms.penalty[r]
    keep(routes, counters)
    if counters[COST] < counters[BEST_COST]:
        remember_best(state)
    return True


@bare_pasted
def stir(terms: Terms, state: State, moves: int) -> None:
    """Try so many random moves: a request into another route, or two change routes; feasible ones stand."""
    routes, counters, found = state.routes, state.counters, state.scratch.found
    requests = routes.absent.shape[0]
    for _ in range(moves):
        r = below(state.random, requests)
        q = below(state.random, requests)
        v, w = wide(routes.vehicle_of[2 * r + 1]), wide(routes.vehicle_of[2 * q + 1])
        if v == NOBODY or w == NOBODY or v == w:
            continue
        if terms.bound_to[r] != NOBODY or not terms.eligible[r, w]:
            continue
        before = routes.cost[routes.row[v]] + routes.cost[routes.row[w]]
        if unit(state.random) < 0.5:
            if not find_any(terms, state, r, w):
                continue
            i, j = found[1], found[2]
            take_out(terms, state, r, v)
            insert_pair(terms, state, r, w, i, j)
        else:
            if terms.bound_to[q] != NOBODY or not terms.eligible[q, v]:
                continue
            take_out(terms, state, q, w)
            if not find_any(terms, state, r, w):
                take_back(routes, counters)
                continue
            i, j = found[1], found[2]
            take_out(terms, state, r, v)
            if not find_any(terms, state, q, v):
                take_back(routes, counters)
                continue
            insert_pair(terms, state, q, v, found[1], found[2])
            insert_pair(terms, state, r, w, i, j)
        counters[COST] += routes.cost[routes.row[v]] + routes.cost[routes.row[w]] - before
        keep(routes, counters)


@bare_pasted
def take_out(terms: Terms, state: State, r: int, v: int) -> None:
    """Take request r out of the route of vehicle v."""
    routes = state.routes
    routes.vehicle_of[2 * r] = NOBODY
    routes.vehicle_of[2 * r + 1] = NOBODY
    drop_marked(terms, state, v)


@bare_kernel
def guide(terms: Terms, state: State, steps: int, most: int, moves: int, tests: int) -> int:
    """Run so many steps of the guided ejection search, fewer when everybody is served; how many ran.

    The absent request that left last goes anywhere it fits. Where it fits nowhere its absences count one
    more, up to `most` others leave a route for it (`eject`, in at most `tests` tests) and `moves` random
    moves stir the routes.
    """
    routes, counters = state.routes, state.counters
    list_open(state)
    for n in range(steps):
        if counters[ABSENT] == 0:
            return n
        if insert_last(terms, state):
            continue
        k = counters[ABSENT] - 1
        r = routes.absent[k]
        routes.absences[r] += 1
        if not eject(terms, state, k, most, tests) and k > 0:
            other = below(state.random, k + 1)
            routes.absent[k] = routes.absent[other]
            routes.absent[other] = r
        stir(terms, state, moves)
    return steps
