"""Kernels that ask a weighted hierarchy: one pair, one path, restricted sweeps with many places side by side.

Nodes are ranks; `graph` is a `SearchRows`. `far` stands for no way, and no distance exceeds it. A label is
int32 (n,), `far` everywhere between calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from routing._jit import inlined, kernel

if TYPE_CHECKING:
    from routing.shortcuts import SearchRows

Array = npt.NDArray[Any]


@inlined
def relax_up(rows: Array, arcs: Array, x: int, side: int, label: Array) -> None:
    """Carry the label of x to the higher ends of its upward (side 0) or downward (side 2) row."""
    reached = label[x]
    for at in range(rows[x, side], rows[x, side + 1]):
        through = reached + arcs[at, 1]
        if through < label[arcs[at, 0]]:
            label[arcs[at, 0]] = through


@inlined
def clear_up(rows: Array, arcs: Array, parent: Array, x: int, side: int, far: int, label: Array) -> None:
    """Take back every label that a climb from x may have set."""
    while x >= 0:
        for at in range(rows[x, side], rows[x, side + 1]):
            label[arcs[at, 0]] = far
        label[x] = far
        x = parent[x]


@kernel
def distance(
    graph: SearchRows, source: int, target: int, far: int, from_source: Array, to_target: Array
) -> int:
    """Shortest distance, or `far`: the elimination-tree query of Buchhold, Sanders and Wagner (2019).

    from_source, to_target: labels. Both ends climb, the lower one first, until they meet; then together. A
    node that cannot better the best way found is not relaxed.
    """
    parent, rows, arcs = graph
    x, y = source, target
    from_source[x] = 0
    to_target[y] = 0
    while x != y:
        if x < y:
            relax_up(rows, arcs, x, 0, from_source)
            from_source[x] = far
            x = parent[x]
            if x < 0:
                clear_up(rows, arcs, parent, y, 2, far, to_target)
                return far
        else:
            relax_up(rows, arcs, y, 2, to_target)
            to_target[y] = far
            y = parent[y]
            if y < 0:
                clear_up(rows, arcs, parent, x, 0, far, from_source)
                return far
    best = far
    while x >= 0:
        best = min(best, from_source[x] + to_target[x])
        if from_source[x] < best:
            relax_up(rows, arcs, x, 0, from_source)
        if to_target[x] < best:
            relax_up(rows, arcs, x, 2, to_target)
        from_source[x] = far
        to_target[x] = far
        x = parent[x]
    return best


@kernel
def select_ancestors(parent: Array, places: Array, local: Array, chosen: Array) -> int:
    """All ancestors of some places, highest first; returns their number.

    places: int32 (k,). local: int32 (n,), overwritten: index of each rank among the chosen, -1 for the
    others. chosen: int32 (n,), its beginning overwritten with ranks, falling.
    """
    local[:] = -1
    for place in places:
        x = place
        while x >= 0 and local[x] < 0:
            local[x] = 0
            x = parent[x]
    count = 0
    for x in range(parent.shape[0] - 1, -1, -1):
        if local[x] >= 0:
            local[x] = count
            chosen[count] = x
            count += 1
    return count


@kernel
def restrict_rows(
    graph: SearchRows, side: int, local: Array, chosen: Array, first: Array, kept: Array
) -> int:
    """Rows of the chosen ranks over local indices, in their order; returns the number of arcs.

    side: 0 upward rows, 2 downward rows. first: int32 (chosen + 1,), overwritten. kept: int32 (arcs, 2),
    overwritten, or shape (0, 2) to count only.
    """
    _, rows, arcs = graph
    count = 0
    is_counting = kept.shape[0] == 0
    for i in range(chosen.shape[0]):
        first[i] = count
        for at in range(rows[chosen[i], side], rows[chosen[i], side + 1]):
            if not is_counting:
                kept[count, 0] = local[arcs[at, 0]]
                kept[count, 1] = arcs[at, 1]
            count += 1
    first[chosen.shape[0]] = count
    return count


@inlined
def climb_into(
    graph: SearchRows, start: int, side: int, far: int, local: Array, label: Array, lane: int, table: Array
) -> None:
    """Climb from one place and write the labels of chosen ranks into column `lane` of the table."""
    parent, rows, arcs = graph
    label[start] = 0
    x = start
    while x >= 0:
        if label[x] < far:
            relax_up(rows, arcs, x, side, label)
            if local[x] >= 0:
                table[local[x], lane] = label[x]
            label[x] = far
        x = parent[x]


@inlined
def sweep_down(first: Array, kept: Array, table: Array) -> None:
    """Distances of all chosen ranks from those above them, every lane at once.

    The lane count is the width of the table, known at run time: as a constant the loop would be unrolled
    before it is vectorised, and was three times slower.
    """
    lanes = table.shape[1]
    for i in range(first.shape[0] - 1):
        own = table[i]
        for at in range(first[i], first[i + 1]):
            above = table[kept[at, 0]]
            weight = kept[at, 1]
            for lane in range(lanes):
                own[lane] = min(own[lane], np.int32(above[lane] + weight))


@kernel
def matrix_by_sweeps(
    graph: SearchRows,
    side: int,
    starts: Array,
    restricted: tuple[Array, Array, Array, Array],
    far: int,
    unreachable: int,
    scratch: tuple[Array, Array],
    answer: Array,
) -> None:
    """Distances between all starts and all pinned places by restricted sweeps (Delling, Goldberg, Werneck
    2011).

    side: 0 from starts to pinned places, 2 from pinned places to starts. starts: int32 (s,). restricted:
    local (n,), first (chosen + 1,), kept (arcs, 2), pins (t,) as local indices. scratch: a label, and the
    table int32 (chosen, lanes). answer: int32 (s, t), overwritten, `unreachable` where there is no way.
    """
    local, first, kept, pins = restricted
    label, table = scratch
    lanes = table.shape[1]
    for begin in range(0, starts.shape[0], lanes):
        used = min(lanes, starts.shape[0] - begin)
        table[:] = far
        for lane in range(used):
            climb_into(graph, starts[begin + lane], side, far, local, label, lane, table)
        sweep_down(first, kept, table)
        for block in range(0, pins.shape[0], 16):
            block_end = min(block + 16, pins.shape[0])
            for lane in range(used):
                for j in range(block, block_end):
                    found = table[pins[j], lane]
                    answer[begin + lane, j] = found if found < far else unreachable
