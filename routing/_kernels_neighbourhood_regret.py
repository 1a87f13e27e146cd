"""Kernels of the neighbourhood search: insertion by regret.

Ropke and Pisinger (2006), "An Adaptive Large Neighborhood Search Heuristic for the Pickup and Delivery
Problem with Time Windows": who loses most by not getting her best vehicle comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from routing._jit import bare_kernel, bare_pasted
from routing._kernels_neighbourhood_insertion import find, find_anew, is_known
from routing._kernels_neighbourhood_routes import insert_pair, wide
from routing._kernels_random import unit
from routing.neighbourhood_arrays import ABSENT, ASKED, COST, KIND, NOBODY, NOT_POSSIBLE, OPEN, TOO_DEAR

if TYPE_CHECKING:
    from routing.neighbourhood_arrays import State, Terms


@bare_kernel
def recreate_by_regret(terms: Terms, state: State, blink: float, depth: int) -> None:
    """Insert absent requests where they cost least, those with the greatest regret first.

    The regret is what the 2nd to `depth`-th cheapest vehicle (2 or 3) cost more than the cheapest one; one
    that cannot take the request costs as much as leaving it out. A vehicle is overlooked with probability
    `blink`.
    """
    routes, counters, offer, vehicles = state.routes, state.counters, state.scratch.offer, state.scratch.open
    count = counters[ABSENT]
    for k in range(count):
        counters[ASKED] += 1
        for n in range(counters[OPEN]):
            offer[k, n] = TOO_DEAR
            if unit(state.random) >= blink:
                offer[k, n] = first_price(terms, state, routes.absent[k], wide(vehicles[n]))
    left = count
    while True:
        chosen, column = most_regretted(terms, state, left, depth)
        if chosen == NOBODY:
            break
        r = routes.absent[chosen]
        v = wide(vehicles[column])
        find(terms, state, r, v, TOO_DEAR)
        found = state.scratch.found
        was_empty = routes.length[routes.row[v]] == 2
        counters[COST] += found[0] - terms.penalty[r]
        insert_pair(terms, state, r, v, found[1], found[2])
        left -= 1
        routes.absent[chosen] = routes.absent[left]
        for n in range(counters[OPEN]):
            offer[chosen, n] = offer[left, n]
        following = next_empty(terms, state, column) if was_empty else NOBODY
        for k in range(left):
            counters[ASKED] += 1
            offer[k, column] = price(terms, state, routes.absent[k], v)
            if following != NOBODY:
                offer[k, following] = price(terms, state, routes.absent[k], wide(vehicles[following]))
    counters[ABSENT] = left


@bare_kernel
def price(terms: Terms, state: State, r: int, v: int) -> int:
    """Cost of request r in vehicle v, `TOO_DEAR` if it is not to be had."""
    found = state.scratch.found
    bound = terms.bound_to[r]
    if bound != NOBODY and bound != v:
        return TOO_DEAR
    if not is_known(state, r, v, TOO_DEAR):
        find_anew(terms, state, r, v, TOO_DEAR, 0.0)
    return TOO_DEAR if found[1] == NOT_POSSIBLE else found[0]


@bare_pasted
def first_price(terms: Terms, state: State, r: int, v: int) -> int:
    """As `price`; of the empty vehicles of one kind only the first has one."""
    if terms.bound_to[r] == NOBODY and is_behind_another(terms, state, v):
        return TOO_DEAR
    return price(terms, state, r, v)


@bare_pasted
def is_behind_another(terms: Terms, state: State, v: int) -> bool:
    """Whether vehicle v is empty and a vehicle of its kind before it is, too."""
    routes, vehicles = state.routes, state.scratch.open
    if routes.length[routes.row[v]] > 2:
        return False
    for n in range(state.counters[OPEN]):
        other = vehicles[n]
        if other >= v:
            break
        if routes.length[routes.row[other]] == 2 and terms.vehicle[other, KIND] == terms.vehicle[v, KIND]:
            return True
    return False


@bare_kernel
def next_empty(terms: Terms, state: State, column: int) -> int:
    """Column of the next empty vehicle of the kind of the one in `column`, or NOBODY."""
    routes, vehicles = state.routes, state.scratch.open
    kind = terms.vehicle[vehicles[column], KIND]
    for n in range(column + 1, state.counters[OPEN]):
        other = vehicles[n]
        if routes.length[routes.row[other]] == 2 and terms.vehicle[other, KIND] == kind:
            return n
    return NOBODY


@bare_kernel
def most_regretted(terms: Terms, state: State, count: int, depth: int) -> tuple[int, int]:
    """Place in the list of the absent request with the greatest regret, and column of its cheapest vehicle.

    NOBODY where nobody has a vehicle cheaper than being left out.
    """
    offer = state.scratch.offer
    chosen, column, greatest = NOBODY, NOBODY, -1
    for k in range(count):
        penalty = terms.penalty[state.routes.absent[k]]
        first, second, third = penalty, penalty, penalty
        best = NOBODY
        for n in range(state.counters[OPEN]):
            cost = offer[k, n]
            if cost < first:
                first, second, third = cost, first, second
                best = n
            elif cost < second:
                second, third = cost, second
            elif cost < third:
                third = cost
        regret = second - first
        if depth > 2:
            regret += third - first
        if best != NOBODY and regret > greatest:
            chosen, column, greatest = k, best, regret
    return chosen, column
