"""Studies on a Dask cluster of two workers on this machine: the same bytes, and what its failures do."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

from scenarios.study_definition import load_study
from simulation.errors import StudyError
from simulation.study_cluster import DaskWorkers, inputs_of, laid_out
from simulation.study_runs import run_study
from tests.simulation_tests.studies import end_once_in_worker, write_study
from tests.simulation_tests.test_replications import contents


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Address of a scheduler with two worker processes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=":0",
            silence_logs=logging.CRITICAL,
        ) as running:
            yield str(running.scheduler_address)


def test_cluster_of_two_workers_leaves_the_bytes_of_one_process(cluster: str, tmp_path: Path) -> None:
    study = load_study(write_study(tmp_path / "inputs"))
    done = run_study(study, tmp_path / "there", workers=DaskWorkers(cluster))
    assert done.simulated == 9
    run_study(study, tmp_path / "here")
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


def test_worker_that_dies_half_way_loses_nothing(cluster: str, tmp_path: Path) -> None:
    file = write_study(tmp_path / "inputs")
    study = load_study(file)
    run_study(study, tmp_path / "there", workers=DaskWorkers(cluster, simulate=end_once_in_worker))
    run_study(study, tmp_path / "here")
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


def test_cluster_that_does_not_answer_is_refused_with_a_remedy(tmp_path: Path) -> None:
    study = load_study(write_study(tmp_path / "inputs"))
    workers = DaskWorkers("tcp://127.0.0.1:1", patience_s=1)
    with pytest.raises(
        StudyError, match=r"cluster tcp://127\.0\.0\.1:1 does not answer .* leave out --cluster"
    ):
        run_study(study, tmp_path / "out", workers=workers)


def test_cluster_without_workers_is_refused_with_a_remedy(tmp_path: Path) -> None:
    study = load_study(write_study(tmp_path / "inputs"))
    with (
        LocalCluster(
            n_workers=0, processes=True, dashboard_address=":0", silence_logs=logging.CRITICAL
        ) as empty,
        pytest.raises(StudyError, match="has had no worker for 1 s; start some with `dask worker tcp://"),
    ):
        run_study(study, tmp_path / "out", workers=DaskWorkers(str(empty.scheduler_address), patience_s=1))


@pytest.mark.parametrize("address", ["localhost:8786", "tcp://", "tcp://host", "http://host:1"])
def test_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(StudyError, match="give the scheduler's address as tcp://HOST:PORT"):
        DaskWorkers(address)


def test_files_of_a_scenario_are_laid_out_where_its_paths_lead(tmp_path: Path) -> None:
    from simulation.study_cases import cases_of

    file = write_study(tmp_path / "inputs")
    (tmp_path / "nets").mkdir()
    (tmp_path / "inputs" / "line.net").rename(tmp_path / "nets" / "line.net")
    scenario = tmp_path / "inputs" / "line.toml"
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(text.replace('"line.net"', '"../nets/line.net"'), encoding="utf-8")
    recipe = cases_of(load_study(file))[0].recipe
    there = laid_out(recipe, inputs_of(recipe))
    assert Path(there.file).parent != tmp_path / "inputs"
    assert there.hash == recipe.hash
    assert inputs_of(there) == inputs_of(recipe)
    scenario.write_text(text.replace('"line.net"', f'"{tmp_path}/nets/line.net"'), encoding="utf-8")
    with pytest.raises(StudyError, match="is an absolute path; for a cluster, give it relative"):
        inputs_of(cases_of(load_study(file))[0].recipe)
