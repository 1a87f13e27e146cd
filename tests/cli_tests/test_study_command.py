"""`maas study`: the list, a study from file to table, and refusals with exit code 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from maas.cli import main
from scenarios.study_definition import available_studies
from simulation.study_outcome import read_study
from simulation.study_sensitivity import share_of_futures
from tests.simulation_tests.studies import STUDY, write_study
from tests.simulation_tests.test_study_sensitivity import ranged_study


@pytest.fixture(autouse=True)
def _cache_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAAS_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))


def test_list_names_the_shipped_studies(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "study", "--list"]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in available_studies())


def test_study_is_run_and_answered_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["study", str(write_study(tmp_path / "in")), "--out", str(tmp_path / "out")]
    assert main(["--lang", "en", *arguments]) == 0
    printed = capsys.readouterr()
    assert "Does a second wagon help?" in printed.out
    assert "two wagons, notice 45" in printed.out
    assert "Against the baseline" in printed.out
    assert "n = 3 days a case, paired day by day" in printed.out
    assert "9 days simulated, 0 were there" in printed.out
    assert "simulating day 1 of 9" in printed.err
    assert main(["--lang", "ja", *arguments, "--replications", "2"]) == 0
    printed = capsys.readouterr()
    assert "2台目は役立つか。" in printed.out
    assert "シミュレーション0日分、計算済み6日分" in printed.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["study", "how_many_vens"], "did you mean 'how_many_vans'?"),
        (["study", "how_many_vans", "--jobs", "0"], "jobs is 0; give 1 to 256"),
        (["study", "how_many_vans", "--replications", "0"], "replications is 0; give 1"),
        (["study", "how_many_vans", "--list"], "give one of STUDY and --list"),
    ],
)
def test_wrong_arguments_end_with_one_sentence_and_code_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["--lang", "en", *arguments, "--out", str(tmp_path / "out")]) == 2
    assert message in capsys.readouterr().err


def test_unknown_scenario_and_folder_of_something_else_end_with_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = write_study(tmp_path / "in", STUDY.replace("line.toml", "lime.toml"))
    assert main(["--lang", "en", "study", str(wrong), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "is neither a shipped scenario nor a file" in said
    right = write_study(tmp_path / "in", STUDY)
    assert main(["--lang", "en", "study", str(right), "--out", str(tmp_path / "in")]) == 2
    assert "holds something else than a study" in capsys.readouterr().err


def test_study_of_ranges_tells_assumptions_and_futures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for kind in ("one_at_a_time", "futures"):
        study = ranged_study(tmp_path / kind, kind, "count = 3\n")
        out = tmp_path / f"{kind}-out"
        arguments = ["study", str(study), "--replications", "2", "--out", str(out)]
        assert main(["--lang", "en", *arguments]) == 0
        printed = " ".join(capsys.readouterr().out.split())
        if kind == "one_at_a_time":
            told = ["each assumption at both ends of its range", "service.rules.stop", "60 to 120"]
        else:
            better = share_of_futures(read_study(out), "wait_mean_s", "two").better
            told = ["Share of futures", f"{better} / 3 = {100 * better / 3:.0f} %"]
        assert [words for words in told if words not in printed] == []


def test_study_along_one_parameter_tells_the_break_even(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = write_study(tmp_path / "in", STUDY.replace("is_on_grid = false\n", ""))
    assert (
        main(["--lang", "en", "study", str(study), "--replications", "2", "--out", str(tmp_path / "out")])
        == 0
    )
    assert "Break-even with the baseline" in capsys.readouterr().out
