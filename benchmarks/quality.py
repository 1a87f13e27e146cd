"""How good plans are: gap to the best known on published instances, beside other solvers.

    python -m benchmarks.quality                                   a short set, 1 and 10 CPU seconds
    python -m benchmarks.quality --all --jobs 2                    everything; days of CPU time
    python -m benchmarks.quality --all --families darp_a --solvers sisr ortools --budgets 10
    python -m benchmarks.quality --series li_lim_100:10:10 darp_a:10:10 li_lim_200:30:3:2 --cpu-limit 300
    python -m benchmarks.quality --series li_lim_100:10:10 --cpu-limit 0      what is there by now

CPU seconds of one thread are the budget. Every plan is verified by `routing.verify` in the doubles of its
instance; one that breaks a rule or leaves a request is counted and never compared. A run of our own search
ends where it has reached the best known, whatever is left of its budget. Finished runs are kept and
not made again on the same code; `--series FAMILY:SECONDS:SEEDS[:EVERY]` are worked off in the order given.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.goals import goal_table
from benchmarks.history_file import HISTORY, Figure, append, conditions
from benchmarks.quality_cases import FAMILIES, Case, CasesAbsentError, cases_of
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
from benchmarks.quality_peers import Solver
from benchmarks.quality_plan import Series, SeriesError, chosen_series, longest_s, planned_runs
from benchmarks.quality_runs import Run, outcomes_of, problem_of
from benchmarks.quality_solvers import OURS, solver_names, solvers
from benchmarks.quality_store import RunStore, code_of
from benchmarks.yardstick import yardstick_s

_ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_MOST_JOBS: Final = 2
_TOLD_EVERY: Final = 20
_RUNS: Final = Path("runs/quality.jsonl")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print figures by family and who is ahead where, add to the history."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    _check(parser, chosen)
    os.environ |= dict.fromkeys(_ONE_THREAD, "1")
    installed = solvers()
    for name in chosen.solvers:
        if name not in installed:
            print(f"{name} is not installed: left out; make bench-quality installs it", file=sys.stderr)
    there = {name: installed[name] for name in dict.fromkeys(chosen.solvers) if name in installed}
    under = conditions("ortools", *(solver.package for solver in there.values()))
    try:
        series = [Series.parse(text) for text in chosen.series or ()] or chosen_series(
            chosen.families, chosen.budgets, chosen.seeds, chosen.every, is_all=chosen.all
        )
    except SeriesError as error:
        parser.error(str(error))
    is_short = not (chosen.all or chosen.series or chosen.instances)
    cases = _cases((one.family for one in series), chosen.data, chosen.instances, is_short=is_short)
    planned = planned_runs(series, cases, there)
    if not planned:
        print("no instance is chosen", file=sys.stderr)
        return 1
    code = {name: code_of(name, solver.package) for name, solver in there.items()}
    store = RunStore(chosen.runs, code, under)
    outcomes, rod_s = _run(planned, there, chosen.jobs, store, chosen.cpu_limit)
    if not outcomes:
        print("no run is finished", file=sys.stderr)
        return 1
    print(summary_table(outcomes))
    print("\nMeans over seeds, instance by instance\n" + duel_table(duels(outcomes, OURS)))
    reached = goals(summarise(outcomes), outcomes)
    if reached:
        print("\n" + goal_table(reached))
    _tell_faults(outcomes)
    if chosen.instances:
        print("single instances are not kept in the history", file=sys.stderr)
        return 0
    figures = _whole(planned, outcomes)
    if figures:
        figures.append(Figure("yardstick_ms", 1e3 * rod_s, "ms", better=""))
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
        "--series", nargs="+", metavar="FAMILY:SECONDS:SEEDS[:EVERY]",
        help="these alone, in this order, whole or every n-th instance",
    )  # fmt: skip
    parser.add_argument(
        "--families", nargs="+", choices=list(FAMILIES), default=list(FAMILIES), metavar="NAME",
        help=f"of {', '.join(FAMILIES)}; all if left out",
    )  # fmt: skip
    parser.add_argument("--instances", nargs="+", metavar="NAME", help="these alone; not kept in the history")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every N-th instance by name")
    parser.add_argument(
        "--solvers", nargs="+", choices=names, default=names, metavar="NAME", help=f"of {', '.join(names)}"
    )
    parser.add_argument("--budgets", nargs="+", type=float, metavar="S", help="CPU seconds of a run")
    parser.add_argument("--seeds", type=int, metavar="N", help="seeds 1 to N of each instance")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="runs side by side, 1 or 2")
    parser.add_argument(
        "--cpu-limit", type=float, metavar="MINUTES",
        help="begin no run that could exceed so much CPU time in all; 0 tells what is there",
    )  # fmt: skip
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), metavar="DIR")
    parser.add_argument("--history", type=Path, default=HISTORY / "quality.jsonl", metavar="FILE")
    parser.add_argument(
        "--runs", type=Path, default=_RUNS, metavar="FILE",
        help=f"keep each run there as a JSON line; those of the same code are not made again ({_RUNS})",
    )  # fmt: skip
    return parser


def _check(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> None:
    if chosen.jobs not in range(1, _MOST_JOBS + 1):
        parser.error(f"--jobs is {chosen.jobs}; give 1 or {_MOST_JOBS}")
    if min(1 if chosen.seeds is None else chosen.seeds, chosen.every, *(chosen.budgets or (1,))) <= 0:
        parser.error("--seeds, --every and --budgets must be above 0")
    if chosen.cpu_limit is not None and chosen.cpu_limit < 0:
        parser.error(f"--cpu-limit is {chosen.cpu_limit:g}; give 0 or more minutes")
    if chosen.series and (chosen.all or chosen.budgets or chosen.seeds or chosen.every > 1):
        parser.error("--series says families, seconds, seeds and instances; leave out --all and the others")


def _cases(
    families: Iterable[str], data: Path, instances: Sequence[str] | None, *, is_short: bool
) -> dict[str, list[Case]]:
    found = {}
    for family in dict.fromkeys(families):
        try:
            cases = cases_of(family, data, is_short=is_short)
        except CasesAbsentError as error:
            print(f"{family}: left out, {error}", file=sys.stderr)
            continue
        found[family] = [case for case in cases if not instances or case.name in instances]
    return found


def _run(
    planned: Sequence[Run],
    there: Mapping[str, Solver],
    jobs: int,
    store: RunStore,
    limit_min: float | None,
) -> tuple[list[Outcome], float]:
    """Outcomes in the order of the plan, of runs that are kept or made; and the yardstick meanwhile."""
    found = store.kept()
    most_s = longest_s([run for run in planned if run not in found], there, problem_of)
    limit_s = float("inf") if limit_min is None else 60 * limit_min
    begun: list[Run] = []
    for run, run_s in most_s.items():
        if run_s > limit_s:
            break
        limit_s -= run_s
        begun.append(run)
    left_s = sum(most_s[run] for run in begun)
    print(
        f"{len(planned)} runs, {len(planned) - len(most_s)} of them kept in {store.file}; {len(begun)} to"
        f" make, at most {left_s / 60:.0f} minutes of CPU time, {left_s / jobs / 60:.0f} each job",
        file=sys.stderr,
    )
    if len(begun) < len(most_s):
        print(f"{len(most_s) - len(begun)} runs are beyond the limit of CPU time", file=sys.stderr)
    rod_s = yardstick_s()
    for done, (run, outcome) in enumerate(outcomes_of(begun, jobs), start=1):
        found[run] = outcome
        left_s -= most_s[run]
        store.keep(run, outcome, rod_s)
        if sys.stderr.isatty() or done % _TOLD_EVERY == 0:
            said = f"{done} of {len(begun)} runs, {left_s / jobs / 60:.0f} minutes left"
            print(f"{said}: {run.case.name}, {run.solver}", file=sys.stderr)
        if done % _TOLD_EVERY == 0:
            rod_s = yardstick_s()
    return [found[run] for run in planned if run in found], rod_s


def _tell_faults(outcomes: Iterable[Outcome]) -> None:
    for one in outcomes:
        if one.status in (WRONG, FAILED):
            where = f"{one.instance}, {one.budget_s:g} s, {one.solver}, seed {one.seed}"
            print(f"{where}: {one.status}, {one.said}", file=sys.stderr)


def _whole(planned: Iterable[Run], outcomes: Sequence[Outcome]) -> list[Figure]:
    """Rows for the history, of families, budgets and solvers whose runs are all there."""
    finished = {(one.family, one.instance, one.budget_s, one.solver, one.seed) for one in outcomes}
    partial = {
        (run.case.family, run.budget_s, run.solver)
        for run in planned
        if (run.case.family, run.case.name, run.budget_s, run.solver, run.seed) not in finished
    }
    for family, budget_s, solver in sorted(partial):
        print(f"{family}, {budget_s:g} s, {solver}: not all runs are made; no rows", file=sys.stderr)
    return [
        figure
        for summary in summarise(outcomes)
        if (summary.family, summary.budget_s, summary.solver) not in partial
        for figure in summary.figures()
    ]


if __name__ == "__main__":
    sys.exit(main())
