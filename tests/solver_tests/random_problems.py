"""Small random problems and routes, drawn by a seed: tight enough that about half of the routes fail."""

from __future__ import annotations

import numpy as np

from routing.problem import NO_LIMIT, NOWHERE, Problem, build_problem
from routing.quantities import UNREACHABLE


def random_problem(rng: np.random.Generator, *, requests: int = 3, vehicles: int = 2) -> Problem:
    """Times up to some hundred, few places (so that many visits share one), every feature in about half."""
    places = int(rng.integers(2, 6))
    travel = rng.integers(1, 30, (places, places))
    travel[rng.random((places, places)) < 0.02] = UNREACHABLE
    np.fill_diagonal(travel, 0)
    pickup = rng.integers(0, places, requests)
    on_board = np.full(requests, NOWHERE)
    if rng.random() < 0.5:
        on_board[0] = rng.integers(0, vehicles)
        pickup[0] = NOWHERE
    opens = rng.integers(-20, 120, (requests, 2))
    opens[:, 1] = np.where(rng.random(requests) < 0.5, 0, opens[:, 1])
    widths = rng.integers(0, 150, (requests, 2))
    closes = opens[:, 0] + widths[:, 1] + 120
    breaks = [(int(rng.integers(0, vehicles)), 20, 90, 15)] if rng.random() < 0.4 else []
    shift = np.stack([rng.integers(-10, 30, vehicles), rng.integers(120, 400, vehicles)], axis=1)
    is_shared = bool(rng.random() < 0.5)
    visit_start = np.where(rng.random(vehicles) < 0.5, shift[:, 0] - 5, NO_LIMIT)
    capacity = np.array([[[1, 3, 8], [0, 1, 2]]] * vehicles)
    capacity[:, 0, 2] = rng.integers(2, 9, vehicles)
    return build_problem(
        name="random",
        travel=travel,
        pickup=pickup,
        delivery=rng.integers(0, places, requests),
        pickup_window=np.stack([opens[:, 0], opens[:, 0] + widths[:, 0]], axis=1),
        delivery_window=np.stack([opens[:, 1], np.maximum(closes, opens[:, 1])], axis=1),
        promise=np.where(rng.random((requests, 2)) < 0.3, rng.integers(20, 150, (requests, 2)), NO_LIMIT),
        late_weight=int(rng.integers(0, 3)),
        pickup_service=rng.integers(0, 12, requests),
        delivery_service=rng.integers(0, 12, requests),
        load=np.stack([rng.integers(0, 3, requests), rng.integers(0, 2, requests)], axis=1),
        max_ride=np.where(rng.random(requests) < 0.6, rng.integers(5, 90, requests), NO_LIMIT),
        on_board=on_board,
        start_place=rng.integers(0, places, vehicles),
        end_place=np.where(rng.random(vehicles) < 0.3, NOWHERE, rng.integers(0, places, vehicles)),
        shift=shift,
        visit_start=visit_start if is_shared else NO_LIMIT,
        max_duration=np.where(rng.random(vehicles) < 0.4, rng.integers(60, 250, vehicles), NO_LIMIT),
        fixed_cost=rng.integers(0, 50, vehicles),
        is_out=rng.random(vehicles) < 0.3,
        capacity=capacity,
        breaks=breaks,
        is_service_shared=is_shared,
    )


def random_routes(rng: np.random.Generator, problem: Problem) -> list[list[int]]:
    """Routes in which each delivery follows its pickup in one vehicle; some requests are left out."""
    routes: list[list[int]] = [[] for _ in range(problem.vehicle_count)]
    for r in rng.permutation(problem.request_count).tolist():
        carrier = int(problem.on_board[r])
        if carrier >= 0:
            route = routes[carrier]
            route.insert(int(rng.integers(0, len(route) + 1)), 2 * r + 1)
        elif rng.random() < 0.8:
            route = routes[int(rng.integers(0, problem.vehicle_count))]
            first = int(rng.integers(0, len(route) + 1))
            route.insert(first, 2 * r)
            route.insert(int(rng.integers(first + 1, len(route) + 1)), 2 * r + 1)
    for b, vehicle in enumerate(problem.breaks[:, 0].tolist()):
        if routes[vehicle]:
            route = routes[vehicle]
            route.insert(int(rng.integers(0, len(route) + 1)), 2 * problem.request_count + b)
    return routes


def city_problem(rng: np.random.Generator, requests: int, vehicles: int) -> Problem:
    """Places of a plane with streets at right angles, so that no way round is a short cut."""
    at = rng.integers(0, 12, (6, 2))
    on_board = np.full(requests, NOWHERE)
    pickup = rng.integers(0, 6, requests)
    if rng.random() < 0.4:
        on_board[0], pickup[0] = rng.integers(0, vehicles), NOWHERE
    opens = rng.integers(0, 40, requests)
    return build_problem(
        name="city",
        travel=np.abs(at[:, None, :] - at[None, :, :]).sum(axis=2),
        pickup=pickup,
        delivery=rng.integers(0, 6, requests),
        pickup_window=np.stack([opens, opens + rng.integers(5, 40, requests)], axis=1),
        delivery_window=np.stack([0 * opens, opens + rng.integers(40, 70, requests)], axis=1),
        pickup_service=rng.integers(0, 4, requests),
        delivery_service=rng.integers(0, 4, requests),
        load=rng.integers(1, 3, requests),
        max_ride=np.where(rng.random(requests) < 0.5, rng.integers(15, 40, requests), NO_LIMIT),
        on_board=on_board,
        penalty=rng.integers(10, 60, requests),
        start_place=rng.integers(0, 6, vehicles),
        end_place=np.where(rng.random(vehicles) < 0.5, NOWHERE, rng.integers(0, 6, vehicles)),
        shift=np.stack([rng.integers(0, 10, vehicles), rng.integers(90, 140, vehicles)], axis=1),
        fixed_cost=rng.integers(0, 9, vehicles),
        capacity=rng.integers(2, 5, vehicles),
        breaks=[(0, 10, 60, 8)] if rng.random() < 0.4 else [],
        is_service_shared=bool(rng.random() < 0.5),
        vehicles_first=bool(rng.random() < 0.3),
    )
