"""How wrong quick travel times by departure are in Sakura's morning, beside the exact ones.

    python -m benchmarks.time_of_day_error

Three answers to "how long, if I leave at t?", against the search that follows every arc through the periods
of the day: the period of the departure as it stands (frozen), the same carried over borders
(`TimesByDeparture`), and planned times without any hour. And what it costs to drive the way that is the
shortest under the frozen weights. No figure depends on the machine.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from routing.hierarchy import Hierarchy
from routing.network import ROAD_CLASSES
from routing.quantities import MS_PER_S
from routing.speed_profiles import SpeedProfiles, period_weights
from routing.time_of_day import RoadsByPeriod, TimesByDeparture
from scenarios.sakura_network import OUTSIDE, SakuraCity, load_sakura_city

PEAKS: Final = {
    "R4": {7: 1.35, 8: 1.30, 17: 1.35, 18: 1.25},
    "R293": {7: 1.25, 8: 1.20, 17: 1.25, 18: 1.15},
}
"""Assumed: factors on planned times in the peak hours of the two main roads; at other hours they are as all
roads."""

ALL_ROADS: Final = (*(0.97,) * 6, 1.0, 1.08, 1.08, 1.02, *(1.0,) * 6, 1.03, 1.08, 1.05, 1.0, *(0.97,) * 4)
"""Assumed: factors of all roads by hour, six periods a morning, so that trips meet many borders; the Sakura
scenarios have peaks alone."""

HEAVY: Final = 3.0
"""The heavy day: this many times the extra time of the two main roads in their peaks."""

WINDOWS: Final = {
    "before the peak, 06:45-07:00": (24_300, 25_200),
    "in the peak, 07:00-08:45": (25_200, 31_500),
    "end of the peak, 08:45-09:00": (31_500, 32_400),
    "all, 06:30-09:30": (23_400, 34_200),
}


PEAK_ENDS_S: Final = 32_400


@dataclass(frozen=True, slots=True)
class Errors:
    """Differences to the exact time over pairs: seconds, and per cent of it."""

    answer: str
    window: str
    seconds: npt.NDArray[np.float64]
    percent: npt.NDArray[np.float64]

    def row(self) -> str:
        """A row of a Markdown table."""
        s, percent = np.abs(self.seconds), np.abs(self.percent)
        cells = [f"{np.mean(self.seconds):+.1f}"]
        for values in (s, percent):
            cells += [f"{np.mean(values):.1f}", f"{np.quantile(values, 0.95):.1f}", f"{np.max(values):.1f}"]
        return " | ".join(["", self.window, self.answer, *cells, ""]).strip()


def main() -> int:
    """Measure both days and print them as tables."""
    parser = argparse.ArgumentParser(description="error of quick travel times by departure, in Sakura")
    parser.add_argument("--pairs", type=int, default=3000, help="random pairs a window (default 3000)")
    parser.add_argument("--seed", type=int, default=1, help="of pairs and departures (default 1)")
    wanted = parser.parse_args()
    city = load_sakura_city()
    for day, scale in (("assumed", 1.0), ("heavy", HEAVY)):
        profiles = sakura_profiles(scale)
        print(f"\n{day} day: {len(profiles.periods)} periods, {wanted.pairs} pairs a window\n")
        print("| departure | answer | bias s | mean s | p95 s | max s | mean % | p95 % | max % |")
        print("|---|---|--:|--:|--:|--:|--:|--:|--:|")
        for errors in measured(city, profiles, wanted.pairs, wanted.seed):
            print(errors.row())
        print(f"\n{gained(city, profiles, wanted.pairs, wanted.seed)}")
    return 0


def sakura_profiles(scale: float) -> SpeedProfiles:
    """Hourly factors of all roads, with peaks of their own on R4 and R293; all of it assumed."""
    roads = {
        road: [1 + scale * (peaks[hour] - 1) if hour in peaks else ALL_ROADS[hour] for hour in range(24)]
        for road, peaks in PEAKS.items()
    }
    return SpeedProfiles.from_hours(
        dict.fromkeys(ROAD_CLASSES, ALL_ROADS),
        roads,
        source="own knowledge",
        is_assumed=True,
    )


def measured(city: SakuraCity, profiles: SpeedProfiles, pairs: int, seed: int) -> list[Errors]:
    """Errors of all answers in all windows; nodes within the city and departures drawn evenly."""
    network = city.network
    weights = period_weights(network, profiles)
    hierarchy = Hierarchy.build(network)
    metrics = [hierarchy.customise(row) for row in weights]
    planned = hierarchy.customise(network.travel_ms)
    by_departure = TimesByDeparture(profiles, metrics)
    roads = RoadsByPeriod(network, profiles, weights)
    inside = np.flatnonzero(city.area_of_node != OUTSIDE)
    generator = np.random.default_rng(seed)
    found = []
    for window, (first_s, end_s) in WINDOWS.items():
        rows: list[tuple[float, ...]] = []
        while len(rows) < pairs:
            origin, destination = generator.choice(inside, 2, replace=False).tolist()
            depart_s = int(generator.integers(first_s, end_s))
            frozen = metrics[profiles.period_at(depart_s)]
            exact = int(roads.one_to_all(origin, depart_s)[destination])
            answers = (
                frozen.distance(origin, destination),
                MS_PER_S * by_departure.seconds(origin, destination, depart_s),
                planned.distance(origin, destination),
                roads.time_along(frozen.path(origin, destination), depart_s),
            )
            rows.append((exact, *answers))
        exact_ms, *columns = np.array(rows, np.float64).T
        for answer, column in zip(
            ("frozen", "carried over borders", "planned times", "drive the frozen way"), columns, strict=True
        ):
            off_ms = column - exact_ms
            found.append(Errors(answer, window, off_ms / MS_PER_S, 100 * off_ms / exact_ms))
    return found


def gained(city: SakuraCity, profiles: SpeedProfiles, pairs: int, seed: int) -> str:
    """What leaving at 09:00 instead of a second before gains, by the frozen answer and by the carried one."""
    network = city.network
    hierarchy = Hierarchy.build(network)
    metrics = [hierarchy.customise(row) for row in period_weights(network, profiles)]
    by_departure = TimesByDeparture(profiles, metrics)
    inside = np.flatnonzero(city.area_of_node != OUTSIDE)
    side = round(pairs**0.5)
    origins, destinations = np.random.default_rng(seed).choice(inside, (2, side), replace=False)
    lines = []
    at_s = PEAK_ENDS_S
    for name, before_s, after_s in (
        (
            "frozen",
            metrics[profiles.period_at(at_s - 1)].matrix(origins, destinations) / MS_PER_S,
            metrics[profiles.period_at(at_s)].matrix(origins, destinations) / MS_PER_S,
        ),
        (
            "carried over borders",
            by_departure.matrix(origins, destinations, at_s - 1).astype(np.float64),
            by_departure.matrix(origins, destinations, at_s).astype(np.float64),
        ),
    ):
        gain_s = before_s - after_s - 1
        lines.append(
            f"Leaving at 09:00 rather than a second before, {name}: earlier there in"
            f" {int((gain_s > 0).sum()):,} of {gain_s.size:,} pairs, by up to"
            f" {max(float(gain_s.max()), 0.0):.0f} s"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
