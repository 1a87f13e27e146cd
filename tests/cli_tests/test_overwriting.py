"""No command replaces what it reads; and studies are found by folder or by name."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from maas.cli import main
from scenarios.study_definition import load_study
from simulation.study_outcome import StudyOutcome
from simulation.study_runs import run_study
from tests.simulation_tests.studies import write_study
from tests.simulation_tests.study_inputs import write_scenario


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAAS_CACHE_DIR", str(tmp_path.parent / "cache"))


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> StudyOutcome:
    folder = tmp_path_factory.mktemp("found")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAAS_CACHE_DIR", str(folder / "cache"))
        return run_study(load_study(write_study(folder / "in")), folder / "wagons", replications=1).outcome


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says on its way to exit code 2; nothing that is here may change."""
    before = contents(Path())
    assert main(["--lang", "en", *arguments]) == 2
    assert contents(Path()) == before
    said = capsys.readouterr().err
    assert said.startswith("Error: ")
    assert said.count("\n") == 1
    return " ".join(said.split())


def test_compare_does_not_replace_an_outcome_that_it_compares(capsys: pytest.CaptureFixture[str]) -> None:
    write_scenario(Path("in"))
    assert main(["simulate", "in/line.toml", "--out", "runs/line"]) == 0
    capsys.readouterr()
    told = refused(["compare", "runs/line", "in/line.toml"], capsys)
    assert "runs/line: is read by this command and would be replaced" in told
    told = refused(["compare", "in/line.toml", "./runs/../runs/line"], capsys)
    assert "runs/line: is read by this command" in told
    # Into another folder the two are compared.
    assert main(["compare", "runs/line", "in/line.toml", "--replications", "1", "--out", "other"]) == 0


def test_simulate_does_not_replace_the_files_of_its_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    write_scenario(Path("in"))
    assert main(["simulate", "in/line.toml", "--out", "runs/line"]) == 0
    capsys.readouterr()
    write_scenario(Path("runs/line/mine"))
    told = refused(["simulate", "runs/line/mine/line.toml", "--out", "runs/line"], capsys)
    assert "runs/line: holds runs/line/mine/line.toml, which this command reads" in told
    # Of a scenario elsewhere that names a file in there, too.
    text = Path("in/line.toml").read_text(encoding="utf-8")
    network = next(path.name for path in Path("in").iterdir() if path.suffix != ".toml")
    Path("in/other.toml").write_text(text.replace(network, f"../runs/line/mine/{network}"), encoding="utf-8")
    told = refused(["simulate", "in/other.toml", "--out", "runs/line"], capsys)
    assert f"mine/{network}, which this command reads" in told


def test_report_does_not_replace_the_study_it_prints(
    study: StudyOutcome, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(study.folder, "paper/study")
    Path("paper/report.json").write_text("{}", encoding="utf-8")  # an older report
    told = refused(["report", "paper/study", "--out", "paper"], capsys)
    assert "paper: holds paper/study, which this command reads" in told
    told = refused(["report", "paper/study", "--out", "paper/study"], capsys)
    assert "paper/study: is read by this command" in told


def test_validate_and_replay_do_not_replace_the_journal_they_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("day.jsonl").write_text("{}", encoding="utf-8")
    assert "day.jsonl: is read by this command" in refused(
        ["replay", "day.jsonl", "--jsonl", "day.jsonl"], capsys
    )
    Path("link.jsonl").symlink_to("day.jsonl")
    assert "is read by this command" in refused(["validate", "day.jsonl", "--out", "link.jsonl"], capsys)


def test_map_does_not_replace_a_network_that_is_named_like_a_picture(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("roads.png").write_bytes(b"roads")
    assert "roads.png: is read by this command" in refused(["network", "show", "roads.png"], capsys)


@pytest.mark.parametrize("command", ["access", "money", "worth", "report"])
def test_a_study_is_found_by_folder_or_by_name(
    command: str, study: StudyOutcome, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused([command, "wagons"], capsys)
    assert "wagons: is no folder, and there is no runs/studies/wagons; run maas study first" in told
    Path("wagons").mkdir()
    assert "has no study.json; give the folder that maas study wrote" in refused([command, "wagons"], capsys)
    if command != "money":
        return
    # A folder of the name that is no study does not hide the study.
    shutil.copytree(study.folder, "runs/studies/wagons")
    for chosen in ("wagons", "runs/studies/wagons"):
        assert main(["--lang", "en", command, chosen]) == 0
        assert "Money of a year" in capsys.readouterr().out
