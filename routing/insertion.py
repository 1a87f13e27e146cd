"""Cheapest insertion over a fleet, and everything else that changes or times a route: one kernel call a
method.

The tables are the state; the methods check what a caller can get wrong and leave the rest to
`_kernels_insertion`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing import _kernels_plans as plans
from routing import _kernels_road_changes as road_changes
from routing import _kernels_route_changes as changes
from routing import _kernels_search as kernels
from routing import _kernels_shortest_paths as paths
from routing.errors import ProblemError
from routing.fleet_tables import (
    ASK_SIZE,
    BEST_COST,
    BEST_SIZE,
    BEST_VEHICLE,
    CHAIRS_AFTER,
    DEPART,
    DROPOFF,
    FAR,
    GOAL,
    HOME_AT,
    KIND,
    LATEST,
    LEAVE,
    MAX_RIDE,
    NODE,
    NOWHERE,
    OFFER,
    PICKUP,
    REQUEST,
    SEATED_AFTER,
    SHIFT_END,
    START,
    STOPS,
    VISIT,
    FleetTables,
)
from routing.quantities import seconds_of
from routing.travel_times import TravelTables


@dataclass(frozen=True, slots=True)
class Insertion:
    """A place for a trip: pickup before stop `pickup_index`, drop-off before stop `dropoff_index` of the
    route as it is.

    `cost` is in sixteenths of seconds: driving and dwell added, weighted waits and rides of everybody
    concerned.
    """

    cost: int
    vehicle: int
    pickup_index: int
    dropoff_index: int
    pickup_s: int
    dropoff_s: int


class RouteBook:
    """Routes of a fleet over dense travel times.

    Parameters
    ----------
    tables
        Fleet state, read and written in place.
    travel
        Dense travel tables over all nodes.

    Notes
    -----
    Source of the insertion test: Savelsbergh (1992) for slacks, Cordeau & Laporte (2003) for ride limits; a
    vehicle waits before it drives, and a moving vehicle turns at the next node.
    """

    __slots__ = ("tables", "travel")

    def __init__(self, tables: FleetTables, travel: TravelTables) -> None:
        nodes = len(travel.first_out) - 1
        where = tables.vehicles[: tables.size, 0]
        if len(where) and not 0 <= int(where.min()) <= int(where.max()) < nodes:
            raise ProblemError(
                f"a vehicle stands at node {int(where.max())}; the network has nodes 0 to {nodes - 1}"
            )
        self.tables = tables
        self.travel = travel

    def fork(self) -> RouteBook:
        """A copy to try things on."""
        return RouteBook(self.tables.copy(), self.travel)

    def keep(self, vehicle: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """A vehicle and its route as they are, for `restore`."""
        return self.tables.vehicles[vehicle].copy(), self.tables.stops[vehicle].copy()

    def restore(self, vehicle: int, kept: tuple[NDArray[np.int32], NDArray[np.int32]]) -> None:
        """Undo everything that was tried on a route since `keep`."""
        row, stops = kept
        self.tables.vehicles[vehicle] = row
        self.tables.stops[vehicle, : len(stops)] = stops

    def direct(self, origin: int, destination: int) -> tuple[int, int]:
        """Seconds and metres of the canonical path, by its arcs: what a drive is expected to take."""
        travel_ms, metres = paths.walk_ms_m(self.travel, origin, destination)
        return seconds_of(int(travel_ms)), int(metres)

    def drive_s(self, origin: int, destination: int) -> int:
        """Seconds of the planned drive."""
        return int(self.travel.from_s[origin, destination])

    def nearest_of(self, origin: int, members: NDArray[np.bool_], count: int) -> list[int]:
        """Nodes of a set that are reached soonest from `origin`, nearest first.

        Parameters
        ----------
        members
            bool, shape (n,).
        """
        nodes = np.flatnonzero(members)
        seconds = self.travel.from_s[origin, nodes].astype(np.int64)
        return [int(node) for node in nodes[np.argsort(seconds, kind="stable")[:count]]]

    def search(self, ask: NDArray[np.int64]) -> Insertion | None:
        """Cheapest feasible insertion of the asked trip over the fleet; None where there is none.

        Parameters
        ----------
        ask
            int64, shape (ASK_SIZE,), entries named in `fleet_tables`.
        """
        tables = self.tables
        best = self._no_best()
        kernels.search(tables.arrays, self.travel, ask, tables.desk, best)
        return self._found(best)

    def search_in(self, vehicle: int, ask: NDArray[np.int64]) -> Insertion | None:
        """Cheapest feasible insertion of the asked trip into one route; None where there is none."""
        best = self._no_best()
        kernels.evaluate_now(self.tables.arrays, self.travel, ask, vehicle, best)
        return self._found(best)

    def _no_best(self) -> NDArray[np.int64]:
        best = self.tables.best
        best[BEST_COST] = FAR * 1024
        best[BEST_VEHICLE] = FAR
        return best

    @staticmethod
    def _found(best: NDArray[np.int64]) -> Insertion | None:
        cost, vehicle, i, j, pickup_s, dropoff_s = best.tolist()
        return None if vehicle == FAR else Insertion(cost, vehicle, i, j, pickup_s, dropoff_s)

    def insert(
        self,
        vehicle: int,
        ask: NDArray[np.int64],
        indices: tuple[int, int],
        offer: int,
        expires_s: int,
        now: int,
    ) -> None:
        """Write pickup and drop-off before the stops `indices` of a route; `offer` 0 = firm, else held until
        `expires_s`."""
        tables = self.tables
        i, j = indices
        count = int(tables.vehicles[vehicle, STOPS])
        if not 0 <= i <= j <= count:
            raise ProblemError(
                f"insertion before stops {i} and {j} of a route of {count} stops; both must lie in "
                f"0..{count}, in order"
            )
        tables.reserve(count + 4)
        changes.insert(tables.arrays, self.travel, vehicle, ask, i, j, offer, expires_s, now)

    def append_single(
        self, vehicle: int, node: int, kind: int, earliest_s: int, latest_s: int, service_s: int, now: int
    ) -> None:
        """Append a break or a drive to base."""
        tables = self.tables
        tables.reserve(int(tables.vehicles[vehicle, STOPS]) + 4)
        changes.append_single(
            tables.arrays, self.travel, vehicle, node, kind, earliest_s, latest_s, service_s, now
        )

    def rearrange(self, orders: Mapping[int, Sequence[tuple[int, int]]], now: int) -> None:
        """Give vehicles new routes made of their own firm stops, which may change vehicles; drives to base
        that no order names are dropped.

        Parameters
        ----------
        orders
            (kind, request) of the stops of each route in their new order; together the stops of these
            vehicles. Nothing may be held in their routes.
        """
        tables = self.tables
        rows: dict[tuple[int, int], list[NDArray[np.int32]]] = {}
        for v in orders:
            for row in tables.stops[v, : int(tables.vehicles[v, STOPS])].copy():
                rows.setdefault((int(row[KIND]), int(row[REQUEST])), []).append(row)
        for v, order in orders.items():
            tables.reserve(len(order) + 4)
            for k, stop in enumerate(order):
                # Stops without riders are alike but for their windows: each vehicle keeps its own.
                tables.stops[v, k] = rows[stop].pop(0)
            tables.vehicles[v, STOPS] = len(order)
        for v in orders:
            changes.steer(tables.arrays, self.travel, v, now)

    def keeps_limits(self, vehicle: int, row: NDArray[np.int32], stops: NDArray[np.int32]) -> bool:
        """Whether a route meets the limits of all its stops, or is no later than it was.

        Parameters
        ----------
        row, stops
            The vehicle and its route as `keep` gave them.
        """
        tables = self.tables
        late = {
            (stop[KIND], stop[REQUEST]): stop[START]
            for stop in stops[: int(row[STOPS])].tolist()
            if stop[START] > stop[LATEST]
        }
        now_row = tables.vehicles[vehicle].tolist()
        route = tables.stops[vehicle, : now_row[STOPS]].tolist()
        for stop in route:
            if stop[START] > max(stop[LATEST], late.get((stop[KIND], stop[REQUEST]), -FAR)):
                return False
            if not _fits(tables.capacity[vehicle].tolist(), stop[SEATED_AFTER], stop[CHAIRS_AFTER]):
                return False
        if any(ride > limit for ride, limit in _rides(route)):
            return False
        return bool(now_row[HOME_AT] <= max(now_row[SHIFT_END], int(row[HOME_AT])))

    def firm_up(self, vehicle: int, request: int, offer: int, now: int) -> None:
        """The held stops of an accepted offer become firm, and the driver's route with them."""
        changes.firm_up(self.tables.arrays, self.travel, vehicle, request, offer, now)

    def remove(self, vehicle: int, request: int, offer: int, now: int) -> None:
        """Take out the stops of one open offer, or the firm ones (offer 0)."""
        changes.remove(self.tables.arrays, self.travel, vehicle, request, offer, now)

    def redirect(self, vehicle: int, request: int, node: int, now: int) -> None:
        """The rider on board leaves the vehicle at another node."""
        tables = self.tables
        stops = tables.stops[vehicle, : int(tables.vehicles[vehicle, STOPS])]
        stops[(stops[:, REQUEST] == request) & (stops[:, KIND] == DROPOFF), NODE] = node
        changes.steer(tables.arrays, self.travel, vehicle, now)

    def arrive(self, vehicle: int, node: int, now: int) -> None:
        """The vehicle has stopped at its goal."""
        changes.arrive(self.tables.arrays, self.travel, vehicle, node, now)

    def depart(self, vehicle: int, now: int) -> None:
        """The visit is over; its stops leave the route."""
        changes.depart(self.tables.arrays, self.travel, vehicle, now)

    def stand(self, vehicle: int, node: int, now: int) -> None:
        """The vehicle stands at a node, on its way nowhere."""
        changes.stand(self.tables.arrays, self.travel, vehicle, node, now)

    def fail(self, vehicle: int, node: int, now: int) -> None:
        """The vehicle is out of service at a node, its route and its riders gone."""
        changes.fail(self.tables.arrays, self.travel, vehicle, node, now)

    def set_latest(self, vehicle: int, request: int, kind: int, latest_s: int, now: int) -> None:
        """The firm stop of a rider may begin at `latest_s` at the latest from now on."""
        tables = self.tables
        stops = tables.stops[vehicle, : int(tables.vehicles[vehicle, STOPS])]
        mine = (stops[:, REQUEST] == request) & (stops[:, KIND] == kind) & (stops[:, OFFER] == 0)
        stops[mine, LATEST] = latest_s
        plans.plan(tables.arrays, self.travel, vehicle, now)

    def plan_all(self, now: int) -> None:
        """Plan every route as of now, those that run late as well."""
        road_changes.plan_all(self.tables.arrays, self.travel, now)

    def switch(self, travel: TravelTables, now: int) -> None:
        """Other travel times hold from now on: vehicles under way go on from the next node they reach under
        the old ones, the others leave when they now have to, and every route is planned again.

        Raises
        ------
        ProblemError
            When the tables are of another number of nodes.
        """
        nodes, others = len(self.travel.first_out) - 1, len(travel.first_out) - 1
        if nodes != others:
            raise ProblemError(f"travel times of {others} nodes cannot replace those of {nodes} nodes")
        road_changes.end_legs(self.tables.arrays, self.travel, now)
        self.travel = travel
        road_changes.begin_legs(self.tables.arrays, travel, now)

    def turning_point(self, vehicle: int, goal: int, now: int) -> tuple[int, int]:
        """Node and second from which a route starts once its first firm stop is at `goal` (`NOWHERE` for
        none)."""
        node, ready = changes.turning_point(self.tables.arrays, self.travel, vehicle, goal, now)
        return int(node), int(ready)

    def heading(self, vehicle: int) -> tuple[int, int]:
        """Node the driver is to drive to (`NOWHERE` for none) and the second at which to leave."""
        row = self.tables.vehicles[vehicle]
        return int(row[GOAL]), int(row[LEAVE])


def _fits(capacity: list[list[int]], seated: int, chairs: int) -> bool:
    return all(row[0] * seated + row[1] * chairs <= row[2] for row in capacity)


def _rides(route: list[list[int]]) -> Iterator[tuple[int, int]]:
    """(seconds on board, limit) of the rides with a limit that begin in a route."""
    boards: dict[int, int] = {}
    for k, stop in enumerate(route):
        if stop[KIND] == PICKUP:
            last = k
            while last + 1 < len(route) and _shares_visit(route[last], route[last + 1]):
                last += 1
            boards[stop[REQUEST]] = route[last][DEPART]
        elif stop[KIND] == DROPOFF and stop[MAX_RIDE] and stop[REQUEST] in boards:
            yield stop[START] - boards[stop[REQUEST]], stop[MAX_RIDE]


def _shares_visit(stop: list[int], following: list[int]) -> bool:
    return following[VISIT] != FAR and stop[VISIT] == following[VISIT] and stop[NODE] == following[NODE]


def new_ask() -> NDArray[np.int64]:
    """An empty query."""
    return np.zeros(ASK_SIZE, np.int64)


__all__ = ["BEST_SIZE", "NOWHERE", "Insertion", "RouteBook", "new_ask"]
