"""Policy `insertion`: the cheapest place in any route, at once."""

from __future__ import annotations

from maas.dispatch.codec import Row
from maas.dispatch.policies.offering import Offering
from maas.dispatch.policies.offers import Window
from maas.dispatch.policies.refusals import explained_refusal
from maas.dispatch.policies.soft_limits import find_softly
from maas.dispatch.tables import DispatchState


class InsertionPolicy:
    """Cheapest feasible insertion over the fleet; alternatives earlier and later while offers are left to
    make."""

    def quote(self, state: DispatchState, requested: Row, command: Row, now: int) -> list[Row]:
        return answers(state, requested, command, now)


def answers(
    state: DispatchState, requested: Row, command: Row, now: int, vehicle: int | None = None
) -> list[Row]:
    """Offers of the cheapest places for a request, or a refusal.

    Parameters
    ----------
    vehicle
        Whose route is looked at first for what was asked for; the others only if it has no place.
    """
    rules, soft = state.service.rules, state.service.soft_limits
    earliest, latest_pickup, latest_dropoff, ride = requested[8:12]
    window = (earliest, latest_pickup, latest_dropoff, ride)
    with Offering(state, requested, command, now) as offering:
        for shift in _shifts(rules.offers_max, rules.alternative_step_s):
            moved = _moved(window, shift)
            if shift and now > moved[0] - rules.notice_min_s:
                continue
            found = None if vehicle is None or shift else offering.find(moved, vehicle)
            promised = moved
            if found is None and soft is not None and not shift:
                promised, found = find_softly(offering, moved, soft)
            elif found is None:
                found = offering.find(moved)
            if found is not None:
                offering.add(promised, found)
            if len(offering.rows) == rules.offers_max:
                break
    return offering.rows or [explained_refusal(state, requested, now)]


def _shifts(offers: int, step: int) -> tuple[int, ...]:
    """Seconds by which the wish is moved, in the order in which offers are sought: the wish, later, earlier,
    later still."""
    return (0,) if offers == 1 or step == 0 else (0, step, -step, 2 * step)[: offers + 1]


def _moved(window: Window, shift: int) -> Window:
    earliest, latest_pickup, latest_dropoff, ride = window
    return earliest + shift, latest_pickup + shift, latest_dropoff + shift, ride
