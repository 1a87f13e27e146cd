"""From the [service] section to what the dispatcher knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from maas.domain.planning_rules import Batching, Replanning, SoftLimits, Waiting
from maas.domain.travel_spread import TravelSpread
from maas.service_definition import Break, CapacityRow, FareStep, ServiceDefinition
from scenarios.city import Locator
from scenarios.errors import ScenarioFileError
from scenarios.fleets import service_definition
from scenarios.loading import CATALOGUE, load_scenario
from scenarios.provenance import Entry, entries
from scenarios.traffic import TrafficModel
from tests.scenarios_tests.cities import line_city

TRAFFIC = TrafficModel.even(0.1)


def on_the_line(
    folder: Path, name: str, *changes: tuple[str, str], traffic: TrafficModel | None = TRAFFIC
) -> ServiceDefinition:
    """The service of a shipped scenario, its places and areas replaced by those of the line."""
    text = (CATALOGUE / f"{name}.toml").read_text(encoding="utf-8")
    here = (
        ("common/", f"{CATALOGUE}/common/"),
        ("Sakura city hall", "Shop"),
        ("Ujiie station", "Station"),
        ("Kitsuregawa branch office", "Clinic"),
        ("Kurosu hospital", "Hospital"),
        ('area = "Ujiie"', 'area = "West area"'),
        ('area = "Kitsuregawa"', 'area = "East area"'),
    )
    for old, new in (*here, *changes):
        text = text.replace(old, new)
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    scenario = load_scenario(path)
    city = line_city()
    locator = Locator(city, "mine.toml", 500.0)
    return service_definition(scenario.service, city, locator, "mine.toml", traffic)


def test_group_becomes_numbered_vehicles_at_their_base(tmp_path: Path) -> None:
    service = on_the_line(tmp_path, "sakura_on_demand")
    assert [v.vehicle_id for v in service.vehicles] == ["U1", "U2", "U3", "UW1", "K1", "KW1"]
    # The shop stands at node 8, the clinic at node 20; place ids are 1,000 more.
    assert [v.base for v in service.vehicles] == [1_008, 1_008, 1_008, 1_008, 1_020, 1_020]
    assert {(v.start_s, v.end_s) for v in service.vehicles} == {(28_800, 61_200)}
    # A rest of an hour between 11:30 and 14:30 starts at 13:30 at the latest.
    assert service.vehicles[0].breaks == (Break(41_400, 48_600, 3_600),)


def test_wheelchair_wagon_folds_three_seats_for_a_wheelchair(tmp_path: Path) -> None:
    service = on_the_line(tmp_path, "sakura_on_demand")
    types = {t.name: t for t in service.vehicle_types}
    assert types["wheelchair wagon"].capacity == (CapacityRow(1, 3, 8), CapacityRow(0, 1, 2))
    assert types["wagon"].capacity == (CapacityRow(1, 0, 8), CapacityRow(0, 1, 0))


SURELY = 'promise_quantile = { value = 90, assumption = "nine in ten drives" }\noffers = '


def test_quantile_of_promises_comes_with_the_spread_of_the_traffic(tmp_path: Path) -> None:
    plain = on_the_line(tmp_path, "sakura_on_demand")
    assert (plain.rules.promise_quantile_percent, plain.travel_spread) == (0, None)
    service = on_the_line(tmp_path, "sakura_on_demand", ("\noffers = ", "\n" + SURELY))
    assert service.rules.promise_quantile_percent == 90
    assert service.travel_spread == TravelSpread(100, 900)
    said = entries(load_scenario(tmp_path / "mine.toml"))
    assert Entry(
        "service.rules", "promise_quantile", "90", "", "assumption: nine in ten drives", True
    ) in said  # fmt: skip


def test_quantile_of_promises_without_traffic_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioFileError) as caught:
        on_the_line(tmp_path, "sakura_on_demand", ("\noffers = ", "\n" + SURELY), traffic=None)
    assert str(caught.value) == (
        "mine.toml: service.rules.promise_quantile has no traffic to judge by; add the section [traffic], or"
        " leave promise_quantile out"
    )


REPLANNED = """
[service.replanning]
engine = "ortools"
every = { value = 1, unit = "min", assumption = "often enough" }

[service.fares]
"""


def test_rolling_horizon_replans_as_its_section_says(tmp_path: Path) -> None:
    rolling = ('policy = "insertion"', 'policy = "rolling_horizon"')
    assert on_the_line(tmp_path, "sakura_on_demand").replanning is None
    assert on_the_line(tmp_path, "sakura_on_demand", rolling).replanning == Replanning()
    service = on_the_line(tmp_path, "sakura_on_demand", rolling, ("\n[service.fares]\n", REPLANNED))
    assert service.policy == "rolling_horizon"
    # Iterations as the engine has them by default.
    assert service.replanning == Replanning(60, 5, 1, "ortools")
    with pytest.raises(
        ScenarioFileError, match=r'replanning has no effect under policy "insertion"; give policy'
    ):
        on_the_line(tmp_path, "sakura_on_demand", ("\n[service.fares]\n", REPLANNED))


def test_every_number_of_replanning_may_stand_in_the_scenario(tmp_path: Path) -> None:
    rolling = ('policy = "insertion"', 'policy = "rolling_horizon"')
    because = 'assumption = "tried"'
    section = f"""
[service.replanning]
iterations = {{ value = 40, {because} }}
request_iterations = {{ value = 0, {because} }}
repair_iterations = {{ value = 300, {because} }}
overnight_iterations = {{ value = 20000, {because} }}
overnight_at = {{ value = "21:30", {because} }}
overnight_delay = {{ value = 5, unit = "min", {because} }}

[service.fares]
"""
    service = on_the_line(tmp_path, "sakura_on_demand", rolling, ("\n[service.fares]\n", section))
    assert service.replanning == Replanning(
        iterations=40, request_iterations=0, repair_iterations=300,
        overnight_iterations=20_000, overnight_at_s=77_400, overnight_delay_s=300,
    )  # fmt: skip
    late = section.replace('"21:30"', '"25:00"')
    with pytest.raises(ScenarioFileError, match="overnight_at_s is 90000; give 0 to 86399"):
        on_the_line(tmp_path, "sakura_on_demand", rolling, ("\n[service.fares]\n", late))


def test_batch_gathers_requests_as_its_section_says(tmp_path: Path) -> None:
    batch = ('policy = "insertion"', 'policy = "batch"')
    assert on_the_line(tmp_path, "sakura_on_demand", batch).batching == Batching()
    section = """
[service.batching]
every = { value = 1, unit = "min", assumption = "often enough" }

[service.fares]
"""
    service = on_the_line(tmp_path, "sakura_on_demand", batch, ("\n[service.fares]\n", section))
    assert (service.policy, service.batching) == ("batch", Batching(60))
    with pytest.raises(ScenarioFileError, match=r'batching has no effect under policy "insertion"; give'):
        on_the_line(tmp_path, "sakura_on_demand", ("\n[service.fares]\n", section))
    never = section.replace("value = 1,", "value = 0,")
    with pytest.raises(ScenarioFileError, match=r"service: batching every_s is 0; give 1 to 3600"):
        on_the_line(tmp_path, "sakura_on_demand", batch, ("\n[service.fares]\n", never))


def test_soft_limits_are_as_their_section_says(tmp_path: Path) -> None:
    assert on_the_line(tmp_path, "sakura_on_demand").soft_limits is None
    section = """
[service.soft_limits]
late_pickup = { value = 50, unit = "%", assumption = "half a second of driving" }

[service.fares]
"""
    service = on_the_line(tmp_path, "sakura_on_demand", ("\n[service.fares]\n", section))
    assert service.soft_limits == SoftLimits(50, 1000)
    plain = ("\n[service.fares]\n", "\n[service.soft_limits]\n\n[service.fares]\n")
    assert on_the_line(tmp_path, "sakura_on_demand", plain).soft_limits == SoftLimits()
    far = section.replace("value = 50", "value = 100001")
    with pytest.raises(ScenarioFileError, match=r"service: soft limits late_pickup_percent is 100001; give"):
        on_the_line(tmp_path, "sakura_on_demand", ("\n[service.fares]\n", far))


def test_waiting_is_as_its_section_says(tmp_path: Path) -> None:
    assert on_the_line(tmp_path, "sakura_on_demand").waiting is None
    section = """
[service.waiting]
leaves = "at_once"
idle_cost = { value = 50, unit = "%", assumption = "half a second of driving" }

[service.fares]
"""
    service = on_the_line(tmp_path, "sakura_on_demand", ("\n[service.fares]\n", section))
    assert service.waiting == Waiting(drives_first=True, idle_cost_percent=50)
    plain = ("\n[service.fares]\n", "\n[service.waiting]\n\n[service.fares]\n")
    assert on_the_line(tmp_path, "sakura_on_demand", plain).waiting == Waiting()
    far = section.replace("value = 50", "value = 1001")
    with pytest.raises(ScenarioFileError, match=r"waiting idle_cost_percent is 1001; give 0 to 1000"):
        on_the_line(tmp_path, "sakura_on_demand", ("\n[service.fares]\n", far))


def test_rolling_horizon_keeps_the_service_of_a_parent_that_inserts(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    head = 'extends = "sakura_on_demand"\n[title]\nen = "a"\nja = "b"\n[service]\npolicy = '
    path.write_text(head + '"rolling_horizon"\n', encoding="utf-8")
    rolling = load_scenario(path).service
    assert rolling.policy == "rolling_horizon"
    assert rolling.vehicles == load_scenario("sakura_on_demand").service.vehicles
    path.write_text(head + '"scheduled_runs"\n', encoding="utf-8")
    with pytest.raises(ScenarioFileError, match="is missing"):
        load_scenario(path)
    path.write_text(head + '"none"\n', encoding="utf-8")
    with pytest.raises(
        ScenarioFileError, match="give 'insertion', 'rolling_horizon', 'batch', 'scheduled_runs'"
    ):
        load_scenario(path)


def test_rules_are_seconds_and_per_cent(tmp_path: Path) -> None:
    rules = on_the_line(tmp_path, "sakura_on_demand").rules
    assert (rules.advance_max_s, rules.notice_min_s, rules.max_wait_s) == (432_000, 1_200, 1_200)
    assert (rules.detour_alpha_percent, rules.detour_beta_s) == (150, 1_200)
    assert (rules.max_ride_alpha_percent, rules.max_ride_beta_s, rules.max_ride_s) == (200, 600, 3_600)
    assert (rules.offers_max, rules.offer_hold_s, rules.stop_s, rules.wheelchair_stop_s) == (3, 180, 60, 180)
    today = on_the_line(tmp_path, "sakura_today").rules
    assert (today.max_ride_s, today.promise_after_s) == (0, 0)


def test_fares_and_overhead_of_a_day(tmp_path: Path) -> None:
    service = on_the_line(tmp_path, "sakura_on_demand")
    assert service.fares.steps == (FareStep(5_000, 300), FareStep(10_000, 500), FareStep(30_000, 700))
    assert service.fares.age_discount_percent == (50, 0, 0, 0)
    assert service.fares.disability_discount_percent == 50
    # One operator for 9 h at 1,650 yen = 14,850; six licences of 100,000 yen over 21 days = 28,571.
    assert service.costs.overhead_yen_per_day == 43_421
    assert (service.costs.yen_per_vehicle_hour, service.costs.paid_hours) == (3_300, "shift")


def test_each_departure_is_a_run_of_every_vehicle_with_its_deadline(tmp_path: Path) -> None:
    service = on_the_line(tmp_path, "sakura_today")
    # うのはな号: 9 departures x 2 wagons; コンタ号: 9; つういんコンタ号: 3 there, 3 back.
    assert len(service.runs) == 33
    assert [run.run_id for run in service.runs] == list(range(1, 34))
    first, second, third = service.runs[:3]
    assert (first.vehicle_id, second.vehicle_id) == ("うのはな1", "うのはな2")
    assert (first.depart_s, first.end_s) == (28_800, 32_400)
    # The 8:00 run by 17:00 of the day before, the 9:00 run an hour before.
    assert first.booking_deadline_s == -25_200
    assert third.booking_deadline_s == 28_800
    back = service.runs[-1]
    assert (back.pickup_zone, back.dropoff_zone, back.depart_s) == ("黒須病院", "喜連川", 54_000)


def test_zones_are_areas_or_places(tmp_path: Path) -> None:
    zones = {zone.name: zone.places for zone in on_the_line(tmp_path, "sakura_today").zones}
    assert zones["氏家"] == tuple(range(1_000, 1_015))
    assert zones["喜連川"] == tuple(range(1_015, 1_030))
    assert zones["黒須病院"] == (1_010,)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'place = "Shop"',
            'place = "Shopp"',
            r"service\.vehicles\[0\]\.base\.place: 'Shopp' is no place of Line; did",
        ),
        ('place = "Shop"', 'place = "S"', r"base\.place: 'S' may be Shop or Station; give more of the name"),
    ],
)
def test_unknown_or_unclear_place_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ScenarioFileError, match=r"^mine\.toml: .*" + message):
        on_the_line(tmp_path, "sakura_on_demand", (old, new))


def test_unknown_area_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ScenarioFileError, match=r"mine\.toml: service\.zones\[0\]\.area: 'North' is no area; give"
    ):
        on_the_line(tmp_path, "sakura_today", ('area = "West area"', 'area = "North"'))


def test_entries_tell_section_key_value_unit_and_origin() -> None:
    said = entries(load_scenario("sakura_today"))
    assert Entry("service", "policy", "scheduled_runs") in said
    assert (
        Entry("service.lines[うのはな号]", "run_length", "60", "min", "assumption: hourly runs", True) in said
    )
    advance = next(e for e in said if (e.section, e.key) == ("service.rules", "advance"))
    assert (advance.value, advance.unit, advance.is_assumption) == ("7", "days", False)
    assert advance.origin.startswith("Takanezawa たんたん号")
    assert not [e for e in said if e.is_assumption and not e.origin.startswith("assumption")]
