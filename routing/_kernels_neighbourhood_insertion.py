"""Kernels of the neighbourhood search: the cheapest insertion of a request, in one route and in all of them.

Most routes are the same from one iteration to the next, and a route that was ruined and recreated is often
one seen before. So the answer for (request, content of route) is kept in a memo under a 64-bit digest of both
and looked up in O(1); at 400 tasks it answers more than nine questions of ten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from routing._jit import bare_inlined, bare_kernel, bare_pasted
from routing._kernels_neighbourhood_general import is_overfull
from routing._kernels_neighbourhood_positions import find_general
from routing._kernels_neighbourhood_routes import wide
from routing._kernels_neighbourhood_schedule import is_feasible_with
from routing._kernels_random import below, scramble, unit
from routing.neighbourhood_arrays import (
    ASKED,
    EVALUATED,
    FIXED_COST,
    FROZEN,
    IS_OUT,
    KIND,
    MEMO_COST,
    MEMO_DELIVERY_AFTER,
    MEMO_KEY,
    MEMO_PICKUP_AFTER,
    NOBODY,
    NOT_POSSIBLE,
    OPEN,
    PLAIN_STATE,
    TOO_DEAR,
)

if TYPE_CHECKING:
    from routing.neighbourhood_arrays import Array, State, Terms


# What a scan of the pairs of positions is after.
CHEAPEST = 0
ANY = 1
FIRST = 2


@bare_inlined
def has_room(free: Array, need: Array, row: int, k: int, kind: int, r: int) -> bool:
    """Whether request r fits beside what is on board after position k."""
    is_enough = True
    for c in range(need.shape[2]):
        if free[row, k, c] < need[kind, r, c]:
            is_enough = False
    return is_enough


@bare_pasted
def scan_pairs(terms: Terms, state: State, r: int, v: int, bound: int, overlook: float, aim: int) -> int:
    """Look for insertions of request r into vehicle v: what there is of them goes into `scratch.found`.

    All pairs of positions, O(length^2): each is tested in O(1) by cost, load and windows; what is left is
    scheduled exactly where rides or routes have a limited duration. By `aim` the `CHEAPEST` below `bound` is
    found, of pairs that are overlooked with probability `overlook`; `ANY` feasible one, each as likely; or
    the `FIRST`. Returns how many counted.
    """
    routes, found = state.routes, state.scratch.found
    row = routes.row[v]
    n = routes.length[row]
    kind = terms.vehicle[v, KIND]
    at, depart, latest, free = routes.at, routes.depart, routes.latest, routes.free
    travel, travel_to, cost, cost_to = terms.travel, terms.travel_to, terms.cost, terms.cost_to
    need = terms.need
    p = terms.place[2 * r]
    d = terms.place[2 * r + 1]
    p_earliest, p_latest, p_service = terms.earliest[2 * r], terms.latest[2 * r], terms.service[2 * r]
    d_earliest, d_latest = terms.earliest[2 * r + 1], terms.latest[2 * r + 1]
    d_service = terms.service[2 * r + 1]
    max_ride = terms.max_ride[r]
    is_exact = terms.is_exact[0]
    is_cheap = True
    best = bound
    best_i = NOT_POSSIBLE
    best_j = NOT_POSSIBLE
    tried = 0
    count = 0
    total = 0
    detour = 0
    extra = terms.vehicle[v, FIXED_COST] if n == 2 else 0
    is_paid = n > 2 or terms.vehicle[v, IS_OUT] == 1
    for i in range(terms.vehicle[v, FROZEN], n - 1):
        if depart[row, i] > p_latest or (aim == FIRST and count > 0):
            break
        if not has_room(free, need, row, i, kind, r):
            continue
        a = at[row, i]
        c = at[row, i + 1]
        time = depart[row, i] + travel_to[p, a]
        if time > p_latest:
            continue
        time = max(time, p_earliest) + p_service
        # delivery directly behind the pickup
        tried += 1
        if aim == CHEAPEST:
            detour = extra + cost_to[p, a] - (cost[a, c] if is_paid else 0)
            total = detour + cost[p, d] + cost[d, c]
            is_cheap = total < best and (overlook == 0.0 or unit(state.random) >= overlook)
        if is_cheap:
            arrival = max(time + travel[p, d], d_earliest)
            if arrival <= d_latest and arrival + d_service + travel[d, c] <= latest[row, i + 1]:
                if not is_exact or is_feasible_with(terms, state, r, v, i, i):
                    count += 1
                    if aim != ANY or below(state.random, count) == 0:
                        best, best_i, best_j = total, i, i
        # delivery behind a later visit
        detour += cost[p, c]
        time += travel[p, c]
        ride = travel[p, c]
        if (aim == CHEAPEST and detour >= best) or time > latest[row, i + 1]:
            continue
        for j in range(i + 1, n - 1):
            if not has_room(free, need, row, j, kind, r) or (aim == FIRST and count > 0):
                break
            x = routes.visit[row, j]
            b = at[row, j]
            c = at[row, j + 1]
            time = max(time, terms.earliest[x]) + terms.service[x]
            ride += terms.service[x]
            if time > d_latest or ride > max_ride:
                break
            tried += 1
            if aim == CHEAPEST:
                total = detour + cost_to[d, b] + cost[d, c] - cost[b, c]
                is_cheap = total < best and (overlook == 0.0 or unit(state.random) >= overlook)
            if is_cheap:
                arrival = max(time + travel_to[d, b], d_earliest)
                if arrival <= d_latest and arrival + d_service + travel[d, c] <= latest[row, j + 1]:
                    if not is_exact or is_feasible_with(terms, state, r, v, i, j):
                        count += 1
                        if aim != ANY or below(state.random, count) == 0:
                            best, best_i, best_j = total, i, j
            leg = travel[b, c]
            time += leg
            ride += leg
            if time > latest[row, j + 1]:
                break
    state.counters[EVALUATED] += tried
    found[0], found[1], found[2] = best, best_i, best_j
    return count


@bare_kernel
def find_pair(terms: Terms, state: State, r: int, v: int, bound: int, overlook: float) -> None:
    """Cheapest insertion of request r into vehicle v below `bound`, into `scratch.found`; pairs of positions
    are overlooked with probability `overlook`."""
    scan_pairs(terms, state, r, v, bound, overlook, CHEAPEST)


@bare_kernel
def find_any(terms: Terms, state: State, r: int, v: int) -> bool:
    """Any feasible insertion of request r into vehicle v, each as likely, into `scratch.found[1:]`."""
    return scan_pairs(terms, state, r, v, TOO_DEAR, 0.0, ANY) > 0


@bare_pasted
def fits(terms: Terms, state: State, r: int, v: int) -> bool:
    """Whether there is a feasible insertion of request r into vehicle v."""
    return scan_pairs(terms, state, r, v, TOO_DEAR, 0.0, FIRST) > 0


@bare_kernel
def find_delivery(terms: Terms, state: State, r: int, v: int, bound: int) -> None:
    """Cheapest place in vehicle v for the delivery of request r, which is on board, below `bound`."""
    routes, found = state.routes, state.scratch.found
    row = routes.row[v]
    n = routes.length[row]
    at = routes.at
    d = terms.place[2 * r + 1]
    d_earliest, d_latest = terms.earliest[2 * r + 1], terms.latest[2 * r + 1]
    d_service = terms.service[2 * r + 1]
    is_exact = terms.is_exact[0]
    best = bound
    best_j = NOT_POSSIBLE
    extra = terms.vehicle[v, FIXED_COST] if n == 2 else 0
    is_paid = n > 2 or terms.vehicle[v, IS_OUT] == 1
    for j in range(terms.vehicle[v, FROZEN], n - 1):
        if routes.depart[row, j] > d_latest or is_overfull(routes.free, row, j):
            break
        b = at[row, j]
        c = at[row, j + 1]
        total = extra + terms.cost_to[d, b] + terms.cost[d, c] - (terms.cost[b, c] if is_paid else 0)
        if total < best:
            arrival = max(routes.depart[row, j] + terms.travel_to[d, b], d_earliest)
            if arrival <= d_latest and arrival + d_service + terms.travel[d, c] <= routes.latest[row, j + 1]:
                if not is_exact or is_feasible_with(terms, state, r, v, -1, j):
                    best, best_j = total, j
    found[0], found[1], found[2] = best, -1 if best_j >= 0 else NOT_POSSIBLE, best_j


@bare_pasted
def is_known(state: State, r: int, v: int, bound: int) -> bool:
    """Whether the memo knows the cheapest insertion of request r into vehicle v, or that there is none below
    `bound`; it is then in `scratch.found`."""
    found, memo = state.scratch.found, state.memo
    digest = state.routes.digest[state.routes.row[v]]
    key = np.int64(scramble(digest ^ np.uint64(np.uint64(r + 1) << np.uint64(40))))
    slot = key & (memo.shape[0] - 1)
    is_there = memo[slot, MEMO_KEY] == key and (
        memo[slot, MEMO_PICKUP_AFTER] != NOT_POSSIBLE or memo[slot, MEMO_COST] >= bound
    )
    if is_there:
        found[0] = memo[slot, MEMO_COST]
        found[1] = memo[slot, MEMO_PICKUP_AFTER]
        found[2] = memo[slot, MEMO_DELIVERY_AFTER]
    return bool(is_there)


@bare_pasted
def find_anew(terms: Terms, state: State, r: int, v: int, bound: int, overlook: float) -> None:
    """Cheapest insertion of request r into vehicle v below `bound`, into `scratch.found`, and into the memo
    unless pairs of positions are overlooked."""
    found, memo = state.scratch.found, state.memo
    # Without exact schedules the whole answer costs little more than the bounded one, and lasts longer.
    limit = bound if terms.is_exact[0] or overlook > 0.0 else TOO_DEAR
    if not terms.eligible[r, v]:
        found[0], found[1], found[2] = TOO_DEAR, NOT_POSSIBLE, NOT_POSSIBLE
    elif len(state) > PLAIN_STATE:
        find_general(terms, state, r, v, limit, overlook)  # type: ignore[arg-type]  # general by its length
    elif terms.bound_to[r] == v:
        find_delivery(terms, state, r, v, limit)
    else:
        find_pair(terms, state, r, v, limit, overlook)
    if overlook == 0.0:
        digest = state.routes.digest[state.routes.row[v]]
        key = np.int64(scramble(digest ^ np.uint64(np.uint64(r + 1) << np.uint64(40))))
        slot = key & (memo.shape[0] - 1)
        memo[slot, MEMO_KEY] = key
        memo[slot, MEMO_COST] = found[0]
        memo[slot, MEMO_PICKUP_AFTER] = found[1]
        memo[slot, MEMO_DELIVERY_AFTER] = found[2]


@bare_kernel
def find(terms: Terms, state: State, r: int, v: int, bound: int) -> None:
    """Cheapest insertion of request r into vehicle v below `bound`, into `scratch.found`, by the memo if it
    can."""
    if not is_known(state, r, v, bound):
        find_anew(terms, state, r, v, bound, 0.0)


@bare_pasted
def cheapest_vehicle(terms: Terms, state: State, r: int, blink: float, best: Array) -> bool:
    """Cheapest insertion of request r in any open vehicle: `best` = cost, positions, vehicle.

    With probability `blink` half of a route's pairs are overlooked, so that the best one is missed now and
    then: Christiaens and Vanden Berghe (2020) overlook single positions, which a memo cannot. Of empty
    vehicles of one kind the first is asked. Vehicles that the memo knows come first, so that the others have
    to look no further than for something cheaper.
    """
    routes, found, counters = state.routes, state.scratch.found, state.counters
    tried, unknown = state.scratch.tried, state.scratch.unknown
    best[0] = TOO_DEAR
    best[1] = NOT_POSSIBLE
    counters[ASKED] += 1
    bound_to = terms.bound_to[r]
    left = 0
    for n in range(counters[OPEN] if bound_to == NOBODY else 1):
        v = wide(state.scratch.open[n] if bound_to == NOBODY else bound_to)
        if routes.length[routes.row[v]] == 2:
            kind = terms.vehicle[v, KIND]
            if tried[kind] == counters[ASKED]:
                continue
            tried[kind] = counters[ASKED]
        if unit(state.random) < blink:
            if bound_to == NOBODY:
                unknown[left] = -1 - v
                left += 1
        elif is_known(state, r, v, best[0]):
            if found[1] != NOT_POSSIBLE and found[0] < best[0]:
                best[0], best[1], best[2], best[3] = found[0], found[1], found[2], v
        else:
            unknown[left] = v
            left += 1
    for k in range(left):
        v = wide(unknown[k])
        overlook = 0.0
        if v < 0:
            v = -1 - v
            overlook = 0.5
        find_anew(terms, state, r, v, best[0], overlook)
        if found[1] != NOT_POSSIBLE and found[0] < best[0]:
            best[0], best[1], best[2], best[3] = found[0], found[1], found[2], v
    return bool(best[1] != NOT_POSSIBLE)
