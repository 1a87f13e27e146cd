"""Damaged and altered journals: the place is named, and nothing is taken for granted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from maas.domain.errors import JournalError
from maas.store.journal import read_journal
from tests.store_tests.journals import EIGHT, morning


@pytest.fixture
def jsonl(tmp_path: Path) -> Path:
    path = tmp_path / "day.jsonl"
    morning().journal().write(path)
    return path


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    path = tmp_path / "day.parquet"
    morning().journal().write(path)
    return path


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def write_lines(path: Path, lines: list[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def edit(path: Path, number: int, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the value of line `number` (from 1)."""
    lines = lines_of(path)
    value = json.loads(lines[number - 1])
    change(value)
    lines[number - 1] = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    write_lines(path, lines)


def assert_refused(path: Path, *words: str) -> None:
    with pytest.raises(JournalError) as raised:
        read_journal(path)
    for word in (str(path), *words):
        assert word in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_untouched_journal_is_read_without_warning(jsonl: Path, parquet: Path) -> None:
    for path in (jsonl, parquet):
        journal = read_journal(path)
        assert journal.is_closed
        assert journal.warnings == ()


def test_spaces_and_order_of_keys_are_no_change(jsonl: Path) -> None:
    values = [json.loads(line) for line in lines_of(jsonl)]
    write_lines(jsonl, [json.dumps(dict(reversed(value.items())), indent=None) for value in values])
    assert read_journal(jsonl).closing_hash == morning().journal().closing_hash


def test_a_changed_figure_in_the_middle_names_its_line(jsonl: Path) -> None:
    # Line 4 is record 3: van-1 arrives after 1,000 m. One metre less is found.
    edit(jsonl, 4, lambda value: value["events"][0].update(leg_m=999))
    assert_refused(jsonl, "line 4: record 3 was changed", "restore the file from a copy")


def test_a_changed_second_command_and_hash_are_found(jsonl: Path) -> None:
    edit(jsonl, 4, lambda value: value.update(at=EIGHT))
    assert_refused(jsonl, "line 4: record 3 was changed")
    morning().journal().write(jsonl)
    edit(jsonl, 4, lambda value: value["command"].update(leg_m=999))
    assert_refused(jsonl, "line 4: record 3 was changed")
    morning().journal().write(jsonl)
    edit(jsonl, 4, lambda value: value.update(hash="0" * 64))
    assert_refused(jsonl, "line 4: record 3 was changed")


def test_a_changed_header_is_found(jsonl: Path) -> None:
    edit(jsonl, 1, lambda value: value["header"].update(seed=8))
    assert_refused(jsonl, "line 1: the header was changed")


def test_a_deleted_and_a_moved_line_are_found(jsonl: Path) -> None:
    lines = lines_of(jsonl)
    write_lines(jsonl, lines[:5] + lines[6:])
    assert_refused(jsonl, "line 6 is record 6 where 5 is due", "missing or moved")
    write_lines(jsonl, [*lines[:5], lines[6], lines[5], *lines[7:]])
    assert_refused(jsonl, "line 6 is record 6 where 5 is due")


def test_the_closing_record_counts(jsonl: Path) -> None:
    lines = lines_of(jsonl)
    count = len(lines) - 2
    write_lines(jsonl, [*lines[:-2], lines[-1]])
    assert_refused(jsonl, f"the closing record counts {count} records, the file has {count - 1}")
    write_lines(jsonl, lines)
    edit(jsonl, len(lines), lambda value: value.update(hash="0" * 64))
    assert_refused(jsonl, f"line {len(lines)}: the closing hash does not fit")
    write_lines(jsonl, [*lines, lines[1]])
    assert_refused(jsonl, f"line {len(lines)} closes the journal, but lines follow")


def test_a_missing_closing_record_is_a_warning(jsonl: Path) -> None:
    lines = lines_of(jsonl)
    write_lines(jsonl, lines[:-1])
    journal = read_journal(jsonl)
    assert not journal.is_closed
    assert list(journal.records()) == list(morning().journal().records())
    assert journal.warnings == (
        f"{jsonl} has no closing record: the program that wrote it was stopped; its records are complete",
    )


def test_a_torn_last_line_is_cut_wherever_it_tears(jsonl: Path) -> None:
    content = jsonl.read_bytes()
    lines = content.splitlines(keepends=True)
    kept = len(lines) - 3  # without header, last record and closing record
    upto = len(content) - len(lines[-1]) - len(lines[-2])
    for size in (1, 2, 40, len(lines[-2]) - 2):
        jsonl.write_bytes(content[: upto + size])
        journal = read_journal(jsonl)
        assert len(journal) == kept
        assert not journal.is_closed
        assert journal.warnings[0] == (
            f"{jsonl} line {len(lines) - 1} is torn ({size} bytes of an unfinished record) and was cut;"
            " all before it is kept"
        )
        assert "no closing record" in journal.warnings[1]


def test_a_last_record_that_lost_only_its_newline_is_whole(jsonl: Path) -> None:
    content = jsonl.read_bytes()
    jsonl.write_bytes(content[:-1])
    assert read_journal(jsonl).warnings == ()
    lines = content.splitlines(keepends=True)
    jsonl.write_bytes(b"".join(lines[:-1])[:-1])
    assert len(read_journal(jsonl)) == len(lines) - 2


def test_a_torn_closing_record_costs_no_record(jsonl: Path) -> None:
    content = jsonl.read_bytes()
    jsonl.write_bytes(content[:-5])
    journal = read_journal(jsonl)
    assert len(journal) == len(morning().records)
    assert len(journal.warnings) == 2


def test_zeros_at_the_end_are_a_torn_line(jsonl: Path) -> None:
    lines = jsonl.read_bytes().splitlines(keepends=True)
    jsonl.write_bytes(b"".join(lines[:-1]) + bytes(100))
    assert len(read_journal(jsonl)) == len(lines) - 2


def test_a_broken_line_before_the_last_is_an_error(jsonl: Path) -> None:
    lines = lines_of(jsonl)
    for broken in ("", "{", "[]", "null", lines[4][:-9], "\x00"):
        write_lines(jsonl, [*lines[:4], broken, *lines[5:]])
        assert_refused(jsonl, "line 5 is no record")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda v: v.pop("at"), "line 4 is no record"),
        (lambda v: v.update(note=1), "line 4 is no record"),
        (lambda v: v.update(at="8:00"), "line 4: `at` must be a whole second"),
        (lambda v: v.update(events={}), "line 4: `at` must be a whole second and `events` a list"),
        (lambda v: v.update(seq="3"), "line 4 is record '3' where 3 is due"),
        (lambda v: v["command"].update(kind="Fly"), "line 4: 'Fly' is neither a command nor an event"),
        (lambda v: v["command"].pop("kind"), "line 4: None is neither a command nor an event"),
        (lambda v: v.update(command=[]), "line 4: None is neither a command nor an event"),
        (lambda v: v["command"].pop("place"), "line 4: ArriveAtStop lacks 'place'"),
        (lambda v: v["command"].update(speed=1), "line 4: ArriveAtStop has the unknown key 'speed'"),
        (lambda v: v["command"].update(leg_m=1.0), "line 4: leg_m of ArriveAtStop is 1.0; a whole number"),
        (lambda v: v["command"].update(leg_m=True), "line 4: leg_m of ArriveAtStop is True"),
        (lambda v: v["command"].update(leg_m=2**63), f"line 4: leg_m of ArriveAtStop is {2**63}"),
        (lambda v: v.update(at=2**63), "line 4: `at` must be a whole second"),
        (lambda v: v.update(events=[v["command"]]), "line 4 must hold one command and then events"),
    ],
)
def test_a_malformed_record_names_line_and_key(
    jsonl: Path, change: Callable[[dict[str, Any]], None], said: str
) -> None:
    edit(jsonl, 4, change)
    assert_refused(jsonl, said)


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    for content in (b"\n", b"hello", b"hello\n", b'{"a":1}\n', b'{"header":1}\n', b"\xff\xfe\n{}\n"):
        path.write_bytes(content)
        assert_refused(path, "line 1 is no journal header")
    with pytest.raises(JournalError, match=r"none\.jsonl does not exist; give a journal file"):
        read_journal(tmp_path / "none.jsonl")
    with pytest.raises(JournalError, match=r"ends with '\.csv'"):
        read_journal(tmp_path / "day.csv")


def test_another_format_is_refused(jsonl: Path, parquet: Path) -> None:
    edit(jsonl, 1, lambda value: value["header"].update(format=2))
    assert_refused(jsonl, "line 1: journal format is 2; this program reads format 1")
    table = pq.read_table(parquet)
    header = json.loads(table.schema.metadata[b"maas_journal"])
    header["header"]["format"] = 2
    metadata = table.schema.metadata | {b"maas_journal": json.dumps(header).encode()}
    pq.write_table(table.replace_schema_metadata(metadata), parquet)
    assert_refused(parquet, "journal format is 2")


def rewrite(path: Path, column: str, change: Callable[[list[Any]], None]) -> None:
    """Change one column of a Parquet journal, metadata kept."""
    table = pq.read_table(path)
    values = table.column(column).to_pylist()
    change(values)
    position = table.schema.get_field_index(column)
    field = table.schema.field(column).with_nullable(True)
    pq.write_table(table.set_column(position, field, pa.array(values, type=field.type)), path)


def set_at(row: int, value: object) -> Callable[[list[Any]], None]:
    def change(values: list[Any]) -> None:
        values[row] = value

    return change


def test_a_changed_parquet_record_is_named(parquet: Path) -> None:
    # Row 6 (from 0) is the VehicleArrived of record 3.
    rewrite(parquet, "leg_m", set_at(6, 999))
    assert_refused(parquet, "record 3 was changed")


@pytest.mark.parametrize(
    ("column", "row", "value", "said"),
    [
        ("hash", 5, 1, "record 3 was changed"),
        ("leg_m", 6, None, "record 3: VehicleArrived has no figure in 'leg_m'"),
        ("fare_yen", 6, 5, "record 3: VehicleArrived has a figure in 'fare_yen'"),
        ("at", 6, 5, "record 3 happens at"),
        ("at", 6, None, "column 'at' has an empty field"),
        ("seq", 6, 5, "row 7 is of record 5: records are missing"),
        ("seq", 0, 0, "row 1 is of record 0"),
        ("kind", 5, "Fly", "'Fly' is neither a command nor an event"),
        ("kind", 5, "VehicleArrived", "record 3 has VehicleArrived first, where a command is right"),
    ],
)
def test_a_malformed_parquet_row_is_named(
    parquet: Path, column: str, row: int, value: object, said: str
) -> None:
    rewrite(parquet, column, set_at(row, value))
    assert_refused(parquet, said)


def test_a_parquet_file_cut_short_or_of_another_kind_is_refused(parquet: Path, tmp_path: Path) -> None:
    content = parquet.read_bytes()
    for size in (0, 3, 100, len(content) - 1):
        parquet.write_bytes(content[:size])
        assert_refused(parquet, "is no complete Parquet file")
    other = tmp_path / "other.parquet"
    pq.write_table(pa.table({"a": [1]}), other)
    assert_refused(other, "is no journal header")


def test_deleted_parquet_rows_are_found(parquet: Path) -> None:
    table = pq.read_table(parquet)
    pq.write_table(pa.concat_tables([table.slice(0, 5), table.slice(7)]), parquet)
    assert_refused(parquet, "records are missing")
    pq.write_table(table.slice(0, 5), parquet)
    assert_refused(parquet, f"the closing record counts {len(morning().records)} records, the file has 2")


def test_a_parquet_column_that_lacks_or_has_another_type_is_refused(parquet: Path) -> None:
    table = pq.read_table(parquet)
    pq.write_table(table.drop_columns(["leg_m"]), parquet)
    assert_refused(parquet, "lacks the column 'leg_m'")
    position = table.schema.get_field_index("leg_m")
    pq.write_table(table.set_column(position, "leg_m", table.column("leg_m").cast(pa.float64())), parquet)
    assert_refused(parquet, "column 'leg_m' is of type double; int64 is right")


def test_a_parquet_journal_without_closing_record_is_a_warning(parquet: Path) -> None:
    morning().journal(is_closed=False).write(parquet)
    journal = read_journal(parquet)
    assert not journal.is_closed
    assert len(journal.warnings) == 1
    assert "no closing record" in journal.warnings[0]
