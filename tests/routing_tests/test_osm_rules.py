from __future__ import annotations

import pytest

from routing.network import RoadClass
from routing.osm_rules import (
    FREE_FLOW_KPH,
    DropReason,
    RoadRule,
    Vehicle,
    blocks_vehicles,
    classify_way,
    is_access_open,
    limit_kph,
)


def rule(**tags: str) -> RoadRule:
    found = classify_way({"highway": "residential"} | {key.replace("__", ":"): tags[key] for key in tags})
    assert isinstance(found, RoadRule)
    return found


def directions(**tags: str) -> tuple[bool, bool]:
    found = rule(**tags)
    return found.is_open_forward, found.is_open_backward


@pytest.mark.parametrize("value", ["yes", "true", "1", "YES"])
def test_oneway_is_open_along_the_way_only(value: str) -> None:
    assert directions(oneway=value) == (True, False)


@pytest.mark.parametrize("value", ["-1", "reverse"])
def test_reversed_oneway_is_open_against_the_way_only(value: str) -> None:
    assert directions(oneway=value) == (False, True)


@pytest.mark.parametrize("value", ["no", "false", "0", "alternating"])
def test_no_oneway_is_open_both_ways(value: str) -> None:
    assert directions(oneway=value) == (True, True)


def test_untagged_street_is_open_both_ways() -> None:
    assert directions() == (True, True)


def test_reversible_lane_is_dropped() -> None:
    assert classify_way({"highway": "primary", "oneway": "reversible"}) is DropReason.REVERSIBLE


def test_unknown_oneway_value_falls_back_to_the_default_and_is_counted() -> None:
    assert directions(oneway="yes; no") == (True, True)
    assert rule(oneway="yes; no").has_unread_tag
    assert directions(oneway="perhaps", junction="roundabout") == (True, False)


@pytest.mark.parametrize("junction", ["roundabout", "circular"])
def test_circle_implies_oneway(junction: str) -> None:
    assert directions(junction=junction) == (True, False)
    assert directions(junction=junction, oneway="-1") == (False, True)
    assert directions(junction=junction, oneway="no") == (True, True)


def test_motorway_implies_oneway_and_its_link_does_not() -> None:
    assert directions(highway="motorway") == (True, False)
    assert directions(highway="motorway", oneway="no") == (True, True)
    assert directions(highway="motorway_link") == (True, True)


@pytest.mark.parametrize(
    ("tags", "is_open"),
    [
        ({}, True),
        ({"access": "no"}, False),
        ({"access": "private"}, False),
        ({"access": "destination"}, True),
        ({"access": "permissive"}, True),
        ({"access": "customers"}, True),
        ({"access": "agricultural;forestry"}, False),
        ({"access": "agricultural;destination"}, True),
        ({"access": "no", "vehicle": "yes"}, True),
        ({"access": "yes", "vehicle": "no"}, False),
        ({"vehicle": "no", "motor_vehicle": "yes"}, True),
        ({"vehicle": "yes", "motor_vehicle": "private"}, False),
        ({"motor_vehicle": "no", "motorcar": "yes"}, True),
        ({"motor_vehicle": "yes", "motorcar": "no"}, False),
        ({"access": "no", "vehicle": "no", "motor_vehicle": "no", "motorcar": "designated"}, True),
    ],
)
def test_most_special_access_tag_decides(tags: dict[str, str], is_open: bool) -> None:
    assert is_access_open(tags) is is_open
    found = classify_way({"highway": "tertiary"} | tags)
    assert isinstance(found, RoadRule) if is_open else found is DropReason.NO_ACCESS


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"highway": "footway"}, DropReason.NOT_A_ROAD),
        ({"highway": "track"}, DropReason.NOT_A_ROAD),
        ({"highway": "construction"}, DropReason.NOT_BUILT),
        ({"highway": "proposed"}, DropReason.NOT_BUILT),
        ({"highway": "residential", "area": "yes"}, DropReason.AREA),
        ({"highway": "service", "service": "parking_aisle"}, DropReason.PARKING_AISLE),
        ({"route": "ferry"}, DropReason.FERRY),
        ({"route": "ferry", "highway": "primary"}, DropReason.FERRY),
    ],
)
def test_what_is_no_road_is_dropped_with_its_reason(tags: dict[str, str], reason: DropReason) -> None:
    assert classify_way(tags) is reason


def test_ways_that_are_no_highways_are_not_counted() -> None:
    assert classify_way({"waterway": "river"}) is None


def test_driveways_and_alleys_are_kept() -> None:
    assert isinstance(classify_way({"highway": "service", "service": "driveway"}), RoadRule)
    assert isinstance(classify_way({"highway": "service", "service": "alley"}), RoadRule)


def test_links_belong_to_the_class_they_link() -> None:
    assert rule(highway="trunk_link").road_class == RoadClass.TRUNK
    assert rule(highway="living_street").road_class == RoadClass.RESIDENTIAL


def test_every_class_has_a_free_flow_speed_and_they_fall_with_importance() -> None:
    speeds = [FREE_FLOW_KPH[road_class.name.lower()] for road_class in RoadClass]
    assert [road_class for road_class, _ in speeds] == list(RoadClass)
    assert [kph for _, kph in speeds] == [80.0, 50.0, 45.0, 40.0, 35.0, 30.0, 25.0, 15.0]


@pytest.mark.parametrize(
    ("value", "kph"),
    [
        ("40", 40.0),
        ("40 km/h", 40.0),
        ("30 mph", 30 * 1.609344),
        ("30mph", 30 * 1.609344),
        ("50;30", 30.0),
        ("walk", 7.0),
        ("none", None),
        ("JP:urban", None),
        ("0", None),
        ("fast", None),
    ],
)
def test_maxspeed_is_read_in_its_unit(value: str, kph: float | None) -> None:
    assert limit_kph(value) == (None if kph is None else pytest.approx(kph))


def test_posted_limit_replaces_the_speed_of_the_class_at_nine_tenths() -> None:
    # 0.9 * 60 = 54; 0.9 * 30 mph = 0.9 * 48.28032 = 43.452288
    assert rule(highway="trunk", maxspeed="60").forward_kph == pytest.approx(54.0)
    assert rule(highway="trunk", maxspeed="30 mph").backward_kph == pytest.approx(43.452288)


def test_limit_of_one_direction_holds_for_that_direction() -> None:
    found = rule(highway="primary", maxspeed="50", maxspeed__backward="30")
    assert [found.forward_kph, found.backward_kph] == pytest.approx([45.0, 27.0])


def test_limit_without_a_figure_leaves_the_speed_of_the_class() -> None:
    assert rule(maxspeed="signals").forward_kph == 25.0
    assert not rule(maxspeed="JP:urban").has_unread_tag
    assert rule(maxspeed="fast").has_unread_tag


def test_speeds_stay_within_what_a_van_drives() -> None:
    assert rule(maxspeed="1").forward_kph == 5.0
    assert rule(maxspeed="300").forward_kph == 130.0


@pytest.mark.parametrize(
    ("tags", "is_blocked"),
    [
        ({}, False),
        ({"barrier": "bollard"}, True),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, False),
        ({"barrier": "gate"}, False),
        ({"barrier": "gate", "access": "private"}, True),
        ({"barrier": "lift_gate", "access": "no", "motorcar": "permissive"}, False),
    ],
)
def test_bollards_stop_and_gates_let_through_unless_tagged(tags: dict[str, str], is_blocked: bool) -> None:
    assert blocks_vehicles(tags) is is_blocked


def test_reference_and_name_are_one_line_of_text() -> None:
    found = rule(ref=" 293 ", name="奥州\n街道")
    assert (found.reference, found.name) == ("293", "奥州 街道")


@pytest.mark.parametrize(
    ("tags", "open_for"),
    [
        ({"motor_vehicle": "no", "bus": "yes"}, {Vehicle.BUS}),
        ({"motor_vehicle": "no", "psv": "yes"}, {Vehicle.BUS, Vehicle.TAXI}),
        ({"access": "no", "taxi": "yes"}, {Vehicle.TAXI}),
        ({"motor_vehicle": "psv"}, {Vehicle.BUS, Vehicle.TAXI}),
        ({"motor_vehicle": "bus"}, {Vehicle.BUS}),
        ({"motorcar": "no"}, {Vehicle.BUS}),
        ({"psv": "no"}, {Vehicle.MOTORCAR}),
        ({}, set(Vehicle)),
    ],
)
def test_access_is_that_of_the_vehicle_asked_for(tags: dict[str, str], open_for: set[Vehicle]) -> None:
    assert {vehicle for vehicle in Vehicle if is_access_open(tags, vehicle)} == open_for
    barrier = {"barrier": "gate"} | tags
    assert {vehicle for vehicle in Vehicle if not blocks_vehicles(barrier, vehicle)} == open_for


def test_oneway_of_the_vehicle_goes_before_the_general_one() -> None:
    tags = {"highway": "residential", "oneway": "yes", "oneway:psv": "no"}
    for vehicle, is_both in ((Vehicle.MOTORCAR, False), (Vehicle.TAXI, True), (Vehicle.BUS, True)):
        found = classify_way(tags, vehicle)
        assert isinstance(found, RoadRule)
        assert (found.is_open_forward, found.is_open_backward) == (True, is_both)


@pytest.mark.parametrize(
    ("tags", "is_kept_out"),
    [
        ({"motor_vehicle:conditional": "no @ (Mo-Fr 07:30-08:30; Sa 09:00-12:00)"}, True),
        ({"access:conditional": "destination @ (22:00-06:00); no @ (PH)"}, True),
        ({"access:conditional": "no @ snow"}, True),
        ({"vehicle:conditional": "yes @ (06:00-22:00)"}, False),  # open is what it is anyway
        ({"motor_vehicle:conditional": "no @ (weight>3.5)"}, False),  # not for a van
        ({"access:conditional": "no @ (maxlength > 8)"}, False),
        ({"access:conditional": "no @ (PH)", "motorcar": "yes"}, False),  # the more special key decides
        ({"motor_vehicle": "no", "motor_vehicle:conditional": "yes @ (10:00-16:00)"}, True),
        ({"hgv:conditional": "no @ (22:00-06:00)"}, False),
    ],
)
def test_way_of_some_hours_is_kept_out(tags: dict[str, str], is_kept_out: bool) -> None:
    found = classify_way({"highway": "residential"} | tags)
    assert (found is DropReason.CONDITIONAL_ACCESS) is is_kept_out
    assert blocks_vehicles({"barrier": "gate"} | tags) is is_kept_out


def test_conditional_limit_and_direction_are_counted_and_the_plain_tag_holds() -> None:
    assert rule(maxspeed="40", maxspeed__conditional="30 @ (07:00-09:00)").has_conditional_tag
    assert rule(maxspeed="40", maxspeed__conditional="30 @ (07:00-09:00)").forward_kph == 36.0  # 0.9 * 40
    assert rule(oneway__conditional="yes @ (07:00-09:00)").has_conditional_tag
    assert directions(oneway__conditional="yes @ (07:00-09:00)") == (True, True)
    assert not rule(maxspeed="40").has_conditional_tag
