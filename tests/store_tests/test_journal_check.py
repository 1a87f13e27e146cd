"""What a journal shows to be wrong by itself. Every case is the sound morning with one thing changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from maas.dispatch.codec import to_row
from maas.domain.commands import CancelTrip, Wake
from maas.domain.events import (
    Event,
    OffersDeclined,
    OffersExpired,
    PromiseBroken,
    RiderAlighted,
    RiderBoarded,
    RiderNoShow,
    RouteChanged,
    TripAbandoned,
    TripBooked,
    TripCancelled,
    TripMoved,
    TripOffered,
    TripReassigned,
    TripRefused,
    VehicleArrived,
    VehicleDeparted,
    VehicleFailed,
    VehicleStood,
)
from maas.store.journal_check import check_journal
from tests.store_tests.journals import EIGHT, HEADER, SERVICE, Day, breakdown, morning, offer

PROMISE = (EIGHT, EIGHT + 600, EIGHT + 900)


def one_trip(*, seats: int = 1, wheelchairs: int = 0, vehicle: int = 0) -> Day:
    """Request 1 from place 1 to place 3 is booked, and its vehicle stands at place 1 since EIGHT + 60."""
    day = Day().ask(EIGHT, 1, 1, 3, offer(1, vehicle, PROMISE), party=(seats, wheelchairs))
    return day.book(EIGHT, 1, vehicle, PROMISE).arrive(EIGHT + 60, vehicle, 1, 1_000, 60)


def findings(day: Day, *, is_closed: bool = False) -> list[str]:
    return check_journal(day.journal(is_closed=is_closed))


def after(day: Day, *events: Event, at: int = EIGHT + 1_000) -> list[str]:
    """Findings once these events are added."""
    return findings(day.hear(at, Wake(), *events))


@pytest.mark.parametrize("day", [morning(), breakdown(), Day()])
def test_sound_days_have_no_findings(day: Day) -> None:
    assert findings(day, is_closed=True) == []


def test_seconds_never_fall() -> None:
    assert findings(Day().hear(5, Wake()).hear(5, Wake())) == []
    assert findings(Day().hear(5, Wake()).hear(4, Wake())) == [
        "record 2: happens at 4 s, after a record of 5 s"
    ]


def test_every_trip_ends_in_a_closed_journal() -> None:
    day = one_trip()
    assert findings(day, is_closed=False) == []
    assert findings(day, is_closed=True) == ["request 1 is still booked at the end of a closed journal"]
    day.depart(EIGHT + 120, 0, 1, EIGHT + 60, up=(1,))
    assert findings(day, is_closed=True) == ["request 1 is still aboard at the end of a closed journal"]
    assert findings(Day().ask(EIGHT, 1, 1, 3), is_closed=True) == [
        "request 1 is still unknown at the end of a closed journal"
    ]


def test_a_request_is_asked_once_and_for_somebody() -> None:
    assert findings(Day().ask(0, 1, 1, 3).ask(0, 1, 1, 3)) == ["record 2: request 1 is asked twice"]
    assert findings(Day().ask(0, 1, 1, 3, party=(0, 0))) == [
        "record 1: request 1 is for 0 seats and 0 wheelchairs"
    ]
    assert findings(Day().ask(0, 1, 1, 3, party=(0, 1))) == []


@pytest.mark.parametrize(
    "event",
    [
        TripRefused(9, 6, 0, 0, 0, 0),
        offer(9, 0, PROMISE),
        OffersExpired(9),
        OffersDeclined(9),
        TripBooked(9, 0, 1, 0, *PROMISE, 300, 0),
        RiderBoarded(9, 0, EIGHT),
        RiderAlighted(9, 0, EIGHT),
        TripCancelled(9, 0),
        RiderNoShow(9, 0),
        PromiseBroken(9, 0, 0, 0, 1, 1),
        TripMoved(9, 0, 1, 0, 0, 1, 0, 0, 0, 0),
        TripAbandoned(9, 0),
        TripReassigned(9, 0, 1),
    ],
)
def test_nobody_rides_who_did_not_ask(event: Event) -> None:
    assert after(Day(), event) == [f"record 1: {type(event).__name__} names request 9, which nobody asked"]


@pytest.mark.parametrize(
    "event",
    [
        replace(offer(1, 0, PROMISE), vehicle=2),
        TripBooked(1, 0, 1, 2, *PROMISE, 300, 0),
        RouteChanged(2, 1, 0, 0),
        VehicleArrived(2, 0, 0, 0),
        VehicleDeparted(2, 0),
        TripMoved(1, 0, 2, 0, 0, 1, 0, 0, 0, 0),
    ],
)
def test_no_vehicle_drives_that_is_not_in_the_fleet(event: Event) -> None:
    assert "record 4: vehicle 2 is not in the fleet of 2" in after(one_trip(), event)


@pytest.mark.parametrize(
    ("event", "status"),
    [
        (TripRefused(1, 6, 0, 0, 0, 0), "booked"),
        (offer(1, 0, PROMISE), "booked"),
        (OffersExpired(1), "booked"),
        (OffersDeclined(1), "booked"),
        (RiderAlighted(1, 0, EIGHT + 60), "booked"),
    ],
)
def test_states_follow_each_other_in_order(event: Event, status: str) -> None:
    assert f"record 4: {type(event).__name__} of request 1, which is {status}" in after(one_trip(), event)


def test_a_rider_on_board_neither_cancels_nor_stays_away_nor_boards_again() -> None:
    for event in (TripCancelled(1, 0), RiderNoShow(1, 0)):
        day = one_trip().depart(EIGHT + 120, 0, 1, EIGHT + 60, up=(1,))
        assert after(day, event) == [f"record 5: {type(event).__name__} of request 1, which is aboard"]
    day = one_trip().depart(EIGHT + 120, 0, 1, EIGHT + 60, up=(1,)).arrive(EIGHT + 180, 0, 1, 0, 0)
    day.depart(EIGHT + 240, 0, 1, EIGHT + 180, up=(1,))
    assert "record 6: RiderBoarded of request 1, which is aboard" in findings(day)


def test_an_offer_promises_a_window_and_is_open_for_a_while() -> None:
    day = Day().ask(EIGHT, 1, 1, 3, offer(1, 0, (EIGHT, EIGHT, EIGHT + 900)))
    assert findings(day) == []
    day = Day().ask(EIGHT, 1, 1, 3, offer(1, 0, (EIGHT + 1, EIGHT, EIGHT + 900)))
    assert findings(day) == ["record 1: offer 1 to request 1 promises a pickup from 28801 s to 28800 s"]
    for expires, expected in (
        (EIGHT, []),
        (EIGHT - 1, ["record 1: offer 1 to request 1 expires at 28799 s, before it is made"]),
    ):
        made = replace(offer(1, 0, PROMISE), expires_s=expires)
        assert findings(Day().ask(EIGHT, 1, 1, 3, made)) == expected


@pytest.mark.parametrize("change", [(0, 0, 0), (1, 0, 0), (0, -1, 0), (0, 0, -1)])
def test_a_booking_may_promise_what_its_offer_does_or_less(change: tuple[int, int, int]) -> None:
    promise = (PROMISE[0] + change[0], PROMISE[1] + change[1], PROMISE[2] + change[2])
    day = Day().ask(EIGHT, 1, 1, 3, offer(1, 0, PROMISE)).book(EIGHT, 1, 0, promise)
    assert findings(day) == []


@pytest.mark.parametrize("change", [(-1, 0, 0), (0, 1, 0), (0, 0, 1)])
def test_a_booking_promises_no_more_than_its_offer(change: tuple[int, int, int]) -> None:
    promise = (PROMISE[0] + change[0], PROMISE[1] + change[1], PROMISE[2] + change[2])
    day = Day().ask(EIGHT, 1, 1, 3, offer(1, 0, PROMISE)).book(EIGHT, 1, 0, promise)
    assert findings(day) == [
        f"record 2: request 1 is promised {promise} s, more than the {PROMISE} s of its offer"
    ]


def test_a_booking_takes_an_offer_that_was_made_with_its_vehicle() -> None:
    day = Day().ask(EIGHT, 1, 1, 3, offer(1, 0, PROMISE)).book(EIGHT, 1, 1, PROMISE)
    assert findings(day) == ["record 2: request 1 books vehicle 1; offer 1 was of vehicle 0"]
    day = Day().ask(EIGHT, 1, 1, 3, offer(1, 0, PROMISE, number=2)).book(EIGHT, 1, 0, PROMISE)
    assert findings(day) == ["record 2: request 1 books offer 1, which nobody made"]


@pytest.mark.parametrize(("late", "is_told"), [(0, False), (1, True)])
def test_a_missed_promise_is_recorded(late: int, is_told: bool) -> None:
    # The pickup is promised by EIGHT + 60 - late, the arrival by EIGHT + 320 - late; both happen on the dot.
    promise = (EIGHT, EIGHT + 60 - late, EIGHT + 320 - late)
    day = Day().ask(EIGHT, 1, 1, 3, offer(1, 0, promise)).book(EIGHT, 1, 0, promise)
    day.arrive(EIGHT + 60, 0, 1, 1_000, 60).depart(EIGHT + 120, 0, 1, EIGHT + 60, up=(1,))
    day.arrive(EIGHT + 320, 0, 3, 2_000, 200).depart(EIGHT + 380, 0, 3, EIGHT + 320, down=(1,))
    silent = [
        f"record {record}: request 1 was promised its {end} by {by} s and got it at {by + 1} s, without a"
        " PromiseBroken"
        for record, end, by in ((4, "pickup", EIGHT + 59), (6, "dropoff", EIGHT + 319))
    ]
    assert findings(day) == (silent if is_told else [])
    for record, end in ((2, 0), (4, 1)):
        at, command, events = day.records[record]
        broken = PromiseBroken(1, 0, end, promise[1 + end], at, 1)
        day.records[record] = (at, command, (*events, to_row(broken)))
    kept = [
        f"record {record}: PromiseBroken of request 1, expected at {second} s, keeps {second} s"
        for record, second in ((3, EIGHT + 60), (5, EIGHT + 320))
    ]
    assert findings(day) == ([] if is_told else kept)


def test_a_broken_promise_names_what_was_promised() -> None:
    broken = PromiseBroken(1, 0, 0, PROMISE[1] + 1, PROMISE[1] + 2, 1)
    assert after(one_trip(), broken) == [
        "record 4: PromiseBroken of request 1 names 29401 s; 29400 s was promised"
    ]


def test_riders_board_and_alight_during_a_visit_at_their_places() -> None:
    day = one_trip()
    assert after(day, RiderBoarded(1, 0, EIGHT + 60)) == []
    assert after(one_trip(), RiderBoarded(1, 0, EIGHT + 61)) == [
        "record 4: RiderBoarded of request 1 says that vehicle 0 came at 28861 s; it came at 28860 s"
    ]
    assert after(one_trip(), VehicleDeparted(0, 1001 - 1000), RiderBoarded(1, 0, EIGHT + 60)) == [
        "record 4: RiderBoarded of request 1 without a visit of vehicle 0 to 1001"
    ]
    elsewhere = one_trip().depart(EIGHT + 120, 0, 1, EIGHT + 60).arrive(EIGHT + 180, 0, 2, 0, 60)
    assert after(elsewhere, RiderBoarded(1, 0, EIGHT + 180)) == [
        "record 6: RiderBoarded of request 1 without a visit of vehicle 0 to 1001"
    ]
    other = one_trip().arrive(EIGHT + 180, 1, 1, 3_000, 180)
    assert after(other, RiderBoarded(1, 1, EIGHT + 180)) == [
        "record 5: RiderBoarded of request 1 in vehicle 1, not in its 0"
    ]


@pytest.mark.parametrize(
    ("party", "vehicle", "is_too_many"),
    [
        ((8, 0), 0, False),  # 8 + 3 * 0 = 8 of 8
        ((9, 0), 0, True),
        ((2, 2), 0, False),  # 2 + 3 * 2 = 8 of 8, 2 wheelchairs of 2
        ((3, 2), 0, True),  # 9 of 8
        ((0, 3), 0, True),  # 9 of 8 and 3 wheelchairs of 2
        ((4, 0), 1, False),
        ((1, 1), 1, True),  # 1 + 4 * 1 = 5 of 4
    ],
)
def test_loads_stay_within_every_capacity_row(
    party: tuple[int, int], vehicle: int, is_too_many: bool
) -> None:
    day = one_trip(seats=party[0], wheelchairs=party[1], vehicle=vehicle)
    found = findings(day.depart(EIGHT + 120, vehicle, 1, EIGHT + 60, up=(1,)))
    assert bool(found) is is_too_many
    said = (
        f"record 4: vehicle {vehicle} departs with {party[0]} seated and {party[1]} wheelchairs; CapacityRow("
    )
    assert all(text.startswith(said) for text in found)


def test_who_alights_frees_the_seat() -> None:
    day = one_trip(seats=8).depart(EIGHT + 120, 0, 1, EIGHT + 60, up=(1,))
    day.arrive(EIGHT + 320, 0, 3, 2_000, 200).depart(EIGHT + 380, 0, 3, EIGHT + 320, down=(1,))
    day.ask(EIGHT + 390, 2, 3, 4, offer(2, 0, (EIGHT, EIGHT + 900, EIGHT + 1_200)), party=(8, 0))
    day.book(EIGHT + 390, 2, 0, (EIGHT, EIGHT + 900, EIGHT + 1_200)).arrive(EIGHT + 400, 0, 3, 0, 0)
    assert findings(day.depart(EIGHT + 460, 0, 3, EIGHT + 400, up=(2,))) == []


def test_vehicles_do_not_drive_before_they_departed() -> None:
    day = one_trip().depart(EIGHT + 120, 0, 1, EIGHT + 60)
    assert findings(day.arrive(EIGHT + 220, 0, 2, 1_000, 100)) == []
    day = one_trip().depart(EIGHT + 120, 0, 1, EIGHT + 60)
    assert findings(day.arrive(EIGHT + 220, 0, 2, 1_000, 101)) == [
        "record 5: vehicle 0 drives from 28919 s on; it stood still until 28920 s"
    ]
    assert findings(Day().arrive(EIGHT + 59, 0, 1, 1_000, 60)) == [
        "record 1: vehicle 0 drives from 28799 s on; it stood still until 28800 s"
    ]
    assert findings(Day().arrive(EIGHT + 59, 0, 1, -1, 0)) == ["record 1: vehicle 0 drives -1 m in 0 s"]


def test_a_departure_ends_a_visit() -> None:
    assert after(Day(), VehicleDeparted(0, 0)) == [
        "record 1: vehicle 0 departs from place 1000 without a visit there"
    ]
    assert after(one_trip(), VehicleDeparted(0, 2)) == [
        "record 4: vehicle 0 departs from place 1002 without a visit there"
    ]
    assert after(Day(), VehicleStood(0, 1, 0, 0), VehicleDeparted(0, 1)) == [
        "record 1: vehicle 0 departs from place 1001 without a visit there"
    ]


def test_a_vehicle_that_failed_stands() -> None:
    day = one_trip().hear(EIGHT + 70, Wake(), VehicleFailed(0, 1, 0, 0))
    assert after(day, VehicleArrived(0, 2, 1_000, 100)) == ["record 5: vehicle 0 drives after its breakdown"]
    day = one_trip().hear(EIGHT + 70, Wake(), VehicleFailed(0, 1, 0, 0))
    assert after(day, TripMoved(1, 0, 0, 0, 0, 1, 0, 0, 0, 0)) == [
        "record 5: request 1 moves to vehicle 0, which broke down"
    ]


def test_riders_who_are_there_alight_where_a_vehicle_fails() -> None:
    day = one_trip().depart(EIGHT + 120, 0, 1, EIGHT + 60, up=(1,))
    fails = (VehicleFailed(0, 3, 2_000, 200), RiderAlighted(1, 0, EIGHT + 320))
    assert after(day, *fails, at=EIGHT + 320) == []
    assert after(day, VehicleDeparted(0, 3), at=EIGHT + 330) == [
        "record 6: vehicle 0 departs from place 1003 without a visit there"
    ]


def test_route_versions_rise() -> None:
    assert after(Day(), RouteChanged(0, 1, 0, 0), RouteChanged(1, 1, 0, 0), RouteChanged(0, 2, 0, 0)) == []
    assert after(Day(), RouteChanged(0, 2, 0, 0), RouteChanged(0, 2, 0, 0)) == [
        "record 1: route 2 of vehicle 0 follows route 2"
    ]


def test_who_is_aboard_is_taken_over_as_such() -> None:
    aboard = one_trip().depart(EIGHT + 120, 0, 1, EIGHT + 60, up=(1,))
    assert after(aboard, TripMoved(1, 0, 1, 0, 0, 2, 0, 0, 0, 1)) == []
    aboard = one_trip().depart(EIGHT + 120, 0, 1, EIGHT + 60, up=(1,))
    assert after(aboard, TripMoved(1, 0, 1, 0, 0, 2, 0, 0, 0, 0)) == [
        "record 5: request 1 moves with is_aboard 0; it is aboard"
    ]
    assert after(one_trip(), TripMoved(1, 1, 1, 0, 0, 2, 0, 0, 0, 0)) == [
        "record 4: TripMoved of request 1 names vehicle 1; its vehicle is 0"
    ]


def test_cancelling_names_the_vehicle_that_was_to_come() -> None:
    assert findings(one_trip().hear(EIGHT + 70, CancelTrip(1), TripCancelled(1, 0)), is_closed=True) == []
    assert after(one_trip(), TripCancelled(1, 1)) == [
        "record 4: TripCancelled of request 1 names vehicle 1; its vehicle is 0"
    ]


def test_a_second_leg_follows_the_first() -> None:
    second = TripBooked(1, 1, 1, 1, *PROMISE, 0, 0)
    assert after(one_trip(), second) == []
    day = Day().ask(EIGHT, 1, 1, 3, offer(1, 0, PROMISE))
    assert after(day, second) == ["record 2: TripBooked of request 1, which is offered"]


def test_a_header_without_such_capacity_forbids_nothing() -> None:
    roomy = replace(
        SERVICE.vehicle_types[0], capacity=(replace(SERVICE.vehicle_types[0].capacity[0], limit=99),)
    )
    service = replace(SERVICE, vehicle_types=(roomy, SERVICE.vehicle_types[1]))
    day = Day(replace(HEADER, service=service))
    day.records = one_trip(seats=99).depart(EIGHT + 120, 0, 1, EIGHT + 60, up=(1,)).records
    assert findings(day) == []


def test_offers_are_made_to_those_who_wait_for_one() -> None:
    refused = Day().ask(EIGHT, 1, 1, 3, TripRefused(1, 6, 0, 0, 0, 0))
    made: TripOffered = offer(1, 0, PROMISE)
    assert after(refused, made) == ["record 2: TripOffered of request 1, which is refused"]
