"""A hierarchy under one set of weights: distances, paths and matrices."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing import _kernels_hierarchy as weighing
from routing import _kernels_hierarchy_paths as walking
from routing import _kernels_hierarchy_queries as kernels
from routing.elimination_tree import UpwardGraph
from routing.errors import NetworkError, NoWayError, WeightError
from routing.hierarchy_paths import Scratch, Streets, has_zero_circle
from routing.hierarchy_queries import DOWN, UP, Pinned, checked_lanes, checked_nodes, sorted_starts
from routing.metric_update import updated_rows
from routing.quantities import UNREACHABLE
from routing.row_store import Span, WeighedRows, new_arcs, new_values, store_of
from routing.shortcuts import FAR, SearchRows
from routing.shortest_paths import check_node
from routing.weighted_graph import LARGEST_WEIGHT, Roads, checked_weights

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
    first_step, steps
        As in `Streets`.
    height
        Most nodes on a way up the elimination tree.
    scratch
        What questions need while they are answered.
    """

    roads: Roads
    up: UpwardGraph
    place: npt.NDArray[np.int32]
    first_step: npt.NDArray[np.int32]
    steps: npt.NDArray[np.int32]
    height: int
    scratch: Scratch


class Metric:
    """Shortest ways under one set of weights; results in the unit of the weights.

    Made by `Hierarchy.customise` and by `update`. Immutable, and safe to ask from several threads.
    """

    __slots__ = ("_base", "_held", "_longest", "_streets", "_weighed", "graph", "weight")

    def __init__(
        self, base: Base, streets: Streets, weighed: WeighedRows, longest: int = LARGEST_WEIGHT + 1
    ) -> None:
        self.weight = streets.weight
        self.graph = SearchRows(base.up.parent, weighed.rows, weighed.store.arcs)
        self._base = base
        self._streets = streets
        self._weighed = weighed
        self._held: tuple[Span, ...] = ()
        self._longest = longest if longest <= LARGEST_WEIGHT else self._longest_way()

    @property
    def node_count(self) -> int:
        return len(self._base.up.parent)

    def distance(self, source: int, target: int) -> int:
        """Length of the shortest way, `UNREACHABLE` where there is none."""
        rank = self._base.up.rank
        if not (0 <= source < len(rank) and 0 <= target < len(rank)):
            self._refuse(source, target)
        scratch = self._base.scratch
        found: int = kernels.distance(
            *self.graph, rank.item(source), rank.item(target), FAR, scratch.forward, scratch.backward
        )
        return found if found < FAR else UNREACHABLE

    def distances(self, sources: Nodes, targets: Nodes) -> npt.NDArray[np.int32]:
        """int32, shape (k,). Length of the shortest way of each pair of nodes, `UNREACHABLE` for none."""
        ends = self._ranks(sources), self._ranks(targets)
        if len(ends[0]) != len(ends[1]):
            raise NetworkError(
                f"{len(ends[0])} sources and {len(ends[1])} targets do not pair; give as many of both"
            )
        answer = np.empty(len(ends[0]), np.int32)
        scratch = self._base.scratch
        labels = scratch.forward, scratch.backward
        kernels.pairwise(self.graph, np.stack(ends, axis=1), FAR, UNREACHABLE, labels, answer)
        return answer

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
        rank = self._base.up.rank
        if not (0 <= source < len(rank) and 0 <= target < len(rank)):
            self._refuse(source, target)
        arcs, scratch = self._base.scratch.walk()
        streets, ends = self._streets, (rank.item(source), rank.item(target))
        count = walking.canonical_path(
            *self.graph,
            streets.first,
            streets.steps,
            streets.weight,
            streets.may_circle,
            *ends,
            FAR,
            *scratch,
        )
        if count < 0:
            raise NoWayError(
                f"there is no way from node {source} to node {target} in {self._base.roads.title}"
            )
        return arcs[:count].copy()

    def one_to_all(self, source: int, *, is_reverse: bool = False) -> npt.NDArray[np.int32]:
        """int32, shape (n,). Lengths of shortest ways from one node to all, reversed from all to it."""
        start = self._rank(source)
        answer = np.empty(self.node_count, np.int32)
        scratch = np.empty(self.node_count, np.int32)
        side = DOWN if is_reverse else UP
        kernels.one_to_all(self.graph, side, start, self._base.up.order, FAR, UNREACHABLE, scratch, answer)
        return answer

    def many_to_all(
        self, sources: Nodes, *, lanes: int = 32, is_reverse: bool = False
    ) -> npt.NDArray[np.int32]:
        """int32, shape (sources, n). Lengths of shortest ways to all nodes, `lanes` sources at once; reversed
        from all nodes to each source."""
        base, n = self._base, self.node_count
        starts = sorted_starts(base.up.rank, checked_nodes(sources, n, base.roads.title))
        width = checked_lanes(min(lanes, max(len(starts[0]), 1)), len(starts[0]))
        answer = np.empty((len(starts[0]), n), np.int32)
        scratch = base.scratch.forward, np.empty((n, width), np.int32)
        side = DOWN if is_reverse else UP
        kernels.sweep_everywhere(self.graph, side, starts, base.up.rank, FAR, UNREACHABLE, scratch, answer)
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

    def update(self, arcs: npt.ArrayLike, weights: npt.ArrayLike) -> Metric:
        """The metric with other weights on a few arcs; what they do not touch is shared, and this one stays.

        Parameters
        ----------
        arcs
            Arcs of the network, shape (k,), each once.
        weights
            Their new weights, shape (k,); `UNREACHABLE` closes an arc.

        Raises
        ------
        NetworkError
            When an arc is not in the network, or named twice.
        WeightError
            As `Hierarchy.customise`.
        """
        base = self._base
        changed = checked_arcs(arcs, base.roads)
        new = checked_weights(weights, len(changed), "entry")
        weight = self.weight.copy()
        weight[changed] = new
        weight.flags.writeable = False
        may_circle = self._streets.may_circle or bool((new == 0).any())
        streets = streets_of(base, weight, may_circle=may_circle)
        old = self.weight[changed]
        place = base.place[changed[new != old]]
        weighed, moved = updated_rows(base.up, streets, place, base.scratch, self._weighed)
        if moved is not self._weighed:
            self._held += self._weighed.spans  # another thread may be reading them
            self._weighed = moved
            self.graph = SearchRows(base.up.parent, moved.rows, moved.store.arcs)
        return Metric(base, streets, weighed, longest_after(self._longest, old, new))

    @property
    def nbytes(self) -> int:
        """Bytes this metric would take alone: its weights and the rows in use, whoever shares them."""
        weighed, rows = self._weighed, self._weighed.rows.astype(np.int64)
        kept = int((rows[:, 1] - rows[:, 0]).sum() + (rows[:, 3] - rows[:, 2]).sum())
        values = 16 * len(self._base.up.up_head)
        return self.weight.nbytes + weighed.rows.nbytes + weighed.value_row.nbytes + values + 8 * kept

    def _longest_way(self) -> int:
        base, weighed = self._base, self._weighed
        scratch = np.empty((self.node_count, 2), np.int32)
        longest: int = weighing.longest_by_neighbours(
            base.up, weighed.value_row, weighed.store.values, self._streets, FAR, scratch
        )
        if longest > LARGEST_WEIGHT:
            longest = weighing.longest_way(self.graph, self._streets, FAR, scratch)
        if longest > LARGEST_WEIGHT:
            raise WeightError(
                f"shortest ways in {base.roads.title} may be as long as {longest};"
                f" at most {LARGEST_WEIGHT} can be told from no way: give weights in a larger unit"
            )
        return longest

    def _pinned(self, nodes: Nodes, *, is_source: bool) -> Pinned:
        base, weighed = self._base, self._weighed
        graph = SearchRows(base.up.parent, weighed.rows, weighed.store.arcs)
        pins, title = self._ranks(nodes), base.roads.title
        return Pinned(graph, weighed.spans, base.up, base.scratch, pins, title, is_source=is_source)

    def _refuse(self, *nodes: int) -> None:
        for node in nodes:
            check_node(self.node_count, node, self._base.roads.title)

    def _rank(self, node: int) -> int:
        rank = self._base.up.rank
        check_node(len(rank), node, self._base.roads.title)
        return rank.item(node)

    def _ranks(self, nodes: Nodes) -> npt.NDArray[np.int32]:
        return self._base.up.rank[checked_nodes(nodes, self.node_count, self._base.roads.title)]


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
    arcs = new_arcs(slots, kept)
    weighing.keep_arcs(up.first_up, up.up_head, values, FAR, rows, arcs)
    store = store_of(values, arcs, slots, kept)
    return Metric(base, streets_of(base, weight), WeighedRows(store, up.first_up[:-1], rows))


def longest_after(longest: int, old: npt.NDArray[np.int32], new: npt.NDArray[np.int32]) -> int:
    """A length that no shortest way exceeds after some arcs changed, if none did that exceeded `longest`.

    A way that was shortest grows by all that its arcs do, at most; between opened arcs lie such ways. Where
    an arc is closed nothing is known: more than `LARGEST_WEIGHT`.
    """
    was_open, is_open = old != UNREACHABLE, new != UNREACHABLE
    if np.any(was_open & ~is_open):
        return LARGEST_WEIGHT + 1
    slower = np.maximum(new.astype(np.int64) - old, 0)[was_open].sum()
    opened = new[is_open & ~was_open]
    return int((len(opened) + 1) * (longest + slower) + opened.sum(dtype=np.int64))


def streets_of(base: Base, weight: npt.NDArray[np.int32], *, may_circle: bool = True) -> Streets:
    """The arcs as paths walk them, under some weights."""
    return Streets(base.first_step, base.steps, weight, may_circle and has_zero_circle(base.roads, weight))


def checked_arcs(arcs: npt.ArrayLike, roads: Roads) -> npt.NDArray[np.int64]:
    """Arc numbers as int64, shape (k,).

    Raises
    ------
    NetworkError
        When they are not whole numbers in one dimension, one is not in the network, or one is named twice.
    """
    array = np.asarray(arcs)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise NetworkError(
            f"arcs are {array.dtype} of shape {array.shape}; give arc numbers in one dimension"
        )
    count = len(roads.head)
    for arc in (int(array.min()), int(array.max())) if array.size else ():
        if not 0 <= arc < count:
            raise NetworkError(f"arc {arc} is not in {roads.title}; its arcs are 0 to {count - 1}")
    numbers = array.astype(np.int64)
    ordered = np.sort(numbers)
    twice = np.flatnonzero(ordered[1:] == ordered[:-1])
    if len(twice):
        raise NetworkError(f"arc {int(ordered[twice[0]])} is named twice; give each arc one weight")
    return numbers
