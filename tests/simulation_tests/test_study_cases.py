"""Cases of a study: their names and order, what they are compared with, and what decides their days."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.errors import StudyFileError
from scenarios.study_definition import available_studies, load_study
from simulation.study_cases import Case, baseline_of, cases_of
from tests.simulation_tests.studies import STUDY, write_study


def cases(folder: Path, text: str = STUDY) -> tuple[Case, ...]:
    return cases_of(load_study(write_study(folder, text)))


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(StudyFileError) as refused:
        cases(folder, text)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_cases_are_variants_at_the_points_of_the_grid(tmp_path: Path) -> None:
    found = cases(tmp_path)
    assert [case.name for case in found] == ["one", "two.notice-20", "two.notice-45"]
    assert [case.title.en for case in found] == [
        "one wagon",
        "two wagons, notice 20",
        "two wagons, notice 45",
    ]
    assert dict(found[2].settings) == {"service.vehicles.V.count": 2, "service.rules.notice": 45}
    assert dict(found[2].point) == {"notice": "45"}


def test_case_is_compared_with_the_baseline_at_its_own_point(tmp_path: Path) -> None:
    text = STUDY.replace("is_on_grid = false\n", "")
    study = load_study(write_study(tmp_path, text))
    found = {case.name: case for case in cases_of(study)}
    against = {name: baseline_of(study, list(found.values()), case).name for name, case in found.items()}
    assert against["two.notice-45"] == "one.notice-45"
    named = study.model_copy(update={"baseline": "one.notice-20"})
    assert baseline_of(named, list(found.values()), found["two.notice-45"]).name == "one.notice-20"


def test_case_is_compared_with_the_only_baseline_there_is(tmp_path: Path) -> None:
    study = load_study(write_study(tmp_path))
    found = cases_of(study)
    assert [baseline_of(study, found, case).name for case in found] == ["one"] * 3


def test_hash_is_that_of_the_content_and_not_of_the_place(tmp_path: Path) -> None:
    here, there = cases(tmp_path / "here"), cases(tmp_path / "there")
    assert [case.recipe.hash for case in here] == [case.recipe.hash for case in there]
    assert len({case.recipe.hash for case in here}) == 3
    requests = tmp_path / "there" / "requests.csv"
    requests.write_text(requests.read_text(encoding="utf-8").replace("09:05", "09:06"), encoding="utf-8")
    assert cases_of(load_study(tmp_path / "there" / "wagons.toml"))[0].recipe.hash != here[0].recipe.hash


def test_recipe_prepares_what_its_scenario_prepares(tmp_path: Path) -> None:
    from scenarios.loading import load_scenario
    from scenarios.preparation import prepare

    case = cases(tmp_path)[0]
    plain = prepare(load_scenario(tmp_path / "line.toml"))
    assert case.recipe.prepare().scenario_hash == plain.scenario_hash


def test_unknown_scenario_parameter_policy_baseline_and_figure_are_refused(tmp_path: Path) -> None:
    assert "variant one: " in (said := refusal(tmp_path, STUDY.replace("line.toml", "lime.toml")))
    assert "is neither a shipped scenario nor a file" in said
    said = refusal(tmp_path, STUDY.replace("rules.notice", "rules.notise"))
    assert "case two.notice-20: service.rules.notise = 20 names no number of the scenario" in said
    said = refusal(tmp_path, STUDY.replace("is_on_grid", 'policy = "magic"\nis_on_grid'))
    assert "variant one: policy is 'magic'; give one of insertion" in said
    said = refusal(tmp_path, STUDY.replace('baseline = "one"', 'baseline = "none"'))
    assert "baseline is 'none'; give a variant or a case: one, two.notice-20" in said
    said = refusal(tmp_path, STUDY.replace('"served_riders"', '"served_rider"'))
    assert "figure 'served_rider' is not known" in said


@pytest.mark.parametrize("name", available_studies())
def test_shipped_studies_have_cases(name: str) -> None:
    study = load_study(name)
    found = cases_of(study)
    assert len({case.name for case in found}) == len(found)
    if not any(axis.ranges for axis in study.grid):  # a number of one variant alone leaves the other as it is
        assert len({case.recipe.hash for case in found}) == len(found)
    assert all(baseline_of(study, found, case) in found for case in found)
