"""Kernels that look for the cheapest place of a new trip in one route. Costs are sixteenths of seconds.

`to_s[d, u]` and `from_s[u, d]` are the same seconds u -> d, row-wise for a target and for a source, so that
every look-up of one search lies in four rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from routing._jit import inlined, kernel
from routing._kernels_route_changes import insert_rows
from routing._kernels_routes import anchor, fits, schedule
from routing.fleet_tables import (
    ARRIVE,
    ASK_AS_OF,
    ASK_CHAIRS,
    ASK_DESTINATION,
    ASK_EARLIEST,
    ASK_GUARD,
    ASK_LATEST_DROPOFF,
    ASK_LATEST_PICKUP,
    ASK_NOW,
    ASK_ORIGIN,
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
    CAPACITY_ROWS,
    CHAIRS_AFTER,
    DEPART,
    DWELLING,
    FAR,
    GOAL,
    HOLD_UNTIL,
    KIND,
    LEAVE,
    LEG_FROM,
    NODE,
    NOWHERE,
    READY,
    SEATED,
    SEATED_AFTER,
    SHIFT_END,
    SLACK,
    START,
    STOPS,
    TO_BASE,
    VEHICLE_COLUMNS,
    VISIT,
    VISIT_STOPS,
    WAITED,
    WEIGHT_FROM,
    WHEELCHAIRS,
)

Array = npt.NDArray[Any]


@inlined
def seconds(row: Array, u: int, d: int) -> int:
    """Entry u of a row of travel seconds to (or from) node d, signed: two unsigned entries must not be
    subtracted as such."""
    return np.int64(row[u]) if u != d else 0  # type: ignore[return-value]  # a plain integer to numba


@kernel
def positions(vehicles: Array, stops: Array, v: int) -> tuple[int, int]:
    """(first, last) stop before which a new pickup may stand: behind the present visit, before a drive to
    base."""
    n = vehicles[v, STOPS]
    first = vehicles[v, VISIT_STOPS]
    while n > first and stops[v, n - 1, KIND] == TO_BASE:
        n -= 1
    return first, n


@kernel
def departure(
    vehicles: Array,
    stops: Array,
    to_s: Array,
    next_arc: Array,
    first_out: Array,
    head: Array,
    v: int,
    i: int,
    as_of: int,
    now: int,
) -> tuple[int, int, int, bool]:
    """From where and when route v can leave for a new stop before stop i, told at `as_of`.

    Returns (node, ready, start of the visit there or FAR, is possible).
    """
    if i == 0:
        if vehicles[v, DWELLING] != 0:
            return vehicles[v, LEG_FROM], max(vehicles[v, READY], as_of), FAR, True
        goal = vehicles[v, GOAL]
        leave = vehicles[v, LEAVE]
        if goal != NOWHERE and as_of > now:
            arrival = leave + (to_s[goal, vehicles[v, LEG_FROM]] if goal != vehicles[v, LEG_FROM] else 0)
            if as_of > arrival:
                return goal, arrival, FAR, False
        node, at = anchor(vehicles, to_s, next_arc, first_out, head, v, as_of)
        return node, at, FAR, True
    node = stops[v, i - 1, NODE]
    depart = stops[v, i - 1, DEPART]
    if depart >= as_of:
        return node, depart, stops[v, i - 1, VISIT], True
    if i == vehicles[v, VISIT_STOPS] and as_of == now:
        return node, as_of, FAR, True
    if i == vehicles[v, STOPS]:
        return node, as_of, FAR, True
    x = stops[v, i, NODE]
    leave = stops[v, i, START] - (to_s[x, node] if x != node else 0)
    if leave >= as_of:
        return node, as_of, FAR, True
    return node, as_of, FAR, False


@kernel
def try_exactly(
    vehicles: Array,
    stops: Array,
    capacity: Array,
    to_s: Array,
    v: int,
    slot: int,
    ask: Array,
    before: tuple[int, int],
    origin: tuple[int, int, int],
    drive: int,
    best: Array,
) -> None:
    """Schedule one insertion in a scratch slot; the incumbent is overwritten when (cost, vehicle, i, j) is
    smaller."""
    i, j = before
    for c in range(VEHICLE_COLUMNS):
        vehicles[slot, c] = vehicles[v, c]
    for row in range(CAPACITY_ROWS):
        for c in range(3):
            capacity[slot, row, c] = capacity[v, row, c]
    insert_rows(vehicles, stops, v, slot, ask, before, -1, -1, 0)
    is_feasible, cost = schedule(vehicles, stops, capacity, to_s, slot, i, origin, True, ask[ASK_GUARD])
    if not is_feasible:
        return
    pickup = stops[slot, i, START]
    dropoff = stops[slot, j + 1, START]
    # A new stop stands in the table with a start of -FAR, so that no limit is excused; its cost counts from
    # the wish.
    cost += 16 * drive + ask[ASK_WAIT_WEIGHT] * (-FAR - ask[ASK_WISH])
    if cost < best[BEST_COST] or (
        cost == best[BEST_COST] and (v, i, j) < (best[BEST_VEHICLE], best[BEST_PICKUP], best[BEST_DROPOFF])
    ):
        best[BEST_COST] = cost
        best[BEST_VEHICLE] = v
        best[BEST_PICKUP] = i
        best[BEST_DROPOFF] = j
        best[BEST_PICKUP_AT] = pickup
        best[BEST_DROPOFF_AT] = dropoff


@kernel
def evaluate(
    vehicles: Array,
    stops: Array,
    capacity: Array,
    to_s: Array,
    from_s: Array,
    next_arc: Array,
    first_out: Array,
    head: Array,
    v: int,
    slot: int,
    ask: Array,
    best: Array,
) -> None:
    """Cheapest insertion of the asked trip into route v that beats the incumbent.

    One long function on purpose: calls that pass arrays inside these loops made a search 1.7 times slower.

    Exact figures for driving, bounds in O(1) for the rest (earliest starts, slack, load); only pairs whose
    bound beats the incumbent are scheduled in full. A route that waits nowhere is bounded exactly. Where a
    vehicle waits, a trip that joins a later visit may shorten it, which no bound foresees: fewer than 1 in
    100 cheapest places are missed then.
    """
    o = ask[ASK_ORIGIN]
    d = ask[ASK_DESTINATION]
    now = ask[ASK_NOW]
    as_of = max(ask[ASK_AS_OF], vehicles[v, HOLD_UNTIL])
    seats = ask[ASK_SEATS]
    chairs = ask[ASK_CHAIRS]
    service = ask[ASK_SERVICE]
    wait_weight = ask[ASK_WAIT_WEIGHT]
    to_o = to_s[o]
    to_d = to_s[d]
    from_o = from_s[o]
    from_d = from_s[d]
    direct = to_d[o]
    last = min(ask[ASK_LATEST_PICKUP], ask[ASK_LATEST_DROPOFF] - direct - service)
    begin, n = positions(vehicles, stops, v)
    shift_end = vehicles[v, SHIFT_END]
    base = vehicles[v, BASE]
    home = 0
    if base != NOWHERE:
        home = seconds(from_d, base, d)
    final_waited = stops[v, n - 1, WAITED] if n > 0 else 0
    for i in range(begin, n + 1):
        node, ready, visit, is_possible = departure(
            vehicles, stops, to_s, next_arc, first_out, head, v, i, as_of, now
        )
        if not is_possible:
            continue
        if ready > last and node != o:
            break
        seated = stops[v, i - 1, SEATED_AFTER] if i > 0 else vehicles[v, SEATED]
        aboard = stops[v, i - 1, CHAIRS_AFTER] if i > 0 else vehicles[v, WHEELCHAIRS]
        if not fits(capacity, v, seated + seats, aboard + chairs):
            continue
        reach = seconds(to_o, node, o)
        joins = node == o and visit != FAR and ask[ASK_EARLIEST] <= ready
        if joins:
            at_o = max(visit, ask[ASK_EARLIEST])
            visit_o = visit
            leave_o = max(ready, visit + service)
        else:
            at_o = max(ready + reach, ask[ASK_EARLIEST])
            visit_o = at_o
            leave_o = at_o + service
        if at_o > last:
            continue
        bound = 16 * reach + wait_weight * (at_o - ask[ASK_WISH])
        if i < n:
            # Driving by way of the pickup alone, which rounding may make two seconds too long.
            x = stops[v, i, NODE]
            gap = seconds(to_s[x], node, x)
            after_o = seconds(from_o, x, o)
            if bound + 16 * (after_o - gap - 2) > best[BEST_COST]:
                continue
        elif bound > best[BEST_COST]:
            continue
        # Drop-off right behind the pickup.
        at_d = leave_o + direct
        if i == n:
            if at_d <= ask[ASK_LATEST_DROPOFF] and at_d + service + home <= shift_end:
                drive = reach + direct
                if bound + 16 * direct <= best[BEST_COST]:
                    try_exactly(
                        vehicles,
                        stops,
                        capacity,
                        to_s,
                        v,
                        slot,
                        ask,
                        (i, i),
                        (int(node), int(ready), int(visit)),
                        drive,
                        best,
                    )
            continue
        waits = final_waited - stops[v, i, WAITED] + stops[v, i, START] - stops[v, i, ARRIVE]
        after = seconds(from_d, x, d)
        shift = (at_d if x == d else at_d + service + after) - stops[v, i, ARRIVE]
        drive = reach + direct + after - gap
        if (
            at_d <= ask[ASK_LATEST_DROPOFF]
            and shift - (stops[v, i, START] - stops[v, i, ARRIVE]) <= stops[v, i, SLACK]
        ):
            low = bound + 16 * (direct + after - gap)
            if waits == 0 and shift > 0:
                low += shift * stops[v, i, WEIGHT_FROM]
            if low <= best[BEST_COST]:
                try_exactly(
                    vehicles,
                    stops,
                    capacity,
                    to_s,
                    v,
                    slot,
                    ask,
                    (i, i),
                    (int(node), int(ready), int(visit)),
                    drive,
                    best,
                )
        # Drop-off further back.
        shift = (visit_o if x == o else leave_o + after_o) - stops[v, i, ARRIVE]
        pushed = max(0, shift - (stops[v, i, START] - stops[v, i, ARRIVE]))
        if pushed > stops[v, i, SLACK]:
            continue
        reach_drive = reach + after_o - gap
        base_bound = bound + 16 * (after_o - gap)
        for j in range(i + 1, n + 1):
            p = j - 1
            if not fits(capacity, v, stops[v, p, SEATED_AFTER] + seats, stops[v, p, CHAIRS_AFTER] + chairs):
                break
            absorbed = stops[v, p, WAITED] - stops[v, i, WAITED]
            delay = max(0, pushed - absorbed)
            y = stops[v, p, NODE]
            reach_d = seconds(to_d, y, d)
            if y == d and stops[v, p, KIND] < BREAK:
                at_d = stops[v, p, VISIT] + delay
                leave_d = stops[v, p, DEPART] + delay
            else:
                at_d = stops[v, p, DEPART] + delay + reach_d
                leave_d = at_d + service
            if at_d > ask[ASK_LATEST_DROPOFF]:
                if stops[v, p, DEPART] + delay > ask[ASK_LATEST_DROPOFF]:
                    break
                continue
            if j == n:
                if leave_d + home > shift_end:
                    continue
                low = base_bound + 16 * reach_d
                if waits == 0 and pushed > 0:
                    low += pushed * stops[v, i, WEIGHT_FROM]
                if low <= best[BEST_COST]:
                    try_exactly(
                        vehicles,
                        stops,
                        capacity,
                        to_s,
                        v,
                        slot,
                        ask,
                        (i, j),
                        (int(node), int(ready), int(visit)),
                        reach_drive + reach_d,
                        best,
                    )
                continue
            z = stops[v, j, NODE]
            after_d = seconds(from_d, z, d)
            between = seconds(to_s[z], y, z)
            shift_j = (at_d if z == d else leave_d + after_d) - stops[v, j, ARRIVE]
            if shift_j - (stops[v, j, START] - stops[v, j, ARRIVE]) > stops[v, j, SLACK]:
                continue
            extra = reach_d + after_d - between
            low = base_bound + 16 * extra
            if waits == 0:
                low += max(0, pushed) * (stops[v, i, WEIGHT_FROM] - stops[v, j, WEIGHT_FROM])
                low += max(0, shift_j) * stops[v, j, WEIGHT_FROM]
            if low <= best[BEST_COST]:
                try_exactly(
                    vehicles,
                    stops,
                    capacity,
                    to_s,
                    v,
                    slot,
                    ask,
                    (i, j),
                    (int(node), int(ready), int(visit)),
                    reach_drive + extra,
                    best,
                )
