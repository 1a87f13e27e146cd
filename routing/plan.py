"""A plan: the routes that an engine answers with, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from routing.problem import NOWHERE, Problem


@dataclass(frozen=True, slots=True)
class Plan:
    """Routes of a problem and their cost; make one with `make_plan`.

    Attributes
    ----------
    routes
        Visit numbers, one tuple a vehicle; empty = the vehicle is not used.
    unserved
        Requests that no route serves, ascending.
    cost
        Of ways, fixed costs, lateness beyond promises and penalties, in the problem's integers.
    vehicles
        How many vehicles are used.
    """

    routes: tuple[tuple[int, ...], ...]
    unserved: tuple[int, ...]
    cost: int
    vehicles: int

    def rank(self, problem: Problem) -> tuple[int, ...]:
        """What plans of one problem are compared by; less is better.

        Where fewest vehicles come first, the penalties of those left out come before them.
        """
        if problem.vehicles_first:
            return sum(int(problem.penalty[r]) for r in self.unserved), self.vehicles, self.cost
        return (self.cost,)


def way_cost(problem: Problem, vehicle: int, route: Sequence[int]) -> int:
    """Cost of the ways of one route from start to end, with the vehicle's fixed cost.

    The place of a break is that of the visit before it.
    """
    start, end = int(problem.start_place[vehicle]), int(problem.end_place[vehicle])
    if not route and not problem.is_out[vehicle]:
        return 0
    cost = int(problem.fixed_cost[vehicle]) if route else 0
    here = start
    for visit in route:
        place = int(problem.visit_place[visit])
        if place != NOWHERE:
            cost += int(problem.cost[here, place])
            here = place
    return cost + (int(problem.cost[here, end]) if end != NOWHERE else 0)


def make_plan(problem: Problem, routes: Sequence[Sequence[int]]) -> Plan:
    """The plan of these routes, one a vehicle; who is not delivered is unserved. It checks nothing."""
    served = {
        visit // 2 for route in routes for visit in route if visit < 2 * problem.request_count and visit % 2
    }
    unserved = tuple(r for r in range(problem.request_count) if r not in served)
    cost = sum(way_cost(problem, v, route) for v, route in enumerate(routes))
    if problem.late_weight:
        from routing.schedule import lateness_cost

        cost += sum(lateness_cost(problem, v, route) for v, route in enumerate(routes))
    return Plan(
        routes=tuple(tuple(int(visit) for visit in route) for route in routes),
        unserved=unserved,
        cost=cost + sum(int(problem.penalty[r]) for r in unserved),
        vehicles=sum(1 for route in routes if route),
    )
