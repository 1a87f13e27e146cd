"""Requests that are answered together, by cars a and b at both ends of a line of five nodes.

10 s and 100 m between neighbours; visits last 60 s; a solver is asked every 5 s and answers 1 s later.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from maas.dispatch import codec
from maas.dispatch.dispatcher import Dispatcher
from maas.dispatch.planner import Planner
from maas.domain.commands import (
    AcceptOffer,
    CancelTrip,
    DeclineOffers,
    ProposePlan,
    ProposeStop,
    RequestTrip,
    VehicleBrokeDown,
    Wake,
)
from maas.domain.errors import ServiceDefinitionError
from maas.domain.events import (
    BatchAnswered,
    Event,
    OffersDeclined,
    PlanDropped,
    SolveRequested,
    TripGathered,
    TripOffered,
    TripRefused,
    TripRequested,
)
from maas.domain.planning_rules import Batching
from maas.domain.values import DropReason, RefusalReason
from routing.fleet_tables import DROPOFF, NOBODY, PICKUP, TO_BASE
from tests.builders import line_network
from tests.support.desks import ask
from tests.support.services import RULES, desk, service, vehicle

A, B = 0, 1


def two_cars(policy: str = "batch", max_wait_s: int = 25) -> Dispatcher:
    fleet = (vehicle("a", 0), vehicle("b", 4))
    batching = Batching(every_s=5, delay_s=1) if policy == "batch" else None
    rules = replace(RULES, max_wait_s=max_wait_s, advance_max_s=3600)
    return desk(line_network(), service(fleet, rules, policy=policy, batching=batching))


FIRST, SECOND = ask(1, 2, 3, 4), ask(2, 0, 1, 4)
"""Asked at 4 s, to be picked up by 29 s: the first at node 2, where both cars can be in time, the second at
node 0, where only a can."""


def gathered() -> tuple[Dispatcher, Planner]:
    """Both have asked, and the solver has been."""
    dispatcher = two_cars()
    for request in (FIRST, SECOND):
        dispatcher.handle(request, 4)
    planner = Planner(dispatcher)
    planner.hear(dispatcher.handle_batch([(codec.WAKE,)], 5), 5)
    return dispatcher, planner


def answered(dispatcher: Dispatcher, planner: Planner) -> list[Event]:
    """What the proposal that is due at 6 s brings about."""
    rows = [row for _, _, row in planner.messages(6)]
    (_, _, events) = dispatcher.handle_batch(rows, 6)[-1]
    return [codec.to_object(dispatcher.to_places(event)) for event in events]  # type: ignore[misc]


def outcome(events: list[Event]) -> list[tuple[str, int, int]]:
    """(offer or refusal, request, vehicle or reason)."""
    return [
        ("offer", event.request, event.vehicle)
        if isinstance(event, TripOffered)
        else ("refusal", event.request, event.reason)
        for event in events
        if isinstance(event, TripOffered | TripRefused)
    ]


def test_a_request_for_now_waits_for_the_next_batch() -> None:
    dispatcher = two_cars()
    requested, waits = dispatcher.handle(FIRST, 4)
    assert isinstance(requested, TripRequested)
    assert waits == TripGathered(1, 1, 0)
    assert dispatcher.next_wakeup() == 5
    assert dispatcher.handle(Wake(), 5) == (SolveRequested(5),)
    assert dispatcher.next_wakeup() == 10  # should nobody answer


@pytest.mark.parametrize(("wish_s", "waits"), [(10, True), (11, False)])
def test_a_request_for_later_is_answered_at_once(wish_s: int, waits: bool) -> None:
    """Asked at 4 s; who wants to leave by 4 + 5 + 1 s waits."""
    _, answer = two_cars().handle(replace(FIRST, wish_s=wish_s), 4)
    assert isinstance(answer, TripGathered if waits else TripOffered)


@pytest.mark.parametrize("word", [CancelTrip(1), DeclineOffers(1)])
def test_who_gives_up_waiting_for_an_answer_gets_none(word: CancelTrip | DeclineOffers) -> None:
    dispatcher, planner = gathered()
    assert dispatcher.handle(word, 5) == (OffersDeclined(1),)
    assert outcome(answered(dispatcher, planner)) == [("offer", 2, A)]


def test_joint_answers_serve_whom_the_first_come_would_have_displaced() -> None:
    one_by_one = two_cars("insertion")
    for request in (FIRST, SECOND):
        events = one_by_one.handle(request, 4)
        one_by_one.handle(AcceptOffer(request.request, 1), 4)
    assert isinstance(events[-1], TripRefused)
    dispatcher, planner = gathered()
    events = answered(dispatcher, planner)
    assert events[0] == BatchAnswered(1, 2, 0)
    assert outcome(events) == [("offer", 2, A), ("offer", 1, B)]
    for request in (1, 2):
        dispatcher.handle(AcceptOffer(request, 1), 6)
    assert dispatcher.heading(A)[0] == 0
    assert dispatcher.heading(B)[0] == 2
    assert dispatcher.next_wakeup() is None


def test_a_proposal_names_all_stops_of_the_vehicles_that_get_a_rider() -> None:
    _, planner = gathered()
    rows = [codec.to_object(row) for _, _, row in planner.messages(6)]
    assert rows == [
        ProposeStop(1, A, 0, TO_BASE, NOBODY),
        ProposeStop(1, A, 1, PICKUP, 2),
        ProposeStop(1, A, 2, DROPOFF, 2),
        ProposeStop(1, B, 0, TO_BASE, NOBODY),
        ProposeStop(1, B, 1, PICKUP, 1),
        ProposeStop(1, B, 2, DROPOFF, 1),
        ProposePlan(1, 4, 0),
    ]


def test_who_is_left_out_is_refused_with_a_reason() -> None:
    dispatcher = two_cars()
    late = ask(3, 0, 1, 4)  # a second rider at node 0 would have to wait for the visit of the first
    for request in (FIRST, SECOND, replace(late, origin=1001, destination=1000)):
        dispatcher.handle(request, 4)
    planner = Planner(dispatcher)
    planner.hear(dispatcher.handle_batch([(codec.WAKE,)], 5), 5)
    events = answered(dispatcher, planner)
    assert events[0] == BatchAnswered(1, 2, 1)
    assert outcome(events)[-1][::2] == ("refusal", RefusalReason.NO_VEHICLE_IN_TIME)


def test_a_vehicle_that_failed_meanwhile_gets_nobody() -> None:
    dispatcher, planner = gathered()
    dispatcher.handle(VehicleBrokeDown(B, 1004, 0, 0), 5)
    events = answered(dispatcher, planner)
    # Rider 2 has a; rider 1, for whom b was proposed, is answered as if she had asked now.
    assert events[0] == BatchAnswered(1, 1, 1)
    assert outcome(events) == [("offer", 2, A), ("refusal", 1, RefusalReason.NO_VEHICLE_IN_TIME)]


def test_who_asks_while_the_solver_works_waits_for_the_next_batch() -> None:
    dispatcher, planner = gathered()
    dispatcher.handle(ask(3, 3, 4, 6), 6)
    assert 3 not in {request for _, request, _ in outcome(answered(dispatcher, planner))}
    for request in (1, 2):
        dispatcher.handle(AcceptOffer(request, 1), 6)
    assert dispatcher.next_wakeup() == 10
    assert dispatcher.handle(Wake(), 10) == (SolveRequested(10),)


def test_a_rider_may_give_up_before_she_is_answered() -> None:
    dispatcher, planner = gathered()
    assert dispatcher.handle(CancelTrip(1), 5) == (OffersDeclined(1),)
    events = answered(dispatcher, planner)
    assert events[0] == BatchAnswered(1, 1, 0)
    assert outcome(events) == [("offer", 2, A)]


def test_an_incomplete_proposal_answers_nobody() -> None:
    dispatcher, _ = gathered()
    assert dispatcher.handle(ProposePlan(9, 3, 0), 6) == (PlanDropped(9, DropReason.INCOMPLETE),)
    assert sorted(dispatcher.state.gathered) == [1, 2]


def test_an_empty_proposal_lets_the_dispatcher_answer_by_itself() -> None:
    dispatcher, _ = gathered()
    events = dispatcher.handle(ProposePlan(9, 0, 0), 6)
    assert events[0] == BatchAnswered(9, 0, 2)
    assert outcome(list(events)) == [("offer", 1, A), ("refusal", 2, RefusalReason.NO_VEHICLE_IN_TIME)]


def test_a_party_that_no_vehicle_can_carry_is_refused_at_once() -> None:
    crowd: RequestTrip = replace(FIRST, seats=9)
    refused = two_cars().handle(crowd, 4)[-1]
    assert isinstance(refused, TripRefused)
    assert refused.reason == RefusalReason.PARTY_TOO_LARGE


def test_a_policy_and_its_batching_go_together() -> None:
    fleet = (vehicle("a", 0),)
    with pytest.raises(ServiceDefinitionError, match="policy batch without batching; give it with batch"):
        service(fleet, policy="batch")
    with pytest.raises(ServiceDefinitionError, match="policy insertion with batching; give it with batch"):
        service(fleet, batching=Batching())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"every_s": 0}, "batching every_s is 0; give 1 to 3600"),
        ({"delay_s": 3601}, "batching delay_s is 3601; give 0 to 3600"),
    ],
)
def test_figures_of_batching_out_of_range_are_refused(changes: dict[str, int], words: str) -> None:
    with pytest.raises(ServiceDefinitionError, match=f"^{words}$"):
        replace(Batching(), **changes)
