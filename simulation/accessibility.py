"""Who reaches a hospital, a supermarket, a station in time: on foot, by bus, by a service to be asked.

The service is judged by what riders met on simulated days, buses by their headway. What is unknown stays
unknown: where too few riders asked for such a trip, people have no value, and tables say how many they are.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from maas.expected_access import Experience, experiences
from scenarios.bus_lines import chance_in_time, is_in_time
from scenarios.city import CityMap
from scenarios.residents_by_cell import ResidentsByCell
from simulation.access_ways import Ways, nodes_of_places, towns_of_nodes

Float64s = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]

MINUTES: Final = (30, 45, 60)

LEAST_ASKED: Final = 20
"""Fewer requests than this say too little of a town; then those of its whole area stand for it."""

UNKNOWN, TOWN, AREA = 0, 1, 2
"""What a chance rests on: nothing, requests of the town, requests of the whole area."""


@dataclass(frozen=True, eq=False, slots=True)
class Access:
    """Access to one goal within one time, for the rows of `ResidentsByCell`.

    Parameters
    ----------
    goal, minutes
        What is reached, and within how long.
    on_foot
        bool, shape (k,). Whether it is reached so.
    by_bus
        bool. Whether a line reaches it with half a headway of waiting.
    by_bus_chance
        float64. Share of the moments of the day from which a line reaches it.
    by_service
        float64. Chance to arrive in time with the service, seat and wait included; NaN = unknown.
    rests_on
        int8. `TOWN`, `AREA` or `UNKNOWN`.
    asked
        int64. Requests on which it rests.
    without_day
        float64, shape (k, days). `by_service` from the requests of all days but one, for a jackknife; without
        columns where days were not told apart.
    """

    goal: str
    minutes: int
    on_foot: npt.NDArray[np.bool_]
    by_bus: npt.NDArray[np.bool_]
    by_bus_chance: Float64s
    by_service: Float64s
    rests_on: npt.NDArray[np.int8]
    asked: Int64s
    without_day: Float64s

    @property
    def by_any_least(self) -> Float64s:
        """Chance by the best single way, if an unknown chance of the service is none.

        Of the two counts of buses the kinder one: they must not look worse than they are.
        """
        return self.best_with(self.by_service, 0.0)

    @property
    def by_any_most(self) -> Float64s:
        """Chance by the best single way, if an unknown chance of the service is certainty."""
        return self.best_with(self.by_service, 1.0)

    def best_with(self, by_service: Float64s, unknown: float) -> Float64s:
        """Chance by the best single way with other chances of the service, of shape (k,) or (k, columns)."""
        certain = np.maximum((self.on_foot | self.by_bus).astype(np.float64), self.by_bus_chance)
        service = np.where(np.isnan(by_service), unknown, by_service)
        return np.maximum(certain.reshape(-1, *(1,) * (service.ndim - 1)), service)


def accessibility(
    city: CityMap,
    residents: ResidentsByCell,
    requests: pd.DataFrame,
    ways: Sequence[Ways],
    *,
    minutes: Sequence[int] = MINUTES,
    least_asked: int = LEAST_ASKED,
    counts_early_arrival: bool = False,
    day: Int64s | None = None,
    days: int = 0,
) -> tuple[Access, ...]:
    """Access to every goal within every time, goals first.

    Parameters
    ----------
    requests
        Rows of `riders_table` of simulated days of the service.
    ways
        From the homes of the residents, as `ways_to_goals` gives them.
    least_asked
        Requests on which a chance may rest.
    counts_early_arrival
        As `expected_access.surplus_s`: where runs are few the answer depends on it, so show both.
    day, days
        Day of each request, 0 to `days` - 1; None = do not tell days apart.

    Raises
    ------
    OutcomeError
        When a request begins or ends at no node of the network.

    Notes
    -----
    What riders lost beyond the drive of the empty road is in `expected_access.Experience`. Only residents'
    requests to places of the goal count, by the town where they began: a service that refuses one way may
    well take another.
    """
    towns = towns_of_nodes(city)
    origin = nodes_of_places(city, requests["origin"].to_numpy(np.int64))
    destination = nodes_of_places(city, requests["destination"].to_numpy(np.int64))
    is_resident = requests["is_resident"].to_numpy(np.bool_)
    asked = _Asked(city, requests, least_asked, counts_early_arrival, day, days)
    found: list[Access] = []
    for way in ways:
        met = asked.chances(np.where(is_resident & np.isin(destination, way.served), towns[origin], -1))
        for limit in minutes:
            limit_s = limit * 60.0
            by_bus = np.zeros(len(residents), np.bool_)
            by_bus_chance = np.zeros(len(residents))
            for line, moving_s in way.lines:
                by_bus |= is_in_time(line, moving_s, limit_s)
                by_bus_chance = np.maximum(by_bus_chance, chance_in_time(line, moving_s, limit_s))
            by_service, without_day = _by_service(residents, way.service_s, met, limit_s, days)
            rests_on = np.array([kind for kind, _ in met], np.int8)[residents.town]
            asked_there = np.array([one.asked if one else 0 for _, one in met], np.int64)[residents.town]
            found.append(
                Access(
                    way.goal.name, limit, way.on_foot_s <= limit_s, by_bus, by_bus_chance, by_service,
                    rests_on, asked_there, without_day,
                )
            )  # fmt: skip
    return tuple(found)


def towns_of_origin(city: CityMap, requests: pd.DataFrame) -> list[str]:
    """Name of the town where each request began."""
    towns = towns_of_nodes(city)[nodes_of_places(city, requests["origin"].to_numpy(np.int64))]
    return [city.towns[int(town)].name for town in towns]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Requests, and what a chance may rest on."""

    city: CityMap
    requests: pd.DataFrame
    least_asked: int
    counts_early_arrival: bool
    day: Int64s | None
    days: int

    def chances(self, town: Int64s) -> list[tuple[int, Experience | None]]:
        """What riders of each town met, or of its area where few asked, or nothing; -1 = a request that does
        not count."""
        area_of_town = [one.area for one in self.city.towns]
        by_town = self._experiences([None if one < 0 else int(one) for one in town.tolist()])
        by_area = self._experiences([None if one < 0 else area_of_town[one] for one in town.tolist()])
        found: list[tuple[int, Experience | None]] = []
        for index, area in enumerate(area_of_town):
            for rests_on, met in ((TOWN, by_town.get(index)), (AREA, by_area.get(area))):
                if met is not None and met.asked >= self.least_asked:
                    found.append((rests_on, met))
                    break
            else:
                found.append((UNKNOWN, None))
        return found

    def _experiences(self, groups: list[Hashable | None]) -> dict[Hashable, Experience]:
        return dict(
            experiences(
                self.requests,
                groups,
                counts_early_arrival=self.counts_early_arrival,
                day=self.day,
                days=self.days,
            )
        )


def _by_service(
    residents: ResidentsByCell,
    service_s: Float64s,
    met: Sequence[tuple[int, Experience | None]],
    limit_s: float,
    days: int,
) -> tuple[Float64s, Float64s]:
    """Chance of each resident, and without each day."""
    chance = np.full(len(residents), np.nan)
    without_day = np.full((len(residents), days), np.nan)
    for town, (_, experience) in enumerate(met):
        rows = residents.town == town
        if experience is not None:
            chance[rows] = experience.chance_within(service_s[rows], limit_s)
            if days:
                without_day[rows] = experience.chance_without_each_day(service_s[rows], limit_s)
    return chance, without_day
