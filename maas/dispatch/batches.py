"""Requests that are answered together: when, by what proposal, and with which offers."""

from __future__ import annotations

from maas.dispatch import codec
from maas.dispatch import tables as t
from maas.dispatch.codec import Row
from maas.dispatch.dispatch_problem import problem_of
from maas.dispatch.policies.insertion import answers
from maas.dispatch.rehearsal import Rehearsal
from maas.dispatch.tables import DispatchState, orders_of
from maas.domain.values import DropReason
from routing import fleet_tables as ft


def next_batch(state: DispatchState, after: int) -> int | None:
    """First second after `after` at which a solver is to be asked; None while nobody waits for an answer."""
    rule = state.service.batching
    if rule is None or not state.gathered:
        return None
    return (after // rule.every_s + 1) * rule.every_s


def batch_requested(state: DispatchState, now: int) -> list[Row]:
    """The `SolveRequested` row of a wake-up at which somebody waits for an answer."""
    rule = state.service.batching
    if rule is None or now % rule.every_s or not state.gathered:
        return []
    return [(codec.SOLVE_REQUESTED, now)]


def batch_proposal(state: DispatchState, number: int, now: int) -> list[Row]:
    """Commands that propose who serves the gathered requests as of second `now`: the new order of stops of
    each vehicle that gets some of them, then a `ProposePlan`. Bookings stay in their routes, in their order.
    """
    from routing.batch_assignment import assign_in_batch  # CP-SAT takes a while to load

    waiting = sorted(state.gathered)
    rows: list[Row] = []
    made = problem_of(state, now, waiting=waiting)
    if made is not None:
        plan = assign_in_batch(made.problem, start=made.start, keeps_routes=True)
        for vehicle, order in made.orders(plan).items():
            stops = [stop for stop in order if stop[0] != ft.TO_BASE]
            rows.append((codec.PROPOSE_STOP, number, vehicle, 0, ft.TO_BASE, ft.NOBODY))
            rows += [
                (codec.PROPOSE_STOP, number, vehicle, position, *stop)
                for position, stop in enumerate(stops, start=1)
            ]
    count = sum(row[3] > 0 for row in rows)
    return [*rows, (codec.PROPOSE_PLAN, number, count, 0)]


def answer_batch(state: DispatchState, command: Row, now: int) -> list[Row]:
    """Offers and refusals of all who waited when the solver was asked: by the vehicle that was proposed if it
    has a place, otherwise as if they had asked now."""
    _, proposal, count, _ = command
    orders = orders_of(state, proposal)
    if sum(map(len, orders.values())) != count:
        return [(codec.PLAN_DROPPED, proposal, int(DropReason.INCOMPLETE))]
    due = [r for r in sorted(state.gathered) if state.requests[r, t.ASKED] <= state.solved_s]
    given = {
        request: vehicle
        for vehicle, order in sorted(orders.items())
        for kind, request in order
        if kind == ft.PICKUP and request in due and state.routes.tables.vehicles[vehicle, ft.IN_SERVICE]
    }
    others = [request for request in due if request not in given]
    rehearsal = Rehearsal(state, now)
    rehearsal.happen((codec.BATCH_ANSWERED, proposal, len(given), len(others)))
    for request in (*given, *others):
        trial = rehearsal.state
        requested, asked = _as_asked(trial, request)
        rehearsal.happen(*answers(trial, requested, asked, now, given.get(request)))
    return rehearsal.events


def _as_asked(state: DispatchState, request: int) -> tuple[Row, Row]:
    """The `TripRequested` and `RequestTrip` rows of a gathered request, as far as an answer needs them."""
    row = state.request_row(request)
    age_band, is_disabled = state.gathered[request]
    ends = row[t.ORIGIN], row[t.DESTINATION]
    said = (request, *row[t.ORIGIN : t.CHAIRS + 1])
    limits = row[t.EARLIEST : t.MAX_RIDE + 1]
    return (
        (codec.TRIP_REQUESTED, *said, *limits, *state.routes.direct(*ends)),
        (codec.REQUEST_TRIP, *said, age_band, 0, 0, is_disabled, 0, 0),
    )
