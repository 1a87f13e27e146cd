"""The chance to arrive in time with a service that has to be asked: what riders met, applied to a trip.

A request of the past says two things of the place it came from: whether the service took the rider there at
all, and how much longer it took than the direct drive. Where a resident would arrive in time with the direct
drive and that surplus, the request counts for her; the share of such requests is her expected access.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from maas.domain.values import TimeKind, TripStatus

Float64s = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]

NOT_COUNTED: tuple[str, ...] = (TripStatus.CANCELLED.name.lower(), TripStatus.NO_SHOW.name.lower())
"""Riders who gave up what they had been promised say nothing of the chance to get a seat."""

ARRIVE_BY: str = TimeKind.ARRIVE_BY.name.lower()
SERVED: str = TripStatus.DONE.name.lower()


def _no_days() -> Int64s:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False, slots=True)
class Experience:
    """What the riders of one group met.

    Parameters
    ----------
    asked
        Requests, without those that riders gave up themselves.
    surplus_s
        float64, one for each request that was served, rising: time lost beyond the direct drive, as
        `surplus_s` defines it. Walks are not in it.
    asked_by_day
        int64, shape (days,). How `asked` is spread over days; empty where days were not told apart.
    day
        int64, like `surplus_s`. Day of each served request; empty where days were not told apart.
    """

    asked: int
    surplus_s: Float64s
    asked_by_day: Int64s = field(default_factory=_no_days)
    day: Int64s = field(default_factory=_no_days)

    @property
    def served_share(self) -> float | None:
        """The chance to get a seat; None where nobody asked."""
        return len(self.surplus_s) / self.asked if self.asked else None

    def chance_within(self, other_s: npt.ArrayLike, limit_s: float) -> Float64s:
        """Chance to arrive within a time, seat and wait included.

        Parameters
        ----------
        other_s
            float64. Direct drive and walks of each trip; infinite where there is no way.
        limit_s
            From the wish to the arrival.

        Returns
        -------
        float64, like `other_s`. NaN where nobody asked: nothing is known.
        """
        left_s = limit_s - np.asarray(other_s, np.float64)
        if not self.asked:
            return np.full(left_s.shape, np.nan)
        return np.asarray(np.searchsorted(self.surplus_s, left_s, side="right") / self.asked)

    def chance_without_each_day(self, other_s: npt.ArrayLike, limit_s: float) -> Float64s:
        """`chance_within` from the requests of all days but one: what a jackknife over days needs.

        Returns
        -------
        float64, shape (trips, days). NaN where nobody asked on the other days.
        """
        left_s = limit_s - np.asarray(other_s, np.float64)
        is_day = self.day[:, None] == np.arange(len(self.asked_by_day))
        in_time = np.concatenate((np.zeros((1, len(self.asked_by_day)), np.int64), np.cumsum(is_day, axis=0)))
        first = np.searchsorted(self.surplus_s, left_s, side="right")
        asked = self.asked - self.asked_by_day
        found = np.full((len(left_s), len(asked)), np.nan)
        np.divide(first[:, None] - in_time[first], asked, out=found, where=asked > 0)
        return found


def surplus_s(requests: pd.DataFrame, *, counts_early_arrival: bool = False) -> Float64s:
    """Time of each request beyond its direct drive: wait + boarding + ride - direct drive.

    Parameters
    ----------
    requests
        Rows of `riders_table`.

    counts_early_arrival
        Whether who arrives before the wished arrival loses that time too, as half a headway stands for at a
        bus. Without it a service of few runs looks better to riders with appointments; show both.

    Returns
    -------
    float64, NaN where the request was not served. `wait_s` is defined in `docs/metrics.md`: from the wished
    departure, and for who wished for an arrival from the start of the promised pickup window.
    """
    columns = {
        name: requests[name].to_numpy(np.float64, na_value=np.nan)
        for name in ("wait_s", "left_s", "picked_up_s", "in_vehicle_s", "direct_s", "wish_s", "arrived_s")
    }
    boarding_s = columns["left_s"] - columns["picked_up_s"]
    found = columns["wait_s"] + boarding_s + columns["in_vehicle_s"] - columns["direct_s"]
    if counts_early_arrival:
        is_arrival = (requests["time_kind"] == ARRIVE_BY).to_numpy(np.bool_)
        found += np.where(is_arrival, np.maximum(columns["wish_s"] - columns["arrived_s"], 0.0), 0.0)
    return np.where(_is_served(requests), found, np.nan)


def experiences(
    requests: pd.DataFrame,
    groups: Sequence[Hashable | None],
    *,
    counts_early_arrival: bool = False,
    day: Int64s | None = None,
    days: int = 0,
) -> Mapping[Hashable, Experience]:
    """What the riders of each group met.

    Parameters
    ----------
    requests
        Rows of `riders_table`, of one day or of many.
    groups
        Group of each row; None = leave it out.
    counts_early_arrival
        As `surplus_s`.
    day, days
        Day of each row, 0 to `days` - 1; None = do not tell days apart.
    """
    surplus, is_counted = (
        surplus_s(requests, counts_early_arrival=counts_early_arrival),
        _is_counted(requests),
    )
    rows: dict[Hashable, list[int]] = {}
    for row, group in enumerate(groups):
        if group is not None and is_counted[row]:
            rows.setdefault(group, []).append(row)
    found: dict[Hashable, Experience] = {}
    for group, members in rows.items():
        values = surplus[members]
        order = np.argsort(values, kind="stable")[: int(np.isfinite(values).sum())]
        if day is None:
            found[group] = Experience(len(members), values[order])
        else:
            of_member = day[members]
            asked_by_day = np.bincount(of_member, minlength=days).astype(np.int64)
            found[group] = Experience(len(members), values[order], asked_by_day, of_member[order])
    return found


def experience_table(requests: pd.DataFrame, by: Mapping[str, Sequence[Hashable]]) -> pd.DataFrame:
    """Chance of a seat and waits by groups, such as town of origin and hour of the wish.

    Parameters
    ----------
    by
        Labels of each row by the name of their column.

    Returns
    -------
    One row a group, sorted: the labels, `asked`, `served`, `served_share`, `wait_median_s`, `wait_p95_s` (of
    the served; NaN where nobody was).
    """
    keys = list(by)
    frame = pd.DataFrame({name: list(labels) for name, labels in by.items()})
    is_served = _is_served(requests)
    frame["served"] = is_served.astype(np.int64)
    wait = requests["wait_s"].to_numpy(np.float64, na_value=np.nan)
    frame["wait_s"] = np.where(is_served, wait, np.nan)
    grouped = frame[_is_counted(requests)].groupby(keys, sort=True)
    table = grouped.agg(
        asked=("served", "size"),
        served=("served", "sum"),
        wait_median_s=("wait_s", "median"),
        wait_p95_s=("wait_s", lambda wait_s: wait_s.quantile(0.95)),
    ).reset_index()
    table.insert(len(keys) + 2, "served_share", table["served"] / table["asked"])
    return table


def _is_counted(requests: pd.DataFrame) -> npt.NDArray[np.bool_]:
    return ~requests["status"].isin(NOT_COUNTED).to_numpy(np.bool_)


def _is_served(requests: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Brought to the destination itself, not to a place short of it."""
    is_done = (requests["status"] == SERVED).to_numpy(np.bool_)
    return np.asarray(is_done & ~requests["is_set_down_elsewhere"].to_numpy(np.bool_))
