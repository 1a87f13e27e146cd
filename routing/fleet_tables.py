"""The moving part of a dispatcher's state as integer tables: one row a vehicle, one row a stop of its route.

Kernels read and write these tables as they are; nothing keeps a second copy. Behind the vehicles stand a few
scratch rows, so that a candidate can be tried without touching a vehicle.

Words: a *stop* is one pickup, drop-off, break or drive to base; a *visit* is what happens at one place
between one arrival and one departure, so neighbouring stops at one node share it. A *held* stop belongs to an
open offer: planned, but unknown to the driver. A *firm* stop is known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.errors import ProblemError

FAR: Final = 2**30
"""Later than any time, larger than any figure of a plan."""

CLOSED_S: Final = 6 * 3600
"""A planned drive of this many seconds leads through a closed road (`road_book.WAY_IN_S`)."""

NOWHERE: Final = -1
"""Node index of a vehicle that is not on its way anywhere, and base of one that may end its shift
anywhere."""

NOBODY: Final = -1
"""Request number of a stop that serves no rider."""

wide: Callable[[Any], int] = np.int64  # type: ignore[assignment]  # a plain integer to numba
"""An entry of the tables (int32) before others are added to it."""

# Columns of the vehicle table: what has happened.
LEG_FROM: Final = 0  # node where the present leg began, or where the vehicle stands
READY: Final = 1  # earliest second at which it can leave LEG_FROM
GOAL: Final = 2  # node the driver was told to drive to, NOWHERE without a firm stop ahead and at a stop
LEAVE: Final = 3  # second at which the driver was told to leave LEG_FROM for GOAL
TOLD: Final = 4  # the stop this leg is for: 4 x REQUEST + KIND
STOPS: Final = 5  # stops in its route
SEATED: Final = 6  # seated riders on board
WHEELCHAIRS: Final = 7  # wheelchairs on board
DWELLING: Final = 8  # SERVING or RESTING during a visit at LEG_FROM, else 0
VISIT_START: Final = 9  # arrival of the visit, while DWELLING
VERSION: Final = 10  # version of the firm route
SHIFT_END: Final = 11
BASE: Final = 12  # node where the shift must end, or NOWHERE
IN_SERVICE: Final = 13  # 0 after a breakdown
# ... and what follows from it, written by `plan`.
VISIT_STOPS: Final = 14  # leading stops of the route that belong to the present visit
HOLD_UNTIL: Final = 15  # last second at which an open offer of this route may be accepted; -FAR without one
HOME_AT: Final = 16  # second at which all work is done and the vehicle is back where its shift must end
DUE: Final = 17  # second of the next arrival or departure that the plan expects; FAR when it expects none
DRIVES_FIRST: Final = 18  # 1 = leaves for its next pickup at once and stands there, 0 = waits, then drives
# A memo that spares walking a leg twice; no part of the state.
MEMO_NODE: Final = 19  # a node of the present leg that has been passed
MEMO_AT: Final = 20
VEHICLE_COLUMNS: Final = 21
MEMO_COLUMNS: Final = 2

# Columns of the stop table: what was agreed.
NODE: Final = 0
KIND: Final = 1
REQUEST: Final = 2
OFFER: Final = 3  # 0 = firm, else number of the open offer that holds this stop
EARLIEST: Final = 4
LATEST: Final = 5
SERVICE: Final = 6  # seconds from arrival that this stop needs
SEATS: Final = 7  # change of seated riders
CHAIRS: Final = 8  # change of wheelchairs
MAX_RIDE: Final = 9  # of a drop-off whose pickup stands in the same route; 0 = no limit
WAIT_WEIGHT: Final = 10  # cost of a later start, sixteenths a second
COMES: Final = 11  # of a pickup: when the rider is there; -FAR = she was when she booked
EXPIRES: Final = 12  # of a held stop: last second at which its offer may be accepted
# ... and its place in the plan.
ARRIVE: Final = 13  # arrival if the vehicle drives at once (start of the visit, where one is shared)
START: Final = 14  # planned start: the second that wait and lateness are measured against
DEPART: Final = 15
VISIT: Final = 16  # start of the visit this stop belongs to; FAR for breaks and drives to base
DWELL: Final = 17  # seconds it adds to its visit
DRIVE: Final = 18  # seconds of driving since the stop before
WAITED: Final = 19  # waiting, also for answers to offers, summed up to here
SLACK: Final = 20  # seconds the start may be pushed without breaking anything from here on
SEATED_AFTER: Final = 21
CHAIRS_AFTER: Final = 22
WEIGHT_FROM: Final = 23  # sum of WAIT_WEIGHT from here on
RAISED: Final = 24  # start not before this, so that a later ride limit holds; -FAR = not raised
STOP_COLUMNS: Final = 25

# Kinds of stops; riders come first.
DROPOFF: Final = 0
PICKUP: Final = 1
BREAK: Final = 2
TO_BASE: Final = 3

# Kinds of visits.
SERVING: Final = 1
RESTING: Final = 2

# Scratch rows, counted from the end of the tables.
TRIAL_ROW: Final = 4  # a candidate insertion
REFRESHED_ROW: Final = 3  # a route that runs late, as of now
FIRM_ROW: Final = 2  # a route as the driver knows it
SPARE_ROW: Final = 1
SCRATCH_ROWS: Final = 4

CAPACITY_ROWS: Final = 3
MAX_STOPS_LIMIT: Final = 4096

# Entries of a query: what an insertion search is asked for.
ASK_REQUEST: Final = 0
ASK_ORIGIN: Final = 1
ASK_DESTINATION: Final = 2
ASK_EARLIEST: Final = 3
ASK_LATEST_PICKUP: Final = 4
ASK_LATEST_DROPOFF: Final = 5
ASK_MAX_RIDE: Final = 6
ASK_SEATS: Final = 7
ASK_CHAIRS: Final = 8
ASK_SERVICE: Final = 9
ASK_WISH: Final = 10  # the wait costs from here on
ASK_WAIT_WEIGHT: Final = 11
ASK_RIDE_WEIGHT: Final = 12  # at most the weight of waiting
ASK_NOW: Final = 13
ASK_AS_OF: Final = 14  # the driver learns of the insertion by then (now + how long an offer is held)
ASK_GUARD: Final = 15  # seconds kept free before every limit
ASK_IDLE_WEIGHT: Final = 16  # what a second costs that the vehicle has to wait for her
ASK_SIZE: Final = 17

# Entries of an answer.
BEST_COST: Final = 0  # sixteenths
BEST_VEHICLE: Final = 1
BEST_PICKUP: Final = 2  # insert the pickup before this stop
BEST_DROPOFF: Final = 3  # insert the drop-off before this stop of the route without the new pickup
BEST_PICKUP_AT: Final = 4
BEST_DROPOFF_AT: Final = 5
BEST_SIZE: Final = 6

BUCKETS: Final = 128
"""Buckets of the sort by earliest arrival in a search."""


class FleetArrays(NamedTuple):
    """The tables as kernels take them."""

    vehicles: NDArray[np.int32]
    stops: NDArray[np.int32]
    capacity: NDArray[np.int32]


class Point(NamedTuple):
    """Where a vehicle is free to leave: node, second, and the start of the visit it is in there (FAR = in
    none that anybody could join)."""

    node: int
    ready: int
    visit: int


class Gate(NamedTuple):
    """What a driver is told too late to be there sooner: the vehicle leaves for stop `before` at `opens` at
    the earliest, and that stop joins a visit only if the visit ends at `joins_from` or later."""

    before: int
    opens: int
    joins_from: int


class Lead(NamedTuple):
    """How a vehicle with the new rider on board leaves for the drop-off: node, second and visit there (exact,
    or bounds from below), start of the pickup, driving added so far, and a bound of the cost so far without
    it."""

    node: int
    ready: int
    visit: int
    start: int
    drive: int
    cost: int


class SearchArrays(NamedTuple):
    """Room that a search needs: int32, one entry a vehicle, and one a bucket."""

    candidate: NDArray[np.int32]
    arrival: NDArray[np.int32]
    order: NDArray[np.int32]
    bucket: NDArray[np.int32]


@dataclass(slots=True)
class FleetTables:
    """Vehicle and stop tables of a fleet.

    Parameters
    ----------
    vehicles
        int32, shape (v + SCRATCH_ROWS, VEHICLE_COLUMNS).
    stops
        int32, shape (v + SCRATCH_ROWS, k, STOP_COLUMNS); k grows by doubling.
    capacity
        int32, shape (v + SCRATCH_ROWS, CAPACITY_ROWS, 3): rows (seats, wheelchairs, limit) of `A . load <=
        b`; unused rows are zero.
    """

    vehicles: NDArray[np.int32]
    stops: NDArray[np.int32]
    capacity: NDArray[np.int32]
    arrays: FleetArrays = field(init=False)
    desk: SearchArrays = field(init=False)
    ask: NDArray[np.int64] = field(init=False)
    best: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        rows = len(self.vehicles)
        if self.stops.shape[0] != rows or self.capacity.shape[0] != rows:
            raise ProblemError(
                f"fleet tables disagree: {rows} vehicle rows, {self.stops.shape[0]} routes, "
                f"{self.capacity.shape[0]} capacities"
            )
        self.arrays = FleetArrays(self.vehicles, self.stops, self.capacity)
        candidate, arrival, order = np.zeros((3, rows), np.int32)
        self.desk = SearchArrays(candidate, arrival, order, np.zeros(BUCKETS, np.int32))
        self.ask = np.zeros(ASK_SIZE, np.int64)
        self.best = np.zeros(BEST_SIZE, np.int64)

    @classmethod
    def create(
        cls,
        node: NDArray[np.int32],
        start_s: NDArray[np.int32],
        end_s: NDArray[np.int32],
        base: NDArray[np.int32],
        capacity: NDArray[np.int32],
        max_stops: int = 16,
    ) -> FleetTables:
        """An idle fleet.

        Parameters
        ----------
        node, start_s, end_s
            int32, shape (v,). Where each vehicle stands and its shift in seconds.
        base
            int32, shape (v,). Node where the shift ends, or `NOWHERE`.
        capacity
            int32, shape (v, CAPACITY_ROWS, 3).
        """
        size = len(node)
        vehicles = np.zeros((size + SCRATCH_ROWS, VEHICLE_COLUMNS), np.int32)
        for column in (LEG_FROM, MEMO_NODE):
            vehicles[:size, column] = node
        for column in (READY, LEAVE, MEMO_AT, HOME_AT):
            vehicles[:size, column] = start_s
        vehicles[:size, SHIFT_END] = end_s
        vehicles[:size, BASE] = base
        vehicles[:size, IN_SERVICE] = 1
        vehicles[:, GOAL] = NOWHERE
        vehicles[:, HOLD_UNTIL] = -FAR
        vehicles[:, DUE] = FAR
        rows = np.zeros((size + SCRATCH_ROWS, CAPACITY_ROWS, 3), np.int32)
        rows[:size] = capacity
        return cls(vehicles, np.zeros((size + SCRATCH_ROWS, max_stops, STOP_COLUMNS), np.int32), rows)

    @property
    def size(self) -> int:
        """Vehicles, without scratch rows."""
        return len(self.vehicles) - SCRATCH_ROWS

    def reserve(self, stops: int) -> None:
        """Make room for routes of `stops` stops, doubling the table as often as needed."""
        room = self.stops.shape[1]
        if stops <= room:
            return
        if stops > MAX_STOPS_LIMIT:
            raise ProblemError(f"a route of {stops} stops exceeds the limit of {MAX_STOPS_LIMIT}")
        while room < stops:
            room *= 2
        grown = np.zeros((self.stops.shape[0], room, STOP_COLUMNS), np.int32)
        grown[:, : self.stops.shape[1]] = self.stops
        self.stops = grown
        self.arrays = FleetArrays(self.vehicles, self.stops, self.capacity)

    def copy(self) -> FleetTables:
        """A copy to try things on."""
        return FleetTables(self.vehicles.copy(), self.stops.copy(), self.capacity.copy())

    def part(self, rows: NDArray[np.intp], room: int) -> FleetTables:
        """A copy of some vehicles alone, with room for routes of `room` stops.

        Parameters
        ----------
        rows
            intp, shape (k,). Vehicles; they are numbered 0 to k - 1 in the copy.
        room
            At least the longest route among them.
        """
        size = len(self.vehicles)
        chosen = np.concatenate((rows, np.arange(size - SCRATCH_ROWS, size)))
        stops = np.zeros((len(chosen), room, STOP_COLUMNS), np.int32)
        width = min(room, self.stops.shape[1])
        stops[:, :width] = self.stops[chosen, :width]
        return FleetTables(self.vehicles[chosen], stops, self.capacity[chosen])
