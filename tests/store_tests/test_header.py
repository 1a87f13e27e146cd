"""The first record: exact round trip, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from maas.domain.errors import JournalError
from maas.domain.planning_rules import ExpectedRequests, SoftLimits, Waiting
from maas.service_definition import Repositioning
from maas.store.header import FORMAT, JournalHeader
from routing.network import ROAD_CLASSES
from routing.speed_profiles import SpeedProfiles
from tests.store_tests.journals import HEADER, RUNS


def changed(key: str, value: Any) -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(HEADER.to_json()))
    return copied | {key: value}


def test_header_comes_back_equal_through_json_text() -> None:
    moving = replace(RUNS, repositioning=Repositioning("forecast", forecast=(ExpectedRequests(8, 5, 250),)))
    for header in (HEADER, replace(HEADER, service=RUNS), replace(HEADER, service=moving)):
        assert JournalHeader.from_json(json.loads(json.dumps(header.to_json()))) == header


def test_a_header_is_of_the_present_format_by_default() -> None:
    assert HEADER.format == FORMAT == 1


@pytest.mark.parametrize("version", [0, 2, "1", None, True])
def test_another_format_is_refused(version: object) -> None:
    with pytest.raises(JournalError, match=r"journal format is .*; this program reads format 1"):
        JournalHeader.from_json(changed("format", version))


def test_a_missing_an_unknown_and_a_wrong_key_are_named() -> None:
    incomplete = HEADER.to_json()
    del incomplete["seed"]
    with pytest.raises(JournalError, match="header lacks the key 'seed'"):
        JournalHeader.from_json(incomplete)
    with pytest.raises(JournalError, match="header has the unknown key 'colour'"):
        JournalHeader.from_json(changed("colour", "red"))
    with pytest.raises(JournalError, match=r"header.seed is '7'; a value of type int"):
        JournalHeader.from_json(changed("seed", "7"))
    with pytest.raises(JournalError, match=r"header.seed is True; a value of type int"):
        JournalHeader.from_json(changed("seed", True))
    with pytest.raises(JournalError, match=r"header.areas is 'Ujiie'; a list is right"):
        JournalHeader.from_json(changed("areas", "Ujiie"))
    with pytest.raises(JournalError, match=r"header.areas\[1\] is 3"):
        JournalHeader.from_json(changed("areas", ["Ujiie", 3]))
    with pytest.raises(JournalError, match=r"header.service is 5; an object is right"):
        JournalHeader.from_json(changed("service", 5))


def test_a_list_of_fixed_length_must_have_it() -> None:
    value = changed("seed", 7)
    value["service"]["fares"]["age_discount_percent"] = [0, 0, 0]
    with pytest.raises(JournalError, match="age_discount_percent has 3 entries; 4 are right"):
        JournalHeader.from_json(value)


def test_the_service_is_checked_again() -> None:
    value = changed("seed", 7)
    value["service"]["vehicles"][0]["end_s"] = 0
    with pytest.raises(
        JournalError, match="service of the journal header is not valid: shift of vehicle van-1"
    ):
        JournalHeader.from_json(value)


def test_the_date_must_be_one() -> None:
    assert replace(HEADER, date="2024-02-29").date == "2024-02-29"
    with pytest.raises(JournalError, match="journal date is '2023-02-29'; give an ISO date"):
        replace(HEADER, date="2023-02-29")


PEAK = SpeedProfiles.from_hours(
    {name: [1.0] * 7 + [1.15] * 2 + [1.0] * 15 for name in ROAD_CLASSES},
    {"R4": [1.0] * 7 + [1.3] * 2 + [1.0] * 15},
    source="own knowledge",
    is_assumed=True,
)


def test_the_speed_profiles_come_back_equal_through_json_text() -> None:
    assert HEADER.speed_profiles is None
    header = replace(HEADER, speed_profiles=PEAK)
    assert JournalHeader.from_json(json.loads(json.dumps(header.to_json()))) == header


def test_the_speed_profiles_are_checked_again() -> None:
    value = json.loads(json.dumps(replace(HEADER, speed_profiles=PEAK).to_json()))
    del value["speed_profiles"]["periods"][1]
    with pytest.raises(
        JournalError, match=r"speed profiles of the journal header are not valid: .* no period from 07:00"
    ):
        JournalHeader.from_json(value)
    with pytest.raises(JournalError, match=r"header.speed_profiles is 5; an object is right"):
        JournalHeader.from_json(changed("speed_profiles", 5))


def test_waiting_is_named_only_where_it_is_stated() -> None:
    assert "waiting" not in HEADER.to_json()["service"]
    stated = replace(HEADER, service=replace(HEADER.service, waiting=Waiting(True, 50)))
    assert stated.to_json()["service"]["waiting"] == {"drives_first": True, "idle_cost_percent": 50}
    assert JournalHeader.from_json(json.loads(json.dumps(stated.to_json()))) == stated


def test_soft_limits_are_named_only_where_there_are_any() -> None:
    assert "soft_limits" not in HEADER.to_json()["service"]
    soft = replace(HEADER, service=replace(HEADER.service, soft_limits=SoftLimits(50, 500)))
    assert soft.to_json()["service"]["soft_limits"] == {
        "late_pickup_percent": 50,
        "late_arrival_percent": 500,
    }
    assert JournalHeader.from_json(json.loads(json.dumps(soft.to_json()))) == soft
