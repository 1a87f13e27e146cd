"""Kernels for the moment at which other travel times begin to hold.

Columns are named in `fleet_tables.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from routing._jit import bare_kernel
from routing._kernels_plans import plan
from routing._kernels_route_changes import steer
from routing._kernels_routes import anchor, has_left, seconds
from routing.fleet_tables import (
    CLOSED_S,
    DWELLING,
    GOAL,
    LEAVE,
    LEG_FROM,
    MEMO_AT,
    MEMO_NODE,
    NOWHERE,
    READY,
    SCRATCH_ROWS,
)

if TYPE_CHECKING:
    from routing.fleet_tables import FleetArrays
    from routing.travel_times import TravelTables


@bare_kernel
def plan_all(fleet: FleetArrays, travel: TravelTables, now: int) -> None:
    """Plan every route as of `now`."""
    for v in range(fleet.vehicles.shape[0] - SCRATCH_ROWS):
        plan(fleet, travel, v, now)


@bare_kernel
def end_legs(fleet: FleetArrays, travel: TravelTables, now: int) -> None:
    """The last moment of these travel times: legs under way end at the next node, drives that have not begun
    are untold."""
    vehicles = fleet.vehicles
    for v in range(vehicles.shape[0] - SCRATCH_ROWS):
        if not has_left(vehicles, v, now):
            vehicles[v, GOAL] = NOWHERE
            continue
        turn = anchor(fleet, travel, v, now)
        vehicles[v, LEG_FROM] = turn.node
        vehicles[v, READY] = turn.ready
        vehicles[v, LEAVE] = turn.ready
        vehicles[v, MEMO_NODE] = turn.node
        vehicles[v, MEMO_AT] = turn.ready


@bare_kernel
def begin_legs(fleet: FleetArrays, travel: TravelTables, now: int) -> None:
    """The first moment of these travel times, after `end_legs`: who is under way drives on to the same goal
    without a wait, unless the way is closed; all others are told anew when to leave, and every route is
    planned."""
    vehicles = fleet.vehicles
    for v in range(vehicles.shape[0] - SCRATCH_ROWS):
        goal = vehicles[v, GOAL]
        if goal != NOWHERE and seconds(travel, vehicles[v, LEG_FROM], goal) >= CLOSED_S:
            vehicles[v, GOAL] = NOWHERE
        if vehicles[v, DWELLING] != 0 or vehicles[v, GOAL] != NOWHERE:
            plan(fleet, travel, v, now)
        else:
            steer(fleet, travel, v, now)
