"""Ratios over days: sums are divided, days are the sample, both sides of a difference meet the same days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from maas.metrics import Metrics
from scenarios.study_definition import load_study
from simulation.comparison import Sample, compare, estimate, estimates
from simulation.errors import ComparisonError
from simulation.ratios import RATIOS, common_values, day_values, linearised, ratio_of
from simulation.study_comparison import compare_study, figure_of
from simulation.study_outcome import StudyOutcome
from simulation.study_runs import run_study
from tests.reference.ratio_of_sums import delta_error, jackknife_error, ratio
from tests.simulation_tests.studies import STUDY, write_study

YEN = "public_money_per_trip_yen"


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> StudyOutcome:
    folder = tmp_path_factory.mktemp("ratios")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAAS_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
        study = load_study(write_study(folder / "in", STUDY))
        return run_study(study, folder / "out", replications=6).outcome


def columns(days: Mapping[str, Sequence[float]]):  # type: ignore[no-untyped-def] # Columns
    return lambda key: np.array(days[key], np.float64) if key in days else None


def test_ratio_of_sums_by_hand() -> None:
    # 9,000 yen for 30 riders and for 10: 18,000 / 40 = 450. Off it by 9,000 - 450 x 30 = -4,500 and +4,500;
    # over 20 riders a day -225 and +225. Spread sqrt(2 x 225^2 / 1), error 225; t with 1 degree 12.7062.
    values = linearised(np.array([9000.0, 9000.0]), np.array([30.0, 10.0]))
    assert values.tolist() == [225.0, 675.0]
    found = estimate(values.tolist())
    assert found.mean == 450.0
    assert found.half_width == pytest.approx(12.7062 * 225, rel=1e-5)


def test_day_without_riders_costs_what_it_costs() -> None:
    days = {"public_money_yen": [6000, 2000], "served_riders": [8, 0], YEN: [750, np.nan]}
    assert day_values(YEN, columns(days)).mean() == pytest.approx(8000 / 8)


def test_day_without_served_requests_says_nothing_of_their_wait() -> None:
    days = {"wait_mean_s": [60, np.nan, 120], "served": [3, 0, 1]}
    assert day_values("wait_mean_s", columns(days)).mean() == pytest.approx((3 * 60 + 1 * 120) / 4)


def test_nothing_to_divide_by_on_any_day_is_no_figure() -> None:
    days = {"public_money_yen": [6000, 2000], "served_riders": [0, 0]}
    assert np.isnan(day_values(YEN, columns(days))).all()
    assert (
        estimates([{"public_money_yen": 6000, "served_riders": 0, "cost_yen": 6000}])["cost_yen"].mean == 6000
    )


def test_what_a_ratio_divides_by_must_be_there() -> None:
    with pytest.raises(
        ComparisonError, match="no day has the figure 'served', by which wait_mean_s is reckon"
    ):
        day_values("wait_mean_s", columns({"wait_mean_s": [60]}))


def test_other_figures_are_those_of_the_days() -> None:
    days = {"served": [3, np.nan, 5]}
    assert day_values("served", columns(days)).tolist()[::2] == [3, 5]


def test_ratios_are_compared_over_the_days_that_both_have() -> None:
    # Day 2 lacks the second side: 100 / 10 + 300 / 10 on the first are 400 / 20.
    first = {"public_money_yen": [100, 999, 300], "served_riders": [10, 3, 10]}
    other = {"public_money_yen": [100, np.nan, 100], "served_riders": [5, np.nan, 20]}
    ours, theirs = common_values(YEN, columns(first), columns(other))
    assert np.isnan(ours).tolist() == np.isnan(theirs).tolist() == [False, True, False]
    assert (np.nanmean(ours), np.nanmean(theirs)) == pytest.approx((20, 8))


@given(st.lists(st.tuples(*(st.integers(1000, 9000), st.integers(1, 60)) * 2), min_size=3, max_size=12))
def test_error_of_a_difference_is_the_oracles(days: list[tuple[int, int, int, int]]) -> None:
    first, other = [day[:2] for day in days], [day[2:] for day in days]
    parts = np.array(days, np.float64).T
    gaps = linearised(parts[2], parts[3]) - linearised(parts[0], parts[1])
    found = estimate(gaps.tolist())
    assert found.mean == pytest.approx(ratio(other) - ratio(first), abs=1e-6)
    reach = float(stats.t.ppf(0.975, len(days) - 1)) * delta_error(first, other)
    assert found.half_width == pytest.approx(reach, rel=1e-6, abs=1e-6)


def test_error_is_near_the_jackknifes() -> None:
    random = np.random.default_rng(11)
    first = [(51_900.0 + yen, float(riders)) for yen, riders in zip(
        random.normal(0, 3000, 40), random.poisson(27, 40), strict=True)]  # fmt: skip
    other = [(192_600.0, float(riders)) for riders in random.poisson(107, 40)]
    assert delta_error(first, other) == pytest.approx(jackknife_error(first, other), rel=0.03)


def test_interval_holds_the_known_ratio_where_the_mean_of_daily_ratios_misses_it() -> None:
    # 50,000 yen a day over 8 riders in the mean (Poisson) is 6,250 yen a rider. The daily ratios have mean
    # 50,000 x E[1 / riders], 15 % above it. 400 series of 120 days; 95 % +- 3.3 points at three errors.
    random = np.random.default_rng(3)
    hits = daily_hits = 0
    for _ in range(400):
        riders = np.maximum(random.poisson(8, 120), 1).astype(np.float64)
        yen = np.full(120, 50_000.0)
        truth = 50_000 / (8 + np.exp(-8))  # a day without riders counts as one here: E[max(X, 1)]
        for values, is_daily in ((linearised(yen, riders), False), (yen / riders, True)):
            found = estimate(values.tolist())
            assert found.low is not None
            assert found.high is not None
            is_hit = found.low <= truth <= found.high
            hits, daily_hits = hits + (is_hit and not is_daily), daily_hits + (is_hit and is_daily)
    assert hits / 400 > 0.95 - 0.033
    assert daily_hits / 400 < 0.5


def test_every_figure_that_may_be_undefined_is_a_ratio_or_an_order_statistic() -> None:
    # What a day can lack is divided by something, or is taken from values that may not be there.
    undefined = {field.name for field in fields(Metrics) if "None" in str(field.type)}
    assert undefined - set(RATIOS) == {"wait_median_s", "wait_p95_s", "lateness_max_s"}
    known = {field.name for field in fields(Metrics)}
    for key in undefined & set(RATIOS):
        said = RATIOS[key]
        assert {*said.below, *said.above} <= known


def test_groups_and_choices_have_their_own_sums() -> None:
    wait = ratio_of("by_area.Kitsuregawa.wait_mean_s")
    assert wait is not None
    assert wait.below == ("by_area.Kitsuregawa.served",)
    share = ratio_of("choice.shares_by_age_band.75+.service")
    assert share is not None
    assert share.below == ("choice.outings_by_age_band.75+",)
    assert ratio_of("by_area.Kitsuregawa.wait_p95_s") is None


def test_a_study_tells_what_one_long_day_would_tell(outcome: StudyOutcome) -> None:
    case = "two.notice-20"
    requests, days = outcome.requests(case), outcome.by_case[case]
    done = requests[requests["status"] == "done"]
    late = done.loc[done["lateness_s"] > 0, "lateness_s"].astype(float)
    km, hours = days["vehicle_km"].sum(), days["vehicle_hours"].sum()
    told = {
        "served_share": len(done) / len(requests),
        "wait_mean_s": done["wait_s"].astype(float).mean(),
        "in_vehicle_mean_s": done["in_vehicle_s"].astype(float).mean(),
        "detour_ratio": done["in_vehicle_s"].sum() / done["direct_s"].sum(),
        "riders_per_vehicle_hour": done["riders"].sum() / hours,
        "empty_km_share": days["empty_km"].sum() / km,
        YEN: days["public_money_yen"].sum() / done["riders"].sum(),
        **({"lateness_mean_s": late.mean()} if len(late) else {}),
    }
    for key, value in told.items():
        found = figure_of(outcome, case, key)
        assert found is not None
        assert found.mean == pytest.approx(value), key


def test_a_study_compares_ratios_of_sums_on_the_same_days(outcome: StudyOutcome) -> None:
    key = "in_vehicle_mean_s"
    effect = compare_study(outcome, [key]).by_key["two.notice-20", key]
    sides = []
    for case in ("one", "two.notice-20"):
        done = outcome.requests(case)
        done = done[done["status"] == "done"]
        by_day = done.groupby("seed")["in_vehicle_s"]
        assert list(by_day.groups) == list(outcome.seeds)
        sides.append(list(zip(by_day.sum().astype(float), by_day.count().astype(float), strict=True)))
    assert effect.difference.mean == pytest.approx(ratio(sides[1]) - ratio(sides[0]))
    assert effect.value - effect.base == pytest.approx(effect.difference.mean)
    error = delta_error(sides[0], sides[1])
    assert error > 0
    assert effect.difference.half_width == pytest.approx(float(stats.t.ppf(0.975, 5)) * error)
    assert effect.p == pytest.approx(2 * stats.t.sf(abs(effect.difference.mean) / error, 5))
    samples = [outcome.sample("one"), outcome.sample("two.notice-20")]
    assert compare(samples).differences[1][key].estimate == effect.difference


def test_series_of_other_days_are_compared_by_their_own_sums() -> None:
    first = Sample("a", {1: {"requests": 10, "served": 5, "served_share": 0.5},
                         2: {"requests": 30, "served": 3, "served_share": 0.1}})  # fmt: skip
    other = Sample("b", {8: {"requests": 10, "served": 8, "served_share": 0.8},
                         9: {"requests": 10, "served": 6, "served_share": 0.6}})  # fmt: skip
    found = compare([first, other]).differences[1]["served_share"]
    assert not found.is_paired
    assert found.estimate.mean == pytest.approx(14 / 20 - 8 / 40)
