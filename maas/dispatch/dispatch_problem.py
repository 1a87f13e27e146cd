"""The fleet under way as a vehicle-routing problem, its present routes as a plan of it, and the way back.

What the dispatcher's tables say and how it stands in the problem:

- **Places** are the nodes in use. A break has a place of its own beside its base (nothing is served side by
  side with it), and so has a visit that should be over already (nobody joins it any more).
- **Vehicles** start where they can turn: the next node they reach, the end of the shift's way in, or the
  visit under way, whose stops are fixed and which others may join. Vehicles out of service, with an open
  offer in their routes, or on a way through a closed road keep their routes and are not in the problem.
- **Riders** waiting may change vehicles within the limits that stand in their route; riders on board and
  breaks stay with their vehicle: a break is a rider on board without load, who alights at the base for the
  length of the break. Who is late already may be as late as she is, and no later.
- **Cost** is driving between stops, and the square of each wait, with the slope of the service's wait weight
  at `REFERENCE_WAIT_S`. The ways home are kept within the shift, and cost only where that is asked for:
  while the day goes on, the next rider comes before them. Time on board costs nothing beyond its limits.

The problem is conservative. Against the dispatcher's own times its visits are never sooner, but for a second
of rounding where a vehicle under way may turn: a visit that joins another starts no sooner than the visit
joined, where the dispatcher counts from the beginning of the stay. So every plan of it is heard by the
dispatcher like any other proposal, which keeps its own clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import gcd
from typing import Final

import numpy as np

from maas.dispatch import tables as t
from maas.dispatch.problem_rows import HOME, Orders, ProblemRows
from maas.dispatch.tables import DispatchState
from maas.domain.values import PromiseEnd
from routing import fleet_tables as ft
from routing.plan import Plan, make_plan
from routing.problem import NO_LIMIT, Problem, build_problem
from routing.quantities import UNREACHABLE
from routing.replanning import Stop
from routing.widened_limits import widened

REFERENCE_WAIT_S: Final = 240
"""Wait at which one more second costs what the service's wait weight says."""

LEFT_OUT: Final = 10**9
"""Penalty of leaving out a rider who was promised nothing: more than the way and the wait of anybody."""

UNSERVED: Final = 10**12
"""Penalty of leaving out a rider who was promised a trip: more than any plan costs."""

_SIXTEENTHS: Final = 16


@dataclass(frozen=True, slots=True)
class DispatchProblem:
    """A problem of the fleet as of one second, and what its numbers mean to the dispatcher.

    Attributes
    ----------
    problem
        What an engine solves.
    start
        The present routes; it keeps every rule of the problem.
    vehicles
        The fleet's vehicle of each vehicle of the problem.
    stops
        (kind, request) of each visit number.
    present
        The present order of firm stops of each of these vehicles, drives to base as well.
    price
        Cost of a second of driving.
    """

    problem: Problem
    start: Plan
    vehicles: tuple[int, ...]
    stops: tuple[Stop, ...]
    present: Orders
    price: int

    def routes(self, plan: Plan) -> Orders:
        """The order of firm stops of every vehicle in a plan; a vehicle that drives home and gets no other
        work drives on."""
        found: Orders = {}
        for vehicle, visits in zip(self.vehicles, plan.routes, strict=True):
            present = self.present[vehicle]
            home = [stop for stop in present if stop[0] == ft.TO_BASE]
            is_idle = len(home) == len(present)
            found[vehicle] = [self.stops[visit] for visit in visits]
            if is_idle and not visits:
                found[vehicle] = home
        return found

    def orders(self, plan: Plan) -> Orders:
        """The new order of firm stops of each vehicle whose route a plan changes."""
        return {v: order for v, order in self.routes(plan).items() if order != self.present[v]}


def problem_of(
    state: DispatchState,
    now: int,
    *,
    pays_way_home: bool = False,
    waiting: Sequence[int] = (),
    is_repair: bool = False,
) -> DispatchProblem | None:
    """What a solver may change in the fleet's routes as of second `now`, and how they are now; None where no
    vehicle may change its route.

    Parameters
    ----------
    now
        Not before the last command: the second at which a plan would be heard.
    pays_way_home
        Whether the ways to where shifts end are part of the cost.
    waiting
        Requests that are in no route yet; leaving one out costs `LEFT_OUT`.
    is_repair
        Promises that are known to be broken have no limit, and cost the square of each second that they are
        missed by, where a second of driving costs 1; waits cost nothing.
    """
    rows = ProblemRows.of(state, now, waiting)
    fleet, riders = rows.fleet, rows.riders
    if not fleet.vehicles:
        return None
    price, late_weight = (1, 1) if is_repair else _prices(state.service.weights.wait_16)
    nodes = np.array([node for node, _ in rows.places], np.intp)
    travel = state.routes.travel.from_s[np.ix_(nodes, nodes)].astype(np.int64)
    cost = np.minimum(travel * price, UNREACHABLE - 1)
    if not pays_way_home:
        cost[:, [part == HOME for _, part in rows.places]] = 0
    floor = min([now, *(begin for begin, _ in fleet.shift), *fleet.visit_start])
    count = len(riders.pickup)
    pickup_window, delivery_window = (
        np.clip(np.reshape(window, (count, 2)).astype(np.int64), floor, NO_LIMIT)
        for window in (riders.pickup_window, riders.delivery_window)
    )
    promise = np.full((count, 2), NO_LIMIT)
    if not is_repair:
        promise[:, 0] = riders.wish
    for visit, promised_s in _broken(state, riders.stops) if is_repair else ():
        promise[visit // 2, visit % 2] = promised_s
        (delivery_window if visit % 2 else pickup_window)[visit // 2, 1] = NO_LIMIT
    problem = build_problem(
        name="the fleet",
        travel=travel,
        cost=cost,
        pickup=np.array(riders.pickup, np.int64),
        delivery=np.array(riders.delivery, np.int64),
        pickup_window=pickup_window,
        delivery_window=delivery_window,
        promise=promise,
        late_weight=late_weight,
        pickup_service=np.array(riders.pickup_service, np.int64),
        delivery_service=np.array(riders.delivery_service, np.int64),
        load=np.reshape(riders.load, (count, 2)).astype(np.int64),
        max_ride=np.array(riders.max_ride, np.int64),
        on_board=np.array(riders.on_board, np.int64),
        penalty=np.array([UNSERVED] * (count - len(waiting)) + [LEFT_OUT] * len(waiting), np.int64),
        start_place=np.array(fleet.start, np.int64),
        end_place=np.array(fleet.end, np.int64),
        shift=np.array(fleet.shift, np.int64),
        visit_start=np.array(fleet.visit_start, np.int64),
        is_out=np.array(fleet.is_out, np.bool_) if pays_way_home else False,
        capacity=state.routes.tables.capacity[fleet.vehicles],
        prefix=tuple(fleet.prefix),
        is_service_shared=True,
    )
    problem = widened(problem, fleet.routes)
    start = make_plan(problem, fleet.routes)
    return DispatchProblem(problem, start, tuple(fleet.vehicles), tuple(riders.stops), fleet.present, price)


def _broken(state: DispatchState, stops: Sequence[Stop]) -> Iterator[tuple[int, int]]:
    """Visits whose promises are known to be broken, and when they were promised."""
    for visit, (kind, request) in enumerate(stops):
        if kind in (ft.PICKUP, ft.DROPOFF) and request != ft.NOBODY:
            row = state.request_row(request)
            is_pickup = kind == ft.PICKUP
            if row[t.BROKEN] & (1 << (PromiseEnd.PICKUP if is_pickup else PromiseEnd.DROPOFF)):
                yield visit, row[t.PROMISE_LATEST if is_pickup else t.ARRIVE_BY]


def _prices(wait_16: int) -> tuple[int, int]:
    """Cost of a second of driving and of a squared second of waiting: their ratio at the reference wait is
    the wait weight."""
    price, weight = 2 * _SIXTEENTHS * REFERENCE_WAIT_S, wait_16
    common = gcd(price, weight)
    return (price // common, weight // common) if weight else (1, 0)
