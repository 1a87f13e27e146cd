"""A fixed piece of work of this project's kind, measured beside every figure so that machines compare."""

from __future__ import annotations

import heapq
from statistics import median
from time import process_time

_SIDE = 200
_REPEATS = 5


def yardstick_s() -> float:
    """CPU seconds of shortest paths in plain Python: one source on a grid of 200 x 200, median of five runs.

    Nothing of the project is in it and its work never changes, so that a figure divided by it can be set
    beside one of another day, or of another processor of the same kind.
    """
    times = []
    for _ in range(_REPEATS):
        begun = process_time()
        reached = _reach()
        times.append(process_time() - begun)
    if reached != _SIDE * _SIDE:
        raise ArithmeticError(
            f"the yardstick reached {reached} of {_SIDE * _SIDE} nodes: it does not do its work"
        )
    return median(times)


def _reach() -> int:
    best = {0: 0}
    queue = [(0, 0)]
    done = set()
    while queue:
        distance, node = heapq.heappop(queue)
        if node in done:
            continue
        done.add(node)
        x, y = node % _SIDE, node // _SIDE
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            if 0 <= x + dx < _SIDE and 0 <= y + dy < _SIDE:
                other = (y + dy) * _SIDE + x + dx
                longer = distance + 1 + (node * 7 + other * 13) % 10
                if longer < best.get(other, 1 << 60):
                    best[other] = longer
                    heapq.heappush(queue, (longer, other))
    return len(done)
