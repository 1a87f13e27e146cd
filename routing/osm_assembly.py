"""From arcs read out of OpenStreetMap to a network, and a report of what was left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from routing.errors import OsmFileError
from routing.geometry import distance_m
from routing.network import Confidence, Network, build_network, strongly_connected_part
from routing.osm_node_ids import is_split, place_of
from routing.osm_restrictions import IgnoreReason, RestrictionCounts, TurnRules, forbidden_turns
from routing.osm_roads import CutCounts, Position, RoadArc
from routing.osm_rules import DropReason
from routing.osm_turns import split_places, turn_graph
from routing.road_lengths import road_km_by_class

OSM_CREDIT: Final = "© OpenStreetMap contributors, ODbL 1.0"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import kept and what it left out, and why.

    `nodes` and `arcs` are those of the network, with its split crossings; `nodes_unsplit` those of the main
    part before any was split. `restrictions` is None where the source cannot say (a place name, GraphML).
    """

    source: str
    nodes: int
    arcs: int
    nodes_unsplit: int
    km_by_class: Mapping[str, float]  # a two-way road counts once
    dropped_ways: Mapping[DropReason, int]
    clipped_ways: int  # cut where the file ends; the part inside is kept
    missing_nodes: int
    barriers: int
    self_loops: int
    split_loops: int  # streets that return to their own start, kept in two halves
    duplicate_arcs: int
    unread_tags: int  # oneway or maxspeed values without a meaning we know: the default of the class holds
    conditional_tags: int  # a direction or limit that changes under a condition: the plain tag holds
    unconnected_nodes: int  # outside the largest strongly connected part; a split crossing is one
    unconnected_km: float
    restrictions: RestrictionCounts | None

    @property
    def road_km(self) -> float:
        return sum(self.km_by_class.values())

    def counts(self) -> dict[str, int]:
        """All that was left out or changed at least once, by its name in `COUNT_TEXTS`."""
        every = {reason.value: self.dropped_ways.get(reason, 0) for reason in DropReason}
        ignored = self.restrictions.ignored if self.restrictions else {}
        every |= {f"restriction_{reason.value}": ignored.get(reason, 0) for reason in IgnoreReason}
        if self.restrictions:
            every["u_turns_left"] = self.restrictions.u_turns_left
        every |= {name: getattr(self, name, 0) for name in COUNT_TEXTS if name not in every}
        return {name: every[name] for name in COUNT_TEXTS if every[name]}

    def notes(self) -> tuple[str, ...]:
        """The counts in sentences, for `Network.notes`."""
        sentences = [COUNT_TEXTS[name].format(count) for name, count in self.counts().items()]
        if self.unconnected_nodes:
            sentences.append(f"{self.unconnected_km:.1f} km of road dropped with them")
        if self.restrictions is None:
            sentences.append("the source carries no turn restrictions: turns are free")
        elif self.restrictions.in_file:
            sentences.append(
                f"{self.restrictions.applied} of {self.restrictions.in_file} turn restrictions obeyed:"
                f" {self.restrictions.split_places} crossings are {self.restrictions.extra_nodes} nodes more"
            )
        return tuple(sentences)


COUNT_TEXTS: Final[Mapping[str, str]] = {
    "not_a_road": "{} ways dropped: not for motor vehicles (footways, paths, tracks)",
    "no_access": "{} ways dropped: closed to motor vehicles by an access tag",
    "conditional_access": "{} ways dropped: open at some hours or under some condition only",
    "parking_aisle": "{} ways dropped: aisles of car parks",
    "not_built": "{} ways dropped: planned, under construction or gone",
    "reversible": "{} ways dropped: reversible lanes",
    "area": "{} ways dropped: areas, not lines",
    "ferry": "{} ways dropped: ferries",
    "clipped_ways": "{} ways cut at the edge of the file; the part inside is kept",
    "missing_nodes": "{} nodes that the ways name are missing in the file",
    "barriers": "{} barriers close a road",
    "self_loops": "{} arcs from a node to itself dropped",
    "split_loops": "{} streets that return to their own start kept in two halves",
    "duplicate_arcs": "{} duplicate arcs dropped",
    "unread_tags": "{} ways with a oneway or maxspeed value that could not be read: default of their class",
    "conditional_tags": "{} ways whose direction or limit depends on a condition: the plain tag holds",
    "restriction_conditional": "{} turn restrictions ignored: hold at some hours only",
    "restriction_exempt": "{} turn restrictions ignored: our vehicle is exempt",
    "restriction_other_vehicle": "{} turn restrictions ignored: for other vehicles",
    "restriction_unknown_kind": "{} turn restrictions ignored: of no known kind",
    "restriction_bad_members": "{} turn restrictions ignored: not one from, via and to",
    "restriction_missing_members": "{} turn restrictions ignored: members missing in the file",
    "restriction_closed_members": "{} turn restrictions ignored: on ways that are not in the network",
    "restriction_impossible": "{} turn restrictions ignored: the turn is not possible anyway",
    "restriction_ambiguous": "{} turn restrictions ignored: a way passes through the crossing, two turns fit",
    "restriction_dead_end": "{} turn restrictions ignored: nobody could leave a dead end",
    "u_turns_left": "{} U-turns that evade a turn restriction are still possible",
    "unconnected_nodes": "{} nodes dropped: not connected both ways with the main part",
}
"""What each count of a report means, with room for the count."""


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """What reading a source counted before there were arcs."""

    dropped_ways: Mapping[DropReason, int] = field(default_factory=dict)
    cut: CutCounts = field(default_factory=CutCounts)


def assemble_network(
    arcs: Iterable[RoadArc],
    positions: Mapping[int, Position],
    *,
    source: str,
    title: str,
    counts: SourceCounts,
    turn_rules: TurnRules | None = None,
) -> tuple[Network, ImportReport]:
    """Largest strongly connected part of the arcs as a network, and the report.

    Lengths are those of the course (great circle, metres), times the free-flow times of the unrounded
    lengths. Of several identical arcs the fastest is kept. Crossings with turn restrictions are split; what
    cannot be reached and left any more without breaking one is dropped.

    Parameters
    ----------
    turn_rules
        None where the source has no turn restrictions to offer.

    Raises
    ------
    OsmFileError
        When no two places can be driven between in both directions; names the source.
    """
    kept, self_loops, duplicates = _distinct(arcs)
    if not kept:
        raise OsmFileError(
            f"{source}: has no road a van may drive; take an extract that holds highways (all ways and their"
            " nodes)"
        )
    whole = _network_of(kept, positions, title)
    main, _, _ = strongly_connected_part(whole)
    nodes_unsplit = main.node_count
    restrictions: RestrictionCounts | None = None
    if turn_rules is not None:
        try:
            main, restrictions = _with_turns(main, kept, positions, turn_rules)
        except OsmFileError as error:
            raise OsmFileError(f"{source}: {error}") from None
    if main.arc_count == 0:
        raise OsmFileError(
            f"{source}: no two places of it can be driven between in both directions ({whole.arc_count}"
            " arcs, one-way or without an allowed turn); take a larger extract"
        )
    places = len(np.unique(place_of(main.node_id))) if restrictions else main.node_count
    km_by_class = road_km_by_class(main)
    report = ImportReport(
        source=source,
        nodes=main.node_count,
        arcs=main.arc_count,
        nodes_unsplit=nodes_unsplit,
        km_by_class=km_by_class,
        dropped_ways=counts.dropped_ways,
        clipped_ways=counts.cut.clipped_ways,
        missing_nodes=len(counts.cut.missing_nodes),
        barriers=counts.cut.barriers,
        self_loops=counts.cut.self_loops + self_loops,
        split_loops=counts.cut.split_loops,
        duplicate_arcs=duplicates,
        unread_tags=counts.cut.unread_tags,
        conditional_tags=counts.cut.conditional_tags,
        unconnected_nodes=whole.node_count - places,
        unconnected_km=sum(road_km_by_class(whole).values()) - sum(km_by_class.values()),
        restrictions=restrictions,
    )
    return dataclasses.replace(main, notes=report.notes()), report


def _with_turns(
    main: Network, arcs: list[RoadArc], positions: Mapping[int, Position], rules: TurnRules
) -> tuple[Network, RestrictionCounts]:
    """The main part with its restricted crossings split; the same network where there is none."""
    if main.arc_count == 0 or not rules.restrictions:
        return main, forbidden_turns(rules, turn_graph((), ()), positions)[1]
    in_main = set(main.node_id.tolist())
    inside = [arc for arc in arcs if arc.tail_id in in_main and arc.head_id in in_main]
    graph = turn_graph(inside, _travel_ms(inside, _course_lengths(inside, positions)).tolist())
    forbidden, counts = forbidden_turns(rules, graph, positions)
    if not forbidden:
        return main, counts
    split_arcs, place_of_copy, split = split_places(graph, forbidden)
    all_positions = {**positions, **{node: positions[place] for node, place in place_of_copy.items()}}
    network, _, _ = strongly_connected_part(_network_of(split_arcs, all_positions, main.title))
    places = place_of(network.node_id)
    return network, dataclasses.replace(
        counts,
        split_places=len(np.unique(places[is_split(network)])),
        extra_nodes=network.node_count - len(np.unique(places)),
        u_turns_forbidden=split.u_turns_forbidden,
        u_turns_left=split.u_turns_left,
    )


def _travel_ms(arcs: list[RoadArc], length_m: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """int64, shape (m,). Free-flow milliseconds of each arc, at least 1."""
    speed_kph = np.array([arc.speed_kph for arc in arcs], np.float64)
    return np.maximum(np.floor(length_m * 3600.0 / speed_kph + 0.5), 1).astype(np.int64)


def _distinct(arcs: Iterable[RoadArc]) -> tuple[list[RoadArc], int, int]:
    """Arcs without self-loops and without copies, and how many of each there were."""
    fastest: dict[tuple[int, int, tuple[Position, ...]], RoadArc] = {}
    self_loops = duplicates = 0
    for arc in arcs:
        if arc.tail_id == arc.head_id:
            self_loops += 1
            continue
        key = (arc.tail_id, arc.head_id, arc.inner)
        other = fastest.get(key)
        if other is not None:
            duplicates += 1
        if other is None or arc.speed_kph > other.speed_kph:
            fastest[key] = arc
    return list(fastest.values()), self_loops, duplicates


def _network_of(arcs: list[RoadArc], positions: Mapping[int, Position], title: str) -> Network:
    node_id = np.unique(np.array([(arc.tail_id, arc.head_id) for arc in arcs], np.int64))
    place = np.array([positions[int(node)] for node in node_id], np.float64)
    inner_count = np.array([len(arc.inner) for arc in arcs], np.int64)
    inner = np.array([point for arc in arcs for point in arc.inner], np.float64).reshape(-1, 2)
    length_m = _course_lengths(arcs, positions)
    references, reference_index = _numbered(arc.reference for arc in arcs)
    names, name_index = _numbered(arc.name for arc in arcs)
    return build_network(
        tail=np.searchsorted(node_id, np.array([arc.tail_id for arc in arcs], np.int64)),
        head=np.searchsorted(node_id, np.array([arc.head_id for arc in arcs], np.int64)),
        length_m=np.floor(length_m + 0.5).astype(np.int64),
        travel_ms=_travel_ms(arcs, length_m),
        road_class=np.array([arc.road_class for arc in arcs], np.uint8),
        confidence=np.full(len(arcs), Confidence.SURVEYED, np.uint8),
        reference_index=reference_index,
        references=references,
        name_index=name_index,
        names=names,
        way_id=np.array([arc.way_id for arc in arcs], np.int64),
        lat=place[:, 0],
        lon=place[:, 1],
        node_id=node_id,
        geometry_first=np.concatenate(([0], np.cumsum(inner_count))),
        geometry_lat=inner[:, 0],
        geometry_lon=inner[:, 1],
        title=title,
        credits=(OSM_CREDIT,),
    )


def _course_lengths(arcs: list[RoadArc], positions: Mapping[int, Position]) -> npt.NDArray[np.float64]:
    """float64, shape (m,). Metres along each arc."""
    steps: list[tuple[float, float, float, float]] = []
    first_step = np.zeros(len(arcs), np.int64)
    for k, arc in enumerate(arcs):
        first_step[k] = len(steps)
        course = (positions[arc.tail_id], *arc.inner, positions[arc.head_id])
        steps.extend((*here, *there) for here, there in pairwise(course))
    table = np.array(steps, np.float64)
    step_m = distance_m(table[:, 0], table[:, 1], table[:, 2], table[:, 3])
    return np.add.reduceat(np.asarray(step_m, np.float64), first_step)


def _numbered(texts: Iterable[str]) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """Each text once, in the order of appearance, "" first; and the index of each."""
    index = {"": 0}
    numbers = [index.setdefault(text, len(index)) for text in texts]
    return tuple(index), np.array(numbers, np.int64)
