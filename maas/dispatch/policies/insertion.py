"""Policy `insertion`: the cheapest place in any route, at once."""

from __future__ import annotations

from maas.dispatch.apply import apply
from maas.dispatch.asking import fill_ask
from maas.dispatch.codec import Row
from maas.dispatch.policies.offers import Window, explained_refusal, offer_row, promise_of
from maas.dispatch.tables import DispatchState
from routing.insertion import new_ask


class InsertionPolicy:
    """Cheapest feasible insertion over the fleet; alternatives earlier and later while offers are left to
    make."""

    def __init__(self) -> None:
        self._ask = new_ask()

    def quote(self, state: DispatchState, requested: Row, command: Row, now: int) -> list[Row]:
        rules = state.service.rules
        (
            _,
            request,
            origin,
            destination,
            _,
            _,
            seats,
            chairs,
            earliest,
            latest_pickup,
            latest_dropoff,
            ride,
            _,
            _,
        ) = requested
        window = (earliest, latest_pickup, latest_dropoff, ride)
        fill_ask(
            self._ask,
            state.service,
            (request, origin, destination),
            window,
            (seats, chairs),
            now,
            rules.offer_hold_s,
        )
        found = state.routes.search(self._ask)
        if rules.offers_max == 1:
            if found is None:
                return [explained_refusal(state, requested, now)]
            return [offer_row(state, requested, command, 1, found, promise_of(state, window, found), 0, now)]
        offers: list[Row] = []
        trial = state.fork()
        apply(trial, requested, now)
        for shift in _shifts(rules.offers_max, rules.alternative_step_s):
            if len(offers) == rules.offers_max:
                break
            moved = _moved(window, shift)
            if moved[0] < now or moved[1] < now:
                continue
            if shift and now > moved[0] - rules.notice_min_s:
                continue
            fill_ask(
                self._ask,
                trial.service,
                (request, origin, destination),
                moved,
                (seats, chairs),
                now,
                rules.offer_hold_s,
            )
            found = trial.routes.search(self._ask)
            if found is None:
                continue
            promise = promise_of(state, moved, found)
            offers.append(offer_row(state, requested, command, len(offers) + 1, found, promise, 0, now))
            apply(trial, offers[-1], now)
        return offers or [explained_refusal(state, requested, now)]


def _shifts(offers: int, step: int) -> tuple[int, ...]:
    """Seconds by which the wish is moved, in the order in which offers are sought: the wish, later, earlier,
    later still."""
    return (0, step, -step, 2 * step)[: offers + 1]


def _moved(window: Window, shift: int) -> Window:
    earliest, latest_pickup, latest_dropoff, ride = window
    return earliest + shift, latest_pickup + shift, latest_dropoff + shift, ride
