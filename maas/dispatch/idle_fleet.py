"""What one more vehicle could have done: a fleet with one of each kind, which nobody ever books."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from maas.service_definition import MAX_CAPACITY_ROWS, ServiceDefinition, Vehicle
from routing import fleet_tables as ft
from routing.fleet_tables import FleetTables
from routing.insertion import RouteBook
from routing.travel_times import TravelTables


def routes_of(
    service: ServiceDefinition, vehicles: tuple[Vehicle, ...], bases: NDArray[np.intp], travel: TravelTables
) -> RouteBook:
    """Vehicles at their bases (node indices) before their shifts, with nothing but their breaks ahead."""
    types = {t.name: t for t in service.vehicle_types}
    capacity = np.zeros((len(vehicles), MAX_CAPACITY_ROWS, 3), np.int32)
    for k, vehicle in enumerate(vehicles):
        for r, row in enumerate(types[vehicle.vehicle_type].capacity):
            capacity[k, r] = row.seats, row.wheelchairs, row.limit
    tables = FleetTables.create(
        bases.astype(np.int32),
        np.array([v.start_s for v in vehicles], np.int32),
        np.array([v.end_s for v in vehicles], np.int32),
        np.where([v.returns_to_base for v in vehicles], bases, ft.NOWHERE).astype(np.int32),
        capacity,
    )
    if service.waiting is not None and service.waiting.drives_first:
        tables.vehicles[: tables.size, ft.DRIVES_FIRST] = 1
    routes = RouteBook(tables, travel)
    for k, vehicle in enumerate(vehicles):
        for rest in vehicle.breaks:
            routes.append_single(
                k, int(bases[k]), ft.BREAK, rest.earliest_s, rest.latest_s, rest.duration_s, vehicle.start_s
            )
    return routes


class IdleFleet:
    """The vehicles of a service without their riders: at base or at rest, as far as second `now` has come.

    Made when it is first asked for. Follows from the service and the time alone, and is no part of the state.
    """

    __slots__ = ("_bases", "_routes", "_service")

    def __init__(self, service: ServiceDefinition, bases: NDArray[np.intp]) -> None:
        self._service = service
        self._bases = bases
        self._routes: RouteBook | None = None

    def at(self, now: int, travel: TravelTables) -> RouteBook:
        """Its routes as of `now` under the travel times in force; seconds may only rise from call to call."""
        if self._routes is None:
            kinds = {replace(vehicle, vehicle_id=""): k for k, vehicle in enumerate(self._service.vehicles)}
            chosen = np.array(sorted(kinds.values()), np.intp)
            few = tuple(self._service.vehicles[k] for k in chosen)
            self._routes = routes_of(self._service, few, self._bases[chosen], travel)
        # Who only rests at the base drives nowhere: nothing planned depends on travel times.
        self._routes.travel = travel
        vehicles = self._routes.tables.vehicles
        while True:
            due = np.flatnonzero(vehicles[: self._routes.tables.size, ft.DUE] < now)
            if not len(due):
                return self._routes
            for k in due.tolist():
                at, goal = int(vehicles[k, ft.DUE]), int(vehicles[k, ft.GOAL])
                if vehicles[k, ft.DWELLING]:
                    self._routes.depart(k, at)
                else:
                    self._routes.arrive(k, goal, at)
