"""Scenario files: where numbers come from, what extends what, and what a bad file is told."""

from __future__ import annotations

from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from scenarios.errors import ScenarioFileError
from scenarios.loading import CATALOGUE, available_scenarios, load_scenario
from scenarios.preparation import scenario_hash
from scenarios.scenario import Scenario
from scenarios.service_sections import ScheduledService
from scenarios.stated import Stated, clock_seconds

SHIPPED = (
    "sakura_2040",
    "sakura_on_demand",
    "sakura_on_demand_door",
    "sakura_phone",
    "sakura_r293_closed",
    "sakura_school_buses",
    "sakura_today",
)


def write(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ScenarioFileError) as caught:
        load_scenario(write(folder, 'extends = "sakura_on_demand"\n' + text))
    return str(caught.value)


def changed(folder: Path, old: str, new: str) -> str:
    """What a copy of the shipped on-demand scenario is told after one text in it is replaced."""
    text = (CATALOGUE / "sakura_on_demand.toml").read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new).replace("common/", f"{CATALOGUE}/common/")
    with pytest.raises(ScenarioFileError) as caught:
        load_scenario(write(folder, text))
    return str(caught.value)


def test_shipped_scenarios_are_listed_with_their_titles() -> None:
    listed = dict(available_scenarios())
    assert tuple(listed) == SHIPPED
    assert listed["sakura_today"] == "Sakura today: three demand taxis"


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios_share_people_and_traffic(name: str) -> None:
    scenario, today = load_scenario(name), load_scenario("sakura_today")
    assert scenario.name == name
    assert scenario.demand == today.demand
    assert scenario.traffic == today.traffic
    assert scenario.speeds == today.speeds
    assert scenario.walking == today.walking
    assert scenario.population is not None
    assert today.population is not None
    assert scenario.population.model_copy(update={"projection": None}) == today.population
    assert (scenario.population.projection is not None) == (name == "sakura_2040")


def test_door_variant_differs_from_the_stop_variant_by_its_doors_alone() -> None:
    stops, door = load_scenario("sakura_on_demand"), load_scenario("sakura_on_demand_door")
    assert (stops.service.access.doors, door.service.access.doors) == ("stops", "doors")
    access = door.service.access.model_copy(update={"doors": "stops"})
    assert door.service.model_copy(update={"access": access}) == stops.service


def test_the_closed_road_is_all_that_differs_from_the_on_demand_service() -> None:
    usual, closed = load_scenario("sakura_on_demand"), load_scenario("sakura_r293_closed")
    told = ("file", "title", "about", "road_changes")
    assert usual.model_dump(exclude=set(told)) == closed.model_dump(exclude=set(told))
    assert usual.road_changes == ()
    (change,) = closed.road_changes
    assert (change.road, change.kind, change.begin_s, change.end) == ("R293", "closed", 7 * 3600, None)


def test_today_runs_three_demand_taxis() -> None:
    service = load_scenario("sakura_today").service
    assert isinstance(service, ScheduledService)
    assert [line.name for line in service.lines] == [
        "うのはな号",
        "コンタ号",
        "つういんコンタ号(行き)",
        "つういんコンタ号(帰り)",
    ]


def bare_numbers(annotation: Any, path: str, seen: set[type]) -> list[str]:
    """Paths of the fields of a model that hold numbers outside a stated value."""
    if get_origin(annotation) is Annotated:
        return bare_numbers(get_args(annotation)[0], path, seen)
    if get_origin(annotation) in (Union, UnionType, tuple, dict):
        return [p for part in get_args(annotation) for p in bare_numbers(part, path, seen)]
    if annotation in (int, float, bool):
        return [path]
    if (
        isinstance(annotation, type)
        and issubclass(annotation, BaseModel)
        and not issubclass(annotation, Stated)
    ):
        if annotation in seen:
            return []
        seen.add(annotation)
        return [
            p
            for name, field in annotation.model_fields.items()
            for p in bare_numbers(field.annotation, f"{path}.{name}", seen)
        ]
    return []


def test_no_section_can_hold_a_number_without_an_origin() -> None:
    assert bare_numbers(Scenario, "scenario", set()) == []


def test_number_without_an_origin_is_refused(tmp_path: Path) -> None:
    message = refusal(tmp_path, '[service.rules]\nnotice = { value = 5, unit = "min" }\n')
    assert "mine.toml: service.rules.notice: has neither a source nor the word assumption" in message


def test_number_with_two_origins_is_refused(tmp_path: Path) -> None:
    message = refusal(
        tmp_path, '[service.rules]\nnotice = { value = 5, unit = "min", source = "a", assumption = true }\n'
    )
    assert "service.rules.notice: has a source and is called an assumption; keep one" in message


def test_bare_number_is_refused(tmp_path: Path) -> None:
    assert "service.rules.notice is 5; give a table" in refusal(tmp_path, "[service.rules]\nnotice = 5\n")


def test_stated_value_replaces_that_of_the_parent_with_its_origin(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        'extends = "sakura_on_demand"\n[service.rules]\n'
        'notice = { value = 1, unit = "h", assumption = "what if" }\n',
    )
    rules = load_scenario(path).service.rules
    assert (rules.notice.seconds, rules.notice.origin) == (3_600, "assumption: what if")
    assert rules.max_wait == load_scenario("sakura_on_demand").service.rules.max_wait


def test_child_of_another_policy_keeps_nothing_of_the_parents_service(tmp_path: Path) -> None:
    message = refusal(tmp_path, '[service]\npolicy = "scheduled_runs"\n')
    assert "mine.toml: service.name is missing; add it" in message


def test_hash_depends_on_what_a_file_says_not_on_how_it_is_spread(tmp_path: Path) -> None:
    parent = load_scenario("sakura_on_demand")
    same = load_scenario(write(tmp_path, 'extends = "sakura_on_demand"\n'))
    other = load_scenario(write(tmp_path, 'extends = "sakura_on_demand"\ndate = "2026-11-25"\n', "b.toml"))
    assert scenario_hash(same, "net") == scenario_hash(parent, "net")
    assert scenario_hash(other, "net") != scenario_hash(parent, "net")
    assert scenario_hash(parent, "other net") != scenario_hash(parent, "net")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[service.access]\nawarenes = 1\n", "service.access.awarenes is not known; did you mean 'aware"),
        ("[servise]\na = 1\n", "servise is not known; did you mean 'service'?"),
        ('[title]\nfr = "x"\n', "title.fr is not known; known here: en, ja"),
        ('[demand.purposes.clinics]\na = 1\n', "demand.purposes.clinics"),
        ('date = "2026-13-01"\n', "date: date '2026-13-01' is none; write it as 2026-11-24"),
        (
            '[service]\npolicy = "insert"\n',
            "service.policy is 'insert'; give 'insertion', 'rolling_horizon', 'batch', 'scheduled_runs'",
        ),
        ('[service.access]\ndoors = "windows"\n', 'service.access.doors is "windows"; give \'stops\' or'),
        (
            '[service.access]\nphone_hours = { value = ["17:00", "08:00"], assumption = true }\n',
            "service.access.phone_hours.value: window ends (08:00) before it starts (17:00); put the earlier",
        ),
        (
            '[service.access]\nphone_hours = { value = ["08:00", "25:61"], assumption = true }\n',
            "service.access.phone_hours.value[1]: time '25:61' is no time; write HH:MM",
        ),
        (
            '[demand]\ncancel_share = { value = 1.5, assumption = true }\n',
            "demand.cancel_share.value is 1.5; give 1 or less",
        ),
        (
            '[demand]\nparty_size = { value = [0.5, 0.4], assumption = true }\n',
            "demand.party_size.value: shares add up to 0.9; make them add up to 1",
        ),
        (
            '[demand]\napp_share = { value = { "0-14" = 1, "15-64" = 1, "75+" = 1 }, assumption = true }\n',
            "demand.app_share.value.65-74 is missing; add it",
        ),
        (
            '[service.rules]\nnotice = { value = 5, unit = "min", source = "" }\n',
            "service.rules.notice.source: is empty; say where the number comes from",
        ),
        (
            '[service.rules]\nnotice = { value = "5", unit = "min", source = "a" }\n',
            'service.rules.notice.value is "5"; give a number',
        ),
        (
            '[service.rules]\nnotice = { value = 5, unit = "weeks", source = "a" }\n',
            "service.rules.notice.unit is \"weeks\"; give 's', 'min', 'h' or 'days'",
        ),
        (
            '[service.rules]\nnotice = { value = 6, unit = "days", source = "a" }\n',
            "service.rules: notice (8640 min) is longer than advance (7200 min); no trip could be booked",
        ),
        ("[service\n", "mine.toml: Expected ']' at the end of a table declaration (at line 2"),
    ],
)  # fmt: skip
def test_bad_key_or_value_is_told_in_one_sentence_with_file_key_value_and_remedy(
    tmp_path: Path, text: str, message: str
) -> None:
    told = refusal(tmp_path, text)
    assert told.startswith(f"{tmp_path / 'mine.toml'}: ")
    assert message in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "count = { value = 3",
            "count = { value = -3",
            "service.vehicles[0].count.value is -3; give 1 or more",
        ),
        (
            'type = "wagon"',
            'type = "waggon"',
            "service: vehicles 'U' are of type 'waggon'; give one of wagon,",
        ),
        (
            'shift = { value = ["08:00", "17:00"]',
            'shift = { value = ["17:00", "08:00"]',
            "service.vehicles[0].shift.value: window ends (08:00) before it starts (17:00)",
        ),
        (
            'window = { value = ["11:30", "14:30"]',
            'window = { value = ["06:30", "14:30"]',
            "service.vehicles[0]: break window 06:30-14:30 lies outside the shift 08:00-17:00; move",
        ),
        (
            'length = { value = 60, unit = "min"',
            'length = { value = 4, unit = "h"',
            "service.vehicles[0].breaks[0]: length of 240 min does not fit the window of 180 min",
        ),
        (
            "{ up_to = 5000, yen = 300 }",
            "{ up_to = 12000, yen = 300 }",
            "service.fares: steps end at 12000, 10000, 30000 m; put them in rising order",
        ),
        ("limit = 8", "limit = -8", "service.vehicle_types[0].capacity.value[0].limit is -8; give 0 or more"),
        ('name = "UW"', 'name = "U"', "service: vehicle group 'U' is given twice; names must differ"),
        (
            'base = { place = "Sakura city hall" }',
            "base = {}",
            "service.vehicles[0].base: needs either a place or a position; give one of the two",
        ),
    ],
)
def test_bad_fleet_is_told_in_one_sentence(tmp_path: Path, old: str, new: str, message: str) -> None:
    told = changed(tmp_path, old, new)
    assert message in told
    assert told.startswith(f"{tmp_path / 'mine.toml'}: ")


def test_number_of_further_errors_is_told(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a = 1\nb = 2\nc = 3\n").endswith("(and 2 more)")


def test_fault_of_a_parent_names_the_parents_file(tmp_path: Path) -> None:
    write(tmp_path, 'extends = "sakura_on_demand"\n[title]\nfr = "x"\n', "parent.toml")
    with pytest.raises(ScenarioFileError, match=r"parent\.toml: title\.fr is not known"):
        load_scenario(write(tmp_path, 'extends = "parent.toml"\ndate = "2026-11-25"\n'))


def test_unknown_scenario_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(
        ScenarioFileError, match=r"sakura_tody is neither a shipped .*did you mean 'sakura_today'\?"
    ):
        load_scenario("sakura_tody")
    with pytest.raises(ScenarioFileError, match=r"xyz is neither .*one of sakura_2040, sakura_on_demand"):
        load_scenario("xyz")


def test_scenario_that_extends_itself_is_refused(tmp_path: Path) -> None:
    write(tmp_path, 'extends = "mine.toml"\n', "other.toml")
    with pytest.raises(ScenarioFileError, match="extends leads back to"):
        load_scenario(write(tmp_path, 'extends = "other.toml"\n'))


def test_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes("title = 'さくら'".encode("cp932"))
    with pytest.raises(ScenarioFileError, match="byte 9 is not UTF-8; save the file as UTF-8"):
        load_scenario(tmp_path / "mine.toml")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("8:30", 30_600),
        ("08:30:15", 30_615),
        ("25:10", 90_600),
        ("30:00", 108_000),
        ("D-1 17:00", 17 * 3600 - 86_400),
        ("D-1 24:00", 0),
    ],
)
def test_times_are_seconds_of_the_service_day(text: str, seconds: int) -> None:
    assert clock_seconds(text) == seconds


@pytest.mark.parametrize(
    "text", ["30:01", "8", "8:60", "8:5", "-1:00", "D-1 24:01", "D-2 8:00", "08:30:60", ""]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="time "):
        clock_seconds(text)
