"""Journals written by hand, on a line of five places: node index 0 to 4, place_id 1000 to 1004."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from maas.dispatch.codec import to_row
from maas.domain.commands import (
    AcceptOffer,
    ArriveAtStop,
    CancelTrip,
    Command,
    DeclineOffers,
    DepartStop,
    ReportNoShow,
    RequestTrip,
    VehicleBrokeDown,
    Wake,
)
from maas.domain.events import (
    Event,
    OffersDeclined,
    OffersExpired,
    PromiseBroken,
    RiderAlighted,
    RiderBoarded,
    RiderNoShow,
    TripAbandoned,
    TripBooked,
    TripCancelled,
    TripMoved,
    TripOffered,
    TripRefused,
    TripRequested,
    VehicleArrived,
    VehicleDeparted,
    VehicleFailed,
    VehicleSent,
)
from maas.domain.values import BreachCause, PromiseEnd, RefusalReason
from maas.service_definition import (
    BookingRules,
    CapacityRow,
    CostRates,
    Fares,
    FareStep,
    Run,
    ServiceDefinition,
    Vehicle,
    VehicleType,
    Zone,
)
from maas.store.journal import Journal, JournalHeader, Record

NODE_ID = np.arange(1000, 1005, dtype=np.int64)
EIGHT = 28_800
"""8 o'clock, when both shifts begin."""

PHONE, APP = 0, 1
UJIIE, KITSUREGAWA = 0, 1

SERVICE = ServiceDefinition(
    name="line",
    policy="insertion",
    rules=BookingRules(86_400, 0, 600, 130, 400, offers_max=2, offer_hold_s=120),
    vehicle_types=(
        VehicleType("van", (CapacityRow(1, 3, 8), CapacityRow(0, 1, 2)), co2_g_per_km=200),
        VehicleType("taxi", (CapacityRow(1, 4, 4),), co2_g_per_km=150),
    ),
    vehicles=(
        Vehicle("van-1", "van", 1000, EIGHT, EIGHT + 7_200),
        Vehicle("taxi-1", "taxi", 1004, EIGHT, EIGHT + 3_600),
    ),
    fares=Fares((FareStep(up_to_m=0, yen=300),)),
    costs=CostRates(yen_per_vehicle_hour=1_800, yen_per_vehicle_km=20, overhead_yen_per_day=1_000),
)
RUNS = replace(
    SERVICE,
    policy="scheduled_runs",
    costs=replace(SERVICE.costs, paid_hours="runs"),
    zones=(Zone("west", (1000, 1001)), Zone("east", (1003, 1004))),
    runs=(
        Run(1, "van-1", "west", "east", EIGHT, EIGHT + 1_800, EIGHT - 1_800),
        Run(2, "van-1", "east", "west", EIGHT + 1_800, EIGHT + 3_600, EIGHT),
        Run(3, "taxi-1", "west", "east", EIGHT + 3_600, EIGHT + 5_400, EIGHT + 1_800),
        Run(4, "taxi-1", "east", "west", EIGHT + 5_400, EIGHT + 7_200, EIGHT + 1_800),
    ),
)
HEADER = JournalHeader(
    date="2026-11-24",
    title="手で書いた日",
    network_hash="a" * 64,
    scenario_hash="b" * 64,
    seed=7,
    areas=("Ujiie", "Kitsuregawa"),
    purposes=("clinic", "shopping"),
    service=SERVICE,
)


class Day:
    """Records in the making; places are node indices."""

    def __init__(self, header: JournalHeader = HEADER) -> None:
        self.header = header
        self.records: list[Record] = []

    def hear(self, at: int, command: Command, *events: Event) -> Day:
        """Append a record."""
        self.records.append((at, to_row(command), tuple(to_row(event) for event in events)))
        return self

    def ask(
        self,
        at: int,
        request: int,
        origin: int,
        destination: int,
        *events: Event,
        wish_s: int | None = None,
        party: tuple[int, int] = (1, 0),
        age_band: int = 1,
        channel: int = APP,
        area: int = UJIIE,
        direct: tuple[int, int] = (100, 1_000),
        time_kind: int = 0,
    ) -> Day:
        """A request; `party` = (seats, wheelchairs), `direct` = (seconds, metres)."""
        wish = at if wish_s is None else wish_s
        said = (request, origin, destination, time_kind, wish, *party)
        limits = (wish, wish + 600, wish + 130 * direct[0] // 100 + 400, 0)
        return self.hear(
            at,
            RequestTrip(*said, age_band, channel, area, 0, 1, 0),
            TripRequested(*said, *limits, *direct),
            *events,
        )

    def book(
        self,
        at: int,
        request: int,
        vehicle: int,
        promise: tuple[int, int, int],
        fare_yen: int = 300,
        run: int = 0,
    ) -> Day:
        """Accept offer 1."""
        return self.hear(
            at, AcceptOffer(request, 1), TripBooked(request, 0, 1, vehicle, *promise, fare_yen, run)
        )

    def arrive(self, at: int, vehicle: int, place: int, leg_m: int, leg_s: int, *events: Event) -> Day:
        """A vehicle stops at a place."""
        return self.hear(
            at,
            ArriveAtStop(vehicle, place, leg_m, leg_s),
            VehicleArrived(vehicle, place, leg_m, leg_s),
            *events,
        )

    def depart(
        self,
        at: int,
        vehicle: int,
        place: int,
        arrived_s: int,
        *,
        up: tuple[int, ...] = (),
        down: tuple[int, ...] = (),
        then: tuple[Event, ...] = (),
    ) -> Day:
        """A visit ends: requests `up` have boarded, requests `down` have alighted."""
        return self.hear(
            at,
            DepartStop(vehicle, len(up), len(down)),
            *(RiderBoarded(request, vehicle, arrived_s) for request in up),
            *(RiderAlighted(request, vehicle, arrived_s) for request in down),
            VehicleDeparted(vehicle, place),
            *then,
        )

    def journal(self, *, is_closed: bool = True) -> Journal:
        """The journal so far."""
        journal = Journal.from_records(self.header, self.records, NODE_ID)
        journal.is_closed = is_closed
        return journal


def offer(
    request: int,
    vehicle: int,
    promise: tuple[int, int, int],
    *,
    fare_yen: int = 300,
    run: int = 0,
    number: int = 1,
) -> TripOffered:
    """An offer that stands until 10 o'clock; `promise` = (earliest pickup, latest pickup, latest arrival)."""
    earliest, latest, arrive_by = promise
    return TripOffered(
        request,
        number,
        vehicle,
        0,
        0,
        earliest,
        arrive_by,
        earliest,
        latest,
        arrive_by,
        fare_yen,
        EIGHT + 7_200,
        run,
    )


def morning() -> Day:
    """Seven requests: two served, one refused, declined, expired, cancelled and a no-show each.

    van-1: place 0 -> 1 (1,000 m, 60 s, empty), request 1 boards (two persons, one in a wheelchair);
    1 -> 2 (1,000 m, 100 s), request 2 boards, 20 s later than promised; 2 -> 3 (1,000 m, 100 s), both alight.
    taxi-1: 4 -> 2 (2,000 m, 200 s), nobody comes; 2 -> 4 (2,000 m, 200 s).
    """
    first = (EIGHT, EIGHT + 600, EIGHT + 800)
    second = (EIGHT + 100, EIGHT + 200, EIGHT + 500)
    later = (EIGHT + 500, EIGHT + 1_100, EIGHT + 1_500)
    day = Day()
    day.ask(
        EIGHT,
        1,
        1,
        3,
        offer(1, 0, first, fare_yen=600),
        party=(1, 1),
        age_band=3,
        channel=PHONE,
        direct=(200, 2_000),
    )
    day.book(EIGHT + 5, 1, 0, first, fare_yen=600)
    day.arrive(EIGHT + 60, 0, 1, 1_000, 60)
    day.ask(EIGHT + 100, 2, 2, 3, offer(2, 0, second), area=KITSUREGAWA)
    day.book(EIGHT + 110, 2, 0, second)
    day.depart(EIGHT + 120, 0, 1, EIGHT + 60, up=(1,))
    day.ask(
        EIGHT + 200,
        3,
        0,
        4,
        TripRefused(3, RefusalReason.NO_VEHICLE_IN_TIME, 900, 1, 100, 0),
        age_band=2,
        channel=PHONE,
    )
    broken = PromiseBroken(2, 0, PromiseEnd.PICKUP, EIGHT + 200, EIGHT + 220, BreachCause.LATE_RUNNING)
    day.arrive(EIGHT + 220, 0, 2, 1_000, 100, broken)
    day.depart(EIGHT + 280, 0, 2, EIGHT + 220, up=(2,))
    day.ask(EIGHT + 300, 4, 0, 4, offer(4, 0, later), offer(4, 1, later, number=2), party=(2, 0))
    day.hear(EIGHT + 310, DeclineOffers(4), OffersDeclined(4))
    day.ask(EIGHT + 320, 5, 0, 4, offer(5, 0, later))
    day.ask(EIGHT + 330, 6, 0, 4, offer(6, 0, later), area=KITSUREGAWA)
    day.book(EIGHT + 340, 6, 0, later)
    day.ask(EIGHT + 350, 7, 2, 4, offer(7, 1, later), channel=PHONE)
    day.book(EIGHT + 360, 7, 1, later)
    day.hear(EIGHT + 370, CancelTrip(6), TripCancelled(6, 0))
    day.arrive(EIGHT + 380, 0, 3, 1_000, 100)
    day.depart(EIGHT + 440, 0, 3, EIGHT + 380, down=(1, 2))
    day.hear(EIGHT + 450, Wake(), OffersExpired(5))
    day.arrive(EIGHT + 600, 1, 2, 2_000, 200)
    day.hear(EIGHT + 780, ReportNoShow(1, 7), RiderNoShow(7, 1))
    day.depart(EIGHT + 780, 1, 2, EIGHT + 600, then=(VehicleSent(1, 4),))
    day.arrive(EIGHT + 980, 1, 4, 2_000, 200)
    return day


def breakdown() -> Day:
    """Requests 1 and 2 board van-1 at place 1; it fails at place 2; the taxi takes over 1, nobody takes over
    2.

    van-1: 0 -> 1 (1,000 m, 100 s, empty), 1 -> 2 (1,000 m, 100 s, three persons). taxi-1: 4 -> 2 (2,000 m,
    200 s, empty), 2 -> 3 (1,000 m, 100 s, one person).
    """
    promise = (EIGHT, EIGHT + 600, EIGHT + 500)
    day = Day()
    day.ask(EIGHT, 1, 1, 3, offer(1, 0, promise), direct=(200, 2_000)).book(EIGHT, 1, 0, promise)
    day.ask(EIGHT, 2, 1, 4, offer(2, 0, promise, fare_yen=600), party=(2, 0))
    day.book(EIGHT, 2, 0, promise, fare_yen=600)
    day.arrive(EIGHT + 100, 0, 1, 1_000, 100)
    day.depart(EIGHT + 160, 0, 1, EIGHT + 100, up=(1, 2))
    day.hear(
        EIGHT + 260,
        VehicleBrokeDown(0, 2, 1_000, 100),
        VehicleFailed(0, 2, 1_000, 100),
        TripMoved(1, 0, 1, 0, 0, 2, EIGHT + 260, EIGHT + 600, EIGHT + 700, 1),
        PromiseBroken(1, 0, PromiseEnd.DROPOFF, EIGHT + 500, EIGHT + 700, BreachCause.BREAKDOWN),
        TripAbandoned(2, 0),
    )
    day.arrive(EIGHT + 460, 1, 2, 2_000, 200)
    day.depart(EIGHT + 520, 1, 2, EIGHT + 460, up=(1,))
    day.arrive(EIGHT + 620, 1, 3, 1_000, 100)
    day.depart(EIGHT + 680, 1, 3, EIGHT + 620, down=(1,))
    return day
