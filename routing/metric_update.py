"""A metric that differs from another in a few arcs, at the price of what they touch."""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing import _kernels_hierarchy_update as kernels
from routing.elimination_tree import UpwardGraph
from routing.hierarchy_paths import Streets
from routing.shortcuts import FAR, RowStore, WeighedRows, new_arcs, new_values


class Touched(NamedTuple):
    """Which rows an update has changed so far, and which wait to be looked at.

    Parameters
    ----------
    old_row, row
        int32, shape (n,). Where the values of each rank begin, in the old metric and in the new one.
    ranks, changed_count
        int32, shape (n,), and int64, shape (1,). Ranks with a row of their own.
    heap, is_queued
        int64, shape (n + 1,), and bool, shape (n,).
    """

    old_row: npt.NDArray[np.int32]
    row: npt.NDArray[np.int32]
    ranks: npt.NDArray[np.int32]
    changed_count: npt.NDArray[np.int64]
    heap: npt.NDArray[np.int64]
    is_queued: npt.NDArray[np.bool_]


def updated_rows(
    up: UpwardGraph, streets: Streets, place: npt.NDArray[np.int32], height: int, old: WeighedRows
) -> WeighedRows:
    """Rows after the weights of some arcs changed.

    Parameters
    ----------
    streets
        With the new weights.
    place
        int32, shape (k,). 2 * slot, plus 1 where an arc leads down, of each changed arc; -1 for a self-loop.
    height
        Most slots of a row.
    old
        Rows before the change; they stay valid.

    Notes
    -----
    New rows are appended to the store of the old ones. A full store is copied without the rows of other
    metrics, with room to spare; the old metric keeps the old store.
    """
    slot = np.unique(place[place >= 0] >> 1)
    low = np.searchsorted(up.first_up, slot, side="right") - 1
    slots = np.stack((low, slot), axis=1).astype(np.int32)
    spare = 1 + len(up.up_head) // 4
    while True:
        with old.store.lock:
            found = _appended(up, streets, slots, height, old)
        if found is not None:
            return found
        old = _moved(up, old, spare)
        spare *= 2


def _appended(
    up: UpwardGraph, streets: Streets, slots: npt.NDArray[np.int32], height: int, old: WeighedRows
) -> WeighedRows | None:
    """The new rows in the old store, None if they do not fit."""
    n, store = len(up.parent), old.store
    touched = Touched(
        old.value_row,
        old.value_row.copy(),
        np.empty(n, np.int32),
        np.zeros(1, np.int64),
        np.empty(n + 1, np.int64),
        np.zeros(n, np.bool_),
    )
    values, used = store.values, store.values_used
    fresh = np.empty(height, np.int32), np.empty(height, np.int32)
    scratch = np.zeros(len(up.up_head), np.bool_), *fresh
    used = kernels.recustomise(up, streets, values, touched, slots, scratch, FAR, used)
    if used >= 0:
        used = kernels.reperfect(up, values, touched, fresh, FAR, used)
    if used < 0:
        return None
    rows = old.rows.copy()
    arcs_used = kernels.rekeep(up, values, touched, FAR, rows, store.arcs, store.arcs_used)
    if arcs_used < 0:
        return None
    store.values_used, store.arcs_used = used, arcs_used
    touched.row.flags.writeable = False
    return WeighedRows(store, touched.row, rows)


def _moved(up: UpwardGraph, old: WeighedRows, spare: int) -> WeighedRows:
    """The same rows in a store of their own with room for `spare` more slots."""
    slots = len(up.up_head)
    kept = int((old.rows[:, 1] - old.rows[:, 0]).sum() + (old.rows[:, 3] - old.rows[:, 2]).sum())
    values, arcs, rows = new_values(slots, spare), new_arcs(kept, 2 * spare), np.empty_like(old.rows)
    kernels.compact(up.first_up, old.value_row, old.store.values, values)
    kernels.compact_arcs(old.rows, old.store.arcs, rows, arcs)
    return WeighedRows(RowStore(values, arcs, slots, kept, threading.Lock()), up.first_up[:-1], rows)
