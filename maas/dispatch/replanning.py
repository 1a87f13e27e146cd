"""When routes are planned anew, and the proposals that come of it."""

from __future__ import annotations

from maas.dispatch import codec
from maas.dispatch.codec import Row
from maas.dispatch.plan_engines import SEEDS, solved_routes
from maas.dispatch.tables import DispatchState
from maas.domain.planning_rules import DAY_S
from routing import fleet_tables as ft
from routing.replanning import Stop, improved_routes, may_improve


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
    if rule is None:
        return []
    is_due = now % rule.every_s == 0 and state.route_changes != state.solved_changes
    if not (is_due or rule.is_overnight(now)) or not may_improve(state.routes):
        return []
    return [(codec.SOLVE_REQUESTED, now)]


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
    if rule is None or not may_improve(state.routes):
        return []
    if is_overnight:
        saving, changed = solved_routes(
            state, now, rule.problem_engine, rule.overnight_iterations, pays_way_home=True
        )
    elif rule.engine == "reinsertion":
        saving, changed = improved_routes(state.routes, now, rule.iterations, now % SEEDS)
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
