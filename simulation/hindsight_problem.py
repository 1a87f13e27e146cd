"""A day that is over as one routing problem: all its requests known from the start, and what was driven as a
plan of it.

What the journal says and how it stands in the problem:

- **Requests** are those that were served, refused, turned down or never answered, at the limits of the
  service's rules; who cancelled or did not come is left out, as nobody can serve her. A booking at another
  time than wished for was promised a window of its own: the limits are as wide as both.
- **Vehicles** stand at their bases from the beginning of their shifts, ready to leave before anybody asks. A
  break is a rider on board without load, who alights at the base for the length of the break.
- **Driving** takes the planned times of one second of the day. Where real ones differed, the limits are as
  wide as what was driven needs under planned times.
- **Cost** is metres; leaving somebody out costs more than any way, so that serving comes first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from maas.dispatch import codec
from maas.dispatch.asking import service_s
from maas.metrics import riders_table
from maas.service_definition import MAX_CAPACITY_ROWS, Break, ServiceDefinition
from maas.store.journal import Journal
from routing.plan import Plan, make_plan
from routing.problem import NO_LIMIT, NOWHERE, Problem, build_problem
from routing.travel_times import DenseTravelTimes
from routing.widened_limits import widened
from simulation.errors import StudyError

_GONE = ("cancelled", "no_show")
_DONE = "done"


@dataclass(frozen=True, eq=False, slots=True)
class HindsightProblem:
    """A day as a problem; requests of the problem are riders in the order of `riders`, then breaks.

    Attributes
    ----------
    problem
        What a solver that knows all requests may do.
    driven
        What was driven, in the same order; it keeps every rule of the problem.
    riders
        Rows of `riders_table` that the problem holds.
    asked
        Requests of the day, those that are left out as well.
    """

    problem: Problem
    driven: Plan
    riders: pd.DataFrame
    asked: int


@dataclass(slots=True)
class _Places:
    """Numbers of (node, part) in order of first use; breaks have parts of their own, as nothing is served
    side by side with them."""

    numbers: dict[tuple[int, int], int] = field(default_factory=dict)

    def of(self, node: int, part: int = 0) -> int:
        return self.numbers.setdefault((node, part), len(self.numbers))

    @property
    def nodes(self) -> list[int]:
        return [node for node, _ in self.numbers]


def hindsight_problem(journal: Journal, times: DenseTravelTimes) -> HindsightProblem:
    """The problem of a day.

    Parameters
    ----------
    times
        Planned driving times of the journal's network.

    Raises
    ------
    StudyError
        When a vehicle broke down that day, or a break was not taken.
    """
    if len(journal.columns(codec.VEHICLE_FAILED)["row"]):
        raise StudyError(
            "a day on which a vehicle broke down has no hindsight; simulate it without breakdowns"
        )
    service = journal.header.service
    table = riders_table(journal)
    riders = table[~table["status"].isin(_GONE)].reset_index(drop=True)
    node_of = {int(place): node for node, place in enumerate(times.network.node_id)}
    places = _Places()
    bases = [node_of[vehicle.base] for vehicle in service.vehicles]
    rests = [(v, rest) for v, vehicle in enumerate(service.vehicles) for rest in vehicle.breaks]
    count, breaks = len(riders), len(rests)
    pickup = [places.of(node_of[place]) for place in riders["origin"].tolist()]
    delivery = [places.of(node_of[place]) for place in riders["destination"].tolist()]
    delivery += [places.of(bases[v], 1 + number) for number, (v, _) in enumerate(rests)]
    start = [places.of(base) for base in bases]
    windows = _windows(riders)
    free = np.full((breaks, 2), (windows.min(initial=0), NO_LIMIT))
    stops = [service_s(service.rules, chairs) for chairs in riders["wheelchairs"].tolist()]
    problem = build_problem(
        name="the day",
        travel=times.matrix(places.nodes, places.nodes),
        cost=times.metres_matrix(places.nodes),
        pickup=[*pickup, *[NOWHERE] * breaks],
        delivery=delivery,
        pickup_window=np.concatenate([windows[:, :2], free]),
        delivery_window=np.concatenate([windows[:, 2:], _rest_windows(rests)]),
        pickup_service=[*stops, *[0] * breaks],
        delivery_service=[*stops, *(rest.duration_s for _, rest in rests)],
        load=np.concatenate(
            [riders[["seats", "wheelchairs"]].to_numpy(np.int64), np.zeros((breaks, 2), int)]
        ),
        max_ride=[*(ride or NO_LIMIT for ride in riders["max_ride_s"].tolist()), *[NO_LIMIT] * breaks],
        on_board=[*[NOWHERE] * count, *(v for v, _ in rests)],
        start_place=start,
        end_place=[
            place if vehicle.returns_to_base else NOWHERE
            for place, vehicle in zip(start, service.vehicles, strict=True)
        ],
        shift=[(vehicle.start_s, vehicle.end_s) for vehicle in service.vehicles],
        capacity=_capacity(service),
        is_service_shared=True,
    )
    routes = _driven(journal, riders, count)
    taken = sum(visit // 2 >= count for route in routes for visit in route)
    if taken != breaks:
        raise StudyError(f"{breaks - taken} breaks were not taken; hindsight needs a day that is over")
    problem = widened(problem, routes)
    return HindsightProblem(problem, make_plan(problem, routes), riders, len(table))


def _rest_windows(rests: list[tuple[int, Break]]) -> NDArray[np.int64]:
    """int64, shape (b, 2). First and last second at which each break may begin."""
    return np.array([(rest.earliest_s, rest.latest_s) for _, rest in rests], np.int64).reshape(-1, 2)


def _windows(riders: pd.DataFrame) -> NDArray[np.int64]:
    """int64, shape (n, 4). First and last second of pickup and of arrival: the limits of the rules, and of
    the promise for those who were served."""
    limits = riders[["earliest_s", "latest_pickup_s", "earliest_s", "latest_dropoff_s"]].to_numpy(np.int64)
    promised = riders[["promise_earliest_s", "promise_latest_s", "promise_earliest_s", "arrive_by_s"]]
    is_served = (riders["status"] == _DONE).to_numpy()[:, None]
    given = np.where(is_served, promised.fillna(0).to_numpy(np.int64), limits)
    first, last = np.minimum(limits, given), np.maximum(limits, given)
    return np.stack([first[:, 0], last[:, 1], first[:, 2], last[:, 3]], axis=1)


def _capacity(service: ServiceDefinition) -> NDArray[np.int64]:
    """int64, shape (v, rows, 3). Rows seats, wheelchairs, limit."""
    types = {kind.name: kind for kind in service.vehicle_types}
    rows = np.zeros((len(service.vehicles), MAX_CAPACITY_ROWS, 3), np.int64)
    for v, vehicle in enumerate(service.vehicles):
        for k, row in enumerate(types[vehicle.vehicle_type].capacity):
            rows[v, k] = row.seats, row.wheelchairs, row.limit
    return rows


def _driven(journal: Journal, riders: pd.DataFrame, count: int) -> list[list[int]]:
    """Visits of each vehicle in the order in which they were made. Whoever left the vehicle at a stop did so
    before others boarded, and these boarded in the order in which they were ready."""
    done = riders[riders["status"] == _DONE]
    number = dict(zip(done["request"].tolist(), done.index.tolist(), strict=True))
    earliest = riders["earliest_s"].tolist()
    rests: list[list[int]] = []
    following = count
    for vehicle in journal.header.service.vehicles:
        rests.append(list(range(following, following + len(vehicle.breaks))))
        following += len(vehicle.breaks)
    routes: list[list[int]] = [[] for _ in rests]
    for _, _, _, events in journal.records():
        off = [event for event in events if event[0] == codec.RIDER_ALIGHTED and event[1] in number]
        on = [event for event in events if event[0] == codec.RIDER_BOARDED and event[1] in number]
        for event in off:
            routes[event[2]].append(2 * number[event[1]] + 1)
        for event in sorted(on, key=lambda one: (earliest[number[one[1]]], one[1])):
            routes[event[2]].append(2 * number[event[1]])
        for event in events:
            if event[0] == codec.BREAK_STARTED:
                routes[event[1]].append(2 * rests[event[1]].pop(0) + 1)
    return routes
