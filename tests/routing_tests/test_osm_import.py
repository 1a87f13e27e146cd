from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from routing.errors import OsmFileError
from routing.network import Confidence, Network, RoadClass
from routing.osm_import import import_osm_file
from routing.osm_restrictions import IgnoreReason
from routing.osm_rules import DropReason
from tests.routing_tests.osm_xml import STEP_M, extract, osm_xml, write_osm

STREET = {"highway": "residential"}


def arcs(network: Network) -> set[tuple[int, int]]:
    return {
        (int(network.node_id[tail]), int(network.node_id[head]))
        for tail, head in zip(network.tail, network.head, strict=True)
    }


def both_ways(*pairs: tuple[int, int]) -> set[tuple[int, int]]:
    return {pair for a, b in pairs for pair in ((a, b), (b, a))}


def test_nodes_are_crossings_and_ends_and_the_rest_is_course(tmp_path: Path) -> None:
    # 1-11-21 north (11 only a bend), 21-22-23 east, 22-32 north: nodes 1, 21, 22, 23, 32
    ways = {1: ((1, 11, 21), STREET), 2: ((21, 22, 23), STREET), 3: ((22, 32), STREET)}
    network, report = import_osm_file(write_osm(tmp_path, ways))
    assert network.node_id.tolist() == [1, 21, 22, 23, 32]
    assert arcs(network) == both_ways((1, 21), (21, 22), (22, 23), (22, 32))
    bend = network.tail.tolist().index(0)
    assert network.geometry_lat[network.geometry_first[bend] : network.geometry_first[bend + 1]].tolist() == [
        36.001
    ]
    assert (report.nodes, report.arcs) == (5, 8)


def test_length_follows_the_course_and_time_the_speed_of_the_class(tmp_path: Path) -> None:
    network, _ = import_osm_file(
        write_osm(tmp_path, {7: ((100, 101, 102), STREET | {"ref": "48", "name": "県道"})})
    )
    # 2 * 111.195 m = 222.39 m; at 25 km/h 222.39 * 3600 / 25 = 32,024 ms
    assert network.length_m.tolist() == [222, 222]
    assert network.travel_ms.tolist() == [32024, 32024]
    assert network.references[int(network.reference_index[0])] == "48"
    assert network.names[int(network.name_index[0])] == "県道"
    assert network.way_id.tolist() == [7, 7]
    assert set(network.confidence.tolist()) == {Confidence.SURVEYED}
    assert set(network.road_class.tolist()) == {RoadClass.RESIDENTIAL}
    assert not network.is_approximate


def test_posted_limit_sets_the_time(tmp_path: Path) -> None:
    ways = {1: ((100, 101), STREET | {"maxspeed": "20 mph"})}
    network, _ = import_osm_file(write_osm(tmp_path, ways))
    # 111.195 m at 0.9 * 20 * 1.609344 = 28.968 km/h: 111.195 * 3600 / 28.968192 = 13,819 ms
    assert network.travel_ms.tolist() == [13819, 13819]


def test_oneway_ring_runs_in_its_direction(tmp_path: Path) -> None:
    ring = {1: ((1, 2), STREET | {"oneway": "yes"}), 2: ((2, 12), STREET | {"oneway": "yes"})}
    back = {3: ((1, 12), STREET | {"oneway": "-1"})}
    network, _ = import_osm_file(write_osm(tmp_path, ring | back))
    assert arcs(network) == {(1, 2), (2, 12), (12, 1)}


def test_roundabout_is_oneway_and_joined_where_roads_meet_it(tmp_path: Path) -> None:
    ways = {
        1: ((11, 12, 22, 21, 11), STREET | {"junction": "roundabout"}),
        2: ((12, 13), STREET),
        3: ((21, 31), STREET),
    }
    network, report = import_osm_file(write_osm(tmp_path, ways))
    assert arcs(network) == {(11, 12), (12, 21), (21, 11)} | both_ways((12, 13), (21, 31))
    assert report.split_loops == 0


def test_street_that_returns_to_its_start_is_kept_in_halves(tmp_path: Path) -> None:
    ways = {1: ((1, 2), STREET), 2: ((2, 3, 13, 12, 2), STREET)}
    network, report = import_osm_file(write_osm(tmp_path, ways))
    assert arcs(network) == both_ways((1, 2), (2, 13))
    assert network.arc_count == 6  # two parallel halves, both ways
    assert (report.split_loops, report.self_loops) == (1, 0)


def test_node_named_twice_in_a_row_is_a_self_loop_and_dropped(tmp_path: Path) -> None:
    network, report = import_osm_file(write_osm(tmp_path, {1: ((1, 1, 2), STREET), 2: ((2, 2), STREET)}))
    assert arcs(network) == both_ways((1, 2))
    assert report.self_loops == 2


def test_clipped_way_is_cut_where_its_node_is_missing(tmp_path: Path) -> None:
    ways = {1: ((1, 2, 3, 4, 5), STREET), 2: ((1, 11, 15, 5), STREET), 3: ((8, 9), STREET)}
    network, report = import_osm_file(write_osm(tmp_path, ways, missing=(3, 8, 9)))
    assert arcs(network) == both_ways((1, 2), (4, 5), (1, 5))
    assert (report.clipped_ways, report.missing_nodes) == (2, 3)


def test_copies_of_an_arc_are_dropped_and_the_fastest_kept(tmp_path: Path) -> None:
    ways = {1: ((1, 2), STREET), 2: ((1, 2), {"highway": "primary"}), 3: ((2, 1), STREET | {"oneway": "yes"})}
    network, report = import_osm_file(write_osm(tmp_path, ways))
    assert network.arc_count == 2
    assert network.way_id.tolist() == [2, 2]
    assert report.duplicate_arcs == 3


def test_parallel_roads_of_different_course_are_kept(tmp_path: Path) -> None:
    ways = {1: ((1, 3), STREET), 2: ((1, 12, 3), STREET)}
    network, report = import_osm_file(write_osm(tmp_path, ways))
    assert network.arc_count == 4
    assert report.duplicate_arcs == 0


def test_bollard_cuts_a_road_and_the_first_way_keeps_it_as_its_end(tmp_path: Path) -> None:
    ways = {
        1: ((1, 2, 3), STREET),
        2: ((1, 11, 13, 3), STREET),
    }
    network, report = import_osm_file(write_osm(tmp_path, ways, node_tags={2: {"barrier": "bollard"}}))
    assert arcs(network) == both_ways((1, 2), (1, 3))
    assert report.barriers == 1


def test_bollard_between_two_ways_separates_them(tmp_path: Path) -> None:
    ways = {1: ((1, 2), STREET), 2: ((2, 3), STREET), 3: ((1, 11, 13, 3), STREET)}
    network, _ = import_osm_file(write_osm(tmp_path, ways, node_tags={2: {"barrier": "bollard"}}))
    assert arcs(network) == both_ways((1, 2), (1, 3))


def test_bollard_on_a_crossing_of_roads_has_no_effect(tmp_path: Path) -> None:
    ways = {1: ((1, 2, 3), STREET), 2: ((2, 12), STREET)}
    network, report = import_osm_file(write_osm(tmp_path, ways, node_tags={2: {"barrier": "bollard"}}))
    assert arcs(network) == both_ways((1, 2), (2, 3), (2, 12))
    assert report.barriers == 0


def test_largest_connected_part_is_kept_and_the_rest_reported(tmp_path: Path) -> None:
    ways = {
        1: ((100, 101, 102, 103), STREET),
        2: ((103, 104), STREET),
        3: ((104, 105), STREET | {"oneway": "yes"}),  # nobody comes back from 105
        4: ((5, 6), STREET),
    }
    network, report = import_osm_file(write_osm(tmp_path, ways))
    assert network.node_id.tolist() == [100, 103, 104]
    assert report.unconnected_nodes == 3
    # 111 m of one-way street and 0.001 degrees of longitude: 111.195 * cos 36 = 89.96 -> 90 m
    assert report.unconnected_km == pytest.approx((STEP_M + 90) / 1000)


def test_report_counts_what_was_dropped_and_why(tmp_path: Path) -> None:
    ways = {
        1: ((1, 2), STREET | {"oneway": "sometimes"}),
        2: ((2, 3), STREET | {"access": "private"}),
        3: ((2, 4), {"highway": "footway"}),
        4: ((2, 5), {"highway": "primary", "oneway": "reversible"}),
        5: ((2, 6), {"route": "ferry"}),
        6: ((2, 7), {"waterway": "river"}),
    }
    path = write_osm(tmp_path, ways, relations=[({"type": "restriction", "restriction": "no_left_turn"}, [])])
    network, report = import_osm_file(path)
    assert report.dropped_ways == {
        DropReason.NOT_A_ROAD: 1,
        DropReason.FERRY: 1,
        DropReason.NO_ACCESS: 1,
        DropReason.REVERSIBLE: 1,
    }
    assert report.unread_tags == 1
    assert report.counts() == {
        "not_a_road": 1,
        "no_access": 1,
        "reversible": 1,
        "ferry": 1,
        "unread_tags": 1,
        "restriction_bad_members": 1,
    }
    assert network.notes == report.notes()
    assert "1 ways dropped: reversible lanes" in report.notes()
    assert list(report.km_by_class) == ["residential"]


def test_nodes_with_negative_ids_of_an_editor_are_read(tmp_path: Path) -> None:
    text = osm_xml({1: ((1, 2), STREET)}).replace('id="1"', 'id="-1"').replace('ref="1"', 'ref="-1"')
    path = tmp_path / "edited.osm"
    path.write_text(text, encoding="utf-8")
    network, _ = import_osm_file(path)
    assert network.node_id.tolist() == [-1, 2]


def test_compressed_and_plain_file_give_the_same_network(tmp_path: Path) -> None:
    ways = {1: ((1, 2, 12), STREET), 2: ((2, 3), STREET)}
    plain = write_osm(tmp_path, ways)
    packed = tmp_path / "town.osm.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert import_osm_file(plain)[0].hash == import_osm_file(packed)[0].hash


def test_order_of_ways_does_not_matter(tmp_path: Path) -> None:
    ways = {1: ((1, 2, 12), STREET), 2: ((2, 3), STREET), 3: ((12, 3), STREET)}
    one = import_osm_file(write_osm(tmp_path, ways))[0]
    other = import_osm_file(write_osm(tmp_path, dict(reversed(ways.items()))))[0]
    assert one.hash == other.hash


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("roads.txt", b"", "the name ends in '.txt'"),
        ("empty.osm", b"", "is empty"),
        ("page.osm", b"<html></html>", "cannot be read to its end"),
        ("torn.osm", osm_xml({1: ((1, 2), STREET)}).encode()[:-30], "cannot be read to its end"),
        (
            "torn.osm.gz",
            gzip.compress(osm_xml({1: ((1, 2), STREET)}).encode())[:-20],
            "cannot be read to its end",
        ),
        ("plain.osm.gz", osm_xml({1: ((1, 2), STREET)}).encode(), "is not gzip"),
        ("noise.osm.pbf", b"\x00\x00\x00\x0dno pbf at all", "cannot be read to its end"),
        ("river.osm", osm_xml({1: ((1, 2), {"waterway": "river"})}).encode(), "has no road"),
        ("oneway.osm", osm_xml({1: ((1, 2), STREET | {"oneway": "yes"})}).encode(), "in both directions"),
    ],
)
def test_file_that_gives_no_network_is_named_with_problem_and_remedy(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(OsmFileError) as caught:
        import_osm_file(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert problem in message
    assert "\n" not in message


def test_missing_file_and_folder_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "folder.osm").mkdir()
    with pytest.raises(OsmFileError, match="no such file"):
        import_osm_file(tmp_path / "nowhere.osm")
    with pytest.raises(OsmFileError, match="is a folder"):
        import_osm_file(tmp_path / "folder.osm")


def test_campo_grande_has_about_as_many_nodes_as_routingkit_finds() -> None:
    network, report = import_osm_file(extract("campo-grande.osm.gz"))
    assert 8_000 <= report.nodes_unsplit <= 8_500  # RoutingKit: 8,198 nodes, 24,197 arcs
    assert network.arc_count == pytest.approx(24_197, rel=0.01)
    assert report.clipped_ways > 100
    assert set(report.km_by_class) == {
        "primary",
        "secondary",
        "tertiary",
        "unclassified",
        "residential",
        "service",
    }
    assert bool(np.all(network.travel_ms >= 1))


@pytest.mark.parametrize(
    ("name", "nodes", "km"), [("liechtenstein.osm.pbf", 3_250, 394), ("monaco.osm.gz", 518, 54)]
)
def test_other_extracts_give_one_connected_network(name: str, nodes: int, km: float) -> None:
    network, report = import_osm_file(extract(name))
    assert network.node_count == pytest.approx(nodes, rel=0.01)
    assert report.road_km == pytest.approx(km, rel=0.01)
    assert network.credits == ("© OpenStreetMap contributors, ODbL 1.0",)


def test_turn_restrictions_of_an_extract_are_obeyed_or_counted() -> None:
    network, report = import_osm_file(extract("liechtenstein.osm.pbf"))
    assert report.restrictions is not None
    assert (report.restrictions.in_file, report.restrictions.applied) == (3, 2)
    assert report.restrictions.ignored == {IgnoreReason.MISSING_MEMBERS: 1}
    assert (report.restrictions.split_places, report.restrictions.extra_nodes) == (2, 2)
    assert network.node_count == report.nodes == report.nodes_unsplit + 2
    assert report.restrictions.u_turns_left == 0


def test_torn_extract_is_refused(tmp_path: Path) -> None:
    whole = extract("liechtenstein.osm.pbf").read_bytes()
    torn = tmp_path / "torn.osm.pbf"
    torn.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(OsmFileError, match="truncated"):
        import_osm_file(torn)
