"""The nearest point on a road: along real geometry, with a limit, alike for one and for many."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import NetworkError, SnapError
from routing.geometry import Projection, distance_m
from routing.network import Network, build_network
from routing.snapping import Snap, Snapper
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
