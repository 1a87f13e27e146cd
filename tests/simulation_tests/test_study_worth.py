from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from maas.cli import main
from scenarios.loading import load_scenario
from scenarios.preparation import prepare
from scenarios.service_sections import ScheduledService
from scenarios.study_definition import load_study
from simulation.errors import OutcomeError, StudyError
from simulation.next_steps import next_steps, next_stop
from simulation.study_outcome import StudyOutcome
from simulation.study_runs import run_study
from simulation.study_worth import StudyWorth, read_worth, write_worth
from tests.simulation_tests.studies import write_study

FEW_VANS = """
baseline = "two"
figures = ["served_riders"]
title = { en = "Two vans", ja = "2台" }
question = { en = "Are two enough?", ja = "2台で足りるか。" }
[days]
first_seed = 1
replications = 3
[[variants]]
name = "two"
title = { en = "two vans", ja = "2台" }
scenario = "sakura_on_demand"
set = { "service.fleet.vans" = 2 }
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> StudyOutcome:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAAS_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
        folder = tmp_path_factory.mktemp("study")
        (folder / "few.toml").write_text(FEW_VANS, encoding="utf-8")
        return run_study(load_study(folder / "few.toml"), folder / "out").outcome


@pytest.fixture(scope="module")
def worth(study: StudyOutcome, tmp_path_factory: pytest.TempPathFactory) -> StudyWorth:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAAS_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
        return write_worth(study)


def test_steps_change_one_thing_each() -> None:
    scenario = load_scenario("sakura_on_demand")
    steps = {step.name: step for step in next_steps(scenario)}
    assert set(steps) == {"van.U", "van_less.U", "van.UW", "van.K", "van.KW", "hour.earlier", "hour.later"}
    vans = {group.name: group.count.value for group in steps["van.K"].scenario.service.vehicles}
    assert vans == {"U": 3, "UW": 1, "K": 2, "KW": 1}
    shifts = {group.shift.value for group in steps["hour.later"].scenario.service.vehicles}
    assert shifts == {("08:00", "18:00")}
    shifts = {group.shift.value for group in steps["hour.earlier"].scenario.service.vehicles}
    assert shifts == {("07:00", "17:00")}


def test_a_run_more_keeps_its_vehicles_at_work() -> None:
    steps = {step.name: step for step in next_steps(load_scenario("sakura_today"))}
    assert {name for name in steps if name.startswith("hour")} == set()
    service = steps["run.コンタ号"].scenario.service
    assert isinstance(service, ScheduledService)
    line = next(line for line in service.lines if line.name == "コンタ号")
    assert line.departures.value[-1] == "17:00"
    shifts = {group.name: group.shift.value for group in service.vehicles}
    assert shifts == {
        "うのはな": ("08:00", "17:00"),
        "コンタ": ("08:00", "18:00"),
        "つういん": ("08:00", "17:00"),
    }


def test_next_stop_spares_walking() -> None:
    scenario = load_scenario("sakura_on_demand")
    before = prepare(scenario)
    step = next_stop(scenario, before, [1, 2])
    assert step is not None
    assert len(step.scenario.service.access.extra_stops) == 1
    assert next_stop(load_scenario("sakura_today"), before, [1]) is None


def test_another_van_costs_its_shift_and_carries_more(study: StudyOutcome, worth: StudyWorth) -> None:
    rows = worth.worth.set_index("step")
    vans = rows[rows.kind == "van"]
    assert len(vans) > 0
    # 9 hours at 3,300 yen and a day's part of a licence, 100,000 / 21 yen, on 243 days; kilometres beside.
    fixed = (9 * 3300 + 100_000 / 21) * 243
    assert ((vans.cost_year - fixed).abs() < 1_500_000).all()
    assert (vans.riders_year > 0).all()
    assert (vans.refused_year < 0).all()
    ratio = 1e6 * vans.riders_year / vans.cost_year
    assert vans.riders_per_million_yen.to_numpy() == pytest.approx(ratio.to_numpy())
    assert (vans.public_money_year < vans.cost_year).all()
    assert rows.loc["stop", "walking_h_year"] < 0
    assert np.isnan(rows.loc["hour.later", "walking_h_year"])


def test_refusals_are_counted_with_what_would_have_served_them(
    study: StudyOutcome, worth: StudyWorth
) -> None:
    requests = study.requests("two")
    refused = requests[requests.status == "refused"]
    rows = worth.refusals.set_index("reason")
    assert rows.refused_per_day.sum() == pytest.approx(len(refused) / 3)
    row = rows.loc["no_vehicle_in_time"]
    assert row.refused_per_day > 0
    assert row.one_vehicle_per_day == pytest.approx(refused.one_vehicle_more.sum() / 3)
    assert max(row.later_per_day, row.one_vehicle_per_day) + row.nothing_per_day <= row.refused_per_day + 1e-9


def test_worth_is_read_again_and_belongs_to_its_study(study: StudyOutcome, worth: StudyWorth) -> None:
    again = read_worth(study)
    assert again is not None
    pd.testing.assert_frame_equal(again.worth, worth.worth)
    assert read_worth(StudyOutcome(study.folder, {**study.provenance, "replications": 9})) is None


def test_wrong_wishes_are_refused(study: StudyOutcome, tmp_path: Path) -> None:
    with pytest.raises(OutcomeError, match="has no case 'three'; give one of two"):
        write_worth(study, cases=["three"])
    with pytest.raises(StudyError, match="days is 4; give 1 to 3"):
        write_worth(study, days=4)
    other = StudyOutcome(study.folder, {**study.provenance, "program": {}})
    with pytest.raises(OutcomeError, match="another version of the program"):
        write_worth(other)
    line = run_study(load_study(write_study(tmp_path / "in")), tmp_path / "out", replications=1).outcome
    with pytest.raises(OutcomeError, match="scenario line has recorded requests"):
        write_worth(line)


def test_command_tells_it_in_both_languages(
    study: StudyOutcome, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    arguments = ["worth", str(study.folder), "--days", "1"]
    assert main(["--lang", "en", *arguments]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "One step more or less" in printed
    assert "no vehicle in time" in printed
    assert main(["--lang", "ja", *arguments]) == 0
    assert "1つだけ変えた効果" in capsys.readouterr().out
    assert main(["--lang", "en", "worth", str(study.folder), "--case", "three"]) == 2
    assert "has no case 'three'" in " ".join(capsys.readouterr().err.split())
