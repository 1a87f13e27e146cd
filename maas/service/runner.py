"""The live clock: one writer on an asyncio loop around the same dispatcher that a simulation runs.

Everybody who has something to say calls `submit`. What has come in by the time the loop turns is one batch,
ordered by (rank, sender, sequence); it is decided, recorded, then published. An answer within the same second
joins a following batch.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from maas.dispatch import codec
from maas.dispatch.codec import Row
from maas.dispatch.dispatcher import Dispatcher, Record, rank_key
from maas.service.wall_clock import Clock

_LOG = logging.getLogger(__name__)

TIMER = -1
"""Sender of the dispatcher's own wake-ups."""

_TURNS = 3
"""Turns of the loop that a batch waits for others who speak in the same instant; no time passes in them."""

Message = tuple[int, int, Row]
"""(sender, the sender's sequence number, command row with node indices)."""

Listener = Callable[[Sequence[Record], int], None]


class Runner:
    """Single writer: hears messages, keeps the journal, tells listeners.

    Parameters
    ----------
    dispatcher
        The state machine; nobody else may touch it while the runner serves.
    clock
        What time it is.
    keep
        Called with the records of a batch before anybody hears of them; returns only when they are safe.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        clock: Clock,
        keep: Callable[[Sequence[Record]], None] | None = None,
    ) -> None:
        self._dispatcher = dispatcher
        self._clock = clock
        self._keep = keep
        self._listeners: list[Listener] = []
        self._inbox: list[Message] = []
        self._bell = asyncio.Event()
        self._is_closing = False

    def listen(self, listener: Listener) -> None:
        """Call `listener(records, now)` after each batch."""
        self._listeners.append(listener)

    def submit(self, sender: int, sequence: int, row: Row) -> None:
        """Say something to the dispatcher; call from the loop's own thread."""
        self._inbox.append((sender, sequence, row))
        self._bell.set()

    def close(self) -> None:
        """Stop serving once what has been said is handled."""
        self._is_closing = True
        self._bell.set()

    async def serve(self) -> None:
        """Handle batches until `close`."""
        while True:
            await self._wait()
            for _ in range(_TURNS):
                await asyncio.sleep(0)
            now = self._clock.now_s()
            if self._dispatcher.last_s is not None:
                # A clock set back must not reorder what has been recorded.
                now = max(now, self._dispatcher.last_s)
            batch, self._inbox = self._inbox, []
            self._bell.clear()
            wakeup = self._dispatcher.next_wakeup()
            if wakeup is not None and wakeup <= now:
                batch.append((TIMER, 0, (codec.WAKE,)))
            if batch:
                self._handle(batch, now)
            elif self._is_closing:
                return

    async def _wait(self) -> None:
        """Until somebody speaks, or the dispatcher wants to be woken."""
        wakeup = self._dispatcher.next_wakeup()
        if wakeup is None:
            await self._bell.wait()
            return
        try:
            await asyncio.wait_for(self._bell.wait(), max(0, wakeup - self._clock.now_s()))
        except TimeoutError:
            return

    def _handle(self, batch: list[Message], now: int) -> None:
        batch.sort(key=rank_key)
        records = self._dispatcher.handle_batch([row for _, _, row in batch], now)
        _LOG.debug("second %d: %d commands, %d records", now, len(batch), len(records))
        if self._keep is not None:
            self._keep(records)
        for listener in self._listeners:
            listener(records, now)
