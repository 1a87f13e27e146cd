"""What a journal shows to be wrong about the proposals of solvers, by itself."""

from __future__ import annotations

from maas.domain.commands import Wake
from maas.domain.events import (
    BatchAnswered,
    Event,
    OffersDeclined,
    PlanAdopted,
    PlanDropped,
    RouteChanged,
    SolveRequested,
    StopProposed,
    TripGathered,
    TripReassigned,
    TripRefused,
)
from maas.domain.values import DropReason, RefusalReason
from tests.store_tests.journals import EIGHT, Day, offer
from tests.store_tests.test_journal_check import PROMISE, after, findings, one_trip


def swapped(*events: Event) -> list[str]:
    """Findings of a day on which request 1 is booked in vehicle 0 and vehicle 1 is proposed for it."""
    day = Day().ask(EIGHT, 1, 1, 3, offer(1, 0, PROMISE)).book(EIGHT, 1, 0, PROMISE)
    day.hear(EIGHT + 10, Wake(), SolveRequested(EIGHT + 10))
    for vehicle, position, kind, request in ((0, 0, 3, -1), (1, 0, 3, -1), (1, 1, 1, 1), (1, 2, 0, 1)):
        day.hear(EIGHT + 11, Wake(), StopProposed(4, vehicle, position, kind, request))
    return findings(day.hear(EIGHT + 11, Wake(), *events))


TOLD = (RouteChanged(0, 2, 0, 0), RouteChanged(1, 1, 0, 0))


def test_a_booking_changes_its_vehicle_by_an_adopted_plan() -> None:
    assert swapped(PlanAdopted(4, 60), TripReassigned(1, 0, 1), *TOLD) == []
    assert swapped(PlanDropped(4, DropReason.LIMIT_MISSED)) == []
    assert swapped(TripReassigned(1, 0, 1)) == [
        "record 8: request 1 goes to vehicle 1 without a plan adopted that says so"
    ]
    assert swapped(PlanAdopted(4, 60), TripReassigned(1, 1, 1), *TOLD) == [
        "record 8: TripReassigned of request 1 names vehicle 1; its vehicle is 0"
    ]


def test_a_plan_is_adopted_or_dropped_once_after_its_stops() -> None:
    assert swapped(PlanAdopted(5, 60)) == ["record 8: plan 5 is adopted without a stop that was proposed"]
    assert swapped(PlanDropped(5, DropReason.FLEET_MOVED_ON)) == [
        "record 8: plan 5 is dropped, which nobody proposed"
    ]
    assert swapped(PlanDropped(5, DropReason.INCOMPLETE)) == []
    dropped = PlanDropped(4, DropReason.LIMIT_MISSED)
    assert swapped(dropped, dropped) == ["record 8: plan 4 is dropped, which nobody proposed"]


def test_every_driver_of_an_adopted_plan_is_told() -> None:
    assert swapped(PlanAdopted(4, 60), TripReassigned(1, 0, 1), *TOLD[:1]) == [
        "record 8: vehicle 1 gets another route by an adopted plan without a RouteChanged"
    ]


def test_a_solve_names_its_own_second() -> None:
    assert after(Day(), SolveRequested(EIGHT)) == [
        f"record 1: SolveRequested names second {EIGHT}; it happens at {EIGHT + 1_000} s"
    ]


def batched(*events: Event, stops: bool = True) -> list[str]:
    """Findings of a day on which requests 1 and 2 wait, vehicle 0 is proposed for the first, then this."""
    day = Day().ask(EIGHT, 1, 1, 3, TripGathered(1, 0, 0)).ask(EIGHT, 2, 1, 3, TripGathered(2, 0, 0))
    for position, kind, request in ((0, 3, -1), (1, 1, 1), (2, 0, 1)) if stops else ():
        day.hear(EIGHT + 1, Wake(), StopProposed(4, 0, position, kind, request))
    return findings(day.hear(EIGHT + 1, Wake(), *events))


REFUSED = TripRefused(2, RefusalReason.NO_VEHICLE_IN_TIME, 0, 1, 0, 0)


def test_gathered_requests_are_answered_by_their_batch() -> None:
    assert batched(BatchAnswered(4, 1, 1), offer(1, 0, PROMISE), REFUSED) == []
    assert batched(OffersDeclined(2)) == []
    assert batched(REFUSED) == ["record 6: TripRefused of request 2, which waits for a BatchAnswered"]
    assert batched(BatchAnswered(4, 1, 1), REFUSED) == ["record 6: batch 4 answers 1 requests; it says 2"]
    assert batched(BatchAnswered(4, 1, 1), offer(1, 0, PROMISE), REFUSED, stops=False) == [
        "record 3: batch 4 gives 1 requests a vehicle; 0 were proposed one"
    ]


def test_a_request_is_gathered_once_before_it_is_answered() -> None:
    again = TripGathered(1, 0, 0)
    assert batched(again) == ["record 6: request 1 is gathered twice"]
    assert after(one_trip(), again, at=EIGHT + 61)[0] == (
        "record 4: TripGathered of request 1, which is booked"
    )
    assert after(Day(), again) == ["record 1: TripGathered names request 1, which nobody asked"]
