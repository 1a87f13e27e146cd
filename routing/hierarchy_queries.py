"""Places pinned for many questions, and the checks of nodes and lanes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from routing import _kernels_hierarchy_queries as kernels
from routing.elimination_tree import UpwardGraph
from routing.errors import NetworkError
from routing.hierarchy_paths import Scratch
from routing.quantities import UNREACHABLE
from routing.row_store import Span
from routing.shortcuts import FAR, SearchRows
from routing.shortest_paths import check_node

UP, DOWN = 0, 2
"""Column of `SearchRows.rows` where the upward row begins, and the downward row."""

_MOST_LANES: Final = 128
_VECTOR: Final = 16


class Pinned:
    """Places whose restricted sweep is prepared once: the stops a dispatcher asks about again and again.

    Made by `Metric.pin_targets` and `Metric.pin_sources`.

    Notes
    -----
    Delling, Goldberg and Werneck (2011): of the downward half of the hierarchy only the ancestors of the
    pinned places are swept.
    """

    __slots__ = ("_graph", "_held", "_is_source", "_pins", "_restricted", "_scratch", "_title", "_up")

    def __init__(
        self,
        graph: SearchRows,
        held: Sequence[Span],
        up: UpwardGraph,
        scratch: Scratch,
        pins: npt.NDArray[np.int32],
        title: str,
        *,
        is_source: bool,
    ) -> None:
        n = len(up.parent)
        local, chosen = np.empty(n, np.int32), np.empty(n, np.int32)
        chosen = chosen[: kernels.select_ancestors(up.parent, pins, local, chosen)]
        self._graph = graph
        self._held = held
        self._up = up
        self._scratch = scratch
        rising, falling = (DOWN, UP) if is_source else (UP, DOWN)
        self._restricted = (
            local,
            *_restricted_rows(graph, rising, local, chosen),
            *_restricted_rows(graph, falling, local, chosen),
            local[pins],
        )
        self._title = title
        self._is_source = is_source

    def matrix(self, others: npt.ArrayLike, *, lanes: int | None = None) -> npt.NDArray[np.int32]:
        """int32, shape (sources, targets). Lengths of shortest ways, `UNREACHABLE` where there is none.

        Parameters
        ----------
        others
            The other ends: sources where targets are pinned, targets where sources are.
        lanes
            How many of them are swept side by side; by default as many as suit the cache.
        """
        starts = sorted_starts(self._up.rank, checked_nodes(others, len(self._up.parent), self._title))
        first, pins = self._restricted[1], self._restricted[-1]
        answer = np.empty((len(starts[0]), len(pins)), np.int32)
        tables = self._scratch.sweep(len(first) - 1, checked_lanes(lanes, len(answer)))
        side = DOWN if self._is_source else UP
        kernels.matrix_by_sweeps(
            self._graph, side, starts, self._restricted, FAR, UNREACHABLE, tables, answer
        )
        return np.ascontiguousarray(answer.T) if self._is_source else answer


def _restricted_rows(
    graph: SearchRows, side: int, local: npt.NDArray[np.int32], chosen: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Rows of the chosen ranks alone: where each begins, int32 (chosen + 1,), and arcs, int32 (arcs, 2)."""
    first = np.empty(len(chosen) + 1, np.int32)
    count = kernels.restrict_rows(graph, side, local, chosen, first, np.empty((0, 2), np.int32))
    kept = np.empty((count, 2), np.int32)
    kernels.restrict_rows(graph, side, local, chosen, first, kept)
    return first, kept


def sorted_starts(
    rank: npt.NDArray[np.int32], nodes: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Ranks of some nodes, rising, and where each stood: neighbours in rank share most of their ancestors."""
    ranks = rank[nodes]
    order = np.argsort(ranks, kind="stable")
    return ranks[order], order


def checked_lanes(lanes: int | None, starts: int) -> int:
    """Lanes to sweep with: as asked for, or as many as there are starts in whole vectors, 128 at most.

    1,000 x 1,000 in milliseconds at 32, 64, 128 and 256 lanes: Luxembourg 12.8, 9.2, 7.3, 9.3; New York
    34.6, 23.2, 18.7, 31.0. A narrow table spends its time on loops, a wide one leaves the cache.
    """
    if lanes is None:
        return min(max(-(-starts // _VECTOR), 1) * _VECTOR, _MOST_LANES)
    if lanes < 1:
        raise NetworkError(f"lanes is {lanes}; sweep at least 1 place at once")
    return lanes


def checked_nodes(nodes: npt.ArrayLike, node_count: int, title: str) -> npt.NDArray[np.int64]:
    """Node indices as int64, shape (k,).

    Raises
    ------
    NetworkError
        When they are not whole numbers in one dimension, or one is outside the network.
    """
    array = np.asarray(nodes)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise NetworkError(
            f"nodes are {array.dtype} of shape {array.shape}; give node numbers in one dimension"
        )
    if array.size:
        check_node(node_count, int(array.min()), title)
        check_node(node_count, int(array.max()), title)
    return array.astype(np.int64)
