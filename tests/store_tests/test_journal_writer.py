"""The growing journal: one write a batch, whole or not at all, and a way on after a crash."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from maas.dispatch import codec
from maas.domain.errors import JournalError
from maas.store.journal import JournalWriter, read_journal
from tests.store_tests.journals import HEADER, NODE_ID, morning

RECORDS = morning().records


def written(path: Path) -> Path:
    """The morning as it would be written at once."""
    morning().journal().write(path)
    return path


@pytest.mark.parametrize("is_synced", [True, False])
def test_batches_make_the_same_file_as_one_write(tmp_path: Path, is_synced: bool) -> None:
    path = tmp_path / "live.jsonl"
    with JournalWriter.create(path, HEADER, NODE_ID, is_synced=is_synced) as writer:
        writer.append(RECORDS[:1])
        writer.append([])
        writer.append(RECORDS[1:7])
        assert writer.count == 7
        writer.append(RECORDS[7:])
    assert path.read_bytes() == written(tmp_path / "whole.jsonl").read_bytes()


def test_each_batch_is_on_disk_when_append_returns(tmp_path: Path) -> None:
    path = tmp_path / "live.jsonl"
    writer = JournalWriter.create(path, HEADER, NODE_ID)
    for count in range(1, 4):
        writer.append(RECORDS[count - 1 : count])
        assert len(read_journal(path)) == count
    writer.release()


def test_each_batch_waits_for_the_disk_once_if_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr(os, "fsync", calls.append)
    for is_synced, expected in ((True, 2), (False, 0)):
        writer = JournalWriter.create(tmp_path / f"{is_synced}.jsonl", HEADER, NODE_ID, is_synced=is_synced)
        calls.clear()
        writer.append(RECORDS[:5])
        writer.append(RECORDS[5:6])
        assert len(calls) == expected
        writer.release()


@pytest.mark.parametrize("torn", [b"", b"{", b'{"seq":8,"at":', b"\x00" * 30])
def test_reopening_cuts_a_torn_line_and_goes_on(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "live.jsonl"
    writer = JournalWriter.create(path, HEADER, NODE_ID)
    writer.append(RECORDS[:7])
    writer.release()
    with path.open("ab") as file:
        file.write(torn)
    again, header, table = JournalWriter.reopen(path, NODE_ID)
    assert header == HEADER
    assert list(table.records()) == list(morning().journal().records())[:7]
    if torn:
        assert again.warnings == (
            f"{path} line 9 is torn ({len(torn)} bytes of an unfinished record) and was cut;"
            " all before it is kept",
        )
    else:
        assert again.warnings == ()
    again.append(RECORDS[7:])
    again.close()
    assert path.read_bytes() == written(tmp_path / "whole.jsonl").read_bytes()


def test_a_crash_at_any_byte_of_a_batch_keeps_the_batches_before(tmp_path: Path) -> None:
    path = tmp_path / "live.jsonl"
    writer = JournalWriter.create(path, HEADER, NODE_ID, is_synced=False)
    writer.append(RECORDS[:5])
    before = path.stat().st_size
    writer.append(RECORDS[5:8])
    writer.release()
    content = path.read_bytes()
    for size in range(before, len(content), 17):
        path.write_bytes(content[:size])
        again, _, table = JournalWriter.reopen(path, NODE_ID, is_synced=False)
        assert 5 <= len(table) <= 8
        again.append(RECORDS[len(table) :])
        again.close()
        assert read_journal(path).closing_hash == morning().journal().closing_hash


def test_a_last_record_without_newline_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "live.jsonl"
    writer = JournalWriter.create(path, HEADER, NODE_ID)
    writer.append(RECORDS[:7])
    writer.release()
    path.write_bytes(path.read_bytes()[:-1])
    again, _, table = JournalWriter.reopen(path, NODE_ID)
    assert len(table) == 7
    again.append(RECORDS[7:])
    again.close()
    assert path.read_bytes() == written(tmp_path / "whole.jsonl").read_bytes()


def test_leaving_by_an_error_leaves_the_journal_open(tmp_path: Path) -> None:
    path = tmp_path / "live.jsonl"

    def fail() -> None:
        with JournalWriter.create(path, HEADER, NODE_ID) as writer:
            writer.append(RECORDS[:2])
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert not read_journal(path).is_closed
    assert len(read_journal(path)) == 2


def test_what_is_finished_stays_finished(tmp_path: Path) -> None:
    path = written(tmp_path / "day.jsonl")
    with pytest.raises(JournalError, match="has a closing record: it is finished; begin a new journal"):
        JournalWriter.reopen(path, NODE_ID)
    with pytest.raises(JournalError, match=r"day\.jsonl exists; reopen it or give another name"):
        JournalWriter.create(path, HEADER, NODE_ID)
    with JournalWriter.create(tmp_path / "live.jsonl", HEADER, NODE_ID) as writer:
        writer.close()
    with pytest.raises(JournalError, match=r"live\.jsonl is closed; reopen it to append"):
        writer.append(RECORDS)
    assert read_journal(path).warnings == ()


def test_a_changed_journal_is_not_continued(tmp_path: Path) -> None:
    path = tmp_path / "live.jsonl"
    writer = JournalWriter.create(path, HEADER, NODE_ID)
    writer.append(RECORDS[:7])
    writer.release()
    path.write_bytes(path.read_bytes().replace(b'"leg_m":1000', b'"leg_m":1001', 1))
    before = path.read_bytes()
    with pytest.raises(JournalError, match="line 4: record 3 was changed"):
        JournalWriter.reopen(path, NODE_ID)
    assert path.read_bytes() == before


def test_a_malformed_batch_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "live.jsonl"
    writer = JournalWriter.create(path, HEADER, NODE_ID)
    writer.append(RECORDS[:1])
    before = path.read_bytes()
    with pytest.raises(JournalError, match="a place that the network does not have"):
        writer.append([RECORDS[1], (0, (codec.ARRIVE_AT_STOP, 0, 5, 0, 0), ())])
    assert path.read_bytes() == before
    writer.append(RECORDS[1:])
    writer.close()
    assert path.read_bytes() == written(tmp_path / "whole.jsonl").read_bytes()


def test_a_write_that_the_disk_refuses_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "live.jsonl"
    writer = JournalWriter.create(path, HEADER, NODE_ID)
    writer.append(RECORDS[:1])
    before = path.read_bytes()

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    restore: Callable[[int], None] = os.fsync
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(JournalError, match="No space left on device"):
        writer.append(RECORDS[1:3])
    assert path.read_bytes() == before
    monkeypatch.setattr(os, "fsync", restore)
    writer.append(RECORDS[1:])
    writer.close()
    assert path.read_bytes() == written(tmp_path / "whole.jsonl").read_bytes()


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="cannot be written"):
        JournalWriter.create(tmp_path / "missing" / "live.jsonl", HEADER, NODE_ID)
    with pytest.raises(JournalError, match="cannot be read"):
        JournalWriter.reopen(tmp_path / "missing.jsonl", NODE_ID)
