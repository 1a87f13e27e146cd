"""Who reaches a hospital, a supermarket, a station in time: on foot, by bus, by a service to be asked.

The service is judged by what riders met on simulated days, buses by their headway. What is unknown stays
unknown: where too few riders asked for such a trip, people have no value, and tables say how many they are.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from maas.expected_access import Experience, experiences
from routing.quantities import UNREACHABLE_MS
from routing.shortest_paths import one_to_all
from scenarios.bus_lines import BusLine, BusLines, chance_in_time, is_in_time, on_foot_s, without_wait_s
from scenarios.city import OUTSIDE, CityMap, Place
from scenarios.residents_by_cell import ResidentsByCell
from scenarios.walking import straight_m
from simulation.errors import OutcomeError

Float64s = npt.NDArray[np.float64]
Nodes = npt.NDArray[np.int32]

MINUTES: Final = (30, 45, 60)

LEAST_ASKED: Final = 20
"""Fewer requests than this say too little of a town; then those of its whole area stand for it."""

UNKNOWN, TOWN, AREA = 0, 1, 2
"""What a chance rests on: nothing, requests of the town, requests of the whole area."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What people want to reach: places of a kind, whose names may have to begin with a word."""

    name: str
    kind: str
    begins: str = ""

    def places(self, city: CityMap) -> tuple[Place, ...]:
        """The places inside the city."""
        return tuple(
            place
            for place in city.places
            if place.kind == self.kind
            and place.name.startswith(self.begins)
            and city.area_of_node[place.node] != OUTSIDE
        )


GOALS: Final = (
    Goal("hospital", "hospital"),
    Goal("supermarket", "shop", "Supermarket"),
    Goal("station", "rail"),
)


@dataclass(frozen=True, slots=True)
class Walker:
    """How the people walk whose access is counted.

    Parameters
    ----------
    speed_kph, detour
        Speed; walking distance over straight line.
    longest_walk_m
        To the goal itself, on foot alone.
    """

    speed_kph: float
    detour: float
    longest_walk_m: float


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
    """

    goal: str
    minutes: int
    on_foot: npt.NDArray[np.bool_]
    by_bus: npt.NDArray[np.bool_]
    by_bus_chance: Float64s
    by_service: Float64s
    rests_on: npt.NDArray[np.int8]

    @property
    def by_any_least(self) -> Float64s:
        """Chance by the best single way, if an unknown chance of the service is none.

        Of the two counts of buses the kinder one: they must not look worse than they are.
        """
        return self._best(0.0)

    @property
    def by_any_most(self) -> Float64s:
        """Chance by the best single way, if an unknown chance of the service is certainty."""
        return self._best(1.0)

    def _best(self, unknown: float) -> Float64s:
        certain = (self.on_foot | self.by_bus).astype(np.float64)
        service = np.where(np.isnan(self.by_service), unknown, self.by_service)
        return np.maximum(np.maximum(certain, self.by_bus_chance), service)


def accessibility(
    city: CityMap,
    residents: ResidentsByCell,
    requests: pd.DataFrame,
    walker: Walker,
    *,
    stops: Nodes | None,
    buses: BusLines | None,
    goals: Sequence[Goal] = GOALS,
    minutes: Sequence[int] = MINUTES,
    least_asked: int = LEAST_ASKED,
    counts_early_arrival: bool = False,
) -> tuple[Access, ...]:
    """Access to every goal within every time, goals first.

    Parameters
    ----------
    requests
        Rows of `riders_table` of simulated days of the service.
    stops
        int32, nodes of the stops of the service; None where it comes to the door.
    buses
        Lines that run beside it; None without.
    least_asked
        Requests on which a chance may rest.
    counts_early_arrival
        As `expected_access.surplus_s`: where runs are few the answer depends on it, so show both.

    Raises
    ------
    OutcomeError
        When the city has no place of a goal, or a request begins or ends at no node of its network.

    Notes
    -----
    Drives are those of the empty road, from the home (or the stop next to it) to the goal nearest by road;
    what riders lost beyond that is in `expected_access.Experience`. Only residents' requests to places of the
    goal count, by the town where they began: a service that refuses one way may well take another.
    """
    towns = _towns_of_nodes(city)
    origin = _nodes_of(city, requests["origin"].to_numpy(np.int64))
    destination = _nodes_of(city, requests["destination"].to_numpy(np.int64))
    is_resident = requests["is_resident"].to_numpy(np.bool_)
    found: list[Access] = []
    for goal in goals:
        places = goal.places(city)
        if not places:
            raise OutcomeError(
                f"{city.network.title} has no place of kind {goal.kind!r} for the goal {goal.name!r};"
                " leave that goal out"
            )
        targets = np.array([place.node for place in places], np.int32)
        served, _ = _at_stops(city, targets, stops)
        town = np.where(is_resident & np.isin(destination, served), towns[origin], -1)
        met = _chances(city, requests, town, least_asked, counts_early_arrival=counts_early_arrival)
        service_s = _service_s(city, residents.node, targets, stops, walker)
        foot_s = on_foot_s(
            city.network, residents.node, targets,
            speed_kph=walker.speed_kph, detour=walker.detour, longest_walk_m=walker.longest_walk_m,
        )  # fmt: skip
        lines = _lines_s(city, residents.node, targets, buses, walker)
        for limit in minutes:
            by_service, rests_on = _by_service(residents, service_s, met, limit * 60.0)
            by_bus = np.zeros(len(residents), np.bool_)
            by_bus_chance = np.zeros(len(residents))
            for line, moving_s in lines:
                by_bus |= is_in_time(line, moving_s, limit * 60.0)
                by_bus_chance = np.maximum(by_bus_chance, chance_in_time(line, moving_s, limit * 60.0))
            on_foot = foot_s <= limit * 60.0
            found.append(Access(goal.name, limit, on_foot, by_bus, by_bus_chance, by_service, rests_on))
    return tuple(found)


def access_table(
    access: Sequence[Access], people: Mapping[str, Float64s], place: npt.NDArray[np.generic], column: str
) -> pd.DataFrame:
    """Shares of people with access, by place (town, cell or area) and group.

    Parameters
    ----------
    people
        People of each row by group, as `ResidentsByCell.groups` gives them.
    place
        Shape (k,). Place of each row, under the name `column` in the table.

    Returns
    -------
    One row a goal, time, group and place with people: `people`; shares `on_foot`, `by_bus`, `by_bus_chance`
    of all of them; `by_service` of those for whom it is known (NaN where for nobody), `unknown_share` of
    those for whom it is not; `by_any_least` and `by_any_most` of all, equal where nothing is unknown;
    `area_share` of people for whom the requests of their whole area stand.
    """
    places, row = np.unique(place, return_inverse=True)
    rows: list[pd.DataFrame] = []
    for one in access:
        for group, weight in people.items():
            whole = np.bincount(row, weight, len(places))
            is_here = whole > 0
            table = pd.DataFrame({"goal": one.goal, "minutes": one.minutes, "group": group, column: places})
            table["people"] = whole
            for name, value in (
                ("on_foot", one.on_foot.astype(np.float64)),
                ("by_bus", one.by_bus.astype(np.float64)),
                ("by_bus_chance", one.by_bus_chance),
                ("by_service", one.by_service),
                ("by_any_least", one.by_any_least),
                ("by_any_most", one.by_any_most),
            ):
                table[name] = _mean_over(row, weight, value, len(places))
            unknown = np.isnan(one.by_service).astype(np.float64)
            table["unknown_share"] = _mean_over(row, weight, unknown, len(places))
            rests_on_area = (one.rests_on == AREA).astype(np.float64)
            table["area_share"] = _mean_over(row, weight, rests_on_area, len(places))
            rows.append(table[is_here])
    return pd.concat(rows, ignore_index=True)


def towns_of_origin(city: CityMap, requests: pd.DataFrame) -> list[str]:
    """Name of the town where each request began."""
    towns = _towns_of_nodes(city)[_nodes_of(city, requests["origin"].to_numpy(np.int64))]
    return [city.towns[int(town)].name for town in towns]


def _mean_over(row: npt.NDArray[np.intp], weight: Float64s, value: Float64s, size: int) -> Float64s:
    """Mean of known values by row, NaN where none is known."""
    known = np.where(np.isnan(value), 0.0, weight)
    total = np.bincount(row, known * np.nan_to_num(value), size)
    people = np.bincount(row, known, size)
    mean = np.full(size, np.nan)
    np.divide(total, people, out=mean, where=people > 0)
    return mean


def _towns_of_nodes(city: CityMap) -> npt.NDArray[np.int64]:
    """Town of each node: that of most people there, or of the nearest home."""
    population = np.array([town.population for town in city.towns], np.float64)
    order = np.argsort(-city.home_weight * population[city.home_town], kind="stable")
    homes, first = np.unique(city.home_nodes[order], return_index=True)
    town = city.home_town[order][first].astype(np.int64)
    nodes = np.arange(city.network.node_count, dtype=np.int32)
    nearest = np.concatenate(
        [
            straight_m(city.network, part, homes.astype(np.int32)).argmin(axis=1)
            for part in np.array_split(nodes, len(nodes) // 500 + 1)
        ]
    )
    return np.asarray(town[nearest])


def _nodes_of(city: CityMap, place_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    order = np.argsort(city.network.node_id, kind="stable")
    ids = city.network.node_id[order]
    at = np.minimum(np.searchsorted(ids, place_ids), len(ids) - 1)
    wrong = np.flatnonzero(ids[at] != place_ids)
    if len(wrong):
        raise OutcomeError(
            f"place {place_ids[wrong[0]]} of a request is no node of {city.network.title};"
            " give the requests of a scenario of this city"
        )
    return np.asarray(order[at])


def _at_stops(city: CityMap, nodes: Nodes, stops: Nodes | None) -> tuple[Nodes, Float64s]:
    """Where the service serves each node, and straight metres to there."""
    if stops is None:
        return nodes, np.zeros(len(nodes))
    metres = straight_m(city.network, nodes, stops)
    nearest = metres.argmin(axis=1)
    return stops[nearest], metres[np.arange(len(nodes)), nearest]


def _service_s(city: CityMap, homes: Nodes, targets: Nodes, stops: Nodes | None, walker: Walker) -> Float64s:
    """Walks and direct drive from each home to the nearest target, seconds."""
    start, start_m = _at_stops(city, homes, stops)
    end, end_m = _at_stops(city, targets, stops)
    s_per_m = walker.detour * 3.6 / walker.speed_kph
    best = np.full(len(homes), np.inf)
    for node, walk_m in zip(end.tolist(), end_m.tolist(), strict=True):
        drive_ms = one_to_all(city.network, node, is_reverse=True)[start]
        drive_s = np.where(drive_ms < UNREACHABLE_MS, drive_ms / 1000, np.inf)
        best = np.minimum(best, drive_s + walk_m * s_per_m)
    return best + start_m * s_per_m


def _lines_s(
    city: CityMap, homes: Nodes, targets: Nodes, buses: BusLines | None, walker: Walker
) -> list[tuple[BusLine, Float64s]]:
    """Each line, and the time by it without waiting."""
    if buses is None:
        return []
    return [
        (
            line,
            without_wait_s(
                city.network, line, homes, targets,
                speed_kph=walker.speed_kph, detour=walker.detour, longest_walk_m=buses.longest_walk_m,
            ),
        )
        for line in buses.lines
    ]  # fmt: skip


def _chances(
    city: CityMap,
    requests: pd.DataFrame,
    town: npt.NDArray[np.int64],
    least_asked: int,
    *,
    counts_early_arrival: bool,
) -> list[tuple[int, Experience | None]]:
    """What riders of each town met, or of its area where few asked, or nothing."""
    area_of_town = [one.area for one in city.towns]
    groups: list[Hashable | None] = [None if one < 0 else int(one) for one in town.tolist()]
    by_town = experiences(requests, groups, counts_early_arrival=counts_early_arrival)
    areas: list[Hashable | None] = [None if one < 0 else area_of_town[one] for one in town.tolist()]
    by_area = experiences(requests, areas, counts_early_arrival=counts_early_arrival)
    found: list[tuple[int, Experience | None]] = []
    for index, area in enumerate(area_of_town):
        for rests_on, met in ((TOWN, by_town.get(index)), (AREA, by_area.get(area))):
            if met is not None and met.asked >= least_asked:
                found.append((rests_on, met))
                break
        else:
            found.append((UNKNOWN, None))
    return found


def _by_service(
    residents: ResidentsByCell,
    service_s: Float64s,
    met: Sequence[tuple[int, Experience | None]],
    limit_s: float,
) -> tuple[Float64s, npt.NDArray[np.int8]]:
    chance = np.full(len(residents), np.nan)
    for town, (_, experience) in enumerate(met):
        rows = residents.town == town
        if experience is not None:
            chance[rows] = experience.chance_within(service_s[rows], limit_s)
    return chance, np.array([rests_on for rests_on, _ in met], np.int8)[residents.town]
