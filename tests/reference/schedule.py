"""The times of one route as a linear program, solved by SciPy: every rule is one inequality.

It shares nothing with `routing` but the arrays of the problem. Difference constraints have whole solutions,
so that the program's optimum is the integer schedule.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog

from routing.problem import NO_LIMIT, NOWHERE, Problem
from routing.quantities import UNREACHABLE


class RouteProgram:
    """Variables: departure, end of the route, then start and end of each visit."""

    def __init__(self, problem: Problem, vehicle: int, route: Sequence[int]) -> None:
        self.route = list(route)
        self.size = 2 + 2 * len(self.route)
        self.rows: list[list[int]] = []
        self.limits: list[int] = []
        self.has_way = True
        earliest, latest = problem.shift[vehicle].tolist()
        self.bounds: list[tuple[float | None, float | None]] = [(None, None)] * self.size
        self.bounds[0] = (earliest, None)
        self.bounds[1] = (None, latest)
        self._follow(problem, vehicle)
        if problem.max_duration[vehicle] < NO_LIMIT:
            self._at_most(1, 0, int(problem.max_duration[vehicle]))
        for k, visit in enumerate(self.route):
            is_delivery = visit < 2 * problem.request_count and visit % 2 == 1
            if is_delivery and visit - 1 in self.route and problem.max_ride[visit // 2] < NO_LIMIT:
                p = self.route.index(visit - 1)
                ride = int(problem.max_ride[visit // 2]) + int(problem.visit_service[visit - 1])
                self._at_most(2 + 2 * k, 2 + 2 * p, ride)

    def _at_most(self, later: int, earlier: int, limit: int) -> None:
        """later - earlier <= limit"""
        row = [0] * self.size
        row[later] += 1
        row[earlier] -= 1
        self.rows.append(row)
        self.limits.append(limit)

    def _follow(self, problem: Problem, vehicle: int) -> None:
        here, before, begun = int(problem.start_place[vehicle]), 0, int(problem.visit_start[vehicle])
        shares = problem.is_service_shared and begun != NO_LIMIT
        first = None
        for k, visit in enumerate(self.route):
            start, end = 2 + 2 * k, 3 + 2 * k
            place = int(problem.visit_place[visit])
            opens, closes = problem.visit_window[visit].tolist()
            self.bounds[start] = (opens, closes)
            self._at_most(start, end, -int(problem.visit_service[visit]))
            if shares and place == here:
                if first is None:
                    self.bounds[start] = (max(opens, begun), closes)
                else:
                    self._at_most(first, start, 0)
                self._at_most(before, end, 0)
            else:
                way = 0 if place == NOWHERE else int(problem.travel[here, place])
                self.has_way &= way < UNREACHABLE
                self._at_most(before, start, -way)
            shares = problem.is_service_shared and place != NOWHERE
            here = here if place == NOWHERE else place
            before, first = end, start
        home = int(problem.end_place[vehicle])
        way = 0 if home == NOWHERE else int(problem.travel[here, home])
        self.has_way &= way < UNREACHABLE
        self._at_most(before, 1, -way)

    def starts(self) -> list[int] | None:
        """Earliest start of every visit, or None where no schedule keeps every rule."""
        return self._solve(np.ones(self.size), self.bounds)

    def starts_late(self, problem: Problem, earliest: Sequence[int]) -> list[int] | None:
        """Pickups as late as they can start while deliveries and breaks start at `earliest`, no promise being
        broken that need not be."""
        bounds = list(self.bounds)
        goal = np.zeros(self.size)
        bounds[1] = (None, self._finish(np.ones(self.size)))
        for k, visit in enumerate(self.route):
            low, high = bounds[2 + 2 * k]
            is_pickup = visit < 2 * problem.request_count and visit % 2 == 0
            if is_pickup:
                promised = max(int(problem.promise[visit // 2, 0]), earliest[k])
                goal[2 + 2 * k] = -1.0
                bounds[2 + 2 * k] = (low, promised if high is None else min(high, promised))
            else:
                bounds[2 + 2 * k] = (earliest[k], earliest[k])
        return self._solve(goal, bounds)

    def _finish(self, goal: np.ndarray) -> float:
        answer = linprog(goal, A_ub=np.array(self.rows), b_ub=np.array(self.limits), bounds=self.bounds)
        return float(round(answer.x[1]))

    def _solve(
        self, goal: np.ndarray, bounds: Sequence[tuple[float | None, float | None]]
    ) -> list[int] | None:
        if not self.has_way:
            return None
        answer = linprog(goal, A_ub=np.array(self.rows), b_ub=np.array(self.limits), bounds=bounds)
        if not answer.success:
            return None
        return [round(float(x)) for x in answer.x[2::2]]
