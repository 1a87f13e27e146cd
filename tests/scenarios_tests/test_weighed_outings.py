"""Outings of the line city: what each way is worth by hand, who takes the service, wrong sections."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from maas.service_definition import AGE_BANDS
from routing.travel_times import DenseTravelTimes
from scenarios.access import LineAccess
from scenarios.choice_section import ChoiceRules
from scenarios.demand_model import DemandModel, build_demand_model
from scenarios.errors import ScenarioFileError
from scenarios.fleets import fares
from scenarios.loading import load_scenario
from scenarios.mode_choice import BUS, CAR, LIFT, SERVICE, STAY
from scenarios.overrides import scenario_with
from scenarios.people_sections import ModelledDemand
from scenarios.population import holds_licence
from scenarios.preparation import scenario_hash
from scenarios.weighed_outings import NO_CHOICE, ModeChoice, stated_expectation
from tests.scenarios_tests.cities import line_city, line_scenario, open_access

FOUR = tuple[float, float, float, float]


def four(value: float) -> FOUR:
    return (value, value, value, value)


RULES = ChoiceRules(
    outings_per_request=3.0,
    worth_yen=four(1000.0),
    service_trouble_yen=four(100.0),
    lift_trouble_yen=four(300.0),
    car_trouble_yen=four(50.0),
    bus_trouble_yen=four(200.0),
    spread_yen=400.0,
    yen_per_minute=10.0,
    wait_weight=0.5,
    walk_weight=2.0,
    refusal_yen=500.0,
    licence_share=(0.0, 1.0, 1.0, 0.0),
    car_share=four(1.0),
    lift_share=(1.0, 1.0, 0.0, 1.0),
    car_yen_per_km=20.0,
    car_co2_g_per_km=130.0,
    lift_km_factor=2.0,
    expected_wait_s=600.0,
    expected_ride_ratio=1.5,
    expected_served_share=0.8,
    rounds=0,
    days=1,
    step=0.5,
    settled_yen=10.0,
)


def model(folder: Path, rules: ChoiceRules | None = RULES, fare_yen: int = 300) -> DemandModel:
    scenario, city = line_scenario(folder), line_city()
    assert isinstance(scenario.demand, ModelledDemand)
    assert scenario.population is not None
    travel_times = DenseTravelTimes.build(city.network)
    section = fares(scenario.service.fares)
    flat = replace(section, steps=(replace(section.steps[0], up_to_m=0, yen=fare_yen),))
    choice = None
    if rules is not None:
        expectation = stated_expectation(rules, len(city.areas))
        choice = ModeChoice(rules, flat, city, travel_times, (), None, four(4.0), 1.25, expectation)
    return build_demand_model(
        city,
        travel_times,
        scenario.population,
        scenario.demand,
        open_access(city),
        scenario.weekday,
        scenario.file,
        choice,
    )


def choice_of(found: DemandModel) -> ModeChoice:
    assert found.choice is not None
    return found.choice


def weighed(found: DemandModel, seed: int = 1) -> Any:
    outings = found.weighed(seed)
    assert outings is not None
    return outings


def test_what_each_way_is_worth_by_hand(tmp_path: Path) -> None:
    found = model(tmp_path)
    outings = weighed(found)
    there = outings.day.take(outings.rows)
    worth = choice_of(found).benefits_yen(there)
    adult = int(np.flatnonzero((there.age_band == AGE_BANDS.index("15-64")) & ~there.is_disabled)[0])
    steps = abs(int(there.origin[adult]) - int(there.destination[adult]))  # 400 m and 40 s each
    drive_min, km = steps * 40 / 60, steps * 0.4
    # Service, each way: 300 yen, 10 min of wait at half weight, 1.5 times the drive, a fifth of 500 yen.
    service = 1000 - 100 - 2 * (300 + 10 * (0.5 * 10 + 1.5 * drive_min) + 0.2 * 500)
    by_car = 2 * (10 * drive_min + 20 * km)
    expected = [service, 1000 - 300 - by_car, 1000 - 50 - by_car, -np.inf, 0.0]
    assert worth[adult] == pytest.approx(expected)


def test_who_may_drive_or_be_driven_depends_on_age(tmp_path: Path) -> None:
    found = model(tmp_path)
    outings = weighed(found)
    there = outings.day.take(outings.rows)
    is_open = np.isfinite(choice_of(found).benefits_yen(there))
    for band, (lift, car) in enumerate([(True, False), (True, True), (False, True), (True, False)]):
        mine = there.age_band == band
        assert set(is_open[mine, LIFT].tolist()) <= {lift}
        assert set(is_open[mine, CAR].tolist()) <= {car}
    assert bool(is_open[:, STAY].all())
    assert not is_open[:, BUS].any()


def test_licences_are_those_by_which_people_live(tmp_path: Path) -> None:
    found = model(tmp_path, rules=None)
    who, shares = found.residents, found.demand.licence_share.value.values
    has = holds_licence(who.person, who.age_band, shares)
    oldest = who.age_band == AGE_BANDS.index("75+")
    with_licence = found.demand.rate_with_licence.value.values[3]
    assert set(who.rate[oldest & has].tolist()) == {with_licence}
    assert set(who.rate[oldest & ~has].tolist()) == {1.0}


def test_requests_are_of_those_who_take_the_service_and_of_visitors(tmp_path: Path) -> None:
    outings = weighed(model(tmp_path))
    asked = outings.requests()
    taking = set((outings.day.rider[outings.rows[outings.taken == SERVICE]] // 2).tolist())
    travellers = asked.rider // 2
    assert set(travellers[asked.is_resident].tolist()) == taking
    assert int((~asked.is_resident).sum()) == int((~outings.day.is_resident).sum()) > 0
    returns = outings.day.rider[outings.day.rider % 2 == 1]
    kept = set(asked.rider[asked.is_resident & (asked.rider % 2 == 1)].tolist())
    assert kept == {int(r) for r in returns.tolist() if int(r) // 2 in taking}


def test_each_rider_knows_how_they_would_have_gone(tmp_path: Path) -> None:
    outings = weighed(model(tmp_path))
    asked = outings.requests()
    instead = outings.instead_of(asked.rider)
    assert set(instead[~asked.is_resident].tolist()) == {NO_CHOICE}
    assert set(instead[asked.is_resident].tolist()) <= {LIFT, CAR, BUS, STAY}
    row = int(np.flatnonzero(outings.taken == SERVICE)[0])
    rider = outings.day.rider[outings.rows[row : row + 1]]
    assert outings.instead_of(np.concatenate([rider + 1, rider])).tolist() == [outings.instead[row]] * 2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_lower_fare_never_loses_a_rider(tmp_path: Path, seed: int) -> None:
    found = [weighed(model(tmp_path, fare_yen=fare), seed) for fare in (500, 300, 100, 0)]
    riders = [set(outings.requests().rider.tolist()) for outings in found]
    assert all(dear <= cheap for dear, cheap in pairwise(riders))
    assert len(riders[0]) < len(riders[-1])
    surplus = [float(outings.surplus_yen.sum()) for outings in found]
    assert surplus == sorted(surplus)
    assert surplus[0] > 0
    # Who does not take the service does what they would do without it.
    for outings in found:
        away = outings.taken != SERVICE
        assert bool((outings.taken[away] == outings.instead[away]).all())


def test_longer_waits_and_fewer_seats_make_the_service_worth_less(tmp_path: Path) -> None:
    found = model(tmp_path)
    plain = float(weighed(found).surplus_yen.sum())
    for change in ({"expected_wait_s": 1200.0}, {"expected_ride_ratio": 2.0}, {"expected_served_share": 0.5}):
        assert float(weighed(model(tmp_path, replace(RULES, **change))).surplus_yen.sum()) < plain


def test_nobody_takes_a_service_that_they_do_not_know(tmp_path: Path) -> None:
    found = model(tmp_path)
    unknown = replace(found, access=replace(found.access, awareness=0.0))
    outings = weighed(unknown)
    assert SERVICE not in outings.taken
    assert float(outings.surplus_yen.sum()) == 0.0


def test_nobody_weighs_a_service_of_lines_that_do_not_go_there(tmp_path: Path) -> None:
    found = model(tmp_path)
    west = np.arange(30) < 15
    line = LineAccess(west, west, awareness=1.0, max_shift_s=3600)
    with_line = replace(found, choice=replace(choice_of(found), lines=(line,)))
    outings = weighed(with_line)
    there = outings.day.take(outings.rows)
    goes = west[there.origin] & west[there.destination]
    is_open = np.isfinite(choice_of(with_line).benefits_yen(there)[:, SERVICE])
    assert is_open.tolist() == goes.tolist()
    assert 0 < goes.sum() < len(goes)


def test_three_times_the_trips_are_weighed(tmp_path: Path) -> None:
    # Of 100 requests 94 are of residents: 282 trips are weighed on an average weekday, 20 days or so of it.
    found = model(tmp_path)
    counts = [len(weighed(found, seed).day.asking().rider) for seed in range(1, 21)]
    visitors = [int((~weighed(found, seed).day.is_resident).sum()) for seed in range(1, 21)]
    assert np.mean(counts) - np.mean(visitors) == pytest.approx(282, rel=0.05)


def test_a_choice_that_is_off_leaves_no_trace(tmp_path: Path) -> None:
    off, on = load_scenario("sakura_on_demand"), switched(True)
    assert "choice" not in off.model_dump(mode="json", by_alias=True)
    assert scenario_hash(switched(False), "roads") == scenario_hash(off, "roads")
    assert scenario_hash(on, "roads") != scenario_hash(off, "roads")
    assert model(tmp_path, rules=None).weighed(1) is None


def switched(is_on: bool, **settings: object) -> Any:
    changed = {f"choice.{key}": value for key, value in settings.items()}
    return scenario_with(
        "sakura_on_demand",
        {"choice.model": "logit" if is_on else "off", **changed},
        where="test",
        reason="test",
    )


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("spread", 0, "choice.spread.value is 0; give more than 0"),
        ("car_share.75+", 1.2, "is 1.2; give 1 or less"),
        ("learning.days", 0, "choice.learning.days.value is 0; give 1 or more"),
        ("learning.step", 0, "step is 0, so that nobody learns; give more than 0, or rounds = 0"),
        ("expected.served_share", 2, "choice.expected.served_share.value is 2; give 1 or less"),
        (
            "trouble.taxi",
            2,
            "choice.trouble.taxi = 2 names no number of the scenario; known in",
        ),
        ("outings_per_request", -1, "choice.outings_per_request.value is -1; give more than 0"),
    ],
)
def test_a_wrong_choice_is_refused_in_one_sentence(key: str, value: object, message: str) -> None:
    with pytest.raises(ScenarioFileError) as caught:
        switched(True, **{key: value})
    assert message in str(caught.value)


def test_recorded_requests_have_been_chosen_already(tmp_path: Path) -> None:
    path = tmp_path / "recorded.toml"
    path.write_text(
        'extends = "sakura_on_demand"\n[demand]\nkind = "recorded"\nfile = "r.csv"\n'
        '[choice]\nmodel = "logit"\n',
        encoding="utf-8",
    )
    with pytest.raises(ScenarioFileError, match='choice needs demand\\.kind = "model"'):
        load_scenario(path)


def test_more_outings_than_the_people_can_make_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioFileError, match=r"times choice\.outings_per_request 100000, more than"):
        model(tmp_path, replace(RULES, outings_per_request=100_000.0))
