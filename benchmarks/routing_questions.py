"""The seeded questions that every routing engine is asked, and the length of the ways they answer with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.graphs import Whole, tails_of
from benchmarks.side_by_side import Asked
from routing.quantities import UNREACHABLE
from routing.weighted_graph import WeightedGraph

_SEED: Final = 36
_FEW: Final = 10
_PAIRS: Final = 1000
_SINGLE: Final = 4
_BATCH: Final = 32
_CHANGED: Final = 100
_SLOWER: Final = 3

SIDES: Final = (100, 1000, 5000)

ASKED: Final = (
    Asked("build", "order + build", "s"),
    Asked("customise", "customise, ready for questions", "ms"),
    Asked("prepare", "all of it, from arcs to questions", "s"),
    Asked("update_near", f"update {_CHANGED} neighbouring arcs", "ms"),
    Asked("update_random", f"update {_CHANGED} random arcs", "ms"),
    Asked("update_near_chained", "the same, neighbouring, on and on", "ms"),
    Asked("update_random_chained", "the same, random, on and on", "ms"),
    Asked("query", "one query, length", "us", _PAIRS),
    Asked("pairs", f"{_PAIRS:,} pairs in the best way", "us", _PAIRS),
    Asked("path", "one query, path", "us", _PAIRS),
    Asked("path_few", f"the same, {_FEW} pairs", "us", _FEW),
    Asked("one_to_all", "one to all", "ms", _SINGLE),
    Asked("one_to_all_32", f"one to all, {_BATCH} at once, each", "ms", _BATCH),
    *(Asked(f"matrix_{side}", f"matrix {side:,} x {side:,}", "M/s", side * side) for side in SIDES),
)


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Arcs that get slower, their new weights, and pairs to ask for afterwards; int64, shape (k,)."""

    arcs: Whole
    weights: Whole
    sources: Whole
    targets: Whole


@dataclass(frozen=True, slots=True, eq=False)
class Questions:
    """What is asked about one graph; node indices.

    Parameters
    ----------
    pairs, few
        int64, each two of shape (k,): sources and targets.
    single, batch
        int64, shape (k,): sources to all nodes, one by one and at once.
    squares
        By side: int64, two of shape (side,): sources and targets of a matrix.
    near, random
        Changes of arcs around one node, and all over the graph.
    """

    pairs: tuple[Whole, Whole]
    few: tuple[Whole, Whole]
    single: Whole
    batch: Whole
    squares: dict[int, tuple[Whole, Whole]]
    near: Changes
    random: Changes


def questions_about(graph: WeightedGraph) -> Questions:
    """The same questions for the same graph, always."""
    generator = np.random.default_rng(_SEED)

    def nodes(count: int) -> Whole:
        return generator.integers(0, graph.node_count, count)

    sources, targets = nodes(_PAIRS), nodes(_PAIRS)
    starts = nodes(_SINGLE + _BATCH)
    squares = {side: (nodes(side), nodes(side)) for side in SIDES}
    tail = tails_of(graph)

    def changes(arcs: Whole) -> Changes:
        return Changes(arcs, graph.weight[arcs].astype(np.int64) * _SLOWER, tail[arcs], nodes(len(arcs)))

    return Questions(
        (sources, targets),
        (sources[:_FEW], targets[:_FEW]),
        starts[:_SINGLE],
        starts[_SINGLE:],
        squares,
        changes(arcs_around(graph, int(starts[0]), _CHANGED)),
        changes(np.sort(generator.choice(graph.arc_count, _CHANGED, replace=False))),
    )


def arcs_around(graph: WeightedGraph, node: int, count: int) -> Whole:
    """int64, shape (count or all that are reached,). Arcs of the nodes nearest in hops, by number."""
    seen, queue, arcs = {node}, [node], []
    for one in queue:
        for arc in range(graph.first_out.item(one), graph.first_out.item(one + 1)):
            arcs.append(arc)
            head = graph.head.item(arc)
            if head not in seen:
                seen.add(head)
                queue.append(head)
        if len(arcs) >= count:
            break
    return np.sort(np.array(arcs[:count], np.int64))


def lengths_along_arcs(
    graph: WeightedGraph, pairs: tuple[Whole, Whole], ways: Iterable[npt.ArrayLike]
) -> list[int]:
    """Sum of the weights along each way given by its arcs; -1 where it does not join its pair."""
    tail = tails_of(graph)
    lengths = []
    for source, target, way in zip(*pairs, ways, strict=True):
        arcs = np.asarray(way, np.int64)
        nodes = np.r_[source, graph.head[arcs]]
        is_way = nodes[-1] == target and np.array_equal(nodes[:-1], tail[arcs])
        lengths.append(int(graph.weight[arcs].sum(dtype=np.int64)) if is_way else -1)
    return lengths


def lengths_along_nodes(
    graph: WeightedGraph, pairs: tuple[Whole, Whole], ways: Iterable[Sequence[int] | npt.NDArray[np.integer]]
) -> list[int]:
    """Sum of the weights along each way given by its nodes; -1 where it does not join its pair.

    The arcs of the graph are sorted by tail and head, none parallel.
    """
    keys = tails_of(graph) * graph.node_count + graph.head
    lengths = []
    for source, target, way in zip(*pairs, ways, strict=True):
        nodes = np.asarray(way, np.int64)
        hops = nodes[:-1] * graph.node_count + nodes[1:]
        arcs = np.minimum(np.searchsorted(keys, hops), len(keys) - 1)
        is_way = nodes[0] == source and nodes[-1] == target and np.array_equal(keys[arcs], hops)
        lengths.append(int(graph.weight[arcs].sum(dtype=np.int64)) if is_way else -1)
    return lengths


def whole_lengths(
    answer: npt.NDArray[np.floating] | npt.NDArray[np.integer], no_way: float
) -> npt.NDArray[np.int64]:
    """Lengths as whole numbers, `UNREACHABLE` where the engine says `no_way`."""
    is_way = answer != no_way
    whole = np.full(answer.shape, UNREACHABLE, np.int64)
    whole[is_way] = np.rint(answer[is_way])
    return whole
