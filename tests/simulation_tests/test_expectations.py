"""Demand that answers: what people meet corrects what they expect, and figures tell what came of it."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from maas.i18n.figures import wording_of
from scenarios.demand_model import DemandModel
from scenarios.mode_choice import CAR, LIFT, MODES, SERVICE
from scenarios.overrides import scenario_with
from scenarios.preparation import prepare
from scenarios.prepared import PreparedScenario
from scenarios.weighed_outings import Expectation, ModeChoice
from simulation.comparison import flattened
from simulation.errors import StudyError
from simulation.expectations import Met, corrected, gap_yen, met_by, settled, wholly_believed
from simulation.outcomes import REQUESTS, write_day
from simulation.phone_day import PhoneFigures
from simulation.run import run_day, simulated_day
from tests.scenarios_tests.test_weighed_outings import RULES


def choice_of(prepared: PreparedScenario) -> ModeChoice:
    assert isinstance(prepared.demand, DemandModel)
    assert prepared.demand.choice is not None
    return prepared.demand.choice


def with_rules(prepared: PreparedScenario, **changes: Any) -> PreparedScenario:
    assert isinstance(prepared.demand, DemandModel)
    choice = choice_of(prepared)
    changed = replace(choice, rules=replace(choice.rules, **changes))
    return replace(prepared, demand=replace(prepared.demand, choice=changed))


@pytest.fixture(scope="module")
def city() -> PreparedScenario:
    """The city-wide service with two vans and people who look back on one day."""
    settings = {
        "choice.model": "logit",
        "choice.learning.days": 1,
        "choice.learning.settled": 40,
        "service.fleet.vans": 2,
    }
    return prepare(scenario_with("sakura_on_demand", settings, where="test", reason="test"))


@pytest.fixture(scope="module")
def learned(city: PreparedScenario) -> PreparedScenario:
    return settled(city)


def cells(value: float) -> Any:
    return np.full((2, 2), value)


def test_what_was_met_is_believed_with_some_hearsay_by_hand() -> None:
    # 8 of 10 served from area 0 to area 0, none of 10 from 0 to outside; nobody asked elsewhere.
    asked = np.array([[10.0, 10.0], [0.0, 0.0]])
    served = np.array([[8.0, 0.0], [0.0, 0.0]])
    met = Met(asked, served, served * 120.0, served * 600.0, served * 500.0)
    before = Expectation(cells(600.0), cells(1.5), cells(0.9))
    target = wholly_believed(before, met)
    # Two requests' worth of what all met (8 of 20): (8 + 2 * 0.4) / 12 and (0 + 2 * 0.4) / 12.
    assert target.served_share[0] == pytest.approx([8.8 / 12, 0.8 / 12])
    assert target.served_share[1].tolist() == [0.9, 0.9]
    assert target.wait_s[0].tolist() == pytest.approx([120.0, 600.0])
    assert target.ride_ratio[0].tolist() == pytest.approx([1.2, 1.5])
    half = corrected(before, target, 0.5)
    assert half.wait_s[0].tolist() == pytest.approx([360.0, 600.0])
    assert half.ride_ratio[0].tolist() == pytest.approx([1.35, 1.5])


def test_the_gap_is_in_yen_a_way_by_hand() -> None:
    met = Met(cells(1.0), cells(1.0), cells(0.0), cells(0.0), cells(600.0))
    before = Expectation(cells(600.0), cells(1.5), cells(0.8))
    target = Expectation(cells(360.0), cells(1.2), cells(0.9))
    # 10 yen a minute: half of -4 min, and -0.3 * 10 min, and a tenth of 500 yen less: -20 - 30 - 50.
    assert gap_yen(RULES, before, target, met) == pytest.approx(100.0)
    assert gap_yen(RULES, before, before, met) == 0.0
    nobody = Met(*(cells(0.0) for _ in range(5)))
    assert gap_yen(RULES, before, wholly_believed(before, nobody), nobody) == 0.0


def test_expectations_settle_and_agree_with_what_is_met(
    city: PreparedScenario, learned: PreparedScenario
) -> None:
    settling = choice_of(learned).settling
    assert settling is not None
    assert settling.is_settled
    assert 1 < settling.rounds <= choice_of(city).rules.rounds
    assert settling.gap_yen <= 40
    # Two vans for so many: people have learned that seats are short.
    shares = choice_of(learned).expectation.served_share
    assert float(shares[0, 0]) < float(choice_of(city).expectation.served_share[0, 0])
    assert settled(learned) is learned


def test_everybody_learns_the_same_wherever_it_is_computed(
    city: PreparedScenario, learned: PreparedScenario
) -> None:
    again = choice_of(settled(city))
    assert again.settling == choice_of(learned).settling
    for name in ("wait_s", "ride_ratio", "served_share"):
        first = getattr(choice_of(learned).expectation, name)
        assert getattr(again.expectation, name).tolist() == first.tolist()


def test_who_is_lost_on_the_phone_lowers_the_chance_of_a_seat(learned: PreparedScenario) -> None:
    run = run_day(learned, 1)
    requests = run.requests()
    plain = met_by(run, requests, choice_of(learned))
    zero = dict.fromkeys(("callers", "calls", "answered", "abandoned", "turned_away", "gave_up"), 0)
    zero |= {"lost_requests": len(requests), "lost_riders": 0}
    phone = PhoneFigures(**zero, lost_by_age_band={}, wait_mean_s=None, occupancy=0.0)
    met = met_by(replace(run, phone=phone), requests, choice_of(learned))
    # As many were lost as got through: every chance is half of what it was, waits stay.
    assert met.served == pytest.approx(plain.served / 2)
    assert met.asked.tolist() == plain.asked.tolist()
    assert float(met.wait_s.sum() / met.served.sum()) == pytest.approx(
        plain.wait_s.sum() / plain.served.sum()
    )
    done = requests[requests["status"] == "done"]
    assert float(plain.served.sum()) == len(done)
    assert float(plain.wait_s.sum()) == float(done["wait_s"].sum())
    gave_up = requests["status"].isin(["cancelled", "no_show"]).sum()
    assert float(plain.asked.sum()) == len(requests) - gave_up


def test_a_day_before_anybody_has_learned_is_refused(
    city: PreparedScenario, learned: PreparedScenario
) -> None:
    with pytest.raises(StudyError, match="people have not learned yet what to expect; give settled"):
        run_day(city, 1)
    assert run_day(learned, 1).request_count > 0
    assert run_day(with_rules(city, rounds=0), 1).request_count > 0


def test_expectations_that_do_not_settle_are_told(
    city: PreparedScenario, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        hasty = settled(with_rules(city, rounds=1, settled_yen=0.001))
    assert "after 1 rounds people still meet a service that is" in caplog.text
    figures = run_day(hasty, 1).figures()["choice"]
    assert (figures["unsettled"], figures["rounds"]) == (1, 1)
    assert figures["gap_yen"] > 0.001


def test_figures_of_a_day_fit_together(learned: PreparedScenario) -> None:
    run = run_day(learned, 1)
    figures = run.figures()
    choice = figures["choice"]
    assert choice["unsettled"] == 0
    assert sum(choice["shares"].values()) == pytest.approx(1.0)
    by_service = choice["shares"]["service"] * choice["outings"]
    assert sum(choice["instead"].values()) == pytest.approx(by_service)
    assert choice["service_share_expected"] == pytest.approx(choice["shares"]["service"], abs=0.05)
    assert choice["surplus_yen"] > 0
    requests = run.requests()
    assert len(requests) == figures["requests"]
    residents = requests["is_resident"].to_numpy(bool)
    assert bool(requests["instead"].isna().to_numpy()[~residents].all())
    assert bool(requests["instead"].notna().to_numpy()[residents].all())
    # One outing is one way there, asked for by who knows the service; its way back may be another request.
    assert by_service <= residents.sum() <= 2 * by_service
    served = requests[requests["status"] == "done"]
    way = served["instead"].astype(str)
    driven = served.loc[way == MODES[CAR], "direct_m"].sum()
    lifted = served.loc[way == MODES[LIFT], "direct_m"].sum()
    rules = choice_of(learned).rules
    assert choice["replaced_km"] == pytest.approx((driven + rules.lift_km_factor * lifted) / 1000)
    assert choice["replaced_co2_kg"] == pytest.approx(choice["replaced_km"] * rules.car_co2_g_per_km / 1000)
    assert MODES[SERVICE] not in set(way)


def test_more_vans_attract_trips(learned: PreparedScenario) -> None:
    settings = {"choice.model": "logit", "choice.learning.days": 1, "choice.learning.settled": 40}
    six = settled(prepare(scenario_with("sakura_on_demand", settings, where="test", reason="test")))
    two_vans = [run_day(learned, seed).figures()["choice"] for seed in (1, 2)]
    six_vans = [run_day(six, seed).figures()["choice"] for seed in (1, 2)]
    for few, many in zip(two_vans, six_vans, strict=True):
        assert few["outings"] == many["outings"]
        assert few["shares"]["service"] < many["shares"]["service"]
        assert few["surplus_yen"] < many["surplus_yen"]


def test_what_people_expect_decides_the_day_and_not_when_it_is_simulated(learned: PreparedScenario) -> None:
    first, again = run_day(learned, 3), run_day(learned, 3)
    assert first.journal.closing_hash == again.journal.closing_hash
    assert simulated_day(learned, 3).journal.closing_hash == first.journal.closing_hash


def test_the_requests_that_are_written_say_how_people_would_have_gone(
    learned: PreparedScenario, tmp_path: Path
) -> None:
    run = run_day(learned, 2)
    write_day(tmp_path, ".", run)
    table = pd.read_parquet(tmp_path / REQUESTS)
    assert table["instead"].astype(str).tolist() == run.requests()["instead"].astype(str).tolist()


def test_every_figure_that_studies_may_name_has_words(learned: PreparedScenario) -> None:
    keys = flattened({"choice": run_day(learned, 1).figures()["choice"]})
    named = {key for key in keys if wording_of(key) is not None}
    assert {"choice.instead.stay", "choice.shares.service", "choice.surplus_yen"} <= named
    assert {f"choice.shares.{mode}" for mode in MODES} <= named


def test_nobody_chooses_where_nothing_is_said_of_it() -> None:
    plain = prepare(scenario_with("sakura_on_demand", {}, where="test", reason="test"))
    assert settled(plain) is plain
    run = run_day(plain, 1)
    assert run.choices is None
    assert "choice" not in run.figures()
    assert "instead" not in run.requests().columns
