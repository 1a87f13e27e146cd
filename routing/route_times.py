"""The earliest times of one route in doubles, and the rules of time that it breaks; part of the checker.

Plain Python; no kernel. The times are the least ones that keep ways, services, earliest times, ride limits
and the limit of the route's duration; what they then break, every schedule breaks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from routing.exact_figures import ExactFigures
from routing.problem import NO_LIMIT, NOWHERE, Problem
from routing.quantities import UNREACHABLE

TOLERANCE = 1e-6
"""Units of the source by which a limit may be missed: sums of doubles are not exact."""

MOST_ROUNDS = 10_000
"""Rounds in which limits raise times where travel times change by period."""


class _Excess(NamedTuple):
    """A missed limit in words, and when the visit at `position` must begin to keep it (None: the route)."""

    sentence: str
    position: int | None
    begin: float


@dataclass(slots=True)
class RouteTimes:
    """Start and end of each visit of a route, its cost, and every limit of time that it misses."""

    problem: Problem
    exact: ExactFigures
    vehicle: int
    route: Sequence[int]
    place: list[int] = field(default_factory=list)
    start: list[float] = field(default_factory=list)
    end: list[float] = field(default_factory=list)
    leave: float = -math.inf
    finish: float = 0.0
    cost: float = 0.0
    violations: list[str] = field(default_factory=list)

    @classmethod
    def find(cls, problem: Problem, exact: ExactFigures, vehicle: int, route: Sequence[int]) -> RouteTimes:
        """Times and cost of a route whose visits exist."""
        times = cls(problem, exact, vehicle, route)
        times._find_places()
        times.cost = times._way_cost()
        lowest = [times._window(visit)[0] for visit in route]
        times._pass_forward(lowest)
        times.violations += times._missed_windows()
        if not times.violations:
            times._keep_limits(lowest)
        times.cost += times._lateness()
        return times

    def _window(self, visit: int) -> tuple[float, float]:
        first_break = 2 * self.problem.request_count
        if visit >= first_break:
            _, earliest, latest, _ = self.problem.breaks[visit - first_break].tolist()
            return earliest / self.problem.scale, latest / self.problem.scale
        windows = self.exact.delivery_window if visit % 2 else self.exact.pickup_window
        earliest, latest = windows[visit // 2].tolist()
        return earliest, latest

    def _service(self, visit: int) -> float:
        first_break = 2 * self.problem.request_count
        if visit >= first_break:
            return int(self.problem.breaks[visit - first_break, 3]) / self.problem.scale
        services = self.exact.delivery_service if visit % 2 else self.exact.pickup_service
        return float(services[visit // 2])

    def _find_places(self) -> None:
        here = int(self.problem.start_place[self.vehicle])
        for visit in self.route:
            own = int(self.problem.visit_place[visit])
            here = here if own == NOWHERE else own
            self.place.append(here)

    def _way_cost(self) -> float:
        start, end = int(self.problem.start_place[self.vehicle]), int(self.problem.end_place[self.vehicle])
        if not self.route and not self.problem.is_out[self.vehicle]:
            return 0.0
        cost = int(self.problem.fixed_cost[self.vehicle]) / self.problem.scale if self.route else 0.0
        here = start
        for place in [*self.place, *([end] if end != NOWHERE else [])]:
            if place != here or self.exact.cost[here, place] > 0:
                cost += float(self.exact.cost[here, place])
            here = place
        return cost

    def _is_break(self, k: int) -> bool:
        return self.route[k] >= 2 * self.problem.request_count

    def _pass_forward(self, lowest: Sequence[float]) -> None:
        """Earliest times with no visit before its `lowest`, nor the departure before `leave`."""
        problem, v = self.problem, self.vehicle
        self.leave = max(self.leave, float(self.exact.shift[v, 0]))
        self.start, self.end = [], []
        ready, begun = self.leave, None
        if problem.is_service_shared and problem.visit_start[v] != NO_LIMIT:
            begun = int(problem.visit_start[v]) / problem.scale
        here = int(problem.start_place[v])
        for k, visit in enumerate(self.route):
            service = self._service(visit)
            if self._is_break(k):
                begin = max(lowest[k], ready)
                ready, begun = begin + service, None
            elif begun is not None and self.place[k] == here:
                begin = max(lowest[k], begun)
                ready, begun = max(ready, begin + service), begin
            else:
                begin = max(lowest[k], self._arrival(here, self.place[k], ready))
                ready, begun = begin + service, begin if problem.is_service_shared else None
            here = self.place[k]
            self.start.append(begin)
            self.end.append(ready)
        home = int(problem.end_place[v])
        is_driven = bool(self.route) and home != NOWHERE
        self.finish = self._arrival(here, home, ready) if is_driven else ready

    def _arrival(self, here: int, there: int, ready: float) -> float:
        """Earliest arrival of who is ready to leave; by period, the best of leaving at once and of waiting
        for the beginning of a later one."""
        problem = self.problem
        begins = [begin / problem.scale for begin in problem.period_start.tolist()]
        if not begins:
            return ready + float(self.exact.travel[here, there])
        arrivals = [math.inf]
        for q, until in enumerate([*begins[1:], math.inf]):
            leave = max(ready, begins[q]) if q else ready
            way = int(problem.travel_by_period[q, here, there])
            if leave < until and way < UNREACHABLE:
                arrivals.append(leave + way / problem.scale)
        return min(arrivals)

    def _missed_windows(self) -> list[str]:
        """Visits that start too late, and a late end."""
        found = []
        for k, visit in enumerate(self.route):
            what, latest = self.problem.describe_visit(visit), self._window(visit)[1]
            if math.isinf(self.start[k]):
                return [f"vehicle {self.vehicle} has no way to the {what}"]
            if self.start[k] > latest + TOLERANCE:
                found.append(
                    f"vehicle {self.vehicle} starts the {what} at {self.start[k]:.10g};"
                    f" its window closes at {latest:.10g}"
                )
        limit = float(self.exact.shift[self.vehicle, 1])
        if self.route and math.isinf(self.finish):
            found.append(f"vehicle {self.vehicle} has no way to its end")
        elif self.route and self.finish > limit + TOLERANCE:
            found.append(f"vehicle {self.vehicle} ends at {self.finish:.10g}; its shift ends at {limit:.10g}")
        return found

    def _keep_limits(self, lowest: list[float]) -> None:
        """Begin pickups and the route later until rides and the duration are within their limits.

        Each round settles one limit more, or they contradict each other; by period it may take more.
        """
        missed: list[_Excess] = []
        rounds = MOST_ROUNDS if len(self.problem.period_start) else len(self.route) + 3
        for _ in range(rounds):
            missed = self._excesses()
            if not missed:
                return
            for excess in missed:
                if excess.position is None:
                    self.leave = excess.begin
                else:
                    lowest[excess.position] = excess.begin
            self._pass_forward(lowest)
            if late := self._missed_windows():
                self.violations.append(f"{missed[0].sentence}; if it begins later, {late[0]}")
                return
        self.violations += [excess.sentence for excess in missed]

    def _excesses(self) -> list[_Excess]:
        """Limits that are missed, and when what they limit must begin instead."""
        found = []
        at = {visit: k for k, visit in enumerate(self.route)}
        for k, visit in enumerate(self.route):
            if self._is_break(k) or visit % 2 == 0 or visit - 1 not in at:
                continue
            p, limit = at[visit - 1], float(self.exact.max_ride[visit // 2])
            ride = self.start[k] - (self.start[p] + self._service(visit - 1))
            if ride > limit + TOLERANCE:
                sentence = (
                    f"vehicle {self.vehicle} keeps request {visit // 2} on board for {ride:.10g};"
                    f" its limit is {limit:.10g}"
                )
                found.append(_Excess(sentence, p, self.start[p] + ride - limit))
        limit = float(self.exact.max_duration[self.vehicle])
        duration = self.finish - self.leave
        if self.route and duration > limit + TOLERANCE:
            sentence = f"vehicle {self.vehicle} is on its way for {duration:.10g}; its limit is {limit:.10g}"
            found.append(_Excess(sentence, None, self.finish - limit))
        return found

    def _lateness(self) -> float:
        """What broken promises cost, at these times; counted in the problem's integers as engines do."""
        if not self.problem.late_weight or self.violations:
            return 0.0
        cost = 0
        for visit, start in zip(self.route, self.start, strict=True):
            if visit < 2 * self.problem.request_count:
                promised = int(self.problem.promise[visit // 2, visit % 2])
                late = max(0, round(start * self.problem.scale) - promised)
                cost += self.problem.late_weight * late * late // self.problem.scale
        return cost / self.problem.scale
