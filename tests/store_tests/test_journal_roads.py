"""What a journal says about changing roads: every case is a sound record with one thing changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from maas.domain.commands import ChangeRoads, Wake
from maas.domain.events import (
    Event,
    PromiseBroken,
    RiderAlighted,
    RiderBoarded,
    RoadsChanged,
    TravelTimesChanged,
    VehicleDeparted,
)
from maas.domain.road_events import DropoffMoved
from maas.domain.values import BreachCause, PromiseEnd
from routing.network import ROAD_CLASSES
from routing.road_book import FURTHER_NOTICE_S as FAR_S
from routing.speed_profiles import SpeedPeriod, SpeedProfiles
from tests.store_tests.journals import EIGHT, HEADER, Day
from tests.store_tests.test_journal_check import PROMISE, after, findings, one_trip

ROAD = (1, 36_700_000, 140_000_000, 36_710_000, 140_010_000)


def road_told(day: Day, at: int, number: int, *times: int, then: tuple[Event, ...] = ()) -> Day:
    """A change of the road is told and recorded as it was; `times` = (per mille, begin, end)."""
    return day.hear(at, ChangeRoads(number, *ROAD, *times), RoadsChanged(number, *ROAD, *times), *then)


def test_roads_change_as_they_were_told() -> None:
    closed = (0, EIGHT + 50, EIGHT + 500)
    day = road_told(Day(), EIGHT, 1, *closed)
    day.hear(EIGHT + 50, Wake(), TravelTimesChanged(EIGHT + 50))
    day.hear(EIGHT + 500, Wake(), TravelTimesChanged(EIGHT + 500))
    assert findings(day) == []
    assert findings(day.hear(EIGHT + 600, Wake(), TravelTimesChanged(EIGHT + 600))) == [
        "record 4: travel times change without a change of the roads"
    ]
    at_once = road_told(Day(), EIGHT, 1, 0, EIGHT, EIGHT + 500, then=(TravelTimesChanged(EIGHT),))
    assert findings(at_once) == []
    assert findings(road_told(at_once, EIGHT + 1, 1, 0, EIGHT, EIGHT + 500)) == [
        "record 2: RoadsChanged 1 says what is known"
    ]
    assert after(Day(), RoadsChanged(1, *ROAD, *closed)) == ["record 1: RoadsChanged 1 is not what was told"]


@pytest.mark.parametrize(
    ("number", "times", "sentence"),
    [
        (0, (0, 10, 20), "RoadsChanged 0 names road 1; both count from 1"),
        (1, (1000, 10, 20), "RoadsChanged 1 makes 1000 per mille of the planned time"),
        (1, (-1, 10, 20), "RoadsChanged 1 makes -1 per mille of the planned time"),
        (1, (0, 20, 20), "RoadsChanged 1 ends at 20 s, not after its begin at 20 s"),
    ],
)
def test_a_change_of_the_roads_means_something(
    number: int, times: tuple[int, int, int], sentence: str
) -> None:
    assert findings(road_told(Day(), EIGHT, number, *times)) == [f"record 1: {sentence}"]


def test_travel_times_change_once_at_their_own_second() -> None:
    then = (TravelTimesChanged(EIGHT + 1), TravelTimesChanged(EIGHT + 1))
    assert findings(road_told(Day(), EIGHT, 1, 0, EIGHT, EIGHT + 9, then=then)) == [
        f"record 1: TravelTimesChanged names second {EIGHT + 1}; it happens at {EIGHT} s",
        "record 1: travel times change twice",
    ]


def test_hours_of_the_day_change_travel_times_at_any_second() -> None:
    profiles = SpeedProfiles((SpeedPeriod(0, 86_400, (1.0,) * len(ROAD_CLASSES)),), "test", True)
    day = Day(replace(HEADER, speed_profiles=profiles))
    assert findings(day.hear(EIGHT, Wake(), TravelTimesChanged(EIGHT))) == []


def test_only_changing_roads_break_a_promise_by_roads_and_set_riders_down_elsewhere() -> None:
    broken = PromiseBroken(1, 0, PromiseEnd.DROPOFF, PROMISE[2], PROMISE[2] + 9, BreachCause.ROADS)
    assert after(one_trip(), broken) == [
        "record 4: PromiseBroken of request 1 blames roads that did not change"
    ]
    switch = (TravelTimesChanged(EIGHT + 200),)
    assert findings(road_told(one_trip(), EIGHT + 200, 1, 0, 0, FAR_S, then=(*switch, broken))) == []


def test_who_is_set_down_elsewhere_alights_there() -> None:
    def riding() -> Day:
        day = one_trip().hear(EIGHT + 120, Wake(), RiderBoarded(1, 0, EIGHT + 60), VehicleDeparted(0, 1))
        then = (TravelTimesChanged(EIGHT + 130), DropoffMoved(1, 0, 2, 300))
        return road_told(day, EIGHT + 130, 1, 0, 0, FAR_S, then=then)

    def set_down_at(place: int) -> list[str]:
        day = riding().arrive(EIGHT + 200, 0, place, 500, 60)
        left = (RiderAlighted(1, 0, EIGHT + 200), VehicleDeparted(0, place))
        return findings(day.hear(EIGHT + 260, Wake(), *left))

    assert set_down_at(2) == []
    assert set_down_at(3) == ["record 7: RiderAlighted of request 1 without a visit of vehicle 0 to 1002"]
    early = (TravelTimesChanged(EIGHT + 70), DropoffMoved(1, 0, 2, 300))
    assert findings(road_told(one_trip(), EIGHT + 70, 1, 0, 0, FAR_S, then=early)) == [
        "record 4: DropoffMoved of request 1, which is booked"
    ]
