"""Set partitioning: the best plan that can be put together from routes seen before, by CP-SAT."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ortools.sat.python import cp_model

from routing.neighbourhood_arrays import BROKEN, FIXED_COST, KIND, POOLED, State, Terms
from routing.neighbourhood_state import Visits
from routing.plan import way_cost
from routing.problem import Problem
from routing.schedule import lateness_cost

MOST_ROUTES: Final = 20_000
"""Routes offered to the model; the latest are kept."""


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
    routes are chosen than there are vehicles. Routes that are bound to a vehicle stay with it.

    Parameters
    ----------
    states
        Searches whose pools are united.
    incumbent
        The plan to beat, given to the solver as a hint.
    work
        CP-SAT's deterministic time, which depends on the work done and never on the clock.
    """
    kinds = terms.vehicle[:, KIND]
    columns = _columns(problem, terms, states, incumbent)
    if len(columns) <= sum(1 for visits in incumbent if visits):
        return None
    model = cp_model.CpModel()
    by_request: dict[int, list[cp_model.IntVar]] = {}
    by_kind: dict[int, list[cp_model.IntVar]] = {}
    chosen = {}
    used = {(int(kinds[v]), visits) for v, visits in enumerate(incumbent) if visits}
    for key, cost in columns.items():
        kind, visits = key
        variable = model.new_bool_var("")
        chosen[key] = (variable, cost)
        by_kind.setdefault(kind, []).append(variable)
        for request in {x // 2 for x in visits}:
            by_request.setdefault(request, []).append(variable)
        model.add_hint(variable, key in used)
    left_out = []
    for request in range(problem.request_count):
        variables = by_request.get(request, [])
        if terms.penalty[request] < 2**40 or not variables:
            variable = model.new_bool_var("")
            left_out.append((variable, int(terms.penalty[request])))
            model.add_hint(variable, not any(request == x // 2 for visits in incumbent for x in visits))
            variables = [*variables, variable]
        model.add_exactly_one(variables)
    for kind, variables in by_kind.items():
        model.add(sum(variables) <= int((kinds == kind).sum()))
    model.minimize(sum(variable * cost for variable, cost in [*chosen.values(), *left_out]))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = work
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    free = {int(kind): [v for v, one in enumerate(kinds) if one == kind] for kind in set(kinds.tolist())}
    routes: list[tuple[int, ...]] = [()] * problem.vehicle_count
    for (kind, visits), (variable, _) in chosen.items():
        if solver.value(variable):
            routes[free[kind].pop(0)] = visits
    return tuple(routes)


def _columns(
    problem: Problem, terms: Terms, states: Sequence[State], incumbent: Visits
) -> dict[tuple[int, tuple[int, ...]], int]:
    """Cost of each distinct route, beyond that of an empty one, by kind of vehicle and visits; of one set of
    visits the cheapest order."""
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
    return {(kind, visits): cost for (kind, _), (cost, visits) in best.items()}


def route_cost(problem: Problem, terms: Terms, v: int, visits: Sequence[int]) -> int:
    """Cost of a route as the search counts it, beyond that of an empty one."""
    vehicle = int(terms.vehicle[v, FIXED_COST]) - int(problem.fixed_cost[v])
    cost = way_cost(problem, v, visits) + lateness_cost(problem, v, visits)
    return vehicle + cost - empty_cost(problem, v)


def empty_cost(problem: Problem, v: int) -> int:
    """What a vehicle costs that serves nobody: its way home, if it is on the road."""
    return way_cost(problem, v, ())
