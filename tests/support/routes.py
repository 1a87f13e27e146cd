"""A small fleet driven at random: bookings, offers, cancellations, breaks and trips, as the dispatcher would
tell them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing import fleet_tables as ft
from routing.fleet_tables import FleetTables
from routing.insertion import RouteBook, new_ask
from routing.travel_times import DenseTravelTimes


class RandomFleet:
    """Vehicles that follow their routes while riders come and go.

    Parameters
    ----------
    lateness_s
        Largest error, either way, of a drive or a stop; 0 = everything runs as planned.
    """

    def __init__(
        self, times: DenseTravelTimes, rng: np.random.Generator, vehicles: int, lateness_s: int = 0
    ) -> None:
        self.times = times
        self.rng = rng
        self.nodes = times.node_count
        self.lateness_s = lateness_s
        self.patience_s = 0
        self.idle_16: list[int] = []
        self.now = 0
        where = rng.integers(0, self.nodes, vehicles).astype(np.int32)
        base = np.where(rng.random(vehicles) < 0.4, where, ft.NOWHERE).astype(np.int32)
        end = np.where(rng.random(vehicles) < 0.3, rng.integers(100, 400, vehicles), 100_000).astype(np.int32)
        start = np.where(rng.random(vehicles) < 0.7, 0, rng.integers(0, 60, vehicles)).astype(np.int32)
        capacity = np.zeros((vehicles, ft.CAPACITY_ROWS, 3), np.int32)
        capacity[:, 0] = (1, 3, 4)
        capacity[:, 1] = (0, 1, 1)
        tables = FleetTables.create(where, start, end, base, capacity)
        self.book = RouteBook(tables, times.tables)
        self.requests = 0
        self.held: dict[int, list[int]] = {}
        self.noise = [0] * vehicles
        for v in range(vehicles):
            if rng.random() < 0.3:
                opens = int(rng.integers(0, 200))
                home = int(where[v])
                self.book.append_single(
                    v, home, ft.BREAK, opens, opens + 60, int(rng.integers(5, 40)), int(start[v])
                )

    @property
    def tables(self) -> FleetTables:
        return self.book.tables

    def ask(self) -> NDArray[np.int64]:
        """A rider's query at this second."""
        rng = self.rng
        self.requests += 1
        origin = int(rng.integers(0, self.nodes))
        destination = (origin + int(rng.integers(1, self.nodes))) % self.nodes
        direct = self.times.seconds(origin, destination)
        earliest = self.now + int(rng.choice([-5, 0, 0, 10, 40, 80]))
        latest = earliest + int(rng.choice([0, 5, 20, 60, 200])) + self.patience_s
        service = int(rng.choice([5, 5, 5, 9]))
        arrive_by = latest + direct + service + int(rng.choice([0, 5, 20, 60]))
        wait = int(rng.choice([16, 24, 24, 1024]))
        hold = int(rng.choice([0, 0, 0, 8, 25]))
        chairs = int(rng.random() < 0.15)
        ask = new_ask()
        ask[:] = (
            self.requests, origin, destination, earliest, latest, arrive_by,
            int(rng.choice([0, 0, direct + 2, direct + 15])), int(rng.integers(1 - chairs, 4 - 3 * chairs)),
            chairs, service, earliest, wait, int(rng.choice([0, 8, wait])), self.now, self.now + hold,
            1 if hold else 0, int(rng.choice(self.idle_16)) if self.idle_16 else 0,
        )  # fmt: skip
        return ask

    def take(self, ask: NDArray[np.int64], vehicle: int, i: int, j: int) -> None:
        """Book what was found, or hold it as an offer."""
        hold = int(ask[ft.ASK_AS_OF] - ask[ft.ASK_NOW])
        request = int(ask[ft.ASK_REQUEST])
        if hold:
            self.held.setdefault(request, []).append(vehicle)
            number = len(self.held[request])
            self.book.insert(vehicle, ask, (i, j), number, self.now + hold, self.now)
        else:
            self.book.insert(vehicle, ask, (i, j), 0, 0, self.now)

    def answer(self, request: int, taken: int) -> None:
        """The rider takes one of her offers, or none (0)."""
        for number, vehicle in enumerate(self.held.pop(request), start=1):
            if number == taken:
                self.book.firm_up(vehicle, request, number, self.now)
            else:
                self.book.remove(vehicle, request, number, self.now)

    def cancel(self) -> None:
        """A rider who waits gives up."""
        booked = [
            (v, int(stop[ft.REQUEST]))
            for v in range(self.tables.size)
            for stop in self.tables.stops[v, : self.tables.vehicles[v, ft.STOPS]]
            if stop[ft.KIND] == ft.PICKUP and not stop[ft.OFFER]
        ]
        if booked:
            vehicle, request = booked[int(self.rng.integers(0, len(booked)))]
            self.book.remove(vehicle, request, 0, self.now)

    def send_home(self) -> None:
        """An idle vehicle goes to its base."""
        for v in range(self.tables.size):
            row = self.tables.vehicles[v]
            if (
                not row[ft.STOPS]
                and not row[ft.DWELLING]
                and row[ft.BASE] not in (ft.NOWHERE, row[ft.LEG_FROM])
            ):
                self.book.append_single(v, int(row[ft.BASE]), ft.TO_BASE, -ft.FAR, ft.FAR, 0, self.now)
                return

    def switch(self, times: DenseTravelTimes) -> None:
        """Other travel times hold from now on."""
        self.times = times
        self.book.switch(times.tables, self.now)

    def due(self, v: int) -> int | None:
        """Second of the next report of a driver, None for never."""
        row = self.tables.vehicles[v]
        if row[ft.DWELLING]:
            count = int(row[ft.VISIT_STOPS])
            ends = int(self.tables.stops[v, count - 1, ft.DEPART]) if count else int(row[ft.VISIT_START])
            return max(self.now, ends + max(0, self.noise[v]))
        if row[ft.GOAL] == ft.NOWHERE:
            return None
        drive = self.times.seconds(int(row[ft.LEG_FROM]), int(row[ft.GOAL]))
        return max(self.now, int(row[ft.LEAVE]), int(row[ft.LEAVE]) + drive + self.noise[v])

    def advance(self, until: int) -> None:
        """Drive on until a second, answers to offers included."""
        while True:
            events = [(at, 1, v) for v in range(self.tables.size) if (at := self.due(v)) is not None]
            expiries = [
                (int(stop[ft.EXPIRES]) + 1, 0, int(stop[ft.REQUEST]))
                for v in range(self.tables.size)
                for stop in self.tables.stops[v, : self.tables.vehicles[v, ft.STOPS]]
                if stop[ft.OFFER]
            ]
            at, what, who = min(events + expiries, default=(until + 1, 0, 0))
            if at > until:
                break
            self.now = max(self.now, at)
            if what == 0:
                self.answer(who, 0)
                continue
            row = self.tables.vehicles[who]
            if row[ft.DWELLING]:
                self.book.depart(who, self.now)
            else:
                self.book.arrive(who, int(row[ft.GOAL]), self.now)
            if self.lateness_s:
                self.noise[who] = int(self.rng.integers(-self.lateness_s, self.lateness_s + 1))
        self.now = until
