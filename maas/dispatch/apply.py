"""The fold: what each event does to the state. Nothing else writes to it."""

from __future__ import annotations

import heapq
from collections.abc import Callable

from maas.dispatch import codec
from maas.dispatch import tables as t
from maas.dispatch.asking import fill_ask_of_row
from maas.dispatch.codec import Row
from maas.dispatch.tables import DispatchState, orders_of
from maas.domain.values import PromiseEnd, TripStatus
from routing import fleet_tables as ft
from routing.road_book import RoadChange

# Plain integers: looking up a member of an enum took longer than writing the row.
(_UNKNOWN, _REFUSED, _OFFERED, _DECLINED, _EXPIRED, _BOOKED, _ABOARD, _DONE, _CANCELLED, _NO_SHOW,
 _ABANDONED) = map(int, TripStatus)  # fmt: skip


def apply(state: DispatchState, event: Row, at: int) -> None:
    """Fold one event row, which happened at second `at`, into the state."""
    _APPLY[event[0]](state, event, at)


def _requested(state: DispatchState, event: Row, at: int) -> None:
    (_, request, origin, destination, time_kind, wish, seats, chairs, earliest, latest_pickup, latest_dropoff,
     max_ride, _, _) = event  # fmt: skip
    state.reserve_request(request)
    state.requests[request, : t.STATUS + 4] = (
        origin, destination, time_kind, wish, seats, chairs, earliest, latest_pickup, latest_dropoff,
        max_ride, _UNKNOWN, ft.NOWHERE, 0, 0,
    )  # fmt: skip
    state.requests[request, t.ASKED] = at
    state.request_count += 1
    state.last_asked_s = at


def _refused(state: DispatchState, event: Row, at: int) -> None:
    state.gathered.pop(event[1], None)
    state.requests[event[1], t.STATUS] = _REFUSED


def _offered(state: DispatchState, event: Row, at: int) -> None:
    _, request, offer, vehicle, i, j, _, _, earliest, latest, arrive_by, fare, expires, run = event
    row = state.requests[request]
    first = t.FIRST_OFFER + (offer - 1) * t.OFFER_COLUMNS
    row[first : first + t.OFFER_COLUMNS] = (vehicle, earliest, latest, arrive_by, fare, run)
    row[t.STATUS] = _OFFERED
    row[t.OFFERS] = offer
    row[t.EXPIRES] = expires
    ask = state.routes.tables.ask
    fill_ask_of_row(ask, state.service, request, tuple(row.tolist()), (earliest, latest, arrive_by), at)
    state.routes.insert(vehicle, ask, (i, j), offer, expires, at)
    if offer == 1:
        state.gathered.pop(request, None)
        heapq.heappush(state.deadlines, (expires, request))


def _released(state: DispatchState, request: int, kept: int, at: int) -> None:
    """Free what the offers of a request hold, but offer `kept` (0 = none)."""
    row = state.request_row(request)
    for offer in range(1, row[t.OFFERS] + 1):
        if offer != kept:
            vehicle = row[t.FIRST_OFFER + (offer - 1) * t.OFFER_COLUMNS]
            state.routes.remove(vehicle, request, offer, at)


def _expired(state: DispatchState, event: Row, at: int) -> None:
    _released(state, event[1], 0, at)
    state.requests[event[1], t.STATUS] = _EXPIRED


def _declined(state: DispatchState, event: Row, at: int) -> None:
    state.gathered.pop(event[1], None)
    _released(state, event[1], 0, at)
    state.requests[event[1], t.STATUS] = _DECLINED


def _booked(state: DispatchState, event: Row, at: int) -> None:
    _, request, _, offer, vehicle, earliest, latest, arrive_by, _, _ = event
    row = state.requests[request]
    if row[t.OFFERS] > 1:
        _released(state, request, offer, at)
    row[t.STATUS] = _BOOKED
    row[t.VEHICLE] = vehicle
    row[t.PROMISE_EARLIEST : t.ARRIVE_BY + 1] = (earliest, latest, arrive_by)
    state.routes.firm_up(vehicle, request, offer, at)
    state.route_changes += 1


def _route_changed(state: DispatchState, event: Row, at: int) -> None:
    state.routes.tables.vehicles[event[1], ft.VERSION] = event[2]


def _arrived(state: DispatchState, event: Row, at: int) -> None:
    state.routes.arrive(event[1], event[2], at)


def _boarded(state: DispatchState, event: Row, at: int) -> None:
    state.requests[event[1], t.STATUS] = _ABOARD


def _alighted(state: DispatchState, event: Row, at: int) -> None:
    state.requests[event[1], t.STATUS] = _DONE


def _departed(state: DispatchState, event: Row, at: int) -> None:
    state.routes.depart(event[1], at)
    state.route_changes += 1


def _cancelled(state: DispatchState, event: Row, at: int) -> None:
    state.routes.remove(event[2], event[1], 0, at)
    state.requests[event[1], t.STATUS] = _CANCELLED
    state.route_changes += 1


def _rider_absent(state: DispatchState, event: Row, at: int) -> None:
    state.routes.remove(event[2], event[1], 0, at)
    state.requests[event[1], t.STATUS] = _NO_SHOW
    state.route_changes += 1


def _promise_broken(state: DispatchState, event: Row, at: int) -> None:
    state.requests[event[1], t.BROKEN] |= 1 << event[3]


def _promise_revised(state: DispatchState, event: Row, at: int) -> None:
    _, request, _, end, promised, expected = event
    row = state.requests[request]
    if expected <= promised:
        row[t.BROKEN] &= ~(1 << end)
    kind = ft.PICKUP if end == PromiseEnd.PICKUP else ft.DROPOFF
    state.routes.set_latest(int(row[t.VEHICLE]), request, kind, max(promised, expected), at)


def _failed(state: DispatchState, event: Row, at: int) -> None:
    state.routes.fail(event[1], event[2], at)
    state.route_changes += 1


def _moved(state: DispatchState, event: Row, at: int) -> None:
    _, request, before, vehicle, i, j, place, earliest, latest_pickup, latest_dropoff, is_aboard = event
    _give_up(state, before, request, at)
    row = state.requests[request]
    row[t.VEHICLE] = vehicle
    row[t.STATUS] = _BOOKED
    row[t.ORIGIN] = place
    row[t.MAX_RIDE] = 0
    if is_aboard:
        # She has been picked up once: nothing is promised about the second time.
        row[t.PROMISE_LATEST] = t.NO_LIMIT_S
    ask = state.routes.tables.ask
    fill_ask_of_row(
        ask, state.service, request, tuple(row.tolist()), (earliest, latest_pickup, latest_dropoff), at
    )
    state.routes.insert(vehicle, ask, (i, j), 0, 0, at)
    state.route_changes += 1


def _dropoff_moved(state: DispatchState, event: Row, at: int) -> None:
    _, request, vehicle, place, _ = event
    state.requests[request, t.DESTINATION] = place
    state.routes.redirect(vehicle, request, place, at)
    state.route_changes += 1


def _abandoned(state: DispatchState, event: Row, at: int) -> None:
    _give_up(state, event[2], event[1], at)
    state.requests[event[1], t.STATUS] = _ABANDONED
    state.route_changes += 1


def _give_up(state: DispatchState, vehicle: int, request: int, at: int) -> None:
    """Take a booking out of the route of a vehicle; one that has failed has no route any more."""
    if state.routes.tables.vehicles[vehicle, ft.IN_SERVICE]:
        state.routes.remove(vehicle, request, 0, at)


def _sent(state: DispatchState, event: Row, at: int) -> None:
    state.routes.append_single(event[1], event[2], ft.TO_BASE, -ft.FAR, ft.FAR, 0, at)


def _stood(state: DispatchState, event: Row, at: int) -> None:
    vehicle = state.routes.tables.vehicles[event[1]]
    is_early = vehicle[ft.DRIVES_FIRST] and vehicle[ft.GOAL] == event[2]
    if (vehicle[ft.GOAL] == ft.NOWHERE or is_early) and not vehicle[ft.DWELLING]:
        state.routes.stand(event[1], event[2], at)


def _roads_changed(state: DispatchState, event: Row, at: int) -> None:
    state.changes[event[1]] = RoadChange(*event[2:])
    state.look_from(at)


def _travel_times_changed(state: DispatchState, event: Row, at: int) -> None:
    state.look_from(event[1])
    travel = state.travel_at(event[1])
    if travel is not state.routes.travel:
        state.routes.switch(travel, at)
        state.route_changes += 1


def _solve_requested(state: DispatchState, event: Row, at: int) -> None:
    state.solved_changes = state.route_changes
    state.solved_s = event[1]


def _stop_proposed(state: DispatchState, event: Row, at: int) -> None:
    state.proposed.append(event[1:])


def _plan_adopted(state: DispatchState, event: Row, at: int) -> None:
    state.routes.rearrange(orders_of(state, event[1]), at)
    _forget(state, event[1])


def _gathered(state: DispatchState, event: Row, at: int) -> None:
    _, request, age_band, is_disabled = event
    state.gathered[request] = age_band, is_disabled


def _plan_answered(state: DispatchState, event: Row, at: int) -> None:
    _forget(state, event[1])


def _forget(state: DispatchState, proposal: int) -> None:
    state.proposed = [row for row in state.proposed if row[0] != proposal]


def _reassigned(state: DispatchState, event: Row, at: int) -> None:
    state.requests[event[1], t.VEHICLE] = event[3]


def _nothing(state: DispatchState, event: Row, at: int) -> None:
    """Events that inform and change no state."""


_APPLY: dict[int, Callable[[DispatchState, Row, int], None]] = {
    codec.TRIP_REQUESTED: _requested,
    codec.TRIP_REFUSED: _refused,
    codec.TRIP_OFFERED: _offered,
    codec.OFFERS_EXPIRED: _expired,
    codec.OFFERS_DECLINED: _declined,
    codec.TRIP_BOOKED: _booked,
    codec.ROUTE_CHANGED: _route_changed,
    codec.VEHICLE_ARRIVED: _arrived,
    codec.RIDER_BOARDED: _boarded,
    codec.RIDER_ALIGHTED: _alighted,
    codec.VEHICLE_DEPARTED: _departed,
    codec.TRIP_CANCELLED: _cancelled,
    codec.RIDER_NO_SHOW: _rider_absent,
    codec.PROMISE_BROKEN: _promise_broken,
    codec.VEHICLE_FAILED: _failed,
    codec.TRIP_MOVED: _moved,
    codec.TRIP_ABANDONED: _abandoned,
    codec.DROPOFF_MOVED: _dropoff_moved,
    codec.BREAK_STARTED: _nothing,
    codec.BREAK_ENDED: _nothing,
    codec.VEHICLE_SENT: _sent,
    codec.VEHICLE_STOOD: _stood,
    codec.ROADS_CHANGED: _roads_changed,
    codec.TRAVEL_TIMES_CHANGED: _travel_times_changed,
    codec.COMMAND_REJECTED: _nothing,
    codec.SOLVE_REQUESTED: _solve_requested,
    codec.STOP_PROPOSED: _stop_proposed,
    codec.PLAN_ADOPTED: _plan_adopted,
    codec.PLAN_DROPPED: _plan_answered,
    codec.TRIP_REASSIGNED: _reassigned,
    codec.TRIP_GATHERED: _gathered,
    codec.BATCH_ANSWERED: _plan_answered,
    codec.REPAIR_REQUESTED: _nothing,
    codec.PROMISE_REVISED: _promise_revised,
}
