"""How people could get to a goal: on foot, by each bus line, by a drive of a service; times without waiting.

What a service makes of its drives, its waits and its seats, is in `simulation.accessibility`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from routing.quantities import UNREACHABLE_MS
from routing.shortest_paths import one_to_all
from scenarios.bus_lines import BusLine, BusLines, on_foot_s, without_wait_s
from scenarios.city import OUTSIDE, CityMap, Place
from scenarios.walking import straight_m
from simulation.errors import OutcomeError

Float64s = npt.NDArray[np.float64]
Nodes = npt.NDArray[np.int32]


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
        To the goal on foot alone, and to and from a stop of the service.
    """

    speed_kph: float
    detour: float
    longest_walk_m: float


@dataclass(frozen=True, eq=False, slots=True)
class Ways:
    """Ways from homes to the nearest place of a goal, seconds, infinite where there is none.

    Parameters
    ----------
    goal
        What is reached.
    served
        int32. Nodes at which the service sets riders down who go there.
    on_foot_s
        float64, shape (homes,). On foot alone.
    lines
        Each bus line and float64, shape (homes,), the time with it: walks and ride.
    service_s
        float64, shape (homes,). Walks and direct drive with the service.
    """

    goal: Goal
    served: Nodes
    on_foot_s: Float64s
    lines: tuple[tuple[BusLine, Float64s], ...]
    service_s: Float64s


def ways_to_goals(
    city: CityMap,
    homes: Nodes,
    walker: Walker,
    *,
    stops: Nodes | None,
    buses: BusLines | None,
    goals: Sequence[Goal] = GOALS,
) -> tuple[Ways, ...]:
    """Ways from homes to every goal.

    Parameters
    ----------
    homes
        int32, shape (homes,). Nodes.
    stops
        int32, nodes of the stops of the service; None where it comes to the door.
    buses
        Lines that run beside it; None without.

    Raises
    ------
    OutcomeError
        When the city has no place of a goal.

    Notes
    -----
    Drives are those of the empty road, from the home (or the stop next to it) to the goal nearest by road.
    """
    found: list[Ways] = []
    for goal in goals:
        places = goal.places(city)
        if not places:
            raise OutcomeError(
                f"{city.network.title} has no place of kind {goal.kind!r} for the goal {goal.name!r};"
                " leave that goal out"
            )
        targets = np.array([place.node for place in places], np.int32)
        served, _ = _at_stops(city, targets, stops)
        foot_s = on_foot_s(
            city.network, homes, targets,
            speed_kph=walker.speed_kph, detour=walker.detour, longest_walk_m=walker.longest_walk_m,
        )  # fmt: skip
        lines = tuple(_lines_s(city, homes, targets, buses, walker))
        found.append(Ways(goal, served, foot_s, lines, _service_s(city, homes, targets, stops, walker)))
    return tuple(found)


@lru_cache(maxsize=4)
def towns_of_nodes(city: CityMap) -> npt.NDArray[np.int64]:
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
    found = np.asarray(town[nearest])
    found.flags.writeable = False
    return found


def nodes_of_places(city: CityMap, place_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Nodes of place_ids, as requests name places.

    Raises
    ------
    OutcomeError
        When a place_id is no node of the city.
    """
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
    longest_m = walker.longest_walk_m / walker.detour
    for node, walk_m in zip(end.tolist(), end_m.tolist(), strict=True):
        if walk_m > longest_m:
            continue
        drive_ms = one_to_all(city.network, node, is_reverse=True)[start]
        drive_s = np.where(drive_ms < UNREACHABLE_MS, drive_ms / 1000, np.inf)
        best = np.minimum(best, drive_s + walk_m * s_per_m)
    return np.where(start_m <= longest_m, best + start_m * s_per_m, np.inf)


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
