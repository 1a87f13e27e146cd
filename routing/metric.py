"""A hierarchy under one set of weights: distances, paths and matrices."""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt

from routing import _kernels_hierarchy as weighing
from routing import _kernels_hierarchy_queries as kernels
from routing.elimination_tree import UpwardGraph
from routing.hierarchy_queries import FAR, Pinned, Scratch, checked_nodes
from routing.quantities import UNREACHABLE
from routing.shortcuts import RowStore, SearchRows, new_arcs, new_values
from routing.shortest_paths import check_node
from routing.weighted_graph import Roads

Nodes = npt.ArrayLike


class Metric:
    """Shortest ways under one set of weights; results in the unit of the weights.

    Made by `Hierarchy.customise` and by `update`. Immutable, and safe to ask from several threads.
    """

    __slots__ = ("graph", "place", "roads", "scratch", "store", "up", "value_row", "weight")

    def __init__(
        self,
        roads: Roads,
        up: UpwardGraph,
        place: npt.NDArray[np.int32],
        weight: npt.NDArray[np.int32],
        store: RowStore,
        value_row: npt.NDArray[np.int32],
        graph: SearchRows,
    ) -> None:
        self.roads = roads
        self.up = up
        self.place = place
        self.weight = weight
        self.store = store
        self.value_row = value_row
        self.graph = graph
        self.scratch = Scratch(len(up.parent))

    @property
    def node_count(self) -> int:
        return len(self.up.parent)

    def distance(self, source: int, target: int) -> int:
        """Length of the shortest way, `UNREACHABLE` where there is none."""
        n = len(self.up.parent)
        check_node(n, source, self.roads.title)
        check_node(n, target, self.roads.title)
        rank = self.up.rank
        forward, backward = self.scratch.labels()
        found: int = kernels.distance(self.graph, rank[source], rank[target], FAR, forward, backward)
        return found if found < FAR else UNREACHABLE

    def matrix(self, sources: Nodes, targets: Nodes, *, lanes: int | None = None) -> npt.NDArray[np.int32]:
        """int32, shape (sources, targets). Lengths of shortest ways, `UNREACHABLE` where there is none.

        `lanes`: sources that are swept side by side; by default chosen by the size of the sweep.
        """
        return self.pin_targets(targets).matrix(sources, lanes=lanes)

    def pin_targets(self, targets: Nodes) -> Pinned:
        """Targets to be asked for again and again: `.matrix(sources)` has shape (sources, targets)."""
        return Pinned(
            self.graph, self.up, self.scratch, self._ranks(targets), self.roads.title, is_source=False
        )

    def pin_sources(self, sources: Nodes) -> Pinned:
        """Sources to be asked for again and again: `.matrix(targets)` has shape (sources, targets)."""
        return Pinned(
            self.graph, self.up, self.scratch, self._ranks(sources), self.roads.title, is_source=True
        )

    def _ranks(self, nodes: Nodes) -> npt.NDArray[np.int32]:
        return self.up.rank[checked_nodes(nodes, self.node_count, self.roads.title)]


def weighed(
    roads: Roads, up: UpwardGraph, place: npt.NDArray[np.int32], weight: npt.NDArray[np.int32]
) -> Metric:
    """Customise, make perfect and prune a hierarchy for one set of weights (checked)."""
    slots = len(up.up_head)
    values = new_values(slots)
    weighing.customise(up, place, weight, FAR, values.forward, values.backward)
    weighing.perfect(up, values)
    rows = np.empty((len(up.parent), 4), np.int32)
    weighing.count_kept(up.first_up, values, FAR, rows)
    kept = int(rows[:, 1].sum() + rows[:, 3].sum())
    arcs = new_arcs(kept)
    weighing.keep_arcs(up.first_up, up.up_head, values, FAR, rows, arcs)
    store = RowStore(values, arcs, slots, kept, threading.Lock())
    return Metric(roads, up, place, weight, store, up.first_up[:-1], SearchRows(up.parent, rows, arcs))
