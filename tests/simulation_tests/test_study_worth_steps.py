"""What steps bring, by hand: riders beside a new hour or run, yen, walks, and people who learn."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenarios.loading import load_scenario
from scenarios.preparation import prepare
from scenarios.study_definition import load_study
from simulation.expectations import choice_of
from simulation.next_steps import NextStep, next_steps, next_stop
from simulation.next_steps_learning import ROUNDS, chooses, learn, said
from simulation.study_cases import cases_of, recipe_of
from simulation.study_replication import Order
from simulation.study_runs import run_study
from simulation.study_worth import StudyWorth, write_worth
from simulation.study_worth_steps import per_million, riders_beside, walks_h, yearly

H = 3600


def step(scenario: str, name: str) -> NextStep:
    return next(step for step in next_steps(load_scenario(scenario)) if step.name == name)


def requests(**columns: list[object]) -> pd.DataFrame:
    table = pd.DataFrame(columns)
    return table.assign(
        status="done",
        picked_up_s=pd.array(columns.get("picked_up_s", [None] * len(table)), dtype="Int64"),
    )


def test_riders_beside_a_new_hour_are_those_of_the_first_or_last_hour() -> None:
    scenario = load_scenario("sakura_on_demand")  # 8:00 to 17:00
    rows = requests(
        riders=[1, 2, 4, 8, 16],
        picked_up_s=[8 * H, 9 * H - 1, 9 * H, 16 * H, 17 * H - 1],
    )
    assert riders_beside(scenario, step("sakura_on_demand", "hour.earlier"), rows) == 1 + 2
    assert riders_beside(scenario, step("sakura_on_demand", "hour.later"), rows) == 8 + 16
    refused = rows.assign(status="refused")
    assert riders_beside(scenario, step("sakura_on_demand", "hour.later"), refused) == 0
    assert riders_beside(scenario, step("sakura_on_demand", "van.K"), rows) is None


def test_riders_beside_a_new_run_are_those_of_the_last_run_of_its_line() -> None:
    scenario = load_scenario("sakura_today")
    kept = prepare(scenario).service.runs
    last = {
        line.name: [
            run.run_id
            for run in kept
            if run.depart_s == max(line.departure_seconds) and run.pickup_zone == line.pickup_zone
            and run.dropoff_zone == line.dropoff_zone
        ]
        for line in scenario.service.lines  # type: ignore[union-attr] # today's service has a timetable
    }  # fmt: skip
    assert len(last["コンタ号"]) == 1
    rows = requests(riders=[3, 5], run=[last["コンタ号"][0], last["コンタ号"][0] - 1])
    assert riders_beside(scenario, step("sakura_today", "run.コンタ号"), rows) == 3


def test_a_year_is_the_mean_day_many_times() -> None:
    # Days 1 and 3: mean 2, standard deviation sqrt(2), t with one degree of freedom 12.706: +- 12.706.
    found = yearly("riders", np.array([1.0, 3.0]), 100)
    assert found["riders"] == 200
    assert found["riders_low"] == pytest.approx(200 - 1270.62, abs=0.01)
    assert found["riders_high"] == pytest.approx(200 + 1270.62, abs=0.01)
    assert np.isnan(yearly("riders", np.array([1.0, np.nan]), 100)["riders"])


def test_riders_for_a_million_yen_are_sums_over_sums() -> None:
    # 6 riders for 60,000 yen; without a day each 4 / 40,000 and so on: always 100 a million.
    found = per_million("riders", np.array([2.0, 2.0, 2.0]), np.array([20e3, 20e3, 20e3]))
    assert [found[key] for key in ("riders", "riders_low", "riders_high")] == pytest.approx([100.0] * 3)
    # A vehicle less: riders lost for a million saved.
    assert per_million("riders", np.array([-3.0, -3.0]), np.array([-30e3, -30e3]))["riders"] == 100
    # Nobody can tell what riders cost where the cost itself may be nothing.
    assert np.isnan(per_million("riders", np.array([1.0, 1.0]), np.array([10e3, -10e3]))["riders"])


def test_walks_are_compared_for_those_who_ask_both_times() -> None:
    scenario = load_scenario("sakura_on_demand")
    before = prepare(scenario)
    stop = next_stop(scenario, before, [1])
    assert stop is not None
    after = prepare(stop.scenario)
    assert walks_h(before, before, 1) == 0
    one, two = before.demand.draw(1), after.demand.draw(1)  # type: ignore[union-attr] # a model
    assert set(one.rider) == set(two.rider)
    gap_s = sum(
        int(day.walk_to_pickup_s.sum() + day.walk_from_dropoff_s.sum()) * sign
        for day, sign in ((two, 1), (one, -1))
    )
    assert walks_h(before, after, 1) == pytest.approx(gap_s / H)


CHOOSING = """
baseline = "two"
figures = ["served_riders"]
title = { en = "Two vans", ja = "2台" }
question = { en = "Are two enough?", ja = "2台で足りるか。" }
[days]
first_seed = 1
replications = 2
[[variants]]
name = "two"
title = { en = "two vans", ja = "2台" }
scenario = "sakura_on_demand"
[variants.set]
"service.fleet.vans" = 2
"choice.model" = "logit"
"choice.learning.days" = 2
"choice.learning.rounds" = 2
"""


@pytest.fixture(scope="module")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> tuple[StudyWorth, list[tuple[int, int]]]:
    """Worth of a service that people choose, and the progress that was told."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAAS_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
        folder = tmp_path_factory.mktemp("study")
        (folder / "chosen.toml").write_text(CHOOSING, encoding="utf-8")
        outcome = run_study(load_study(folder / "chosen.toml"), folder / "out").outcome
        told: list[tuple[int, int]] = []
        return write_worth(outcome, progress=lambda done, total: told.append((done, total))), told


def test_a_van_more_attracts_riders_where_people_choose(
    chosen: tuple[StudyWorth, list[tuple[int, int]]],
) -> None:
    rows = chosen[0].worth.set_index("step")
    vans = rows[rows.kind == "van"]
    assert (vans.riders_year > 0).all()
    assert (vans.surplus_year > 0).all()
    less = rows[rows.kind == "van_less"]
    assert (less.riders_year < 0).all()
    assert (less.surplus_year < 0).all()
    assert "as it is" not in rows.index


def test_progress_counts_lessons_and_days(chosen: tuple[StudyWorth, list[tuple[int, int]]]) -> None:
    _, told = chosen
    assert told[0][0] == 0
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]
    assert all(done <= total for done, total in told)


def test_a_step_that_changes_nothing_teaches_what_the_case_teaches(tmp_path: Path) -> None:
    path = tmp_path / "chosen.toml"
    path.write_text(CHOOSING, encoding="utf-8")
    recipe = cases_of(load_study(path))[0].recipe
    scenario = recipe.content
    assert chooses(scenario)
    assert not chooses(load_scenario("sakura_on_demand"))
    begin = said(choice_of(recipe.prepare()).expectation)
    taught = learn({"two": begin}, Order("two/as it is", recipe, 1, keeps_journal=False)).figures
    same = learn({"two": begin}, Order("two/nothing", recipe_of(scenario), 1, keeps_journal=False)).figures
    assert taught == same
    # Half of each surprise in ROUNDS rounds: people no longer expect what they did.
    assert ROUNDS > 1
    assert json.loads(str(taught["expectation"])) != json.loads(begin)
