"""Riders who phone: delayed by the queue and the call, or lost; riders with the app as before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from maas.dispatch import codec
from maas.service_definition import AGE_BANDS, CHANNELS
from maas.store.journal import read_journal
from scenarios.demand import draw_demand
from scenarios.demand_day import NEVER, DemandDay
from scenarios.errors import ScenarioFileError
from scenarios.loading import load_scenario
from scenarios.phone_calls import CallCentreRules
from scenarios.preparation import prepare, scenario_hash
from simulation.outcomes import JOURNAL, write_day
from simulation.phone_day import through_the_phone
from simulation.run import run_day
from tests.scenarios_tests.cities import line_city, line_scenario, model_of
from tests.simulation_tests.study_inputs import write_scenario

PHONE, APP = CHANNELS.index("phone"), CHANNELS.index("app")
NINE = 9 * 3600
DAY_S = 86_400

RULES = CallCentreRules(
    operators=1,
    hours=(8 * 3600, 17 * 3600),
    call_length_s=180,
    call_length_spread=0.0,
    patience_s=10**9,
    calls_again_share=0.0,
    calls_again_after_s=(60, 600),
    attempts=3,
)
IMPATIENT = replace(RULES, patience_s=60, calls_again_share=0.5, call_length_spread=0.5)

SECTION = """
[call_centre]
operators = { value = 1, assumption = "test" }
call_length = { value = 3, unit = "min", assumption = "test" }
call_length_spread = { value = 0, assumption = "test" }
patience = { value = 1000, unit = "days", assumption = "test" }
calls_again = { value = 0.5, assumption = "test" }
calls_again_after = { value = [1, 10], unit = "min", assumption = "test" }
attempts = { value = 3, assumption = "test" }
"""


@pytest.fixture(scope="module")
def model_day(tmp_path_factory: pytest.TempPathFactory) -> DemandDay:
    """A modelled day of the line city."""
    folder = tmp_path_factory.mktemp("line")
    return model_of(line_scenario(folder), line_city()).draw(1)


def some(day: DemandDay, count: int, channel: int, booked_s: list[int]) -> DemandDay:
    """The first riders of a day by one channel, booking when told, wishing late in the day."""
    few = day.take(np.arange(count))
    return replace(
        few,
        booked_at_s=np.array(booked_s, np.int32),
        channel=np.full(count, channel, np.int32),
        wish_s=np.full(count, 18 * 3600, np.int32),
        cancels_at_s=np.full(count, NEVER, np.int32),
    )


def by_rider(day: DemandDay) -> dict[int, int]:
    return dict(zip(day.rider.tolist(), day.booked_at_s.tolist(), strict=True))


def test_a_request_by_phone_comes_when_its_call_has_ended(model_day: DemandDay) -> None:
    called, figures = through_the_phone(some(model_day, 2, PHONE, [NINE, NINE + 60]), RULES, 1)
    # 3 minutes of talk; the second caller waits two of them.
    assert called.booked_at_s.tolist() == [NINE + 180, NINE + 360]
    assert (figures.callers, figures.calls, figures.answered, figures.gave_up) == (2, 2, 2, 0)
    assert figures.wait_mean_s == 60
    assert figures.occupancy == pytest.approx(360 / (9 * 3600))


def test_riders_with_the_app_never_wait(model_day: DemandDay) -> None:
    day = some(model_day, 3, APP, [NINE, NINE, NINE])
    called, figures = through_the_phone(day, RULES, 1)
    assert by_rider(called) == by_rider(day)
    assert (figures.calls, figures.wait_mean_s, figures.occupancy) == (0, None, 0.0)


def test_calls_of_the_eve_queue_with_those_of_the_day(model_day: DemandDay) -> None:
    day = some(model_day, 2, PHONE, [NINE - DAY_S, NINE + 60])
    called, _ = through_the_phone(day, RULES, 1)
    assert called.booked_at_s.tolist() == [NINE + 180 - DAY_S, NINE + 360]


@pytest.mark.parametrize(
    ("asked", "opening"),
    [(8 * 3600 - 1, 8 * 3600), (17 * 3600, 8 * 3600 + DAY_S), (17 * 3600 - DAY_S, 8 * 3600)],
)
def test_calls_outside_the_hours_are_made_within_ten_minutes_of_the_opening(
    model_day: DemandDay, asked: int, opening: int
) -> None:
    called, _ = through_the_phone(some(model_day, 1, PHONE, [asked]), RULES, 1)
    assert opening <= called.booked_at_s[0] - 180 < opening + 600


@pytest.mark.parametrize(("later_s", "calls"), [(599, 1), (600, 2)])
def test_a_traveller_asks_for_two_trips_within_ten_minutes_in_one_call(
    model_day: DemandDay, later_s: int, calls: int
) -> None:
    day = some(model_day, 3, PHONE, [NINE, NINE + 30, NINE + later_s])
    called, figures = through_the_phone(day, RULES, 1, np.array([7, 8, 7]))
    # Somebody else waits from 9:00:30 until 9:03; a second call of the first traveller is answered at once.
    ends = [NINE + 180, NINE + 360, NINE + 180 if calls == 1 else NINE + 600 + 180]
    assert by_rider(called) == dict(zip(day.rider.tolist(), ends, strict=True))
    assert (figures.callers, figures.calls) == (calls + 1, calls + 1)


def test_who_gives_up_loses_both_trips(model_day: DemandDay) -> None:
    day = some(model_day, 3, PHONE, [NINE, NINE + 30, NINE + 40])
    hasty = replace(RULES, patience_s=1, call_length_s=1000)
    called, figures = through_the_phone(day, hasty, 1, np.array([7, 8, 8]))
    assert called.rider.tolist() == day.rider.tolist()[:1]
    assert (figures.callers, figures.gave_up, figures.lost_requests) == (2, 1, 2)
    lost = day.take(np.array([1, 2]))
    assert figures.lost_riders == int(lost.seats.sum() + lost.wheelchairs.sum())
    assert sum(figures.lost_by_age_band.values()) == 2
    assert figures.lost_by_age_band[AGE_BANDS[int(lost.age_band[0])]] >= 1
    # 1 request got through and was served, 2 were lost: a third of all who wanted to travel.
    journal = {"requests": 1, "requested_riders": 2, "served": 1, "served_riders": 2}
    said = figures.beside(journal)
    assert said["served_share"] == pytest.approx(1 / 3)
    assert said["served_riders_share"] == pytest.approx(2 / (2 + figures.lost_riders))


def test_a_cancellation_follows_the_booking(model_day: DemandDay) -> None:
    day = some(model_day, 2, PHONE, [NINE, NINE])
    cancels = np.array([NINE + 100, 16 * 3600], np.int32)
    called, _ = through_the_phone(replace(day, cancels_at_s=cancels), RULES, 1)
    where = called.rider.tolist().index(int(day.rider[0]))
    assert called.cancels_at_s[where] == called.booked_at_s[where] + called.answer_s[where] + 60
    assert called.cancels_at_s[1 - where] == 16 * 3600


def test_callers_are_answered_or_give_up_and_calls_end_in_one_of_three_ways(model_day: DemandDay) -> None:
    called, figures = through_the_phone(model_day, IMPATIENT, 1)
    phones = int((model_day.channel == PHONE).sum())
    assert figures.callers == phones == figures.answered + figures.gave_up
    assert figures.lost_requests == figures.gave_up
    assert figures.calls == figures.answered + figures.abandoned + figures.turned_away
    assert figures.gave_up > 0
    assert figures.calls > figures.callers
    assert len(called) == len(model_day) - figures.gave_up
    order = list(zip(called.booked_at_s.tolist(), called.rider.tolist(), strict=True))
    assert order == sorted(order)


def test_more_operators_mean_shorter_waits_and_fewer_who_give_up(model_day: DemandDay) -> None:
    _, one = through_the_phone(model_day, IMPATIENT, 1)
    _, three = through_the_phone(model_day, replace(IMPATIENT, operators=3), 1)
    assert (three.wait_mean_s or 0) < (one.wait_mean_s or 0)
    assert three.gave_up < one.gave_up
    assert three.occupancy < one.occupancy


def test_draws_belong_to_the_rider_whoever_else_calls(model_day: DemandDay) -> None:
    # With an operator for everybody nobody waits: each call is as long as its rider's draw says.
    ample = replace(IMPATIENT, operators=10_000)
    all_ends = by_rider(through_the_phone(model_day, ample, 1)[0])
    half = model_day.take(np.arange(0, len(model_day), 2))
    half_ends = by_rider(through_the_phone(half, ample, 1)[0])
    assert half_ends == {rider: all_ends[rider] for rider in half_ends}
    assert by_rider(through_the_phone(half, ample, 2)[0]) != half_ends


def test_the_old_phone_more_often_than_the_young(model_day: DemandDay) -> None:
    share = {
        band: float((model_day.channel[model_day.age_band == k] == PHONE).mean())
        for k, band in enumerate(AGE_BANDS)
        if bool((model_day.age_band == k).any())
    }
    assert share["75+"] > share["15-64"]


def with_call_centre(folder: Path, section: str = SECTION) -> Path:
    path = write_scenario(folder)
    path.write_text(path.read_text(encoding="utf-8") + section, encoding="utf-8")
    return path


def test_a_simulated_day_hears_callers_after_their_calls(tmp_path: Path) -> None:
    # Eight calls from 8:01 to 8:08, three minutes each: caller k waits 2 (k - 1) minutes, 7 on average.
    run = run_day(prepare(load_scenario(with_call_centre(tmp_path))), 1)
    assert run.phone is not None
    assert (run.phone.calls, run.phone.wait_mean_s) == (8, 420)
    day = write_day(tmp_path / "outcome", ".", run)
    assert day.figures["call_centre"] == run.phone.beside(run.figures())
    assert day.figures["call_centre"]["served_share"] == day.figures["served_share"]
    records = read_journal(tmp_path / "outcome" / JOURNAL).records()
    asked = [at for _, at, row, _ in records if row[0] == codec.REQUEST_TRIP]
    assert asked == [8 * 3600 + 60 + 180 * k for k in range(1, 9)]


def test_without_a_call_centre_nothing_is_said_of_it_and_the_hash_stays(tmp_path: Path) -> None:
    scenario = load_scenario(write_scenario(tmp_path))
    assert "call_centre" not in scenario.model_dump(mode="json", by_alias=True)
    prepared = prepare(scenario)
    assert prepared.call_centre is None
    assert "call_centre" not in run_day(prepared, 1).figures()
    called = load_scenario(with_call_centre(tmp_path))
    assert scenario_hash(called, "roads") != scenario_hash(scenario, "roads")


@pytest.mark.parametrize("operators", [1, 3])
def test_the_operators_who_answer_are_those_who_are_paid(tmp_path: Path, operators: int) -> None:
    # The costs of the line pay 1 operator 9 h at 1,650 yen; each more costs 14,850 yen a day.
    alone = prepare(load_scenario(write_scenario(tmp_path / "a"))).service.costs.overhead_yen_per_day
    section = SECTION.replace("value = 1,", f"value = {operators},", 1)
    costs = prepare(load_scenario(with_call_centre(tmp_path / "b", section))).service.costs
    assert costs.overhead_yen_per_day == alone + (operators - 1) * 14_850


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("value = 1,", "value = 0,", "call_centre.operators.value is 0; give 1 or more"),
        (
            'value = 3, unit = "min"',
            'value = 0, unit = "min"',
            "call_length: is 0 min; give",
        ),
        ("value = 0.5", "value = 1.5", "call_centre.calls_again.value is 1.5"),
        ("attempts =", "rings = 3\nattempts =", "call_centre.rings is not known"),
        ("operators = { value = 1,", "operators = 1 #", "call_centre.operators"),
    ],
)
def test_a_wrong_section_is_refused_in_one_sentence(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ScenarioFileError) as caught:
        load_scenario(with_call_centre(tmp_path, SECTION.replace(old, new, 1)))
    assert message in str(caught.value)


def test_the_phone_must_be_answered_within_one_day(tmp_path: Path) -> None:
    hours = '\n[service.access.phone_hours]\nvalue = ["20:00", "25:00"]\nassumption = "test"\n'
    with pytest.raises(ScenarioFileError, match=r"phone_hours within one day, not 20:00-25:00; give hours"):
        load_scenario(with_call_centre(tmp_path, SECTION + hours))


def test_a_modelled_day_asks_for_both_ways_in_one_call() -> None:
    town = prepare(load_scenario("sakura_on_demand"))
    latent = draw_demand(town, 1).asking()
    assert run_day(town, 1).phone is None
    run = run_day(replace(town, call_centre=IMPATIENT), 1)
    assert run.phone is not None
    assert 0 < run.phone.callers < int((latent.channel == PHONE).sum())
    assert run.request_count + run.phone.lost_requests == len(latent)
    assert run_day(replace(town, call_centre=IMPATIENT), 1).journal.closing_hash == run.journal.closing_hash
