"""What solvers propose, as a journal tells it: plans, and requests that are answered together."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from maas.dispatch import codec
from maas.dispatch.codec import NAME_OF, Row
from maas.domain.values import DropReason
from routing.fleet_tables import PICKUP

_ANSWERS = (codec.TRIP_OFFERED, codec.TRIP_REFUSED, codec.OFFERS_DECLINED)


class ProposalCheck:
    """Follows proposals from their first stop to their end, and requests from gathering to answer.

    Parameters
    ----------
    note
        Called with each thing that is wrong.
    """

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._proposed: dict[int, set[tuple[int, int, int]]] = {}
        self._adopted: set[tuple[int, int, int]] = set()
        self._gathered: set[int] = set()

    def begin(self) -> None:
        """The next record begins."""
        self._adopted = set()

    def end(self, events: Iterable[Row]) -> None:
        """A record with these events is over: who was told, and who was answered?"""
        told = {event[1] for event in events if event[0] == codec.ROUTE_CHANGED}
        for vehicle in sorted({stop[0] for stop in self._adopted} - told):
            self._note(f"vehicle {vehicle} gets another route by an adopted plan without a RouteChanged")
        answered = {event[1]: event[0] for event in events if event[0] in _ANSWERS}
        batch = [event for event in events if event[0] == codec.BATCH_ANSWERED]
        waited = sorted(self._gathered & set(answered))
        for _, proposal, given, others in batch:
            if len(waited) != given + others:
                self._note(f"batch {proposal} answers {len(waited)} requests; it says {given + others}")
        for request in waited if not batch else ():
            if answered[request] != codec.OFFERS_DECLINED:
                self._note(
                    f"{NAME_OF[answered[request]]} of request {request}, which waits for a BatchAnswered"
                )
        self._gathered -= set(answered)

    def waits(self, request: int) -> bool:
        """Whether a request is gathered and not answered."""
        return request in self._gathered

    def gives(self, vehicle: int, request: int) -> bool:
        """Whether a plan adopted in this record lets a vehicle pick a request up."""
        return (vehicle, PICKUP, request) in self._adopted

    def solve_requested(self, event: Row, at: int) -> None:
        if event[1] != at:
            self._note(f"{NAME_OF[event[0]]} names second {event[1]}; it happens at {at} s")

    def stop_proposed(self, event: Row) -> None:
        _, proposal, vehicle, _, kind, request = event
        self._proposed.setdefault(proposal, set()).add((vehicle, kind, request))

    def plan_adopted(self, event: Row) -> None:
        stops = self._proposed.pop(event[1], set())
        if not stops:
            self._note(f"plan {event[1]} is adopted without a stop that was proposed")
        self._adopted |= stops

    def plan_dropped(self, event: Row) -> None:
        if not self._proposed.pop(event[1], None) and event[2] != DropReason.INCOMPLETE:
            self._note(f"plan {event[1]} is dropped, which nobody proposed")

    def gathered(self, event: Row) -> None:
        if event[1] in self._gathered:
            self._note(f"request {event[1]} is gathered twice")
        self._gathered.add(event[1])

    def batch_answered(self, event: Row) -> None:
        stops = self._proposed.pop(event[1], set())
        given = {request for _, kind, request in stops if kind == PICKUP} & self._gathered
        if len(given) < event[2]:
            self._note(
                f"batch {event[1]} gives {event[2]} requests a vehicle; {len(given)} were proposed one"
            )
