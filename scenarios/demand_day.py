"""The latent requests of one service day, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from scenarios.streams import uniforms

NEVER = 2**30
"""Second of the service day at which nothing ever happens: a trip that nobody cancels."""

DEPART_AFTER = 0
ARRIVE_BY = 1

PURPOSES: tuple[str, ...] = ("clinic", "shopping", "station", "bath", "social", "hot_spring", "unknown")
"""Purposes by their code in `DemandDay.purpose`; a return trip carries the purpose of its outward trip."""

_ADULT = 1  # index of "15-64" in AGE_BANDS, where nothing is known of ages

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_DTYPES: dict[str, type] = {"rider": np.int64, "is_disabled": np.bool_, "is_resident": np.bool_}
_DTYPES |= {"is_no_show": np.bool_, "knows_service": np.bool_, "walks_too_far": np.bool_}


@dataclass(frozen=True, eq=False, slots=True)
class DemandDay:
    """Latent requests of one day, sorted by (booked_at_s, rider).

    Every array has shape (n,) and is int32 unless said otherwise.

    Parameters
    ----------
    rider
        int64. Stable identity of the request; every draw about it is keyed by it.
    booked_at_s
        When the request reaches the service, seconds of the service day; negative = the day before or
        earlier.
    origin, destination
        Network node indices of the doors.
    pickup, dropoff
        Network node indices where the vehicle stops; the doors themselves in a door-to-door service.
    walk_to_pickup_s, walk_from_dropoff_s
        Seconds on foot between door and stop.
    time_kind
        `DEPART_AFTER` or `ARRIVE_BY`.
    wish_s
        Wished departure from the pickup place, or wished arrival at the drop-off place.
    seats, wheelchairs
        Seated riders and wheelchairs of the party; together 1 or more.
    age_band, channel, area, purpose
        Codes into `AGE_BANDS`, `CHANNELS`, the areas of the scenario (of the home, or of the origin of a
        visitor) and `PURPOSES`.
    is_disabled, is_resident
        bool.
    answer_s
        Seconds the rider takes to answer an offer.
    max_shift_s
        The rider accepts an offer whose pickup (or arrival) is at most this far from the wish.
    cancels_at_s
        `NEVER`, or the second at which the trip is cancelled if it has been booked.
    is_no_show
        bool. The rider will not be there.
    knows_service
        bool. Whether the rider knows the service and is registered for it; one who does not never asks.
    walks_too_far
        bool. Whether a walk exceeds the walking limit of the rider's age; the rider walks all the same.
    """

    rider: Int64s
    booked_at_s: Int32s
    origin: Int32s
    destination: Int32s
    pickup: Int32s
    dropoff: Int32s
    walk_to_pickup_s: Int32s
    walk_from_dropoff_s: Int32s
    time_kind: Int32s
    wish_s: Int32s
    seats: Int32s
    wheelchairs: Int32s
    age_band: Int32s
    channel: Int32s
    area: Int32s
    purpose: Int32s
    is_disabled: Bools
    is_resident: Bools
    answer_s: Int32s
    max_shift_s: Int32s
    cancels_at_s: Int32s
    is_no_show: Bools
    knows_service: Bools
    walks_too_far: Bools

    def __len__(self) -> int:
        return len(self.rider)

    def take(self, rows: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> DemandDay:
        """The requests of the given rows (indices or a mask), in that order."""
        return DemandDay(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def asking(self) -> DemandDay:
        """The requests that reach the service: those of riders who know it."""
        return self if bool(self.knows_service.all()) else self.take(self.knows_service)


def demand_day(**columns: npt.NDArray[Any]) -> DemandDay:
    """A day from columns in any row order: cast, sorted by (booked_at_s, rider)."""
    order = np.lexsort((columns["rider"], columns["booked_at_s"]))
    return DemandDay(
        **{
            f.name: np.ascontiguousarray(columns[f.name][order], dtype=_DTYPES.get(f.name, np.int32))
            for f in fields(DemandDay)
        }
    )


def plain_day(
    rider: npt.NDArray[Any],
    asked_s: npt.NDArray[Any],
    origin: npt.NDArray[Any],
    destination: npt.NDArray[Any],
) -> DemandDay:
    """A day of which nothing but these is known, each of shape (n,): adults who ride alone from node to node,
    want to leave at the second in which they ask, accept whatever is offered at once and turn up.
    """
    zero = np.zeros(len(rider), np.int32)
    no = np.zeros(len(rider), np.bool_)
    return demand_day(
        rider=rider,
        booked_at_s=asked_s,
        origin=origin,
        destination=destination,
        pickup=origin,
        dropoff=destination,
        walk_to_pickup_s=zero,
        walk_from_dropoff_s=zero,
        time_kind=zero + DEPART_AFTER,
        wish_s=asked_s,
        seats=zero + 1,
        wheelchairs=zero,
        age_band=zero + _ADULT,
        channel=zero + 1,
        area=zero,
        purpose=zero + PURPOSES.index("unknown"),
        is_disabled=no,
        is_resident=~no,
        answer_s=zero,
        max_shift_s=zero + NEVER,
        cancels_at_s=zero + NEVER,
        is_no_show=no,
        knows_service=~no,
        walks_too_far=no,
    )


def jittered(day: DemandDay, jitter_s: int, seed: int) -> DemandDay:
    """The same requests, each moved by whole seconds in [-jitter_s, +jitter_s], keyed by its rider.

    Wish, booking and cancellation move together, so that notice and order of events within a request stay as
    they are.

    Raises
    ------
    ValueError
        If `jitter_s` is negative.
    """
    if jitter_s < 0:
        raise ValueError(f"jitter is {jitter_s} s; give 0 or more")
    u = uniforms(seed, "jitter", day.rider)[:, 0]
    shift = np.floor(u * (2 * jitter_s + 1)).astype(np.int32) - np.int32(jitter_s)
    cancels = np.where(day.cancels_at_s == NEVER, NEVER, day.cancels_at_s + shift).astype(np.int32)
    moved = replace(day, booked_at_s=day.booked_at_s + shift, wish_s=day.wish_s + shift, cancels_at_s=cancels)
    return moved.take(np.lexsort((moved.rider, moved.booked_at_s)))
