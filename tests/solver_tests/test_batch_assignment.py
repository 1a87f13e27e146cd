"""A batch is assigned as trying everything would, within what vehicles owe already."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from routing.batch_assignment import BatchRules, assign_in_batch
from routing.errors import ProblemError
from routing.plan import make_plan
from routing.problem import NOWHERE
from routing.verify import verify
from tests.reference.best_plan import best_rank
from tests.solver_tests.problems import line_problem
from tests.solver_tests.random_problems import city_problem

EVERYTHING = BatchRules(most_requests=3, most_orders=10_000, work=60.0)


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_better_than_what_trying_everything_finds(seed: int) -> None:
    problem = city_problem(np.random.default_rng(seed), requests=3, vehicles=2)
    plan = assign_in_batch(problem, rules=EVERYTHING)
    verdict = verify(problem, plan)
    if verdict.violations:
        # A rider on board is too late whatever happens, and is brought all the same.
        with pytest.raises(ValueError, match="empty"):
            best_rank(problem)
        return
    assert plan.rank(problem) == best_rank(problem)


def test_most_of_the_random_batches_can_be_kept() -> None:
    kept = [
        not verify(problem, assign_in_batch(problem)).violations
        for problem in (city_problem(np.random.default_rng(seed), 3, 2) for seed in range(20))
    ]
    assert sum(kept) >= 15


def test_two_who_share_leave_the_other_van_free() -> None:
    # one sweep 0 - 5 - 0 costs 100; apart 60 and 100
    problem = line_problem([(1, 3), (2, 5)], vehicles=2)
    plan = assign_in_batch(problem)
    assert (plan.vehicles, plan.cost) == (1, 100)


def test_no_vehicle_takes_more_new_requests_than_allowed() -> None:
    problem = line_problem([(1, 3), (2, 5)], vehicles=2)
    plan = assign_in_batch(problem, rules=BatchRules(most_requests=1))
    assert (plan.vehicles, plan.cost) == (2, 160)


def test_what_a_vehicle_owes_stays_whatever_comes() -> None:
    where: dict[str, Any] = {"on_board": [0, NOWHERE, NOWHERE], "pickup": [NOWHERE, 2, 4]}
    problem = line_problem([(1, 3), (2, 5), (4, 5)], capacity=[3], prefix=((2,),), **where)
    route = assign_in_batch(problem).routes[0]
    assert route[0] == 2
    assert {1, 3} <= set(route)
    assert verify(problem, [route]).is_feasible


def test_a_rider_who_is_late_already_is_still_brought_and_nobody_joins() -> None:
    problem = line_problem(
        [(1, 3), (2, 5)],
        on_board=[0, NOWHERE],
        pickup=[NOWHERE, 2],
        delivery_window=[(0, 5), (0, 999)],
    )
    plan = assign_in_batch(problem)
    assert (plan.routes, plan.unserved) == (((1,),), (1,))


def test_a_request_is_tried_with_the_vehicles_that_are_there_first() -> None:
    problem = line_problem([(5, 4)], vehicles=2, start_place=[0, 5], end_place=[NOWHERE, 0])
    assert assign_in_batch(problem).routes == ((), (0, 1))
    near = assign_in_batch(problem, rules=BatchRules(vehicles_per_request=1))
    assert near.routes == ((), (0, 1))


def test_a_plan_to_compare_with_is_kept_where_it_is_better() -> None:
    problem = line_problem([(1, 3), (2, 5)], vehicles=2)
    start = make_plan(problem, [[0, 2, 1, 3], []])
    assert assign_in_batch(problem, rules=BatchRules(most_requests=1), start=start) == start


def test_the_same_batch_gives_the_same_plan() -> None:
    problem = city_problem(np.random.default_rng(5), requests=8, vehicles=4)
    assert assign_in_batch(problem) == assign_in_batch(problem)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"most_requests": 0}, "most_requests of a batch is 0; it must be at least 1"),
        ({"most_orders": 0}, "most_orders of a batch is 0"),
        ({"vehicles_per_request": -1}, "vehicles_per_request of a batch is -1"),
        ({"work": 0.0}, "work of a batch is 0.0; it must be more than 0"),
    ],
)
def test_rules_that_allow_nothing_are_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ProblemError, match=sentence):
        BatchRules(**changes)


def test_routes_that_are_kept_stay_in_their_order() -> None:
    # Request 0 is booked on vehicle 0, which cannot be changed; 1 and 2 are open.
    problem = line_problem([(1, 3), (2, 5), (4, 5)], vehicles=2)
    start = make_plan(problem, [(0, 1), ()])
    plan = assign_in_batch(problem, start=start, keeps_routes=True)
    assert plan.unserved == ()
    assert [visit for visit in plan.routes[0] if visit < 2] == [0, 1]
    assert verify(problem, plan).violations == ()


def test_kept_routes_may_be_longer_than_a_batch() -> None:
    problem = line_problem([(1, 2), (2, 3), (3, 4), (4, 5), (1, 5)], vehicles=1)
    start = make_plan(problem, [(0, 1, 2, 3, 4, 5, 6, 7)])
    plan = assign_in_batch(problem, start=start, keeps_routes=True, rules=BatchRules(most_requests=1))
    assert plan.unserved == ()
    assert [visit for visit in plan.routes[0] if visit < 8] == list(range(8))


def test_routes_can_only_be_kept_when_there_are_some() -> None:
    with pytest.raises(ProblemError, match=r"^a batch that keeps routes has no routes to keep; give them"):
        assign_in_batch(line_problem([(1, 3)]), keeps_routes=True)
