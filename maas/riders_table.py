"""Requests of a journal, one row each: what was asked, promised and done."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from maas.dispatch import codec
from maas.domain.values import RefusalReason, TimeKind, TripStatus
from maas.legs_table import VehicleLegs, vehicle_legs
from maas.request_index import RequestIndex
from maas.service_definition import AGE_BANDS, CHANNELS
from maas.store.journal import Journal

Int64s = NDArray[np.int64]
Positions = NDArray[np.intp]

STATUSES: tuple[str, ...] = tuple(status.name.lower() for status in TripStatus)
REASONS: tuple[str, ...] = tuple(reason.name.lower() for reason in RefusalReason)
TIME_KINDS: tuple[str, ...] = tuple(kind.name.lower() for kind in TimeKind)

_STATUS_AFTER: dict[int, TripStatus] = {
    codec.TRIP_REFUSED: TripStatus.REFUSED,
    codec.TRIP_OFFERED: TripStatus.OFFERED,
    codec.OFFERS_EXPIRED: TripStatus.EXPIRED,
    codec.OFFERS_DECLINED: TripStatus.DECLINED,
    codec.TRIP_BOOKED: TripStatus.BOOKED,
    codec.TRIP_MOVED: TripStatus.BOOKED,
    codec.RIDER_BOARDED: TripStatus.ABOARD,
    codec.RIDER_ALIGHTED: TripStatus.DONE,
    codec.TRIP_CANCELLED: TripStatus.CANCELLED,
    codec.RIDER_NO_SHOW: TripStatus.NO_SHOW,
    codec.TRIP_ABANDONED: TripStatus.ABANDONED,
}


def riders_table(journal: Journal, legs: VehicleLegs | None = None) -> pd.DataFrame:
    """One row a request, in the order in which they were asked; what did not happen is a missing value.

    - What was asked: `request`, `asked_at_s`, `origin`, `destination` (place_ids), `time_kind`, `wish_s`,
      `seats`, `wheelchairs`, `riders` (their sum), `age_band`, `channel`, `area`, `purpose`, `is_disabled`,
      `is_resident`.
    - Limits: `direct_s`, `direct_m`, `earliest_s`, `latest_pickup_s`, `latest_dropoff_s`, `max_ride_s`.
    - The answer: `status`, `reason` (of a refusal), `offers` (how many). Of a refusal the smallest changes
      that would have worked: `later_s` (the same trip so much later), `other_place` and `other_place_m`
      (picked up there, metres away by road), `one_vehicle_more` (whether it would have done).
    - The booking: `booked_at_s`, `vehicle` and `vehicle_id` (the last one assigned), `run` (0 = none),
      `fare_yen`, `promise_earliest_s`, `promise_latest_s`, `arrive_by_s`, `vehicle_changes`.
    - What happened: `picked_up_s` (the vehicle stopped), `left_s` (end of that visit), `arrived_s` (the
      vehicle stopped at the destination, or where she was set down instead of it: `is_set_down_elsewhere`),
      `cancelled_at_s`.
    - Figures, defined in `docs/metrics.md`: `wait_s`, `stop_wait_s`, `in_vehicle_s`, `lateness_s`,
      `is_promise_kept`, `is_shared`.

    Parameters
    ----------
    legs
        Where they are already known; otherwise computed.

    Raises
    ------
    JournalError
        When the journal names vehicles or requests that it does not know.
    """
    legs = vehicle_legs(journal) if legs is None else legs
    index = RequestIndex.of(journal)
    return pd.DataFrame(
        _asked(journal, index)
        | _answered(journal, index)
        | _booked(journal, index)
        | _happened(journal, index, legs)
    ).pipe(_with_figures)


def _asked(journal: Journal, index: RequestIndex) -> dict[str, object]:
    """What was asked, and the limits of the service's rules."""
    asked = journal.columns(codec.TRIP_REQUESTED)
    command = journal.columns(codec.REQUEST_TRIP)
    said = {
        name: _filled(index.positions(command), len(index), command[name])
        for name in ("age_band", "channel", "area", "purpose", "is_disabled", "is_resident")
    }
    header = journal.header
    limits = ("direct_s", "direct_m", "earliest_s", "latest_pickup_s", "latest_dropoff_s", "max_ride_s")
    return {
        "request": index.number,
        "asked_at_s": asked["at"],
        "origin": asked["origin"],
        "destination": asked["destination"],
        "time_kind": _names(asked["time_kind"], "time kind", TIME_KINDS),
        "wish_s": asked["wish_s"],
        "seats": asked["seats"],
        "wheelchairs": asked["wheelchairs"],
        "riders": asked["seats"] + asked["wheelchairs"],
        "age_band": _names(said["age_band"], "age band", AGE_BANDS),
        "channel": _names(said["channel"], "channel", CHANNELS),
        "area": _names(said["area"], "area", header.areas),
        "purpose": _names(said["purpose"], "purpose", header.purposes),
        "is_disabled": said["is_disabled"] != 0,
        "is_resident": said["is_resident"] != 0,
        **{name: asked[name] for name in limits},
    }


def _answered(journal: Journal, index: RequestIndex) -> dict[str, object]:
    """Status, reason of a refusal and what would have helped, number of offers."""
    size = len(index)
    happened = [(kind, journal.columns(kind)) for kind in _STATUS_AFTER]
    row = np.concatenate([columns["row"] for _, columns in happened])
    where = np.concatenate([index.positions(columns) for _, columns in happened])
    after = np.concatenate([np.full(len(columns["row"]), _STATUS_AFTER[kind]) for kind, columns in happened])
    order = np.argsort(row)
    refused = journal.columns(codec.TRIP_REFUSED)
    where_refused = index.positions(refused)
    reason = _filled(where_refused, size, refused["reason"])
    later, other, missing = (
        _scattered(where_refused, size, refused[name]) for name in ("later_s", "walk_m", "vehicles_missing")
    )
    offered = index.positions(journal.columns(codec.TRIP_OFFERED))
    return {
        "status": _names(_filled(where[order], size, after[order]), "status", STATUSES),
        "reason": _names(reason - 1, "reason", REASONS),
        "offers": np.bincount(offered, minlength=size).astype(np.int64),
        "later_s": later.where(later > 0),
        "other_place": _scattered(where_refused, size, refused["other_place"]).where(other > 0),
        "other_place_m": other.where(other > 0),
        "one_vehicle_more": (missing > 0).astype("boolean"),
    }


def _booked(journal: Journal, index: RequestIndex) -> dict[str, object]:
    """The booking. Its promise: pickup of the first leg, arrival of the last; fares of legs add up."""
    size = len(index)
    booked = journal.columns(codec.TRIP_BOOKED)
    changes = [journal.columns(kind) for kind in (codec.TRIP_MOVED, codec.TRIP_REASSIGNED)]
    where = index.positions(booked)
    where_changed = np.concatenate([index.positions(columns) for columns in changes])
    given = [booked, *changes]
    order = np.argsort(np.concatenate([columns["row"] for columns in given]))
    vehicle = _scattered(
        np.append(where, where_changed)[order],
        size,
        np.concatenate([columns["vehicle"] for columns in given])[order],
    )
    fare = np.zeros(size, np.int64)
    np.add.at(fare, where, booked["fare_yen"])
    first, reverse = {}, slice(None, None, -1)
    for name in ("at", "promise_earliest_s", "promise_latest_s", "run"):
        first[name] = _scattered(where[reverse], size, booked[name][reverse])
    fleet = [v.vehicle_id for v in journal.header.service.vehicles]
    return {
        "booked_at_s": first["at"],
        "vehicle": vehicle,
        "vehicle_id": _names(vehicle.fillna(-1).to_numpy(np.int64), "vehicle", fleet),
        "run": first["run"],
        "fare_yen": pd.Series(fare, dtype="Int64").where(first["at"].notna()),
        "promise_earliest_s": first["promise_earliest_s"],
        "promise_latest_s": first["promise_latest_s"],
        "arrive_by_s": _scattered(where, size, booked["arrive_by_s"]),
        "vehicle_changes": np.bincount(where_changed, minlength=size).astype(np.int64),
    }


def _happened(journal: Journal, index: RequestIndex, legs: VehicleLegs) -> dict[str, object]:
    """First boarding, last alighting, cancellation, and whether a ride was shared."""
    size = len(index)
    boarded = journal.columns(codec.RIDER_BOARDED)
    alighted = journal.columns(codec.RIDER_ALIGHTED)
    cancelled = journal.columns(codec.TRIP_CANCELLED)
    moved = index.positions(journal.columns(codec.DROPOFF_MOVED))
    first = index.positions(boarded)[::-1]
    shared = np.zeros(size, np.bool_)
    shared[legs.ride_request[legs.ride_is_shared]] = True
    return {
        "picked_up_s": _scattered(first, size, boarded["arrived_s"][::-1]),
        "left_s": _scattered(first, size, boarded["at"][::-1]),
        "arrived_s": _scattered(index.positions(alighted), size, alighted["arrived_s"]),
        "cancelled_at_s": _scattered(index.positions(cancelled), size, cancelled["at"]),
        "is_set_down_elsewhere": np.bincount(moved, minlength=size) > 0,
        "is_shared": shared,
    }


def _with_figures(table: pd.DataFrame) -> pd.DataFrame:
    """Waits, ride, lateness: see `docs/metrics.md`."""
    is_done = table["status"] == "done"
    is_abandoned = table["status"] == "abandoned"
    due = (
        table["wish_s"]
        .astype("Int64")
        .where(table["time_kind"] == "depart_after", table["promise_earliest_s"])
    )
    table["wait_s"] = (table["picked_up_s"] - due).clip(lower=0)
    table["stop_wait_s"] = (table["picked_up_s"] - table["promise_earliest_s"]).clip(lower=0)
    table["in_vehicle_s"] = (table["arrived_s"] - table["left_s"]).where(is_done)
    late_pickup = (table["picked_up_s"] - table["promise_latest_s"]).clip(lower=0)
    late_arrival = (table["arrived_s"] - table["arrive_by_s"]).clip(lower=0)
    table["lateness_s"] = late_pickup.where((late_pickup >= late_arrival).fillna(True), late_arrival).where(
        is_done
    )
    kept = ((table["lateness_s"] == 0) & ~table["is_set_down_elsewhere"]).astype("boolean")
    table["is_promise_kept"] = kept.where(~is_abandoned, False).where(is_done | is_abandoned)
    table["is_shared"] = table["is_shared"].astype("boolean").where(is_done)
    return table


def _filled(where: Positions, size: int, values: Int64s) -> Int64s:
    """Values at their positions, 0 elsewhere; the last one of a position counts."""
    filled = np.zeros(size, np.int64)
    filled[where] = values
    return filled


def _scattered(where: Positions, size: int, values: Int64s) -> pd.Series[int]:
    """Values at their positions, missing elsewhere; the last one of a position counts."""
    is_missing = np.ones(size, np.bool_)
    is_missing[where] = False
    return pd.Series(pd.arrays.IntegerArray(_filled(where, size, values), is_missing))


def _names(codes: NDArray[np.integer], what: str, names: Sequence[str]) -> pd.Categorical[str]:
    """Names of codes; a code without a name is called after `what`, a negative one is missing."""
    most = int(codes.max(initial=-1))
    extra = [f"{what} {code}" for code in range(len(names), most + 1)]
    categories = pd.Index([*names, *extra], dtype="str")
    return pd.Categorical.from_codes(np.maximum(codes, -1), categories=categories)
