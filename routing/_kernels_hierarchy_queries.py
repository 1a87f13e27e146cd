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
    parent: Array,
    rows: Array,
    arcs: Array,
    source: int,
    target: int,
    far: int,
    from_source: Array,
    to_target: Array,
) -> int:
    """Shortest distance, or `far`: the elimination-tree query of Buchhold, Sanders and Wagner (2019).

    parent, rows, arcs: a `SearchRows`, flat because a call unpacks that sooner. from_source, to_target:
    labels. Both ends climb, the lower one first, until they meet; then together. A node that cannot better
    the best way found is not relaxed.
    """
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
def pairwise(
    graph: SearchRows, pairs: Array, far: int, unreachable: int, labels: tuple[Array, Array], answer: Array
) -> None:
    """Shortest distance of each pair, one query a pair.

    pairs: int32 (k, 2), source and target. answer: int32 (k,), overwritten, `unreachable` where there is no
    way.
    """
    parent, rows, arcs = graph
    for i in range(pairs.shape[0]):
        found = distance(parent, rows, arcs, pairs[i, 0], pairs[i, 1], far, labels[0], labels[1])
        answer[i] = found if found < far else unreachable


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
def hand_over(table: Array, own: Array, row: int, weight: int) -> None:
    """Better another row of a table by this one and an arc between them, every lane at once."""
    above = table[row]
    for lane in range(own.shape[0]):
        above[lane] = min(above[lane], np.int32(own[lane] + weight))


@inlined
def gather_climbs(
    parent: Array, starts: Array, far: int, local: Array, scratch: tuple[Array, Array, Array, Array]
) -> int:
    """Clear the rows of all ancestors of some starts; returns how many ancestors are not chosen.

    Those are listed in `climbed` so that read backwards each comes before its ancestors: every run from a
    start to the first rank already met is turned round. They get rows behind the chosen ones, and keep them
    in `extra`. scratch: as in `matrix_by_sweeps`.
    """
    extra, climbed, is_set, table = scratch
    count = 0
    for start in starts:
        x = start
        run = count
        while x >= 0 and local[x] < 0 and extra[x] == far:
            climbed[count] = x
            count += 1
            x = parent[x]
        for i in range(run, count):
            extra[climbed[i]] = is_set.shape[0] + i
            table[is_set.shape[0] + i, :] = far
        climbed[run:count] = climbed[run:count][::-1].copy()
        while x >= 0 and local[x] >= 0 and not is_set[local[x]]:
            is_set[local[x]] = True
            table[local[x], :] = far
            x = parent[x]
    return count


@inlined
def sweep_up(
    graph: SearchRows,
    side: int,
    starts: Array,
    far: int,
    restricted: tuple[Array, Array, Array],
    scratch: tuple[Array, Array, Array, Array],
) -> None:
    """Distances from some starts to all their ancestors, one lane a start; other chosen rows stay unset.

    restricted: local (n,), and first and kept of the rows that lead up, as `matrix_by_sweeps` has them.
    """
    parent, rows, arcs = graph
    local, first, kept = restricted
    extra, climbed, is_set, table = scratch
    count = gather_climbs(parent, starts, far, local, scratch)
    for lane in range(starts.shape[0]):
        x = starts[lane]
        table[local[x] if local[x] >= 0 else extra[x], lane] = 0
    for i in range(count - 1, -1, -1):
        x = climbed[i]
        own = table[extra[x]]
        for at in range(rows[x, side], rows[x, side + 1]):
            y = arcs[at, 0]
            hand_over(table, own, local[y] if local[y] >= 0 else extra[y], arcs[at, 1])
    for i in range(is_set.shape[0] - 1, -1, -1):
        if is_set[i]:
            for at in range(first[i], first[i + 1]):
                hand_over(table, table[i], kept[at, 0], kept[at, 1])
    for i in range(count):
        extra[climbed[i]] = far


@inlined
def take_over(table: Array, arcs: Array, begin: int, end: int, own: Array) -> None:
    """Better one row of a table by the rows its arcs lead to, every lane at once, two arcs at a time.

    The lane count is known at run time only: as a constant the loop would be unrolled before it is
    vectorised, and was three times slower.
    """
    lanes = own.shape[0]
    at = begin
    if (end - begin) & 1:
        above = table[arcs[at, 0]]
        weight = arcs[at, 1]
        for lane in range(lanes):
            own[lane] = min(own[lane], np.int32(above[lane] + weight))
        at += 1
    while at < end:
        one = table[arcs[at, 0]]
        weight = arcs[at, 1]
        other = table[arcs[at + 1, 0]]
        other_weight = arcs[at + 1, 1]
        for lane in range(lanes):
            through = min(np.int32(one[lane] + weight), np.int32(other[lane] + other_weight))
            own[lane] = min(own[lane], through)
        at += 2


@inlined
def write_answers(
    table: Array, pins: Array, places: Array, far: int, unreachable: int, answer: Array
) -> None:
    """Turn lanes of a table into rows of the answer, one column a pin, a few columns at a time.

    pins: int32 (t,), table rows. places: int (lanes used,), answer row of each lane. Unsigned indices cannot
    count from the end, which is not asked then: 0.7 ns an entry instead of 1.0.
    """
    for block in range(0, pins.shape[0], 16):
        end = min(block + 16, pins.shape[0])
        for lane in range(places.shape[0]):
            row = answer[places[lane]]
            for j in range(block, end):
                found = table[np.uint64(pins[j]), np.uint64(lane)]
                row[np.uint64(j)] = found if found < far else unreachable


@kernel
def matrix_by_sweeps(
    graph: SearchRows,
    side: int,
    starts: tuple[Array, Array],
    restricted: tuple[Array, Array, Array, Array, Array, Array],
    far: int,
    unreachable: int,
    scratch: tuple[Array, Array, Array, Array],
    answer: Array,
) -> None:
    """Distances between all starts and all pinned places by restricted sweeps.

    RPHAST (Delling, Goldberg and Werneck 2011), upwards too, for many starts at once.

    side: 0 from starts to pinned places, 2 from pinned places to starts. starts: ranks int32 (s,), rising so
    that neighbours share ancestors, and the answer row int64 (s,) of each. restricted: local (n,); first
    (chosen + 1,) and kept (arcs, 2) of the rows that lead up, then of those that lead down; pins (t,) as
    table rows. scratch: extra int32 (n,), `far` everywhere between calls; climbed int32 (lent,); is_set bool
    (chosen,), False between calls; table int32 (chosen + lent, lanes). answer: int32 (s, t), overwritten,
    `unreachable` where there is no way.
    """
    local, up_first, up_kept, first, kept, pins = restricted
    ranks, places = starts
    _, _, is_set, table = scratch
    for begin in range(0, ranks.shape[0], table.shape[1]):
        end = min(begin + table.shape[1], ranks.shape[0])
        sweep_up(graph, side, ranks[begin:end], far, (local, up_first, up_kept), scratch)
        for i in range(is_set.shape[0]):
            own = table[i]
            if not is_set[i]:
                own[:] = far
            is_set[i] = False
            take_over(table, kept, first[i], first[i + 1], own)
        write_answers(table, pins, places[begin:end], far, unreachable, answer)


@kernel
def sweep_everywhere(
    graph: SearchRows,
    side: int,
    starts: tuple[Array, Array],
    rank: Array,
    far: int,
    unreachable: int,
    scratch: tuple[Array, Array],
    answer: Array,
) -> None:
    """Distances between all starts and all nodes: one sweep over the whole hierarchy for a table's width.

    side and starts: as in `matrix_by_sweeps`. rank: int32 (n,), of each node. scratch: a label, and the table
    int32 (n, lanes), one row a rank. answer: int32 (s, n), overwritten, by node.
    """
    parent, rows, arcs = graph
    ranks, places = starts
    label, table = scratch
    for begin in range(0, ranks.shape[0], table.shape[1]):
        end = min(begin + table.shape[1], ranks.shape[0])
        table[:] = far
        for lane in range(end - begin):
            x = ranks[begin + lane]
            label[x] = 0
            while x >= 0:
                relax_up(rows, arcs, x, side, label)
                table[x, lane] = label[x]
                label[x] = far
                x = parent[x]
        for x in range(rows.shape[0] - 1, -1, -1):
            take_over(table, arcs, rows[x, 2 - side], rows[x, 3 - side], table[x])
        write_answers(table, rank, places[begin:end], far, unreachable, answer)


@kernel
def one_to_all(
    graph: SearchRows,
    side: int,
    start: int,
    order: Array,
    far: int,
    unreachable: int,
    scratch: Array,
    answer: Array,
) -> None:
    """Distances between one start and all nodes. scratch: int32 (n,). answer: int32 (n,), by node."""
    parent, rows, arcs = graph
    scratch[:] = far
    scratch[start] = 0
    x = start
    while x >= 0:
        relax_up(rows, arcs, x, side, scratch)
        x = parent[x]
    for x in range(rows.shape[0] - 1, -1, -1):
        best = scratch[x]
        for at in range(rows[x, 2 - side], rows[x, 3 - side]):
            best = min(best, np.int32(scratch[arcs[at, 0]] + arcs[at, 1]))
        scratch[x] = best
        answer[order[x]] = best if best < far else unreachable
