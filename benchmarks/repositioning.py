"""What moving idle vehicles buys and costs: served share and wait against empty kilometres, by workload.

    python -m benchmarks.repositioning                      every workload that is there
    python -m benchmarks.repositioning mielec_1.0 --days 20
    python -m benchmarks.repositioning --curve              the price of empty driving swept, and a picture

Days are made from the recorded one by shifting each request by up to a minute. `forecast` knows the hours and
places of the recorded day, more than a dispatcher can. CPU seconds are those of a day, without preparation.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Final

from benchmarks.bench_workloads import JITTER_S, WORKLOADS
from benchmarks.history_file import HISTORY, Figure, append, conditions
from benchmarks.repositioning_curve import Means, Setting, draw, rows_of, swept
from maas.metrics import Metrics, metrics_of
from simulation.idle_choice import OFF, IdleChoice
from simulation.run import run_day, warm_up
from simulation.series import WorkloadChoice

CHOICES: Final = (
    ("off", IdleChoice(OFF)),
    ("refusals", IdleChoice("refusals")),
    ("coverage weak", IdleChoice("forecast", "coverage", empty_cost_percent=150)),
    ("coverage", IdleChoice("forecast", "coverage", empty_cost_percent=50)),
    ("recent weak", IdleChoice("recent", "coverage", empty_cost_percent=150)),
    ("recent strong", IdleChoice("recent", empty_cost_percent=50)),
    ("forecast strong", IdleChoice("forecast", empty_cost_percent=50)),
)

_DAYS: Final = 3
_CURVE_DAYS: Final = {"mielec_1.0": 5, "mielec_4.0": 2, "grid40_10k": 1}


def measure(folder: Path, days: int) -> list[Figure]:
    """Figures of every choice on one workload, printed as they come."""
    figures: list[Figure] = []
    for name, idle in CHOICES:
        means = _means(folder, days, idle)
        _tell(name, means)
        stem = f"{folder.name}/{name.replace(' ', '_')}"
        figures += [
            Figure(f"{stem}/served_share", means.served_share, "", repetitions=days),
            Figure(f"{stem}/wait_mean_s", means.wait_s, "s", repetitions=days),
            Figure(f"{stem}/vehicle_km", means.vehicle_km, "km", repetitions=days),
            Figure(f"{stem}/empty_km", means.empty_km, "km", repetitions=days),
        ]
    return figures


def _means(folder: Path, days: int, idle: IdleChoice) -> Means:
    prepared = WorkloadChoice(str(folder), idle=idle).prepare()
    warm_up(prepared)
    runs = [run_day(prepared, seed, jitter_s=JITTER_S) for seed in range(1, days + 1)]
    found = [metrics_of(run.journal) for run in runs]
    served, wait_s = (_mean(found, key) for key in ("served_share", "wait_mean_s"))
    km, empty_km, requests = (_mean(found, key) for key in ("vehicle_km", "empty_km", "requests"))
    return Means(served, wait_s, km, empty_km, requests, fmean(run.cpu_s for run in runs))


def _tell(name: str, means: Means) -> None:
    print(
        f"{name:<26}{100 * means.served_share:>9.2f}{means.wait_s:>9.1f}{means.vehicle_km:>11,.1f}"
        f"{means.empty_km:>11,.1f}{means.cpu_s:>9.2f}",
        flush=True,
    )


def _mean(days: Sequence[Metrics], key: str) -> float:
    return fmean(float(day.to_json()[key] or 0.0) for day in days)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, add to the history."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.repositioning", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("cases", nargs="*", help=f"of {', '.join(WORKLOADS)}; all if left out")
    parser.add_argument("--workloads", type=Path, default=Path("../shared/data/workloads"), metavar="DIR")
    parser.add_argument(
        "--days", type=int, metavar="N",
        help="days a choice, at least 1 (3; with --curve 1 to 5 by workload)",
    )  # fmt: skip
    parser.add_argument("--curve", action="store_true", help="sweep the price of empty driving")
    parser.add_argument(
        "--picture", type=Path, default=Path("docs/repositioning.svg"), metavar="FILE",
        help="where --curve draws, .svg or .png (docs/repositioning.svg)",
    )  # fmt: skip
    parser.add_argument("--history", type=Path, default=HISTORY / "repositioning.jsonl", metavar="FILE")
    chosen = parser.parse_args(arguments)
    wrong = [case for case in chosen.cases if case not in WORKLOADS]
    if wrong or (chosen.days is not None and chosen.days < 1):
        parser.error(
            f"no workload is called {wrong[0]}" if wrong else f"--days is {chosen.days}; give 1 or more"
        )
    under = conditions()
    measured: list[Figure] = []
    drawn: list[tuple[str, Sequence[Setting], int]] = []
    for case in chosen.cases or WORKLOADS:
        folder = chosen.workloads / case
        if not folder.is_dir():
            print(f"{case}: {folder} is not there; name its folder with --workloads", file=sys.stderr)
            continue
        days = chosen.days or (_CURVE_DAYS.get(case, _DAYS) if chosen.curve else _DAYS)
        print(f"\n{case}, {days} days")
        print(f"{'':<26}{'served %':>9}{'wait s':>9}{'km':>11}{'empty km':>11}{'CPU s':>9}")
        if not chosen.curve:
            measured += measure(folder, days)
            continue
        settings = swept(partial(_means, folder, days), _tell)
        append(chosen.history, rows_of(case, settings, days), under)
        drawn.append((case, settings, days))
        draw(drawn, chosen.picture)
    append(chosen.history, measured, under)
    return 0 if measured or drawn else 1


if __name__ == "__main__":
    sys.exit(main())
