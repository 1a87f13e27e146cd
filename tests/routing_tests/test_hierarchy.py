"""The hierarchy answers as plain relaxation does, on tiny graphs of every kind and on published ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import NoWayError
from routing.hierarchy import Hierarchy
from routing.quantities import UNREACHABLE
from routing.weighted_graph import WeightedGraph
from tests.reference.weighted_arcs import all_pairs, canonical_path
from tests.routing_tests.weighted_graphs import answered, arcs_in, graph_of, graphs, luxembourg

# 0 -> 1 -> 2 -> 3 by 5 + 0 + 7, back 3 -> 0 by 20; two arcs 0 -> 1; a self-loop at 2; node 4 by itself.
SMALL = [(0, 1, 5), (0, 1, 9), (1, 2, 0), (2, 2, 4), (2, 3, 7), (3, 0, 20)]


def test_distances_add_up_along_one_way_arcs() -> None:
    graph = graph_of(5, SMALL)
    metric = Hierarchy.build(graph).customise(graph.weight)
    assert metric.distance(0, 1) == 5  # the shorter of two parallel arcs
    assert metric.distance(0, 3) == 12  # 5 + 0 + 7
    assert metric.distance(3, 2) == 25  # 20 + 5 + 0
    assert metric.distance(2, 2) == 0
    assert metric.distance(0, 4) == metric.distance(4, 0) == UNREACHABLE
    assert type(metric.distance(0, 3)) is int


def test_a_matrix_has_one_row_per_source() -> None:
    graph = graph_of(5, SMALL)
    metric = Hierarchy.build(graph).customise(graph.weight)
    found = metric.matrix([0, 4], [1, 3, 4])
    assert found.dtype == np.int32
    assert found.tolist() == [[5, 12, UNREACHABLE], [UNREACHABLE, UNREACHABLE, 0]]
    assert metric.matrix([], [1, 2]).shape == (0, 2)
    assert metric.matrix([1], []).shape == (1, 0)
    assert metric.matrix([0, 0], [1, 1]).tolist() == [[5, 5], [5, 5]]


def test_one_hierarchy_serves_many_weights_and_closed_arcs() -> None:
    graph = graph_of(5, SMALL)
    hierarchy = Hierarchy.build(graph)
    before = hierarchy.customise(graph.weight)
    after = hierarchy.customise(
        [UNREACHABLE, 9, 1, 4, 7, UNREACHABLE]
    )  # the first arc and the way back closed
    assert after.distance(0, 3) == 17  # 9 + 1 + 7
    assert after.distance(3, 0) == UNREACHABLE
    assert before.distance(0, 3) == 12


@given(graph=graphs(), seed=st.integers(0, 100), lanes=st.sampled_from([None, 1, 3, 16]))
def test_all_pairs_agree_with_the_oracle(graph: WeightedGraph, seed: int, lanes: int | None) -> None:
    expected = answered(all_pairs(graph.node_count, arcs_in(graph)))
    any_order = np.random.default_rng(seed).permutation(graph.node_count)
    everywhere = range(graph.node_count)
    for order in (None, any_order):
        metric = Hierarchy.build(graph, order=order).customise(graph.weight)
        assert metric.matrix(everywhere, everywhere, lanes=lanes).tolist() == expected
        assert [[metric.distance(u, d) for d in everywhere] for u in everywhere] == expected


@given(graph=graphs(least_weight=1))
def test_paths_are_canonical_where_every_arc_takes_time(graph: WeightedGraph) -> None:
    arcs = arcs_in(graph)
    metric = Hierarchy.build(graph).customise(graph.weight)
    expected = answered(all_pairs(graph.node_count, arcs))
    for source in range(graph.node_count):
        for target in range(graph.node_count):
            if expected[source][target] == UNREACHABLE:
                with pytest.raises(NoWayError, match=f"no way from node {source} to node {target} in test"):
                    metric.path(source, target)
                continue
            path = metric.path(source, target)
            nodes = [source, *(int(graph.head[arc]) for arc in path)]
            assert nodes == canonical_path(graph.node_count, arcs, source, target)
            assert [arcs[arc][0] for arc in path] == nodes[:-1]
            assert sum(arcs[arc][2] for arc in path) == expected[source][target]


@given(graph=graphs(least_weight=0))
def test_paths_are_shortest_and_simple_where_arcs_may_be_free(graph: WeightedGraph) -> None:
    arcs = arcs_in(graph)
    metric = Hierarchy.build(graph).customise(graph.weight)
    expected = answered(all_pairs(graph.node_count, arcs))
    for source in range(graph.node_count):
        for target in range(graph.node_count):
            if expected[source][target] < UNREACHABLE:
                path = metric.path(source, target)
                nodes = [source, *(int(graph.head[arc]) for arc in path)]
                assert nodes[-1] == target
                assert [arcs[arc][0] for arc in path] == nodes[:-1]
                assert len(set(nodes)) == len(nodes)
                assert sum(arcs[arc][2] for arc in path) == expected[source][target]


def test_of_parallel_arcs_a_path_takes_the_fastest_and_of_equals_the_first() -> None:
    # Given in the order 9, 4, 4: arcs 0, 1 and 2, all from node 0 to node 1.
    graph = graph_of(2, [(0, 1, 9), (0, 1, 4), (0, 1, 4)])
    assert Hierarchy.build(graph).customise(graph.weight).path(0, 1).tolist() == [1]


def test_a_path_leaves_nothing_behind_for_the_next_question() -> None:
    graph = graph_of(5, SMALL)
    metric = Hierarchy.build(graph).customise(graph.weight)
    for _ in range(2):
        assert metric.path(3, 2).tolist() == [5, 0, 2]
        assert metric.path(2, 2).tolist() == []
        with pytest.raises(NoWayError):
            metric.path(0, 4)
        assert metric.distance(3, 2) == 25
        assert metric.matrix([3], [2]).tolist() == [[25]]


@given(graph=graphs(), lanes=st.integers(1, 5))
def test_one_to_all_and_pinned_places_agree_with_the_matrix(graph: WeightedGraph, lanes: int) -> None:
    metric = Hierarchy.build(graph).customise(graph.weight)
    everywhere = list(range(graph.node_count))
    expected = answered(all_pairs(graph.node_count, arcs_in(graph)))
    columns = [list(column) for column in zip(*expected, strict=True)]
    assert metric.many_to_all(everywhere, lanes=lanes).tolist() == expected
    assert [metric.one_to_all(node).tolist() for node in everywhere] == expected
    assert [metric.one_to_all(node, is_reverse=True).tolist() for node in everywhere] == columns
    few = everywhere[::2]
    to_few, from_few = metric.pin_targets(few), metric.pin_sources(few)
    for _ in range(2):
        assert to_few.matrix(everywhere, lanes=lanes).tolist() == [row[::2] for row in expected]
        assert from_few.matrix(everywhere, lanes=lanes).tolist() == expected[::2]


def test_the_published_queries_of_luxembourg_are_met() -> None:
    graph, (source, target, published) = luxembourg()
    metric = Hierarchy.build(graph).customise(graph.weight)
    found = np.array([metric.distance(*pair) for pair in zip(source.tolist(), target.tolist(), strict=True)])
    no_way = published == np.iinfo(np.int32).max
    assert int(no_way.sum()) == 5_256
    assert int((found != np.where(no_way, UNREACHABLE, published)).sum()) == 0


def test_the_main_component_of_luxembourg_keeps_its_published_queries() -> None:
    graph, (source, target, published) = luxembourg()
    everything = Hierarchy.build(graph).customise(graph.weight)
    hub = int(np.bincount(graph.head).argmax())
    everywhere = np.arange(graph.node_count)
    ways = (everything.matrix(everywhere, [hub])[:, 0], everything.matrix([hub], everywhere)[0])
    is_main = (ways[0] < UNREACHABLE) & (ways[1] < UNREACHABLE)
    assert int(is_main.sum()) == 74_430
    new_index = np.cumsum(is_main) - 1
    tail = np.repeat(everywhere, np.diff(graph.first_out))
    kept = is_main[tail] & is_main[graph.head]
    joined = kept & (tail != graph.head)
    assert len(np.unique(tail[joined] * graph.node_count + graph.head[joined])) == 169_309
    main = graph_of(
        int(is_main.sum()),
        list(
            zip(
                new_index[tail[kept]].tolist(),
                new_index[graph.head[kept]].tolist(),
                graph.weight[kept].tolist(),
                strict=True,
            )
        ),
        "main component of Luxembourg",
    )
    metric = Hierarchy.build(main).customise(main.weight)
    inside = is_main[source] & is_main[target]
    pairs = zip(new_index[source[inside]].tolist(), new_index[target[inside]].tolist(), strict=True)
    assert int((np.array([metric.distance(*pair) for pair in pairs]) != published[inside]).sum()) == 0
    assert int(inside.sum()) > 90_000


@pytest.mark.parametrize("nodes", [1, 2, 3])
def test_a_graph_without_arcs_has_ways_to_nowhere_else(nodes: int) -> None:
    graph = graph_of(nodes, [])
    metric = Hierarchy.build(graph).customise([])
    everywhere = range(nodes)
    assert metric.matrix(everywhere, everywhere).tolist() == [
        [0 if u == d else UNREACHABLE for d in everywhere] for u in everywhere
    ]
