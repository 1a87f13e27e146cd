"""Kernels of the neighbourhood search: making room for an absent request by ejecting others.

Nagata and Kobayashi (2010), "Guided Ejection Search for the Pickup and Delivery Problem with Time Windows": a
request that fits nowhere enters a route from which a few others leave, those that were absent least often.
Counters of absence play the part of their penalty counters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from routing._jit import bare_kernel, bare_pasted
from routing._kernels_neighbourhood_insertion import find_pair, fits
from routing._kernels_neighbourhood_routes import drop_marked, insert_pair, keep, refresh, wide
from routing._kernels_neighbourhood_ruin import mark_absent
from routing._kernels_random import below
from routing.neighbourhood_arrays import ABSENT, COST, FORCED, FROZEN, NOBODY, OPEN, TESTED, TOO_DEAR

if TYPE_CHECKING:
    from routing.neighbourhood_arrays import State, Terms


@bare_kernel
def eject(terms: Terms, state: State, k: int, most: int, tests: int) -> bool:
    """Insert the absent request at place k of the list while up to `most` (1 to 3) others leave a route.

    Those are chosen whose absences, each counted with one more, have the least sum in all open routes; False,
    and nothing changes, where no sum is below the request's own absences and one. Small sets are tried first;
    after so many `tests` the least sum found so far counts.
    """
    routes, counters, scratch = state.routes, state.counters, state.scratch
    r = routes.absent[k]
    if terms.bound_to[r] != NOBODY:
        return False
    leaving = scratch.leaving
    best = routes.absences[r] + 1
    chosen = wide(NOBODY)
    vehicles = counters[OPEN]
    offset = below(state.random, vehicles)
    until = counters[TESTED] + tests
    for size in range(1, most + 1):
        if size >= best:
            break
        for n in range(vehicles):
            v = wide(scratch.open[(n + offset) % vehicles])
            if not terms.eligible[r, v] or routes.length[routes.row[v]] == 2:
                continue
            members = order_members(terms, state, r, v, size)
            if members < size:
                continue
            weight = lightest_set(terms, state, r, v, members, size, best, until)
            if weight < best:
                best = weight
                chosen = v
                for a in range(3):
                    leaving[a] = leaving[a + 3]
    if chosen == NOBODY:
        return False
    counters[ABSENT] -= 1
    routes.absent[k] = routes.absent[counters[ABSENT]]
    counters[COST] -= terms.penalty[r] + routes.cost[routes.row[chosen]]
    for a in range(3):
        if leaving[a] != NOBODY:
            mark_absent(terms, routes, counters, leaving[a])
    drop_marked(terms, state, chosen)
    find_pair(terms, state, r, chosen, TOO_DEAR, 0.0)
    insert_pair(terms, state, r, chosen, scratch.found[1], scratch.found[2])
    counters[COST] += routes.cost[routes.row[chosen]]
    keep(routes, counters)
    return True


@bare_pasted
def order_members(terms: Terms, state: State, r: int, v: int, most: int) -> int:
    """Requests of vehicle v that may leave, seldom absent first, into `scratch.members`; how many.

    The order of those that were absent equally often is left to chance. Before them stand those that cannot
    share the vehicle with request r even when nobody else is in it: they have to leave, and
    `counters[FORCED]` of them are told. 0 where they are more than `most`.
    """
    routes, members, counters = state.routes, state.scratch.members, state.counters
    row = routes.row[v]
    n = 0
    counters[FORCED] = 0
    for k in range(terms.vehicle[v, FROZEN] + 1, routes.length[row] - 1):
        x = routes.visit[row, k]
        if x & 1 or terms.bound_to[x >> 1] != NOBODY:
            continue
        other = x >> 1
        lowest = counters[FORCED]
        a = n
        if not is_compatible(terms, state, r, other, v):
            if counters[FORCED] == most:
                return 0
            while a > lowest:
                members[a] = members[a - 1]
                a -= 1
            counters[FORCED] += 1
        else:
            rank = routes.absences[other] - below(state.random, 2)
            while a > lowest and routes.absences[members[a - 1]] > rank:
                members[a] = members[a - 1]
                a -= 1
        members[a] = other
        n += 1
    return n


@bare_pasted
def is_compatible(terms: Terms, state: State, r: int, other: int, v: int) -> bool:
    """Whether vehicle v can serve two requests, the other's visits one behind the other or around r's."""
    routes = state.routes
    row = wide(routes.row[v])
    spare = row ^ 1
    routes.visit[spare, 1] = 2 * other
    routes.visit[spare, 2] = 2 * other + 1
    routes.length[spare] = 4
    refresh(terms, routes, v, spare)
    routes.row[v] = spare
    is_there = fits(terms, state, r, v)
    routes.row[v] = row
    return is_there


@bare_pasted
def lightest_set(
    terms: Terms, state: State, r: int, v: int, count: int, size: int, bound: int, until: int
) -> int:
    """Least sum of weights below `bound` of `size` members without whom r fits vehicle v, else `bound`.

    The members are in `scratch.members`: those that have to leave, then lightest first. Who leaves is written
    to `scratch.leaving[3:6]`. No more are tried when `counters[TESTED]` is beyond `until`.
    """
    absences, members = state.routes.absences, state.scratch.members
    nobody = wide(NOBODY)
    counters, leaving = state.counters, state.scratch.leaving
    forced = counters[FORCED]
    best = bound
    for a in range(count - size + 1 if forced == 0 else 1):
        one = absences[members[a]] + 1
        if one + size - 1 >= best or counters[TESTED] > until:
            break
        if size == 1:
            if fits_without(terms, state, r, v, wide(members[a]), nobody, nobody):
                best = one
                leaving[3], leaving[4], leaving[5] = members[a], NOBODY, NOBODY
            continue
        for b in range(a + 1, count - size + 2 if forced <= 1 else 2):
            two = one + absences[members[b]] + 1
            if two + size - 2 >= best or counters[TESTED] > until:
                break
            if size == 2:
                if fits_without(terms, state, r, v, wide(members[a]), wide(members[b]), nobody):
                    best = two
                    leaving[3], leaving[4], leaving[5] = members[a], members[b], NOBODY
                continue
            for c in range(b + 1, count if forced <= 2 else 3):
                three = two + absences[members[c]] + 1
                if three >= best or counters[TESTED] > until:
                    break
                if fits_without(terms, state, r, v, wide(members[a]), wide(members[b]), wide(members[c])):
                    best = three
                    leaving[3], leaving[4], leaving[5] = members[a], members[b], members[c]
    return best


@bare_kernel
def fits_without(terms: Terms, state: State, r: int, v: int, one: int, two: int, three: int) -> bool:
    """Whether request r fits into the route of vehicle v once these requests (or NOBODY) have left it.

    Tried in the vehicle's spare row, which is free between iterations.
    """
    routes = state.routes
    row = wide(routes.row[v])
    spare = row ^ 1
    n = 1
    for k in range(1, routes.length[row] - 1):
        x = routes.visit[row, k]
        q = x >> 1
        if q != one and q != two and q != three:
            routes.visit[spare, n] = x
            n += 1
    routes.length[spare] = n + 1
    refresh(terms, routes, v, spare)
    state.counters[TESTED] += 1
    routes.row[v] = spare
    is_there = fits(terms, state, r, v)
    routes.row[v] = row
    return is_there
