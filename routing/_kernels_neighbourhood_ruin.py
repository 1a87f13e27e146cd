"""Kernels of the neighbourhood search: ruin by adjacent strings, and the order of recreation.

Christiaens and Vanden Berghe (2020), "Slack Induction by String Removals for Vehicle Routing Problems": a
string of neighbouring visits is taken out of each of several neighbouring routes, so that all of them have
slack at the same place. A request leaves with both of its visits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from routing._jit import bare_kernel, bare_pasted
from routing._kernels_neighbourhood_routes import drop_marked, wide
from routing._kernels_random import below, unit
from routing.neighbourhood_arrays import (
    ABSENT,
    COST,
    FROZEN,
    LONGEST_STRING,
    MEAN_REMOVED,
    NOBODY,
    RELATED_PERCENT,
    SCATTERED_PERCENT,
    SPLIT_PERCENT,
    TIMELY_PERCENT,
    USED,
)

if TYPE_CHECKING:
    from routing.neighbourhood_arrays import Array, Routes, State, Terms


@bare_pasted
def ruin(terms: Terms, state: State, settings: Array, times: int) -> None:
    """Take requests out of routes in one of three ways, drawn at random; they become absent.

    Strings (Christiaens and Vanden Berghe 2020); single requests near one visit, by place or by time and
    place (Shaw 1998, Ropke and Pisinger 2006); requests anywhere. `times` multiplies their number.
    """
    way = below(state.random, 100)
    metric = 1 if below(state.random, 100) < settings[TIMELY_PERCENT] else 0
    mean_removed = times * settings[MEAN_REMOVED]
    if way < settings[SCATTERED_PERCENT]:
        remove_scattered(terms, state, mean_removed)
    elif way < settings[SCATTERED_PERCENT] + settings[RELATED_PERCENT]:
        remove_related(terms, state, mean_removed, metric)
    else:
        longest = times * settings[LONGEST_STRING]
        remove_strings(terms, state, mean_removed, longest, settings[SPLIT_PERCENT] / 100.0, metric)


@bare_kernel
def remove_scattered(terms: Terms, state: State, mean_removed: int) -> None:
    """Take single requests out of any routes, one to about half of `mean_removed`."""
    requests = state.routes.absent.shape[0]
    for _ in range(1 + below(state.random, max(1, mean_removed // 2))):
        remove_one(terms, state, below(state.random, requests))


@bare_pasted
def remove_related(terms: Terms, state: State, mean_removed: int, metric: int) -> None:
    """Take single requests out of any routes, each with a visit near one visit; half of those near stay."""
    n_visits, near = terms.neighbours.shape[1], terms.neighbours.shape[2]
    centre = below(state.random, n_visits)
    count = 1 + below(state.random, max(1, mean_removed))
    for place in range(near):
        if count == 0:
            break
        if place == 0 or unit(state.random) < 0.5:
            if remove_one(terms, state, terms.neighbours[metric, centre, place] >> 1):
                count -= 1


@bare_kernel
def remove_one(terms: Terms, state: State, r: int) -> bool:
    """Take request r out of its route, unless it is absent already or bound to its vehicle."""
    routes, counters = state.routes, state.counters
    v = wide(routes.vehicle_of[2 * r + 1])
    if v == NOBODY or terms.bound_to[r] != NOBODY:
        return False
    before = routes.cost[routes.row[v]]
    mark_absent(terms, routes, counters, r)
    drop_marked(terms, state, v)
    counters[COST] += routes.cost[routes.row[v]] - before
    return True


@bare_pasted
def remove_strings(
    terms: Terms, state: State, mean_removed: int, longest_string: int, split_share: float, metric: int
) -> None:
    """Take strings out of routes near one visit.

    About `mean_removed` visits leave, in strings of at most `longest_string`; a share of the strings keeps
    some visits in its middle.
    """
    routes, counters, scratch = state.routes, state.counters, state.scratch
    n_visits = 2 * terms.max_ride.shape[0]
    if counters[USED] == 0:
        return
    mean_length = (n_visits - 2 * counters[ABSENT]) / counters[USED]
    longest = min(float(longest_string), mean_length)
    most_strings = 4.0 * mean_removed / (1.0 + longest) - 1.0
    strings = int(unit(state.random) * most_strings + 1.0)
    centre = below(state.random, n_visits)
    taken = 0
    for place in range(terms.neighbours.shape[2]):
        if taken >= strings:
            break
        x = terms.neighbours[metric, centre, place]
        v = wide(routes.vehicle_of[x])
        if v == NOBODY or routes.is_touched[v]:
            continue
        n = choose_string(terms, state, v, x, longest, split_share)
        if n == 0:
            continue
        taken += 1
        before = routes.cost[routes.row[v]]
        for k in range(n):
            mark_absent(terms, routes, counters, scratch.string[k] >> 1)
        drop_marked(terms, state, v)
        counters[COST] += routes.cost[routes.row[v]] - before


@bare_pasted
def choose_string(terms: Terms, state: State, v: int, x: int, longest: float, split_share: float) -> int:
    """Visits of a random string of vehicle v that contains visit x, into `scratch.string`; how many.

    0 where x may not move.
    """
    routes, random, string = state.routes, state.random, state.scratch.string
    row = routes.row[v]
    visit = routes.visit
    first = terms.vehicle[v, FROZEN] + 1
    end = routes.length[row] - 1
    at = -1
    for k in range(first, end):
        if visit[row, k] == x:
            at = k
            break
    if at < 0:
        return 0
    free = end - first
    size = int(unit(random) * min(longest, float(free)) + 1.0)
    size = min(size, free)
    kept = 0
    if 1 < size < free and unit(random) < split_share:
        kept = 1
        while size + kept < free and unit(random) > 0.01:
            kept += 1
    window = size + kept
    low = max(first, at - window + 1)
    high = min(at, end - window)
    begin = low + below(random, high - low + 1)
    keep_from = begin + below(random, size + 1) if kept > 0 else end
    n = 0
    for k in range(begin, begin + window):
        if keep_from <= k < keep_from + kept and k != at:
            continue
        if visit[row, k] >= 2 * terms.max_ride.shape[0]:
            continue
        string[n] = visit[row, k]
        n += 1
    return n


@bare_pasted
def mark_absent(terms: Terms, routes: Routes, counters: Array, r: int) -> None:
    """Request r leaves its route, unless its visits have been taken or its pickup may not move.

    A rider on board, or one whose pickup is frozen, leaves with the delivery alone.
    """
    if routes.vehicle_of[2 * r + 1] == NOBODY:
        return
    routes.vehicle_of[2 * r + 1] = NOBODY
    if terms.bound_to[r] == NOBODY:
        routes.vehicle_of[2 * r] = NOBODY
    routes.absent[counters[ABSENT]] = r
    counters[ABSENT] += 1
    counters[COST] += terms.penalty[r]


@bare_pasted
def order_absent(terms: Terms, state: State) -> None:
    """Sort the absent requests by a rule drawn at random; the order of insertion decides what blocks what."""
    routes, random, key = state.routes, state.random, state.scratch.key
    n = state.counters[ABSENT]
    absent = routes.absent
    rule = below(random, 20)
    depot = terms.vehicle[0, 0]
    for k in range(n):
        r = absent[k]
        p, d = 2 * r, 2 * r + 1
        far = terms.cost[depot, terms.place[p]] + terms.cost[depot, terms.place[d]]
        if rule < 6:
            key[k] = below(random, 1 << 30)
        elif rule < 10:
            key[k] = -far
        elif rule < 13:
            key[k] = far
        elif rule < 15:
            key[k] = terms.latest[p] - terms.earliest[p] + terms.latest[d] - terms.earliest[d]
        elif rule < 17:
            key[k] = terms.earliest[p]
        elif rule < 18:
            key[k] = -terms.latest[d]
        else:
            key[k] = -(terms.need[0, r, 0] << 32) - terms.cost[terms.place[p], terms.place[d]]
    for a in range(1, n):
        r = absent[a]
        rank = key[a]
        b = a - 1
        while b >= 0 and key[b] > rank:
            absent[b + 1] = absent[b]
            key[b + 1] = key[b]
            b -= 1
        absent[b + 1] = r
        key[b + 1] = rank
