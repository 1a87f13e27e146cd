"""Kernels of the insertion into one route: where a new rider fits best.

Columns are named in `fleet_tables.py`. Costs are sixteenths of seconds: driving and dwell added, weighted
waits and rides of everybody whose times change. Bounds hold where every visit lasts 2 s or more, so that
rounded travel times cannot make a detour shorter than the way itself, and where a second of riding weighs no
more than one of waiting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from routing._jit import bare_inlined, bare_kernel
from routing._kernels_bounds import detour_onward, is_too_early
from routing._kernels_places import (
    departure,
    has_open_offers,
    keeps_offers,
    last_place,
    learns_at,
    may_follow,
)
from routing._kernels_routes import fits, meet, pickup_of, schedule, seconds, seconds_from, visit_end
from routing._kernels_rows import comes_at, copy_capacity, copy_vehicle, insert_rows
from routing.fleet_tables import (
    ASK_CHAIRS,
    ASK_DESTINATION,
    ASK_EARLIEST,
    ASK_GUARD,
    ASK_IDLE_WEIGHT,
    ASK_LATEST_DROPOFF,
    ASK_LATEST_PICKUP,
    ASK_NOW,
    ASK_ORIGIN,
    ASK_RIDE_WEIGHT,
    ASK_SEATS,
    ASK_SERVICE,
    ASK_WAIT_WEIGHT,
    ASK_WISH,
    BASE,
    BEST_COST,
    BEST_DROPOFF,
    BEST_DROPOFF_AT,
    BEST_PICKUP,
    BEST_PICKUP_AT,
    BEST_VEHICLE,
    BREAK,
    CHAIRS_AFTER,
    CLOSED_S,
    COMES,
    DEPART,
    DRIVE,
    DROPOFF,
    EARLIEST,
    FAR,
    HOME_AT,
    KIND,
    LATEST,
    MAX_RIDE,
    NODE,
    NOWHERE,
    PICKUP,
    RAISED,
    SEATED,
    SEATED_AFTER,
    SERVICE,
    SHIFT_END,
    SLACK,
    START,
    STOPS,
    TRIAL_ROW,
    VISIT,
    VISIT_STOPS,
    WAITED,
    WEIGHT_FROM,
    WHEELCHAIRS,
    Gate,
    Lead,
    Point,
    wide,
)

if TYPE_CHECKING:
    from routing.fleet_tables import FleetArrays
    from routing.travel_times import TravelTables

Array = npt.NDArray[Any]


@bare_kernel
def loosen(fleet: FleetArrays, v: int, trial: int, i: int, j: int, guard: int) -> None:
    """Limits of a trial: what is late already in route v may stay as late, and no later; `guard` seconds stay
    free."""
    vehicles, stops, capacity = fleet
    n = vehicles[trial, STOPS]
    for k in range(n):
        stops[trial, k, LATEST] = max(stops[trial, k, LATEST] - guard, stops[trial, k, START])
    for k in range(n - 2):
        if stops[v, k, KIND] == DROPOFF and stops[v, k, MAX_RIDE] > 0:
            p = pickup_of(stops, v, k)
            if p >= 0:
                m = k + (1 if k >= i else 0) + (1 if k >= j else 0)
                ride = stops[v, k, START] - visit_end(stops, v, p, n - 2)
                stops[trial, m, MAX_RIDE] = max(stops[v, k, MAX_RIDE], ride)
    vehicles[trial, SHIFT_END] = max(vehicles[v, SHIFT_END] - guard, vehicles[v, HOME_AT])
    copy_capacity(capacity, v, trial)


@bare_kernel
def try_exactly(
    fleet: FleetArrays,
    travel: TravelTables,
    ask: Array,
    v: int,
    name: int,
    i: int,
    j: int,
    point: Point,
    drive: int,
    best: Array,
) -> None:
    """Schedule one insertion into route v in a scratch row; the incumbent is overwritten when (cost, name, i,
    j) is smaller.

    `drive` is the driving it adds: so much as leads through a closed road is none. Pickups before stop i
    whose end the driver can still be told may begin later.
    """
    if drive >= CLOSED_S:
        return
    vehicles, stops, _ = fleet
    trial = vehicles.shape[0] - TRIAL_ROW
    copy_vehicle(vehicles, v, trial)
    insert_rows(fleet, v, trial, ask, i, j, 0, 0)
    loosen(fleet, v, trial, i, j, ask[ASK_GUARD])
    now = ask[ASK_NOW]
    as_of = learns_at(fleet, ask, v)
    frozen = wide(vehicles[v, VISIT_STOPS])
    while as_of > now and frozen < i and stops[v, frozen, DEPART] <= as_of:
        frozen += 1
    gate = Gate(i, as_of, as_of if as_of == now else as_of + 1)
    is_feasible, cost = schedule(fleet, travel, trial, wide(i), point, gate, frozen, True)
    if not is_feasible:
        return
    # A new stop stands in the table with a start of -FAR; its cost counts from the wish.
    cost += 16 * drive + ask[ASK_WAIT_WEIGHT] * (-FAR - ask[ASK_WISH])
    there = point.ready + seconds(travel, point.node, ask[ASK_ORIGIN])
    cost += ask[ASK_IDLE_WEIGHT] * max(0, stops[trial, i, START] - there)
    is_tie = cost == best[BEST_COST] and (name, i, j) < (
        best[BEST_VEHICLE],
        best[BEST_PICKUP],
        best[BEST_DROPOFF],
    )
    if cost < best[BEST_COST] or is_tie:
        best[BEST_COST] = cost
        best[BEST_VEHICLE] = name
        best[BEST_PICKUP] = i
        best[BEST_DROPOFF] = j
        best[BEST_PICKUP_AT] = stops[trial, i, START]
        best[BEST_DROPOFF_AT] = stops[trial, j + 1, START]


@bare_inlined
def still(lag: int, absorbed: int) -> int:
    """What is left at least of a push of `lag` seconds after `absorbed` seconds of waiting."""
    return max(0, lag - absorbed) if lag > 0 else lag


@bare_inlined
def follow(stops: Array, v: int, k: int, point: Point, drive: int) -> tuple[int, int, int, int]:
    """(arrive, start, depart, start of the visit) of stop k of route v if it comes after `point`."""
    raised = wide(stops[v, k, RAISED])
    return meet(
        point,
        wide(stops[v, k, NODE]),
        stops[v, k, KIND],
        max(wide(stops[v, k, EARLIEST]), raised),
        max(wide(stops[v, k, COMES]), raised),
        wide(stops[v, k, SERVICE]),
        drive,
    )


@bare_inlined
def consider(
    fleet: FleetArrays,
    travel: TravelTables,
    ask: Array,
    v: int,
    name: int,
    i: int,
    j: int,
    n: int,
    point: Point,
    lead: Lead,
    best: Array,
) -> None:
    """Try a drop-off before stop j if nothing rules it out in O(1); `lead` says how the vehicle leaves for
    it.

    Ruled out is what surely comes too late, pushes stop j by more than its slack, or surely costs more than
    the incumbent.
    """
    vehicles, stops, _ = fleet
    d = ask[ASK_DESTINATION]
    service = ask[ASK_SERVICE]
    reach = seconds(travel, lead.node, d)
    before = Point(lead.node, lead.ready, lead.visit)
    _, start, leave, visit = meet(before, d, DROPOFF, -FAR, -FAR, service, reach)
    if start > ask[ASK_LATEST_DROPOFF] - ask[ASK_GUARD]:
        return
    drive = lead.drive + reach
    cost = lead.cost + ask[ASK_RIDE_WEIGHT] * max(0, start - lead.start)
    has_visit = not (lead.node == d and lead.visit != FAR)
    if j == n:
        home = leave
        if vehicles[v, BASE] != NOWHERE:
            home += seconds_from(travel, d, vehicles[v, BASE])
        if home > max(vehicles[v, SHIFT_END] - ask[ASK_GUARD], vehicles[v, HOME_AT]):
            return
    else:
        z = wide(stops[v, j, NODE])
        drive += seconds_from(travel, d, z) - (
            stops[v, j, DRIVE] if j > 0 else seconds(travel, point.node, z)
        )
        _, begin, end, _ = follow(stops, v, j, Point(d, leave, visit), seconds_from(travel, d, z))
        if z == d and stops[v, j, KIND] < BREAK:
            has_visit = False
        lag = min(begin - stops[v, j, START], end - stops[v, j, DEPART])
        if lag > stops[v, j, SLACK]:
            return
        cost += wide(stops[v, j, WEIGHT_FROM]) * still(lag, stops[v, n - 1, WAITED] - stops[v, j, WAITED])
    cost += 16 * drive + (16 * service if has_visit else 0)
    if cost <= best[BEST_COST]:
        try_exactly(fleet, travel, ask, v, name, i, j, point, drive, best)


@bare_inlined
def evaluate_behind(
    fleet: FleetArrays,
    travel: TravelTables,
    ask: Array,
    v: int,
    name: int,
    i: int,
    n: int,
    point: Point,
    picked: Lead,
    ride: int,
    best: Array,
) -> None:
    """Cheapest drop-off behind stop i for a pickup right before it, which `picked` describes.

    Behind stop i its push is bounded from below by what waiting may absorb.
    """
    _, stops, capacity = fleet
    x = wide(stops[v, i, NODE])
    after = seconds_from(travel, picked.node, x)
    point_o = Point(picked.node, picked.ready, picked.visit)
    _, start, depart, visit = follow(stops, v, i, point_o, after)
    delay = depart - stops[v, i, DEPART]
    lag = min(start - stops[v, i, START], delay)
    if stops[v, i, KIND] < BREAK:
        # A pickup that is raised may come to share a visit that it does not share yet.
        visit = picked.visit if x == picked.node else visit
        lag = min(lag, visit - stops[v, i, VISIT])
    if lag > stops[v, i, SLACK]:
        return
    drive = picked.drive + detour_onward(stops, travel, v, i, point, picked.node)
    cost = picked.cost
    pushed = stops[v, i, WEIGHT_FROM] * still(lag, stops[v, n - 1, WAITED] - stops[v, i, WAITED])
    if cost + 16 * drive + pushed + ride > best[BEST_COST]:
        return
    for j in range(i + 1, n + 1):
        p = j - 1
        seated = wide(stops[v, p, SEATED_AFTER]) + ask[ASK_SEATS]
        if not fits(capacity, v, seated, wide(stops[v, p, CHAIRS_AFTER]) + ask[ASK_CHAIRS]):
            return
        absorbed = wide(stops[v, p, WAITED]) - stops[v, i, WAITED]
        ready = stops[v, p, DEPART] + still(delay, absorbed)
        begun = wide(FAR)
        if stops[v, p, VISIT] != FAR:
            begun = stops[v, p, VISIT] + still(lag, absorbed)
        weight = wide(stops[v, i, WEIGHT_FROM]) - (stops[v, j, WEIGHT_FROM] if j < n else 0)
        lead = Lead(
            wide(stops[v, p, NODE]),
            ready,
            begun,
            picked.start,
            drive,
            cost + weight * still(lag, absorbed),
        )
        consider(fleet, travel, ask, v, name, i, j, n, point, lead, best)
        if ready > ask[ASK_LATEST_DROPOFF]:
            return


@bare_kernel
def evaluate(fleet: FleetArrays, travel: TravelTables, ask: Array, v: int, name: int, best: Array) -> None:
    """Cheapest insertion of the asked trip into route v, known as vehicle `name`, that beats the
    incumbent."""
    vehicles, stops, capacity = fleet
    o = ask[ASK_ORIGIN]
    now = ask[ASK_NOW]
    as_of = learns_at(fleet, ask, v)
    latest = ask[ASK_LATEST_PICKUP] - ask[ASK_GUARD]
    direct = seconds(travel, o, ask[ASK_DESTINATION])
    ride = ask[ASK_RIDE_WEIGHT] * direct
    n = last_place(fleet, v)
    is_shared = has_open_offers(fleet, ask, v)
    comes = comes_at(ask) + ask[ASK_SERVICE]
    first = wide(vehicles[v, VISIT_STOPS])
    while first < n and is_too_early(stops, v, first, o, comes):
        first += 1
    for i in range(first, n + 1):
        if is_shared and not keeps_offers(fleet, travel, ask, v, i, as_of):
            if i < n or not may_follow(fleet, travel, ask, v, n, as_of):
                continue
        point, is_possible = departure(fleet, travel, v, i, n, as_of, now)
        if not is_possible:
            continue
        reach = seconds(travel, point.node, o)
        _, start, leave, visit = meet(
            point, o, PICKUP, ask[ASK_EARLIEST], comes_at(ask), ask[ASK_SERVICE], reach
        )
        cost = ask[ASK_WAIT_WEIGHT] * (start - ask[ASK_WISH])
        cost += ask[ASK_IDLE_WEIGHT] * max(0, start - point.ready - reach)
        if point.ready > latest and start > latest:
            return
        if start > latest or leave + direct > ask[ASK_LATEST_DROPOFF]:
            continue
        alone = cost
        if point.node == o and point.visit != FAR:
            # As above: bounds of a visit that may come to be shared.
            visit = point.visit
        else:
            alone += 16 * ask[ASK_SERVICE]
        # Where stop i is at the same place, the new rider may cost no time of her own.
        is_same = i < n and stops[v, i, NODE] == o and stops[v, i, KIND] < BREAK
        picked = Lead(o, leave, visit, start, reach, cost if is_same else alone)
        detour = reach + (detour_onward(stops, travel, v, i, point, o) if i < n else direct)
        if picked.cost + 16 * detour + ride > best[BEST_COST]:
            continue
        seated = wide(stops[v, i - 1, SEATED_AFTER] if i > 0 else vehicles[v, SEATED]) + ask[ASK_SEATS]
        chairs = wide(stops[v, i - 1, CHAIRS_AFTER] if i > 0 else vehicles[v, WHEELCHAIRS]) + ask[ASK_CHAIRS]
        if not fits(capacity, v, seated, chairs):
            continue
        consider(
            fleet, travel, ask, v, name, i, i, n, point, Lead(o, leave, visit, start, reach, alone), best
        )
        if i < n:
            evaluate_behind(fleet, travel, ask, v, name, i, n, point, picked, ride, best)
