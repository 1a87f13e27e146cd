"""Fleets under way with full routes, and requests to insert; made by the dispatcher's own insertion.

Every stop of a route was put there by `RouteBook`, in its cheapest feasible place. Then the fleet drives for
a while as planned and is filled up again, so that some vehicles stand at a stop and some are on the road.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.graphs import GraphAbsentError
from routing import fleet_tables as ft
from routing.fleet_tables import FleetTables
from routing.insertion import RouteBook, new_ask
from routing.network import Network
from routing.osm_import import import_osm_file
from routing.travel_times import DenseTravelTimes
from scenarios.sakura_network import build_sakura_network

Ask = npt.NDArray[np.int64]

SEED: Final = 20261123
NETWORKS: Final = ("campo_grande", "sakura")
HOUR_S: Final = 3600

_DRIVEN_S: Final = 900
_LONGEST_S: Final = 900
_SEATS: Final = 8
_STOP_S: Final = 60
_MAX_WAIT_S: Final = 600
_WAIT_16: Final = 24
_RIDE_16: Final = 8
_TRIES: Final = 20_000


@dataclass(frozen=True, slots=True)
class InsertionCase:
    """How many vehicles, how many stops each has at least, and how far ahead their riders have booked."""

    vehicles: int
    stops: int
    horizon_s: int

    @property
    def name(self) -> str:
        """In the history."""
        return f"{self.vehicles}x{self.stops}"


CASES: Final = (InsertionCase(300, 20, 4 * HOUR_S), InsertionCase(2_000, 6, 3 * HOUR_S // 2))

KINDS: Final[Mapping[str, str]] = {"now": "wants to leave now", "ahead": "books within the horizon"}
"""Requests that are inserted: by when they want to leave."""


class TooFewStopsError(RuntimeError):
    """A route could not be filled: none of so many random requests fits it."""


class BusyFleet:
    """A fleet with full routes on a network.

    Parameters
    ----------
    times
        Dense travel times.
    case
        Its size.
    seed
        Of everything that is drawn.

    Raises
    ------
    TooFewStopsError
        When a route stays too short.
    """

    def __init__(self, times: DenseTravelTimes, case: InsertionCase, seed: int = SEED) -> None:
        self.times = times
        self.case = case
        self.now = 0
        self._rng = np.random.default_rng(seed)
        self._requests = 0
        size = case.vehicles
        where = self._rng.integers(0, times.node_count, size).astype(np.int32)
        capacity = np.zeros((size, ft.CAPACITY_ROWS, 3), np.int32)
        capacity[:, 0] = (1, 0, _SEATS)
        tables = FleetTables.create(
            where,
            np.zeros(size, np.int32),
            np.full(size, 24 * HOUR_S, np.int32),
            np.full(size, ft.NOWHERE, np.int32),
            capacity,
            case.stops + 4,
        )
        self.book = RouteBook(tables, times.tables)
        self._fill()
        self._drive_until(_DRIVEN_S)
        self._fill()

    def requests(self, kind: str, count: int) -> list[Ask]:
        """Queries of one of `KINDS`, drawn as the riders of the routes were."""
        return [self._ask(0 if kind == "now" else self.case.horizon_s) for _ in range(count)]

    def _ask(self, ahead_s: int) -> Ask:
        """Workload rules: 600 s of waiting, arrival within 1.3 x direct + 400 s; and a ride limit."""
        rng = self._rng
        self._requests += 1
        nodes = self.times.node_count
        origin, destination, direct = 0, 0, 0
        while not 0 < direct <= _LONGEST_S:
            origin, destination = (int(node) for node in rng.integers(0, nodes, 2))
            direct = self.times.seconds(origin, destination)
        wish = self.now + int(rng.integers(0, ahead_s + 1))
        ask = new_ask()
        ask[:] = (
            self._requests, origin, destination, wish, wish + _MAX_WAIT_S,
            wish + direct * 13 // 10 + 400 + _STOP_S, direct * 14 // 10 + 240, int(rng.integers(1, 3)), 0,
            _STOP_S, wish, _WAIT_16, _RIDE_16, self.now, self.now, 0, 0,
        )  # fmt: skip
        return ask

    def _fill(self) -> None:
        for v in range(self.case.vehicles):
            tries = 0
            while (stops := self.book.tables.vehicles[v, ft.STOPS]) < self.case.stops:
                tries += 1
                if tries > _TRIES:
                    raise TooFewStopsError(
                        f"vehicle {v} has {stops} of {self.case.stops} stops and takes none"
                        f" of {_TRIES} requests; give a longer horizon than {self.case.horizon_s} s"
                    )
                ask = self._ask(self.case.horizon_s)
                found = self.book.search_in(v, ask)
                if found is not None:
                    self.book.insert(v, ask, (found.pickup_index, found.dropoff_index), 0, 0, self.now)

    def _drive_until(self, now: int) -> None:
        for v in range(self.case.vehicles):
            row = self.book.tables.vehicles[v]
            while row[ft.DUE] <= now:
                due = int(row[ft.DUE])
                if row[ft.DWELLING]:
                    self.book.depart(v, due)
                else:
                    self.book.arrive(v, int(row[ft.GOAL]), due)
        self.now = now


def network_of(name: str, data: Path) -> Network:
    """One of `NETWORKS`.

    Raises
    ------
    GraphAbsentError
        When its file is not there.
    """
    if name == "sakura":
        return build_sakura_network()
    path = data / "osm" / "campo-grande.osm.gz"
    if not path.is_file():
        raise GraphAbsentError(f"{path} is not there; name the folder of osm/ with --data")
    return import_osm_file(path)[0]
