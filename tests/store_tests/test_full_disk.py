"""A disk without room, and two programs on one journal: what was appended stays, and the way on is told."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from maas.domain.errors import JournalError
from maas.store.journal import JournalWriter, read_journal
from tests.store_tests.journals import HEADER, NODE_ID, morning

RECORDS = morning().records
REPOSITORY = Path(__file__).parents[2]

LITTLE_ROOM = """
    import resource, sys
    from maas.domain.errors import JournalError
    from maas.store.journal import JournalWriter
    from tests.store_tests.journals import HEADER, NODE_ID, morning

    records = morning().records

    def room(size):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def size_of(path):
        import os
        return os.stat(path).st_size
"""
"""A process whose files may not grow beyond a size: the system takes what fits and refuses the rest."""


def run_with_little_room(script: str, path: Path) -> list[str]:
    """Lines that a script prints in a process of its own; `path` is its first argument."""
    pytest.importorskip("resource")
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(LITTLE_ROOM) + textwrap.dedent(script), str(path)],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def written(path: Path) -> Path:
    """The morning as it would be written at once."""
    morning().journal().write(path)
    return path


def test_a_batch_that_fits_in_part_is_taken_back_and_may_be_sent_again(tmp_path: Path) -> None:
    path = tmp_path / "live.jsonl"
    said = run_with_little_room(
        """
        writer = JournalWriter.create(sys.argv[1], HEADER, NODE_ID)
        writer.append(records[:3])
        before = size_of(sys.argv[1])
        for more in (1, 200, 900):
            room(before + more)
            try:
                writer.append(records[3:9])
            except JournalError as error:
                print(error)
            print(size_of(sys.argv[1]) - before, writer.count)
        room(resource.RLIM_INFINITY)
        writer.append(records[3:])
        writer.close()
        """,
        path,
    )
    assert said == [
        f"{path} cannot be written (File too large); make room and send the batch again", "0 3",
    ] * 3  # fmt: skip
    assert path.read_bytes() == written(tmp_path / "whole.jsonl").read_bytes()


@pytest.mark.parametrize("room", [0, 40])
def test_a_journal_whose_first_line_has_no_room_does_not_stand_in_the_way(tmp_path: Path, room: int) -> None:
    path = tmp_path / "live.jsonl"
    said = run_with_little_room(
        f"""
        room({room})
        try:
            JournalWriter.create(sys.argv[1], HEADER, NODE_ID)
        except JournalError as error:
            print(error)
        """,
        path,
    )
    assert said == [f"{path} cannot be written (File too large); make room and begin it again"]
    assert not path.exists()
    JournalWriter.create(path, HEADER, NODE_ID).release()


@pytest.mark.parametrize("content", [b"", b'{"header":{"format":1,'])
def test_a_journal_stopped_before_its_first_line_names_the_way_on(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "live.jsonl"
    path.write_bytes(content)
    with pytest.raises(JournalError, match=r"stopped before .* first line; delete it and begin"):
        JournalWriter.reopen(path, NODE_ID)
    assert path.read_bytes() == content


def test_only_one_program_writes_a_journal(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    path = tmp_path / "live.jsonl"
    writer = JournalWriter.create(path, HEADER, NODE_ID)
    writer.append(RECORDS[:3])
    with path.open("ab") as file:
        file.write(b"{")  # what the first is about to finish must not be cut
    before = path.read_bytes()
    with pytest.raises(JournalError, match=r"live\.jsonl is being written by another program; end that one"):
        JournalWriter.reopen(path, NODE_ID)
    assert path.read_bytes() == before
    writer.release()
    again, _, table = JournalWriter.reopen(path, NODE_ID)
    assert len(table) == 3
    again.append(RECORDS[3:])
    again.close()
    assert read_journal(path).closing_hash == morning().journal().closing_hash


def test_another_process_is_kept_out_until_the_first_ends(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    path = tmp_path / "live.jsonl"
    writer = JournalWriter.create(path, HEADER, NODE_ID)
    script = """
        try:
            JournalWriter.reopen(sys.argv[1], NODE_ID)[0].append(records[:1])
        except JournalError as error:
            print(error)
    """
    assert run_with_little_room(script, path) == [
        f"{path} is being written by another program; end that one, or give another name"
    ]
    writer.release()
    assert run_with_little_room(script, path) == []
    assert len(read_journal(path)) == 1


def test_a_journal_that_cannot_be_continued_is_let_go(tmp_path: Path) -> None:
    path = written(tmp_path / "live.jsonl")
    for _ in range(2):  # the second time it is still finished, not taken
        with pytest.raises(JournalError, match="is finished; begin a new journal"):
            JournalWriter.reopen(path, NODE_ID)
