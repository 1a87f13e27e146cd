"""The checker finds what the linear program finds, and every kind of broken rule that is planted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.plan import Plan, make_plan
from routing.problem import NOWHERE
from routing.quantities import UNREACHABLE
from routing.schedule import Schedule, schedule_route
from routing.verify import verify
from tests.solver_tests.problems import line_problem
from tests.solver_tests.random_problems import random_problem, random_routes

OF_TIME = ("starts the", "ends at", "on board for", "on its way for", "has no way")


@given(seed=st.integers(0, 2**32))
def test_times_are_kept_exactly_if_a_schedule_is_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(5):
        problem = random_problem(rng, requests=4)
        routes = random_routes(rng, problem)
        verdict = verify(problem, routes)
        for v, route in enumerate(routes):
            kept = isinstance(schedule_route(problem, v, route), Schedule)
            told = [
                one
                for one in verdict.violations
                if one.startswith(f"vehicle {v} ") and any(words in one for words in OF_TIME)
            ]
            assert kept == (not told), told


@given(seed=st.integers(0, 2**32))
def test_a_plan_costs_what_the_checker_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(5):
        problem = random_problem(rng, requests=4)
        plan = make_plan(problem, random_routes(rng, problem))
        verdict = verify(problem, plan)
        if any("no way" in one for one in verdict.violations):
            continue
        assert verdict.cost + verdict.penalty == plan.cost
        assert verdict.unserved == plan.unserved
        assert verdict.vehicles == plan.vehicles


PAIRS = [(1, 3), (2, 5)]
GOOD = [[0, 2, 1, 3], []]

PLANTED: list[tuple[dict[str, Any], list[list[int]], str]] = [
    ({}, [[0, 2, 1, 3]], "the plan has 1 routes; there are 2 vehicles"),
    ({}, [[0, 2, 1, 3], [9]], "vehicle 1 makes visit 9; there are 0 to 3"),
    ({}, [[0, 2, 1, 3, 2], []], "pickup of request 1 is made twice: by vehicle 0 and by vehicle 0"),
    ({}, [[0, 2, 1, 3], [0, 1]], "delivery of request 0 is made twice: by vehicle 0 and by vehicle 1"),
    ({}, [[0, 2, 1], []], "vehicle 0 picks up request 1 and does not deliver it"),
    ({}, [[0, 1, 3], []], "vehicle 0 delivers request 1 and does not pick it up"),
    ({}, [[0, 2, 1], [3]], "request 1 is picked up by vehicle 0 and delivered by 1"),
    ({}, [[0, 3, 1, 2], []], "vehicle 0 delivers request 1 before it picks it up"),
    (
        {"eligible": [[True, True], [False, True]]},
        GOOD,
        "vehicle 0 makes the pickup of request 1, which it may not serve",
    ),
    (
        {"load": [1, 2]},
        GOOD,
        "vehicle 0 carries 3 after the pickup of request 1; row 0 of its capacity allows 2",
    ),
    (
        {"load": [[2, 0], [0, 1]], "capacity": [[[1, 3, 4], [0, 1, 2]]] * 2},
        GOOD,
        "vehicle 0 carries 5 after the pickup of request 1; row 0 of its capacity allows 4",
    ),
    (
        {"pickup_window": [(0, 1000), (0, 19)]},
        GOOD,
        "vehicle 0 starts the pickup of request 1 at 20; its window closes at 19",
    ),
    ({"shift": [(0, 99)] * 2}, GOOD, "vehicle 0 ends at 100; its shift ends at 99"),
    ({"max_ride": [19, 50]}, GOOD, "vehicle 0 keeps request 0 on board for 20; its limit is 19"),
    (
        {"max_ride": [15, 50], "pickup_window": [(0, 30), (0, 50)], "pickup_service": [0, 5]},
        GOOD,
        "vehicle 0 keeps request 0 on board for 25; its limit is 15",
    ),
    (
        # boarding at 70 - 30 at the earliest, but the window closes at 39
        {
            "max_ride": [30, 999],
            "pickup_window": [(0, 39), (0, 999)],
            "delivery_window": [(70, 90), (0, 999)],
        },
        GOOD,
        "its limit is 30; if it begins later, vehicle 0 starts the pickup of request 0 at 40;",
    ),
    ({"max_duration": 99}, GOOD, "vehicle 0 is on its way for 100; its limit is 99"),
    (
        {"travel": [[0 if i == j else UNREACHABLE if j == 3 else 10 for j in range(6)] for i in range(6)]},
        GOOD,
        "vehicle 0 has no way to the delivery of request 0",
    ),
    ({"breaks": [(0, 0, 900, 5)]}, GOOD, "vehicle 0 does not take break 0"),
    ({"breaks": [(1, 0, 900, 5)]}, [[0, 2, 4, 1, 3], []], "vehicle 0 takes break 0 of vehicle 1"),
    (
        {"breaks": [(0, 0, 15, 5)]},
        [[0, 2, 4, 1, 3], []],
        "vehicle 0 starts the break 0 at 20; its window closes at 15",
    ),
    ({"prefix": ((2,), ())}, GOOD, "vehicle 0 begins with [0]; fixed is [2]"),
    (
        {"on_board": [1, NOWHERE], "pickup": [NOWHERE, 2]},
        [[2, 3], []],
        "request 0 is on board vehicle 1 and is not delivered",
    ),
    (
        {"on_board": [1, NOWHERE], "pickup": [NOWHERE, 2]},
        [[1, 2, 3], []],
        "request 0 is on board vehicle 1 and is delivered by vehicle 0",
    ),
    (
        {"on_board": [1, NOWHERE], "pickup": [NOWHERE, 2], "load": [3, 1]},
        [[2, 3], [1]],
        "vehicle 1 carries 3 before it leaves; row 0 of its capacity allows 2",
    ),
]


@pytest.mark.parametrize(("changes", "routes", "sentence"), PLANTED, ids=[one for _, _, one in PLANTED])
def test_a_planted_violation_is_told(changes: dict[str, Any], routes: list[list[int]], sentence: str) -> None:
    problem = line_problem(PAIRS, vehicles=2, **changes)
    found = verify(problem, routes)
    assert not found.is_feasible
    assert any(sentence in one for one in found.violations), found.violations


def test_a_good_plan_has_no_violation() -> None:
    verdict = verify(line_problem(PAIRS, vehicles=2, fixed_cost=7), GOOD)
    assert (verdict.vehicles, verdict.cost, verdict.unserved, verdict.violations) == (1, 107, (), ())
    assert verdict.is_feasible


def test_a_plan_that_leaves_out_is_no_violation_but_not_feasible() -> None:
    verdict = verify(line_problem(PAIRS, vehicles=2, penalty=[3, 4]), [[], [2, 3]])
    assert verdict.unserved == (0,)
    assert verdict.penalty == 3
    assert verdict.violations == ()
    assert not verdict.is_feasible


def test_a_plan_that_hides_who_is_left_out_is_found() -> None:
    problem = line_problem(PAIRS, vehicles=2)
    plan = Plan(((2, 3), ()), (), 100, 1)
    assert verify(problem, plan).violations == ("the plan calls [] unserved; [0] are",)


def test_costs_are_told_in_units_of_the_source() -> None:
    thousandths = line_problem(PAIRS, scale=1000)
    assert verify(thousandths, [[0, 2, 1, 3]]).cost == 0.1
