"""Mielec from stop to stop, as MATSim's stop-based example has it.

The stops are a file of MATSim's own, `drtstops_wLinkIds_lessStops.xml` of its Mielec scenario, which the
workload does not carry. It is read from `stops.csv` in the workload's folder, with the columns `stop`,
`link`, `x` and `y` (attributes `id`, `linkRefId`, `x` and `y` of each `stopFacility`).

Riders walk to the stop nearest to the middle of their link, and from the one nearest to where they go,
1,500 m at most; who has no stop so near, or the same at both ends, walks all the way and is no request. The
request is made at the stop.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from scenarios.csv_table import read_csv
from scenarios.demand_day import demand_day
from scenarios.errors import WorkloadError
from scenarios.prepared import PreparedScenario, RecordedDemand
from simulation.validation_answers import JITTER_S, Answer, answer_of, recorded_day

STOPS_FILE: Final = "stops.csv"
MATSIM_FILE: Final = "drtstops_wLinkIds_lessStops.xml"
MAX_WALK_M: Final = 1500
WALKING_M_PER_S: Final = 3.0 / 3.6
DETOUR: Final = 1.3
"""MATSim's teleported walk: 3 km/h over 1.3 times the straight line."""

STOP_BASED: Final = Answer(17, 260.41, 374.87)
"""`testRunDrtStopbasedExample` of RunDrtExampleIT, commit cc916dc."""


@dataclass(frozen=True, slots=True)
class StopBasedDays:
    """The day from stop to stop.

    Parameters
    ----------
    stops, asked
        Stops on links of the network; requests that are left.
    answers
        As recorded, then with every request moved by up to `JITTER_S` seconds.
    """

    stops: int
    asked: int
    answers: tuple[Answer, ...]


def stop_based_days(strict: PreparedScenario, folder: Path, days: int) -> StopBasedDays | None:
    """Simulate the day from stop to stop; None where the workload has no `STOPS_FILE`.

    Parameters
    ----------
    strict
        The day by MATSim's rules on links, with limits.
    folder
        The workload.

    Raises
    ------
    WorkloadError
        When the file cannot be read, or names a link that the network does not have.
    """
    if not (folder / STOPS_FILE).is_file():
        return None
    made, stops = from_stops(strict, folder)
    answers = tuple(answer_of(made, seed, JITTER_S if seed else 0) for seed in range(days + 1))
    return StopBasedDays(stops, len(recorded_day(made)), answers)


def from_stops(strict: PreparedScenario, folder: Path) -> tuple[PreparedScenario, int]:
    """The same day with trips from stop to stop, and the number of stops."""
    table = read_csv(folder / STOPS_FILE, ("stop", "link", "x", "y"), WorkloadError)
    place = {int(link): spot for spot, link in enumerate(strict.network.node_id)}
    at_stop = []
    for row, link in enumerate(table.integers("link").tolist()):
        if link not in place:
            raise table.fault(row, f"link {link} is not in the network; give a link of edges.csv")
        at_stop.append(place[link])
    stop_xy = np.column_stack((table.floats("x"), table.floats("y")))
    middle = _middles(folder, strict)
    day = recorded_day(strict)
    first, walk_m = _nearest(middle[day.origin], stop_xy)
    last, onward_m = _nearest(middle[day.destination], stop_xy)
    node = np.array(at_stop)
    keeps = (walk_m <= MAX_WALK_M) & (onward_m <= MAX_WALK_M) & (node[first] != node[last])
    columns = {name: getattr(day, name)[keeps] for name in day.__slots__}
    walk_s = np.rint(DETOUR * walk_m[keeps] / WALKING_M_PER_S).astype(np.int64)
    for name, stop in (("origin", first), ("pickup", first), ("destination", last), ("dropoff", last)):
        columns[name] = node[stop[keeps]]
    for name in ("wish_s", "booked_at_s"):
        columns[name] = columns[name] + walk_s
    return replace(strict, demand=RecordedDemand(demand_day(**columns))), len(node)


def _middles(folder: Path, strict: PreparedScenario) -> npt.NDArray[np.float64]:
    """Middle of each link, metres, shape (places, 2)."""
    nodes = read_csv(folder / "nodes.csv", ("node", "x", "y"), WorkloadError)
    edges = read_csv(folder / "edges.csv", ("from", "to", "matsim_link"), WorkloadError)
    row = {int(node): k for k, node in enumerate(nodes.integers("node"))}
    xy = np.column_stack((nodes.floats("x"), nodes.floats("y")))
    ends = [[row[int(node)] for node in edges.integers(column)] for column in ("from", "to")]
    half = (xy[ends[0]] + xy[ends[1]]) / 2
    where = {int(link): k for k, link in enumerate(edges.integers("matsim_link"))}
    return np.asarray(half[[where[int(link)] for link in strict.network.node_id]])


def _nearest(
    points: npt.NDArray[np.float64], stops: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Number of the stop nearest to each point, and how far it is in a straight line."""
    away = np.hypot(points[:, None, 0] - stops[None, :, 0], points[:, None, 1] - stops[None, :, 1])
    nearest = away.argmin(axis=1)
    return nearest, away[np.arange(len(points)), nearest]
