"""Where the rows of several metrics lie, and which parts of it are free.

A row is written once and never changed. A metric that differs from another in a few rows appends its own and
points to them; all other rows stay shared. What it appended is free again when nobody holds it any more.
"""

from __future__ import annotations

import threading
from bisect import insort
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from routing.shortcuts import ShortcutValues

Part: TypeAlias = tuple[int, int]
"""Begin and end."""

_SPARE_VALUES: Final = 3
_SPARE_ARCS: Final = 2
"""Room in a store beside its first metric, for each slot: the largest update fits, or some 70 of a hundred
random arcs of New York, which take 3 % to 5 % of the values and 1 % of the arcs. The system maps only what is
written."""

_LEAST_SPARE: Final = 1 << 14


class Span:
    """Rows of one update; free again when the last metric that uses them is gone."""

    __slots__ = ("_arcs", "_returned", "_values")

    def __init__(self, values: Part, arcs: Part, returned: deque[tuple[Part, Part]]) -> None:
        self._values = values
        self._arcs = arcs
        self._returned = returned

    def __del__(self) -> None:
        # May run in any thread, even inside `RowStore.room`: appending to a deque needs no lock.
        self._returned.append((self._values, self._arcs))


@dataclass(slots=True)
class RowStore:
    """Rows of several metrics.

    Parameters
    ----------
    values
        Slots by row.
    arcs
        int32, shape (capacity, 2), by row.
    free_values, free_arcs
        Parts that hold nothing, rising.
    lock
        Held while rows are appended.
    """

    values: ShortcutValues
    arcs: npt.NDArray[np.int32]
    free_values: list[Part]
    free_arcs: list[Part]
    lock: threading.Lock = field(default_factory=threading.Lock)
    _returned: deque[tuple[Part, Part]] = field(default_factory=deque)
    _need: Part = (0, 0)

    def room(self) -> list[tuple[Part, Part]]:
        """Free parts to try one after the other: the first that the largest update so far would fit, then
        the largest. Hold the lock."""
        while self._returned:
            values, arcs = self._returned.popleft()
            _give_back(self.free_values, values)
            _give_back(self.free_arcs, arcs)
        ample = _first_of(self.free_values, self._need[0]), _first_of(self.free_arcs, self._need[1])
        most = _largest(self.free_values), _largest(self.free_arcs)
        return [ample, most] if ample != most else [most]

    def take(self, room: tuple[Part, Part], values_end: int, arcs_end: int) -> Span:
        """Keep what was written from the begin of two parts; the rest of them stays free. Hold the lock."""
        values_begin, arcs_begin = room[0][0], room[1][0]
        self._need = (
            max(self._need[0], values_end - values_begin),
            max(self._need[1], arcs_end - arcs_begin),
        )
        for free, part, end in ((self.free_values, room[0], values_end), (self.free_arcs, room[1], arcs_end)):
            if end > part[0]:
                free.remove(part)
                _give_back(free, (end, part[1]))
        return Span((values_begin, values_end), (arcs_begin, arcs_end), self._returned)


class WeighedRows(NamedTuple):
    """The rows of one metric.

    Parameters
    ----------
    store
        Shared with other metrics.
    value_row
        int32, shape (n,). Where the values of each rank begin.
    rows
        int32, shape (n, 4), as in `SearchRows`.
    spans
        Which parts of the store they lie in, beside its first metric; whoever asks the rows holds these.
    """

    store: RowStore
    value_row: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]
    spans: tuple[Span, ...] = ()


def store_of(values: ShortcutValues, arcs: npt.NDArray[np.int32], slots: int, kept: int) -> RowStore:
    """A store in which the first metric has been written: so many slots and arcs."""
    return RowStore(values, arcs, [(slots, len(values.forward))], [(kept, len(arcs))])


def new_values(slots: int) -> ShortcutValues:
    """Room for one metric, and for what others change."""
    capacity = slots + max(_SPARE_VALUES * slots, _LEAST_SPARE)
    return ShortcutValues(*(np.empty(capacity, np.int32) for _ in range(4)))


def new_arcs(slots: int, kept: int) -> npt.NDArray[np.int32]:
    """Room for the arcs of one metric, and for those that others change."""
    return np.empty((kept + max(_SPARE_ARCS * slots, _LEAST_SPARE), 2), np.int32)


def _give_back(free: list[Part], part: Part) -> None:
    """Add a part to the free ones, joined with its neighbours."""
    begin, end = part
    if begin == end:
        return
    for other in [other for other in free if other[1] == begin or other[0] == end]:
        free.remove(other)
        begin, end = min(begin, other[0]), max(end, other[1])
    insort(free, (begin, end))


def _first_of(free: Sequence[Part], size: int) -> Part:
    return next((part for part in free if part[1] - part[0] >= size), _largest(free))


def _largest(free: Sequence[Part]) -> Part:
    return max(free, key=lambda part: part[1] - part[0], default=(0, 0))
