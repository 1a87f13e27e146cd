"""Requests answered by moving riders who are booked: who moves, when nobody does, what is promised.

A line of five nodes, 10 s between neighbours, visits of 60 s; car a at node 0, car b at node 4. Rider 1 waits
at node 2 for car a, 20 s away from either car.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from maas import rolling_horizon
from maas.dispatch import tables as t
from maas.dispatch.dispatcher import Dispatcher
from maas.domain.commands import AcceptOffer, DeclineOffers
from maas.domain.events import (
    Event,
    PlanAdopted,
    RouteChanged,
    StopProposed,
    TripOffered,
    TripReassigned,
    TripRefused,
    TripRequested,
)
from maas.domain.planning_rules import InsertionWeights, Replanning
from maas.service_definition import BookingRules, Repositioning
from tests.builders import line_network
from tests.support.desks import ask, booked
from tests.support.services import RULES, desk, service, vehicle

A, B = 0, 1
HURRIED = replace(RULES, max_wait_s=35)
"""Car b is 40 s from node 0; car a is at node 2 at 80 s if it visits node 0 before."""


def cars(rules: BookingRules, request_iterations: int = 30) -> Dispatcher:
    """Both cars, and rider 1 booked in car a."""
    replanning = Replanning(request_iterations=request_iterations)
    fleet = (vehicle("a", 0), vehicle("b", 4))
    made = desk(line_network(), service(fleet, rules, policy="rolling_horizon", replanning=replanning))
    booked(made, ask(1, 2, 3, 0), 0)
    assert made.state.requests[1, t.VEHICLE] == A
    return made


def kinds(events: tuple[Event, ...]) -> list[type[Event]]:
    return [type(event) for event in events if not isinstance(event, StopProposed)]


def test_a_booked_rider_changes_her_car_so_that_a_request_has_one() -> None:
    dispatcher = cars(HURRIED)
    events = dispatcher.handle(ask(2, 0, 1, 0), 0)
    assert kinds(events) == [
        TripRequested, PlanAdopted, TripReassigned, RouteChanged, RouteChanged, TripOffered
    ]  # fmt: skip
    assert TripReassigned(1, A, B) in events
    assert PlanAdopted(-1, 0) in events
    (offer,) = (event for event in events if isinstance(event, TripOffered))
    assert (offer.vehicle, offer.pickup_s) == (A, 0)
    dispatcher.handle(AcceptOffer(2, 1), 0)
    assert dispatcher.state.requests[1:3, t.VEHICLE].tolist() == [B, A]
    assert dispatcher.heading(B) == (2, 0)


def test_what_was_promised_to_those_who_move_stays() -> None:
    dispatcher = cars(HURRIED)
    promised = dispatcher.state.requests[1, t.PROMISE_EARLIEST : t.ARRIVE_BY + 1].tolist()
    dispatcher.handle(ask(2, 0, 1, 0), 0)
    assert dispatcher.state.requests[1, t.PROMISE_EARLIEST : t.ARRIVE_BY + 1].tolist() == promised


def test_without_steps_for_requests_it_is_refused_as_by_insertion() -> None:
    events = cars(HURRIED, request_iterations=0).handle(ask(2, 0, 1, 0), 0)
    assert kinds(events) == [TripRequested, TripRefused]


def test_nobody_moves_for_a_request_that_no_vehicle_can_serve() -> None:
    dispatcher = cars(HURRIED)
    before = dispatcher.state.routes.tables.stops.tobytes()
    assert kinds(dispatcher.handle(ask(2, 0, 1, 0, seats=5), 0)) == [TripRequested, TripRefused]
    assert dispatcher.state.routes.tables.stops.tobytes() == before


def test_a_booked_rider_changes_her_car_where_all_together_drive_and_wait_less() -> None:
    """By insertion car a would fetch rider 2 on its way to rider 1, who would wait 60 s more, and drive 20 s
    more for her. Now rider 1 waits no longer, in car b, and both cars together drive 10 s more."""
    events = cars(RULES).handle(ask(2, 0, 1, 0), 0)
    assert PlanAdopted(-1, 60 + 20 - 10) in events
    assert TripReassigned(1, A, B) in events


def test_nobody_moves_where_it_is_best_as_it_is() -> None:
    assert kinds(cars(RULES).handle(ask(2, 4, 1, 0), 0)) == [TripRequested, TripOffered]


@pytest.mark.parametrize("is_taken", [True, False])
def test_the_place_that_was_made_is_held_until_the_answer(is_taken: bool) -> None:
    dispatcher = cars(replace(HURRIED, offer_hold_s=5, max_wait_s=36))
    events = dispatcher.handle(ask(2, 0, 1, 0), 0)
    assert TripReassigned(1, A, B) in events
    assert isinstance(events[-1], TripOffered)
    dispatcher.handle(AcceptOffer(2, 1) if is_taken else DeclineOffers(2), 5)
    # Who moved stays where she is.
    assert dispatcher.state.requests[1, t.VEHICLE] == B
    assert dispatcher.heading(A)[0] == (0 if is_taken else -1)


def test_a_service_plans_ahead_by_defaults_that_do_not_replace_its_own() -> None:
    plain = replace(service((vehicle("a", 0),)), weights=InsertionWeights())
    ahead = rolling_horizon.ahead(plain)
    assert (ahead.policy, ahead.replanning) == ("rolling_horizon", Replanning())
    assert (ahead.weights, ahead.repositioning) == (rolling_horizon.WEIGHTS, rolling_horizon.IDLE)
    own = replace(plain, weights=InsertionWeights(16, 0), repositioning=Repositioning("refusals"))
    ahead = rolling_horizon.ahead(own, Replanning(every_s=60))
    assert (ahead.weights, ahead.repositioning, ahead.replanning) == (
        own.weights, own.repositioning, Replanning(every_s=60)
    )  # fmt: skip
