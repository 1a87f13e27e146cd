"""What a journal shows to be wrong by itself, without network or dispatcher."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from maas.dispatch import codec
from maas.dispatch.codec import NAME_OF, Row
from maas.domain.values import PromiseEnd, TripStatus
from maas.service_definition import CapacityRow
from maas.store.journal import Journal
from maas.store.journal_roads import RoadRecords
from maas.store.proposal_check import ProposalCheck

_OPEN = (TripStatus.UNKNOWN, TripStatus.OFFERED, TripStatus.BOOKED, TripStatus.ABOARD)
_Promise = tuple[int, int, int]  # earliest pickup, latest pickup, latest arrival


@dataclass(slots=True)
class _Trip:
    """What is known of a request."""

    origin: int
    destination: int
    seats: int
    wheelchairs: int
    status: TripStatus = TripStatus.UNKNOWN
    vehicle: int = 0
    offers: dict[int, tuple[int, _Promise]] = field(default_factory=dict)
    promise: _Promise = (0, 0, 0)
    broken: set[int] = field(default_factory=set)
    has_ridden: bool = False


@dataclass(slots=True)
class _Van:
    """What is known of a vehicle.

    At `still_s` it had not driven further; its present visit began at `arrived_s`, None for no visit.
    """

    capacity: tuple[CapacityRow, ...]
    place: int
    still_s: int
    arrived_s: int | None = None
    seats: int = 0
    wheelchairs: int = 0
    version: int = 0
    is_failed: bool = False


def check_journal(journal: Journal) -> list[str]:
    """What is wrong with a journal, one sentence each with its record number; empty when nothing is.

    Checked: seconds never fall; commands and events name requests and vehicles that exist; every request
    takes the states it may take, in order, and ends in exactly one (in a closed journal); a booking promises
    no more than its offer lets it, and a promise is missed only with a `PromiseBroken`; a rider boards and
    alights once, at the right places, during a visit of the vehicle that was to come; loads stay within the
    capacity rows at every departure; vehicles do not drive before they departed, nor after a breakdown; route
    versions rise; a plan is adopted or dropped once, after its stops, and tells every vehicle that it
    changes; a booking goes to another vehicle only by the plan adopted with it; gathered requests are
    answered by a batch; changes of the roads are those that were told, other travel times hold only as
    something has begun or ended, and only then a promise is broken by the roads.
    """
    return _Fold(journal).findings()


class _Fold:
    """Folds the events and notes what does not fit."""

    def __init__(self, journal: Journal) -> None:
        service = journal.header.service
        types = {kind.name: kind.capacity for kind in service.vehicle_types}
        self._journal = journal
        self._trips: dict[int, _Trip] = {}
        self._vans = [_Van(types[v.vehicle_type], v.base, v.start_s) for v in service.vehicles]
        self._found: list[str] = []
        self._seq = 0
        self._at = 0
        self._proposals = ProposalCheck(self._note)
        self._handlers: dict[int, Callable[[Row], None]] = {
            codec.TRIP_REQUESTED: self._requested,
            codec.TRIP_REFUSED: self._answered(TripStatus.REFUSED, TripStatus.UNKNOWN),
            codec.TRIP_OFFERED: self._offered,
            codec.OFFERS_EXPIRED: self._answered(TripStatus.EXPIRED, TripStatus.OFFERED),
            codec.OFFERS_DECLINED: self._declined,
            codec.TRIP_BOOKED: self._booked,
            codec.ROUTE_CHANGED: self._route_changed,
            codec.VEHICLE_ARRIVED: self._driven,
            codec.VEHICLE_STOOD: self._driven,
            codec.VEHICLE_FAILED: self._driven,
            codec.VEHICLE_DEPARTED: self._departed,
            codec.RIDER_BOARDED: self._boarded,
            codec.RIDER_ALIGHTED: self._alighted,
            codec.TRIP_CANCELLED: self._given_up(TripStatus.CANCELLED),
            codec.RIDER_NO_SHOW: self._given_up(TripStatus.NO_SHOW),
            codec.PROMISE_BROKEN: self._promise_broken,
            codec.TRIP_MOVED: self._moved,
            codec.TRIP_ABANDONED: self._abandoned,
            codec.SOLVE_REQUESTED: lambda event: self._proposals.solve_requested(event, self._at),
            codec.REPAIR_REQUESTED: lambda event: self._proposals.solve_requested(event, self._at),
            codec.PROMISE_REVISED: self._promise_revised,
            codec.STOP_PROPOSED: self._stop_proposed,
            codec.PLAN_ADOPTED: self._proposals.plan_adopted,
            codec.PLAN_DROPPED: self._proposals.plan_dropped,
            codec.TRIP_GATHERED: self._gathered,
            codec.BATCH_ANSWERED: self._proposals.batch_answered,
            codec.TRIP_REASSIGNED: self._reassigned,
            codec.DROPOFF_MOVED: self._dropoff_moved,
        }

    def findings(self) -> list[str]:
        """Fold the whole journal."""
        before: int | None = None
        roads = RoadRecords(self._journal.header.speed_profiles is not None)
        for seq, at, command, events in self._journal.records():
            self._seq, self._at = seq, at
            if before is not None and at < before:
                self._note(f"happens at {at} s, after a record of {before} s")
            before = at
            self._proposals.begin()
            for event in events:
                handler = self._handlers.get(event[0])
                if handler is not None:
                    handler(event)
            self._proposals.end(events)
            for sentence in roads.findings(at, command, events):
                self._note(sentence)
        if self._journal.is_closed:
            self._found += [
                f"request {request} is still {trip.status.name.lower()} at the end of a closed journal"
                for request, trip in self._trips.items()
                if trip.status in _OPEN
            ]
        return self._found

    def _note(self, text: str) -> None:
        self._found.append(f"record {self._seq}: {text}")

    def _trip(self, event: Row) -> _Trip | None:
        trip = self._trips.get(event[1])
        if trip is None:
            self._note(f"{NAME_OF[event[0]]} names request {event[1]}, which nobody asked")
        return trip

    def _van(self, vehicle: int) -> _Van | None:
        if not 0 <= vehicle < len(self._vans):
            self._note(f"vehicle {vehicle} is not in the fleet of {len(self._vans)}")
            return None
        return self._vans[vehicle]

    def _moves_to(self, event: Row, trip: _Trip, status: TripStatus, *allowed: TripStatus) -> None:
        """Set the status of a trip; note it where the one before does not allow that."""
        if trip.status not in allowed:
            self._note(f"{NAME_OF[event[0]]} of request {event[1]}, which is {trip.status.name.lower()}")
        trip.status = status

    def _requested(self, event: Row) -> None:
        _, request, origin, destination, _, _, seats, wheelchairs, *_ = event
        if request in self._trips:
            self._note(f"request {request} is asked twice")
        if min(seats, wheelchairs) < 0 or seats + wheelchairs < 1:
            self._note(f"request {request} is for {seats} seats and {wheelchairs} wheelchairs")
        self._trips[request] = _Trip(origin, destination, seats, wheelchairs)

    def _answered(self, status: TripStatus, *allowed: TripStatus) -> Callable[[Row], None]:
        """Handler of an event that ends the talk about a request."""

        def handle(event: Row) -> None:
            if trip := self._trip(event):
                self._moves_to(event, trip, status, *allowed)

        return handle

    def _offered(self, event: Row) -> None:
        _, request, offer, vehicle, _, _, _, _, earliest, latest, arrive_by, _, expires, _ = event
        trip = self._trip(event)
        if trip is None or self._van(vehicle) is None:
            return
        if earliest > latest:
            self._note(
                f"offer {offer} to request {request} promises a pickup from {earliest} s to {latest} s"
            )
        if expires < self._at:
            self._note(f"offer {offer} to request {request} expires at {expires} s, before it is made")
        self._moves_to(event, trip, TripStatus.OFFERED, TripStatus.UNKNOWN, TripStatus.OFFERED)
        trip.offers[offer] = (vehicle, (earliest, latest, arrive_by))

    def _booked(self, event: Row) -> None:
        _, request, leg, offer, vehicle, earliest, latest, arrive_by, _, _ = event
        trip = self._trip(event)
        if trip is None or self._van(vehicle) is None:
            return
        if leg:
            self._moves_to(event, trip, TripStatus.BOOKED, TripStatus.BOOKED)
            return
        self._moves_to(event, trip, TripStatus.BOOKED, TripStatus.OFFERED)
        trip.vehicle, trip.promise = vehicle, (earliest, latest, arrive_by)
        made = trip.offers.get(offer)
        if made is None:
            self._note(f"request {request} books offer {offer}, which nobody made")
            return
        offered, promise = made
        if vehicle != offered:
            self._note(f"request {request} books vehicle {vehicle}; offer {offer} was of vehicle {offered}")
        if earliest < promise[0] or latest > promise[1] or arrive_by > promise[2]:
            self._note(
                f"request {request} is promised {trip.promise} s, more than the {promise} s of its offer"
            )

    def _route_changed(self, event: Row) -> None:
        _, vehicle, version, _, _ = event
        if van := self._van(vehicle):
            if version <= van.version:
                self._note(f"route {version} of vehicle {vehicle} follows route {van.version}")
            van.version = version

    def _driven(self, event: Row) -> None:
        kind, vehicle, place, leg_m, leg_s = event
        van = self._van(vehicle)
        if van is None:
            return
        if van.is_failed:
            self._note(f"vehicle {vehicle} drives after its breakdown")
        if leg_m < 0 or leg_s < 0:
            self._note(f"vehicle {vehicle} drives {leg_m} m in {leg_s} s")
        if kind != codec.VEHICLE_FAILED and self._at - leg_s < van.still_s:
            began = self._at - leg_s
            self._note(f"vehicle {vehicle} drives from {began} s on; it stood still until {van.still_s} s")
        van.place, van.still_s = place, self._at
        if kind == codec.VEHICLE_FAILED:
            van.is_failed = True  # riders who are there alight in the same record
            van.arrived_s = self._at if van.arrived_s is None else van.arrived_s
            van.seats = van.wheelchairs = 0
        else:
            van.arrived_s = self._at if kind == codec.VEHICLE_ARRIVED else None

    def _departed(self, event: Row) -> None:
        _, vehicle, place = event
        van = self._van(vehicle)
        if van is None:
            return
        if van.is_failed or van.arrived_s is None or van.place != place:
            self._note(f"vehicle {vehicle} departs from place {place} without a visit there")
        for row in van.capacity:
            if row.seats * van.seats + row.wheelchairs * van.wheelchairs > row.limit:
                self._note(
                    f"vehicle {vehicle} departs with {van.seats} seated and {van.wheelchairs} wheelchairs;"
                    f" {row} forbids it"
                )
        van.arrived_s, van.still_s = None, self._at

    def _visited(self, event: Row, trip: _Trip, place: int) -> _Van | None:
        """The vehicle at whose visit to `place` somebody boards or alights."""
        kind, request, vehicle, arrived_s = event
        van = self._van(vehicle)
        if van is None:
            return None
        if vehicle != trip.vehicle:
            self._note(
                f"{NAME_OF[kind]} of request {request} in vehicle {vehicle}, not in its {trip.vehicle}"
            )
        if van.arrived_s is None or van.place != place:
            self._note(
                f"{NAME_OF[kind]} of request {request} without a visit of vehicle {vehicle} to {place}"
            )
        elif arrived_s != van.arrived_s:
            self._note(
                f"{NAME_OF[kind]} of request {request} says that vehicle {vehicle} came at {arrived_s} s;"
                f" it came at {van.arrived_s} s"
            )
        return van

    def _boarded(self, event: Row) -> None:
        trip = self._trip(event)
        if trip is None:
            return
        self._moves_to(event, trip, TripStatus.ABOARD, TripStatus.BOOKED)
        if van := self._visited(event, trip, trip.origin):
            van.seats += trip.seats
            van.wheelchairs += trip.wheelchairs
        if not trip.has_ridden:
            self._refuse_silent_breach(event, trip, PromiseEnd.PICKUP, trip.promise[1])
        trip.has_ridden = True

    def _alighted(self, event: Row) -> None:
        trip = self._trip(event)
        if trip is None:
            return
        self._moves_to(event, trip, TripStatus.DONE, TripStatus.ABOARD)
        if van := self._visited(event, trip, trip.destination):
            van.seats -= trip.seats
            van.wheelchairs -= trip.wheelchairs
        self._refuse_silent_breach(event, trip, PromiseEnd.DROPOFF, trip.promise[2])

    def _refuse_silent_breach(self, event: Row, trip: _Trip, end: PromiseEnd, promised_s: int) -> None:
        _, request, _, arrived_s = event
        if arrived_s > promised_s and end not in trip.broken:
            self._note(
                f"request {request} was promised its {end.name.lower()} by {promised_s} s and got it at"
                f" {arrived_s} s, without a PromiseBroken"
            )

    def _given_up(self, status: TripStatus) -> Callable[[Row], None]:
        """Handler of an event that takes a booking out of its vehicle's route."""

        def handle(event: Row) -> None:
            if trip := self._trip(event):
                self._moves_to(event, trip, status, TripStatus.BOOKED)
                self._refuse_other_vehicle(event, trip, event[2])

        return handle

    def _promise_broken(self, event: Row) -> None:
        _, request, _, end, promised_s, expected_s, _ = event
        trip = self._trip(event)
        if trip is None:
            return
        due = trip.promise[1 if end == PromiseEnd.PICKUP else 2]
        if promised_s != due:
            self._note(f"PromiseBroken of request {request} names {promised_s} s; {due} s was promised")
        if expected_s <= promised_s:
            self._note(
                f"PromiseBroken of request {request}, expected at {expected_s} s, keeps {promised_s} s"
            )
        trip.broken.add(end)

    def _promise_revised(self, event: Row) -> None:
        _, request, _, end, promised_s, expected_s = event
        trip = self._trip(event)
        if trip is not None and end not in trip.broken:
            self._note(f"PromiseRevised of request {request}, whose promise was not broken")
        if trip is not None and expected_s <= promised_s:
            trip.broken.discard(end)

    def _moved(self, event: Row) -> None:
        _, request, from_vehicle, vehicle, _, _, place, _, _, _, is_aboard = event
        trip = self._trip(event)
        van = self._van(vehicle)
        if trip is None or van is None:
            return
        if van.is_failed:
            self._note(f"request {request} moves to vehicle {vehicle}, which broke down")
        if (trip.status == TripStatus.ABOARD) != bool(is_aboard):
            self._note(
                f"request {request} moves with is_aboard {is_aboard}; it is {trip.status.name.lower()}"
            )
        self._refuse_other_vehicle(event, trip, from_vehicle)
        self._moves_to(event, trip, TripStatus.BOOKED, TripStatus.BOOKED, TripStatus.ABOARD)
        trip.vehicle, trip.origin = vehicle, place

    def _abandoned(self, event: Row) -> None:
        if trip := self._trip(event):
            self._moves_to(event, trip, TripStatus.ABANDONED, TripStatus.BOOKED, TripStatus.ABOARD)
            self._refuse_other_vehicle(event, trip, event[2])

    def _dropoff_moved(self, event: Row) -> None:
        if trip := self._trip(event):
            self._moves_to(event, trip, TripStatus.ABOARD, TripStatus.ABOARD)
            self._refuse_other_vehicle(event, trip, event[2])
            trip.destination = event[3]

    def _stop_proposed(self, event: Row) -> None:
        if self._van(event[2]) is not None:
            self._proposals.stop_proposed(event)

    def _gathered(self, event: Row) -> None:
        if trip := self._trip(event):
            self._moves_to(event, trip, TripStatus.UNKNOWN, TripStatus.UNKNOWN)
            self._proposals.gathered(event)

    def _declined(self, event: Row) -> None:
        if trip := self._trip(event):
            waits = (TripStatus.UNKNOWN,) if self._proposals.waits(event[1]) else ()
            self._moves_to(event, trip, TripStatus.DECLINED, TripStatus.OFFERED, *waits)

    def _reassigned(self, event: Row) -> None:
        _, request, from_vehicle, vehicle = event
        trip = self._trip(event)
        van = self._van(vehicle)
        if trip is None or van is None:
            return
        self._refuse_other_vehicle(event, trip, from_vehicle)
        self._moves_to(event, trip, TripStatus.BOOKED, TripStatus.BOOKED)
        if van.is_failed:
            self._note(f"request {request} goes to vehicle {vehicle}, which broke down")
        if not self._proposals.gives(vehicle, request):
            self._note(f"request {request} goes to vehicle {vehicle} without a plan adopted that says so")
        trip.vehicle = vehicle

    def _refuse_other_vehicle(self, event: Row, trip: _Trip, vehicle: int) -> None:
        if vehicle != trip.vehicle:
            self._note(
                f"{NAME_OF[event[0]]} of request {event[1]} names vehicle {vehicle}; its vehicle is"
                f" {trip.vehicle}"
            )
