"""Kernels of the neighbourhood search for general problems (shared service, breaks, promises that cost,
times by period, ways that do not exist): when the visits of one route take place, and between which visits
its breaks are taken.

The words are those of `routing/problem.py`. Lateness is what promises cost at the least schedule; `BROKEN`
stands for a route that has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from routing._jit import bare_kernel
from routing.neighbourhood_arrays import (
    BASE,
    BASE_END,
    BEHIND,
    BEST_BEHIND,
    BROKEN,
    END,
    END_PLACE,
    FLOOR,
    FREE_BREAK,
    FROZEN,
    IS_SHARED,
    LATE_WEIGHT,
    MAX_DURATION,
    SCALE,
    SHIFT_END,
    SHIFT_START,
    START,
    START_PLACE,
    TRIAL,
    VISIT_START,
    WHOLE,
)
from routing.quantities import NO_LIMIT, UNREACHABLE

if TYPE_CHECKING:
    from routing.neighbourhood_arrays import Array, Features, Terms

MOST_PASSES = 200
"""Forward passes of one schedule where times change by period; a route that needs more is not made."""

MOST_TRIES = 100
"""Schedules computed to place the breaks of one route; one or two breaks need fewer on usual routes."""


@bare_kernel
def lateness(terms: Terms, features: Features, which: int, v: int, n: int) -> int:
    """What promises cost on the route of vehicle v whose n positions are row `which` of `work`, or `BROKEN`.

    Least fixed point of the difference constraints, as in `has_schedule`. Writes the rows START and END.
    """
    work, pickup_at = features.work, features.pickup_at
    first_break = 2 * terms.max_ride.shape[0]
    work[FLOOR, 0] = terms.vehicle[v, SHIFT_START]
    for k in range(1, n - 1):
        x = work[which, k]
        work[FLOOR, k] = terms.earliest[x]
        if x < first_break and x & 1 == 0:
            pickup_at[x >> 1] = k
    max_duration = terms.vehicle[v, MAX_DURATION]
    for _ in range(n + 2 if features.period_start.shape[0] == 0 else MOST_PASSES):
        finish = pass_forward(terms, features, which, v, n)
        if finish >= BROKEN:
            return BROKEN
        has_moved = False
        for k in range(n - 2, 0, -1):
            x = work[which, k]
            if x & 1 == 0 or x >= first_break or terms.max_ride[x >> 1] >= NO_LIMIT:
                continue
            needed = work[START, k] - terms.max_ride[x >> 1] - terms.service[x - 1]
            p = pickup_at[x >> 1]
            if needed > work[START, p]:
                work[FLOOR, p] = needed
                has_moved = True
        if finish - max_duration > work[FLOOR, 0]:
            work[FLOOR, 0] = finish - max_duration
            has_moved = True
        if not has_moved:
            return price_of_lateness(features, which, n)
    return BROKEN


@bare_kernel
def pass_forward(terms: Terms, features: Features, which: int, v: int, n: int) -> int:
    """Earliest times with no visit before its FLOOR; the end of the route, or `BROKEN` where a visit or the
    end is too late or there is no way."""
    work = features.work
    is_shared = features.rules[IS_SHARED] == 1
    here = terms.vehicle[v, START_PLACE]
    begun = terms.vehicle[v, VISIT_START]
    time = np.int64(work[FLOOR, 0])
    work[END, 0] = time
    for k in range(1, n - 1):
        x = work[which, k]
        place = terms.place[x]
        if place < 0:
            begin = max(time, work[FLOOR, k])
            time = begin + terms.service[x]
            begun = NO_LIMIT
        elif place == here and begun < NO_LIMIT:
            begin = max(begun, work[FLOOR, k])
            time = max(time, begin + terms.service[x])
            begun = begin
        else:
            arrival = arrive(terms, features, here, place, int(time))
            if arrival >= BROKEN:
                return BROKEN
            begin = max(arrival, work[FLOOR, k])
            time = begin + terms.service[x]
            begun = begin if is_shared else NO_LIMIT
            here = place
        if begin > terms.latest[x]:
            return BROKEN
        work[START, k] = begin
        work[END, k] = time
    finish = arrive(terms, features, here, terms.vehicle[v, END_PLACE], int(time))
    return finish if finish <= terms.vehicle[v, SHIFT_END] else BROKEN


@bare_kernel
def arrive(terms: Terms, features: Features, here: int, there: int, leave: int) -> int:
    """Earliest arrival at `there` of a vehicle that may leave `here` at `leave`, or `BROKEN`; by period as in
    `_kernels_schedule.arrive`."""
    starts = features.period_start
    if starts.shape[0] == 0:
        way = terms.travel[here, there]
        return BROKEN if way >= UNREACHABLE else leave + way
    k = starts.shape[0] - 1
    while k > 0 and starts[k] > leave:
        k -= 1
    best = BROKEN
    for q in range(k, starts.shape[0]):
        way = features.travel_by_period[q, here, there]
        if way < UNREACHABLE:
            best = min(best, (leave if q == k else starts[q]) + way)
    return best


@bare_kernel
def price_of_lateness(features: Features, which: int, n: int) -> int:
    """Sum over the visits that start after what was promised."""
    work, promised = features.work, features.promised
    weight, scale = features.rules[LATE_WEIGHT], features.rules[SCALE]
    price = 0
    if weight == 0:
        return price
    for k in range(1, n - 1):
        x = work[which, k]
        if x < promised.shape[0] and work[START, k] > promised[x]:
            price += price_of_visit(weight, scale, work[START, k] - promised[x])
    return min(price, BROKEN - 1)


@bare_kernel
def price_of_visit(weight: int, scale: int, late: int) -> int:
    """weight * late**2 // scale, kept within what sums of costs can hold."""
    if float(weight) * late * late >= float(BROKEN):
        return BROKEN // 64
    return weight * late * late // scale


@bare_kernel
def settle(terms: Terms, features: Features, v: int, n: int) -> int:
    """Lateness of the route of vehicle v in the first n positions of WHOLE, with its breaks where they serve
    best.

    Breaks stay where they are while nobody is late. The route as settled stands in WHOLE and its positions
    in `length`; an empty one needs no breaks.
    """
    features.length[0] = n
    if n == 2:
        return 0
    owned = features.break_begin[v + 1] - features.break_begin[v]
    if owned == 0:
        return lateness(terms, features, WHOLE, v, n)
    first_break = 2 * terms.max_ride.shape[0]
    taken = 0
    for k in range(1, n - 1):
        if features.work[WHOLE, k] >= first_break:
            taken += 1
    late = BROKEN
    if taken == owned:
        late = lateness(terms, features, WHOLE, v, n)
        if late == 0:
            return late
    return place_breaks(terms, features, v, n, late)


@bare_kernel
def take_breaks_out(terms: Terms, features: Features, v: int, n: int) -> tuple[int, int]:
    """WHOLE without its free breaks to BASE, and the free breaks of the vehicle, by earliest start, to
    FREE_BREAK; how many positions and how many breaks."""
    work = features.work
    first_break = 2 * terms.max_ride.shape[0]
    frozen = terms.vehicle[v, FROZEN]
    positions = 0
    for k in range(n):
        if k <= frozen or work[WHOLE, k] < first_break:
            work[BASE, positions] = work[WHOLE, k]
            positions += 1
    breaks = 0
    for b in range(features.break_begin[v], features.break_begin[v + 1]):
        is_free = True
        for k in range(1, frozen + 1):
            if work[WHOLE, k] == features.break_visit[b]:
                is_free = False
        if is_free:
            work[FREE_BREAK, breaks] = features.break_visit[b]
            breaks += 1
    return positions, breaks


@bare_kernel
def put_breaks(work: Array, into: int, positions: int, breaks: int, behind: int) -> int:
    """BASE with its first breaks, each behind the position that row `behind` tells, to row `into`; how many
    positions."""
    n = 0
    for k in range(positions):
        work[into, n] = work[BASE, k]
        n += 1
        for b in range(breaks):
            if work[behind, b] == k:
                work[into, n] = work[FREE_BREAK, b]
                n += 1
    return n


@bare_kernel
def place_breaks(terms: Terms, features: Features, v: int, n: int, late: int) -> int:
    """Lateness with the breaks of vehicle v at the best places that are found, `late` as they stand.

    Depth first over the places of the breaks, in the order of their earliest starts: a route with some of its
    breaks cannot be better with all of them. Exact for one break, and for more up to `MOST_TRIES` schedules.
    """
    work = features.work
    positions, breaks = take_breaks_out(terms, features, v, n)
    least = lateness(terms, features, BASE, v, positions)
    if late < BROKEN and least >= late:
        return late
    for k in range(positions):
        work[BASE_END, k] = work[END, k]
    for b in range(breaks):
        work[BEST_BEHIND, b] = positions - 2
    best = late
    level = 0 if breaks > 0 and least < late else -1
    work[BEHIND, 0] = terms.vehicle[v, FROZEN]
    tries = 0
    while level >= 0 and tries < MOST_TRIES:
        at = work[BEHIND, level]
        if at > positions - 2 or work[BASE_END, at] > terms.latest[work[FREE_BREAK, level]]:
            level -= 1
            if level >= 0:
                work[BEHIND, level] += 1
            continue
        length = put_breaks(work, TRIAL, positions, level + 1, BEHIND)
        cost = lateness(terms, features, TRIAL, v, length)
        tries += 1
        if cost >= best:
            work[BEHIND, level] += 1
        elif level < breaks - 1:
            level += 1
            work[BEHIND, level] = at
        else:
            best = cost
            for b in range(breaks):
                work[BEST_BEHIND, b] = work[BEHIND, b]
            if best <= least:
                break
            work[BEHIND, level] += 1
    if best < late or late >= BROKEN:
        features.length[0] = put_breaks(work, WHOLE, positions, breaks, BEST_BEHIND)
    return best
