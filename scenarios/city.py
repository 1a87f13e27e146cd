"""A city as scenarios see it: roads, areas, named places, towns and homes, all as nodes of one network."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from routing.errors import RoutingError, SnapError
from routing.network import Network
from routing.snapping import Snapper
from scenarios.errors import ScenarioFileError
from scenarios.service_sections import Spot

OUTSIDE = -1
"""Entry of `area_of_node` of a node outside the city."""


@dataclass(frozen=True, slots=True)
class Place:
    """A named place of some kind (hospital, shop, rail, ...) at a node."""

    name: str
    kind: str
    node: int


@dataclass(frozen=True, slots=True)
class Town:
    """A town: its area (index), the node nearest to its middle, residents, share of 65 and over."""

    name: str
    area: int
    node: int
    population: int
    old_share: float


@dataclass(frozen=True, eq=False, slots=True)
class CityMap:
    """What scenarios know about a city.

    Parameters
    ----------
    areas
        Names of the areas; may be a single one.
    area_of_node
        int8, shape (n,). Index of the area, or `OUTSIDE`.
    places, towns
        Places and towns; a network from a file has none.
    home_nodes, home_town, home_weight
        int32, int16, float64, shape (h,). Nodes where people live, their town, and their part of it (sums to
        1 within each town).
    """

    network: Network
    areas: tuple[str, ...]
    area_of_node: npt.NDArray[np.int8]
    places: tuple[Place, ...]
    towns: tuple[Town, ...]
    home_nodes: npt.NDArray[np.int32]
    home_town: npt.NDArray[np.int16]
    home_weight: npt.NDArray[np.float64]

    def place(self, name: str, where: str) -> Place:
        """The place of that name, or the only one whose name begins with it.

        Raises
        ------
        ScenarioFileError
            When there is none, or several; the message begins with `where`.
        """
        begun = [p for p in self.places if p.name == name] or [
            p for p in self.places if p.name.startswith(name)
        ]
        if len(begun) == 1:
            return begun[0]
        names = [p.name for p in self.places]
        if begun:
            raise ScenarioFileError(
                f"{where}: {name!r} may be {' or '.join(p.name for p in begun)}; give more of the name"
            )
        close = difflib.get_close_matches(name, names, 1, 0.4)
        remedy = f"did you mean {close[0]!r}?" if close else "give a position instead"
        raise ScenarioFileError(f"{where}: {name!r} is no place of {self.network.title}; {remedy}")

    def area(self, name: str, where: str) -> int:
        """Index of the area of that name."""
        if name not in self.areas:
            raise ScenarioFileError(f"{where}: {name!r} is no area; give one of {', '.join(self.areas)}")
        return self.areas.index(name)

    def area_nodes(self, area: int) -> npt.NDArray[np.int64]:
        """Nodes of an area, int64."""
        return np.flatnonzero(self.area_of_node == area)


class Locator:
    """Finds the nodes of spots that a scenario file names."""

    def __init__(self, city: CityMap, file: Path | str, snap_limit_m: float) -> None:
        self._city = city
        self._file = file
        self._limit_m = snap_limit_m
        self._snapper: Snapper | None = None

    def spot(self, spot: Spot, key: str) -> int:
        """Node of a place or a position.

        Raises
        ------
        ScenarioFileError
            When the place is unknown, or the position lies too far from every road or outside the city.
        """
        if spot.position is not None:
            return self.position(*spot.position.value, key=f"{key}.position")
        return self._city.place(spot.place or "", f"{self._file}: {key}.place").node

    def position(self, lat: float, lon: float, *, key: str) -> int:
        """Node nearest to a position inside the city."""
        if self._snapper is None:
            self._snapper = Snapper(self._city.network)
        try:
            node = self._snapper.snap(lat, lon, self._limit_m).node
        except SnapError as error:
            raise ScenarioFileError(f"{self._file}: {key}: {error}") from None
        if self._city.area_of_node[node] == OUTSIDE:
            raise ScenarioFileError(
                f"{self._file}: {key} is {lat:g}, {lon:g}, outside the area ({', '.join(self._city.areas)});"
                " move it inside or leave it out"
            )
        return node


def city_of_network_file(path: Path, where: str) -> CityMap:
    """A city that is only a network: one area, no places, no towns.

    Raises
    ------
    ScenarioFileError
        When the file cannot be read; the message begins with `where`.
    """
    try:
        network = Network.load(path)
    except RoutingError as error:
        raise ScenarioFileError(f"{where}: {error}") from None
    return CityMap(
        network=network,
        areas=(network.title,),
        area_of_node=np.zeros(network.node_count, np.int8),
        places=(),
        towns=(),
        home_nodes=np.zeros(0, np.int32),
        home_town=np.zeros(0, np.int16),
        home_weight=np.zeros(0, np.float64),
    )


@cache
def embedded_city() -> CityMap:
    """The city that comes with the project: Sakura, an approximation of its roads."""
    from scenarios.sakura_facts import AREAS
    from scenarios.sakura_network import load_sakura_city

    city = load_sakura_city()
    return CityMap(
        network=city.network,
        areas=AREAS,
        area_of_node=city.area_of_node,
        places=tuple(Place(place.name, place.kind, place.node) for place in city.places),
        towns=tuple(
            Town(town.name, town.area, town.node, town.population, town.old_share) for town in city.towns
        ),
        home_nodes=city.home_nodes,
        home_town=city.home_town,
        home_weight=city.home_weight,
    )


def embedded_stops() -> npt.NDArray[np.int32]:
    """Nodes of the stops generated for the embedded city: int32, sorted."""
    from scenarios.stops import sakura_stops

    return np.unique(np.array([stop.node for stop in sakura_stops()], dtype=np.int32))
