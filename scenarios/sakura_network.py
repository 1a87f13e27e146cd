"""Sakura City as a road network with towns, places and homes: an approximation made from facts, the same
bytes at every build.

The numbered roads are real, coarse lines; the streets around the towns are generated. Whoever has internet
access replaces it by OpenStreetMap (`maas network import`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from routing.network import Confidence, Network, RoadClass, build_network
from routing.proximity import nearest_index
from scenarios import sakura_facts as facts
from scenarios.sakura_roads import PROJECTION, MainGraph, main_graph
from scenarios.sakura_streets import LocalStreets, local_streets

Points = npt.NDArray[np.float64]

TITLE = "Sakura City (approximation)"
OUTSIDE = -1
"""Area of a node outside the city."""

LENGTH_FACTOR = 1.05
"""The coarse lines come out about 5 % short of the official lengths."""

SPEED_KPH = {"national": 57.0, "R293": 47.0, "pref-main": 43.0, "pref": 40.0, "town": 27.0, "lane": 33.0}
"""Free-flow speeds, assumed within 15 %: R4 55-60, R293 45-50, prefectural 40-45, town streets 25-30."""

SIGNAL_MS = 9_000
"""Mean delay before a junction of two numbered roads (assumed)."""

BRIDGES = {"R293": "氏家大橋", "P125": "阿久津大橋"}

_CLASSES = {"national": RoadClass.TRUNK, "pref-main": RoadClass.SECONDARY, "pref": RoadClass.TERTIARY}
_CONFIDENCE = {"A": Confidence.A, "B": Confidence.B, "C": Confidence.C}


@dataclass(frozen=True, slots=True)
class Town:
    """A town: area index, residents and share of 65 and over (both assumed), and the node nearest to its
    point."""

    name: str
    area: int
    lat: float
    lon: float
    population: int
    old_share: float
    node: int


@dataclass(frozen=True, slots=True)
class Place:
    """A named place, how sure its position is (A, B, C), and the node nearest to it."""

    name: str
    kind: str
    lat: float
    lon: float
    confidence: str
    node: int
    area: int


@dataclass(frozen=True, eq=False, slots=True)
class SakuraCity:
    """The embedded city.

    Parameters
    ----------
    home_nodes, home_town, home_weight
        int32, int16, float64, shape (h,). Nodes where people live, their town, and their part of it (sums to
        1 within each town): people are spread along the streets around their town point (assumed).
    area_of_node
        int8, shape (n,). 0 Ujiie, 1 Kitsuregawa, by the nearest settlement within the outline; `OUTSIDE`
        beyond it.
    """

    network: Network
    towns: tuple[Town, ...]
    places: tuple[Place, ...]
    home_nodes: npt.NDArray[np.int32]
    home_town: npt.NDArray[np.int16]
    home_weight: npt.NDArray[np.float64]
    area_of_node: npt.NDArray[np.int8]


def build_sakura_network() -> Network:
    """The embedded road network."""
    return load_sakura_city().network


@cache
def load_sakura_city() -> SakuraCity:
    """The embedded city; built once a process."""
    main = main_graph()
    streets = local_streets(main)
    xy = np.concatenate((np.array(main.xy), streets.corners))
    network = _network(main, streets, xy)
    # Nodes keep their order in the network: it is connected as it is built.
    settlements = facts.settlements()
    homes = np.column_stack(PROJECTION.to_xy([s.lat for s in settlements], [s.lon for s in settlements]))
    inside = _inside(xy, np.column_stack(PROJECTION.to_xy(*facts.boundary().T)))
    area = np.array([facts.towns()[s.town].area for s in settlements], np.int8)
    area_of_node = np.where(inside, area[nearest_index(xy, homes)], OUTSIDE).astype(np.int8)
    nodes, town, weight = _homes(xy, inside, homes)
    return SakuraCity(
        network,
        tuple(
            Town(t.name, t.area, t.lat, t.lon, t.population, t.old_share, _nearest(xy, t.lat, t.lon))
            for t in facts.towns()
        ),
        tuple(
            Place(p.name, p.kind, p.lat, p.lon, p.confidence, node, int(area_of_node[node]))
            for p in facts.places()
            for node in (_nearest(xy, p.lat, p.lon),)
        ),
        nodes,
        town,
        weight,
        area_of_node,
    )


def _nearest(xy: Points, lat: float, lon: float) -> int:
    x, y = PROJECTION.to_xy(lat, lon)
    return int(np.hypot(xy[:, 0] - x, xy[:, 1] - y).argmin())


def _inside(xy: Points, outline: Points) -> npt.NDArray[np.bool_]:
    """Whether points lie within a closed outline (even-odd rule)."""
    a, b = outline[:-1], outline[1:]
    inside = np.zeros(len(xy), np.bool_)
    for (x0, y0), (x1, y1) in zip(a, b, strict=True):
        spans = (y0 > xy[:, 1]) != (y1 > xy[:, 1])
        if y0 != y1:
            inside ^= spans & (xy[:, 0] < x0 + (xy[:, 1] - y0) * (x1 - x0) / (y1 - y0))
    return inside


def _homes(
    xy: Points, inside: npt.NDArray[np.bool_], homes: Points
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int16], npt.NDArray[np.float64]]:
    """Nodes where each town's people live: within its settlements, fewer towards their edges."""
    nodes: list[int] = []
    town: list[int] = []
    weight: list[float] = []
    settlements = facts.settlements()
    for index in range(len(facts.towns())):
        part = np.zeros(len(xy))
        for settlement, centre in zip(settlements, homes, strict=True):
            if settlement.town != index:
                continue
            radius = np.sqrt(settlement.population / settlement.people_per_km2 / np.pi) * 1000.0
            radius = max(radius, 2.2 * settlement.spacing_m)
            distance = np.hypot(*(xy - centre).T)
            near = np.where(inside & (distance <= 1.25 * radius), np.exp(-((distance / radius) ** 2)), 0.0)
            if near.sum() > 0:
                part += settlement.population * near / near.sum()
        lived = np.flatnonzero(part)
        nodes += lived.tolist()
        town += [index] * len(lived)
        weight += (part[lived] / part.sum()).tolist()
    return np.array(nodes, np.int32), np.array(town, np.int16), np.array(weight)


def _network(main: MainGraph, streets: LocalStreets, xy: Points) -> Network:
    """Two-way arcs of all stretches and streets."""
    columns = _Arcs(xy, main.junctions)
    roads = facts.main_roads()
    for a, b, k in main.stretches:
        if k < 0:
            columns.add(a, b, RoadClass.TERTIARY, SPEED_KPH["pref"], "", "", Confidence.C)
            continue
        road = roads[k]
        is_r293 = road.reference == "R293"
        kind = RoadClass.PRIMARY if is_r293 else _CLASSES[road.road_class]
        speed = SPEED_KPH["R293" if is_r293 else road.road_class]
        name = road.name
        if road.reference in BRIDGES and _over_river(xy[a], xy[b]):
            name = BRIDGES[road.reference]
        columns.add(a, b, kind, speed, road.reference, name, _CONFIDENCE[road.confidence])
    for (a, b), is_town in zip(streets.streets, streets.is_town, strict=True):
        kind = RoadClass.RESIDENTIAL if is_town else RoadClass.UNCLASSIFIED
        columns.add(a, b, kind, SPEED_KPH["town" if is_town else "lane"], "", "", Confidence.GENERATED)
    return columns.network(main.joins)


def _over_river(a: Points, b: Points) -> bool:
    from routing.proximity import crosses

    water = np.column_stack(PROJECTION.to_xy(*facts.river().T))
    return bool(crosses(a, b, water[:-1], water[1:]).any())


class _Arcs:
    """Columns of an arc list under construction."""

    def __init__(self, xy: Points, junctions: set[int]) -> None:
        self._xy = xy
        self._junctions = junctions
        self._rows: list[tuple[int, int, int, int, int, int, int, int]] = []
        self._references: dict[str, int] = {"": 0}
        self._names: dict[str, int] = {"": 0}

    def add(
        self, a: int, b: int, kind: RoadClass, speed_kph: float, reference: str, name: str, sure: Confidence
    ) -> None:
        """A stretch in both directions."""
        metres = max(1.0, float(np.hypot(*(self._xy[b] - self._xy[a]))) * LENGTH_FACTOR)
        drive_ms = metres / (speed_kph / 3.6) * 1000
        ref = self._references.setdefault(reference, len(self._references))
        called = self._names.setdefault(name, len(self._names))
        for tail, head in ((a, b), (b, a)):
            wait_ms = SIGNAL_MS if head in self._junctions and reference else 0
            row = (tail, head, round(metres), round(drive_ms) + wait_ms, int(kind), int(sure), ref, called)
            self._rows.append(row)

    def network(self, joins: list[str]) -> Network:
        """The network of everything added."""
        tail, head, metres, ms, kind, sure, ref, called = (
            np.array(column) for column in zip(*self._rows, strict=True)
        )
        lat, lon = PROJECTION.to_latlon(self._xy[:, 0], self._xy[:, 1])
        lat, lon = np.round(lat, 6), np.round(lon, 6)
        return build_network(
            tail=tail, head=head, length_m=metres, travel_ms=ms, road_class=kind, lat=lat, lon=lon,
            node_id=_place_ids(lat, lon), confidence=sure, reference_index=ref,
            references=tuple(self._references), name_index=called, names=tuple(self._names), title=TITLE,
            credits=facts.CREDITS, is_approximate=True,
            notes=(
                "Numbered roads are real but coarse (100 to 300 m); the motorway E4 is left out",
                "Local streets are generated around the towns, not surveyed",
                *joins,
            ),
        )  # fmt: skip


def _place_ids(lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Identities that last as long as the node stays where it is: its position to a metre."""
    north = np.round(lat * 100_000).astype(np.int64)
    east = np.round(lon * 100_000).astype(np.int64)
    return np.asarray(north * 100_000_000 + east)
