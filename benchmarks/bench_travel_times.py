"""Building the dense travel times, beside SciPy's Dijkstra over the same graph in the same run.

    python -m benchmarks.bench_travel_times

The ratio is our CPU time / SciPy's: below 1 is faster. SciPy gives distances alone; ours also the next arc of
every canonical path and the transposed table.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Final

from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.history_file import HISTORY, Figure, append, conditions, last_figures, table
from routing.travel_times import DenseTravelTimes
from tests.builders import grid_network

SIDES: Final = (20, 60)
"""Grids of 400 and 3,600 nodes."""

REPEATS: Final = 3


def main() -> int:
    """Measure both sizes, print beside the last figures of this processor, add to the history."""
    under = conditions()
    file = HISTORY / "travel_times.jsonl"
    before = last_figures(file, under.processor)
    DenseTravelTimes.build(grid_network(3, 3))  # compiles
    figures = [_measured(side) for side in SIDES]
    print(table(figures, before))
    append(file, figures, under)
    print(f"{len(figures)} rows added to {file}", file=sys.stderr)
    return 0


def _measured(side: int) -> Figure:
    network = grid_network(side, side)
    graph = csr_array((network.travel_ms, network.head, network.first_out))
    ours_s: list[float] = []
    theirs_s: list[float] = []
    for _ in range(REPEATS):
        ours_s.append(_cpu_s(lambda: DenseTravelTimes.build(network)))
        theirs_s.append(_cpu_s(lambda: dijkstra(graph)))
    ratio = median(ours / theirs for ours, theirs in zip(ours_s, theirs_s, strict=True))
    name = f"grid_{side}x{side}/dense_build_s"
    return Figure(name, median(ours_s), "s", ratio, "scipy.sparse.csgraph.dijkstra", REPEATS)


def _cpu_s(work: Callable[[], object]) -> float:
    begun = process_time()
    work()
    return process_time() - begun


if __name__ == "__main__":
    sys.exit(main())
