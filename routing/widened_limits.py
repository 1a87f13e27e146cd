"""Limits as wide as given routes need: for a fleet that runs late and must not run later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.problem import NO_LIMIT, Problem
from routing.schedule import BrokenAt, PickupTime, Schedule, schedule_route


def widened(problem: Problem, routes: Sequence[Sequence[int]]) -> Problem:
    """The problem with limits as wide as these routes need: what they miss already may be missed by as
    much, nothing else may be."""
    late = [v for v in range(len(routes)) if isinstance(_earliest(problem, v, routes[v]), BrokenAt)]
    if not late:
        return problem
    riders = np.array(sorted({visit // 2 for v in late for visit in routes[v]}), np.intp)
    pickups, deliveries = problem.pickup_window.copy(), problem.delivery_window.copy()
    shift, max_ride = problem.shift.copy(), problem.max_ride.copy()
    shift[late, 1] = NO_LIMIT
    deliveries[riders, 1] = NO_LIMIT
    no_rides = max_ride.copy()
    no_rides[riders] = NO_LIMIT
    open_pickups = pickups.copy()
    open_pickups[riders, 1] = NO_LIMIT
    loose = replace(
        problem, pickup_window=open_pickups, delivery_window=deliveries, shift=shift, max_ride=no_rides
    )
    times = {v: _earliest(loose, v, routes[v]) for v in late}
    _raise(pickups, times, routes, 0)
    # With rides as short as they have to be, unless that makes a pickup late.
    raised = replace(problem, pickup_window=pickups, delivery_window=deliveries, shift=shift)
    for v in late:
        shorter = _earliest(raised, v, routes[v])
        if isinstance(shorter, Schedule):
            times[v] = shorter
    deliveries, shift = problem.delivery_window.copy(), problem.shift.copy()
    _raise(deliveries, times, routes, 1)
    for v, found in times.items():
        if isinstance(found, Schedule):
            shift[v, 1] = max(shift[v, 1], found.finish)
            begun = dict(zip(routes[v], found.start, strict=True))
            for visit in routes[v]:
                if visit % 2 and visit - 1 in begun:
                    ride = begun[visit] - begun[visit - 1] - int(problem.pickup_service[visit // 2])
                    max_ride[visit // 2] = max(max_ride[visit // 2], ride)
    return replace(problem, pickup_window=pickups, delivery_window=deliveries, shift=shift, max_ride=max_ride)


def _earliest(problem: Problem, vehicle: int, route: Sequence[int]) -> Schedule | BrokenAt:
    return schedule_route(problem, vehicle, route, pickups=PickupTime.EARLY)


def _raise(
    window: NDArray[Any],
    times: dict[int, Schedule | BrokenAt],
    routes: Sequence[Sequence[int]],
    end: int,
) -> None:
    """Windows of one end close no sooner than these schedules begin its visits."""
    for v, found in times.items():
        if isinstance(found, Schedule):
            for visit, start in zip(routes[v], found.start, strict=True):
                if visit % 2 == end:
                    window[visit // 2, 1] = max(window[visit // 2, 1], start)
