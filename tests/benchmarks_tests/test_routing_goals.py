"""Figures to reach, scaled by the yardstick; rows for the history; the run that is void."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import bench_routing
from benchmarks.bench_routing import rows_of
from benchmarks.goals import Goal, goal_table
from benchmarks.routing_goals import Result, goals
from benchmarks.routing_questions import ASKED
from benchmarks.side_by_side import Timed

BY_NAME = {asked.name: asked for asked in ASKED}


def timed(name: str, **cpu_s: float) -> Timed:
    return Timed(BY_NAME[name], {engine: [seconds] * 5 for engine, seconds in cpu_s.items()})


def test_absolute_figures_are_scaled_by_the_yardstick() -> None:
    result = Result(
        "new_york",
        {"query": timed("query", maas=0.06), "matrix_5000": timed("matrix_5000", maas=1.0)},
        rod_s=0.072,  # twice the 36 ms
    )
    query, matrix = sorted(goals([result]), key=lambda goal: goal.is_at_least)
    assert query.found == pytest.approx(60)  # us
    assert query.bound == pytest.approx(70)
    assert query.is_reached
    assert matrix.found == pytest.approx(25)  # M/s
    assert matrix.bound == pytest.approx(20)
    assert matrix.is_reached


def test_a_ratio_is_not_scaled_and_may_be_just_reached() -> None:
    result = Result("luxembourg", {"matrix_1000": timed("matrix_1000", maas=1.0, pyroutingkit=30.0)}, rod_s=1)
    (goal,) = goals([result])
    assert (goal.found, goal.bound, goal.is_reached) == (30, 30, True)


def test_a_figure_of_which_one_side_is_missing_is_not_judged() -> None:
    assert goals([Result("luxembourg", {"matrix_1000": timed("matrix_1000", maas=1.0)})]) == []


def test_updates_are_judged_as_shares_of_customising_anew() -> None:
    result = Result(
        "new_york",
        {
            "customise": timed("customise", maas=0.4),
            "update_near": timed("update_near", maas=0.016),
            "update_random": timed("update_random", maas=0.1),
            "update_near_chained": timed("update_near_chained", maas=0.02),
        },
    )
    near, random, chained = (goal for goal in goals([result]) if "share of all" in goal.title)
    assert near.found == pytest.approx(0.04)
    assert near.is_reached
    assert random.found == pytest.approx(0.25)
    assert not random.is_reached
    assert (chained.found, chained.bound) == (pytest.approx(0.05), 0.05)


def test_table_says_which_figures_are_missed() -> None:
    lines = goal_table(
        [Goal("mismatches", 0, 0, ""), Goal("rate", 9, 10, "M/s", is_at_least=True)]
    ).splitlines()
    assert lines[1].split() == ["mismatches", "0", "at", "most", "0", "reached"]
    assert lines[2].split() == ["rate", "9", "at", "least", "10", "M/s", "MISSED"]


def test_history_gets_a_row_per_figure_and_engine() -> None:
    result = Result(
        "luxembourg", {"path": timed("path", maas=0.05, pandana=0.1)}, {"nodes": 74_430.0}, rod_s=0.025
    )
    nodes, ours, theirs, rod = rows_of(result)
    assert (nodes.name, nodes.value) == ("luxembourg/nodes", 74_430)
    assert (ours.name, ours.unit) == ("luxembourg/path/maas", "us")
    assert ours.value == pytest.approx(50)
    assert (ours.ratio, ours.repetitions) == (2, 5)  # 0.05 s / 0.025 s
    assert (theirs.name, theirs.ratio, theirs.ratio_to) == ("luxembourg/path/pandana", 2, "maas")
    assert (rod.name, rod.value) == ("luxembourg/yardstick_ms", 25)


def test_run_with_answers_that_differ_is_void(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    history = tmp_path / "routing.jsonl"
    differing = Timed(BY_NAME["path"], {"maas": [1.0]}, ("path: pandana answers 1, maas 2",))
    result = Result("luxembourg", {"path": differing}, {"nodes": 1.0, "arcs": 1.0})
    monkeypatch.setattr(bench_routing, "_in_own_process", lambda *_: result)
    assert bench_routing.main(["--graphs", "luxembourg", "--history", str(history)]) == 1
    assert "luxembourg/path: pandana answers 1, maas 2" in capsys.readouterr().err
    assert not history.exists()


def test_run_without_any_graph_ends_with_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = ["--graphs", "new_york", "--quick", "--data", str(tmp_path)]
    assert bench_routing.main(nowhere) == 1
    assert "new_york: left out" in capsys.readouterr().err
