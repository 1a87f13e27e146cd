"""One-to-all searches against plain relaxation, and their limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import NetworkError
from routing.network import Network
from routing.quantities import UNREACHABLE_MS, seconds_of
from routing.shortest_paths import one_to_all
from tests.builders import line_network, network_of, one_way_ring, random_network
from tests.reference.dijkstra import times_ms


def test_times_from_one_end_of_the_line_grow_by_ten_seconds(line: Network) -> None:
    times = one_to_all(line, 0)
    assert times.dtype == np.int64
    assert times.tolist() == [0, 10_000, 20_000, 30_000, 40_000]


def test_reverse_times_lead_to_the_node() -> None:
    ring = one_way_ring(4)
    assert one_to_all(ring, 1).tolist() == [30_000, 0, 10_000, 20_000]
    assert one_to_all(ring, 1, is_reverse=True).tolist() == [10_000, 0, 30_000, 20_000]


def test_a_node_without_a_way_is_unreachable() -> None:
    dead_end = network_of([(0, 1, 1000), (1, 2, 1000), (1, 0, 1000)])
    assert one_to_all(dead_end, 2).tolist() == [UNREACHABLE_MS, UNREACHABLE_MS, 0]


def test_a_single_node_without_arcs_is_at_itself() -> None:
    assert one_to_all(network_of([], places=[(0.0, 0.0)]), 0).tolist() == [0]


@pytest.mark.parametrize("source", [-1, 5])
def test_a_source_outside_the_network_is_refused(source: int) -> None:
    with pytest.raises(NetworkError, match=rf"node {source} is not in line of 5; its nodes are 0 to 4"):
        one_to_all(line_network(), source)


@given(
    seed=st.integers(0, 10_000),
    nodes=st.integers(1, 10),
    arcs=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 50)), max_size=40),
)
def test_any_graph_agrees_with_the_oracle(seed: int, nodes: int, arcs: list[tuple[int, int, int]]) -> None:
    inside = [(tail % nodes, head % nodes, ms) for tail, head, ms in arcs if tail % nodes != head % nodes]
    network = network_of(inside, places=[(float(node), 0.0) for node in range(nodes)])
    target = seed % nodes
    expected = [UNREACHABLE_MS if math.isinf(ms) else ms for ms in times_ms(network, target)]
    assert one_to_all(network, target, is_reverse=True).tolist() == expected


@given(seed=st.integers(0, 10_000))
def test_forward_and_reverse_searches_agree(seed: int) -> None:
    network = random_network(seed)
    forward = np.array([one_to_all(network, node) for node in range(network.node_count)])
    backward = np.array([one_to_all(network, node, is_reverse=True) for node in range(network.node_count)])
    assert (forward == backward.T).all()


@pytest.mark.parametrize(
    ("milliseconds", "seconds"), [(0, 0), (499, 0), (500, 1), (1499, 1), (1500, 2), (-500, 0), (-501, -1)]
)
def test_halves_of_seconds_go_up(milliseconds: int, seconds: int) -> None:
    assert seconds_of(milliseconds) == seconds
