"""What pages hand out as CSV hides what the report hides, and no bookings of real people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dashboards.planner.downloads import exhibit_of, is_recorded
from dashboards.planner.own_requests import kept, received, template
from dashboards.planner.what_if import TODAY, bases, definition, folder_name
from dashboards.report.csv_files import csv_content, unwritten_csv
from maas.i18n.wording import Wording
from scenarios.study_definition import StudyDefinition
from simulation.study_outcome import StudyOutcome, read_study
from simulation.study_runs import run_study

CELLS = pd.DataFrame(
    {
        "cell": ["a", "b", "c", "d"],
        "people": [4.0, 5.0, 0.0, float("nan")],
        "share": [0.25, 0.5, 0.0, 0.75],
        "said": ["few", "enough", "nobody", "unknown"],
    }
)


def test_groups_of_fewer_than_five_are_hidden_and_counted() -> None:
    made = csv_content(exhibit_of(CELLS, "cells", people="people"), "ja")
    lines = made.content.decode("utf-8-sig").splitlines()
    assert lines == ["cell,people,share,said", "a,X,X,X", "b,5,0.5,enough", "c,0,0,nobody", "d,X,X,X"]
    assert made.hidden == 2


def test_a_table_that_counts_no_people_is_whole() -> None:
    made = csv_content(exhibit_of(CELLS, "cells"), "ja")
    assert made.hidden == 0
    assert made.content.decode("utf-8-sig").splitlines()[1] == "a,4,0.25,few"


def test_what_cp932_lacks_is_listed() -> None:
    made = csv_content(exhibit_of(CELLS.replace("few", "𠮷"), "cells"), "ja", "cp932")
    assert [one.character for one in made.unwritten] == ["𠮷"]
    assert "U+20BB7" in unwritten_csv(made.unwritten, "ja", "cp932").decode("cp932")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> StudyOutcome:
    """What a planner tries with the template's bookings."""
    root = tmp_path_factory.mktemp("tried")
    base = bases()["sakura_on_demand"]
    requests = received("template.csv", template())
    place = (kept(requests, (base.name, TODAY), root), requests.digest)
    asked = definition(base, {}, Wording("no change", "変更なし"), is_beside_today=True, own=place)
    folder = root / folder_name(base, {}, is_beside_today=True, digest=requests.digest)
    return run_study(StudyDefinition.model_validate(asked), folder, replications=1).outcome


def test_both_sides_meet_the_bookings_that_were_handed_over(own: StudyOutcome) -> None:
    assert [rows["requests"].tolist() for rows in own.by_case.values()] == [[3], [3]]


def test_bookings_of_a_file_may_be_of_real_people(own: StudyOutcome) -> None:
    assert is_recorded(own, "stated")
    assert is_recorded(own, "tried")


def test_where_the_scenario_is_not_kept_only_shipped_ones_are_known(
    own: StudyOutcome, tmp_path: Path
) -> None:
    elsewhere = replace(own, folder=tmp_path)
    assert is_recorded(elsewhere, "tried")
    shipped = [{**said, "scenario": "sakura_today"} for said in own.provenance["cases"]]
    older = replace(elsewhere, provenance={**own.provenance, "cases": shipped})
    assert not is_recorded(older, "tried")


def test_the_folder_of_a_trial_can_be_read_again(own: StudyOutcome) -> None:
    assert read_study(own.folder).scenario("tried").demand.kind == "recorded"
