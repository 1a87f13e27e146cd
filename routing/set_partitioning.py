"""Set partitioning: the best plan that can be put together from routes seen before.

A linear program tells which routes can be in a better plan at all; CP-SAT chooses among these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model
from scipy.optimize import linprog
from scipy.sparse import csc_array

from routing.neighbourhood_arrays import BROKEN, FIXED_COST, KIND, POOLED, State, Terms
from routing.neighbourhood_state import Visits
from routing.plan import way_cost
from routing.problem import Problem
from routing.schedule import lateness_cost

Array = NDArray[Any]

MOST_ROUTES: Final = 20_000
"""Routes offered to the linear program; the latest are kept."""

MOST_CHOICES: Final = 3_000
"""Routes offered to CP-SAT; those of least reduced cost are kept."""

SLACK: Final = 1e-6
"""Reduced cost, in shares of the dearest route, that rounding in the linear program may account for."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Routes to choose from; the last of them leave one request out each.

    Attributes
    ----------
    kind
        Of vehicle, int64, shape (n,); -1 = a request left out.
    visits
        Of each route; of a request left out its pickup.
    cost
        int64, shape (n,), beyond that of an empty vehicle, or the request's penalty.
    is_used
        bool, shape (n,). Whether the incumbent has it.
    """

    kind: Array
    visits: list[tuple[int, ...]]
    cost: Array
    is_used: Array

    def requests(self) -> tuple[Array, Array]:
        """Request and column of each membership, int64, shape (m,) each; a rider on board is in by the
        delivery alone."""
        members = [sorted({x // 2 for x in visits}) for visits in self.visits]
        column = np.repeat(np.arange(len(members)), [len(one) for one in members])
        return np.array([request for one in members for request in one], np.int64), column

    def taken(self, chosen: Array) -> Columns:
        """Only these columns."""
        visits = [self.visits[n] for n in chosen]
        return Columns(self.kind[chosen], visits, self.cost[chosen], self.is_used[chosen])


def partition_routes(
    problem: Problem,
    terms: Terms,
    states: Sequence[State],
    incumbent: Visits,
    *,
    work: float,
) -> Visits | None:
    """The cheapest plan made of pooled routes alone, or None where the pool holds none better.

    Every request is in exactly one chosen route or left out at its penalty; of each kind of vehicle no more
    routes are chosen than there are vehicles. Routes that are bound to a vehicle stay with it. A route whose
    reduced cost in the linear relaxation is above what the incumbent costs more than the relaxation is in no
    better plan: of 11,000 routes some hundred remain, which CP-SAT settles in hundredths of a second.

    Parameters
    ----------
    states
        Searches whose pools are united.
    incumbent
        The plan to beat, given to the solver as a hint.
    work
        CP-SAT's deterministic time, which depends on the work done and never on the clock.
    """
    columns = _columns(problem, terms, states, incumbent)
    if len(columns.cost) == int(columns.is_used.sum()):
        return None
    vehicles = np.bincount(terms.vehicle[:, KIND])
    chosen = _that_may_gain(columns, problem.request_count, vehicles)
    if chosen is None:
        return None
    columns = columns.taken(chosen)
    picked = _choose(columns, problem.request_count, vehicles, work)
    if picked is None:
        return None
    kinds = terms.vehicle[:, KIND]
    free = {kind: np.flatnonzero(kinds == kind).tolist() for kind in range(len(vehicles))}
    routes: list[tuple[int, ...]] = [()] * problem.vehicle_count
    for n in picked:
        if columns.kind[n] >= 0:
            routes[free[int(columns.kind[n])].pop(0)] = columns.visits[n]
    return tuple(routes)


def _that_may_gain(columns: Columns, requests: int, vehicles: Array) -> Array | None:
    """Columns that may be in a plan better than the incumbent, int64, by reduced cost; None = no such plan.

    Solved in shares of the dearest route, as fixed costs that come first are large.
    """
    n = len(columns.cost)
    request, column = columns.requests()
    unit = float(columns.cost[columns.kind >= 0].max(initial=1))
    cost = columns.cost / unit
    serves = csc_array((np.ones(len(request)), (request, column)), shape=(requests, n))
    is_route = np.flatnonzero(columns.kind >= 0)
    takes = csc_array((np.ones(len(is_route)), (columns.kind[is_route], is_route)), shape=(len(vehicles), n))
    rows: Any = takes, serves  # the stubs of scipy know dense rows alone
    relaxed = linprog(
        cost, A_ub=rows[0], b_ub=vehicles, A_eq=rows[1], b_eq=np.ones(requests), method="highs-ds"
    )
    if relaxed.status != 0 or relaxed.fun is None:
        return None
    room = float(cost[columns.is_used].sum()) - float(relaxed.fun)
    if room * unit < 0.5:
        return None
    reduced = cost - serves.T @ relaxed.eqlin.marginals - takes.T @ relaxed.ineqlin.marginals
    order = np.argsort(np.where(columns.is_used, 0.0, reduced), kind="stable")
    kept: Array = np.sort(order[: min(MOST_CHOICES, int((reduced <= room + SLACK).sum()))])
    return kept


def _choose(columns: Columns, requests: int, vehicles: Array, work: float) -> list[int] | None:
    """The cheapest columns that serve, or leave out, each request once; None where none were found."""
    model = cp_model.CpModel()
    variables = [model.new_bool_var("") for _ in columns.cost]
    by_request: list[list[cp_model.IntVar]] = [[] for _ in range(requests)]
    for request, column in zip(*columns.requests(), strict=True):
        by_request[request].append(variables[column])
    for those in by_request:
        model.add_exactly_one(those)
    for kind, most in enumerate(vehicles.tolist()):
        model.add(sum(variables[n] for n in np.flatnonzero(columns.kind == kind)) <= most)
    for variable, is_used in zip(variables, columns.is_used.tolist(), strict=True):
        model.add_hint(variable, is_used)
    model.minimize(sum(int(cost) * one for cost, one in zip(columns.cost, variables, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = work
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return [n for n, one in enumerate(variables) if solver.value(one)]


def _columns(problem: Problem, terms: Terms, states: Sequence[State], incumbent: Visits) -> Columns:
    """Each distinct route by kind of vehicle and visits, of one set of visits the cheapest order, and the
    requests that may be left out."""
    best: dict[tuple[int, frozenset[int]], tuple[int, tuple[int, ...]]] = {}
    kinds = terms.vehicle[:, KIND].tolist()

    def offer(kind: int, visits: tuple[int, ...], cost: int) -> None:
        key = (kind, frozenset(visits))
        if cost < BROKEN // 2 and (key not in best or cost < best[key][0]):
            best[key] = (cost, visits)

    for state in states:
        pool = state.pool
        count = int(state.counters[POOLED])
        flat = pool.visit[: pool.begin[count]].tolist()
        for n in range(max(0, count - MOST_ROUTES), count):
            visits = tuple(flat[pool.begin[n] : pool.begin[n + 1]])
            offer(kinds[pool.vehicle[n]], visits, int(pool.cost[n]) - empty_cost(problem, pool.vehicle[n]))
    for v, visits in enumerate(incumbent):
        if visits:
            offer(kinds[v], visits, route_cost(problem, terms, v, visits))
    used = {(kinds[v], frozenset(visits)) for v, visits in enumerate(incumbent) if visits}
    served = {x // 2 for _, visits in best for x in visits}
    carried = {x // 2 for visits in incumbent for x in visits}
    out = [
        request
        for request in range(problem.request_count)
        if terms.penalty[request] < 2**40 or request not in served
    ]
    return Columns(
        np.array([kind for kind, _ in best] + [-1] * len(out)),
        [visits for _, visits in best.values()] + [(2 * request,) for request in out],
        np.array([cost for cost, _ in best.values()] + terms.penalty[out].tolist(), np.int64),
        np.array([key in used for key in best] + [request not in carried for request in out]),
    )


def route_cost(problem: Problem, terms: Terms, v: int, visits: Sequence[int]) -> int:
    """Cost of a route as the search counts it, beyond that of an empty one."""
    vehicle = int(terms.vehicle[v, FIXED_COST]) - int(problem.fixed_cost[v])
    cost = way_cost(problem, v, visits) + lateness_cost(problem, v, visits)
    return vehicle + cost - empty_cost(problem, v)


def empty_cost(problem: Problem, v: int) -> int:
    """What a vehicle costs that serves nobody: its way home, if it is on the road."""
    return way_cost(problem, v, ())
