"""MATSim's published answers for its Mielec example, beside a day under the same rules.

MATSim's DRT with extensive insertion search and rejections off picks the insertion that adds the least time
to the fleet's work; a second of a late pickup costs one more, a second of a late arrival ten. What is
compared here is set up likewise, and measured by MATSim's definitions:

- places are links: the workload knows nodes, and two links that end at one node are one place to it;
- roads: MATSim's queue model takes floor(length / speed) + 1 s a link;
- the wait ends, and its limit is tested, at the end of the 60 s stop;
- idle vehicles stay where they are: MATSim's rebalancing follows the demand of the iteration before, and the
  published answers are those of its first one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final

import numpy as np

from maas.domain.planning_rules import InsertionWeights, SoftLimits
from maas.metrics import riders_table
from routing.network import RoadClass, build_network
from routing.road_book import RoadBook
from routing.travel_times import DenseTravelTimes
from scenarios.csv_table import read_csv
from scenarios.demand_day import demand_day
from scenarios.errors import WorkloadError
from scenarios.preparation import prepare_workload
from scenarios.prepared import PreparedScenario, RecordedDemand
from simulation.run import run_day
from simulation.validation_answers import JITTER_S, Answer, answer_of, recorded_day
from simulation.validation_prebooking import PrebookedDays, day_count, prebooked_days
from simulation.validation_stops import StopBasedDays, stop_based_days

STOP_S: Final = 60
MAX_WAIT_S: Final = 600
ALPHA: Final = 1.3
BETA_S: Final = 400

NO_REFUSALS: Final = Answer(0, 296.95, 387.02)
"""`testRunDrtExampleWithNoRejections_ExtensiveSearch` of MATSim's RunDrtExampleIT, commit cc916dc."""

WAIT_TOLERANCE: Final = 0.30
IN_VEHICLE_TOLERANCE: Final = 0.15


@dataclass(frozen=True, slots=True)
class MielecDays:
    """The day in Mielec under several rules.

    Parameters
    ----------
    alike
        As MATSim has it; nobody is refused.
    jittered
        The same with every request moved by up to `JITTER_S` seconds either way, one answer a day.
    by_free_speed
        As `alike`, with driving times of length / speed.
    by_node
        The same with nodes for places: the workload as it stands in its files.
    half_ahead
        Half of the requests known four hours ahead, limits as rules.
    stop_based
        From stop to stop, limits as rules; None where the workload has no stops.
    ours
        The dispatcher as it is by default on the workload: limits as rules, waits and rides in the cost.
    vehicle_stops_s
        Of `alike`: mean wait until the vehicle stops, as `maas.metrics` counts it.
    """

    alike: Answer
    jittered: tuple[Answer, ...]
    by_free_speed: Answer
    by_node: Answer
    half_ahead: PrebookedDays
    stop_based: StopBasedDays | None
    ours: Answer
    vehicle_stops_s: float


def mielec_days(
    folder: Path, days: int = 10, progress: Callable[[int, int], None] | None = None
) -> MielecDays:
    """Simulate the day.

    Parameters
    ----------
    folder
        The workload `mielec_1.0`.
    days
        Days with moved requests, and draws of who books ahead.

    Raises
    ------
    WorkloadError
        When the folder cannot be used.
    """
    rules = {"detour_alpha": ALPHA, "detour_beta_s": BETA_S, "stop_s": STOP_S}
    ours = prepare_workload(folder, max_wait_s=MAX_WAIT_S, **rules)  # type: ignore[arg-type]  # named above
    tested = prepare_workload(folder, max_wait_s=MAX_WAIT_S - STOP_S, **rules)  # type: ignore[arg-type]
    queue = on_links(tested, folder, is_queue=True)
    alike, strict = with_objective(queue, SoftLimits()), with_objective(queue, None)
    done, total = count(1), days + day_count(days)

    def tick() -> None:
        if progress is not None:
            progress(next(done), total)

    jittered = []
    for day in range(days):
        jittered.append(answer_of(alike, seed=day + 1, jitter_s=JITTER_S))
        tick()
    table = riders_table(run_day(alike, 0).journal)
    return MielecDays(
        alike=answer_of(alike),
        jittered=tuple(jittered),
        by_free_speed=answer_of(with_objective(on_links(tested, folder, is_queue=False), SoftLimits())),
        by_node=answer_of(with_objective(tested, SoftLimits())),
        half_ahead=prebooked_days(strict, folder, days, tick),
        stop_based=stop_based_days(strict, folder, days),
        ours=answer_of(ours),
        vehicle_stops_s=float(table.loc[table["status"] == "done", "wait_s"].mean()),
    )


def on_links(prepared: PreparedScenario, folder: Path, *, is_queue: bool) -> PreparedScenario:
    """The same with MATSim's links for places: a vehicle stands at the end of a link, and who goes to a link
    drives along it.

    Parameters
    ----------
    folder
        The workload, whose files name the links.
    is_queue
        Whether links take their time in MATSim's queue model, or length / speed.

    Raises
    ------
    WorkloadError
        When the files name no links.
    """
    edges = read_csv(
        folder / "edges.csv", ("from", "to", "matsim_link", "length_m", "travel_time_s"), WorkloadError
    )
    requests = read_csv(
        folder / "requests.csv", ("request", "origin_link", "destination_link"), WorkloadError
    )
    vehicles = read_csv(folder / "vehicles.csv", ("vehicle", "start_link"), WorkloadError)
    tail, head, link = edges.integers("from"), edges.integers("to"), edges.integers("matsim_link")
    seconds = edges.floats("travel_time_s")
    travel_ms = np.rint(1000 * (np.floor(seconds) + 1 if is_queue else seconds)).astype(np.int64)
    before, after = np.nonzero(head[:, None] == tail[None, :])
    where = {int(node): spot for spot, node in enumerate(prepared.network.node_id)}
    ends = np.array([where[int(node)] for node in head])
    network = build_network(
        tail=before,
        head=after,
        travel_ms=travel_ms[after],
        length_m=np.rint(edges.floats("length_m")).astype(np.int64)[after],
        road_class=np.full(len(after), int(RoadClass.UNCLASSIFIED)),
        lon=prepared.network.lon[ends],
        lat=prepared.network.lat[ends],
        node_id=link,
        title=f"{prepared.network.title}, links as places",
        is_planar=True,
    )
    position = {int(name): spot for spot, name in enumerate(network.node_id)}
    row = {int(request): k for k, request in enumerate(requests.integers("request"))}
    day = recorded_day(prepared)
    columns = {name: getattr(day, name) for name in day.__slots__}
    for column, door, stop in (
        ("origin_link", "origin", "pickup"),
        ("destination_link", "destination", "dropoff"),
    ):
        named = requests.integers(column)
        columns[door] = columns[stop] = np.array([position[int(named[row[int(r)]])] for r in day.rider])
    base = {
        name: int(at)
        for name, at in zip(vehicles.texts("vehicle"), vehicles.integers("start_link"), strict=True)
    }
    fleet = tuple(replace(vehicle, base=base[vehicle.vehicle_id]) for vehicle in prepared.service.vehicles)
    travel_times = DenseTravelTimes.build(network)
    return replace(
        prepared,
        network=network,
        travel_times=travel_times,
        roads=RoadBook(network, travel_times),
        service=replace(prepared.service, vehicles=fleet),
        demand=RecordedDemand(demand_day(**columns)),
    )


def with_objective(prepared: PreparedScenario, soft_limits: SoftLimits | None) -> PreparedScenario:
    """The same with insertions that cost the time they add to the fleet's work, and nothing else."""
    service = replace(prepared.service, weights=InsertionWeights(0, 0), soft_limits=soft_limits)
    return replace(prepared, service=service)
