"""Kernels of the neighbourhood search: whether a route with one more request can keep all its times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from routing._jit import bare_pasted
from routing.neighbourhood_arrays import (
    END_PLACE,
    MAX_DURATION,
    NOBODY,
    SCHEDULED,
    SHIFT_END,
    SHIFT_START,
    START_PLACE,
)
from routing.quantities import NO_LIMIT

if TYPE_CHECKING:
    from routing.neighbourhood_arrays import State, Terms


@bare_pasted
def is_feasible_with(terms: Terms, state: State, r: int, v: int, i: int, j: int) -> bool:
    """Whether vehicle v can keep all times with request r behind positions i and j. Exact.

    Least fixed point of difference constraints: a forward pass gives the earliest starts; too long a ride
    raises the floor of its pickup, a route that is too long that of its start, and the next pass begins at
    the first floor raised, until nothing moves (feasible) or a window closes (infeasible). Each pass settles
    at least one floor, so there are at most n of them; two or three are usual.

    Positions are those before the insertion; i = -1 for a rider on board, who has no pickup.
    """
    routes, scratch = state.routes, state.scratch
    start, floor, leg, last = scratch.start, scratch.floor, scratch.leg, scratch.last
    partner, most = scratch.partner, scratch.most
    travel = terms.travel
    state.counters[SCHEDULED] += 1
    row = routes.row[v]
    pickup_at_position = i + 1 if i >= 0 else -1
    delivery_at_position = j + 2 if i >= 0 else j + 1
    n = routes.length[row] + (2 if i >= 0 else 1)
    floor[0] = terms.vehicle[v, SHIFT_START]
    start[0] = floor[0]
    time = start[0]
    place = terms.vehicle[v, START_PLACE]
    wait = 0
    low = n
    taken = 0
    for k in range(1, n - 1):
        if k == pickup_at_position:
            x = 2 * r
        elif k == delivery_at_position:
            x = 2 * r + 1
        else:
            taken += 1
            x = routes.visit[row, taken]
        here = terms.place[x]
        leg[k] = wait + travel[place, here]
        place = here
        wait = terms.service[x]
        floor[k] = terms.earliest[x]
        last[k] = terms.latest[x]
        time = max(time + leg[k], floor[k])
        if time > last[k]:
            return False
        start[k] = time
        partner[k] = NOBODY
        q = x >> 1
        if x & 1 == 0:
            scratch.pickup_at[q] = k
        elif terms.max_ride[q] < NO_LIMIT:
            p = scratch.pickup_at[q]
            partner[k] = p
            most[k] = terms.max_ride[q] + terms.service[x - 1]
            needed = time - most[k]
            if needed > start[p]:
                floor[p] = max(floor[p], needed)
                low = min(low, p)
    leg[n - 1] = wait + travel[place, terms.vehicle[v, END_PLACE]]
    shift_end = terms.vehicle[v, SHIFT_END]
    max_duration = terms.vehicle[v, MAX_DURATION]
    for _ in range(n + 2):
        time += leg[n - 1]
        if time > shift_end:
            return False
        if time - max_duration > start[0]:
            floor[0] = time - max_duration
            low = 0
        if low == n:
            return True
        first = low
        low = n
        if first == 0:
            start[0] = floor[0]
            first = 1
        time = start[first - 1]
        for k in range(first, n - 1):
            time = max(time + leg[k], floor[k])
            if time > last[k]:
                return False
            start[k] = time
            p = partner[k]
            if p != NOBODY:
                needed = time - most[k]
                if needed > start[p]:
                    floor[p] = max(floor[p], needed)
                    low = min(low, p)
    return False
