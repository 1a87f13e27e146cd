"""After a breakdown or a closure: a solve that may move everybody, so that fewer promises break, or by less.

The immediate answer moves riders one by one (`takeover`, `road_changes`) and tells which promises break
(`PromiseBroken`). Where some do, `RepairRequested` asks for a plan of the whole fleet in which only these
promises are soft, at the square of their lateness; all others stay as hard as they are. The plan comes back
as a proposal closed by `ProposeRepair`. It is adopted if the sum of squares becomes smaller by the
dispatcher's own clock, and `PromiseRevised` tells of each soft promise by how much it breaks now, or that it
is kept after all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from maas.dispatch import codec
from maas.dispatch import tables as t
from maas.dispatch.codec import Row
from maas.dispatch.proposals import adopted, fault_of
from maas.dispatch.tables import DispatchState, orders_of
from maas.domain.values import BreachCause, DropReason, PromiseEnd, TripStatus
from routing import fleet_tables as ft

_RUNNING = (int(TripStatus.BOOKED), int(TripStatus.ABOARD))


class BrokenEnd(NamedTuple):
    """An end of a booking whose promise is known to be broken, where it stands in a route and when it is
    planned."""

    vehicle: int
    position: int
    request: int
    end: PromiseEnd
    promised_s: int
    expected_s: int


def repair_requested(state: DispatchState, events: Sequence[Row], now: int) -> list[Row]:
    """The `RepairRequested` row of a breakdown or closure that breaks promises of riders who still ride."""
    rule = state.service.replanning
    if rule is None or rule.repair_iterations == 0:
        return []
    is_wanted = any(
        event[0] == codec.PROMISE_BROKEN
        and event[6] != BreachCause.LATE_RUNNING
        and state.request_row(event[1])[t.STATUS] in _RUNNING
        for event in events
    )
    return [(codec.REPAIR_REQUESTED, now)] if is_wanted else []


def broken_ends(state: DispatchState, vehicles: Iterable[int]) -> Iterator[BrokenEnd]:
    """The broken promises in the routes of these vehicles."""
    tables = state.routes.tables
    for vehicle in vehicles:
        stops = tables.stops[vehicle, : int(tables.vehicles[vehicle, ft.STOPS])].tolist()
        for position, stop in enumerate(stops):
            if stop[ft.OFFER] or stop[ft.KIND] not in (ft.PICKUP, ft.DROPOFF):
                continue
            end = PromiseEnd.PICKUP if stop[ft.KIND] == ft.PICKUP else PromiseEnd.DROPOFF
            row = state.request_row(stop[ft.REQUEST])
            if row[t.BROKEN] & (1 << end):
                promised = row[t.PROMISE_LATEST if end == PromiseEnd.PICKUP else t.ARRIVE_BY]
                yield BrokenEnd(vehicle, position, stop[ft.REQUEST], end, promised, stop[ft.START])


def propose_repair(state: DispatchState, command: Row, now: int) -> list[Row]:
    """A repair is complete: adopt it if it breaks promises by less, or drop it and say why."""
    _, proposal, count, saving_s = command
    orders = orders_of(state, proposal)
    if not orders or sum(map(len, orders.values())) != count:
        return [(codec.PLAN_DROPPED, proposal, int(DropReason.INCOMPLETE))]
    trial = state.fork()
    trial.routes.plan_all(now)
    before = list(broken_ends(trial, orders))
    for one in before:
        trial.routes.tables.stops[one.vehicle, one.position, ft.LATEST] = ft.FAR
    reason = fault_of(trial, orders, now)
    if reason is not None:
        return [(codec.PLAN_DROPPED, proposal, int(reason))]
    trial.routes.rearrange(orders, now)
    after = list(broken_ends(trial, orders))
    if squares(after) >= squares(before):
        return [(codec.PLAN_DROPPED, proposal, int(DropReason.LIMIT_MISSED))]
    return [*adopted(state, proposal, saving_s, orders, now), *_revised(before, after)]


def squares(ends: Iterable[BrokenEnd]) -> int:
    """Sum of the squares of what promises are missed by, seconds."""
    return sum(max(0, one.expected_s - one.promised_s) ** 2 for one in ends)


def _revised(before: Iterable[BrokenEnd], after: Iterable[BrokenEnd]) -> list[Row]:
    expected = {(one.request, one.end): one.expected_s for one in before}
    return [
        (codec.PROMISE_REVISED, one.request, 0, int(one.end), one.promised_s, one.expected_s)
        for one in sorted(after, key=lambda one: (one.request, one.end))
        if one.expected_s != expected[one.request, one.end] or one.expected_s <= one.promised_s
    ]
