"""Figures of a service day, from its journal alone: the same for studies and for live operation."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from maas.dispatch import codec
from maas.domain.values import DropReason
from maas.legs_table import VehicleLegs, legs_table, vehicle_legs
from maas.mended_promises import mended_bookings
from maas.riders_table import riders_table
from maas.service_definition import ServiceDefinition
from maas.store.journal import Journal

__all__ = ["GroupFigures", "Metrics", "legs_table", "metrics_of", "riders_table"]


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """Service to one group of requests.

    Parameters
    ----------
    requests, served
        Bookings asked for, and carried to their end.
    served_share
        served / requests; None without requests.
    wait_mean_s, wait_p95_s
        Of the served, as in `Metrics`; None without any.
    """

    requests: int
    served: int
    served_share: float | None
    wait_mean_s: float | None
    wait_p95_s: float | None


@dataclass(frozen=True, slots=True)
class Metrics:
    """Figures of a service day. None = undefined (nothing to divide by), never 0 or NaN.

    A *request* is what one booker asks for, for a party of one or more *riders* (persons, seated or in
    wheelchairs). Times count once a request, loads and productivity by riders. Percentiles interpolate
    linearly between order statistics (Hyndman & Fan type 7). `docs/metrics.md` gives formulas and what the
    literature compares them with.

    Parameters
    ----------
    requests, requested_riders
        Requests, and the persons in them.
    served, served_riders
        Requests whose riders were brought to their destination, and the persons in them.
    served_share, served_riders_share
        served / requests; served_riders / requested_riders.
    refused, refusals
        Requests without an offer, in all and by reason (every reason is listed).
    declined, expired
        Requests whose offers the booker turned down, or never answered.
    cancelled, no_shows, abandoned
        Bookings given up by the rider before pickup; riders who did not come; riders whom no vehicle could
        take over after a breakdown.
    unfinished
        Requests still open where the journal ends.
    breakdowns
        Vehicles that failed.
    solves
        Times at which a solver was asked for better routes.
    repairs
        Times at which a solver was asked to break fewer promises, after a breakdown or a closure.
    plans_adopted, plans_dropped
        Proposed plans that became routes; those that did not, by reason (every reason is listed).
    reassignments
        Times that a booking went to another vehicle by an adopted plan.
    set_down_elsewhere
        Riders on board who left the vehicle before a closed road, short of their destination.
    wait_mean_s, wait_median_s, wait_p95_s
        Of the served: second at which the vehicle stopped at the pickup, less the wished departure (for
        arrive-by requests: less the start of the promised pickup window); an earlier vehicle counts as 0.
    stop_wait_mean_s
        Of the served: the same, less the start of the promised pickup window for all.
    in_vehicle_mean_s
        Of the served: end of the pickup visit until the vehicle stops at the destination.
    direct_hours
        Direct driving times of the served, added up.
    detour_ratio
        Sum of in-vehicle times / sum of direct driving times, over the served (ratio of sums).
    promises_due
        Served and abandoned: bookings whose promise the service had to keep.
    promises_kept_share
        Share of them picked up and brought in time by the promise given at booking.
    late
        Served requests that came beyond the promise (the later of its two ends).
    lateness_mean_s, lateness_max_s
        Seconds beyond the promise: mean over the late ones, and the largest of all served.
    promises_broken
        Bookings with a recorded `PromiseBroken`.
    promises_mended
        Those of them whose promises an adopted repair kept after all.
    vehicle_km, empty_km, empty_km_share
        Driven; driven with nobody on board; empty_km / vehicle_km.
    passenger_km
        Riders on board x kilometres.
    mean_occupancy
        passenger_km / vehicle_km, empty kilometres included.
    shared_riders_share
        Served riders who had another booking on board during part of the ride / served riders.
    shared_km_share
        Kilometres with two or more bookings on board / vehicle_km.
    grouped_riders_share
        Served riders in bookings of two or more persons / served riders.
    vehicle_hours
        Paid hours: all shifts, or the operated runs (`CostRates.paid_hours`).
    driving_hours
        Hours in motion.
    riders_per_vehicle_hour
        served_riders / vehicle_hours.
    runs_scheduled, runs_operated, runs_empty_share
        Timetabled runs; those with a booking that was not cancelled before departure; share of the others.
    cost_yen
        vehicle_hours, vehicle_km and the day's overhead at the rates of the service.
    fares_yen
        Fares of the served.
    cost_recovery
        fares_yen / cost_yen (収支率).
    public_money_yen, public_money_per_trip_yen
        cost_yen - fares_yen; the same / served_riders.
    co2_kg
        Kilometres x grams per kilometre of each vehicle's type.
    by_age_band, by_area, by_channel
        Served share and wait of groups of bookers, every known group listed.
    """

    requests: int
    requested_riders: int
    served: int
    served_riders: int
    served_share: float | None
    served_riders_share: float | None
    refused: int
    refusals: Mapping[str, int]
    declined: int
    expired: int
    cancelled: int
    no_shows: int
    abandoned: int
    unfinished: int
    breakdowns: int
    solves: int
    repairs: int
    plans_adopted: int
    plans_dropped: Mapping[str, int]
    reassignments: int
    set_down_elsewhere: int
    wait_mean_s: float | None
    wait_median_s: float | None
    wait_p95_s: float | None
    stop_wait_mean_s: float | None
    in_vehicle_mean_s: float | None
    direct_hours: float
    detour_ratio: float | None
    promises_due: int
    promises_kept_share: float | None
    late: int
    lateness_mean_s: float | None
    lateness_max_s: int | None
    promises_broken: int
    promises_mended: int
    vehicle_km: float
    empty_km: float
    empty_km_share: float | None
    passenger_km: float
    mean_occupancy: float | None
    shared_riders_share: float | None
    shared_km_share: float | None
    grouped_riders_share: float | None
    vehicle_hours: float
    driving_hours: float
    riders_per_vehicle_hour: float | None
    runs_scheduled: int
    runs_operated: int
    runs_empty_share: float | None
    cost_yen: int
    fares_yen: int
    cost_recovery: float | None
    public_money_yen: int
    public_money_per_trip_yen: float | None
    co2_kg: float
    by_age_band: Mapping[str, GroupFigures]
    by_area: Mapping[str, GroupFigures]
    by_channel: Mapping[str, GroupFigures]

    def to_json(self) -> dict[str, Any]:
        """All figures as one JSON object; undefined ones are null."""
        return dataclasses.asdict(self)


def metrics_of(journal: Journal) -> Metrics:
    """Figures of a journal.

    Raises
    ------
    JournalError
        When the journal names vehicles or requests that it does not know.
    """
    legs = vehicle_legs(journal)
    riders = riders_table(journal, legs)
    service = journal.header.service
    counts = riders["status"].value_counts()
    reasons = riders["reason"].value_counts(sort=False)
    served = riders[riders["status"] == "done"]
    served_riders = int(served["riders"].sum())
    runs = operated_runs(service, riders)
    paid_s = _paid_seconds(service, runs)
    fares = int(served["fare_yen"].sum())
    cost = _cost_yen(service, paid_s, int(legs.leg_m.sum()))
    return Metrics(
        requests=len(riders),
        requested_riders=int(riders["riders"].sum()),
        served=len(served),
        served_riders=served_riders,
        served_share=_ratio(len(served), len(riders)),
        served_riders_share=_ratio(served_riders, int(riders["riders"].sum())),
        refused=int(counts["refused"]),
        refusals={str(name): int(count) for name, count in reasons.items()},
        declined=int(counts["declined"]),
        expired=int(counts["expired"]),
        cancelled=int(counts["cancelled"]),
        no_shows=int(counts["no_show"]),
        abandoned=int(counts["abandoned"]),
        unfinished=int(counts[["unknown", "offered", "booked", "aboard"]].sum()),
        breakdowns=len(journal.columns(codec.VEHICLE_FAILED)["row"]),
        **_replanned(journal),
        **_times(served),
        **_promises(riders, journal),
        **_driven(service, legs),
        **_shared(served, served_riders),
        vehicle_hours=paid_s / 3600,
        riders_per_vehicle_hour=_ratio(3600 * served_riders, paid_s),
        runs_scheduled=len(service.runs),
        runs_operated=len(runs),
        runs_empty_share=_ratio(len(service.runs) - len(runs), len(service.runs)),
        cost_yen=cost,
        fares_yen=fares,
        cost_recovery=_ratio(fares, cost),
        public_money_yen=cost - fares,
        public_money_per_trip_yen=_ratio(cost - fares, served_riders),
        by_age_band=_groups(riders, "age_band"),
        by_area=_groups(riders, "area"),
        by_channel=_groups(riders, "channel"),
    )


def _times(served: pd.DataFrame) -> dict[str, Any]:
    """Waits, rides and detour of served requests."""
    wait = _seconds(served, "wait_s")
    ride = _seconds(served, "in_vehicle_s")
    direct_s = int(served["direct_s"].sum())
    return {
        "wait_mean_s": _mean(wait),
        "wait_median_s": _percentile(wait, 50),
        "wait_p95_s": _percentile(wait, 95),
        "stop_wait_mean_s": _mean(_seconds(served, "stop_wait_s")),
        "in_vehicle_mean_s": _mean(ride),
        "direct_hours": direct_s / 3600,
        "detour_ratio": _ratio(int(ride.sum()), direct_s),
    }


def _promises(riders: pd.DataFrame, journal: Journal) -> dict[str, Any]:
    """Promises kept and missed."""
    due = riders["is_promise_kept"].dropna()
    lateness = _seconds(riders[riders["status"] == "done"], "lateness_s")
    return {
        "promises_due": len(due),
        "promises_kept_share": _ratio(int(due.sum()), len(due)),
        "late": int((lateness > 0).sum()),
        "lateness_mean_s": _mean(lateness[lateness > 0]),
        "lateness_max_s": int(lateness.max()) if len(lateness) else None,
        "promises_broken": len(np.unique(journal.columns(codec.PROMISE_BROKEN)["request"])),
        "promises_mended": mended_bookings(journal),
    }


def _replanned(journal: Journal) -> dict[str, Any]:
    """What came of solves for better routes."""
    reason = journal.columns(codec.PLAN_DROPPED)["reason"]
    return {
        "solves": len(journal.columns(codec.SOLVE_REQUESTED)["row"]),
        "repairs": len(journal.columns(codec.REPAIR_REQUESTED)["row"]),
        "plans_adopted": len(journal.columns(codec.PLAN_ADOPTED)["row"]),
        "plans_dropped": {one.name.lower(): int((reason == one).sum()) for one in DropReason},
        "reassignments": len(journal.columns(codec.TRIP_REASSIGNED)["row"]),
        "set_down_elsewhere": len(journal.columns(codec.DROPOFF_MOVED)["row"]),
    }


def _driven(service: ServiceDefinition, legs: VehicleLegs) -> dict[str, Any]:
    """Kilometres, hours in motion, occupancy and CO2."""
    metres = int(legs.leg_m.sum())
    empty = int(legs.leg_m[legs.riders_on_board == 0].sum())
    shared = int(legs.leg_m[legs.parties_on_board >= 2].sum())
    passenger = int((legs.leg_m * legs.riders_on_board).sum())
    grams = {kind.name: kind.co2_g_per_km for kind in service.vehicle_types}
    per_km = np.array([grams[vehicle.vehicle_type] for vehicle in service.vehicles], np.int64)
    return {
        "vehicle_km": metres / 1000,
        "empty_km": empty / 1000,
        "empty_km_share": _ratio(empty, metres),
        "passenger_km": passenger / 1000,
        "mean_occupancy": _ratio(passenger, metres),
        "shared_km_share": _ratio(shared, metres),
        "driving_hours": int(legs.leg_s.sum()) / 3600,
        "co2_kg": int((legs.leg_m * per_km[legs.vehicle]).sum()) / 1_000_000,
    }


def _shared(served: pd.DataFrame, served_riders: int) -> dict[str, Any]:
    """Riders who shared a vehicle with another booking, and riders in bookings for several."""
    shared = int(served.loc[served["is_shared"].to_numpy(np.bool_), "riders"].sum())
    grouped = int(served.loc[served["riders"] >= 2, "riders"].sum())
    return {
        "shared_riders_share": _ratio(shared, served_riders),
        "grouped_riders_share": _ratio(grouped, served_riders),
    }


def operated_runs(service: ServiceDefinition, riders: pd.DataFrame) -> list[int]:
    """Positions of the timetabled runs with a booking that was not cancelled before departure.

    Parameters
    ----------
    riders
        Rows of `riders_table` of one day.
    """
    booked = riders[riders["run"].fillna(0) > 0]
    depart = {run.run_id: run.depart_s for run in service.runs}
    depart_s = booked["run"].map(depart).astype("Int64")
    holds = (booked["cancelled_at_s"].isna() | (booked["cancelled_at_s"] >= depart_s)).fillna(False)
    held = set(booked.loc[holds.to_numpy(np.bool_), "run"])
    return [position for position, run in enumerate(service.runs) if run.run_id in held]


def _paid_seconds(service: ServiceDefinition, operated: list[int]) -> int:
    """Seconds that vehicles cost."""
    if service.costs.paid_hours == "runs":
        return sum(service.runs[k].end_s - service.runs[k].depart_s for k in operated)
    return sum(vehicle.end_s - vehicle.start_s for vehicle in service.vehicles)


def _cost_yen(service: ServiceDefinition, paid_s: int, metres: int) -> int:
    """Hours, kilometres and overhead; each part rounded half up to yen."""
    costs = service.costs
    hours_yen = (costs.yen_per_vehicle_hour * paid_s + 1800) // 3600
    km_yen = (costs.yen_per_vehicle_km * metres + 500) // 1000
    return hours_yen + km_yen + costs.overhead_yen_per_day


def _groups(riders: pd.DataFrame, column: str) -> dict[str, GroupFigures]:
    """Figures of each group of bookers."""
    found = {}
    for name in riders[column].cat.categories:
        group = riders[riders[column] == name]
        served = group[group["status"] == "done"]
        wait = _seconds(served, "wait_s")
        found[str(name)] = GroupFigures(
            requests=len(group),
            served=len(served),
            served_share=_ratio(len(served), len(group)),
            wait_mean_s=_mean(wait),
            wait_p95_s=_percentile(wait, 95),
        )
    return found


def _seconds(table: pd.DataFrame, column: str) -> NDArray[np.int64]:
    """A column as plain integers; rows without a figure are left out."""
    return table[column].dropna().to_numpy(np.int64)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(values: NDArray[np.int64]) -> float | None:
    return _ratio(int(values.sum()), len(values))


def _percentile(values: NDArray[np.int64], percent: int) -> float | None:
    """Linear interpolation between order statistics (Hyndman & Fan type 7)."""
    return float(np.percentile(values, percent)) if len(values) else None
