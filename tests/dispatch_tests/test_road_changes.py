"""Roads that change, told to a dispatcher on a line of five nodes: 10 s to a neighbour, visits of 60 s."""

from __future__ import annotations

from dataclasses import astuple, replace

import pytest

from maas.dispatch.dispatcher import Dispatcher
from maas.domain.commands import AcceptOffer, ArriveAtStop, ChangeRoads, DepartStop, Wake
from maas.domain.errors import CommandError
from maas.domain.events import (
    CommandRejected,
    Event,
    OffersExpired,
    PromiseBroken,
    RiderAlighted,
    RoadsChanged,
    RouteChanged,
    TravelTimesChanged,
    TripAbandoned,
    TripMoved,
    VehicleArrived,
    VehicleSent,
)
from maas.domain.road_events import DropoffMoved
from maas.domain.values import BreachCause, PromiseEnd, RefusalReason, ReportFault
from routing.road_book import FURTHER_NOTICE_S, WAY_IN_S, RoadBook, RoadChange
from routing.travel_times import DenseTravelTimes
from tests.builders import line_network
from tests.support.desks import ask, booked, offers_of, refusal_of
from tests.support.road_changes import named, stretch
from tests.support.services import RULES, service, vehicle

LINE = named(line_network())


def cars(*nodes: int, returns_to_base: bool = False, **rules: object) -> Dispatcher:
    """Cars that wait at these nodes of the line."""
    fleet = tuple(vehicle(f"car {k}", node, returns_to_base=returns_to_base) for k, node in enumerate(nodes))
    roads = RoadBook(LINE, DenseTravelTimes.build(LINE))
    return Dispatcher(service(fleet, replace(RULES, **rules)), roads, LINE.node_id)  # type: ignore[arg-type]


def slow(first: int, last: int, factor: int, begin_s: int = 0, end_s: int = FURTHER_NOTICE_S) -> RoadChange:
    """The road between two nodes takes `factor` times as long."""
    return stretch(LINE, first, last, 1000 * factor, begin_s, end_s)


def closed(first: int, last: int, begin_s: int = 0, end_s: int = FURTHER_NOTICE_S) -> RoadChange:
    """The road between two nodes is closed."""
    return stretch(LINE, first, last, 0, begin_s, end_s)


def tell(dispatcher: Dispatcher, number: int, change: RoadChange, now: int) -> tuple[Event, ...]:
    return dispatcher.handle(ChangeRoads(number, *astuple(change)), now)


def follows(dispatcher: Dispatcher, number: int, change: RoadChange, now: int) -> tuple[Event, ...]:
    """What a change that is in force at once brings about."""
    noted, switched, *rest = tell(dispatcher, number, change, now)
    assert noted == RoadsChanged(number, *astuple(change))
    assert switched == TravelTimesChanged(now)
    return tuple(rest)


def test_a_change_ahead_is_noted_and_holds_from_its_first_second_to_before_its_end() -> None:
    dispatcher = cars(0)
    change = slow(0, 4, 3, 500, 900)
    assert tell(dispatcher, 1, change, 100) == (RoadsChanged(1, *astuple(change)),)
    assert dispatcher.changes == (change,)
    seen = []
    for second in (499, 500, 899, 900):
        events = dispatcher.handle(Wake(), second)
        seen.append((len(events), int(dispatcher.tables.from_s[0, 4]), dispatcher.next_wakeup()))
    # 40 s as planned, 120 s while slowed.
    assert seen == [(0, 40, 500), (1, 120, 900), (0, 120, 900), (1, 40, None)]


def test_a_late_wake_up_past_begin_and_end_changes_nothing_but_the_second() -> None:
    dispatcher = cars(0)
    tell(dispatcher, 1, slow(0, 4, 3, 500, 900), 100)
    assert dispatcher.handle(Wake(), 1000) == (TravelTimesChanged(1000),)
    assert dispatcher.next_wakeup() is None
    assert dispatcher.tables.from_s[0, 4] == 40


def test_a_waiting_driver_leaves_as_much_earlier_as_the_drive_takes_longer() -> None:
    dispatcher = cars(0)
    booked(dispatcher, ask(0, 2, 4, 1000), 100)
    assert dispatcher.heading(0) == (2, 980)
    assert follows(dispatcher, 1, slow(0, 4, 3), 200) == ()
    # Two arcs of 30 s before 1000 s.
    assert dispatcher.heading(0) == (2, 940)


def test_a_booking_goes_to_the_vehicle_that_can_keep_its_promise() -> None:
    dispatcher = cars(0, 4, max_wait_s=100)
    booked(dispatcher, ask(0, 2, 3, 100), 100)
    # Car 0 is at 1 at 110, and at 2 at 310 instead of 120; car 1 can be there at 125.
    # Latest pickup 100 + 100, latest arrival 100 + 1.3 * 10 + 400 = 513.
    assert follows(dispatcher, 1, slow(0, 2, 20), 105) == (
        TripMoved(0, 0, 1, 0, 0, 1002, 105, 200, 513, 0),
        RouteChanged(0, 2, 1001, 110),
        RouteChanged(1, 1, 1004, 105),
    )
    assert dispatcher.heading(1) == (2, 105)


def test_where_nobody_can_keep_it_a_booking_goes_to_whoever_comes_sooner() -> None:
    dispatcher = cars(0, 4, max_wait_s=20)
    booked(dispatcher, ask(0, 2, 3, 100), 100)
    assert follows(dispatcher, 1, slow(0, 2, 20), 105) == (
        TripMoved(0, 0, 1, 0, 0, 1002, 105, 125, 513, 0),
        PromiseBroken(0, 0, PromiseEnd.PICKUP, 120, 125, BreachCause.ROADS),
        RouteChanged(0, 2, 1001, 110),
        RouteChanged(1, 1, 1004, 105),
    )


def test_without_another_vehicle_the_promise_is_broken_once() -> None:
    dispatcher = cars(0, max_wait_s=100)
    booked(dispatcher, ask(0, 2, 3, 100), 100)
    assert follows(dispatcher, 1, slow(0, 2, 20), 105) == (
        PromiseBroken(0, 0, PromiseEnd.PICKUP, 200, 310, BreachCause.ROADS),
    )
    # At 2 at 110 + 300, then 60 s, then 10 s: the arrival by 513 still holds.
    assert follows(dispatcher, 1, slow(0, 2, 30), 106) == ()
    assert [type(e).__name__ for e in dispatcher.handle(ArriveAtStop(0, 1002, 200, 310), 410)] == [
        "VehicleArrived"
    ]


def test_nobody_on_board_is_moved() -> None:
    dispatcher = cars(0, 4)
    booked(dispatcher, ask(0, 2, 4, 100), 100)
    dispatcher.handle(ArriveAtStop(0, 1002, 200, 20), 120)
    dispatcher.handle(DepartStop(0, 1, 0), 180)
    # At 3 at 190, then 1,000 s to 4.
    assert follows(dispatcher, 1, slow(3, 4, 100), 185) == (
        PromiseBroken(0, 0, PromiseEnd.DROPOFF, 526, 1190, BreachCause.ROADS),
    )


def on_board() -> Dispatcher:
    """The only car left 2 at 180 with a rider to 4, promised to be there by 526."""
    dispatcher = cars(0)
    booked(dispatcher, ask(0, 2, 4, 100), 100)
    dispatcher.handle(ArriveAtStop(0, 1002, 200, 20), 120)
    dispatcher.handle(DepartStop(0, 1, 0), 180)
    return dispatcher


def test_a_rider_on_board_leaves_where_the_road_to_her_destination_is_closed() -> None:
    dispatcher = on_board()
    # At 3 at 190; 100 m are left from there to 4.
    assert follows(dispatcher, 1, closed(3, 4), 185) == (
        DropoffMoved(0, 0, 1003, 100),
        RouteChanged(0, 2, 1003, 190),
    )
    assert dispatcher.heading(0)[0] == 3
    assert dispatcher.handle(ArriveAtStop(0, 1003, 100, 10), 190) == (VehicleArrived(0, 1003, 100, 10),)
    left = dispatcher.handle(DepartStop(0, 0, 1), 250)
    assert left[0] == RiderAlighted(0, 0, 190)


def test_a_rider_on_board_waits_for_a_road_that_opens_in_time() -> None:
    dispatcher = on_board()
    assert follows(dispatcher, 1, closed(3, 4, 0, 300), 185) == ()
    assert dispatcher.handle(Wake(), 300) == (TravelTimesChanged(300),)
    assert dispatcher.heading(0) == (4, 300)


def test_a_rider_on_board_leaves_at_once_where_the_car_stands_already() -> None:
    dispatcher = on_board()
    booked(dispatcher, ask(1, 3, 1, 181), 181)
    dispatcher.handle(ArriveAtStop(0, 1003, 100, 10), 190)
    events = follows(dispatcher, 1, closed(3, 4), 200)
    assert events[0] == DropoffMoved(0, 0, 1003, 100)
    assert sorted(stop[:2] for stop in dispatcher.visit(0)) == [(0, 0), (1, 1)]


def test_who_is_just_boarding_for_a_place_that_nobody_can_reach_is_given_up() -> None:
    dispatcher = cars(0)
    booked(dispatcher, ask(0, 2, 4, 100), 100)
    dispatcher.handle(ArriveAtStop(0, 1002, 200, 20), 120)
    events = follows(dispatcher, 1, closed(3, 4), 130)
    assert events[0] == TripAbandoned(0, 0)
    assert dispatcher.visit(0) == []


def test_nobody_is_moved_whose_vehicle_stands_at_her_stop() -> None:
    dispatcher = cars(0, 3)
    booked(dispatcher, ask(0, 2, 4, 100), 100)
    vehicle_of_trip = int(dispatcher.state.requests[0, 11])
    drive = 20 - 10 * vehicle_of_trip
    dispatcher.handle(ArriveAtStop(vehicle_of_trip, 1002, 10 * drive, drive), 100 + drive)
    events = follows(dispatcher, 1, slow(3, 4, 100), 130)
    # Leaves 2 at 100 + drive + 60, is at 3 after 10 s and at 4 after 1,000 s more.
    expected = 100 + drive + 60 + 10 + 1000
    assert events == (PromiseBroken(0, 0, PromiseEnd.DROPOFF, 526, expected, BreachCause.ROADS),)


def test_a_driver_before_a_closed_road_stops_at_the_next_node_until_it_opens() -> None:
    dispatcher = cars(0)
    booked(dispatcher, ask(0, 4, 2, 100), 100)
    # At 1 at 110; leaving then, it would be at 4 after 30 s and the way in.
    assert follows(dispatcher, 1, closed(2, 3, 0, 300), 105) == ()
    assert dispatcher.heading(0) == (4, 110 + WAY_IN_S)
    assert dispatcher.handle(Wake(), 300) == (TravelTimesChanged(300),)
    assert dispatcher.heading(0) == (4, 300)
    assert dispatcher.state.routes.tables.stops[0, 0, 14] == 330


def test_what_falls_due_after_the_reopening_is_judged_then() -> None:
    dispatcher = cars(0)
    booked(dispatcher, ask(0, 2, 4, 1000), 100)
    assert follows(dispatcher, 1, closed(1, 2, 0, 400), 200) == ()
    # Nobody sets out for a closed road.
    assert dispatcher.heading(0) == (2, 200 + WAY_IN_S)
    assert dispatcher.handle(Wake(), 400) == (TravelTimesChanged(400),)
    assert dispatcher.heading(0) == (2, 980)


def test_a_closure_that_is_prolonged_is_judged_at_once() -> None:
    dispatcher = cars(0)
    booked(dispatcher, ask(0, 2, 4, 1000), 100)
    follows(dispatcher, 1, closed(1, 2, 0, 400), 200)
    # Nothing else holds than before, but for good; nobody can drive to 2.
    assert tell(dispatcher, 1, closed(1, 2), 300) == (
        RoadsChanged(1, *astuple(closed(1, 2))),
        TripAbandoned(0, 0),
        RouteChanged(0, 2, 1000, 300),
    )


def test_a_booking_to_a_place_that_nobody_can_reach_is_given_up() -> None:
    dispatcher = cars(0)
    booked(dispatcher, ask(0, 2, 4, 1000), 100)
    assert follows(dispatcher, 1, closed(3, 4), 200) == (TripAbandoned(0, 0), RouteChanged(0, 2, 1000, 200))
    assert dispatcher.heading(0)[0] == -1


def test_no_trip_is_offered_through_a_closed_road_until_it_opens() -> None:
    dispatcher = cars(0)
    follows(dispatcher, 1, closed(3, 4), 100)
    assert int(dispatcher.tables.from_s[2, 4]) == 20 + WAY_IN_S
    assert refusal_of(dispatcher.handle(ask(0, 2, 4, 110), 110)).reason == RefusalReason.NO_SERVICE_HERE
    assert len(offers_of(dispatcher.handle(ask(1, 2, 3, 120), 120))) == 1
    follows(dispatcher, 1, closed(3, 4, 0, 130), 130)
    assert len(offers_of(dispatcher.handle(ask(2, 2, 4, 140), 140))) == 1


def test_no_trip_is_offered_to_which_a_vehicle_would_have_to_drive_through_a_closed_road() -> None:
    dispatcher = cars(0)
    follows(dispatcher, 1, closed(1, 2), 100)
    # The way in takes six hours; the wish lies eight hours ahead.
    wish = 100 + 8 * 3600
    assert refusal_of(dispatcher.handle(ask(0, 3, 4, wish), 100)).reason == RefusalReason.NO_VEHICLE_IN_TIME
    assert len(offers_of(dispatcher.handle(ask(1, 0, 1, wish), 100))) == 1


def test_an_open_offer_that_no_longer_fits_expires() -> None:
    dispatcher = cars(0, max_wait_s=100, offer_hold_s=30)
    dispatcher.handle(ask(0, 2, 3, 100), 100)
    assert follows(dispatcher, 1, slow(0, 2, 20), 110) == (OffersExpired(0),)
    assert dispatcher.handle(AcceptOffer(0, 1), 111) == (CommandRejected(0, ReportFault.OFFER_GONE),)


def test_an_open_offer_that_still_fits_stands() -> None:
    dispatcher = cars(0, max_wait_s=100, offer_hold_s=30)
    dispatcher.handle(ask(0, 2, 3, 100), 100)
    assert follows(dispatcher, 1, slow(0, 2, 3), 110) == ()
    events = dispatcher.handle(AcceptOffer(0, 1), 111)
    assert [type(event).__name__ for event in events] == ["TripBooked", "RouteChanged"]


def test_a_vehicle_does_not_drive_home_into_a_closed_road_but_when_it_opens() -> None:
    dispatcher = cars(0, returns_to_base=True)
    booked(dispatcher, ask(0, 2, 3, 100), 100)
    dispatcher.handle(ArriveAtStop(0, 1002, 200, 20), 120)
    dispatcher.handle(DepartStop(0, 1, 0), 180)
    dispatcher.handle(ArriveAtStop(0, 1003, 100, 10), 190)
    follows(dispatcher, 1, closed(0, 1), 200)
    assert not any(isinstance(e, VehicleSent) for e in dispatcher.handle(DepartStop(0, 0, 1), 250))
    assert follows(dispatcher, 1, closed(0, 1, 0, 300), 300) == (VehicleSent(0, 1000),)


def test_a_road_that_is_closed_twice_opens_when_both_say_so() -> None:
    dispatcher = cars(0)
    follows(dispatcher, 1, closed(3, 4), 100)
    again = closed(3, 4, 50)
    assert tell(dispatcher, 2, again, 110) == (RoadsChanged(2, *astuple(again)),)
    ended = closed(3, 4, 0, 120)
    assert tell(dispatcher, 1, ended, 120) == (RoadsChanged(1, *astuple(ended)),)
    assert dispatcher.tables.from_s[3, 4] == 10 + WAY_IN_S
    follows(dispatcher, 2, closed(3, 4, 50, 130), 130)
    assert dispatcher.tables.from_s[3, 4] == 10


def test_what_is_known_already_and_what_is_over_has_no_effect() -> None:
    dispatcher = cars(0)
    follows(dispatcher, 7, closed(3, 4), 100)
    assert tell(dispatcher, 7, closed(3, 4), 110) == (CommandRejected(7, ReportFault.REPEATED_CHANGE),)
    # Nothing is known under 8; under 7 nothing is left to reopen after the first time.
    assert tell(dispatcher, 8, closed(3, 4, 0, 110), 110) == (
        CommandRejected(8, ReportFault.NOTHING_TO_REOPEN),
    )
    follows(dispatcher, 7, closed(3, 4, 0, 120), 120)
    assert tell(dispatcher, 7, closed(3, 4, 0, 121), 121) == (
        CommandRejected(7, ReportFault.NOTHING_TO_REOPEN),
    )


@pytest.mark.parametrize(
    ("number", "change", "message"),
    [
        (0, closed(3, 4), r"^change 0 of the roads must have a number between 1 and 100000$"),
        (1, replace(closed(3, 4), reference=2), r"^change 1 of the roads: a change names road 2, which"),
        (1, closed(3, 4, 500, 400), r"^change 1 of the roads: closure of R1 ends \(400 s\) before"),
        (1, replace(closed(3, 4), factor_pm=900), r"^change 1 of the roads: .* 900 per mille"),
        (1, closed(3, 4, 0, 2**40), r"^change 1 of the roads holds from 0 s to 1099511627776 s; it must"),
    ],
)
def test_what_names_no_road_or_no_time_is_refused_as_a_whole(
    number: int, change: RoadChange, message: str
) -> None:
    dispatcher = cars(0)
    with pytest.raises(CommandError, match=message):
        tell(dispatcher, number, change, 100)
    assert dispatcher.records == []
    assert dispatcher.changes == ()


def test_roads_of_fixed_tables_have_no_name_to_change() -> None:
    plain = line_network()
    fixed = RoadBook.fixed(DenseTravelTimes.build(plain).tables)
    dispatcher = Dispatcher(service((vehicle("a", 0),)), fixed, plain.node_id)
    with pytest.raises(CommandError, match=r"its roads carry no references"):
        tell(dispatcher, 1, closed(3, 4), 100)
