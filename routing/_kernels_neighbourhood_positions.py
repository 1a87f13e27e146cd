"""Kernels of the neighbourhood search for general problems (shared service, breaks, promises that cost,
times by period, ways that do not exist): the cheapest insertion of a request into one route."""

from __future__ import annotations

from typing import TYPE_CHECKING

from routing._jit import bare_inlined, bare_kernel
from routing._kernels_neighbourhood_general import is_break, is_overfull, lateness_with, next_visit
from routing._kernels_neighbourhood_times import price_of_visit
from routing._kernels_random import unit
from routing.neighbourhood_arrays import (
    BEGUN,
    BROKEN,
    EVALUATED,
    FIXED_COST,
    FROZEN,
    IS_OUT,
    IS_SHARED,
    KIND,
    LATE_WEIGHT,
    LATEST_END,
    NOT_POSSIBLE,
    SCALE,
)
from routing.quantities import NO_LIMIT

if TYPE_CHECKING:
    from routing.neighbourhood_arrays import Array, Features, GeneralState, Routes, Terms


@bare_inlined
def has_room_behind(free: Array, need: Array, row: int, k: int, kind: int, r: int) -> bool:
    """Whether request r fits beside what is on board after position k."""
    is_enough = True
    for c in range(need.shape[2]):
        if free[row, k, c] < need[kind, r, c]:
            is_enough = False
    return is_enough


@bare_inlined
def reach(terms: Terms, x: int, place: int, begun: int, ready: int) -> int:
    """Earliest start of visit x after one at `place` that began at `begun` and is done at `ready`.

    `begun` is `NO_LIMIT` where its service is not shared.
    """
    here = terms.place[x]
    if here == place and begun < NO_LIMIT:
        begin = max(begun, terms.earliest[x])
    else:
        begin = max(ready + terms.travel[place, here], terms.earliest[x])
    return int(begin)


@bare_inlined
def done(terms: Terms, x: int, place: int, begun: int, ready: int, begin: int) -> int:
    """When all service at the place of visit x is done, which starts at `begin`; the rest as in `reach`."""
    end = begin + terms.service[x]
    if terms.place[x] == place and begun < NO_LIMIT:
        end = max(end, ready)
    return int(end)


@bare_kernel
def fits_before(
    terms: Terms, routes: Routes, bounds: Array, row: int, k: int, place: int, begun: int, ready: int
) -> bool:
    """Whether the visit at position k and those behind it keep their windows after a visit at `place`."""
    x = routes.visit[row, k]
    if x >= 0 and begun < NO_LIMIT and routes.at[row, k] == place:
        begin = max(begun, terms.earliest[x])
        return bool(begin <= routes.latest[row, k] and ready <= bounds[row, k, LATEST_END])
    return bool(ready + terms.travel[place, routes.at[row, k]] <= routes.latest[row, k])


@bare_inlined
def price(features: Features, x: int, begin: int) -> int:
    """What it costs that visit x starts at `begin`."""
    cost = 0
    if features.rules[LATE_WEIGHT] > 0 and begin > features.promised[x]:
        late = begin - features.promised[x]
        cost = price_of_visit(features.rules[LATE_WEIGHT], features.rules[SCALE], late)
    return cost


@bare_kernel
def find_pair_general(terms: Terms, state: GeneralState, r: int, v: int, bound: int, overlook: float) -> None:
    """Cheapest insertion of request r into vehicle v below `bound`, into `scratch.found`.

    As `find_pair`: all pairs of positions, tested in O(1) by bounds on cost, load and windows. What is left
    is scheduled exactly unless the bounds are exact, and then its price is. A break moves along with the
    visit before it, so that no position behind a break is tried.
    """
    routes, features, found = state.routes, state.features, state.scratch.found
    bounds = features.bounds
    row = routes.row[v]
    n = routes.length[row]
    kind = terms.vehicle[v, KIND]
    frozen = terms.vehicle[v, FROZEN]
    at, depart, free, visit = routes.at, routes.depart, routes.free, routes.visit
    cost, need = terms.cost, terms.need
    x, y = 2 * r, 2 * r + 1
    p, d = terms.place[x], terms.place[y]
    p_latest, d_latest = terms.latest[x], terms.latest[y]
    is_exact = terms.is_exact[0] or features.late[row] >= BROKEN
    is_shared = features.rules[IS_SHARED] == 1
    best = bound
    best_i = NOT_POSSIBLE
    best_j = NOT_POSSIBLE
    tried = 0
    extra = terms.vehicle[v, FIXED_COST] if n == 2 else 0
    is_paid = n > 2 or terms.vehicle[v, IS_OUT] == 1
    was_late = features.late[row]
    mended = was_late if was_late >= BROKEN else 0
    for i in range(frozen, n - 1):
        if i > frozen and is_break(terms, visit[row, i]):
            continue
        if min(depart[row, i], bounds[row, i, BEGUN]) > p_latest:
            break
        if not has_room_behind(free, need, row, i, kind, r):
            continue
        a = at[row, i]
        begin = reach(terms, x, a, bounds[row, i, BEGUN], depart[row, i])
        if begin > p_latest:
            continue
        ready = done(terms, x, a, bounds[row, i, BEGUN], depart[row, i], begin)
        m = next_visit(terms, visit, row, i)
        c = at[row, m]
        at_pickup = price(features, x, begin)
        detour = extra + cost[a, p] - mended
        if is_paid:
            detour -= cost[a, c]
        begun = begin if is_shared else NO_LIMIT
        # delivery directly behind the pickup
        tried += 1
        arrival = reach(terms, y, p, begun, ready)
        guess = at_pickup + price(features, y, arrival)
        total = detour + cost[p, d] + cost[d, c] + guess
        if total < best and arrival <= d_latest and (overlook == 0.0 or unit(state.random) >= overlook):
            after = done(terms, y, p, begun, ready, arrival)
            if fits_before(terms, routes, bounds, row, m, d, arrival if is_shared else NO_LIMIT, after):
                if is_exact:
                    late = lateness_with(terms, routes, features, r, v, i, i)
                    total += late - guess - was_late + mended
                    if late >= BROKEN:
                        total = best
                if total < best:
                    best, best_i, best_j = total, i, i
        # delivery behind a later visit
        detour += cost[p, c]
        if detour + at_pickup >= best or not fits_before(terms, routes, bounds, row, m, p, begun, ready):
            continue
        place = p
        ride = 0
        j = m
        while j < n - 1:
            if not has_room_behind(free, need, row, j, kind, r):
                break
            z = visit[row, j]
            b = at[row, j]
            ride += terms.travel[place, b]
            start = reach(terms, z, place, begun, ready)
            ready = done(terms, z, place, begun, ready, start)
            begun = start if is_shared else NO_LIMIT
            place = b
            if (start if is_shared else ready) > d_latest or ride > terms.max_ride[r]:
                break
            if start > routes.latest[row, j] or ready > bounds[row, j, LATEST_END]:
                break
            tried += 1
            m = next_visit(terms, visit, row, j)
            c = at[row, m]
            arrival = reach(terms, y, b, begun, ready)
            guess = at_pickup + price(features, y, arrival)
            total = detour + cost[b, d] + cost[d, c] - cost[b, c] + guess
            if total < best and arrival <= d_latest and (overlook == 0.0 or unit(state.random) >= overlook):
                after = done(terms, y, b, begun, ready, arrival)
                if fits_before(terms, routes, bounds, row, m, d, arrival if is_shared else NO_LIMIT, after):
                    if is_exact:
                        late = lateness_with(terms, routes, features, r, v, i, j)
                        total += late - guess - was_late + mended
                        if late >= BROKEN:
                            total = best
                    if total < best:
                        best, best_i, best_j = total, i, j
            j = m
    state.counters[EVALUATED] += tried
    found[0], found[1], found[2] = best, best_i, best_j


@bare_kernel
def find_delivery_general(terms: Terms, state: GeneralState, r: int, v: int, bound: int) -> None:
    """Cheapest place in vehicle v for the delivery of request r, which is on board, below `bound`."""
    routes, features, found = state.routes, state.features, state.scratch.found
    bounds = features.bounds
    row = routes.row[v]
    n = routes.length[row]
    frozen = terms.vehicle[v, FROZEN]
    at, visit = routes.at, routes.visit
    y = 2 * r + 1
    d = terms.place[y]
    is_shared = features.rules[IS_SHARED] == 1
    best = bound
    best_j = NOT_POSSIBLE
    extra = terms.vehicle[v, FIXED_COST] if n == 2 else 0
    is_paid = n > 2 or terms.vehicle[v, IS_OUT] == 1
    was_late = features.late[row]
    mended = was_late if was_late >= BROKEN else 0
    is_exact = terms.is_exact[0] or was_late >= BROKEN
    for j in range(frozen, n - 1):
        if j > frozen and is_break(terms, visit[row, j]):
            continue
        if is_overfull(routes.free, row, j):
            break
        b = at[row, j]
        begun, ready = bounds[row, j, BEGUN], routes.depart[row, j]
        begin = reach(terms, y, b, begun, ready)
        if begin > terms.latest[y]:
            continue
        m = next_visit(terms, visit, row, j)
        c = at[row, m]
        total = extra + terms.cost[b, d] + terms.cost[d, c] - mended
        if is_paid:
            total -= terms.cost[b, c]
        if total + price(features, y, begin) >= best:
            continue
        after = done(terms, y, b, begun, ready, begin)
        if fits_before(terms, routes, bounds, row, m, d, begin if is_shared else NO_LIMIT, after):
            if is_exact:
                late = lateness_with(terms, routes, features, r, v, -1, j)
                total += late - was_late + mended
                if late >= BROKEN:
                    total = best
            if total < best:
                best, best_j = total, j
    found[0], found[1], found[2] = best, -1 if best_j >= 0 else NOT_POSSIBLE, best_j


@bare_kernel
def find_general(terms: Terms, state: GeneralState, r: int, v: int, bound: int, overlook: float) -> None:
    """Cheapest insertion of request r into vehicle v below `bound`, into `scratch.found`."""
    if terms.bound_to[r] == v:
        find_delivery_general(terms, state, r, v, bound)
    else:
        find_pair_general(terms, state, r, v, bound, overlook)
