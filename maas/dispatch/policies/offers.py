"""From an insertion to an offer, and from a request without one to a refusal that says what would have
worked."""

from __future__ import annotations

from maas.dispatch.asking import fill_ask
from maas.dispatch.codec import TRIP_OFFERED, TRIP_REFUSED, Row
from maas.dispatch.fares import fare_yen
from maas.dispatch.tables import DispatchState
from maas.domain.values import RefusalReason
from routing.fleet_tables import ASK_WAIT_WEIGHT, IN_SERVICE, NOBODY
from routing.insertion import Insertion, new_ask

LATER_LIMIT_S = 4 * 3600
"""How much later a refusal looks for a trip that would have worked."""

OTHER_PLACES = 3
"""How many other pickup places a refusal tries."""

_IMPATIENT = 16 * 64

Window = tuple[int, int, int, int]


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


def refusal_row(
    requested: Row,
    reason: RefusalReason,
    later_s: int = 0,
    other: tuple[int, int] | None = None,
    vehicles_missing: int = 0,
) -> Row:
    """The `TripRefused` row; `other` = (place, metres) of a pickup place that would have worked."""
    # Without another place the row names the origin at a distance of nothing: every place column holds a real
    # place.
    place, walk_m = other if other is not None else (requested[2], 0)
    return (TRIP_REFUSED, requested[1], int(reason), later_s, place, walk_m, vehicles_missing)


def explained_refusal(state: DispatchState, requested: Row, now: int) -> Row:
    """Why no vehicle comes in time, and the smallest changes that would have worked: later, from elsewhere,
    with one more vehicle."""
    _, _, origin, destination, _, _, seats, chairs, *window_columns, direct_s, _ = requested
    earliest, latest_pickup, latest_dropoff, ride = window_columns
    window = (earliest, latest_pickup, latest_dropoff, ride)
    party = (seats, chairs)
    hold = state.service.rules.offer_hold_s
    if not fits_some_vehicle(state, seats, chairs):
        return refusal_row(requested, RefusalReason.PARTY_TOO_LARGE)
    ask = new_ask()
    relaxed = (earliest, latest_pickup + LATER_LIMIT_S, latest_dropoff + LATER_LIMIT_S, ride)
    fill_ask(ask, state.service, (requested[1], origin, destination), relaxed, party, now, hold)
    ask[ASK_WAIT_WEIGHT] = _IMPATIENT
    found = state.routes.search(ask)
    later = 0
    if found is not None:
        later = max(found.pickup_s - latest_pickup, found.dropoff_s - latest_dropoff, 0)
    other = _other_pickup(state, origin, destination, window, party, now)
    reason = RefusalReason.NO_VEHICLE_IN_TIME
    if not _some_shift_covers(state, earliest, latest_dropoff):
        reason = RefusalReason.OUTSIDE_HOURS
    missing = int(_base_reaches(state, origin, destination, window, direct_s, now + hold))
    return refusal_row(requested, reason, later, other, missing)


def fits_some_vehicle(state: DispatchState, seats: int, chairs: int) -> bool:
    """Whether any vehicle of the fleet could carry the party alone."""
    rows = state.routes.tables.capacity[: state.routes.tables.size]
    load = rows[:, :, 0] * seats + rows[:, :, 1] * chairs
    return bool((load <= rows[:, :, 2]).all(axis=1).any())


def _some_shift_covers(state: DispatchState, earliest: int, latest: int) -> bool:
    return any(v.start_s <= latest and earliest <= v.end_s for v in state.service.vehicles)


def _base_reaches(
    state: DispatchState, origin: int, destination: int, window: Window, direct_s: int, leave: int
) -> bool:
    """Whether one more vehicle, waiting at a base during a shift, would have served the request alone."""
    earliest, latest_pickup, latest_dropoff, _ = window
    for vehicle, base in zip(state.service.vehicles, state.bases, strict=True):
        drive = state.routes.drive_s(base, origin)
        at = max(max(leave, vehicle.start_s) + drive, earliest)
        done = at + state.service.rules.stop_s + direct_s
        if at <= latest_pickup and done <= latest_dropoff and done <= vehicle.end_s:
            return True
    return False


def _other_pickup(
    state: DispatchState, origin: int, destination: int, window: Window, party: tuple[int, int], now: int
) -> tuple[int, int] | None:
    """(node, metres) of the nearest other stop from which the request would have been served."""
    stops = state.zones.get("stops")
    if stops is None:
        return None
    near = state.routes.nearest_of(origin, stops, OTHER_PLACES + 1)
    ask = new_ask()
    for node in near:
        if node in (origin, destination):
            continue
        fill_ask(
            ask,
            state.service,
            (NOBODY, node, destination),
            window,
            party,
            now,
            state.service.rules.offer_hold_s,
        )
        if state.routes.search(ask) is not None:
            return node, state.routes.direct(origin, node)[1]
    return None


def in_service(state: DispatchState, vehicle: int) -> bool:
    """Whether a vehicle has not failed."""
    return bool(state.routes.tables.vehicles[vehicle, IN_SERVICE])
