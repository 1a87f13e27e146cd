"""A decision in several steps: each event is tried on a copy of the state before the next one is sought."""

from __future__ import annotations

from collections.abc import Collection

from maas.dispatch import codec
from maas.dispatch.apply import apply
from maas.dispatch.codec import Row
from maas.dispatch.tables import DispatchState
from routing import fleet_tables as ft


class Rehearsal:
    """The state as it will be after the events decided so far.

    Attributes
    ----------
    events
        The event rows so far.
    state
        A copy of the state to which they have happened.
    now
        Second of the decision.
    """

    __slots__ = ("events", "now", "state")

    def __init__(self, state: DispatchState, now: int) -> None:
        self.state = state.fork()
        self.events: list[Row] = []
        self.now = now

    def happen(self, *rows: Row) -> None:
        """These events follow next."""
        for row in rows:
            self.events.append(row)
            apply(self.state, row, self.now)

    def tell_drivers(self, vehicles: Collection[int]) -> None:
        """New routes of vehicles, as they have come to be."""
        for vehicle in sorted(vehicles):
            # The trial has turned already: its leg is the new one, or still the old one.
            after = self.state.routes.tables.vehicles[vehicle].tolist()
            keeps_leg = after[ft.GOAL] != ft.NOWHERE and after[ft.LEAVE] < self.now
            ready = after[ft.LEAVE] if keeps_leg else after[ft.READY]
            self.happen((codec.ROUTE_CHANGED, vehicle, after[ft.VERSION] + 1, after[ft.LEG_FROM], ready))
