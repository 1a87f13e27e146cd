"""A problem as a model of the OR-Tools routing library.

Every rule of the problem is in it, three of them more simply than they are. Services shared at one place are
exact where they are equal, and never shorter than they are. Lateness beyond promises costs in proportion, at
the slope that its true price has a minute after the promise. A break may fall into a drive: `ortools_solver`
then looks for its place among the visits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp

from routing.problem import NO_LIMIT, NOWHERE, Problem
from routing.quantities import UNREACHABLE

Array = NDArray[Any]

TIME: Final = "time"
REFERENCE_LATENESS: Final = 60
"""Seconds (units of the source) of lateness at which the linear price has the slope of the true one."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """Which node of the library stands for what.

    First the visits that are places of their own, then starts and ends; vehicles that start alike share one.
    """

    visits: tuple[int, ...]
    places: Array
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, problem: Problem) -> Nodes:
        """Nodes of a problem; breaks and pickups of riders on board have none."""
        visits = tuple(np.flatnonzero(problem.visit_place != NOWHERE).tolist())
        depots: dict[tuple[int, int, int], int] = {}

        def depot(place: int, shift_start: int = 0, begun: int = NO_LIMIT) -> int:
            key = (place, shift_start, begun) if begun != NO_LIMIT else (place, 0, NO_LIMIT)
            return depots.setdefault(key, len(visits) + len(depots))

        starts, ends = [], []
        for v in range(problem.vehicle_count):
            begun = int(problem.visit_start[v]) if problem.is_service_shared else NO_LIMIT
            starts.append(depot(int(problem.start_place[v]), int(problem.shift[v, 0]), begun))
            ends.append(depot(int(problem.end_place[v])))
        places = np.array(
            [*problem.visit_place[list(visits)].tolist(), *(key[0] for key in depots)], np.int64
        )
        return cls(visits, places, tuple(starts), tuple(ends))


class OrToolsModel:
    """The library's model of a problem, with ways from visits to its indices and back."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.nodes = Nodes.of(problem)
        self.manager = pywrapcp.RoutingIndexManager(
            len(self.nodes.places), problem.vehicle_count, list(self.nodes.starts), list(self.nodes.ends)
        )
        self.routing = pywrapcp.RoutingModel(self.manager)
        self.index = {visit: self.manager.NodeToIndex(node) for node, visit in enumerate(self.nodes.visits)}
        self.offset = int(min(problem.shift[:, 0].min(), problem.visit_window[:, 0].min(initial=0), 0))
        self._price_ways()
        self._add_time()
        self._add_loads()
        self._pair_up()
        self._limit_vehicles()

    def _by_node(self, matrix: Array) -> Array:
        """A matrix over places as one over nodes; ways to and from anywhere are nothing."""
        places = np.maximum(self.nodes.places, 0)
        spread = matrix[np.ix_(places, places)].astype(np.int64)
        is_nowhere = self.nodes.places == NOWHERE
        spread[is_nowhere, :] = 0
        spread[:, is_nowhere] = 0
        return np.asarray(spread)

    def _price_ways(self) -> None:
        problem, routing = self.problem, self.routing
        cost = routing.RegisterTransitMatrix(self._by_node(problem.cost).tolist())
        routing.SetArcCostEvaluatorOfAllVehicles(cost)
        self.vehicle_price = 1 + int(problem.penalty.max(initial=0)) if problem.vehicles_first else 0
        for v in range(problem.vehicle_count):
            routing.SetFixedCostOfVehicle(int(problem.fixed_cost[v]) + self.vehicle_price, v)
            if problem.is_out[v]:
                routing.SetVehicleUsedWhenEmpty(True, v)

    def _transits(self) -> tuple[Array, Array]:
        """Service at the first node, and the way after it; together they part two starts at least."""
        problem, nodes = self.problem, self.nodes
        size = len(nodes.places)
        service = np.zeros(size, np.int64)
        service[: len(nodes.visits)] = problem.visit_service[list(nodes.visits)]
        way = self._by_node(problem.travel)
        stay = np.broadcast_to(service[:, None], (size, size)).copy()
        if problem.is_service_shared:
            visits = np.arange(len(nodes.visits))
            at_one = np.equal.outer(nodes.places, nodes.places)
            rest = np.maximum(0, service[:, None] - service[None, :])
            both = np.ix_(visits, visits)
            stay[both] = np.where(at_one, rest, stay)[both]
            for v, start in enumerate(nodes.starts):
                if problem.visit_start[v] != NO_LIMIT:
                    passed = max(0, int(problem.shift[v, 0] - problem.visit_start[v]))
                    joined = visits[at_one[start, visits]]
                    stay[start, joined] = -np.minimum(service[joined], passed)
        return stay, way

    def _add_time(self) -> None:
        problem, routing = self.problem, self.routing
        stay, way = self._transits()
        finite = problem.shift[:, 1][problem.shift[:, 1] < NO_LIMIT]
        is_bounded = len(finite) == problem.vehicle_count
        horizon = (int(finite.max()) if is_bounded else NO_LIMIT) - self.offset
        both = np.where(way >= UNREACHABLE, horizon + 1 + np.abs(stay), stay + way)
        transit = routing.RegisterTransitMatrix(both.tolist())
        routing.AddDimension(transit, horizon, horizon, False, TIME)
        time = routing.GetDimensionOrDie(TIME)
        for visit, index in self.index.items():
            earliest, latest = (int(x) - self.offset for x in problem.visit_window[visit])
            if earliest > min(latest, horizon):
                routing.VehicleVar(index).SetValue(-1)
                continue
            time.CumulVar(index).SetRange(earliest, min(latest, horizon))
            promised = int(problem.promise[visit // 2, visit % 2]) - self.offset
            if problem.late_weight and promised < horizon:
                time.SetCumulVarSoftUpperBound(
                    index, max(0, promised), 2 * REFERENCE_LATENESS * problem.late_weight
                )
        for v in range(problem.vehicle_count):
            earliest, latest = (int(x) - self.offset for x in problem.shift[v])
            for index in (routing.Start(v), routing.End(v)):
                time.CumulVar(index).SetRange(earliest, min(latest, horizon))
            if problem.max_duration[v] < NO_LIMIT:
                time.SetSpanUpperBoundForVehicle(int(problem.max_duration[v]), v)
            routing.AddVariableMinimizedByFinalizer(time.CumulVar(routing.End(v)))
        self._add_breaks(time)

    def _add_breaks(self, time: Any) -> None:
        """Breaks fall between services, before, during or after drives."""
        if not self.problem.break_count:
            return
        service = [0] * (self.routing.Size() + self.problem.vehicle_count)
        for visit, index in self.index.items():
            service[index] = int(self.problem.visit_service[visit])
        for v in range(self.problem.vehicle_count):
            intervals = [
                self.routing.solver().FixedDurationIntervalVar(
                    earliest - self.offset, latest - self.offset, duration, False, f"break {b}"
                )
                for b, (owner, earliest, latest, duration) in enumerate(self.problem.breaks.tolist())
                if owner == v
            ]
            if intervals:
                time.SetBreakIntervalsOfVehicle(intervals, v, service)

    def _add_loads(self) -> None:
        """One dimension for each combination of loads that any vehicle limits."""
        problem, routing = self.problem, self.routing
        weights = np.unique(problem.capacity[:, :, :-1].reshape(-1, problem.load.shape[1]), axis=0)
        for k, weight in enumerate(weights):
            if not weight.any():
                continue
            used = problem.load.astype(np.int64) @ weight
            change = np.zeros(len(self.nodes.places), np.int64)
            for node, visit in enumerate(self.nodes.visits):
                change[node] = -used[visit // 2] if visit % 2 else used[visit // 2]
            on_board = np.zeros(problem.vehicle_count, np.int64)
            for r in np.flatnonzero(problem.on_board >= 0):
                on_board[problem.on_board[r]] += used[r]
            most = int(used.sum()) + 1
            limits = []
            for v in range(problem.vehicle_count):
                rows = problem.capacity[v][(problem.capacity[v, :, :-1] == weight).all(axis=1)]
                limits.append(min(most, int(rows[:, -1].min(initial=most))))
            transit = routing.RegisterUnaryTransitVector(change.tolist())
            routing.AddDimensionWithVehicleCapacity(transit, 0, limits, False, f"load {k}")
            load = routing.GetDimensionOrDie(f"load {k}")
            for v in range(problem.vehicle_count):
                load.CumulVar(routing.Start(v)).SetValue(min(int(on_board[v]), limits[v]))

    def _pair_up(self) -> None:
        problem, routing, solver = self.problem, self.routing, self.routing.solver()
        time = routing.GetDimensionOrDie(TIME)
        dearest = self.vehicle_price * (problem.vehicle_count + 1)
        pairs = 0
        for r in range(problem.request_count):
            drop = self.index[2 * r + 1]
            price = int(problem.penalty[r]) + dearest
            if problem.on_board[r] >= 0:
                routing.AddDisjunction([drop], price * 1000)
                continue
            board = self.index[2 * r]
            routing.AddPickupAndDelivery(board, drop)
            routing.AddDisjunction([board], price)
            routing.AddDisjunction([drop], 0)
            solver.Add(routing.VehicleVar(board) == routing.VehicleVar(drop))
            solver.Add(time.CumulVar(board) <= time.CumulVar(drop))
            if problem.max_ride[r] < NO_LIMIT:
                limit = int(problem.max_ride[r]) + int(problem.pickup_service[r])
                # The function guides insertion and limits nothing; the constraint alone leaves riders out.
                solver.Add(time.CumulVar(drop) - time.CumulVar(board) <= limit)
                time.SetPickupToDeliveryLimitFunctionForPair(lambda _p, _d, limit=limit: limit, pairs)
            pairs += 1

    def _limit_vehicles(self) -> None:
        for visit, index in self.index.items():
            allowed = np.flatnonzero(self.problem.eligible[visit // 2])
            if len(allowed) == 0:
                self.routing.VehicleVar(index).SetValue(-1)
            elif len(allowed) < self.problem.vehicle_count:
                self.routing.VehicleVar(index).SetValues([-1, *allowed.tolist()])

    def indices_of(self, route: tuple[int, ...]) -> list[int]:
        """A route of visits as indices of the library; breaks are not among them."""
        return [self.index[visit] for visit in route if visit < 2 * self.problem.request_count]

    def routes_of(self, assignment: Any) -> list[list[int]]:
        """The visits of every vehicle in an answer of the library, without breaks."""
        routes = []
        for v in range(self.problem.vehicle_count):
            route, index = [], assignment.Value(self.routing.NextVar(self.routing.Start(v)))
            while not self.routing.IsEnd(index):
                route.append(self.nodes.visits[self.manager.IndexToNode(index)])
                index = assignment.Value(self.routing.NextVar(index))
            routes.append(route)
        return routes
