"""How long arcs take by the hour of the day: factors on planned times by road class and road.

A day is cut into K periods. Within a period every arc has one planned time, so that each period is a set of
weights of its own (`period_weights`); what happens across the borders is the business of
`routing.time_of_day`.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from routing.errors import ProfileError
from routing.network import ROAD_CLASSES, Network
from routing.quantities import UNREACHABLE
from routing.road_references import reference_arcs
from routing.weighted_graph import LARGEST_WEIGHT, checked_weights

DAY_S: Final = 86_400
_HOUR_S: Final = 3600
_HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class SpeedPeriod:
    """A part of the day with one factor for each road class, and others for single roads.

    Parameters
    ----------
    begin_s, end_s
        Seconds of the day, 0 to 86,400; the end is the first second that is no longer meant. A night that
        runs over midnight is two periods.
    class_factors
        Factors on planned arc times, one a road class (order of `ROAD_CLASSES`); 1.0 = as planned, 1.3 = the
        arc takes 30 % longer.
    reference_factors
        (road reference, factor): what holds on that road in place of the factor of its class. Where two of
        the roads share a stretch, the larger factor holds.

    Raises
    ------
    ProfileError
        When the period is empty or leaves the day, or a factor is not a positive number.
    """

    begin_s: int
    end_s: int
    class_factors: tuple[float, ...]
    reference_factors: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.begin_s < self.end_s <= DAY_S:
            raise ProfileError(
                f"a period goes from {self.begin_s} s to {self.end_s} s; give a begin before an end"
                f" within 0 to {DAY_S} s, and two periods for a night over midnight"
            )
        if len(self.class_factors) != len(ROAD_CLASSES):
            raise ProfileError(
                f"period {self.span} has {len(self.class_factors)} class factors;"
                f" give one for each of {', '.join(ROAD_CLASSES)}"
            )
        references = [reference for reference, _ in self.reference_factors]
        twice = next((one for one in references if references.count(one) > 1), None)
        if twice is not None:
            raise ProfileError(f"period {self.span} names road {twice!r} twice; give one factor")
        named = [*zip(ROAD_CLASSES, self.class_factors, strict=True), *self.reference_factors]
        for name, factor in named:
            if not (math.isfinite(factor) and factor > 0):
                raise ProfileError(
                    f"period {self.span} has the factor {factor} for {name};"
                    " give a number above 0, 1 = as planned"
                )

    @property
    def span(self) -> str:
        """The period as people write it: 07:00-09:00."""
        return f"{_clock(self.begin_s)}-{_clock(self.end_s)}"


@dataclass(frozen=True, slots=True)
class SpeedProfiles:
    """Factors on planned arc times for a whole day, repeated every day.

    Parameters
    ----------
    periods
        Cover 00:00 to 24:00 once; kept in order of time.
    source
        Where the factors come from, in words that reports show.
    is_assumed
        True if nobody measured them.

    Raises
    ------
    ProfileError
        When the periods leave a gap or overlap, named in the message, or `source` is empty.
    """

    periods: tuple[SpeedPeriod, ...]
    source: str
    is_assumed: bool

    def __post_init__(self) -> None:
        object.__setattr__(self, "periods", tuple(sorted(self.periods, key=lambda one: one.begin_s)))
        if not self.source.strip():
            raise ProfileError("the speed profile has no source; say where its factors come from")
        covered_s, before = 0, ""
        for period in self.periods:
            if period.begin_s > covered_s:
                raise _gap(covered_s, period.begin_s)
            if period.begin_s < covered_s:
                raise ProfileError(
                    f"period {period.span} of the speed profile overlaps {before};"
                    f" let it begin at {_clock(covered_s)}"
                )
            covered_s, before = period.end_s, period.span
        if covered_s < DAY_S:
            raise _gap(covered_s, DAY_S)

    @classmethod
    def from_hours(
        cls,
        class_hours: Mapping[str, Sequence[float]],
        reference_hours: Mapping[str, Sequence[float]] | None = None,
        *,
        source: str,
        is_assumed: bool,
    ) -> SpeedProfiles:
        """Profiles from 24 factors for each road class, and for roads that differ from their class.

        Hours that follow one another with the same factors become one period.

        Raises
        ------
        ProfileError
            When a road class is missing or unknown, or a row does not hold 24 positive numbers.
        """
        roads = {} if reference_hours is None else reference_hours
        wrong = sorted(set(class_hours) ^ set(ROAD_CLASSES))
        if wrong:
            fault = "missing" if wrong[0] in ROAD_CLASSES else "unknown"
            raise ProfileError(f"road class {wrong[0]!r} is {fault}; give {', '.join(ROAD_CLASSES)}")
        for name, row in [*class_hours.items(), *roads.items()]:
            if len(row) != _HOURS:
                raise ProfileError(
                    f"{name} has {len(row)} hourly factors; give {_HOURS}, the first for 00:00 to 01:00"
                )
        periods: list[SpeedPeriod] = []
        for hour in range(_HOURS):
            by_class = tuple(float(class_hours[name][hour]) for name in ROAD_CLASSES)
            by_road = tuple((name, float(row[hour])) for name, row in roads.items())
            begin_s = hour * _HOUR_S
            if periods and (by_class, by_road) == (periods[-1].class_factors, periods[-1].reference_factors):
                begin_s = periods.pop().begin_s
            periods.append(SpeedPeriod(begin_s, (hour + 1) * _HOUR_S, by_class, by_road))
        return cls(tuple(periods), source, is_assumed)

    def period_at(self, at_s: int) -> int:
        """Index of the period of a second on the journal's axis, negative ones and later days included."""
        return bisect_right([period.begin_s for period in self.periods], at_s % DAY_S) - 1

    def borders_s(self) -> npt.NDArray[np.int64]:
        """int64, shape (K + 1,). Seconds of the day at which periods begin, and the end of the day."""
        return np.array([*(period.begin_s for period in self.periods), DAY_S], np.int64)


def period_weights(
    network: Network, profiles: SpeedProfiles, base_ms: npt.ArrayLike | None = None
) -> npt.NDArray[np.int32]:
    """Planned time of every arc in every period.

    Parameters
    ----------
    base_ms
        int32, shape (m,). Milliseconds that the factors multiply, by default the `travel_ms` of the network;
        `UNREACHABLE` = closed, and stays closed.

    Returns
    -------
    int32, shape (K, m), read-only. Milliseconds, rounded half-up, at least 1; the rows are weights of
    `Hierarchy.customise`.

    Raises
    ------
    NoSuchRoadError
        When a profile names a road that the network does not have.
    ProfileError
        When a time grows beyond what a weight may be.
    WeightError
        When `base_ms` are no weights.
    """
    base = checked_weights(network.travel_ms if base_ms is None else base_ms, network.arc_count)
    weights = np.empty((len(profiles.periods), network.arc_count), np.int32)
    for row, period in zip(weights, profiles.periods, strict=True):
        factor = np.array(period.class_factors)[network.road_class]
        for arcs, own in _by_road(network, period):
            factor[arcs] = own
        row[:] = scaled_weights(base, factor, f"period {period.span}")
    weights.flags.writeable = False
    return weights


def scaled_weights(
    base: npt.NDArray[np.int32], factor: npt.NDArray[np.float64], where: str
) -> npt.NDArray[np.int32]:
    """Weights times factors, rounded half-up, at least 1; closed arcs stay closed.

    Raises
    ------
    ProfileError
        When a product is no weight any more; `where` begins the message.
    """
    is_closed = base == UNREACHABLE
    scaled = np.maximum(np.floor(np.where(is_closed, 0, base) * factor + 0.5), 1.0)
    wrong = np.flatnonzero(scaled > LARGEST_WEIGHT)
    if len(wrong):
        arc = int(wrong[0])
        raise ProfileError(
            f"{where}: arc {arc} of {int(base[arc])} ms times {float(factor[arc]):g} is more than"
            f" {LARGEST_WEIGHT} ms; lower the factor, or close the road"
        )
    return np.where(is_closed, UNREACHABLE, scaled).astype(np.int32)


def _by_road(network: Network, period: SpeedPeriod) -> list[tuple[npt.NDArray[np.int32], float]]:
    """Arcs and factors of the roads a period names, the largest factor last."""
    by_factor = sorted(period.reference_factors, key=lambda one: one[1])
    return [(reference_arcs(network, reference), factor) for reference, factor in by_factor]


def _gap(begin_s: int, end_s: int) -> ProfileError:
    return ProfileError(
        f"the speed profile has no period from {_clock(begin_s)} to {_clock(end_s)};"
        " periods must cover 00:00 to 24:00 without a gap"
    )


def _clock(second: int) -> str:
    hours, rest = divmod(second, _HOUR_S)
    minutes, seconds = divmod(rest, 60)
    return f"{hours:02d}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")
