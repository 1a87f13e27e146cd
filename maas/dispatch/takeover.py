"""A vehicle fails: its riders, first those on board, go to other vehicles, as early as the promises or else
as early as possible."""

from __future__ import annotations

from maas.dispatch import codec
from maas.dispatch import tables as t
from maas.dispatch.apply import apply
from maas.dispatch.asking import fill_ask
from maas.dispatch.codec import Row
from maas.dispatch.tables import DispatchState
from maas.domain.values import BreachCause, PromiseEnd, ReportFault
from routing import fleet_tables as ft
from routing.insertion import new_ask

_IMPATIENT = 16 * 64


def breakdown(state: DispatchState, command: Row, now: int) -> list[Row]:
    """Events of a breakdown: the vehicle, offers it held, and each of its bookings moved or abandoned."""
    _, vehicle, place, leg_m, leg_s = command
    row = state.routes.tables.vehicles[vehicle].tolist()
    if not row[ft.IN_SERVICE]:
        return [(codec.COMMAND_REJECTED, vehicle, int(ReportFault.OUT_OF_SERVICE))]
    stops = state.routes.tables.stops[vehicle, : row[ft.STOPS]].tolist()
    trial = state.fork()
    events: list[Row] = []

    def happen(event: Row) -> None:
        events.append(event)
        apply(trial, event, now)

    for request in dict.fromkeys(stop[ft.REQUEST] for stop in stops if stop[ft.OFFER]):
        happen((codec.OFFERS_EXPIRED, request))
    happen((codec.VEHICLE_FAILED, vehicle, place, leg_m, leg_s))
    firm = [stop for stop in stops if not stop[ft.OFFER] and stop[ft.KIND] in (ft.PICKUP, ft.DROPOFF)]
    picked_up_later = {stop[ft.REQUEST] for stop in firm if stop[ft.KIND] == ft.PICKUP}
    aboard = [stop[ft.REQUEST] for stop in firm if stop[ft.REQUEST] not in picked_up_later]
    waiting = [stop[ft.REQUEST] for stop in firm if stop[ft.KIND] == ft.PICKUP]
    for request in aboard:
        for event in _take_over(trial, vehicle, request, place, True, now):
            happen(event)
    for request in waiting:
        origin = trial.request_row(request)[t.ORIGIN]
        for event in _take_over(trial, vehicle, request, origin, False, now):
            happen(event)
    changed = sorted({event[3] for event in events if event[0] == codec.TRIP_MOVED})
    for other in changed:
        # The trial has turned already: its leg is the new one.
        after = trial.routes.tables.vehicles[other].tolist()
        events.append(
            (codec.ROUTE_CHANGED, other, after[ft.VERSION] + 1, after[ft.LEG_FROM], after[ft.READY])
        )
    return events


def _take_over(
    trial: DispatchState, vehicle: int, request: int, place: int, is_aboard: bool, now: int
) -> list[Row]:
    """Events that give one booking to another vehicle: within its promise if possible, else as early as
    possible."""
    row = trial.request_row(request)
    earliest = now if is_aboard else max(now, row[t.PROMISE_EARLIEST])
    ask = new_ask()
    latest_pickup = row[t.ARRIVE_BY] if is_aboard else row[t.PROMISE_LATEST]
    ride = 0 if is_aboard else row[t.MAX_RIDE]
    party = (row[t.SEATS], row[t.CHAIRS])
    window = (earliest, latest_pickup, row[t.ARRIVE_BY], ride)
    fill_ask(ask, trial.service, (request, place, row[t.DESTINATION]), window, party, now, 0)
    found = trial.routes.search(ask)
    broken: list[Row] = []
    if found is None:
        window = (earliest, ft.FAR // 4, ft.FAR // 4, 0)
        fill_ask(ask, trial.service, (request, place, row[t.DESTINATION]), window, party, now, 0)
        ask[ft.ASK_WAIT_WEIGHT] = _IMPATIENT
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
        window = (earliest, max(found.pickup_s, latest_pickup), max(found.dropoff_s, row[t.ARRIVE_BY]), 0)
    moved = (
        codec.TRIP_MOVED, request, vehicle, found.vehicle, found.pickup_index, found.dropoff_index, place,
        *window[:3], int(is_aboard),
    )  # fmt: skip
    return [moved, *broken]
