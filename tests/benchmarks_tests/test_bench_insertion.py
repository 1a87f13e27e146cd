"""The cases of the insertion benchmark, its reference, and the figures to reach."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import bench_insertion
from benchmarks.bench_insertion import measure
from benchmarks.exhaustive_insertion import exhaustive_search
from benchmarks.insertion_cases import KINDS, BusyFleet, InsertionCase, TooFewStopsError
from benchmarks.insertion_figures import Timing, goals, rows_of
from routing import fleet_tables as ft
from routing.travel_times import DenseTravelTimes
from tests.builders import grid_network
from tests.reference.insertion import best_insertion

SMALL = InsertionCase(12, 8, 7200)


@pytest.fixture(scope="module")
def times() -> DenseTravelTimes:
    return DenseTravelTimes.build(grid_network(8, 6, 30))


@pytest.fixture(scope="module")
def fleet(times: DenseTravelTimes) -> BusyFleet:
    return BusyFleet(times, SMALL, seed=7)


def timing(**changed: object) -> Timing:
    found: dict[str, object] = {
        "network": "sakura", "case": "300x20", "kind": "ahead", "warm_s": [2e-4, 1e-4, 3e-4],
        "cold_s": [4e-4], "exhaustive_s": [0.01], "found": 1.0, "wrong": 0,
    }  # fmt: skip
    return Timing(**(found | changed))  # type: ignore[arg-type]  # names and types as above


def test_every_route_is_full_and_some_vehicles_are_on_the_road(fleet: BusyFleet) -> None:
    rows = fleet.book.tables.vehicles[: SMALL.vehicles]
    assert (rows[:, ft.STOPS] >= SMALL.stops).all()
    assert (rows[:, ft.DUE] >= fleet.now).all()
    is_driving = (rows[:, ft.GOAL] != ft.NOWHERE) & (rows[:, ft.LEAVE] < fleet.now)
    assert is_driving.any()


def test_same_seed_gives_the_same_fleet(times: DenseTravelTimes, fleet: BusyFleet) -> None:
    again, other = BusyFleet(times, SMALL, seed=7), BusyFleet(times, SMALL, seed=8)
    assert np.array_equal(again.book.tables.stops, fleet.book.tables.stops)
    assert not np.array_equal(other.book.tables.stops, fleet.book.tables.stops)


def test_a_route_that_cannot_be_filled_is_named(times: DenseTravelTimes) -> None:
    with pytest.raises(TooFewStopsError, match=r"of 60 stops .* give a longer horizon than 600 s"):
        BusyFleet(times, InsertionCase(1, 60, 600))


@pytest.mark.parametrize("kind", KINDS)
def test_search_and_exhaustive_search_answer_as_the_oracle(
    times: DenseTravelTimes, fleet: BusyFleet, kind: str
) -> None:
    for ask in fleet.requests(kind, 8):
        expected = best_insertion(fleet.book.tables, times, ask)
        for found in (fleet.book.search(ask), exhaustive_search(fleet.book, ask)):
            if expected is None or found is None:
                assert (expected, found) == (None, None)
                continue
            assert (found.cost, found.vehicle) == (expected.cost, expected.vehicle)
            assert (found.pickup_index, found.dropoff_index) == (expected.i, expected.j)
            assert (found.pickup_s, found.dropoff_s) == (expected.pickup_s, expected.dropoff_s)


def test_search_is_exhaustive_where_many_vehicles_compete(times: DenseTravelTimes) -> None:
    fleet = BusyFleet(times, InsertionCase(150, 6, 3600), seed=3)
    for kind in KINDS:
        for ask in fleet.requests(kind, 100):
            assert fleet.book.search(ask) == exhaustive_search(fleet.book, ask)


def test_times_are_medians_and_goals_are_scaled_by_the_yardstick() -> None:
    (goal,) = goals([timing(), timing(case="9x9")], rod_s=0.072)  # twice the 36 ms
    assert goal.found == pytest.approx(200)
    assert goal.bound == pytest.approx(240)  # twice 120 us
    assert goal.is_reached
    (unscaled,) = goals([timing()], rod_s=None)
    assert unscaled.bound == pytest.approx(120)
    assert not unscaled.is_reached


def test_rows_of_the_history() -> None:
    warm, cold, exhaustive, rod = rows_of([timing()], rod_s=0.04)
    assert (warm.name, warm.unit, warm.repetitions) == ("sakura/300x20/ahead/warm", "us", 3)
    assert warm.ratio == pytest.approx(0.005)  # 200 us / 40 ms
    assert cold.value == pytest.approx(400)
    assert (exhaustive.ratio, exhaustive.ratio_to, exhaustive.better) == (pytest.approx(50), "maas", "more")
    assert rod.value == pytest.approx(40)


def test_measured_answers_agree(times: DenseTravelTimes) -> None:
    now, ahead = measure("grid", times, SMALL, 5)
    assert (now.name, ahead.name) == ("grid/12x8/now", "grid/12x8/ahead")
    assert (now.wrong, ahead.wrong) == (0, 0)
    assert len(ahead.warm_s) == len(ahead.cold_s) == len(ahead.exhaustive_s) == 5


def test_run_with_a_wrong_answer_is_void(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench_insertion, "measure", lambda *_: [timing(wrong=2)])
    monkeypatch.setattr(bench_insertion.DenseTravelTimes, "build", lambda _: None)
    history = tmp_path / "insertion.jsonl"
    chosen = ["--networks", "sakura", "--data", str(tmp_path), "--history", str(history)]
    assert bench_insertion.main(chosen) == 1
    assert "sakura/300x20/ahead: 2 answers are not the cheapest" in capsys.readouterr().err
    assert not history.exists()


def test_network_that_is_not_there_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench_insertion.main(["--networks", "campo_grande", "--data", str(tmp_path)]) == 1
    assert "campo_grande: left out" in capsys.readouterr().err
