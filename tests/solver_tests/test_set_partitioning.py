"""Set partitioning: no better plan is lost by leaving routes out, and no cheaper one can be put together."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from routing import set_partitioning
from routing.neighbourhood_phases import Searcher, Tuning
from routing.neighbourhood_state import terms_of
from routing.plan import make_plan
from routing.problem import Problem, build_problem
from routing.verify import verify

WORK = 5.0


def city(seed: int, *, vehicles_first: bool) -> Problem:
    """Thirty rides over a town in some hours, six equal vehicles."""
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 60, (61, 2)).astype(float)
    travel = np.ceil(np.linalg.norm(points[:, None] - points[None], axis=2)).astype(int)
    opens = rng.integers(0, 400, 30)
    return build_problem(
        name="city",
        travel=travel,
        pickup=np.arange(30),
        delivery=np.arange(30, 60),
        pickup_window=np.stack([opens, opens + 40], axis=1),
        delivery_window=np.stack([opens, opens + 200], axis=1),
        pickup_service=1,
        delivery_service=1,
        start_place=np.full(6, 60),
        end_place=np.full(6, 60),
        shift=np.tile([0, 800], (6, 1)),
        capacity=np.full(6, 4),
        load=1,
        max_ride=120,
        penalty=500,
        vehicles_first=vehicles_first,
    )


def searched(problem: Problem, iterations: int) -> Searcher:
    """A search that has pooled the routes of many plans, good and bad."""
    searcher = Searcher(problem, terms_of(problem), 1, Tuning(pool_margin=0.5, pooling_warmth=9.0))
    searcher.begin(problem.prefix)
    for _ in range(iterations):
        searcher._anneal(1, 0.5)
    return searcher


def least(columns: set_partitioning.Columns, problem: Problem) -> float:
    """Cost of the cheapest choice among all columns, by HiGHS."""
    n = len(columns.cost)
    serves = np.zeros((problem.request_count, n))
    serves[columns.requests()] = 1
    rules = [
        LinearConstraint(serves, 1, 1),
        LinearConstraint((columns.kind >= 0).astype(float)[None, :], 0, problem.vehicle_count),
    ]
    unit = float(columns.cost.max())
    answer = milp(columns.cost / unit, constraints=rules, bounds=Bounds(0, 1), integrality=np.ones(n))
    assert answer.success
    return float(answer.fun * unit)


@pytest.mark.parametrize("vehicles_first", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_plan_costs_what_the_cheapest_choice_among_all_routes_costs(
    seed: int, vehicles_first: bool
) -> None:
    problem = city(seed, vehicles_first=vehicles_first)
    searcher = searched(problem, 400)
    poor = make_plan(problem, problem.prefix).routes
    columns = set_partitioning._columns(problem, searcher.terms, [searcher.state], poor)
    routes = set_partitioning.partition_routes(problem, searcher.terms, [searcher.state], poor, work=WORK)
    assert routes is not None
    plan = make_plan(problem, routes)
    assert not verify(problem, plan).violations
    used = [
        set_partitioning.route_cost(problem, searcher.terms, v, one) for v, one in enumerate(routes) if one
    ]
    cost = sum(used) + int(searcher.terms.penalty[list(plan.unserved)].sum())
    assert cost == pytest.approx(least(columns, problem), rel=1e-6)


def test_routes_that_no_better_plan_has_are_left_out() -> None:
    problem = city(4, vehicles_first=False)
    searcher = searched(problem, 3000)
    best = searcher.best()
    columns = set_partitioning._columns(problem, searcher.terms, [searcher.state], best)
    vehicles = np.array([problem.vehicle_count])
    kept = set_partitioning._that_may_gain(columns, problem.request_count, vehicles)
    whole = least(columns, problem)
    if kept is None:
        assert whole == pytest.approx(float(columns.cost[columns.is_used].sum()), rel=1e-6)
        return
    assert len(kept) < len(columns.cost)
    assert set(np.flatnonzero(columns.is_used)) <= set(kept.tolist())
    assert least(columns.taken(kept), problem) == pytest.approx(whole, rel=1e-6)


def test_nothing_is_put_together_where_the_plan_is_the_best_of_its_routes() -> None:
    problem = city(5, vehicles_first=False)
    searcher = searched(problem, 400)
    poor = make_plan(problem, problem.prefix).routes
    best = set_partitioning.partition_routes(problem, searcher.terms, [searcher.state], poor, work=WORK)
    assert best is not None
    again = set_partitioning.partition_routes(problem, searcher.terms, [searcher.state], best, work=WORK)
    assert again is None or make_plan(problem, again).rank(problem) == make_plan(problem, best).rank(problem)
