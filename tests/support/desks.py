"""A dispatcher on a line of five nodes, and short words for what is said to it.

The line has nodes 0-1-2-3-4 (place_ids 1000-1004), 10 s and 100 m between neighbours; visits last 60 s.
"""

from __future__ import annotations

from dataclasses import replace

from maas.dispatch.dispatcher import Dispatcher
from maas.domain.commands import AcceptOffer, RequestTrip
from maas.domain.events import Event, TripOffered, TripRefused
from tests.builders import line_network
from tests.support.services import RULES, desk, service, vehicle


def ask(request: int, origin: int, destination: int, wish_s: int, **changes: int) -> RequestTrip:
    """One seated adult by app; nodes, not places."""
    made = RequestTrip(
        request=request, origin=1000 + origin, destination=1000 + destination, time_kind=0, wish_s=wish_s,
        seats=1, wheelchairs=0, age_band=1, channel=1, area=0, is_disabled=0, is_resident=1, purpose=0,
    )  # fmt: skip
    return replace(made, **changes)


def one_car(**changes: object) -> Dispatcher:
    rules = replace(RULES, **changes)  # type: ignore[arg-type]
    return desk(line_network(), service((vehicle("a", 0),), rules))


def offers_of(events: tuple[Event, ...]) -> list[TripOffered]:
    return [event for event in events if isinstance(event, TripOffered)]


def refusal_of(events: tuple[Event, ...]) -> TripRefused:
    (refused,) = (event for event in events if isinstance(event, TripRefused))
    return refused


def booked(dispatcher: Dispatcher, command: RequestTrip, now: int) -> tuple[Event, ...]:
    dispatcher.handle(command, now)
    return dispatcher.handle(AcceptOffer(command.request, 1), now)
