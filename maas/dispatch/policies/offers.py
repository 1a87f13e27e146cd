"""From an insertion to an offer: what is promised, and what it costs."""

from __future__ import annotations

from maas.dispatch.codec import TRIP_OFFERED, Row
from maas.dispatch.fares import fare_yen
from maas.dispatch.tables import DispatchState
from routing.insertion import Insertion

Window = tuple[int, int, int, int]
"""(earliest pickup, latest pickup, latest arrival, longest ride or 0), seconds."""


def promise_of(state: DispatchState, window: Window, found: Insertion) -> tuple[int, int, int]:
    """(earliest, latest pickup, latest arrival) of an offer: around the plan, within the limits."""
    rules = state.service.rules
    earliest, latest_pickup, latest_dropoff, _ = window
    if rules.promise_after_s == 0:
        return earliest, latest_pickup, latest_dropoff
    return (
        max(earliest, found.pickup_s - rules.promise_before_s),
        min(latest_pickup, found.pickup_s + rules.promise_after_s),
        min(latest_dropoff, found.dropoff_s + rules.promise_after_s),
    )


def offer_row(
    state: DispatchState,
    requested: Row,
    command: Row,
    number: int,
    found: Insertion,
    promise: tuple[int, int, int],
    run: int,
    now: int,
) -> Row:
    """The `TripOffered` row of an insertion."""
    seats, chairs, direct_m = requested[6], requested[7], requested[13]
    age_band, is_disabled = command[8], command[11]
    fare = fare_yen(state.service.fares, direct_m, seats + chairs, age_band, bool(is_disabled))
    return (
        TRIP_OFFERED, requested[1], number, found.vehicle, found.pickup_index, found.dropoff_index,
        found.pickup_s, found.dropoff_s, *promise, fare, now + state.service.rules.offer_hold_s, run,
    )  # fmt: skip
