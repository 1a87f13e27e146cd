"""Means, intervals and paired differences, against numbers worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.comparison import (
    Sample,
    compare,
    difference,
    estimate,
    estimates,
    flattened,
    mean_figures,
)
from simulation.errors import ComparisonError

T_2 = 4.302653  # 97.5 % point of Student's t with 2 degrees of freedom, from a printed table
T_1 = 12.706205  # the same with 1 degree


def test_interval_is_students_t_around_the_mean() -> None:
    # Days 1, 2, 6: mean 3; deviations -2, -1, 3; variance (4 + 1 + 9) / 2 = 7; reach t * sqrt(7 / 3).
    found = estimate([1.0, 2.0, 6.0])
    reach = T_2 * (7 / 3) ** 0.5
    assert found.mean == pytest.approx(3.0)
    assert (found.low, found.high) == pytest.approx((3 - reach, 3 + reach), rel=1e-6)
    assert found.half_width == pytest.approx(reach, rel=1e-6)
    assert found.count == 3


def test_one_day_has_a_mean_and_no_interval() -> None:
    found = estimate([5.0])
    assert (found.mean, found.low, found.high, found.half_width, found.count) == (5.0, None, None, None, 1)


def test_no_day_is_refused() -> None:
    with pytest.raises(ComparisonError, match="give at least one"):
        estimate([])


def test_equal_days_have_an_interval_of_no_length() -> None:
    found = estimate([0.1] * 7)
    assert found.low == found.mean == found.high == pytest.approx(0.1)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20))
def test_interval_surrounds_its_mean(values: list[float]) -> None:
    found = estimate(values)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.mean <= found.high


def test_a_day_without_a_figure_does_not_count_for_it() -> None:
    found = estimates([{"a": 1.0, "b": 10.0}, {"a": 3.0}])
    assert found["a"].mean == 2.0
    assert (found["b"].mean, found["b"].count) == (10.0, 1)


def test_paired_difference_takes_the_days_of_equal_seed() -> None:
    # By seed: 2 - 1 = 1 and 13 - 10 = 3; mean 2, variance 2, reach t * sqrt(2 / 2) = t. Seed 9 is alone.
    found = difference({1: 1.0, 2: 10.0}, {2: 13.0, 1: 2.0, 9: 500.0})
    assert found is not None
    assert found.is_paired
    assert found.estimate.mean == pytest.approx(2.0)
    assert found.estimate.low == pytest.approx(2 - T_1, rel=1e-6)
    assert not found.is_clear


def test_pairing_finds_a_difference_far_smaller_than_the_spread_of_days() -> None:
    first = {seed: 100.0 * seed for seed in range(5)}
    other = {seed: value + 1 + 0.01 * (seed % 2) for seed, value in first.items()}
    found = difference(first, other)
    assert found is not None
    assert found.is_clear
    assert found.estimate.mean == pytest.approx(1.004)  # three days of +1.00, two of +1.01


def test_one_common_day_gives_a_difference_without_an_interval() -> None:
    found = difference({4: 10.0}, {4: 12.5})
    assert found is not None
    assert found.is_paired
    assert (found.estimate.mean, found.estimate.low) == (2.5, None)
    assert not found.is_clear


def test_days_without_common_seeds_are_compared_as_independent() -> None:
    # Welch with equal sizes and variances 2: reach t(2) * sqrt(2/2 + 2/2); means 2 and 12.
    found = difference({1: 1.0, 2: 3.0}, {3: 11.0, 4: 13.0})
    assert found is not None
    assert not found.is_paired
    assert found.estimate.mean == pytest.approx(10.0)
    assert found.estimate.low == pytest.approx(10 - T_2 * 2**0.5, rel=1e-6)


def test_a_figure_that_one_side_lacks_has_no_difference() -> None:
    assert difference({}, {1: 1.0}) is None


def test_each_outcome_is_set_against_the_first() -> None:
    samples = [
        Sample("today", {1: {"requests": 50}, 2: {"requests": 70}}),
        Sample("on_demand", {1: {"requests": 90, "vehicle_km": 10.0}, 2: {"requests": 90}}),
    ]
    found = compare(samples)
    assert found.names == ("today", "on_demand")
    assert found.differences[0] == {}
    assert found.differences[1]["requests"].estimate.mean == pytest.approx(30)
    assert "vehicle_km" not in found.differences[1]
    document = found.to_json()["on_demand"]
    assert document["figures"]["requests"]["mean"] == pytest.approx(90)
    assert document["differences_to_first"]["requests"]["is_paired"] is True


def test_one_outcome_alone_and_one_given_twice_are_refused() -> None:
    one = Sample("today", {1: {"requests": 1.0}})
    with pytest.raises(ComparisonError, match="two or more"):
        compare([one])
    with pytest.raises(ComparisonError, match="today is given twice"):
        compare([one, one])


def test_flattening_keeps_numbers_by_dotted_key() -> None:
    nested = {"requests": 3, "wait_mean_s": None, "refusals": {"too_late": 2}, "title": "x", "is_even": True}
    assert flattened(nested) == {"requests": 3, "refusals.too_late": 2}


def test_mean_figures_keep_the_form_of_one_day() -> None:
    days: list[dict[str, Any]] = [
        {"requests": 2, "wait_p95_s": None, "by_area": {"Ujiie": {"requests": 1}}},
        {"requests": 4, "wait_p95_s": 30.0, "by_area": {"Ujiie": {"requests": 2}}},
    ]
    assert mean_figures(days) == {
        "requests": 3.0,
        "wait_p95_s": 30.0,
        "by_area": {"Ujiie": {"requests": 1.5}},
    }
    assert mean_figures(days[:1]) == days[0]
    assert mean_figures([days[0], days[0]])["wait_p95_s"] is None


def test_mean_of_a_ratio_is_that_of_the_sums() -> None:
    # 30 riders for 9,000 yen, then 10 for 9,000: 18,000 / 40 = 450, where the days say 300 and 900.
    days = [
        {"served_riders": 30, "public_money_yen": 9000, "public_money_per_trip_yen": 300.0},
        {"served_riders": 10, "public_money_yen": 9000, "public_money_per_trip_yen": 900.0},
    ]
    assert mean_figures(days)["public_money_per_trip_yen"] == pytest.approx(450)
    assert estimates(days)["public_money_per_trip_yen"].mean == pytest.approx(450)
    assert estimates(days[:1])["public_money_per_trip_yen"].mean == 300.0
