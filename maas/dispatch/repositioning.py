"""Idle vehicles go where riders are expected: decided at regular wake-ups, written as `VehicleSent`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from maas.dispatch import codec
from maas.dispatch import tables as t
from maas.dispatch.codec import Row
from maas.dispatch.releases import is_closed
from maas.dispatch.tables import DispatchState, WaitingRule
from maas.domain.values import TripStatus
from maas.service_definition import Repositioning
from routing import fleet_tables as ft
from routing.repositioning import Coverage, covering, pulled_to, shared_out

_REFUSED = int(TripStatus.REFUSED)
_HOUR_S = 3600


def next_move(state: DispatchState, after: int) -> int | None:
    """First second after `after` at which idle vehicles may be sent somewhere; None while nobody has asked
    for a trip of late and every idle vehicle waits where it belongs."""
    if state.waiting is None:
        return None
    rule = state.waiting.rule
    at = (after // rule.every_s + 1) * rule.every_s
    is_awake = state.last_asked_s >= at - rule.memory_s or rule.follows == "forecast"
    if is_awake and at < state.waiting.last_end_s:
        return at
    return at if len(_strays(state)) else None


def moves(state: DispatchState, now: int) -> list[Row]:
    """`VehicleSent` rows of the idle vehicles that leave at second `now`."""
    waiting = state.waiting
    if waiting is None or now % waiting.rule.every_s:
        return []
    rule = waiting.rule
    events = _homecomings(state, rule, now)
    homeward = [row[1] for row in events]
    vehicles = state.routes.tables.vehicles[: state.routes.tables.size]
    ready = _idle(state) & (vehicles[:, ft.READY] <= now) & (vehicles[:, ft.SHIFT_END] > now + rule.every_s)
    ready[homeward] = False
    who = np.flatnonzero(ready)
    if not len(who):
        return events
    idle = vehicles[who, ft.LEG_FROM]
    if rule.follows == "refusals":
        goal = pulled_to(state.routes.travel, idle, _refused_origins(state, now - rule.every_s), rule.reach_s)
    elif rule.aim == "coverage":
        goal = covering(
            state.routes.travel,
            waiting.cells,
            idle,
            _ends_of_work(state),
            _demand(state, waiting, now),
            Coverage(rule.within_s, rule.busy_percent / 100, rule.reach_s, rule.empty_cost_percent / 100),
        )
    else:
        goal = shared_out(
            state.routes.travel,
            waiting.cells,
            idle,
            _under_way(state),
            _demand(state, waiting, now),
            rule.reach_s,
            rule.empty_cost_percent / 100,
        )
    sent = np.flatnonzero((goal != ft.NOWHERE) & (goal != idle))
    return [*events, *((codec.VEHICLE_SENT, int(who[k]), int(goal[k])) for k in sent.tolist())]


def _idle(state: DispatchState) -> NDArray[np.bool_]:
    """bool, shape (v,). Whether a vehicle stands somewhere with nothing ahead."""
    vehicles = state.routes.tables.vehicles[: state.routes.tables.size]
    is_free = (vehicles[:, ft.STOPS] == 0) & (vehicles[:, ft.DWELLING] == 0)
    is_free &= (vehicles[:, ft.GOAL] == ft.NOWHERE) & (vehicles[:, ft.IN_SERVICE] == 1)
    return np.asarray(is_free, np.bool_)


def _strays(state: DispatchState) -> NDArray[np.intp]:
    """Idle vehicles away from the base to which they have to return, and can."""
    vehicles = state.routes.tables.vehicles[: state.routes.tables.size]
    base = vehicles[:, ft.BASE]
    away = np.flatnonzero(_idle(state) & (base != ft.NOWHERE) & (base != vehicles[:, ft.LEG_FROM]))
    if not state.changes:
        return away
    can = [not is_closed(state, int(vehicles[v, ft.LEG_FROM]), int(base[v])) for v in away]
    return away[np.array(can, np.bool_)]


def _homecomings(state: DispatchState, rule: Repositioning, now: int) -> list[Row]:
    """Strays go home when nobody has asked for a trip of late, and in time for the end of their shifts."""
    vehicles = state.routes.tables.vehicles
    is_quiet = state.last_asked_s < now - rule.memory_s and rule.follows != "forecast"
    events: list[Row] = []
    for vehicle in _strays(state).tolist():
        row = vehicles[vehicle]
        home_s = state.routes.drive_s(int(row[ft.LEG_FROM]), int(row[ft.BASE]))
        if is_quiet or now + rule.every_s + home_s > row[ft.SHIFT_END]:
            events.append((codec.VEHICLE_SENT, vehicle, int(row[ft.BASE])))
    return events


def _under_way(state: DispatchState) -> NDArray[np.int32]:
    """Node of each vehicle's place to wait that it drives to."""
    tables = state.routes.tables
    vehicles = tables.vehicles[: tables.size]
    first = tables.stops[: tables.size, 0, : ft.KIND + 1]
    drives = (
        (vehicles[:, ft.STOPS] == 1) & (vehicles[:, ft.DWELLING] == 0) & (first[:, ft.KIND] == ft.TO_BASE)
    )
    nodes: NDArray[np.int32] = first[drives, ft.NODE]
    return nodes


def _ends_of_work(state: DispatchState) -> NDArray[np.int32]:
    """Last node of the route of each vehicle that has one."""
    tables = state.routes.tables
    vehicles = tables.vehicles[: tables.size]
    at_work = np.flatnonzero((vehicles[:, ft.STOPS] > 0) & (vehicles[:, ft.IN_SERVICE] == 1))
    nodes: NDArray[np.int32] = tables.stops[at_work, vehicles[at_work, ft.STOPS] - 1, ft.NODE]
    return nodes


def _asked_since(state: DispatchState, since: int) -> NDArray[np.int64]:
    """Rows of the requests that were heard after second `since`."""
    requests = state.requests
    is_known = requests[:, t.SEATS] + requests[:, t.CHAIRS] > 0
    return requests[is_known & (requests[:, t.ASKED] > since)]


def _refused_origins(state: DispatchState, since: int) -> NDArray[np.int32]:
    rows = _asked_since(state, since)
    origins: NDArray[np.int32] = rows[rows[:, t.STATUS] == _REFUSED, t.ORIGIN].astype(np.int32)
    return origins


def _demand(state: DispatchState, waiting: WaitingRule, now: int) -> NDArray[np.float64]:
    """float64, shape (c,). Requests an hour expected in each cell."""
    if waiting.rule.follows == "forecast":
        expected: NDArray[np.float64] = waiting.expected[now // _HOUR_S % len(waiting.expected)]
        return np.asarray(expected / 1000, np.float64)
    cells = waiting.cells
    origins = _asked_since(state, now - waiting.rule.memory_s)[:, t.ORIGIN]
    counts = np.bincount(cells.cell_of_node[origins], minlength=len(cells.centre)).astype(np.float64)
    counts *= _HOUR_S / waiting.rule.memory_s
    return counts
