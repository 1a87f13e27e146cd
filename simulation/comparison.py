"""Figures over replications, their intervals, and differences between outcomes that met the same riders.

A figure that is a ratio is that of the sums of all days (`simulation.ratios`); any other is the mean of the
days, so that a 95th percentile is a mean of daily ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulation.errors import ComparisonError
from simulation.ratios import Columns, Floats, common_values, day_values

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over `count` days and its 95 % confidence interval; the ends are None after a single day.

    `mean` is the mean of the days, or of a ratio that of the sums.
    """

    mean: float
    low: float | None
    high: float | None
    count: int

    @property
    def half_width(self) -> float | None:
        """Half the length of the interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2


@dataclass(frozen=True, slots=True)
class Difference:
    """Distance of a figure from that of the first outcome; `is_paired` if taken day by day, by seed."""

    estimate: Estimate
    is_paired: bool

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves zero out."""
        low, high = self.estimate.low, self.estimate.high
        return low is not None and high is not None and (low > 0 or high < 0)


@dataclass(frozen=True, slots=True)
class Sample:
    """The figures of one outcome: of each day by seed, flat by key (see `flattened`)."""

    name: str
    days: Mapping[int, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Outcomes side by side.

    Parameters
    ----------
    names
        Of the outcomes, in the order given.
    estimates
        One mapping an outcome: figure -> mean and interval.
    differences
        One mapping an outcome: figure -> difference to the first; empty for the first.
    """

    names: tuple[str, ...]
    estimates: tuple[Mapping[str, Estimate], ...]
    differences: tuple[Mapping[str, Difference], ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON document."""
        return {
            name: {
                "figures": {key: estimate_json(value) for key, value in figures.items()},
                "differences_to_first": {
                    key: {**estimate_json(value.estimate), "is_paired": value.is_paired}
                    for key, value in differences.items()
                },
            }
            for name, figures, differences in zip(self.names, self.estimates, self.differences, strict=True)
        }


def estimate(values: Sequence[float]) -> Estimate:
    """Mean and 95 % interval of independent days, by Student's t with n - 1 degrees of freedom.

    Raises
    ------
    ComparisonError
        If there is no value.
    """
    count = len(values)
    if count == 0:
        raise ComparisonError("there is no day to take a mean over; give at least one")
    mean = math.fsum(values) / count
    if count == 1:
        return Estimate(mean, None, None, 1)
    reach = student_t(count - 1) * math.sqrt(_variance(values, mean) / count)
    return Estimate(mean, mean - reach, mean + reach, count)


def estimate_known(values: Floats) -> Estimate | None:
    """`estimate` of the days that have a value; None where none has (`simulation.ratios.day_values`)."""
    known = values[~np.isnan(values)]
    return estimate(known.tolist()) if len(known) else None


def estimates(days: Sequence[Mapping[str, float]]) -> dict[str, Estimate]:
    """Estimate of every figure, in the order of first appearance, over the days that have it.

    Raises
    ------
    ComparisonError
        When no day has what a ratio is divided by.
    """
    columns = _columns(days)
    found = {key: estimate_known(day_values(key, columns)) for day in days for key in day}
    return {key: value for key, value in found.items() if value is not None}


def difference(first: Mapping[int, float], other: Mapping[int, float]) -> Difference | None:
    """Other minus first, for one figure by seed; None if either has no day.

    Days of equal seed are paired. With fewer than two of them, and more days on both sides, the samples are
    taken as independent (Welch 1947).
    """
    if not first or not other:
        return None
    common = _common_seeds(first, other)
    if common:
        return Difference(estimate([other[seed] - first[seed] for seed in common]), is_paired=True)
    return Difference(_welch(list(first.values()), list(other.values())), is_paired=False)


def compare(samples: Sequence[Sample]) -> Comparison:
    """Outcomes side by side, each against the first.

    Raises
    ------
    ComparisonError
        With fewer than two outcomes, or two of one name.
    """
    names = tuple(sample.name for sample in samples)
    refuse_wrong_choice(names)
    first = samples[0]
    differences: list[dict[str, Difference]] = [{}]
    for sample in samples[1:]:
        found = {key: _difference(first, sample, key) for key in _keys(sample) if key in _keys(first)}
        differences.append({key: value for key, value in found.items() if value is not None})
    return Comparison(
        names, tuple(estimates(list(sample.days.values())) for sample in samples), tuple(differences)
    )


def refuse_wrong_choice(names: Sequence[str]) -> None:
    """Raise `ComparisonError` unless there are two or more names, each once."""
    if len(names) < 2:
        raise ComparisonError(f"{len(names)} outcome given; give two or more to compare")
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise ComparisonError(f"{repeated} is given twice; give each outcome once, under its own name")


def flattened(figures: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """The numbers of nested figures by dotted key: {"refusals": {"too_late": 3}} -> {"refusals.too_late": 3}.

    Figures that a day does not have (null), texts and lists are left out.
    """
    flat: dict[str, float] = {}
    for key, value in figures.items():
        if isinstance(value, Mapping):
            flat |= flattened(value, f"{prefix}{key}.")
        elif _is_number(value):
            flat[f"{prefix}{key}"] = value
    return flat


def mean_figures(days: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Nested figures over several days, number by number as `estimates`; those of a single day as they are.

    A number that no day has is None; anything else is that of the first day that has it.
    """
    if len(days) == 1:
        return dict(days[0])
    return _filled(days, estimates([flattened(day) for day in days]), "")


def _filled(days: Sequence[Mapping[str, Any]], means: Mapping[str, Estimate], prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in dict.fromkeys(key for day in days for key in day):
        values = [day[key] for day in days if day.get(key) is not None]
        if values and all(isinstance(value, Mapping) for value in values):
            found[key] = _filled(values, means, f"{prefix}{key}.")
        elif f"{prefix}{key}" in means:
            found[key] = means[f"{prefix}{key}"].mean
        else:
            found[key] = values[0] if values else None
    return found


def estimate_json(value: Estimate) -> dict[str, float | None]:
    """`mean`, `ci95_low` and `ci95_high`; the ends null where one day says nothing about spread."""
    return {"mean": value.mean, "ci95_low": value.low, "ci95_high": value.high}


def _keys(sample: Sample) -> dict[str, None]:
    return dict.fromkeys(key for day in sample.days.values() for key in day)


def _columns(days: Sequence[Mapping[str, float]]) -> Columns:
    """The figures of days by key, each made once."""
    made: dict[str, Floats | None] = {}

    def column(key: str) -> Floats | None:
        if key not in made:
            is_known = any(key in day for day in days)
            made[key] = np.array([day.get(key, np.nan) for day in days]) if is_known else None
        return made[key]

    return column


def _difference(first: Sample, other: Sample, key: str) -> Difference | None:
    """`difference` of a figure. Where days are paired, a ratio is that of the sums of these days alone."""
    sides = [_by_seed(sample, key) for sample in (first, other)]
    common = _common_seeds(*sides)
    if common:
        values = common_values(
            key, *(_columns([each.days[seed] for seed in common]) for each in (first, other))
        )
        sides = [dict(zip(common, each.tolist(), strict=True)) for each in values]
        sides = [{seed: value for seed, value in side.items() if value == value} for side in sides]
    return difference(*sides)


def _common_seeds(first: Mapping[int, float], other: Mapping[int, float]) -> list[int]:
    """The days on which two outcomes are paired; none where they are taken as independent."""
    common = [seed for seed in first if seed in other]
    return common if len(common) >= 2 or min(len(first), len(other)) == 1 else []


def _by_seed(sample: Sample, key: str) -> dict[int, float]:
    """What each day says of a figure, without the days that say nothing."""
    values = day_values(key, _columns(list(sample.days.values())))
    return {seed: value for seed, value in zip(sample.days, values.tolist(), strict=True) if value == value}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _welch(first: Sequence[float], other: Sequence[float]) -> Estimate:
    """Difference of two independent means; the degrees of freedom after Welch and Satterthwaite."""
    n, m = len(first), len(other)
    mean_first, mean_other = math.fsum(first) / n, math.fsum(other) / m
    gap = mean_other - mean_first
    if min(n, m) == 1:
        return Estimate(gap, None, None, 1)
    a, b = _variance(first, mean_first) / n, _variance(other, mean_other) / m
    if a + b == 0.0:
        return Estimate(gap, gap, gap, min(n, m))
    freedom = (a + b) ** 2 / (a**2 / (n - 1) + b**2 / (m - 1))
    reach = student_t(freedom) * math.sqrt(a + b)
    return Estimate(gap, gap - reach, gap + reach, min(n, m))


def _variance(values: Sequence[float], mean: float) -> float:
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


def student_t(freedom: float) -> float:
    """97.5 % point of Student's t. Imported here: a study of one day saves the half second that it costs."""
    from scipy import stats

    return float(stats.t.ppf(0.5 + CONFIDENCE / 2, freedom))
