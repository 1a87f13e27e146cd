"""Simulated riders: they ask, choose an offer within limits, walk to the stop, cancel, or fail to show."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

import numpy as np

from maas.dispatch import codec
from maas.dispatch.codec import Row
from maas.dispatch.dispatcher import Record
from maas.domain.values import TimeKind
from scenarios.demand_day import NEVER, DemandDay

Message = tuple[int, int, Row]

FIRST_RIDER = 1_000_000
"""Senders from here on are riders; below are vehicles."""


class Riders:
    """All riders of a day; request number = row of the day.

    Parameters
    ----------
    day
        Who wants to go where, and how each behaves.
    """

    def __init__(self, day: DemandDay) -> None:
        columns = (
            day.pickup, day.dropoff, day.time_kind, day.wish_s, day.seats, day.wheelchairs, day.age_band,
            day.channel, day.area, day.is_disabled.astype(np.int32), day.is_resident.astype(np.int32),
            day.purpose,
        )  # fmt: skip
        self._rows: list[Row] = [
            (codec.REQUEST_TRIP, request, *row)
            for request, row in enumerate(zip(*(c.tolist() for c in columns), strict=True))
        ]
        self._asks_at = day.booked_at_s.tolist()
        self._wish = day.wish_s.tolist()
        self._by_arrival = (day.time_kind == TimeKind.ARRIVE_BY).tolist()
        self._walk = day.walk_to_pickup_s.tolist()
        self._answer = day.answer_s.tolist()
        self._max_shift = day.max_shift_s.tolist()
        self._cancels_at = day.cancels_at_s.tolist()
        self._is_no_show = day.is_no_show.tolist()
        self._ready: dict[int, int] = {}
        self._next_ask = 0
        self._heap: list[tuple[int, int, Row]] = []
        self._sequence = 0

    def next_time(self) -> int | None:
        """Second at which a rider says something next, None for never."""
        times = [self._heap[0][0]] if self._heap else []
        if self._next_ask < len(self._asks_at):
            times.append(self._asks_at[self._next_ask])
        return min(times, default=None)

    def messages(self, now: int) -> list[Message]:
        """What riders say now."""
        found: list[Message] = []
        while self._heap and self._heap[0][0] <= now:
            _, sequence, row = heapq.heappop(self._heap)
            found.append((FIRST_RIDER + row[1], sequence, row))
        asks_at = self._asks_at
        while self._next_ask < len(asks_at) and asks_at[self._next_ask] <= now:
            request = self._next_ask
            self._next_ask += 1
            self._sequence += 1
            found.append((FIRST_RIDER + request, self._sequence, self._rows[request]))
        return found

    def hear(self, records: Iterable[Record], now: int) -> None:
        """React to offers and bookings."""
        for _, command, events in records:
            if command[0] in (codec.REQUEST_TRIP, codec.PROPOSE_PLAN):
                offers: dict[int, list[Row]] = {}
                for event in events:
                    if event[0] == codec.TRIP_OFFERED:
                        offers.setdefault(event[1], []).append(event)
                for offered in offers.values():
                    self._answer_offers(offered, now)
            elif command[0] == codec.ACCEPT_OFFER:
                for event in events:
                    if event[0] == codec.TRIP_BOOKED:
                        self._booked(event, now)

    def ready_at(self, request: int) -> int | None:
        """Second at which the rider of a booking is at her stop, None if she will not come."""
        return self._ready.get(request)

    def _later(self, at: int, row: Row) -> None:
        self._sequence += 1
        heapq.heappush(self._heap, (at, self._sequence, row))

    def _answer_offers(self, offers: list[Row], now: int) -> None:
        """Take the offer nearest to the wish, if it is near enough; the earlier number wins ties."""
        request = offers[0][1]
        wish = self._wish[request]
        time_of = 7 if self._by_arrival[request] else 6
        shift, number = min((abs(offer[time_of] - wish), offer[2]) for offer in offers)
        row: Row = (codec.DECLINE_OFFERS, request)
        if shift <= self._max_shift[request]:
            row = (codec.ACCEPT_OFFER, request, number)
        self._later(now + self._answer[request], row)

    def _booked(self, event: Row, now: int) -> None:
        request, promised = event[1], event[5]
        if not self._is_no_show[request]:
            self._ready[request] = max(now + self._walk[request], promised)
        cancels = self._cancels_at[request]
        if cancels != NEVER:
            self._later(max(now + 1, cancels), (codec.CANCEL_TRIP, request))
