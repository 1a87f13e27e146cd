"""Offers to one request, sought one after the other while those before hold their places."""

from __future__ import annotations

from types import TracebackType

from maas.dispatch.asking import fill_ask
from maas.dispatch.codec import Row
from maas.dispatch.policies.offers import Window, offer_row, promise_of
from maas.dispatch.tables import DispatchState
from routing.fleet_tables import ASK_RIDE_WEIGHT, ASK_WAIT_WEIGHT
from routing.insertion import Insertion, new_ask


class Offering:
    """Tries offers on the routes themselves and takes them back on leaving the `with` block: the state is
    only read.

    Parameters
    ----------
    requested, command
        The `TripRequested` and `RequestTrip` rows.

    Attributes
    ----------
    rows
        The `TripOffered` rows so far.
    """

    def __init__(self, state: DispatchState, requested: Row, command: Row, now: int) -> None:
        self.rows: list[Row] = []
        self._state = state
        self._requested = requested
        self._command = command
        self._now = now
        self._ask = new_ask()
        self._kept: dict[int, tuple] = {}  # type: ignore[type-arg]  # two arrays, opaque here

    def __enter__(self) -> Offering:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for vehicle, kept in self._kept.items():
            self._state.routes.restore(vehicle, kept)

    @property
    def wait_16(self) -> int:
        """The service's weight of a second of waiting, in sixteenths."""
        return self._state.service.weights.wait_16

    def find(
        self, window: Window, vehicle: int | None = None, *, extra_16: tuple[int, int] = (0, 0)
    ) -> Insertion | None:
        """Cheapest place for the trip within the limits, in any route or in that of one vehicle.

        Parameters
        ----------
        extra_16
            What a second of her wait from the earliest pickup on, and of her ride, costs beside the service's
            weights, in sixteenths.
        """
        self._fill(window, self._state.service.rules.offer_hold_s)
        self._ask[ASK_WAIT_WEIGHT] += extra_16[0]
        self._ask[ASK_RIDE_WEIGHT] += extra_16[1]
        routes = self._state.routes
        return routes.search(self._ask) if vehicle is None else routes.search_in(vehicle, self._ask)

    def add(self, window: Window, found: Insertion, run: int = 0) -> None:
        """Offer what was found, and hold its place while others are sought."""
        state = self._state
        promise = promise_of(state, window, found)
        number = len(self.rows) + 1
        row = offer_row(state, self._requested, self._command, number, found, promise, run, self._now)
        self.rows.append(row)
        if number == state.service.rules.offers_max:
            return
        if found.vehicle not in self._kept:
            self._kept[found.vehicle] = state.routes.keep(found.vehicle)
        self._fill((*promise, window[3]), 0)
        state.routes.insert(
            found.vehicle,
            self._ask,
            (found.pickup_index, found.dropoff_index),
            number,
            self._now + state.service.rules.offer_hold_s,
            self._now,
        )

    def _fill(self, window: Window, hold_s: int) -> None:
        _, request, origin, destination, _, _, seats, chairs, *_ = self._requested
        fill_ask(
            self._ask,
            self._state.service,
            (request, origin, destination),
            window,
            (seats, chairs),
            self._now,
            hold_s,
        )
