"""What the answer of a study rests on: which assumptions move it, and in how many futures it stands.

Assumptions are the numbers for which the scenarios state a range (`scenarios.ranges`). A figure of a variant
is taken against the baseline at the same point, day by day, so that an assumption about both moves only what
it makes different.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenarios.ranges import HIGH, LOW
from scenarios.streams import generator
from simulation.comparison import CONFIDENCE, Estimate, estimate
from simulation.errors import ComparisonError
from simulation.ratios import common_values, day_values
from simulation.study_comparison import RESAMPLES
from simulation.study_outcome import StudyCase, StudyOutcome

_Z = 1.959963984540054
"""97.5 % point of the normal distribution."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bar:
    """How far one assumption moves the answer.

    Parameters
    ----------
    parameter
        Dotted key.
    low, high
        The ends of its range, in the variant's scenario or else in the baseline's.
    at_low, at_high, as_stated
        The difference to the baseline there.
    """

    parameter: str
    low: float
    high: float
    at_low: Estimate
    at_high: Estimate
    as_stated: Estimate

    @property
    def swing(self) -> float:
        """Length of the bar: from the smallest of the three means to the largest."""
        means = (self.at_low.mean, self.at_high.mean, self.as_stated.mean)
        return max(means) - min(means)


@dataclass(frozen=True, slots=True)
class FutureShare:
    """In how many futures a variant beats the baseline.

    Parameters
    ----------
    better, count
        Futures in which the mean over the days is better, and all that have the figure.
    enough
        Futures in which it is better by the study's threshold at least.
    low, high
        95 % interval of better / count.
    """

    better: int
    enough: int
    count: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """better / count; 0 where no future has the figure."""
        return self.better / self.count if self.count else 0.0

    @property
    def enough_share(self) -> float:
        """enough / count; 0 where no future has the figure."""
        return self.enough / self.count if self.count else 0.0


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The value of a parameter at which a variant and the baseline are level.

    Parameters
    ----------
    value
        Where the mean difference crosses 0 first, linear between the values of the grid; None if nowhere.
    low, high
        2.5th and 97.5th percentile over days drawn with replacement, of the draws that cross.
    crossing_share
        Share of the draws that cross anywhere.
    """

    value: float | None
    low: float | None
    high: float | None
    crossing_share: float


def has_ranges(outcome: StudyOutcome) -> bool:
    """Whether the study takes numbers over their ranges: too many cases to be shown one by one."""
    return any(axis.get("ranges") for axis in outcome.definition["grid"])


def other_variants(outcome: StudyOutcome) -> list[str]:
    """The variants beside the baseline, in the order of the study."""
    variants = dict.fromkeys(case.variant for case in outcome.cases)
    return [name for name in variants if name != outcome.definition["baseline"]]


def break_evens(outcome: StudyOutcome) -> Iterator[tuple[str, str, BreakEven | None]]:
    """(figure, variant, where it is level) along the only axis of a study, where that is one of numbers.

    Variants that are compared with a baseline of their own point; None where no day tells a figure at every
    point.
    """
    grid, baseline = outcome.definition["grid"], outcome.definition["baseline"]
    if len(grid) != 1 or not _is_numeric(grid[0]) or baseline in {case.name for case in outcome.cases}:
        return
    compared = {case.variant for case in outcome.cases if outcome.baseline(case.name) != case.name}
    for figure in outcome.definition["figures"]:
        for variant in other_variants(outcome):
            if variant in compared and figure in outcome.metrics.columns:
                yield figure, variant, break_even(outcome, figure, variant, grid[0]["name"])


def tornado(outcome: StudyOutcome, figure: str, variant: str) -> list[Bar]:
    """One bar an assumption, the longest first; without those at whose ends no day has the figure.

    Raises
    ------
    ComparisonError
        When the study does not take its numbers one at a time, or has no such variant or figure.
    """
    axis = range_axis(outcome, "one_at_a_time")
    cases = {case.point[axis]: case for case in _cases(outcome, variant) if axis in case.point}
    stated = _differences(outcome, figure, cases["stated"])
    if not stated:
        return []
    bars = []
    for name, case in cases.items():
        if not name.endswith(f"-{LOW}"):
            continue
        other = cases[name.removesuffix(LOW) + HIGH]
        (parameter,) = case.provenance["varied"]
        ends = [_differences(outcome, figure, end) for end in (case, other)]
        if all(ends):
            bars.append(
                Bar(
                    parameter,
                    _set_to(outcome, case, parameter),
                    _set_to(outcome, other, parameter),
                    estimate(ends[0]),
                    estimate(ends[1]),
                    estimate(stated),
                )
            )
    return sorted(bars, key=lambda bar: (-bar.swing, bar.parameter))


def share_of_futures(outcome: StudyOutcome, figure: str, variant: str) -> FutureShare:
    """Share of the futures in which a variant beats the baseline in a figure with a threshold.

    Futures without a day that has the figure on both sides are not counted.

    Raises
    ------
    ComparisonError
        When the study draws no futures, states no threshold for the figure, or has no such variant or figure.

    Notes
    -----
    The interval is Wilson's (1927): the futures are a sample of those that the ranges allow.
    """
    axis = range_axis(outcome, "futures")
    threshold = outcome.definition["thresholds"].get(figure)
    if threshold is None:
        raise ComparisonError(
            f"study {outcome.name} states no threshold for {figure}; say there which way is better"
        )
    sign = 1.0 if threshold["better"] == "higher" else -1.0
    days = [_differences(outcome, figure, case) for case in _cases(outcome, variant) if axis in case.point]
    means = [sign * estimate(differences).mean for differences in days if differences]
    better = sum(mean > 0 for mean in means)
    enough = sum(mean > 0 and mean >= threshold["by"] for mean in means)
    low, high = _wilson(better, len(means))
    return FutureShare(better, enough, len(means), low, high)


def break_even(outcome: StudyOutcome, figure: str, variant: str, axis: str) -> BreakEven | None:
    """Where along an axis of numbers a variant stops, or begins, to beat the baseline.

    None where no day has the figure at every point, on both sides.

    Raises
    ------
    ComparisonError
        When the axis has no numbers, or there is no such variant or figure.
    """
    said = next((each for each in outcome.definition["grid"] if each["name"] == axis), None)
    if said is None or not _is_numeric(said):
        raise ComparisonError(
            f"study {outcome.name}: axis {axis!r} has no two numbers to look between; give it some values"
        )
    values = list(said["values"])
    cases = [case for case in _cases(outcome, variant) if axis in case.point]
    if len(cases) != len(values):
        raise ComparisonError(
            f"study {outcome.name}: variant {variant!r} is taken at {len(cases)} points, axis {axis!r} has"
            f" {len(values)}; give a study with this axis alone"
        )
    days = np.array([_by_day(outcome, figure, case) for case in cases])
    days = days[:, ~np.isnan(days).any(axis=0)]
    if not days.shape[1]:
        return None
    order = np.argsort(values)
    places, days = np.array(values, np.float64)[order], days[order]
    random = generator(outcome.seeds[0], "break-even over days")
    drawn = [
        crossing(places, days[:, random.integers(0, days.shape[1], days.shape[1])].mean(axis=1))
        for _ in range(RESAMPLES if days.shape[1] > 1 else 0)
    ]
    found = [place for place in drawn if place is not None]
    low, high = np.quantile(found, [0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2]) if found else (None, None)
    return BreakEven(
        crossing(places, days.mean(axis=1)),
        None if low is None else float(low),
        None if high is None else float(high),
        len(found) / len(drawn) if drawn else 0.0,
    )


def crossing(places: Floats, heights: Floats) -> float | None:
    """Where a line through points first meets 0; None if nowhere.

    Parameters
    ----------
    places, heights
        Shape (n,), places rising.
    """
    for k in range(len(places)):
        if heights[k] == 0.0:
            return float(places[k])
        if k + 1 < len(places) and heights[k] * heights[k + 1] < 0:
            part = heights[k] / (heights[k] - heights[k + 1])
            return float(places[k] + part * (places[k + 1] - places[k]))
    return None


def range_axis(outcome: StudyOutcome, kind: str) -> str:
    """Name of the axis of ranges of a kind.

    Raises
    ------
    ComparisonError
        When the study has none.
    """
    for axis in outcome.definition["grid"]:
        if axis.get("ranges") == kind:
            return str(axis["name"])
    raise ComparisonError(f'study {outcome.name} has no axis with ranges = "{kind}"; add one to its grid')


def _cases(outcome: StudyOutcome, variant: str) -> Sequence[StudyCase]:
    found = [case for case in outcome.cases if case.variant == variant]
    if not found:
        names = ", ".join(dict.fromkeys(case.variant for case in outcome.cases))
        raise ComparisonError(f"study {outcome.name} has no variant {variant!r}; give one of {names}")
    return found


def _set_to(outcome: StudyOutcome, case: StudyCase, parameter: str) -> float:
    own: Mapping[str, float] = case.provenance["settings"]
    return own[parameter] if parameter in own else outcome.settings(outcome.baseline(case.name))[parameter]


def _differences(outcome: StudyOutcome, figure: str, case: StudyCase) -> list[float]:
    days = _by_day(outcome, figure, case)
    return [float(day) for day in days[~np.isnan(days)]]


def _by_day(outcome: StudyOutcome, figure: str, case: StudyCase) -> Floats:
    """What each day says of the figure (`simulation.ratios.day_values`), less the same of the baseline at the
    same point (not less anything where the case is the baseline); NaN where a day lacks it."""
    if figure not in outcome.metrics.columns:
        raise ComparisonError(f"{outcome.folder}: no day has the figure {figure!r}; name another one")
    baseline = outcome.baseline(case.name)
    if baseline == case.name:
        return day_values(figure, outcome.columns(case.name))
    days, base = common_values(figure, outcome.columns(case.name), outcome.columns(baseline))
    difference: Floats = days - base
    return difference


def _wilson(hits: int, count: int) -> tuple[float, float]:
    if not count:
        return 0.0, 1.0
    share = hits / count
    centre = share + _Z**2 / (2 * count)
    reach = _Z * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    whole = 1 + _Z**2 / count
    return max(0.0, (centre - reach) / whole), min(1.0, (centre + reach) / whole)


def _is_numeric(axis: Mapping[str, Any]) -> bool:
    """Whether an axis of the grid has two numbers or more to look between; true and false are none."""
    values = axis["values"] or []
    return len(values) > 1 and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in values
    )
