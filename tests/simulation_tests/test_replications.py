"""Studies: equal bytes on one process and on two, seeds, the original day, and what is refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from multiprocessing import parent_process
from pathlib import Path

import pytest

from maas.domain.errors import ServiceDefinitionError
from maas.store.journal import read_journal
from scenarios.errors import ScenarioFileError, WorkloadError
from scenarios.prepared import PreparedScenario
from simulation.errors import OutcomeError, StudyError
from simulation.outcomes import JOURNAL
from simulation.replications import run_series
from simulation.series import Phase, Report, ScenarioChoice, Series, WorkloadChoice, silent
from tests.support.processes import children_of, is_alive


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@dataclass(frozen=True, slots=True)
class DyingChoice:
    """Prepares a workload, but ends any worker process that tries to."""

    folder: str
    name: str = "dying"

    def to_json(self) -> dict[str, str]:
        return {}

    def prepare(self, report: Report = silent) -> PreparedScenario:
        if parent_process() is not None:
            os._exit(9)
        return WorkloadChoice(self.folder).prepare(report)


def test_same_study_leaves_the_same_bytes_on_one_process_and_on_two(ring: Path, tmp_path: Path) -> None:
    series = Series(WorkloadChoice(str(ring)), replications=3, seed=5, jitter_s=30)
    run_series(series, tmp_path / "one")
    run_series(series, tmp_path / "again")
    run_series(series, tmp_path / "two", processes=2)
    first = contents(tmp_path / "one")
    assert len([name for name in first if name.endswith(JOURNAL)]) == 4  # three days and the original one
    assert contents(tmp_path / "again") == first
    assert contents(tmp_path / "two") == first


def test_day_r_has_the_seed_of_the_study_plus_r(line_scenario: Path, tmp_path: Path) -> None:
    run = run_series(Series(ScenarioChoice(str(line_scenario)), replications=2, seed=7), tmp_path / "out")
    assert [day.seed for day in run.outcome.days] == [7, 8]
    journals = [read_journal(tmp_path / "out" / day.folder / JOURNAL) for day in run.outcome.days]
    assert [journal.header.seed for journal in journals] == [7, 8]
    single = run_series(Series(ScenarioChoice(str(line_scenario)), seed=8), tmp_path / "single")
    assert single.outcome.days[0].journal_sha256 == run.outcome.days[1].journal_sha256


def test_jitter_makes_days_that_differ_and_keeps_the_original_beside(ring: Path, tmp_path: Path) -> None:
    plain = run_series(Series(WorkloadChoice(str(ring))), tmp_path / "plain").outcome
    moved = run_series(
        Series(WorkloadChoice(str(ring)), replications=2, jitter_s=30), tmp_path / "moved"
    ).outcome
    assert plain.original_day is None
    assert moved.original_day is not None
    assert moved.original_day.journal_sha256 == plain.days[0].journal_sha256
    assert len({plain.days[0].journal_sha256, *(day.journal_sha256 for day in moved.days)}) == 3
    asked = read_journal(tmp_path / "moved" / "replication-000" / JOURNAL)
    assert len(asked) > 0


def test_exact_workload_without_jitter_is_known_to_repeat_one_day(ring: Path, tmp_path: Path) -> None:
    two = run_series(Series(WorkloadChoice(str(ring)), replications=2), tmp_path / "two")
    assert two.repeats_one_day
    assert two.outcome.days[0].figures == two.outcome.days[1].figures
    assert not run_series(Series(WorkloadChoice(str(ring))), tmp_path / "one").repeats_one_day


def test_traffic_by_chance_does_not_repeat_one_day(line_scenario: Path, tmp_path: Path) -> None:
    run = run_series(Series(ScenarioChoice(str(line_scenario)), replications=2), tmp_path / "out")
    assert not run.repeats_one_day
    assert run.outcome.days[0].figures["wait_mean_s"] != run.outcome.days[1].figures["wait_mean_s"]


def test_measured_cpu_and_memory_are_told_and_not_stored(ring: Path, tmp_path: Path) -> None:
    run = run_series(Series(WorkloadChoice(str(ring))), tmp_path / "out")
    assert run.cpu_s >= 0.0
    assert run.peak_rss_mb is None or run.peak_rss_mb > 1.0
    stored = b"".join(contents(tmp_path / "out").values())
    assert b"cpu_s" not in stored
    assert b"rss" not in stored


def test_phases_are_reported_in_order(ring: Path, tmp_path: Path) -> None:
    told: list[tuple[Phase, int, int]] = []
    run_series(
        Series(WorkloadChoice(str(ring)), replications=2),
        tmp_path / "out",
        report=lambda *what: told.append(what),
    )
    phases = [phase for k, (phase, _, _) in enumerate(told) if k == 0 or told[k - 1][0] != phase]
    assert phases == [Phase.ROADS, Phase.KERNELS, Phase.DAYS]
    assert [what[1:] for what in told if what[0] == Phase.DAYS] == [(0, 2), (1, 2), (2, 2)]


def test_worker_that_dies_ends_the_study_with_a_remedy_and_nothing_half_written(
    ring: Path, tmp_path: Path
) -> None:
    series = Series(DyingChoice(str(ring)), replications=2)  # type: ignore[arg-type]  # a choice made to fail
    with pytest.raises(StudyError, match="try fewer --jobs"):
        run_series(series, tmp_path / "out", processes=2)
    assert [path.name for path in tmp_path.iterdir()] == ["inputs"]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_the_command_that_started_them(
    ring: Path, tmp_path: Path, how: signal.Signals
) -> None:
    command = [sys.executable, "-m", "maas.cli", "--lang", "en", "simulate", "--workload", str(ring)]
    command += ["--jitter", "60", "--replications", "5000", "--jobs", "2", "--out", str(tmp_path / "out")]
    process = subprocess.Popen(
        command,
        cwd=Path(__file__).parents[2],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # where tests ignore it
    )
    deadline = time.monotonic() + 300
    while not list(tmp_path.glob(".out.*/replication-*/*")) and time.monotonic() < deadline:
        assert process.poll() is None
        time.sleep(0.02)
    workers = children_of(process.pid)
    if how is signal.SIGINT:
        os.killpg(process.pid, how)  # Ctrl-C reaches the whole group
    else:
        os.kill(process.pid, how)
    said = process.communicate(timeout=300)[1]
    while any(is_alive(worker) for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert workers
    assert not any(is_alive(worker) for worker in workers)
    assert "Traceback" not in said
    if how is signal.SIGINT:
        assert said.splitlines()[-1] == "Error: stopped by the keyboard"
        assert [path.name for path in tmp_path.iterdir()] == ["inputs"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"replications": 0}, "replications is 0; give 1 to 100000"),
        ({"replications": 10**12}, "replications is 1000000000000; give 1 to 100000"),
        ({"seed": -1}, "seed is -1"),
        ({"jitter_s": -5}, "jitter is -5 s"),
    ],
)
def test_impossible_study_is_refused(given: dict[str, int], message: str) -> None:
    with pytest.raises(StudyError, match=message):
        Series(WorkloadChoice("folder"), **given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"policy": "magic"},
            "policy is 'magic'; give one of insertion, rolling_horizon, batch, scheduled_runs",
        ),
        ({"max_wait_s": -1}, "longest wait is -1 s"),
        ({"detour_alpha": float("nan")}, "detour factor is nan"),
        ({"stop_s": -1}, "stop time is -1 s"),
    ],
)
def test_impossible_rules_are_refused(given: dict[str, float], message: str) -> None:
    with pytest.raises(StudyError, match=message):
        WorkloadChoice("folder", **given)  # type: ignore[arg-type]  # one rule of each kind


def test_impossible_number_of_processes_is_refused(ring: Path, tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="jobs is 0; give 1"):
        run_series(Series(WorkloadChoice(str(ring))), tmp_path / "out", processes=0)


def test_unknown_scenario_and_folder_without_requests_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioFileError, match="did you mean 'sakura_today'"):
        run_series(Series(ScenarioChoice("sakura_tody")), tmp_path / "out")
    (tmp_path / "empty").mkdir()
    with pytest.raises(WorkloadError, match="empty"):
        run_series(Series(WorkloadChoice(str(tmp_path / "empty"))), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_policy_that_the_service_cannot_follow_is_refused(line_scenario: Path, tmp_path: Path) -> None:
    series = Series(ScenarioChoice(str(line_scenario), policy="scheduled_runs"))
    with pytest.raises(ServiceDefinitionError, match="give its timetable"):
        run_series(series, tmp_path / "out")


def test_own_policy_named_again_changes_nothing(line_scenario: Path) -> None:
    plain = ScenarioChoice(str(line_scenario)).prepare()
    named = ScenarioChoice(str(line_scenario), policy="insertion").prepare()
    assert named.scenario_hash == plain.scenario_hash


def test_folder_that_cannot_be_written_is_refused_before_anything_is_simulated(
    ring: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    told: list[Phase] = []
    with pytest.raises(OutcomeError, match="cannot be written"):
        run_series(
            Series(WorkloadChoice(str(ring))),
            tmp_path / "file" / "out",
            report=lambda phase, done, total: told.append(phase),
        )
    assert told == []
