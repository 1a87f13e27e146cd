"""Each refusal has its reason, and says what would have worked: asked again with that change, it does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from maas.domain.commands import (
    RequestTrip,
)
from maas.domain.events import (
    TripRefused,
)
from maas.domain.values import RefusalReason
from maas.service_definition import Zone
from tests.builders import line_network
from tests.support.desks import ask, booked, offers_of, one_car, refusal_of
from tests.support.services import RULES, desk, service, vehicle


def test_refusals_say_what_would_have_worked() -> None:
    # The car is 40 s away; the rider waits 30 s at most: 10 s later would do, or one more vehicle would not.
    dispatcher = desk(line_network(), service((vehicle("a", 0),), replace(RULES, max_wait_s=30)))
    refused = refusal_of(dispatcher.handle(ask(0, 4, 0, 100), 100))
    assert refused == TripRefused(0, RefusalReason.NO_VEHICLE_IN_TIME, 10, 1004, 0, 0)
    assert offers_of(dispatcher.handle(ask(1, 4, 0, 110), 100))


def test_a_refusal_counts_the_missing_vehicle() -> None:
    dispatcher = one_car(max_wait_s=30)
    booked(dispatcher, ask(0, 1, 4, 100), 100)
    # 2 -> 0 at 101: from the base 20 s, but the only car is busy until 110 + 60 + 30 + 60 = 260, then 20 s:
    # 280.
    refused = refusal_of(dispatcher.handle(ask(1, 2, 0, 101), 101))
    assert (refused.reason, refused.vehicles_missing) == (RefusalReason.NO_VEHICLE_IN_TIME, 1)
    assert offers_of(dispatcher.handle(ask(2, 2, 0, 101 + refused.later_s), 101))


def test_a_refusal_names_the_nearest_stop_that_would_do() -> None:
    zones = (Zone("stops", (1001, 1002, 1003, 1004)),)
    dispatcher = desk(line_network(), service((vehicle("a", 0),), replace(RULES, max_wait_s=30), zones=zones))
    refused = refusal_of(dispatcher.handle(ask(0, 4, 1, 100), 100))
    # From 3 the car is there after 30 s; 3 lies 100 m from 4.
    assert (refused.other_place, refused.walk_m) == (1003, 100)


@pytest.mark.parametrize(
    ("changes", "command", "reason"),
    [
        ({}, ask(0, 2, 4, 100, seats=5), RefusalReason.PARTY_TOO_LARGE),
        ({}, ask(0, 2, 4, 100, wheelchairs=1), RefusalReason.PARTY_TOO_LARGE),
        ({"notice_min_s": 1200, "max_wait_s": 600}, ask(0, 2, 4, 699), RefusalReason.BOOKED_TOO_LATE),
        ({"advance_max_s": 3600}, ask(0, 2, 4, 3701), RefusalReason.BOOKED_TOO_EARLY),
        ({}, ask(0, 2, 4, 90_000), RefusalReason.OUTSIDE_HOURS),
    ],
)
def test_each_refusal_has_its_reason(
    changes: dict[str, int], command: RequestTrip, reason: RefusalReason
) -> None:
    assert refusal_of(one_car(**changes).handle(command, 100)).reason == reason


def test_notice_and_advance_are_met_at_the_second() -> None:
    # 700 + 600 = 100 + 1200 and 3700 = 100 + 3600: just in time.
    assert offers_of(one_car(notice_min_s=1200).handle(ask(0, 2, 4, 700), 100))
    assert offers_of(one_car(advance_max_s=3600).handle(ask(0, 2, 4, 3700), 100))
