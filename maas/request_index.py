"""Requests of a journal by their position: in which row of a table a request stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maas.dispatch import codec
from maas.domain.errors import JournalError
from maas.store.journal import Journal

Int64s = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class RequestIndex:
    """Position of each request, in the order in which they were asked.

    Parameters
    ----------
    number
        int64, shape (n,). Request of each position.
    rising, order
        int64, shape (n,). The numbers sorted, and the position of each.
    """

    number: Int64s
    rising: Int64s
    order: NDArray[np.intp]

    @classmethod
    def of(cls, journal: Journal) -> RequestIndex:
        """Index of a journal.

        Raises
        ------
        JournalError
            When a request was asked twice.
        """
        asked = journal.columns(codec.TRIP_REQUESTED)
        number = asked["request"]
        order = np.argsort(number, kind="stable")
        rising = number[order]
        for again in np.flatnonzero(rising[1:] == rising[:-1])[:1]:
            seq = asked["seq"][order[again + 1]]
            raise JournalError(
                f"record {seq}: request {rising[again]} is asked twice; a number serves one request"
            )
        return cls(number, rising, order)

    def __len__(self) -> int:
        return len(self.number)

    def positions(self, columns: dict[str, Int64s]) -> NDArray[np.intp]:
        """Position of the request of each row of `Journal.columns`.

        Raises
        ------
        JournalError
            When a row names a request that nobody asked.
        """
        wanted = columns["request"]
        if not len(self.rising):
            found = np.zeros(len(wanted), np.intp)
            is_known = np.zeros(len(wanted), np.bool_)
        else:
            found = np.minimum(np.searchsorted(self.rising, wanted), len(self.rising) - 1)
            is_known = self.rising[found] == wanted
        for bad in np.flatnonzero(~is_known)[:1]:
            raise JournalError(
                f"record {columns['seq'][bad]} names request {wanted[bad]}, which nobody has asked before;"
                " give a complete journal"
            )
        return self.order[found] if len(self.rising) else found
