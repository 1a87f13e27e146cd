"""A vehicle fails: its riders, first those on board, go to other vehicles, as early as the promises or else
as early as possible."""

from __future__ import annotations

from maas.dispatch import codec
from maas.dispatch import tables as t
from maas.dispatch.apply import apply
from maas.dispatch.asking import fill_ask
from maas.dispatch.codec import Row
from maas.dispatch.policies.refusals import IMPATIENT_16
from maas.dispatch.releases import idle_after
from maas.dispatch.tables import DispatchState
from maas.domain.values import BreachCause, PromiseEnd, ReportFault
from routing import fleet_tables as ft
from routing.insertion import new_ask

_NO_LIMIT_S = ft.FAR // 4


def breakdown(state: DispatchState, command: Row, now: int) -> list[Row]:
    """Events of a breakdown: offers the vehicle held, riders who are there already, and each other booking
    moved or abandoned."""
    _, vehicle, place, leg_m, leg_s = command
    row = state.routes.tables.vehicles[vehicle].tolist()
    if not row[ft.IN_SERVICE]:
        return [(codec.COMMAND_REJECTED, vehicle, int(ReportFault.OUT_OF_SERVICE))]
    stops = state.routes.tables.stops[vehicle, : row[ft.STOPS]].tolist()
    trial = state.fork()
    events: list[Row] = []

    def happen(new: list[Row]) -> None:
        for event in new:
            events.append(event)
            apply(trial, event, now)

    expired = list(dict.fromkeys(stop[ft.REQUEST] for stop in stops if stop[ft.OFFER]))
    happen([(codec.OFFERS_EXPIRED, request) for request in expired])
    happen([(codec.VEHICLE_FAILED, vehicle, place, leg_m, leg_s)])
    happen(idle_after(trial, expired))
    arrived = row[ft.VISIT_START] if row[ft.DWELLING] else now
    firm = [stop for stop in stops if not stop[ft.OFFER] and stop[ft.KIND] in (ft.PICKUP, ft.DROPOFF)]
    waiting = [stop[ft.REQUEST] for stop in firm if stop[ft.KIND] == ft.PICKUP]
    aboard = [stop[ft.REQUEST] for stop in firm if stop[ft.REQUEST] not in waiting]
    for request in aboard:
        if trial.request_row(request)[t.DESTINATION] == place:
            happen([*late_arrival(trial, request, PromiseEnd.DROPOFF, arrived)])
            happen([(codec.RIDER_ALIGHTED, request, vehicle, arrived)])
        else:
            happen(_take_over(trial, vehicle, request, place, True, now))
    for request in waiting:
        happen(_take_over(trial, vehicle, request, trial.request_row(request)[t.ORIGIN], False, now))
    for other in sorted({event[3] for event in events if event[0] == codec.TRIP_MOVED}):
        # The trial has turned already: its leg is the new one, or still the old one.
        after = trial.routes.tables.vehicles[other].tolist()
        keeps_leg = after[ft.GOAL] != ft.NOWHERE and after[ft.LEAVE] < now
        ready = after[ft.LEAVE] if keeps_leg else after[ft.READY]
        events.append((codec.ROUTE_CHANGED, other, after[ft.VERSION] + 1, after[ft.LEG_FROM], ready))
    return events


def late_arrival(state: DispatchState, request: int, end: PromiseEnd, now: int) -> list[Row]:
    """The `PromiseBroken` row of an end that is reached only now, unless it is known to be broken."""
    row = state.request_row(request)
    promised = row[t.PROMISE_LATEST if end == PromiseEnd.PICKUP else t.ARRIVE_BY]
    if now <= promised or row[t.BROKEN] & (1 << end):
        return []
    return [(codec.PROMISE_BROKEN, request, 0, int(end), promised, now, int(BreachCause.LATE_RUNNING))]


def _take_over(
    trial: DispatchState, vehicle: int, request: int, place: int, is_aboard: bool, now: int
) -> list[Row]:
    """Events that give one booking to another vehicle: within its promise if possible, else as early as
    possible. The limit on the ride itself no longer counts."""
    row = trial.request_row(request)
    earliest = now if is_aboard else max(now, row[t.PROMISE_EARLIEST])
    latest_pickup = row[t.ARRIVE_BY] if is_aboard else row[t.PROMISE_LATEST]
    trip = (request, place, row[t.DESTINATION])
    party = (row[t.SEATS], row[t.CHAIRS])
    ask = new_ask()
    fill_ask(ask, trial.service, trip, (earliest, latest_pickup, row[t.ARRIVE_BY], 0), party, now, 0)
    found = trial.routes.search(ask)
    broken: list[Row] = []
    if found is None:
        fill_ask(ask, trial.service, trip, (earliest, _NO_LIMIT_S, _NO_LIMIT_S, 0), party, now, 0)
        ask[ft.ASK_WAIT_WEIGHT] = IMPATIENT_16
        found = trial.routes.search(ask)
        if found is None:
            return [(codec.TRIP_ABANDONED, request, vehicle)]
        ends = [(PromiseEnd.DROPOFF, row[t.ARRIVE_BY], found.dropoff_s)]
        if not is_aboard:
            ends.insert(0, (PromiseEnd.PICKUP, row[t.PROMISE_LATEST], found.pickup_s))
        broken = [
            (codec.PROMISE_BROKEN, request, 0, int(end), promised, expected, int(BreachCause.BREAKDOWN))
            for end, promised, expected in ends
            if expected > promised and not row[t.BROKEN] & (1 << end)
        ]
    moved = (
        codec.TRIP_MOVED, request, vehicle, found.vehicle, found.pickup_index, found.dropoff_index, place,
        earliest, max(found.pickup_s, latest_pickup), max(found.dropoff_s, row[t.ARRIVE_BY]), int(is_aboard),
    )  # fmt: skip
    return [moved, *broken]
