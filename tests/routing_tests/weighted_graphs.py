"""Tiny weighted graphs for tests of the hierarchy: from arcs, at random, and the published ones."""

from __future__ import annotations

import gzip
import math
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import strategies as st

from routing.network import Network
from routing.quantities import UNREACHABLE
from routing.weighted_graph import WeightedGraph

GRAPHS: Final = Path(__file__).resolve().parents[3] / "shared" / "data" / "graphs"

Arcs = list[tuple[int, int, int]]


def graph_of(nodes: int, arcs: Arcs, title: str = "test graph") -> WeightedGraph:
    """Graph of arcs (tail, head, weight); the arcs of a node keep the order they are given in."""
    ordered = sorted(arcs, key=lambda arc: arc[0])
    counts = np.bincount(np.array([arc[0] for arc in ordered], np.int64), minlength=nodes)
    return Network.from_csr(
        np.concatenate(([0], np.cumsum(counts))),
        np.array([arc[1] for arc in ordered], np.int32),
        np.array([arc[2] for arc in ordered], np.int64),
        title=title,
    )


def arcs_in(
    graph: WeightedGraph, weight: npt.NDArray[np.int32] | None = None
) -> list[tuple[int, int, float]]:
    """The arcs of a graph as the oracle takes them, in its order."""
    tails = np.repeat(np.arange(graph.node_count), np.diff(graph.first_out))
    weights = graph.weight if weight is None else weight
    return [
        (int(tail), int(head), math.inf if one == UNREACHABLE else int(one))
        for tail, head, one in zip(tails, graph.head, weights, strict=True)
    ]


def answered(distances: list[list[float]]) -> list[list[int]]:
    """What an engine answers where the oracle says infinite."""
    return [[UNREACHABLE if math.isinf(one) else int(one) for one in row] for row in distances]


@st.composite
def graphs(draw: st.DrawFn, *, least_weight: int = 0, most_nodes: int = 10) -> WeightedGraph:
    """Directed graphs with few distinct weights: ties, parallel arcs, self-loops, parts without a way."""
    nodes = draw(st.integers(1, most_nodes))
    node = st.integers(0, nodes - 1)
    weight = st.sampled_from([least_weight, 1, 2, 3, 5, UNREACHABLE])
    return graph_of(nodes, draw(st.lists(st.tuples(node, node, weight), max_size=4 * nodes)))


def luxembourg() -> tuple[WeightedGraph, npt.NDArray[np.int64]]:
    """Raw Luxembourg in milliseconds, and its published queries: source, target, time (2**31 - 1: no way)."""
    folder = GRAPHS / "luxembourg"
    if not folder.exists():
        pytest.skip("../shared/data/graphs/luxembourg is absent: published queries not checked")
    column = {
        name: np.fromfile(folder / f"luxembourg_{name}", "<u4").astype(np.int64)
        for name in (
            "first_out",
            "head",
            "travel_time",
            "source_node",
            "target_node",
            "query_reference_travel_time_length",
        )
    }
    graph = Network.from_csr(
        column["first_out"], column["head"], column["travel_time"], title="raw Luxembourg"
    )
    return graph, np.stack(
        (column["source_node"], column["target_node"], column["query_reference_travel_time_length"])
    )


def new_york() -> WeightedGraph:
    """The DIMACS graph of New York by travel time."""
    file = GRAPHS / "dimacs_ny" / "USA-road-t.NY.gr.gz"
    if not file.exists():
        pytest.skip("../shared/data/graphs/dimacs_ny is absent: New York not checked")
    with gzip.open(file, "rt", encoding="ascii") as stream:
        text = "".join(line[2:] for line in stream if line.startswith("a "))
    tail, head, weight = np.fromstring(text, np.int32, sep=" ").reshape(-1, 3).T
    order = np.argsort(tail, kind="stable")
    first_out = np.concatenate(([0], np.cumsum(np.bincount(tail - 1))))
    return Network.from_csr(first_out, head[order] - 1, weight[order], title="New York")
