"""A request without an offer: the reason, and the smallest changes that would have worked."""

from __future__ import annotations

from maas.dispatch.asking import fill_ask, limits, service_s
from maas.dispatch.codec import TRIP_REFUSED, Row
from maas.dispatch.policies.offers import Window
from maas.dispatch.tables import DispatchState
from maas.domain.values import RefusalReason
from routing.fleet_tables import ASK_WAIT_WEIGHT, NOBODY
from routing.insertion import Insertion, RouteBook, new_ask

LATER_LIMIT_S = 4 * 3600
"""How much later a refusal looks for a trip that would have worked."""

LATER_STEPS_S = (0, 60, 120, 300, 600, 900, 1800, 3600)
"""What is added to the first guess of how much later, until asking again would work."""

OTHER_PLACES = 3
"""How many other pickup places a refusal tries."""

IMPATIENT_16 = 16 * 64
"""Weight of a wait so large that the earliest pickup is the cheapest."""


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
    if not fits_some_vehicle(state, requested[6], requested[7]):
        return refusal_row(requested, RefusalReason.PARTY_TOO_LARGE)
    earliest, latest_pickup, latest_dropoff, ride = requested[8:12]
    window = (earliest, latest_pickup, latest_dropoff, ride)
    reason = RefusalReason.NO_VEHICLE_IN_TIME
    if not _some_shift_covers(state, earliest, latest_dropoff):
        reason = RefusalReason.OUTSIDE_HOURS
    later = _later(state, requested, window, now)
    missing = one_more_would_do(state, requested, window, now)
    return refusal_row(requested, reason, later, _other_pickup(state, requested, now), int(missing))


def fits_some_vehicle(state: DispatchState, seats: int, chairs: int) -> bool:
    """Whether any vehicle of the fleet could carry the party alone."""
    rows = state.routes.tables.capacity[: state.routes.tables.size]
    load = rows[:, :, 0] * seats + rows[:, :, 1] * chairs
    return bool((load <= rows[:, :, 2]).all(axis=1).any())


def one_more_would_do(state: DispatchState, requested: Row, window: Window, now: int) -> bool:
    """Whether one more vehicle like one of the fleet, idle until now, would have served the request."""
    return _found(state, state.idle.at(now, state.routes.travel), requested, window, now) is not None


def _found(
    state: DispatchState,
    routes: RouteBook,
    requested: Row,
    window: Window,
    now: int,
    *,
    origin: int | None = None,
    wait_16: int | None = None,
) -> Insertion | None:
    """The best place among routes for the request under other limits."""
    ask = new_ask()
    ends = (NOBODY, requested[2] if origin is None else origin, requested[3])
    fill_ask(
        ask, state.service, ends, window, (requested[6], requested[7]), now, state.service.rules.offer_hold_s
    )
    if wait_16 is not None:
        ask[ASK_WAIT_WEIGHT] = wait_16
    return routes.search(ask)


def _some_shift_covers(state: DispatchState, earliest: int, latest: int) -> bool:
    return any(v.start_s <= latest and earliest <= v.end_s for v in state.service.vehicles)


def _later(state: DispatchState, requested: Row, window: Window, now: int) -> int:
    """How much later the same trip would find a vehicle, 0 for not within `LATER_LIMIT_S`."""
    earliest, latest_pickup, latest_dropoff, ride = window
    relaxed = (earliest, latest_pickup + LATER_LIMIT_S, latest_dropoff + LATER_LIMIT_S, ride)
    found = _found(state, state.routes, requested, relaxed, now, wait_16=IMPATIENT_16)
    if found is None:
        return 0
    guard = 1 if state.service.rules.offer_hold_s else 0
    guess = max(found.pickup_s + guard - latest_pickup, found.dropoff_s + guard - latest_dropoff, 1)
    for step in LATER_STEPS_S:
        later = guess + step
        moved = (earliest + later, latest_pickup + later, latest_dropoff + later, ride)
        if _found(state, state.routes, requested, moved, now) is not None:
            return later
    return 0


def _other_pickup(state: DispatchState, requested: Row, now: int) -> tuple[int, int] | None:
    """(node, metres) of the nearest other stop from which the request would have been served."""
    stops = state.zones.get("stops")
    if stops is None:
        return None
    _, _, origin, destination, time_kind, wish, _, chairs, *_ = requested
    rules = state.service.rules
    for node in state.routes.nearest_of(origin, stops, OTHER_PLACES + 1):
        if node in (origin, destination):
            continue
        direct_s, _ = state.routes.direct(node, destination)
        window = limits(rules, time_kind, wish, direct_s, service_s(rules, chairs))
        if rules.notice_min_s and window[1] < now + rules.notice_min_s:
            continue
        if _found(state, state.routes, requested, window, now, origin=node) is not None:
            return node, state.routes.direct(origin, node)[1]
    return None
