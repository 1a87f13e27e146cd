"""Bookings go to another place in the routes, as early as the promises or else as early as possible: all
riders of a vehicle that fails, first those on board."""

from __future__ import annotations

from maas.dispatch import codec
from maas.dispatch import tables as t
from maas.dispatch.asking import fill_ask
from maas.dispatch.codec import Row
from maas.dispatch.policies.refusals import IMPATIENT_16
from maas.dispatch.rehearsal import Rehearsal
from maas.dispatch.releases import idle_after
from maas.dispatch.repairs import repair_requested
from maas.dispatch.tables import NO_LIMIT_S, DispatchState
from maas.domain.values import BreachCause, PromiseEnd, ReportFault
from routing import fleet_tables as ft
from routing.insertion import Insertion, new_ask


def breakdown(state: DispatchState, command: Row, now: int) -> list[Row]:
    """Events of a breakdown: offers the vehicle held, riders who are there already, and each other booking
    moved or abandoned."""
    _, vehicle, place, leg_m, leg_s = command
    row = state.routes.tables.vehicles[vehicle].tolist()
    if not row[ft.IN_SERVICE]:
        return [(codec.COMMAND_REJECTED, vehicle, int(ReportFault.OUT_OF_SERVICE))]
    stops = state.routes.tables.stops[vehicle, : row[ft.STOPS]].tolist()
    rehearsal = Rehearsal(state, now)
    trial = rehearsal.state
    expired = list(dict.fromkeys(stop[ft.REQUEST] for stop in stops if stop[ft.OFFER]))
    rehearsal.happen(*((codec.OFFERS_EXPIRED, request) for request in expired))
    rehearsal.happen((codec.VEHICLE_FAILED, vehicle, place, leg_m, leg_s))
    rehearsal.happen(*idle_after(trial, expired))
    arrived = row[ft.VISIT_START] if row[ft.DWELLING] else now
    firm = [stop for stop in stops if not stop[ft.OFFER] and stop[ft.KIND] in (ft.PICKUP, ft.DROPOFF)]
    waiting = [stop[ft.REQUEST] for stop in firm if stop[ft.KIND] == ft.PICKUP]
    aboard = [stop[ft.REQUEST] for stop in firm if stop[ft.REQUEST] not in waiting]
    for request in aboard:
        if trial.request_row(request)[t.DESTINATION] == place:
            rehearsal.happen(*late_arrival(trial, request, PromiseEnd.DROPOFF, arrived))
            rehearsal.happen((codec.RIDER_ALIGHTED, request, vehicle, arrived))
        else:
            _hand_over(rehearsal, vehicle, request, place, is_aboard=True)
    for request in waiting:
        origin = trial.request_row(request)[t.ORIGIN]
        _hand_over(rehearsal, vehicle, request, origin, is_aboard=False)
    rehearsal.tell_drivers({event[3] for event in rehearsal.events if event[0] == codec.TRIP_MOVED})
    rehearsal.happen(*repair_requested(trial, rehearsal.events, now))
    return rehearsal.events


def late_arrival(state: DispatchState, request: int, end: PromiseEnd, now: int) -> list[Row]:
    """The `PromiseBroken` row of an end that is reached only now, unless it is known to be broken."""
    return broken_promise(state, request, end, now, BreachCause.LATE_RUNNING)


def broken_promise(
    state: DispatchState, request: int, end: PromiseEnd, expected_s: int, cause: BreachCause
) -> list[Row]:
    """The `PromiseBroken` row of an end that is reached at `expected_s`, none if that is in time or the
    promise is known to be broken."""
    row = state.request_row(request)
    promised = row[t.PROMISE_LATEST if end == PromiseEnd.PICKUP else t.ARRIVE_BY]
    if expected_s <= promised or row[t.BROKEN] & (1 << end):
        return []
    return [(codec.PROMISE_BROKEN, request, 0, int(end), promised, expected_s, int(cause))]


def place_for(
    trial: DispatchState, request: int, place: int, now: int, *, is_aboard: bool, arrive_by: int = NO_LIMIT_S
) -> tuple[Row, Insertion] | None:
    """Where a booking that is in no route could be served: within its promise if possible, else as early as
    possible, but with an arrival by `arrive_by`. The limit on the ride itself no longer counts.

    Returns
    -------
    The `TripMoved` row and the place that was found; None without any.
    """
    row = trial.request_row(request)
    earliest = now if is_aboard else max(now, row[t.PROMISE_EARLIEST])
    latest_pickup = row[t.ARRIVE_BY] if is_aboard else row[t.PROMISE_LATEST]
    trip = (request, place, row[t.DESTINATION])
    party = (row[t.SEATS], row[t.CHAIRS])
    ask = new_ask()
    fill_ask(ask, trial.service, trip, (earliest, latest_pickup, row[t.ARRIVE_BY], 0), party, now, 0)
    found = trial.routes.search(ask)
    if found is None:
        fill_ask(ask, trial.service, trip, (earliest, NO_LIMIT_S, arrive_by, 0), party, now, 0)
        ask[ft.ASK_WAIT_WEIGHT] = IMPATIENT_16
        found = trial.routes.search(ask)
    if found is None:
        return None
    moved = (
        codec.TRIP_MOVED, request, row[t.VEHICLE], found.vehicle, found.pickup_index, found.dropoff_index,
        place, earliest, max(found.pickup_s, latest_pickup), max(found.dropoff_s, row[t.ARRIVE_BY]),
        int(is_aboard),
    )  # fmt: skip
    return moved, found


def _hand_over(rehearsal: Rehearsal, vehicle: int, request: int, place: int, *, is_aboard: bool) -> None:
    """One booking of a vehicle that has failed goes to another, or is abandoned."""
    trial = rehearsal.state
    better = place_for(trial, request, place, rehearsal.now, is_aboard=is_aboard)
    if better is None:
        rehearsal.happen((codec.TRIP_ABANDONED, request, vehicle))
        return
    moved, found = better
    broken = broken_promise(trial, request, PromiseEnd.DROPOFF, found.dropoff_s, BreachCause.BREAKDOWN)
    if not is_aboard:
        pickup = broken_promise(trial, request, PromiseEnd.PICKUP, found.pickup_s, BreachCause.BREAKDOWN)
        broken = [*pickup, *broken]
    rehearsal.happen(moved, *broken)
