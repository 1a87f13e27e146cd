"""A metric that differs from another in a few arcs, at the price of what they touch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing import _kernels_hierarchy_rows as pruning
from routing import _kernels_hierarchy_update as kernels
from routing.elimination_tree import UpwardGraph
from routing.hierarchy_paths import Scratch, Streets
from routing.row_store import WeighedRows, new_arcs, new_values, store_of
from routing.shortcuts import FAR


class Touched(NamedTuple):
    """Which rows an update has changed so far, and which wait to be looked at.

    Parameters
    ----------
    old_row, row
        int32, shape (n,). Where the values of each rank begin, in the old metric and in the new one.
    ranks
        int32, shape (n,). Ranks with a row of their own.
    counts
        int64, shape (3,). How many those are; end of the values written; end of the room for them.
    heap, is_queued
        int64, shape (n + 1,), and bool, shape (n,), False between updates.
    """

    old_row: npt.NDArray[np.int32]
    row: npt.NDArray[np.int32]
    ranks: npt.NDArray[np.int32]
    counts: npt.NDArray[np.int64]
    heap: npt.NDArray[np.int64]
    is_queued: npt.NDArray[np.bool_]


def updated_rows(
    up: UpwardGraph, streets: Streets, place: npt.NDArray[np.int32], scratch: Scratch, old: WeighedRows
) -> tuple[WeighedRows, WeighedRows]:
    """Rows after the weights of some arcs changed, and the old ones where they lie now.

    Parameters
    ----------
    streets
        With the new weights.
    place
        int32, shape (k,). 2 * slot, plus 1 where an arc leads down, of each changed arc; -1 for a self-loop.
    old
        Rows before the change; they stay valid.

    Notes
    -----
    New rows go to free parts of the store of the old ones. If there is no room, the old rows move to a store
    of their own first, so that the next update of the same metric finds room.
    """
    slot = np.unique(place[place >= 0] >> 1)
    low = np.searchsorted(up.first_up, slot, side="right") - 1
    slots = np.stack((low, slot), axis=1).astype(np.int32)
    found = _appended(up, streets, slots, scratch, old)
    while found is None:
        old = _moved(up, old)
        found = _appended(up, streets, slots, scratch, old)
    return found, old


def _appended(
    up: UpwardGraph, streets: Streets, slots: npt.NDArray[np.int32], scratch: Scratch, old: WeighedRows
) -> WeighedRows | None:
    """The new rows in the old store, None if they do not fit."""
    store = old.store
    with store.lock:
        for room in store.room():
            (values_begin, values_limit), (arcs_begin, arcs_limit) = room
            ranks, heap, is_queued, is_dirty, fresh = scratch.update(len(up.up_head))
            counts = np.array((0, values_begin, values_limit))
            touched = Touched(old.value_row, old.value_row.copy(), ranks, counts, heap, is_queued)
            if not (
                kernels.recustomise(up, streets, store.values, touched, slots, (is_dirty, *fresh), FAR)
                and kernels.reperfect(up, store.values, touched, fresh, FAR)
            ):
                is_queued[:] = False
                is_dirty[:] = False
                continue
            rows = old.rows.copy()
            arcs_end = pruning.rekeep(
                up, store.values, touched, FAR, rows, store.arcs, arcs_begin, arcs_limit
            )
            if arcs_end >= 0:
                touched.row.flags.writeable = False
                span = store.take(room, int(counts[1]), arcs_end)
                return WeighedRows(store, touched.row, rows, (*old.spans, span))
    return None


def _moved(up: UpwardGraph, old: WeighedRows) -> WeighedRows:
    """The same rows in a store of their own."""
    slots = len(up.up_head)
    kept = int((old.rows[:, 1] - old.rows[:, 0]).sum() + (old.rows[:, 3] - old.rows[:, 2]).sum())
    values, arcs, rows = new_values(slots), new_arcs(slots, kept), np.empty_like(old.rows)
    pruning.compact(up.first_up, old.value_row, old.store.values, values)
    pruning.compact_arcs(old.rows, old.store.arcs, rows, arcs)
    return WeighedRows(store_of(values, arcs, slots, kept), up.first_up[:-1], rows)
