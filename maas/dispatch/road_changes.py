"""The roads change: routes are timed again, and promises that can no longer be kept are repaired or broken.

A promise is judged under the travel times in force if it falls due while they hold; one that is due later is
judged when the next ones begin, as a road that is closed now may be open by then. What ran late before for
other reasons, and does so no more than before, is left to the report of the arrival.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from maas.dispatch import codec
from maas.dispatch import tables as t
from maas.dispatch.codec import Row
from maas.dispatch.rehearsal import Rehearsal
from maas.dispatch.releases import Stops, idle_after, is_closed, late_stops, next_lost, sent_home
from maas.dispatch.repairs import repair_requested
from maas.dispatch.tables import DispatchState
from maas.dispatch.takeover import broken_promise, place_for
from maas.domain.values import BreachCause, PromiseEnd, ReportFault, TripStatus
from routing import fleet_tables as ft
from routing.road_book import WAY_IN_S, RoadChange

_BOOKED = int(TripStatus.BOOKED)
_ABOARD = int(TripStatus.ABOARD)
_KIND = {PromiseEnd.PICKUP: ft.PICKUP, PromiseEnd.DROPOFF: ft.DROPOFF}


def change_roads(state: DispatchState, command: Row, now: int) -> list[Row]:
    """Events of a change of the roads that has become known: at once in force, or only noted."""
    _, number, *columns = command
    change = RoadChange(*columns)
    known = state.changes.get(number)
    if change == known:
        return [(codec.COMMAND_REJECTED, number, int(ReportFault.REPEATED_CHANGE))]
    if change.end_s <= now and (known is None or known.end_s <= now):
        return [(codec.COMMAND_REJECTED, number, int(ReportFault.NOTHING_TO_REOPEN))]
    rehearsal = Rehearsal(state, now)
    rehearsal.happen((codec.ROADS_CHANGED, *command[1:]))
    trial = rehearsal.state
    if trial.travel_at(now) is not trial.routes.travel:
        _switch(rehearsal, state.border_s)
    elif state.border_s is not None:
        # What holds may hold for longer now.
        _repair_all(rehearsal, _plans(trial, now, state.border_s))
    return rehearsal.events


def pass_border(state: DispatchState, before: list[Row], now: int) -> Rehearsal:
    """What happens at a second from which on other travel times hold, after the events `before`."""
    rehearsal = Rehearsal(state, now)
    rehearsal.happen(*before)
    _switch(rehearsal, state.border_s)
    return rehearsal


class _Before(NamedTuple):
    """The plans as of now under the travel times that end: start of each firm stop by (request, kind), each
    vehicle's stops that are late, and the second from which on promises have not been judged."""

    starts: dict[tuple[int, int], int]
    late: list[Stops]
    border_s: int | None

    def was_late(self, request: int, kind: int, promised_s: int) -> bool:
        """Whether a promise was to be missed already, by what the roads could not be blamed for."""
        is_judged = self.border_s is None or promised_s < self.border_s
        return is_judged and self.starts[request, kind] > promised_s


class _Missed(NamedTuple):
    """An end of a booking that is planned later than promised."""

    promised_s: int
    request: int
    end: PromiseEnd
    expected_s: int


def _switch(rehearsal: Rehearsal, border_s: int | None) -> None:
    """Other travel times hold from now on than those that were to hold until `border_s`."""
    trial, now = rehearsal.state, rehearsal.now
    before = _plans(trial, now, border_s)
    ended = trial.routes.travel
    rehearsal.happen((codec.TRAVEL_TIMES_CHANGED, now))
    _repair_all(rehearsal, before)
    vehicles = trial.routes.tables.vehicles[: trial.routes.tables.size].tolist()
    for vehicle, row in enumerate(vehicles):
        is_idle = row[ft.IN_SERVICE] and not row[ft.STOPS] and not row[ft.DWELLING]
        if is_idle and ended.from_s[row[ft.LEG_FROM], trial.bases[vehicle]] >= WAY_IN_S:
            # It could not drive home before.
            rehearsal.happen(*sent_home(trial, vehicle, row[ft.LEG_FROM]))


def _repair_all(rehearsal: Rehearsal, before: _Before) -> None:
    """What follows from the plans as they are now for offers, bookings and drivers."""
    trial = rehearsal.state
    fleet = range(trial.routes.tables.size)
    lost = [request for vehicle in fleet for request in _end_offers(rehearsal, vehicle, before)]
    touched = {vehicle for vehicle in fleet if _set_down_elsewhere(rehearsal, vehicle)}
    for request in dict.fromkeys(missed.request for missed in sorted(_missed(trial, fleet, before))):
        touched |= _repair(rehearsal, request, before)
    lost += [request for vehicle in sorted(touched) for request in _end_offers(rehearsal, vehicle, before)]
    for missed in list(_missed(trial, fleet, before)):
        was_late = before.was_late(missed.request, _KIND[missed.end], missed.promised_s)
        cause = BreachCause.LATE_RUNNING if was_late else BreachCause.ROADS
        rehearsal.happen(*broken_promise(trial, missed.request, missed.end, missed.expected_s, cause))
    rehearsal.tell_drivers(touched)
    for vehicle in sorted(touched):
        row = trial.routes.tables.vehicles[vehicle].tolist()
        if row[ft.STOPS] == 0 and not row[ft.DWELLING]:
            rehearsal.happen(*sent_home(trial, vehicle, row[ft.LEG_FROM]))
    rehearsal.happen(*idle_after(trial, lost))
    rehearsal.happen(*repair_requested(trial, rehearsal.events, rehearsal.now))


def _set_down_elsewhere(rehearsal: Rehearsal, vehicle: int) -> bool:
    """Riders in a vehicle to whose destination nobody can drive before they are promised to be there leave
    it at the nearest place that can be reached, as the roads are when none is closed; who only just boards
    is given up. Returns whether there are any."""
    trial, now = rehearsal.state, rehearsal.now
    tables = trial.routes.tables
    here = set(tables.stops[vehicle, : int(tables.vehicles[vehicle, ft.VISIT_STOPS]), ft.REQUEST].tolist())
    touched = False
    for stop in _firm_stops(trial, vehicle):
        request, node = stop[ft.REQUEST], stop[ft.NODE]
        row = trial.request_row(request)
        is_inside = row[t.STATUS] == _ABOARD or request in here
        is_due = trial.border_s is None or row[t.ARRIVE_BY] < trial.border_s
        if stop[ft.KIND] != ft.DROPOFF or not (is_inside and is_due):
            continue
        start, _ = trial.routes.turning_point(vehicle, ft.NOWHERE, now)
        if not is_closed(trial, start, node):
            continue
        touched = True
        if row[t.STATUS] != _ABOARD:
            rehearsal.happen((codec.TRIP_ABANDONED, request, vehicle))
            continue
        place, walk_m = _nearest_open(trial, start, node)
        rehearsal.happen((codec.DROPOFF_MOVED, request, vehicle, place, walk_m))
    return touched


def _nearest_open(state: DispatchState, start: int, destination: int) -> tuple[int, int]:
    """The node that can be driven to from `start` from which the least is left of the way to the destination
    if no road were closed, and the metres of that."""
    open_roads = state.roads.travel_times((), state.since_s)
    left_s = open_roads.tables.to_s[destination].astype(np.int64)
    left_s[state.routes.travel.from_s[start] >= WAY_IN_S] = ft.FAR
    place = int(np.argmin(left_s))
    return place, open_roads.metres_along(place, destination)


def _plans(state: DispatchState, now: int, border_s: int | None) -> _Before:
    trial = state.fork()
    trial.routes.plan_all(now)
    fleet = range(trial.routes.tables.size)
    starts = {
        (stop[ft.REQUEST], stop[ft.KIND]): stop[ft.START]
        for vehicle in fleet
        for stop in _firm_stops(trial, vehicle)
    }
    return _Before(starts, [late_stops(trial, vehicle) for vehicle in fleet], border_s)


def _firm_stops(state: DispatchState, vehicle: int) -> list[list[int]]:
    """The firm pickups and drop-offs of a route."""
    tables = state.routes.tables
    stops = tables.stops[vehicle, : int(tables.vehicles[vehicle, ft.STOPS])].tolist()
    return [stop for stop in stops if not stop[ft.OFFER] and stop[ft.KIND] <= ft.PICKUP]


def _missed(state: DispatchState, vehicles: Iterable[int], before: _Before) -> Iterator[_Missed]:
    """Ends of bookings in these routes whose promises fall due under the travel times in force, and cannot be
    kept any more; known breaches are left out."""
    for vehicle in vehicles:
        for stop in _firm_stops(state, vehicle):
            request, start = stop[ft.REQUEST], stop[ft.START]
            end = PromiseEnd.PICKUP if stop[ft.KIND] == ft.PICKUP else PromiseEnd.DROPOFF
            row = state.request_row(request)
            promised = row[t.PROMISE_LATEST if end == PromiseEnd.PICKUP else t.ARRIVE_BY]
            is_due = state.border_s is None or promised < state.border_s
            if start <= promised or not is_due or row[t.BROKEN] & (1 << end):
                continue
            key = request, stop[ft.KIND]
            if not before.was_late(*key, promised) or start > before.starts[key]:
                yield _Missed(promised, request, end, start)


def _end_offers(rehearsal: Rehearsal, vehicle: int, before: _Before) -> list[int]:
    """Expire open offers that a route cannot keep any more, and all but the oldest request's where there are
    several: whether they stand whichever of them is taken was found out under other travel times."""
    trial = rehearsal.state
    tables = trial.routes.tables
    if int(tables.vehicles[vehicle, ft.HOLD_UNTIL]) == -ft.FAR:
        return []
    stops = tables.stops[vehicle, : int(tables.vehicles[vehicle, ft.STOPS])].tolist()
    gone = sorted({stop[ft.REQUEST] for stop in stops if stop[ft.OFFER]})[1:]
    lost: list[int] = []
    while True:
        rehearsal.happen(*((codec.OFFERS_EXPIRED, request) for request in gone))
        lost += gone
        gone = next_lost(trial, vehicle, before.late[vehicle])
        if not gone:
            return lost


def _repair(rehearsal: Rehearsal, request: int, before: _Before) -> set[int]:
    """Serve a booking elsewhere if its promise can be kept there, or if it arrives sooner; give it up if
    nobody can drive there. Returns the vehicles whose firm routes change."""
    trial, now = rehearsal.state, rehearsal.now
    row = trial.request_row(request)
    vehicle = row[t.VEHICLE]
    mine = [stop for stop in _firm_stops(trial, vehicle) if stop[ft.REQUEST] == request]
    tables = trial.routes.tables
    here = tables.stops[vehicle, : int(tables.vehicles[vehicle, ft.VISIT_STOPS]), ft.REQUEST]
    is_missed = any(one.request == request for one in _missed(trial, (vehicle,), before))
    if row[t.STATUS] != _BOOKED or not is_missed or request in here:
        return set()
    kept = trial.routes.keep(vehicle)
    trial.routes.remove(vehicle, request, 0, now)
    sooner = mine[-1][ft.START] - 1
    better = place_for(trial, request, row[t.ORIGIN], now, is_aboard=False, arrive_by=sooner)
    trial.routes.restore(vehicle, kept)
    # So late would only be who waits with others for a closed road to open.
    if better is not None and better[1].dropoff_s < max(now, row[t.ARRIVE_BY]) + WAY_IN_S // 2:
        rehearsal.happen(better[0])
        return {vehicle, better[1].vehicle}
    start, _ = trial.routes.turning_point(vehicle, ft.NOWHERE, now)
    is_cut_off = is_closed(trial, start, row[t.ORIGIN]) or is_closed(trial, row[t.ORIGIN], row[t.DESTINATION])
    if is_cut_off or max(stop[ft.DRIVE] for stop in mine) >= WAY_IN_S:
        rehearsal.happen((codec.TRIP_ABANDONED, request, vehicle))
        return {vehicle}
    return set()
