"""The moving part of a dispatcher's state as integer tables: one row a vehicle, one row a stop of its route.

Kernels read and write these tables as they are; nothing keeps a second copy. A table has one row more per
scratch slot, so that a candidate can be tried without touching a vehicle.

Words: a *stop* is one pickup, drop-off, break or drive to base; a *visit* is what happens at one place
between one arrival and one departure, so neighbouring stops at one node share it. A *held* stop belongs to an
open offer: planned, but unknown to the driver. A *firm* stop is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.errors import ProblemError

FAR = 2**30
"""Later than any time and larger than any cost of a plan."""

NOWHERE = -1
"""Node index of a vehicle that is not on its way anywhere, and base of one that may end its shift anywhere.
"""

# Columns of the vehicle table.
LEG_FROM = 0  # node where the present leg began, or where the vehicle stands
READY = 1  # earliest second at which it can leave LEG_FROM
GOAL = 2  # node it is told to drive to, NOWHERE when it has no firm stop ahead or is at a stop
LEAVE = 3  # second at which it leaves LEG_FROM for GOAL
STOPS = 4  # stops in its route
SEATED = 5  # seated riders on board
WHEELCHAIRS = 6  # wheelchairs on board
DWELLING = 7  # SERVING or RESTING during a visit at LEG_FROM, else 0
VISIT_START = 8  # arrival of the visit, while DWELLING
VISIT_STOPS = 9  # leading stops of the route that belong to the present visit
HOLD_UNTIL = 10  # the plan assumes that the driver learns of held stops only then; -FAR without held stops
VERSION = 11  # version of the firm route
SHIFT_END = 12
BASE = 13  # node where the shift must end, or NOWHERE
IN_SERVICE = 14  # 0 after a breakdown
PLAN_END = 15  # departure from the last stop that is no drive to base
MEMO_NODE = 16  # a node already passed on the present leg (a memo: no part of the state)
MEMO_AT = 17
VEHICLE_COLUMNS = 18

# Columns of the stop table.
NODE = 0
KIND = 1
REQUEST = 2
OFFER = 3  # 0 = firm, else number of the open offer that holds this stop
EARLIEST = 4
LATEST = 5
SERVICE = 6  # seconds from arrival that this stop needs
SEATS = 7  # change of seated riders
CHAIRS = 8  # change of wheelchairs
MAX_RIDE = 9  # of a drop-off whose pickup stands in the same route; 0 = no limit
WAIT_WEIGHT = 10  # cost in sixteenths of a second later
ARRIVE = 11  # planned arrival at the place (equals START where the vehicle waits before driving)
START = 12  # planned start: the second that wait and lateness are measured against
DEPART = 13
VISIT = 14  # start of the visit this stop belongs to
DWELL = 15  # seconds it adds to its visit
WAITED = 16  # cumulated waiting of the vehicle up to here
SLACK = 17  # seconds the start may be pushed without breaking anything from here on
SEATED_AFTER = 18
CHAIRS_AFTER = 19
WEIGHT_FROM = 20  # sum of WAIT_WEIGHT from here on
RAISED = 21  # start not before this, so that a later ride limit holds
EXPIRES = 22  # of a held stop: last second at which its offer may be accepted
STOP_COLUMNS = 23

# Kinds of stops.
DROPOFF = 0
PICKUP = 1
BREAK = 2
TO_BASE = 3

# Kinds of visits.
SERVING = 1
RESTING = 2

SCRATCH_SLOTS = 4
CAPACITY_ROWS = 3
MAX_STOPS_LIMIT = 4096

# Entries of a query: what an insertion search is asked for.
ASK_ORIGIN = 0
ASK_DESTINATION = 1
ASK_EARLIEST = 2
ASK_LATEST_PICKUP = 3
ASK_LATEST_DROPOFF = 4
ASK_MAX_RIDE = 5
ASK_SEATS = 6
ASK_CHAIRS = 7
ASK_SERVICE = 8
ASK_WISH = 9  # the wait costs from here on
ASK_WAIT_WEIGHT = 10
ASK_RIDE_WEIGHT = 11
ASK_NOW = 12
ASK_AS_OF = 13  # the driver learns of the insertion then (now + how long an offer is held)
ASK_GUARD = 14  # seconds kept free before every limit
ASK_SIZE = 15

# Entries of an answer.
BEST_COST = 0  # sixteenths
BEST_VEHICLE = 1
BEST_PICKUP = 2  # insert the pickup before this stop
BEST_DROPOFF = 3  # insert the drop-off before this stop of the route without the new pickup
BEST_PICKUP_AT = 4
BEST_DROPOFF_AT = 5
BEST_SIZE = 6


class FleetArrays(NamedTuple):
    """The tables of a fleet as kernels take them; shapes as in `FleetTables`."""

    vehicles: NDArray[np.int32]
    stops: NDArray[np.int32]
    capacity: NDArray[np.int32]


class SearchArrays(NamedTuple):
    """Scratch space of a search: int32, shape (v + SCRATCH_SLOTS,) but `bucket`, shape (129,)."""

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
        int32, shape (v + SCRATCH_SLOTS, VEHICLE_COLUMNS).
    stops
        int32, shape (v + SCRATCH_SLOTS, k, STOP_COLUMNS); k grows by doubling.
    capacity
        int32, shape (v + SCRATCH_SLOTS, CAPACITY_ROWS, 3): rows (seats, wheelchairs, limit) of `A . load <=
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
        self.desk = SearchArrays(
            np.empty(rows, np.int32),
            np.empty(rows, np.int32),
            np.empty(rows, np.int32),
            np.empty(129, np.int32),
        )
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
        vehicles = np.zeros((size + SCRATCH_SLOTS, VEHICLE_COLUMNS), np.int32)
        vehicles[:size, LEG_FROM] = node
        vehicles[:size, MEMO_NODE] = node
        vehicles[:size, READY] = start_s
        vehicles[:size, LEAVE] = start_s
        vehicles[:size, MEMO_AT] = start_s
        vehicles[:size, PLAN_END] = start_s
        vehicles[:size, SHIFT_END] = end_s
        vehicles[:size, BASE] = base
        vehicles[:size, IN_SERVICE] = 1
        vehicles[:, GOAL] = NOWHERE
        vehicles[:, HOLD_UNTIL] = -FAR
        rows = np.zeros((size + SCRATCH_SLOTS, CAPACITY_ROWS, 3), np.int32)
        rows[:size] = capacity
        return cls(vehicles, np.zeros((size + SCRATCH_SLOTS, max_stops, STOP_COLUMNS), np.int32), rows)

    @property
    def size(self) -> int:
        """Vehicles, without scratch slots."""
        return len(self.vehicles) - SCRATCH_SLOTS

    @property
    def scratch(self) -> int:
        """First scratch slot."""
        return self.size

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
