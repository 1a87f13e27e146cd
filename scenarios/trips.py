"""What travellers want on one day, before any service: an outward trip, and often a trip back.

Everything about a traveller is drawn with keys of that traveller and the seed of the day, everything about a
request with the key of the request, so nobody's trip depends on who else travels.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from routing.travel_times import DenseTravelTimes
from scenarios.demand_day import ARRIVE_BY, DEPART_AFTER, NEVER
from scenarios.people_sections import LeadTime, ModelledDemand
from scenarios.streams import uniforms

OUTWARD, RETURN = 0, 1

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Travellers:
    """Those who set out on a day, in columns of shape (k,): int32 unless said otherwise.

    Parameters
    ----------
    traveller
        int64. Identity: a resident, or a party of visitors.
    origin, destination
        Nodes of the doors.
    purpose
        Index into `PURPOSES`.
    leave_s
        Earliest wished departure, already in steps, for those who depart after a time.
    arrives_by
        bool. Whether the wish is an arrival.
    stay_s
        Seconds at the destination.
    shortest_shift_s, longest_shift_s
        Range of the largest shift that is accepted.
    seats, wheelchairs, age_band, area
        As in `DemandDay`.
    uses_app, is_disabled, is_resident
        bool.
    """

    traveller: npt.NDArray[np.int64]
    origin: npt.NDArray[np.int32]
    destination: npt.NDArray[np.int32]
    purpose: npt.NDArray[np.int32]
    leave_s: npt.NDArray[np.int32]
    arrives_by: npt.NDArray[np.bool_]
    stay_s: npt.NDArray[np.int32]
    shortest_shift_s: npt.NDArray[np.int32]
    longest_shift_s: npt.NDArray[np.int32]
    seats: npt.NDArray[np.int32]
    wheelchairs: npt.NDArray[np.int32]
    age_band: npt.NDArray[np.int32]
    area: npt.NDArray[np.int32]
    uses_app: npt.NDArray[np.bool_]
    is_disabled: npt.NDArray[np.bool_]
    is_resident: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.traveller)

    def take(self, rows: npt.NDArray[np.intp]) -> Travellers:
        """The travellers of the given rows."""
        return Travellers(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


@dataclass(frozen=True, eq=False, slots=True)
class Trips:
    """Latent trips from door to door, in columns of shape (n,) as in `DemandDay`.

    Parameters
    ----------
    traveller
        int64. Who travels: what is known once per traveller (knowing the service) is keyed by this.
    rider
        int64. Twice the traveller's number, plus 1 on the way back.
    booked_at_s
        When the rider would ask if the service could always be reached.
    eve_s
        When the rider would ask on the day before.
    depart_s
        Reckoned departure from the door.
    """

    traveller: npt.NDArray[np.int64]
    rider: npt.NDArray[np.int64]
    booked_at_s: npt.NDArray[np.int32]
    eve_s: npt.NDArray[np.int32]
    depart_s: npt.NDArray[np.int32]
    origin: npt.NDArray[np.int32]
    destination: npt.NDArray[np.int32]
    time_kind: npt.NDArray[np.int32]
    wish_s: npt.NDArray[np.int32]
    seats: npt.NDArray[np.int32]
    wheelchairs: npt.NDArray[np.int32]
    age_band: npt.NDArray[np.int32]
    area: npt.NDArray[np.int32]
    purpose: npt.NDArray[np.int32]
    uses_app: npt.NDArray[np.bool_]
    is_disabled: npt.NDArray[np.bool_]
    is_resident: npt.NDArray[np.bool_]
    max_shift_s: npt.NDArray[np.int32]
    cancels_at_s: npt.NDArray[np.int32]
    is_no_show: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.rider)


Columns = TypeVar("Columns", "Travellers", "Trips")


def joined(parts: list[Columns]) -> Columns:
    """Several sets of columns of one kind, one below the other."""
    kind = type(parts[0])
    return kind(**{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(kind)})


def trips_of(
    travellers: Travellers, demand: ModelledDemand, travel_times: DenseTravelTimes, seed: int
) -> Trips:
    """Outward trips, and the trips back of those who return by the service in time.

    The way back is wished for after the reckoned arrival and the stay, and is asked for on its own: whether
    the way there was served plays no part.
    """
    who = travellers
    u = uniforms(seed, "tour", who.traveller, 5)
    step_s, appointment_s = demand.wish_step.seconds, demand.appointment_step.seconds
    delay_s = demand.expected_delay.seconds
    direct_s = travel_times.tables.from_s[who.origin, who.destination].astype(np.int64)
    arrive_s = _up(who.leave_s + direct_s + delay_s, appointment_s)
    leave_s = np.where(who.arrives_by, arrive_s - direct_s - delay_s, who.leave_s)
    there_s = np.where(who.arrives_by, arrive_s, who.leave_s + direct_s + delay_s)
    back_s = _up(there_s + who.stay_s, step_s)
    returns = (u[:, 0] < demand.return_share.value) & (back_s <= demand.latest_return.seconds)

    lead = demand.lead_time
    eve_s = _between(u[:, 1], *lead.day_before.seconds)
    booked_s = _booked(lead, u[:, 2], u[:, 3], leave_s, eve_s)
    is_asked_together = u[:, 4] < lead.return_with_outward_share.value
    asked_when_ready_s = np.maximum(back_s - _between(u[:, 3], *lead.return_short.seconds), there_s)
    booked_back_s = np.where(is_asked_together, booked_s, asked_when_ready_s)

    wish_s = np.where(who.arrives_by, arrive_s, leave_s)
    kind = np.where(who.arrives_by, ARRIVE_BY, DEPART_AFTER)
    everybody = np.arange(len(who))
    back = np.flatnonzero(returns)
    return joined(
        [
            _leg(who, demand, seed, OUTWARD, everybody, kind, wish_s, leave_s, booked_s, eve_s),
            _leg(
                who,
                demand,
                seed,
                RETURN,
                back,
                np.full(len(who), DEPART_AFTER),
                back_s,
                back_s,
                booked_back_s,
                eve_s,
            ),
        ]
    )


def _leg(
    who: Travellers,
    demand: ModelledDemand,
    seed: int,
    leg: int,
    rows: npt.NDArray[np.int64],
    time_kind: npt.NDArray[np.int64],
    wish_s: npt.NDArray[np.int64],
    depart_s: npt.NDArray[np.int64],
    booked_s: npt.NDArray[np.int64],
    eve_s: npt.NDArray[np.int64],
) -> Trips:
    """One leg of the travellers in `rows`; the other arrays hold a value for every traveller."""
    traveller = who.traveller[rows]
    rider = traveller * 2 + leg
    u = uniforms(seed, "request", rider, 4)
    booked, depart = booked_s[rows], depart_s[rows]
    cancels = u[:, 0] < demand.cancel_share.value
    cancels_at = booked + np.maximum((u[:, 1] * (depart - booked)).astype(np.int64), 60)
    shortest, longest = who.shortest_shift_s[rows], who.longest_shift_s[rows]
    origin, destination = (who.origin, who.destination) if leg == OUTWARD else (who.destination, who.origin)

    def whole(values: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
        return values.astype(np.int32)

    return Trips(
        traveller=traveller,
        rider=rider,
        booked_at_s=whole(booked),
        eve_s=whole(eve_s[rows]),
        depart_s=whole(depart),
        origin=origin[rows],
        destination=destination[rows],
        time_kind=whole(time_kind[rows]),
        wish_s=whole(wish_s[rows]),
        seats=who.seats[rows],
        wheelchairs=who.wheelchairs[rows],
        age_band=who.age_band[rows],
        area=who.area[rows],
        purpose=who.purpose[rows],
        uses_app=who.uses_app[rows],
        is_disabled=who.is_disabled[rows],
        is_resident=who.is_resident[rows],
        max_shift_s=whole(shortest + u[:, 3] * (longest - shortest)),
        cancels_at_s=whole(np.where(cancels, cancels_at, NEVER)),
        is_no_show=~cancels & (u[:, 2] < demand.no_show_share.value),
    )


def _booked(
    lead: LeadTime,
    u_kind: Floats,
    u_lead: Floats,
    leave_s: npt.NDArray[np.int64],
    eve_s: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """When an outward trip is asked for: the day before, early on the day, or shortly before."""
    day_before = lead.day_before_share.value
    short = u_kind >= day_before + lead.same_day_share.value
    lead_s = np.where(short, _between(u_lead, *lead.short.seconds), _between(u_lead, *lead.same_day.seconds))
    asked_s = leave_s - lead_s
    return np.where((u_kind < day_before) | (asked_s < lead.earliest.seconds), eve_s, asked_s)


def _between(u: Floats, first: int, last: int) -> npt.NDArray[np.int64]:
    """Whole numbers from `first` to `last`, from uniform numbers in [0, 1)."""
    return first + np.floor(u * (last - first + 1)).astype(np.int64)


def _up(seconds: npt.NDArray[Any], step_s: int) -> npt.NDArray[np.int64]:
    """The next multiple of `step_s`."""
    return -(-seconds.astype(np.int64) // step_s) * step_s
