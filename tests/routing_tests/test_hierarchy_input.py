"""What a hierarchy refuses, and node orders kept on disk."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from routing.errors import NetworkError, OrderError, RoutingError, WeightError
from routing.hierarchy import Hierarchy, Metric
from routing.network import Network
from routing.node_order import order_file, read_order, write_order
from routing.quantities import UNREACHABLE
from routing.weighted_graph import LARGEST_WEIGHT, WeightedGraph
from tests.builders import grid_network, line_network
from tests.routing_tests.weighted_graphs import graph_of


def pair(weight: int = 5) -> WeightedGraph:
    return graph_of(2, [(0, 1, weight)], "pair")


def metric_of(graph: WeightedGraph) -> Metric:
    return Hierarchy.build(graph).customise(graph.weight)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"first_out": [0, 2, 1]}, r"field first_out goes from 0 to 1; it must rise from 0 to 1"),
        ({"first_out": [1, 1, 1]}, r"field first_out goes from 1 to 1"),
        ({"first_out": [0]}, r"field first_out has 1 entries; a graph needs at least one node"),
        ({"first_out": [0.0, 1.0, 1.0]}, r"field first_out holds float64; give whole numbers"),
        ({"head": [2]}, r"field head: arc 0 has 2; nodes are numbered 0 to 1"),
        ({"head": [-1]}, r"field head: arc 0 has -1; nodes are numbered 0 to 1"),
        ({"head": [2**40]}, r"field head: entry 0 is 1099511627776; int32 holds"),
        (
            {"weight": [-1]},
            r"the weight of arc 0 is -1; give 0 to 1073741822, or 1073741824 to close the arc",
        ),
        ({"weight": [2**30 - 1]}, r"the weight of arc 0 is 1073741823; give 0 to 1073741822"),
        ({"weight": [2**40]}, r"the weight of arc 0 is 1099511627776"),
        ({"weight": [1.5]}, r"weights are float64; give whole numbers"),
        ({"weight": [1, 2]}, r"weights have shape \(2,\) for 1 arcs; give one weight for each"),
        ({"lat": [1.0]}, r"field lat has 1 entries; give one for each of 2 nodes"),
        ({"lat": [1.0, np.nan], "lon": [1.0, 2.0]}, r"field lat: node 1 has nan; give a number"),
        ({"lat": [1.0, 2.0]}, r"field lat has 2 entries; give one for each of 2 nodes, in lat and lon alike"),
    ],
)
def test_a_graph_that_contradicts_itself_is_refused(changed: dict[str, Any], message: str) -> None:
    sound: dict[str, Any] = {"first_out": [0, 1, 1], "head": [1], "weight": [5]}
    Network.from_csr(**sound)
    with pytest.raises(RoutingError, match=message):
        Network.from_csr(**sound | changed)


def test_the_largest_weight_is_a_distance_and_a_closed_arc_is_none() -> None:
    assert metric_of(pair(LARGEST_WEIGHT)).distance(0, 1) == LARGEST_WEIGHT
    assert metric_of(pair(UNREACHABLE)).distance(0, 1) == UNREACHABLE


def test_a_distance_that_no_answer_can_hold_is_refused() -> None:
    half = 2**29  # 536,870,912; two of them are 1,073,741,824, one more than the largest distance but one
    assert metric_of(graph_of(3, [(0, 1, half), (1, 2, half - 2)])).distance(0, 2) == LARGEST_WEIGHT
    with pytest.raises(WeightError, match=r"shortest ways in test graph may be as long as \d+; at most"):
        metric_of(graph_of(3, [(0, 1, half), (1, 2, half)]))
    metric = metric_of(graph_of(3, [(0, 1, half), (1, 2, 1)]))
    with pytest.raises(WeightError, match="give weights in a larger unit"):
        metric.update([1], [half])


def test_long_arcs_in_a_connected_network_are_told_apart_from_long_ways() -> None:
    # Ten arcs of 2**28 both ways between hub and rims: the sum is far too large, each way at most two arcs.
    spokes = [(0, rim, 2**28) for rim in range(1, 11)] + [(rim, 0, 2**28) for rim in range(1, 11)]
    assert metric_of(graph_of(11, spokes)).distance(3, 7) == 2**29


@pytest.mark.parametrize("node", [-1, 2])
def test_a_node_outside_the_graph_is_refused_everywhere(node: int) -> None:
    metric = metric_of(pair())
    message = rf"node {node} is not in pair; its nodes are 0 to 1"
    asks: list[Callable[[], object]] = [
        lambda: metric.distance(node, 0),
        lambda: metric.distance(0, node),
        lambda: metric.path(node, 0),
        lambda: metric.path(0, node),
        lambda: metric.one_to_all(node),
        lambda: metric.many_to_all([0, node]),
        lambda: metric.matrix([node], [0]),
        lambda: metric.matrix([0], [1, node]),
        lambda: metric.distances([node], [0]),
        lambda: metric.pin_targets([0]).matrix([node]),
        lambda: metric.pin_sources([node]),
    ]
    for ask in asks:
        with pytest.raises(NetworkError, match=message):
            ask()


def test_questions_of_another_shape_are_refused() -> None:
    metric = metric_of(pair())
    with pytest.raises(NetworkError, match=r"nodes are float64 of shape \(1,\)"):
        metric.matrix([0.5], [1])
    with pytest.raises(NetworkError, match=r"nodes are int64 of shape \(1, 1\)"):
        metric.matrix([[0]], [1])
    with pytest.raises(NetworkError, match=r"2 sources and 1 targets do not pair"):
        metric.distances([0, 1], [1])
    with pytest.raises(NetworkError, match=r"lanes is 0; sweep at least 1 place at once"):
        metric.matrix([0], [1], lanes=0)


@pytest.mark.parametrize("order", [[0], [0, 0], [0, 2], [0.0, 1.0]])
def test_an_order_that_misses_a_node_is_refused(order: list[float]) -> None:
    with pytest.raises(OrderError, match=r"^the order "):
        Hierarchy.build(pair(), order=order)


def test_an_order_is_kept_and_read_again(tmp_path: Path) -> None:
    network = grid_network()
    first = Hierarchy.build(network, folder=tmp_path)
    kept = read_order(network, order_file(network, tmp_path))
    reversed_order = kept[::-1].copy()
    write_order(network, reversed_order, order_file(network, tmp_path))
    second = Hierarchy.build(network, folder=tmp_path)  # reads what lies there
    assert second.order.tolist() == reversed_order.tolist()
    assert first.order.tolist() == kept.tolist()
    everywhere = range(network.node_count)
    one, other = (found.customise(network.travel_ms) for found in (first, second))
    assert np.array_equal(one.matrix(everywhere, everywhere), other.matrix(everywhere, everywhere))


def test_an_order_of_another_network_is_an_error(tmp_path: Path) -> None:
    grid, line = grid_network(), line_network()
    Hierarchy.build(grid, folder=tmp_path)
    order_file(grid, tmp_path).rename(order_file(line, tmp_path))
    with pytest.raises(OrderError, match=r"an order file of another network .* delete it"):
        Hierarchy.build(line, folder=tmp_path)


@pytest.mark.parametrize("cut", [0, 5, 60, 100])
def test_a_torn_order_is_computed_again(tmp_path: Path, caplog: pytest.LogCaptureFixture, cut: int) -> None:
    network = grid_network()
    path = order_file(network, tmp_path)
    order = Hierarchy.build(network, folder=tmp_path).order
    whole = path.read_bytes()
    path.write_bytes(whole[:cut])
    with pytest.raises(OrderError, match="not a whole node order"):
        read_order(network, path)
    with caplog.at_level(logging.WARNING):
        assert Hierarchy.build(network, folder=tmp_path).order.tolist() == order.tolist()
    assert "not a whole node order" in caplog.text
    assert path.read_bytes() == whole


def test_an_order_that_cannot_be_kept_is_only_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    with caplog.at_level(logging.WARNING):
        assert Hierarchy.build(line_network(), folder=tmp_path / "file").node_count == 5
    assert "cannot be kept" in caplog.text


def test_a_missing_order_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(OrderError, match=r"nowhere\.order: cannot be read"):
        read_order(line_network(), tmp_path / "nowhere.order")
