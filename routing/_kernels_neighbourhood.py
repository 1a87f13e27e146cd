"""The loop of the neighbourhood search: ruin, recreate, accept or take back.

Christiaens and Vanden Berghe (2020), carried over from deliveries to pickups with deliveries.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from routing._jit import bare_kernel, bare_pasted
from routing._kernels_neighbourhood_ejection import eject
from routing._kernels_neighbourhood_insertion import cheapest_vehicle
from routing._kernels_neighbourhood_pool import pool_touched, remember_best
from routing._kernels_neighbourhood_regret import recreate_by_regret
from routing._kernels_neighbourhood_routes import insert_pair, keep, list_open, take_back
from routing._kernels_neighbourhood_ruin import order_absent, ruin
from routing._kernels_random import below, unit
from routing.neighbourhood_arrays import (
    ABSENT,
    BEST_ABSENT,
    BEST_COST,
    COST,
    CREDIT,
    EJECTION_TESTS,
    MOST_EJECTED,
    NOBODY,
    PLAIN_STATE,
    REGRET_LIMIT,
    REGRET_PERCENT,
    TESTED,
)

if TYPE_CHECKING:
    from routing.neighbourhood_arrays import Array, State, Terms

LARGE_SHARE = 0.05
"""Share of the ruins that are `LARGE` times as large: two or three long routes have traps that only these
leave (lrc208 stayed 42 % above the best known with one seed of three)."""

LARGE = 4

MOST_TESTS = 1 << 40
"""No limit of the tests of one ejection: `make_room` waits after a long one until they are paid for."""


@bare_pasted
def recreate(terms: Terms, state: State, blink: float, chosen: Array) -> None:
    """Insert the absent requests greedily, each where it costs least; who does not fit stays absent."""
    routes, counters = state.routes, state.counters
    order_absent(terms, state)
    left = 0
    for k in range(counters[ABSENT]):
        r = routes.absent[k]
        is_found = cheapest_vehicle(terms, state, r, blink, chosen)
        if is_found and chosen[0] < terms.penalty[r]:
            counters[COST] += chosen[0] - terms.penalty[r]
            insert_pair(terms, state, r, chosen[3], chosen[1], chosen[2])
        else:
            routes.absent[left] = r
            left += 1
    counters[ABSENT] = left


@bare_pasted
def is_accepted(state: State, was_cost: int, was_absent: int, temperature: float, is_fleet: bool) -> bool:
    """Threshold of annealing; in the fleet phase, fewer absent or less often absent requests too."""
    routes, counters, before = state.routes, state.counters, state.scratch.absent
    threshold = was_cost - temperature * math.log(1.0 - unit(state.random))
    if not is_fleet:
        return bool(counters[COST] < threshold)
    if counters[ABSENT] < was_absent:
        return True
    if counters[ABSENT] == was_absent and counters[COST] < threshold:
        return True
    difference = 0
    for k in range(counters[ABSENT]):
        difference += routes.absences[routes.absent[k]]
    for k in range(was_absent):
        difference -= routes.absences[before[k]]
    return difference < 0


@bare_kernel
def make_room(terms: Terms, state: State, settings: Array) -> None:
    """Now and then insert an absent request, drawn at random, by ejecting others; plain problems only."""
    if len(state) > PLAIN_STATE:
        return
    counters = state.counters
    counters[CREDIT] = min(counters[CREDIT] + settings[EJECTION_TESTS], settings[EJECTION_TESTS])
    if counters[CREDIT] > 0 and counters[ABSENT] > 0:
        before = counters[TESTED]
        eject(terms, state, below(state.random, counters[ABSENT]), settings[MOST_EJECTED], MOST_TESTS)
        counters[CREDIT] -= counters[TESTED] - before


@bare_kernel
def improve(
    terms: Terms,
    state: State,
    iterations: int,
    temperature: float,
    cooling: float,
    is_fleet: bool,
    settings: Array,
    blink: float,
    pool_margin: float,
    chosen: Array,
) -> int:
    """Run `iterations` iterations and return how many ran: fewer once the fleet phase serves everybody.

    The temperature is multiplied by `cooling` after each one. Routes of solutions within `pool_margin` (share
    of the cost) of the best join the pool. `settings` is int64, see `neighbourhood_arrays`.
    """
    routes, counters, before = state.routes, state.counters, state.scratch.absent
    list_open(state)
    for n in range(iterations):
        if is_fleet:
            make_room(terms, state, settings)
        was_cost = counters[COST]
        was_absent = counters[ABSENT]
        for k in range(was_absent):
            before[k] = routes.absent[k]
        times = LARGE if unit(state.random) < LARGE_SHARE else 1
        ruin(terms, state, settings, times)
        if below(state.random, 100) < settings[REGRET_PERCENT] and counters[ABSENT] <= REGRET_LIMIT:
            recreate_by_regret(terms, state, blink, 2 + below(state.random, 2))
        else:
            recreate(terms, state, blink, chosen)
        is_taken = is_accepted(state, was_cost, was_absent, temperature, is_fleet)
        if is_fleet:
            for k in range(counters[ABSENT]):
                routes.absences[routes.absent[k]] += 1
        if is_taken:
            if counters[COST] < counters[BEST_COST]:
                remember_best(state)
            if counters[COST] <= counters[BEST_COST] * (1.0 + pool_margin):
                pool_touched(state)
            keep(routes, counters)
        else:
            take_back(routes, counters)
            counters[ABSENT] = was_absent
            counters[COST] = was_cost
            for k in range(was_absent):
                r = before[k]
                routes.absent[k] = r
                routes.vehicle_of[2 * r + 1] = NOBODY
                if terms.bound_to[r] == NOBODY:
                    routes.vehicle_of[2 * r] = NOBODY
        temperature *= cooling
        if is_fleet and counters[BEST_ABSENT] == 0:
            return n + 1
    return iterations
