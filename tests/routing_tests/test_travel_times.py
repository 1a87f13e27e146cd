"""Dense tables: the contract, their exact limits, walks along canonical paths, and tables kept on disk."""

from __future__ import annotations

import logging
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing import _kernels_shortest_paths as kernels
from routing.errors import NetworkError, ProblemError
from routing.network import ROAD_CLASSES, Network, RoadClass
from routing.travel_times import DenseTravelTimes, TravelTimes
from tests.builders import grid_network, line_network, network_of, one_way_ring, random_network
from tests.contracts.travel_times import TravelTimesContract
from tests.reference import dijkstra

AS_PLANNED = np.ones((len(ROAD_CLASSES), 1))


class TestDenseTravelTimes(TravelTimesContract):
    def make(self, network: Network) -> TravelTimes:
        return DenseTravelTimes.build(network)


class TestKeptTravelTimes(TravelTimesContract):
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        self.home = tmp_path_factory.mktemp("travel_times")

    def make(self, network: Network) -> TravelTimes:
        return DenseTravelTimes.cached(network, self.home)


def test_both_tables_hold_the_same_seconds_each_with_its_own_rows() -> None:
    tables = DenseTravelTimes.build(one_way_ring(4)).tables
    assert tables.to_s[3].tolist() == [30, 20, 10, 0]  # to node 3 from 0, 1, 2, 3
    assert tables.from_s[3].tolist() == [10, 20, 30, 0]  # from node 3 to 0, 1, 2, 3
    assert np.array_equal(tables.to_s.T, tables.from_s)


def test_next_arc_is_an_offset_and_255_where_there_is_none() -> None:
    tables = DenseTravelTimes.build(line_network()).tables
    # Towards node 2: 0 has one arc (offset 0); 1 has arcs to 0 and 2 (offset 1); 3 has 2 and 4 (offset 0).
    assert tables.next_arc[2].tolist() == [0, 1, 255, 0, 0]


def test_tables_larger_than_one_block_are_transposed_whole() -> None:
    tables = DenseTravelTimes.build(line_network(nodes=130)).tables
    assert tables.to_s[129, 0] == 1290
    assert tables.from_s[0, 129] == 1290
    assert np.array_equal(tables.to_s.T, tables.from_s)


@pytest.mark.parametrize(("milliseconds", "dtype"), [(65_534_499, np.uint16), (65_534_500, np.int32)])
def test_tables_are_uint16_while_every_time_is_below_65535_s(milliseconds: int, dtype: type) -> None:
    times = DenseTravelTimes.build(network_of([(0, 1, milliseconds), (1, 0, 1000)]))
    assert times.tables.to_s.dtype == times.tables.from_s.dtype == dtype
    assert times.seconds(0, 1) == dijkstra.rounded_s(milliseconds)
    assert times.matrix([0], [1]).dtype == np.int32


def test_times_found_before_the_first_long_one_survive_the_change_to_int32() -> None:
    # 100 nodes in a line; only the arc into the last node is long, so that targets 0-98 fit uint16.
    there = [(node, node + 1, 1000) for node in range(98)] + [(98, 99, 70_000_000)]
    back = [(node + 1, node, 1000) for node in range(99)]
    times = DenseTravelTimes.build(network_of(there + back))
    assert times.seconds(0, 98) == 98
    assert times.seconds(99, 0) == 99
    assert times.seconds(0, 99) == 70_098


def test_254_arcs_may_leave_a_node_and_255_may_not() -> None:
    def hub(neighbours: int) -> Network:
        spokes = [(0, node, 1000) for node in range(1, neighbours + 1)]
        return network_of(spokes + [(node, 0, 1000) for node in range(1, neighbours + 1)])

    assert DenseTravelTimes.build(hub(254)).path(1, 254).tolist() == [1, 0, 254]
    with pytest.raises(NetworkError, match=r"255 arcs leave node 0 of test network; the limit is 254"):
        DenseTravelTimes.build(hub(255))


def test_a_network_above_the_limit_is_refused() -> None:
    assert DenseTravelTimes.build(line_network(), node_limit=5).node_count == 5
    with pytest.raises(NetworkError, match=r"line of 5 has 5 nodes; dense travel times are limited to 4"):
        DenseTravelTimes.build(line_network(), node_limit=4)


@pytest.mark.parametrize(
    ("arcs", "message"),
    [
        ([(0, 1, 1000), (1, 0, 1000), (0, 2, 1000)], r"1 nodes of .* cannot reach node 0 \(first: node 2\)"),
        (
            [(0, 1, 1000), (1, 0, 1000), (2, 0, 1000)],
            r"1 nodes of .* cannot be reached from node 0 \(first: node 2\)",
        ),
    ],
)
def test_a_network_that_is_not_strongly_connected_is_refused(
    arcs: list[tuple[int, int, int]], message: str
) -> None:
    with pytest.raises(NetworkError, match=message):
        DenseTravelTimes.build(network_of(arcs))


def test_progress_rises_to_the_number_of_targets() -> None:
    seen: list[tuple[int, int]] = []
    DenseTravelTimes.build(line_network(nodes=100), progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1] == (100, 100)


def test_one_node_alone_has_travel_times() -> None:
    times = DenseTravelTimes.build(network_of([], places=[(0.0, 0.0)]))
    assert times.matrix([0], [0]).tolist() == [[0]]
    assert times.path(0, 0).tolist() == [0]


def test_tables_are_read_only_and_kernels_compiled_once(tmp_path: Path) -> None:
    built = DenseTravelTimes.build(line_network())
    opened = DenseTravelTimes.cached(line_network(), tmp_path)
    for times in (built, opened):
        times.warm_up()
        assert not any(array.flags.writeable for array in times.tables)
        with pytest.raises(ValueError, match="read-only"):
            times.tables.to_s[0, 0] = 1
    before = len(kernels.walk_ms_m.signatures)  # type: ignore[attr-defined]  # what numba adds to a function
    assert built.metres_along(0, 4) == opened.metres_along(0, 4) == 400
    assert len(kernels.walk_ms_m.signatures) == before  # type: ignore[attr-defined]  # as above


def test_a_pickled_copy_is_read_only_too() -> None:
    times = DenseTravelTimes.build(grid_network())
    copy = pickle.loads(pickle.dumps(times))
    assert not any(array.flags.writeable for array in copy.tables)
    assert copy.network.hash == times.network.hash
    assert copy.tables.head is copy.network.head
    assert copy.matrix(range(12), range(12)).tolist() == times.matrix(range(12), range(12)).tolist()


def test_metres_follow_the_canonical_path_not_the_shortest_distance() -> None:
    # Over 1: 10 s and 900 m; over 2: 20 s and 100 m. The faster way counts.
    network = network_of(
        [(0, 1, 5_000), (1, 3, 5_000), (0, 2, 10_000), (2, 3, 10_000), (3, 0, 1_000)],
        metres=[450, 450, 50, 50, 10],
    )
    times = DenseTravelTimes.build(network)
    assert times.metres_along(0, 3) == 900
    assert times.metres_along(3, 3) == 0
    assert type(times.metres_along(0, 3)) is int


def test_path_arcs_are_those_between_the_path_nodes() -> None:
    times = DenseTravelTimes.build(grid_network())
    arcs = times.path_arcs(0, 5)
    assert arcs.dtype == np.int32
    assert times.network.tail[arcs].tolist() == [0, 1]
    assert times.network.head[arcs].tolist() == [1, 5]
    assert times.path_arcs(5, 5).tolist() == []


@pytest.mark.parametrize(
    ("now_s", "expected"),
    [
        (99, (0, 100, 0)),  # not yet left
        (100, (0, 100, 0)),
        (101, (1, 110, 100)),  # just left: the next node is 1, 10 s and 100 m on
        (110, (1, 110, 100)),  # exactly there
        (111, (2, 120, 200)),
        (140, (4, 140, 400)),
        (10_000, (4, 140, 400)),  # long since arrived
    ],
)
def test_a_vehicle_on_its_way_can_turn_at_the_next_node(now_s: int, expected: tuple[int, int, int]) -> None:
    # 0 -> 4 along the line, left at second 100: at the nodes at 100, 110, 120, 130, 140.
    assert DenseTravelTimes.build(line_network()).next_node_at(0, 4, 100, now_s) == expected


@pytest.mark.parametrize(
    ("until_ms", "expected"),
    [
        (-1, (0, 0, 0)),
        (0, (0, 0, 0)),
        (1, (1, 10_000, 100)),
        (10_000, (1, 10_000, 100)),
        (10_001, (2, 20_000, 200)),
        (40_000, (4, 40_000, 400)),
        (10**12, (4, 40_000, 400)),
    ],
)
def test_a_drive_as_planned_stops_at_the_first_node_after_the_time(
    until_ms: int, expected: tuple[int, int, int]
) -> None:
    assert DenseTravelTimes.build(line_network()).drive(0, 4, 0, until_ms, AS_PLANNED, 900) == expected


def test_an_arc_takes_the_factor_of_the_slot_in_which_it_is_entered() -> None:
    # Slots of 15 s with factors 1, 2, 0.5 for residential streets; arcs of 10 s:
    # 0 -> 1 in slot 0: 10 s (at 10); 1 -> 2 in slot 0: 10 s (at 20); 2 -> 3 in slot 1: 20 s (at 40);
    # 3 -> 4 at 40 s in slot 2: 5 s (at 45).
    factors = np.full((len(ROAD_CLASSES), 3), 9.0)
    factors[RoadClass.RESIDENTIAL] = [1.0, 2.0, 0.5]
    times = DenseTravelTimes.build(line_network())
    assert times.drive(0, 4, 0, 10**9, factors, 15) == (4, 45_000, 400)
    assert times.drive(0, 4, 0, 20_001, factors, 15) == (3, 40_000, 300)


def test_times_outside_the_factor_table_take_its_first_or_last_slot() -> None:
    factors = np.ones((len(ROAD_CLASSES), 2))
    factors[:, 0], factors[:, 1] = 3.0, 2.0
    times = DenseTravelTimes.build(line_network())
    assert times.drive(0, 1, -100_000, 10**9, factors, 900) == (1, -70_000, 100)  # 10 s x 3
    assert times.drive(0, 1, 10_000_000, 10**9, factors, 900) == (1, 10_020_000, 100)  # 10 s x 2


def test_a_realised_arc_is_rounded_half_up_and_takes_a_millisecond_at_least() -> None:
    times = DenseTravelTimes.build(network_of([(0, 1, 5), (1, 0, 1)]))
    assert times.drive(0, 1, 0, 100, AS_PLANNED * 0.5, 900)[1] == 3  # 2.5 ms
    assert times.drive(1, 0, 0, 100, AS_PLANNED * 0.001, 900)[1] == 1  # 0.001 ms


@pytest.mark.parametrize(
    ("factors", "slot_s", "message"),
    [
        (AS_PLANNED, 0, r"traffic slots last 0 s"),
        (AS_PLANNED.astype(np.float32), 900, r"float32 of shape \(8, 1\); give float64"),
        (np.ones((7, 1)), 900, r"shape \(7, 1\); give float64 of shape \(8 road classes, slots\)"),
        (np.ones(8), 900, r"shape \(8,\)"),
        (np.ones((8, 0)), 900, r"hold no slot"),
        (np.zeros((8, 2)), 900, r"not a positive number"),
        (np.full((8, 2), np.nan), 900, r"not a positive number"),
        (np.full((8, 2), np.inf), 900, r"not a positive number"),
    ],
)
def test_traffic_factors_that_make_no_sense_are_refused(
    factors: np.ndarray, slot_s: int, message: str
) -> None:
    times = DenseTravelTimes.build(line_network())
    with pytest.raises(ProblemError, match=message):
        times.drive(0, 4, 0, 1, factors, slot_s)


@given(
    seed=st.integers(0, 10_000),
    nodes=st.integers(2, 8),
    depart_s=st.integers(-10, 10),
    later_s=st.integers(-2, 12),
)
def test_walks_agree_with_the_oracle(seed: int, nodes: int, depart_s: int, later_s: int) -> None:
    network = random_network(seed, nodes)
    times = DenseTravelTimes.build(network)
    factors = np.random.default_rng(seed).uniform(0.2, 3.0, (len(ROAD_CLASSES), 3))
    for origin in range(nodes):
        for destination in range(nodes):
            arcs = dijkstra.canonical_arcs(network, origin, destination)
            assert times.metres_along(origin, destination) == sum(arc[3] for arc in arcs)
            assert kernels.walk_ms_m(times.tables, origin, destination) == (
                sum(arc[2] for arc in arcs),
                sum(arc[3] for arc in arcs),
            )
            now_s = depart_s + later_s
            assert times.next_node_at(origin, destination, depart_s, now_s) == dijkstra.planned(
                network, origin, destination, depart_s, now_s
            )
            until_ms = 1000 * now_s + seed % 1000
            assert times.drive(origin, destination, 1000 * depart_s, until_ms, factors, 2) == dijkstra.driven(
                network, origin, destination, 1000 * depart_s, until_ms, factors.tolist(), 2
            )


def test_kept_tables_are_opened_instead_of_computed(tmp_path: Path) -> None:
    network = grid_network()
    counted: list[int] = []
    first = DenseTravelTimes.cached(network, tmp_path, lambda done, _: counted.append(done))
    assert counted == [12]
    second = DenseTravelTimes.cached(network, tmp_path, lambda done, _: counted.append(done))
    assert counted == [12]
    for one, other in zip(first.tables, second.tables, strict=True):
        assert one.dtype == other.dtype
        assert (one == other).all()
    assert [entry.name for entry in tmp_path.iterdir()] == [network.hash]


def test_another_network_has_tables_of_its_own(tmp_path: Path) -> None:
    DenseTravelTimes.cached(line_network(seconds=10), tmp_path)
    assert DenseTravelTimes.cached(line_network(seconds=20), tmp_path).seconds(0, 1) == 20
    assert len(list(tmp_path.iterdir())) == 2


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("name", ["to_s.npy", "from_s.npy", "next_arc.npy", "format"])
@pytest.mark.parametrize("damage", ["torn", "empty", "missing", "other"])
def test_damaged_tables_are_computed_again(tmp_path: Path, name: str, damage: str) -> None:
    network = grid_network()
    DenseTravelTimes.cached(network, tmp_path)
    victim = tmp_path / network.hash / name
    match damage:
        case "torn":
            _cut(victim)
        case "empty":
            victim.write_bytes(b"")
        case "missing":
            victim.unlink()
        case _ if name == "format":
            victim.write_text("maas travel tables 0\n")
        case _:
            np.save(victim, np.zeros((11, 11), np.uint16))
    counted: list[int] = []
    again = DenseTravelTimes.cached(network, tmp_path, lambda done, _: counted.append(done))
    assert counted == [12]
    assert again.seconds(0, 11) == 150  # five streets of 30 s
    counted.clear()
    DenseTravelTimes.cached(network, tmp_path, lambda done, _: counted.append(done))
    assert counted == []
    assert [entry.name for entry in tmp_path.iterdir()] == [network.hash]


def test_a_folder_that_cannot_be_written_costs_only_the_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    with caplog.at_level(logging.WARNING):
        times = DenseTravelTimes.cached(line_network(), in_the_way / "cache")
    assert times.seconds(0, 4) == 40
    assert "cannot be kept" in caplog.text


def test_several_at_once_find_whole_tables(tmp_path: Path) -> None:
    network = line_network(nodes=80)
    with ThreadPoolExecutor(8) as pool:
        all_times = list(pool.map(lambda _: DenseTravelTimes.cached(network, tmp_path), range(8)))
    assert {times.seconds(0, 79) for times in all_times} == {790}
    assert [entry.name for entry in tmp_path.iterdir()] == [network.hash]


def test_a_kept_network_above_the_limit_is_still_refused(tmp_path: Path) -> None:
    DenseTravelTimes.cached(line_network(), tmp_path)
    with pytest.raises(NetworkError, match="limited to 4"):
        DenseTravelTimes.cached(line_network(), tmp_path, node_limit=4)


def test_both_ways_to_make_dense_tables_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    network = random_network(11, nodes=60, extra_arcs=120)
    searched = DenseTravelTimes.build(network)
    monkeypatch.setattr("routing.target_trees._HIERARCHY_FROM", 1)
    swept = DenseTravelTimes.build(network)
    for one, other in zip(searched.tables, swept.tables, strict=True):
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)


def test_ways_too_long_for_the_hierarchy_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routing.target_trees._HIERARCHY_FROM", 1)
    network = network_of([(0, 1, 900_000_000), (1, 2, 900_000_000), (2, 0, 900_000_000)])
    assert DenseTravelTimes.build(network).seconds(0, 2) == 1_800_000  # 2 x 900,000 s, above 2**30 ms
