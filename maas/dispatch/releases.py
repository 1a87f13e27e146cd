"""What follows when stops leave a route: offers that can no longer be kept, vehicles that go home."""

from __future__ import annotations

from collections.abc import Collection

from maas.dispatch import codec
from maas.dispatch import tables as t
from maas.dispatch.apply import apply
from maas.dispatch.codec import Row
from maas.dispatch.tables import DispatchState
from routing import fleet_tables as ft
from routing.road_book import WAY_IN_S

Stops = set[tuple[int, int]]
"""(request, kind) of stops of one route."""


def sent_home(state: DispatchState, vehicle: int, place: int) -> list[Row]:
    """The `VehicleSent` row of a vehicle without work at `place`, if it is to wait elsewhere."""
    if state.waiting is not None and state.waiting.rule.follows != "refusals":
        return []  # it waits where it is until repositioning moves it
    base = state.bases[vehicle]
    if not state.service.vehicles[vehicle].returns_to_base or place == base:
        return []
    if is_closed(state, place, base):
        return []  # it waits where it is until the way home is open
    return [(codec.VEHICLE_SENT, vehicle, base)]


def is_closed(state: DispatchState, origin: int, destination: int) -> bool:
    """Whether only a closed road leads from one node to another."""
    return bool(state.changes) and state.routes.drive_s(origin, destination) >= WAY_IN_S


def idle_after(state: DispatchState, requests: Collection[int], kept: int = 0) -> list[Row]:
    """`VehicleSent` rows of vehicles that stood still for open offers of these requests alone, but for offer
    `kept`."""
    tables = state.routes.tables
    vehicles = {
        row[t.FIRST_OFFER + k * t.OFFER_COLUMNS]
        for request in requests
        for row in (state.request_row(request),)
        for k in range(row[t.OFFERS])
        if k + 1 != kept
    }
    events: list[Row] = []
    for vehicle in sorted(vehicles):
        row = tables.vehicles[vehicle].tolist()
        stops = tables.stops[vehicle, : row[ft.STOPS], : ft.OFFER + 1].tolist()
        is_idle = row[ft.IN_SERVICE] and not row[ft.DWELLING] and row[ft.GOAL] == ft.NOWHERE
        if is_idle and all(
            stop[ft.OFFER] not in (0, kept) and stop[ft.REQUEST] in requests for stop in stops
        ):
            events += sent_home(state, vehicle, row[ft.LEG_FROM])
    return events


def lost_offers(state: DispatchState, vehicle: int, change: Row, now: int) -> list[int]:
    """Requests whose open offers a route cannot keep once `change` has happened to it.

    A driver who loses a stop turns at once; a held stop behind it may then lie farther away than planned.
    """
    if int(state.routes.tables.vehicles[vehicle, ft.HOLD_UNTIL]) < now:
        return []
    late_before = late_stops(state, vehicle)
    trial = state.fork()
    apply(trial, change, now)
    lost: list[int] = []
    while gone := next_lost(trial, vehicle, late_before):
        for request in gone:
            apply(trial, (codec.OFFERS_EXPIRED, request), now)
        lost += gone
    return lost


def next_lost(state: DispatchState, vehicle: int, late_before: Stops) -> list[int]:
    """Requests whose open offers have to go first from a route with stops that are late and were not before:
    those that are late themselves, or else all. None where nothing is late or nothing is held."""
    tables = state.routes.tables
    late = late_stops(state, vehicle) - late_before
    if not late:
        return []
    stops = tables.stops[vehicle, : int(tables.vehicles[vehicle, ft.STOPS])]
    held = sorted({int(stop[ft.REQUEST]) for stop in stops if stop[ft.OFFER]})
    return [request for request in held if any(one == request for one, _ in late)] or held


def late_stops(state: DispatchState, vehicle: int) -> Stops:
    """(request, kind) of the stops of a route that are planned too late."""
    tables = state.routes.tables
    stops = tables.stops[vehicle, : int(tables.vehicles[vehicle, ft.STOPS])]
    return {(int(stop[ft.REQUEST]), int(stop[ft.KIND])) for stop in stops if stop[ft.START] > stop[ft.LATEST]}
