"""Requests from a CSV file: what is read, what is assumed, and what a bad line is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenarios.demand_day import ARRIVE_BY, DEPART_AFTER, NEVER, PURPOSES, DemandDay
from scenarios.errors import RequestFileError, ScenarioFileError
from scenarios.loading import load_scenario
from scenarios.preparation import prepare
from scenarios.prepared import RecordedDemand
from scenarios.recorded import read_requests
from tests.scenarios_tests.cities import line_city

# On the line of tests, lat is y and lon is x in metres; nodes stand every 400 m.
HEADER = "request,booked_at,wish_at,origin_lat,origin_lon,destination_lat,destination_lon"
LINE = "1,08:00,09:30,0,0,0,4000"


def read(folder: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> DemandDay:
    path = folder / "requests.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding=encoding)
    return read_requests(path, line_city(), 500.0)


def refusal(folder: Path, *lines: str, header: str = HEADER) -> str:
    with pytest.raises(RequestFileError) as caught:
        read(folder, *lines, header=header)
    return str(caught.value)


def test_request_is_placed_at_the_nearest_node_and_the_rest_is_assumed(tmp_path: Path) -> None:
    # (x 900 m, y 100 m) lies 100 m beside the road between nodes 2 (800 m) and 3 (1,200 m): node 2.
    day = read(tmp_path, "7,D-1 17:00,25:10,100,900,0,4000")
    assert (day.rider[0], day.booked_at_s[0], day.wish_s[0]) == (7, -25_200, 90_600)
    assert (day.origin[0], day.destination[0], day.pickup[0], day.dropoff[0]) == (2, 10, 2, 10)
    assert (day.time_kind[0], day.seats[0], day.wheelchairs[0], day.age_band[0]) == (DEPART_AFTER, 1, 0, 1)
    assert (day.channel[0], day.purpose[0], day.area[0]) == (0, PURPOSES.index("unknown"), 0)
    assert (day.answer_s[0], day.max_shift_s[0], day.cancels_at_s[0]) == (20, 3_600, NEVER)
    assert bool(day.is_resident[0])
    assert not day.is_disabled[0]
    assert not day.is_no_show[0]


def test_every_optional_column_is_read(tmp_path: Path) -> None:
    header = HEADER + ",time_kind,seats,wheelchairs,age_band,channel,purpose,is_disabled,is_resident,answer_s"
    header += ",max_shift_min,cancels_at,is_no_show,name"
    day = read(
        tmp_path,
        LINE + ",arrive,2,1,75+,app,clinic,yes,no,45,15,08:10:30,1,someone",
        "2,08:01,09:30,0,0,0,4000,,,,,,,,,,,,,",
        header=header,
    )
    assert day.time_kind.tolist() == [ARRIVE_BY, DEPART_AFTER]
    assert day.seats.tolist() == [2, 1]
    assert day.wheelchairs.tolist() == [1, 0]
    assert day.age_band.tolist() == [3, 1]
    assert day.channel.tolist() == [1, 0]
    assert day.purpose.tolist() == [PURPOSES.index("clinic"), PURPOSES.index("unknown")]
    assert day.is_disabled.tolist() == [True, False]
    assert day.is_resident.tolist() == [False, True]
    assert day.answer_s.tolist() == [45, 20]
    assert day.max_shift_s.tolist() == [900, 3_600]
    assert day.cancels_at_s.tolist() == [29_430, NEVER]
    assert day.is_no_show.tolist() == [True, False]


def test_files_of_japanese_spreadsheets_are_read(tmp_path: Path) -> None:
    header = HEADER + ",利用者"
    for encoding in ("utf-8-sig", "cp932", "utf-8"):
        assert len(read(tmp_path, LINE + ",さくら", header=header, encoding=encoding)) == 1


def test_requests_are_sorted_by_booking_and_those_that_go_nowhere_left_out(tmp_path: Path) -> None:
    day = read(tmp_path, "2,08:05,09:00,0,0,0,800", LINE, "3,08:00,09:00,0,400,0,410")
    assert day.rider.tolist() == [1, 2]
    assert day.booked_at_s.tolist() == [28_800, 29_100]


def test_empty_lines_are_passed_over_and_counted(tmp_path: Path) -> None:
    assert "requests.csv line 4: time '9h' is no time" in refusal(tmp_path, LINE, "", "2,9h,09:30,0,0,0,4000")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1,08:00,25:61,0,0,0,4000", "line 2: time '25:61' is no time; write HH:MM or HH:MM:SS"),
        ("1,08:00,30:01,0,0,0,4000", "line 2: time '30:01' lies after 30:00; a service day ends there"),
        ("1,,09:00,0,0,0,4000", "line 2: booked_at is empty; write a time as HH:MM"),
        ("1,10:00,09:30,0,0,0,4000", "line 2: booked_at 10:00 lies after wish_at 09:30"),
        ("1,08:00,09:30,0,0,0", "line 2: 6 values are too few; the header names 7 columns"),
        ("1,08:00,09:30,0,0,0,4000,5", "line 2: 8 values are too many; the header names 7 columns"),
        ("x,08:00,09:30,0,0,0,4000", "line 2: request is 'x'; give a whole number of 0 or more"),
        ("1,08:00,09:30,north,0,0,4000", "line 2: origin_lat is 'north'; give a number"),
        ("1,08:00,09:30,0,0,501,4000", "line 2: destination: "),
    ],
)
def test_bad_line_is_told_in_one_sentence(tmp_path: Path, line: str, message: str) -> None:
    told = refusal(tmp_path, line)
    assert told.startswith(str(tmp_path / "requests.csv"))
    assert message in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("seats", "-1", "seats is '-1'; give a whole number from 0 to 60"),
        ("seats", "0", "seats and wheelchairs are both 0; give at least one rider"),
        ("age_band", "80", "age_band is '80'; give one of 0-14, 15-64, 65-74, 75+"),
        ("channel", "fax", "channel is 'fax'; give one of phone, app"),
        ("time_kind", "at", "time_kind is 'at'; give one of depart, arrive"),
        ("is_no_show", "maybe", "is_no_show is 'maybe'; give one of 1, yes, true, 0, no, false"),
        ("cancels_at", "soon", "time 'soon' is no time"),
    ],
)
def test_bad_optional_value_is_told_with_what_is_allowed(
    tmp_path: Path, column: str, value: str, message: str
) -> None:
    assert f"line 2: {message}" in refusal(tmp_path, f"{LINE},{value}", header=f"{HEADER},{column}")


def test_missing_column_is_named(tmp_path: Path) -> None:
    told = refusal(tmp_path, header=HEADER.replace("wish_at", "wished_at"))
    assert "line 1: column 'wish_at' is missing; did you mean it by 'wished_at'?" in told


def test_misspelt_optional_column_is_not_passed_over(tmp_path: Path) -> None:
    told = refusal(tmp_path, LINE + ",1", header=HEADER + ",seat")
    assert "line 1: column 'seat' is not known; did you mean 'seats'?" in told


def test_repeated_request_is_refused(tmp_path: Path) -> None:
    assert "line 3: request '1' was already used in line 2" in refusal(tmp_path, LINE, LINE)


def test_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "requests.csv"
    path.write_bytes(b"\x81\xff\xfe")
    with pytest.raises(RequestFileError, match=r"requests\.csv is neither UTF-8 nor cp932 text"):
        read_requests(path, line_city(), 500.0)


# --- a scenario with a network file and recorded requests ---

SCENARIO = """
date = "2026-11-24"
horizon = { value = ["06:00", "20:00"], assumption = true }
[title]
en = "Line"
ja = "線"
[about]
en = "Line"
ja = "線"
[city]
network = "line.net"
snap_limit = { value = 500, unit = "m", assumption = true }
[demand]
kind = "recorded"
file = "requests.csv"
"""


def recorded_scenario(folder: Path, base: str = "[0, 0]", access: str = 'doors = "doors"') -> Path:
    line_city().network.save(folder / "line.net")
    (folder / "requests.csv").write_text(f"{HEADER}\n{LINE}\n", encoding="utf-8")
    shipped = load_scenario("sakura_on_demand").file
    service = Path(shipped).read_text(encoding="utf-8")
    service = service[service.index("[service]") :]
    service = service.replace(
        '{ place = "Sakura city hall" }', f"{{ position = {{ value = {base}, assumption = true }} }}"
    )
    service = service.replace(
        '{ place = "Kitsuregawa branch office" }', "{ position = { value = [0, 0], assumption = true } }"
    ).replace('doors = "stops"', access)
    path = folder / "line.toml"
    path.write_text(SCENARIO + service, encoding="utf-8")
    return path


def test_scenario_with_recorded_requests_is_prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAAS_CACHE_DIR", str(tmp_path / "cache"))
    path = recorded_scenario(tmp_path)
    prepared = prepare(load_scenario(path))
    assert isinstance(prepared.demand, RecordedDemand)
    assert prepared.demand.day.rider.tolist() == [1]
    assert prepared.service.vehicles[0].base == 1_000
    assert prepared.horizon == (21_600, 72_000)
    assert prepared.traffic is None
    assert prepared.travel_times.seconds(0, 10) == 400
    (tmp_path / "requests.csv").write_text(f"{HEADER}\n{LINE.replace('1,', '2,', 1)}\n", encoding="utf-8")
    assert prepare(load_scenario(path)).scenario_hash != prepared.scenario_hash


def test_stop_outside_the_area_is_refused(tmp_path: Path) -> None:
    far = '{ name = "Far", position = { value = [9000, 0], assumption = true } }'
    stops = f'doors = "doors"\nextra_stops = [{far}]'
    path = recorded_scenario(tmp_path, access=stops)
    with pytest.raises(ScenarioFileError, match=r"line\.toml: service\.access\.extra_stops\[0\]\.position"):
        prepare(load_scenario(path))


def test_stop_based_service_needs_stops(tmp_path: Path) -> None:
    path = recorded_scenario(tmp_path, access='doors = "stops"')
    text = path.read_text(encoding="utf-8")
    walking = (
        '[walking]\nlimit = { value = { "0-14" = 500, "15-64" = 500, "65-74" = 400, "75+" = 300 },'
        ' unit = "m", assumption = true }\n'
        'speed = { value = { "0-14" = 4, "15-64" = 4, "65-74" = 4, "75+" = 3 }, unit = "km/h",'
        " assumption = true }\ndetour = { value = 1.25, assumption = true }\n"
    )
    with pytest.raises(ScenarioFileError, match=r"line\.toml: walking is missing; riders walk to stops"):
        load_scenario(path)
    path.write_text(text + walking, encoding="utf-8")
    with pytest.raises(ScenarioFileError, match=r"extra_stops makes 0 stops; give at least 2, or doors"):
        prepare(load_scenario(path))


def test_base_far_from_every_road_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioFileError, match=r"line\.toml: service\.vehicles\[0\]\.base\.position"):
        prepare(load_scenario(recorded_scenario(tmp_path, base="[700, 0]")))


def test_network_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = recorded_scenario(tmp_path)
    (tmp_path / "line.net").write_bytes(b"torn")
    with pytest.raises(ScenarioFileError, match=r"line\.toml: city\.network: .*line\.net"):
        prepare(load_scenario(path))


def test_modelled_demand_needs_a_city_with_people(tmp_path: Path) -> None:
    line_city().network.save(tmp_path / "line.net")
    path = recorded_scenario(tmp_path)
    text = path.read_text(encoding="utf-8").replace('kind = "recorded"\nfile = "requests.csv"\n', "")
    people = f'extends = "{Path(load_scenario("sakura_today").file).parent}/common/sakura_people.toml"\n'
    path.write_text(people + text, encoding="utf-8")
    with pytest.raises(
        ScenarioFileError, match=r'demand\.kind is "model", but Line has no towns with people'
    ):
        prepare(load_scenario(path))


def test_day_keeps_its_dtypes(tmp_path: Path) -> None:
    day = read(tmp_path, LINE)
    assert day.rider.dtype == np.int64
    assert day.wish_s.dtype == np.int32
    assert day.is_no_show.dtype == np.bool_
