"""Better routes for a fleet under way, within what has been promised: a proposal, not yet anybody's route."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing import _kernels_movable as movable
from routing import _kernels_replanning as kernels
from routing import _kernels_search as searching
from routing.fleet_tables import (
    ASK_DESTINATION,
    ASK_LATEST_DROPOFF,
    ASK_LATEST_PICKUP,
    ASK_NOW,
    ASK_ORIGIN,
    ASK_REQUEST,
    ASK_SERVICE,
    ASK_SIZE,
    ASK_WAIT_WEIGHT,
    ASK_WISH,
    KIND,
    NOBODY,
    NOWHERE,
    OFFER,
    REQUEST,
    STOPS,
    TO_BASE,
)
from routing.insertion import Insertion, RouteBook

Stop = tuple[int, int]
"""(kind, request) of a stop; the request is `NOBODY` for breaks and drives to base."""

_WARMTH_16: Final = 16 * 60
"""First temperature of the annealing: a minute of driving."""

NEAREST_VEHICLES: Final = 12
"""Vehicles that may exchange riders to make room for a newcomer: those that can be with her soonest."""

_WITHOUT_A_PLACE: Final = 4
"""How much more effort, in vehicles and steps, a newcomer is worth who has no place otherwise."""


def may_improve(routes: RouteBook) -> bool:
    """Whether any rider may still change her vehicle or her place in a route."""
    return bool(movable.is_any_movable(routes.tables.arrays))


def improved_routes(
    routes: RouteBook, now: int, iterations: int, seed: int
) -> tuple[int, dict[int, list[Stop]]]:
    """Search for cheaper routes as of second `now`; the routes themselves stay as they are.

    Firm bookings may move that are not at the door of a vehicle; routes with an open offer stay as they are.

    Parameters
    ----------
    iterations
        Riders are taken out and put back as often.

    Returns
    -------
    (saving, changed): sixteenths of seconds saved, and the new order of firm stops of each route that
    changes, without drives to base.
    """
    every = np.arange(routes.tables.size)
    saving, changed, _ = _improved(routes, every, None, now, iterations, seed)
    return (saving, changed) if saving > 0 else (0, {})


def room_for(
    routes: RouteBook, ask: NDArray[np.int64], found: Insertion | None, iterations: int, seed: int
) -> tuple[int, dict[int, list[Stop]]]:
    """How the vehicles near a newcomer may exchange riders so that she has a place, or a better one.

    Parameters
    ----------
    ask
        int64, shape (ASK_SIZE,). Her query.
    found
        Her best place in the routes as they are, None where she has none.
    iterations
        Riders are taken out and put back as often.

    Returns
    -------
    (saving, changed): sixteenths of seconds saved against `found` (0 where there is none), and the new order
    of firm stops of each route that changes, without hers and without drives to base. Empty where the routes
    are best as they are, or she has no place in any.

    Notes
    -----
    Only the `NEAREST_VEHICLES` take part, so the effort does not grow with the fleet; four times as many, in
    four times as many steps, where she has no place otherwise.
    """
    effort = _WITHOUT_A_PLACE if found is None else 1
    near = _nearest(routes, ask, effort * NEAREST_VEHICLES)
    saving, changed, has_place = _improved(routes, near, ask, int(ask[ASK_NOW]), effort * iterations, seed)
    if not has_place:
        return 0, {}
    if found is None:
        return 0, changed
    # The cost of an insertion counts her wait from the wish, that of a route from second 0.
    saving += found.cost + int(ask[ASK_WAIT_WEIGHT] * ask[ASK_WISH]) - kernels.ABSENT
    return (saving, changed) if saving > 0 else (0, {})


def _nearest(routes: RouteBook, ask: NDArray[np.int64], limit: int) -> NDArray[np.intp]:
    """Vehicles that can be with a newcomer soonest, in order of their numbers."""
    tables = routes.tables
    if tables.size <= limit:
        return np.arange(tables.size)
    direct_s = routes.drive_s(int(ask[ASK_ORIGIN]), int(ask[ASK_DESTINATION]))
    last = min(ask[ASK_LATEST_PICKUP], ask[ASK_LATEST_DROPOFF] - direct_s - ask[ASK_SERVICE])
    desk = tables.desk
    count = searching.shortlist(tables.arrays, routes.travel, ask, int(last), desk)
    near = desk.candidate[desk.order[: min(count, limit)]]
    return np.sort(near).astype(np.intp)


def _improved(
    routes: RouteBook,
    chosen: NDArray[np.intp],
    newcomer: NDArray[np.int64] | None,
    now: int,
    iterations: int,
    seed: int,
) -> tuple[int, dict[int, list[Stop]], bool]:
    """Saving in sixteenths, new orders of the stops of chosen vehicles, and whether the newcomer has a
    place."""
    longest = int(routes.tables.vehicles[chosen, STOPS].max(initial=0))
    tables = routes.tables.part(chosen, longest + 2 * kernels.LARGEST_RUIN + 4)
    asks = np.zeros((int(tables.vehicles[: len(chosen), STOPS].sum()) // 2 + 1, ASK_SIZE), np.int64)
    vehicle = np.zeros(len(asks), np.int32)
    count = movable.movable_riders(tables.arrays, now, asks, vehicle)
    if count == 0:
        return 0, {}, False
    place = -1
    if newcomer is not None:
        asks[count], vehicle[count], place = newcomer, NOWHERE, count
        count += 1
    former = tables.vehicles.copy(), tables.stops.copy()
    memory = kernels.Memory(
        np.zeros_like(tables.vehicles),
        np.zeros_like(tables.stops),
        np.zeros(tables.size, np.int32),
        np.zeros_like(tables.vehicles),
        np.zeros_like(tables.stops),
        np.zeros(count, np.int32),
        np.zeros(kernels.LARGEST_RUIN, np.int32),
        np.zeros(kernels.LARGEST_RUIN, np.int32),
        np.zeros(count),
    )
    riders = kernels.Riders(asks[:count], vehicle[:count], place)
    random = np.array([seed % 2**63], np.uint64)
    saving = int(
        kernels.improve(
            tables.arrays, routes.travel, riders, memory, tables.desk, tables.best, random, iterations,
            float(_WARMTH_16), now,
        )
    )  # fmt: skip
    if saving <= 0 or (place >= 0 and memory.best_vehicle[place] == NOWHERE):
        return 0, {}, False
    who = NOBODY - 1 if newcomer is None else int(newcomer[ASK_REQUEST])
    best = memory.best_vehicles, memory.best_stops
    changed = {
        int(chosen[v]): [
            (kind, request) for kind, request in firm_stops(*best, v) if request != who and kind != TO_BASE
        ]
        for v in range(len(chosen))
        if not movable.keeps_order(*best, *former, v, who)
    }
    return saving, changed, place >= 0


def firm_stops(vehicles: NDArray[np.int32], stops: NDArray[np.int32], vehicle: int) -> list[Stop]:
    """The stops that a driver knows, in order."""
    rows = stops[vehicle, : int(vehicles[vehicle, STOPS]), : OFFER + 1].tolist()
    return [(row[KIND], row[REQUEST]) for row in rows if row[OFFER] == 0]
