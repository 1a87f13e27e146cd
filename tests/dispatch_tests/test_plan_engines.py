"""The engines of `maas solve` as replanners: what they propose, the dispatcher can drive."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from maas.dispatch import codec
from maas.dispatch import tables as t
from maas.dispatch.dispatcher import Dispatcher
from maas.dispatch.plan_engines import solved_routes
from maas.dispatch.planner import Planner
from maas.dispatch.replanning import proposals
from maas.domain.commands import CancelTrip, Wake
from maas.domain.events import SolveRequested
from maas.domain.planning_rules import ITERATIONS, Replanning
from maas.domain.values import DropReason
from routing import fleet_tables as ft
from tests.builders import line_network
from tests.dispatch_tests.test_random_commands import random_service, towns
from tests.support.desks import ask, booked
from tests.support.random_desk import RandomDesk, run_wild
from tests.support.services import RULES, desk, service, vehicle

ENGINES = ["sisr", "ortools"]
A, B = 0, 1


class QuietDesk(RandomDesk):
    """Nobody but the planner proposes anything."""

    def propose(self) -> None:
        pass


def one_too_far(engine: str, now: int = 0, **planning: int) -> Dispatcher:
    """Cars a at 0 and b at 4, 40 s apart. Two full cars of riders leave 4 for 3 at 1,000 s, so each takes
    one; then the one whom b was to take cancels."""
    replanning = Replanning(iterations=ITERATIONS[engine], delay_s=1, engine=engine)
    rules = replace(RULES, advance_max_s=86_400)
    fleet = vehicle("a", 0), vehicle("b", 4)
    definition = service(fleet, rules, policy="rolling_horizon", replanning=replace(replanning, **planning))
    dispatcher = desk(line_network(), definition)
    booked(dispatcher, ask(1, 4, 3, 1000, seats=4), now)
    booked(dispatcher, ask(2, 4, 3, 1000, seats=4), now)
    assert dispatcher.state.requests[1:3, t.VEHICLE].tolist() == [B, A]
    dispatcher.handle(CancelTrip(1), now + 10)
    return dispatcher


@pytest.mark.parametrize("engine", ENGINES)
def test_a_rider_goes_to_the_car_that_is_nearer_now(engine: str) -> None:
    dispatcher = one_too_far(engine)
    saving, orders = solved_routes(dispatcher.state, 11, engine, ITERATIONS[engine])
    assert orders == {A: [], B: [(ft.PICKUP, 2), (ft.DROPOFF, 2)]}
    assert saving == 16 * 40


@pytest.mark.parametrize("engine", ENGINES)
def test_its_plan_is_asked_for_and_adopted_like_any_other(engine: str) -> None:
    dispatcher = one_too_far(engine)
    planner = Planner(dispatcher)
    assert dispatcher.handle(Wake(), 30) == (SolveRequested(30),)
    planner.hear(dispatcher.records[-1:], 30)
    assert planner.next_time() == 31
    records = dispatcher.handle_batch([row for _, _, row in planner.messages(31)], 31)
    assert [event[0] for event in records[-1][2]][:2] == [codec.PLAN_ADOPTED, codec.TRIP_REASSIGNED]
    assert dispatcher.state.requests[2, t.VEHICLE] == B


@pytest.mark.parametrize("engine", ["reinsertion", *ENGINES])
def test_all_bookings_are_solved_at_a_set_second_of_the_night(engine: str) -> None:
    """Two hours before midnight, of the day before: once a night, changes or not, with a minute to answer."""
    dispatcher = one_too_far(engine, -20_000, every_s=86_400, overnight_iterations=20)
    assert dispatcher.next_wakeup() == -7200
    assert dispatcher.handle(Wake(), -7200) == (SolveRequested(-7200),)
    planner = Planner(dispatcher)
    planner.hear(dispatcher.records[-1:], -7200)
    assert planner.next_time() == -7140
    records = dispatcher.handle_batch([row for _, _, row in planner.messages(-7140)], -7140)
    assert records[-1][2][0][0] == codec.PLAN_ADOPTED
    assert dispatcher.state.requests[2, t.VEHICLE] == B
    assert dispatcher.next_wakeup() == 79_200


@pytest.mark.parametrize("engine", ["reinsertion", *ENGINES])
def test_routes_are_improved_before_midnight_of_the_day(engine: str) -> None:
    dispatcher = one_too_far(engine, -20_000)
    assert proposals(dispatcher.state, 1, -19_000)[-1][0] == codec.PROPOSE_PLAN


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_better_nothing_proposed(engine: str) -> None:
    definition = service((vehicle("a", 0), vehicle("b", 4)), RULES)
    dispatcher = desk(line_network(), definition)
    assert solved_routes(dispatcher.state, 0, engine, 5) == (0, {})
    booked(dispatcher, ask(1, 4, 3, 1000), 0)
    assert solved_routes(dispatcher.state, 0, engine, 5) == (0, {})


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("is_punctual", [True, False])
def test_what_it_proposes_can_be_driven(engine: str, is_punctual: bool) -> None:
    """Random life with an answer at once: nothing has moved on by then, and no order is one nobody could
    drive. A limit is missed only where a late rider would be as late in another vehicle."""
    often = Replanning(every_s=10, iterations=ITERATIONS[engine], delay_s=0, engine=engine)
    adopted = 0
    dropped: Counter[int] = Counter()
    for seed in range(20):
        rng = np.random.default_rng(seed)
        roads = towns()[seed % len(towns())]
        definition = replace(random_service(rng, roads.network), policy="rolling_horizon", replanning=often)
        dispatcher = Dispatcher(definition, roads, roads.network.node_id)
        run_wild(QuietDesk(dispatcher, rng, is_punctual=is_punctual), 40)
        for _, _, events in dispatcher.records:
            adopted += sum(event[0] == codec.PLAN_ADOPTED for event in events)
            dropped.update(event[2] for event in events if event[0] == codec.PLAN_DROPPED)
    assert adopted >= 10
    assert set(dropped) <= {DropReason.LIMIT_MISSED}
    assert dropped[DropReason.LIMIT_MISSED] <= adopted // 4
