"""Vehicles of a case as tables: the drives of a day, and what each vehicle does on an average day.

Rows of a study's `legs` and `requests` are summed as `docs/metrics.md` defines the figures; nothing else is
computed.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from dashboards.evidence.number_text import clock

LOADS: Final = 4
"""Classes of load: nobody, one, two, three and more people on board."""


def drives_of_day(legs: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One row a drive of a day: `vehicle`, `start_h`, `end_h` (hours of the day), `load` (0 to 3 = three and
    more), `riders`, `km`, `times` in words."""
    day = legs[legs["seed"] == seed]
    return pd.DataFrame(
        {
            "vehicle": day["vehicle_id"].astype(str),
            "start_h": day["depart_s"] / 3600,
            "end_h": day["arrive_s"] / 3600,
            "load": day["riders_on_board"].clip(upper=LOADS - 1).astype(int),
            "riders": day["riders_on_board"].astype(int),
            "km": day["leg_m"] / 1000,
            "times": [
                f"{clock(start)}–{clock(end)}"
                for start, end in zip(day["depart_s"], day["arrive_s"], strict=True)
            ],
        }
    ).reset_index(drop=True)


def vehicles_on_average(legs: pd.DataFrame, requests: pd.DataFrame, days: int) -> pd.DataFrame:
    """One row a vehicle, means over the days: `km`, `empty_share` (of its km), `driving_h`, `riders` (brought
    to their destination), `requests`, `mean_load` (persons, by km), indexed by vehicle."""
    kept = legs.assign(
        vehicle=legs["vehicle_id"].astype(str),
        empty_m=legs["leg_m"].where(legs["riders_on_board"] == 0, 0),
        person_m=legs["leg_m"] * legs["riders_on_board"],
    )
    sums = kept.groupby("vehicle")[["leg_m", "leg_s", "empty_m", "person_m"]].sum()
    served = requests[requests["status"] == "done"]
    carried = served.groupby(served["vehicle_id"].astype(str))["riders"].agg(["sum", "count"])
    carried = carried.reindex(sums.index, fill_value=0)
    return pd.DataFrame(
        {
            "km": sums["leg_m"] / 1000 / days,
            "empty_share": sums["empty_m"] / sums["leg_m"].where(sums["leg_m"] > 0),
            "driving_h": sums["leg_s"] / 3600 / days,
            "riders": carried["sum"] / days,
            "requests": carried["count"] / days,
            "mean_load": sums["person_m"] / sums["leg_m"].where(sums["leg_m"] > 0),
        }
    )


def driving_by_hour(legs: pd.DataFrame, days: int) -> pd.DataFrame:
    """Vehicle-minutes of driving a day, by hour of departure and load: `hour`, `load`, `minutes`."""
    kept = pd.DataFrame(
        {
            "hour": legs["depart_s"] // 3600,
            "load": legs["riders_on_board"].clip(upper=LOADS - 1).astype(int),
            "minutes": legs["leg_s"] / 60 / days,
        }
    )
    return kept.groupby(["hour", "load"])[["minutes"]].sum().reset_index()
