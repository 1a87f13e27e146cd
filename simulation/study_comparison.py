"""Cases of a study against the case they are compared with: by how much, how surely, and is it enough.

Means and ratios are compared day by day, over days with the same riders and traffic (paired, Student's t); a
ratio is that of the sums of all days, and a day says of it what `simulation.ratios` takes it for. Medians and
95th percentiles are those of all served requests of all days together; their intervals come from drawing
days, never riders, with replacement, since riders of one day share its traffic and its vehicles.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from scenarios.streams import generator
from simulation.comparison import CONFIDENCE, Estimate, estimate, estimate_known
from simulation.errors import ComparisonError
from simulation.ratios import common_values, day_values
from simulation.study_outcome import StudyOutcome

POOLED: Final[Mapping[str, tuple[str, float]]] = {
    "wait_median_s": ("wait_s", 0.5),
    "wait_p95_s": ("wait_s", 0.95),
}
"""Figures that are quantiles over served requests: the column of the requests table, and the share below."""

RESAMPLES: Final = 2_000
MOST_DAYS: Final = 1_000_000

Mark = Literal["better", "worse", "open"]
"""The whole interval better than the threshold; the whole interval worse than no difference; neither."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Effect:
    """One figure of one case beside that of its baseline.

    Parameters
    ----------
    figure, case, baseline
        Names.
    value, base
        The figure in the case and in the baseline, over the days that both have it.
    difference
        Value minus base with its 95 % interval.
    p
        Two-sided, of no difference; None after a single day.
    p_holm
        The same, corrected for all effects that the study tells (Holm 1979).
    mark
        Against the study's threshold; None where the study states none or a single day says nothing.
    days_needed
        Days after which half the interval would be about as long as the threshold; None without a threshold,
        or for a quantile.
    """

    figure: str
    case: str
    baseline: str
    value: float
    base: float
    difference: Estimate
    p: float | None
    p_holm: float | None = None
    mark: Mark | None = None
    days_needed: int | None = None

    @property
    def is_clear(self) -> bool:
        """Whether it differs from nothing, with all effects of the study in mind."""
        return self.p_holm is not None and self.p_holm < 1 - CONFIDENCE


@dataclass(frozen=True)
class StudyComparison:
    """Every effect that a study is about, case by case and figure by figure."""

    effects: tuple[Effect, ...]

    @cached_property
    def by_key(self) -> Mapping[tuple[str, str], Effect]:
        """Effects by (case, figure); baselines, and figures that no common day has, are not in it."""
        return {(effect.case, effect.figure): effect for effect in self.effects}


def compare_study(outcome: StudyOutcome, figures: Sequence[str] | None = None) -> StudyComparison:
    """Every case against its baseline, in the figures that the study names or in others.

    Figures of the study that no day has (nobody was served, say) are left out.

    Raises
    ------
    ComparisonError
        When one of the other figures is not in the outcome.
    """
    known_keys = outcome.metrics.columns
    keys = [key for key in outcome.definition["figures"] if key in known_keys] if figures is None else figures
    unknown = next((key for key in keys if key not in known_keys), None)
    if unknown is not None:
        raise ComparisonError(f"{outcome.folder}: no day has the figure {unknown!r}; name another one")
    found = []
    for case in outcome.cases:
        baseline = outcome.baseline(case.name)
        if baseline == case.name:
            continue
        for key in keys:
            effect = _effect(outcome, case.name, baseline, key)
            if effect is not None:
                found.append(effect)
    known = [k for k, effect in enumerate(found) if effect.p is not None]
    for k, p in zip(known, holm([found[k].p or 0.0 for k in known]), strict=True):
        found[k] = replace(found[k], p_holm=p)
    return StudyComparison(tuple(found))


def holm(p_values: Sequence[float]) -> list[float]:
    """P values corrected for their number: the chance that any of them is called clear without reason stays
    below the level at which they are read.

    Notes
    -----
    Step-down procedure of Holm (1979); uniformly sharper than Bonferroni's, and as general.
    """
    order = sorted(range(len(p_values)), key=lambda k: p_values[k])
    adjusted, least = [0.0] * len(p_values), 0.0
    for rank, k in enumerate(order):
        least = max(least, min(1.0, (len(p_values) - rank) * p_values[k]))
        adjusted[k] = least
    return adjusted


def paired_p(differences: Sequence[float]) -> float | None:
    """Two-sided p of no mean difference, by Student's paired t; None after a single day."""
    count = len(differences)
    if count < 2:
        return None
    mean = math.fsum(differences) / count
    variance = math.fsum((value - mean) ** 2 for value in differences) / (count - 1)
    if variance == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    from scipy import stats

    return float(2.0 * stats.t.sf(abs(mean) / math.sqrt(variance / count), count - 1))


def days_needed(differences: Sequence[float], half_width: float) -> int | None:
    """Days after which half the 95 % interval of the mean would be at most `half_width`.

    The spread is taken from the days at hand; None with fewer than two of them, `MOST_DAYS` at most.

    Raises
    ------
    ComparisonError
        When `half_width` is not above 0.
    """
    if not half_width > 0:
        raise ComparisonError(f"wanted half-width is {half_width}; give more than 0")
    count = len(differences)
    if count < 2:
        return None
    mean = math.fsum(differences) / count
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in differences) / (count - 1))
    from scipy import stats

    low, high = 2, MOST_DAYS
    while low < high:
        middle = (low + high) // 2
        reach = float(stats.t.ppf(0.5 + CONFIDENCE / 2, middle - 1)) * spread / math.sqrt(middle)
        low, high = (low, middle) if reach <= half_width else (middle + 1, high)
    return low


def quantile_difference(
    values: Sequence[Floats], base: Sequence[Floats], share: float, random: np.random.Generator
) -> tuple[float, float, Estimate, float | None]:
    """A quantile over the values of all days together, beside that of the same days under another case.

    Parameters
    ----------
    values, base
        Values of each day; day k of both met the same riders and traffic.
    share
        0.5 for the median.
    random
        Draws the days.

    Returns
    -------
    The two quantiles, their difference with the 2.5th and 97.5th percentile of `RESAMPLES` differences over
    days drawn with replacement, both sides the same ones, and a two-sided p.

    Notes
    -----
    Percentile bootstrap over clusters (Davison and Hinkley 1997, section 3.8). Quantiles interpolate linearly
    (type 7 of Hyndman and Fan 1996).
    """
    count = len(values)
    sides = [_sorted_with_days(side) for side in (values, base)]
    whole = np.ones(count, np.int64)
    at, under = (_quantile(side, whole, share) for side in sides)
    if count < 2:
        return at, under, Estimate(at - under, None, None, count), None
    drawn = np.empty(RESAMPLES)
    for k in range(RESAMPLES):
        times = np.bincount(random.integers(0, count, count), minlength=count)
        drawn[k] = _quantile(sides[0], times, share) - _quantile(sides[1], times, share)
    drawn = drawn[~np.isnan(drawn)]
    low, high = np.quantile(drawn, [0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2])
    below, above = np.count_nonzero(drawn <= 0), np.count_nonzero(drawn >= 0)
    p = min(1.0, 2.0 * (min(below, above) + 1) / (len(drawn) + 1))
    return at, under, Estimate(at - under, float(low), float(high), count), float(p)


def pooled_quantile(outcome: StudyOutcome, case: str, key: str) -> float | None:
    """A figure of `POOLED` over the served requests of all days of a case; None without any."""
    column, share = POOLED[key]
    days = _served(outcome, case, column)
    value = _quantile(_sorted_with_days(days), np.ones(len(days), np.int64), share)
    return None if math.isnan(value) else value


def mark_of(difference: Estimate, threshold: Mapping[str, Any] | None) -> Mark | None:
    """How a difference stands to a threshold (`scenarios.study_definition.Threshold` as JSON)."""
    if threshold is None or difference.low is None or difference.high is None:
        return None
    sign = 1.0 if threshold["better"] == "higher" else -1.0
    least, most = sorted((sign * difference.low, sign * difference.high))
    if least >= threshold["by"] and least > 0:
        return "better"
    return "worse" if most < 0 else "open"


def _effect(outcome: StudyOutcome, case: str, baseline: str, key: str) -> Effect | None:
    threshold = outcome.definition["thresholds"].get(key)
    if key in POOLED:
        column, share = POOLED[key]
        days = [_served(outcome, name, column) for name in (case, baseline)]
        if not all(any(len(day) for day in side) for side in days):
            return None
        random = generator(outcome.seeds[0], "bootstrap over days", int(100 * share))
        value, base, difference, p = quantile_difference(days[0], days[1], share, random)
        mark = mark_of(difference, threshold)
        return Effect(key, case, baseline, value, base, difference, p, mark=mark)
    ours, theirs = common_values(key, outcome.columns(case), outcome.columns(baseline))
    is_known = ~np.isnan(ours)
    if not is_known.any():
        return None
    ours, theirs = ours[is_known], theirs[is_known]
    differences = (ours - theirs).tolist()
    difference = estimate(differences)
    by = 0.0 if threshold is None else float(threshold["by"])
    return Effect(
        key,
        case,
        baseline,
        estimate(ours.tolist()).mean,
        estimate(theirs.tolist()).mean,
        difference,
        paired_p(differences),
        mark=mark_of(difference, threshold),
        days_needed=days_needed(differences, by) if by > 0 else None,
    )


def figure_of(outcome: StudyOutcome, case: str, key: str) -> Estimate | None:
    """A figure of a case over its days, with its interval; of a figure of `POOLED` the value alone.

    None where no day has it.

    Raises
    ------
    ComparisonError
        When no day has what a ratio is divided by.
    """
    if key in POOLED:
        value = pooled_quantile(outcome, case, key)
        return None if value is None else Estimate(value, None, None, len(outcome.seeds))
    if key not in outcome.metrics.columns:
        return None
    return estimate_known(day_values(key, outcome.columns(case)))


def _served(outcome: StudyOutcome, case: str, column: str) -> list[Floats]:
    """Values of the served requests of each day."""
    table = outcome.requests(case)
    served = table[(table["status"] == "done") & table[column].notna()]
    seeds = served["seed"].to_numpy(np.int64)
    values = served[column].to_numpy(np.float64)
    return [values[seeds == seed] for seed in outcome.seeds]


def _sorted_with_days(days: Sequence[Floats]) -> tuple[Floats, NDArray[np.intp]]:
    """All values in rising order, and the day of each."""
    values = np.concatenate(days)
    day = np.repeat(np.arange(len(days)), [len(each) for each in days])
    order = np.argsort(values, kind="stable")
    return values[order], day[order]


def _quantile(side: tuple[Floats, NDArray[np.intp]], times: NDArray[np.int64], share: float) -> float:
    """Quantile where the values of day k stand `times[k]` times; NaN without values."""
    values, day = side
    upto = np.cumsum(times[day])
    count = int(upto[-1]) if len(upto) else 0
    if count == 0:
        return math.nan
    place = share * (count - 1)
    below = math.floor(place)
    first, second = np.searchsorted(upto, [below, min(below + 1, count - 1)], "right")
    return float(values[first] + (place - below) * (values[second] - values[first]))
