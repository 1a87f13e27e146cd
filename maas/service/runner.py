"""The live clock: one writer on an asyncio loop around the same dispatcher that a simulation runs.

Everybody who has something to say calls `submit`. What has come in by the time the loop turns is one batch,
ordered by (rank, sender, sequence); it is decided, recorded, then published. An answer within the same second
joins a following batch. What the dispatcher wanted to be woken for is heard at the second that it named, also
where the loop comes to it a little later.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from operator import index

from maas.dispatch import codec
from maas.dispatch.codec import Row
from maas.dispatch.dispatcher import Dispatcher, Record, rank_key
from maas.domain.errors import CommandError, ServingError
from maas.service.wall_clock import Clock

_LOG = logging.getLogger(__name__)

TIMER = -1
"""Sender of the dispatcher's own wake-ups."""

_CATCH_UP_S = 3600
"""Wake-ups that are later than this are heard at the present second."""

_LOOK_AGAIN_S = 60
"""Longest sleep without a look at the clock, which may have been set meanwhile."""

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
        Where it raises, serving ends; called again, `serve` begins with these records.
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
        self._unsaid: list[tuple[list[Record], int]] = []
        self._bell = asyncio.Event()
        self._is_closing = False
        self._is_behind = False
        self._is_torn = False

    def listen(self, listener: Listener) -> None:
        """Call `listener(records, now)` after each batch."""
        self._listeners.append(listener)

    def submit(self, sender: int, sequence: int, row: Row) -> None:
        """Say something to the dispatcher; call from the loop's own thread.

        Raises
        ------
        CommandError
            If the row names what does not exist, or holds a figure out of range; it is not heard then.
        """
        try:
            numbers = tuple(map(index, row))
        except TypeError as error:
            raise CommandError(f"row {row!r} of sender {sender} must hold whole numbers ({error})") from error
        self._dispatcher.check(numbers, self._clock.now_s())
        self._inbox.append((sender, sequence, numbers))
        self._bell.set()

    def close(self) -> None:
        """Stop serving once what has been said is handled."""
        self._is_closing = True
        self._bell.set()

    async def serve(self) -> None:
        """Handle batches until `close`.

        Raises
        ------
        ServingError
            If the dispatcher failed in the middle of a batch before: only its journal tells what holds.
        """
        if self._is_torn:
            raise ServingError(
                "the dispatcher failed within a batch; begin again with one folded from the journal"
            )
        self._publish()
        while True:
            await self._wait()
            for _ in range(_TURNS):
                await asyncio.sleep(0)
            now = self._now()
            while (late := self._late_wakeup(now)) is not None:
                self._handle([(TIMER, 0, (codec.WAKE,))], late)
            batch, self._inbox = self._inbox, []
            self._bell.clear()
            wakeup = self._dispatcher.next_wakeup()
            if wakeup is not None and wakeup <= now:
                batch.append((TIMER, 0, (codec.WAKE,)))
            if batch:
                self._handle(batch, now)
            if self._is_closing and not self._inbox:
                return

    def _now(self) -> int:
        """The present second; a clock set back does not reorder what has been recorded."""
        now, last = self._clock.now_s(), self._dispatcher.last_s
        if last is None or now >= last:
            self._is_behind = False
            return now
        if not self._is_behind:
            _LOG.warning(
                "the clock says second %d, second %d has been recorded: until it is there again everything"
                " happens at that second; set the clock right",
                now,
                last,
            )
        self._is_behind = True
        return last

    def _late_wakeup(self, now: int) -> int | None:
        """Second of a wake-up that is over, and that nothing was recorded after."""
        wakeup, last = self._dispatcher.next_wakeup(), self._dispatcher.last_s
        if wakeup is None or last is None or not max(last + 1, now - _CATCH_UP_S) <= wakeup < now:
            return None
        return wakeup

    async def _wait(self) -> None:
        """Until somebody speaks, the dispatcher wants to be woken, or a minute has passed."""
        wakeup = self._dispatcher.next_wakeup()
        left_s = _LOOK_AGAIN_S if wakeup is None else max(0, wakeup - self._clock.now_s())
        try:
            await asyncio.wait_for(self._bell.wait(), min(left_s, _LOOK_AGAIN_S))
        except TimeoutError:
            return

    def _handle(self, batch: list[Message], now: int) -> None:
        batch.sort(key=rank_key)
        self._is_torn = True
        records = self._dispatcher.handle_batch([row for _, _, row in batch], now)
        self._is_torn = False
        _LOG.debug("second %d: %d commands, %d records", now, len(batch), len(records))
        self._unsaid.append((records, now))
        self._publish()

    def _publish(self) -> None:
        """Keep and tell what has been decided, in order: nobody hears of what is not safe."""
        while self._unsaid:
            records, now = self._unsaid[0]
            if self._keep is not None:
                self._keep(records)
            del self._unsaid[0]
            for listener in self._listeners:
                listener(records, now)
