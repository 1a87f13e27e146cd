"""How good plans are: gap to the best known on published instances, beside other solvers.

    python -m benchmarks.quality                                   a short set, 1 and 10 CPU seconds
    python -m benchmarks.quality --all --jobs 2                    everything; days of CPU time
    python -m benchmarks.quality --all --families darp_a --solvers sisr ortools --budgets 10

CPU seconds of one thread are the budget. Every plan is verified by `routing.verify` in the doubles of its
instance; one that breaks a rule or leaves a request is counted and never compared.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from benchmarks.goals import goal_table
from benchmarks.history_file import HISTORY, append, conditions
from benchmarks.quality_cases import FAMILIES, SHORT_SEEDS, Case, CasesAbsentError, cases_of
from benchmarks.quality_figures import (
    FAILED,
    WRONG,
    Outcome,
    duel_table,
    duels,
    summarise,
    summary_table,
)
from benchmarks.quality_goals import goals
from benchmarks.quality_runs import Run, outcomes_of
from benchmarks.quality_solvers import OURS, solver_names, solvers

_ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_BUDGETS: Final = (1.0, 10.0, 60.0)
_SHORT_BUDGETS: Final = (1.0, 10.0)
_MOST_JOBS: Final = 2
_TOLD_EVERY: Final = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print figures by family and who is ahead where, add to the history."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.jobs not in range(1, _MOST_JOBS + 1):
        parser.error(f"--jobs is {chosen.jobs}; give 1 or {_MOST_JOBS}")
    if min(1 if chosen.seeds is None else chosen.seeds, *(chosen.budgets or (1,))) <= 0:
        parser.error("--seeds and --budgets must be above 0")
    os.environ |= dict.fromkeys(_ONE_THREAD, "1")
    there = solvers()
    for name in chosen.solvers:
        if name not in there:
            print(f"{name} is not installed: left out; make bench-quality installs it", file=sys.stderr)
    under = conditions("ortools", *(there[name].package for name in chosen.solvers if name in there))
    cases = _cases(chosen.families, chosen.data, chosen.instances, is_short=not chosen.all)
    if not cases:
        print("no instance is chosen", file=sys.stderr)
        return 1
    budgets = chosen.budgets or (_BUDGETS if chosen.all else _SHORT_BUDGETS)
    seeds = chosen.seeds or (None if chosen.all else SHORT_SEEDS)
    runs = [
        Run(case, name, seed, budget_s)
        for budget_s in budgets
        for case in cases
        for name in chosen.solvers
        if name in there
        for seed in range(1, 1 + ((seeds or FAMILIES[case.family].seeds) if there[name].is_seeded else 1))
    ]
    outcomes = _run(runs, chosen.jobs, chosen.runs, under.commit if under.is_clean else None)
    print(summary_table(outcomes))
    print("\nMeans over seeds, instance by instance\n" + duel_table(duels(outcomes, OURS)))
    summaries = summarise(outcomes)
    reached = goals(summaries, outcomes)
    if reached:
        print("\n" + goal_table(reached))
    for one in outcomes:
        if one.status in (WRONG, FAILED):
            where = f"{one.instance}, {one.budget_s:g} s, {one.solver}, seed {one.seed}"
            print(f"{where}: {one.status}, {one.said}", file=sys.stderr)
    if chosen.instances:
        print("single instances are not kept in the history", file=sys.stderr)
        return 0
    figures = [figure for summary in summaries for figure in summary.figures()]
    append(chosen.history, figures, under)
    print(f"{len(figures)} rows added to {chosen.history}", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality", description=(__doc__ or "").splitlines()[0]
    )
    names = solver_names()
    parser.add_argument("--all", action="store_true", help="every instance, seed and budget")
    parser.add_argument(
        "--families", nargs="+", choices=list(FAMILIES), default=list(FAMILIES), metavar="NAME",
        help=f"of {', '.join(FAMILIES)}; all if left out",
    )  # fmt: skip
    parser.add_argument("--instances", nargs="+", metavar="NAME", help="these alone; not kept in the history")
    parser.add_argument(
        "--solvers", nargs="+", choices=names, default=names, metavar="NAME", help=f"of {', '.join(names)}"
    )
    parser.add_argument("--budgets", nargs="+", type=float, metavar="S", help="CPU seconds of a run")
    parser.add_argument("--seeds", type=int, metavar="N", help="seeds 1 to N of each instance")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="runs side by side, 1 or 2")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), metavar="DIR")
    parser.add_argument("--history", type=Path, default=HISTORY / "quality.jsonl", metavar="FILE")
    parser.add_argument(
        "--runs", type=Path, metavar="FILE",
        help="keep each run there as a JSON line; those of the same clean commit are not run again",
    )  # fmt: skip
    return parser


def _cases(
    families: Iterable[str], data: Path, instances: Sequence[str] | None, *, is_short: bool
) -> list[Case]:
    found: list[Case] = []
    for family in families:
        try:
            found += cases_of(family, data, is_short=is_short and not instances)
        except CasesAbsentError as error:
            print(f"{family}: left out, {error}", file=sys.stderr)
    return [case for case in found if not instances or case.name in instances]


def _run(runs: Sequence[Run], jobs: int, file: Path | None, commit: str | None) -> list[Outcome]:
    """Outcomes in the order of `runs`; those that the file has of this commit are taken from there."""
    found = {} if file is None or commit is None else _kept(file, commit)
    open_runs = [run for run in runs if run not in found]
    left_s = sum(run.budget_s for run in open_runs)
    print(
        f"{len(open_runs)} runs, at most {left_s / jobs / 60:.0f} minutes of CPU time each job",
        file=sys.stderr,
    )
    for done, (run, outcome) in enumerate(outcomes_of(open_runs, jobs), start=1):
        found[run] = outcome
        left_s -= run.budget_s
        if file is not None:
            _keep(file, run, outcome, commit)
        if sys.stderr.isatty() or done % _TOLD_EVERY == 0:
            said = f"{done} of {len(open_runs)} runs, {left_s / jobs / 60:.0f} minutes left"
            print(f"{said}: {run.case.name}, {run.solver}", file=sys.stderr)
    return [found[run] for run in runs]


def _keep(file: Path, run: Run, outcome: Outcome, commit: str | None) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    row = {"commit": commit, "path": str(run.case.path), **asdict(outcome)}
    with file.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(row) + "\n")


def _kept(file: Path, commit: str) -> dict[Run, Outcome]:
    found = {}
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    for line in lines:
        row = json.loads(line)
        path = Path(row.pop("path"))
        if row.pop("commit") == commit:
            one = Outcome(**row)
            case = Case(one.family, one.instance, path, one.best_vehicles, one.best_cost)
            found[Run(case, one.solver, one.seed, one.budget_s)] = one
    return found


if __name__ == "__main__":
    sys.exit(main())
