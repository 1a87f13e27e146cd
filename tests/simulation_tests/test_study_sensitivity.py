"""What an answer rests on: assumptions one at a time, futures, and break-even."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenarios.errors import StudyFileError
from scenarios.study_definition import load_study
from simulation.errors import ComparisonError
from simulation.study_cases import cases_of
from simulation.study_outcome import StudyOutcome
from simulation.study_runs import run_study
from simulation.study_sensitivity import break_even, break_evens, crossing, share_of_futures, tornado
from simulation.study_store import METRICS
from tests.simulation_tests.studies import STUDY, write_study

AXIS = '\n[[grid]]\nname = "range"\ntitle = { en = "ranges", ja = "幅" }\nranges = '


def outcome_of(
    folder: Path, axis: Mapping[str, Any], days: Mapping[str, Mapping[str, Sequence[float]]], **said: Any
) -> StudyOutcome:
    """A study of the variants `a` (the baseline) and `b` with given `cost`: variant -> point -> days."""
    cases = [
        {
            "name": f"{variant}.{axis['name']}-{point}",
            "title": {"en": "", "ja": ""},
            "variant": variant,
            "point": {axis["name"]: point},
            "baseline": f"a.{axis['name']}-{point}",
            "settings": said.get("settings", {}).get(point, {}),
            "varied": said.get("settings", {}).get(point, {}),
        }
        for variant, points in days.items()
        for point in points
    ]
    rows = [
        {"case": f"{variant}.{axis['name']}-{point}", "seed": 1 + day, "cost": value}
        for variant, points in days.items()
        for point, values in points.items()
        for day, value in enumerate(values)
    ]
    pd.DataFrame(rows).to_parquet(folder / METRICS)
    count = len(next(iter(next(iter(days.values())).values())))
    definition = {"grid": [axis], "thresholds": {"cost": {"better": "lower", "by": 5.0}}}
    return StudyOutcome(
        folder,
        {"name": "s", "definition": definition, "cases": cases, "first_seed": 1, "replications": count},
    )


def test_tornado_puts_the_longest_bar_first(tmp_path: Path) -> None:
    flat = [10.0, 10.0]
    days = {
        "a": {"stated": flat, "01-low": flat, "01-high": flat, "02-low": flat, "02-high": [20.0, 20.0]},
        "b": {
            "stated": [12.0, 12.0],
            "01-low": [11.0, 11.0],  # 1 above the baseline, 2 as stated, 4 at the other end: a bar of 3
            "01-high": [14.0, 14.0],
            "02-low": [12.0, 12.0],
            "02-high": [12.0, 14.0],  # 7 below the baseline of that point on the mean: a bar of 9
        },
    }
    settings = {"01-low": {"x": 1}, "01-high": {"x": 3}, "02-low": {"y": 5}, "02-high": {"y": 6}}
    outcome = outcome_of(tmp_path, {"name": "r", "ranges": "one_at_a_time"}, days, settings=settings)
    bars = tornado(outcome, "cost", "b")
    assert [(bar.parameter, bar.swing) for bar in bars] == [("y", 9.0), ("x", 3.0)]
    assert [(bar.low, bar.high) for bar in bars] == [(5, 6), (1, 3)]
    assert bars[0].at_high.mean == -7.0
    assert bars[0].as_stated.mean == 2.0


def test_futures_are_counted_by_their_means_and_by_the_threshold(tmp_path: Path) -> None:
    days = {
        "a": {str(k): [10.0, 10.0] for k in range(1, 5)},
        # 6 below, 1 below, level, 2 above on the mean
        "b": {"1": [3.0, 5.0], "2": [8.0, 10.0], "3": [9.0, 11.0], "4": [12.0, 12.0]},
    }
    found = share_of_futures(outcome_of(tmp_path, {"name": "f", "ranges": "futures"}, days), "cost", "b")
    assert (found.better, found.enough, found.count, found.share) == (2, 1, 4, 0.5)
    # Wilson with 2 of 4: (0.5 + z2/8 -+ z sqrt(1/16 + z2/64)) / (1 + z2/4), z2 = 3.8415
    assert (found.low, found.high) == pytest.approx((0.1500, 0.8500), abs=1e-4)


def test_break_even_is_where_the_mean_difference_crosses_nothing(tmp_path: Path) -> None:
    axis = {"name": "n", "ranges": None, "parameter": "p", "values": [10, 20, 40]}
    days = {
        "a": {name: [0.0, 0.0, 0.0] for name in ("10", "20", "40")},
        # differences 6, 2, -2 on each day but for a common shift of -1, 0, +1: level at 30 on the mean
        "b": {"10": [5.0, 6.0, 7.0], "20": [1.0, 2.0, 3.0], "40": [-3.0, -2.0, -1.0]},
    }
    found = break_even(outcome_of(tmp_path, axis, days), "cost", "b", "n")
    assert found.value == 30.0
    # All draws lie between those of the first day alone, 20 + 20 * 1/4, and of the last alone, 20 + 20 * 3/4.
    assert found.low is not None
    assert found.high is not None
    assert 25.0 <= found.low < 30.0 < found.high <= 35.0
    assert found.crossing_share == 1.0


def test_without_a_crossing_there_is_no_break_even(tmp_path: Path) -> None:
    axis = {"name": "n", "ranges": None, "parameter": "p", "values": [10, 20]}
    days = {"a": {"10": [0.0], "20": [0.0]}, "b": {"10": [5.0], "20": [1.0]}}
    found = break_even(outcome_of(tmp_path, axis, days), "cost", "b", "n")
    assert (found.value, found.low, found.crossing_share) == (None, None, 0.0)


def test_axis_of_truths_has_no_break_even_and_a_figure_that_no_day_has_is_left_out(tmp_path: Path) -> None:
    days = {"a": {"1": [0.0, math.nan], "2": [0.0, 0.0]}, "b": {"1": [math.nan, 5.0], "2": [-5.0, -5.0]}}
    for values, expected in (([False, True], []), ([1, 2], [("cost", "b", None)])):
        axis = {"name": "n", "ranges": None, "parameter": "p", "values": values}
        outcome = outcome_of(tmp_path, axis, days)
        outcome.provenance["definition"].update(baseline="a", figures=["cost", "wait_mean_s"])
        assert list(break_evens(outcome)) == expected


def test_crossing_by_hand() -> None:
    places = np.array([0.0, 10.0, 20.0])
    assert crossing(places, np.array([1.0, -1.0, 5.0])) == 5.0
    assert crossing(places, np.array([1.0, 0.0, 5.0])) == 10.0
    assert crossing(places, np.array([3.0, 1.0, -3.0])) == 12.5
    assert crossing(places, np.array([1.0, 2.0, 3.0])) is None


def test_questions_that_a_study_cannot_answer_are_refused(tmp_path: Path) -> None:
    days = {"a": {"1": [0.0]}, "b": {"1": [5.0]}}
    outcome = outcome_of(tmp_path, {"name": "f", "ranges": "futures", "values": None}, days)
    with pytest.raises(ComparisonError, match='has no axis with ranges = "one_at_a_time"'):
        tornado(outcome, "cost", "b")
    with pytest.raises(ComparisonError, match="states no threshold for wait_mean_s"):
        share_of_futures(outcome, "wait_mean_s", "b")
    with pytest.raises(ComparisonError, match="has no variant 'c'; give one of a, b"):
        share_of_futures(outcome, "cost", "c")
    with pytest.raises(ComparisonError, match="axis 'f' has no two numbers to look between"):
        break_even(outcome, "cost", "b", "f")


def test_days_without_a_figure_leave_its_bars_and_futures_out(tmp_path: Path) -> None:
    days = {
        "a": {"stated": [0.0, 0.0], "1-low": [0.0, 0.0], "1-high": [0.0, 0.0]},
        "b": {"stated": [1.0, 1.0], "1-low": [2.0, 2.0], "1-high": [math.nan, math.nan]},
    }
    settings = {"1-low": {"p": 1.0}, "1-high": {"p": 2.0}}
    outcome = outcome_of(tmp_path, {"name": "r", "ranges": "one_at_a_time"}, days, settings=settings)
    assert tornado(outcome, "cost", "b") == []
    futures = outcome_of(tmp_path, {"name": "f", "ranges": "futures"}, days)
    found = share_of_futures(futures, "cost", "b")
    assert (found.better, found.count, found.share, found.enough_share) == (0, 2, 0.0, 0.0)


def ranged_study(folder: Path, kind: str, more: str = "") -> Path:
    """Two variants of the line, one of them with longer stops, over the range of the stops."""
    text = STUDY[: STUDY.index("[[grid]]")].replace("is_on_grid = false\n", "")
    return write_study(folder, text + AXIS + f'"{kind}"\n{more}parameters = ["service.rules.stop"]\n')


def test_cases_that_are_alike_are_simulated_once(tmp_path: Path) -> None:
    study = load_study(ranged_study(tmp_path / "in", "one_at_a_time"))
    names = [case.name for case in cases_of(study)]
    assert names[:3] == ["one.range-stated", "one.range-01-low", "one.range-01-high"]
    told: list[int] = []
    done = run_study(
        study, tmp_path / "out", replications=1, report=lambda phase, done, total: told.append(total)
    )
    # The low end of 60 to 120 s is what is stated: two of three points differ, for two variants.
    assert told[-1] == 4
    metrics = done.outcome.metrics.drop(columns="case").set_index(pd.Index(names))
    assert metrics.loc["one.range-stated"].equals(metrics.loc["one.range-01-low"])
    bars = tornado(done.outcome, "in_vehicle_mean_s", "two")
    assert [(bar.parameter, bar.low, bar.high) for bar in bars] == [("service.rules.stop", 60, 120)]


def test_axis_of_ranges_that_no_scenario_states_is_refused(tmp_path: Path) -> None:
    file = ranged_study(tmp_path, "futures", "count = 3\n")
    assert len(cases_of(load_study(file))) == 6
    text = file.read_text(encoding="utf-8").replace("rules.stop", "rules.notice")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(StudyFileError, match=r"no scenario states a range for 'service\.rules\.notice'"):
        cases_of(load_study(file))
