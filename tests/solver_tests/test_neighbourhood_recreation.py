"""Ejection and regret do what trying everything does, and leave costs and lists in order."""

from __future__ import annotations

import numpy as np
import pytest

from routing._kernels_neighbourhood_ejection import eject
from routing._kernels_neighbourhood_guided import guide, stir
from routing._kernels_neighbourhood_insertion import find_any
from routing._kernels_neighbourhood_regret import recreate_by_regret
from routing._kernels_neighbourhood_routes import list_open
from routing._kernels_neighbourhood_ruin import ruin
from routing.neighbourhood_arrays import (
    ABSENT,
    BEST_COST,
    COST,
    MEAN_REMOVED,
    RELATED_PERCENT,
    SCATTERED_PERCENT,
    SETTINGS,
    State,
    Terms,
)
from routing.neighbourhood_state import best_routes, load_routes, new_state, terms_of
from routing.problem import NO_LIMIT, Problem, build_problem
from routing.verify import verify
from tests.reference.recreation import Route, feasible_insertions, insert_by_regret, lightest_ejection

REQUESTS = 6


def plane_problem(rng: np.random.Generator, *, is_limited: bool, vehicles: int = 2) -> Problem:
    """Six requests in a plane with narrow windows: times are distances, rounded up, so that ways round are
    never shorter."""
    points = rng.integers(0, 60, (2 * REQUESTS + 1, 2)).astype(float)
    travel = np.ceil(np.linalg.norm(points[:, None] - points[None], axis=2)).astype(int)
    opens = rng.integers(20, 150, REQUESTS)
    return build_problem(
        name="plane",
        travel=travel,
        pickup=np.arange(REQUESTS),
        delivery=np.arange(REQUESTS, 2 * REQUESTS),
        pickup_window=np.stack([opens, opens + 90], axis=1),
        delivery_window=np.stack([opens, opens + 200], axis=1),
        pickup_service=3,
        delivery_service=2,
        start_place=[2 * REQUESTS] * vehicles,
        shift=[(0, 400)] * vehicles,
        capacity=[2] * vehicles,
        load=1,
        max_ride=110 if is_limited else NO_LIMIT,
        penalty=rng.integers(60, 500, REQUESTS),
    )


def state_of(problem: Problem, routes: list[Route], seed: int) -> tuple[Terms, State]:
    terms = terms_of(problem)
    state = new_state(problem, terms, seed, memo_slots=1024, pool_routes=2)
    load_routes(terms, state, routes)
    list_open(state)
    return terms, state


def current(state: State) -> list[Route]:
    routes = state.routes
    return [tuple(routes.visit[row, 1 : routes.length[row] - 1].tolist()) for row in routes.row]


def absent_of(state: State) -> list[int]:
    absent: list[int] = state.routes.absent[: state.counters[ABSENT]].tolist()
    return absent


def cost_of(terms: Terms, problem: Problem, routes: list[Route]) -> int:
    fresh = new_state(problem, terms, 0, memo_slots=2, pool_routes=2)
    load_routes(terms, fresh, routes)
    return int(fresh.counters[COST])


@pytest.mark.parametrize("most", [1, 2, 3])
@pytest.mark.parametrize("is_limited", [False, True])
def test_ejection_gives_up_the_least_that_makes_room(is_limited: bool, most: int) -> None:
    outcomes = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        problem = plane_problem(rng, is_limited=is_limited)
        routes, left = insert_by_regret(problem, [(), ()], range(REQUESTS - 1), 2)
        terms, state = state_of(problem, routes, seed)
        state.routes.absences[:] = rng.integers(0, 20, REQUESTS)
        weight = (state.routes.absences + 1).tolist()
        weight[-1] = 8
        state.routes.absences[-1] = 7
        expected = lightest_ejection(problem, routes, REQUESTS - 1, weight, most)
        is_ejected = eject(terms, state, absent_of(state).index(REQUESTS - 1), most, 10**6)
        outcomes.append(is_ejected)
        assert is_ejected == (expected is not None)
        now = current(state)
        assert verify(problem, now).violations == ()
        assert state.counters[COST] == cost_of(terms, problem, now)
        assert sorted(absent_of(state)) == sorted(set(range(REQUESTS)) - {x // 2 for way in now for x in way})
        if expected is not None:
            ejected = set(absent_of(state)) - set(left)
            assert sum(weight[r] for r in ejected) == expected
            assert 2 * (REQUESTS - 1) in {x for way in now for x in way}
        else:
            assert now == routes
    assert len(set(outcomes)) == 2


@pytest.mark.parametrize("is_limited", [False, True])
def test_any_insertion_is_drawn_of_all_that_are_feasible(is_limited: bool) -> None:
    numbers = []
    for seed in range(10):
        problem = plane_problem(np.random.default_rng(seed), is_limited=is_limited)
        routes, _ = insert_by_regret(problem, [(), ()], range(REQUESTS - 1), 2)
        terms, state = state_of(problem, routes, seed)
        expected = set(feasible_insertions(problem, 0, routes[0], REQUESTS - 1))
        drawn = set()
        for _ in range(300):
            if find_any(terms, state, REQUESTS - 1, 0):
                i, j = state.scratch.found[1:].tolist()
                way = routes[0]
                drawn.add((*way[:i], 2 * REQUESTS - 2, *way[i:j], 2 * REQUESTS - 1, *way[j:]))
        assert drawn == expected
        numbers.append(len(drawn))
    assert min(numbers) == 0
    assert max(numbers) > 1


@pytest.mark.parametrize("is_limited", [False, True])
def test_stirring_and_guided_ejection_leave_costs_and_lists_in_order(is_limited: bool) -> None:
    stirred, fewest = 0, 0
    for seed in range(20):
        problem = plane_problem(np.random.default_rng(seed), is_limited=is_limited)
        routes, left = insert_by_regret(problem, [(), ()], range(REQUESTS), 2)
        terms, state = state_of(problem, routes, seed)
        stir(terms, state, 200)
        stirred += current(state) != routes
        assert absent_of(state) == left
        guide(terms, state, 50, 3, 10, 1_000)
        now = current(state)
        assert verify(problem, now).violations == ()
        assert state.counters[COST] == cost_of(terms, problem, now)
        assert sorted(absent_of(state)) == sorted(set(range(REQUESTS)) - {x // 2 for way in now for x in way})
        best = [tuple(way) for way in best_routes(state)]
        assert verify(problem, best).violations == ()
        assert state.counters[BEST_COST] == cost_of(terms, problem, best)
        fewest += sum(map(len, best)) > sum(map(len, routes))
    assert stirred > 0
    assert fewest > 0


@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize("is_limited", [False, True])
def test_regret_inserts_as_trying_everything_does(is_limited: bool, depth: int) -> None:
    for seed in range(12):
        problem = plane_problem(np.random.default_rng(seed), is_limited=is_limited, vehicles=3)
        terms, state = state_of(problem, [(), (), ()], seed)
        expected, left = insert_by_regret(problem, [(), (), ()], absent_of(state), depth)
        recreate_by_regret(terms, state, 0.0, depth)
        assert current(state) == expected
        assert absent_of(state) == left
        assert state.counters[COST] == cost_of(terms, problem, expected)


@pytest.mark.parametrize("way", [RELATED_PERCENT, SCATTERED_PERCENT, None])
def test_ruins_keep_order_and_account(way: int | None) -> None:
    settings = np.zeros(SETTINGS, np.int64)
    settings[MEAN_REMOVED : MEAN_REMOVED + 2] = 6
    if way is not None:
        settings[way] = 100
    for seed in range(20):
        problem = plane_problem(np.random.default_rng(seed), is_limited=False)
        routes, _ = insert_by_regret(problem, [(), ()], range(REQUESTS), 2)
        terms, state = state_of(problem, routes, seed)
        served = REQUESTS - len(absent_of(state))
        ruin(terms, state, settings, 1)
        now = current(state)
        gone = set(absent_of(state))
        assert now == [tuple(x for x in way if x // 2 not in gone) for way in routes]
        assert sum(len(way) for way in now) < 2 * served
        assert state.counters[COST] == cost_of(terms, problem, now)
        assert best_routes(state) == tuple(routes)
