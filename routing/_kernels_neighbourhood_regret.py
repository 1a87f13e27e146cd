"""Kernels of the neighbourhood search: insertion by regret.

Ropke and Pisinger (2006), "An Adaptive Large Neighborhood Search Heuristic for the Pickup and Delivery
Problem with Time Windows": who loses most by not getting her best vehicle comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from routing._jit import bare_kernel
from routing._kernels_neighbourhood_insertion import find
from routing._kernels_neighbourhood_routes import insert_pair
from routing._kernels_random import unit
from routing.neighbourhood_arrays import ABSENT, ASKED, COST, KIND, NOBODY, NOT_POSSIBLE, TOO_DEAR

if TYPE_CHECKING:
    from routing.neighbourhood_arrays import State, Terms


@bare_kernel
def recreate_by_regret(terms: Terms, state: State, blink: float, depth: int) -> None:
    """Insert absent requests where they cost least, those with the greatest regret first.

    The regret is what the 2nd to `depth`-th cheapest vehicle (2 or 3) cost more than the cheapest one; one
    that cannot take the request costs as much as leaving it out. A vehicle is overlooked with probability
    `blink`.
    """
    routes, counters, offer = state.routes, state.counters, state.scratch.offer
    count = counters[ABSENT]
    for k in range(count):
        counters[ASKED] += 1
        for v in range(routes.row.shape[0]):
            offer[k, v] = TOO_DEAR
            if unit(state.random) >= blink:
                offer[k, v] = price(terms, state, routes.absent[k], v)
    left = count
    while True:
        chosen, vehicle = most_regretted(terms, state, left, depth)
        if chosen == NOBODY:
            break
        r = routes.absent[chosen]
        find(terms, state, r, vehicle, TOO_DEAR)
        found = state.scratch.found
        was_empty = routes.length[routes.row[vehicle]] == 2
        counters[COST] += found[0] - terms.penalty[r]
        insert_pair(terms, state, r, vehicle, found[1], found[2])
        left -= 1
        routes.absent[chosen] = routes.absent[left]
        for v in range(routes.row.shape[0]):
            offer[chosen, v] = offer[left, v]
        for k in range(left):
            counters[ASKED] += 1
            offer[k, vehicle] = price(terms, state, routes.absent[k], vehicle)
            if was_empty:
                open_next(terms, state, k, vehicle)
    counters[ABSENT] = left


@bare_kernel
def price(terms: Terms, state: State, r: int, v: int) -> int:
    """Cost of request r in vehicle v, `TOO_DEAR` if it is not to be had.

    Of the empty vehicles of one kind only the first has a price.
    """
    routes, found = state.routes, state.scratch.found
    bound = terms.bound_to[r]
    if not routes.is_open[v] or (bound != NOBODY and bound != v):
        return TOO_DEAR
    if routes.length[routes.row[v]] == 2 and bound == NOBODY:
        for other in range(v):
            if (
                routes.is_open[other]
                and routes.length[routes.row[other]] == 2
                and terms.vehicle[other, KIND] == terms.vehicle[v, KIND]
            ):
                return TOO_DEAR
    find(terms, state, r, v, TOO_DEAR)
    return TOO_DEAR if found[1] == NOT_POSSIBLE else found[0]


@bare_kernel
def open_next(terms: Terms, state: State, k: int, v: int) -> None:
    """Tell the k-th absent request the price of the next empty vehicle of the kind of v."""
    routes = state.routes
    for other in range(v + 1, routes.row.shape[0]):
        if (
            routes.is_open[other]
            and routes.length[routes.row[other]] == 2
            and terms.vehicle[other, KIND] == terms.vehicle[v, KIND]
        ):
            state.scratch.offer[k, other] = price(terms, state, state.routes.absent[k], other)
            return


@bare_kernel
def most_regretted(terms: Terms, state: State, count: int, depth: int) -> tuple[int, int]:
    """Place in the list of the absent request with the greatest regret, and its cheapest vehicle.

    NOBODY where nobody has a vehicle cheaper than being left out.
    """
    offer = state.scratch.offer
    chosen, vehicle, greatest = NOBODY, NOBODY, -1
    for k in range(count):
        penalty = terms.penalty[state.routes.absent[k]]
        first, second, third = penalty, penalty, penalty
        best = NOBODY
        for v in range(offer.shape[1]):
            cost = offer[k, v]
            if cost < first:
                first, second, third = cost, first, second
                best = v
            elif cost < second:
                second, third = cost, second
            elif cost < third:
                third = cost
        regret = second - first
        if depth > 2:
            regret += third - first
        if best != NOBODY and regret > greatest:
            chosen, vehicle, greatest = k, best, regret
    return chosen, vehicle
