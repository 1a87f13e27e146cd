"""Outcome folders: what they hold, that they read as written, and appear whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from maas.metrics import metrics_of
from maas.store.journal import read_journal
from simulation.errors import OutcomeError
from simulation.outcome_folder import METRICS, PROVENANCE, replaced_folder
from simulation.outcomes import JOURNAL, LEGS, NETWORK, REQUESTS, file_sha256, read_outcome
from simulation.replications import run_series
from simulation.series import ScenarioChoice, Series, WorkloadChoice
from tests.simulation_tests.study_inputs import write_workload


@pytest.fixture
def outcome_folder(line_scenario: Path, tmp_path: Path) -> Path:
    """Two days of the small scenario."""
    run_series(Series(ScenarioChoice(str(line_scenario)), replications=2), tmp_path / "out")
    return tmp_path / "out"


def changed(path: Path, **values: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | values), encoding="utf-8")


def test_outcome_of_several_days_has_a_folder_for_each(outcome_folder: Path) -> None:
    assert sorted(path.name for path in outcome_folder.iterdir()) == [
        METRICS, NETWORK, PROVENANCE, "replication-000", "replication-001",
    ]  # fmt: skip
    for day in ("replication-000", "replication-001"):
        files = sorted(path.name for path in (outcome_folder / day).iterdir())
        assert files == [JOURNAL, LEGS, METRICS, REQUESTS]


def test_outcome_of_one_day_keeps_its_files_in_the_folder_itself(ring: Path, tmp_path: Path) -> None:
    run_series(Series(WorkloadChoice(str(ring))), tmp_path / "out")
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert files == sorted([JOURNAL, LEGS, METRICS, NETWORK, PROVENANCE, REQUESTS])
    outcome = read_outcome(tmp_path / "out")
    assert outcome.days[0].folder == "."
    assert outcome.figures["requests"] == 12


def test_figures_of_a_day_are_those_of_its_journal(outcome_folder: Path) -> None:
    for day in read_outcome(outcome_folder).days:
        place = outcome_folder / day.folder
        assert metrics_of(read_journal(place / JOURNAL)).to_json() == day.figures
        assert json.loads((place / METRICS).read_text(encoding="utf-8")) == day.figures
        assert file_sha256(place / JOURNAL) == day.journal_sha256
        requests = pd.read_parquet(place / REQUESTS)
        assert len(requests) == day.figures["requests"]
        legs = pd.read_parquet(place / LEGS)
        assert legs["leg_m"].sum() / 1000 == pytest.approx(day.figures["vehicle_km"])


def test_metrics_hold_means_intervals_and_days(outcome_folder: Path) -> None:
    content = json.loads((outcome_folder / METRICS).read_text(encoding="utf-8"))
    waits = [day["wait_mean_s"] for day in content["days"]]
    assert content["replications"] == 2
    assert content["wait_mean_s"] == pytest.approx(sum(waits) / 2)
    interval = content["intervals"]["wait_mean_s"]
    assert interval["ci95_low"] < interval["mean"] < interval["ci95_high"]
    assert content["intervals"]["by_area.Line.requests"]["mean"] == 8.0


def test_provenance_names_versions_seeds_and_hashes(outcome_folder: Path) -> None:
    content = json.loads((outcome_folder / PROVENANCE).read_text(encoding="utf-8"))
    assert set(content["versions"]) >= {"python", "numpy", "numba", "maas"}
    assert [day["seed"] for day in content["days"]] == [1, 2]
    assert len(content["scenario_hash"]) == len(content["network"]["hash"]) == 64
    assert content["choice"] == {
        "scenario": "line.toml",
        "policy": None,
        "idle": None,
        "replanning": None,
        "promise": None,
        "batching": None,
        "soft_limits": None,
    }


def test_outcome_does_not_tell_where_it_was_made(tmp_path: Path) -> None:
    for place in ("here", "there"):
        ring = write_workload(tmp_path / place / "ring")
        run_series(Series(WorkloadChoice(str(ring))), tmp_path / place / "out")
    here, there = (tmp_path / place / "out" / PROVENANCE for place in ("here", "there"))
    assert here.read_bytes() == there.read_bytes()


def test_outcome_is_read_as_it_was_written(outcome_folder: Path) -> None:
    outcome = read_outcome(outcome_folder)
    assert (outcome.name, outcome.title("en"), outcome.title("ja")) == ("line", "A line", "一本道")
    assert not outcome.is_approximate
    sample = outcome.sample()
    assert list(sample.days) == [1, 2]
    assert sample.days[1]["requests"] == 8


def test_older_outcome_is_replaced_by_a_complete_one_only(outcome_folder: Path, ring: Path) -> None:
    def fail() -> None:
        with replaced_folder(outcome_folder) as new:
            (new / METRICS).write_text("{}")
            raise KeyboardInterrupt

    before = (outcome_folder / METRICS).read_bytes()
    with pytest.raises(KeyboardInterrupt):
        fail()
    assert (outcome_folder / METRICS).read_bytes() == before
    run_series(Series(WorkloadChoice(str(ring))), outcome_folder)
    assert read_outcome(outcome_folder).name == "ring"
    assert not (outcome_folder / "replication-000").exists()
    assert [path.name for path in outcome_folder.parent.iterdir() if path.name.startswith(".")] == []


def test_folder_with_other_content_is_never_replaced(tmp_path: Path, ring: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(OutcomeError, match="holds something else than an outcome"):
        run_series(Series(WorkloadChoice(str(ring))), tmp_path / "mine")
    with pytest.raises(OutcomeError, match="is no folder"):
        run_series(Series(WorkloadChoice(str(ring))), tmp_path / "mine" / "thesis.txt")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_empty_folder_is_filled(tmp_path: Path, ring: Path) -> None:
    (tmp_path / "empty").mkdir()
    run_series(Series(WorkloadChoice(str(ring))), tmp_path / "empty")
    assert read_outcome(tmp_path / "empty").name == "ring"


@pytest.mark.parametrize(
    ("file", "values", "message"),
    [
        (PROVENANCE, {"format": 99}, r"provenance\.json: format is 99; this program reads 2"),
        (PROVENANCE, {"title": "plain"}, r"provenance\.json: title is 'plain'"),
        (PROVENANCE, {"name": None}, r"provenance\.json: name is None"),
        (METRICS, {"days": []}, r"metrics\.json: has 0 days, provenance\.json names 2"),
        (METRICS, {"days": [{"seed": 1}, {"seed": 9}]}, r"metrics\.json: a day has seed 9"),
        (METRICS, {"days": [1, 2]}, r"metrics\.json: a day is not an object"),
    ],
)
def test_changed_outcome_is_refused_with_file_and_key(
    outcome_folder: Path, file: str, values: dict[str, Any], message: str
) -> None:
    changed(outcome_folder / file, **values)
    with pytest.raises(OutcomeError, match=message):
        read_outcome(outcome_folder)


def test_torn_or_missing_file_is_refused(outcome_folder: Path) -> None:
    with pytest.raises(OutcomeError, match="is no folder"):
        read_outcome(outcome_folder / "nowhere")
    (outcome_folder / METRICS).write_text('{"days": [')
    with pytest.raises(OutcomeError, match=r"metrics\.json: is no JSON"):
        read_outcome(outcome_folder)
    (outcome_folder / METRICS).write_text("[]")
    with pytest.raises(OutcomeError, match="holds a list"):
        read_outcome(outcome_folder)
    (outcome_folder / METRICS).unlink()
    with pytest.raises(OutcomeError, match=r"metrics\.json: cannot be read"):
        read_outcome(outcome_folder)
