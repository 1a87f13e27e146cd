"""A hierarchy under one set of weights: distances, paths and matrices."""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing import _kernels_hierarchy as weighing
from routing import _kernels_hierarchy_paths as walking
from routing import _kernels_hierarchy_queries as kernels
from routing.elimination_tree import UpwardGraph
from routing.errors import NoWayError
from routing.hierarchy_paths import Scratch, Streets, has_zero_circle
from routing.hierarchy_queries import DOWN, FAR, UP, Pinned, checked_lanes, checked_nodes, sorted_starts
from routing.quantities import UNREACHABLE
from routing.shortcuts import RowStore, SearchRows, new_arcs, new_values
from routing.shortest_paths import check_node
from routing.weighted_graph import Roads

Nodes = npt.ArrayLike


class Base(NamedTuple):
    """What all metrics of a hierarchy share.

    Parameters
    ----------
    roads
        The network.
    up
        Its hierarchy.
    place
        int32, shape (m,). 2 * slot of each arc, plus 1 where it leads down; -1 for a self-loop.
    head_rank, by_head
        As in `Streets`.
    scratch
        What questions need while they are answered.
    """

    roads: Roads
    up: UpwardGraph
    place: npt.NDArray[np.int32]
    head_rank: npt.NDArray[np.int32]
    by_head: npt.NDArray[np.int32]
    scratch: Scratch


class Metric:
    """Shortest ways under one set of weights; results in the unit of the weights.

    Made by `Hierarchy.customise` and by `update`. Immutable, and safe to ask from several threads.
    """

    __slots__ = ("base", "graph", "store", "streets", "value_row", "weight")

    def __init__(
        self,
        base: Base,
        weight: npt.NDArray[np.int32],
        store: RowStore,
        value_row: npt.NDArray[np.int32],
        graph: SearchRows,
    ) -> None:
        self.base = base
        self.weight = weight
        self.store = store
        self.value_row = value_row
        self.graph = graph
        self.streets = Streets(
            base.roads.first_out,
            base.head_rank,
            weight,
            base.by_head,
            base.up.order,
            has_zero_circle(base.roads, weight),
        )

    @property
    def node_count(self) -> int:
        return len(self.base.up.parent)

    def distance(self, source: int, target: int) -> int:
        """Length of the shortest way, `UNREACHABLE` where there is none."""
        scratch = self.base.scratch
        found: int = kernels.distance(
            self.graph, self._rank(source), self._rank(target), FAR, scratch.forward, scratch.backward
        )
        return found if found < FAR else UNREACHABLE

    def path(self, source: int, target: int) -> npt.NDArray[np.int32]:
        """int32. Arcs of the canonical path in driving order; none if both ends are the same.

        At every node the canonical path takes, among the arcs that lie on a shortest way, the one to the
        lowest-numbered head, then the first. Where arcs of weight zero lead round in a circle, it enters no
        node twice.

        Raises
        ------
        NoWayError
            When there is no way; `distance` says so beforehand.
        """
        ends = self._rank(source), self._rank(target)
        scratch, arcs = self.base.scratch.walk()
        count = walking.canonical_path(self.graph, self.streets, *ends, FAR, scratch, arcs)
        if count < 0:
            raise NoWayError(
                f"there is no way from node {source} to node {target} in {self.base.roads.title}"
            )
        return arcs[:count].copy()

    def one_to_all(self, source: int, *, is_reverse: bool = False) -> npt.NDArray[np.int32]:
        """int32, shape (n,). Lengths of shortest ways from one node to all, reversed from all to it."""
        start = self._rank(source)
        answer = np.empty(self.node_count, np.int32)
        scratch = np.empty(self.node_count, np.int32)
        side = DOWN if is_reverse else UP
        kernels.one_to_all(self.graph, side, start, self.base.up.order, FAR, UNREACHABLE, scratch, answer)
        return answer

    def many_to_all(self, sources: Nodes, *, lanes: int = 32) -> npt.NDArray[np.int32]:
        """int32, shape (sources, n). Lengths of shortest ways to all nodes, `lanes` sources at once."""
        base, n = self.base, self.node_count
        starts = sorted_starts(base.up.rank, checked_nodes(sources, n, base.roads.title))
        width = checked_lanes(min(lanes, max(len(starts[0]), 1)), len(starts[0]))
        answer = np.empty((len(starts[0]), n), np.int32)
        scratch = base.scratch.forward, np.empty((n, width), np.int32)
        kernels.sweep_everywhere(self.graph, UP, starts, base.up.rank, FAR, UNREACHABLE, scratch, answer)
        return answer

    def matrix(self, sources: Nodes, targets: Nodes, *, lanes: int | None = None) -> npt.NDArray[np.int32]:
        """int32, shape (sources, targets). Lengths of shortest ways, `UNREACHABLE` where there is none.

        `lanes`: sources that are swept side by side; by default chosen by the size of the sweep.
        """
        return self.pin_targets(targets).matrix(sources, lanes=lanes)

    def pin_targets(self, targets: Nodes) -> Pinned:
        """Targets to be asked for again and again: `.matrix(sources)` has shape (sources, targets)."""
        return self._pinned(targets, is_source=False)

    def pin_sources(self, sources: Nodes) -> Pinned:
        """Sources to be asked for again and again: `.matrix(targets)` has shape (sources, targets)."""
        return self._pinned(sources, is_source=True)

    def _pinned(self, nodes: Nodes, *, is_source: bool) -> Pinned:
        base = self.base
        return Pinned(
            self.graph, base.up, base.scratch, self._ranks(nodes), base.roads.title, is_source=is_source
        )

    def _rank(self, node: int) -> int:
        rank = self.base.up.rank
        check_node(len(rank), node, self.base.roads.title)
        return rank.item(node)

    def _ranks(self, nodes: Nodes) -> npt.NDArray[np.int32]:
        return self.base.up.rank[checked_nodes(nodes, self.node_count, self.base.roads.title)]


def weighed(base: Base, weight: npt.NDArray[np.int32]) -> Metric:
    """Customise, make perfect and prune a hierarchy for one set of weights (checked)."""
    up = base.up
    slots = len(up.up_head)
    values = new_values(slots)
    weighing.customise(up, base.place, weight, FAR, values.forward, values.backward)
    weighing.perfect(up, values)
    rows = np.empty((len(up.parent), 4), np.int32)
    weighing.count_kept(up.first_up, values, FAR, rows)
    kept = int(rows[:, 1].sum() + rows[:, 3].sum())
    arcs = new_arcs(kept)
    weighing.keep_arcs(up.first_up, up.up_head, values, FAR, rows, arcs)
    store = RowStore(values, arcs, slots, kept, threading.Lock())
    return Metric(base, weight, store, up.first_up[:-1], SearchRows(up.parent, rows, arcs))
