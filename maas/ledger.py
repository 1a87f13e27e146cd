"""A day's books, kept entry by entry in plain Python: who was where, what was driven, how time was spent.

`maas.metrics` computes the same quantities with arrays and sorted keys. The two share the reading of the
journal and nothing else, so that what they agree on was computed twice (`maas.conservation`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from maas.dispatch import codec
from maas.dispatch.codec import Row
from maas.store.journal import Journal

NOT_TOLD: Final = -1
"""Age band of a request that did not come as a `RequestTrip`."""


@dataclass(slots=True)
class Ride:
    """A stretch of a booking in one vehicle: seconds and metres by clock and odometer; without an end it goes
    on where the journal stops."""

    request: int
    vehicle: int
    persons: int
    begin_s: int
    begin_m: int
    end_s: int | None = None
    end_m: int = 0


@dataclass(slots=True)
class VehicleBook:
    """How a vehicle spent its shift, in seconds and metres.

    Attributes
    ----------
    clock_s
        Up to here every second is booked.
    is_visiting, visit_s
        Whether it stands where it has arrived, and for how long so far: a visit, if it departs from there.
    driving_s, visiting_s, waiting_s, failed_s
        Driving; at visits that ended with a departure; standing otherwise (breaks among it); out of service
        after a breakdown.
    overtime_s
        Beyond the end of the shift.
    odometer_m, empty_m
        Driven; driven with nobody on board.
    load_seconds
        Persons on board x seconds, those at drop-off visits left out.
    load_metres
        Persons on board x metres.
    """

    vehicle_id: str
    clock_s: int
    is_visiting: bool = False
    visit_s: int = 0
    driving_s: int = 0
    visiting_s: int = 0
    waiting_s: int = 0
    failed_s: int = 0
    overtime_s: int = 0
    odometer_m: int = 0
    empty_m: int = 0
    load_seconds: int = 0
    load_metres: int = 0
    has_failed: bool = False
    aboard: dict[int, Ride] = field(default_factory=dict)

    @property
    def persons(self) -> int:
        """On board now."""
        return sum(ride.persons for ride in self.aboard.values())


@dataclass(slots=True)
class Booking:
    """What a request asked for and, once booked, pays."""

    seats: int
    wheelchairs: int
    direct_m: int
    age_band: int
    is_disabled: bool
    fares_yen: list[int] = field(default_factory=list)

    @property
    def persons(self) -> int:
        return self.seats + self.wheelchairs


@dataclass(frozen=True, slots=True)
class Ledger:
    """The books of a day.

    Parameters
    ----------
    vehicles
        One a vehicle of the fleet.
    rides
        In the order of boarding.
    bookings
        Every request by number.
    boarded, alighted, stranded
        Persons who got on; who got off; who were on board of a vehicle that broke down and went on with
        another one, or not at all.
    faults
        What the books could not be kept with, one sentence each.
    """

    vehicles: tuple[VehicleBook, ...]
    rides: tuple[Ride, ...]
    bookings: dict[int, Booking]
    boarded: int
    alighted: int
    stranded: int
    faults: tuple[str, ...]

    @property
    def aboard(self) -> int:
        """Persons on board where the journal ends."""
        return sum(book.persons for book in self.vehicles)


def ledger_of(journal: Journal) -> Ledger:
    """Keep the books of a journal."""
    keeper = _Keeper(journal)
    for seq, at, command, events in journal.records():
        keeper.begin(seq, at, command)
        for event in events:
            keeper.hear(event)
    return keeper.close()


class _Keeper:
    """Enters events one by one."""

    def __init__(self, journal: Journal) -> None:
        self._shifts = [(v.start_s, v.end_s) for v in journal.header.service.vehicles]
        self._books = [VehicleBook(v.vehicle_id, v.start_s) for v in journal.header.service.vehicles]
        self._rides: list[Ride] = []
        self._bookings: dict[int, Booking] = {}
        self._stranded_now: dict[int, Ride] = {}
        self._faults: list[str] = []
        self._seq = self._at = 0
        self._command: Row = (codec.WAKE,)
        self._boarded = self._alighted = self._stranded = 0
        self._enter: dict[int, Callable[[Row], None]] = {
            codec.TRIP_REQUESTED: self._requested,
            codec.TRIP_BOOKED: self._booked,
            codec.VEHICLE_ARRIVED: self._driven,
            codec.VEHICLE_STOOD: self._driven,
            codec.VEHICLE_FAILED: self._driven,
            codec.VEHICLE_DEPARTED: self._departed,
            codec.RIDER_BOARDED: self._got_on,
            codec.RIDER_ALIGHTED: self._got_off,
        }

    def begin(self, seq: int, at: int, command: Row) -> None:
        """Open a record."""
        self._seq, self._at, self._command = seq, at, command
        self._stranded_now = {}

    def hear(self, event: Row) -> None:
        enter = self._enter.get(event[0])
        if enter is not None:
            enter(event)

    def close(self) -> Ledger:
        """Book the rest of every shift."""
        for book, (_, end_s) in zip(self._books, self._shifts, strict=True):
            self._advance(book, max(end_s, book.clock_s), standing=True)
            self._end_stay(book)
            book.overtime_s = max(0, book.clock_s - end_s)
        return Ledger(
            tuple(self._books), tuple(self._rides), self._bookings, self._boarded, self._alighted,
            self._stranded, tuple(self._faults),
        )  # fmt: skip

    def _fault(self, text: str) -> None:
        self._faults.append(f"record {self._seq}: {text}")

    def _advance(self, book: VehicleBook, until_s: int, *, standing: bool) -> None:
        """Book the seconds up to one as driving or standing."""
        span = until_s - book.clock_s
        if span < 0:
            self._fault(
                f"vehicle {book.vehicle_id} is booked until {book.clock_s} s, and again from {until_s} s"
            )
            return
        book.load_seconds += span * book.persons
        if not standing:
            book.driving_s += span
        elif book.has_failed:
            book.failed_s += span
        elif book.is_visiting:
            book.visit_s += span
        else:
            book.waiting_s += span
        book.clock_s = until_s

    def _end_stay(self, book: VehicleBook) -> None:
        """A stay that nobody departed from was no visit."""
        book.waiting_s += book.visit_s
        book.visit_s, book.is_visiting = 0, False

    def _requested(self, event: Row) -> None:
        command = self._command
        is_asked = command[0] == codec.REQUEST_TRIP and command[1] == event[1]
        self._bookings[event[1]] = Booking(
            seats=event[6],
            wheelchairs=event[7],
            direct_m=event[13],
            age_band=command[8] if is_asked else NOT_TOLD,
            is_disabled=bool(command[11]) if is_asked else False,
        )

    def _booked(self, event: Row) -> None:
        booking = self._bookings.get(event[1])
        if booking is None:
            self._fault(f"request {event[1]} is booked and was never asked")
            return
        booking.fares_yen.append(event[8])

    def _driven(self, event: Row) -> None:
        kind, vehicle, _, leg_m, leg_s = event
        book = self._books[vehicle]
        is_failure = kind == codec.VEHICLE_FAILED
        # A vehicle that fails under way is booked to the node that it had ahead of it.
        end_s = max(self._at, book.clock_s + leg_s) if is_failure else self._at
        self._advance(book, end_s - leg_s, standing=True)
        self._end_stay(book)
        self._advance(book, end_s, standing=False)
        book.odometer_m += leg_m
        book.load_metres += leg_m * book.persons
        if not book.aboard:
            book.empty_m += leg_m
        book.is_visiting = kind == codec.VEHICLE_ARRIVED
        if is_failure:
            book.has_failed = True
            for ride in book.aboard.values():
                ride.end_s, ride.end_m = book.clock_s, book.odometer_m
                self._stranded += ride.persons
            self._stranded_now = book.aboard
            book.aboard = {}

    def _departed(self, event: Row) -> None:
        book = self._books[event[1]]
        if not book.is_visiting:
            self._fault(f"vehicle {book.vehicle_id} departs without having arrived")
        self._settle(book)
        book.visiting_s += book.visit_s
        book.visit_s, book.is_visiting = 0, False

    def _got_on(self, event: Row) -> None:
        _, request, vehicle, _ = event
        book, booking = self._books[vehicle], self._bookings.get(request)
        if booking is None or request in book.aboard:
            self._fault(f"request {request} boards {book.vehicle_id} unasked or twice")
            return
        self._settle(book)
        ride = Ride(request, vehicle, booking.persons, self._at, book.odometer_m)
        book.aboard[request] = ride
        self._rides.append(ride)
        self._boarded += booking.persons

    def _got_off(self, event: Row) -> None:
        _, request, vehicle, arrived_s = event
        book = self._books[vehicle]
        ride = self._stranded_now.pop(request, None)
        if ride is not None:
            self._stranded -= ride.persons
            self._alighted += ride.persons
            return
        self._settle(book)
        ride = book.aboard.pop(request, None)
        if ride is None:
            self._fault(f"request {request} alights from {book.vehicle_id} without being on board")
            return
        # The ride ends when the vehicle has stopped, not when the visit is over.
        book.load_seconds -= (self._at - arrived_s) * ride.persons
        ride.end_s, ride.end_m = arrived_s, book.odometer_m
        self._alighted += ride.persons

    def _settle(self, book: VehicleBook) -> None:
        """Book the standing time before the load changes."""
        self._advance(book, self._at, standing=True)
