"""The journal: everything a dispatcher heard and decided, in order; every figure anybody sees comes from it.

Format 1. The first record is the header; then records `(seq, at, command, events)` numbered from 1; a closing
record with their number and the last hash ends it. `parquet` and `jsonl` spell the same records and the same
hash chain (`hash_chain`), so a journal may be copied from one to the other and back.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from maas.dispatch.codec import COLUMNS, Row
from maas.domain.errors import JournalError
from maas.store.hash_chain import first_link, links
from maas.store.header import FORMAT, JournalHeader
from maas.store.journal_writer import JournalWriter
from maas.store.jsonl import closing_line, header_line, read_jsonl, record_lines
from maas.store.parquet import read_parquet, write_parquet
from maas.store.record_table import Int64s, Record, RecordTable, table_of

__all__ = ["FORMAT", "Journal", "JournalHeader", "JournalWriter", "Record", "read_journal"]


class Journal:
    """A whole journal in memory; places are place_ids.

    Parameters
    ----------
    header
        The first record.
    table
        All other records.
    is_closed
        False for a journal whose writing was cut short.
    warnings
        What reading it found, one sentence each.
    """

    __slots__ = ("_columns", "_links", "header", "is_closed", "table", "warnings")

    def __init__(
        self,
        header: JournalHeader,
        table: RecordTable,
        *,
        is_closed: bool = True,
        warnings: tuple[str, ...] = (),
    ) -> None:
        self.header = header
        self.table = table
        self.is_closed = is_closed
        self.warnings = warnings
        self._columns: dict[int, dict[str, Int64s]] = {}
        self._links: list[bytes] | None = None

    @classmethod
    def from_records(cls, header: JournalHeader, records: Sequence[Record], node_id: Int64s) -> Journal:
        """The journal of what a dispatcher appended, node indices turned into place_ids.

        Parameters
        ----------
        records
            (second, command row, event rows) in order.
        node_id
            int64, shape (n,). Place_id of each node.

        Raises
        ------
        JournalError
            When a row is malformed or names a node index beyond `node_id`.
        """
        return cls(header, table_of(records).with_places(np.asarray(node_id, np.int64)))

    def __len__(self) -> int:
        """Records, without header and closing record."""
        return len(self.table)

    def __repr__(self) -> str:
        return f"Journal({self.header.title!r}, {self.header.date}, {len(self)} records)"

    @property
    def closing_hash(self) -> str:
        """Last hash of the chain, 64 hexadecimal digits: equal journals, and only those, have equal ones."""
        return self._chain()[-1].hex()

    def records(self) -> Iterator[tuple[int, int, Row, tuple[Row, ...]]]:
        """(seq, at, command row, event rows) of each record."""
        return self.table.records()

    def columns(self, kind: int) -> dict[str, Int64s]:
        """All rows of one kind as columns, read-only.

        Parameters
        ----------
        kind
            Code of `dispatch.codec`.

        Returns
        -------
        int64 arrays of shape (rows of that kind,): `seq` (record number), `at` (second), `row` (position
        among all rows of the journal: the order of everything), then the codec's columns by name.

        Raises
        ------
        JournalError
            When there is no such kind.
        """
        if kind not in COLUMNS:
            raise JournalError(f"row kind {kind} is unknown; give a code of maas.dispatch.codec")
        if kind not in self._columns:
            table = self.table
            rows = np.flatnonzero(table.kind == kind)
            seq = np.searchsorted(table.first_row, rows, "right")
            found = {"seq": seq.astype(np.int64), "at": table.at[seq - 1], "row": rows.astype(np.int64)}
            found |= {name: table.column(rows, offset) for offset, name in enumerate(COLUMNS[kind])}
            for column in found.values():
                column.setflags(write=False)
            self._columns[kind] = found
        return self._columns[kind]

    def to_indices(self, node_id: Int64s) -> list[Record]:
        """The records with node indices for place_ids, for a replay.

        Raises
        ------
        JournalError
            When the network does not have a place of the journal.
        """
        ids = np.asarray(node_id, np.int64)
        order = np.argsort(ids, kind="stable").astype(np.int64)
        table = self.table.with_places(order, ids[order])
        return [(at, command, events) for _, at, command, events in table.records()]

    def write(self, path: Path | str) -> None:
        """Write `path`, whole or not at all, as Parquet or JSON lines by its suffix.

        Raises
        ------
        JournalError
            When the suffix is neither `.parquet` nor `.jsonl`, or the file cannot be written.
        """
        path = Path(path)
        suffix = _checked_suffix(path)
        found = self._chain()
        partial = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            if suffix == ".parquet":
                write_parquet(partial, self.header, self.table, found, is_closed=self.is_closed)
            else:
                lines = header_line(self.header) + record_lines(self.table, found[1:])
                if self.is_closed:
                    lines += closing_line(len(self), found[-1])
                partial.write_bytes(lines)
            partial.replace(path)
        except OSError as error:
            raise JournalError(
                f"{path} cannot be written ({error.strerror or error}); give an existing folder with room"
            ) from error
        finally:
            partial.unlink(missing_ok=True)

    def _chain(self) -> list[bytes]:
        """Links of the header and of each record."""
        if self._links is None:
            start = first_link(self.header)
            self._links = [start, *links(start, self.table)]
        return self._links


def read_journal(path: Path | str) -> Journal:
    """Read a journal and check its hash chain and closing record.

    Raises
    ------
    JournalError
        When the file cannot be read, is of another format version, or a record was changed; it names the line
        (JSON lines) or the record (Parquet). A torn last line is cut and a missing closing record accepted,
        both with a sentence in `Journal.warnings`.
    """
    path = Path(path)
    is_parquet = _checked_suffix(path) == ".parquet"
    if not path.is_file():
        raise JournalError(f"{path} does not exist; give a journal file")
    stored = read_parquet(path) if is_parquet else read_jsonl(path)
    journal = Journal(stored.header, stored.table, is_closed=stored.is_closed, warnings=stored.warnings)
    journal._links = stored.links
    return journal


def _checked_suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in (".parquet", ".jsonl"):
        raise JournalError(f"{path} ends with {path.suffix!r}; a journal ends with .parquet or .jsonl")
    return suffix
