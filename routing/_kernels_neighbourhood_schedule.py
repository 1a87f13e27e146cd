"""Kernels of the neighbourhood search: whether a route with one more request can keep all its times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from routing._jit import bare_kernel
from routing.neighbourhood_arrays import MAX_DURATION, SCHEDULED, SHIFT_END, SHIFT_START
from routing.quantities import NO_LIMIT

if TYPE_CHECKING:
    from routing.neighbourhood_arrays import Routes, Scratch, State, Terms


@bare_kernel
def write_candidate(terms: Terms, routes: Routes, scratch: Scratch, r: int, v: int, i: int, j: int) -> int:
    """The route of vehicle v with request r behind positions i and j, into the scratch row; its length."""
    row = routes.row[v]
    length = routes.length[row]
    visit, at = scratch.visit, scratch.at
    n = 0
    for k in range(length):
        visit[n] = routes.visit[row, k]
        at[n] = routes.at[row, k]
        n += 1
        if k == i:
            visit[n] = 2 * r
            at[n] = terms.place[2 * r]
            n += 1
        if k == j:
            visit[n] = 2 * r + 1
            at[n] = terms.place[2 * r + 1]
            n += 1
    return n


@bare_kernel
def is_feasible_with(terms: Terms, state: State, r: int, v: int, i: int, j: int) -> bool:
    """Whether vehicle v can keep all times with request r behind positions i and j. Exact."""
    state.counters[SCHEDULED] += 1
    n = write_candidate(terms, state.routes, state.scratch, r, v, i, j)
    return has_schedule(terms, state.scratch, v, n)


@bare_kernel
def has_schedule(terms: Terms, scratch: Scratch, v: int, n: int) -> bool:
    """Whether the first n positions of the scratch row have a schedule.

    Least fixed point of difference constraints: forward passes give the earliest starts; too long a ride
    raises the floor of its pickup, a route that is too long that of its start, and the passes begin again
    until nothing moves (feasible) or a window closes (infeasible). Each pass settles at least one floor, so
    there are at most n of them; two or three are usual.
    """
    visit, at, start, floor = scratch.visit, scratch.at, scratch.start, scratch.floor
    travel = terms.travel
    floor[0] = terms.vehicle[v, SHIFT_START]
    floor[n - 1] = floor[0]
    for k in range(1, n - 1):
        x = visit[k]
        floor[k] = terms.earliest[x]
        if x & 1 == 0:
            scratch.pickup_at[x >> 1] = k
    shift_end = terms.vehicle[v, SHIFT_END]
    max_duration = terms.vehicle[v, MAX_DURATION]
    for _ in range(n + 2):
        time = floor[0]
        start[0] = time
        place = at[0]
        for k in range(1, n - 1):
            x = visit[k]
            here = at[k]
            time = max(time + travel[place, here], floor[k])
            if time > terms.latest[x]:
                return False
            start[k] = time
            time += terms.service[x]
            place = here
        time += travel[place, at[n - 1]]
        if time > shift_end:
            return False
        has_moved = False
        for k in range(n - 2, 0, -1):
            x = visit[k]
            r = x >> 1
            if x & 1 and terms.max_ride[r] < NO_LIMIT:
                p = scratch.pickup_at[r]
                needed = start[k] - terms.max_ride[r] - terms.service[x - 1]
                if needed > start[p]:
                    floor[p] = needed
                    has_moved = True
        if time - max_duration > start[0]:
            floor[0] = time - max_duration
            has_moved = True
        if not has_moved:
            return True
    return False
