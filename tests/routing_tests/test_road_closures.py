"""Closed roads: the arcs that are meant, their weights by the second, and who is cut off."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import ClosureError, NoSuchRoadError, ProfileError, SnapError, WeightError
from routing.hierarchy import Hierarchy
from routing.network import Network, build_network
from routing.quantities import UNREACHABLE, UNREACHABLE_MS
from routing.road_closures import (
    Direction,
    RoadClosure,
    changes_s,
    closed_arcs,
    cut_off,
    weights_with,
)
from routing.road_stretches import Position
from routing.shortest_paths import one_to_all
from scenarios.sakura_network import load_sakura_city
from tests.builders import grid_network, line_network, network_of, random_network

R293 = ((36.6986, 140.0130), (36.7090, 140.0233))
"""The main way to Kitsuregawa."""


def with_road(network: Network, on: list[tuple[int, int]], reference: str = "R1") -> Network:
    """The network with a reference on the arcs between the given ends, in the directions given."""
    ends = zip(network.tail.tolist(), network.head.tolist(), strict=True)
    index = np.array([(tail, head) in on for tail, head in ends], np.int16)
    return replace(network, references=("", reference), reference_index=index)


def road(network: Network | None = None) -> Network:
    """0 - 1 - 2 - 3 - 4, all of it R1, 100 m between neighbours."""
    line = line_network() if network is None else network
    return replace(line, references=("", "R1"), reference_index=np.ones(line.arc_count, np.int16))


def closure(
    between: tuple[Position, Position] | None = None,
    direction: Direction = Direction.BOTH,
    slow_factor: float | None = None,
) -> RoadClosure:
    """R1 from second 100 to second 200; positions are (y, x) in metres."""
    return RoadClosure("R1", 100, 200, between, direction, slow_factor)


def ends_of(network: Network, arcs: npt.NDArray[np.integer]) -> list[tuple[int, int]]:
    """The arcs as pairs of nodes."""
    return list(zip(network.tail[arcs].tolist(), network.head[arcs].tolist(), strict=True))


# Which arcs


def test_a_whole_road_is_every_arc_of_it() -> None:
    network = with_road(line_network(), [(1, 2), (2, 1), (2, 3)])
    assert ends_of(network, closed_arcs(network, closure())) == [(1, 2), (2, 1), (2, 3)]
    assert closed_arcs(network, closure()).dtype == np.int32


def test_a_stretch_closes_the_arcs_between_its_positions_in_both_directions() -> None:
    # From x = 120 to x = 310: within 1-2, over 2-3, and 10 m of 3-4.
    found = ends_of(road(), closed_arcs(road(), closure(((0.0, 120.0), (0.0, 310.0)))))
    assert found == [(1, 2), (2, 1), (2, 3), (3, 2), (3, 4), (4, 3)]


@pytest.mark.parametrize(
    ("end_m", "is_closed"), [(300.0, False), (300.9, False), (301.0, True), (302.0, True)]
)
def test_an_arc_belongs_to_the_stretch_from_its_first_metre_on(end_m: float, is_closed: bool) -> None:
    found = ends_of(road(), closed_arcs(road(), closure(((0.0, 200.0), (0.0, end_m)))))
    assert ((3, 4) in found) == is_closed
    assert (1, 2) not in found


def test_a_direction_is_the_order_of_the_positions() -> None:
    west, east = (5.0, 100.0), (-5.0, 300.0)
    eastward, westward = [(1, 2), (2, 3)], [(2, 1), (3, 2)]
    for between, direction, wanted in (
        ((west, east), Direction.FORWARD, eastward),
        ((west, east), Direction.BACKWARD, westward),
        ((east, west), Direction.FORWARD, westward),
        ((east, west), Direction.BACKWARD, eastward),
    ):
        assert ends_of(road(), closed_arcs(road(), closure(between, direction))) == wanted


def test_a_stretch_within_one_arc_closes_that_arc() -> None:
    between = ((0.0, 220.0), (0.0, 240.0))
    assert ends_of(road(), closed_arcs(road(), closure(between))) == [(2, 3), (3, 2)]
    assert ends_of(road(), closed_arcs(road(), closure(between, Direction.FORWARD))) == [(2, 3)]


def test_other_roads_on_the_way_stay_open() -> None:
    # R1 goes round by the top row of the grid; the straight way along the bottom is not R1.
    top = [(4, 8), (8, 9), (9, 10), (10, 11), (11, 7)]
    both = top + [(head, tail) for tail, head in top]
    network = with_road(grid_network(), both)
    found = closed_arcs(network, closure(((250.0, 0.0), (250.0, 750.0))))
    assert ends_of(network, found) == sorted(both)


def test_the_carriageway_on_the_other_side_is_closed_too() -> None:
    # Eastward 0 -> 1 -> 2 at y = 0, westward 3 -> 4 -> 5 at y = 20; joined by cross streets that are not R1.
    east, west = [(0, 1), (1, 2)], [(3, 4), (4, 5)]
    network = network_of(
        [(*ends, 10_000) for ends in [*east, *west, (2, 3), (5, 0)]],
        places=[(0, 0), (100, 0), (200, 0), (200, 20), (100, 20), (0, 20)],
        metres=[100] * 4 + [20] * 2,
    )
    network = with_road(network, [*east, *west])
    between = ((0.0, 30.0), (-3.0, 80.0))  # both nearer to the eastward lanes
    assert ends_of(network, closed_arcs(network, closure(between))) == [(0, 1), (4, 5)]
    assert ends_of(network, closed_arcs(network, closure(between, Direction.FORWARD))) == [(0, 1)]
    assert ends_of(network, closed_arcs(network, closure(between, Direction.BACKWARD))) == [(4, 5)]


def test_a_one_way_road_is_closed_in_its_only_direction() -> None:
    network = with_road(line_network(), [(1, 2), (2, 3)])
    there = ((0.0, 100.0), (0.0, 300.0))
    assert ends_of(network, closed_arcs(network, closure(there))) == [(1, 2), (2, 3)]
    assert ends_of(network, closed_arcs(network, closure(there[::-1]))) == [(1, 2), (2, 3)]
    with pytest.raises(ClosureError, match=r"R1 does not lead from \(0.0, 100.0\) to .* in that direction"):
        closed_arcs(network, closure(there, Direction.BACKWARD))


def test_the_long_way_round_a_one_way_ring_is_not_the_other_direction() -> None:
    # 40 nodes on a circle of 4 km, 100 m from one to the next.
    turns = [2 * math.pi * node / 40 for node in range(40)]
    places = [(637.0 * math.cos(turn), 637.0 * math.sin(turn)) for turn in turns]
    network = road(network_of([(node, (node + 1) % 40, 10_000) for node in range(40)], places=places))
    found = closed_arcs(network, closure((places[5][::-1], places[7][::-1])))
    assert ends_of(network, found) == [(5, 6), (6, 7)]


def test_a_bend_is_followed_and_measured_along_its_geometry() -> None:
    # One arc there and back between (0, 0) and (200, 0) by way of (100, 100); the second arc goes on east.
    network = build_network(
        tail=[0, 1, 1, 2],
        head=[1, 0, 2, 1],
        length_m=[283, 283, 100, 100],
        travel_ms=[1000] * 4,
        road_class=[1] * 4,
        lat=[0.0, 0.0, 0.0],
        lon=[0.0, 200.0, 300.0],
        geometry_first=[0, 1, 2, 2, 2],
        geometry_lat=[100.0, 100.0],
        geometry_lon=[100.0, 100.0],
        reference_index=[1] * 4,
        references=("", "R1"),
        is_planar=True,
    )
    near_the_bend = ((101.0, 100.0), (0.0, 200.0))
    assert closed_arcs(network, closure(near_the_bend)).tolist() == [0, 1]
    beyond = ((0.0, 200.0), (0.0, 250.0))
    assert closed_arcs(network, closure(beyond)).tolist() == [2, 3]


@given(seed=st.integers(0, 500), x=st.integers(0, 1000), y=st.integers(0, 1000))
def test_any_stretch_of_a_road_that_is_everywhere_is_some_of_its_arcs(seed: int, x: int, y: int) -> None:
    network = road(random_network(seed))
    stretch = RoadClosure("R1", 0, 1, ((float(x), 0.0), (float(y), 900.0)), limit_m=math.inf)
    try:
        found = closed_arcs(network, stretch)
    except ClosureError as error:
        assert "is empty" in str(error)  # noqa: PT017  (any other refusal is a fault here)
        return
    assert len(found)
    assert (np.diff(found) > 0).all()


# What is refused


def test_a_road_that_is_not_there_is_named_with_the_nearest() -> None:
    network = load_sakura_city().network
    with pytest.raises(NoSuchRoadError, match=r"has the reference 'R239'; did you mean 'R293'\?$"):
        closed_arcs(network, RoadClosure("R239", 0, 1))
    with pytest.raises(NoSuchRoadError, match=r"'bypass'; it has P114, P125, .* and 1 more$"):
        closed_arcs(network, RoadClosure("bypass", 0, 1))
    with pytest.raises(NoSuchRoadError, match="the reference ''; it has"):
        closed_arcs(network, RoadClosure("", 0, 1))


def test_either_name_of_a_shared_stretch_finds_it() -> None:
    shared = replace(road(), references=("", "4;293"))
    for name in ("4", "293"):
        assert len(closed_arcs(shared, RoadClosure(name, 0, 1))) == 8
    with pytest.raises(NoSuchRoadError, match=r"it has 293, 4$"):
        closed_arcs(shared, RoadClosure("R77", 0, 1))


def test_an_empty_stretch_is_refused() -> None:
    with pytest.raises(ClosureError, match=r"the closed stretch of R1 is empty: \(0.0, 150.0\) and"):
        closed_arcs(road(), closure(((0.0, 150.0), (9.0, 150.0))))
    with pytest.raises(ClosureError, match="is empty"):
        closed_arcs(road(), closure(((0.0, 199.5), (0.0, 200.5))))


def test_a_position_far_from_the_road_is_refused() -> None:
    with pytest.raises(SnapError, match=r"\(501.0, 150.0\) is 501 m from R1; the limit is 500 m"):
        closed_arcs(road(), closure(((501.0, 150.0), (0.0, 300.0))))
    assert len(closed_arcs(road(), closure(((500.0, 150.0), (0.0, 300.0))))) == 4
    for wrong in (math.nan, math.inf):
        with pytest.raises(SnapError, match="is no place; give y and x in metres"):
            closed_arcs(road(), closure(((0.0, wrong), (0.0, 300.0))))
    with pytest.raises(SnapError, match=r"\(140.013, 36.6986\) is no place"):
        closed_arcs(load_sakura_city().network, RoadClosure("R293", 0, 1, (R293[0][::-1], R293[1])))


def test_a_gap_between_the_positions_is_refused() -> None:
    network = with_road(line_network(), [(0, 1), (1, 0), (3, 4), (4, 3)])
    with pytest.raises(ClosureError, match="it has a gap between them"):
        closed_arcs(network, closure(((0.0, 50.0), (0.0, 350.0))))


def test_a_closure_without_time_factor_or_meaning_is_refused() -> None:
    with pytest.raises(ClosureError, match=r"R1 ends \(5 s\) before or as it begins \(5 s\)"):
        RoadClosure("R1", 5, 5)
    for factor in (1.0, 0.5, math.inf, math.nan):
        with pytest.raises(ClosureError, match="give a number above 1"):
            closure(slow_factor=factor)
    with pytest.raises(ClosureError, match="has a direction but no positions"):
        closure(direction=Direction.FORWARD)
    with pytest.raises(ClosureError, match="has a limit of -1 m"):
        RoadClosure("R1", 0, 1, limit_m=-1)


# Weights


def test_a_closure_holds_from_its_first_second_to_before_its_last() -> None:
    network = road()
    for at_s, is_closed in ((99, False), (100, True), (199, True), (200, False)):
        weights = weights_with(network, network.travel_ms, [closure()], at_s)
        assert (weights == UNREACHABLE).all() == is_closed
        assert (weights == 10_000).all() != is_closed
    assert changes_s([closure(), RoadClosure("R1", 0, 100)]) == (0, 100, 200)


def test_the_strongest_of_several_closures_counts() -> None:
    network = road()
    first, all_of_it = ((0.0, 0.0), (0.0, 200.0)), ((0.0, 0.0), (0.0, 400.0))
    closures = [
        closure(all_of_it, slow_factor=1.5),
        closure(first, Direction.FORWARD, slow_factor=2.00005),
        closure(((0.0, 300.0), (0.0, 400.0)), Direction.BACKWARD),
    ]
    for given_in in (closures, closures[::-1]):
        weights = weights_with(network, network.travel_ms, given_in, 150)
        by_ends = dict(zip(ends_of(network, np.arange(8)), weights.tolist(), strict=True))
        # 10,000 * 2.00005 = 20,000.5, half up.
        assert by_ends[0, 1] == by_ends[1, 2] == 20_001
        assert by_ends[1, 0] == by_ends[2, 3] == by_ends[3, 4] == 15_000
        assert by_ends[4, 3] == UNREACHABLE
    assert not weights.flags.writeable


def test_what_was_closed_before_stays_closed() -> None:
    network = road()
    base = np.where(np.arange(8) == 0, UNREACHABLE, 10_000)
    assert weights_with(network, base, [closure(slow_factor=2.0)], 150)[0] == UNREACHABLE
    assert weights_with(network, base, [], 150).tolist() == base.tolist()


def test_weights_that_are_none_are_refused() -> None:
    with pytest.raises(WeightError, match="give one weight for each"):
        weights_with(road(), [1, 2], [closure()], 150)
    with pytest.raises(ProfileError, match=r"a slowed road: arc 0 of 10000 ms times 1e\+06 is more than"):
        weights_with(road(), road().travel_ms, [closure(slow_factor=1e6)], 150)


# Who is cut off


def test_nobody_is_cut_off_where_there_is_another_way() -> None:
    network = with_road(grid_network(), [(0, 1), (1, 0)])
    closed = weights_with(network, network.travel_ms, [closure()], 150)
    assert cut_off(network, network.travel_ms).tolist() == []
    assert cut_off(network, closed).tolist() == []


def test_the_smaller_part_is_cut_off() -> None:
    network = with_road(line_network(), [(1, 2), (2, 1)])
    closed = weights_with(network, network.travel_ms, [closure()], 150)
    assert cut_off(network, closed).tolist() == [0, 1]
    # One direction is enough: 0 and 1 are still left for the rest, but no longer reached.
    one_way = weights_with(
        network, network.travel_ms, [closure(((0.0, 100.0), (0.0, 200.0)), Direction.BACKWARD)], 150
    )
    assert cut_off(network, one_way).tolist() == [0, 1]
    assert cut_off(line_network(2), [UNREACHABLE, 5]).tolist() == [1]
    with pytest.raises(WeightError, match="the weight of arc 0 is -1"):
        cut_off(line_network(2), [-1, 5])


@given(seed=st.integers(0, 2000))
def test_whoever_is_not_cut_off_reaches_all_others_who_are_not(seed: int) -> None:
    network = random_network(seed)
    generator = np.random.default_rng(seed)
    weights = np.where(generator.random(network.arc_count) < 0.4, UNREACHABLE, network.travel_ms)
    lost = cut_off(network, weights)
    kept = np.setdiff1d(np.arange(network.node_count), lost)
    metric = Hierarchy.build(network).customise(weights)
    matrix = metric.matrix(np.arange(network.node_count), np.arange(network.node_count))
    assert (matrix[np.ix_(kept, kept)] != UNREACHABLE).all()
    one = int(kept[0])
    assert ((matrix[lost, one] == UNREACHABLE) | (matrix[one, lost] == UNREACHABLE)).all()


# Sakura


def test_closing_r293_before_kitsuregawa_makes_the_way_longer_and_cuts_off_the_stretch_alone() -> None:
    city = load_sakura_city()
    network = city.network
    stretch = RoadClosure("R293", 7 * 3600, 19 * 3600, R293)
    arcs = closed_arcs(network, stretch)
    on_it = np.unique(network.tail[arcs])
    assert network.lat[on_it].min() > 36.698
    assert network.lat[on_it].max() < 36.7105
    weights = weights_with(network, network.travel_ms, [stretch], 7 * 3600)
    assert set(cut_off(network, weights).tolist()) < set(on_it.tolist())

    named = {place.name.split(" (")[0]: place.node for place in city.places}
    station, crossing = named["Ujiie station"], named["Asahicho crossing"]
    metric = Hierarchy.build(network).customise(weights)
    for origin, destination in ((station, crossing), (crossing, station)):
        before_ms = int(one_to_all(network, origin)[destination])
        assert before_ms < UNREACHABLE_MS
        detour_s = (metric.distance(origin, destination) - before_ms) / 1000
        # 13.4 min becomes 15.0 min by P180 and the lanes beside it.
        assert 60 < detour_s < 600
