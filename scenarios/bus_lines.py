"""Bus lines with a headway instead of a timetable: how long a trip with them takes, from door to door.

They are there so that a new service is compared with what exists. Nobody books them, they are never full, and
no vehicle is simulated: a wait that follows from the headway, the walks, and the ride.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field

from routing.network import Network
from routing.quantities import UNREACHABLE_MS
from routing.shortest_paths import one_to_all
from scenarios.city import CityMap
from scenarios.errors import ScenarioFileError
from scenarios.scenario import Title
from scenarios.stated import Amount, Count, DayWindow, Distance, Duration, Section, Stated
from scenarios.toml_files import load_toml
from scenarios.walking import pairwise_m, straight_m

SAKURA_LINES = Path(__file__).resolve().parent / "sakura" / "bus_lines.toml"

Nodes = npt.NDArray[np.int32]
Seconds = npt.NDArray[np.float64]


class BusLineSection(Section):
    """One line, both ways."""

    name: str
    title: Title
    places: Annotated[tuple[str, ...], Field(min_length=2, description="named places in the order of stops")]
    runs: Stated[Count] = Field(description="runs a day each way")
    hours: DayWindow = Field(description="over which the runs are spread, each after an equal part of them")
    ride: Duration = Field(description="from the first place to the last")
    fare: Stated[Amount] = Field(description="for the whole line")

    @property
    def headway_s(self) -> float:
        """Hours over runs, in seconds: each moment of the hours belongs to the run that comes next.

        Where the hours end with the last departure it is shorter than the time between two runs: kind to the
        bus.
        """
        first_s, last_s = self.hours.seconds
        return (last_s - first_s) / self.runs.value


class BusLinesFile(Section):
    """A file of bus lines."""

    longest_walk: Distance = Field(description="to and from a stop")
    stop_spacing: Distance = Field(description="between stops along the road")
    lines: Annotated[tuple[BusLineSection, ...], Field(min_length=1)]


@dataclass(frozen=True, eq=False, slots=True)
class BusLine:
    """A line on the roads of a city.

    Parameters
    ----------
    name
        Of the line.
    headway_s
        Seconds between runs.
    stops
        int32, shape (k,). Nodes in the order of the line.
    ride_s
        float64, shape (k,). Riding time from the first stop, rising.
    fare_yen
        For the whole line.
    """

    name: str
    headway_s: float
    stops: Nodes
    ride_s: Seconds
    fare_yen: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class BusLines:
    """All lines of a city, and how far people walk to their stops."""

    longest_walk_m: float
    lines: tuple[BusLine, ...]


def load_bus_lines(city: CityMap, path: Path = SAKURA_LINES) -> BusLines:
    """The lines of a file, with stops on the roads of the city.

    Raises
    ------
    ScenarioFileError
        When the file cannot be read, breaks the schema, names a place that the city lacks, or two places that
        no road joins.
    """
    file = load_toml(BusLinesFile, path)
    spacing_m = float(file.stop_spacing.metres)
    lines = tuple(
        _on_roads(city, line, spacing_m, f"{path}: lines.{index}.places")
        for index, line in enumerate(file.lines)
    )
    return BusLines(float(file.longest_walk.metres), lines)


def without_wait_s(
    network: Network,
    line: BusLine,
    homes: Nodes,
    targets: Nodes,
    *,
    speed_kph: float,
    detour: float,
    longest_walk_m: float,
) -> Seconds:
    """Time from each home to the nearest target by one line without waiting: walk, ride, walk.

    Parameters
    ----------
    homes, targets
        int32. Nodes.
    speed_kph, detour
        Of walking; walking distance over straight line.
    longest_walk_m
        To the first stop, and from the last one.

    Returns
    -------
    float64, shape (homes,), seconds; infinite where the line is of no use. Whoever gets off where she got on
    did not ride. Lines are not changed.
    """
    metres_per_s = speed_kph / 3.6
    to_m = straight_m(network, homes, line.stops) * detour
    from_m = straight_m(network, line.stops, targets) * detour
    to_s = np.where(to_m <= longest_walk_m, to_m / metres_per_s, np.inf)
    from_s = np.where(from_m <= longest_walk_m, from_m / metres_per_s, np.inf).min(axis=1)
    ride_s = np.abs(line.ride_s[:, None] - line.ride_s)
    np.fill_diagonal(ride_s, np.inf)
    onward_s = (ride_s + from_s).min(axis=1)
    return np.asarray((to_s + onward_s).min(axis=1))


def is_in_time(line: BusLine, moving_s: Seconds, limit_s: float) -> npt.NDArray[np.bool_]:
    """Whether half a headway and the way take at most `limit_s`; bool.

    Notes
    -----
    Half a headway is what guides on access take for waiting. It stands for the time at home or at the stop
    that runs do not fit, not for standing at the stop alone.
    """
    return np.asarray(moving_s + line.headway_s / 2 <= limit_s)


def chance_in_time(line: BusLine, moving_s: Seconds, limit_s: float) -> Seconds:
    """Share of the moments of the day from which the way and the wait for the next run take `limit_s`.

    This is the count that fits a service judged request by request: wishes come at any time, and the wait is
    even between nothing and a headway.
    """
    return np.clip((limit_s - moving_s) / line.headway_s, 0.0, 1.0)


def on_foot_s(
    network: Network, homes: Nodes, targets: Nodes, *, speed_kph: float, detour: float, longest_walk_m: float
) -> Seconds:
    """Time from each home to the nearest target on foot: float64 s, infinite beyond the longest walk."""
    metres = straight_m(network, homes, targets).min(axis=1) * detour
    return np.where(metres <= longest_walk_m, metres / (speed_kph / 3.6), np.inf)


def _on_roads(city: CityMap, line: BusLineSection, spacing_m: float, where: str) -> BusLine:
    """The line along the shortest way between its places; riding time in proportion to driving time."""
    named = [city.place(name, where) for name in line.places]
    ways: list[tuple[Nodes, Seconds]] = []
    done_s = 0.0
    for begin, end in pairwise(named):
        from_ms = one_to_all(city.network, begin.node)
        to_ms = one_to_all(city.network, end.node, is_reverse=True)
        whole_ms = int(from_ms[end.node])
        if whole_ms in (0, UNREACHABLE_MS):
            raise ScenarioFileError(
                f"{where}: no road leads from {begin.name} to {end.name}; name places that roads join"
            )
        on_way = np.flatnonzero((from_ms < UNREACHABLE_MS) & (from_ms + to_ms == whole_ms))
        way: Nodes = on_way[np.argsort(from_ms[on_way], kind="stable")].astype(np.int32)
        kept = _spaced(city.network, way, spacing_m)
        ways.append((kept, done_s + from_ms[kept] / 1000))
        done_s += whole_ms / 1000
    # Where two ways meet, the place would stand there twice.
    stops = np.concatenate([ways[0][0], *(stretch[0][1:] for stretch in ways[1:])])
    drive_s = np.concatenate([ways[0][1], *(stretch[1][1:] for stretch in ways[1:])])
    ride_s = drive_s * (line.ride.seconds / done_s)
    return BusLine(line.name, line.headway_s, stops, ride_s, line.fare.value)


def _spaced(network: Network, way: Nodes, spacing_m: float) -> Nodes:
    """Nodes of a way at least `spacing_m` apart along it; the first and the last always stay."""
    run_m = np.concatenate(([0.0], np.cumsum(pairwise_m(network, way[:-1], way[1:]))))
    kept, last_m = [0], 0.0
    for index in range(1, len(way) - 1):
        if run_m[index] - last_m >= spacing_m and run_m[-1] - run_m[index] >= spacing_m:
            kept.append(index)
            last_m = float(run_m[index])
    return way[[*kept, len(way) - 1]]
