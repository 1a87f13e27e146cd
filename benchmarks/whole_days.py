"""Policy `rolling_horizon` against `insertion` on whole days: riders served, waits, kilometres, CPU.

    python -m benchmarks.whole_days                          every case that is there
    python -m benchmarks.whole_days mielec_1.0 --days 20
    python -m benchmarks.whole_days mielec_1.0 --first-seed 101    the days on which settings were looked for

Both policies meet the same days: the recorded one with each request shifted by up to a minute. Differences
are means over the days with their 95 % interval, day by day. CPU seconds are those of a day, without
preparation.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.bench_workloads import JITTER_S
from benchmarks.history_file import HISTORY, Figure, append, conditions
from maas.metrics import metrics_of
from simulation.comparison import Estimate, estimate
from simulation.idle_choice import IdleChoice
from simulation.run import run_day, warm_up
from simulation.series import WorkloadChoice


@dataclass(frozen=True, slots=True)
class Case:
    """A workload, the days that are enough for it, and where idle vehicles wait under both policies; None =
    where each policy has them wait."""

    workload: str
    days: int
    idle: IdleChoice | None = None


CASES: Final = {
    "mielec_1.0": Case("mielec_1.0", 20),
    "mielec_4.0": Case("mielec_4.0", 5),
    "grid20_1k": Case("grid20_1k", 5),
    "grid40_10k": Case("grid40_10k", 2),
    "grid40_10k_shares": Case("grid40_10k", 2, IdleChoice("recent", empty_cost_percent=50)),
}
POLICIES: Final = ("insertion", "rolling_horizon")
KEYS: Final = ("served_share", "wait_mean_s", "in_vehicle_mean_s", "vehicle_km", "empty_km", "cpu_s")
UNITS: Final = ("", "s", "s", "km", "km", "s")

Days = list[dict[str, float]]


def days_of(folder: Path, policy: str, idle: IdleChoice | None, seeds: Sequence[int]) -> Days:
    """Figures of each day."""
    prepared = WorkloadChoice(str(folder), policy, idle=idle).prepare()
    warm_up(prepared)
    days: Days = []
    for seed in seeds:
        run = run_day(prepared, seed, jitter_s=JITTER_S)
        figures = metrics_of(run.journal).to_json()
        days.append({key: float(figures[key] or 0.0) for key in KEYS[:-1]} | {"cpu_s": run.cpu_s})
    return days


def measure(name: str, case: Case, folder: Path, seeds: Sequence[int]) -> list[Figure]:
    """Both policies on one case, printed as they come, and their differences."""
    figures: list[Figure] = []
    series = []
    for policy in POLICIES:
        days = days_of(folder, policy, case.idle, seeds)
        series.append(days)
        means = [estimate([day[key] for day in days]) for key in KEYS]
        _print(policy, means)
        figures += _figures(f"{name}/{policy}", means)
    first, other = series
    apart = [
        estimate([late[key] - early[key] for early, late in zip(first, other, strict=True)]) for key in KEYS
    ]
    _print("difference", apart, sign="+")
    return figures + _figures(f"{name}/difference", apart)


def _print(label: str, means: Sequence[Estimate], sign: str = "") -> None:
    cells = []
    for key, found in zip(KEYS, means, strict=True):
        scale, places = (100, 2) if key == "served_share" else (1, 2 if key == "cpu_s" else 1)
        half = "" if found.half_width is None else f" ± {scale * found.half_width:,.{places}f}"
        cells.append(f"{scale * found.mean:{sign},.{places}f}{half}".rjust(20))
    print(f"{label:<16}{''.join(cells)}", flush=True)


def _figures(stem: str, means: Sequence[Estimate]) -> list[Figure]:
    return [
        Figure(
            f"{stem}/{key}",
            found.mean,
            unit,
            repetitions=found.count,
            better="more" if key == "served_share" else "less",
        )
        for key, unit, found in zip(KEYS, UNITS, means, strict=True)
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, add to the history."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.whole_days", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("cases", nargs="*", help=f"of {', '.join(CASES)}; all if left out")
    parser.add_argument("--workloads", type=Path, default=Path("../shared/data/workloads"), metavar="DIR")
    parser.add_argument("--days", type=int, help="days a case, at least 1 (default by case)")
    parser.add_argument("--first-seed", type=int, default=1, help="seed of the first day (default 1)")
    parser.add_argument("--history", type=Path, default=HISTORY / "whole_days.jsonl", metavar="FILE")
    chosen = parser.parse_args(arguments)
    wrong = [case for case in chosen.cases if case not in CASES]
    if wrong:
        parser.error(f"no case is called {wrong[0]}; give of {', '.join(CASES)}")
    if chosen.days is not None and chosen.days < 1:
        parser.error(f"--days is {chosen.days}; give 1 or more")
    under = conditions()
    measured: list[Figure] = []
    for name in chosen.cases or CASES:
        case = CASES[name]
        folder = chosen.workloads / case.workload
        if not folder.is_dir():
            print(f"{name}: {folder} is not there; name its folder with --workloads", file=sys.stderr)
            continue
        count = chosen.days or case.days
        seeds = range(chosen.first_seed, chosen.first_seed + count)
        print(f"\n{name}, seeds {seeds[0]} to {seeds[-1]}")
        print(f"{'':<16}" + "".join(head.rjust(20) for head in ("served %", *KEYS[1:])), flush=True)
        measured += measure(name, case, folder, seeds)
    if chosen.first_seed == 1:
        append(chosen.history, measured, under)
    return 0 if measured else 1


if __name__ == "__main__":
    sys.exit(main())
