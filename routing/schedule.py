"""When each visit of a route takes place: the least schedule that keeps every limit, and the one to drive.

A route is a system of difference constraints: windows, ways, services, ride limits, the route's duration. Its
least fixed point starts every visit as early as any schedule can, so that a route is feasible exactly if the
fixed point keeps every latest time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing._kernels_schedule import arrive, delay_pickups, least_schedule, leave_by
from routing.problem import NO_LIMIT, NOWHERE, Problem

Array = NDArray[Any]


class ScheduleTables(NamedTuple):
    """What the kernels read of a problem; `first_break` is the number of the first visit that is a break."""

    travel: Array
    period_start: Array
    travel_by_period: Array
    visit_place: Array
    visit_window: Array
    visit_service: Array
    max_ride: Array
    promised: Array
    start_place: Array
    end_place: Array
    shift: Array
    visit_start: Array
    max_duration: Array
    is_shared: bool
    first_break: int


class Waiting(StrEnum):
    """Where a vehicle spends the time that it has to spare."""

    BEFORE_DRIVING = "before_driving"
    """It leaves as late as it can for the next visit, and can be diverted until then."""
    AFTER_DRIVING = "after_driving"
    """It drives at once and waits at the next visit."""


class PickupTime(StrEnum):
    """When riders board, within what their deliveries leave open."""

    LATE = "late"
    """As late as no later delivery minds: nobody waits on board."""
    EARLY = "early"
    """As early as the vehicle can be there."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Times of one route; visits by position.

    Attributes
    ----------
    leave
        Departure from the vehicle's start.
    arrive, start, end
        Arrival, start of service, and when all service begun at that place so far has ended.
    finish
        Arrival at the vehicle's end, or end of the last visit of a vehicle that may end anywhere.
    """

    leave: int
    arrive: tuple[int, ...]
    start: tuple[int, ...]
    end: tuple[int, ...]
    finish: int


@dataclass(frozen=True, slots=True)
class BrokenAt:
    """A route that no schedule keeps, and the position where that shows; `len(route)` = its end."""

    position: int


def tables_of(problem: Problem) -> ScheduleTables:
    """A problem as the schedule's kernels read it."""
    return ScheduleTables(
        travel=problem.travel,
        period_start=problem.period_start,
        travel_by_period=problem.travel_by_period,
        visit_place=problem.visit_place,
        visit_window=problem.visit_window,
        visit_service=problem.visit_service,
        max_ride=problem.max_ride,
        promised=problem.promise,
        start_place=problem.start_place,
        end_place=problem.end_place,
        shift=problem.shift,
        visit_start=problem.visit_start,
        max_duration=problem.max_duration,
        is_shared=problem.is_service_shared,
        first_break=2 * problem.request_count,
    )


def schedule_route(
    problem: Problem,
    vehicle: int,
    route: Sequence[int],
    *,
    pickups: PickupTime = PickupTime.LATE,
    waiting: Waiting = Waiting.BEFORE_DRIVING,
) -> Schedule | BrokenAt:
    """The times of a route as it is to be driven, or where it cannot be kept.

    Deliveries and breaks start as early as any schedule can; `pickups` and `waiting` say what becomes of the
    time to spare. Loads, and who may be served by whom, are not looked at.

    Parameters
    ----------
    route
        Visit numbers; each delivery stands after its pickup, unless the rider is on board. A vehicle with an
        empty route stays where it is.

    Notes
    -----
    The question of Hunsaker & Savelsbergh (2002) and Haugland & Ho (2010), who answer it in linear and nearly
    linear time; routes are short, so that a few passes do.
    """
    tables = tables_of(problem)
    visits = np.array(route, np.int64)
    start, end, lowest = (np.zeros(len(visits), np.int64) for _ in range(3))
    at = np.zeros(problem.visit_count, np.int64)
    broken, leave, _ = least_schedule(tables, vehicle, visits, start, end, lowest, at)
    if broken != NOWHERE:
        return BrokenAt(int(broken))
    if pickups is PickupTime.LATE:
        delay_pickups(tables, vehicle, visits, start, end)
    return _driven(problem, tables, vehicle, visits, start, int(leave), waiting)


def lateness_cost(problem: Problem, vehicle: int, route: Sequence[int]) -> int:
    """What promises that cannot be kept cost on this route, at the earliest times that any schedule has.

    Nothing for a route that no schedule keeps.
    """
    if problem.late_weight == 0 or not route:
        return 0
    earliest = schedule_route(problem, vehicle, route, pickups=PickupTime.EARLY)
    if isinstance(earliest, BrokenAt):
        return 0
    cost = 0
    for visit, start in zip(route, earliest.start, strict=True):
        if visit < 2 * problem.request_count:
            late = max(0, start - int(problem.promise[visit // 2, visit % 2]))
            cost += problem.late_weight * late * late // problem.scale
    return cost


def _driven(
    problem: Problem,
    tables: ScheduleTables,
    vehicle: int,
    route: Array,
    starts: Array,
    leave: int,
    waiting: Waiting,
) -> Schedule:
    """Arrivals, departures and ends that follow from the starts of the visits."""
    here = int(problem.start_place[vehicle])
    last_start = int(problem.visit_start[vehicle])
    last_end = leave
    can_share = problem.is_service_shared and last_start != NO_LIMIT
    arrivals: list[int] = []
    end: list[int] = []
    for k, visit in enumerate(route.tolist()):
        place, service, start = (
            int(problem.visit_place[visit]),
            int(problem.visit_service[visit]),
            int(starts[k]),
        )
        if place == NOWHERE:
            arrival = last_end
            last_end, can_share = start + service, False
        elif can_share and place == here:
            arrival = last_start
            last_end = max(last_end, start + service)
        else:
            if waiting is Waiting.BEFORE_DRIVING:
                last_end = int(leave_by(tables, here, place, start))
                if k == 0:
                    leave = last_end
            arrival = int(arrive(tables, here, place, last_end))
            last_end, can_share, here = start + service, problem.is_service_shared, place
        last_start = start
        arrivals.append(arrival)
        end.append(last_end)
    home = int(problem.end_place[vehicle]) if len(route) else NOWHERE
    finish = int(arrive(tables, here, home, last_end)) if home != NOWHERE else last_end
    return Schedule(leave, tuple(arrivals), tuple(int(start) for start in starts), tuple(end), finish)
