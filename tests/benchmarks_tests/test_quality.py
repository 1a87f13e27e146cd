"""Runs of solvers on an instance by hand: verified, kept, resumed; peers asked and refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from benchmarks import quality, quality_runs
from benchmarks.history_file import code_commit
from benchmarks.quality_cases import FAMILIES, CasesAbsentError, cases_of
from benchmarks.quality_figures import FAILED, NOT_APPLICABLE, SOLVED, WRONG, Outcome
from benchmarks.quality_goals import goals
from benchmarks.quality_peers import PEERS, Answer, IsEnough, beyond_pickup_and_delivery
from benchmarks.quality_plan import Series, SeriesError, chosen_series, planned_runs
from benchmarks.quality_runs import Run, outcome_of
from benchmarks.quality_store import code_of
from routing.instances import read_instance
from routing.problem import Problem, build_problem
from routing.verify import verify

# Depot at 0; request 0 from x = 10 to x = 20, request 1 from x = 20 to x = 30: one vehicle drives 60.
INSTANCE = """2 5 1
0 0 0 0 0 1000 0 0 0
1 10 0 2 0 100 1 0 2
2 20 0 -2 0 100 1 1 0
3 20 0 2 0 100 1 0 4
4 30 0 -2 0 100 1 3 0
"""
BOTH = [[0, 1, 2, 3]]


@dataclass
class Fixed:
    """Answers the same routes whatever it is asked."""

    routes: Sequence[Sequence[int]]
    package: str = "numpy"
    is_seeded: bool = True
    says: str | None = None
    asked: list[tuple[int, float]] = field(default_factory=list)
    found_enough: list[bool] = field(default_factory=list)

    def refusal(self, problem: Problem) -> str | None:
        return self.says

    def solve(self, problem: Problem, seed: int, cpu_s: float, is_enough: IsEnough | None = None) -> Answer:
        self.asked.append((seed, cpu_s))
        if is_enough is not None:
            self.found_enough.append(is_enough(self.routes))
        if not self.routes:
            raise RuntimeError("lost its way\nat line 3")
        return Answer(self.routes, 0.5)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "pdptw" / "li_lim" / "pdp_100"
    folder.mkdir(parents=True)
    (folder / "lc103.txt").write_text(INSTANCE, encoding="ascii")
    (folder.parent / "best_known.csv").write_text(
        "instance,vehicles,distance\nlc103,1,60.0\n", encoding="ascii"
    )
    return tmp_path / "data"


def told(
    monkeypatch: pytest.MonkeyPatch, data: Path, solver: Fixed, seed: int = 1
) -> tuple[str, str, int, float]:
    monkeypatch.setattr(quality_runs, "solvers", lambda: {"sisr": solver})
    (case,) = cases_of("li_lim_100", data, is_short=True)
    one = outcome_of(Run(case, "sisr", seed, 2.0))
    return one.status, one.said, one.vehicles, one.cost


def test_plan_is_verified_in_the_doubles_of_the_instance(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    solver = Fixed(BOTH)
    assert told(monkeypatch, data, solver, seed=7) == (SOLVED, "", 1, pytest.approx(60))
    assert (7, 2.0) in solver.asked


@pytest.mark.parametrize(
    ("routes", "is_enough"),
    [(BOTH, True), ([[0, 2, 3, 1]], True), ([[0, 1], [2, 3]], False), ([[0, 1]], False)],
)
def test_enough_is_the_best_known(
    routes: list[list[int]], is_enough: bool, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solver = Fixed(routes)
    told(monkeypatch, data, solver)
    assert solver.found_enough == [is_enough]


@pytest.mark.parametrize(
    ("routes", "said"),
    [([[1, 0, 2, 3]], "request 0"), ([[0, 1]], "1 requests unserved"), ([[0, 2], [1, 3]], "request")],
    ids=["delivered before picked up", "left out", "torn apart"],
)
def test_plan_that_breaks_a_rule_is_not_believed(
    routes: list[list[int]], said: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, sentence, vehicles, cost = told(monkeypatch, data, Fixed(routes))
    assert (status, vehicles, cost) == (WRONG, 0, 0)
    assert said in sentence


def test_fault_of_a_solver_is_its_result(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, data, Fixed([]))[:2] == (FAILED, "RuntimeError: lost its way")


def test_solver_that_lacks_a_rule_is_not_asked(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    solver = Fixed(BOTH, says="ride-time limits")
    assert told(monkeypatch, data, solver)[:2] == (NOT_APPLICABLE, "ride-time limits")
    assert solver.asked == []


def run_main(
    data: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str, clean: bool = True
) -> tuple[int, list[str], list[Run]]:
    """Exit code, names in the history, and what was run (in this process)."""
    asked: list[Run] = []

    def outcomes(runs: Sequence[Run], _: int) -> list[object]:
        asked.extend(runs)
        return [(run, outcome_of(run)) for run in runs]

    there = {"sisr": Fixed(BOTH), "ortools": Fixed([[0, 1], [2, 3]], is_seeded=False)}
    monkeypatch.setattr(quality_runs, "solvers", lambda: there)
    monkeypatch.setattr(quality, "solvers", lambda: there)
    monkeypatch.setattr(quality, "outcomes_of", outcomes)
    monkeypatch.setattr(quality, "yardstick_s", lambda: 0.1)
    monkeypatch.setattr(quality, "code_of", lambda solver, _: f"abc {solver} 1" if clean else None)
    history = data / "quality.jsonl"
    files = ["--data", str(data), "--history", str(history), "--runs", str(data / "runs.jsonl")]
    chosen = [*files, "--families", "li_lim_100", *arguments]
    code = quality.main(chosen)
    lines = history.read_text(encoding="utf-8").splitlines() if history.exists() else []
    return code, [json.loads(line)["name"] for line in lines], asked


def test_short_run_prints_and_keeps_figures(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, names, asked = run_main(data, monkeypatch)
    assert code == 0
    assert len(asked) == 6  # two budgets; two seeds of ours, one of a solver that takes none
    assert "li_lim_100/1x2/1s/sisr/gap_mean" in names
    assert "li_lim_100/1x1/10s/ortools/vehicles_above_mean" in names
    out, err = capsys.readouterr()
    assert "li_lim_100 1 s, sisr against ortools: on the mean ahead; 1 ahead, 0 level, 0 behind" in out
    assert "li_lim_100 (1 x 2), 10 s: gap mean" in out
    assert "pyvrp is not installed: left out" in err


def test_kept_runs_of_the_same_clean_commit_are_not_run_again(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(run_main(data, monkeypatch)[2]) == 6
    assert len(run_main(data, monkeypatch, "--seeds", "3")[2]) == 2  # the third seed, two budgets
    assert len(run_main(data, monkeypatch, clean=False)[2]) == 6


def test_single_instances_are_not_kept_in_the_history(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_main(data, monkeypatch, "--instances", "lc103")[:2] == (0, [])
    assert run_main(data, monkeypatch, "--instances", "lc999")[0] == 1


def test_run_that_was_killed_goes_on_where_it_was(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_main(data, monkeypatch, "--budgets", "1")
    file = data / "runs.jsonl"
    whole = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(whole[:-1]) + whole[-1][:40])  # killed while it wrote the third run
    assert len(run_main(data, monkeypatch, "--budgets", "1")[2]) == 1
    assert run_main(data, monkeypatch, "--budgets", "1")[2] == []


def test_kept_run_says_code_processor_and_yardstick(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_main(data, monkeypatch, "--budgets", "1")
    under = json.loads((data / "runs.jsonl").read_text(encoding="utf-8").splitlines()[0])["under"]
    assert (under["code"], under["yardstick_ms"]) == ("abc sisr 1", 100)
    assert {"commit", "processor", "date"} <= under.keys()


def test_limit_of_cpu_time_ends_a_run_whose_rows_wait(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Three runs of 1 s; the next takes 10 s where 0.1 minutes leave 3.
    _, names, asked = run_main(data, monkeypatch, "--cpu-limit", "0.1")
    assert [run.budget_s for run in asked] == [1, 1, 1]
    assert {name.split("/")[2] for name in names if "/" in name} == {"1s"}
    assert run_main(data, monkeypatch, "--cpu-limit", "0")[2] == []


def test_series_are_worked_off_in_the_order_given(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    series = "--series", "li_lim_100:10:2", "li_lim_100:1:1"
    _, names, asked = run_main(data, monkeypatch, *series)
    made = [(run.budget_s, run.seed, run.solver) for run in asked]
    assert made == [(10, 1, "sisr"), (10, 1, "ortools"), (10, 2, "sisr"), (1, 1, "sisr"), (1, 1, "ortools")]
    assert "li_lim_100/1x2/10s/sisr/gap_mean" in names


def test_every_second_instance(data: Path) -> None:
    folder = data / "pdptw" / "li_lim" / "pdp_100"
    for name in ("lc101", "lc102"):
        (folder / f"{name}.txt").write_text(INSTANCE, encoding="ascii")
    with (folder.parent / "best_known.csv").open("a", encoding="ascii") as table:
        table.write("lc101,1,60.0\nlc102,1,60.0\n")
    cases = {"li_lim_100": cases_of("li_lim_100", data, is_short=False)}
    runs = planned_runs([Series.parse("li_lim_100:1:1:2")], cases, {"sisr": Fixed(BOTH)})
    assert [run.case.name for run in runs] == ["lc101", "lc103"]


@pytest.mark.parametrize("text", ["li_lim_100", "li_lim_100:1", "li_lim_100:0:3", "li_lim_100:a:3", "x:1:1"])
def test_series_that_is_told_wrongly_is_named(text: str) -> None:
    with pytest.raises(SeriesError, match=f"series {text}"):
        Series.parse(text)


def test_everything_has_the_budgets_of_the_figures_to_reach() -> None:
    series = chosen_series(["li_lim_200", "darp_a"], None, None, 1, is_all=True)
    assert [(one.family, one.budget_s, one.seeds) for one in series if one.budget_s > 10] == [
        ("li_lim_200", 30, 3), ("li_lim_200", 60, 3), ("darp_a", 60, 10),
    ]  # fmt: skip


def test_solver_that_takes_its_process_down_has_failed(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Pool:
        def submit(self, work: Callable[[Run], Outcome], run: Run) -> Future[Outcome]:
            done: Future[Outcome] = Future()
            done.set_exception(BrokenProcessPool("gone")) if run.seed == 1 else done.set_result(work(run))
            return done

        def shutdown(self, **_: bool) -> None:
            return

    monkeypatch.setattr(quality_runs, "solvers", lambda: {"sisr": Fixed(BOTH)})
    monkeypatch.setattr(quality_runs, "_new_pool", Pool)
    (case,) = cases_of("li_lim_100", data, is_short=True)
    runs = [Run(case, "sisr", seed, 1.0) for seed in (1, 2, 3)]
    found = {run.seed: one.status for run, one in quality_runs.outcomes_of(runs, 2)}
    assert found == {1: FAILED, 2: SOLVED, 3: SOLVED}


@pytest.mark.parametrize(("solver", "path"), [("sisr", "routing"), ("pyvrp", "benchmarks/quality_peers.py")])
def test_code_is_that_of_the_files_that_matter(solver: str, path: str) -> None:
    commit, is_clean = code_commit(path)
    told = f"{commit} numpy {np.__version__}" if is_clean else None
    assert code_of(solver, "numpy") == told


@pytest.mark.parametrize(
    "wrong",
    [
        ("--jobs", "3"), ("--seeds", "0"), ("--budgets", "0"), ("--seeds", "-1"), ("--every", "0"),
        ("--cpu-limit", "-1"), ("--series", "li_lim_100:1"), ("--series", "li_lim_100:1:1", "--all"),
    ],
)  # fmt: skip
def test_wrong_number_is_refused(wrong: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        quality.main(wrong)
    assert wrong[0] in capsys.readouterr().err


@pytest.mark.parametrize("family", FAMILIES)
def test_family_that_is_not_there_is_named_with_the_remedy(family: str, tmp_path: Path) -> None:
    with pytest.raises(CasesAbsentError, match="--data"):
        cases_of(family, tmp_path, is_short=False)


def test_instance_without_a_best_known_value_is_named(data: Path) -> None:
    folder = data / "pdptw" / "li_lim" / "pdp_100"
    (folder / "lr999.txt").write_text(INSTANCE, encoding="ascii")
    with pytest.raises(CasesAbsentError, match="tells no best known value of lr999"):
        cases_of("li_lim_100", data, is_short=False)
    assert [case.name for case in cases_of("li_lim_100", data, is_short=True)] == ["lc103"]


def test_goals_of_a_family_that_was_not_run_are_not_judged() -> None:
    assert goals([], []) == []


def two_requests(**other: object) -> Problem:
    x = np.array([0, 10, 20, 20, 30])
    given = {
        "name": "line", "travel": np.abs(x[:, None] - x), "pickup": [1, 3], "delivery": [2, 4],
        "pickup_window": [[0, 100]] * 2, "delivery_window": [[0, 100]] * 2, "start_place": [0, 0],
        "shift": [[0, 1000]] * 2, "capacity": [5, 5], "load": [2, 2], "vehicles_first": True,
    }  # fmt: skip
    return build_problem(**{**given, **other})  # type: ignore[arg-type]  # a table of arrays


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({}, None),
        ({"max_ride": [30, 30]}, "ride-time limits"),
        ({"max_duration": [500, 500]}, "limits on the duration of routes"),
        ({"breaks": [[0, 10, 20, 5]]}, "breaks, several kinds of load, or shared service"),
        ({"prefix": ((0,), ())}, "plans that are under way"),
        ({"capacity": [5, 6]}, "unequal vehicles"),
    ],
)
def test_peers_are_asked_only_what_they_know(other: dict[str, object], said: str | None) -> None:
    assert beyond_pickup_and_delivery(two_requests(**other)) == said


@pytest.mark.parametrize("name", PEERS)
def test_peer_answers_in_visit_numbers(name: str, data: Path) -> None:
    pytest.importorskip({"pyvroom": "vroom", "vrp-cli": "vrp_cli"}.get(name, name))
    instance = read_instance(data / "pdptw" / "li_lim" / "pdp_100" / "lc103.txt")
    answer = PEERS[name].solve(instance.problem, 1, 0.1)
    idle = instance.problem.vehicle_count - len(answer.routes)
    verdict = verify(instance, [*answer.routes, *([[]] * idle)])
    assert verdict.is_feasible, verdict
    assert (verdict.vehicles, verdict.cost) == (1, 60)
