"""What a journal says of changing roads: which stretch was closed or slower, from when until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from maas.dispatch import codec
from maas.store.journal import Journal
from routing.road_book import RoadBook, RoadChange
from routing.road_closures import RoadClosure, closed_arcs

_PER_MILLE = 1000
_DEGREE_E6 = 1_000_000


class ToldChange(NamedTuple):
    """A change of the roads as it became known; the same number again replaces what was said under it."""

    told_s: int
    number: int
    change: RoadChange


@dataclass(frozen=True, eq=False, slots=True)
class Stretch:
    """A stretch of road that is closed (or slower) for a while.

    Parameters
    ----------
    from_s, until_s
        When it holds and is known; the end is the first second at which it does not.
    is_closed
        Whether nobody may drive there; otherwise it takes longer.
    arcs
        int64, shape (k,). One of the two directions of each piece of road.
    """

    from_s: int
    until_s: int
    is_closed: bool
    arcs: npt.NDArray[np.int64]


def told_changes(journal: Journal) -> list[ToldChange]:
    """In the order in which they became known."""
    told = journal.columns(codec.ROADS_CHANGED)
    names = [name for name in told if name not in ("seq", "at", "row", "change")]
    return [
        ToldChange(int(at), int(number), RoadChange(**{name: int(told[name][row]) for name in names}))
        for row, (at, number) in enumerate(zip(told["at"], told["change"], strict=True))
    ]


def stretches(journal: Journal, book: RoadBook) -> list[Stretch]:
    """Every stretch that was closed or slower, in the order in which it became known.

    Raises
    ------
    NoSuchRoadError, SnapError, ClosureError
        When a change means nothing on these roads.
    """
    changes = told_changes(journal)
    found: list[Stretch] = []
    for place, (told_s, number, change) in enumerate(changes):
        replaced = [later.told_s for later in changes[place + 1 :] if later.number == number]
        from_s, until_s = max(told_s, change.begin_s), min([change.end_s, *replaced])
        if from_s < until_s:
            arcs = _one_way_each(book, closed_arcs(book.network, _closure(change, book)))
            found.append(Stretch(from_s, until_s, change.factor_pm == 0, arcs))
    return found


def _closure(change: RoadChange, book: RoadBook) -> RoadClosure:
    first = change.first_lat_e6 / _DEGREE_E6, change.first_lon_e6 / _DEGREE_E6
    last = change.last_lat_e6 / _DEGREE_E6, change.last_lon_e6 / _DEGREE_E6
    name = book.reference_name(change.reference)
    slower = change.factor_pm / _PER_MILLE if change.factor_pm else None
    return RoadClosure(name, change.begin_s, change.end_s, (first, last), slow_factor=slower)


def _one_way_each(book: RoadBook, arcs: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    ends = np.sort(np.column_stack((book.network.tail[arcs], book.network.head[arcs])), axis=1)
    first = np.unique(ends, axis=0, return_index=True)[1]
    return np.sort(arcs[first]).astype(np.int64)
