"""Journals as JSON lines: one record a line, for eyes and for appending.

    {"header":{"format":1,...},"hash":"5f0c..."}
    {"seq":1,"at":28800,"command":{"kind":"RequestTrip",...},"events":[{"kind":...},...],"hash":"91b2..."}
    {"closing":{"records":1},"hash":"91b2..."}

`hash` is the link of `hash_chain` in hexadecimal digits; the closing record repeats the last one. Places are
stable place_ids.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maas.dispatch.codec import COLUMNS, FIRST_EVENT, KIND_OF_NAME, NAME_OF, Row
from maas.domain.errors import JournalError
from maas.store.hash_chain import first_link, links
from maas.store.header import JournalHeader, canonical
from maas.store.record_table import Record, RecordTable, table_of

_TEMPLATE: dict[int, str] = {
    kind: "{" + ",".join([f'"kind":"{NAME_OF[kind]}"', *(f'"{name}":%d' for name in names)]) + "}"
    for kind, names in COLUMNS.items()
}
_LEAST, _MOST = -(2**63), 2**63 - 1
_RECORD_KEYS = {"seq", "at", "command", "events", "hash"}

RESTORE = "restore the file from a copy"


@dataclass(frozen=True, eq=False, slots=True)
class StoredJournal:
    """What a file holds.

    Parameters
    ----------
    links
        Link of the header, then of each record.
    is_closed
        A closing record ends the file.
    warnings
        One sentence each.
    sound_bytes
        Length of the file without a torn last line (JSON lines only).
    is_terminated
        The last sound line ends with a newline (JSON lines only).
    """

    header: JournalHeader
    table: RecordTable
    links: list[bytes]
    is_closed: bool
    warnings: tuple[str, ...]
    sound_bytes: int = 0
    is_terminated: bool = True


def header_line(header: JournalHeader) -> bytes:
    """First line of a file."""
    return b'{"header":%s,"hash":"%s"}\n' % (
        canonical(header.to_json()),
        first_link(header).hex().encode(),
    )


def record_lines(table: RecordTable, found: Sequence[bytes], first_seq: int = 1) -> bytes:
    """Lines of records with their links, the first record having the number `first_seq`."""
    lines = []
    for (seq, at, command, events), link in zip(table.records(), found, strict=True):
        said = ",".join([_TEMPLATE[event[0]] % event[1:] for event in events])
        lines.append(
            f'{{"seq":{seq + first_seq - 1},"at":{at},"command":{_TEMPLATE[command[0]] % command[1:]},'
            f'"events":[{said}],"hash":"{link.hex()}"}}\n'
        )
    return "".join(lines).encode()


def closing_line(records: int, link: bytes) -> bytes:
    """Last line of a finished journal."""
    return f'{{"closing":{{"records":{records}}},"hash":"{link.hex()}"}}\n'.encode()


def read_jsonl(path: Path) -> StoredJournal:
    """Read a file of JSON lines and check its chain.

    A torn last line (the end of a write that a crash cut short) is left out and named in the warnings.

    Raises
    ------
    JournalError
        When any other line is broken, changed, missing or of another format version.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise JournalError(f"{path} cannot be read ({error.strerror}); give a journal file") from error
    is_begun = b'{"header":'.startswith(content[:10]) or not content.strip(b"\0")
    if b"\n" not in content and is_begun and _parsed(content) is None:
        raise JournalError(
            f"{path} holds no record: the program that began it was stopped before the end of its first line;"
            " delete it and begin a new journal"
        )
    lines = content.split(b"\n")
    is_terminated = not lines[-1]
    if is_terminated:
        lines.pop()
    warnings = []
    sound_bytes = len(content)
    last = _parsed(lines[-1]) if lines else None
    if len(lines) > 1 and last is None:
        torn = len(lines[-1])
        warnings.append(
            f"{path} line {len(lines)} is torn ({torn} bytes of an unfinished record) and was cut;"
            " all before it is kept"
        )
        sound_bytes -= torn + is_terminated
        is_terminated = True
        lines.pop()
        last = _parsed(lines[-1])
    header = header_of(f"{path} line 1", _parsed(lines[0]) if lines else None)
    closing = last if len(lines) > 1 and last is not None and "closing" in last else None
    if closing is not None:
        lines.pop()
    table, stored = _records(path, lines[1:])
    found = [first_link(header), *links(first_link(header), table)]
    for number, (link, said) in enumerate(zip(found[1:], stored, strict=True), 2):
        if link.hex() != said:
            raise JournalError(
                f"{path} line {number}: record {number - 1} was changed after it was written"
                f" (its hash does not fit); {RESTORE}"
            )
    if closing is None:
        warnings.append(no_closing_record(path))
    else:
        check_closing(f"{path} line {len(lines) + 1}", closing, found)
    return StoredJournal(
        header, table, found, closing is not None, tuple(warnings), sound_bytes, is_terminated
    )


def no_closing_record(path: Path) -> str:
    """The warning about a journal that nobody finished."""
    return f"{path} has no closing record: the program that wrote it was stopped; its records are complete"


def header_of(where: str, value: Any) -> JournalHeader:
    """The header in the first record `{"header": ..., "hash": ...}`; `where` names the file and line."""
    if not isinstance(value, dict) or not isinstance(value.get("header"), dict):
        raise JournalError(f"{where} is no journal header; give a journal that this program wrote")
    try:
        header = JournalHeader.from_json(value["header"])
    except JournalError as error:
        raise JournalError(f"{where}: {error}") from error
    if first_link(header).hex() != value.get("hash"):
        raise JournalError(
            f"{where}: the header was changed after it was written (its hash does not fit); {RESTORE}"
        )
    return header


def check_closing(where: str, value: dict[str, Any], found: Sequence[bytes]) -> None:
    """Raise `JournalError` unless a closing record states the number of records and the last link."""
    count = len(found) - 1
    stated = value["closing"].get("records") if isinstance(value["closing"], dict) else None
    if stated != count:
        raise JournalError(
            f"{where}: the closing record counts {stated!r} records, the file has {count}; {RESTORE}"
        )
    if value.get("hash") != found[-1].hex():
        raise JournalError(f"{where}: the closing hash does not fit the records; {RESTORE}")


def _parsed(line: bytes) -> dict[str, Any] | None:
    """The JSON object of a line, None when it is none."""
    try:
        value = json.loads(line.decode())
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _records(path: Path, lines: Sequence[bytes]) -> tuple[RecordTable, list[Any]]:
    """Records of the lines after the header, and the hashes they state."""
    records: list[Record] = []
    stored = []
    for number, line in enumerate(lines, 2):
        where = f"{path} line {number}"
        value = _parsed(line)
        if value is None or value.keys() != _RECORD_KEYS:
            what = "closes the journal, but lines follow" if value and "closing" in value else "is no record"
            raise JournalError(f"{where} {what}; {RESTORE}")
        seq = value["seq"]
        if seq != number - 1:
            raise JournalError(
                f"{where} is record {seq!r} where {number - 1} is due: lines are missing or moved; {RESTORE}"
            )
        at, events = value["at"], value["events"]
        if type(at) is not int or not _LEAST <= at <= _MOST or not isinstance(events, list):
            raise JournalError(f"{where}: `at` must be a whole second and `events` a list; {RESTORE}")
        rows = [_row(where, thing) for thing in (value["command"], *events)]
        if [row[0] >= FIRST_EVENT for row in rows] != [False] + [True] * len(events):
            raise JournalError(f"{where} must hold one command and then events; {RESTORE}")
        records.append((at, rows[0], tuple(rows[1:])))
        stored.append(value["hash"])
    return table_of(records), stored


def _row(where: str, value: Any) -> Row:
    """The row of a command or event object."""
    name = value.get("kind") if isinstance(value, dict) else None
    kind = KIND_OF_NAME.get(name) if isinstance(name, str) else None
    if kind is None:
        raise JournalError(f"{where}: {name!r} is neither a command nor an event; {RESTORE}")
    names = COLUMNS[kind]
    try:
        row: Row = (kind, *[value[column] for column in names])
    except KeyError as error:
        raise JournalError(f"{where}: {name} lacks {error.args[0]!r}; {RESTORE}") from error
    if len(value) != len(row):
        extra = sorted(set(value) - {"kind", *names})
        raise JournalError(f"{where}: {name} has the unknown key {extra[0]!r}; {RESTORE}")
    for column, figure in zip(names, row[1:], strict=True):
        if type(figure) is not int or not _LEAST <= figure <= _MOST:
            raise JournalError(f"{where}: {column} of {name} is {figure!r}; a whole number is right")
    return row
