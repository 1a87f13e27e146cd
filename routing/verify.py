"""The independent checker: whether a plan keeps every rule, and what it costs in the doubles of its source.

Plain Python over plain lists; no kernel and no engine has a part in it. Every plan that leaves an engine
passes through it in tests and benchmarks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from routing.exact_figures import ExactFigures
from routing.plan import Plan
from routing.problem import NOWHERE, Problem
from routing.route_times import RouteTimes

if TYPE_CHECKING:
    from routing.instances import Instance


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a plan is worth.

    Attributes
    ----------
    vehicles
        How many are used.
    cost
        Ways, fixed costs and lateness in units of the source; no penalties.
    penalty
        Of the requests left out, in units of the source.
    unserved
        Requests that are not delivered.
    violations
        Every broken rule in one sentence, with the vehicle, the visit, the value and the limit.
    """

    vehicles: int
    cost: float
    penalty: float
    unserved: tuple[int, ...]
    violations: tuple[str, ...]

    @property
    def is_feasible(self) -> bool:
        """Whether every rule is kept and every request served."""
        return not self.violations and not self.unserved


def verify(subject: Problem | Instance, plan: Plan | Sequence[Sequence[int]]) -> Verdict:
    """Check a plan, or its routes alone, against every rule of its problem.

    Parameters
    ----------
    subject
        An instance is checked in its own doubles, a problem alone in its integers (divided by its scale).
    """
    problem = subject if isinstance(subject, Problem) else subject.problem
    exact = ExactFigures.of(problem) if isinstance(subject, Problem) else subject.exact
    routes = [list(route) for route in (plan.routes if isinstance(plan, Plan) else plan)]
    violations: list[str] = []
    if len(routes) != problem.vehicle_count:
        violations.append(f"the plan has {len(routes)} routes; there are {problem.vehicle_count} vehicles")
    violations += _visits(problem, routes)
    served = {
        visit // 2
        for route in routes
        for visit in route
        if 0 <= visit < 2 * problem.request_count and visit % 2
    }
    unserved = tuple(r for r in range(problem.request_count) if r not in served)
    if isinstance(plan, Plan) and tuple(plan.unserved) != unserved:
        violations.append(f"the plan calls {list(plan.unserved)} unserved; {list(unserved)} are")
    cost = 0.0
    for v, route in enumerate(routes[: problem.vehicle_count]):
        if any(not 0 <= visit < problem.visit_count for visit in route):
            continue
        violations += _company(problem, v, route)
        violations += _loads(problem, v, route)
        times = RouteTimes.find(problem, exact, v, route)
        violations += times.violations
        cost += times.cost
    return Verdict(
        vehicles=sum(1 for route in routes if route),
        cost=cost,
        penalty=sum(int(problem.penalty[r]) for r in unserved) / problem.scale,
        unserved=unserved,
        violations=tuple(violations),
    )


def _visits(problem: Problem, routes: Sequence[Sequence[int]]) -> Iterator[str]:
    """Each visit at most once; pickup before delivery in one vehicle; who is on board is delivered."""
    where: dict[int, tuple[int, int]] = {}
    for v, route in enumerate(routes):
        for k, visit in enumerate(route):
            if not 0 <= visit < problem.visit_count:
                yield f"vehicle {v} makes visit {visit}; there are 0 to {problem.visit_count - 1}"
            elif visit in where:
                what = problem.describe_visit(visit)
                yield f"{what} is made twice: by vehicle {where[visit][0]} and by vehicle {v}"
            else:
                where[visit] = (v, k)
    for r in range(problem.request_count):
        pickup, delivery = where.get(2 * r), where.get(2 * r + 1)
        carrier = int(problem.on_board[r])
        if carrier != NOWHERE:
            if pickup is not None:
                yield f"vehicle {pickup[0]} picks up request {r}, which is on board vehicle {carrier}"
            if delivery is None:
                yield f"request {r} is on board vehicle {carrier} and is not delivered"
            elif delivery[0] != carrier:
                yield f"request {r} is on board vehicle {carrier} and is delivered by vehicle {delivery[0]}"
        elif delivery is None and pickup is not None:
            yield f"vehicle {pickup[0]} picks up request {r} and does not deliver it"
        elif pickup is None and delivery is not None:
            yield f"vehicle {delivery[0]} delivers request {r} and does not pick it up"
        elif pickup is not None and delivery is not None:
            if pickup[0] != delivery[0]:
                yield f"request {r} is picked up by vehicle {pickup[0]} and delivered by {delivery[0]}"
            elif delivery[1] < pickup[1]:
                yield f"vehicle {pickup[0]} delivers request {r} before it picks it up"


def _company(problem: Problem, v: int, route: Sequence[int]) -> Iterator[str]:
    """Who may be served, what is fixed already, and breaks."""
    for visit in route:
        if visit < 2 * problem.request_count and not problem.eligible[visit // 2, v]:
            yield f"vehicle {v} makes the {problem.describe_visit(visit)}, which it may not serve"
    fixed = problem.prefix[v]
    if tuple(route[: len(fixed)]) != fixed:
        yield f"vehicle {v} begins with {list(route[: len(fixed)])}; fixed is {list(fixed)}"
    for b, owner in enumerate(problem.breaks[:, 0].tolist()):
        is_taken = 2 * problem.request_count + b in route
        if owner == v and route and not is_taken:
            yield f"vehicle {v} does not take break {b}"
        if owner != v and is_taken:
            yield f"vehicle {v} takes break {b} of vehicle {owner}"


def _loads(problem: Problem, v: int, route: Sequence[int]) -> Iterator[str]:
    """A . load <= b after every visit, and before the first."""
    kinds = range(problem.load.shape[1])
    on_board = [r for r in range(problem.request_count) if problem.on_board[r] == v]
    load = [sum(int(problem.load[r, c]) for r in on_board) for c in kinds]
    for position in range(-1, len(route)):
        if position >= 0:
            visit = route[position]
            if visit >= 2 * problem.request_count:
                continue
            sign = -1 if visit % 2 else 1
            load = [load[c] + sign * int(problem.load[visit // 2, c]) for c in kinds]
        for k, (*weights, limit) in enumerate(problem.capacity[v].tolist()):
            used = sum(weight * amount for weight, amount in zip(weights, load, strict=True))
            if used > limit:
                what = "before it leaves"
                if position >= 0:
                    what = f"after the {problem.describe_visit(route[position])}"
                yield f"vehicle {v} carries {used} {what}; row {k} of its capacity allows {limit}"
