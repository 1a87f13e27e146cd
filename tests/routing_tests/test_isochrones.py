"""Areas within a time: every length by hand on tiny networks, the promises of the outline on random ones."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely  # type: ignore[import-untyped]  # ships no types
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import IsochroneError, NetworkError, SnapError
from routing.geometry import EARTH_RADIUS_M, Projection
from routing.isochrones import Isochrone, OutlineRules, find_isochrones, main_road_ends
from routing.network import Network, build_network
from routing.quantities import UNREACHABLE_MS
from routing.reach import find_reach, pair_roads, snap_places
from tests.builders import grid_network, line_network, network_of, one_way_ring, random_network

THIN = OutlineRules(beside_m=10.0, gap_m=0.0, hole_km2=0.0, simplify_m=0.0)
CORNER_LOSS = 0.02  # a quarter circle of 4 corners runs within 2 % of its radius


def area_of(band: Isochrone) -> Any:
    """The area, x = longitude and y = latitude."""
    return shapely.union_all(
        [
            shapely.Polygon(outer[:, ::-1], [hole[:, ::-1] for hole in holes])
            for outer, *holes in band.polygons
        ]
    )


def metres(network: Network, place: tuple[float, float], seconds: float, *, is_to: bool = False) -> float:
    """Metres of road reached; `place` is (x, y)."""
    bands = find_isochrones(network, [place[::-1]], [seconds / 60], is_to=is_to, rules=THIN).bands
    return bands[0].road_km * 1000


def placed(network: Network, lat: float, lon: float) -> Network:
    """A planar network moved to a place on the earth, metres kept."""
    lats, lons = Projection(lat, lon).to_latlon(network.lon, network.lat)
    return build_network(
        tail=network.tail, head=network.head, length_m=network.length_m, travel_ms=network.travel_ms,
        road_class=network.road_class, lat=lats, lon=lons, title=network.title,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("x", "seconds", "expected"),
    [
        (200.0, 5, 100.0),  # 10 m/s both ways from the middle node: 50 + 50
        (200.0, 10, 200.0),
        (200.0, 15, 300.0),
        (200.0, 60, 400.0),  # the whole line
        (230.0, 2, 40.0),  # within one road: 20 + 20
        (230.0, 5, 100.0),  # 30 back to the node, 20 beyond it, 50 ahead
        (0.0, 5, 50.0),  # the end of the line: one way only
    ],
)
def test_length_is_cut_where_the_time_runs_out(x: float, seconds: float, expected: float) -> None:
    assert metres(line_network(), (x, 0.0), seconds) == pytest.approx(expected)
    assert metres(line_network(), (x, 0.0), seconds, is_to=True) == pytest.approx(expected)


def test_area_ends_beside_the_cut() -> None:
    # From x = 200: 50 m each way, 10 m beside: 100 x 20 m and a circle of 10 m cut in two.
    band = find_isochrones(line_network(), [(0.0, 200.0)], [5 / 60], rules=THIN).bands[0]
    west, south, east, north = shapely.bounds(area_of(band))
    assert (west, south, east, north) == pytest.approx((140.0, -10.0, 260.0, 10.0), abs=0.02)
    # 16 triangles stand for the circle: 16 / 2 * sin(22.5 deg) * 100 m2
    circle_m2 = 8 * math.sin(math.pi / 8) * 100
    assert band.area_km2 * 1e6 == pytest.approx(2000 + circle_m2, abs=1)


def test_one_way_road_leads_one_way() -> None:
    # Nodes 100 m apart on a line, 10 s a hop: from x = 100 ahead only, to x = 100 from behind only.
    ring = network_of([(0, 1, 10_000), (1, 2, 10_000), (2, 0, 20_000)], metres=[100, 100, 200])
    ahead = find_isochrones(ring, [(0.0, 100.0)], [5 / 60], rules=THIN).bands[0]
    behind = find_isochrones(ring, [(0.0, 100.0)], [5 / 60], rules=THIN, is_to=True).bands[0]
    assert ahead.road_km == behind.road_km == pytest.approx(0.05)
    assert shapely.bounds(area_of(ahead))[[0, 2]] == pytest.approx([90.0, 160.0], abs=0.02)
    assert shapely.bounds(area_of(behind))[[0, 2]] == pytest.approx([40.0, 110.0], abs=0.02)


def test_place_between_the_ends_of_a_one_way_road_cannot_turn_back() -> None:
    # From x = 130 on 1 -> 2: 70 m to node 2 in 7 s, then 100 m of 2 -> 3 take 10 s: 30 m of it in 3 s.
    assert metres(one_way_ring(), (130.0, 0.0), 10) == pytest.approx(100.0)
    reach = find_reach(one_way_ring(), snap_places(one_way_ring(), [(0.0, 130.0)]))
    assert reach.time_ms.tolist() == [37_000, 47_000, 7_000, 17_000, 27_000]


def test_time_to_a_place_between_nodes_comes_from_both_sides() -> None:
    network = line_network()
    reach = find_reach(network, snap_places(network, [(0.0, 230.0)]), is_to=True)
    assert reach.time_ms.tolist() == [23_000, 13_000, 3_000, 7_000, 17_000]


def test_nearest_of_several_places_counts_and_far_ones_give_two_polygons() -> None:
    # 20 m around x = 0 (one side) and around x = 400 (one side): 40 m, two polygons.
    band = find_isochrones(line_network(), [(0.0, 0.0), (0.0, 400.0)], [2 / 60], rules=THIN).bands[0]
    assert band.road_km == pytest.approx(0.04)
    assert len(band.polygons) == 2
    both = find_reach(line_network(), snap_places(line_network(), [(0.0, 0.0), (0.0, 400.0)]))
    assert both.time_ms.tolist() == [0, 10_000, 20_000, 10_000, 0]


def test_overlapping_reaches_of_one_road_count_once() -> None:
    # Both ends of a 100 m road reached, 60 m from each: 100 m and not 120.
    network = line_network(2)
    band = find_isochrones(network, [(0.0, 0.0), (0.0, 100.0)], [6 / 60], rules=THIN).bands[0]
    assert band.road_km == pytest.approx(0.1)
    assert band.road_share == pytest.approx(1.0)


def test_bent_road_is_followed_to_the_cut() -> None:
    # 0 -> 1 over (100, 0) and (100, 50): 15 s of 25 s at 10 m/s is 150 m: the second bend.
    network = build_network(
        tail=[0, 1], head=[1, 0], length_m=[250, 206], travel_ms=[25_000, 20_600], road_class=[6, 6],
        lon=[0.0, 200.0], lat=[0.0, 50.0], geometry_first=[0, 2, 2], geometry_lon=[100.0, 100.0],
        geometry_lat=[0.0, 50.0], is_planar=True,
    )  # fmt: skip
    band = find_isochrones(network, [(0.0, 0.0)], [15 / 60], rules=THIN).bands[0]
    assert band.road_km == pytest.approx(0.15)
    assert shapely.bounds(area_of(band)) == pytest.approx((-10.0, -10.0, 110.0, 60.0), abs=0.02)
    assert not shapely.contains_xy(area_of(band), 120.0, 50.0)


def test_arcs_are_one_road_through_split_nodes_and_not_across_courses() -> None:
    # Nodes 1 and 2 stand at one place; 0 -> 1, 2 -> 0 and 1 -> 0 are one road, the longer 0 -> 2 is another.
    network = network_of(
        [(0, 1, 10_000), (2, 0, 10_000), (1, 0, 10_000), (0, 2, 15_000), (1, 2, 1)],
        places=[(0.0, 0.0), (100.0, 0.0), (100.0, 0.0)],
        metres=[100, 100, 100, 150, 0],
    )
    roads = pair_roads(network)
    # Arcs in the network's order: 0>1, 0>2, 1>0, 1>2, 2>0.
    assert roads.road.tolist() == [0, 1, 0, 3, 0]
    assert roads.is_back.tolist() == [False, False, True, False, True]
    band = find_isochrones(network, [(0.0, 0.0)], [1], rules=THIN).bands[0]
    assert (band.road_km, band.road_share) == (0.25, 1.0)


def test_forbidden_turn_keeps_an_area_from_growing() -> None:
    # 0 -> 1 or 2 at one place (100, 0): from 1 nothing leads on, from 2 to 3 it does. 0 -> 2 is not a road.
    network = network_of(
        [(0, 1, 10_000), (2, 3, 10_000), (3, 0, 10_000)],
        places=[(0.0, 0.0), (100.0, 0.0), (100.0, 0.0), (200.0, 0.0)],
        metres=[100, 100, 200],
    )
    assert metres(network, (0.0, 0.0), 60) == pytest.approx(100.0)


def test_dead_ends_of_main_roads_are_counted_where_they_are_reached() -> None:
    # The line of 5 as a trunk road with a street 2 - 5: ends 0 and 4, not 5.
    line = line_network()
    network = build_network(
        tail=[*line.tail, 2, 5], head=[*line.head, 5, 2], length_m=[*line.length_m, 100, 100],
        travel_ms=[*line.travel_ms, 1000, 1000], road_class=[1] * 8 + [6, 6],
        lat=[*line.lat, 100.0], lon=[*line.lon, 200.0], is_planar=True,
    )  # fmt: skip
    assert main_road_ends(network).tolist() == [True, False, False, False, True, False]
    found = find_isochrones(network, [(0.0, 100.0)], [5 / 60, 10 / 60, 30 / 60])
    assert [band.open_ends for band in found.bands] == [0, 1, 2]


def test_blocks_between_streets_are_closed_when_narrow_and_kept_when_wide() -> None:
    # A square of 4 nodes, 600 m a side, all reached: its inside is 500 x 500 m beside 50 m of street.
    square = grid_network(2, 2, seconds=60, metres=600)
    rules = {"beside_m": 50.0, "simplify_m": 0.0}
    kept = find_isochrones(square, [(0.0, 0.0)], [10], rules=OutlineRules(**rules, gap_m=100.0, hole_km2=0.2))
    small = find_isochrones(
        square, [(0.0, 0.0)], [10], rules=OutlineRules(**rules, gap_m=100.0, hole_km2=0.3)
    )
    narrow = find_isochrones(
        square, [(0.0, 0.0)], [10], rules=OutlineRules(**rules, gap_m=260.0, hole_km2=0.0)
    )
    assert [len(found.bands[0].polygons[0]) for found in (kept, small, narrow)] == [2, 1, 1]


def test_small_hole_stays_where_a_node_in_it_is_not_reached() -> None:
    # The square again; node 4 in its middle can be left, not entered.
    square = grid_network(2, 2, seconds=60, metres=600)
    network = build_network(
        tail=[*square.tail, 4], head=[*square.head, 0], length_m=[*square.length_m, 424],
        travel_ms=[*square.travel_ms, 1], road_class=[*square.road_class, 6],
        lat=[*square.lat, 300.0], lon=[*square.lon, 300.0], is_planar=True,
    )  # fmt: skip
    rules = OutlineRules(beside_m=50.0, gap_m=100.0, hole_km2=1.0, simplify_m=0.0)
    # 60 s each way: all but the street of 424 m, which leads out of the hole.
    band = find_isochrones(network, [(0.0, 0.0)], [2], rules=rules).bands[0]
    assert not band.is_reached[4]
    assert len(band.polygons[0]) == 2


def test_rings_turn_as_geojson_wants_and_are_closed() -> None:
    square = grid_network(2, 2, seconds=60, metres=600)
    rules = OutlineRules(beside_m=50.0, gap_m=100.0, hole_km2=0.1, simplify_m=0.0)
    outer, hole = find_isochrones(square, [(0.0, 0.0)], [10], rules=rules).bands[0].polygons[0]
    assert shapely.is_ccw(shapely.linearrings(outer[:, ::-1]))
    assert not shapely.is_ccw(shapely.linearrings(hole[:, ::-1]))
    assert outer[0].tolist() == outer[-1].tolist()
    assert not outer.flags.writeable


def test_area_on_the_earth_is_that_of_the_plane() -> None:
    plane = grid_network(6, 5)
    earth = placed(plane, 36.68, 139.96)
    lat, lon = float(earth.lat[14]), float(earth.lon[14])
    rules = OutlineRules(simplify_m=0.0)
    on_earth = find_isochrones(earth, [(lat, lon)], [1, 2], rules=rules).bands
    there = (float(plane.lat[14]), float(plane.lon[14]))
    in_plane = find_isochrones(plane, [there], [1, 2], rules=rules).bands
    for one, other in zip(on_earth, in_plane, strict=True):
        assert one.area_km2 == pytest.approx(other.area_km2, rel=2e-3)
        assert one.road_km == pytest.approx(other.road_km, rel=1e-3)


def test_area_of_a_large_cell_is_that_of_the_sphere() -> None:
    # One street of 1 degree north at 60 N, 1 km beside it: 111.195 km x 2 km and two half circles.
    network = build_network(
        tail=[0, 1], head=[1, 0], length_m=[111_195] * 2, travel_ms=[1000] * 2, road_class=[0, 0],
        lat=[59.5, 60.5], lon=[25.0, 25.0],
    )  # fmt: skip
    rules = OutlineRules(beside_m=1000.0, gap_m=0.0, simplify_m=0.0)
    band = find_isochrones(network, [(59.5, 25.0)], [1], rules=rules).bands[0]
    length_km = math.radians(1.0) * EARTH_RADIUS_M / 1000
    # East-west metres are those at the place itself, 59.5 N; in the mean of the street 1.5 % shorter.
    shrink = (math.sin(math.radians(60.5)) - math.sin(math.radians(59.5))) / (
        math.radians(1.0) * math.cos(math.radians(59.5))
    )
    assert band.area_km2 == pytest.approx(length_km * 2 * shrink + 3.06, abs=0.1)


def connected(seed: int) -> Network:
    """A random network larger than its outlines are wide: 10 km a side."""
    network = random_network(seed, nodes=14, extra_arcs=20)
    return build_network(
        tail=network.tail, head=network.head, length_m=network.length_m, travel_ms=network.travel_ms,
        road_class=network.road_class, lat=network.lat * 10, lon=network.lon * 10, is_planar=True,
    )  # fmt: skip


@given(seed=st.integers(0, 10_000), is_to=st.booleans(), node=st.integers(0, 13))
def test_outline_keeps_its_promises(seed: int, is_to: bool, node: int) -> None:
    network = connected(seed)
    place = (float(network.lat[node]), float(network.lon[node]))
    minutes = [0.01, 0.03, 0.06]  # arcs take 0.001 to 2 s
    rules = OutlineRules()
    found = find_isochrones(network, [place], minutes, is_to=is_to, rules=rules)
    reach = find_reach(network, found.origins, is_to=is_to)
    points = shapely.points(network.lon, network.lat)
    areas = [area_of(band) for band in found.bands]
    for band, area in zip(found.bands, areas, strict=True):
        assert shapely.is_valid(area)
        assert band.is_reached.tolist() == (reach.time_ms <= band.minutes * 60_000).tolist()
        assert shapely.contains(area, points[band.is_reached]).all()
        near_m = rules.beside_m - CORNER_LOSS * (rules.beside_m + 2 * rules.gap_m) - rules.simplify_m
        assert (shapely.distance(area.boundary, points[band.is_reached]) >= near_m).all()
        roads = drawn(network, reach.stretches(band.minutes * 60_000))
        late = points[~band.is_reached]
        is_far = shapely.distance(roads, late) > rules.tolerance_m + 0.1
        assert not shapely.contains(area, late[is_far]).any()
    for (smaller, larger), (less, more) in zip(pairwise(areas), pairwise(found.bands), strict=True):
        # Corners lie on a grid of 1 cm, so a border of the larger one may bend by that much.
        assert shapely.covers(shapely.buffer(larger, 0.02), smaller)
        assert less.area_km2 <= more.area_km2
        assert less.road_km <= more.road_km + 1e-9
        assert not (less.is_reached & ~more.is_reached).any()


def drawn(network: Network, stretches: Any) -> Any:
    """Straight arcs between the cuts, as one shape."""
    tail = network.tail
    xy = np.column_stack((network.lon, network.lat))
    lines = [
        shapely.linestrings([a + start * (b - a), a + end * (b - a)])
        for road, start, end in zip(*stretches, strict=True)
        for a, b in ((xy[tail[road]], xy[network.head[road]]),)
    ]
    return shapely.union_all(lines)


@given(seed=st.integers(0, 10_000), is_to=st.booleans(), share=st.floats(0.0, 1.0))
def test_times_between_nodes_are_those_of_a_network_with_a_node_there(
    seed: int, is_to: bool, share: float
) -> None:
    network = connected(seed)
    roads = pair_roads(network)
    arc = seed % network.arc_count
    tail, head = int(network.tail[arc]), int(network.head[arc])
    lat = float(network.lat[tail] + share * (network.lat[head] - network.lat[tail]))
    lon = float(network.lon[tail] + share * (network.lon[head] - network.lon[tail]))
    origin = snap_places(network, [(lat, lon)])[0]
    reach = find_reach(network, [origin], is_to=is_to)
    stretches = reach.stretches(UNREACHABLE_MS / 2)
    assert (stretches.end - stretches.start) == pytest.approx(np.ones(len(stretches.road)))
    assert len(stretches.road) == len(np.unique(roads.road))  # strongly connected: all is reached
    ends = {int(network.tail[origin.arc]), int(network.head[origin.arc])}
    assert min(reach.time_ms[list(ends)]) <= network.travel_ms[origin.arc]


@pytest.mark.parametrize(
    ("minutes", "problem"),
    [
        ([], "no minutes are given"),
        ([-1.0], "hold -1;"),
        ([10.0, 0.0], "hold 0;"),
        ([math.nan], "hold nan;"),
        ([math.inf], "hold inf;"),
        ([1441.0], "hold 1441; .*a day"),
        ([10.0, 5.0, 10.0], "10 twice"),
    ],
)
def test_wrong_minutes_are_named(minutes: list[float], problem: str) -> None:
    with pytest.raises(IsochroneError, match=problem):
        find_isochrones(line_network(), [(0.0, 0.0)], minutes)


def test_times_come_in_rising_order() -> None:
    found = find_isochrones(line_network(), [(0.0, 0.0)], [1440, 0.05, 0.1])
    assert [band.minutes for band in found.bands] == [0.05, 0.1, 1440]


def test_wrong_places_are_named() -> None:
    earth = placed(grid_network(), 36.68, 139.96)
    with pytest.raises(IsochroneError, match="no place"):
        find_isochrones(earth, [], [10])
    with pytest.raises(SnapError, match=r"139\.96,36\.68 is not in 'grid of 4 x 3'.*swapped.*latitude first"):
        find_isochrones(earth, [(139.96, 36.68)], [10])
    with pytest.raises(SnapError, match="from the nearest road"):
        find_isochrones(earth, [(36.9, 139.96)], [10])
    with pytest.raises(SnapError, match="is no place"):
        find_isochrones(earth, [(math.nan, 139.96)], [10])
    with pytest.raises(SnapError, match="swapped; give y, then x"):
        find_isochrones(line_network(40), [(3000.0, 0.0)], [10])


def test_network_without_a_road_is_refused() -> None:
    bare = build_network(
        tail=[], head=[], length_m=[], travel_ms=[], road_class=[], lat=[0.0], lon=[0.0], is_planar=True
    )
    with pytest.raises(NetworkError, match="has no road"):
        find_isochrones(bare, [(0.0, 0.0)], [10])


def test_area_across_the_180th_meridian_is_refused() -> None:
    network = placed(line_network(), -17.0, 179.9995)
    with pytest.raises(IsochroneError, match="180th meridian"):
        find_isochrones(network, [(float(network.lat[0]), float(network.lon[0]))], [1])


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"beside_m": 0.0}, "beside_m is 0.0"),
        ({"gap_m": -1.0}, "gap_m is -1.0"),
        ({"hole_km2": math.nan}, "hole_km2 is nan"),
        ({"simplify_m": 60.0}, "simplify_m is 60 m; give at most half of beside_m"),
    ],
)
def test_wrong_rules_are_named(wrong: dict[str, float], problem: str) -> None:
    with pytest.raises(IsochroneError, match=problem):
        OutlineRules(**wrong)


@pytest.mark.parametrize("is_to", [False, True])
def test_many_places_are_reached_alike_by_the_hierarchy_and_by_searches(
    is_to: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = network_of([(0, 1, 1000), (1, 2, 2000), (2, 0, 5000), (2, 3, 700), (4, 3, 900), (3, 5, 300)])
    places = snap_places(network, list(zip(network.lat, network.lon, strict=True))[:4])
    searched = find_reach(network, places, is_to=is_to).time_ms
    monkeypatch.setattr("routing.reach._HIERARCHY_FROM", 1)
    monkeypatch.setattr("routing.reach._AT_ONCE", 2)
    assert find_reach(network, places, is_to=is_to).time_ms.tolist() == searched.tolist()
    assert UNREACHABLE_MS in searched
