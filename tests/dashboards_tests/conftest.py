"""A small finished study that the tests of reports and pages share."""

from __future__ import annotations

import pytest

from scenarios.study_definition import load_study
from simulation.study_outcome import StudyOutcome
from simulation.study_runs import run_study
from tests.simulation_tests.studies import STUDY, write_study

FIGURES = '"served_riders_share", "wait_mean_s", "wait_p95_s", "public_money_yen"]'


@pytest.fixture(scope="session")
def wagons(tmp_path_factory: pytest.TempPathFactory) -> StudyOutcome:
    """One wagon against two with two deadlines: three cases of six days over a line of 30 nodes."""
    folder = tmp_path_factory.mktemp("wagons")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAAS_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
        text = STUDY.replace('"wait_mean_s"]', FIGURES)
        return run_study(load_study(write_study(folder / "in", text)), folder / "out", replications=6).outcome
