"""Intervals of figures that are no means of days: the jackknife over days."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulation.comparison import student_t

Float64s = npt.NDArray[np.float64]


def jackknife_interval(value: Float64s, without_day: Float64s) -> tuple[Float64s, Float64s]:
    """Ends of the 95 % interval of figures that are computed from all days together.

    Parameters
    ----------
    value
        float64, shape (k,). From all days.
    without_day
        float64, shape (k, days). The same figures from all days but one.

    Returns
    -------
    Two float64 arrays of shape (k,); NaN with fewer than two days, or where a figure is not defined without
    one of them.

    Notes
    -----
    Tukey (1958): the variance is (n - 1) / n times the sum of squared distances of the figures without a day
    from their mean; Student's t with n - 1 degrees of freedom. For a mean of days it is the usual interval.
    It is meant for shares and other smooth figures, not for medians.
    """
    days = without_day.shape[1]
    if days < 2:
        nothing = np.full(value.shape, np.nan)
        return nothing, nothing.copy()
    gaps = without_day - without_day.mean(axis=1, keepdims=True)
    reach = student_t(days - 1) * np.sqrt((gaps**2).sum(axis=1) * (days - 1) / days)
    return value - reach, value + reach


def estimate_columns(name: str, by_day: Float64s, *, low: float, high: float) -> dict[str, Float64s]:
    """A figure and the ends of its interval, as columns `name`, `name_low`, `name_high`.

    Parameters
    ----------
    by_day
        float64, shape (k, 1 + days). From all days, then without each of them.
    low, high
        What the figure can be; the interval ends there.
    """
    first, last = jackknife_interval(by_day[:, 0], by_day[:, 1:])
    return {
        name: by_day[:, 0],
        f"{name}_low": np.clip(first, low, high),
        f"{name}_high": np.clip(last, low, high),
    }
