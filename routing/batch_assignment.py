"""Assign a batch of open requests to vehicles at once: small groups that can share a vehicle, then CP-SAT.

The request-trip-vehicle graph of Alonso-Mora et al. (2017): for every vehicle the groups of requests that it
can serve beside what it must do already are built up one request at a time; a group can only be feasible if
all its parts are. An integer program then gives each vehicle one group and each request at most one vehicle.
Nothing depends on the clock: the same problem gives the same plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from ortools.sat.python import cp_model

from routing._kernels_schedule import least_schedule
from routing.errors import ProblemError
from routing.plan import Plan, make_plan, way_cost
from routing.problem import NOWHERE, Problem
from routing.schedule import lateness_cost, tables_of

Route = tuple[int, ...]
Group = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BatchRules:
    """How far the graph is built.

    Attributes
    ----------
    most_requests
        New requests of one vehicle in one batch.
    most_orders
        Orders of visits remembered for a group, the cheapest ones; a group with more is not searched in full.
    vehicles_per_request
        Vehicles tried for each request: those that can be first at its pickup.
    work
        CP-SAT's deterministic time.
    """

    most_requests: int = 3
    most_orders: int = 16
    vehicles_per_request: int = 30
    work: float = 2.0

    def __post_init__(self) -> None:
        for name in ("most_requests", "most_orders", "vehicles_per_request"):
            if getattr(self, name) < 1:
                raise ProblemError(f"{name} of a batch is {getattr(self, name)}; it must be at least 1")
        if not self.work > 0:
            raise ProblemError(f"work of a batch is {self.work}; it must be more than 0")


def assign_in_batch(
    problem: Problem,
    *,
    rules: BatchRules | None = None,
    start: Plan | None = None,
    keeps_routes: bool = False,
) -> Plan:
    """The cheapest plan in which every vehicle serves one group of the open requests.

    Open are all requests that are neither on board nor in a fixed beginning.

    Parameters
    ----------
    rules
        How far the graph is built. With limits that no group reaches, and travel times that obey the triangle
        inequality, the plan is the best of all.
    start
        A plan to compare with, which keeps every rule; what is found is never worse.
    keeps_routes
        The routes of `start` stay as they are, in their order, and open are only the requests that it leaves
        out.

    Raises
    ------
    ProblemError
        If routes are to be kept and none are given.
    """
    limits = rules or BatchRules()
    if keeps_routes and start is None:
        raise ProblemError("a batch that keeps routes has no routes to keep; give them as `start`")
    kept = start.routes if keeps_routes and start is not None else None
    committed = [
        _Committed.of(problem, v) if kept is None else _Committed.to(problem, v, tuple(kept[v]))
        for v in range(problem.vehicle_count)
    ]
    candidates = _candidates(problem, committed, limits.vehicles_per_request)
    trial = _Trial(problem, limits.most_orders)
    trips = [trial.trips(one, candidates[v], limits.most_requests) for v, one in enumerate(committed)]
    found = make_plan(problem, _choose(problem, committed, trips, limits.work))
    return found if start is None or found.rank(problem) < start.rank(problem) else start


@dataclass(frozen=True, slots=True)
class _Committed:
    """What one vehicle must do whatever the batch brings: its fixed beginning, then deliveries and breaks, in
    any order or as they stand in its route."""

    vehicle: int
    fixed: Route
    owed: tuple[int, ...]
    is_idle: bool
    is_ordered: bool = False

    @classmethod
    def to(cls, problem: Problem, vehicle: int, route: Route) -> _Committed:
        """A vehicle that keeps its route."""
        fixed = problem.prefix[vehicle]
        return cls(vehicle, fixed, route[len(fixed) :], not route, is_ordered=True)

    @classmethod
    def of(cls, problem: Problem, vehicle: int) -> _Committed:
        fixed = problem.prefix[vehicle]
        boarded = {visit // 2 for visit in fixed if visit < 2 * problem.request_count}
        boarded |= set(np.flatnonzero(problem.on_board == vehicle).tolist())
        deliveries = [2 * r + 1 for r in sorted(boarded) if 2 * r + 1 not in fixed]
        breaks = [
            2 * problem.request_count + b
            for b, owner in enumerate(problem.breaks[:, 0].tolist())
            if owner == vehicle and 2 * problem.request_count + b not in fixed
        ]
        return cls(vehicle, fixed, (*deliveries, *breaks), not fixed and not deliveries)


class _Trial:
    """Tries routes; holds the arrays that the kernel writes to."""

    def __init__(self, problem: Problem, most_orders: int) -> None:
        self.problem = problem
        self.most_orders = most_orders
        self.tables = tables_of(problem)
        size = problem.visit_count
        self.at, self.start, self.end, self.lowest = (np.zeros(size, np.int64) for _ in range(4))

    def trips(
        self, committed: _Committed, requests: Iterable[int], most_requests: int
    ) -> dict[Group, tuple[int, Route]]:
        """Cost and best route of every group that the vehicle can serve; the empty group is always there."""
        base = self._cheapest(committed, self._owed_orders(committed))
        idle: Route = () if committed.is_idle else (base[0] if base else self._as_it_comes(committed))
        trips: dict[Group, tuple[int, Route]] = {(): (self._cost(committed.vehicle, idle), idle)}
        level: dict[Group, list[Route]] = {(): base}
        usable = sorted(requests) if base else []
        for size in range(1, most_requests + 1):
            grown: dict[Group, list[Route]] = {}
            for group, orders in level.items():
                for r in usable:
                    joined = (*group, r)
                    if (group and r <= group[-1]) or not self._has_parts(joined, level, size):
                        continue
                    found = self._cheapest(committed, self._with_request(committed, orders, r))
                    if found:
                        grown[joined] = found
                        trips[joined] = self._cost(committed.vehicle, found[0]), found[0]
            level = grown
        return trips

    @staticmethod
    def _has_parts(joined: Group, level: dict[Group, list[Route]], size: int) -> bool:
        return size == 1 or all(part in level for part in combinations(joined, size - 1))

    @staticmethod
    def _as_it_comes(committed: _Committed) -> Route:
        """A route that no schedule keeps is still driven."""
        return committed.fixed + committed.owed

    @staticmethod
    def _owed_orders(committed: _Committed) -> Iterator[Route]:
        """Every order of what is owed, after the fixed beginning."""
        if committed.is_ordered:
            yield committed.fixed + committed.owed
            return
        orders: list[Route] = [committed.fixed]
        for visit in committed.owed:
            orders = [
                (*order[:k], visit, *order[k:])
                for order in orders
                for k in range(len(committed.fixed), len(order) + 1)
            ]
        yield from orders

    @staticmethod
    def _with_request(committed: _Committed, orders: Iterable[Route], r: int) -> Iterator[Route]:
        for order in orders:
            for i in range(len(committed.fixed), len(order) + 1):
                for j in range(i, len(order) + 1):
                    yield (*order[:i], 2 * r, *order[i:j], 2 * r + 1, *order[j:])

    def _cheapest(self, committed: _Committed, orders: Iterable[Route]) -> list[Route]:
        kept = [order for order in orders if self._is_feasible(committed.vehicle, order)]
        kept.sort(key=lambda order: (self._cost(committed.vehicle, order), order))
        return kept[: self.most_orders]

    def _cost(self, vehicle: int, route: Route) -> int:
        return way_cost(self.problem, vehicle, route) + lateness_cost(self.problem, vehicle, route)

    def _is_feasible(self, vehicle: int, route: Route) -> bool:
        if not self._has_room(vehicle, route):
            return False
        size = len(route)
        arrays = self.start[:size], self.end[:size], self.lowest[:size], self.at
        broken, _, _ = least_schedule(self.tables, vehicle, np.array(route, np.int64), *arrays)
        return bool(broken == NOWHERE)

    def _has_room(self, vehicle: int, route: Route) -> bool:
        problem = self.problem
        rows = problem.capacity[vehicle]
        riders = np.array([visit for visit in route if visit < 2 * problem.request_count], np.int64)
        change = problem.load[riders // 2] * np.where(riders % 2, -1, 1)[:, None]
        before = problem.load[problem.on_board == vehicle].sum(axis=0)
        loads = np.concatenate([before[None, :], before + np.cumsum(change, axis=0)])
        return bool((loads @ rows[:, :-1].T <= rows[:, -1]).all())


def _candidates(problem: Problem, committed: list[_Committed], most: int) -> list[list[int]]:
    """For each vehicle the open requests that are worth a try: it is among the first at their pickups."""
    bound = {visit // 2 for one in committed for visit in (*one.fixed, *one.owed)}
    wanted: list[list[int]] = [[] for _ in committed]
    ready = problem.shift[:, 0].astype(np.int64)
    for r in range(problem.request_count):
        if r in bound:
            continue
        arrival = ready + problem.travel[problem.start_place, problem.pickup[r]]
        able = np.flatnonzero(problem.eligible[r] & (arrival <= problem.pickup_window[r, 1]))
        for v in able[np.argsort(arrival[able], kind="stable")][:most].tolist():
            wanted[v].append(r)
    return wanted


def _choose(
    problem: Problem,
    committed: list[_Committed],
    trips: list[dict[Group, tuple[int, Route]]],
    work: float,
) -> list[Route]:
    """One trip a vehicle, each request in one at most, at the least cost of trips and penalties."""
    model = cp_model.CpModel()
    vehicle_price = int(problem.penalty.sum()) + 1 if problem.vehicles_first else 0
    by_request: dict[int, list[cp_model.IntVar]] = {}
    chosen: list[tuple[int, Route, cp_model.IntVar]] = []
    terms: list[cp_model.LinearExpr] = []
    for v, own in enumerate(trips):
        variables = []
        for group, (cost, route) in own.items():
            variable = model.new_bool_var("")
            variables.append(variable)
            chosen.append((v, route, variable))
            terms.append((cost + (vehicle_price if route else 0)) * variable)
            for r in group:
                by_request.setdefault(r, []).append(variable)
            model.add_hint(variable, not group)
        model.add_exactly_one(variables)
    dearest = vehicle_price * len(committed)
    for r, served in by_request.items():
        left_out = model.new_bool_var("")
        model.add_exactly_one([*served, left_out])
        model.add_hint(left_out, True)
        terms.append((int(problem.penalty[r]) + dearest) * left_out)
    model.minimize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = work
    status = solver.solve(model)
    routes: list[Route] = [own[()][1] for own in trips]
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        for v, route, variable in chosen:
            if solver.value(variable):
                routes[v] = route
    return routes
