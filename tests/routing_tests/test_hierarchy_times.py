"""Travel times by the hierarchy keep the contract of dense tables, and the chooser takes what fits."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from routing.errors import NoWayError
from routing.hierarchy_times import HierarchyTravelTimes, travel_times_for
from routing.network import Network
from routing.quantities import UNREACHABLE
from routing.travel_times import DenseTravelTimes, TravelTimes
from tests.builders import grid_network, line_network, network_of, random_network
from tests.contracts.travel_times import TravelTimesContract


class TestHierarchyTravelTimes(TravelTimesContract):
    def make(self, network: Network) -> TravelTimes:
        return HierarchyTravelTimes.build(network)


def test_both_engines_agree_on_seconds_paths_and_metres() -> None:
    network = random_network(7, nodes=60, extra_arcs=120)
    dense, sparse = DenseTravelTimes.build(network), HierarchyTravelTimes.build(network)
    everywhere = range(60)
    assert np.array_equal(dense.matrix(everywhere, everywhere), sparse.matrix(everywhere, everywhere))
    for origin in everywhere:
        for destination in everywhere:
            assert np.array_equal(dense.path_arcs(origin, destination), sparse.path_arcs(origin, destination))
            assert dense.metres_along(origin, destination) == sparse.metres_along(origin, destination)


def test_places_without_a_way_are_unreachable_and_have_no_path() -> None:
    times = HierarchyTravelTimes.build(network_of([(0, 1, 1500), (2, 1, 1000)]))
    assert times.matrix([0, 2], [0, 1, 2]).tolist() == [[0, 2, UNREACHABLE], [UNREACHABLE, 1, 0]]
    assert times.seconds(0, 2) == UNREACHABLE
    with pytest.raises(NoWayError, match="there is no way from node 0 to node 2 in test network"):
        times.path(0, 2)


def test_a_pickled_copy_answers_alike() -> None:
    times = HierarchyTravelTimes.build(grid_network())
    times.metric = times.metric.update([0], [UNREACHABLE])
    copy = pickle.loads(pickle.dumps(times))
    assert copy.matrix(range(12), range(12)).tolist() == times.matrix(range(12), range(12)).tolist()
    assert copy.hierarchy.order.tolist() == times.hierarchy.order.tolist()
    assert times.seconds(0, 1) == copy.seconds(0, 1) == 90  # round the block: three sides of 30 s


def test_small_connected_networks_get_dense_tables(tmp_path: Path) -> None:
    assert isinstance(travel_times_for(line_network()), DenseTravelTimes)
    assert isinstance(travel_times_for(line_network(), folder=tmp_path), DenseTravelTimes)
    assert any(tmp_path.iterdir())


@pytest.mark.parametrize(("limit", "kind"), [(125, DenseTravelTimes), (124, HierarchyTravelTimes)])
def test_tables_may_take_five_bytes_a_pair(limit: int, kind: type) -> None:
    assert isinstance(travel_times_for(line_network(), limit), kind)  # 5 x 5 pairs


@pytest.mark.parametrize(
    ("milliseconds", "limit", "kind"),
    [
        (65_533_000, 20, DenseTravelTimes),  # 65,533 s there, 1 s back: uint16, 5 bytes for each of 4 pairs
        (65_534_000, 35, HierarchyTravelTimes),  # 65,535 s there and back: int32, 9 bytes
        (65_534_000, 36, DenseTravelTimes),
    ],
)
def test_long_times_take_nine_bytes_a_pair(milliseconds: int, limit: int, kind: type) -> None:
    network = network_of([(0, 1, milliseconds), (1, 0, 1000)])
    assert isinstance(travel_times_for(network, limit), kind)


def test_networks_that_tables_cannot_hold_get_the_hierarchy(tmp_path: Path) -> None:
    in_parts = network_of([(0, 1, 1000), (1, 0, 1000), (0, 2, 1000)])
    assert isinstance(travel_times_for(in_parts), HierarchyTravelTimes)
    spokes = [(0, node, 1000) for node in range(1, 256)]
    hub = network_of(spokes + [(node, 0, 1000) for _, node, _ in spokes])
    times = travel_times_for(hub, folder=tmp_path)
    assert isinstance(times, HierarchyTravelTimes)
    assert times.path(1, 255).tolist() == [1, 0, 255]
    assert [path.suffix for path in tmp_path.iterdir()] == [".order"]
