"""Conservation laws on days written by hand; each law fails alone where one thing is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from maas import conservation as laws
from maas.conservation import LAWS, LawResult, conservation
from maas.domain.commands import Wake
from maas.ledger import ledger_of
from maas.metrics import Metrics
from maas.store.journal import Journal
from tests.store_tests.journals import EIGHT, Day, breakdown, morning, offer

PROMISE = (EIGHT, EIGHT + 600, EIGHT + 900)


def results(day: Day) -> dict[str, LawResult]:
    return {result.law: result for result in conservation(day.journal())}


def broken(day: Day) -> dict[str, tuple[str, ...]]:
    return {law: result.breaches for law, result in results(day).items() if not result.holds}


@pytest.fixture
def unordered(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the first law found nothing, so that the others are asked."""
    monkeypatch.setattr(laws, "check_journal", lambda journal: [])


def ride(fare_yen: int = 300, leg: tuple[int, int] = (1_000, 60), party: tuple[int, int] = (1, 0)) -> Day:
    """Request 1 from place 1 to place 3: the van comes from place 0, and drives there in 200 s."""
    day = Day().ask(EIGHT, 1, 1, 3, offer(1, 0, PROMISE, fare_yen=fare_yen), party=party)
    day.book(EIGHT, 1, 0, PROMISE, fare_yen=fare_yen).arrive(EIGHT + leg[1], 0, 1, *leg)
    day.depart(EIGHT + 160, 0, 1, EIGHT + leg[1], up=(1,))
    return day.arrive(EIGHT + 360, 0, 3, 2_000, 200).depart(EIGHT + 400, 0, 3, EIGHT + 360, down=(1,))


@pytest.mark.parametrize("day", [morning(), breakdown(), ride(), Day()])
def test_sound_days_keep_every_law(day: Day) -> None:
    assert broken(day) == {}
    assert tuple(results(day)) == LAWS


def test_time_of_the_shift_is_spent_once() -> None:
    # van-1: 60 s to place 1, 100 s there (it leaves at 160), 200 s to place 3, 40 s there; 7,200 s in all.
    # taxi-1 waits for its whole shift of 3,600 s.
    book, idle = ledger_of(ride().journal()).vehicles
    assert (book.driving_s, book.visiting_s, book.waiting_s) == (260, 140, 7_200 - 400)
    assert (idle.driving_s, idle.visiting_s, idle.waiting_s) == (0, 0, 3_600)
    assert (book.overtime_s, book.failed_s) == (0, 0)


def test_riders_and_vehicles_count_the_same_load() -> None:
    # One person from 160 to 360 s, over 2,000 m; the drop-off visit is not part of the ride.
    ledger = ledger_of(ride().journal())
    assert ledger.vehicles[0].load_seconds == 200
    assert (ledger.vehicles[0].load_metres, ledger.vehicles[0].empty_m) == (2_000, 1_000)
    assert [(r.begin_s - EIGHT, r.end_s, r.begin_m, r.end_m) for r in ledger.rides] == [
        (160, EIGHT + 360, 1_000, 3_000)
    ]


def test_who_was_on_board_of_a_breakdown_is_counted() -> None:
    # Three persons board van-1, one of them again into the taxi: 4 = 1 who alights + 3 stranded.
    ledger = ledger_of(breakdown().journal())
    assert (ledger.boarded, ledger.alighted, ledger.stranded, ledger.aboard) == (4, 1, 3, 0)
    # Out of service from 260 s on; the shift lasts 7,200 s.
    assert ledger.vehicles[0].failed_s == 7_200 - 260


def test_shift_that_ends_late_has_overtime() -> None:
    late = ride().arrive(EIGHT + 7_300, 0, 0, 3_000, 300)
    assert broken(late) == {}
    assert results(late)["time"].figures["overtime_s"] == 100


def test_nothing_is_added_up_that_is_out_of_order() -> None:
    assert list(broken(ride().hear(EIGHT, Wake()))) == ["order"]
    assert list(results(ride().hear(EIGHT, Wake()))) == ["order"]


def test_fare_of_another_table_is_found() -> None:
    assert broken(ride(fare_yen=290)) == {"money": ("request 1 pays 290 yen; the fare table says 300",)}


@pytest.mark.parametrize(("seconds", "is_fast"), [(27, True), (28, False)])
def test_nobody_drives_faster_than_130_kph(seconds: int, is_fast: bool) -> None:
    # 1,000 m in 27 s are 133 km/h, in 28 s 129 km/h.
    found = broken(ride(leg=(1_000, seconds)))
    assert list(found) == (["distance"] if is_fast else [])


@pytest.mark.usefixtures("unordered")
def test_rider_who_never_alights_is_missed() -> None:
    day = Day().ask(EIGHT, 1, 1, 3, offer(1, 0, PROMISE)).book(EIGHT, 1, 0, PROMISE)
    day.arrive(EIGHT + 60, 0, 1, 1_000, 60).depart(EIGHT + 160, 0, 1, EIGHT + 60, up=(1,))
    assert broken(day) == {"riders": ("persons on board at the end are 1, it should be 0",)}


@pytest.mark.usefixtures("unordered")
def test_rider_who_alights_twice_is_found() -> None:
    day = ride().arrive(EIGHT + 500, 0, 4, 1_000, 100)
    found = broken(day.depart(EIGHT + 510, 0, 4, EIGHT + 500, down=(1,)))
    assert "record 8: request 1 alights from van-1 without being on board" in found["riders"]


@pytest.mark.usefixtures("unordered")
def test_second_that_is_spent_twice_is_found() -> None:
    # It stands at place 3 until 400 s, and has driven from 300 s on.
    found = broken(ride().arrive(EIGHT + 450, 0, 4, 1_000, 150))
    assert found["riders"] == (f"record 7: vehicle van-1 is booked until {EIGHT + 400} s, and again from"
                               f" {EIGHT + 300} s",)  # fmt: skip


@pytest.mark.usefixtures("unordered")
def test_load_beyond_the_capacity_is_found() -> None:
    # Eight seats, a wheelchair takes three: 6 + 3 = 9.
    assert broken(ride(party=(5, 1), fare_yen=1_800)) == {}
    assert broken(ride(party=(6, 1), fare_yen=2_100)) == {
        "capacity": (f"vehicle van-1 carries 6 seated and 1 wheelchairs at {EIGHT + 160} s",)
    }


@pytest.mark.parametrize(
    ("change", "law", "words"),
    [
        (lambda m: {"vehicle_km": m.vehicle_km + 0.001}, "distance", "metres driven are 3000, the legs make"),
        (lambda m: {"empty_km": m.empty_km + 1}, "distance", "metres driven empty are 1000"),
        (lambda m: {"passenger_km": 2.5}, "distance", "person-metres of legs are 2500"),
        (lambda m: {"driving_hours": 1.0}, "time", "driving seconds are 260, the legs last 3600"),
        (lambda m: {"refused": 1}, "riders", "request classes are 2, requests 1"),
        (lambda m: {"served_riders": 2}, "riders", "alighted persons are 1, served riders are 2"),
        (lambda m: {"fares_yen": 301}, "money", "fares in yen are 300, the metrics say 301"),
        (lambda m: {"cost_yen": m.cost_yen + 2}, "money", "cost is"),
        (lambda m: {"public_money_yen": 0}, "money", "public money in yen are 0"),
    ],
)  # fmt: skip
def test_figure_that_is_no_longer_the_journals_is_found(
    change: Callable[[Metrics], dict[str, float]], law: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = laws.metrics_of

    def false(journal: Journal) -> Metrics:
        metrics = true(journal)
        return replace(metrics, **change(metrics))  # type: ignore[arg-type]  # figures by name

    monkeypatch.setattr(laws, "metrics_of", false)
    found = broken(ride())
    assert list(found) == [law]
    assert found[law][0].startswith(words)
