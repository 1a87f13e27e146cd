"""The dispatcher's rules: given commands, when one more at second t, then exactly these events."""

from __future__ import annotations

from dataclasses import replace

import pytest

from maas.domain.commands import (
    AcceptOffer,
    ArriveAtStop,
    CancelTrip,
    DeclineOffers,
    DepartStop,
    ReportNoShow,
    ReportPosition,
    VehicleBrokeDown,
    Wake,
)
from maas.domain.events import (
    CommandRejected,
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
    TripRequested,
    VehicleArrived,
    VehicleDeparted,
    VehicleFailed,
    VehicleSent,
)
from maas.domain.values import RefusalReason, ReportFault, TimeKind
from maas.service_definition import Break
from routing import fleet_tables as ft
from tests.builders import line_network
from tests.support.desks import ask, booked, offers_of, one_car, refusal_of
from tests.support.services import RULES, desk, service, vehicle


def test_a_request_at_once_is_offered_the_rules_of_the_workloads() -> None:
    events = one_car().handle(ask(0, 2, 4, 100), 100)
    # Direct 2 -> 4: 20 s, 200 m. Latest pickup 100 + 600; latest arrival 100 + 1.3 * 20 + 400 = 526.
    # The car leaves 0 at 100, is at 2 at 120, leaves at 180, is at 4 at 200.
    assert events == (
        TripRequested(0, 1002, 1004, 0, 100, 1, 0, 100, 700, 526, 0, 20, 200),
        TripOffered(0, 1, 0, 0, 0, 120, 200, 100, 700, 526, 300, 100, 0),
    )


def test_accepting_writes_booking_and_route_in_one_record() -> None:
    dispatcher = one_car()
    dispatcher.handle(ask(0, 2, 4, 100), 100)
    assert dispatcher.handle(AcceptOffer(0, 1), 100) == (
        TripBooked(0, 0, 1, 0, 100, 700, 526, 300, 0),
        RouteChanged(0, 1, 1000, 100),
    )
    assert len(dispatcher.records) == 2


def test_a_trip_from_arrival_to_departure() -> None:
    dispatcher = one_car()
    booked(dispatcher, ask(0, 2, 4, 100), 100)
    assert dispatcher.handle(ArriveAtStop(0, 1002, 200, 20), 120) == (VehicleArrived(0, 1002, 200, 20),)
    assert dispatcher.handle(DepartStop(0, 1, 0), 180) == (RiderBoarded(0, 0, 120), VehicleDeparted(0, 1002))
    dispatcher.handle(ArriveAtStop(0, 1004, 200, 20), 200)
    assert dispatcher.handle(DepartStop(0, 0, 1), 260) == (RiderAlighted(0, 0, 200), VehicleDeparted(0, 1004))


def test_whoever_comes_before_the_departure_shares_the_visit_without_lengthening_it() -> None:
    dispatcher = one_car()
    booked(dispatcher, ask(0, 2, 4, 100), 100)
    dispatcher.handle(ArriveAtStop(0, 1002, 200, 20), 120)
    # Request at 150 where the car stands until 180: it has come already (120), at 4 at 200 all the same.
    offered = offers_of(dispatcher.handle(ask(1, 2, 4, 150), 150))
    assert [(o.pickup_s, o.dropoff_s) for o in offered] == [(150, 200)]
    dispatcher.handle(AcceptOffer(1, 1), 150)
    assert [stop[3] for stop in dispatcher.visit(0)] == [180, 180]
    assert dispatcher.handle(DepartStop(0, 2, 0), 180)[:2] == (
        RiderBoarded(0, 0, 120),
        RiderBoarded(1, 0, 120),
    )


@pytest.mark.parametrize(("now", "is_taken"), [(130, True), (131, False)])
def test_an_offer_holds_until_it_expires_and_no_second_longer(now: int, is_taken: bool) -> None:
    dispatcher = one_car(offer_hold_s=30)
    dispatcher.handle(ask(0, 2, 4, 100), 100)
    events = dispatcher.handle(AcceptOffer(0, 1), now)
    assert isinstance(events[0], TripBooked) == is_taken
    if not is_taken:
        assert events == (CommandRejected(0, ReportFault.OFFER_GONE),)


def test_an_offer_taken_at_its_last_second_keeps_its_promise() -> None:
    dispatcher = one_car(offer_hold_s=300, max_wait_s=320)
    # Told at 400 at the latest: at 2 at 420 = 100 + 320 would be the limit; one second is kept free for
    # rounding.
    assert offers_of(dispatcher.handle(ask(0, 2, 4, 100), 100)) == []
    dispatcher = one_car(offer_hold_s=299, max_wait_s=320)
    (offer,) = offers_of(dispatcher.handle(ask(0, 2, 4, 100), 100))
    dispatcher.handle(AcceptOffer(0, 1), 399)
    stops = dispatcher.state.routes.tables.stops[0]
    assert stops[0, ft.START] == 419
    assert stops[0, ft.START] <= offer.promise_latest_s


def test_a_held_seat_is_not_sold_twice() -> None:
    dispatcher = one_car(offer_hold_s=60)
    assert len(offers_of(dispatcher.handle(ask(0, 2, 4, 100, seats=4), 100))) == 1
    # The car has four seats, all held from 2 to 4; the other trip fits only before or after.
    (offer,) = offers_of(dispatcher.handle(ask(1, 2, 4, 101), 101))
    assert offer.pickup_index == offer.dropoff_index != 1
    assert dispatcher.next_wakeup() == 161


def test_the_wake_up_frees_what_nobody_took() -> None:
    dispatcher = one_car(offer_hold_s=60)
    dispatcher.handle(ask(0, 2, 4, 100), 100)
    assert dispatcher.next_wakeup() == 161
    assert dispatcher.handle(Wake(), 160) == ()
    assert dispatcher.handle(Wake(), 161) == (OffersExpired(0),)
    assert dispatcher.state.routes.tables.vehicles[0, ft.STOPS] == 0
    assert dispatcher.next_wakeup() is None


def test_declined_and_unknown_offers() -> None:
    dispatcher = one_car(offer_hold_s=60)
    dispatcher.handle(ask(0, 2, 4, 100), 100)
    assert [type(event).__name__ for event in dispatcher.handle(DeclineOffers(0), 110)] == ["OffersDeclined"]
    assert dispatcher.handle(DeclineOffers(0), 111) == (CommandRejected(0, ReportFault.OFFER_GONE),)
    assert dispatcher.handle(AcceptOffer(7, 1), 111) == (CommandRejected(7, ReportFault.OFFER_GONE),)


@pytest.mark.parametrize("again", [AcceptOffer(0, 1), AcceptOffer(0, 2), DeclineOffers(0)])
def test_who_answers_twice_is_told_that_the_booking_stands(again: AcceptOffer | DeclineOffers) -> None:
    dispatcher = one_car(offer_hold_s=60)
    booked(dispatcher, ask(0, 2, 4, 100), 100)
    assert dispatcher.handle(again, 101) == (CommandRejected(0, ReportFault.ALREADY_BOOKED),)
    assert dispatcher.state.routes.tables.vehicles[0, ft.STOPS] == 2
    dispatcher.handle(ArriveAtStop(0, 1002, 200, 20), 120)
    dispatcher.handle(DepartStop(0, 1, 0), 180)
    assert dispatcher.handle(again, 181) == (CommandRejected(0, ReportFault.ALREADY_BOOKED),)
    dispatcher = one_car(offer_hold_s=60)
    booked(dispatcher, ask(0, 2, 4, 100), 100)
    dispatcher.handle(CancelTrip(0), 101)
    assert dispatcher.handle(again, 102) == (CommandRejected(0, ReportFault.OFFER_GONE),)


def test_a_vehicle_that_failed_or_is_at_a_stop_reports_no_position() -> None:
    dispatcher = one_car()
    booked(dispatcher, ask(0, 2, 4, 100), 100)
    dispatcher.handle(ArriveAtStop(0, 1002, 200, 20), 120)
    assert dispatcher.handle(ReportPosition(0, 1003, 100, 10), 130) == (
        CommandRejected(0, ReportFault.AT_STOP),
    )
    assert dispatcher.is_at_stop(0)
    dispatcher.handle(VehicleBrokeDown(0, 1002, 0, 0), 140)
    for report in (ReportPosition(0, 1003, 100, 10), ArriveAtStop(0, 1004, 200, 20)):
        assert dispatcher.handle(report, 150) == (CommandRejected(0, ReportFault.OUT_OF_SERVICE),)


def test_up_to_three_offers_that_hold_together() -> None:
    dispatcher = one_car(offers_max=3, offer_hold_s=60, alternative_step_s=900, promise_after_s=300)
    offered = offers_of(dispatcher.handle(ask(0, 2, 4, 3600), 100))
    # The wish, 15 minutes later, 15 minutes earlier.
    assert [(o.offer, o.pickup_s) for o in offered] == [(1, 3600), (2, 4500), (3, 2700)]
    assert dispatcher.state.routes.tables.vehicles[0, ft.STOPS] == 6
    dispatcher.handle(AcceptOffer(0, 2), 130)
    assert dispatcher.state.routes.tables.vehicles[0, ft.STOPS] == 2


def test_a_promise_is_cut_from_the_window_and_never_widens() -> None:
    dispatcher = one_car(promise_before_s=60, promise_after_s=120)
    (offer,) = offers_of(dispatcher.handle(ask(0, 2, 4, 100), 100))
    # Planned at 120 and 200: window max(100, 60)..240, arrival by min(526, 320).
    assert (offer.promise_earliest_s, offer.promise_latest_s, offer.arrive_by_s) == (100, 240, 320)
    dispatcher.handle(AcceptOffer(0, 1), 100)
    # A second rider 1 -> 0 on the way: at 1 at 110, at 2 at 180 <= 240, at 4 at 260 <= 320, at 0 at 360.
    (second,) = offers_of(dispatcher.handle(ask(1, 1, 0, 100), 100))
    dispatcher.handle(AcceptOffer(1, 1), 100)
    assert (second.pickup_index, second.dropoff_index) == (0, 2)
    stops = dispatcher.state.routes.tables.stops[0]
    assert [int(stop[ft.START]) for stop in stops[:4]] == [110, 180, 260, 360]
    assert [int(stop[ft.LATEST]) for stop in stops[1:3]] == [240, 320]


def test_arrive_by_is_early_enough_and_not_too_early() -> None:
    dispatcher = one_car(arrive_early_s=300)
    (offer,) = offers_of(dispatcher.handle(ask(0, 2, 4, 3600, time_kind=TimeKind.ARRIVE_BY), 100))
    # Latest pickup 3600 - 20 - 60 = 3520, earliest 300 before it.
    assert (offer.promise_earliest_s, offer.promise_latest_s, offer.arrive_by_s) == (3220, 3520, 3600)
    assert 3300 <= offer.dropoff_s <= 3600


def test_the_longest_ride_is_kept_when_others_get_on() -> None:
    dispatcher = one_car(max_ride_s=90, max_ride_alpha_percent=100, max_ride_beta_s=50)
    booked(dispatcher, ask(0, 0, 4, 100), 100)
    # Ride of the first: direct 40 s, at most 40 + 50 = 90 s; a stop on the way costs 60 s more: 100 s is too
    # long.
    (offer,) = offers_of(dispatcher.handle(ask(1, 2, 4, 100), 100))
    assert offer.pickup_index == 2


def test_wheelchairs_fold_seats_away() -> None:
    # s + 3 w <= 8, w <= 2.
    van = vehicle("a", 0, vehicle_type="van")
    for party, fits in (
        ({"seats": 2, "wheelchairs": 2}, True),
        ({"seats": 3, "wheelchairs": 2}, False),
        ({"seats": 8}, True),
    ):
        dispatcher = desk(line_network(), service((van,)))
        assert bool(offers_of(dispatcher.handle(ask(0, 1, 3, 100, **party), 100))) == fits


def test_cancelling_before_the_pickup_frees_the_route_and_after_it_is_refused() -> None:
    dispatcher = one_car()
    booked(dispatcher, ask(0, 2, 4, 100), 100)
    # At 105 the car is between 0 and 1: it can turn, or stand, at 1 at 110.
    assert dispatcher.handle(CancelTrip(0), 105) == (TripCancelled(0, 0), RouteChanged(0, 2, 1001, 110))
    assert dispatcher.handle(CancelTrip(0), 106) == (CommandRejected(0, ReportFault.NOT_BOOKED),)
    dispatcher = one_car()
    booked(dispatcher, ask(0, 2, 4, 100), 100)
    dispatcher.handle(ArriveAtStop(0, 1002, 200, 20), 120)
    dispatcher.handle(DepartStop(0, 1, 0), 180)
    assert dispatcher.handle(CancelTrip(0), 190) == (CommandRejected(0, ReportFault.ALREADY_ABOARD),)
    assert dispatcher.handle(CancelTrip(9), 190) == (CommandRejected(9, ReportFault.UNKNOWN_REQUEST),)


def test_an_idle_vehicle_goes_home_if_that_is_its_rule() -> None:
    dispatcher = desk(line_network(), service((vehicle("a", 0, returns_to_base=True),)))
    booked(dispatcher, ask(0, 2, 4, 100), 100)
    dispatcher.handle(ArriveAtStop(0, 1002, 200, 20), 120)
    dispatcher.handle(DepartStop(0, 1, 0), 180)
    dispatcher.handle(ArriveAtStop(0, 1004, 200, 20), 200)
    events = dispatcher.handle(DepartStop(0, 0, 1), 260)
    assert events[-1] == VehicleSent(0, 1000)
    assert dispatcher.heading(0) == (0, 260)
    # On the way home it turns for a rider: at 275 between 3 and 2, at 2 at 280.
    (offer,) = offers_of(dispatcher.handle(ask(1, 3, 4, 275), 275))
    assert offer.pickup_s == 290


@pytest.mark.parametrize(("now", "is_heard"), [(899, False), (900, True)])
def test_nobody_is_missed_before_her_promised_pickup_begins(now: int, is_heard: bool) -> None:
    """She is to be at node 2 from 900 s on; the driver was quicker than planned."""
    dispatcher = one_car()
    booked(dispatcher, ask(0, 2, 4, 900), 100)
    dispatcher.handle(ArriveAtStop(0, 1002, 200, 15), 895)
    events = dispatcher.handle(ReportNoShow(0, 0), now)
    if is_heard:
        assert events[0] == RiderNoShow(0, 0)
    else:
        assert events == (CommandRejected(0, ReportFault.TOO_EARLY),)


def test_a_no_show_frees_the_seat_and_its_stops() -> None:
    dispatcher = one_car()
    booked(dispatcher, ask(0, 2, 4, 100), 100)
    dispatcher.handle(ArriveAtStop(0, 1002, 200, 20), 120)
    assert dispatcher.handle(ReportNoShow(0, 0), 300) == (RiderNoShow(0, 0), RouteChanged(0, 2, 1002, 120))
    assert dispatcher.handle(DepartStop(0, 0, 0), 300) == (VehicleDeparted(0, 1002),)
    assert dispatcher.heading(0)[0] == -1


def test_reports_that_do_not_fit_are_refused_without_effect() -> None:
    dispatcher = one_car()
    booked(dispatcher, ask(0, 2, 4, 100), 100)
    assert dispatcher.handle(ArriveAtStop(0, 1003, 300, 30), 130) == (
        CommandRejected(0, ReportFault.WRONG_PLACE),
    )
    assert dispatcher.handle(DepartStop(0, 1, 0), 130) == (CommandRejected(0, ReportFault.NOT_AT_STOP),)
    dispatcher.handle(ArriveAtStop(0, 1002, 200, 20), 131)
    assert dispatcher.handle(DepartStop(0, 0, 0), 191) == (CommandRejected(0, ReportFault.COUNT_DIFFERS),)
    assert dispatcher.handle(ask(0, 1, 2, 200), 200) == (CommandRejected(0, ReportFault.REPEATED_REQUEST),)


def test_a_late_arrival_breaks_the_promise_once() -> None:
    dispatcher = one_car(promise_after_s=60)
    booked(dispatcher, ask(0, 2, 4, 100), 100)
    # Promised until 180 and 260; the car is at 2 at 181, at 4 at 261.
    assert dispatcher.handle(ArriveAtStop(0, 1002, 200, 81), 181)[1:] == (
        PromiseBroken(0, 0, 0, 180, 181, 1),
    )
    dispatcher.handle(DepartStop(0, 1, 0), 241)
    assert dispatcher.handle(ArriveAtStop(0, 1004, 200, 20), 261)[1:] == (
        PromiseBroken(0, 0, 1, 260, 261, 1),
    )


def test_an_arrival_at_the_promised_second_breaks_nothing() -> None:
    dispatcher = one_car(promise_after_s=60)
    booked(dispatcher, ask(0, 2, 4, 100), 100)
    assert dispatcher.handle(ArriveAtStop(0, 1002, 200, 80), 180) == (VehicleArrived(0, 1002, 200, 80),)


def test_riders_of_a_broken_down_vehicle_go_to_another() -> None:
    dispatcher = desk(line_network(), service((vehicle("a", 0), vehicle("b", 4))))
    booked(dispatcher, ask(0, 1, 3, 100), 100)
    dispatcher.handle(ArriveAtStop(0, 1001, 100, 10), 110)
    dispatcher.handle(DepartStop(0, 1, 0), 170)
    events = dispatcher.handle(VehicleBrokeDown(0, 1002, 100, 10), 180)
    # b comes from 4 to 2 (20 s), then to 3 (10 s); limits of the booking: arrival by 100 + 26 + 400 = 526.
    assert events == (
        VehicleFailed(0, 1002, 100, 10),
        TripMoved(0, 0, 1, 0, 0, 1002, 180, 526, 526, 1),
        RouteChanged(1, 1, 1004, 180),
    )


def test_without_another_vehicle_riders_are_abandoned() -> None:
    dispatcher = one_car()
    booked(dispatcher, ask(0, 1, 3, 100), 100)
    events = dispatcher.handle(VehicleBrokeDown(0, 1000, 0, 0), 101)
    assert events == (VehicleFailed(0, 1000, 0, 0), TripAbandoned(0, 0))
    assert refusal_of(dispatcher.handle(ask(1, 1, 3, 200), 200)).reason == RefusalReason.NO_VEHICLE_IN_TIME


def test_a_promise_that_a_takeover_cannot_keep_is_broken_and_moved_on() -> None:
    dispatcher = desk(
        line_network(), service((vehicle("a", 0), vehicle("b", 4)), replace(RULES, promise_after_s=15))
    )
    booked(dispatcher, ask(0, 0, 1, 100), 100)
    # Promised at 0 until 115; b needs 40 s from 101: 141. Arrival promised by 170 + 15 = 185: b is at 1 at
    # 211.
    events = dispatcher.handle(VehicleBrokeDown(0, 1000, 0, 0), 101)
    assert [event for event in events if isinstance(event, PromiseBroken)] == [
        PromiseBroken(0, 0, 0, 115, 141, 2),
        PromiseBroken(0, 0, 1, 185, 211, 2),
    ]


@pytest.mark.parametrize(("wish_s", "is_served"), [(1340, True), (1341, False), (1439, False), (1440, True)])
def test_a_break_is_taken_within_its_window(wish_s: int, is_served: bool) -> None:
    # 4 -> 0 ahead of the break (1000 to 1500, at 0): pickup at the wish, at 0 100 s later, left after 160 s:
    # 1340 + 160 = 1500. Behind it: the break from 1000 to 1600, at 4 at 1640 = 1440 + 200.
    resting = vehicle("a", 0, breaks=(Break(1000, 1500, 600),))
    dispatcher = desk(line_network(), service((resting,), replace(RULES, max_wait_s=200)))
    assert bool(offers_of(dispatcher.handle(ask(0, 4, 0, wish_s), 900))) == is_served


def test_the_shift_ends_at_base_in_time() -> None:
    early = vehicle("a", 0, end_s=400, returns_to_base=True)
    # 100: at 2 at 120, leaves 180, at 4 at 200, leaves 260, at base 300 <= 400.
    assert offers_of(desk(line_network(), service((early,))).handle(ask(0, 2, 4, 100), 100))
    # At 201: 221, 281, 301, 361, 401 > 400.
    assert not offers_of(desk(line_network(), service((early,))).handle(ask(0, 2, 4, 201), 201))
