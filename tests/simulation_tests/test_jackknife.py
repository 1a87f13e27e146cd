from __future__ import annotations

import numpy as np
import pytest

from simulation.comparison import estimate
from simulation.jackknife import estimate_columns, jackknife_interval


def test_interval_of_a_mean_of_days_is_the_usual_one() -> None:
    days = np.array([3.0, 5.0, 4.0, 9.0])
    without = np.array([[(days.sum() - day) / 3 for day in days]])
    low, high = jackknife_interval(np.array([days.mean()]), without)
    usual = estimate(days.tolist())
    assert (low[0], high[0]) == pytest.approx((usual.low, usual.high))


def test_interval_of_a_ratio_by_hand() -> None:
    # Served of asked on two days: 1 of 2 and 3 of 4, together 4/6. Without the first day 3/4, without the
    # second 1/2: gaps of 1/8 from their mean, variance (2 - 1) / 2 x 2 / 64 = 1/64; t is 12.706.
    low, high = jackknife_interval(np.array([4 / 6]), np.array([[3 / 4, 1 / 2]]))
    assert (high[0] - low[0]) / 2 == pytest.approx(12.7062 / 8, rel=1e-5)


def test_one_day_and_a_figure_that_a_day_undoes_have_no_interval() -> None:
    low, high = jackknife_interval(np.array([0.5]), np.array([[0.5]]))
    assert np.isnan([low[0], high[0]]).all()
    low, high = jackknife_interval(np.array([0.5]), np.array([[0.5, np.nan, 0.4]]))
    assert np.isnan([low[0], high[0]]).all()


def test_columns_end_where_the_figure_must() -> None:
    columns = estimate_columns("share", np.array([[4 / 6, 3 / 4, 1 / 2]]), low=0.0, high=1.0)
    assert {name: value.tolist() for name, value in columns.items()} == {
        "share": [4 / 6],
        "share_low": [0.0],
        "share_high": [1.0],
    }
