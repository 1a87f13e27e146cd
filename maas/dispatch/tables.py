"""The dispatcher's state as arrays: routes and vehicles (`routing.fleet_tables`), requests with their offers,
deadlines.

A request's number is its row. Offers of a request stand in the same row, one group of columns each.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from maas.dispatch.codec import Row
from maas.dispatch.idle_fleet import IdleFleet, routes_of
from maas.domain.errors import CommandError, ServiceDefinitionError
from maas.domain.values import TripStatus
from maas.service_definition import Repositioning, ServiceDefinition
from routing import fleet_tables as ft
from routing.demand_cells import DemandCells, demand_cells
from routing.insertion import RouteBook
from routing.replanning import Stop
from routing.road_book import RoadBook, RoadChange
from routing.travel_quantiles import QuantileTables
from routing.travel_times import TravelTables

# Columns of the request table.
ORIGIN, DESTINATION, TIME_KIND, WISH, SEATS, CHAIRS = 0, 1, 2, 3, 4, 5
EARLIEST, LATEST_PICKUP, LATEST_DROPOFF, MAX_RIDE = 6, 7, 8, 9
STATUS, VEHICLE, OFFERS, EXPIRES = 10, 11, 12, 13
PROMISE_EARLIEST, PROMISE_LATEST, ARRIVE_BY = 14, 15, 16
BROKEN = 17  # bit 1: pickup promise broken, bit 2: arrival promise broken
ASKED = 18  # second at which the request was heard
FIRST_OFFER = 19  # then OFFER_COLUMNS for each of up to three offers
OFFER_VEHICLE, OFFER_EARLIEST, OFFER_LATEST, OFFER_ARRIVE_BY, OFFER_FARE, OFFER_RUN = 0, 1, 2, 3, 4, 5
OFFER_COLUMNS = 6
REQUEST_COLUMNS = FIRST_OFFER + 3 * OFFER_COLUMNS

LARGEST_REQUEST = 50_000_000
NO_LIMIT_S = ft.FAR // 4
"""Later than any promise."""

_FIRST_ROWS = 256
_OFFERED = int(TripStatus.OFFERED)
_DAY_HOURS = 24


class WaitingRule(NamedTuple):
    """What repositioning needs to know: its rule, the cells of the network, requests expected in each cell
    by hour of the day, float64 (24, c), and the end of the last shift."""

    rule: Repositioning
    cells: DemandCells
    expected: NDArray[np.float64]
    last_end_s: int


@dataclass(slots=True)
class DispatchState:
    """Everything the dispatcher remembers; equal to the fold of its events.

    Parameters
    ----------
    service
        What is promised, with which fleet.
    routes
        Vehicle and stop tables with the kernels over them.
    requests
        int64, shape (r, REQUEST_COLUMNS); r grows by doubling.
    zones
        bool, shape (n,) a zone: which nodes belong to it.
    idle
        The same fleet without riders; it follows from the service and is no part of what is remembered.
    waiting
        What repositioning follows from the service; None without it.
    roads
        Which travel times hold when.
    quantiles
        What routes are planned with in place of those travel times; None = they themselves.
    deadlines
        Heap of (second, request): offers that expire after that second.
    last_asked_s
        Second of the latest request.
    changes
        What is known of changing roads, by number.
    since_s
        The travel times in force are those of this second; midnight's before the first change of them.
    border_s
        First second at which others hold, as far as is known; None for never.
    proposed
        (proposal, vehicle, position, kind, request): stops of proposals that are not complete.
    route_changes, solved_changes
        How often work has come or gone in the routes, and how often it had when a solver was last asked.
    solved_s
        Second at which a solver was last asked.
    gathered
        (age band, is_disabled) of the requests that are to be answered together.
    """

    service: ServiceDefinition
    routes: RouteBook
    node_id: NDArray[np.int64]
    bases: tuple[int, ...]
    zones: dict[str, NDArray[np.bool_]]
    idle: IdleFleet
    waiting: WaitingRule | None
    roads: RoadBook
    quantiles: QuantileTables | None
    requests: NDArray[np.int64] = field(
        default_factory=lambda: np.zeros((_FIRST_ROWS, REQUEST_COLUMNS), np.int64)
    )
    deadlines: list[tuple[int, int]] = field(default_factory=list)
    request_count: int = 0
    last_asked_s: int = -ft.FAR
    changes: dict[int, RoadChange] = field(default_factory=dict)
    since_s: int = 0
    border_s: int | None = None
    proposed: list[Row] = field(default_factory=list)
    route_changes: int = 0
    solved_changes: int = 0
    solved_s: int = -ft.FAR
    gathered: dict[int, tuple[int, int]] = field(default_factory=dict)

    def request_row(self, request: int) -> Row:
        """The row of a request as plain integers."""
        if request >= len(self.requests):
            return (0,) * REQUEST_COLUMNS
        return tuple(self.requests[request].tolist())

    def reserve_request(self, request: int) -> None:
        """Make room for a request number."""
        if not 0 <= request < LARGEST_REQUEST:
            raise CommandError(f"request number {request} must lie between 0 and {LARGEST_REQUEST - 1}")
        rows = len(self.requests)
        if request >= rows:
            while rows <= request:
                rows *= 2
            grown = np.zeros((rows, REQUEST_COLUMNS), np.int64)
            grown[: len(self.requests)] = self.requests
            self.requests = grown

    def fork(self) -> DispatchState:
        """A copy to decide on what takes several steps; the original is untouched."""
        return DispatchState(
            self.service,
            self.routes.fork(),
            self.node_id,
            self.bases,
            self.zones,
            self.idle,
            self.waiting,
            self.roads,
            self.quantiles,
            self.requests.copy(),
            list(self.deadlines),
            self.request_count,
            self.last_asked_s,
            dict(self.changes),
            self.since_s,
            self.border_s,
            list(self.proposed),
            self.route_changes,
            self.solved_changes,
            self.solved_s,
            dict(self.gathered),
        )

    def known_changes(self) -> tuple[RoadChange, ...]:
        """What is known of changing roads, in order of number."""
        return tuple(self.changes[number] for number in sorted(self.changes))

    def travel_at(self, at_s: int) -> TravelTables:
        """The travel tables that routes are planned with at a second, as far as changes are known."""
        return planned_with(self.roads.tables(self.known_changes(), at_s), self.quantiles)

    def look_from(self, since_s: int) -> None:
        """The travel times in force are those of `since_s`: find out how long."""
        self.since_s = since_s
        self.border_s = self.roads.next_border(self.known_changes(), since_s)

    def next_deadline(self) -> int | None:
        """First second at which an open offer has expired, None without open offers."""
        while self.deadlines:
            second, request = self.deadlines[0]
            if self.requests[request, STATUS] == _OFFERED and self.requests[request, EXPIRES] == second:
                return second + 1
            heapq.heappop(self.deadlines)
        return None


def orders_of(state: DispatchState, proposal: int) -> dict[int, list[Stop]]:
    """The new order of stops of each vehicle that has been proposed under a number."""
    orders: dict[int, list[Stop]] = {}
    for _, vehicle, position, kind, request in sorted(row for row in state.proposed if row[0] == proposal):
        order = orders.setdefault(vehicle, [])
        if position > 0:
            order.append((kind, request))
    return orders


def new_state(service: ServiceDefinition, roads: RoadBook, node_id: NDArray[np.int64]) -> DispatchState:
    """The state before the first command: every vehicle at its base, its breaks in its route.

    Parameters
    ----------
    node_id
        int64, shape (n,). Stable place_id of each node.

    Raises
    ------
    ServiceDefinitionError
        If a base or a zone names a place that the network does not have.
    """
    order = np.argsort(node_id, kind="stable")
    bases = node_indices(
        np.array([v.base for v in service.vehicles], np.int64), node_id, order, "a vehicle base"
    )
    quantiles = quantiles_of(service, roads)
    travel = planned_with(roads.tables((), 0), quantiles)
    routes = routes_of(service, service.vehicles, bases, travel)
    zones = {}
    for zone in service.zones:
        member = np.zeros(len(node_id), np.bool_)
        member[node_indices(np.array(zone.places, np.int64), node_id, order, f"zone {zone.name}")] = True
        zones[zone.name] = member
    state = DispatchState(
        service,
        routes,
        node_id,
        tuple(int(b) for b in bases),
        zones,
        IdleFleet(service, bases),
        waiting_rule(service, routes.travel, node_id, order),
        roads,
        quantiles,
    )
    state.look_from(0)
    return state


def quantiles_of(service: ServiceDefinition, roads: RoadBook) -> QuantileTables | None:
    """What turns travel times into those that a service plans with; None = nothing does."""
    percent, spread = service.rules.promise_quantile_percent, service.travel_spread
    if not percent or spread is None:
        return None
    return roads.quantiles(spread.sigma_per_mille / 1000, spread.slot_s, percent)


def planned_with(tables: TravelTables, quantiles: QuantileTables | None) -> TravelTables:
    """The travel tables that routes are planned with when these hold."""
    return tables if quantiles is None else quantiles.of(tables)


def waiting_rule(
    service: ServiceDefinition, travel: TravelTables, node_id: NDArray[np.int64], order: NDArray[np.intp]
) -> WaitingRule | None:
    """Cells and expected requests of a service whose idle vehicles are moved."""
    rule = service.repositioning
    if rule is None:
        return None
    cells = demand_cells(travel, 1 if rule.follows == "refusals" else rule.cells)
    expected = np.zeros((_DAY_HOURS, len(cells.centre)))
    if rule.forecast:
        places = np.array([e.place for e in rule.forecast], np.int64)
        nodes = node_indices(places, node_id, order, "the forecast of repositioning")
        hours = np.array([e.hour for e in rule.forecast], np.intp)
        figures = np.array([e.per_thousand_days for e in rule.forecast], np.float64)
        np.add.at(expected, (hours, cells.cell_of_node[nodes]), figures)
    return WaitingRule(rule, cells, expected, max(v.end_s for v in service.vehicles))


def node_indices(
    places: NDArray[np.int64], node_id: NDArray[np.int64], order: NDArray[np.intp], what: str
) -> NDArray[np.intp]:
    """Node index of each place_id."""
    at = np.searchsorted(node_id, places, sorter=order)
    found = order[np.minimum(at, len(order) - 1)]
    missing = places[node_id[found] != places]
    if len(missing):
        raise ServiceDefinitionError(
            f"{what} names place {int(missing[0])}, which the network does not have; use a place_id "
            "of its nodes"
        )
    return found
