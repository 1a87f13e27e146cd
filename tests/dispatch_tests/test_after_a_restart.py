"""After a restart from the journal: what was asked of a solver and not answered is solved again."""

from __future__ import annotations

import pytest

from maas.dispatch import codec
from maas.dispatch import tables as t
from maas.dispatch.dispatcher import Dispatcher
from maas.dispatch.planner import Planner
from maas.domain.commands import ProposeStop, Wake
from maas.domain.events import SolveRequested
from routing import fleet_tables as ft
from tests.dispatch_tests.test_batches import FIRST, SECOND, two_cars
from tests.dispatch_tests.test_plan_engines import B, one_too_far
from tests.dispatch_tests.test_repairs import breakdown, lateness, repaired, town
from tests.support.desks import ask


def restarted(dispatcher: Dispatcher) -> tuple[Dispatcher, Planner]:
    """What another process makes of the records."""
    state = dispatcher.state
    again = Dispatcher(state.service, state.roads, state.node_id)
    again.fold(dispatcher.records)
    return again, Planner(again)


def said(planner: Planner, dispatcher: Dispatcher, now: int) -> list[int]:
    """Kinds of the events of what the planner says at `now`."""
    rows = [row for _, _, row in planner.messages(now)]
    return [event[0] for _, _, events in dispatcher.handle_batch(rows, now) for event in events]


def test_a_repair_that_was_asked_for_is_made() -> None:
    """The breakdown of `test_repairs`: 5 s late as it stands, in time once repaired."""
    dispatcher = town(repair_iterations=20)
    breakdown(dispatcher)
    again, planner = restarted(dispatcher)
    planner.resume(226)
    assert planner.next_time() == 227
    assert codec.PROMISE_REVISED in said(planner, again, 227)
    assert lateness(again) == 0
    assert again.state.requests[1, t.BROKEN] == 0


def test_a_repair_that_was_answered_is_not_made_again() -> None:
    dispatcher = town(repair_iterations=20)
    breakdown(dispatcher)
    repaired(dispatcher)
    _, planner = restarted(dispatcher)
    planner.resume(227)
    assert planner.next_time() is None


@pytest.mark.parametrize(("second", "delay_s"), [(30, 1), (-7200, 60)])
def test_a_solve_that_was_asked_for_is_made(second: int, delay_s: int) -> None:
    """The one of every 30 s, and the long one of 22:00, which takes a minute."""
    is_night = second < 0
    changes = {"every_s": 86_400, "overnight_iterations": 20} if is_night else {}
    dispatcher = one_too_far("sisr", -20_000 if is_night else 0, **changes)
    assert dispatcher.handle(Wake(), second) == (SolveRequested(second),)
    again, planner = restarted(dispatcher)
    planner.resume(second + 5)
    assert planner.next_time() == second + 5 + delay_s
    assert codec.PLAN_ADOPTED in said(planner, again, second + 5 + delay_s)
    assert again.state.requests[2, t.VEHICLE] == B
    _, planner = restarted(again)
    planner.resume(second + 100)
    assert planner.next_time() is None


def test_riders_who_wait_for_an_answer_get_it() -> None:
    dispatcher = two_cars()
    for request in (FIRST, SECOND):
        dispatcher.handle(request, 4)
    dispatcher.handle(Wake(), 5)
    again, planner = restarted(dispatcher)
    assert again.next_wakeup() == 10  # and without a planner that knows they would be asked for again
    planner.resume(7)
    kinds = said(planner, again, 8)
    assert kinds.count(codec.BATCH_ANSWERED) == 1
    assert codec.TRIP_OFFERED in kinds
    assert again.state.gathered == {}


def test_proposals_are_numbered_on_from_those_of_the_journal() -> None:
    """Of proposal 1 the journal holds a stop and not the end: its number is not used again."""
    dispatcher = town(repair_iterations=20)
    breakdown(dispatcher)
    dispatcher.handle(ProposeStop(1, 1, 0, ft.TO_BASE, ft.NOBODY), 226)
    again, planner = restarted(dispatcher)
    planner.resume(226)
    assert {row[1] for _, _, row in planner.messages(227)} == {2}
    assert lateness(again) == 25


def test_nothing_is_resumed_where_nothing_was_asked() -> None:
    dispatcher = town()
    dispatcher.handle(ask(7, 2, 3, 300), 230)
    _, planner = restarted(dispatcher)
    planner.resume(240)
    assert planner.next_time() is None
