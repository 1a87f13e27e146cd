"""Records of a journal as flat integer arrays: what files, hash chain and figures work on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from maas.dispatch.codec import COLUMNS, FIRST_EVENT, NAME_OF, PLACE_COLUMNS, Row
from maas.domain.errors import JournalError

Record = tuple[int, Row, tuple[Row, ...]]
"""(second, command row, event rows), as the dispatcher appends it."""

Int64s = NDArray[np.int64]

WIDTH: Int64s = np.zeros(256, np.int64)
"""Integers in a row of each kind, its kind included; 0 = no such kind."""
for _kind, _names in COLUMNS.items():
    WIDTH[_kind] = 1 + len(_names)
WIDTH.setflags(write=False)


@dataclass(frozen=True, eq=False, slots=True)
class RecordTable:
    """Records in order; record `i` has the number (`seq`) `i + 1`.

    Parameters
    ----------
    at
        int64, shape (n,). Second of the service day of each record.
    first_row
        int64, shape (n + 1,). Rows of record i are `first_row[i]` to `first_row[i + 1]`: its command, then
        its events.
    kind
        int64, shape (r,). Code of each row.
    first_value
        int64, shape (r + 1,). Where each row begins in `values`.
    values
        int64, shape (v,). All rows behind one another, each with its kind in front.
    """

    at: Int64s
    first_row: Int64s
    kind: Int64s
    first_value: Int64s
    values: Int64s

    def __len__(self) -> int:
        return len(self.at)

    def records(self) -> Iterator[tuple[int, int, Row, tuple[Row, ...]]]:
        """(seq, at, command row, event rows) of each record."""
        values = self.values.tolist()
        bounds = self.first_value.tolist()
        rows = [tuple(values[a:b]) for a, b in pairwise(bounds)]
        first = self.first_row.tolist()
        for index, at in enumerate(self.at.tolist()):
            a, b = first[index], first[index + 1]
            yield index + 1, at, rows[a], tuple(rows[a + 1 : b])

    def seq_of_rows(self) -> Int64s:
        """Record number of each row, int64, shape (r,)."""
        return np.repeat(np.arange(1, len(self) + 1), np.diff(self.first_row))

    def column(self, rows: NDArray[np.intp], offset: int) -> Int64s:
        """Column number `offset` (0 = first after the kind) of rows of one kind."""
        return self.values[self.first_value[rows] + 1 + offset]

    def with_places(self, translation: Int64s, keys: Int64s | None = None) -> RecordTable:
        """The same records with every place translated.

        Parameters
        ----------
        translation
            int64, shape (p,). What a place becomes.
        keys
            int64, shape (p,), rising: the present name of each place; None = its position.

        Raises
        ------
        JournalError
            When a place has no translation.
        """
        values = self.values.copy()
        for kind, offsets in PLACE_COLUMNS.items():
            rows = np.flatnonzero(self.kind == kind) if offsets else np.empty(0, np.intp)
            if not len(rows):
                continue
            first = self.first_value[rows]
            for offset in offsets:
                place = values[first + 1 + offset]
                index = place if keys is None else np.searchsorted(keys, place)
                known = (index >= 0) & (index < len(translation))
                if keys is not None:
                    known &= keys[np.minimum(index, len(keys) - 1)] == place if len(keys) else False
                for bad in np.flatnonzero(~known)[:1]:
                    seq = int(np.searchsorted(self.first_row, rows[bad], "right"))
                    raise JournalError(
                        f"record {seq}: {COLUMNS[kind][offset]} of {NAME_OF[kind]} is {int(place[bad])}, a"
                        " place that the network does not have; use the network of the journal's network_hash"
                    )
                values[first + 1 + offset] = translation[index]
        return RecordTable(self.at, self.first_row, self.kind, self.first_value, values)


def table_of(records: Sequence[Record]) -> RecordTable:
    """Flat arrays of records.

    Raises
    ------
    JournalError
        When a row is of an unknown kind, has too few or too many columns, or stands where it may not.
    """
    count = len(records)
    at = np.fromiter((record[0] for record in records), np.int64, count)
    rows: list[Row] = []
    for _, command, events in records:
        rows.append(command)
        rows.extend(events)
    sizes = np.fromiter((1 + len(record[2]) for record in records), np.int64, count)
    kind = np.fromiter((row[0] if row else 0 for row in rows), np.int64, len(rows))
    width = np.fromiter(map(len, rows), np.int64, len(rows))
    first_row = starts(sizes)
    known = (kind > 0) & (kind < len(WIDTH))
    for bad in np.flatnonzero(~known | (WIDTH[np.where(known, kind, 0)] != width))[:1]:
        seq = int(np.searchsorted(first_row, bad, "right"))
        name = NAME_OF.get(int(kind[bad]), f"of unknown kind {kind[bad]}")
        raise JournalError(f"record {seq} holds a row {name} with {width[bad] - 1} columns; see maas.domain")
    first_value = starts(width)
    values = np.fromiter(chain.from_iterable(rows), np.int64, int(first_value[-1]))
    table = RecordTable(at, first_row, kind, first_value, values)
    refuse_wrong_order(table)
    return table


def refuse_wrong_order(table: RecordTable) -> None:
    """Raise `JournalError` unless each record is one command followed by events."""
    is_first = np.zeros(len(table.kind), np.bool_)
    is_first[table.first_row[:-1]] = True
    for bad in np.flatnonzero(is_first != (table.kind < FIRST_EVENT))[:1]:
        seq = int(np.searchsorted(table.first_row, bad, "right"))
        place = "first, where a command" if is_first[bad] else "later, where an event"
        raise JournalError(f"record {seq} has {NAME_OF[int(table.kind[bad])]} {place} is right")


def starts(sizes: Int64s) -> Int64s:
    """Where each of consecutive pieces begins, and where the last ends: int64, shape (n + 1,)."""
    first = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=first[1:])
    return first
