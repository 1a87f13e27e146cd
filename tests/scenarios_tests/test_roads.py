"""Speeds by the hour and changes of roads in scenario files: what they mean, and what a bad one is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from routing.road_book import FURTHER_NOTICE_S, WAY_IN_S, RoadChange
from scenarios.errors import ScenarioFileError
from scenarios.loading import load_scenario
from scenarios.preparation import prepare
from scenarios.prepared import PreparedScenario
from scenarios.provenance import entries
from tests.scenarios_tests.cities import line_city

HEAD = """
extends = "sakura_on_demand"
[title]
en = "A line"
ja = "一本道"
[city]
network = "line.net"
[demand]
kind = "recorded"
file = "requests.csv"
[service.access]
doors = "doors"
[[service.vehicles]]
name = "V"
type = "wagon"
count = { value = 1, assumption = "tiny" }
base = { position = { value = [0, 0], assumption = "tiny" } }
shift = { value = ["08:00", "17:00"], assumption = "tiny" }
"""

ALL_CLASSES = ", ".join(
    f"{name} = FACTOR"
    for name in (
        "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "service",
    )
)  # fmt: skip


def period(begin: str, end: str, factor: float | None = None, roads: str = "") -> str:
    """A period of the speeds section."""
    text = f'[[speeds.periods]]\nwindow = {{ value = ["{begin}", "{end}"], source = "count of {begin}" }}\n'
    if factor is not None:
        classes = ALL_CLASSES.replace("FACTOR", str(factor))
        text += f'class_factors = {{ value = {{ {classes} }}, assumption = "tiny" }}\n'
    if roads:
        text += f'road_factors = {{ value = {{ {roads} }}, assumption = "tiny" }}\n'
    return text


AS_PLANNED = period("00:00", "24:00")
PEAK = period("00:00", "07:00") + period("09:00", "24:00") + period("07:00", "09:00", 1.25, "R1 = 1.5")


def change(kind: str = "closed", **changed: str) -> str:
    """A change of R1 between x = 800 and x = 1600, from 10:00 on."""
    keys = {
        "road": '"R1"',
        "kind": f'"{kind}"',
        "between": '{ value = [[0.0, 800.0], [0.0, 1600.0]], assumption = "tiny" }',
        "begin": '{ value = "10:00", assumption = "tiny" }',
    }
    if kind == "slower":
        keys["factor"] = '{ value = 1.5, assumption = "tiny" }'
    lines = [f"{key} = {value}" for key, value in (keys | changed).items() if value]
    return "\n".join(["[[road_changes]]", *lines, ""])


def write(folder: Path, text: str) -> Path:
    """A line whose nodes 0 to 10 lie on R1, one recorded request, and the scenario over them."""
    network = line_city().network
    index = ((network.tail <= 10) & (network.head <= 10)).astype(np.int16)
    replace(network, references=("", "R1"), reference_index=index).save(folder / "line.net")
    (folder / "requests.csv").write_text(
        "request,booked_at,wish_at,origin_lat,origin_lon,destination_lat,destination_lon\n"
        "1,08:00,09:00,0,400,0,8000\n",
        encoding="utf-8",
    )
    path = folder / "mine.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def prepared(folder: Path, text: str) -> PreparedScenario:
    return prepare(load_scenario(write(folder, text)))


def refusal(folder: Path, text: str) -> str:
    path = write(folder, text)
    with pytest.raises(ScenarioFileError) as caught:
        prepare(load_scenario(path))
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{path}: ")


@pytest.fixture(autouse=True)
def _cache_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAAS_CACHE_DIR", str(tmp_path / "cache"))


# What they mean


def test_planned_times_follow_the_hour(tmp_path: Path) -> None:
    ready = prepared(tmp_path, PEAK)
    # 40 s an arc; on R1 60 s in the peak, elsewhere 50 s.
    for hour, on_the_road_s, off_it_s in ((6, 40, 40), (7, 60, 50), (8, 60, 50), (9, 40, 40), (31, 60, 50)):
        times = ready.roads.travel_times((), 3600 * hour)
        assert (times.seconds(0, 1), times.seconds(20, 21)) == (on_the_road_s, off_it_s)
    assert ready.roads.tables((), 0) is ready.travel_times.tables
    assert ready.road_changes == ()
    profiles = ready.roads.profiles
    assert profiles is not None
    assert profiles.is_assumed
    assert profiles.source == "count of 00:00; count of 09:00; count of 07:00; assumption: tiny"


def test_without_speeds_planned_times_hold_all_day(tmp_path: Path) -> None:
    text = (tmp_path, AS_PLANNED)
    ready = prepared(*text)
    assert ready.roads.next_border((), 0) is None
    assert ready.roads.profiles is not None
    assert not ready.roads.profiles.is_assumed


def test_changes_become_known_in_the_order_of_their_announcements(tmp_path: Path) -> None:
    later = change(
        "slower",
        begin='{ value = "09:00", assumption = "tiny" }',
        end='{ value = "11:00", assumption = "tiny" }',
    )
    known = change(announced='{ value = "D-1 17:00", assumption = "tiny" }')
    ready = prepared(tmp_path, AS_PLANNED + later + known)
    closed = RoadChange(1, 0, 800_000_000, 0, 1_600_000_000, 0, 36_000, FURTHER_NOTICE_S)
    slower = replace(closed, factor_pm=1500, begin_s=32_400, end_s=39_600)
    assert ready.road_changes == ((17 * 3600 - 86_400, closed), (32_400, slower))
    assert ready.roads.travel_times([closed, slower], 36_000).seconds(0, 1) == 40
    assert ready.roads.travel_times([closed, slower], 36_000).seconds(1, 3) == 40 + 60 + WAY_IN_S
    assert ready.roads.travel_times([closed, slower], 32_400).seconds(0, 4) == 2 * 40 + 2 * 60


def test_every_state_of_the_day_is_kept_on_disk_before_it_starts(tmp_path: Path) -> None:
    text = PEAK + change(end='{ value = "12:00", assumption = "tiny" }')
    steps: list[tuple[int, int]] = []
    prepare(load_scenario(write(tmp_path, text)), progress=lambda done, total: steps.append((done, total)))
    # Planned, in the peak, and closed.
    assert len(list((tmp_path / "cache" / "travel_times").iterdir())) == 3
    assert steps == [(30, 30), (30, 60), (60, 60)]
    prepare(load_scenario(tmp_path / "mine.toml"), progress=lambda done, total: steps.append((done, total)))
    assert len(steps) == 3


def test_the_hash_of_a_scenario_covers_its_speeds_and_changes(tmp_path: Path) -> None:
    texts = (AS_PLANNED, PEAK, PEAK + change(), PEAK + change("slower"))
    hashes = [prepared(tmp_path, text).scenario_hash for text in texts]
    assert len(set(hashes)) == 4


def test_what_is_shown_of_a_change_has_its_origins(tmp_path: Path) -> None:
    shown = {
        (one.section, one.key): (one.value, one.origin)
        for one in entries(load_scenario(write(tmp_path, PEAK + change("slower"))))
    }
    assert shown["road_changes[0]", "factor"] == ("1.5", "assumption: tiny")
    assert shown["road_changes[0]", "road"] == ("R1", "")
    assert shown["road_changes[0]", "kind"] == ("slower", "")
    assert shown["speeds.periods[2]", "road_factors"] == ("R1 1.5", "assumption: tiny")


# What is refused


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            period("00:00", "07:00") + period("09:00", "24:00"),
            "speeds: the speed profile has no period from 07:00 to 09:00; periods must cover",
        ),
        (period("00:00", "23:00"), "speeds: the speed profile has no period from 23:00 to 24:00"),
        (
            period("00:00", "07:00") + period("06:30", "24:00"),
            "speeds: period 06:30-24:00 of the speed profile overlaps 00:00-07:00; let it begin at 07:00",
        ),
        (period("00:00", "25:00"), "speeds: a period goes from 0 s to 90000 s; give a begin before an end"),
        (period("00:00", "24:00", 0.0), "speeds: period 00:00-24:00 has the factor 0.0 for motorway; give"),
        (
            period("00:00", "24:00", roads="R1 = -1"),
            "speeds.periods[0].road_factors.value.R1 is -1; give more than 0",
        ),
        (
            period("00:00", "24:00", roads="R9 = 1.5"),
            "speeds.periods: no road of Line has the reference 'R9'; did you mean 'R1'?",
        ),
        ("[speeds]\nperiods = []\n", "speeds.periods has 0 entries; give 1 or more"),
    ],
)
def test_bad_speeds_are_told_in_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    assert message in refusal(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (change(road='"R77"'), "road_changes[0].road: no road of Line has the reference 'R77'; "),
        (change(road='""'), "road_changes[0].road: no road of Line has the reference ''; it has R1"),
        (change(road=""), "road_changes[0].road is missing; add it"),
        (
            change(between='{ value = [[501.0, 800.0], [0.0, 1600.0]], assumption = "tiny" }'),
            "road_changes[0].between: (501.0, 800.0) is 501 m from R1; the limit is 500 m",
        ),
        (
            change(between='{ value = [[0.0, 800.0], [0.0, 8000.0]], assumption = "tiny" }'),
            "road_changes[0].between: (0.0, 8000.0) is 4,000 m from R1",
        ),
        (
            change(between='{ value = [[0.0, 800.0], [0.0, 800.0]], assumption = "tiny" }'),
            "road_changes[0].between: the closed stretch of R1 is empty",
        ),
        (
            change(end='{ value = "09:59", assumption = "tiny" }'),
            "road_changes[0]: the change of R1 ends (09:59) before or as it begins (10:00); give a later end",
        ),
        (
            change(end='{ value = "10:00", assumption = "tiny" }'),
            "road_changes[0]: the change of R1 ends (10:00) before or as it begins (10:00)",
        ),
        (
            change(announced='{ value = "10:01", assumption = "tiny" }'),
            "road_changes[0]: the change of R1 is announced (10:01) after it begins (10:00); announce it",
        ),
        (change("shut"), "road_changes[0].kind is 'shut'; give 'closed', 'slower'"),
        (change("slower", factor=""), "road_changes[0].factor is missing; add it"),
        (
            change("slower", factor='{ value = 1.0, assumption = "tiny" }'),
            "road_changes[0].factor.value is 1.0; give 1.001 or more",
        ),
        (
            change("slower", factor='{ value = 1e6, assumption = "tiny" }'),
            "road_changes[0].factor: a slowed road: arc",
        ),
        (change(factor='{ value = 2.0, assumption = "tiny" }'), "road_changes[0].factor is not known"),
    ],
)
def test_a_bad_change_is_told_in_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    assert message in refusal(tmp_path, AS_PLANNED + text)
