"""Kernels that time one route of a problem: the least schedule that keeps every limit, or where it breaks.

Times are int64; the words are those of `routing/problem.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from routing._jit import kernel
from routing.quantities import NO_LIMIT, NOWHERE, UNREACHABLE

if TYPE_CHECKING:
    from routing.schedule import ScheduleTables

Array = npt.NDArray[Any]

NEVER = 2**40
"""Arrival where no way leads."""

MOST_PASSES = 10_000
"""Forward passes where times change by period: nothing tells beforehand how many a fixed point needs."""


@kernel
def arrive(tables: ScheduleTables, here: int, there: int, leave: int) -> int:
    """Earliest arrival at `there` of a vehicle that may leave `here` at `leave`, or `NEVER`.

    It waits for a later period where that is faster, so that arrivals never fall as departures rise.
    """
    starts = tables.period_start
    if len(starts) == 0:
        way = tables.travel[here, there]
        return NEVER if way >= UNREACHABLE else leave + way
    k = len(starts) - 1
    while k > 0 and starts[k] > leave:
        k -= 1
    best = NEVER
    for q in range(k, len(starts)):
        way = tables.travel_by_period[q, here, there]
        if way < UNREACHABLE:
            best = min(best, (leave if q == k else starts[q]) + way)
    return best


@kernel
def leave_by(tables: ScheduleTables, here: int, there: int, arrival: int) -> int:
    """Latest departure from `here` that is at `there` by `arrival`; -`NEVER` where there is none."""
    starts = tables.period_start
    if len(starts) == 0:
        way = tables.travel[here, there]
        return -NEVER if way >= UNREACHABLE else arrival - way
    for q in range(len(starts) - 1, -1, -1):
        way = tables.travel_by_period[q, here, there]
        leave = arrival - way
        if q + 1 < len(starts):
            leave = min(leave, starts[q + 1] - 1)
        if way < UNREACHABLE and (q == 0 or leave >= starts[q]):
            return int(leave)
    return -NEVER


@kernel
def pass_forward(
    tables: ScheduleTables, vehicle: int, route: Array, leave: int, lowest: Array, start: Array, end: Array
) -> tuple[int, int]:
    """Earliest times of a route that leaves at `leave`, no visit before its `lowest`.

    Writes `start` and `end`; returns (position that is too late, end of the route). The position is that of
    the first visit that starts after its window, the length of the route where its end is too late, and
    `NOWHERE` where all is kept.
    """
    here = tables.start_place[vehicle]
    last_start = tables.visit_start[vehicle]
    last_end = leave
    can_share = tables.is_shared and last_start != NO_LIMIT
    for k in range(len(route)):
        visit = route[k]
        place = tables.visit_place[visit]
        begin = lowest[k]
        if place == NOWHERE:
            begin = max(begin, last_end)
            last_end = begin + tables.visit_service[visit]
            can_share = False
        elif can_share and place == here:
            begin = max(begin, last_start)
            last_end = max(last_end, begin + tables.visit_service[visit])
        else:
            arrival = arrive(tables, here, place, last_end)
            if arrival >= NEVER:
                return k, last_end
            begin = max(begin, arrival)
            last_end = begin + tables.visit_service[visit]
            can_share = tables.is_shared
            here = place
        start[k] = begin
        end[k] = last_end
        last_start = begin
        if begin > tables.visit_window[visit, 1]:
            return k, last_end
    home = tables.end_place[vehicle]
    if home != NOWHERE:
        arrival = arrive(tables, here, home, last_end)
        if arrival >= NEVER:
            return len(route), last_end
        last_end = arrival
    if last_end > tables.shift[vehicle, 1]:
        return len(route), last_end
    return NOWHERE, last_end


@kernel
def raise_pickups(tables: ScheduleTables, route: Array, start: Array, lowest: Array, at: Array) -> int:
    """Raise `lowest` of each pickup whose rider would ride too long; the position of one of them, or
    `NOWHERE`.

    `at` is scratch, one entry a visit number.
    """
    raised = NOWHERE
    for k in range(len(route)):
        at[route[k]] = k
    for k in range(len(route) - 1, -1, -1):
        visit = route[k]
        if visit & 1 == 0 or visit >= tables.first_break:
            continue
        limit = tables.max_ride[visit >> 1]
        if limit >= NO_LIMIT or tables.visit_place[visit - 1] == NOWHERE:
            continue
        pickup = at[visit - 1]
        needed = start[k] - limit - tables.visit_service[visit - 1]
        if needed > start[pickup]:
            lowest[pickup] = needed
            raised = pickup
    return raised


@kernel
def least_schedule(
    tables: ScheduleTables, vehicle: int, route: Array, start: Array, end: Array, lowest: Array, at: Array
) -> tuple[int, int, int]:
    """(position that cannot be kept or `NOWHERE`, departure, end of the route), with `start` and `end`
    written.

    Least fixed point of the difference constraints: forward passes, between which pickups and the departure
    are raised as ride limits and the limit of the route's duration demand. Every pass settles one limit more,
    or there is no fixed point: then the position is that of a visit which is still being raised, or the
    length of the route where it is the departure. Times by period rise with the departure too, but not
    evenly: passes go on until a window closes, `MOST_PASSES` at most. An empty route is kept by a vehicle
    that stays.
    """
    leave = tables.shift[vehicle, 0]
    if len(route) == 0:
        return NOWHERE, leave, leave
    limits = 1
    for k in range(len(route)):
        visit = route[k]
        lowest[k] = tables.visit_window[visit, 0]
        if visit < tables.first_break and tables.max_ride[visit >> 1] < NO_LIMIT:
            limits += 1
    raised = NOWHERE
    for _ in range(limits + 2 if len(tables.period_start) == 0 else MOST_PASSES):
        broken, finish = pass_forward(tables, vehicle, route, leave, lowest, start, end)
        if broken != NOWHERE:
            return broken, leave, finish
        raised = raise_pickups(tables, route, start, lowest, at)
        if finish - leave > tables.max_duration[vehicle]:
            leave = finish - tables.max_duration[vehicle]
            raised = len(route)
        if raised == NOWHERE:
            return NOWHERE, leave, finish
    return raised, leave, finish


@kernel
def delay_pickups(tables: ScheduleTables, vehicle: int, route: Array, start: Array, end: Array) -> None:
    """Move pickups of a feasible schedule as late as no later delivery or break, and no promise, minds.

    A backward pass: deliveries and breaks stay, so that every ride only gets shorter.
    """
    latest_end = NO_LIMIT
    next_start = NO_LIMIT
    next_place = NOWHERE
    for k in range(len(route) - 1, -1, -1):
        visit = route[k]
        place = tables.visit_place[visit]
        shares_with_next = tables.is_shared and place != NOWHERE and place == next_place
        if next_start == NO_LIMIT:
            latest_end = end[k]
        elif not shares_with_next:
            # The place of a break is that of the visit before it, so that the way comes after the break.
            latest_end = leave_for_next(tables, vehicle, route, k, next_start)
        if visit < tables.first_break and visit & 1 == 0:
            latest = min(latest_end - tables.visit_service[visit], tables.visit_window[visit, 1])
            if shares_with_next:
                latest = min(latest, next_start)
            latest = min(latest, tables.promised[visit >> 1, 0])
            start[k] = max(start[k], latest)
        next_start = start[k]
        next_place = place


@kernel
def leave_for_next(tables: ScheduleTables, vehicle: int, route: Array, k: int, next_start: int) -> int:
    """Latest departure from visit k of a route that lets the next one start at `next_start`."""
    there = tables.visit_place[route[k + 1]]
    if there == NOWHERE:
        return next_start
    for j in range(k, -1, -1):
        here = tables.visit_place[route[j]]
        if here != NOWHERE:
            return leave_by(tables, here, there, next_start)
    return leave_by(tables, tables.start_place[vehicle], there, next_start)
