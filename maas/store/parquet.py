"""Journals as Parquet: one row a command or event, one column a figure, empty where a kind has none.

Columns `seq` (number of the record), `at` (second), `kind` ("RequestTrip", ...), every column of the codec by
its name, and `hash` (first 8 bytes of the record's link, on its command row). The header and the closing
record, with full hashes, are key-value metadata of the file. Any Parquet reader can open it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from maas.dispatch.codec import COLUMNS, FIRST_EVENT, KIND_OF_NAME, NAME_OF
from maas.domain.errors import JournalError
from maas.store.hash_chain import first_link, links, short_links
from maas.store.header import JournalHeader, canonical
from maas.store.jsonl import RESTORE, StoredJournal, check_closing, header_of, no_closing_record
from maas.store.record_table import WIDTH, Int64s, RecordTable, refuse_wrong_order, starts

FIGURES: tuple[str, ...] = tuple(dict.fromkeys(name for names in COLUMNS.values() for name in names))
"""Every column name of the codec, once."""

_HEADER_KEY = b"maas_journal"
_CLOSING_KEY = b"maas_journal_closing"
_BLOCK_ROWS = 65_536
_KINDS = sorted(COLUMNS)
_KIND_NAMES = pa.array([NAME_OF[kind] for kind in _KINDS])
_SCHEMA = pa.schema(
    [
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("at", pa.int64(), nullable=False),
        pa.field("kind", pa.dictionary(pa.int8(), pa.string()), nullable=False),
        *(pa.field(name, pa.int64()) for name in FIGURES),
        pa.field("hash", pa.int64()),
    ]
)


def write_parquet(
    path: Path, header: JournalHeader, table: RecordTable, found: list[bytes], *, is_closed: bool
) -> None:
    """Write a file; the same records give the same bytes."""
    count = len(table.kind)
    by_kind = {kind: np.flatnonzero(table.kind == kind) for kind in _KINDS}
    columns = [
        pa.array(table.seq_of_rows()),
        pa.array(np.repeat(table.at, np.diff(table.first_row))),
        pa.DictionaryArray.from_arrays(
            pa.array(np.searchsorted(_KINDS, table.kind).astype(np.int8)), _KIND_NAMES
        ),
    ]
    for name in FIGURES:
        figure = np.zeros(count, np.int64)
        is_empty = np.ones(count, np.bool_)
        for kind, names in COLUMNS.items():
            if name in names and len(rows := by_kind[kind]):
                figure[rows] = table.column(rows, names.index(name))
                is_empty[rows] = False
        columns.append(pa.array(figure, mask=is_empty))
    figure = np.zeros(count, np.int64)
    is_empty = np.ones(count, np.bool_)
    figure[table.first_row[:-1]] = short_links(found[1:])
    is_empty[table.first_row[:-1]] = False
    columns.append(pa.array(figure, mask=is_empty))
    metadata = {_HEADER_KEY: canonical({"header": header.to_json(), "hash": found[0].hex()})}
    if is_closed:
        metadata[_CLOSING_KEY] = canonical({"closing": {"records": len(table)}, "hash": found[-1].hex()})
    pq.write_table(
        pa.Table.from_arrays(columns, schema=_SCHEMA.with_metadata(metadata)),
        path,
        row_group_size=_BLOCK_ROWS,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        use_dictionary=True,
        write_statistics=False,
        store_schema=True,
    )


def read_parquet(path: Path) -> StoredJournal:
    """Read a file and check its chain.

    Raises
    ------
    JournalError
        When the file is no journal, is cut short, or a record was changed; the record is named.
    """
    try:
        with pq.ParquetFile(path) as file:
            stored = file.read(use_threads=False)
    except (OSError, pa.ArrowException) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise JournalError(f"{path} is no complete Parquet file ({said}); {RESTORE}") from error
    metadata = stored.schema.metadata or {}
    header = header_of(f"{path} header", _parsed(metadata.get(_HEADER_KEY)))
    for field in _SCHEMA:
        if field.name not in stored.schema.names:
            raise JournalError(f"{path} lacks the column {field.name!r}; {RESTORE}")
    table = _table(path, stored)
    start = first_link(header)
    found = [start, *links(start, table)]
    stated = _integers(path, stored, "hash")[0][table.first_row[:-1]]
    for changed in np.flatnonzero(stated != short_links(found[1:]))[:1]:
        raise JournalError(
            f"{path} record {int(changed) + 1} was changed after it was written (its hash does not fit);"
            f" {RESTORE}"
        )
    closing = _parsed(metadata.get(_CLOSING_KEY))
    warnings: tuple[str, ...] = ()
    if closing is None or "closing" not in closing:
        warnings = (no_closing_record(path),)
    else:
        check_closing(f"{path} closing record", closing, found)
    return StoredJournal(header, table, found, not warnings, warnings)


def _table(path: Path, stored: pa.Table) -> RecordTable:
    """Flat arrays of the stored rows."""
    count = stored.num_rows
    seq = _integers(path, stored, "seq")[0]
    at = _integers(path, stored, "at")[0]
    kind = _kinds(path, stored)
    step = np.diff(seq, prepend=0)
    for bad in np.flatnonzero((step < 0) | (step > 1) | ((step == 0) & (np.arange(count) == 0)))[:1]:
        raise JournalError(
            f"{path} row {int(bad) + 1} is of record {seq[bad]}: records are missing; {RESTORE}"
        )
    first_row = np.append(np.flatnonzero(step == 1), count).astype(np.int64)
    first_value = starts(WIDTH[kind])
    values = np.zeros(int(first_value[-1]), np.int64)
    values[first_value[:-1]] = kind
    by_kind = {code: np.flatnonzero(kind == code) for code in _KINDS}
    for name in FIGURES:
        figure, is_empty = _integers(path, stored, name)
        is_due = np.zeros(count, np.bool_)
        for code, names in COLUMNS.items():
            if name in names and len(rows := by_kind[code]):
                values[first_value[rows] + 1 + names.index(name)] = figure[rows]
                is_due[rows] = True
        for bad in np.flatnonzero(is_due == is_empty)[:1]:
            what = "has no" if is_due[bad] else "has a"
            raise JournalError(
                f"{path} record {seq[bad]}: {NAME_OF[int(kind[bad])]} {what} figure in {name!r}; {RESTORE}"
            )
    second = at[first_row[:-1]]
    for bad in np.flatnonzero(at != np.repeat(second, np.diff(first_row)))[:1]:
        raise JournalError(
            f"{path} record {seq[bad]} happens at {at[bad]} s and at another second; {RESTORE}"
        )
    table = RecordTable(second, first_row, kind, first_value, values)
    try:
        refuse_wrong_order(table)
    except JournalError as error:
        raise JournalError(f"{path} {error}; {RESTORE}") from error
    return table


def _kinds(path: Path, stored: pa.Table) -> Int64s:
    """Code of each row."""
    column = stored.column("kind")
    try:
        names = column.cast(pa.string()).combine_chunks().dictionary_encode()
    except pa.ArrowException as error:
        raise JournalError(f"{path} column 'kind' holds no names; {RESTORE}") from error
    if names.null_count:
        raise JournalError(f"{path} column 'kind' has an empty field; {RESTORE}")
    codes = []
    for name in names.dictionary.to_pylist():
        if name not in KIND_OF_NAME:
            raise JournalError(f"{path}: {name!r} is neither a command nor an event; {RESTORE}")
        codes.append(KIND_OF_NAME[name])
    indices: NDArray[np.int32] = names.indices.to_numpy()
    return np.array(codes or [FIRST_EVENT], np.int64)[indices]


def _integers(path: Path, stored: pa.Table, name: str) -> tuple[Int64s, NDArray[np.bool_]]:
    """Figures of a column (0 where empty) and where it is empty."""
    column = stored.column(name)
    if not pa.types.is_int64(column.type):
        raise JournalError(f"{path} column {name!r} is of type {column.type}; int64 is right: {RESTORE}")
    is_empty = column.is_null().to_numpy()
    if name in ("seq", "at") and is_empty.any():
        raise JournalError(f"{path} column {name!r} has an empty field; {RESTORE}")
    figures: Int64s = column.fill_null(0).to_numpy()
    return figures, is_empty


def _parsed(text: bytes | None) -> dict[str, Any] | None:
    try:
        value = json.loads(text.decode()) if text else None
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
