"""One front for the engines: a problem, an engine's name, a limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from routing.errors import ProblemError
from routing.plan import Plan
from routing.problem import Problem
from routing.schedule import Schedule, schedule_route

ENGINES: Final[dict[str, tuple[str, str]]] = {
    "sisr": ("routing.neighbourhood_search", "search"),
    "ortools": ("routing.ortools_solver", "solve_with_ortools"),
}
"""Module and function of each engine, loaded when it is asked for."""


@dataclass(frozen=True, slots=True)
class Solution:
    """What an engine found.

    Attributes
    ----------
    plan
        The best plan.
    iterations
        Of the engine: rounds of ruin and recreate, or solutions of the OR-Tools library.
    cpu_s
        CPU seconds of one thread.
    """

    plan: Plan
    iterations: int
    cpu_s: float


def solve(
    problem: Problem,
    engine: str = "sisr",
    *,
    seed: int,
    iterations: int | None = None,
    seconds: float | None = None,
    threads: int = 1,
    start: Plan | None = None,
    on_progress: Callable[[float], None] | None = None,
    is_enough: Callable[[Plan], bool] | None = None,
) -> Solution:
    """The best plan that an engine finds within a limit; it may leave requests out.

    Parameters
    ----------
    engine
        A name of `ENGINES`.
    iterations, seconds
        Exactly one of them. Iterations are repeatable; seconds are CPU seconds of one thread.
    threads
        Searches side by side; the OR-Tools library has one.
    start
        A plan to begin with that keeps every rule; what is found is never worse.
    on_progress
        Called now and then with the share of the limit that is spent.
    is_enough
        Whether a better plan is good enough to end with; the neighbourhood search alone asks.

    Raises
    ------
    ProblemError
        There is no such engine, the limit is missing or given twice, or the engine has one thread only.
    """
    if engine not in ENGINES:
        raise ProblemError(f"there is no solver {engine!r}; give one of {', '.join(ENGINES)}")
    options: dict[str, Any] = {"seed": seed, "iterations": iterations, "seconds": seconds, "start": start}
    if on_progress is not None:
        report = on_progress
        options["on_progress"] = lambda share, _best: report(share)
    if engine == "sisr":
        options |= {"threads": threads, "is_enough": is_enough}
    elif threads != 1:
        raise ProblemError(f"threads is {threads}; solver {engine} has one thread, give 1")
    elif is_enough is not None:
        raise ProblemError(f"solver {engine} cannot be asked to end with a plan that is good enough")
    module, function = ENGINES[engine]
    found = getattr(import_module(module), function)(problem, **options)
    return Solution(found.plan, int(found.iterations), float(found.cpu_s))


def reason_unserved(problem: Problem, request: int) -> str:
    """Why a request may have been left out, in one sentence.

    Nobody may serve it, nobody has room, nobody is in time even with nothing else to do, or all are busy.
    """
    if problem.on_board[request] >= 0:
        return f"request {request} is on board and cannot be brought in time"
    allowed = [v for v in range(problem.vehicle_count) if problem.eligible[request, v]]
    if not allowed:
        return f"request {request} may be served by no vehicle"
    roomy = [v for v in allowed if _has_room(problem, v, request)]
    if not roomy:
        load = ", ".join(str(amount) for amount in problem.load[request].tolist())
        return f"request {request} fits no vehicle that may serve it: its load is {load}"
    tried: set[int] = set()
    for v in roomy:
        if int(problem.kind[v]) in tried:
            continue
        tried.add(int(problem.kind[v]))
        if isinstance(schedule_route(problem, v, [2 * request, 2 * request + 1]), Schedule):
            return f"vehicle {v} could serve request {request} alone; the plan has no place for it"
    return f"request {request} cannot be served in time by any vehicle, even without other requests"


def _has_room(problem: Problem, vehicle: int, request: int) -> bool:
    rows = problem.capacity[vehicle]
    return bool((rows[:, :-1] @ problem.load[request] <= rows[:, -1]).all())
