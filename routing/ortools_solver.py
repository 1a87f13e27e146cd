"""The OR-Tools routing library as an engine: cheapest insertion, then guided local search."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from ortools.util import optional_boolean_pb2

from routing.budget import Budget
from routing.errors import ProblemError
from routing.ortools_model import OrToolsModel
from routing.plan import Plan, make_plan
from routing.problem import Problem
from routing.schedule import Schedule, schedule_route

POLLS_PER_LOOK: Final = 256
"""The library asks at every branch whether to stop; the clock is read once in so many times."""

POLLS_PER_ITERATION: Final = 2000
"""Where iterations are counted: so many of these questions for each, at most."""

WALL_SECONDS_PER_CPU_SECOND: Final = 20
"""Safety beside the limit in CPU seconds, which is what counts."""

MOST_REQUESTS_FOR_ALL_RUINS: Final = 60
"""With about 100, a run of 5 s took 10.7 s; with 53 and 48, 5.0 to 5.4 s."""

CLOSE_NODES_WITH_RIDE_LIMITS: Final = 10
"""Visits that a ruin takes out around one; the library's own 5 are better where rides are not limited."""

_RUINS: Final = (
    "use_local_cheapest_insertion_close_nodes_lns",
    "use_local_cheapest_insertion_path_lns",
    "use_local_cheapest_insertion_expensive_chain_lns",
    "use_global_cheapest_insertion_close_nodes_lns",
    "use_global_cheapest_insertion_path_lns",
    "use_global_cheapest_insertion_expensive_chain_lns",
)
"""Moves of the library that take visits out and put them back where they cost least."""


@dataclass(frozen=True, slots=True)
class OrToolsResult:
    """What the library found.

    Attributes
    ----------
    plan
        The best plan, never worse than the one to start with.
    iterations
        Solutions it went through.
    cpu_s
        CPU seconds.
    """

    plan: Plan
    iterations: int
    cpu_s: float


def solve_with_ortools(
    problem: Problem,
    *,
    seed: int,
    iterations: int | None = None,
    seconds: float | None = None,
    start: Plan | None = None,
    on_progress: Callable[[float, Plan], None] | None = None,
) -> OrToolsResult:
    """The best plan that the OR-Tools routing library finds within a limit.

    Parameters
    ----------
    seed
        Of the library's random numbers; its insertion and guided local search draw none.
    iterations
        Solutions that the library may go through, each with a bounded number of branches: the limit that
        makes a run repeatable.
    seconds
        CPU seconds of this thread.
    start
        A plan to begin with that keeps every rule.
    on_progress
        Called at each better plan with the share of the limit that is spent.

    Raises
    ------
    ProblemError
        No limit is given, or both; or travel times change by period, which the library does not know.

    Notes
    -----
    Strategies as measured: parallel insertion is best for pickups and deliveries with windows, local
    insertion where rides are limited; both are improved by guided local search (Voudouris & Tsang 1999),
    among whose moves are ruins mended by cheapest insertion. They matter most; larger problems are given one
    kind alone, because the library does not ask whether to stop while it looks through them.
    """
    if len(problem.period_start):
        raise ProblemError(
            f"{problem.name} has travel times by {len(problem.period_start)} periods, which solver ortools"
            " does not know; give solver sisr"
        )
    budget = Budget(iterations=iterations, seconds=seconds)
    best = _best_of(problem, start, make_plan(problem, _kept(problem, problem.prefix)))
    model = OrToolsModel(problem)
    routing = model.routing
    routing.solver().ReSeed(seed)
    parameters = _parameters(problem, budget)
    routing.CloseModelWithParameters(parameters)
    if any(problem.prefix):
        routing.ApplyLocksToAllVehicles([model.indices_of(prefix) for prefix in problem.prefix], False)
    limit = _limit(routing, budget)
    routing.AddSearchMonitor(limit)

    def look() -> None:
        budget.done += 1
        if on_progress is not None:
            on_progress(min(1.0, budget.share), best)

    routing.AddAtSolutionCallback(look)
    if start is not None:
        routes = [model.indices_of(route) for route in start.routes]
        warm = routing.ReadAssignmentFromRoutes(routes, True)
        answer = routing.SolveFromAssignmentWithParameters(warm, parameters) if warm else None
    else:
        answer = routing.SolveWithParameters(parameters)
    if answer is not None:
        found = make_plan(problem, _kept(problem, model.routes_of(answer)))
        best = _best_of(problem, best, found)
    return OrToolsResult(best, budget.done, budget.cpu_s)


def _parameters(problem: Problem, budget: Budget) -> Any:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    strategies = routing_enums_pb2.FirstSolutionStrategy
    parameters.first_solution_strategy = (
        strategies.LOCAL_CHEAPEST_INSERTION
        if problem.has_ride_limits
        else strategies.PARALLEL_CHEAPEST_INSERTION
    )
    ruins = _RUINS if problem.request_count <= MOST_REQUESTS_FOR_ALL_RUINS else _RUINS[:1]
    for name in ruins:
        setattr(parameters.local_search_operators, name, optional_boolean_pb2.BOOL_TRUE)
    if problem.has_ride_limits:
        parameters.heuristic_close_nodes_lns_num_nodes = CLOSE_NODES_WITH_RIDE_LIMITS
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    if budget.iterations is not None:
        parameters.solution_limit = max(1, budget.iterations)
    elif budget.seconds is not None:
        parameters.time_limit.FromMilliseconds(
            max(1, round(1000 * WALL_SECONDS_PER_CPU_SECOND * budget.seconds))
        )
    return parameters


def _limit(routing: Any, budget: Budget) -> Any:
    """A limit of the library in CPU seconds of this thread, or in questions where iterations are counted:
    guided local search may go on for ever without another solution."""
    if budget.iterations is not None:
        most = max(1, budget.iterations) * POLLS_PER_ITERATION
        answers = itertools.chain(itertools.repeat(False, most), itertools.repeat(True))
        return routing.solver().CustomLimit(answers.__next__)
    unread = (False,) * (POLLS_PER_LOOK - 1)
    looks = ((budget.share >= 1, *unread) for _ in itertools.count())
    # The library asks millions of times: it takes its answers from an iterator, without a call of Python.
    return routing.solver().CustomLimit(itertools.chain.from_iterable(looks).__next__)


def _best_of(problem: Problem, first: Plan | None, second: Plan) -> Plan:
    return second if first is None or second.rank(problem) < first.rank(problem) else first


def _kept(problem: Problem, routes: Sequence[Sequence[int]]) -> list[list[int]]:
    """Routes that keep every rule of time: with their breaks, and without requests that cannot be kept.

    The library places breaks only in time; here each gets its place among the visits. Nothing is dropped
    unless breaks leave no schedule, or what is fixed already has none.
    """
    kept = []
    for v, route in enumerate(routes):
        best: list[int] = list(route)
        while best and (placed := _with_breaks(problem, v, best)) is None:
            drop = _dispensable(problem, v, best)
            if drop is None:
                break
            best = [visit for visit in best if visit // 2 != drop]
        kept.append((placed or best) if best else [])
    return kept


def _dispensable(problem: Problem, vehicle: int, route: Sequence[int]) -> int | None:
    """The last request of a route that may be left out."""
    fixed = {visit // 2 for visit in problem.prefix[vehicle]}
    free = [visit // 2 for visit in route if visit // 2 not in fixed and problem.on_board[visit // 2] < 0]
    return free[-1] if free else None


def _with_breaks(problem: Problem, vehicle: int, route: Sequence[int]) -> list[int] | None:
    """The route with all breaks of its vehicle where a schedule allows them; None where none does."""
    missing = [
        2 * problem.request_count + b
        for b, owner in enumerate(problem.breaks[:, 0].tolist())
        if owner == vehicle and 2 * problem.request_count + b not in route
    ]
    for candidate in _placings(list(route), missing, len(problem.prefix[vehicle])):
        if isinstance(schedule_route(problem, vehicle, candidate), Schedule):
            return candidate
    return None


def _placings(route: list[int], missing: Sequence[int], fixed: int) -> Iterator[list[int]]:
    if not missing:
        yield route
        return
    for position in range(min(fixed, len(route)), len(route) + 1):
        yield from _placings([*route[:position], missing[0], *route[position:]], missing[1:], fixed)
