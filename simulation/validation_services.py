"""Indicators of real services beside those of Sakura's simulated ones: what would have to be explained.

Nothing here is a test: other towns have other people, fleets and rules, and some of the figures were used to
set Sakura's assumptions. Each pair comes with the reason why the two differ, or may agree for the wrong one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from maas.ledger import Ride, ledger_of
from maas.metrics import metrics_of, riders_table
from maas.store.journal import Journal
from scenarios.prepared import PreparedScenario
from simulation.comparison import Estimate, estimate_known
from simulation.expectations import settled
from simulation.ratios import linearised
from simulation.run import run_day
from simulation.series import ScenarioChoice

ON_DEMAND: Final = "sakura_on_demand"
TODAY: Final = "sakura_today"
HOSPITAL_ZONE: Final = "黒須病院"
WEEKDAYS_A_MONTH: Final = 20
AT_ONCE_S: Final = 3600
"""Who asks less than this before the wished time wants to travel now."""


_Parts = tuple[float, float]
"""What a day divides by what."""


@dataclass(frozen=True, slots=True)
class Tours:
    """Stretches of a vehicle's day from empty to empty.

    Parameters
    ----------
    tours, shared
        How many; with two or more bookings.
    riders
        Persons carried on them.
    """

    tours: int
    shared: int
    riders: int


def tours_of(rides: Sequence[Ride]) -> Tours:
    """Tours of all vehicles: rides of one vehicle that overlap, or follow within the same second, are one."""
    by_vehicle: dict[int, list[Ride]] = defaultdict(list)
    for ride in rides:
        if ride.end_s is not None:
            by_vehicle[ride.vehicle].append(ride)
    tours = shared = 0
    for mine in by_vehicle.values():
        until_s, bookings = -(2**62), 0
        for ride in sorted(mine, key=lambda ride: (ride.begin_s, ride.end_s)):
            if ride.begin_s > until_s:
                tours += 1
                shared += bookings >= 2
                bookings = 0
            bookings += 1
            until_s = max(until_s, ride.end_s or 0)
        shared += bookings >= 2
    return Tours(tours, shared, sum(ride.persons for ride in rides if ride.end_s is not None))


def indicators(days: int = 10, progress: Callable[[int, int], None] | None = None) -> dict[str, Estimate]:
    """What services publish, over days, by name: sums of all days divided; what no day has is left out.

    Parameters
    ----------
    days
        Of each of the two scenarios, seeds from 1 on.
    progress
        Called with days done and days to do.
    """
    found: dict[str, list[_Parts]] = defaultdict(list)
    on_demand, today = (settled(ScenarioChoice(name).prepare()) for name in (ON_DEMAND, TODAY))
    for day in range(days):
        for name, parts in (_on_demand(on_demand, day + 1) | _today(today, day + 1)).items():
            found[name].append(parts)
        if progress is not None:
            progress(day + 1, days)
    each = {name: linearised(*np.array(parts, np.float64).T) for name, parts in found.items()}
    return {name: value for name, days_of in each.items() if (value := estimate_known(days_of)) is not None}


def _on_demand(prepared: PreparedScenario, seed: int) -> dict[str, _Parts]:
    journal = run_day(prepared, seed).journal
    metrics, table = metrics_of(journal), riders_table(journal)
    tours = tours_of(ledger_of(journal).rides)
    done = table[table["status"] == "done"]
    at_once = done[done["asked_at_s"] > done["wish_s"] - AT_ONCE_S]
    riders = metrics.served_riders
    return {
        "riders_a_day": (riders, 1),
        "riders_per_vehicle_day": (riders, len(journal.header.service.vehicles)),
        "riders_per_vehicle_hour": (riders, metrics.vehicle_hours),
        "wait_mean_s": (int(done["wait_s"].sum()), len(done)),
        "wait_at_once_s": (int(at_once["wait_s"].sum()), len(at_once)),
        "riders_a_booking": (riders, metrics.served),
        "grouped_riders_share": (int(done.loc[done["riders"] >= 2, "riders"].sum()), riders),
        "shared_tours_share": (tours.shared, tours.tours),
        "riders_a_tour": (tours.riders, tours.tours),
        "unmet_share": (metrics.refused + metrics.declined + metrics.expired, metrics.requests),
        "cost_per_rider_yen": (metrics.cost_yen, riders),
        "cost_recovery": (metrics.fares_yen, metrics.cost_yen),
    }


def _today(prepared: PreparedScenario, seed: int) -> dict[str, _Parts]:
    journal = run_day(prepared, seed).journal
    metrics = metrics_of(journal)
    riders, empty = _hospital_line(journal)
    return {
        "today_riders_a_run": (metrics.served_riders, metrics.runs_operated),
        "today_unmet_share": (metrics.refused, metrics.requests),
        "hospital_riders_a_month": (riders * WEEKDAYS_A_MONTH, 1),
        "hospital_runs_empty_share": (empty, 1),
    }


def _hospital_line(journal: Journal) -> tuple[int, float]:
    """Riders of the line to the hospital and back, and the share of its runs that carried nobody."""
    zones = {
        run.run_id
        for run in journal.header.service.runs
        if HOSPITAL_ZONE in (run.pickup_zone, run.dropoff_zone)
    }
    table = riders_table(journal)
    carried = table[table["run"].isin(zones) & (table["status"] == "done")]
    return int(carried["riders"].sum()), 1 - carried["run"].nunique() / len(zones)
