from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenarios.bus_lines import (
    BusLine,
    chance_in_time,
    is_in_time,
    load_bus_lines,
    on_foot_s,
    without_wait_s,
)
from scenarios.city import embedded_city
from scenarios.errors import ScenarioFileError
from tests.scenarios_tests.cities import line_city

LINE = """
longest_walk = { value = 500, unit = "m", assumption = "tiny" }
stop_spacing = { value = 800, unit = "m", assumption = "tiny" }
[[lines]]
name = "L"
title = { en = "L", ja = "L" }
places = ["Shop", "Station", "Bath"]
runs = { value = 12, unit = "runs each way", assumption = "tiny" }
hours = { value = ["08:00", "20:00"], assumption = "tiny" }
ride = { value = 10, unit = "min", assumption = "tiny" }
fare = { value = 200, unit = "yen", assumption = "tiny" }
"""

WALK = {"speed_kph": 3.6, "detour": 1.0, "longest_walk_m": 500.0}
"""One metre a second."""


def nodes(*given: int) -> np.ndarray:
    return np.array(given, np.int32)


def written(folder: Path, text: str) -> Path:
    path = folder / "lines.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_stops_lie_along_the_road_and_share_the_ride(tmp_path: Path) -> None:
    # Shop is node 8, Station 12, Bath 18; 400 m apart. Every 800 m: 8, 10, 12 and 14, 16, 18. Ten nodes take
    # 600 s: 60 s each.
    lines = load_bus_lines(line_city(), written(tmp_path, LINE))
    (line,) = lines.lines
    assert line.stops.tolist() == [8, 10, 12, 14, 16, 18]
    assert line.ride_s.tolist() == [0.0, 120.0, 240.0, 360.0, 480.0, 600.0]
    # 12 hours, 12 runs.
    assert (line.headway_s, lines.longest_walk_m) == (3600.0, 500.0)


def test_time_by_bus_is_walk_ride_and_walk(tmp_path: Path) -> None:
    (line,) = load_bus_lines(line_city(), written(tmp_path, LINE)).lines
    found = without_wait_s(line_city().network, line, nodes(7, 8, 6), nodes(15), **WALK)
    # Target 15 lies 400 m from the stop 14, and from 16, which comes later. Home 7: 400 + 360 + 400.
    # Home 8 stands at a stop. Home 6 has 800 m to walk.
    assert found.tolist() == [1160.0, 760.0, np.inf]


def test_line_runs_both_ways(tmp_path: Path) -> None:
    (line,) = load_bus_lines(line_city(), written(tmp_path, LINE)).lines
    network = line_city().network
    there, back = (
        without_wait_s(network, line, nodes(8), nodes(18), **WALK),
        without_wait_s(network, line, nodes(18), nodes(8), **WALK),
    )
    assert there.tolist() == back.tolist() == [600.0]


def test_getting_off_where_one_got_on_is_no_ride() -> None:
    line = BusLine("L", 600.0, nodes(8, 20), np.array([0.0, 300.0]))
    # The target is 400 m from stop 8 and out of reach of stop 20.
    assert without_wait_s(line_city().network, line, nodes(8), nodes(9), **WALK).tolist() == [np.inf]


def test_wait_is_half_a_headway_or_even_over_it() -> None:
    line = BusLine("L", 1200.0, nodes(8, 20), np.array([0.0, 300.0]))
    moving_s = np.array([600.0, 601.0, 900.0, 1200.0, 1500.0, np.inf, 0.0])
    # 600 s of wait are left of 1200 s after 600 s of moving: half a headway, and half of all moments.
    assert is_in_time(line, moving_s, 1200.0).tolist() == [True, False, False, False, False, False, True]
    assert chance_in_time(line, moving_s[[0, 2, 3, 4, 5, 6]], 1200.0).tolist() == [0.5, 0.25, 0, 0, 0, 1]


def test_on_foot_to_the_nearest_within_the_longest_walk() -> None:
    found = on_foot_s(line_city().network, nodes(7, 10), nodes(8, 20), **WALK)
    assert found.tolist() == [400.0, np.inf]


def test_lines_of_sakura_stand_on_its_roads() -> None:
    lines = {line.name: line for line in load_bus_lines(embedded_city()).lines}
    assert set(lines) == {"馬頭線", "フィオーレ線", "観光温泉バス"}
    bato = lines["馬頭線"]
    assert bato.ride_s[-1] == pytest.approx(16 * 60)
    assert bato.headway_s == 13 * 3600 / 10
    assert len(bato.stops) > 5
    for line in lines.values():
        assert (np.diff(line.ride_s) > 0).all()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"Bath"', '"Bathh"', "'Bathh' is no place of Line"),
        ('places = ["Shop", "Station", "Bath"]', 'places = ["Shop", "Shop"]', "no road leads from Shop"),
        ("runs = { value = 12", "runs = { value = 0", "runs"),
        ('fare = { value = 200, unit = "yen", assumption = "tiny" }', "fare = { value = 200 }", "source"),
    ],
)
def test_bad_lines_are_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in LINE
    with pytest.raises(ScenarioFileError, match=said) as caught:
        load_bus_lines(line_city(), written(tmp_path, LINE.replace(old, new)))
    assert "lines.toml" in str(caught.value)
