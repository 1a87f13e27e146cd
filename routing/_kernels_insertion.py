"""Kernels over fleet tables: where a vehicle is, when it does what, and where a new rider fits best.

Columns are named in `fleet_tables.py`. `to_s[d, u]` and `from_s[u, d]` are the same seconds u -> d, row-wise for a target and for a source, so
that every look-up of one search lies in four rows. Costs are sixteenths of seconds.
"""

from __future__ import annotations

from routing._jit import kernel
from routing.fleet_tables import (
    ARRIVE,
    ASK_AS_OF,
    ASK_CHAIRS,
    ASK_DESTINATION,
    ASK_EARLIEST,
    ASK_GUARD,
    ASK_LATEST_DROPOFF,
    ASK_LATEST_PICKUP,
    ASK_MAX_RIDE,
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
    IN_SERVICE,
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
    SCRATCH_SLOTS,
    SEATED,
    SEATED_AFTER,
    SEATS,
    SERVICE,
    SERVING,
    SHIFT_END,
    SLACK,
    START,
    STOP_COLUMNS,
    STOPS,
    TO_BASE,
    VEHICLE_COLUMNS,
    VISIT,
    VISIT_START,
    VISIT_STOPS,
    WAIT_WEIGHT,
    WAITED,
    WEIGHT_FROM,
    WHEELCHAIRS,
)

BUCKETS = 128


@kernel
def anchor(vehicles, to_s, next_arc, first_out, head, v, as_of):
    """First node and second at which vehicle v can change its mind at or after `as_of`, on its present leg."""
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


@kernel
def remember(vehicles, to_s, next_arc, first_out, head, v, now):
    """Move the memo of vehicle v to the last node passed before `now`, so that the next look-up walks on from there."""
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


@kernel
def fits(capacity, v, seated, chairs):
    """Whether a load fits into vehicle v."""
    for row in range(CAPACITY_ROWS):
        if capacity[v, row, 0] * seated + capacity[v, row, 1] * chairs > capacity[v, row, 2]:
            return False
    return True


@kernel
def pickup_of(stops, v, k):
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
def forward(vehicles, stops, capacity, to_s, v, first, node, ready, visit, is_strict, guard):
    """Earliest schedule of route v from stop `first` on, leaving `node` at `ready` (inside a visit since `visit`, or FAR).

    With `is_strict` a stop that would start after its limit, and after its present start, ends the pass. Ride limits raise the start of a pickup
    until all hold (least fixed point of the difference constraints). Returns (feasible, cost): the cost is the change, in sixteenths,
    of dwell, weighted waits and weighted arrivals against the times that stand in the table; times are written as they are found.
    """
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
def raise_pickups(stops, v, first, n):
    """Raise the start of pickups whose riders would ride too long; returns (first raised position or -1, still possible)."""
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
        if p < first or stops[v, p, START] + excess > stops[v, p, LATEST]:
            return -1, False
        stops[v, p, RAISED] = stops[v, p, START] + excess
        if lowest < 0 or p < lowest:
            lowest = p
    return lowest, True


@kernel
def schedule(vehicles, stops, capacity, to_s, v, first, node, ready, visit, is_strict, guard):
    """`forward` until every ride limit holds. Returns (feasible, cost); without `is_strict` limits that cannot hold are left."""
    n = vehicles[v, STOPS]
    cost = 0
    for _ in range(2 * n + 1):
        is_feasible, change = forward(
            vehicles, stops, capacity, to_s, v, first, node, ready, visit, is_strict, guard
        )
        cost += change
        if not is_feasible:
            return False, cost
        lowest, is_possible = raise_pickups(stops, v, first, n)
        if not is_possible:
            return not is_strict, cost
        if lowest < 0:
            return True, cost
    return not is_strict, cost


@kernel
def backward(vehicles, stops, to_s, v):
    """Slack and weights from the back of route v (Savelsbergh 1992), and how many leading stops the present visit has."""
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
def first_firm(vehicles, stops, v):
    """Position of the first stop the driver knows, or the number of stops."""
    n = vehicles[v, STOPS]
    for k in range(n):
        if stops[v, k, OFFER] == 0:
            return k
    return n


@kernel
def retime(vehicles, stops, capacity, to_s, next_arc, first_out, head, v, now):
    """Times, loads and slacks of route v as of `now`, and the leg the driver is to drive.

    A vehicle on the road keeps its leg while its goal stays; otherwise it turns (or comes to stand) at the next node.
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
        schedule(vehicles, stops, capacity, to_s, v, 0, vehicles[v, LEG_FROM], start, start, False, 0)
        backward(vehicles, stops, to_s, v)
        late = vehicles[v, VISIT_STOPS]
        if late < n and (late == 0 or stops[v, late - 1, DEPART] < now):
            schedule(
                vehicles,
                stops,
                capacity,
                to_s,
                v,
                late,
                vehicles[v, LEG_FROM],
                max(now, start),
                FAR,
                False,
                0,
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
        node, at = anchor(vehicles, to_s, next_arc, first_out, head, v, max(now, vehicles[v, HOLD_UNTIL]))
        schedule(vehicles, stops, capacity, to_s, v, 0, node, at, FAR, False, 0)
    else:
        schedule(vehicles, stops, capacity, to_s, v, 0, leg_from, vehicles[v, READY], FAR, False, 0)
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


@kernel
def write_stop(stops, v, k, ask, kind, request, offer, expires):
    """Fill row k of route v with one end of the asked trip."""
    is_pickup = kind == PICKUP
    sign = 1 if is_pickup else -1
    stops[v, k, NODE] = ask[ASK_ORIGIN] if is_pickup else ask[ASK_DESTINATION]
    stops[v, k, KIND] = kind
    stops[v, k, REQUEST] = request
    stops[v, k, OFFER] = offer
    stops[v, k, EARLIEST] = ask[ASK_EARLIEST] if is_pickup else -FAR
    stops[v, k, LATEST] = ask[ASK_LATEST_PICKUP] if is_pickup else ask[ASK_LATEST_DROPOFF]
    stops[v, k, SERVICE] = ask[ASK_SERVICE]
    stops[v, k, SEATS] = sign * ask[ASK_SEATS]
    stops[v, k, CHAIRS] = sign * ask[ASK_CHAIRS]
    stops[v, k, MAX_RIDE] = 0 if is_pickup else ask[ASK_MAX_RIDE]
    stops[v, k, WAIT_WEIGHT] = (
        ask[ASK_WAIT_WEIGHT] - ask[ASK_RIDE_WEIGHT] if is_pickup else ask[ASK_RIDE_WEIGHT]
    )
    stops[v, k, START] = -FAR
    stops[v, k, DWELL] = 0
    stops[v, k, RAISED] = -FAR
    stops[v, k, EXPIRES] = expires


@kernel
def insert_rows(vehicles, stops, a, b, ask, i, j, request, offer, expires):
    """Route b := route a with the asked pickup before stop i and drop-off before stop j (a == b allowed)."""
    n = vehicles[a, STOPS]
    for k in range(n - 1, j - 1, -1):
        for c in range(STOP_COLUMNS):
            stops[b, k + 2, c] = stops[a, k, c]
    for k in range(j - 1, i - 1, -1):
        for c in range(STOP_COLUMNS):
            stops[b, k + 1, c] = stops[a, k, c]
    if a != b:
        for k in range(i):
            for c in range(STOP_COLUMNS):
                stops[b, k, c] = stops[a, k, c]
    write_stop(stops, b, i, ask, PICKUP, request, offer, expires)
    write_stop(stops, b, j + 1, ask, DROPOFF, request, offer, expires)
    vehicles[b, STOPS] = n + 2


@kernel
def insert(
    vehicles, stops, capacity, to_s, next_arc, first_out, head, v, ask, i, j, request, offer, expires, now
):
    """Write an insertion into route v and retime it; a firm one takes the place of a drive to base."""
    insert_rows(vehicles, stops, v, v, ask, i, j, request, offer, expires)
    if offer == 0:
        drop_base_drives(vehicles, stops, v)
    retime(vehicles, stops, capacity, to_s, next_arc, first_out, head, v, now)


@kernel
def append_single(
    vehicles, stops, capacity, to_s, next_arc, first_out, head, v, node, kind, earliest, latest, service, now
):
    """Append a stop without riders (a break, a drive to base) to route v and retime it."""
    k = vehicles[v, STOPS]
    for c in range(STOP_COLUMNS):
        stops[v, k, c] = 0
    stops[v, k, NODE] = node
    stops[v, k, KIND] = kind
    stops[v, k, REQUEST] = -1
    stops[v, k, EARLIEST] = earliest
    stops[v, k, LATEST] = latest
    stops[v, k, SERVICE] = service
    vehicles[v, STOPS] = k + 1
    retime(vehicles, stops, capacity, to_s, next_arc, first_out, head, v, now)


@kernel
def remove(vehicles, stops, v, request, offer):
    """Take the stops of one request out of route v: those of one open offer, or the firm ones (offer 0). Returns how many went."""
    n = vehicles[v, STOPS]
    m = 0
    for k in range(n):
        if stops[v, k, KIND] < BREAK and stops[v, k, REQUEST] == request and stops[v, k, OFFER] == offer:
            continue
        if m != k:
            for c in range(STOP_COLUMNS):
                stops[v, m, c] = stops[v, k, c]
        m += 1
    vehicles[v, STOPS] = m
    return n - m


@kernel
def drop_base_drives(vehicles, stops, v):
    """Take drives to base out of route v: a rider goes first."""
    m = 0
    for k in range(vehicles[v, STOPS]):
        if stops[v, k, KIND] == TO_BASE:
            continue
        if m != k:
            for c in range(STOP_COLUMNS):
                stops[v, m, c] = stops[v, k, c]
        m += 1
    vehicles[v, STOPS] = m


@kernel
def firm_up(vehicles, stops, v, request, offer):
    """The stops of an accepted offer become firm."""
    for k in range(vehicles[v, STOPS]):
        if stops[v, k, REQUEST] == request and stops[v, k, OFFER] == offer and stops[v, k, KIND] < BREAK:
            stops[v, k, OFFER] = 0


@kernel
def pop_front(vehicles, stops, v, count, now):
    """The first `count` stops of route v are done at `now`: loads follow, and who boarded has an absolute deadline from here on."""
    n = vehicles[v, STOPS]
    for k in range(count):
        vehicles[v, SEATED] += stops[v, k, SEATS]
        vehicles[v, WHEELCHAIRS] += stops[v, k, CHAIRS]
        if stops[v, k, KIND] != PICKUP:
            continue
        for p in range(count, n):
            if (
                stops[v, p, KIND] == DROPOFF
                and stops[v, p, REQUEST] == stops[v, k, REQUEST]
                and stops[v, p, OFFER] == 0
                and stops[v, p, MAX_RIDE] > 0
            ):
                stops[v, p, LATEST] = min(stops[v, p, LATEST], now + stops[v, p, MAX_RIDE])
                stops[v, p, MAX_RIDE] = 0
    for k in range(count, n):
        for c in range(STOP_COLUMNS):
            stops[v, k - count, c] = stops[v, k, c]
    vehicles[v, STOPS] = n - count


@kernel
def arrive(vehicles, stops, capacity, to_s, next_arc, first_out, head, v, node, now):
    """Vehicle v has stopped at its goal: a visit begins, or a drive to base is over."""
    n = vehicles[v, STOPS]
    firm = first_firm(vehicles, stops, v)
    vehicles[v, LEG_FROM] = node
    vehicles[v, READY] = now
    vehicles[v, GOAL] = NOWHERE
    vehicles[v, LEAVE] = now
    vehicles[v, MEMO_NODE] = node
    vehicles[v, MEMO_AT] = now
    # Held stops ahead of the goal come after it: the driver knew nothing of them and was early.
    row = vehicles.shape[0] - 1
    for _ in range(firm):
        for c in range(STOP_COLUMNS):
            stops[row, 0, c] = stops[v, 0, c]
        for k in range(1, n):
            if k <= firm:
                for c in range(STOP_COLUMNS):
                    stops[v, k - 1, c] = stops[v, k, c]
        for c in range(STOP_COLUMNS):
            stops[v, firm, c] = stops[row, 0, c]
    if n > 0 and stops[v, 0, KIND] == TO_BASE:
        pop_front(vehicles, stops, v, 1, now)
    else:
        vehicles[v, DWELLING] = RESTING if n > 0 and stops[v, 0, KIND] == BREAK else SERVING
        vehicles[v, VISIT_START] = now
    retime(vehicles, stops, capacity, to_s, next_arc, first_out, head, v, now)


@kernel
def depart(vehicles, stops, capacity, to_s, next_arc, first_out, head, v, now):
    """The visit of vehicle v is over."""
    pop_front(vehicles, stops, v, vehicles[v, VISIT_STOPS], now)
    vehicles[v, DWELLING] = 0
    vehicles[v, VISIT_STOPS] = 0
    vehicles[v, READY] = now
    vehicles[v, LEAVE] = now
    retime(vehicles, stops, capacity, to_s, next_arc, first_out, head, v, now)


@kernel
def stand(vehicles, stops, capacity, to_s, next_arc, first_out, head, v, node, now):
    """Vehicle v stands at a node, on its way nowhere."""
    vehicles[v, LEG_FROM] = node
    vehicles[v, READY] = now
    vehicles[v, GOAL] = NOWHERE
    vehicles[v, LEAVE] = now
    vehicles[v, MEMO_NODE] = node
    vehicles[v, MEMO_AT] = now
    retime(vehicles, stops, capacity, to_s, next_arc, first_out, head, v, now)


@kernel
def turning_point(vehicles, to_s, next_arc, first_out, head, v, goal, now):
    """Where and from when route v starts once its first firm stop is at `goal` (NOWHERE for none)."""
    if vehicles[v, DWELLING] != 0:
        return vehicles[v, LEG_FROM], vehicles[v, READY]
    if vehicles[v, GOAL] != NOWHERE and vehicles[v, LEAVE] < now:
        if goal == vehicles[v, GOAL]:
            return vehicles[v, LEG_FROM], vehicles[v, LEAVE]
        return anchor(vehicles, to_s, next_arc, first_out, head, v, now)
    return vehicles[v, LEG_FROM], max(vehicles[v, READY], now)


@kernel
def try_exactly(vehicles, stops, capacity, to_s, v, slot, ask, i, j, node, ready, visit, drive, best):
    """Schedule one insertion in a scratch slot; the incumbent is overwritten when (cost, vehicle, i, j) is smaller."""
    for c in range(VEHICLE_COLUMNS):
        vehicles[slot, c] = vehicles[v, c]
    for row in range(CAPACITY_ROWS):
        for c in range(3):
            capacity[slot, row, c] = capacity[v, row, c]
    insert_rows(vehicles, stops, v, slot, ask, i, j, -1, -1, 0)
    is_feasible, cost = schedule(
        vehicles, stops, capacity, to_s, slot, i, node, ready, visit, True, ask[ASK_GUARD]
    )
    if not is_feasible:
        return
    pickup = stops[slot, i, START]
    dropoff = stops[slot, j + 1, START]
    # A new stop stands in the table with a start of -FAR, so that no limit is excused; its cost counts from the wish.
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
def positions(vehicles, stops, v):
    """(first, last) stop before which a new pickup may stand: behind the present visit, before a drive to base."""
    n = vehicles[v, STOPS]
    while (
        n > 0
        and stops[v, n - 1, KIND] == TO_BASE
        and not (vehicles[v, DWELLING] != 0 and n <= vehicles[v, VISIT_STOPS])
    ):
        n -= 1
    return vehicles[v, VISIT_STOPS], n


@kernel
def departure(vehicles, stops, to_s, next_arc, first_out, head, v, i, as_of, now):
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
def seconds(row, u, d):
    """Entry u of a row of travel seconds to (or from) node d; nothing from a node to itself."""
    return row[u] if u != d else 0


@kernel
def evaluate(vehicles, stops, capacity, to_s, from_s, next_arc, first_out, head, v, slot, ask, best):
    """Cheapest insertion of the asked trip into route v that beats the incumbent.

    Exact figures for driving, bounds in O(1) for the rest (earliest starts, slack, load); only pairs whose bound beats the incumbent are
    scheduled in full. A route that waits nowhere is bounded exactly.
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
            leave_o = max(ready, visit + service)
            dwell = leave_o - ready
        else:
            at_o = max(ready + reach, ask[ASK_EARLIEST])
            leave_o = at_o + service
            dwell = service
        if at_o > last:
            continue
        bound = 16 * reach + wait_weight * (at_o - ask[ASK_WISH])
        if bound > best[BEST_COST]:
            continue
        # Drop-off right behind the pickup.
        at_d = leave_o + direct
        if i == n:
            if at_d <= ask[ASK_LATEST_DROPOFF] and at_d + service + home <= shift_end:
                drive = reach + direct
                if bound + 16 * direct <= best[BEST_COST]:
                    try_exactly(
                        vehicles, stops, capacity, to_s, v, slot, ask, i, i, node, ready, visit, drive, best
                    )
            continue
        x = stops[v, i, NODE]
        waits = final_waited - stops[v, i, WAITED] + stops[v, i, START] - stops[v, i, ARRIVE]
        gap = seconds(to_s[x], node, x)
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
                    vehicles, stops, capacity, to_s, v, slot, ask, i, i, node, ready, visit, drive, best
                )
        # Drop-off further back.
        after_o = seconds(from_o, x, o)
        shift = (at_o if x == o else leave_o + after_o) - stops[v, i, ARRIVE]
        pushed = max(0, shift - (stops[v, i, START] - stops[v, i, ARRIVE]))
        if pushed > stops[v, i, SLACK]:
            continue
        reach_drive = reach + after_o - gap
        base_bound = bound + 16 * (after_o - gap)
        for j in range(i + 1, n + 1):
            p = j - 1
            if not fits(capacity, v, stops[v, p, SEATED_AFTER] + seats, stops[v, p, CHAIRS_AFTER] + chairs):
                break
            absorbed = stops[v, p, WAITED] - (stops[v, i, WAITED])
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
                        i,
                        j,
                        node,
                        ready,
                        visit,
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
                    i,
                    j,
                    node,
                    ready,
                    visit,
                    reach_drive + extra,
                    best,
                )


@kernel
def search(
    vehicles,
    stops,
    capacity,
    to_s,
    from_s,
    next_arc,
    first_out,
    head,
    ask,
    skip,
    best,
    candidate,
    arrival,
    order,
    bucket,
):
    """Cheapest insertion over the fleet, vehicles in `skip` left out.

    One pass over the vehicles with the row `to_s[o]` keeps those that can reach the pickup in time and sorts them by earliest arrival;
    they are evaluated in that order until the wait alone costs more than the incumbent. Returns how many were evaluated.
    """
    size = vehicles.shape[0] - SCRATCH_SLOTS
    o = ask[ASK_ORIGIN]
    now = ask[ASK_NOW]
    to_o = to_s[o]
    last = min(
        ask[ASK_LATEST_PICKUP],
        ask[ASK_LATEST_DROPOFF] - to_s[ask[ASK_DESTINATION], o] - ask[ASK_SERVICE],
    )
    span = last - now + 1
    if span <= 0:
        return 0
    bucket[:] = 0
    count = 0
    room = stops.shape[1] - 2
    for v in range(size):
        if vehicles[v, IN_SERVICE] == 0 or vehicles[v, STOPS] > room:
            continue
        is_skipped = False
        for s in range(skip.shape[0]):
            if skip[s] == v:
                is_skipped = True
        if is_skipped:
            continue
        if vehicles[v, DWELLING] != 0:
            node = vehicles[v, LEG_FROM]
            at = now
        else:
            node = vehicles[v, MEMO_NODE]
            at = vehicles[v, MEMO_AT]
            if vehicles[v, LEAVE] >= now:
                # It has not left: it may go elsewhere as soon as it is ready.
                node = vehicles[v, LEG_FROM]
                at = vehicles[v, READY]
            # Through a node already passed: a lower bound (the second covers rounding of the two halves).
            if at + seconds(to_o, node, o) - 1 > last:
                continue
            remember(vehicles, to_s, next_arc, first_out, head, v, now)
            node, at = anchor(vehicles, to_s, next_arc, first_out, head, v, now)
        eta = at + seconds(to_o, node, o)
        if eta > last and not (vehicles[v, DWELLING] != 0 and node == o):
            continue
        eta = min(max(eta, now), last)
        candidate[count] = v
        arrival[count] = eta
        count += 1
        bucket[((eta - now) * BUCKETS) // span] += 1
    total = 0
    for b in range(BUCKETS):
        here = bucket[b]
        bucket[b] = total
        total += here
    for k in range(count):
        b = ((arrival[k] - now) * BUCKETS) // span
        order[bucket[b]] = k
        bucket[b] += 1
    seen = 0
    for m in range(count):
        k = order[m]
        wait = max(arrival[k], ask[ASK_EARLIEST]) - 1 - ask[ASK_WISH]
        if ask[ASK_WAIT_WEIGHT] * wait > best[BEST_COST]:
            floor = (arrival[k] - now) * BUCKETS // span * span // BUCKETS + now
            if ask[ASK_WAIT_WEIGHT] * (max(floor, ask[ASK_EARLIEST]) - 1 - ask[ASK_WISH]) > best[BEST_COST]:
                break
            continue
        seen += 1
        evaluate(
            vehicles, stops, capacity, to_s, from_s, next_arc, first_out, head, candidate[k], size, ask, best
        )
    return seen
