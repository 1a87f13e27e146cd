"""Places pinned for many questions, and the scratch that questions share."""

from __future__ import annotations

import threading
from typing import Final

import numpy as np
import numpy.typing as npt

from routing import _kernels_hierarchy_queries as kernels
from routing.elimination_tree import UpwardGraph
from routing.errors import NetworkError
from routing.quantities import UNREACHABLE
from routing.shortcuts import SearchRows
from routing.shortest_paths import check_node

FAR: Final = UNREACHABLE - 1
"""No way, inside the hierarchy: two of them still fit an int32."""

_UP, _DOWN = 0, 2
"""Column of `SearchRows.rows` where the upward row begins, and the downward row."""

_LANE_STEP: Final = 16
_TABLE_BYTES: Final = 4_000_000


class Scratch(threading.local):
    """Arrays that a query needs and leaves clean, one set a thread."""

    def __init__(self, node_count: int) -> None:
        self.forward = np.full(node_count, FAR, np.int32)
        self.backward = np.full(node_count, FAR, np.int32)

    def labels(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Two labels, `FAR` everywhere."""
        return self.forward, self.backward


class Pinned:
    """Places whose restricted sweep is prepared once: the stops a dispatcher asks about again and again.

    Made by `Metric.pin_targets` and `Metric.pin_sources`.

    Notes
    -----
    Delling, Goldberg and Werneck (2011): of the downward half of the hierarchy only the ancestors of the
    pinned places are swept.
    """

    __slots__ = ("_graph", "_is_source", "_pins", "_restricted", "_scratch", "_title", "_up")

    def __init__(
        self,
        graph: SearchRows,
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
        side = _UP if is_source else _DOWN
        first = np.empty(len(chosen) + 1, np.int32)
        count = kernels.restrict_rows(graph, side, local, chosen, first, np.empty((0, 2), np.int32))
        kept = np.empty((count, 2), np.int32)
        kernels.restrict_rows(graph, side, local, chosen, first, kept)
        self._graph = graph
        self._up = up
        self._scratch = scratch
        self._restricted = local, first, kept, local[pins]
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
        starts = self._up.rank[checked_nodes(others, len(self._up.parent), self._title)]
        _, first, _, pins = self._restricted
        width = checked_lanes(lanes, len(starts), len(first) - 1)
        answer = np.empty((len(starts), len(pins)), np.int32)
        table = np.empty((len(first) - 1, width), np.int32)
        side = _DOWN if self._is_source else _UP
        kernels.matrix_by_sweeps(
            self._graph,
            side,
            starts,
            self._restricted,
            FAR,
            UNREACHABLE,
            (self._scratch.forward, table),
            answer,
        )
        return np.ascontiguousarray(answer.T) if self._is_source else answer


def checked_lanes(lanes: int | None, starts: int, chosen: int) -> int:
    """Lanes to sweep with: as asked for, or a multiple of 16 up to 64 whose table stays in the cache."""
    if lanes is not None:
        if lanes < 1:
            raise NetworkError(f"lanes is {lanes}; sweep at least 1 place at once")
        return lanes
    if starts <= _LANE_STEP:
        return max(starts, 1)
    for width in (64, 32):
        if starts >= width and chosen * width * 4 <= _TABLE_BYTES:
            return width
    return _LANE_STEP


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
