"""How riders meet one service: by phone or app, whether they know it at all, and at which stops.

The trips are those of the city; what is done to them here depends on the service alone, so two services meet
the same riders.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from maas.service_definition import CHANNELS
from routing.network import Network
from scenarios.demand_day import NEVER, DemandDay, demand_day
from scenarios.population import PERSON_SEED
from scenarios.streams import uniforms
from scenarios.trips import Trips
from scenarios.walking import Walking, at_stops

_PHONE, _APP = CHANNELS.index("phone"), CHANNELS.index("app")
_DAY_S = 86_400
_RUSH_S = 600  # calls held back until the phone is answered spread over ten minutes


@dataclass(frozen=True, eq=False, slots=True)
class Stops:
    """Where a stop-based service stops (int32, sorted nodes), and how riders walk there."""

    nodes: npt.NDArray[np.int32]
    walking: Walking


@dataclass(frozen=True, eq=False, slots=True)
class LineAccess:
    """Where one line serves, who knows it, and how far they plan around its runs.

    Parameters
    ----------
    pickup, dropoff
        bool, shape (n,). Nodes of its zones.
    awareness
        Share of riders who know it.
    max_shift_s
        They accept at least this shift of the wished time.
    """

    pickup: npt.NDArray[np.bool_]
    dropoff: npt.NDArray[np.bool_]
    awareness: float
    max_shift_s: int

    def serves(self, trips: Trips) -> npt.NDArray[np.bool_]:
        """Whether the line serves each trip."""
        return self.pickup[trips.origin] & self.dropoff[trips.destination]


@dataclass(frozen=True, eq=False, slots=True)
class ServiceAccess:
    """What a service asks of its riders.

    Parameters
    ----------
    network
        Roads.
    stops
        None = the vehicle comes to the door.
    has_app
        Whether there is an app; without it everybody phones.
    phone_hours
        When the phone is answered, seconds of the day; the same hours on the day before.
    awareness, lines
        Share of riders who know the service, and of those whose trip one of the lines serves.
    is_for_visitors
        Whether people from elsewhere may book.
    answer_on_phone_s, answer_in_app_s
        Shortest and longest time to answer an offer.
    served
        bool, shape (n,). Nodes that are served: riders from or to other ones do not ask. None = everywhere.
    """

    network: Network
    stops: Stops | None
    has_app: bool
    phone_hours: tuple[int, int]
    awareness: float
    lines: tuple[LineAccess, ...]
    is_for_visitors: bool
    answer_on_phone_s: tuple[int, int]
    answer_in_app_s: tuple[int, int]
    served: npt.NDArray[np.bool_] | None = None

    def requests(self, trips: Trips, seed: int) -> DemandDay:
        """The requests that the trips become at this service."""
        u = uniforms(seed, "contact", trips.rider, 2)
        by_app = trips.uses_app & self.has_app
        booked_s = np.where(by_app, trips.booked_at_s, self._phoned(trips, u[:, 0]))
        shortest = np.where(by_app, self.answer_in_app_s[0], self.answer_on_phone_s[0])
        longest = np.where(by_app, self.answer_in_app_s[1], self.answer_on_phone_s[1])
        is_cancelled = trips.cancels_at_s != NEVER
        cancels_s = np.where(is_cancelled, np.maximum(trips.cancels_at_s, booked_s + longest + 60), NEVER)
        nothing = np.zeros(len(trips), np.int32)
        day = demand_day(
            rider=trips.rider,
            booked_at_s=booked_s,
            origin=trips.origin,
            destination=trips.destination,
            pickup=trips.origin,
            dropoff=trips.destination,
            walk_to_pickup_s=nothing,
            walk_from_dropoff_s=nothing,
            time_kind=trips.time_kind,
            wish_s=trips.wish_s,
            seats=trips.seats,
            wheelchairs=trips.wheelchairs,
            age_band=trips.age_band,
            channel=np.where(by_app, _APP, _PHONE),
            area=trips.area,
            purpose=trips.purpose,
            is_disabled=trips.is_disabled,
            is_resident=trips.is_resident,
            answer_s=shortest + np.floor(u[:, 1] * (longest - shortest + 1)),
            max_shift_s=self._shift_s(trips),
            cancels_at_s=cancels_s,
            is_no_show=trips.is_no_show,
            knows_service=self._knows(trips),
            walks_too_far=nothing,
        )
        if self.stops is None:
            return day
        return at_stops(day, self.network, self.stops.nodes, self.stops.walking)

    def _phoned(self, trips: Trips, u: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """When a caller gets through: a call outside the phone hours waits for the next opening.

        If that would be after the departure, it is made on the day before.
        """
        opens_s, closes_s = self.phone_hours
        asked_s = trips.booked_at_s.astype(np.int64)
        second = asked_s % _DAY_S
        day_s = asked_s - second
        opening_s = np.where(second < opens_s, day_s, day_s + _DAY_S) + opens_s
        is_open = (second >= opens_s) & (second < closes_s)
        called_s = np.where(is_open, asked_s, opening_s + np.floor(u * _RUSH_S).astype(np.int64))
        eve_second = trips.eve_s.astype(np.int64) + _DAY_S
        is_reached = (eve_second >= opens_s) & (eve_second < closes_s)
        within_s = opens_s + np.floor(u * (closes_s - opens_s)).astype(np.int64)
        eve_s = np.where(is_reached, eve_second, within_s) - _DAY_S
        return np.where(called_s > trips.depart_s, eve_s, called_s)

    def _shift_s(self, trips: Trips) -> npt.NDArray[np.int32]:
        """Accepted shifts: riders of a line plan around its runs."""
        shift_s = trips.max_shift_s
        for line in self.lines:
            shift_s = np.where(line.serves(trips), np.maximum(shift_s, np.int32(line.max_shift_s)), shift_s)
        return shift_s

    def _knows(self, trips: Trips) -> npt.NDArray[np.bool_]:
        """Whether riders know what serves their trip: one draw for each traveller, for life."""
        share = np.full(len(trips), self.awareness)
        serves = np.zeros(len(trips), np.bool_)
        for line in self.lines:
            is_here = line.serves(trips)
            best = np.where(serves, np.maximum(share, line.awareness), line.awareness)
            share = np.where(is_here, best, share)
            serves |= is_here
        knows = uniforms(PERSON_SEED, "knows the service", trips.traveller)[:, 0] < share
        knows &= trips.is_resident | self.is_for_visitors
        if self.served is not None:
            knows &= self.served[trips.origin] & self.served[trips.destination]
        return knows
