"""`maas simulate --policy`: how routes are improved and how requests are gathered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from maas.cli import main
from maas.cli.console import set_language
from maas.dispatch.codec import BATCH_ANSWERED
from maas.domain.planning_rules import Batching, Replanning, SoftLimits
from maas.store.journal import read_journal
from simulation.outcomes import JOURNAL, PROVENANCE
from tests.simulation_tests.study_inputs import write_scenario, write_workload

Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _own_folder_and_language(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> object:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAAS_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("COLUMNS", "120")
    yield
    set_language(None)


def test_routes_are_replanned_as_the_command_says(tmp_path: Path, capsys: Printed) -> None:
    folder = write_workload(tmp_path / "ring")
    for options, expected in (
        ([], Replanning()),
        (["--replan-every", "60", "--replan-iterations", "20"], Replanning(60, 20)),
        (["--replan-engine", "ortools", "--overnight", "9"], Replanning(30, 5, 1, "ortools", 9)),
    ):
        command = ["simulate", "--workload", str(folder), "--policy", "rolling_horizon", *options, "--json"]
        assert main(command) == 0
        outcome = tmp_path / "runs" / "ring-rolling_horizon"
        assert read_journal(outcome / JOURNAL).header.service.replanning == expected
        provenance = json.loads((outcome / PROVENANCE).read_text(encoding="utf-8"))
        assert provenance["choice"]["replanning"]["every_s"] == expected.every_s
        figures = json.loads(capsys.readouterr().out)
        assert min(figures["solves"], figures["plans_adopted"]) >= 0
        assert set(figures["plans_dropped"]) == {"incomplete", "fleet_moved_on", "limit_missed", "no_route"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--overnight", "7"], Replanning(overnight_iterations=7)),
        (["--request-iterations", "0"], Replanning(request_iterations=0)),
    ],
)
def test_each_search_option_alone_reaches_a_scenario(
    tmp_path: Path, options: list[str], expected: Replanning
) -> None:
    scenario = write_scenario(tmp_path / "inputs")
    assert main(["simulate", str(scenario), "--policy", "rolling_horizon", *options, "--json"]) == 0
    outcome = tmp_path / "runs" / "line-rolling_horizon"
    assert read_journal(outcome / JOURNAL).header.service.replanning == expected


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--policy", "rolling_horizon", "--replan-every", "0"], "replanning every_s is 0; give 1 to 86400"),
        (
            ["--policy", "rolling_horizon", "--replan-iterations", "-3"],
            "replanning iterations is -3; give 1 to 10000000",
        ),
        (
            ["--replan-every", "60"],
            "--replan-every, --replan-iterations, --replan-engine, --overnight and --request-iterations",
        ),
    ],
)
def test_wrong_replanning_is_refused(tmp_path: Path, capsys: Printed, options: list[str], words: str) -> None:
    folder = write_workload(tmp_path / "ring")
    assert main(["simulate", "--workload", str(folder), *options]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


def test_requests_are_gathered_as_the_command_says(tmp_path: Path, capsys: Printed) -> None:
    folder = write_workload(tmp_path / "ring")
    for options, expected in (([], Batching()), (["--batch-every", "20"], Batching(20))):
        assert main(["simulate", "--workload", str(folder), "--policy", "batch", *options]) == 0
        journal = read_journal(tmp_path / "runs" / "ring-batch" / JOURNAL)
        assert journal.header.service.batching == expected
        assert len(journal.columns(BATCH_ANSWERED)["at"]) > 0
    capsys.readouterr()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--policy", "batch", "--batch-every", "0"], "batching every_s is 0; give 1 to 3600"),
        (["--batch-every", "60"], "--batch-every belongs to --policy batch; give that too"),
    ],
)
def test_wrong_batching_is_refused(tmp_path: Path, capsys: Printed, options: list[str], words: str) -> None:
    folder = write_workload(tmp_path / "ring")
    assert main(["simulate", "--workload", str(folder), *options]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


def test_nobody_is_refused_with_soft_limits(tmp_path: Path, capsys: Printed) -> None:
    folder = write_workload(tmp_path / "ring")
    command = ["simulate", "--workload", str(folder), "--max-wait", "0", "--detour-beta", "0", "--json"]
    assert main(command) == 0
    assert json.loads(capsys.readouterr().out)["refused"] > 0
    assert main([*command, "--soft-limits"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["refused"], figures["served"]) == (0, figures["requests"])
    outcome = tmp_path / "runs" / "ring-soft-limits"
    assert read_journal(outcome / JOURNAL).header.service.soft_limits == SoftLimits()
    provenance = json.loads((outcome / PROVENANCE).read_text(encoding="utf-8"))
    assert provenance["choice"]["soft_limits"] == {"late_pickup_percent": 100, "late_arrival_percent": 1000}


def test_runs_with_soft_limits_are_refused(capsys: Printed) -> None:
    assert main(["--lang", "en", "simulate", "sakura_today", "--soft-limits"]) == 2
    assert "has soft limits; timetabled runs keep theirs" in " ".join(capsys.readouterr().err.split())
