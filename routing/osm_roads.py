"""Ways of OpenStreetMap cut into the arcs of a road graph.

Nodes of the graph are the points where roads meet and the ends of ways; all other points of a way are only
its course. That is the rule of RoutingKit and OSRM: on the Campo Grande extract it gives 8,205 nodes
(RoutingKit 8,198), where one graph node per OpenStreetMap node would give about 13,500 for the same roads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from routing.network import RoadClass
from routing.osm_rules import RoadRule

Position = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True, slots=True)
class OsmRoad:
    """A way that a van may use: its nodes in the order of the file, and its rule."""

    way_id: int
    nodes: tuple[int, ...]
    rule: RoadRule


@dataclass(frozen=True, slots=True)
class RoadArc:
    """One direction of one piece of road between two nodes of the graph.

    `inner` are the points between the two, in driving direction. `way_id` is 0 where the source names none.
    """

    tail_id: int
    head_id: int
    inner: tuple[Position, ...]
    speed_kph: float
    road_class: RoadClass
    reference: str
    name: str
    way_id: int


@dataclass(slots=True)
class CutCounts:
    """What cutting met on its way; counted, never silently dropped."""

    clipped_ways: int = 0
    missing_nodes: set[int] = field(default_factory=set)
    barriers: int = 0
    self_loops: int = 0
    split_loops: int = 0
    unread_tags: int = 0
    conditional_tags: int = 0


def cut_into_arcs(
    roads: Sequence[OsmRoad], positions: Mapping[int, Position], barrier_nodes: Set[int]
) -> tuple[list[RoadArc], CutCounts]:
    """Arcs of all roads, in the order of the roads, and the counts.

    Parameters
    ----------
    roads
        Ways as `classify_way` let them through.
    positions
        Coordinates of the nodes that the file holds; a way is cut where it lacks one (the edge of an
        extract).
    barrier_nodes
        Nodes that stop a van. The first road to reach one keeps it as its end, all others end before it.
        Where three or more road ends meet, the barrier is taken for that of a footway and has no effect.
    """
    counts = CutCounts()
    blocking = _blocking_nodes(roads, barrier_nodes)
    counts.barriers = len(blocking)
    claimed: set[int] = set()
    runs: list[tuple[OsmRoad, list[int]]] = []
    for road in roads:
        counts.unread_tags += road.rule.has_unread_tag
        counts.conditional_tags += road.rule.has_conditional_tag
        missing = [node for node in road.nodes if node not in positions]
        counts.clipped_ways += bool(missing)
        counts.missing_nodes.update(missing)
        for run in _whole_runs(road.nodes, positions, blocking, claimed):
            once = [node for k, node in enumerate(run) if k == 0 or node != run[k - 1]]
            counts.self_loops += len(run) - len(once)
            if len(once) > 1:
                runs.append((road, once))

    is_junction = _junctions(run for _, run in runs)
    arcs: list[RoadArc] = []
    for road, run in runs:
        for piece in _pieces(run, is_junction, counts):
            arcs.extend(_arcs_of_piece(road, piece, positions))
    return arcs, counts


def _blocking_nodes(roads: Iterable[OsmRoad], barrier_nodes: Set[int]) -> set[int]:
    """Barrier nodes where at most two road ends meet: one way passes, or two ways touch."""
    branches: Counter[int] = Counter()
    for road in roads:
        last = len(road.nodes) - 1
        for k, node in enumerate(road.nodes):
            if node in barrier_nodes:
                branches[node] += 1 if k in (0, last) else 2
    return {node for node, count in branches.items() if count <= 2}


def _whole_runs(
    nodes: Sequence[int], positions: Mapping[int, Position], blocking: Set[int], claimed: set[int]
) -> Iterator[list[int]]:
    """Longest stretches of a way in which every node is known and none but an end is blocked."""
    run: list[int] = []
    for node in nodes:
        if node not in positions:
            yield run
            run = []
        elif node in blocking:
            if node not in claimed:
                claimed.add(node)
                if run:
                    yield [*run, node]
                    run = []
                else:
                    run = [node]
            else:
                yield run
                run = []
        else:
            run.append(node)
    yield run


def _junctions(runs: Iterable[list[int]]) -> set[int]:
    """Nodes that are the end of a run, lie on two, or lie on one twice."""
    uses: Counter[int] = Counter()
    for run in runs:
        uses.update(run)
        uses.update((run[0], run[-1]))
    return {node for node, count in uses.items() if count > 1}


def _pieces(run: list[int], is_junction: Set[int], counts: CutCounts) -> Iterator[list[int]]:
    """The run cut at its junctions; a piece that returns to its own start is cut once more, in the middle.

    A graph has no room for an arc from a node to itself, but people live along such loops.
    """
    start = 0
    for end in range(1, len(run)):
        if run[end] not in is_junction:
            continue
        piece = run[start : end + 1]
        start = end
        if piece[0] != piece[-1]:
            yield piece
            continue
        counts.split_loops += 1
        middle = len(piece) // 2
        yield piece[: middle + 1]
        yield piece[middle:]


def _arcs_of_piece(
    road: OsmRoad, piece: Sequence[int], positions: Mapping[int, Position]
) -> Iterator[RoadArc]:
    rule = road.rule
    inner = tuple(positions[node] for node in piece[1:-1])
    ways_through = (
        (rule.is_open_forward, piece[0], piece[-1], inner, rule.forward_kph),
        (rule.is_open_backward, piece[-1], piece[0], inner[::-1], rule.backward_kph),
    )
    for is_open, tail_id, head_id, course, speed_kph in ways_through:
        if is_open:
            yield RoadArc(
                tail_id=tail_id,
                head_id=head_id,
                inner=course,
                speed_kph=speed_kph,
                road_class=rule.road_class,
                reference=rule.reference,
                name=rule.name,
                way_id=road.way_id,
            )
