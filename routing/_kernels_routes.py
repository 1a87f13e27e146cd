"""Kernels over one route: where its vehicle is, when it does what, and what may still be pushed.

Columns are named in `fleet_tables.py`. `to_s[d, u]` are the seconds u -> d.
"""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from routing._jit import inlined, kernel
from routing.fleet_tables import (
    ARRIVE,
    BASE,
    BREAK,
    CAPACITY_ROWS,
    CHAIRS,
    CHAIRS_AFTER,
    DEPART,
    DROPOFF,
    DWELL,
    DWELLING,
    EARLIEST,
    EXPIRES,
    FAR,
    GOAL,
    HOLD_UNTIL,
    KIND,
    LATEST,
    LEAVE,
    LEG_FROM,
    MAX_RIDE,
    MEMO_AT,
    MEMO_NODE,
    NODE,
    NOWHERE,
    OFFER,
    PICKUP,
    PLAN_END,
    RAISED,
    READY,
    REQUEST,
    RESTING,
    SEATED,
    SEATED_AFTER,
    SEATS,
    SERVICE,
    SERVING,
    SHIFT_END,
    SLACK,
    START,
    STOPS,
    TO_BASE,
    VISIT,
    VISIT_START,
    VISIT_STOPS,
    WAIT_WEIGHT,
    WAITED,
    WEIGHT_FROM,
    WHEELCHAIRS,
)

Array = npt.NDArray[Any]


@inlined
def anchor(
    vehicles: Array, to_s: Array, next_arc: Array, first_out: Array, head: Array, v: int, as_of: int
) -> tuple[int, int]:
    """First node and second at which vehicle v can turn at or after `as_of`, on its present leg."""
    goal = vehicles[v, GOAL]
    leave = vehicles[v, LEAVE]
    if goal == NOWHERE or as_of <= leave:
        return vehicles[v, LEG_FROM], max(vehicles[v, READY], as_of)
    leg_from = vehicles[v, LEG_FROM]
    node = vehicles[v, MEMO_NODE]
    at = vehicles[v, MEMO_AT]
    if at > as_of:
        node = leg_from
        at = leave
    while at < as_of and node != goal:
        node = head[first_out[node] + next_arc[goal, node]]
        at = leave + to_s[node, leg_from]
    if at >= as_of or node == goal:
        return node, max(at, as_of)
    return node, at


@inlined
def remember(
    vehicles: Array, to_s: Array, next_arc: Array, first_out: Array, head: Array, v: int, now: int
) -> None:
    """Move the memo of vehicle v to the last node passed before `now`, so that the next look-up walks on from
    there."""
    goal = vehicles[v, GOAL]
    leave = vehicles[v, LEAVE]
    if goal == NOWHERE or now <= leave:
        return
    leg_from = vehicles[v, LEG_FROM]
    node = vehicles[v, MEMO_NODE]
    while node != goal:
        further = head[first_out[node] + next_arc[goal, node]]
        at = leave + to_s[further, leg_from]
        if at >= now:
            break
        node = further
        vehicles[v, MEMO_NODE] = node
        vehicles[v, MEMO_AT] = at


@inlined
def fits(capacity: Array, v: int, seated: int, chairs: int) -> bool:
    """Whether a load fits into vehicle v."""
    for row in range(CAPACITY_ROWS):
        if capacity[v, row, 0] * seated + capacity[v, row, 1] * chairs > capacity[v, row, 2]:
            return False
    return True


@inlined
def pickup_of(stops: Array, v: int, k: int) -> int:
    """Position of the pickup that belongs to the drop-off at position k, or -1 when its rider is on board."""
    for p in range(k):
        if (
            stops[v, p, REQUEST] == stops[v, k, REQUEST]
            and stops[v, p, OFFER] == stops[v, k, OFFER]
            and stops[v, p, KIND] == PICKUP
        ):
            return p
    return -1


@kernel
def forward(
    vehicles: Array,
    stops: Array,
    capacity: Array,
    to_s: Array,
    v: int,
    first: int,
    origin: tuple[int, int, int],
    is_strict: bool,
    guard: int,
) -> tuple[bool, int]:
    """Earliest schedule of route v from stop `first` on, from `origin` = (node left, second it
    can be left, start of the visit there or FAR).

    With `is_strict` a stop that would start after its limit, and after its present start, ends the pass. Ride
    limits raise the start of a pickup until all hold (least fixed point of the difference constraints).
    Returns (feasible, cost): the cost is the change, in sixteenths, of dwell, weighted waits and weighted
    arrivals against the times that stand in the table; times are written as they are found.
    """
    node, ready, visit = origin
    n = vehicles[v, STOPS]
    seated = vehicles[v, SEATED] if first == 0 else stops[v, first - 1, SEATED_AFTER]
    chairs = vehicles[v, WHEELCHAIRS] if first == 0 else stops[v, first - 1, CHAIRS_AFTER]
    waited = 0 if first == 0 else stops[v, first - 1, WAITED]
    cost = 0
    end = ready
    for k in range(first, n):
        kind = stops[v, k, KIND]
        x = stops[v, k, NODE]
        earliest = max(stops[v, k, EARLIEST], stops[v, k, RAISED])
        service = stops[v, k, SERVICE]
        if x == node and visit != FAR and kind < BREAK and earliest <= ready:
            arrive = visit
            start = max(visit, earliest)
            depart = max(ready, visit + service)
            dwell = depart - ready
        else:
            arrive = ready + to_s[x, node] if x != node else ready
            start = max(arrive, earliest)
            depart = start + service
            dwell = service
            visit = start if kind < BREAK else FAR
        if is_strict and start + guard > stops[v, k, LATEST] and start > stops[v, k, START]:
            return False, cost
        seated += stops[v, k, SEATS]
        chairs += stops[v, k, CHAIRS]
        if is_strict and kind == PICKUP and not fits(capacity, v, seated, chairs):
            return False, cost
        waited += start - arrive
        cost += 16 * (dwell - stops[v, k, DWELL]) + stops[v, k, WAIT_WEIGHT] * (start - stops[v, k, START])
        stops[v, k, ARRIVE] = arrive
        stops[v, k, START] = start
        stops[v, k, DEPART] = depart
        stops[v, k, VISIT] = visit
        stops[v, k, DWELL] = dwell
        stops[v, k, WAITED] = waited
        stops[v, k, SEATED_AFTER] = seated
        stops[v, k, CHAIRS_AFTER] = chairs
        node = x
        ready = depart
        if kind != TO_BASE:
            end = depart
    old_end = vehicles[v, PLAN_END]
    vehicles[v, PLAN_END] = end
    if is_strict:
        home = end
        if vehicles[v, BASE] != NOWHERE and n > 0:
            home += to_s[vehicles[v, BASE], node]
        if home > vehicles[v, SHIFT_END] and end > old_end:
            return False, cost
    return True, cost


@kernel
def raise_pickups(stops: Array, v: int, first: int, n: int, floor: int) -> tuple[int, bool]:
    """Raise the start of pickups whose riders would ride too long, but none before stop `floor`.

    Drop-offs from stop `first` on are looked at. Returns (first raised position or -1, still possible).
    """
    lowest = -1
    for k in range(first, n):
        limit = stops[v, k, MAX_RIDE]
        if stops[v, k, KIND] != DROPOFF or limit == 0:
            continue
        p = pickup_of(stops, v, k)
        if p < 0:
            continue
        excess = stops[v, k, START] - stops[v, p, DEPART] - limit
        if excess <= 0:
            continue
        if p < floor or stops[v, p, START] + excess > stops[v, p, LATEST]:
            return -1, False
        stops[v, p, RAISED] = stops[v, p, START] + excess
        if lowest < 0 or p < lowest:
            lowest = p
    return lowest, True


@kernel
def schedule(
    vehicles: Array,
    stops: Array,
    capacity: Array,
    to_s: Array,
    v: int,
    first: int,
    origin: tuple[int, int, int],
    is_strict: bool,
    guard: int,
) -> tuple[bool, int]:
    """`forward` until every ride limit holds. Returns (feasible, cost); without `is_strict` limits that
    cannot hold are left."""
    n = vehicles[v, STOPS]
    cost = 0
    for _ in range(2 * n + 1):
        is_feasible, change = forward(vehicles, stops, capacity, to_s, v, first, origin, is_strict, guard)
        cost += change
        if not is_feasible:
            return False, cost
        lowest, is_possible = raise_pickups(stops, v, first, n, vehicles[v, VISIT_STOPS])
        if not is_possible:
            return not is_strict, cost
        if lowest < 0:
            return True, cost
        if lowest < first:
            # A rider picked up before the part that changed would ride too long: the pass begins there.
            first = lowest
            if lowest == 0:
                origin = (int(vehicles[v, LEG_FROM]), int(vehicles[v, READY]), FAR)
            else:
                row = stops[v, lowest - 1]
                origin = (int(row[NODE]), int(row[DEPART]), int(row[VISIT]))
    return not is_strict, cost


@kernel
def backward(vehicles: Array, stops: Array, to_s: Array, v: int) -> None:
    """Slack and weights from the back of route v (Savelsbergh 1992), and how many leading stops the present
    visit has."""
    n = vehicles[v, STOPS]
    slack = FAR
    weight = 0
    if n > 0 and vehicles[v, SHIFT_END] < FAR:
        home = vehicles[v, PLAN_END]
        if vehicles[v, BASE] != NOWHERE:
            home += to_s[vehicles[v, BASE], stops[v, n - 1, NODE]]
        slack = vehicles[v, SHIFT_END] - home
    for k in range(n - 1, -1, -1):
        slack = max(0, min(slack, stops[v, k, LATEST] - stops[v, k, START]))
        weight += stops[v, k, WAIT_WEIGHT]
        stops[v, k, SLACK] = slack
        stops[v, k, WEIGHT_FROM] = weight
        slack += stops[v, k, START] - stops[v, k, ARRIVE]
    visit = 0
    if vehicles[v, DWELLING] == SERVING:
        while (
            visit < n
            and stops[v, visit, OFFER] == 0
            and stops[v, visit, NODE] == vehicles[v, LEG_FROM]
            and stops[v, visit, KIND] < BREAK
            and (visit == 0 or stops[v, visit, VISIT] == stops[v, 0, VISIT])
        ):
            visit += 1
    elif vehicles[v, DWELLING] == RESTING:
        visit = 1
    vehicles[v, VISIT_STOPS] = visit


@kernel
def first_firm(vehicles: Array, stops: Array, v: int) -> int:
    """Position of the first stop the driver knows, or the number of stops."""
    n = vehicles[v, STOPS]
    for k in range(n):
        if stops[v, k, OFFER] == 0:
            return k
    return int(n)


@kernel
def retime(
    vehicles: Array,
    stops: Array,
    capacity: Array,
    to_s: Array,
    next_arc: Array,
    first_out: Array,
    head: Array,
    v: int,
    now: int,
) -> None:
    """Times, loads and slacks of route v as of `now`, and the leg the driver is to drive.

    A vehicle on the road keeps its leg while its goal stays; otherwise it turns (or comes to stand) at the
    next node.
    """
    n = vehicles[v, STOPS]
    hold_until = -FAR
    for k in range(n):
        stops[v, k, RAISED] = -FAR
        if stops[v, k, OFFER] > 0:
            hold_until = max(hold_until, stops[v, k, EXPIRES])
    vehicles[v, HOLD_UNTIL] = hold_until
    if vehicles[v, DWELLING] != 0:
        start = vehicles[v, VISIT_START]
        leg_from = vehicles[v, LEG_FROM]
        schedule(vehicles, stops, capacity, to_s, v, 0, (int(leg_from), int(start), int(start)), False, 0)
        backward(vehicles, stops, to_s, v)
        late = vehicles[v, VISIT_STOPS]
        if late < n and (late == 0 or stops[v, late - 1, DEPART] < now):
            schedule(
                vehicles, stops, capacity, to_s, v, late, (int(leg_from), int(max(now, start)), FAR), False, 0
            )
            backward(vehicles, stops, to_s, v)
        return
    firm = first_firm(vehicles, stops, v)
    goal = stops[v, firm, NODE] if firm < n else NOWHERE
    has_left = vehicles[v, GOAL] != NOWHERE and vehicles[v, LEAVE] < now
    keeps_leg = has_left and goal == vehicles[v, GOAL]
    if keeps_leg:
        vehicles[v, READY] = vehicles[v, LEAVE]
    elif has_left:
        node, at = anchor(vehicles, to_s, next_arc, first_out, head, v, now)
        vehicles[v, LEG_FROM] = node
        vehicles[v, READY] = at
    else:
        vehicles[v, READY] = max(vehicles[v, READY], now)
    leg_from = vehicles[v, LEG_FROM]
    if not keeps_leg:
        vehicles[v, GOAL] = NOWHERE
    if firm > 0:
        node, at = anchor(
            vehicles,
            to_s,
            next_arc,
            first_out,
            head,
            v,
            max(now, vehicles[v, HOLD_UNTIL]),
        )
        schedule(vehicles, stops, capacity, to_s, v, 0, (int(node), int(at), FAR), False, 0)
    else:
        schedule(
            vehicles, stops, capacity, to_s, v, 0, (int(leg_from), int(vehicles[v, READY]), FAR), False, 0
        )
    backward(vehicles, stops, to_s, v)
    if not keeps_leg:
        leave = vehicles[v, READY]
        if goal != NOWHERE:
            drive = to_s[goal, leg_from] if goal != leg_from else 0
            if firm == 0:
                leave = max(leave, stops[v, 0, START] - drive)
            else:
                leave = max(leave, stops[v, firm, EARLIEST] - drive)
        vehicles[v, GOAL] = goal
        vehicles[v, LEAVE] = leave
        vehicles[v, MEMO_NODE] = leg_from
        vehicles[v, MEMO_AT] = leave
