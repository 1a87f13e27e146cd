"""Figures that are ratios, over several days: the sums of all days are divided.

Yen a rider is all yen over all riders. The mean of the days' own ratios is another figure: a day with few
riders counts in it as much as one with many, and it stays beside the ratio of the expectations however many
days there are (Cochran 1977, Sampling Techniques, section 2.11 and chapter 6).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulation.errors import ComparisonError

Floats = NDArray[np.float64]

Columns = Callable[[str], Floats | None]
"""Values of a figure by its key: float64, shape (days,), NaN on days without it; None where no day has it."""

_EXACT: Final = 1e-12
"""Relative error of a product of doubles, and a reserve: what a day is off the ratio by less, it is not."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """What a figure of a day divides by what: keys of other figures, each side added up.

    Parameters
    ----------
    below
        What it divides by.
    above
        What it divides; empty where no figure tells it: it is then the figure times what it divides by.
    """

    below: tuple[str, ...]
    above: tuple[str, ...] = ()


RATIOS: Final[Mapping[str, Ratio]] = {
    "served_share": Ratio(("requests",), ("served",)),
    "served_riders_share": Ratio(("requested_riders",), ("served_riders",)),
    "wait_mean_s": Ratio(("served",)),
    "stop_wait_mean_s": Ratio(("served",)),
    "in_vehicle_mean_s": Ratio(("served",)),
    "detour_ratio": Ratio(("direct_hours",)),
    "promises_kept_share": Ratio(("promises_due",)),
    "lateness_mean_s": Ratio(("late",)),
    "empty_km_share": Ratio(("vehicle_km",), ("empty_km",)),
    "mean_occupancy": Ratio(("vehicle_km",), ("passenger_km",)),
    "shared_riders_share": Ratio(("served_riders",)),
    "shared_km_share": Ratio(("vehicle_km",)),
    "grouped_riders_share": Ratio(("served_riders",)),
    "riders_per_vehicle_hour": Ratio(("vehicle_hours",), ("served_riders",)),
    "runs_empty_share": Ratio(("runs_scheduled",)),
    "cost_recovery": Ratio(("cost_yen",), ("fares_yen",)),
    "public_money_per_trip_yen": Ratio(("served_riders",), ("public_money_yen",)),
    "call_centre.wait_mean_s": Ratio(("call_centre.calls",)),
    "call_centre.served_share": Ratio(("requests", "call_centre.lost_requests"), ("served",)),
    "call_centre.served_riders_share": Ratio(
        ("requested_riders", "call_centre.lost_riders"), ("served_riders",)
    ),
    "choice.service_share_expected": Ratio(("choice.outings",)),
}
"""By the key of the figure. What is divided by the same on every day (`call_centre.occupancy`) is none."""

_GROUPS: Final = ("by_age_band.", "by_area.", "by_channel.")
_OF_GROUPS: Final = {"served_share": Ratio(("requests",), ("served",)), "wait_mean_s": Ratio(("served",))}
_SHARES: Final = "choice.shares."
_SHARES_BY_AGE: Final = "choice.shares_by_age_band."


def ratio_of(key: str) -> Ratio | None:
    """What a figure divides; None where it is a sum, a count or a quantile of the day."""
    head, _, last = key.rpartition(".")
    if key.startswith(_GROUPS) and last in _OF_GROUPS:
        said = _OF_GROUPS[last]
        return Ratio(
            tuple(f"{head}.{name}" for name in said.below), tuple(f"{head}.{name}" for name in said.above)
        )
    if key.startswith(_SHARES):
        return Ratio(("choice.outings",))
    if key.startswith(_SHARES_BY_AGE):
        return Ratio((f"choice.outings_by_age_band.{head.removeprefix(_SHARES_BY_AGE)}",))
    return RATIOS.get(key)


def linearised(above: Floats, below: Floats) -> Floats:
    """A value for each day: their mean is the ratio of the sums, their spread is that of the ratio.

    Parameters
    ----------
    above, below
        float64, shape (days,). What is divided and what it is divided by on each day.

    Returns
    -------
    float64, shape (days,); NaN where the sum below is 0.

    Notes
    -----
    With R the ratio of the sums, day d has R + (above_d - R below_d) / mean of below: the linear part of R
    (delta method). Their variance over the number of days is the usual estimate of the variance of a ratio
    (Cochran 1977, section 2.11; Law 2015, Simulation Modeling and Analysis, section 9.5.3), and the
    difference of two such values on one day is what the day says of the difference of two ratios, paired.
    """
    whole = below.sum()
    if whole == 0:
        return np.full(len(below), np.nan)
    ratio = above.sum() / whole
    rest = above - ratio * below
    rest[np.abs(rest) <= _EXACT * np.abs(above)] = 0.0
    found: Floats = ratio + rest * (len(below) / whole)
    return found


def day_values(key: str, columns: Columns) -> Floats:
    """What each day says of a figure over all of them: its mean is the figure, its spread that of the figure.

    Returns
    -------
    float64, shape (days,). For a ratio `linearised`, else the figure of the day; NaN on days that tell
    nothing.

    Raises
    ------
    ComparisonError
        When no day has the figure, or what it is divided by.
    """
    (found,) = common_values(key, columns)
    return found


def common_values(key: str, *sides: Columns) -> tuple[Floats, ...]:
    """`day_values` of a figure in several outcomes over the same days, from the days that all of them have.

    Raises
    ------
    ComparisonError
        When no day has the figure, or what it is divided by.
    """
    parts = [_parts(key, columns) for columns in sides]
    is_known = np.all([~np.isnan(part).any(axis=0) for part in parts], axis=0)
    found = []
    for part in parts:
        values = np.full(part.shape[1], np.nan)
        known = part[:, is_known]
        values[is_known] = linearised(known[0], known[1]) if len(known) == 2 else known[0]
        found.append(values)
    if np.any([np.isnan(values).all() for values in found]):
        found = [np.full(len(values), np.nan) for values in found]
    return tuple(found)


def _parts(key: str, columns: Columns) -> Floats:
    """Shape (2, days): above and below of a ratio; shape (1, days): values of any other figure."""
    ratio = ratio_of(key)
    if ratio is None:
        return _column(key, key, columns)[None, :]
    below = np.sum([_column(key, name, columns) for name in ratio.below], axis=0)
    if ratio.above:
        above = np.sum([_column(key, name, columns) for name in ratio.above], axis=0)
    else:
        # A day with nothing to divide by has no ratio, and nothing to divide.
        above = np.where(below == 0, 0.0, _column(key, key, columns) * below)
    return np.array([above, below])


def _column(key: str, name: str, columns: Columns) -> Floats:
    found = columns(name)
    if found is None:
        why = "" if name == key else f", by which {key} is reckoned"
        raise ComparisonError(f"no day has the figure {name!r}{why}; name another figure, or simulate again")
    return found
