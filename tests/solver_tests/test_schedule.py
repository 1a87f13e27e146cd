"""A route is feasible exactly if its least schedule keeps every limit, and is driven as late as that."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.plan import make_plan
from routing.problem import NOWHERE
from routing.quantities import UNREACHABLE
from routing.schedule import BrokenAt, PickupTime, Schedule, Waiting, lateness_cost, schedule_route
from tests.reference.schedule import RouteProgram
from tests.solver_tests.problems import line_problem
from tests.solver_tests.random_problems import random_problem, random_routes


@given(seed=st.integers(0, 2**32))
def test_a_schedule_is_found_exactly_if_the_linear_program_has_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(5):
        problem = random_problem(rng, requests=4)
        for v, route in enumerate(random_routes(rng, problem)):
            program = RouteProgram(problem, v, route)
            found = schedule_route(problem, v, route, pickups=PickupTime.EARLY)
            least = program.starts()
            if least is None:
                assert isinstance(found, BrokenAt)
                continue
            assert isinstance(found, Schedule)
            assert list(found.start) == least
            driven = schedule_route(problem, v, route)
            assert isinstance(driven, Schedule)
            assert list(driven.start) == program.starts_late(problem, least)
            assert driven.finish == found.finish


def test_the_random_routes_are_both_feasible_and_not() -> None:
    rng = np.random.default_rng(7)
    found = []
    for _ in range(200):
        problem = random_problem(rng, requests=4)
        found += [
            isinstance(schedule_route(problem, v, route), Schedule)
            for v, route in enumerate(random_routes(rng, problem))
            if len(route) > 2
        ]
    assert 0.2 < np.mean(found) < 0.8


def times(problem: Any, route: list[int], **how: Any) -> Schedule:
    found = schedule_route(problem, 0, route, **how)
    assert isinstance(found, Schedule)
    return found


def test_riders_board_late_but_nobody_is_delivered_later() -> None:
    # 0 -> 1 -> 3: the delivery opens at 100, so that boarding at 80 is soon enough
    problem = line_problem([(1, 3)], delivery_window=[(100, 200)])
    assert times(problem, [0, 1]) == Schedule(70, (80, 100), (80, 100), (80, 100), 130)
    assert times(problem, [0, 1], waiting=Waiting.AFTER_DRIVING) == Schedule(
        0, (10, 100), (80, 100), (80, 100), 130
    )
    early = times(problem, [0, 1], pickups=PickupTime.EARLY, waiting=Waiting.AFTER_DRIVING)
    assert early == Schedule(0, (10, 30), (10, 100), (10, 100), 130)


def test_no_promise_is_broken_to_board_late() -> None:
    problem = line_problem([(1, 3)], delivery_window=[(100, 200)], promise=[(25, 90)], late_weight=2)
    assert times(problem, [0, 1]).start == (25, 100)
    # delivered 10 after the promise: 2 * 10 * 10
    assert lateness_cost(problem, 0, [0, 1]) == 200
    assert make_plan(problem, [[0, 1]]).cost == 60 + 200


@pytest.mark.parametrize(("limit", "is_feasible"), [(20, True), (19, False)])
def test_a_ride_limit_holds_from_the_end_of_boarding(limit: int, is_feasible: bool) -> None:
    problem = line_problem([(1, 3)], pickup_service=15, max_ride=limit)
    assert isinstance(schedule_route(problem, 0, [0, 1]), Schedule) == is_feasible


@pytest.mark.parametrize(("limit", "leaves"), [(60, 70), (59, None)])
def test_a_route_leaves_late_enough_for_its_longest_duration(limit: int, leaves: int | None) -> None:
    # 70 -> 1 at 80 -> 3 at 100 -> 0 at 130
    problem = line_problem([(1, 3)], delivery_window=[(100, 100)], max_duration=limit)
    found = schedule_route(problem, 0, [0, 1], waiting=Waiting.AFTER_DRIVING)
    assert found.leave == leaves if isinstance(found, Schedule) else leaves is None


@pytest.mark.parametrize(("latest", "is_feasible"), [(60, True), (59, False)])
def test_the_way_home_counts_unless_a_vehicle_may_end_anywhere(latest: int, is_feasible: bool) -> None:
    home = line_problem([(1, 3)], shift=[(0, latest)])
    anywhere = line_problem([(1, 3)], shift=[(0, latest - 30)], end_place=[NOWHERE])
    for problem in (home, anywhere):
        found = schedule_route(problem, 0, [0, 1])
        assert isinstance(found, Schedule) == is_feasible
        if isinstance(found, BrokenAt):
            assert found.position == 2


def test_a_broken_window_is_told_by_its_position() -> None:
    problem = line_problem([(1, 3), (2, 5)], pickup_window=[(0, 99), (0, 15)])
    assert schedule_route(problem, 0, [0, 2, 1, 3]) == BrokenAt(1)
    assert schedule_route(problem, 0, [2, 0, 1, 3]) == BrokenAt(0)


def test_a_place_with_no_way_to_it_is_never_reached() -> None:
    travel = [[0, 1, UNREACHABLE], [1, 0, UNREACHABLE], [1, 1, 0]]
    problem = line_problem([(1, 2)], travel=travel)
    assert schedule_route(problem, 0, [0, 1]) == BrokenAt(1)


def test_riders_at_one_place_are_served_side_by_side_where_the_rule_says_so() -> None:
    pairs = [(1, 3), (1, 4)]
    apart = line_problem(pairs, pickup_service=[60, 40])
    shared = line_problem(pairs, pickup_service=[60, 40], is_service_shared=True)
    how: dict[str, Any] = {"pickups": PickupTime.EARLY, "waiting": Waiting.AFTER_DRIVING}
    assert times(apart, [0, 2, 1, 3], **how).start == (10, 70, 130, 140)
    assert times(shared, [0, 2, 1, 3], **how) == Schedule(
        0, (10, 10, 90, 100), (10, 10, 90, 100), (70, 70, 90, 100), 140
    )


def test_a_visit_under_way_is_joined() -> None:
    # at place 1 since 80, free at 100; boarding takes 30 and began with the visit at the earliest
    where: dict[str, Any] = {"start_place": [1], "end_place": [NOWHERE], "shift": [(100, 1000)]}
    how: dict[str, Any] = {"pickups": PickupTime.EARLY}
    joined = line_problem([(1, 3)], pickup_service=30, visit_start=80, is_service_shared=True, **where)
    begun = line_problem([(1, 3)], pickup_service=30, is_service_shared=True, **where)
    assert times(joined, [0, 1], **how).start == (80, 130)
    assert times(joined, [0, 1], **how).end == (110, 130)
    assert times(begun, [0, 1], **how).start == (100, 150)


def test_a_break_is_taken_at_the_place_of_the_visit_before() -> None:
    problem = line_problem([(1, 3)], breaks=[(0, 50, 60, 30)])
    # boarding at 50, which ends as the break begins; away at 80
    assert times(problem, [0, 2, 1]) == Schedule(40, (50, 50, 100), (50, 50, 100), (50, 80, 100), 130)
    assert make_plan(problem, [[0, 2, 1]]).cost == 60
