"""Ratios over days in plain Python: the sums are divided, the spread comes from leaving out a day."""

from __future__ import annotations

from collections.abc import Sequence

Days = Sequence[tuple[float, float]]
"""What is divided on each day, and what it is divided by."""


def ratio(days: Days) -> float:
    """All that is divided over all that it is divided by."""
    return sum(above for above, _ in days) / sum(below for _, below in days)


def jackknife_error(first: Days, other: Days) -> float:
    """Standard error of `ratio(other) - ratio(first)` over the same days (Tukey 1958).

    Another way to the same end as the delta method: the two agree ever better the more days there are.
    """
    count = len(first)
    without = [
        ratio([*other[:k], *other[k + 1 :]]) - ratio([*first[:k], *first[k + 1 :]]) for k in range(count)
    ]
    mean = sum(without) / count
    return float(((count - 1) / count * sum((value - mean) ** 2 for value in without)) ** 0.5)


def delta_error(first: Days, other: Days) -> float:
    """The same by the delta method: what each day is off both ratios, over the mean of what is divided by."""
    count = len(first)
    gaps = [0.0] * count
    for sign, days in ((-1, first), (1, other)):
        at = ratio(days)
        mean_below = sum(below for _, below in days) / count
        for k, (above, below) in enumerate(days):
            gaps[k] += sign * (above - at * below) / mean_below
    return float((sum(gap**2 for gap in gaps) / (count - 1) / count) ** 0.5)
