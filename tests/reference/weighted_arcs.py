"""Slow and obvious shortest ways over a plain list of arcs (tail, head, weight): self-loops, parallel arcs
and weights of zero are nothing special."""

from __future__ import annotations

import math
from collections.abc import Sequence

WeightedArc = tuple[int, int, float]
"""Tail, head, weight; an infinite weight is a closed arc."""


def distances_to(node_count: int, arcs: Sequence[WeightedArc], target: int) -> list[float]:
    """Distance from every node to `target`, infinite where there is no way: relax until nothing changes."""
    left = [math.inf] * node_count
    left[target] = 0
    changed = True
    while changed:
        changed = False
        for tail, head, weight in arcs:
            if weight + left[head] < left[tail]:
                left[tail] = weight + left[head]
                changed = True
    return left


def all_pairs(node_count: int, arcs: Sequence[WeightedArc]) -> list[list[float]]:
    """Distances, row = from."""
    columns = [distances_to(node_count, arcs, target) for target in range(node_count)]
    return [list(row) for row in zip(*columns, strict=True)]


def canonical_path(node_count: int, arcs: Sequence[WeightedArc], source: int, target: int) -> list[int]:
    """Nodes of the canonical path where no weight is zero: at every node the lowest next head on a shortest
    way."""
    left = distances_to(node_count, arcs, target)
    nodes = [source]
    while nodes[-1] != target:
        here = nodes[-1]
        nodes.append(
            min(head for tail, head, weight in arcs if tail == here and weight + left[head] == left[here])
        )
    return nodes
