"""A pickup and delivery problem as plain integer arrays: what every engine solves and every checker reads.

Times and costs are integers: seconds in dispatch (`scale` 1), thousandths of a unit in published instances
(`scale` 1,000; times rounded up, costs to the nearest). Results are told in the instance's own doubles by
`routing.verify`.

A *visit* is a pickup, a delivery or a break, and has a number: 2 r is the pickup of request r, 2 r + 1 its
delivery, 2 R + b break b of a problem with R requests.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from routing.quantities import NO_LIMIT as NO_LIMIT
from routing.quantities import NOWHERE as NOWHERE
from routing.quantities import UNREACHABLE

Array = NDArray[Any]


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Problem:
    """Requests to be served by vehicles; read-only arrays, checked on creation. Make one with
    `build_problem`.

    p places, r requests, v vehicles, c kinds of load, k rows of capacity, b breaks.

    Attributes
    ----------
    name, scale
        What it is called; how many integer units make one unit of its source.
    travel, cost
        int32, shape (p, p), row = from. Time, and what the objective counts; `UNREACHABLE` = no way.
        They may be one array. Where there are periods, `travel` is the least time of all of them.
    period_start, travel_by_period
        int32, shapes (q,) and (q, p, p). When each period begins, ascending (the first holds before its
        beginning too), and the times of ways that begin in it; none where times are the same all day. Who
        would arrive earlier by leaving in a later period waits for it, so that leaving later never helps.
    pickup, delivery
        int32, shape (r,). Places. `pickup` is `NOWHERE` for a rider who is on board already.
    pickup_window, delivery_window
        int32, shape (r, 2). Earliest and latest start of service; hard.
    promise
        int32, shape (r, 2). Latest start of pickup and delivery that were promised, `NO_LIMIT` = none. Being
        late costs `late_weight * late**2 // scale`.
    late_weight
        See `promise`; 0 = promises cost nothing.
    pickup_service, delivery_service
        int32, shape (r,). Time that serving takes.
    load
        int32, shape (r, c). What is carried from pickup to delivery; not negative.
    max_ride
        int32, shape (r,). From the end of the pickup's service to the start of the delivery's (Cordeau's
        L); `NO_LIMIT` = none. Not used for riders on board: their deadline is the delivery window.
    on_board
        int32, shape (r,). The vehicle that carries the rider already, or `NOWHERE`.
    penalty
        int64, shape (r,). Cost of leaving the request unserved.
    eligible
        bool, shape (r, v). Which vehicle may serve which request.
    start_place, end_place
        int32, shape (v,). Where the vehicle is free to leave, and where it must end (`NOWHERE` = anywhere).
    shift
        int32, shape (v, 2). Earliest departure from `start_place`; latest arrival at `end_place`, or latest
        end of the last visit of a vehicle that may end anywhere.
    visit_start
        int32, shape (v,). When the visit began that is under way at `start_place`, so that a first visit
        there may share its service; `NO_LIMIT` = none. Only with `is_service_shared`.
    max_duration
        int32, shape (v,). From departure to the end; `NO_LIMIT` = none.
    fixed_cost
        int64, shape (v,). Cost of using the vehicle at all.
    is_out
        bool, shape (v,). The vehicle is on the road: its way from start to end is paid even when it serves
        nobody. Other vehicles cost nothing while their route is empty.
    capacity
        int32, shape (v, k, c + 1). Rows A | b: the load on board must obey A . load <= b at all times.
    breaks
        int32, shape (b, 4). Vehicle, earliest and latest start, duration. A vehicle that is used must take
        its breaks, each at the place of the visit before it.
    prefix
        One tuple of visits a vehicle: the beginning of its route that is fixed already.
    vehicles_first
        Whether fewest vehicles come before least cost (published PDPTW); else cost alone counts, of ways,
        fixed costs, lateness and penalties.
    is_service_shared
        Whether visits that follow each other at one place are served side by side: the vehicle leaves when
        the last of them is done. Otherwise one after the other.
    kind
        int32, shape (v,). Computed: vehicles of one kind are equal in everything, carry nobody, have no
        breaks and no prefix, so that an engine need try only one empty vehicle of each kind.
    visit_place, visit_window, visit_service
        int32, shapes (n,), (n, 2), (n,). Computed: the same facts by visit number; the place of a break and
        of the pickup of a rider on board is `NOWHERE`.
    """

    name: str
    scale: int
    travel: Array
    cost: Array
    period_start: Array
    travel_by_period: Array
    pickup: Array
    delivery: Array
    pickup_window: Array
    delivery_window: Array
    promise: Array
    late_weight: int
    pickup_service: Array
    delivery_service: Array
    load: Array
    max_ride: Array
    on_board: Array
    penalty: Array
    eligible: Array
    start_place: Array
    end_place: Array
    shift: Array
    visit_start: Array
    max_duration: Array
    fixed_cost: Array
    is_out: Array
    capacity: Array
    breaks: Array
    prefix: tuple[tuple[int, ...], ...]
    vehicles_first: bool
    is_service_shared: bool
    kind: Array = field(init=False)
    visit_place: Array = field(init=False)
    visit_window: Array = field(init=False)
    visit_service: Array = field(init=False)

    def __post_init__(self) -> None:
        from routing.problem_check import check_problem

        check_problem(self)
        b = self.breaks
        interleaved = [
            ("visit_place", self.pickup, self.delivery, np.full(len(b), NOWHERE)),
            ("visit_window", self.pickup_window, self.delivery_window, b[:, 1:3]),
            ("visit_service", self.pickup_service, self.delivery_service, b[:, 3]),
        ]
        for name, of_pickup, of_delivery, of_break in interleaved:
            by_request = np.stack([of_pickup, of_delivery], axis=1).reshape(-1, *of_pickup.shape[1:])
            object.__setattr__(self, name, np.concatenate([by_request, of_break]).astype(np.int32))
        object.__setattr__(self, "kind", _kinds(self))
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def request_count(self) -> int:
        """How many requests."""
        return len(self.pickup)

    @property
    def vehicle_count(self) -> int:
        """How many vehicles."""
        return len(self.start_place)

    @property
    def break_count(self) -> int:
        """How many breaks, of all vehicles."""
        return len(self.breaks)

    @property
    def visit_count(self) -> int:
        """How many visit numbers there are."""
        return 2 * self.request_count + self.break_count

    @property
    def has_ride_limits(self) -> bool:
        """Whether any ride or route is limited in time, beyond windows."""
        return bool((self.max_ride < NO_LIMIT).any() or (self.max_duration < NO_LIMIT).any())

    def describe_visit(self, visit: int) -> str:
        """A visit in words: `pickup of request 3`."""
        if visit >= 2 * self.request_count:
            return f"break {visit - 2 * self.request_count}"
        return f"{'delivery' if visit % 2 else 'pickup'} of request {visit // 2}"


def build_problem(
    *,
    name: str,
    travel: ArrayLike,
    pickup: ArrayLike,
    delivery: ArrayLike,
    pickup_window: ArrayLike,
    delivery_window: ArrayLike,
    start_place: ArrayLike,
    shift: ArrayLike,
    capacity: ArrayLike,
    load: ArrayLike,
    scale: int = 1,
    cost: ArrayLike | None = None,
    period_start: ArrayLike = (),
    end_place: ArrayLike | None = None,
    promise: ArrayLike | None = None,
    late_weight: int = 0,
    pickup_service: ArrayLike = 0,
    delivery_service: ArrayLike = 0,
    max_ride: ArrayLike = NO_LIMIT,
    on_board: ArrayLike = NOWHERE,
    penalty: ArrayLike | None = None,
    eligible: ArrayLike | None = None,
    visit_start: ArrayLike = NO_LIMIT,
    max_duration: ArrayLike = NO_LIMIT,
    fixed_cost: ArrayLike = 0,
    is_out: ArrayLike = False,
    breaks: ArrayLike = (),
    prefix: tuple[tuple[int, ...], ...] | None = None,
    vehicles_first: bool = False,
    is_service_shared: bool = False,
) -> Problem:
    """A problem from its arrays; a single number stands for all requests or vehicles alike.

    Parameters
    ----------
    travel
        Shape (p, p), or (q, p, p) by period where `period_start` is given.
    cost
        The travel times where left out, the least ones by period.
    load
        Shape (r, c), or (r,) for one kind of load.
    capacity
        Shape (v, k, c + 1) as `Problem.capacity`, or (v,) for one kind of load.
    end_place
        Each vehicle's start where left out.
    penalty
        More than any plan costs where left out, so that serving comes first.
    on_board
        Such a rider is eligible for the own vehicle alone, whatever `eligible` says.

    Raises
    ------
    ProblemError
        An array has another shape than stated, holds a value out of range, or two contradict each other:
        one sentence that names the request or vehicle and the value.
    """
    from routing.problem_check import table

    r, v = len(np.atleast_1d(pickup)), len(np.atleast_1d(start_place))
    load_table = table("load", load, (r,) if np.ndim(load) < 2 else None)
    load_table = load_table[:, None] if load_table.ndim == 1 else load_table
    rows = table("capacity", capacity, (v,) if np.ndim(capacity) < 2 else None)
    rows = np.stack([np.ones_like(rows), rows], axis=1)[:, None, :] if rows.ndim == 1 else rows
    starts = table("period_start", period_start, None)
    by_period = table("travel", travel, None)
    travel_table = by_period.min(axis=0) if len(starts) and by_period.ndim == 3 else by_period
    if len(starts) == 0:
        by_period = np.empty((0, *travel_table.shape), np.int32)
    cost_table = travel_table if cost is None else table("cost", cost, None)
    carried = table("on_board", on_board, (r,))
    allowed = table("eligible", True if eligible is None else eligible, (r, v), np.bool_)
    for request in np.flatnonzero((carried >= 0) & (carried < v)):
        own = allowed[request, carried[request]]
        allowed[request] = False
        allowed[request, carried[request]] = own
    if penalty is None:
        reachable = cost_table[cost_table < UNREACHABLE]
        legs = 2 * r + 2 * v
        dearest = int(reachable.max(initial=0)) * legs + int(np.sum(np.broadcast_to(fixed_cost, (v,))))
        penalty = dearest + 1
    return Problem(
        name=name,
        scale=scale,
        travel=travel_table,
        cost=cost_table,
        period_start=starts,
        travel_by_period=by_period,
        pickup=table("pickup", pickup, (r,)),
        delivery=table("delivery", delivery, (r,)),
        pickup_window=table("pickup_window", pickup_window, (r, 2)),
        delivery_window=table("delivery_window", delivery_window, (r, 2)),
        promise=table("promise", NO_LIMIT if promise is None else promise, (r, 2)),
        late_weight=late_weight,
        pickup_service=table("pickup_service", pickup_service, (r,)),
        delivery_service=table("delivery_service", delivery_service, (r,)),
        load=load_table,
        max_ride=table("max_ride", max_ride, (r,)),
        on_board=carried,
        penalty=table("penalty", penalty, (r,), np.int64),
        eligible=allowed,
        start_place=table("start_place", start_place, (v,)),
        end_place=table("end_place", start_place if end_place is None else end_place, (v,)),
        shift=table("shift", shift, (v, 2)),
        visit_start=table("visit_start", visit_start, (v,)),
        max_duration=table("max_duration", max_duration, (v,)),
        fixed_cost=table("fixed_cost", fixed_cost, (v,), np.int64),
        is_out=table("is_out", is_out, (v,), np.bool_),
        capacity=rows,
        breaks=table("breaks", np.reshape(breaks, (-1, 4)), None),
        prefix=((),) * v if prefix is None else tuple(tuple(visits) for visits in prefix),
        vehicles_first=vehicles_first,
        is_service_shared=is_service_shared,
    )


def _kinds(problem: Problem) -> Array:
    """Vehicles that an engine may take for one another carry one number."""
    kinds = np.empty(problem.vehicle_count, np.int32)
    seen: dict[tuple[Any, ...], int] = {}
    is_apart = np.zeros(problem.vehicle_count, bool)
    is_apart[problem.breaks[:, 0]] = True
    is_apart[problem.on_board[problem.on_board >= 0]] = True
    for v in range(problem.vehicle_count):
        own: tuple[Any, ...] = (
            int(problem.start_place[v]), int(problem.end_place[v]), problem.shift[v].tobytes(),
            int(problem.visit_start[v]), int(problem.max_duration[v]), int(problem.fixed_cost[v]),
            bool(problem.is_out[v]), problem.capacity[v].tobytes(), problem.eligible[:, v].tobytes(),
            v if is_apart[v] or problem.prefix[v] else NOWHERE,
        )  # fmt: skip
        kinds[v] = seen.setdefault(own, len(seen))
    return kinds
