"""The day in hindsight: what a solver that knows all requests beforehand makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from maas.store.journal import Journal
from routing.plan import Plan
from routing.schedule import PickupTime, Schedule, schedule_route
from routing.solve import solve
from scenarios.prepared import PreparedScenario
from simulation.hindsight_problem import HindsightProblem, hindsight_problem

ITERATIONS: Final = 20_000
"""Rounds of ruin and recreate where nobody says otherwise."""

ENGINE: Final = "sisr"

HINDSIGHT: Final = "hindsight.json"
"""File of an outcome folder with the days in hindsight."""


_OVER: Final = {"served_share": "requests", "wait_mean_s": "departures"}
"""What the figures that are ratios are divided by."""


@dataclass(frozen=True, slots=True)
class Hindsight:
    """A day in hindsight, beside what was driven.

    Attributes
    ----------
    requests
        All that were asked, those who cancelled or did not come as well.
    served, served_share
        Requests that the plan serves; of all that were asked: None where nobody asked.
    served_at_most
        Proven: no plan serves more, as the others fit no vehicle even alone on the roads.
    vehicle_km
        Ways of the plan, home at the end where shifts end there.
    departures, wait_mean_s
        Served requests with a wish to depart; earliest boarding less the wish over them: None without any.
    driven_km
        What was driven, in the same terms: the same riders in the same order, without detours between stops.
    iterations
        Of the solver.
    """

    requests: int
    served: int
    served_share: float | None
    served_at_most: int
    vehicle_km: float
    departures: int
    wait_mean_s: float | None
    driven_km: float
    iterations: int


def hindsight_json(seeds: Sequence[int], days: Sequence[Hindsight]) -> dict[str, Any]:
    """All days in the form of one day's figures (means; of ratios those of the sums), then each day."""
    each = [asdict(day) for day in days]
    found: dict[str, Any] = {}
    for name in each[0]:
        weights = [day[_OVER[name]] if name in _OVER else 1 for day in each]
        whole = sum(day[name] * weight for day, weight in zip(each, weights, strict=True) if weight)
        found[name] = whole / sum(weights) if sum(weights) else None
    return {
        **found,
        "iterations": days[0].iterations,
        "engine": ENGINE,
        "days": [{"seed": seed, **day} for seed, day in zip(seeds, each, strict=True)],
    }


def in_hindsight(prepared: PreparedScenario, journal: Journal, seed: int, iterations: int) -> Hindsight:
    """What a solver makes of a simulated day, never less than what was done: it begins with that.

    Heuristic: a better plan may exist. Driving times are the planned ones in the middle of the day's horizon.

    Parameters
    ----------
    iterations
        Work of the solver; the same number gives the same plan.

    Raises
    ------
    StudyError
        As `hindsight_problem`.
    """
    begin_s, end_s = prepared.horizon
    changes = tuple(change for _, change in prepared.road_changes)
    day = hindsight_problem(journal, prepared.roads.travel_times(changes, (begin_s + end_s) // 2))
    plan = solve(day.problem, ENGINE, seed=seed, iterations=iterations, start=day.driven).plan
    return figures(day, plan, iterations)


def figures(day: HindsightProblem, plan: Plan, iterations: int) -> Hindsight:
    """What a plan of a day is worth."""
    count = len(day.riders)
    served = count - sum(request < count for request in plan.unserved)
    waits = _waits(day, plan)
    return Hindsight(
        requests=day.asked,
        served=served,
        served_share=served / day.asked if day.asked else None,
        served_at_most=sum(_fits_alone(day, request) for request in range(count)),
        vehicle_km=_metres(day, plan) / 1000,
        departures=len(waits),
        wait_mean_s=sum(waits) / len(waits) if waits else None,
        driven_km=_metres(day, day.driven) / 1000,
        iterations=iterations,
    )


def _metres(day: HindsightProblem, plan: Plan) -> int:
    return plan.cost - sum(int(day.problem.penalty[request]) for request in plan.unserved)


def _waits(day: HindsightProblem, plan: Plan) -> list[int]:
    """Waits of those who wish to depart, boarded as early as the plan allows."""
    wish, kind = day.riders["wish_s"].tolist(), day.riders["time_kind"].tolist()
    waits: list[int] = []
    for vehicle, route in enumerate(plan.routes):
        times = schedule_route(day.problem, vehicle, route, pickups=PickupTime.EARLY)
        if not isinstance(times, Schedule):
            continue
        for visit, start in zip(route, times.start, strict=True):
            if visit % 2 == 0 and kind[visit // 2] == "depart_after":
                waits.append(max(0, start - wish[visit // 2]))
    return waits


def _fits_alone(day: HindsightProblem, request: int) -> bool:
    """Whether some vehicle could serve a request if it were the only one."""
    problem = day.problem
    for v in range(problem.vehicle_count):
        rows = problem.capacity[v]
        has_room = (rows[:, :-1] @ problem.load[request] <= rows[:, -1]).all()
        if has_room and isinstance(schedule_route(problem, v, [2 * request, 2 * request + 1]), Schedule):
            return True
    return False
