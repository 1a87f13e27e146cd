"""Where idle vehicles should wait: pure functions from who stands where to who goes where."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from routing.demand_cells import DemandCells
from routing.fleet_tables import NOWHERE
from routing.travel_times import TravelTables

Nodes = npt.NDArray[np.int32]


def pulled_to(travel: TravelTables, idle: Nodes, places: Nodes, reach_s: int) -> Nodes:
    """The nearest idle vehicle goes to each place, one vehicle a place, places in their order.

    Parameters
    ----------
    idle
        int32, shape (k,). Node of each idle vehicle.
    places
        int32, shape (p,). Where a vehicle was missing.
    reach_s
        No vehicle drives longer than this.

    Returns
    -------
    int32, shape (k,). Node each vehicle is to go to, `NOWHERE` to stay.
    """
    goal = np.full(len(idle), NOWHERE, np.int32)
    for place in places.tolist():
        drive_s = travel.to_s[place, idle].astype(np.int64)
        drive_s[goal != NOWHERE] = reach_s + 1
        nearest = int(np.argmin(drive_s)) if len(idle) else 0
        if len(idle) and 0 < drive_s[nearest] <= reach_s:
            goal[nearest] = place
    return goal


def shared_out(
    travel: TravelTables,
    cells: DemandCells,
    idle: Nodes,
    coming: Nodes,
    demand: npt.NDArray[np.float64],
    reach_s: int,
    empty_cost: float,
) -> Nodes:
    """Idle vehicles spread over the cells as demand does.

    A vehicle leaves a cell only if the cell keeps its share without it. Filling a cell that lacks a whole
    vehicle is worth a drive of `reach_s` seconds; each second of empty driving costs `empty_cost`. Moves are
    made best first while they gain; ties go to the first vehicle, then to the lower cell.

    Parameters
    ----------
    idle, coming
        int32, shapes (k,) and (j,). Node of each idle vehicle; node that each vehicle on its way to wait
        drives to.
    demand
        float64, shape (c,). Requests expected in each cell, in any unit.
    reach_s
        No vehicle drives longer than this.

    Returns
    -------
    int32, shape (k,). Node each vehicle is to go to, `NOWHERE` to stay.
    """
    goal = np.full(len(idle), NOWHERE, np.int32)
    total = float(demand.sum())
    if total <= 0.0 or not len(idle):
        return goal
    count = len(cells.centre)
    at = cells.cell_of_node[idle]
    have = np.bincount(np.concatenate((at, cells.cell_of_node[coming])), minlength=count)
    lack = demand * ((len(idle) + len(coming)) / total) - have
    drive_s = travel.from_s[np.ix_(idle, cells.centre)].astype(np.float64)
    cost = np.where(drive_s <= reach_s, drive_s * empty_cost, np.inf)
    while True:
        may_leave = (goal == NOWHERE) & (lack[at] <= -1.0)
        gain = np.minimum(lack, 1.0)[None, :] * reach_s - cost
        gain[~may_leave] = -np.inf
        gain[:, lack < 0.5] = -np.inf
        vehicle, cell = divmod(int(np.argmax(gain)), count)
        if gain[vehicle, cell] <= 0.0:
            return goal
        goal[vehicle] = cells.centre[cell]
        lack[at[vehicle]] += 1.0
        lack[cell] -= 1.0
