"""Turn restrictions of small files: each rule makes a way longer, or is counted with the reason why not.

The town, 90 m a step to the east and 111 m to the north::

    32 ===== 33 ===== 34        1: 21-22   2: 22-23   3: 12-22   4: 22-32   5: 21-11-12
     |                 |        6: 23-24   7: 23-13 (a dead end)
    22 --- 23 ------- 24        8: 32-33-34-24, faster than the rest
     |      |
    12     13                   Who comes from 21 and wants to 32 turns left at 22.
     |
    11 (west of 12, south of 21; 21 is west of 22)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from routing.errors import OsmFileError
from routing.network import Network
from routing.osm_assembly import ImportReport
from routing.osm_import import import_osm_file
from routing.osm_node_ids import COPY_STRIDE, copy_id, is_split, place_of
from routing.osm_restrictions import IgnoreReason, RestrictionCounts
from routing.osm_rules import Vehicle
from routing.road_lengths import road_km_by_class
from routing.snapping import Snapper
from routing.travel_times import DenseTravelTimes
from tests.routing_tests.osm_xml import Relation, grid_position, osm_xml, restriction, write_osm

STREET = {"highway": "residential"}
Ways = Mapping[int, tuple[Sequence[int], Mapping[str, str]]]
TOWN: Ways = {
    1: ((21, 22), STREET),
    2: ((22, 23), STREET),
    3: ((12, 22), STREET),
    4: ((22, 32), STREET),
    5: ((21, 11, 12), STREET),
    6: ((23, 24), STREET),
    7: ((23, 13), STREET),
    8: ((32, 33, 34, 24), {"highway": "primary"}),
    9: ((22, 44), {"highway": "footway"}),
}
STRAIGHT_LEFT = [21, 22, 32]
ROUND = [21, 12, 22, 32]  # over 11, which is only a bend: 111 + 90 + 111 + 111 = 423 m instead of 201 m
# Straight on, turning round at 23 and then right would be 90 + 90 + 90 + 111 = 381 m.


def imported(
    folder: Path, *relations: Relation, ways: Ways = TOWN, vehicle: Vehicle = Vehicle.MOTORCAR
) -> tuple[Network, ImportReport]:
    return import_osm_file(write_osm(folder, ways, relations=relations), vehicle=vehicle)


def route(network: Network, start: int, goal: int) -> list[int]:
    """OpenStreetMap nodes of the fastest way from the first node of a crossing to any node of another."""
    times = DenseTravelTimes.build(network)
    origin = network.node_id.tolist().index(start)
    goals = np.flatnonzero(place_of(network.node_id) == goal).tolist()
    path = times.path(origin, min(goals, key=lambda node: times.seconds(origin, node)))
    return [int(place) for place in place_of(network.node_id[path])]


def counts(report: ImportReport) -> RestrictionCounts:
    assert report.restrictions is not None
    return report.restrictions


def ignored(report: ImportReport) -> dict[IgnoreReason, int]:
    assert counts(report).applied == counts(report).in_file - sum(counts(report).ignored.values())
    return dict(counts(report).ignored)


def test_without_restrictions_turns_are_free(tmp_path: Path) -> None:
    network, report = imported(tmp_path)
    assert route(network, 21, 32) == STRAIGHT_LEFT
    assert report.restrictions == RestrictionCounts()
    assert report.nodes == report.nodes_unsplit == 7


def test_no_left_turn_lengthens_the_way_of_those_who_turn_left_only(tmp_path: Path) -> None:
    network, report = imported(tmp_path, restriction("no_left_turn", 1, 22, 4))
    assert route(network, 21, 32) == ROUND
    assert route(network, 21, 24) == [21, 22, 23, 24]
    assert route(network, 12, 32) == [12, 22, 32]
    assert route(network, 32, 21) == [32, 22, 21]
    # 22 for those from 21 and for all others, 23 for those who may not turn round there and all others.
    assert counts(report) == RestrictionCounts(
        in_file=1, applied=1, split_places=2, extra_nodes=2, u_turns_forbidden=1
    )
    assert (report.nodes_unsplit, report.nodes) == (7, 9)


def test_only_straight_on_forbids_every_other_turn(tmp_path: Path) -> None:
    network, report = imported(tmp_path, restriction("only_straight_on", 1, 22, 2))
    assert route(network, 21, 32) == ROUND
    assert route(network, 21, 24) == [21, 22, 23, 24]
    assert route(network, 32, 21) == [32, 22, 21]
    assert counts(report).applied == 1


def test_no_turn_via_a_way_binds_those_who_come_from_its_from_only(tmp_path: Path) -> None:
    network, report = imported(tmp_path, restriction("no_straight_on", 1, [2], 6))
    # By 32: 90 + 111 m at 25 km/h and 291 m at 45 km/h.
    assert route(network, 21, 24) == [21, 22, 32, 24]
    assert route(network, 12, 24) == [12, 22, 23, 24]
    assert route(network, 21, 13) == [21, 22, 23, 13]
    assert counts(report).applied == 1


def test_only_turn_via_a_way_binds_those_who_have_entered_the_way(tmp_path: Path) -> None:
    network, report = imported(tmp_path, restriction("only_straight_on", 1, [2], 6))
    assert route(network, 21, 13) == [21, 12, 22, 23, 13]
    assert route(network, 21, 24) == [21, 22, 23, 24]
    assert route(network, 21, 32) == STRAIGHT_LEFT  # it never enters way 2
    assert counts(report).applied == 1


def test_via_way_may_be_cut_by_crossings_and_continued_by_another(tmp_path: Path) -> None:
    ways = {**TOWN, 2: ((22, 23, 24), STREET), 6: ((24, 25), STREET), 10: ((25, 35), STREET)}
    ways[11] = ((35, 34), STREET)
    direct = [21, 22, 23, 24, 25]
    assert route(imported(tmp_path, ways=ways)[0], 21, 25) == direct
    network, report = imported(tmp_path, restriction("no_straight_on", 1, [2], 6), ways=ways)
    assert route(network, 21, 25) != direct
    assert counts(report).applied == 1
    network, report = imported(tmp_path, restriction("no_left_turn", 1, [2, 6], 10), ways=ways)
    assert route(network, 21, 25) == direct
    assert route(network, 21, 35)[:5] != direct
    assert counts(report).applied == 1


def test_no_entry_has_several_from_and_no_exit_several_to(tmp_path: Path) -> None:
    network, report = imported(tmp_path, restriction("no_entry", [1, 3], 22, 4))
    assert route(network, 21, 32) == [21, 22, 23, 24, 32]
    assert route(network, 12, 32) == [12, 22, 23, 24, 32]
    network, other = imported(tmp_path, restriction("no_exit", 1, 22, [2, 4]))
    assert route(network, 21, 24) == [21, 12, 22, 23, 24]
    assert counts(report).applied == counts(other).applied == 1
    assert ignored(imported(tmp_path, restriction("no_exit", [1, 3], 22, 4))[1]) == {
        IgnoreReason.BAD_MEMBERS: 1
    }


@pytest.mark.parametrize(
    ("exception", "exempt"),
    [
        ("bus", {Vehicle.BUS}),
        ("psv", {Vehicle.BUS, Vehicle.TAXI}),
        ("bicycle; bus", {Vehicle.BUS}),
        ("taxi;hgv", {Vehicle.TAXI}),
        ("motorcar", {Vehicle.MOTORCAR, Vehicle.TAXI}),
        ("bicycle", set()),
    ],
)
def test_exceptions_hold_for_the_vehicle_asked_for(
    tmp_path: Path, exception: str, exempt: set[Vehicle]
) -> None:
    tags = {"except": exception}
    for vehicle in Vehicle:
        network, report = imported(tmp_path, restriction("no_left_turn", 1, 22, 4, **tags), vehicle=vehicle)
        is_exempt = vehicle in exempt
        assert route(network, 21, 32) == (STRAIGHT_LEFT if is_exempt else ROUND)
        assert ignored(report) == ({IgnoreReason.EXEMPT: 1} if is_exempt else {})


def test_restriction_of_a_vehicle_holds_for_that_vehicle(tmp_path: Path) -> None:
    buses = restriction("", 1, 22, 4, restriction__bus="no_left_turn")
    network, report = imported(tmp_path, buses)
    assert (route(network, 21, 32), ignored(report)) == (STRAIGHT_LEFT, {IgnoreReason.OTHER_VEHICLE: 1})
    assert route(imported(tmp_path, buses, vehicle=Vehicle.BUS)[0], 21, 32) == ROUND
    old_style = restriction("no_left_turn", 1, 22, 4, type="restriction:hgv")
    assert ignored(imported(tmp_path, old_style)[1]) == {IgnoreReason.OTHER_VEHICLE: 1}


@pytest.mark.parametrize(
    "relation",
    [
        restriction("", 1, 22, 4, restriction__conditional="no_left_turn @ (Mo-Fr 07:00-09:00)"),
        restriction("no_left_turn", 1, 22, 4, hour_on="07:00", hour_off="09:00"),
    ],
)
def test_restriction_of_some_hours_is_counted_and_not_obeyed(tmp_path: Path, relation: Relation) -> None:
    network, report = imported(tmp_path, relation)
    assert (route(network, 21, 32), ignored(report)) == (STRAIGHT_LEFT, {IgnoreReason.CONDITIONAL: 1})
    assert "1 turn restrictions ignored: hold at some hours only" in network.notes


ONEWAY = {**TOWN, 4: ((22, 32), STREET | {"oneway": "-1"})}
UNCUT = {**TOWN, 1: ((21, 22, 23), STREET)}
del UNCUT[2]


@pytest.mark.parametrize(
    ("relation", "ways", "reason"),
    [
        (restriction("no_left_turn", 1, 22, 77), TOWN, IgnoreReason.MISSING_MEMBERS),
        (restriction("no_left_turn", 1, 99, 4), TOWN, IgnoreReason.MISSING_MEMBERS),
        (restriction("only_straight_on", 1, [77], 4), TOWN, IgnoreReason.MISSING_MEMBERS),
        (restriction("only_straight_on", 1, 22, 9), TOWN, IgnoreReason.CLOSED_MEMBERS),
        (restriction("no_left_turn", 1, [], 4), TOWN, IgnoreReason.BAD_MEMBERS),
        (restriction("no_left_turn", [1, 3], 22, 4), TOWN, IgnoreReason.BAD_MEMBERS),
        (restriction("no_parking", 1, 22, 4), TOWN, IgnoreReason.UNKNOWN_KIND),
        (restriction("", 1, 22, 4), TOWN, IgnoreReason.UNKNOWN_KIND),
        (restriction("only_left_turn", 1, 22, 4), ONEWAY, IgnoreReason.IMPOSSIBLE),
        (restriction("no_left_turn", 1, 22, 6), TOWN, IgnoreReason.IMPOSSIBLE),
        (restriction("no_left_turn", 1, [7], 4), TOWN, IgnoreReason.IMPOSSIBLE),
        (restriction("no_left_turn", 1, 22, 4), UNCUT, IgnoreReason.AMBIGUOUS),
        (restriction("no_u_turn", 7, 13, 7), TOWN, IgnoreReason.DEAD_END),
    ],
)
def test_restriction_that_cannot_be_obeyed_is_counted_with_its_reason(
    tmp_path: Path, relation: Relation, ways: Ways, reason: IgnoreReason
) -> None:
    network, report = imported(tmp_path, relation, ways=ways)
    assert ignored(report) == {reason: 1}
    assert report.counts()[f"restriction_{reason.value}"] == 1
    assert not is_split(network).any()
    assert network.notes == report.notes()


def test_no_u_turn_at_a_crossing_holds_without_a_split(tmp_path: Path) -> None:
    network, report = imported(tmp_path, restriction("no_u_turn", 2, 23, 2))
    assert counts(report) == RestrictionCounts(in_file=1, applied=1)
    assert not is_split(network).any()


def test_u_turns_are_made_at_dead_ends_only(tmp_path: Path) -> None:
    # Without ways 5 and 8 one must turn round: at the dead end 12 (90 + 3 * 111 = 423 m), not at 23 (381 m).
    ways = {number: way for number, way in TOWN.items() if number not in {5, 8}}
    network, report = imported(tmp_path, restriction("no_left_turn", 1, 22, 4), ways=ways)
    assert route(network, 21, 32) == [21, 22, 12, 22, 32]
    assert counts(report).u_turns_left == 0


def test_first_copy_keeps_the_id_and_the_others_add_to_it(tmp_path: Path) -> None:
    network, _ = imported(tmp_path, restriction("no_left_turn", 1, 22, 4))
    here = [int(node) for node in network.node_id if place_of(node.reshape(1))[0] == 22]
    assert here == [22, copy_id(22, 1)] == [22, 22 + COPY_STRIDE]
    assert network.node_id.tolist() == sorted(set(network.node_id.tolist()))
    for node in here:
        k = network.node_id.tolist().index(node)
        assert (network.lat[k], network.lon[k]) == pytest.approx(grid_position(22))
        assert is_split(network)[k]


def test_order_of_relations_and_ways_does_not_matter(tmp_path: Path) -> None:
    relations = [restriction("no_left_turn", 1, 22, 4), restriction("only_straight_on", 3, 22, 4)]
    one = imported(tmp_path, *relations)[0]
    other = imported(tmp_path, *reversed(relations), ways=dict(sorted(TOWN.items(), reverse=True)))[0]
    assert one.hash == other.hash


def test_road_length_counts_no_road_twice(tmp_path: Path) -> None:
    free = road_km_by_class(imported(tmp_path)[0])
    network, report = imported(tmp_path, restriction("no_left_turn", 1, 22, 4))
    assert road_km_by_class(network) == report.km_by_class == pytest.approx(free)
    assert report.unconnected_nodes == 0
    assert report.unconnected_km == pytest.approx(0.0)


def test_places_beside_a_split_crossing_move_to_the_end_that_is_one_node(tmp_path: Path) -> None:
    network, _ = imported(tmp_path, restriction("no_left_turn", 1, 22, 4))
    lat, lon = grid_position(22)
    snap = Snapper(network).snap(lat, lon - 0.0003)  # on way 1, 3 tenths of the way from 22 to 21
    assert network.node_id[snap.node] == 21
    assert snap.fraction in (pytest.approx(0.7), pytest.approx(0.3))


def test_file_whose_ids_leave_no_room_for_copies_is_refused(tmp_path: Path) -> None:
    text = osm_xml(TOWN, relations=[restriction("no_left_turn", 1, 22, 4)])
    path = tmp_path / "far.osm"
    path.write_text(text.replace('"24"', f'"{COPY_STRIDE + 24}"'), encoding="utf-8")
    with pytest.raises(OsmFileError, match=r"far\.osm: node .* renumber the nodes of the file"):
        import_osm_file(path)
