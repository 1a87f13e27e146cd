"""Refusals as tables: by reason and hour, and one by one with what would have helped.

The smallest change is what the dispatcher itself found when it refused (`docs/worth.md`); rows of a study's
`requests` are counted, nothing else is computed.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from dashboards.errors import DashboardError

NEAR_S: Final = 900
"""A trip moved by so much is called a little later."""

CHANGES: Final = ("little_later", "walk", "later", "vehicle", "none")
"""What would have helped, the smallest first: up to `NEAR_S` later, another pickup place, more than that
later, one more vehicle; or nothing that was tried."""

_COLUMNS: Final = ("later_s", "other_place_m", "one_vehicle_more")


def refusals_by_hour(requests: pd.DataFrame, days: int) -> pd.DataFrame:
    """Refused requests a day by hour of the wish and reason: `hour`, `reason`, `requests`."""
    refused = requests[requests["status"] == "refused"]
    table = pd.DataFrame(
        {"hour": refused["wish_s"].astype(int) // 3600, "reason": refused["reason"].astype(str)}
    )
    return table.groupby(["hour", "reason"]).size().div(days).rename("requests").reset_index()


def refusals(requests: pd.DataFrame) -> pd.DataFrame:
    """One row a refused request in the order of days and wishes: the columns of `requests`, and `change`, one
    of `CHANGES`.

    Raises
    ------
    DashboardError
        When the table does not tell what would have helped.
    """
    missing = [name for name in _COLUMNS if name not in requests.columns]
    if missing:
        raise DashboardError(
            f"the table of requests has no {', '.join(missing)}: it was made by an older version of the"
            f" program;"
            " run maas study again with --again"
        )
    table = requests[requests["status"] == "refused"].sort_values(["seed", "wish_s"], ignore_index=True)
    later_s = table["later_s"].fillna(0).to_numpy(np.int64)
    found = [
        (later_s > 0) & (later_s <= NEAR_S),
        table["other_place_m"].fillna(0).to_numpy(np.int64) > 0,
        later_s > NEAR_S,
        table["one_vehicle_more"].fillna(False).to_numpy(np.bool_),
    ]
    return table.assign(change=np.select(found, CHANGES[:-1], CHANGES[-1]))


def helped_by(table: pd.DataFrame, days: int) -> dict[str, float]:
    """How many refusals a day each change would have turned into a trip, in the order of `CHANGES`."""
    counts = table["change"].value_counts()
    return {name: float(counts.get(name, 0)) / days for name in CHANGES}
