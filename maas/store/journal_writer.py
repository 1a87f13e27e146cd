"""A journal that grows while a service runs: append-only JSON lines."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np

from maas.domain.errors import JournalError
from maas.store.hash_chain import first_link, links
from maas.store.header import JournalHeader
from maas.store.jsonl import StoredJournal, closing_line, header_line, read_jsonl, record_lines
from maas.store.record_table import Int64s, Record, RecordTable, table_of

_LOG = logging.getLogger(__name__)


class JournalWriter:
    """Appends records to a file, one write a batch. Begin with `create` or `reopen`.

    A batch is either appended or not: when a write fails, what it left behind is cut off again. After a crash
    the file holds every batch that `append` returned from (with `is_synced`, also after a power failure), and
    perhaps a torn line, which `reopen` cuts. While it is open no other writer opens the file, where the
    system can lock one (Windows has no flock).
    """

    __slots__ = ("_file", "_is_synced", "_link", "_node_id", "_size", "count", "path", "warnings")

    def __init__(
        self,
        path: Path,
        file: BinaryIO,
        node_id: Int64s,
        link: bytes,
        count: int,
        warnings: tuple[str, ...],
        *,
        is_synced: bool,
    ) -> None:
        self.path = path
        self.count = count
        self.warnings = warnings
        self._file: BinaryIO | None = file
        self._size = file.seek(0, os.SEEK_END)
        self._node_id = np.asarray(node_id, np.int64)
        self._link = link
        self._is_synced = is_synced

    @classmethod
    def create(
        cls, path: Path | str, header: JournalHeader, node_id: Int64s, *, is_synced: bool = True
    ) -> JournalWriter:
        """Begin a new journal.

        Parameters
        ----------
        node_id
            int64, shape (n,). Place_id of each node, for records that name node indices.
        is_synced
            Wait for the disk at every append.

        Raises
        ------
        JournalError
            When the file exists or cannot be written; nothing is left of it then.
        """
        path = Path(path)
        try:
            file = path.open("xb", buffering=0)
        except FileExistsError as error:
            raise JournalError(f"{path} exists; reopen it or give another name") from error
        except OSError as error:
            raise JournalError(f"{path} cannot be written ({error.strerror}); give another folder") from error
        writer = cls(path, _locked(path, file), node_id, first_link(header), 0, (), is_synced=is_synced)
        try:
            writer._write(header_line(header), "make room and begin it again")
        except BaseException:
            writer.release()
            path.unlink(missing_ok=True)
            raise
        if is_synced:
            _sync_folder(path.parent)
        return writer

    @classmethod
    def reopen(
        cls, path: Path | str, node_id: Int64s, *, is_synced: bool = True
    ) -> tuple[JournalWriter, JournalHeader, RecordTable]:
        """Go on with a journal after a stop; a torn last line is cut and named in `warnings`.

        Returns
        -------
        The writer, and the header and records (with place_ids) that the file holds.

        Raises
        ------
        JournalError
            When the file cannot be read, was changed, has a closing record, or is being written by another
            program.
        """
        path = Path(path)
        try:
            file = path.open("r+b", buffering=0)
        except FileNotFoundError as error:
            raise JournalError(f"{path} cannot be read ({error.strerror}); give a journal file") from error
        except OSError as error:
            raise JournalError(f"{path} cannot be written ({error.strerror}); give another folder") from error
        _locked(path, file)
        try:
            stored = read_jsonl(path)
            if stored.is_closed:
                raise JournalError(f"{path} has a closing record: it is finished; begin a new journal")
            writer = cls(
                path, file, node_id, stored.links[-1], len(stored.table), _torn_only(stored),
                is_synced=is_synced,
            )  # fmt: skip
            writer._cut_to(stored.sound_bytes)
            writer._write(b"" if stored.is_terminated else b"\n")
        except BaseException:
            file.close()
            raise
        return writer, stored.header, stored.table

    def append(self, records: Sequence[Record]) -> None:
        """Append one batch of records, as the dispatcher made them (places as node indices).

        Raises
        ------
        JournalError
            When the writer is closed, a record malformed, or the disk refuses; the file stays as it was.
        """
        table = table_of(records).with_places(self._node_id)
        found = links(self._link, table, self.count + 1)
        self._write(record_lines(table, found, self.count + 1))
        self.count += len(table)
        self._link = found[-1] if found else self._link

    def close(self) -> None:
        """Write the closing record and let go of the file."""
        self._write(closing_line(self.count, self._link))
        self.release()

    def release(self) -> None:
        """Let go of the file without a closing record, so that it can be reopened."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> JournalWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None and kind is None:
            self.close()
        self.release()

    def _write(self, content: bytes, remedy: str = "make room and send the batch again") -> None:
        file = self._file
        if file is None:
            raise JournalError(f"{self.path} is closed; reopen it to append")
        try:
            written = 0
            while written < len(content):
                written += file.write(memoryview(content)[written:])
            if self._is_synced:
                os.fsync(file.fileno())
        except BaseException as error:
            self._cut_back()
            if isinstance(error, OSError):
                raise JournalError(f"{self.path} cannot be written ({error.strerror}); {remedy}") from error
            raise
        self._size += len(content)

    def _cut_back(self) -> None:
        """Remove what a failed write left; where that fails too, let go of the file."""
        try:
            self._cut_to(self._size)
        except JournalError:
            self.release()

    def _cut_to(self, size: int) -> None:
        if self._file is None:
            return
        try:
            self._file.truncate(size)
            self._size = self._file.seek(size)
        except OSError as error:
            raise JournalError(
                f"{self.path} cannot be written ({error.strerror}); give another folder"
            ) from error


def _locked(path: Path, file: BinaryIO) -> BinaryIO:
    """The file, kept from other writers until it is closed, however this process ends."""
    try:
        import fcntl
    except ImportError:
        return file  # Windows has no flock
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise JournalError(
            f"{path} is being written by another program; end that one, or give another name"
        ) from error
    except OSError as error:
        _LOG.warning("%s cannot be locked (%s): nothing keeps another program from it", path, error.strerror)
    return file


def _torn_only(stored: StoredJournal) -> tuple[str, ...]:
    """Warnings but the one about the closing record, which a journal that goes on cannot have."""
    return stored.warnings[:-1]


def _sync_folder(folder: Path) -> None:
    """Make a new file's name durable; not every system lets a folder be opened."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
