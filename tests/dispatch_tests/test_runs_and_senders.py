"""Timetabled runs, what senders may not say, order within an instant, replay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from maas.dispatch import codec
from maas.dispatch.dispatcher import rank_key
from maas.domain.commands import (
    AcceptOffer,
    ArriveAtStop,
    CancelTrip,
    DepartStop,
    Wake,
)
from maas.domain.errors import CommandError, JournalError
from maas.domain.values import RefusalReason
from maas.service_definition import Run, ServiceDefinition, Vehicle, Zone
from routing import fleet_tables as ft
from tests.builders import line_network
from tests.support.desks import ask, booked, offers_of, one_car, refusal_of
from tests.support.services import RULES, desk, service, vehicle


def scheduled(**changes: object) -> ServiceDefinition:
    zones = (Zone("west", (1000, 1001, 1002)), Zone("east", (1003, 1004)))
    runs = (
        Run(1, "a", "west", "east", 3600, 4200, 1800),
        Run(2, "a", "west", "east", 7200, 7800, 5400),
    )
    cars: tuple[Vehicle, ...] = (vehicle("a", 0, returns_to_base=True),)
    rules = replace(RULES, offers_max=2, offer_hold_s=60, promise_after_s=300, **changes)  # type: ignore[arg-type]
    return service(cars, rules, policy="scheduled_runs", zones=zones, runs=runs)


def test_runs_are_offered_until_their_deadline() -> None:
    dispatcher = desk(line_network(), scheduled())
    offered = offers_of(dispatcher.handle(ask(0, 1, 4, 3000), 1800))
    assert [(o.run, o.pickup_s) for o in offered] == [(1, 3600), (2, 7200)]
    dispatcher = desk(line_network(), scheduled())
    offered = offers_of(dispatcher.handle(ask(0, 1, 4, 3000), 1801))
    assert [o.run for o in offered] == [2]


def test_runs_refuse_other_zones_and_late_callers() -> None:
    dispatcher = desk(line_network(), scheduled())
    assert refusal_of(dispatcher.handle(ask(0, 4, 1, 3000), 100)).reason == RefusalReason.NO_SERVICE_HERE
    late = refusal_of(dispatcher.handle(ask(1, 1, 4, 7000), 5401))
    assert late.reason == RefusalReason.BOOKED_TOO_LATE
    dispatcher = desk(line_network(), scheduled())
    assert refusal_of(dispatcher.handle(ask(2, 1, 4, 7201), 100)).reason == RefusalReason.OUTSIDE_HOURS


def test_an_unbooked_run_stays_at_base() -> None:
    dispatcher = desk(line_network(), scheduled())
    assert dispatcher.heading(0)[0] == -1
    dispatcher.handle(ask(0, 1, 4, 3000), 1800)
    dispatcher.handle(AcceptOffer(0, 2), 1810)
    # Only run 2 is booked: to 1 (10 s) for 7200.
    assert dispatcher.heading(0) == (1, 7190)


def test_senders_that_name_what_does_not_exist_are_told_so() -> None:
    dispatcher = one_car()
    with pytest.raises(CommandError, match="vehicle 5; the fleet has vehicles 0 to 0"):
        dispatcher.handle(DepartStop(5, 0, 0), 100)
    with pytest.raises(CommandError, match="place 77"):
        dispatcher.handle(ask(0, -923, 4, 100), 100)
    with pytest.raises(CommandError, match="ends must differ"):
        dispatcher.handle(ask(0, 2, 2, 100), 100)
    with pytest.raises(CommandError, match="0 seats and 0 wheelchairs"):
        dispatcher.handle(ask(0, 2, 3, 100, seats=0), 100)
    dispatcher.handle(Wake(), 200)
    with pytest.raises(CommandError, match="second 199 come after those of second 200"):
        dispatcher.handle(Wake(), 199)


def test_one_instant_is_heard_in_order_of_rank_then_sender() -> None:
    said = [
        (1_000_001, 4, codec.to_row(ask(1, 1, 2, 5))),
        (1_000_000, 9, codec.to_row(AcceptOffer(0, 1))),
        (3, 2, codec.to_row(DepartStop(0, 0, 0))),
        (2, 7, codec.to_row(ArriveAtStop(0, 1000, 0, 0))),
        (-1, 0, codec.to_row(Wake())),
        (1_000_002, 1, codec.to_row(CancelTrip(0))),
    ]
    assert [codec.NAME_OF[row[0]] for _, _, row in sorted(said, key=rank_key)] == [
        "Wake", "ArriveAtStop", "DepartStop", "CancelTrip", "AcceptOffer", "RequestTrip",
    ]  # fmt: skip


def test_a_changed_record_does_not_replay() -> None:
    dispatcher = one_car()
    booked(dispatcher, ask(0, 2, 4, 100), 100)
    at, row, events = dispatcher.records[0]
    changed = (*events[1][:6], events[1][6] + 1, *events[1][7:])
    with pytest.raises(JournalError, match=r"record 1 .RequestTrip at second 100. does not follow"):
        one_car().replay([(at, row, (events[0], changed))])


def test_many_bookings_ahead_grow_the_route() -> None:
    dispatcher = one_car()
    for request in range(50):
        booked(dispatcher, ask(request, 1 + request % 2, 3 + request % 2, 1000 * (request + 1)), 10)
    assert dispatcher.state.routes.tables.vehicles[0, ft.STOPS] == 100
    assert dispatcher.state.routes.tables.stops.shape[1] >= 100
