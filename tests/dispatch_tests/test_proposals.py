"""Plans proposed by a solver: adopted as a whole, or dropped with the reason.

Cars a and b stand at both ends of a line of five nodes, 10 s and 100 m between neighbours; visits last 60 s.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from maas.dispatch import codec
from maas.dispatch import tables as t
from maas.dispatch.dispatcher import Dispatcher
from maas.dispatch.planner import Planner
from maas.domain.commands import (
    AcceptOffer,
    ArriveAtStop,
    CancelTrip,
    Command,
    ProposePlan,
    ProposeRepair,
    ProposeStop,
    VehicleBrokeDown,
    Wake,
)
from maas.domain.errors import CommandError, ServiceDefinitionError
from maas.domain.events import (
    Event,
    PlanAdopted,
    PlanDropped,
    RouteChanged,
    SolveRequested,
    TripReassigned,
    VehicleSent,
)
from maas.domain.planning_rules import Replanning
from maas.domain.values import DropReason
from maas.service_definition import BookingRules, Break
from routing.fleet_tables import BREAK, DROPOFF, NOBODY, PICKUP, TO_BASE
from routing.road_book import RoadBook
from routing.travel_times import DenseTravelTimes
from tests.builders import line_network
from tests.support.desks import ask, booked
from tests.support.road_changes import named, stretch, told
from tests.support.services import RULES, desk, service, vehicle

Stop = tuple[int, int]
A, B = 0, 1


def two_cars(
    rules: BookingRules = RULES, breaks: tuple[Break, ...] = (), *, is_back: bool = False
) -> Dispatcher:
    """Cars a at node 0 and b at node 4, which go home when `is_back`."""
    fleet = tuple(
        replace(car, returns_to_base=is_back) for car in (vehicle("a", 0, breaks=breaks), vehicle("b", 4))
    )
    replanning = Replanning(every_s=30, iterations=50, delay_s=2)
    return desk(line_network(), service(fleet, rules, policy="rolling_horizon", replanning=replanning))


def ride(request: int) -> list[Stop]:
    return [(PICKUP, request), (DROPOFF, request)]


def proposal(*routes: tuple[int, list[Stop]], number: int = 1, missing: int = 0) -> list[Command]:
    """The commands that propose these routes, and how many stops they say they name more than they do."""
    rows: list[Command] = []
    for v, stops in routes:
        rows.append(ProposeStop(number, v, 0, TO_BASE, NOBODY))
        rows += [ProposeStop(number, v, position, *stop) for position, stop in enumerate(stops, start=1)]
    count = sum(len(stops) for _, stops in routes)
    return [*rows, ProposePlan(number, count + missing, 7)]


def answer(dispatcher: Dispatcher, commands: list[Command], now: int) -> tuple[Event, ...]:
    """What the last of the commands brings about."""
    for command in commands[:-1]:
        dispatcher.handle(command, now)
    return dispatcher.handle(commands[-1], now)


def dropped(events: tuple[Event, ...]) -> DropReason:
    (event,) = events
    assert isinstance(event, PlanDropped)
    return DropReason(event.reason)


def routes_of(dispatcher: Dispatcher) -> bytes:
    return dispatcher.state.routes.tables.stops.tobytes()


def test_an_adopted_plan_gives_a_booking_to_another_vehicle() -> None:
    dispatcher = two_cars()
    booked(dispatcher, ask(1, 1, 2, 0), 0)
    events = answer(dispatcher, proposal((A, []), (B, ride(1))), 5)
    # a is half way to node 1, where it turns at 10 s and stays; b leaves node 4 at once.
    assert events == (
        PlanAdopted(1, 7),
        TripReassigned(1, A, B),
        RouteChanged(A, 2, 1001, 10),
        RouteChanged(B, 1, 1004, 5),
    )
    assert dispatcher.state.requests[1, t.VEHICLE] == B
    assert dispatcher.heading(B) == (1, 5)
    assert dispatcher.heading(A)[0] == -1
    assert dispatcher.state.proposed == []


def test_a_vehicle_left_without_work_goes_home_where_it_must() -> None:
    dispatcher = two_cars(is_back=True)
    booked(dispatcher, ask(1, 1, 2, 0), 0)
    events = answer(dispatcher, proposal((A, []), (B, ride(1))), 5)
    assert VehicleSent(A, 1000) in events


def test_what_was_promised_stays() -> None:
    dispatcher = two_cars()
    booked(dispatcher, ask(1, 1, 2, 0), 0)
    promised = dispatcher.state.requests[1, t.PROMISE_EARLIEST : t.ARRIVE_BY + 1].tolist()
    answer(dispatcher, proposal((A, []), (B, ride(1))), 5)
    assert dispatcher.state.requests[1, t.PROMISE_EARLIEST : t.ARRIVE_BY + 1].tolist() == promised


@pytest.mark.parametrize("meanwhile", ["cancelled", "arrived", "broken", "booked more"])
def test_it_is_dropped_when_the_fleet_has_moved_on(meanwhile: str) -> None:
    dispatcher = two_cars()
    booked(dispatcher, ask(1, 1, 2, 0), 0)
    plan = proposal((A, []), (B, ride(1)))
    match meanwhile:
        case "cancelled":
            dispatcher.handle(CancelTrip(1), 5)
        case "arrived":
            dispatcher.handle(ArriveAtStop(A, 1001, 100, 10), 10)
        case "broken":
            dispatcher.handle(VehicleBrokeDown(A, 1001, 100, 10), 10)
        case _:
            booked(dispatcher, ask(2, 1, 3, 5), 5)
    before = routes_of(dispatcher)
    assert dropped(answer(dispatcher, plan, 11)) == DropReason.FLEET_MOVED_ON
    assert routes_of(dispatcher) == before


def test_it_is_dropped_while_an_offer_of_its_vehicles_is_open() -> None:
    dispatcher = two_cars(replace(RULES, offer_hold_s=60))
    booked(dispatcher, ask(1, 1, 2, 0), 0)
    dispatcher.handle(ask(2, 3, 2, 4), 4)  # held by b
    assert dropped(answer(dispatcher, proposal((A, []), (B, ride(1))), 5)) == DropReason.FLEET_MOVED_ON
    dispatcher.handle(AcceptOffer(2, 1), 6)
    plan = proposal((A, []), (B, [*ride(2), *ride(1)]))
    assert isinstance(answer(dispatcher, plan, 6)[0], PlanAdopted)


@pytest.mark.parametrize(("max_wait_s", "is_kept"), [(35, True), (34, False)])
def test_it_is_dropped_when_a_promise_would_be_missed(max_wait_s: int, is_kept: bool) -> None:
    """b leaves node 4 at 5 s and is at node 1 at 35 s; the rider was promised 0 s + max_wait_s."""
    dispatcher = two_cars(replace(RULES, max_wait_s=max_wait_s))
    booked(dispatcher, ask(1, 1, 2, 0), 0)
    events = answer(dispatcher, proposal((A, []), (B, ride(1))), 5)
    if is_kept:
        assert isinstance(events[0], PlanAdopted)
    else:
        assert dropped(events) == DropReason.LIMIT_MISSED


def test_it_is_dropped_when_a_road_has_closed_meanwhile() -> None:
    network = named(line_network())
    fleet = (vehicle("a", 0), vehicle("b", 4))
    definition = service(fleet, policy="rolling_horizon", replanning=Replanning())
    book = RoadBook(network, DenseTravelTimes.build(network))
    dispatcher = Dispatcher(definition, book, network.node_id)
    booked(dispatcher, ask(1, 1, 2, 0), 0)
    dispatcher.handle_batch([told(1, stretch(network, 3, 4, 0, 0, 5000))], 3)
    assert dropped(answer(dispatcher, proposal((A, []), (B, ride(1))), 5)) == DropReason.LIMIT_MISSED


def test_it_is_dropped_when_stops_are_missing() -> None:
    dispatcher = two_cars()
    booked(dispatcher, ask(1, 1, 2, 0), 0)
    assert dropped(answer(dispatcher, proposal((B, ride(1)), missing=1), 5)) == DropReason.INCOMPLETE
    for close in (ProposePlan(8, 0, 0), ProposeRepair(8, 0, 0)):
        assert dispatcher.handle(close, 5) == (PlanDropped(8, DropReason.INCOMPLETE),)
    assert dropped(answer(dispatcher, proposal((B, ride(1))), 5)) == DropReason.FLEET_MOVED_ON


def test_nobody_is_set_down_before_she_boards() -> None:
    dispatcher = two_cars()
    booked(dispatcher, ask(1, 1, 2, 0), 0)
    assert dropped(answer(dispatcher, proposal((A, ride(1)[::-1])), 5)) == DropReason.NO_ROUTE
    parted = proposal((A, ride(1)[:1]), (B, ride(1)[1:]))
    assert dropped(answer(dispatcher, parted, 5)) == DropReason.NO_ROUTE


def test_a_break_stays_with_its_vehicle() -> None:
    dispatcher = two_cars(breaks=(Break(600, 1200, 300),))
    rest = (BREAK, NOBODY)
    booked(dispatcher, ask(1, 1, 2, 0), 0)
    parted = proposal((A, ride(1)), (B, [rest]))
    assert dropped(answer(dispatcher, parted, 5)) == DropReason.NO_ROUTE
    assert isinstance(answer(dispatcher, proposal((A, [rest]), (B, ride(1))), 5)[0], PlanAdopted)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (ProposeStop(1, 2, 0, 0, 0), "proposal 1: vehicle 2 must lie between 0 and 1"),
        (ProposeStop(1, 0, 0, 4, 0), "proposal 1: kind of stop 4 must lie between 0 and 3"),
        (ProposeStop(1, 0, -1, 0, 0), "proposal 1: position -1 must lie between 0 and 4095"),
        (ProposeStop(1, 0, 0, 0, -2), "proposal 1: request number -2 must lie between"),
        (ProposePlan(-1, 0, 0), "number of proposal -1 must lie between"),
    ],
)
def test_a_proposal_of_what_does_not_exist_is_refused(command: Command, words: str) -> None:
    with pytest.raises(CommandError, match=f"^{words}"):
        two_cars().handle(command, 0)


def test_a_solver_is_asked_at_the_next_multiple_and_answers_later() -> None:
    """Somebody has given each rider the farther car; the solver gives them back."""
    dispatcher = two_cars()
    planner = Planner(dispatcher)
    assert dispatcher.next_wakeup() is None
    booked(dispatcher, ask(1, 1, 2, 400), 7)
    booked(dispatcher, ask(2, 3, 2, 400), 7)
    assert isinstance(answer(dispatcher, proposal((A, ride(2)), (B, ride(1))), 8)[0], PlanAdopted)
    assert dispatcher.next_wakeup() == 30
    records = dispatcher.handle_batch([(codec.WAKE,)], 30)
    assert [event for _, _, events in records for event in events] == [codec.to_row(SolveRequested(30))]
    assert dispatcher.next_wakeup() is None  # nothing has changed since
    planner.hear(records, 30)
    assert planner.next_time() == 32
    assert planner.messages(31) == []
    rows = [row for _, _, row in planner.messages(32)]
    records = dispatcher.handle_batch(rows, 32)
    adopted = records[-1][2]
    assert adopted[0][:2] == (codec.PLAN_ADOPTED, 1)
    assert set(adopted[1:3]) == {(codec.TRIP_REASSIGNED, 1, B, A), (codec.TRIP_REASSIGNED, 2, A, B)}
    assert planner.next_time() is None


def test_nobody_solves_while_nobody_can_move() -> None:
    dispatcher = two_cars()
    booked(dispatcher, ask(1, 1, 2, 0), 0)
    dispatcher.handle(ArriveAtStop(A, 1001, 100, 10), 10)
    assert dispatcher.handle(Wake(), 30) == ()


def test_a_policy_and_its_replanning_go_together() -> None:
    fleet = (vehicle("a", 0),)
    with pytest.raises(ServiceDefinitionError, match="policy rolling_horizon without replanning; give it"):
        service(fleet, policy="rolling_horizon")
    with pytest.raises(ServiceDefinitionError, match="policy insertion with replanning; give it"):
        service(fleet, replanning=Replanning())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"every_s": 0}, "replanning every_s is 0; give 1 to 86400"),
        ({"iterations": 0}, "replanning iterations is 0; give 1 to 10000000"),
        ({"delay_s": -1}, "replanning delay_s is -1; give 0 to 86400"),
        ({"engine": "magic"}, "replanning engine is 'magic'; give one of reinsertion"),
    ],
)
def test_figures_of_replanning_out_of_range_are_refused(changes: dict[str, int], words: str) -> None:
    with pytest.raises(ServiceDefinitionError, match=f"^{words}"):
        replace(Replanning(), **changes)  # type: ignore[arg-type]
