"""The simulated clock: one SimPy process that carries riders, drivers and news from instant to instant."""

from __future__ import annotations

from collections.abc import Generator
from operator import itemgetter
from typing import Any

import simpy

from maas.dispatch import codec
from maas.dispatch.codec import RANK
from maas.dispatch.dispatcher import Dispatcher
from maas.dispatch.planner import Planner
from simulation.drivers import Drivers, Message
from simulation.riders import Riders
from simulation.road_news import RoadNews

TIMER = -1
"""Sender of the dispatcher's own wake-ups."""


def _order(message: Message) -> tuple[int, int, int]:
    return RANK[message[2][0]], message[0], message[1]


_ROW = itemgetter(2)


class Engine:
    """Runs a day: sleeps to the next second at which somebody acts, and calls the dispatcher once a batch.

    What the riders and drivers say in answer within the same second joins a following batch of that second.
    """

    def __init__(
        self, dispatcher: Dispatcher, riders: Riders, drivers: Drivers, news: RoadNews | None = None
    ) -> None:
        self._dispatcher = dispatcher
        self._riders = riders
        self._drivers = drivers
        self._planner = Planner(dispatcher)
        self._parties = (drivers, riders, RoadNews() if news is None else news, self._planner)

    def run(self) -> None:
        """Run until nobody has anything left to do."""
        first = self._next_time()
        if first is None:
            return
        environment = simpy.Environment(initial_time=first)
        environment.process(self._clock(environment))
        environment.run()

    def _next_time(self) -> int | None:
        """Second at which somebody acts next; None once nobody waits for more than another hour's roads."""
        times = [party.next_time() for party in self._parties]
        if all(time is None for time in times) and self._dispatcher.is_idle:
            return None
        return min(time for time in (*times, self._dispatcher.next_wakeup()) if time is not None)

    def _clock(self, environment: simpy.Environment) -> Generator[Any, Any, None]:
        while (at := self._next_time()) is not None:
            now = int(environment.now)
            if at > now:
                yield environment.timeout(at - now)
                now = at
            self._instant(now)

    def _instant(self, now: int) -> None:
        """One batch: everything that is said now, in order of rank."""
        dispatcher = self._dispatcher
        batch = [message for party in self._parties for message in party.messages(now)]
        wakeup = dispatcher.next_wakeup()
        if wakeup is not None and wakeup <= now:
            batch.append((TIMER, 0, (codec.WAKE,)))
        if len(batch) > 1:
            batch.sort(key=_order)
        records = dispatcher.handle_batch(list(map(_ROW, batch)), now)
        self._riders.hear(records, now)
        self._drivers.hear(records, now)
        self._planner.hear(records, now)
