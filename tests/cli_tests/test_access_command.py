"""`maas access`: tables of a study in both languages, and refusals with exit code 2."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from maas.cli import main
from scenarios.study_definition import load_study
from simulation.study_access import read_access
from simulation.study_outcome import StudyOutcome
from simulation.study_runs import run_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> StudyOutcome:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAAS_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
        return run_study(
            load_study("today_or_on_demand"), tmp_path_factory.mktemp("study"), replications=2
        ).outcome


def test_access_is_told_in_both_languages(study: StudyOutcome, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "access", str(study.folder), "--minutes", "60", "--people", "all"]) == 0
    printed = capsys.readouterr()
    assert "Within 60 minutes: everybody (%)" in printed.out
    assert "access: case 2 of 2" in printed.err
    found = read_access(study)
    assert found is not None
    rows = found.places
    rows = rows[(rows.case == "on_demand") & (rows.place_kind == "city") & (rows.group == "all")]
    for row in rows[rows.minutes == 60].itertuples():
        assert f"{100 * float(str(row.by_any_least)):.1f}" in printed.out
    assert main(["--lang", "ja", "access", str(study.folder)]) == 0
    printed = capsys.readouterr()
    assert "45分以内に着ける人の割合: 75歳以上（%）" in printed.out
    assert "申込みが少なく確率が不明" in printed.out


def test_a_case_is_taken_alone_and_compared_with_its_baseline(
    study: StudyOutcome, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", "en", "access", str(study.folder)]) == 0
    both = read_access(study)
    assert both is not None
    shutil.rmtree(study.folder / "access")
    capsys.readouterr()
    assert main(["--lang", "en", "access", str(study.folder), "--case", "today"]) == 0
    printed = capsys.readouterr()
    assert "access: case 1 of 1" in printed.err
    alone = read_access(study)
    assert alone is not None
    assert alone.cases == {"today"}
    assert main(["--lang", "en", "access", str(study.folder), "--case", "on_demand"]) == 0
    assert "access: case 2 of 2" in capsys.readouterr().err
    again = read_access(study)
    assert again is not None
    pd.testing.assert_frame_equal(again.places, both.places)
    assert main(["--lang", "en", "access", str(study.folder), "--case", "tomorrow"]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "has no case 'tomorrow'; give one of today, on_demand" in told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--minutes", "40"], "minutes is 40; give one of 30, 45, 60"),
        (["--people", "80+"], "people is 80+; give one of all, 65+, 75+, no licence"),
        ([], "has no study.json; give the folder that maas study wrote"),
    ],
)
def test_wrong_arguments_end_with_one_sentence_and_code_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["--lang", "en", "access", str(tmp_path), *arguments]) == 2
    assert message in " ".join(capsys.readouterr().err.split())
