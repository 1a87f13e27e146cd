"""The OR-Tools engine keeps every rule of the model, starts from plans, and repeats itself."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from routing.batch_assignment import assign_in_batch
from routing.errors import ProblemError
from routing.ortools_solver import solve_with_ortools
from routing.plan import Plan, make_plan
from routing.problem import NOWHERE, Problem
from routing.verify import verify
from tests.solver_tests.problems import line_problem
from tests.solver_tests.random_problems import city_problem, random_problem


def replaced(problem: Problem, **changes: Any) -> Problem:
    given = {one.name: getattr(problem, one.name) for one in fields(problem) if one.init}
    return Problem(**(given | changes))


def solved(problem: Problem, **how: Any) -> Plan:
    return solve_with_ortools(problem, **({"seed": 1, "iterations": 20} | how)).plan


@pytest.mark.parametrize("seed", range(25))
def test_what_it_finds_keeps_every_rule(seed: int) -> None:
    problem = random_problem(np.random.default_rng(seed), requests=5, vehicles=2)
    plan = solved(problem)
    verdict = verify(problem, plan)
    # A rider on board whom nothing can bring in time, or who should never have boarded.
    hopeless = [one for one in verdict.violations if "is not delivered" in one or "before it leaves" in one]
    assert list(verdict.violations) == hopeless


def test_one_van_serves_a_line_in_one_sweep() -> None:
    plan = solved(line_problem([(1, 3), (2, 5), (4, 5)], vehicles=2))
    # to the end of the line and back; two seats suffice as the first rider leaves at 3
    assert (plan.cost, plan.vehicles, plan.unserved) == (100, 1, ())


def test_fewest_vehicles_come_first() -> None:
    pairs = [(1, 2), (5, 4)]
    where: dict[str, Any] = {"vehicles": 2, "start_place": [0, 5], "end_place": [NOWHERE, NOWHERE]}
    # two vans: 20 and 10; one van: 10 + 10 + 30 + 10
    assert solved(line_problem(pairs, **where)).cost == 30
    one = solved(line_problem(pairs, vehicles_first=True, **where))
    assert one.vehicles == 1


def test_a_rider_on_board_is_brought_before_others_are_fetched() -> None:
    problem = line_problem(
        [(1, 3), (4, 5)],
        pickup=[NOWHERE, 4],
        on_board=[0, NOWHERE],
        delivery_window=[(0, 30), (0, 1000)],
        capacity=[1],
    )
    assert solved(problem).routes == ((1, 2, 3),)


def test_what_is_fixed_stays_first() -> None:
    problem = line_problem([(1, 2), (4, 5)], prefix=((2,),), vehicles=1)
    assert solved(problem).routes[0][0] == 2
    assert verify(problem, solved(problem)).is_feasible


def test_a_plan_without_the_delivery_of_who_boards_is_no_answer() -> None:
    problem = line_problem([(1, 2), (4, 5)], prefix=((0,),), vehicles=1)
    assert make_plan(problem, [[0]]).unserved == (0, 1)
    start = make_plan(problem, [[0, 1, 2, 3]])
    assert solved(problem, start=start, iterations=1).unserved == ()


def test_a_break_is_taken_in_the_route() -> None:
    problem = line_problem([(1, 3)], breaks=[(0, 40, 60, 30)], delivery_window=[(0, 200)])
    plan = solved(problem)
    assert 2 in plan.routes[0]
    assert verify(problem, plan).is_feasible


def test_capacity_rows_hold_together() -> None:
    # a wheelchair takes 3 of 4 seats: both riders at once do not fit
    problem = line_problem([(1, 4), (2, 5)], load=[[2, 0], [0, 1]], capacity=[[[1, 3, 4], [0, 1, 1]]])
    plan = solved(problem)
    assert plan.routes in (((0, 1, 2, 3),), ((2, 3, 0, 1),))


def test_who_fits_nowhere_is_left_out() -> None:
    problem = line_problem([(1, 3), (2, 4)], load=[3, 1], eligible=[[True], [False]])
    assert solved(problem).unserved == (0, 1)


def test_a_plan_to_start_with_never_gets_worse() -> None:
    problem = line_problem([(1, 3), (2, 5), (4, 5)], vehicles=2)
    start = make_plan(problem, [[4, 5, 2, 3, 0, 1], []])
    better = solved(problem, start=start, iterations=5)
    assert better.cost <= start.cost
    best = make_plan(problem, [[0, 2, 1, 4, 5, 3], []])
    assert solved(problem, start=best, iterations=1).cost == best.cost


@pytest.mark.parametrize("seed", range(8))
def test_a_plan_under_way_is_improved_behind_what_is_fixed(seed: int) -> None:
    before = city_problem(np.random.default_rng(seed), requests=6, vehicles=3)
    first = assign_in_batch(before)
    if verify(before, first).violations:
        pytest.skip("a rider of this problem is late whatever happens")
    prefix = tuple(route[:1] for route in first.routes)
    problem = replaced(before, prefix=prefix)
    start = make_plan(problem, first.routes)
    plan = solved(problem, start=start)
    assert plan.rank(problem) <= start.rank(problem)
    assert verify(problem, plan).violations == ()
    assert all(route[:1] == one for route, one in zip(plan.routes, prefix, strict=True) if one)


def test_the_same_iterations_give_the_same_plan() -> None:
    problem = random_problem(np.random.default_rng(3), requests=8, vehicles=3)
    assert solved(problem) == solved(problem)


def test_seconds_are_a_limit_too() -> None:
    seen: list[float] = []
    problem = line_problem([(1, 3), (2, 5)])
    result = solve_with_ortools(
        problem, seed=1, seconds=0.05, on_progress=lambda share, plan: seen.append(share)
    )
    assert result.plan.cost == 100
    assert seen
    assert all(0 <= share <= 1 for share in seen)


@pytest.mark.parametrize("limits", [{}, {"seconds": 1.0, "iterations": 3}])
def test_a_search_without_one_limit_is_refused(limits: dict[str, Any]) -> None:
    with pytest.raises(ProblemError, match="give either iterations or seconds"):
        solve_with_ortools(line_problem([(1, 3)]), seed=1, **limits)
