"""Journals in memory and on disk: same records, same bytes, same hash."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maas.dispatch import codec
from maas.dispatch.codec import COLUMNS, FIRST_EVENT, PLACE_COLUMNS, Row
from maas.domain.errors import JournalError
from maas.store.hash_chain import first_link, links
from maas.store.header import canonical
from maas.store.journal import Journal, Record, read_journal
from maas.store.record_table import table_of
from tests.store_tests.journals import EIGHT, HEADER, NODE_ID, Day, breakdown, morning

SUFFIXES = (".parquet", ".jsonl")
FIGURE = st.integers(-(2**63), 2**63 - 1) | st.integers(0, 3)


@st.composite
def rows(draw: st.DrawFn, kinds: list[int]) -> Row:
    kind = draw(st.sampled_from(kinds))
    places = PLACE_COLUMNS[kind]
    nodes = st.integers(0, len(NODE_ID) - 1)
    return (kind, *(draw(nodes if k in places else FIGURE) for k in range(len(COLUMNS[kind]))))


@st.composite
def record_lists(draw: st.DrawFn) -> list[Record]:
    commands = rows([kind for kind in COLUMNS if kind < FIRST_EVENT])
    events = rows([kind for kind in COLUMNS if kind >= FIRST_EVENT])
    count = draw(st.integers(0, 4))
    return [(draw(FIGURE), draw(commands), tuple(draw(st.lists(events, max_size=3)))) for _ in range(count)]


def plain(journal: Journal) -> list[tuple[int, int, Row, tuple[Row, ...]]]:
    return list(journal.records())


@given(records=record_lists(), is_closed=st.booleans())
def test_any_records_come_back_through_memory_and_both_files(
    tmp_path_factory: pytest.TempPathFactory, records: list[Record], is_closed: bool
) -> None:
    folder = tmp_path_factory.mktemp("journals")
    journal = Journal.from_records(HEADER, records, NODE_ID)
    journal.is_closed = is_closed
    assert journal.to_indices(NODE_ID) == records
    for suffix in SUFFIXES:
        path = folder / f"day{suffix}"
        journal.write(path)
        again = read_journal(path)
        assert plain(again) == plain(journal)
        assert again.header == HEADER
        assert again.closing_hash == journal.closing_hash
        assert again.is_closed is is_closed
        assert bool(again.warnings) is not is_closed


def test_places_are_ids_in_the_journal_and_indices_for_the_dispatcher() -> None:
    day = morning()
    journal = day.journal()
    # Request 1 goes from node 1 to node 3; the refusal of request 3 names node 1 as another pickup place.
    assert journal.columns(codec.TRIP_REQUESTED)["origin"][0] == 1001
    assert journal.columns(codec.TRIP_REQUESTED)["destination"][0] == 1003
    assert journal.columns(codec.TRIP_REFUSED)["other_place"].tolist() == [1001]
    assert journal.to_indices(NODE_ID) == day.records
    backwards = journal.to_indices(NODE_ID[::-1].copy())
    assert backwards[0][1][2:4] == (3, 1)  # node k stands where 4 - k stood


def test_places_of_another_network_are_named() -> None:
    with pytest.raises(JournalError, match="record 3: place of ArriveAtStop is 1001, a place that"):
        morning().journal().to_indices(np.arange(5, dtype=np.int64))
    with pytest.raises(JournalError, match="a place that the network does not have"):
        Journal.from_records(HEADER, morning().records, NODE_ID[:4])
    negative = [(0, (codec.ARRIVE_AT_STOP, 0, -1, 0, 0), ())]
    with pytest.raises(JournalError, match="record 1: place of ArriveAtStop is -1"):
        Journal.from_records(HEADER, negative, NODE_ID)


def test_columns_hold_every_row_of_a_kind_with_its_record() -> None:
    arrived = morning().journal().columns(codec.VEHICLE_ARRIVED)
    assert list(arrived) == ["seq", "at", "row", "vehicle", "place", "leg_m", "leg_s"]
    assert arrived["vehicle"].tolist() == [0, 0, 0, 1, 1]
    assert arrived["place"].tolist() == [1001, 1002, 1003, 1002, 1004]
    assert arrived["at"].tolist() == [EIGHT + 60, EIGHT + 220, EIGHT + 380, EIGHT + 600, EIGHT + 980]
    # Record 1 has three rows, record 2 two, so that the arrival of record 3 is row 6 (counted from 0).
    assert arrived["seq"][0] == 3
    assert arrived["row"][0] == 6
    assert not arrived["place"].flags.writeable
    assert morning().journal().columns(codec.VEHICLE_STOOD)["at"].shape == (0,)
    with pytest.raises(JournalError, match="row kind 99 is unknown"):
        morning().journal().columns(99)


def test_the_chain_is_sha256_over_the_integers_of_each_record() -> None:
    record: Record = (5, (codec.CANCEL_TRIP, 7), ((codec.TRIP_CANCELLED, 7, 0),))
    link = sha256(canonical(HEADER.to_json())).digest()
    assert first_link(HEADER) == link
    # Number 1, second 5, then both rows: kind and columns.
    figures = (1, 5, codec.CANCEL_TRIP, 7, codec.TRIP_CANCELLED, 7, 0)
    expected = sha256(
        link + b"".join(figure.to_bytes(8, "little", signed=True) for figure in figures)
    ).digest()
    assert links(link, table_of([record])) == [expected]
    assert Journal.from_records(HEADER, [record], NODE_ID).closing_hash == expected.hex()


def test_chain_of_a_batch_goes_on_where_the_one_before_ended() -> None:
    records = morning().records
    whole = links(first_link(HEADER), table_of(records))
    start = links(first_link(HEADER), table_of(records[:4]))
    assert start + links(start[-1], table_of(records[4:]), 5) == whole


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_equal_journals_are_written_as_equal_bytes(tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    morning().journal().write(first)
    morning().journal().write(second)
    assert first.read_bytes() == second.read_bytes()
    breakdown().journal().write(second)
    assert first.read_bytes() != second.read_bytes()


def test_both_files_carry_the_same_hash_and_copy_into_each_other(tmp_path: Path) -> None:
    journal = morning().journal()
    journal.write(tmp_path / "a.parquet")
    read_journal(tmp_path / "a.parquet").write(tmp_path / "b.jsonl")
    read_journal(tmp_path / "b.jsonl").write(tmp_path / "c.parquet")
    assert (tmp_path / "c.parquet").read_bytes() == (tmp_path / "a.parquet").read_bytes()


def test_parquet_can_be_read_as_a_plain_table(tmp_path: Path) -> None:
    morning().journal().write(tmp_path / "day.parquet")
    table: Any = pq.read_table(tmp_path / "day.parquet").to_pandas()
    boarded = table[table["kind"] == "RiderBoarded"]
    assert boarded["request"].tolist() == [1, 2]
    assert boarded["vehicle"].tolist() == [0, 0]
    assert boarded["arrived_s"].tolist() == [EIGHT + 60, EIGHT + 220]
    assert boarded["place"].isna().all()


def test_jsonl_spells_records_in_words(tmp_path: Path) -> None:
    Day().arrive(EIGHT, 0, 1, 1_000, 60).journal().write(tmp_path / "day.jsonl")
    lines = (tmp_path / "day.jsonl").read_text(encoding="utf-8").splitlines()
    arrived = '{"kind":"%s","vehicle":0,"place":1001,"leg_m":1000,"leg_s":60}'
    start = (
        f'{{"seq":1,"at":28800,"command":{arrived % "ArriveAtStop"},"events":[{arrived % "VehicleArrived"}],'
    )
    assert lines[1].startswith(start)
    assert lines[0].startswith('{"header":{"areas":["Ujiie","Kitsuregawa"],"date":"2026-11-24","format":1,')
    assert "手で書いた日" in lines[0]
    assert lines[2].startswith('{"closing":{"records":1},"hash":"')


def test_a_journal_of_no_records_is_a_journal(tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        Day().journal().write(tmp_path / f"day{suffix}")
        again = read_journal(tmp_path / f"day{suffix}")
        assert len(again) == 0
        assert plain(again) == []
        assert again.closing_hash == first_link(HEADER).hex()


def test_rows_that_are_none_are_refused() -> None:
    def build(*rows_: tuple[int, ...]) -> Journal:
        return Journal.from_records(
            HEADER, [(0, (codec.WAKE,), ()), (0, rows_[0], tuple(rows_[1:]))], NODE_ID
        )

    assert len(build((codec.CANCEL_TRIP, 1))) == 2
    with pytest.raises(JournalError, match="record 2 holds a row CancelTrip with 2 columns"):
        build((codec.CANCEL_TRIP, 1, 1))
    with pytest.raises(JournalError, match="record 2 holds a row of unknown kind 99"):
        build((99, 1))
    with pytest.raises(JournalError, match="record 2 holds a row of unknown kind 1000"):
        build((1000, 1))
    with pytest.raises(JournalError, match="record 2 has OffersExpired first, where a command is right"):
        build((codec.OFFERS_EXPIRED, 1))
    with pytest.raises(JournalError, match="record 2 has Wake later, where an event is right"):
        build((codec.WAKE,), (codec.WAKE,))


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    journal = morning().journal()
    (tmp_path / "taken.jsonl").mkdir()
    with pytest.raises(JournalError, match=r"taken.jsonl cannot be written"):
        journal.write(tmp_path / "taken.jsonl")
    with pytest.raises(JournalError, match="cannot be written"):
        journal.write(tmp_path / "missing" / "day.parquet")
    with pytest.raises(JournalError, match=r"ends with '\.csv'; a journal ends with \.parquet or \.jsonl"):
        journal.write(tmp_path / "day.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["taken.jsonl"]
