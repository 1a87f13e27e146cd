"""One run of one solver on one published instance: asked, verified, told."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from benchmarks.quality_cases import Case
from benchmarks.quality_figures import FAILED, NOT_APPLICABLE, SOLVED, WRONG, Outcome
from benchmarks.quality_peers import IsEnough
from benchmarks.quality_solvers import solvers
from routing.instances import Instance, read_instance
from routing.problem import Problem
from routing.verify import Verdict, verify

_WARM_UP_S = 0.2
_ROUNDED = 0.005


@dataclass(frozen=True, slots=True)
class Run:
    """What is to be run."""

    case: Case
    solver: str
    seed: int
    budget_s: float


def outcomes_of(runs: Sequence[Run], processes: int) -> Iterator[tuple[Run, Outcome]]:
    """Outcomes as they come, from as many processes; CPU seconds are the budget, so that two side by side
    do not disturb each other.

    A solver that takes its process down has failed; the next run has a new one.
    """
    waiting = deque(runs)
    pools: dict[Future[Outcome], tuple[ProcessPoolExecutor, Run]] = {}
    idle = [_new_pool() for _ in range(min(processes, len(runs)))]
    try:
        while waiting or pools:
            while waiting and idle:
                pool, run = idle.pop(), waiting.popleft()
                pools[pool.submit(outcome_of, run)] = pool, run
            for done in wait(pools, return_when=FIRST_COMPLETED).done:
                pool, run = pools.pop(done)
                try:
                    outcome = done.result()
                except BrokenProcessPool:
                    pool.shutdown()
                    pool, outcome = _new_pool(), _outcome(run, FAILED, said="its process died")
                idle.append(pool)
                yield run, outcome
    finally:
        for pool in [*idle, *(pool for pool, _ in pools.values())]:
            pool.shutdown(wait=False, cancel_futures=True)


def _new_pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def problem_of(case: Case) -> Problem:
    """The problem of an instance."""
    return _instance(case.path).problem


def outcome_of(run: Run) -> Outcome:
    """Ask the solver, and verify what it answers in the doubles of the instance."""
    solver, instance = solvers()[run.solver], _instance(run.case.path)
    refusal = solver.refusal(instance.problem)
    if refusal is not None:
        return _outcome(run, NOT_APPLICABLE, said=refusal)
    _warm_up(run.solver, run.case.path)
    try:
        answer = solver.solve(instance.problem, run.seed, run.budget_s, _is_best_known(run.case, instance))
    except (RuntimeError, ValueError, OSError, LookupError, ArithmeticError) as error:
        return _outcome(run, FAILED, said=f"{type(error).__name__}: {error}".splitlines()[0])
    verdict = _verdict(instance, answer.routes)
    if verdict.is_feasible:
        return _outcome(run, SOLVED, vehicles=verdict.vehicles, cost=verdict.cost, cpu_s=answer.cpu_s)
    said = f"{len(verdict.unserved)} requests unserved" if verdict.unserved else ""
    return _outcome(
        run, WRONG, said="; ".join([*verdict.violations[:1], said]).strip("; "), cpu_s=answer.cpu_s
    )


def _verdict(instance: Instance, routes: Sequence[Sequence[int]]) -> Verdict:
    idle = instance.problem.vehicle_count - len(routes)
    return verify(instance, [*routes, *([[]] * idle)])


def _is_best_known(case: Case, instance: Instance) -> IsEnough:
    """Whether routes are as good as the best known, as they are told in the table: to two decimals."""

    def told(routes: Sequence[Sequence[int]]) -> bool:
        verdict = _verdict(instance, routes)
        is_fleet_small = case.best_vehicles is None or verdict.vehicles <= case.best_vehicles
        return verdict.is_feasible and is_fleet_small and verdict.cost <= case.best_cost + _ROUNDED

    return told


@cache
def _instance(path: Path) -> Instance:
    return read_instance(path)


_warm: set[str] = set()


def _warm_up(name: str, path: Path) -> None:
    """Let a solver compile whatever it needs, once a process, outside its budget."""
    if name not in _warm:
        solvers()[name].solve(_instance(path).problem, 0, _WARM_UP_S)
        _warm.add(name)


def _outcome(
    run: Run, status: str, *, said: str = "", vehicles: int = 0, cost: float = 0.0, cpu_s: float = 0.0
) -> Outcome:
    case = run.case
    return Outcome(
        case.family,
        case.name,
        run.seed,
        run.budget_s,
        run.solver,
        status,
        case.best_cost,
        case.best_vehicles,
        said,
        vehicles,
        cost,
        cpu_s,
    )
