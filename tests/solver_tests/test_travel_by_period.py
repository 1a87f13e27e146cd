"""Travel times by period of the day: arrivals never fall, schedules are least, engines and checker agree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import ProblemError
from routing.exact_figures import ExactFigures
from routing.neighbourhood_search import search
from routing.ortools_solver import solve_with_ortools
from routing.problem import Problem
from routing.quantities import UNREACHABLE
from routing.route_times import RouteTimes
from routing.schedule import BrokenAt, PickupTime, Schedule, Waiting, schedule_route
from routing.verify import verify
from tests.reference.best_plan import best_rank
from tests.solver_tests.problems import line_problem
from tests.solver_tests.random_problems import city_problem, random_problem, random_routes

LINE = np.array([[10 * abs(i - j) for j in range(6)] for i in range(6)])


def rush_problem(pairs: list[tuple[int, int]], **changes: Any) -> Problem:
    """The line of places, with ways three times as long from 100 to 199 s."""
    return line_problem(pairs, travel=np.stack([LINE, 3 * LINE, LINE]), period_start=[0, 100, 200], **changes)


def by_period(problem: Problem, rng: np.random.Generator) -> Problem:
    """The problem with ways that are longer in one of three periods, each by a factor of its own."""
    factors = rng.integers(1, 4, (3, 1, 1))
    travel = np.where(problem.travel >= UNREACHABLE, UNREACHABLE, problem.travel * factors).astype(np.int32)
    starts = np.cumsum(rng.integers(1, 40, 3)).astype(np.int32)
    return replace(problem, travel=travel.min(axis=0), travel_by_period=travel, period_start=starts)


@pytest.mark.parametrize(
    ("earliest", "arrival"),
    [
        (89, 119),  # boards in period 0: 30 s
        (100, 190),  # in the rush: 90 s
        (139, 229),  # still better than to wait for 200 + 30 s
        (140, 230),
        (150, 230),  # waits until 200 s
        (200, 230),
    ],
)
def test_a_drive_takes_what_its_period_says_or_waits_for_the_next(earliest: int, arrival: int) -> None:
    problem = rush_problem([(1, 4)], pickup_window=[(earliest, 1000)])
    found = schedule_route(problem, 0, [0, 1], pickups=PickupTime.EARLY)
    assert isinstance(found, Schedule)
    assert found.start == (earliest, arrival)
    assert verify(problem, [[0, 1]]).violations == ()


def test_riders_board_as_late_as_the_period_of_the_drive_allows() -> None:
    # 1 -> 4 takes 90 s in the rush: for 180 s the last moment is 99 s, before it; for 240 s it is 210 s.
    rush = schedule_route(rush_problem([(1, 4)], delivery_window=[(180, 900)]), 0, [0, 1])
    after = schedule_route(rush_problem([(1, 4)], delivery_window=[(240, 900)]), 0, [0, 1])
    assert isinstance(rush, Schedule)
    assert isinstance(after, Schedule)
    assert rush.start == (99, 180)
    assert after.start == (210, 240)
    assert after.leave == 200
    driven = schedule_route(
        rush_problem([(1, 4)], delivery_window=[(180, 900)]), 0, [0, 1], waiting=Waiting.AFTER_DRIVING
    )
    assert isinstance(driven, Schedule)
    assert driven.arrive == (10, 129)


@pytest.mark.parametrize(("limit", "starts"), [(90, (130, 220)), (89, (141, 230)), (30, (200, 230))])
def test_a_ride_limit_moves_the_pickup_towards_the_quicker_period(
    limit: int, starts: tuple[int, int]
) -> None:
    problem = rush_problem([(1, 4)], pickup_window=[(130, 1000)], max_ride=limit)
    found = schedule_route(problem, 0, [0, 1], pickups=PickupTime.EARLY)
    assert isinstance(found, Schedule)
    assert found.start == starts
    assert verify(problem, [[0, 1]]).violations == ()


@given(seed=st.integers(0, 2**32))
def test_schedules_are_those_of_the_checker(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(5):
        problem = by_period(random_problem(rng, requests=4), rng)
        for v, route in enumerate(random_routes(rng, problem)):
            found = schedule_route(problem, v, route, pickups=PickupTime.EARLY)
            told = RouteTimes.find(problem, ExactFigures.of(problem), v, route)
            assert isinstance(found, Schedule) == (not told.violations or not route)
            if isinstance(found, Schedule) and route:
                assert list(found.start) == told.start
                assert found.finish == told.finish
                late = schedule_route(problem, v, route)
                assert isinstance(late, Schedule)
                assert all(a >= b for a, b in zip(late.start, found.start, strict=True))
                assert late.finish == found.finish


@given(seed=st.integers(0, 2**32))
def test_one_period_is_the_whole_day(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, requests=4)
    one = replace(problem, travel_by_period=problem.travel[None], period_start=np.array([50], np.int32))
    for v, route in enumerate(random_routes(rng, problem)):
        found, expected = schedule_route(one, v, route), schedule_route(problem, v, route)
        assert found == expected or (isinstance(found, BrokenAt) and isinstance(expected, BrokenAt))


def test_tiny_problems_are_solved_to_the_optimum() -> None:
    equal = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        problem = replace(by_period(city_problem(rng, 3, 2), rng), vehicles_first=False)
        plan = search(problem, seed=seed, iterations=300).plan
        best = best_rank(problem)
        undelivered = [r for r in plan.unserved if problem.on_board[r] >= 0]
        assert len(verify(problem, plan).violations) == len(undelivered), seed
        assert plan.rank(problem) >= best, seed
        equal += plan.rank(problem) == best
    assert equal >= 11


def test_ortools_says_that_it_does_not_know_periods() -> None:
    with pytest.raises(ProblemError, match=r"line has travel times by 3 periods.*give solver sisr"):
        solve_with_ortools(rush_problem([(1, 4)]), seed=1, iterations=1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"period_start": [0, 50, 50]}, "period 2 starts at 50, not after period 1"),
        ({"period_start": [0, 50]}, "travel_by_period has shape"),
        ({"period_start": []}, "travel has 3 dimensions"),
        ({"travel": np.stack([LINE, LINE - 1, LINE])}, r"from place 0 to place 0 in period 1 is -1"),
        ({"travel": np.stack([LINE, LINE + 1, LINE])}, "to itself in period 1 is 1; it must be 0"),
    ],
)
def test_bad_periods_are_refused_in_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    given: dict[str, Any] = {"travel": np.stack([LINE] * 3), "period_start": [0, 10, 20]}
    with pytest.raises(ProblemError, match=sentence):
        line_problem([(1, 4)], **(given | changes))
