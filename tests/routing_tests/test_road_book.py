"""Travel tables by period and by the changes in force: which hold when, and how a closed stretch is left."""

from __future__ import annotations

import pickle
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import ClosureError, NoSuchRoadError, ProfileError, SnapError
from routing.hierarchy import Hierarchy
from routing.network import ROAD_CLASSES, Network, build_network
from routing.quantities import MS_PER_S, UNREACHABLE
from routing.road_book import FURTHER_NOTICE_S, WAY_IN_S, RoadBook, RoadChange, reweighted, ways_into
from routing.road_closures import cut_off
from routing.road_references import road_references
from routing.shortest_paths import one_to_all
from routing.speed_profiles import SpeedPeriod, SpeedProfiles
from routing.travel_times import DenseTravelTimes
from scenarios.sakura_network import load_sakura_city
from tests.builders import grid_network, line_network, network_of, random_network

DAY_S = 86_400


def named(network: Network, on: list[tuple[int, int]] | None = None) -> Network:
    """The network with the reference R1 on the arcs between the given ends, both ways; by default on all."""
    ends = list(zip(network.tail.tolist(), network.head.tolist(), strict=True))
    index = np.array([on is None or pair in on or pair[::-1] in on for pair in ends], np.int16)
    return replace(network, references=("", "R1"), reference_index=index)


def book_of(network: Network, profiles: SpeedProfiles | None = None) -> RoadBook:
    """A book in memory."""
    return RoadBook(network, DenseTravelTimes.build(network), profiles)


def change(
    first_m: float, last_m: float, factor_pm: int = 0, begin_s: int = 100, end_s: int = 200
) -> RoadChange:
    """R1 between two places of the x axis."""
    return RoadChange(1, 0, round(first_m * 1e6), 0, round(last_m * 1e6), factor_pm, begin_s, end_s)


def hours(*periods: tuple[int, int, float]) -> SpeedProfiles:
    """(begin hour, end hour, factor of all classes)."""
    return SpeedProfiles(
        tuple(SpeedPeriod(3600 * a, 3600 * b, (f,) * len(ROAD_CLASSES)) for a, b, f in periods), "test", True
    )


# Slower


def test_a_slowed_stretch_takes_its_factor_from_begin_to_before_the_end() -> None:
    book = book_of(named(line_network()))
    slow = change(100, 300, 1500)
    # 0 to 4: 10 + 15 + 15 + 10 s.
    for at_s, seconds in ((99, 40), (100, 50), (199, 50), (200, 40)):
        assert book.travel_times([slow], at_s).seconds(0, 4) == seconds


def test_the_strongest_of_several_slow_downs_counts_and_a_closure_before_all() -> None:
    book = book_of(named(line_network()))
    changes = [change(100, 300, 1500), change(0, 200, 1250), change(300, 400)]
    for given_in in (changes, changes[::-1]):
        times = book.travel_times(given_in, 150)
        # 10 s times 1.25, and 1.5, and 1.5.
        assert [times.seconds(node, node + 1) for node in range(3)] == [13, 15, 15]
        assert times.seconds(3, 4) == 10 + WAY_IN_S


# Closed


def test_nobody_is_sent_into_a_closed_stretch_that_has_a_way_round() -> None:
    # The bottom row of the grid from node 0 to node 3, 30 s a street; closed from 1 to 2.
    book = book_of(named(grid_network(), [(0, 1), (1, 2), (2, 3)]))
    times = book.travel_times([change(250, 500)], 150)
    assert times.path(0, 3).tolist() == [0, 1, 5, 6, 2, 3]
    assert times.seconds(0, 3) == 150


def test_who_is_on_a_closed_stretch_drives_out_and_nobody_drives_in() -> None:
    # 0 - 1 - 2 - 3 - 4 is R1, closed between 1 and 3; 1 - 5 - 3 goes round, 60 s. Node 2 is on the stretch.
    road = [(0, 1), (1, 2), (2, 3), (3, 4)]
    ways = [(*pair, 10_000) for pair in road] + [(1, 5, 30_000), (5, 3, 30_000)]
    places = [(0.0, 0.0), (100.0, 0.0), (200.0, 0.0), (300.0, 0.0), (400.0, 0.0), (200.0, 100.0)]
    both = ways + [(head, tail, ms) for tail, head, ms in ways]
    book = book_of(named(network_of(both, places=places), road))
    times = book.travel_times([change(100, 300)], 150)
    assert times.path(0, 4).tolist() == [0, 1, 5, 3, 4]
    assert times.seconds(0, 4) == 80
    assert times.seconds(2, 0) == times.seconds(2, 4) == 20
    assert times.seconds(0, 2) == 20 + WAY_IN_S


def test_a_side_road_leads_nobody_along_a_closed_stretch() -> None:
    # As above, and a side road 2 - 6 - 5: node 2 is a crossing, which is passed but not left along R1.
    road = [(0, 1), (1, 2), (2, 3), (3, 4)]
    ways = [(*pair, 10_000) for pair in road] + [(1, 5, 300_000), (5, 3, 300_000), (2, 5, 1_000)]
    places = [(0.0, 0.0), (100.0, 0.0), (200.0, 0.0), (300.0, 0.0), (400.0, 0.0), (200.0, 100.0)]
    both = ways + [(head, tail, ms) for tail, head, ms in ways]
    book = book_of(named(network_of(both, places=places), road))
    times = book.travel_times([change(100, 300)], 150)
    assert times.path(5, 4).tolist() == [5, 3, 4]
    assert times.path(2, 4).tolist() == [2, 5, 3, 4]
    assert times.seconds(5, 2) == 1


def test_a_ramp_that_ends_on_a_closed_stretch_is_not_driven_down() -> None:
    # A one-way road 0 -> 1 -> 2 -> 3 is R1; the ramp 4 -> 1 leads nowhere else, 2 -> 5 leads off. 3 -> 4 -> 5
    # and back to 0 is the rest of the town.
    arcs = [(0, 1), (1, 2), (2, 3), (4, 1), (2, 5), (3, 4), (4, 5), (5, 3), (5, 0), (4, 0), (0, 3)]
    places = [(0.0, 0.0), (100.0, 0.0), (200.0, 0.0), (300.0, 0.0), (100.0, 100.0), (200.0, 100.0)]
    network = network_of([(*arc, 10_000) for arc in arcs], places=places)
    book = book_of(named(network, [(0, 1), (1, 2), (2, 3)]))
    times = book.travel_times([change(0, 300)], 150)
    assert times.seconds(4, 1) == 10 + WAY_IN_S
    assert times.seconds(1, 3) == 20
    assert times.path(4, 5).tolist() == [4, 5]


def test_a_bridge_between_two_towns_is_closed_both_ways() -> None:
    book = book_of(named(line_network()))
    times = book.travel_times([change(100, 200)], 150)
    assert times.seconds(0, 4) == times.seconds(4, 0) == 40 + WAY_IN_S


@given(seed=st.integers(0, 2000), share=st.floats(0.05, 0.5))
def test_in_the_rest_of_the_town_everybody_drives_as_if_the_stretch_were_not_there(
    seed: int, share: float
) -> None:
    network = random_network(seed)
    is_closed = np.random.default_rng(seed).random(network.arc_count) < share
    without = np.where(is_closed, UNREACHABLE, network.travel_ms)
    kept = np.setdiff1d(np.arange(network.node_count), cut_off(network, without))
    slowed = network.travel_ms.copy()
    slowed[ways_into(network, np.flatnonzero(is_closed).astype(np.int32))] += WAY_IN_S * MS_PER_S
    times = DenseTravelTimes.build(reweighted(network, slowed))
    open_ms = Hierarchy.build(network).customise(without).matrix(kept, kept)
    assert times.matrix(kept, kept).tolist() == ((open_ms + 500) // 1000).tolist()


# Which tables when


def test_the_same_weights_have_the_same_tables() -> None:
    profiles = hours((0, 7, 1.0), (7, 9, 1.3), (9, 17, 1.0), (17, 19, 1.3), (19, 24, 1.0))
    network = named(line_network())
    planned = DenseTravelTimes.build(network)
    book = RoadBook(network, planned, profiles)
    assert book.tables([], 0) is planned.tables
    assert book.tables([], 12 * 3600) is planned.tables
    assert book.tables([], 7 * 3600) is book.tables([], 18 * 3600)
    assert book.tables([], 7 * 3600) is not planned.tables
    # 10 s times 1.3, on any day.
    for day in (-1, 0, 1):
        assert book.tables([], day * DAY_S + 8 * 3600).to_s[1, 0] == 13
    known, same = change(100, 200, 2000), change(100, 200, 2000, 50, 7000)
    assert book.tables([known], 150) is book.tables([same], 150)
    assert book.tables([known, same], 150) is book.tables([same], 150)
    assert book.tables([known], 200) is planned.tables


def test_the_next_border_is_the_next_second_with_other_tables() -> None:
    profiles = hours((0, 7, 1.0), (7, 9, 1.3), (9, 12, 1.0), (12, 24, 1.0))
    book = book_of(named(line_network()), profiles)
    slow = change(100, 200, 2000, 8 * 3600, 13 * 3600)
    later = [
        (0, [], 7 * 3600),
        (7 * 3600, [], 9 * 3600),
        (9 * 3600, [], DAY_S + 7 * 3600),
        (-3600, [], 7 * 3600),
        (7 * 3600, [slow], 8 * 3600),
        (8 * 3600, [slow], 9 * 3600),
        (9 * 3600, [slow], 13 * 3600),
        (13 * 3600, [slow], DAY_S + 7 * 3600),
    ]
    for at_s, changes, border_s in later:
        for asked_s in (at_s, at_s + 1, at_s):
            assert book.next_border(changes, asked_s) == border_s


def test_roads_that_stay_as_they_are_have_no_border() -> None:
    book = book_of(named(line_network()))
    assert book.next_border([], 0) is None
    assert book.next_border([change(100, 200, begin_s=5, end_s=FURTHER_NOTICE_S)], 5) is None
    assert book.next_border([change(100, 200, begin_s=5, end_s=FURTHER_NOTICE_S)], 4) == 5
    assert book_of(named(line_network()), hours((0, 24, 1.2))).next_border([], 0) is None
    # A change that makes no difference: the stretch is closed already.
    closed = change(100, 200, begin_s=0, end_s=1000)
    assert book.next_border([closed, change(100, 200)], 50) == 1000


@given(
    borders=st.lists(st.integers(1, 23), unique=True, max_size=4),
    spans=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30), st.sampled_from([0, 1500])), max_size=3),
)
def test_borders_are_where_tables_differ(borders: list[int], spans: list[tuple[int, int, int]]) -> None:
    edges = [0, *sorted(borders), 24]
    profiles = hours(*((a, b, 1.0 + 0.5 * (k % 2)) for k, (a, b) in enumerate(pairwise(edges))))
    book = book_of(named(line_network(3)), profiles)
    changes = [change(0, 100, pm, 3600 * first, 3600 * (first + length)) for first, length, pm in spans]
    tables = [book.tables(changes, 3600 * hour) for hour in range(121)]
    for hour in range(72):
        differs = [later for later in range(hour + 1, 121) if tables[later] is not tables[hour]]
        expected = 3600 * differs[0] if differs else None
        assert book.next_border(changes, 3600 * hour) == expected


def test_all_states_of_a_day_are_computed_at_once_and_found_again(tmp_path: Path) -> None:
    network = named(line_network())
    profiles = hours((0, 7, 1.0), (7, 9, 1.3), (9, 24, 1.0))
    planned = DenseTravelTimes.build(network)
    counted: list[tuple[int, int]] = []
    closed = change(100, 200, begin_s=8 * 3600, end_s=FURTHER_NOTICE_S)

    def count(done: int, total: int) -> None:
        counted.append((done, total))

    # Planned, peak, peak and closed, closed; the planned one is there.
    assert RoadBook(network, planned, profiles, tmp_path).prepare([closed], 0, DAY_S, count) == 4
    assert counted == [(5, 15), (10, 15), (15, 15)]
    assert len(list(tmp_path.iterdir())) == 3
    assert RoadBook(network, planned, profiles, tmp_path).prepare([closed], 0, DAY_S, count) == 4
    assert len(counted) == 3


def test_parallel_roads_change_places_when_the_faster_one_is_slowed() -> None:
    # From 0 to 1 by R1 in 10 s or by another road in 12 s, 5 m shorter.
    network = build_network(
        tail=[0, 0, 1],
        head=[1, 1, 0],
        travel_ms=[10_000, 12_000, 10_000],
        length_m=[100, 95, 100],
        road_class=[2, 3, 2],
        lat=[0.0, 0.0],
        lon=[0.0, 100.0],
        reference_index=[1, 0, 1],
        references=("", "R1"),
        geometry_first=[0, 0, 1, 1],
        geometry_lat=[7.0],
        geometry_lon=[50.0],
        is_planar=True,
    )
    times = book_of(network).travel_times([change(0, 100, 1500)], 150)
    assert (times.seconds(0, 1), times.metres_along(0, 1)) == (12, 95)
    assert times.network.geometry_first.tolist() == [0, 1, 1, 1]


def test_a_copy_sent_to_another_process_answers_the_same() -> None:
    book = book_of(named(line_network()), hours((0, 7, 1.0), (7, 24, 1.3)))
    copy = pickle.loads(pickle.dumps(book))
    assert copy.travel_times([change(100, 200, 2000)], 150).seconds(0, 4) == 50
    assert copy.next_border([], 0) == 7 * 3600


def test_fixed_tables_hold_for_ever_and_refuse_changes() -> None:
    tables = DenseTravelTimes.build(named(line_network())).tables
    book = RoadBook.fixed(tables)
    assert book.tables([], 0) is book.tables([], 10 * DAY_S) is tables
    assert book.next_border([], 0) is None
    with pytest.raises(NoSuchRoadError, match=r"names road 1, .*; its roads carry no references"):
        book.check(change(100, 200))


# What is refused


def test_a_change_that_means_nothing_is_refused() -> None:
    book = book_of(named(line_network(), [(0, 1), (1, 2), (2, 3)]))
    book.check(change(100, 300))
    good = change(100, 300)
    for wrong, kind, message in (
        (
            replace(good, reference=0),
            NoSuchRoadError,
            r"names road 0, which line of 5 does not have; give one of 1 = R1$",
        ),
        (replace(good, reference=2), NoSuchRoadError, "names road 2"),
        (replace(good, reference=-1), NoSuchRoadError, "names road -1"),
        (replace(good, end_s=100), ClosureError, r"R1 ends \(100 s\) before or as it begins \(100 s\)"),
        (replace(good, end_s=50), ClosureError, r"R1 ends \(50 s\) before or as it begins \(100 s\)"),
        (replace(good, factor_pm=1000), ClosureError, "makes 1000 per mille .*; give more than 1000, or 0"),
        (replace(good, factor_pm=-5), ClosureError, "makes -5 per mille"),
        (replace(good, factor_pm=10**9), ProfileError, "a slowed road: arc .* is more than"),
        (replace(good, first_lat_e6=501_000_000), SnapError, "is 501 m from R1"),
        (change(100, 100), ClosureError, "is empty"),
    ):
        with pytest.raises(kind, match=message):
            book.check(wrong)


def test_a_road_is_numbered_by_each_of_its_names() -> None:
    shared = replace(named(line_network()), references=("", "4;293"))
    assert road_references(shared) == ("", "4", "293")
    book = book_of(shared)
    assert book.reference_of("293") == 2
    assert book.reference_name(2) == "293"
    with pytest.raises(NoSuchRoadError, match="has the reference 'R77'; it has 293, 4"):
        book.reference_of("R77")
    with pytest.raises(NoSuchRoadError, match="has the reference ''"):
        book.reference_of("")


# Sakura


def test_closing_r293_makes_the_way_to_kitsuregawa_longer_and_cuts_off_nothing() -> None:
    city = load_sakura_city()
    network = city.network
    book = book_of(network)
    closed = RoadChange(
        book.reference_of("R293"), 36_698_600, 140_013_000, 36_709_000, 140_023_300, 0, 0, FURTHER_NOTICE_S
    )
    before, after = book.travel_times([], 0), book.travel_times([closed], 0)
    places = {place.name.split(" (")[0]: place.node for place in city.places}
    station, crossing = places["Ujiie station"], places["Asahicho crossing"]
    assert before.seconds(station, crossing) == 805
    assert after.seconds(station, crossing) == 902
    assert before.seconds(crossing, station) < after.seconds(crossing, station) < 1000
    # From anywhere the way out of the stretch is short; the way in is the one thing that takes hours.
    in_s = after.matrix([station], np.arange(network.node_count))[0]
    out_s = after.matrix(np.arange(network.node_count), [station])[:, 0]
    assert out_s.max() < 3600
    on_it = np.flatnonzero(in_s >= WAY_IN_S)
    assert len(on_it) == 12
    assert network.lat[on_it].min() > 36.698
    assert network.lat[on_it].max() < 36.7105
    # Where nothing is closed arcs keep their time.
    far = int(np.flatnonzero(network.lat < 36.68)[0])
    assert after.seconds(station, far) == before.seconds(station, far)
    assert int(one_to_all(network, station)[crossing]) // MS_PER_S in (804, 805)
