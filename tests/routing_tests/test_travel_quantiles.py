"""Quantiles of travel times: what they promise, and that planning with them stays sound."""

from __future__ import annotations

import numpy as np
import pytest

from routing.errors import ProblemError
from routing.fleet_tables import CLOSED_S
from routing.network import ROAD_CLASSES
from routing.road_book import RoadBook
from routing.travel_quantiles import QUANTILES, quantile_s
from routing.travel_times import DenseTravelTimes
from scenarios.traffic import SLOT_S, SLOTS, TrafficModel
from tests.builders import line_network, random_network

HOUR_S = 3600


def one(planned_s: int, sigma: float, percent: int) -> int:
    return int(quantile_s(np.array([planned_s]), sigma, SLOT_S, percent)[0])


def test_a_short_drive_has_nearly_the_quantile_of_one_slot() -> None:
    # 60 s in slots of 900 s: at most exp(1.28155 x 0.1 - 0.005) = 1.131 of it, a little less as the drive
    # crosses a border of slots once in 15: 60 x 1.130 = 67.8.
    assert one(60, 0.1, 90) == 68
    assert one(0, 0.1, 90) == 0


def test_without_spread_a_quantile_is_the_planned_time() -> None:
    planned = np.arange(5000)
    assert (quantile_s(planned, 0.0, SLOT_S, 99) == planned).all()


@pytest.mark.parametrize("sigma", [0.05, 0.1, 0.3])
@pytest.mark.parametrize("planned_s", [300, 900, 3000])
@pytest.mark.parametrize("percent", [60, 80, 90, 95])
def test_drives_under_drawn_traffic_keep_the_quantile_as_often_as_it_says(
    sigma: float, planned_s: int, percent: int
) -> None:
    """Half-minute arcs of one road class, driven at any second of many days."""
    arcs = planned_s // 30
    network = line_network(arcs + 1, 30)
    times = DenseTravelTimes.build(network)
    assert times.seconds(0, arcs) == planned_s
    limit_s = one(planned_s, sigma, percent)
    rng = np.random.default_rng(planned_s)
    kept = 0
    draws = 0
    for seed in range(150):
        factors = TrafficModel.even(sigma).realised_factors(seed)
        for leaves_s in rng.integers(HOUR_S, (SLOTS - 16) * SLOT_S, 10).tolist():
            arrives_ms = times.drive(0, arcs, leaves_s * 1000, 2**40, factors, SLOT_S)[1]
            kept += arrives_ms <= leaves_s * 1000 + limit_s * 1000 + 500
            draws += 1
    # 1,500 draws, ten a day: three standard deviations are at most 3 x sqrt(0.24 / 1500) = 0.038.
    assert kept / draws >= percent / 100 - 0.04
    if limit_s > planned_s:
        assert kept / draws <= percent / 100 + 0.04


@pytest.mark.parametrize("sigma", [0.03, 0.1, 0.5, 1.0])
def test_quantiles_rise_with_the_probability_and_with_the_drive(sigma: float) -> None:
    planned = np.arange(20_000)
    before = planned
    for percent in QUANTILES:
        later = quantile_s(planned, sigma, SLOT_S, percent)
        assert (later >= before).all()
        assert (np.diff(later) >= 0).all()
        before = later


@pytest.mark.parametrize(("sigma", "percent"), [(0.1, 90), (0.3, 95), (1.0, 55), (1.0, 99)])
def test_the_quantile_of_a_whole_is_at_most_that_of_its_parts(sigma: float, percent: int) -> None:
    """Else a detour would look shorter than the way itself, and bounds of the insertion would lie."""
    rng = np.random.default_rng(7)
    parts = rng.integers(0, 4000, (20_000, 2))
    whole = quantile_s(parts.sum(axis=1), sigma, SLOT_S, percent)
    # One second for the rounding of three figures.
    assert (whole <= quantile_s(parts, sigma, SLOT_S, percent).sum(axis=1) + 1).all()


def test_a_way_through_a_closed_road_stays_one_and_no_other_becomes_one() -> None:
    later = quantile_s(np.array([CLOSED_S - 1, CLOSED_S, CLOSED_S + 60]), 0.1, SLOT_S, 90)
    assert later.tolist() == [CLOSED_S - 1, CLOSED_S, CLOSED_S + 68]


def test_tables_of_quantiles_follow_the_same_paths() -> None:
    network = random_network(3)
    tables = DenseTravelTimes.build(network).tables
    book = RoadBook(network, DenseTravelTimes(network, tables))
    quantiles = book.quantiles(0.2, SLOT_S, 90)
    later = quantiles.of(tables)
    assert later is quantiles.of(tables)
    assert quantiles is book.quantiles(0.2, SLOT_S, 90)
    assert later.next_arc is tables.next_arc
    assert (later.to_s == quantile_s(tables.to_s, 0.2, SLOT_S, 90)).all()
    assert (later.from_s == later.to_s.T).all()
    assert later.to_s.dtype == tables.to_s.dtype == np.uint16
    assert not later.to_s.flags.writeable
    assert not later.from_s.flags.writeable


def test_tables_that_outgrow_small_integers_become_larger_ones() -> None:
    network = line_network(3, 32_000)
    tables = DenseTravelTimes.build(network).tables
    assert tables.to_s.dtype == np.uint16
    later = RoadBook(network, DenseTravelTimes(network, tables)).quantiles(1.0, 100_000, 99).of(tables)
    assert later.to_s.dtype == np.int32
    assert (later.to_s == quantile_s(tables.to_s, 1.0, 100_000, 99)).all()


@pytest.mark.parametrize("percent", [0, 50, 100])
def test_a_quantile_that_is_none_is_refused(percent: int) -> None:
    with pytest.raises(ProblemError, match=rf"quantile of travel times is {percent} %; give 51 to 99"):
        one(10, 0.1, percent)


@pytest.mark.parametrize("sigma", [-0.1, 1.1, float("nan")])
def test_a_spread_that_is_none_is_refused(sigma: float) -> None:
    with pytest.raises(ProblemError, match=r"travel times spread by .* give 0 to 1"):
        one(10, sigma, 90)


def test_the_spread_that_a_service_knows_is_that_of_the_class_that_varies_most() -> None:
    spread = TrafficModel((0.05, 0.1234, *(0.0,) * (len(ROAD_CLASSES) - 2))).spread
    assert (spread.sigma_per_mille, spread.slot_s) == (124, SLOT_S)
