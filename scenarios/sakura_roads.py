"""The numbered roads of Sakura as a graph: joined where they cross, loose ends joined to a road nearby."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from routing.geometry import Projection
from scenarios.sakura_facts import MainRoad, main_roads

PROJECTION = Projection(36.71, 139.99)
"""Plane of the generator: metres east and north."""

JOIN_LIMIT_M = 250.0
"""A loose end this near to another numbered road is joined to it."""

SAME_PLACE_M = 15.0
NODE_SPACING_M = 110.0
"""Longest stretch of a numbered road between two nodes."""

Points = npt.NDArray[np.float64]


@dataclass(slots=True)
class MainGraph:
    """Nodes and two-way stretches of the numbered roads.

    Parameters
    ----------
    xy
        Metres, one pair a node.
    stretches
        (node, node, index of the road in `main_roads()`, or -1 for a join).
    junctions
        Nodes where several numbered roads meet.
    joins
        One sentence for each joined end.
    """

    xy: list[tuple[float, float]] = field(default_factory=list)
    stretches: list[tuple[int, int, int]] = field(default_factory=list)
    junctions: set[int] = field(default_factory=set)
    joins: list[str] = field(default_factory=list)


def main_graph() -> MainGraph:
    """The numbered roads as a graph."""
    roads = main_roads()
    lines = [_plane(road.points) for road in roads]
    cuts: list[list[tuple[float, tuple[float, float]]]] = [[] for _ in roads]
    for a in range(len(roads)):
        for b in range(a + 1, len(roads)):
            for at_a, at_b, point in _crossings(lines[a], lines[b]):
                cuts[a].append((at_a, point))
                cuts[b].append((at_b, point))
    joins = _loose_ends(roads, lines, cuts)
    graph = MainGraph(joins=[sentence for *_, sentence in joins])
    index: dict[tuple[int, int], int] = {}
    used_by: dict[int, set[int]] = {}
    for k, line in enumerate(lines):
        nodes = [_node(graph, index, point) for point in _noded(line, cuts[k])]
        for node in nodes:
            used_by.setdefault(node, set()).add(k)
        for a, b in itertools.pairwise(nodes):
            if a != b:
                graph.stretches.append((a, b, k))
    for end, foot, _ in joins:
        a, b = _node(graph, index, end), _node(graph, index, foot)
        if a != b:
            graph.stretches.append((a, b, -1))
            graph.junctions.add(b)
    graph.junctions |= {node for node, users in used_by.items() if len(users) > 1}
    return graph


def _plane(points: npt.NDArray[np.float64]) -> Points:
    return np.column_stack(PROJECTION.to_xy(points[:, 0], points[:, 1]))


def along(line: Points) -> npt.NDArray[np.float64]:
    """Metres from the start of a line to each of its points."""
    return np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))


def _crossings(a: Points, b: Points) -> list[tuple[float, float, tuple[float, float]]]:
    """(metres along a, metres along b, point) of each proper crossing and each shared point of two lines."""
    found: list[tuple[float, float, tuple[float, float]]] = []
    at_a, at_b = along(a), along(b)
    for i in range(len(a) - 1):
        p, r = a[i], a[i + 1] - a[i]
        for j in range(len(b) - 1):
            q, s = b[j], b[j + 1] - b[j]
            turn = r[0] * s[1] - r[1] * s[0]
            if abs(turn) < 1e-9:
                continue
            gap = q - p
            t = (gap[0] * s[1] - gap[1] * s[0]) / turn
            u = (gap[0] * r[1] - gap[1] * r[0]) / turn
            if -1e-9 <= t <= 1 + 1e-9 and -1e-9 <= u <= 1 + 1e-9:
                point = p + t * r
                found.append(
                    (
                        float(at_a[i] + t * np.hypot(*r)),
                        float(at_b[j] + u * np.hypot(*s)),
                        (float(point[0]), float(point[1])),
                    )
                )
    return found


def foot_on(line: Points, point: Points) -> tuple[float, float, tuple[float, float]]:
    """(distance, metres along, point) of the place on a line nearest to a point."""
    start, step = line[:-1], np.diff(line, axis=0)
    length = np.maximum((step**2).sum(axis=1), 1e-9)
    t = np.clip(((point - start) * step).sum(axis=1) / length, 0.0, 1.0)
    feet = start + t[:, None] * step
    distance = np.hypot(*(feet - point).T)
    k = int(distance.argmin())
    metres = float(along(line)[k] + t[k] * np.sqrt(length[k]))
    return float(distance[k]), metres, (float(feet[k, 0]), float(feet[k, 1]))


def _loose_ends(
    roads: tuple[MainRoad, ...],
    lines: list[Points],
    cuts: list[list[tuple[float, tuple[float, float]]]],
) -> list[tuple[tuple[float, float], tuple[float, float], str]]:
    """Ends near another road: (end, foot on that road, what was done); feet become cuts of that road."""
    joins: list[tuple[tuple[float, float], tuple[float, float], str]] = []
    for k, line in enumerate(lines):
        for end, metres_at_end in ((line[0], 0.0), (line[-1], float(along(line)[-1]))):
            near = [(*foot_on(other, end), j) for j, other in enumerate(lines) if j != k]
            distance, metres, foot, j = min(near)
            if distance > JOIN_LIMIT_M:
                continue
            point = (float(end[0]), float(end[1]))
            cuts[j].append((metres, foot))
            if distance > SAME_PLACE_M:
                lat, lon = PROJECTION.to_latlon(end[0], end[1])
                sentence = (
                    f"{roads[k].reference} end at {float(lat):.4f}, {float(lon):.4f}"
                    f" joined to {roads[j].reference}, {distance:.0f} m away"
                )
                joins.append((point, foot, sentence))
            else:
                # The end is that place of the other road: both lines get the same point.
                cuts[k].append((metres_at_end, foot))
    return joins


def _noded(line: Points, cuts: list[tuple[float, tuple[float, float]]]) -> list[tuple[float, float]]:
    """Points of a line with its cuts, and enough in between that no piece is longer than the spacing."""
    marks = [(float(m), (float(p[0]), float(p[1]))) for m, p in zip(along(line), line, strict=True)]
    cut_at = [m for m, _ in cuts]
    kept = [(m, p) for m, p in marks if not any(abs(m - c) < SAME_PLACE_M for c in cut_at)]
    ordered = sorted(kept + cuts)
    points = [ordered[0][1]]
    for (_, a), (_, b) in itertools.pairwise(ordered):
        pieces = max(1, int(np.ceil(np.hypot(b[0] - a[0], b[1] - a[1]) / NODE_SPACING_M)))
        for piece in range(1, pieces + 1):
            share = piece / pieces
            points.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
    return points


def _node(graph: MainGraph, index: dict[tuple[int, int], int], point: tuple[float, float]) -> int:
    """Node at a point; points of the same metre are one node."""
    key = (round(point[0]), round(point[1]))
    if key not in index:
        index[key] = len(graph.xy)
        graph.xy.append(point)
    return index[key]
