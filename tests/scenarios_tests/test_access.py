"""How riders meet a service: stops, phone hours, and who knows it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from maas.service_definition import CHANNELS
from scenarios.access import LineAccess, Stops
from scenarios.demand_day import ARRIVE_BY, DEPART_AFTER, DemandDay
from scenarios.demand_model import DemandModel
from scenarios.walking import Walking
from tests.scenarios_tests.cities import line_city, line_scenario, model_of, open_access


def test_services_meet_the_same_riders(tmp_path: Path, model: DemandModel) -> None:
    city = line_city()
    other = replace(
        open_access(city),
        stops=Stops(np.array([1, 9, 17, 28], np.int32), Walking((500,) * 4, (3.6,) * 4, 1.0)),
        has_app=False,
        phone_hours=(8 * 3600, 17 * 3600),
        awareness=0.4,
        is_for_visitors=False,
    )
    here, there = model.draw(1), model_of(line_scenario(tmp_path), city, other).draw(1)
    by_rider = np.argsort(here.rider), np.argsort(there.rider)
    for name in (
        "rider",
        "origin",
        "destination",
        "seats",
        "wheelchairs",
        "purpose",
        "max_shift_s",
        "is_no_show",
    ):
        assert np.array_equal(getattr(here, name)[by_rider[0]], getattr(there, name)[by_rider[1]]), name
    assert set(there.channel.tolist()) == {CHANNELS.index("phone")}
    assert len(there.asking()) < len(there)
    assert there.asking().is_resident.all()


def test_both_requests_of_a_traveller_know_the_service_or_neither(tmp_path: Path) -> None:
    city = line_city()
    access = replace(open_access(city), awareness=0.5)
    knows: dict[int, bool] = {}
    day = model_of(line_scenario(tmp_path), city, access).draw(2)
    for rider, known in zip(day.rider.tolist(), day.knows_service.tolist(), strict=True):
        assert knows.setdefault(rider // 2, known) == known
    assert {True, False} <= set(knows.values())


def test_riders_from_or_to_elsewhere_do_not_ask_a_service_of_one_area(tmp_path: Path) -> None:
    city = line_city()
    west = city.area_of_node == 0  # nodes 0 to 14
    everywhere = model_of(line_scenario(tmp_path), city).draw(1).asking()
    asking = model_of(line_scenario(tmp_path), city, replace(open_access(city), served=west)).draw(1).asking()
    is_inside = west[everywhere.origin] & west[everywhere.destination]
    assert 0 < is_inside.sum() < len(everywhere)
    assert asking.rider.tolist() == everywhere.rider[is_inside].tolist()


def test_line_that_serves_a_trip_decides_who_knows_it(tmp_path: Path) -> None:
    city = line_city()
    west, east = np.arange(30) < 15, np.arange(30) >= 15
    access = replace(
        open_access(city),
        awareness=0.0,
        lines=(LineAccess(west, west, 1.0, 7_200), LineAccess(east, west, 0.0, 0)),
    )
    day = model_of(line_scenario(tmp_path), city, access).draw(2)
    inside_west = (day.origin < 15) & (day.destination < 15)
    assert np.array_equal(day.knows_service, inside_west)
    # Riders of that line plan around its runs: two hours, where the city's own limits end at 90 minutes.
    assert set(day.max_shift_s[inside_west].tolist()) == {7_200}
    assert day.max_shift_s[~inside_west].max() <= 5_400


def test_call_outside_the_phone_hours_waits_for_the_opening(tmp_path: Path) -> None:
    city = line_city()
    scenario = line_scenario(tmp_path)
    free = model_of(scenario, city).draw(6)
    hours = (9 * 3600, 12 * 3600)
    held = model_of(scenario, city, replace(open_access(city), phone_hours=hours)).draw(6)
    before = dict(zip(free.rider.tolist(), free.booked_at_s.tolist(), strict=True))
    phoned = held.channel == CHANNELS.index("phone")
    for rider, booked, wish in zip(
        held.rider[phoned].tolist(),
        held.booked_at_s[phoned].tolist(),
        held.wish_s[phoned].tolist(),
        strict=True,
    ):
        second = booked % 86_400
        asked = before[rider] % 86_400
        if hours[0] <= asked < hours[1]:
            assert booked == before[rider]
        elif booked >= before[rider]:
            # Within ten minutes of an opening, and not after the trip.
            assert hours[0] <= second < hours[0] + 600
            assert booked <= wish
        else:
            assert booked < 0


def stop_day(model: DemandModel) -> DemandDay:
    access = replace(
        model.access,
        stops=Stops(np.array([1, 9, 17, 28], np.int32), Walking((500, 500, 500, 300), (3.6,) * 4, 1.25)),
    )
    return access.requests(model.trips(1), 1)


def test_riders_walk_to_the_nearest_stop_and_wish_from_there(model: DemandModel) -> None:
    day, doors = stop_day(model), model.draw(1)
    on_foot = day.wheelchairs == 0
    first = on_foot & (day.origin == 3)
    assert first.any()
    # From node 3 the stop at node 1 is 800 m away in a straight line, 1,000 m on foot, 1,000 s at 1 m/s.
    assert set(day.pickup[first].tolist()) == {1}
    assert set(day.walk_to_pickup_s[first].tolist()) == {1_000}
    assert day.walks_too_far[first].all()
    departs = on_foot & (day.time_kind == DEPART_AFTER)
    assert np.array_equal(day.wish_s[departs], (doors.wish_s + day.walk_to_pickup_s)[departs])
    arrives = on_foot & (day.time_kind == ARRIVE_BY)
    assert np.array_equal(day.wish_s[arrives], (doors.wish_s - day.walk_from_dropoff_s)[arrives])


def test_stop_within_the_walking_limit_of_the_age_is_not_too_far(model: DemandModel) -> None:
    day = stop_day(model)
    # 400 m in a straight line are 500 m on foot: within the limit up to 74 years, beyond it from 75.
    at_shop = (day.origin == 8) & (day.pickup == 9) & (day.walk_from_dropoff_s <= 500)
    assert at_shop.any()
    assert np.array_equal(day.walks_too_far[at_shop], day.age_band[at_shop] == 3)


def test_pickup_and_dropoff_are_two_stops(model: DemandModel) -> None:
    for seed in range(20):
        access = replace(
            model.access, stops=Stops(np.array([9, 28], np.int32), Walking((500,) * 4, (3.6,) * 4, 1.0))
        )
        day = access.requests(model.trips(seed), seed)
        on_foot = day.wheelchairs == 0
        assert np.all(day.pickup[on_foot] != day.dropoff[on_foot])


def test_wheelchair_users_are_met_at_the_door(model: DemandModel) -> None:
    stops = Stops(np.array([9, 28], np.int32), Walking((500,) * 4, (3.6,) * 4, 1.0))
    access = replace(model.access, stops=stops)
    days = [access.requests(model.trips(seed), seed) for seed in range(20)]
    for day in days:
        rolling = day.wheelchairs > 0
        assert np.array_equal(day.pickup[rolling], day.origin[rolling])
        assert np.array_equal(day.dropoff[rolling], day.destination[rolling])
        assert day.is_disabled[rolling].all()
    assert sum(int((day.wheelchairs > 0).sum()) for day in days) > 5
