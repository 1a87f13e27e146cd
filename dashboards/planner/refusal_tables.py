"""Refusals as tables: by reason and hour over all days, and one by one with what would have helped.

The smallest change is what the dispatcher itself found when it refused (`maas.domain.events.TripRefused`); it
stands in the journal that a study keeps of the first day of each case.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from maas.dispatch import codec
from maas.store.journal import Journal

NEAR_S: Final = 900
"""A trip moved by so much is called a little later."""

CHANGES: Final = ("little_later", "walk", "later", "vehicle", "none")
"""What would have helped, the smallest first: up to `NEAR_S` later, another pickup place, more than that
later, one more vehicle; or nothing that was tried."""


def refusals_by_hour(requests: pd.DataFrame, days: int) -> pd.DataFrame:
    """Refused requests a day by hour of the wish and reason: `hour`, `reason`, `requests`."""
    refused = requests[requests["status"] == "refused"]
    table = pd.DataFrame(
        {"hour": refused["wish_s"].astype(int) // 3600, "reason": refused["reason"].astype(str)}
    )
    return table.groupby(["hour", "reason"]).size().div(days).rename("requests").reset_index()


def refusals_of_day(requests: pd.DataFrame, journal: Journal) -> pd.DataFrame:
    """One row a refused request of the journal's day: the columns of `requests`, and `later_s`, `walk_m`,
    `vehicles_missing`, `change` (one of `CHANGES`).

    Parameters
    ----------
    requests
        Of the same day.
    """
    refused = requests[requests["status"] == "refused"]
    refused = refused.drop(columns=["later_s", "walk_m", "vehicles_missing"], errors="ignore")
    told = journal.columns(codec.TRIP_REFUSED)
    changes = pd.DataFrame(
        {name: told[name] for name in ("request", "later_s", "walk_m", "vehicles_missing")}
    ).drop_duplicates("request", keep="last")
    table = refused.merge(changes, on="request", how="left", validate="one_to_one")
    for name in ("later_s", "walk_m", "vehicles_missing"):
        table[name] = table[name].fillna(0).astype(int)
    table["change"] = _smallest(
        table["later_s"].to_numpy(np.int64),
        table["walk_m"].to_numpy(np.int64),
        table["vehicles_missing"].to_numpy(np.int64),
    )
    return table.sort_values("wish_s", ignore_index=True)


def _smallest(
    later_s: NDArray[np.int64], walk_m: NDArray[np.int64], missing: NDArray[np.int64]
) -> NDArray[np.object_]:
    """The first of `CHANGES` that would have worked."""
    found = [(later_s > 0) & (later_s <= NEAR_S), walk_m > 0, later_s > NEAR_S, missing > 0]
    return np.asarray(np.select(found, CHANGES[:-1], CHANGES[-1]), dtype=object)


def helped_by(table: pd.DataFrame) -> dict[str, int]:
    """How many refusals each change would have turned into a trip, in the order of `CHANGES`."""
    counts = table["change"].value_counts()
    return {name: int(counts.get(name, 0)) for name in CHANGES}
