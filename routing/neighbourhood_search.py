"""Neighbourhood search for pickup and delivery problems: ruin and recreate under simulated annealing.

Slack induction by string removals (Christiaens and Vanden Berghe 2020), with a fleet phase of its own where
fewest vehicles come first, and set partitioning over the routes seen on the way. Anytime, from an empty plan
or a given one; the same seed and number of iterations give the same plan, with two threads too.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Event
from typing import Final

from routing.budget import Budget
from routing.errors import ProblemError
from routing.neighbourhood_arrays import Terms
from routing.neighbourhood_phases import Searcher, Tuning
from routing.neighbourhood_state import terms_of
from routing.plan import Plan, make_plan
from routing.problem import Problem
from routing.set_partitioning import partition_routes

FLEET_SHARE: Final = 0.3
"""Part of the limit in which vehicles are saved, where fewest vehicles come first."""

ROUNDS: Final = 40
"""Parts of the limit after which two threads compare what they have."""

ROUND_ITERATIONS: Final = 20
"""Fewest iterations of a round; entering the kernels takes as long as one or two."""

EXCHANGE_EVERY: Final = 4
"""Rounds after which the search that is behind continues from the plan of the one ahead."""

SHORT: Final = Tuning(warmest=0.1, coldest=0.01, reheat_at=(1.0,), guided_from=1.0)
"""Settings of a shorter search: 200 iterations from a plan took 2.9 % off its cost, and 2.2 % if warmer."""

RIDES: Final = Tuning(
    reheated=0.35,
    coldest=0.12,
    reheat_at=(0.5, 0.6, 0.7, 0.8, 0.9),
    related_percent=25,
    timely_percent=100,
    partition_at=(0.35, 0.4, 0.45, 0.495, 0.58, 0.595, 0.68, 0.695, 0.78, 0.795, 0.88, 0.895, 0.96),
    pool_margin=0.05,
    pool_routes=2**16,
)
"""Settings where rides are limited: a slow fall and five short ones, ruins that look at times, and routes of
poorer plans to choose from. In one fall to 0.05 nothing moved any more in its second half: pr05, pr09 and
pr10 ended 1.42 % above the best known after 60 s, and 1.28 % after 40 s with these (three seeds each)."""

PARTITION_FROM: Final = 1_000
"""Iterations, and thousandths of a second, from which a search puts routes together anew: the few hundred
iterations of a replanning take less time than one partitioning (2 ms against 6)."""

PARTITION_WORK: Final = 0.5
"""Most of CP-SAT's deterministic time for one partitioning."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A better plan than any before it: when it was found, and what it is worth."""

    cpu_s: float
    iterations: int
    unserved: int
    vehicles: int
    cost: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found.

    Attributes
    ----------
    plan
        The best plan seen.
    iterations
        Of all threads together.
    cpu_s
        CPU seconds of one thread.
    history
        Each better plan as it was found, to the round.
    """

    plan: Plan
    iterations: int
    cpu_s: float
    history: tuple[Milestone, ...]


def search(
    problem: Problem,
    *,
    seed: int,
    iterations: int | None = None,
    seconds: float | None = None,
    threads: int = 1,
    start: Plan | None = None,
    on_progress: Callable[[float, Milestone], None] | None = None,
    is_enough: Callable[[Plan], bool] | None = None,
    tuning: Tuning | None = None,
) -> SearchResult:
    """The best plan found for a problem within a limit.

    Parameters
    ----------
    iterations
        Of each thread: what a run must stop by that is to be repeatable.
    seconds
        CPU seconds of each thread, compilation left out.
    threads
        Searches side by side that continue from the better of their plans now and then.
    start
        A feasible plan to begin with; the result is never worse.
    on_progress
        Called after each round with the share of the limit that is spent and the best plan's worth.
    is_enough
        Asked after each round that found a better plan; the search ends where it says so.

    Raises
    ------
    ProblemError
        No limit is given, or both, or `threads` is below 1.
    """
    if threads < 1:
        raise ProblemError(f"a search needs at least one thread; threads is {threads}")
    terms = terms_of(problem)
    if seconds is not None:
        _warm_up(problem, terms)
    budget = Budget(iterations=iterations, seconds=seconds)
    limit = iterations if iterations is not None else 1_000 * (seconds or 0)
    tuning = tuning or tuning_for(problem, limit)
    searchers = [Searcher(problem, terms, seed + n * 1_000_003, tuning) for n in range(threads)]
    leader = searchers[0]
    history: list[Milestone] = []
    rank = 0
    for searcher in searchers:
        searcher.begin(start.routes if start is not None else problem.prefix)
    partitions = list(tuning.partition_at) if limit >= PARTITION_FROM else []
    work = PARTITION_WORK if seconds is None else min(PARTITION_WORK, 0.02 * seconds)
    fleet_share = FLEET_SHARE if problem.vehicles_first else 0.0
    with ThreadPoolExecutor(threads) as pool:
        rounds = ROUNDS if iterations is None else max(1, min(ROUNDS, iterations // ROUND_ITERATIONS))
        for n in range(rounds):
            share = (n + 1) / rounds
            if budget.share >= 1.0 and n > 0:
                break
            _run_round(pool, searchers, budget, share, fleet_share)
            leader = min(searchers, key=lambda one: one.rank())
            for searcher in searchers:
                if searcher is not leader and n % EXCHANGE_EVERY == 0 and leader.rank() < searcher.rank():
                    searcher.adopt(leader.best())
            if partitions and share >= fleet_share + partitions[0] * (1.0 - fleet_share):
                partitions.pop(0)
                routes = partition_routes(
                    problem, terms, [one.state for one in searchers], leader.best(), work=work
                )
                if routes is not None:
                    leader.adopt(routes)
            is_better = not history or leader.rank() < rank
            if is_better:
                rank = leader.rank()
                history.append(_milestone(problem, leader, budget, threads))
            if on_progress is not None:
                on_progress(min(1.0, budget.share), history[-1])
            if is_better and is_enough is not None and is_enough(make_plan(problem, leader.best())):
                break
    plan = make_plan(problem, leader.best())
    if start is not None and start.rank(problem) < plan.rank(problem):
        plan = start
    return SearchResult(plan, budget.done * threads, budget.cpu_s, tuple(history))


def tuning_for(problem: Problem, limit: float) -> Tuning:
    """Settings for a problem and a limit in iterations, or in thousandths of a second."""
    if limit >= PARTITION_FROM:
        return RIDES if problem.has_ride_limits else Tuning()
    return replace(SHORT, timely_percent=0) if problem.has_ride_limits else SHORT


def _warm_up(problem: Problem, terms: Terms) -> None:
    """Compile, or load what was compiled, so that the clock sees the search alone."""
    Searcher(problem, terms, 0, Tuning(memo_slots=2, pool_routes=2)).warm_up()


def _run_round(
    pool: ThreadPoolExecutor,
    searchers: list[Searcher],
    budget: Budget,
    share: float,
    fleet_share: float,
) -> None:
    """Each search goes on until `share` of the limit is spent; the first one reads the clock for all."""
    until = None if budget.iterations is None else round(budget.iterations * share)
    is_over = Event()
    is_saving = share <= fleet_share
    others = []
    for one in searchers[1:]:
        one.is_stopped = is_over.is_set if until is None else _never
        others.append(pool.submit(one.run, budget, share, until, is_saving, fleet_share))
    searchers[0].run(budget, share, until, is_saving, fleet_share)
    is_over.set()
    for other in others:
        other.result()
    budget.done = searchers[0].done


def _never() -> bool:
    return False


def _milestone(problem: Problem, leader: Searcher, budget: Budget, threads: int) -> Milestone:
    plan = make_plan(problem, leader.best())
    return Milestone(budget.cpu_s, budget.done * threads, len(plan.unserved), plan.vehicles, plan.cost)
