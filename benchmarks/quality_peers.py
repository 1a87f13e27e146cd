"""Solvers of others behind one face: what each can solve, and how it is asked.

Each is given the problem as it is, the seconds of CPU time of one thread, and the settings with which it did
best on Li & Lim: a vehicle dearer than any way where vehicles come first. Nothing is believed: whoever asks
verifies the routes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import groupby
from time import process_time
from typing import Any, Final, Protocol

import numpy as np

from routing.problem import NO_LIMIT, NOWHERE, Problem
from routing.quantities import UNREACHABLE

IsEnough = Callable[[Sequence[Sequence[int]]], bool]
"""Whether routes are as good as the best known: nobody can tell better ones apart by their gap."""

Route = list[int]
"""Visit numbers: 2 r picks request r up, 2 r + 1 delivers it."""

_MEANT_SHARE: Final = 0.9
"""A solver that stops by the wall clock is asked again where others left it less of the budget than this."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Routes, at most one a vehicle, and the CPU seconds they took."""

    routes: Sequence[Sequence[int]]
    cpu_s: float


class Solver(Protocol):
    """Something that plans routes."""

    @property
    def package(self) -> str:
        """What to install, and whose version counts."""

    @property
    def is_seeded(self) -> bool:
        """Whether another seed may bring another answer."""

    def refusal(self, problem: Problem) -> str | None:
        """Why it cannot solve such a problem, or None."""

    def solve(self, problem: Problem, seed: int, cpu_s: float, is_enough: IsEnough | None = None) -> Answer:
        """Its best routes after so many CPU seconds; it may end with routes that are good enough."""


def beyond_pickup_and_delivery(problem: Problem) -> str | None:
    """What a problem has beyond pickups and deliveries in windows with equal vehicles, or None."""
    if (problem.max_ride < NO_LIMIT).any():
        return "ride-time limits"
    if (problem.max_duration < NO_LIMIT).any():
        return "limits on the duration of routes"
    if problem.breaks.size or problem.capacity.shape[1:] != (1, 2) or problem.is_service_shared:
        return "breaks, several kinds of load, or shared service"
    if (problem.on_board != NOWHERE).any() or any(problem.prefix) or (problem.end_place == NOWHERE).any():
        return "plans that are under way"
    if len(np.unique(problem.kind)) > 1 or not problem.eligible.all():
        return "unequal vehicles"
    if max(int(problem.travel.max()), int(problem.cost.max())) >= UNREACHABLE:
        return "places without a way between them"
    return None


class PyVrp:
    """Iterated local search of PyVRP; its `minimise_fleet` did no better than dear vehicles."""

    package = "pyvrp"
    is_seeded = True

    def refusal(self, problem: Problem) -> str | None:
        return beyond_pickup_and_delivery(problem)

    def solve(self, problem: Problem, seed: int, cpu_s: float, is_enough: IsEnough | None = None) -> Answer:
        pyvrp = import_module("pyvrp")
        model = pyvrp.Model()
        places = [model.add_location(place, place) for place in range(len(problem.travel))]
        shift = _pair(problem.shift[0])
        depots = {
            place: model.add_depot(places[place])
            for place in (int(problem.start_place[0]), int(problem.end_place[0]))
        }
        model.add_vehicle_type(
            problem.vehicle_count,
            [_seats(problem)],
            depots[int(problem.start_place[0])],
            depots[int(problem.end_place[0])],
            fixed_cost=_vehicle_cost(problem),
            tw_early=shift[0],
            tw_late=shift[1],
        )
        for r in range(problem.request_count):
            model.add_shipment(
                places[problem.pickup[r]],
                places[problem.delivery[r]],
                *_pair(problem.pickup_window[r]),
                int(problem.pickup_service[r]),
                *_pair(problem.delivery_window[r]),
                int(problem.delivery_service[r]),
                [int(problem.load[r, 0])],
            )
        travel, cost = problem.travel.tolist(), problem.cost.tolist()
        for here, start in enumerate(places):
            for there, end in enumerate(places):
                if here != there:
                    model.add_edge(start, end, cost[here][there], travel[here][there])
        begun = process_time()
        found = pyvrp.solve(model.data(), _CpuLimit(cpu_s), seed, collect_stats=False, display=False)
        routes = [
            [2 * visit.idx + visit.is_delivery() for visit in route if not visit.is_depot()]
            for route in found.best.routes()
        ]
        return Answer(routes, process_time() - begun)


class _CpuLimit:
    """PyVRP's stopping criterion, by CPU seconds."""

    def __init__(self, cpu_s: float) -> None:
        self._begun, self._cpu_s = process_time(), cpu_s

    def __call__(self, best_cost: float) -> bool:
        return process_time() - self._begun >= self._cpu_s

    def fraction_remaining(self) -> float:
        return max(0.0, 1 - (process_time() - self._begun) / self._cpu_s)


class Vroom:
    """VROOM at its deepest exploration; it draws nothing, and ends by itself when it finds nothing better."""

    package = "pyvroom"
    is_seeded = False
    _EXPLORATION = 5

    def refusal(self, problem: Problem) -> str | None:
        return beyond_pickup_and_delivery(problem)

    def solve(self, problem: Problem, seed: int, cpu_s: float, is_enough: IsEnough | None = None) -> Answer:
        vroom = import_module("vroom")
        asked = vroom.Input()
        asked.set_durations_matrix("car", problem.travel.astype(np.uint32))
        asked.set_costs_matrix("car", problem.cost.astype(np.uint32))
        for v in range(problem.vehicle_count):
            vehicle = vroom.Vehicle(
                v + 1,
                start=int(problem.start_place[v]),
                end=int(problem.end_place[v]),
                capacity=[_seats(problem)],
                time_window=vroom.TimeWindow(*_pair(problem.shift[v])),
                costs=vroom.VehicleCosts(fixed=_vehicle_cost(problem)),
            )
            asked.add_vehicle(vehicle)
        for r in range(problem.request_count):
            steps = [
                vroom.ShipmentStep(
                    visit,
                    location=int(problem.visit_place[visit]),
                    default_service=int(problem.visit_service[visit]),
                    time_windows=[vroom.TimeWindow(*_pair(problem.visit_window[visit]))],
                )
                for visit in (2 * r, 2 * r + 1)
            ]
            asked.add_job(vroom.Shipment(*steps, vroom.Amount([int(problem.load[r, 0])])))
        begun = process_time()
        found = asked.solve(self._EXPLORATION, 1, timeout=timedelta(seconds=cpu_s)).routes
        stops = found[found["type"].isin(["pickup", "delivery"])]
        numbers = zip(stops["vehicle_id"].tolist(), stops["id"].tolist(), strict=True)
        routes = [[int(visit) for _, visit in group] for _, group in groupby(numbers, lambda stop: stop[0])]
        return Answer(routes, process_time() - begun)


class VrpCli:
    """vrp-cli's evolutionary search; it stops by the wall clock, in whole seconds, and takes no seed."""

    package = "vrp-cli"
    is_seeded = True
    _ATTEMPTS = 3

    def refusal(self, problem: Problem) -> str | None:
        return beyond_pickup_and_delivery(problem)

    def solve(self, problem: Problem, seed: int, cpu_s: float, is_enough: IsEnough | None = None) -> Answer:
        vrp = import_module("vrp_cli")
        asked, matrix = json.dumps(_pragmatic(problem)), json.dumps(_pragmatic_matrix(problem))
        wall_s, used_s = cpu_s, 0.0
        found = ""
        for _ in range(self._ATTEMPTS):
            config = {
                "termination": {"maxTime": math.ceil(wall_s)},
                "environment": {
                    "parallelism": {"numThreadPools": 1, "threadsPerPool": 1},
                    "logging": {"enabled": False},
                },
            }
            begun = process_time()
            found = vrp.solve_pragmatic(problem=asked, matrices=[matrix], config=json.dumps(config))
            used_s = process_time() - begun
            if used_s >= _MEANT_SHARE * cpu_s:
                break
            wall_s *= cpu_s / used_s
        routes = [
            [
                2 * int(act["jobId"]) + (act["type"] == "delivery")
                for stop in tour["stops"]
                for act in stop["activities"]
                if act["type"] in ("pickup", "delivery")
            ]
            for tour in json.loads(found)["tours"]
        ]
        return Answer(routes, used_s)


PEERS: Final[dict[str, Solver]] = {
    "pyvrp": PyVrp(),
    "pyvroom": Vroom(),
    "vrp-cli": VrpCli(),
}


def _pragmatic(problem: Problem) -> dict[str, Any]:
    """A problem in vrp-cli's format; its clock begins in 1970."""

    def job(r: int) -> dict[str, Any]:
        steps = [
            {
                "places": [
                    {
                        "location": {"index": int(problem.visit_place[visit])},
                        "duration": int(problem.visit_service[visit]),
                        "times": [_clock(problem.visit_window[visit])],
                    }
                ],
                "demand": [int(problem.load[r, 0])],
            }
            for visit in (2 * r, 2 * r + 1)
        ]
        return {"id": str(r), "pickups": steps[:1], "deliveries": steps[1:]}

    earliest, latest = _clock(problem.shift[0])
    vehicle = {
        "typeId": "vehicle",
        "vehicleIds": [f"vehicle {v}" for v in range(problem.vehicle_count)],
        "profile": {"matrix": "car"},
        "costs": {"fixed": 0, "distance": 1, "time": 0},
        "shifts": [
            {
                "start": {"earliest": earliest, "location": {"index": int(problem.start_place[0])}},
                "end": {"latest": latest, "location": {"index": int(problem.end_place[0])}},
            }
        ],
        "capacity": [_seats(problem)],
    }
    aims = ["minimize-unassigned", *(["minimize-tours"] if problem.vehicles_first else []), "minimize-cost"]
    return {
        "plan": {"jobs": [job(r) for r in range(problem.request_count)]},
        "fleet": {"vehicles": [vehicle], "profiles": [{"name": "car"}]},
        "objectives": [[{"type": aim}] for aim in aims],
    }


def _pragmatic_matrix(problem: Problem) -> dict[str, Any]:
    return {
        "profile": "car",
        "travelTimes": problem.travel.ravel().tolist(),
        "distances": problem.cost.ravel().tolist(),
    }


def _clock(window: Iterable[int]) -> list[str]:
    return [datetime.fromtimestamp(int(second), UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for second in window]


def _pair(window: Sequence[int]) -> tuple[int, int]:
    return int(window[0]), int(window[1])


def _seats(problem: Problem) -> int:
    """Of a vehicle with one row of capacity, a * load <= b."""
    factor, bound = problem.capacity[0, 0].tolist()
    return int(bound // factor)


def _vehicle_cost(problem: Problem) -> int:
    """Where fewest vehicles come first: more than all ways of any plan; else what a vehicle costs."""
    if not problem.vehicles_first:
        return int(problem.fixed_cost[0])
    return int(problem.cost.max()) * 2 * problem.request_count
