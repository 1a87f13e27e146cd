"""Plans proposed by a solver: put together stop by stop, then adopted as a whole or dropped.

A proposal names the whole order of firm stops of each vehicle that it changes. It is dropped if those
vehicles have other stops by now than the solver knew of, or if a promise or a limit would be missed. Whatever
a solver says, the worst that follows is that nothing changes.
"""

from __future__ import annotations

from collections.abc import Sequence

from maas.dispatch import codec
from maas.dispatch import tables as t
from maas.dispatch.codec import Row
from maas.dispatch.releases import sent_home
from maas.dispatch.tables import DispatchState, orders_of
from maas.domain.values import DropReason
from routing import fleet_tables as ft
from routing.replanning import Stop, firm_stops

Orders = dict[int, list[Stop]]
"""New order of firm stops by vehicle."""

OWN_PROPOSAL = -1
"""Number of plans that the dispatcher makes itself; no solver can use it."""

_BREAK = (ft.BREAK, ft.NOBODY)


def propose_stop(state: DispatchState, command: Row, now: int) -> list[Row]:
    """One stop of a proposal is known."""
    return [(codec.STOP_PROPOSED, *command[1:])]


def propose_plan(state: DispatchState, command: Row, now: int) -> list[Row]:
    """A proposal is complete: adopt it with new routes for its vehicles, or drop it and say why."""
    _, proposal, count, saving_s = command
    orders = orders_of(state, proposal)
    if not orders or sum(map(len, orders.values())) != count:
        return [(codec.PLAN_DROPPED, proposal, int(DropReason.INCOMPLETE))]
    reason = fault_of(state, orders, now)
    if reason is not None:
        return [(codec.PLAN_DROPPED, proposal, int(reason))]
    return adopted(state, proposal, saving_s, orders, now)


def own_plan(state: DispatchState, orders: Orders, saving_s: int, now: int) -> list[Row]:
    """The events of a plan that the dispatcher itself has made and takes at once; empty if the fleet cannot
    take it."""
    if fault_of(state, orders, now) is not None:
        return []
    proposed: list[Row] = []
    for vehicle, order in sorted(orders.items()):
        # Position 0 names the vehicle, also one that is left without a stop.
        stops = [(ft.TO_BASE, ft.NOBODY), *order]
        proposed += [
            (codec.STOP_PROPOSED, OWN_PROPOSAL, vehicle, position, *stop)
            for position, stop in enumerate(stops)
        ]
    return [*proposed, *adopted(state, OWN_PROPOSAL, saving_s, orders, now)]


def adopted(state: DispatchState, proposal: int, saving_s: int, orders: Orders, now: int) -> list[Row]:
    """Events of a proposal that becomes routes."""
    events: list[Row] = [(codec.PLAN_ADOPTED, proposal, saving_s)]
    events += _moved_riders(state, orders)
    for vehicle, order in sorted(orders.items()):
        place, ready = state.routes.turning_point(vehicle, _first_node(state, orders, order), now)
        version = int(state.routes.tables.vehicles[vehicle, ft.VERSION]) + 1
        events.append((codec.ROUTE_CHANGED, vehicle, version, place, ready))
        if not order:
            events += sent_home(state, vehicle, place)
    return events


def fault_of(state: DispatchState, orders: Orders, now: int) -> DropReason | None:
    """Why the fleet cannot take these orders, None if it can."""
    tables = state.routes.tables
    present = {vehicle: firm_stops(tables.vehicles, tables.stops, vehicle) for vehicle in orders}
    had = [stop for stops in present.values() for stop in stops if stop[0] != ft.TO_BASE]
    if sorted(had) != sorted(stop for order in orders.values() for stop in order):
        return DropReason.FLEET_MOVED_ON
    for vehicle, order in orders.items():
        row = tables.vehicles[vehicle].tolist()
        is_held = bool(tables.stops[vehicle, : row[ft.STOPS], ft.OFFER].any())
        visit = row[ft.VISIT_STOPS]
        if not row[ft.IN_SERVICE] or is_held or order[:visit] != present[vehicle][:visit]:
            return DropReason.FLEET_MOVED_ON
    for vehicle, order in orders.items():
        stops = present[vehicle]
        if _on_board(order) != _on_board(stops) or order.count(_BREAK) != stops.count(_BREAK):
            return DropReason.NO_ROUTE
    kept = {vehicle: state.routes.keep(vehicle) for vehicle in orders}
    try:
        state.routes.rearrange(orders, now)
        holds = all(state.routes.keeps_limits(vehicle, *kept[vehicle]) for vehicle in orders)
    finally:
        for vehicle, rows in kept.items():
            state.routes.restore(vehicle, rows)
    return None if holds else DropReason.LIMIT_MISSED


def _on_board(order: Sequence[Stop]) -> set[int]:
    """Requests that a route drops off without having picked them up."""
    picked_up: set[int] = set()
    aboard: set[int] = set()
    for kind, request in order:
        if kind == ft.PICKUP:
            picked_up.add(request)
        elif kind == ft.DROPOFF and request not in picked_up:
            aboard.add(request)
    return aboard


def _moved_riders(state: DispatchState, orders: Orders) -> list[Row]:
    events: list[Row] = []
    for vehicle, order in sorted(orders.items()):
        for kind, request in order:
            if kind == ft.PICKUP:
                former = int(state.requests[request, t.VEHICLE])
                if former != vehicle:
                    events.append((codec.TRIP_REASSIGNED, request, former, vehicle))
    return events


def _first_node(state: DispatchState, orders: Orders, order: list[Stop]) -> int:
    """Node of the first stop of a new order, `NOWHERE` for an empty one."""
    if not order:
        return ft.NOWHERE
    tables = state.routes.tables
    for vehicle in orders:
        for row in tables.stops[vehicle, : int(tables.vehicles[vehicle, ft.STOPS]), : ft.OFFER + 1].tolist():
            if (row[ft.KIND], row[ft.REQUEST]) == order[0] and row[ft.OFFER] == 0:
                return int(row[ft.NODE])
    return ft.NOWHERE
