"""Whole simulated days: CPU, memory and service, of workloads and shipped scenarios.

    python -m benchmarks.bench_workloads                       every case that is there
    python -m benchmarks.bench_workloads grid40_10k --days 7   one case, median of seven days

CPU seconds are those of `maas simulate` (first command to last event, kernels warm, nothing written). They
are also given in yardsticks (`benchmarks/yardstick.py`) measured just before and after in the same process.
"""

from __future__ import annotations

import argparse
import resource
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.history_file import HISTORY, Figure, append, conditions, last_figures, table
from benchmarks.yardstick import yardstick_s
from maas.metrics import metrics_of
from simulation.run import run_day, warm_up
from simulation.series import Choice, ScenarioChoice, WorkloadChoice

WORKLOADS: Final = ("grid20_1k", "grid40_10k", "mielec_1.0", "mielec_4.0")
SCENARIOS: Final = ("sakura_today", "sakura_on_demand")
JITTER_S: Final = 60
"""Workload days are made from the recorded one by shifting each request by up to this much."""


def measure(name: str, choice: Choice, days: int) -> list[Figure]:
    """Figures of one case, in a process of its own so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, name, choice, days).result()


def _measured(name: str, choice: Choice, days: int) -> list[Figure]:
    prepared = choice.prepare()
    warm_up(prepared)
    before_s = yardstick_s()
    jitter_s = JITTER_S if isinstance(choice, WorkloadChoice) else 0
    runs = [run_day(prepared, seed, jitter_s=jitter_s) for seed in range(1, days + 1)]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    rod_s = (before_s + yardstick_s()) / 2
    figures = [metrics_of(run.journal) for run in runs]
    cpu_s = median(run.cpu_s for run in runs)
    served = [day.served_share for day in figures if day.served_share is not None]
    waits = [day.wait_mean_s for day in figures if day.wait_mean_s is not None]
    return [
        Figure(f"{name}/cpu_s", cpu_s, "s", cpu_s / rod_s, "yardstick", days),
        Figure(f"{name}/peak_rss", peak_mb, "MB", repetitions=days),
        *(
            [Figure(f"{name}/served_share", median(served), "", repetitions=days, better="more")]
            if served
            else []
        ),
        *([Figure(f"{name}/wait_mean_s", median(waits), "s", repetitions=days)] if waits else []),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print beside the last figures of this processor, add to the history."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench_workloads", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("cases", nargs="*", help=f"of {', '.join((*WORKLOADS, *SCENARIOS))}; all if left out")
    parser.add_argument("--workloads", type=Path, default=Path("../shared/data/workloads"), metavar="DIR")
    parser.add_argument("--days", type=int, default=3, help="simulated days a case, at least 1 (default 3)")
    parser.add_argument("--history", type=Path, default=HISTORY / "workloads.jsonl", metavar="FILE")
    chosen = parser.parse_args(arguments)
    wrong = [case for case in chosen.cases if case not in (*WORKLOADS, *SCENARIOS)]
    if wrong or chosen.days < 1:
        parser.error(f"no case is called {wrong[0]}" if wrong else f"--days is {chosen.days}; give 1 or more")
    under = conditions()
    before = last_figures(chosen.history, under.processor)
    measured: list[Figure] = []
    for case in chosen.cases or (*WORKLOADS, *SCENARIOS):
        folder = chosen.workloads / case
        if case in WORKLOADS and not folder.is_dir():
            print(f"{case}: {folder} is not there; name its folder with --workloads", file=sys.stderr)
            continue
        print(f"{case}: {chosen.days} days", file=sys.stderr)
        choice = WorkloadChoice(str(folder)) if case in WORKLOADS else ScenarioChoice(case)
        measured += measure(case, choice, chosen.days)
    print(table(measured, before))
    append(chosen.history, measured, under)
    print(f"{len(measured)} rows added to {chosen.history}", file=sys.stderr)
    return 0 if measured else 1


if __name__ == "__main__":
    sys.exit(main())
