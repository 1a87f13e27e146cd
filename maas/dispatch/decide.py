"""Decisions: pure functions from state, command and time to event rows. Nothing here writes to the state."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from maas.dispatch import codec
from maas.dispatch import tables as t
from maas.dispatch.asking import limits, service_s
from maas.dispatch.batches import answer_batch, batch_requested
from maas.dispatch.codec import Row
from maas.dispatch.policies.base import Policy
from maas.dispatch.policies.refusals import refusal_row
from maas.dispatch.proposals import propose_plan, propose_stop
from maas.dispatch.releases import idle_after, is_closed, lost_offers, sent_home
from maas.dispatch.repairs import propose_repair
from maas.dispatch.replanning import solve_requested
from maas.dispatch.repositioning import moves
from maas.dispatch.road_changes import change_roads, pass_border
from maas.dispatch.tables import DispatchState
from maas.dispatch.takeover import breakdown, late_arrival
from maas.domain.values import PromiseEnd, RefusalReason, ReportFault, TripStatus
from routing import fleet_tables as ft

_OFFERED = int(TripStatus.OFFERED)
_TAKEN = (TripStatus.BOOKED, TripStatus.ABOARD, TripStatus.DONE)


def decide(state: DispatchState, policy: Policy, command: Row, now: int) -> list[Row]:
    """Event rows that follow from a command at second `now`; empty where nothing is to be recorded."""
    kind = command[0]
    if kind == codec.REQUEST_TRIP:
        return _request(state, policy, command, now)
    return _DECIDE[kind](state, command, now)


def _rejected(subject: int, fault: ReportFault) -> list[Row]:
    return [(codec.COMMAND_REJECTED, subject, int(fault))]


def _request(state: DispatchState, policy: Policy, command: Row, now: int) -> list[Row]:
    _, request, origin, destination, time_kind, wish, seats, chairs, *_ = command
    if request < len(state.requests) and state.requests[request, t.SEATS] + state.requests[request, t.CHAIRS]:
        return _rejected(request, ReportFault.REPEATED_REQUEST)
    rules = state.service.rules
    direct_s, direct_m = state.routes.direct(origin, destination)
    earliest, latest_pickup, latest_dropoff, ride = limits(
        rules, time_kind, wish, direct_s, service_s(rules, chairs)
    )
    requested = (
        codec.TRIP_REQUESTED, request, origin, destination, time_kind, wish, seats, chairs, earliest,
        latest_pickup, latest_dropoff, ride, direct_s, direct_m,
    )  # fmt: skip
    if is_closed(state, origin, destination):
        return [requested, refusal_row(requested, RefusalReason.NO_SERVICE_HERE)]
    if rules.notice_min_s and latest_pickup < now + rules.notice_min_s:
        late = now + rules.notice_min_s - latest_pickup
        return [requested, refusal_row(requested, RefusalReason.BOOKED_TOO_LATE, late)]
    if rules.advance_max_s and earliest > now + rules.advance_max_s:
        return [requested, refusal_row(requested, RefusalReason.BOOKED_TOO_EARLY)]
    return [requested, *policy.quote(state, requested, command, now)]


def _accept(state: DispatchState, command: Row, now: int) -> list[Row]:
    _, request, offer = command
    row = state.request_row(request)
    if row[t.STATUS] != _OFFERED or not 1 <= offer <= row[t.OFFERS] or row[t.EXPIRES] < now:
        return _without_offer(request, row)
    first = t.FIRST_OFFER + (offer - 1) * t.OFFER_COLUMNS
    vehicle, earliest, latest, arrive_by, fare, run = row[first : first + t.OFFER_COLUMNS]
    tables = state.routes.tables
    stops = tables.stops[vehicle]
    goal = ft.NOWHERE
    for k in range(int(tables.vehicles[vehicle, ft.STOPS])):
        if stops[k, ft.OFFER] == 0 and stops[k, ft.KIND] != ft.TO_BASE:
            goal = int(stops[k, ft.NODE])
            break
        if stops[k, ft.REQUEST] == request and stops[k, ft.OFFER] == offer:
            goal = int(stops[k, ft.NODE])
            break
    return [
        (codec.TRIP_BOOKED, request, 0, offer, vehicle, earliest, latest, arrive_by, fare, run),
        _route_changed(state, vehicle, goal, now),
        *idle_after(state, (request,), offer),
    ]


def _route_changed(state: DispatchState, vehicle: int, goal: int, now: int) -> Row:
    """The `RouteChanged` row of a vehicle whose first firm stop is at `goal` from now on."""
    place, ready = state.routes.turning_point(vehicle, goal, now)
    version = int(state.routes.tables.vehicles[vehicle, ft.VERSION]) + 1
    return (codec.ROUTE_CHANGED, vehicle, version, place, ready)


def _decline(state: DispatchState, command: Row, now: int) -> list[Row]:
    row = state.request_row(command[1])
    if row[t.STATUS] == TripStatus.UNKNOWN and command[1] in state.gathered:
        return [(codec.OFFERS_DECLINED, command[1])]
    if row[t.STATUS] != _OFFERED:
        return _without_offer(command[1], row)
    return [(codec.OFFERS_DECLINED, command[1]), *idle_after(state, (command[1],))]


def _without_offer(request: int, row: Row) -> list[Row]:
    """An answer to no open offer; who says twice that she takes one is told that she has it."""
    is_taken = row[t.STATUS] in _TAKEN
    return _rejected(request, ReportFault.ALREADY_BOOKED if is_taken else ReportFault.OFFER_GONE)


def _cancel(state: DispatchState, command: Row, now: int) -> list[Row]:
    request = command[1]
    row = state.request_row(request)
    match row[t.STATUS]:
        case TripStatus.OFFERED:
            return _decline(state, command, now)
        case TripStatus.UNKNOWN if request in state.gathered:
            return _decline(state, command, now)
        case TripStatus.BOOKED:
            return _leave_out(state, row[t.VEHICLE], (codec.TRIP_CANCELLED, request, row[t.VEHICLE]), now)
        case TripStatus.ABOARD:
            return _rejected(request, ReportFault.ALREADY_ABOARD)
        case TripStatus.UNKNOWN:
            return _rejected(request, ReportFault.UNKNOWN_REQUEST)
    return _rejected(request, ReportFault.NOT_BOOKED)


def _leave_out(state: DispatchState, vehicle: int, change: Row, now: int) -> list[Row]:
    """A vehicle loses the stops of a booking, as `change` says: open offers that it can no longer keep, a new
    route, perhaps home."""
    tables = state.routes.tables
    lost = lost_offers(state, vehicle, change, now)
    gone = {change[1], *lost}
    goal = ft.NOWHERE
    is_empty = True
    for stop in tables.stops[vehicle, : int(tables.vehicles[vehicle, ft.STOPS]), : ft.OFFER + 1].tolist():
        if stop[ft.KIND] in (ft.PICKUP, ft.DROPOFF) and stop[ft.REQUEST] in gone:
            continue
        is_empty = False
        if stop[ft.OFFER] == 0:
            goal = stop[ft.NODE]
            break
    changed = _route_changed(state, vehicle, goal, now)
    home: list[Row] = []
    if is_empty and not tables.vehicles[vehicle, ft.DWELLING]:
        home = sent_home(state, vehicle, changed[3])
    expired = [(codec.OFFERS_EXPIRED, request) for request in lost]
    return [change, *expired, changed, *home, *idle_after(state, lost)]


def _arrive(state: DispatchState, command: Row, now: int) -> list[Row]:
    _, vehicle, place, leg_m, leg_s = command
    tables = state.routes.tables
    row = tables.vehicles[vehicle].tolist()
    if not row[ft.IN_SERVICE]:
        return _rejected(vehicle, ReportFault.OUT_OF_SERVICE)
    if row[ft.DWELLING] or row[ft.GOAL] != place:
        return _rejected(vehicle, ReportFault.WRONG_PLACE)
    if row[ft.DRIVES_FIRST] and _is_before_pickup(tables.stops[vehicle, : row[ft.STOPS]], now):
        return [(codec.VEHICLE_STOOD, vehicle, place, leg_m, leg_s)]
    events: list[Row] = [(codec.VEHICLE_ARRIVED, vehicle, place, leg_m, leg_s)]
    is_first = True
    for stop in tables.stops[vehicle, : row[ft.STOPS]]:
        if stop[ft.OFFER]:
            continue
        if stop[ft.NODE] != place:
            break
        kind = stop[ft.KIND]
        if kind == ft.BREAK and is_first:
            events.append((codec.BREAK_STARTED, vehicle))
        if kind in (ft.BREAK, ft.TO_BASE):
            break
        is_first = False
        if now > stop[ft.LATEST]:
            end = PromiseEnd.PICKUP if kind == ft.PICKUP else PromiseEnd.DROPOFF
            events += late_arrival(state, int(stop[ft.REQUEST]), end, now)
    return events


def _is_before_pickup(stops: NDArray[np.int32], now: int) -> bool:
    """Whether a vehicle with these stops ahead is for a pickup, at whose place nobody may board yet."""
    firm = stops[stops[:, ft.OFFER] == 0]
    return bool(len(firm) and firm[0, ft.KIND] == ft.PICKUP and firm[0, ft.EARLIEST] > now)


def _depart(state: DispatchState, command: Row, now: int) -> list[Row]:
    _, vehicle, boarded, alighted = command
    tables = state.routes.tables
    row = tables.vehicles[vehicle].tolist()
    if not row[ft.DWELLING]:
        return _rejected(vehicle, ReportFault.NOT_AT_STOP)
    arrived = row[ft.VISIT_START]
    visit = row[ft.VISIT_STOPS]
    stops = tables.stops[vehicle, :visit, : ft.REQUEST + 1].tolist()
    events: list[Row] = []
    ups = 0
    for stop in stops:
        kind = stop[ft.KIND]
        if kind == ft.PICKUP:
            ups += 1
            events.append((codec.RIDER_BOARDED, stop[ft.REQUEST], vehicle, arrived))
        elif kind == ft.DROPOFF:
            events.append((codec.RIDER_ALIGHTED, stop[ft.REQUEST], vehicle, arrived))
        else:
            events.append((codec.BREAK_ENDED, vehicle))
    downs = sum(1 for stop in stops if stop[ft.KIND] == ft.DROPOFF)
    if (ups, downs) != (boarded, alighted):
        return _rejected(vehicle, ReportFault.COUNT_DIFFERS)
    events.append((codec.VEHICLE_DEPARTED, vehicle, row[ft.LEG_FROM]))
    if row[ft.STOPS] == visit:
        events += sent_home(state, vehicle, row[ft.LEG_FROM])
    return events


def _no_show(state: DispatchState, command: Row, now: int) -> list[Row]:
    _, vehicle, request = command
    tables = state.routes.tables
    row = tables.vehicles[vehicle]
    if not row[ft.DWELLING]:
        return _rejected(request, ReportFault.NOT_AT_STOP)
    here = tables.stops[vehicle, : int(row[ft.VISIT_STOPS])]
    if not ((here[:, ft.REQUEST] == request) & (here[:, ft.KIND] == ft.PICKUP)).any():
        return _rejected(request, ReportFault.NOT_BOOKED)
    if now < state.request_row(request)[t.PROMISE_EARLIEST]:
        return _rejected(request, ReportFault.TOO_EARLY)
    return _leave_out(state, vehicle, (codec.RIDER_NO_SHOW, request, vehicle), now)


def _position(state: DispatchState, command: Row, now: int) -> list[Row]:
    _, vehicle, place, leg_m, leg_s = command
    row = state.routes.tables.vehicles[vehicle]
    if not row[ft.IN_SERVICE]:
        return _rejected(vehicle, ReportFault.OUT_OF_SERVICE)
    if row[ft.DWELLING]:
        return _rejected(vehicle, ReportFault.AT_STOP)
    return [(codec.VEHICLE_STOOD, vehicle, place, leg_m, leg_s)]


def _propose_plan(state: DispatchState, command: Row, now: int) -> list[Row]:
    if state.service.batching is not None:
        return answer_batch(state, command, now)
    return propose_plan(state, command, now)


def _solves(state: DispatchState, now: int) -> list[Row]:
    return [*solve_requested(state, now), *batch_requested(state, now)]


def _wake(state: DispatchState, command: Row, now: int) -> list[Row]:
    due = sorted(
        (second, request)
        for second, request in state.deadlines
        if second < now
        and state.requests[request, t.STATUS] == _OFFERED
        and state.requests[request, t.EXPIRES] == second
    )
    gone = [request for _, request in due]
    expired = [(codec.OFFERS_EXPIRED, request) for request in gone]
    events = [*expired, *idle_after(state, gone)]
    if state.border_s is None or state.border_s > now:
        return [*events, *moves(state, now), *_solves(state, now)]
    rehearsal = pass_border(state, events, now)
    return [*rehearsal.events, *moves(rehearsal.state, now), *_solves(rehearsal.state, now)]


_DECIDE: dict[int, Callable[[DispatchState, Row, int], list[Row]]] = {
    codec.WAKE: _wake,
    codec.ARRIVE_AT_STOP: _arrive,
    codec.DEPART_STOP: _depart,
    codec.REPORT_NO_SHOW: _no_show,
    codec.REPORT_POSITION: _position,
    codec.VEHICLE_BROKE_DOWN: breakdown,
    codec.CHANGE_ROADS: change_roads,
    codec.CANCEL_TRIP: _cancel,
    codec.ACCEPT_OFFER: _accept,
    codec.DECLINE_OFFERS: _decline,
    codec.PROPOSE_STOP: propose_stop,
    codec.PROPOSE_PLAN: _propose_plan,
    codec.PROPOSE_REPAIR: propose_repair,
}
