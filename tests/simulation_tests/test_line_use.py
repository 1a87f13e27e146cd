"""Riders and empty runs of one line, against the journal of the days."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.errors import ComparisonError
from simulation.line_use import line_use
from simulation.replications import run_series
from simulation.series import ScenarioChoice, Series
from tests.simulation_tests.study_inputs import write_runs_scenario


def test_riders_and_empty_runs_of_a_line_are_counted(tmp_path: Path) -> None:
    # Eight wishes from 09:05 to 09:40, booked before 08:10: only the first runs can carry anybody.
    path = write_runs_scenario(tmp_path / "inputs")
    outcome = run_series(Series(ScenarioChoice(str(path)), replications=2), tmp_path / "out").outcome
    use = line_use(outcome, "whole")
    assert use.runs == 4
    assert use.riders.mean == outcome.figures["served_riders"] > 0
    # Nobody cancels or fails to come here, so a run with a booking carries somebody.
    assert use.empty_share.mean == outcome.figures["runs_empty_share"] > 0


def test_zone_that_no_run_serves_is_refused(line_scenario: Path, tmp_path: Path) -> None:
    outcome = run_series(Series(ScenarioChoice(str(line_scenario))), tmp_path / "out").outcome
    with pytest.raises(ComparisonError, match="no run serves zone '黒須病院'"):
        line_use(outcome, "黒須病院")
