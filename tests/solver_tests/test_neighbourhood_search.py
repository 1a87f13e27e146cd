"""Neighbourhood search: plans are verified, repeatable, never worse than their start, and best where all
plans can be counted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from routing.errors import ProblemError
from routing.instances import read_instance
from routing.neighbourhood_search import search
from routing.plan import Plan, make_plan
from routing.problem import NO_LIMIT, NOWHERE, Problem, build_problem
from routing.verify import verify
from tests.solver_tests.problems import line_problem

LI_LIM = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "pdptw" / "li_lim" / "pdp_100"
needs_data = pytest.mark.skipif(not LI_LIM.exists(), reason="published instances are not beside the project")


def plane_problem(rng: np.random.Generator, *, vehicles_first: bool, is_limited: bool) -> Problem:
    """Three requests and two unequal vehicles in a plane; times are distances, rounded up."""
    points = rng.integers(0, 40, (8, 2)).astype(float)
    travel = np.ceil(np.linalg.norm(points[:, None] - points[None], axis=2)).astype(int)
    opens = rng.integers(0, 100, (3, 2))
    return build_problem(
        name="plane",
        travel=travel,
        pickup=[0, 1, 2],
        delivery=[3, 4, 5],
        pickup_window=np.stack([opens[:, 0], opens[:, 0] + 80], axis=1),
        delivery_window=np.stack([opens[:, 0], opens[:, 0] + 150], axis=1),
        pickup_service=rng.integers(0, 6, 3),
        delivery_service=rng.integers(0, 6, 3),
        start_place=[6, 7],
        end_place=[6, NOWHERE] if rng.random() < 0.5 else [6, 6],
        shift=[(0, 300), (20, 260)],
        capacity=[1, 2] if rng.random() < 0.5 else [3, 2],
        load=rng.integers(0, 2, 3) + 1 if rng.random() < 0.3 else 1,
        max_ride=rng.integers(30, 90, 3) if is_limited else NO_LIMIT,
        max_duration=rng.integers(90, 250, 2) if is_limited else NO_LIMIT,
        fixed_cost=rng.integers(0, 60, 2),
        is_out=rng.random(2) < 0.4,
        penalty=rng.integers(20, 400, 3),
        eligible=rng.random((3, 2)) < 0.8,
        vehicles_first=vehicles_first,
    )


def orders(requests: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Every order of the visits of these requests with each pickup before its delivery."""

    def grow(route: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if len(route) == 2 * len(requests):
            yield route
        for r in requests:
            if 2 * r not in route:
                yield from grow((*route, 2 * r))
            elif 2 * r + 1 not in route:
                yield from grow((*route, 2 * r + 1))

    yield from grow(())


def best_of_all(problem: Problem) -> tuple[int, ...]:
    """Rank of the best feasible plan for two vehicles, by trying every one."""
    cheapest: dict[tuple[int, tuple[int, ...]], tuple[int, ...]] = {}
    subsets = [
        subset
        for size in range(problem.request_count + 1)
        for subset in combinations(range(problem.request_count), size)
    ]
    for v in range(2):
        for subset in subsets:
            kept = []
            for order in orders(subset):
                routes: list[tuple[int, ...]] = [(), ()]
                routes[v] = order
                if not verify(problem, routes).violations:
                    kept.append((make_plan(problem, routes).cost, order))
            if kept:
                cheapest[v, subset] = min(kept)[1]
    return min(
        make_plan(problem, (cheapest[0, one], cheapest[1, other])).rank(problem)
        for one in subsets
        for other in subsets
        if not set(one) & set(other) and (0, one) in cheapest and (1, other) in cheapest
    )


@pytest.mark.parametrize("vehicles_first", [False, True])
@pytest.mark.parametrize("is_limited", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_small_problems_are_solved_to_the_optimum(seed: int, vehicles_first: bool, is_limited: bool) -> None:
    problem = plane_problem(np.random.default_rng(seed), vehicles_first=vehicles_first, is_limited=is_limited)
    found = search(problem, seed=seed, iterations=2_000).plan
    assert verify(problem, found).violations == ()
    assert found.rank(problem) == best_of_all(problem)


@needs_data
@pytest.mark.parametrize("name", ["lc101", "lr101", "lrc201"])
def test_published_instances_are_served_and_verified(name: str) -> None:
    instance = read_instance(LI_LIM / f"{name}.txt")
    result = search(instance.problem, seed=1, iterations=1_500)
    verdict = verify(instance, result.plan)
    assert verdict.is_feasible, verdict.violations
    assert result.iterations == 1_500


@needs_data
@pytest.mark.parametrize("threads", [1, 2])
def test_same_seed_and_iterations_give_the_same_plan(threads: int) -> None:
    problem = read_instance(LI_LIM / "lrc201.txt").problem
    plans = [search(problem, seed=7, iterations=600, threads=threads).plan for _ in range(2)]
    assert plans[0] == plans[1]


@needs_data
def test_another_seed_searches_elsewhere() -> None:
    problem = read_instance(LI_LIM / "lrc201.txt").problem
    assert search(problem, seed=1, iterations=200).history != search(problem, seed=2, iterations=200).history


@needs_data
def test_a_start_never_gets_worse() -> None:
    problem = read_instance(LI_LIM / "lr101.txt").problem
    start = search(problem, seed=3, iterations=1_500).plan
    for seed in range(3):
        warm = search(problem, seed=seed, iterations=40, start=start).plan
        assert warm.rank(problem) <= start.rank(problem)


def test_no_iterations_give_back_the_start_or_better() -> None:
    problem = line_problem([(1, 3), (2, 4)])
    start = make_plan(problem, [(0, 1, 2, 3)])  # 0-1-3-2-4-0: 120 s
    assert search(problem, seed=1, iterations=0, start=start).plan.cost <= start.cost


def test_fixed_beginnings_and_riders_on_board_stay() -> None:
    problem = line_problem(
        [(NOWHERE, 5), (1, 4), (2, 3)],
        vehicles=2,
        on_board=[1, NOWHERE, NOWHERE],
        prefix=((2,), ()),
    )
    found = search(problem, seed=1, iterations=300).plan
    assert verify(problem, found).violations == ()
    assert found.unserved == ()
    assert found.routes[0][0] == 2
    assert 3 in found.routes[0]
    assert 1 in found.routes[1]


def test_what_costs_more_than_its_penalty_is_left_out() -> None:
    problem = line_problem([(1, 2), (4, 5)], penalty=[1000, 50])  # 0-1-2-0 costs 40, with (4, 5) 100
    found = search(problem, seed=1, iterations=100).plan
    assert found == Plan(routes=((0, 1),), unserved=(1,), cost=90, vehicles=1)


@needs_data
def test_progress_only_gets_better() -> None:
    problem = read_instance(LI_LIM / "lr101.txt").problem
    told: list[float] = []
    result = search(problem, seed=1, iterations=400, on_progress=lambda share, _: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1.0
    worth = [(one.unserved, one.vehicles, one.cost) for one in result.history]
    assert worth == sorted(worth, reverse=True)


@needs_data
def test_a_plan_that_is_good_enough_ends_a_search() -> None:
    problem = read_instance(LI_LIM / "lr101.txt").problem
    whole = search(problem, seed=1, iterations=2_000)
    asked: list[int] = []

    def is_enough(plan: Plan) -> bool:
        asked.append(plan.vehicles)
        return not plan.unserved and plan.vehicles <= whole.plan.vehicles + 1

    ended = search(problem, seed=1, iterations=2_000, is_enough=is_enough)
    assert ended.iterations < whole.iterations
    assert ended.plan.vehicles == asked[-1] <= whole.plan.vehicles + 1


def test_seconds_end_a_search_too() -> None:
    problem = line_problem([(1, 3), (2, 4)], places=6, vehicles=2)
    result = search(problem, seed=1, seconds=0.05)
    assert result.iterations > 0
    assert verify(problem, result.plan).is_feasible


@pytest.mark.parametrize("limits", [{}, {"iterations": 10, "seconds": 1.0}, {"iterations": -1}])
def test_a_search_wants_exactly_one_limit(limits: dict[str, int]) -> None:
    with pytest.raises(ProblemError, match="limit"):
        search(line_problem([(1, 2)]), seed=1, **limits)  # type: ignore[arg-type]


def test_a_search_wants_a_thread() -> None:
    with pytest.raises(ProblemError, match="threads is 0"):
        search(line_problem([(1, 2)]), seed=1, iterations=1, threads=0)
