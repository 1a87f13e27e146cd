"""Kernels that prune the rows of an updated metric, and move the rows of a metric to another store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from routing._jit import inlined, kernel

if TYPE_CHECKING:
    from routing.elimination_tree import UpwardGraph
    from routing.metric_update import Touched
    from routing.shortcuts import ShortcutValues

Array = npt.NDArray[Any]


@inlined
def append_kept(
    heads: Array, weight: Array, exact: Array, far: int, first: int, last: int, arcs: Array, used: int
) -> tuple[int, int]:
    """Bounds of one pruned row: `first` and `last` as before if it is the same, else of a row appended at
    `used`."""
    at = used
    for i in range(heads.shape[0]):
        if weight[i] < far and exact[i] >= weight[i]:
            arcs[at, 0] = heads[i]
            arcs[at, 1] = weight[i]
            at += 1
    if at - used == last - first:
        is_same = True
        for i in range(at - used):
            if arcs[used + i, 0] != arcs[first + i, 0] or arcs[used + i, 1] != arcs[first + i, 1]:
                is_same = False
                break
        if is_same:
            return first, last
    return used, at


@kernel
def rekeep(
    up: UpwardGraph,
    values: ShortcutValues,
    touched: Touched,
    far: int,
    rows: Array,
    arcs: Array,
    used: int,
    limit: int,
) -> int:
    """Prune the touched rows again; returns the end of what was written, -1 if there is no room.

    rows: int32 (n, 4), the bounds of the old metric, changed where a row is. arcs: int32 (capacity, 2), free
    from `used` up to `limit`.
    """
    for i in range(touched.counts[0]):
        x = touched.ranks[i]
        start, end = up.first_up[x], up.first_up[x + 1]
        if used + 2 * (end - start) > limit:
            return -1
        at, past = touched.row[x], touched.row[x] + end - start
        heads = up.up_head[start:end]
        first, last = append_kept(
            heads,
            values.forward[at:past],
            values.exact_forward[at:past],
            far,
            rows[x, 0],
            rows[x, 1],
            arcs,
            used,
        )
        rows[x, 0], rows[x, 1] = first, last
        used = last if first == used else used
        first, last = append_kept(
            heads,
            values.backward[at:past],
            values.exact_backward[at:past],
            far,
            rows[x, 2],
            rows[x, 3],
            arcs,
            used,
        )
        rows[x, 2], rows[x, 3] = first, last
        used = last if first == used else used
    return used


@kernel
def compact(first_up: Array, row: Array, values: ShortcutValues, packed: ShortcutValues) -> None:
    """Copy the rows of one metric into a store of its own, rank by rank."""
    for x in range(row.shape[0]):
        at, size = row[x], first_up[x + 1] - first_up[x]
        for i in range(size):
            packed.forward[first_up[x] + i] = values.forward[at + i]
            packed.backward[first_up[x] + i] = values.backward[at + i]
            packed.exact_forward[first_up[x] + i] = values.exact_forward[at + i]
            packed.exact_backward[first_up[x] + i] = values.exact_backward[at + i]


@kernel
def compact_arcs(rows: Array, arcs: Array, packed_rows: Array, packed: Array) -> int:
    """Copy the pruned rows of one metric, all upward ones first; returns how many arcs there are."""
    used = 0
    for side in range(0, 4, 2):
        for x in range(rows.shape[0]):
            packed_rows[x, side] = used
            for at in range(rows[x, side], rows[x, side + 1]):
                packed[used, 0] = arcs[at, 0]
                packed[used, 1] = arcs[at, 1]
                used += 1
            packed_rows[x, side + 1] = used
    return used
