"""Better routes for a fleet under way, within what has been promised: a proposal, not yet anybody's route."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing import _kernels_replanning as kernels
from routing.errors import ProblemError
from routing.fleet_tables import ASK_REQUEST, ASK_SIZE, BREAK, KIND, OFFER, REQUEST, STOPS, FleetTables
from routing.insertion import RouteBook

Stop = tuple[int, int]
"""(kind, request) of a stop; the request is `NOBODY` for breaks and drives to base."""

_WARMTH_16: Final = 16 * 60
"""First temperature of the annealing: a minute of driving."""


def improved_routes(
    routes: RouteBook,
    asks: NDArray[np.int64],
    vehicle: NDArray[np.int32],
    now: int,
    iterations: int,
    seed: int,
) -> tuple[int, dict[int, list[Stop]]]:
    """Search for cheaper routes as of second `now`; the routes themselves stay as they are.

    Parameters
    ----------
    asks
        int64, shape (m, ASK_SIZE). The queries of the firm bookings that may move: promised limits, `ASK_NOW`
        = `now`.
    vehicle
        int32, shape (m,). Who serves each of them now.
    iterations
        Riders are taken out and put back as often.

    Returns
    -------
    (saving, changed): sixteenths of seconds saved, and the new order of firm stops of each route that
    changes.

    Raises
    ------
    ProblemError
        When `asks` and `vehicle` disagree, or a rider has no pickup in the route of her vehicle.
    """
    _check(routes.tables, asks, vehicle)
    if not len(asks) or iterations < 1:
        return 0, {}
    tables = routes.tables.copy()
    tables.reserve(int(tables.vehicles[: tables.size, STOPS].max()) + 2 * kernels.LARGEST_RUIN + 4)
    riders = kernels.Riders(np.ascontiguousarray(asks), vehicle.astype(np.int32))
    memory = kernels.Memory(
        np.zeros_like(tables.vehicles),
        np.zeros_like(tables.stops),
        np.zeros(tables.size, np.int32),
        np.zeros_like(tables.vehicles),
        np.zeros_like(tables.stops),
        np.zeros(len(asks), np.int32),
        np.zeros(kernels.LARGEST_RUIN, np.int32),
        np.zeros(kernels.LARGEST_RUIN, np.int32),
        np.zeros(len(asks)),
    )
    random = np.array([seed], np.uint64)
    saving = int(
        kernels.improve(
            tables.arrays, routes.travel, riders, memory, tables.desk, tables.best, random, iterations,
            float(_WARMTH_16), now,
        )
    )  # fmt: skip
    if saving <= 0:
        return 0, {}
    changed: dict[int, list[Stop]] = {}
    for v in range(tables.size):
        after = firm_stops(memory.best_vehicles, memory.best_stops, v)
        if after != firm_stops(routes.tables.vehicles, routes.tables.stops, v):
            changed[v] = after
    return saving, changed


def firm_stops(vehicles: NDArray[np.int32], stops: NDArray[np.int32], vehicle: int) -> list[Stop]:
    """The stops that a driver knows, in order."""
    rows = stops[vehicle, : int(vehicles[vehicle, STOPS]), : OFFER + 1].tolist()
    return [(row[KIND], row[REQUEST]) for row in rows if row[OFFER] == 0]


def _check(tables: FleetTables, asks: NDArray[np.int64], vehicle: NDArray[np.int32]) -> None:
    if asks.shape != (len(vehicle), ASK_SIZE):
        raise ProblemError(
            f"queries have shape {asks.shape} for {len(vehicle)} riders; give ({len(vehicle)}, {ASK_SIZE})"
        )
    for request, v in zip(asks[:, ASK_REQUEST].tolist(), vehicle.tolist(), strict=True):
        known = 0 <= v < tables.size and {
            kind
            for kind, who in firm_stops(tables.vehicles, tables.stops, v)
            if who == request and kind < BREAK
        }
        if known != {0, 1}:
            raise ProblemError(
                f"request {request} is not planned in route {v}; give riders with the vehicles that come"
            )
