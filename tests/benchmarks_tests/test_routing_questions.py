"""Graphs as all engines take them, seeded questions, and the length of the ways answered with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.graphs import (
    GRAPHS,
    GraphAbsentError,
    PublishedQueries,
    load_graph,
    luxembourg_queries,
    main_part,
    street_graph,
)
from benchmarks.routing_questions import (
    arcs_around,
    lengths_along_arcs,
    lengths_along_nodes,
    questions_about,
    whole_lengths,
)
from routing import Network
from routing.quantities import UNREACHABLE

# 0 -> 1 -> 2 -> 0, a loop at 1, a slower parallel 0 -> 1, a free arc 2 -> 0, and 3, which nobody reaches.
TAIL, HEAD, WEIGHT = [1, 0, 0, 1, 2, 3], [1, 1, 1, 2, 0, 0], [5, 9, 4, 6, 0, 1]


def ring(nodes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    here = np.arange(nodes)
    after = np.roll(here, -1)
    return np.r_[here, after], np.r_[after, here], np.full(2 * nodes, 10)


def test_street_graph_has_no_loops_nor_parallels_nor_zeros_nor_nodes_apart() -> None:
    graph, kept = street_graph(TAIL, HEAD, WEIGHT, "small")
    assert kept.tolist() == [0, 1, 2]
    assert graph.first_out.tolist() == [0, 1, 2, 3]
    assert graph.head.tolist() == [1, 2, 0]
    assert graph.weight.tolist() == [4, 6, 1]  # the faster of 9 and 4; 0 raised to 1


def test_main_part_keeps_published_weights_and_the_queries_inside() -> None:
    raw = Network.from_csr([0, 2, 4, 5, 6], [1, 1, 1, 2, 0, 0], [9, 4, 5, 6, 0, 1])
    published = PublishedQueries(raw, np.array([0, 3, 2]), np.array([2, 0, 1]), np.array([10, 1, 4]))
    part = main_part(published)
    assert part.graph.weight.tolist() == [4, 6, 0]
    assert (part.source.tolist(), part.target.tolist(), part.length.tolist()) == ([0, 2], [2, 1], [10, 4])


@pytest.mark.parametrize("name", sorted(set(GRAPHS) - {"sakura"}))
def test_graph_that_is_not_there_is_named_with_the_remedy(name: str, tmp_path: Path) -> None:
    with pytest.raises(GraphAbsentError, match=r"is not there; name the folder .* with --data"):
        load_graph(name, tmp_path)


def test_published_answers_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(GraphAbsentError, match="query_reference_travel_time_length"):
        luxembourg_queries(tmp_path)


def test_questions_are_the_same_every_time() -> None:
    graph, _ = street_graph(*ring(60), "ring")
    once, again = questions_about(graph), questions_about(graph)
    assert np.array_equal(once.pairs, again.pairs)
    assert np.array_equal(once.squares[1000], again.squares[1000])
    assert once.near.arcs.tolist() == again.near.arcs.tolist()
    assert set(once.random.weights.tolist()) == {30}


def test_neighbouring_arcs_are_those_of_the_nearest_nodes() -> None:
    graph, _ = street_graph(*ring(60), "ring")
    # Arcs of node u are 2u and 2u + 1. Nodes nearest to 30: 30, then 29 and 31.
    assert arcs_around(graph, 30, 6).tolist() == [58, 59, 60, 61, 62, 63]
    assert arcs_around(graph, 30, 3).tolist() == [58, 60, 61]


def test_neighbouring_arcs_are_all_there_are_where_there_are_few() -> None:
    graph, _ = street_graph(*ring(3), "ring")
    assert arcs_around(graph, 0, 100).tolist() == [0, 1, 2, 3, 4, 5]


def test_a_way_that_does_not_join_its_pair_has_no_length() -> None:
    graph, _ = street_graph(TAIL, HEAD, WEIGHT, "small")
    pairs = np.array([0, 0, 0, 1]), np.array([2, 2, 2, 1])
    # 4 + 6 = 10; arc 0 ends at 1; arcs 1, 2 begin at 1; from 1 to 1 nothing is driven.
    assert lengths_along_arcs(graph, pairs, [[0, 1], [0], [1, 2], []]) == [10, -1, -1, 0]
    # 0, 2 is no street; the way 0, 1 ends at 1.
    assert lengths_along_nodes(graph, pairs, [[0, 1, 2], [0, 2], [0, 1], [1]]) == [10, -1, -1, 0]


def test_no_way_becomes_the_same_number_whatever_the_engine_calls_it() -> None:
    assert whole_lengths(np.array([1.9999999, np.inf]), np.inf).tolist() == [2, UNREACHABLE]
    assert whole_lengths(np.array([7, 2**31 - 1], np.uint32), 2**31 - 1).tolist() == [7, UNREACHABLE]
