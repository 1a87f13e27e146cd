"""The weighted half of a hierarchy: rows of shortcuts in stores that several metrics share.

A row is written once and never changed. A metric that differs from another in a few rows appends its own and
points to them; all other rows stay shared.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from routing.quantities import UNREACHABLE

FAR: Final = UNREACHABLE - 1
"""No way, inside the hierarchy: two of them still fit an int32."""

_SPARE_VALUES: Final = 8
_SPARE_ARCS: Final = 32
"""A new store has room for one more value, or arc, for this many of its own: a hundred changed arcs of New
York touch 2 % to 6 % of the values and 1 % of the arcs."""


class ShortcutValues(NamedTuple):
    """Weights of slots, as kernels take them; int32, shape (slots,) or longer, `FAR` where there is no way.

    Parameters
    ----------
    forward, backward
        Upwards and downwards over lower nodes alone (basic customisation).
    exact_forward, exact_backward
        Over all nodes: the distances between the ends (perfect customisation).
    """

    forward: npt.NDArray[np.int32]
    backward: npt.NDArray[np.int32]
    exact_forward: npt.NDArray[np.int32]
    exact_backward: npt.NDArray[np.int32]


class SearchRows(NamedTuple):
    """What a query sees of a metric.

    Parameters
    ----------
    parent
        int32, shape (n,). The elimination tree.
    rows
        int32, shape (n, 4). First and end of the upward row of each rank in `arcs`, and of its downward row.
    arcs
        int32, shape (kept or more, 2). Higher end and weight of each slot that lies on shortest ways.
    """

    parent: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]
    arcs: npt.NDArray[np.int32]


@dataclass(slots=True)
class RowStore:
    """Rows of several metrics, one after the other, and how far they fill their arrays.

    Parameters
    ----------
    values
        Slots by row; `values_used` of them hold something.
    arcs
        int32, shape (capacity, 2), by row; `arcs_used` of them hold something.
    lock
        Held while rows are appended.
    """

    values: ShortcutValues
    arcs: npt.NDArray[np.int32]
    values_used: int
    arcs_used: int
    lock: threading.Lock


class WeighedRows(NamedTuple):
    """The rows of one metric: the store they lie in, where the values of each rank begin, and the bounds of
    its pruned rows.

    Parameters
    ----------
    store
        Shared with other metrics.
    value_row
        int32, shape (n,).
    rows
        int32, shape (n, 4), as in `SearchRows`.
    """

    store: RowStore
    value_row: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]


def new_values(used: int, spare: int | None = None) -> ShortcutValues:
    """Room for `used` slots and some more; what is not written stays unmapped by the system."""
    capacity = used + (used // _SPARE_VALUES if spare is None else spare)
    return ShortcutValues(*(np.empty(capacity, np.int32) for _ in range(4)))


def new_arcs(used: int, spare: int | None = None) -> npt.NDArray[np.int32]:
    """Room for `used` arcs and some more."""
    return np.empty((used + (used // _SPARE_ARCS if spare is None else spare), 2), np.int32)
