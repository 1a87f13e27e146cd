"""Inserting one request into a busy fleet, beside trying every place of every route.

    python -m benchmarks.bench_insertion                        300 vehicles of 20 stops, 2,000 of 6
    python -m benchmarks.bench_insertion --networks sakura --requests 100

CPU time of one thread, median over requests, on the tables and by the search of the dispatcher with exact
limits. All answers must be those of the exhaustive search; a run in which they are not is void: it says so,
adds nothing to the history and ends with 1.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time
from typing import Final

import numpy as np

from benchmarks.exhaustive_insertion import exhaustive_search
from benchmarks.goals import goal_table
from benchmarks.graphs import GraphAbsentError, new_york_rod_s
from benchmarks.history_file import HISTORY, append, conditions
from benchmarks.insertion_cases import CASES, KINDS, NETWORKS, Ask, BusyFleet, InsertionCase, network_of
from benchmarks.insertion_figures import Timing, goals, rows_of, timing_table
from benchmarks.routing_goals import ROD_MS
from routing.insertion import Insertion
from routing.travel_times import DenseTravelTimes

_ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_SWEPT_BYTES: Final = 64 << 20
_WARM_UP: Final = 20
_MIN_REQUESTS: Final = 5

_Search = Callable[[Ask], Insertion | None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print times and the figures to reach, add to the history."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench_insertion", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS), metavar="NAME")
    parser.add_argument("--requests", type=int, default=400, metavar="N", help="of each kind (default 400)")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), metavar="DIR")
    parser.add_argument("--history", type=Path, default=HISTORY / "insertion.jsonl", metavar="FILE")
    chosen = parser.parse_args(arguments)
    if chosen.requests < _MIN_REQUESTS:
        parser.error(f"--requests is {chosen.requests}; give {_MIN_REQUESTS} or more")
    os.environ |= dict.fromkeys(_ONE_THREAD, "1")
    under = conditions("scipy")
    before_s = new_york_rod_s(chosen.data)
    timings: list[Timing] = []
    for name in chosen.networks:
        try:
            times = DenseTravelTimes.build(network_of(name, chosen.data))
        except GraphAbsentError as error:
            print(f"{name}: left out, {error}", file=sys.stderr)
            continue
        for case in CASES:
            print(f"{name}: {case.vehicles:,} vehicles of {case.stops} stops", file=sys.stderr)
            timings += measure(name, times, case, chosen.requests)
    after_s = new_york_rod_s(chosen.data)
    rod_s = None if before_s is None or after_s is None else (before_s + after_s) / 2
    if rod_s is not None:
        print(f"yardstick {1e3 * rod_s:.1f} ms (reference {ROD_MS:.0f})")
    wrong = [one for one in timings if one.wrong]
    for one in wrong:
        print(f"This run is void: {one.name}: {one.wrong} answers are not the cheapest", file=sys.stderr)
    if wrong or not timings:
        return 1
    print(timing_table(timings))
    print("\n" + goal_table(goals(timings, rod_s)))
    append(chosen.history, rows_of(timings, rod_s), under)
    print(f"rows added to {chosen.history}", file=sys.stderr)
    return 0


def measure(network: str, times: DenseTravelTimes, case: InsertionCase, count: int) -> list[Timing]:
    """Each kind of request against one fleet: exhaustive, warm, cold."""
    fleet = BusyFleet(times, case)
    swept = np.zeros(_SWEPT_BYTES, np.uint8)

    def exhaustive(ask: Ask) -> Insertion | None:
        return exhaustive_search(fleet.book, ask)

    def sweep() -> None:
        np.add(swept, 1, out=swept)

    timings = []
    for kind in KINDS:
        asks = fleet.requests(kind, count)
        _timed(fleet.book.search, asks[:_WARM_UP])
        _timed(exhaustive, asks[:1])
        exhaustive_s, expected = _timed(exhaustive, asks)
        warm_s, found = _timed(fleet.book.search, asks)
        cold_s, again = _timed(fleet.book.search, asks, before=sweep)
        wrong = sum(not a == b == c for a, b, c in zip(expected, found, again, strict=True))
        share = sum(one is not None for one in found) / count
        timings.append(Timing(network, case.name, kind, warm_s, cold_s, exhaustive_s, share, wrong))
    return timings


def _timed(
    search: _Search, asks: Sequence[Ask], before: Callable[[], None] | None = None
) -> tuple[list[float], list[Insertion | None]]:
    """CPU seconds and answer of each request; `before` each of them something untimed."""
    cpu_s, found = [], []
    gc.collect()
    gc.disable()
    try:
        for ask in asks:
            if before is not None:
                before()
            begun = process_time()
            answer = search(ask)
            cpu_s.append(process_time() - begun)
            found.append(answer)
    finally:
        gc.enable()
    return cpu_s, found


if __name__ == "__main__":
    sys.exit(main())
