"""Shortest-path trees towards every node of a network: seconds, and the next arc of each canonical path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from routing import _kernels_shortest_paths as kernels
from routing.errors import WeightError
from routing.hierarchy import Hierarchy
from routing.network import Network
from routing.quantities import UNREACHABLE, UNREACHABLE_MS
from routing.shortest_paths import forward_graph, node_bits, reverse_graph

Progress: TypeAlias = Callable[[int, int], None]
"""Called with what is done and how much there is."""

_Trees: TypeAlias = Callable[[int, npt.NDArray[np.int32], npt.NDArray[np.uint8]], None]
"""Fills rows of seconds and next arcs, int32 and uint8 (targets, n), for the targets from a first one on."""

_HIERARCHY_FROM: Final = 1_000
"""Nodes from which on a hierarchy is worth its preparation."""

_TARGETS_AT_ONCE: Final = 64
_UINT16_LIMIT: Final = 65_535


def target_tables(
    network: Network, progress: Progress | None
) -> tuple[npt.NDArray[np.uint16] | npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """`to_s` and `next_arc` of `TravelTables`, a few targets at a time; `to_s` turns from uint16 to int32 at
    the first time that does not fit.

    Raises
    ------
    NetworkError
        When the longest possible path is too long for one search.
    """
    n = network.node_count
    trees = _trees(network)
    to_s: npt.NDArray[np.uint16] | npt.NDArray[np.int32] = np.empty((n, n), np.uint16)
    next_arc = np.empty((n, n), np.uint8)
    seconds = np.empty((_TARGETS_AT_ONCE, n), np.int32)
    for start in range(0, n, _TARGETS_AT_ONCE):
        stop = min(start + _TARGETS_AT_ONCE, n)
        rows = seconds[: stop - start]
        trees(start, rows, next_arc[start:stop])
        if to_s.dtype == np.uint16 and int(rows.max()) >= _UINT16_LIMIT:
            to_s = to_s.astype(np.int32)
        to_s[start:stop] = rows
        if progress is not None:
            progress(stop, n)
    return to_s, next_arc


def _trees(network: Network) -> _Trees:
    """The quicker way of the two.

    Sakura (4,289 nodes), CPU time: 0.36 s by the hierarchy, its preparation included, 2.3 s by searches.
    """
    if network.node_count >= _HIERARCHY_FROM:
        try:
            return by_hierarchy(network)
        except WeightError:
            pass  # ways of 12 days and more: searches compute with 64 bits
    return by_searches(network)


def by_hierarchy(network: Network) -> _Trees:
    """All distances to many targets in one sweep over the hierarchy, which is prepared for it.

    Raises
    ------
    WeightError
        When shortest ways may be longer than 12 days.
    """
    metric, graph = Hierarchy.build(network).customise(network.travel_ms), forward_graph(network)

    def fill(first: int, seconds: npt.NDArray[np.int32], next_arc: npt.NDArray[np.uint8]) -> None:
        targets = np.arange(first, first + len(seconds))
        distance = metric.many_to_all(targets, lanes=_TARGETS_AT_ONCE, is_reverse=True)
        kernels.trees_along_distances(graph, distance, UNREACHABLE, seconds, next_arc)

    return fill


def by_searches(network: Network) -> _Trees:
    """A search a target (Dijkstra 1959), for small networks and very long ways."""
    graph, reverse = forward_graph(network), reverse_graph(network)
    scratch = np.empty(network.arc_count + 1, np.int64), np.empty(network.node_count, np.int64)
    bits = node_bits(network)

    def fill(first: int, seconds: npt.NDArray[np.int32], next_arc: npt.NDArray[np.uint8]) -> None:
        kernels.trees_to_targets(graph, reverse, first, bits, UNREACHABLE_MS, scratch, seconds, next_arc)

    return fill
