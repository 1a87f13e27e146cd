"""What every engine behind `TravelTimes` must do. Subclass it, name the class `Test...`, and make your
engine."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import NetworkError
from routing.network import Network
from routing.travel_times import TravelTimes
from tests.builders import grid_network, line_network, network_of, one_way_ring, random_network
from tests.reference.dijkstra import canonical_arcs, rounded_s, times_ms


class TravelTimesContract(ABC):
    """Rules of `TravelTimes` on strongly connected networks."""

    @abstractmethod
    def make(self, network: Network) -> TravelTimes:
        """The engine under test over a network."""

    def test_neighbours_on_the_line_are_ten_seconds_apart(self) -> None:
        times = self.make(line_network())
        assert times.node_count == 5
        assert times.seconds(1, 2) == 10
        assert times.seconds(0, 4) == 40  # 4 x 10 s
        assert times.seconds(4, 0) == 40

    def test_a_place_is_zero_seconds_from_itself(self) -> None:
        times = self.make(line_network())
        assert [times.seconds(node, node) for node in range(5)] == [0] * 5
        assert times.path(3, 3).tolist() == [3]

    def test_one_way_streets_make_the_way_back_long(self) -> None:
        times = self.make(one_way_ring(5))
        assert times.seconds(0, 1) == 10
        assert times.seconds(1, 0) == 40  # 1 -> 2 -> 3 -> 4 -> 0
        assert times.path(1, 0).tolist() == [1, 2, 3, 4, 0]

    def test_a_path_is_rounded_once_and_halves_go_up(self) -> None:
        # 0 -> 1 -> 2 takes 400 + 400 = 800 ms: 1 s, where rounding each arc would give 0 s.
        # 0 -> 1 -> 2 -> 3 takes 800 + 699 = 1,499 ms: 1 s; one more millisecond would be 2 s.
        times = self.make(network_of([(0, 1, 400), (1, 2, 400), (2, 3, 699), (3, 0, 500)]))
        assert [times.seconds(0, node) for node in range(4)] == [0, 0, 1, 1]
        assert times.seconds(3, 0) == 1  # 500 ms
        assert times.seconds(3, 1) == 1  # 900 ms
        assert times.seconds(2, 0) == 1  # 1,199 ms
        later = self.make(network_of([(0, 1, 400), (1, 2, 400), (2, 3, 700), (3, 0, 499)]))
        assert later.seconds(0, 3) == 2  # 1,500 ms
        assert later.seconds(3, 0) == 0  # 499 ms

    def test_the_fastest_of_parallel_arcs_counts(self) -> None:
        times = self.make(network_of([(0, 1, 9_000), (0, 1, 4_000), (1, 0, 5_000)]))
        assert times.seconds(0, 1) == 4

    def test_of_equally_short_ways_the_lowest_next_node_is_taken(self) -> None:
        # In the grid of 4 x 3, from corner 0 to node 5 (one right, one up): over 1 or over 4, both 60 s.
        times = self.make(grid_network())
        assert times.path(0, 5).tolist() == [0, 1, 5]
        assert times.path(5, 0).tolist() == [5, 1, 0]
        # From 0 to 11: at every node the lower head is the one to the right while there is one.
        assert times.path(0, 11).tolist() == [0, 1, 2, 3, 7, 11]
        # Back, the lower head is the row below.
        assert times.path(11, 0).tolist() == [11, 7, 3, 2, 1, 0]

    def test_a_tie_is_broken_at_the_node_not_by_the_whole_path(self) -> None:
        # 0 -> 3 by 2 (1 + 3 s) or by 1 (3 + 1 s): both 4 s, so by 1, although 2 would be reached sooner.
        arcs = [(0, 2, 1000), (2, 3, 3000), (0, 1, 3000), (1, 3, 1000), (3, 0, 1000)]
        assert self.make(network_of(arcs)).path(0, 3).tolist() == [0, 1, 3]

    def test_a_matrix_has_one_row_per_origin(self) -> None:
        times = self.make(one_way_ring(5))
        matrix = times.matrix([0, 3], [1, 2, 3])
        assert matrix.dtype == np.int32
        assert matrix.tolist() == [[10, 20, 30], [30, 40, 0]]
        assert times.matrix(np.array([2], np.int32), np.array([2], np.int64)).tolist() == [[0]]

    def test_a_matrix_may_be_empty_and_may_repeat_places(self) -> None:
        times = self.make(line_network())
        assert times.matrix([], [1, 2]).shape == (0, 2)
        assert times.matrix([1], []).shape == (1, 0)
        assert times.matrix([1, 1], [2, 2]).tolist() == [[10, 10], [10, 10]]

    def test_answers_are_plain_integers(self) -> None:
        times = self.make(line_network())
        assert type(times.seconds(0, 4)) is int
        assert type(times.node_count) is int
        assert times.path(0, 4).dtype == np.int32

    @pytest.mark.parametrize(("origin", "destination"), [(-1, 0), (0, -1), (5, 0), (0, 5)])
    def test_a_node_outside_the_network_is_refused(self, origin: int, destination: int) -> None:
        times = self.make(line_network())
        wrong = origin if destination == 0 else destination
        message = rf"node {wrong} is not in line of 5; its nodes are 0 to 4"
        for ask in (times.seconds, times.path):
            with pytest.raises(NetworkError, match=message):
                ask(origin, destination)
        with pytest.raises(NetworkError, match=message):
            times.matrix([origin], [destination])

    # A property is an inner function: hypothesis refuses one that several subclasses inherit.

    def test_all_pairs_agree_with_the_oracle(self) -> None:
        @given(seed=st.integers(0, 10_000), nodes=st.integers(2, 12), extra_arcs=st.integers(0, 40))
        def check(seed: int, nodes: int, extra_arcs: int) -> None:
            network = random_network(seed, nodes, extra_arcs)
            times = self.make(network)
            everywhere = list(range(nodes))
            expected = [[0] * nodes for _ in everywhere]
            for target in everywhere:
                for origin, milliseconds in enumerate(times_ms(network, target)):
                    expected[origin][target] = rounded_s(milliseconds)
            assert times.matrix(everywhere, everywhere).tolist() == expected
            assert [[times.seconds(u, d) for d in everywhere] for u in everywhere] == expected

        check()

    def test_all_paths_are_canonical(self) -> None:
        @given(seed=st.integers(0, 10_000), nodes=st.integers(2, 9), extra_arcs=st.integers(0, 30))
        def check(seed: int, nodes: int, extra_arcs: int) -> None:
            network = random_network(seed, nodes, extra_arcs)
            times = self.make(network)
            for origin in range(nodes):
                for destination in range(nodes):
                    arcs = canonical_arcs(network, origin, destination)
                    assert times.path(origin, destination).tolist() == [origin, *(arc[1] for arc in arcs)]

        check()
