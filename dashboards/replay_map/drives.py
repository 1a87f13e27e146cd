"""By which roads, and when, the vehicles of a journal drove.

A journal tells where and when a drive began and ended and how many metres it was. Its roads are those of the
canonical path under the travel times that held; where a vehicle was turned on its way, they lead through the
nodes at which the dispatcher gave it another route, or near by. Of the ways that can be meant the one is
taken whose length is that of the journal. Along the way time passes as planned, stretched so that the vehicle
arrives when it did.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from dashboards.errors import ReplayError
from dashboards.replay_map.road_news import told_changes
from maas.dispatch import codec
from maas.legs_table import VehicleLegs, vehicle_legs
from maas.store.journal import Journal
from routing.network import Network
from routing.road_book import RoadBook
from routing.travel_times import DenseTravelTimes

DECISECONDS: Final = 10
_MOST_TURNS: Final = 5
"""Turns of one drive that are tried in every combination; of more, the last ones."""
_MOST_ARCS_OFF: Final = 4
"""How far from where the dispatcher believed it a turn is looked for."""


@dataclass(frozen=True, eq=False, slots=True)
class Drive:
    """One drive of a vehicle.

    Parameters
    ----------
    vehicle
        Position in the fleet.
    depart_s, arrive_s
        Second at which its driving began and ended.
    from_node, to_node
        Nodes of the network.
    arcs
        int32, shape (k,). Arcs in driving order; none for a vehicle that came to stand where it was.
    until_ds
        int64, shape (k,). Tenths of a second from `depart_s` to the end of each arc.
    is_certain
        Whether the way is as long as the journal says.
    """

    vehicle: int
    depart_s: int
    arrive_s: int
    from_node: int
    to_node: int
    arcs: npt.NDArray[np.int32]
    until_ds: npt.NDArray[np.int64]
    is_certain: bool


class _Turn(NamedTuple):
    at_s: int
    node: int


_Turns = tuple[_Turn, ...]


class _Way(NamedTuple):
    arcs: npt.NDArray[np.int32]
    planned_ms: npt.NDArray[np.int64]
    metres: int


def drives_of(journal: Journal, book: RoadBook) -> list[Drive]:
    """All drives of a journal, by vehicle and time.

    Parameters
    ----------
    book
        The journal's roads with the journal's speed profiles.

    Raises
    ------
    ReplayError
        When the journal names a place that the network does not have.
    JournalError
        When it names a vehicle that is not in the fleet.
    """
    legs = vehicle_legs(journal)
    network = book.network
    origins = nodes_of(network, legs.from_place)
    goals = nodes_of(network, legs.to_place)
    roads = _RoadsOfDay(journal, book)
    turns = _turns(journal, network)
    drives: list[Drive] = []
    stood_s: dict[int, int] = {}
    for place, (origin, goal) in enumerate(zip(origins.tolist(), goals.tolist(), strict=True)):
        vehicle, arrive_s = int(legs.vehicle[place]), int(legs.arrive_s[place])
        told = [
            turn
            for turn in turns.get(vehicle, [])
            if stood_s.get(vehicle, turn.at_s - 1) < turn.at_s < arrive_s and turn.node != origin
        ]
        drives.append(_drive(legs, place, origin, goal, told, roads))
        stood_s[vehicle] = arrive_s
    return drives


def nodes_of(network: Network, place_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """int64, shape of `place_ids`. Node of each place.

    Raises
    ------
    ReplayError
        When the network does not have a place.
    """
    order = np.argsort(network.node_id, kind="stable")
    rising = network.node_id[order]
    found = np.minimum(np.searchsorted(rising, place_ids), len(rising) - 1)
    for bad in np.flatnonzero(rising[found] != place_ids)[:1]:
        raise ReplayError(
            f"the journal names place {place_ids.flat[bad]}, which {network.title} does not have;"
            " give the network.net of its outcome"
        )
    nodes: npt.NDArray[np.int64] = order[found].astype(np.int64)
    return nodes


class _RoadsOfDay:
    """The travel times that drivers met at any second: they change when the journal says so."""

    def __init__(self, journal: Journal, book: RoadBook) -> None:
        self._book = book
        self.network = book.network
        self._changes = told_changes(journal)
        self.switched_s = journal.columns(codec.TRAVEL_TIMES_CHANGED)["at"].tolist()

    def at(self, second: int) -> DenseTravelTimes:
        """What held at a second; before the first switch the roads of midnight."""
        switches = bisect_right(self.switched_s, second)
        if not switches:
            return self._book.travel_times((), 0)
        since_s = self.switched_s[switches - 1]
        known = {number: change for at, number, change in self._changes if at <= since_s}
        return self._book.travel_times(tuple(known[number] for number in sorted(known)), since_s)


def _turns(journal: Journal, network: Network) -> Mapping[int, list[_Turn]]:
    """Where and when each vehicle was given another route, in order of time."""
    changed = journal.columns(codec.ROUTE_CHANGED)
    nodes = nodes_of(network, changed["place"])
    found: dict[int, list[_Turn]] = {}
    for vehicle, at_s, node in zip(
        changed["vehicle"].tolist(), changed["at"].tolist(), nodes.tolist(), strict=True
    ):
        found.setdefault(vehicle, []).append(_Turn(at_s, node))
    return found


def _drive(
    legs: VehicleLegs, place: int, origin: int, goal: int, told: list[_Turn], roads: _RoadsOfDay
) -> Drive:
    arrive_s, leg_s, leg_m = (int(column[place]) for column in (legs.arrive_s, legs.leg_s, legs.leg_m))
    depart_s = arrive_s - leg_s
    switched = [second for second in roads.switched_s if depart_s < second < arrive_s]
    before = roads.at(depart_s)
    told = told + [
        _Turn(second, before.next_node_at(origin, goal, depart_s, second)[0]) for second in switched
    ]
    best = _way(origin, goal, depart_s, (), roads)
    for turns in _meant(sorted(told)[-_MOST_TURNS:], roads.network):
        if best.metres == leg_m:
            break
        way = _way(origin, goal, depart_s, turns, roads)
        if abs(way.metres - leg_m) < abs(best.metres - leg_m):
            best = way
    passed = np.cumsum(best.planned_ms)
    until_ds = np.rint(passed * (leg_s * DECISECONDS / max(int(passed[-1]), 1))) if len(passed) else passed
    return Drive(
        int(legs.vehicle[place]),
        depart_s,
        arrive_s,
        origin,
        goal,
        best.arcs,
        until_ds.astype(np.int64),
        best.metres == leg_m,
    )


def _meant(turns: list[_Turn], network: Network) -> Iterator[_Turns]:
    """Turns that a drive may have taken: some of those told, then some with one of them near by."""
    chosen = [some for count in range(1, len(turns) + 1) for some in combinations(turns, count)]
    yield from chosen
    for some in chosen:
        yield from _shifted(some, network)


def _shifted(turns: _Turns, network: Network) -> Iterator[_Turns]:
    """The same turns with one of them at another node near by, nearest first.

    The dispatcher names the node at which it believes a vehicle to turn; in the traffic of the day it turns a
    few nodes before or after.
    """
    for place, turn in enumerate(turns):
        seen, rim = {turn.node}, [turn.node]
        for _ in range(_MOST_ARCS_OFF):
            heads = [network.head[network.first_out[node] : network.first_out[node + 1]] for node in rim]
            rim = [node for node in dict.fromkeys(np.concatenate(heads).tolist()) if node not in seen]
            seen.update(rim)
            for node in rim:
                yield (*turns[:place], _Turn(turn.at_s, node), *turns[place + 1 :])
            if not rim:
                break


def _way(origin: int, goal: int, depart_s: int, turns: _Turns, roads: _RoadsOfDay) -> _Way:
    """The canonical path to each turn and from the last one to the goal, by what held then."""
    arcs: list[npt.NDArray[np.int32]] = []
    planned: list[npt.NDArray[np.int64]] = []
    metres, at_s, node = 0, depart_s, origin
    for until_s, to in (*turns, _Turn(depart_s, goal)):
        times = roads.at(at_s)
        path = times.path_arcs(node, to)
        arcs.append(path)
        planned.append(times.tables.arc_ms[path].astype(np.int64))
        metres += int(times.tables.arc_m[path].sum())
        at_s, node = until_s, to
    return _Way(np.concatenate(arcs), np.concatenate(planned), metres)
