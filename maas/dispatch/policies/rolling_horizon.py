"""Policy `rolling_horizon`: the cheapest place in any route, also if others have to change theirs for it."""

from __future__ import annotations

from maas.dispatch import codec
from maas.dispatch.asking import fill_ask
from maas.dispatch.codec import Row
from maas.dispatch.policies.insertion import InsertionPolicy
from maas.dispatch.proposals import own_plan
from maas.dispatch.tables import DispatchState
from routing.insertion import new_ask
from routing.replanning import Stop, room_for


class RollingHorizonPolicy:
    """Insertion, behind a short search for better routes with the newcomer among the riders.

    Riders who are booked but not yet picked up may change their place or their vehicle within their promises:
    so that a request has a place that had none, or that all together cost less. What is left to improve is
    for the solver that is asked from time to time.
    """

    def __init__(self) -> None:
        self._insertion = InsertionPolicy()

    def quote(self, state: DispatchState, requested: Row, command: Row, now: int) -> list[Row]:
        rule = state.service.replanning
        if rule is None or rule.request_iterations == 0:
            return self._insertion.quote(state, requested, command, now)
        saving, orders = _room(state, requested, rule.request_iterations, now)
        plan = own_plan(state, orders, saving // 16, now) if orders else []
        if plan:
            kept = {vehicle: state.routes.keep(vehicle) for vehicle in orders}
            try:
                state.routes.rearrange(orders, now)
                answer = self._insertion.quote(state, requested, command, now)
            finally:
                for vehicle, rows in kept.items():
                    state.routes.restore(vehicle, rows)
            if answer[0][0] == codec.TRIP_OFFERED:
                return [*plan, *answer]
        return self._insertion.quote(state, requested, command, now)


def _room(
    state: DispatchState, requested: Row, iterations: int, now: int
) -> tuple[int, dict[int, list[Stop]]]:
    """Sixteenths of seconds saved, and new orders of the stops of those who make room."""
    _, request, origin, destination, _, _, seats, chairs, *window = requested
    earliest, latest_pickup, latest_dropoff, ride = window[:4]
    ask = new_ask()
    fill_ask(
        ask,
        state.service,
        (request, origin, destination),
        (earliest, latest_pickup, latest_dropoff, ride),
        (seats, chairs),
        now,
        state.service.rules.offer_hold_s,
    )
    return room_for(state.routes, ask, state.routes.search(ask), iterations, request)
