"""The arrays of a neighbourhood search: made from a problem, filled with routes, read back as routes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from routing._kernels_neighbourhood_pool import remember_best
from routing._kernels_neighbourhood_routes import rebuild
from routing.neighbourhood_arrays import (
    ABSENT,
    BEST_ABSENT,
    BOUNDS,
    COST,
    COUNTERS,
    MEMO_COLUMNS,
    MEMO_PICKUP_AFTER,
    NOBODY,
    REGRET_LIMIT,
    VEHICLE_COLUMNS,
    WORK_ROWS,
    Best,
    Features,
    GeneralState,
    Pool,
    Routes,
    Scratch,
    State,
    Terms,
)
from routing.problem import NO_LIMIT, NOWHERE, Problem
from routing.quantities import UNREACHABLE

Array = NDArray[Any]

NEIGHBOURS: Final = 256
"""Nearest visits kept for each visit; a ruin rarely looks further than the first forty."""

MOST_LATENESS: Final = 2**36
"""Lateness that is still saved before vehicles are taken more of, where fewest vehicles come first."""

MUST_SERVE: Final = 2**48
"""Penalty of a rider on board who is not delivered."""

Visits = tuple[tuple[int, ...], ...]


def terms_of(problem: Problem) -> Terms:
    """A problem as the kernels of the search read it.

    Where fewest vehicles come first, a vehicle costs more than all ways together, and a request left out more
    than all vehicles, so that one sum ranks plans. A vehicle that may end anywhere ends at a place of its own
    that is no distance from everywhere. Windows are tightened by what a request's other visit allows.
    """
    travel, cost = _with_anywhere(problem.travel), _with_anywhere(problem.cost)
    anywhere = len(travel) - 1
    r, v = problem.request_count, problem.vehicle_count
    frozen = {visit: carrier for carrier, visits in enumerate(problem.prefix) for visit in visits}
    bound_to = np.array(problem.on_board, np.int32)
    for visit, carrier in frozen.items():
        if visit < 2 * r and visit % 2 == 0:
            bound_to[visit // 2] = carrier
    carried = problem.on_board >= 0
    place = problem.visit_place.copy()
    place[: 2 * r : 2][carried] = problem.delivery[carried]
    kinds, first_of_kind = np.unique(problem.kind, return_index=True)
    need, room = _loads(problem, first_of_kind)
    vehicle = np.zeros((v, VEHICLE_COLUMNS), np.int64)
    dearest = _dearest(problem)
    vehicle[:, 0] = problem.start_place
    vehicle[:, 1] = np.where(problem.end_place == NOWHERE, anywhere, problem.end_place)
    vehicle[:, 2:4] = problem.shift
    vehicle[:, 4] = problem.max_duration
    vehicle[:, 5] = problem.fixed_cost + (dearest if problem.vehicles_first else 0)
    vehicle[:, 6] = [len(visits) for visits in problem.prefix]
    vehicle[:, 7] = np.searchsorted(kinds, problem.kind)
    vehicle[:, 8] = problem.is_out
    vehicle[:, 9] = problem.visit_start if problem.is_service_shared else NO_LIMIT
    penalty = problem.penalty.copy()
    if problem.vehicles_first:
        penalty *= -(-dearest * (v + 1) // max(1, int(penalty.min(initial=dearest))))
    penalty[bound_to != NOBODY] = MUST_SERVE
    window = _tight_windows(problem)
    return Terms(
        travel=travel,
        travel_to=np.ascontiguousarray(travel.T),
        cost=cost,
        cost_to=np.ascontiguousarray(cost.T),
        place=place,
        earliest=window[:, 0].copy(),
        latest=window[:, 1].copy(),
        service=problem.visit_service.copy(),
        max_ride=np.where(carried, NO_LIMIT, problem.max_ride).astype(np.int32),
        need=need,
        room=room,
        penalty=penalty,
        eligible=problem.eligible.copy(),
        bound_to=bound_to,
        vehicle=vehicle,
        neighbours=_neighbours(cost, place[: 2 * r], window[: 2 * r]),
        is_exact=np.array([problem.has_ride_limits or is_scheduled(problem)]),
    )


def is_scheduled(problem: Problem) -> bool:
    """Whether windows alone do not tell what a candidate costs, or whether there is a way to it."""
    has_holes = bool((problem.travel >= UNREACHABLE).any())
    return bool(problem.break_count or has_prices(problem) or len(problem.period_start) or has_holes)


def has_prices(problem: Problem) -> bool:
    """Whether lateness costs anything."""
    return bool(problem.late_weight and (problem.promise < NO_LIMIT).any())


def new_state(problem: Problem, terms: Terms, seed: int, *, memo_slots: int, pool_routes: int) -> State:
    """All arrays of one search, with nothing but the frozen beginnings of routes in them."""
    r, v = problem.request_count, problem.vehicle_count
    longest = max((len(visits) for visits in problem.prefix), default=0)
    cap = 2 * r + 2 + longest + int(np.bincount(problem.breaks[:, 0], minlength=v).max())
    rows = terms.room.shape[1]
    routes = Routes(
        row=np.arange(0, 2 * v, 2, dtype=np.int32),
        length=np.full(2 * v, 2, np.int32),
        cost=np.zeros(2 * v, np.int64),
        digest=np.zeros(2 * v, np.uint64),
        visit=np.zeros((2 * v, cap), np.int32),
        at=np.zeros((2 * v, cap), np.int32),
        depart=np.zeros((2 * v, cap), np.int32),
        latest=np.zeros((2 * v, cap), np.int32),
        free=np.zeros((2 * v, cap, rows), np.int32),
        vehicle_of=np.full(problem.visit_count, NOBODY, np.int32),
        absent=np.zeros(r, np.int32),
        absences=np.zeros(r, np.int64),
        touched=np.zeros(v, np.int32),
        is_touched=np.zeros(v, bool),
        is_open=np.ones(v, bool),
    )
    memo = np.zeros((memo_slots, MEMO_COLUMNS), np.int64)
    memo[:, MEMO_PICKUP_AFTER] = NOWHERE
    state = State(
        routes=routes,
        best=Best(np.zeros((v, cap), np.int32), np.full(v, 2, np.int32), np.zeros(r, np.int32)),
        pool=Pool(
            known=np.zeros(4 * pool_routes, np.uint64),
            begin=np.zeros(pool_routes + 1, np.int32),
            visit=np.zeros(32 * pool_routes, np.int32),
            cost=np.zeros(pool_routes, np.int64),
            vehicle=np.zeros(pool_routes, np.int32),
        ),
        scratch=Scratch(
            absent=np.zeros(r, np.int32),
            key=np.zeros(r, np.int64),
            string=np.zeros(cap, np.int32),
            tried=np.zeros(terms.need.shape[0], np.int64),
            start=np.zeros(cap + 2, np.int32),
            floor=np.zeros(cap + 2, np.int32),
            last=np.zeros(cap + 2, np.int32),
            leg=np.zeros(cap + 2, np.int32),
            partner=np.zeros(cap + 2, np.int32),
            most=np.zeros(cap + 2, np.int32),
            pickup_at=np.zeros(r, np.int32),
            found=np.zeros(3, np.int64),
            open=np.zeros(v, np.int32),
            unknown=np.zeros(v, np.int32),
            offer=np.zeros((min(r, REGRET_LIMIT), v), np.int64),
            members=np.zeros(r, np.int32),
            leaving=np.full(6, NOBODY, np.int32),
        ),
        memo=memo,
        counters=np.zeros(COUNTERS, np.int64),
        random=np.array([seed], np.uint64),
    )
    if not problem.is_service_shared and not is_scheduled(problem):
        return state
    general = GeneralState(*state, features=_features(problem, cap))
    return cast("State", general)


def _features(problem: Problem, cap: int) -> Features:
    r, v = problem.request_count, problem.vehicle_count
    late_weight = problem.late_weight if has_prices(problem) else 0
    by_owner = np.lexsort((problem.breaks[:, 1], problem.breaks[:, 0]))
    begin = np.searchsorted(problem.breaks[by_owner, 0], np.arange(v + 1))
    return Features(
        rules=np.array([problem.is_service_shared, late_weight, problem.scale], np.int64),
        promised=problem.promise.reshape(-1).copy(),
        break_begin=begin.astype(np.int32),
        break_visit=(2 * r + by_owner).astype(np.int32),
        bounds=np.zeros((2 * v, cap, BOUNDS), np.int32),
        period_start=problem.period_start.copy(),
        travel_by_period=np.pad(problem.travel_by_period, ((0, 0), (0, 1), (0, 1))),
        late=np.zeros(2 * v, np.int64),
        work=np.zeros((WORK_ROWS, cap + 2), np.int32),
        pickup_at=np.zeros(r, np.int32),
        length=np.zeros(1, np.int64),
    )


def load_routes(terms: Terms, state: State, visits: Sequence[Sequence[int]]) -> None:
    """Make these routes, one a vehicle, the current and the best ones; who is in none is absent."""
    routes, counters = state.routes, state.counters
    routes.row[:] = np.arange(0, 2 * len(routes.row), 2)
    routes.length[:] = 2
    for v, route in enumerate(visits):
        routes.visit[2 * v, 1 : len(route) + 1] = route
        routes.length[2 * v] = len(route) + 2
    rebuild(terms, state)
    requests = len(terms.max_ride)
    absent = np.flatnonzero(routes.vehicle_of[1 : 2 * requests : 2] == NOBODY)
    routes.absent[: len(absent)] = absent
    carried = terms.bound_to != NOBODY
    routes.vehicle_of[: 2 * requests : 2][carried] = terms.bound_to[carried]
    counters[ABSENT] = len(absent)
    counters[COST] = routes.cost[routes.row].sum() + terms.penalty[absent].sum()
    remember_best(state)


def best_routes(state: State) -> Visits:
    """Visits of the best routes, one tuple a vehicle."""
    best = state.best
    return tuple(tuple(row[1 : n - 1].tolist()) for row, n in zip(best.visit, best.length, strict=True))


def best_absent(state: State) -> list[int]:
    """Requests that the best routes leave out."""
    absent: list[int] = state.best.absent[: state.counters[BEST_ABSENT]].tolist()
    return absent


def _with_anywhere(matrix: Array) -> Array:
    """The matrix with one more place that is no distance from any other."""
    wider = np.zeros((len(matrix) + 1, len(matrix) + 1), np.int32)
    wider[:-1, :-1] = matrix
    return wider


def _dearest(problem: Problem) -> int:
    legs = 2 * (problem.request_count + problem.vehicle_count)
    known = problem.cost[problem.cost < UNREACHABLE]
    return int(known.max(initial=0)) * legs + int(problem.fixed_cost.sum()) + _worst_lateness(problem) + 1


def _worst_lateness(problem: Problem) -> int:
    """What lateness costs at most, if all start as late as they may."""
    if problem.late_weight == 0:
        return 0
    window = problem.visit_window[: 2 * problem.request_count, 1].astype(np.int64)
    latest = np.minimum(window, int(problem.shift[:, 1].max()))
    late = np.maximum(latest - problem.promise.reshape(-1), 0).tolist()
    worst = sum(problem.late_weight * one * one // problem.scale for one in late)
    return int(min(worst, MOST_LATENESS))


def _loads(problem: Problem, first_of_kind: Array) -> tuple[Array, Array]:
    """What each request takes of each capacity row by kind of vehicle, and what each vehicle has at its
    start."""
    weights, limits = problem.capacity[:, :, :-1], problem.capacity[:, :, -1]
    need = np.einsum("vkc,rc->vrk", weights[first_of_kind], problem.load)
    room = limits.astype(np.int64).copy()
    for request in np.flatnonzero(problem.on_board >= 0):
        carrier = problem.on_board[request]
        room[carrier] -= weights[carrier] @ problem.load[request]
    return need.astype(np.int32), room.astype(np.int32)


def _tight_windows(problem: Problem) -> Array:
    """int32, shape (n, 2). Windows cut to what the way between pickup and delivery leaves of them.

    Where both are served side by side, or no way leads straight there, they are left as they are.
    """
    every = problem.visit_window.astype(np.int64)
    window = every[: 2 * problem.request_count]
    free = problem.on_board < 0
    pickup, delivery = window[::2], window[1::2]
    service = problem.pickup_service.astype(np.int64)
    way = np.where(free, problem.travel[np.where(free, problem.pickup, 0), problem.delivery], 0) + service
    is_apart = way - service < UNREACHABLE
    if problem.is_service_shared:
        is_apart &= problem.pickup != problem.delivery
    way = np.where(is_apart, way, 0)
    ride = np.where(problem.max_ride < NO_LIMIT, problem.max_ride + service, 2 * NO_LIMIT)
    pickup[:, 1] = np.where(free, np.minimum(pickup[:, 1], delivery[:, 1] - way), pickup[:, 1])
    delivery[:, 0] = np.where(free, np.maximum(delivery[:, 0], pickup[:, 0] + way), delivery[:, 0])
    pickup[:, 0] = np.where(free, np.maximum(pickup[:, 0], delivery[:, 0] - ride), pickup[:, 0])
    delivery[:, 1] = np.where(free, np.minimum(delivery[:, 1], pickup[:, 1] + ride), delivery[:, 1])
    return np.clip(every, -NO_LIMIT, NO_LIMIT).astype(np.int32)


def _neighbours(cost: Array, place: Array, window: Array) -> Array:
    """int32, shape (2, 2r, w). Visits nearest first, each visit first in its own row.

    First by distance there and back, then with the time between their windows added.
    """
    both = cost[np.ix_(place, place)].astype(np.int64) + cost[np.ix_(place, place)].T
    earliest, latest = window[:, 0].astype(np.int64), window[:, 1].astype(np.int64)
    gap = np.maximum(0, earliest[None, :] - latest[:, None])
    found = []
    for distance in (both, both + 2 * (gap + gap.T)):
        np.fill_diagonal(distance, -1)
        found.append(np.argsort(distance, axis=1, kind="stable")[:, :NEIGHBOURS])
    return np.ascontiguousarray(np.stack(found).astype(np.int32))
