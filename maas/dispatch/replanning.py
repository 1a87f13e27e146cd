"""When routes are planned anew, and the proposals that come of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from maas.dispatch import codec
from maas.dispatch.codec import Row
from maas.dispatch.plan_engines import SEEDS, solved_routes
from maas.dispatch.tables import DispatchState
from maas.domain.planning_rules import DAY_S
from routing import fleet_tables as ft
from routing.insertion import RouteBook
from routing.replanning import Stop, improved_routes


def next_solve(state: DispatchState, after: int) -> int | None:
    """First second after `after` at which a solver is to be asked; None while no route has two stops, or,
    but for the long solve of every night, nothing has changed since it was."""
    rule = state.service.replanning
    if rule is None:
        return None
    tables = state.routes.tables
    if not bool((tables.vehicles[: tables.size, ft.STOPS] >= 2).any()):
        return None
    times: list[int] = []
    if state.route_changes != state.solved_changes:
        times.append((after // rule.every_s + 1) * rule.every_s)
    if rule.overnight_iterations:
        nights = (after - rule.overnight_at_s) // DAY_S + 1
        times.append(rule.overnight_at_s + nights * DAY_S)
    return min(times, default=None)


def solve_requested(state: DispatchState, now: int) -> list[Row]:
    """The `SolveRequested` row of a wake-up at which some rider may still change her vehicle."""
    rule = state.service.replanning
    if rule is None or not _movable(state):
        return []
    is_due = now % rule.every_s == 0 and state.route_changes != state.solved_changes
    return [(codec.SOLVE_REQUESTED, now)] if is_due or rule.is_overnight(now) else []


def proposals(state: DispatchState, number: int, now: int, *, is_overnight: bool = False) -> list[Row]:
    """Commands that propose better routes as of second `now`: `ProposeStop` rows, each group of vehicles that
    exchange riders closed by a `ProposePlan`. Empty when nothing better was found.

    Parameters
    ----------
    number
        Of the first proposal; further ones count on.
    is_overnight
        Whether this is the long solve of all bookings.
    """
    rule = state.service.replanning
    movable = _movable(state)
    if rule is None or not movable:
        return []
    if is_overnight:
        saving, changed = solved_routes(
            state, now, rule.problem_engine, rule.overnight_iterations, pays_way_home=True
        )
    elif rule.engine == "reinsertion":
        saving, changed = _reinserted(state, movable, now, rule.iterations)
    else:
        saving, changed = solved_routes(state, now, rule.engine, rule.iterations)
    rows: list[Row] = []
    for group in _groups(state, changed):
        rows += _proposal(number, {v: changed[v] for v in group}, saving, codec.PROPOSE_PLAN)
        number += 1
    return rows


def repair_proposal(state: DispatchState, number: int, now: int) -> list[Row]:
    """Commands that propose, as one, routes that break fewer promises or by less; empty without any."""
    rule = state.service.replanning
    if rule is None:
        return []
    saving, changed = solved_routes(state, now, rule.problem_engine, rule.repair_iterations, is_repair=True)
    return _proposal(number, changed, saving, codec.PROPOSE_REPAIR) if changed else []


def _proposal(number: int, changed: dict[int, list[Stop]], saving: int, command: int) -> list[Row]:
    rows: list[Row] = []
    count = 0
    for v, order in changed.items():
        # Position 0 names the vehicle, also one that is left without a stop.
        rows.append((codec.PROPOSE_STOP, number, v, 0, ft.TO_BASE, ft.NOBODY))
        for position, (kind, request) in enumerate(_without_base_drives(order), start=1):
            rows.append((codec.PROPOSE_STOP, number, v, position, kind, request))
            count += 1
    return [*rows, (command, number, count, saving // 16)]


def _reinserted(
    state: DispatchState, movable: list[tuple[int, int, int]], now: int, iterations: int
) -> tuple[int, dict[int, list[Stop]]]:
    """What taking riders out and putting them back comes to."""
    routes = state.routes.fork()
    asks = np.zeros((len(movable), ft.ASK_SIZE), np.int64)
    vehicle = np.array([v for v, _, _ in movable], np.int32)
    for m, (v, up, down) in enumerate(movable):
        _fill(asks[m], state, routes, v, up, down, now)
    held = routes.tables.vehicles[: routes.tables.size, ft.HOLD_UNTIL] >= now
    routes.tables.vehicles[: routes.tables.size][held, ft.IN_SERVICE] = 0
    return improved_routes(routes, asks, vehicle, now, iterations, now % SEEDS)


def _movable(state: DispatchState) -> list[tuple[int, int, int]]:
    """(vehicle, position of pickup, position of drop-off) of the bookings that may still change their place:
    firm, not at the door of a vehicle, in a route without open offers."""
    tables = state.routes.tables
    vehicles = tables.vehicles[: tables.size]
    found: list[tuple[int, int, int]] = []
    for v in np.flatnonzero((vehicles[:, ft.STOPS] >= 2) & (vehicles[:, ft.IN_SERVICE] == 1)).tolist():
        count, visit = int(vehicles[v, ft.STOPS]), int(vehicles[v, ft.VISIT_STOPS])
        stops = tables.stops[v, :count, : ft.OFFER + 1].tolist()
        if any(stop[ft.OFFER] for stop in stops):
            continue
        down = {stop[ft.REQUEST]: k for k, stop in enumerate(stops) if stop[ft.KIND] == ft.DROPOFF}
        found += [
            (v, k, down[stop[ft.REQUEST]])
            for k, stop in enumerate(stops)
            if stop[ft.KIND] == ft.PICKUP and k >= visit
        ]
    return found


def _fill(
    ask: NDArray[np.int64], state: DispatchState, routes: RouteBook, v: int, up: int, down: int, now: int
) -> None:
    """The query of a booking with the limits that stand in its route."""
    stops = routes.tables.stops[v]
    pickup, dropoff = stops[up].tolist(), stops[down].tolist()
    ride_16 = dropoff[ft.WAIT_WEIGHT]
    ask[:] = (
        pickup[ft.REQUEST], pickup[ft.NODE], dropoff[ft.NODE], pickup[ft.EARLIEST], pickup[ft.LATEST],
        dropoff[ft.LATEST], dropoff[ft.MAX_RIDE], pickup[ft.SEATS], pickup[ft.CHAIRS], pickup[ft.SERVICE],
        pickup[ft.EARLIEST], pickup[ft.WAIT_WEIGHT] + ride_16, ride_16, now, now, 0,
    )  # fmt: skip


def _without_base_drives(order: list[Stop]) -> list[Stop]:
    return [stop for stop in order if stop[0] != ft.TO_BASE]


def _groups(state: DispatchState, changed: dict[int, list[Stop]]) -> list[list[int]]:
    """Vehicles that exchange riders, directly or through others, together; each group sorted."""
    leader = {v: v for v in changed}

    def find(v: int) -> int:
        while leader[v] != v:
            v = leader[v]
        return v

    tables = state.routes.tables
    home = {
        row[ft.REQUEST]: v
        for v in changed
        for row in tables.stops[v, : int(tables.vehicles[v, ft.STOPS]), : ft.REQUEST + 1].tolist()
        if row[ft.REQUEST] != ft.NOBODY
    }
    for v, order in changed.items():
        for _, request in order:
            if request != ft.NOBODY:
                one, other = find(home[request]), find(v)
                leader[max(one, other)] = min(one, other)
    groups: dict[int, list[int]] = {}
    for v in sorted(changed):
        groups.setdefault(find(v), []).append(v)
    return list(groups.values())
