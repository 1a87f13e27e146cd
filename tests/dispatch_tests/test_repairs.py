"""After a breakdown everybody may move so that fewer promises break, or by less; all others stay hard.

Cars a, b and c stand at nodes 0, 1 and 4 of a line, 10 s between neighbours; visits last 60 s, pickups
come at most 60 s late. A full car of riders waits at 0 from 200 s on, another at 1 from 230 s on; a and b
take them. At 225 s, while its riders board, a breaks down. One by one, b is full of the others until it
comes to 0 at 300 s, and c comes at 265 s: 5 s late. But b can be at 0 at 235 s, if c goes to 1 in time.
"""

from __future__ import annotations

from dataclasses import astuple, replace

import pytest

from maas.dispatch import codec
from maas.dispatch import tables as t
from maas.dispatch.codec import Row
from maas.dispatch.dispatch_problem import problem_of
from maas.dispatch.dispatcher import Dispatcher
from maas.dispatch.planner import Planner
from maas.dispatch.repairs import broken_ends, squares
from maas.domain.commands import ArriveAtStop, ChangeRoads, ProposeRepair, ProposeStop, VehicleBrokeDown
from maas.domain.events import Event, PlanDropped, PromiseBroken, PromiseRevised, RepairRequested
from maas.domain.planning_rules import Replanning
from maas.domain.values import BreachCause, DropReason, PromiseEnd
from routing import fleet_tables as ft
from routing.problem import NO_LIMIT
from routing.road_book import RoadBook
from routing.travel_times import DenseTravelTimes
from tests.builders import line_network
from tests.support.desks import ask, booked
from tests.support.road_changes import named, stretch
from tests.support.services import RULES, desk, service, vehicle

A, B, C = 0, 1, 2
LINE = named(line_network())
ENGINES = ["sisr", "ortools"]


def town(engine: str = "sisr", **planning: int) -> Dispatcher:
    rules = replace(RULES, max_wait_s=60)
    replanning = replace(Replanning(every_s=86_400, delay_s=1, engine=engine), **planning)
    fleet = vehicle("a", 0), vehicle("b", 1), vehicle("c", 4)
    dispatcher = desk(line_network(), service(fleet, rules, policy="rolling_horizon", replanning=replanning))
    booked(dispatcher, ask(1, 0, 2, 200, seats=4), 0)
    booked(dispatcher, ask(2, 1, 0, 230, seats=4), 0)
    assert dispatcher.state.requests[1:3, t.VEHICLE].tolist() == [A, B]
    dispatcher.handle(ArriveAtStop(A, 1000, 0, 0), 200)
    return dispatcher


def breakdown(dispatcher: Dispatcher) -> tuple[Event, ...]:
    return dispatcher.handle(VehicleBrokeDown(A, 1000, 0, 0), 225)


def repaired(dispatcher: Dispatcher) -> list[Row]:
    """Events of the repair that follows the last command."""
    planner = Planner(dispatcher)
    planner.hear(dispatcher.records[-1:], 225)
    assert planner.next_time() == 226
    records = dispatcher.handle_batch([row for _, _, row in planner.messages(226)], 226)
    return [event for _, _, events in records for event in events]


def lateness(dispatcher: Dispatcher) -> int:
    return squares(broken_ends(dispatcher.state, range(3)))


def test_a_breakdown_that_breaks_a_promise_asks_for_a_repair() -> None:
    dispatcher = town()
    events = breakdown(dispatcher)
    assert PromiseBroken(1, 0, PromiseEnd.PICKUP, 260, 265, BreachCause.BREAKDOWN) in events
    assert events[-1] == RepairRequested(225)
    assert dispatcher.state.requests[1:3, t.VEHICLE].tolist() == [C, B]
    assert lateness(dispatcher) == 25


def test_only_the_broken_promise_is_soft() -> None:
    dispatcher = town()
    breakdown(dispatcher)
    made = problem_of(dispatcher.state, 226, is_repair=True)
    assert made is not None
    pickups = {made.stops[2 * r][1]: r for r in range(made.problem.request_count)}
    broken, kept = pickups[1], pickups[2]
    assert made.problem.promise[broken].tolist() == [260, NO_LIMIT]
    assert made.problem.pickup_window[broken, 1] == NO_LIMIT
    assert made.problem.pickup_window[kept, 1] == 290
    assert made.problem.promise[kept].tolist() == [NO_LIMIT, NO_LIMIT]
    # c turns at 3, 30 s before 0, and drives on for 20 s, b 10 s; 5 s late.
    assert made.start.cost == 30 + 20 + 10 + 25


@pytest.mark.parametrize("engine", ENGINES)
def test_a_repair_moves_another_rider_and_keeps_the_promise(engine: str) -> None:
    dispatcher = town(engine, repair_iterations=20)
    breakdown(dispatcher)
    events = repaired(dispatcher)
    kinds = [event[0] for event in events]
    assert kinds[-6:] == [
        codec.PLAN_ADOPTED, codec.TRIP_REASSIGNED, codec.TRIP_REASSIGNED, codec.ROUTE_CHANGED,
        codec.ROUTE_CHANGED, codec.PROMISE_REVISED,
    ]  # fmt: skip
    assert events[-1] == codec.to_row(PromiseRevised(1, 0, PromiseEnd.PICKUP, 260, 236))
    assert dispatcher.state.requests[1:3, t.VEHICLE].tolist() == [B, C]
    assert dispatcher.state.requests[1, t.BROKEN] == 0
    assert lateness(dispatcher) == 0
    stops = dispatcher.state.routes.tables.stops
    # Both are as hard as ever: 260 was promised to the one, 290 to the other.
    assert stops[[B, C], 0, ft.LATEST].tolist() == [260, 290]
    assert stops[[B, C], 0, ft.START].tolist() == [236, 255]


def test_what_is_folded_and_decided_again_is_the_same() -> None:
    dispatcher = town(repair_iterations=20)
    breakdown(dispatcher)
    repaired(dispatcher)
    state = dispatcher.state
    again = Dispatcher(state.service, state.roads, state.node_id)
    again.replay(dispatcher.records)
    folded = Dispatcher(state.service, state.roads, state.node_id)
    folded.fold(dispatcher.records)
    for other in (again, folded):
        assert (other.state.requests == state.requests).all()
        assert (other.state.routes.tables.stops[:3, :2] == state.routes.tables.stops[:3, :2]).all()


def proposed(dispatcher: Dispatcher, orders: dict[int, list[tuple[int, int]]]) -> tuple[Event, ...]:
    for v, order in orders.items():
        dispatcher.handle(ProposeStop(9, v, 0, ft.TO_BASE, ft.NOBODY), 226)
        for position, stop in enumerate(order, start=1):
            dispatcher.handle(ProposeStop(9, v, position, *stop), 226)
    return dispatcher.handle(ProposeRepair(9, sum(map(len, orders.values())), 0), 226)


def test_a_repair_that_breaks_promises_by_as_much_is_dropped() -> None:
    dispatcher = town()
    breakdown(dispatcher)
    as_it_is = {C: [(ft.PICKUP, 1), (ft.DROPOFF, 1)]}
    assert proposed(dispatcher, as_it_is) == (PlanDropped(9, DropReason.LIMIT_MISSED),)


def test_a_repair_may_break_no_promise_that_is_kept() -> None:
    """b takes both: at 0 in time, and late at 1, where 290 was promised."""
    dispatcher = town()
    breakdown(dispatcher)
    both = {B: [(ft.PICKUP, 1), (ft.DROPOFF, 1), (ft.PICKUP, 2), (ft.DROPOFF, 2)], C: []}
    assert proposed(dispatcher, both) == (PlanDropped(9, DropReason.LIMIT_MISSED),)
    assert lateness(dispatcher) == 25


@pytest.mark.parametrize("iterations", [0, 20])
def test_a_street_that_becomes_slow_asks_for_a_repair_too(iterations: int) -> None:
    """The only car stands at 0. The pickup at 2 by 200 s is missed at 110 + 200 s: nobody can mend it."""
    roads = RoadBook(LINE, DenseTravelTimes.build(LINE))
    replanning = Replanning(every_s=86_400, delay_s=1, repair_iterations=iterations)
    definition = service(
        (vehicle("a", 0),), replace(RULES, max_wait_s=100), policy="rolling_horizon", replanning=replanning
    )
    dispatcher = Dispatcher(definition, roads, LINE.node_id)
    booked(dispatcher, ask(1, 2, 3, 100), 100)
    events = dispatcher.handle(ChangeRoads(1, *astuple(stretch(LINE, 0, 2, 20_000))), 105)
    assert any(isinstance(event, PromiseBroken) for event in events)
    assert (events[-1] == RepairRequested(105)) == (iterations > 0)
    planner = Planner(dispatcher)
    planner.hear(dispatcher.records[-1:], 105)
    assert planner.next_time() is None


def test_nobody_asks_for_a_repair_where_none_is_wanted() -> None:
    dispatcher = town(repair_iterations=0)
    assert not any(isinstance(event, RepairRequested) for event in breakdown(dispatcher))


def test_a_breakdown_that_breaks_no_promise_asks_for_nothing() -> None:
    dispatcher = town()
    events = dispatcher.handle(VehicleBrokeDown(A, 1000, 0, 0), 210)
    # c is at 0 at 250, in time.
    assert not any(isinstance(event, PromiseBroken | RepairRequested) for event in events)
