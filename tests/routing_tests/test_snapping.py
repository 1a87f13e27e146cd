"""The nearest point on a road: along real geometry, with a limit, alike for one and for many."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import NetworkError, SnapError
from routing.geometry import Projection, distance_m
from routing.network import Network, RoadClass, build_network
from routing.snapping import KerbRule, Snap, Snapper
from tests.builders import grid_network, line_network, network_of, random_network


def bent_road() -> Network:
    """0 -> 1 over the inner points (100, 0) and (100, 50): 100 + 50 + 100 m; the way back is straight.

    Nodes at (x, y) = (0, 0) and (200, 50); the way back is 206.2 m.
    """
    return build_network(
        tail=[0, 1],
        head=[1, 0],
        length_m=[250, 206],
        travel_ms=[25_000, 20_600],
        road_class=[6, 6],
        lon=[0.0, 200.0],
        lat=[0.0, 50.0],
        geometry_first=[0, 2, 2],
        geometry_lon=[100.0, 100.0],
        geometry_lat=[0.0, 50.0],
        title="bent road",
        is_planar=True,
    )


def test_a_place_beside_the_line_moves_to_its_foot() -> None:
    # (x, y) = (130, 7): 7 m beside the arc 1 -> 2, 30 m after node 1. Arcs: 0: 0>1, 1: 1>0, 2: 1>2, ...
    snap = Snapper(line_network()).snap(7.0, 130.0)
    assert snap == Snap(arc=2, node=1, lat=0.0, lon=130.0, distance_m=7.0, fraction=0.3)


@pytest.mark.parametrize(("x", "node"), [(149.0, 1), (150.0, 1), (151.0, 2)])
def test_the_nearer_end_of_the_road_is_chosen_and_the_tail_at_half_way(x: float, node: int) -> None:
    assert Snapper(line_network()).snap(3.0, x).node == node


@pytest.mark.parametrize(("x", "fraction", "node"), [(-30.0, 0.0, 0), (430.0, 1.0, 4)])
def test_beyond_the_end_of_a_road_the_end_is_nearest(x: float, fraction: float, node: int) -> None:
    snap = Snapper(line_network()).snap(40.0, x)
    assert (snap.distance_m, snap.fraction, snap.node) == (50.0, fraction, node)  # 3-4-5 triangle: 30, 40, 50


def test_inner_points_count_not_the_straight_line_between_nodes() -> None:
    # (105, 20) is 5 m from the middle leg of the bent arc, at 100 + 20 of its 250 m.
    snap = Snapper(bent_road()).snap(20.0, 105.0)
    assert (snap.arc, snap.lat, snap.lon, snap.distance_m) == (0, 20.0, 100.0, 5.0)
    assert snap.fraction == pytest.approx(0.48)  # 120 / 250
    assert snap.node == 0


def test_the_second_half_of_a_bent_arc_belongs_to_its_head() -> None:
    # (180, 53): 3 m beside the last leg, at 150 + 80 of 250 m; the straight way back is 7.8 m away.
    snap = Snapper(bent_road()).snap(53.0, 180.0)
    assert (snap.arc, snap.node, snap.distance_m) == (0, 1, 3.0)
    assert snap.fraction == pytest.approx(0.92)


def test_of_both_directions_of_a_road_the_lowest_arc_is_named() -> None:
    snapper = Snapper(grid_network())
    assert snapper.snap(10.0, 125.0).arc == 0  # 0 -> 1, not 1 -> 0
    assert snapper.snap(0.0, 0.0).arc == 0  # node 0 itself lies on four arcs


def test_an_arc_without_length_is_a_point() -> None:
    same_place = network_of([(0, 1, 1_000), (1, 0, 1_000)], places=[(5.0, 5.0), (5.0, 5.0)])
    assert Snapper(same_place).snap(5.0, 8.0) == Snap(0, 0, 5.0, 5.0, 3.0, 0.0)


def test_the_limit_itself_is_accepted_and_more_is_not() -> None:
    snapper = Snapper(line_network())
    assert snapper.snap(500.0, 50.0).distance_m == 500.0
    with pytest.raises(SnapError) as caught:
        snapper.snap(500.1, 50.0)
    assert str(caught.value) == (
        "(500.1, 50.0) is 501 m from the nearest road of 'line of 5'; the limit is 500 m:"
        " move the point or raise the limit"
    )
    assert snapper.snap(500.1, 50.0, limit_m=501).distance_m == pytest.approx(500.1)
    assert snapper.snap(1e7, 50.0, limit_m=math.inf).distance_m == 1e7


def test_a_long_distance_is_written_with_separators() -> None:
    with pytest.raises(SnapError, match=r"is 12,346 m from .*; the limit is 1,000 m"):
        Snapper(line_network()).snap(12_345.5, 0.0, limit_m=1_000)


def test_many_places_are_columns_and_an_error_names_the_place() -> None:
    snapper = Snapper(line_network())
    snaps = snapper.snap_many([7.0, 0.0], [130.0, 399.0])
    assert snaps.arc.dtype == snaps.node.dtype == np.int32
    assert snaps.node.tolist() == [1, 4]
    with pytest.raises(SnapError, match=r"^point 1: \(600.0, 0.0\) is 600 m from"):
        snapper.snap_many([0.0, 600.0], [0.0, 0.0])
    with pytest.raises(SnapError, match=r"latitudes have shape \(2,\), longitudes \(1,\)"):
        snapper.snap_many([0.0, 1.0], [0.0])


def test_no_place_gives_no_snap() -> None:
    assert [len(column) for column in Snapper(line_network()).snap_many([], [])] == [0] * 6


@pytest.mark.parametrize("limit_m", [-1.0, math.nan])
def test_a_limit_below_zero_is_refused(limit_m: float) -> None:
    with pytest.raises(SnapError, match="give 0 m or more"):
        Snapper(line_network()).snap(0.0, 0.0, limit_m)


def test_a_network_without_roads_is_refused() -> None:
    with pytest.raises(NetworkError, match="has no road to move a place to"):
        Snapper(network_of([], places=[(0.0, 0.0)]))


def sakura_street() -> Network:
    """One two-way street of about 1.1 km to the north, near Ujiie station."""
    return build_network(
        tail=[0, 1],
        head=[1, 0],
        length_m=[1112, 1112],
        travel_ms=[100_000, 100_000],
        road_class=[6, 6],
        lat=[36.68, 36.69],
        lon=[139.96, 139.96],
        title="Sakura street",
    )


def test_on_the_globe_distances_are_metres() -> None:
    # 0.001 degrees east at 36.682 north: 111.195 m x cos 36.682 = 89.17 m; 0.002 of 0.010 degrees along.
    snap = Snapper(sakura_street()).snap(36.682, 139.961)
    assert snap.distance_m == pytest.approx(89.17, abs=0.02)
    assert (snap.lat, snap.lon) == pytest.approx((36.682, 139.96))
    assert snap.fraction == pytest.approx(0.2)


@pytest.mark.parametrize(("lat", "lon"), [(139.96, 36.68), (math.nan, 139.96), (36.68, math.inf)])
def test_swapped_or_missing_coordinates_are_refused(lat: float, lon: float) -> None:
    with pytest.raises(SnapError, match=r"is no place; give the latitude first"):
        Snapper(sakura_street()).snap(lat, lon)
    with pytest.raises(SnapError, match=r"^point 0: "):
        Snapper(sakura_street()).snap_many([lat], [lon])


def _nearest_by_hand(network: Network, x: float, y: float) -> float:
    """Distance to the nearest of all arcs, sampled finely; planar networks without inner points."""
    share = np.linspace(0.0, 1.0, 2001)
    tail, head = network.tail, network.head
    xs = network.lon[tail][:, None] * (1 - share) + network.lon[head][:, None] * share
    ys = network.lat[tail][:, None] * (1 - share) + network.lat[head][:, None] * share
    return float(np.hypot(xs - x, ys - y).min())


@given(seed=st.integers(0, 1_000), x=st.floats(-200, 1200), y=st.floats(-200, 1200))
def test_no_point_of_any_road_is_nearer(seed: int, x: float, y: float) -> None:
    network = random_network(seed)
    snap = Snapper(network).snap(y, x, limit_m=math.inf)
    # Samples are at most 1,414 m / 2,000 apart.
    assert _nearest_by_hand(network, x, y) == pytest.approx(snap.distance_m, abs=0.71)
    tail, head = network.tail[snap.arc], network.head[snap.arc]
    assert snap.lon == pytest.approx(
        network.lon[tail] + snap.fraction * (network.lon[head] - network.lon[tail])
    )
    assert snap.lat == pytest.approx(
        network.lat[tail] + snap.fraction * (network.lat[head] - network.lat[tail])
    )
    assert snap.node == (tail if snap.fraction <= 0.5 else head)


@given(seed=st.integers(0, 1_000))
def test_one_and_many_agree(seed: int) -> None:
    network = random_network(seed)
    snapper = Snapper(network)
    places = np.random.default_rng(seed).uniform(-100.0, 1100.0, (20, 2))
    many = snapper.snap_many(places[:, 0], places[:, 1], math.inf)
    for index, (lat, lon) in enumerate(places.tolist()):
        row = (column[index].item() for column in many)
        assert snapper.snap(lat, lon, math.inf) == Snap(*row)


def test_the_distance_reported_is_the_great_circle_to_the_point_reported() -> None:
    network = sakura_street()
    lat, lon = Projection(36.685, 139.96).to_latlon(-123.0, 45.0)
    snap = Snapper(network).snap(float(lat), float(lon))
    assert snap.distance_m == pytest.approx(float(distance_m(lat, lon, snap.lat, snap.lon)))
    assert snap.distance_m == pytest.approx(123.0, abs=0.1)


def avenue(road_class: RoadClass = RoadClass.SECONDARY) -> Network:
    """Nodes 0, 1 at x = 0, 100, y = 0, both ways; a one-way lane 0, 2, 3, 1 round by y = 30."""
    return build_network(
        tail=[0, 1, 2, 3, 0],
        head=[1, 0, 3, 1, 2],
        length_m=[100, 100, 100, 30, 30],
        travel_ms=[10_000, 10_000, 20_000, 3_000, 3_000],
        road_class=[road_class] * 5,
        lon=[0.0, 100.0, 0.0, 100.0],
        lat=[0.0, 0.0, 30.0, 30.0],
        is_planar=True,
        title="avenue",
    )


@pytest.mark.parametrize(
    ("y", "drives_on_left", "is_eastward"),
    [(5.0, True, True), (-5.0, True, False), (5.0, False, False), (-5.0, False, True)],
)
def test_a_vehicle_comes_past_the_kerb_of_the_place(
    y: float, drives_on_left: bool, is_eastward: bool
) -> None:
    stop = Snapper(avenue()).snap_to_kerb(y, 30.0, KerbRule(drives_on_left=drives_on_left))
    assert (stop.arrive_from, stop.depart_to) == ((0, 1) if is_eastward else (1, 0))
    assert stop.is_near_side
    assert (stop.lat, stop.lon, stop.distance_m) == (0.0, 30.0, 5.0)
    # 30 m of 100 m eastward, 70 m westward, at 100 ms a metre
    along = 0.3 if is_eastward else 0.7
    assert stop.fraction == pytest.approx(along)
    assert (stop.arrive_ms, stop.depart_ms) == (round(10_000 * along), 10_000 - round(10_000 * along))


def test_a_place_on_the_road_itself_has_both_kerbs() -> None:
    stop = Snapper(avenue()).snap_to_kerb(0.0, 30.0)
    assert (stop.arrive_from, stop.depart_to, stop.is_near_side) == (0, 1, True)


def test_one_way_roads_are_served_on_both_sides_unless_the_rule_says_otherwise() -> None:
    snapper = Snapper(avenue())
    # (50, 28) lies to the right of the lane from 2 to 3; the avenue passes it 28 m to the south, eastward.
    lane = snapper.snap_to_kerb(28.0, 50.0)
    assert (lane.arrive_from, lane.depart_to, lane.distance_m, lane.is_near_side) == (2, 3, 2.0, False)
    strict = snapper.snap_to_kerb(28.0, 50.0, KerbRule(is_either_side_of_oneways=False))
    assert (strict.arrive_from, strict.depart_to, strict.distance_m, strict.is_near_side) == (
        0,
        1,
        28.0,
        True,
    )


def test_narrow_roads_are_served_on_both_sides_and_on_the_near_one_if_it_can_be() -> None:
    snapper = Snapper(avenue(RoadClass.RESIDENTIAL))
    for y, ends in ((5.0, (0, 1)), (-5.0, (1, 0))):
        stop = snapper.snap_to_kerb(y, 30.0)
        assert (stop.arrive_from, stop.depart_to, stop.is_near_side) == (*ends, True)
    one_way = snapper.snap_to_kerb(28.0, 50.0, KerbRule(is_either_side_of_oneways=False))
    assert (one_way.arrive_from, one_way.depart_to, one_way.is_near_side) == (2, 3, False)


def test_a_place_with_roads_on_the_wrong_side_only_is_refused() -> None:
    street = network_of([(0, 1, 10_000), (1, 2, 10_000), (2, 0, 30_000)])
    rule = KerbRule(either_side_classes=frozenset(), is_either_side_of_oneways=False)
    assert Snapper(street).snap_to_kerb(3.0, 30.0, rule, limit_m=3.0).arc == 0
    # 3 m to the south of the road east; the way back west, on the same line, has it at its left
    assert Snapper(street).snap_to_kerb(-3.0, 30.0, rule).arrive_from == 2
    lone = Snapper(network_of([(0, 1, 10_000)]))
    with pytest.raises(SnapError) as caught:
        lone.snap_to_kerb(-3.0, 30.0, rule)
    assert str(caught.value) == (
        "(-3.0, 30.0) has no road within 500 m that passes on its kerb side; the nearest, 3 m away, passes on"
        " the other: raise the limit or except its class"
    )
    assert lone.snap_to_kerb(-3.0, 30.0, limit_m=math.inf).distance_m == 3.0


def test_kerb_stops_obey_the_limit_and_refuse_what_is_no_place() -> None:
    snapper = Snapper(sakura_street())
    assert snapper.snap_to_kerb(36.682, 139.961).distance_m == pytest.approx(89.17, abs=0.02)
    with pytest.raises(SnapError, match="the limit is 80 m"):
        snapper.snap_to_kerb(36.682, 139.961, limit_m=80.0)
    with pytest.raises(SnapError, match="is no place"):
        snapper.snap_to_kerb(139.96, 36.68)
    # East of a street to the north is its right: the vehicle comes from the north.
    assert snapper.snap_to_kerb(36.682, 139.961).arrive_from == 1
    assert snapper.snap_to_kerb(36.682, 139.959).arrive_from == 0


@given(seed=st.integers(0, 1_000))
def test_the_kerb_stop_of_an_excepted_road_is_as_near_as_any(seed: int) -> None:
    network = random_network(seed)
    snapper = Snapper(network)
    anywhere = KerbRule(either_side_classes=frozenset(RoadClass))
    for lat, lon in np.random.default_rng(seed).uniform(-100.0, 1100.0, (10, 2)).tolist():
        stop = snapper.snap_to_kerb(lat, lon, anywhere, math.inf)
        assert stop.distance_m == pytest.approx(snapper.snap(lat, lon, math.inf).distance_m)
        assert stop.arrive_ms + stop.depart_ms == network.travel_ms[stop.arc]
