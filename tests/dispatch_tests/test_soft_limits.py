"""Soft limits: nobody is refused for the longest wait or the latest arrival, and later trips cost more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from maas.dispatch import codec
from maas.dispatch.asking import limits
from maas.dispatch.dispatcher import Dispatcher
from maas.dispatch.policies.offering import Offering
from maas.dispatch.policies.soft_limits import candidates
from maas.domain.errors import ServiceDefinitionError
from maas.domain.events import TripOffered
from maas.domain.planning_rules import InsertionWeights, SoftLimits
from maas.domain.values import RefusalReason
from maas.service_definition import BookingRules, Run, Vehicle, Zone
from routing.insertion import Insertion
from tests.builders import line_network, random_network
from tests.support.desks import ask, booked, offers_of, refusal_of
from tests.support.services import RULES, desk, service, vehicle

DRIVING_ALONE = InsertionWeights(0, 0)


def soft_desk(*vehicles: Vehicle, rules: BookingRules = RULES, soft: SoftLimits | None = None) -> Dispatcher:
    made = service(vehicles, rules, weights=DRIVING_ALONE)
    return desk(line_network(), replace(made, soft_limits=soft or SoftLimits()))


def offer_of(dispatcher: Dispatcher, **changes: int) -> TripOffered:
    (offered,) = offers_of(dispatcher.handle(replace(ask(0, 2, 4, 100), **changes), 100))
    return offered


def test_who_would_wait_too_long_is_promised_the_plan() -> None:
    # The car is 40 s away, the rider waits 30 s at most; arrival by 100 + 1.3 * 40 + 400.
    hard = replace(RULES, max_wait_s=30)
    dispatcher = soft_desk(vehicle("a", 0), rules=hard)
    offered = offer_of(dispatcher, origin=1004, destination=1000)
    assert (offered.pickup_s, offered.dropoff_s) == (140, 240)
    assert (offered.promise_earliest_s, offered.promise_latest_s, offered.arrive_by_s) == (100, 140, 552)


def test_who_would_arrive_too_late_is_promised_the_plan() -> None:
    # By 100 + 1.3 * 40 + 20 = 172; the car comes after 40 s, stops 60 s and drives 40 s: 240.
    late = replace(RULES, detour_beta_s=20)
    offered = offer_of(soft_desk(vehicle("a", 0), rules=late), origin=1004, destination=1000)
    assert (offered.promise_latest_s, offered.arrive_by_s) == (700, 240)


def test_within_the_limits_the_promise_is_the_limits() -> None:
    offered = offer_of(soft_desk(vehicle("a", 0)))
    # From 2 to 4: 20 s; arrival by 100 + 26 + 400.
    assert (offered.pickup_s, offered.promise_latest_s, offered.arrive_by_s) == (120, 700, 526)


@pytest.mark.parametrize(("percent", "taken", "pickup_s"), [(100, 0, 150), (200, 1, 120)])
def test_lateness_is_weighed_against_driving(percent: int, taken: int, pickup_s: int) -> None:
    # Car a stands there from 150 s on, 15 s too late; car b drives 20 s more to be in time. At 100 % lateness
    # costs 15 s, at 200 % 30 s.
    cars = vehicle("a", 2, start_s=150), vehicle("b", 0)
    soft = SoftLimits(late_pickup_percent=percent)
    offered = offer_of(soft_desk(*cars, rules=replace(RULES, max_wait_s=35), soft=soft))
    assert (offered.vehicle, offered.pickup_s) == (taken, pickup_s)


def test_who_was_promised_a_late_trip_is_not_delayed_further() -> None:
    dispatcher = soft_desk(vehicle("a", 0), rules=replace(RULES, max_wait_s=30))
    booked(dispatcher, ask(0, 4, 0, 100), 100)  # promised at 140 to the second
    (second,) = offers_of(dispatcher.handle(ask(1, 2, 3, 101), 101))
    # On the way at 120 s a stop of 60 s would push the first: she is picked up after 200 s, at 4, on the way
    # back: 220 s.
    assert second.pickup_s >= 200


def test_other_refusals_stay() -> None:
    dispatcher = soft_desk(vehicle("a", 0, end_s=1_000))
    for command, reason in (
        (ask(0, 2, 4, 100, seats=5), RefusalReason.PARTY_TOO_LARGE),
        (ask(1, 2, 4, 2_000), RefusalReason.OUTSIDE_HOURS),
    ):
        assert refusal_of(dispatcher.handle(command, 100)).reason == reason


def test_one_car_takes_everybody_in_turn() -> None:
    dispatcher = soft_desk(vehicle("a", 0), rules=replace(RULES, max_wait_s=0, detour_beta_s=0))
    ends = [(4, 0), (1, 3), (0, 4), (2, 1), (3, 0), (4, 2), (1, 0), (0, 2)]
    for number, (origin, destination) in enumerate(ends):
        events = booked(dispatcher, ask(number, origin, destination, 100 + number), 100 + number)
        assert any(codec.to_row(event)[0] == codec.TRIP_BOOKED for event in events)


def test_runs_have_no_soft_limits() -> None:
    zones = (Zone("z", (1000,)), Zone("y", (1004,)))
    runs = (Run(1, "a", "z", "y", 0, 600, 0),)
    timetable = service((vehicle("a", 0),), policy="scheduled_runs", zones=zones, runs=runs)
    with pytest.raises(ServiceDefinitionError, match="has soft limits; timetabled runs keep theirs"):
        replace(timetable, soft_limits=SoftLimits())


@pytest.mark.parametrize("name", ["late_pickup_percent", "late_arrival_percent"])
@pytest.mark.parametrize(("value", "is_valid"), [(-1, False), (0, True), (100_000, True), (100_001, False)])
def test_figures_of_soft_limits_are_checked(name: str, value: int, is_valid: bool) -> None:
    if is_valid:
        assert getattr(SoftLimits(**{name: value}), name) == value
        return
    with pytest.raises(ServiceDefinitionError, match=f"soft limits {name} is {value}; give 0 to 100000"):
        SoftLimits(**{name: value})


@pytest.mark.parametrize("seed", range(25))
def test_no_limits_tried_one_by_one_give_a_cheaper_place(seed: int) -> None:
    """Oracle: the insertion search under many pairs of relaxed limits, each place with what it costs."""
    rng = np.random.default_rng(seed)
    weights = InsertionWeights(*sorted((int(w) for w in rng.integers(0, 30, 2)), reverse=True))
    rules = replace(RULES, max_wait_s=int(rng.integers(0, 60)), detour_beta_s=int(rng.integers(60, 150)))
    soft = SoftLimits(int(rng.integers(0, 300)), int(rng.integers(0, 1500)))
    fleet = tuple(vehicle(name, int(rng.integers(0, 12))) for name in "abc")
    dispatcher = desk(random_network(seed), replace(service(fleet, rules, weights=weights), soft_limits=soft))
    places = dispatcher.state.node_id - 1000
    now = 100
    for number in range(int(rng.integers(2, 7))):
        origin, destination = (int(p) for p in rng.choice(places, 2, replace=False))
        booked(dispatcher, ask(number, origin, destination, now), now)
        now += int(rng.integers(0, 30))
    origin, destination = (int(p) for p in rng.choice(len(places), 2, replace=False))
    command = codec.to_row(ask(99, 0, 0, now))
    command = (*command[:2], origin, destination, *command[4:])
    direct_s, direct_m = dispatcher.state.routes.direct(origin, destination)
    window = limits(rules, 0, now, direct_s, rules.stop_s)
    requested = (codec.TRIP_REQUESTED, 99, *command[2:8], *window, direct_s, direct_m)
    with Offering(dispatcher.state, requested, command, now) as offering:
        found = min(cost for cost, _ in candidates(offering, window, soft))
        grid = (0, 5, 20, 45, 90, 200, 500, 2_000)
        for late_pickup in grid:
            for late_arrival in grid:
                tried = window[0], window[1] + late_pickup, window[2] + late_arrival, window[3]
                place = offering.find(tried)
                if place is not None:
                    assert found <= price(place, window, soft)


def price(place: Insertion, window: tuple[int, ...], soft: SoftLimits) -> int:
    late_pickup, late_arrival = max(0, place.pickup_s - window[1]), max(0, place.dropoff_s - window[2])
    extra = late_pickup * (16 * soft.late_pickup_percent // 100)
    return place.cost + extra + late_arrival * (16 * soft.late_arrival_percent // 100)
