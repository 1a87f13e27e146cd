"""A problem is checked on creation, and says which of its vehicles are alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from routing.errors import ProblemError
from routing.plan import make_plan, way_cost
from routing.problem import NO_LIMIT, NOWHERE, build_problem
from tests.solver_tests.problems import line_problem

LINE: dict[str, Any] = {
    "name": "line",
    "travel": [[0, 10], [10, 0]],
    "pickup_window": [(0, 9)],
    "delivery_window": [(0, 99)],
}


def test_visits_are_numbered_pickups_deliveries_breaks() -> None:
    problem = line_problem([(1, 3), (2, 5)], breaks=[(0, 100, 200, 30)], delivery_service=7)
    assert problem.visit_place.tolist() == [1, 3, 2, 5, NOWHERE]
    assert problem.visit_service.tolist() == [0, 7, 0, 7, 30]
    assert problem.visit_window.tolist() == [[0, 1000]] * 4 + [[100, 200]]
    assert problem.visit_count == 5
    assert [problem.describe_visit(n) for n in (2, 3, 4)] == [
        "pickup of request 1",
        "delivery of request 1",
        "break 0",
    ]


def test_one_number_stands_for_all_requests_and_a_single_capacity_for_a_row() -> None:
    problem = line_problem([(1, 3), (2, 5)], vehicles=3, capacity=4, max_ride=50)
    assert problem.max_ride.tolist() == [50, 50]
    assert problem.capacity.tolist() == [[[1, 4]]] * 3
    assert problem.promise.tolist() == [[NO_LIMIT, NO_LIMIT]] * 2


def test_arrays_are_read_only() -> None:
    problem = line_problem([(1, 3)])
    with pytest.raises(ValueError, match="read-only"):
        problem.travel[0, 1] = 5


def test_leaving_out_costs_more_than_any_plan() -> None:
    problem = line_problem([(1, 3), (5, 2)], vehicles=2, fixed_cost=[100, 200])
    everything = [[0, 1, 2, 3], []]
    # 0 -> 1 -> 3 -> 5 -> 2 -> 0: 10 + 20 + 20 + 30 + 20, and the vehicle
    assert make_plan(problem, everything).cost == 100 + 100
    assert make_plan(problem, [[], []]).cost > 100 * len(problem.travel)
    assert make_plan(problem, [[0, 1], []]).unserved == (1,)


def test_vehicles_alike_are_of_one_kind() -> None:
    problem = line_problem(
        [(1, 3), (2, 5)],
        vehicles=7,
        shift=[(0, 1000), (0, 1000), (0, 900), (0, 1000), (0, 1000), (0, 1000), (0, 1000)],
        breaks=[(3, 100, 200, 30)],
        prefix=((), (), (), (), (2,), (), ()),
        on_board=[5, NOWHERE],
        pickup=[NOWHERE, 2],
        is_out=[False] * 6 + [True],
    )
    # request 0 is on board vehicle 5, so that nobody else may serve it
    assert problem.kind.tolist() == [0, 0, 1, 2, 3, 4, 5]
    assert problem.eligible[0].tolist() == [False] * 5 + [True, False]


def test_a_vehicle_on_the_road_pays_its_way_home() -> None:
    changes: dict[str, Any] = {"start_place": [3, 3], "end_place": [0, NOWHERE]}
    parked = line_problem([(1, 3)], vehicles=2, **changes)
    out = line_problem([(1, 3)], vehicles=2, is_out=True, **changes)
    assert [way_cost(parked, v, []) for v in (0, 1)] == [0, 0]
    assert [way_cost(out, v, []) for v in (0, 1)] == [30, 0]
    # 3 -> 1 -> 3, and home
    assert [way_cost(out, v, [0, 1]) for v in (0, 1)] == [70, 40]


def test_fewest_vehicles_come_before_least_cost_but_after_those_left_out() -> None:
    pairs = [(1, 3), (2, 5)]
    first = line_problem(pairs, vehicles=2, vehicles_first=True, penalty=1)
    cost = line_problem(pairs, vehicles=2, penalty=1)
    one, two, none = ([0, 1, 2, 3], []), ([0, 1], [2, 3]), ([], [])
    ranks = [
        [make_plan(problem, routes).rank(problem) for routes in (one, two, none)] for problem in (first, cost)
    ]
    # one van: 10 + 20 + 10 + 30 + 50; two vans: 60 + 100; nobody served costs two penalties
    assert ranks == [[(0, 1, 120), (0, 2, 160), (2, 0, 2)], [(120,), (160,), (2,)]]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"pickup_window": [(5, 4)]}, "pickup window of request 0 closes (4) before it opens (5)"),
    ({"delivery_window": [(50, 4)]}, "delivery window of request 0 closes (4) before it opens (50)"),
    ({"travel": [[0, -1], [10, 0]]}, "travel from place 0 to place 1 is -1; give 0 to 1073741824 = no way"),
    ({"travel": [[0, 1], [10, 3]]}, "travel from place 1 to itself is 3; it must be 0"),
    ({"travel": [[0, 1, 1], [10, 0, 1]]}, "travel has shape (2, 3); (2, 2) is needed"),
    ({"travel": [[0, 0.5], [10, 0]]}, "travel holds float64 values; give whole numbers"),
    ({"max_duration": 2**40}, "max_duration holds 1099511627776, which does not fit 32 bits"),
    (
        {"pickup": [NOWHERE]},
        "request 0 has pickup place -1 and is on board vehicle -1; a rider on board has no",
    ),
    ({"on_board": [0]}, "request 0 has pickup place 0 and is on board vehicle 0; a rider on board has no"),
    ({"on_board": [2]}, "request 0 is on board vehicle 2; there are vehicles 0 to 1"),
    (
        {"on_board": [1], "pickup": [NOWHERE], "eligible": [[True, False]]},
        "request 0 is on board vehicle 1, which may not serve it",
    ),
    ({"delivery": [2]}, "delivery of request 0 is at place 2; there are places 0 to 1"),
    ({"load": [-1]}, "load 0 of request 0 is -1; it must not be negative"),
    ({"capacity": [[[-1, 4]], [[1, 4]]]}, "capacity row 0 of vehicle 0 holds -1; it must not be negative"),
    ({"capacity": [[[1, 1, 4]]] * 2}, "capacity has shape (2, 1, 3); (2, 1, 2) is needed"),
    ({"max_ride": -3}, "max_ride of request 0 is -3; it must not be negative"),
    ({"start_place": [0, 7]}, "vehicle 1 starts at place 7; there are 0 to 1"),
    ({"end_place": [0, -2]}, "vehicle 1 ends at place -2; there are 0 to 1"),
    ({"shift": [(0, 9), (9, 0)]}, "shift of vehicle 1 ends (0) before it starts (9)"),
    ({"breaks": [(2, 0, 9, 9)]}, "break 0 is of vehicle 2; there are 0 to 1"),
    ({"breaks": [(1, 9, 0, 9)]}, "break 0 must start by 0, before its earliest start 9"),
    ({"prefix": ((),)}, "prefix is given for 1 vehicles; there are 2"),
    ({"prefix": ((4,), ())}, "prefix of vehicle 0 names visit 4, which does not exist"),
    ({"prefix": ((1,), ())}, "delivery of request 0 is in the prefix of vehicle 0 before its pickup"),
    ({"prefix": ((0, 0), ())}, "pickup of request 0 is in the prefix of vehicle 0 and again of vehicle 0"),
    (
        {"prefix": ((2,), ()), "breaks": [(1, 0, 9, 9)]},
        "break 0 of vehicle 1 is in the prefix of vehicle 0",
    ),
    ({"scale": 0}, "scale is 0; it must be at least 1"),
]


@pytest.mark.parametrize(("changes", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
def test_a_contradiction_is_refused_in_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    given: dict[str, Any] = {
        **LINE,
        "pickup": [0],
        "delivery": [1],
        "start_place": [0, 0],
        "shift": [(0, 99)] * 2,
        "load": 1,
        "capacity": 1,
    }
    with pytest.raises(ProblemError) as refusal:
        build_problem(**(given | changes))
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_problem_without_requests_is_a_problem() -> None:
    problem = line_problem([], eligible=np.ones((0, 1), bool))
    assert make_plan(problem, [[]]).cost == 0
