"""Where idle vehicles should wait: pure functions from who stands where to who goes where."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.demand_cells import DemandCells
from routing.fleet_tables import NOWHERE
from routing.travel_times import TravelTables

Nodes = npt.NDArray[np.int32]


class Coverage(NamedTuple):
    """What `covering` weighs: seconds within which a vehicle comes in time, the probability that it is busy,
    the longest empty drive in seconds (which covering one more request an hour is worth), and what a second
    of empty driving costs."""

    within_s: int
    busy: float
    reach_s: int
    empty_cost: float


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


def covering(
    travel: TravelTables,
    cells: DemandCells,
    idle: Nodes,
    others: Nodes,
    demand: npt.NDArray[np.float64],
    rule: Coverage,
) -> Nodes:
    """Idle vehicles go where the chance that nobody can come in time falls most.

    A request is covered by each vehicle that is within `within_s` of its cell; each is taken with probability
    `busy` when it is needed, so that k vehicles cover it with probability 1 - busy^k. Moves are made best
    first while they gain: Daskin's maximum expected covering location (1983), played vehicle by vehicle as
    Jagtenberg, Bhulai & van der Mei (2015) do for ambulances. Ties go to the first vehicle, then to the lower
    cell.

    Parameters
    ----------
    idle, others
        int32, shapes (k,) and (j,). Node of each idle vehicle; node at which each other one ends its work.
    demand
        float64, shape (c,). Requests an hour in each cell.

    Returns
    -------
    int32, shape (k,). Node each vehicle is to go to, `NOWHERE` to stay.
    """
    goal = np.full(len(idle), NOWHERE, np.int32)
    if not len(idle):
        return goal
    drive_s = travel.from_s[np.ix_(idle, cells.centre)].astype(np.float64)
    is_near = drive_s <= rule.within_s
    covers = travel.from_s[np.ix_(cells.centre, cells.centre)] <= rule.within_s
    count = is_near.sum(axis=0) + (travel.from_s[np.ix_(others, cells.centre)] <= rule.within_s).sum(axis=0)
    cost = np.where(drive_s <= rule.reach_s, drive_s * rule.empty_cost, np.inf)
    while True:
        # What a vehicle adds to a cell that all others cover as often as this.
        added = demand * (1.0 - rule.busy) * rule.busy ** (count[None, :] - is_near)
        gain = (added @ covers.T - (added * is_near).sum(axis=1, keepdims=True)) * rule.reach_s - cost
        gain[goal != NOWHERE] = -np.inf
        vehicle, cell = divmod(int(np.argmax(gain)), len(cells.centre))
        if gain[vehicle, cell] <= 0.0:
            return goal
        goal[vehicle] = cells.centre[cell]
        count = count - is_near[vehicle] + covers[cell]
