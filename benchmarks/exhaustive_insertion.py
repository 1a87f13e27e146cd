"""Cheapest insertion by trying every place of every route, as FleetPy does: the reference
of `bench_insertion`.

Compiled like ours, but without bounds, slacks or sums kept beside a route: each pair of positions is a whole
route, timed from its beginning. It knows what the cases have (firm stops, shared visits, ride limits,
vehicles at stops and on the road, no breaks, no bases) and shares no code with the dispatcher's kernels.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from routing._jit import kernel
from routing.fleet_tables import (
    ASK_DESTINATION,
    ASK_EARLIEST,
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
    COMES,
    DWELL,
    DWELLING,
    EARLIEST,
    FAR,
    GOAL,
    KIND,
    LATEST,
    LEAVE,
    LEG_FROM,
    MAX_RIDE,
    NODE,
    NOWHERE,
    PICKUP,
    RAISED,
    READY,
    REQUEST,
    SEATED,
    SEATS,
    SERVICE,
    SHIFT_END,
    START,
    STOPS,
    VISIT_START,
    VISIT_STOPS,
    WAIT_WEIGHT,
)
from routing.insertion import Insertion, RouteBook

Array = npt.NDArray[Any]

# Columns of a route that is tried.
_NODE, _EARLIEST, _COMES, _LATEST, _SERVICE, _SEATS, _MAX_RIDE, _PICKUP, _WEIGHT, _RAISED = range(10)
_START, _DEPART, _VISIT = 10, 11, 12
_COLUMNS = 13


def exhaustive_search(book: RouteBook, ask: npt.NDArray[np.int64]) -> Insertion | None:
    """What `RouteBook.search` answers."""
    tables, travel = book.tables, book.travel
    best = np.full(6, FAR * 1024, np.int64)
    room = np.zeros((tables.stops.shape[1] + 2, _COLUMNS), np.int64)
    _search(
        tables.vehicles[: tables.size], tables.stops, tables.capacity[:, :, 0], tables.capacity[:, :, 2],
        travel.from_s, (travel.first_out, travel.head, travel.next_arc), ask, room, best,
    )  # fmt: skip
    cost, vehicle, i, j, pickup_s, dropoff_s = best.tolist()
    return None if cost == FAR * 1024 else Insertion(cost, vehicle, i, j, pickup_s, dropoff_s)


@kernel
def _search(
    vehicles: Array,
    stops: Array,
    per_seat: Array,
    limit: Array,
    drive_s: Array,
    ways: tuple[Array, Array, Array],
    ask: Array,
    room: Array,
    best: Array,
) -> None:
    for v in range(len(vehicles)):
        row, route = vehicles[v], stops[v]
        n = row[STOPS]
        for i in range(row[VISIT_STOPS], n + 1):
            node, ready, visit = _beginning(row, i, ask[ASK_NOW], drive_s, ways)
            for j in range(i, n + 1):
                _write(route, n, ask, i, j, room)
                if not _settle(row, room, n + 2, node, ready, visit, per_seat[v], limit[v], drive_s):
                    continue
                cost = _cost(route, n, ask, i, j, node, ready, visit, drive_s, room)
                if cost < best[0]:
                    best[:] = (cost, v, i, j, room[i, _START], room[j + 1, _START])


@kernel
def _beginning(
    row: Array, i: int, now: int, drive_s: Array, ways: tuple[Array, Array, Array]
) -> tuple[int, int, int]:
    """Node, second and visit with which the route begins; a vehicle on the road turns at the next node if the
    new pickup comes first."""
    node = row[LEG_FROM]
    if row[DWELLING] != 0:
        return node, row[VISIT_START], row[VISIT_START]
    goal = row[GOAL]
    if goal == NOWHERE:
        return node, max(row[READY], now), FAR
    if i > 0 or row[LEAVE] >= now:
        return node, max(row[READY], now if i == 0 else row[LEAVE]), FAR
    first_out, head, next_arc = ways
    at = row[LEAVE]
    while at < now and node != goal:
        node = head[first_out[node] + next_arc[goal, node]]
        at = row[LEAVE] + np.int64(drive_s[row[LEG_FROM], node])
    return node, max(at, now), FAR


@kernel
def _write(route: Array, n: int, ask: Array, i: int, j: int, room: Array) -> None:
    """The route with both new stops in it."""
    for k in range(n):
        m = k + (1 if k >= i else 0) + (1 if k >= j else 0)
        one, stop = room[m], route[k]
        one[_NODE], one[_EARLIEST], one[_COMES] = stop[NODE], stop[EARLIEST], stop[COMES]
        one[_LATEST], one[_SERVICE], one[_SEATS] = stop[LATEST], stop[SERVICE], stop[SEATS]
        one[_MAX_RIDE], one[_WEIGHT], one[_RAISED] = stop[MAX_RIDE], stop[WAIT_WEIGHT], stop[RAISED]
        one[_PICKUP] = -1
        if stop[KIND] != PICKUP:
            for p in range(k):
                if route[p, REQUEST] == stop[REQUEST]:
                    one[_PICKUP] = p + (1 if p >= i else 0) + (1 if p >= j else 0)
    new = room[i]
    comes = ask[ASK_EARLIEST] if ask[ASK_EARLIEST] > ask[ASK_NOW] else -FAR
    new[_NODE], new[_EARLIEST], new[_COMES] = ask[ASK_ORIGIN], ask[ASK_EARLIEST], comes
    new[_LATEST], new[_SERVICE], new[_SEATS] = ask[ASK_LATEST_PICKUP], ask[ASK_SERVICE], ask[ASK_SEATS]
    new[_MAX_RIDE], new[_PICKUP], new[_RAISED] = 0, -1, -FAR
    new[_WEIGHT] = ask[ASK_WAIT_WEIGHT] - ask[ASK_RIDE_WEIGHT]
    new = room[j + 1]
    new[_NODE], new[_EARLIEST], new[_COMES] = ask[ASK_DESTINATION], -FAR, -FAR
    new[_LATEST], new[_SERVICE], new[_SEATS] = ask[ASK_LATEST_DROPOFF], ask[ASK_SERVICE], -ask[ASK_SEATS]
    new[_MAX_RIDE], new[_PICKUP], new[_RAISED] = ask[ASK_MAX_RIDE], i, -FAR
    new[_WEIGHT] = ask[ASK_RIDE_WEIGHT]


@kernel
def _settle(
    row: Array,
    room: Array,
    count: int,
    node: int,
    ready: int,
    visit: int,
    per_seat: Array,
    limit: Array,
    drive_s: Array,
) -> bool:
    """Earliest times that keep every limit, pickups later where rides would be too long; False if there are
    none."""
    while True:
        if not _pass_forward(row, room, count, node, ready, visit, per_seat, limit, drive_s):
            return False
        is_settled = True
        for k in range(count):
            p = room[k, _PICKUP]
            if room[k, _MAX_RIDE] == 0 or p < 0:
                continue
            last = p
            while (
                last + 1 < count
                and room[last + 1, _VISIT] == room[p, _VISIT]
                and (room[last + 1, _NODE] == room[p, _NODE])
            ):
                last += 1
            board = room[k, _START] - room[k, _MAX_RIDE]
            if room[last, _DEPART] >= board:
                continue
            raised = board - room[p, _SERVICE]
            if p < row[VISIT_STOPS] or raised > room[p, _LATEST]:
                return False
            room[p, _RAISED] = raised
            is_settled = False
        if is_settled:
            return True


@kernel
def _pass_forward(
    row: Array,
    room: Array,
    count: int,
    node: int,
    ready: int,
    visit: int,
    per_seat: Array,
    limit: Array,
    drive_s: Array,
) -> bool:
    seated = row[SEATED]
    for k in range(count):
        one = room[k]
        earliest = max(one[_EARLIEST], one[_RAISED])
        if one[_NODE] == node and visit != FAR and earliest <= ready:
            start = max(visit, earliest)
            ready = max(ready, max(visit, max(one[_COMES], one[_RAISED])) + one[_SERVICE])
        else:
            arrive = (
                visit if one[_NODE] == node and visit != FAR else ready + np.int64(drive_s[node, one[_NODE]])
            )
            start = max(arrive, earliest)
            ready = start + one[_SERVICE]
            visit = start
        node = one[_NODE]
        one[_START], one[_DEPART], one[_VISIT] = start, ready, visit
        if start > one[_LATEST]:
            return False
        seated += one[_SEATS]
        for r in range(len(limit)):
            if one[_SEATS] > 0 and per_seat[r] * seated > limit[r]:
                return False
    return bool(ready <= row[SHIFT_END])


@kernel
def _cost(
    route: Array,
    n: int,
    ask: Array,
    i: int,
    j: int,
    node: int,
    ready: int,
    visit: int,
    drive_s: Array,
    room: Array,
) -> int:
    """Sixteenths: driving and service added, waits and rides of everybody later than they were."""
    here = node
    drive = np.int64(0)
    for k in range(n):
        drive -= drive_s[here, route[k, NODE]] + np.int64(route[k, DWELL])
        here = route[k, NODE]
    cost = -ask[ASK_WISH] * ask[ASK_WAIT_WEIGHT]
    for k in range(n + 2):
        drive += np.int64(drive_s[node, room[k, _NODE]])
        is_shared = k > 0 and room[k, _VISIT] == room[k - 1, _VISIT] and room[k, _NODE] == node
        is_shared = is_shared or (k == 0 and room[k, _VISIT] == visit and room[k, _NODE] == node)
        drive += room[k, _DEPART] - (ready if is_shared else room[k, _START])
        node, ready = room[k, _NODE], room[k, _DEPART]
        cost += room[k, _WEIGHT] * room[k, _START]
    for k in range(n):
        cost -= route[k, WAIT_WEIGHT] * np.int64(route[k, START])
    total: int = cost + 16 * drive
    return total
