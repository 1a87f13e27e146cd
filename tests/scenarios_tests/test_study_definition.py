"""Study files and scenarios with other numbers: what is set, and what is refused in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scenarios.errors import ScenarioFileError, StudyFileError
from scenarios.overrides import VANS, scenario_with
from scenarios.people_sections import ModelledDemand
from scenarios.scenario import Scenario
from scenarios.study_definition import available_studies, load_study, value_name, value_text

STUDY = """
baseline = "a"
figures = ["served_riders"]
title = { en = "T", ja = "題" }
question = { en = "Q", ja = "問" }
[[variants]]
name = "a"
title = { en = "A", ja = "案" }
scenario = "sakura_on_demand"
"""


def changed(settings: dict[str, Any], scenario: str = "sakura_on_demand") -> Scenario:
    return scenario_with(scenario, settings, where="s.toml: case a", reason="set by the study s")


def counts(scenario: Scenario) -> dict[str, int]:
    return {group.name: group.count.value for group in scenario.service.vehicles}


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_setting_keeps_the_unit_and_becomes_an_assumption_of_the_study() -> None:
    notice = changed({"service.rules.notice": 60}).service.rules.notice
    assert notice.seconds == 3600
    assert (notice.source, notice.assumption) == (None, "set by the study s")


def test_setting_with_a_unit_of_its_own_replaces_the_whole_number() -> None:
    assert changed({"service.rules.notice": {"value": 2, "unit": "h"}}).service.rules.notice.seconds == 7200


def test_entries_of_lists_are_named_by_name_or_position_and_star_means_all() -> None:
    assert counts(changed({"service.vehicles.K.count": 2})) == {"U": 3, "UW": 1, "K": 2, "KW": 1}
    assert counts(changed({"service.vehicles.0.count": 1})) == {"U": 1, "UW": 1, "K": 1, "KW": 1}
    longer = changed({"service.vehicles.*.shift": ["07:00", "19:00"]})
    assert {group.shift.value for group in longer.service.vehicles} == {("07:00", "19:00")}


def test_one_entry_of_a_table_by_age_is_set_alone() -> None:
    table = changed({"demand.licence_share.75+": 0.3}).demand.licence_share  # type: ignore[union-attr]
    assert table.value.values == (0.0, 0.89, 0.85, 0.3)
    assert table.source is None


def test_plain_choice_is_set() -> None:
    assert changed({"service.access.doors": "doors"}).service.access.doors == "doors"


@pytest.mark.parametrize(
    ("vans", "given"),
    [
        (6, {"U": 3, "UW": 1, "K": 1, "KW": 1}),
        (5, {"U": 2, "UW": 1, "K": 1, "KW": 1}),  # shares 2.5, 0.83 x 3: the three largest remainders
        (2, {"U": 1, "UW": 1}),  # shares 1, 0.33 x 3: the first of equal remainders
        (1, {"U": 1}),
        (12, {"U": 6, "UW": 2, "K": 2, "KW": 2}),
    ],
)
def test_vans_are_shared_out_in_proportion_to_the_groups(vans: int, given: dict[str, int]) -> None:
    assert counts(changed({VANS: vans})) == given


def test_without_settings_a_scenario_is_as_it_stands() -> None:
    assert changed({}) == changed({VANS: 6})


def test_numbers_of_a_purpose_are_set_by_its_name() -> None:
    demand = changed({"demand.purposes.clinic.reach": 9}).demand
    assert isinstance(demand, ModelledDemand)
    assert demand.purposes["clinic"].reach.seconds == 9 * 60
    with pytest.raises(ScenarioFileError, match=r"names no number of the scenario; did you mean 'clinic'"):
        changed({"demand.purposes.clinics.reach": 9})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"service.rules.notise": 60},
            "s.toml: case a: service.rules.notise = 60 names no number of the scenario;"
            " did you mean 'notice' in service.rules?",
        ),
        ({"service.vehicles.Q.count": 1}, "known in service.vehicles: U, UW, K, KW"),
        ({"demand.licence_share.76+": 1}, "did you mean '75+' in demand.licence_share?"),
        ({"service.rules.notice.value": 3}, "service.rules.notice is itself the number"),
        (
            {"service.rules.notice": -1},
            "s.toml: case a: service.rules.notice = -1: service.rules.notice.value is -1; give 0 or more",
        ),
        ({"service.rules.notice": "soon"}, 'service.rules.notice.value is "soon"; give a number'),
        ({"service.access.doors": "door"}, "give 'stops' or 'doors'"),
        ({VANS: 0}, "service.fleet.vans is 0; give a whole number, 1 or more"),
        ({VANS: True}, "service.fleet.vans is true; give a whole number"),
    ],
)
def test_setting_that_does_not_fit_is_refused_in_one_sentence(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioFileError) as refused:
        changed(settings)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", available_studies())
def test_shipped_studies_are_read_and_say_when_we_would_change_our_mind(name: str) -> None:
    study = load_study(name)
    assert study.name == name
    assert study.would_change_our_mind is not None
    assert set(study.thresholds) <= set(study.figures)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (STUDY.replace('baseline = "a"\n', ""), "baseline is missing; add it"),
        (STUDY.replace("baseline", "base_line"), "base_line is not known; did you mean 'baseline'?"),
        (STUDY.replace('["served_riders"]', "[]"), "figures has 0 entries; give 1 or more"),
        (STUDY.replace('name = "a"', 'name = "a/b"'), "name 'a/b' cannot name a folder"),
        (STUDY + "[days]\nreplications = 0\n", "days.replications is 0; give 1 or more"),
        (
            STUDY + '[days]\ndates = "2026-04-01"\n',
            "days.dates: dates is '2026-04-01'; give the first and the last date",
        ),
        (
            STUDY + '[days]\ndates = "2026-04-01/2026-04-30"\nreplications = 5\n',
            "days has dates, from which seeds and replications follow; leave these out",
        ),
        (
            STUDY + '[[grid]]\nname = "n"\ntitle = { en = "N", ja = "n" }\nparameter = "x"\nvalues = []\n',
            "axis 'n' has no values; give at least one, or leave the axis out",
        ),
        (
            STUDY + '[[grid]]\nname = "n"\ntitle = { en = "N", ja = "n" }\nparameter = "x"\n',
            "axis 'n' needs a parameter with values, or points, or ranges",
        ),
        (
            STUDY
            + '[[grid]]\nname = "n"\ntitle = { en = "N", ja = "n" }\nparameter = "x"\nvalues = [1, 1]\n',
            "axis 'n' has '1' twice",
        ),
        (
            STUDY + '[[grid]]\nname = "n"\ntitle = { en = "N", ja = "n" }\nparameter = "x"\n'
            f"values = [{[f'{hour}:00' for hour in range(10, 20)]}]\n",
            "cannot name a folder; give points with names of their own",
        ),
        (
            STUDY
            + '[[grid]]\nname = "n"\ntitle = { en = "N", ja = "n" }\nparameter = "x"\nvalues = [1, 2]\n'
            + '[[grid]]\nname = "r"\ntitle = { en = "R", ja = "r" }\nranges = "futures"\n',
            "grid has an axis of ranges beside another axis; put them into two studies",
        ),
        (STUDY + STUDY[STUDY.index("[[variants]]") :], "name 'a' is given twice; names must differ"),
        (STUDY + '[thresholds]\nx = { better = "more" }\n', "give 'lower' or 'higher'"),
        ("baseline = \n", "write it as TOML 1.0"),
    ],
)
def test_study_file_with_a_fault_is_refused_in_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(StudyFileError) as refused:
        load_study(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_unknown_study_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(StudyFileError, match="did you mean 'how_many_vans'"):
        load_study("how_many_vens")


def test_values_name_folders_and_read_well() -> None:
    assert value_name(["08:00", "19:00"]) == "08-00_19-00"
    assert value_name(2.5) == "2-5"
    assert value_text(["08:00", "19:00"]) == "08:00, 19:00"
    assert value_text({"value": 2, "unit": "h"}) == "2 h"
