"""A SHA-256 chain through all records, so that a changed figure is found and its record named.

The header's link is the SHA-256 of its canonical JSON. The link of each record is the SHA-256 of the link
before it and of the record's integers (its number, its second, then every row with its kind in front; 64 bits
each, little end first). It does not depend on the file format: the same journal ends in the same hash in
Parquet and in JSONL.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise

import numpy as np

from maas.store.header import JournalHeader, canonical
from maas.store.record_table import Int64s, RecordTable

LINK_BYTES = 32


def first_link(header: JournalHeader) -> bytes:
    """Link of the header."""
    return sha256(canonical(header.to_json())).digest()


def links(start: bytes, table: RecordTable, first_seq: int = 1) -> list[bytes]:
    """Link of each record, `start` being the one before them and `first_seq` the number of the first."""
    count = len(table)
    row_ends = table.first_value[table.first_row]
    bounds = row_ends + 2 * np.arange(count + 1)
    stream = np.empty(len(table.values) + 2 * count, "<i8")
    is_value = np.ones(len(stream), np.bool_)
    is_value[bounds[:-1]] = False
    is_value[bounds[:-1] + 1] = False
    stream[bounds[:-1]] = np.arange(first_seq, first_seq + count)
    stream[bounds[:-1] + 1] = table.at
    stream[is_value] = table.values
    buffer = stream.tobytes()
    ends = (8 * bounds).tolist()
    link = start
    found = []
    for a, b in pairwise(ends):
        link = sha256(link + buffer[a:b]).digest()
        found.append(link)
    return found


def short_links(found: list[bytes]) -> Int64s:
    """First 8 bytes of each link as an integer: int64, shape (n,)."""
    whole = np.frombuffer(b"".join(found), ">i8")
    return whole[:: LINK_BYTES // 8].astype(np.int64)
