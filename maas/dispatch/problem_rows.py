"""Rows of a vehicle-routing problem as they are read off the dispatcher's tables, stop by stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from maas.dispatch import tables as t
from maas.dispatch.asking import service_s
from maas.dispatch.tables import DispatchState
from routing import fleet_tables as ft
from routing.problem import NO_LIMIT, NOWHERE
from routing.replanning import Stop

Orders = dict[int, list[Stop]]
"""Order of firm stops by vehicle."""

HOME: Final = -2
"""Part of a place, beside its node: where a shift ends."""

_OVERDUE: Final = -1
_REST: Final = 1
"""... a visit that should be over; the first break of a vehicle, from which the others count on."""


@dataclass(slots=True)
class Riders:
    """Columns of the problem's requests: riders and breaks, two visits each."""

    stops: list[Stop] = field(default_factory=list)
    pickup: list[int] = field(default_factory=list)
    delivery: list[int] = field(default_factory=list)
    pickup_window: list[tuple[int, int]] = field(default_factory=list)
    delivery_window: list[tuple[int, int]] = field(default_factory=list)
    wish: list[int] = field(default_factory=list)
    pickup_service: list[int] = field(default_factory=list)
    delivery_service: list[int] = field(default_factory=list)
    load: list[tuple[int, int]] = field(default_factory=list)
    max_ride: list[int] = field(default_factory=list)
    on_board: list[int] = field(default_factory=list)

    def board(self, stop: list[int], place: int, wish: int) -> int:
        """A rider to be picked up; the number of that visit. The delivery follows."""
        self._add(stop, ft.DROPOFF, (stop[ft.SEATS], stop[ft.CHAIRS]), NOWHERE)
        self.pickup[-1] = place
        # Who was there when she booked is served from the beginning of a visit that is under way.
        earliest = stop[ft.EARLIEST] if stop[ft.COMES] > -ft.FAR else -ft.FAR
        self.pickup_window[-1] = (earliest, stop[ft.LATEST])
        self.pickup_service[-1] = stop[ft.SERVICE]
        self.wish[-1] = wish
        return len(self.stops) - 2

    def carry(self, stop: list[int], vehicle: int) -> int:
        """A rider on board, or a break; the number of the pickup that is over. The delivery follows."""
        self._add(stop, stop[ft.KIND], (-stop[ft.SEATS], -stop[ft.CHAIRS]), vehicle)
        return len(self.stops) - 2

    def deliver(self, pickup: int, stop: list[int], place: int, max_ride: int) -> int:
        """Where and when whoever boards at visit `pickup` alights; the number of that visit."""
        request = pickup // 2
        self.delivery[request] = place
        self.delivery_window[request] = (stop[ft.EARLIEST], stop[ft.LATEST])
        self.delivery_service[request] = stop[ft.SERVICE]
        self.max_ride[request] = max_ride
        return pickup + 1

    def _add(self, stop: list[int], kind: int, load: tuple[int, int], vehicle: int) -> None:
        self.stops += [(ft.PICKUP, stop[ft.REQUEST]), (kind, stop[ft.REQUEST])]
        for column, nothing in (
            (self.pickup, NOWHERE), (self.delivery, NOWHERE), (self.pickup_service, 0),
            (self.delivery_service, 0), (self.wish, NO_LIMIT), (self.max_ride, NO_LIMIT),
        ):  # fmt: skip
            column.append(nothing)
        self.pickup_window.append((-ft.FAR, NO_LIMIT))
        self.delivery_window.append((-ft.FAR, NO_LIMIT))
        self.load.append(load)
        self.on_board.append(vehicle)


@dataclass(slots=True)
class Fleet:
    """Columns of the problem's vehicles, their routes, and the stops of these in order."""

    vehicles: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    shift: list[tuple[int, int]] = field(default_factory=list)
    visit_start: list[int] = field(default_factory=list)
    is_out: list[bool] = field(default_factory=list)
    prefix: list[tuple[int, ...]] = field(default_factory=list)
    routes: list[tuple[int, ...]] = field(default_factory=list)
    present: Orders = field(default_factory=dict)


class _Standing(NamedTuple):
    """Where and from when a vehicle is free, as part of which place; how many of its stops belong to a visit
    that is under way, and when that began."""

    node: int
    ready: int
    part: int
    here: int
    visit_start: int


@dataclass(slots=True)
class ProblemRows:
    """All rows of a problem; `places` numbers (node, part) in order of first use."""

    places: dict[tuple[int, int], int] = field(default_factory=dict)
    riders: Riders = field(default_factory=Riders)
    fleet: Fleet = field(default_factory=Fleet)

    @classmethod
    def of(cls, state: DispatchState, now: int, waiting: Sequence[int] = ()) -> ProblemRows:
        """The vehicles whose routes may change as of second `now`, with what is in them; then requests that
        wait for a vehicle."""
        rows = cls()
        tables = state.routes.tables
        for vehicle in range(tables.size):
            row = tables.vehicles[vehicle].tolist()
            stops = tables.stops[vehicle, : row[ft.STOPS]].tolist()
            if _may_change(row, stops, now):
                rows._add(state, vehicle, row, stops, _standing(state, vehicle, row, now), now)
        for request in waiting:
            rows._wait(state, request, now)
        return rows

    def _wait(self, state: DispatchState, request: int, now: int) -> None:
        row = state.request_row(request)
        stop = [0] * ft.STOP_COLUMNS
        stop[ft.REQUEST], stop[ft.SEATS], stop[ft.CHAIRS] = request, row[t.SEATS], row[t.CHAIRS]
        stop[ft.SERVICE] = service_s(state.service.rules, row[t.CHAIRS])
        stop[ft.EARLIEST], stop[ft.LATEST] = row[t.EARLIEST], row[t.LATEST_PICKUP]
        stop[ft.COMES] = row[t.EARLIEST] if row[t.EARLIEST] > now else -ft.FAR
        pickup = self.riders.board(stop, self._place(row[t.ORIGIN]), row[t.EARLIEST])
        stop[ft.EARLIEST], stop[ft.LATEST] = -ft.FAR, row[t.LATEST_DROPOFF]
        self.riders.deliver(pickup, stop, self._place(row[t.DESTINATION]), row[t.MAX_RIDE] or NO_LIMIT)

    def _place(self, node: int, part: int = 0) -> int:
        return self.places.setdefault((node, part), len(self.places))

    def _add(
        self,
        state: DispatchState,
        vehicle: int,
        row: list[int],
        stops: list[list[int]],
        standing: _Standing,
        now: int,
    ) -> None:
        fleet, riders = self.fleet, self.riders
        visits: list[int] = []
        boarded: dict[int, int] = {}
        rests = 0
        for position, stop in enumerate(stops):
            kind, is_here = stop[ft.KIND], position < standing.here
            place = self._place(stop[ft.NODE], standing.part if is_here else 0)
            if kind == ft.PICKUP:
                wish = int(state.requests[stop[ft.REQUEST], t.EARLIEST])
                boarded[stop[ft.REQUEST]] = riders.board(stop, place, wish)
                visits.append(boarded[stop[ft.REQUEST]])
            elif kind == ft.DROPOFF:
                pickup = boarded.get(stop[ft.REQUEST])
                if pickup is None:
                    pickup = riders.carry(stop, len(fleet.vehicles))
                visits.append(riders.deliver(pickup, stop, place, stop[ft.MAX_RIDE] or NO_LIMIT))
            elif kind == ft.BREAK:
                if is_here:
                    # It may last longer than it should.
                    stop[ft.SERVICE] = max(stop[ft.SERVICE], now - stop[ft.START])
                place = self._place(stop[ft.NODE], _REST + rests)
                rests += 1
                visits.append(riders.deliver(riders.carry(stop, len(fleet.vehicles)), stop, place, NO_LIMIT))
        base = row[ft.BASE]
        fleet.vehicles.append(vehicle)
        fleet.start.append(self._place(standing.node, standing.part))
        fleet.end.append(NOWHERE if base == ft.NOWHERE else self._place(base, HOME))
        fleet.shift.append((standing.ready, max(standing.ready, row[ft.SHIFT_END])))
        fleet.visit_start.append(standing.visit_start)
        fleet.is_out.append(base not in (ft.NOWHERE, standing.node))
        fleet.prefix.append(tuple(visits[: standing.here]))
        fleet.routes.append(tuple(visits))
        fleet.present[vehicle] = [(stop[ft.KIND], stop[ft.REQUEST]) for stop in stops]


def _may_change(row: list[int], stops: list[list[int]], now: int) -> bool:
    if not row[ft.IN_SERVICE] or any(stop[ft.OFFER] or stop[ft.DRIVE] >= ft.CLOSED_S for stop in stops):
        return False
    return bool(stops) or max(row[ft.READY], now) < row[ft.SHIFT_END]


def _standing(state: DispatchState, vehicle: int, row: list[int], now: int) -> _Standing:
    node, ready = state.routes.turning_point(vehicle, ft.NOWHERE, now)
    begun, here = row[ft.VISIT_START], row[ft.VISIT_STOPS]
    match row[ft.DWELLING]:
        case ft.SERVING if row[ft.DUE] < now:
            return _Standing(node, now, _OVERDUE, here, begun)
        case ft.SERVING:
            return _Standing(node, begun, 0, here, begun)
        case ft.RESTING:
            return _Standing(node, begun, _REST, here, NO_LIMIT)
    return _Standing(node, ready, 0, 0, NO_LIMIT)
