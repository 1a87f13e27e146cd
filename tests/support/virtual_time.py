"""An asyncio loop whose clock jumps to the next timer instead of sleeping."""

from __future__ import annotations

import asyncio
import selectors
from typing import Any


class _JumpingSelector(selectors.DefaultSelector):
    """Never sleeps: tells its loop how long it would have."""

    loop: VirtualTimeLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout > 0:
            self.loop.elapsed_s += timeout
        return super().select(0)


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Time passes only when nothing is left to do."""

    def __init__(self, start_s: float = 0.0) -> None:
        selector = _JumpingSelector()
        super().__init__(selector)
        selector.loop = self
        self.elapsed_s = start_s

    def time(self) -> float:
        # Rounded to a microsecond: sums of waits must meet whole seconds exactly.
        return round(self.elapsed_s, 6)


class VirtualClock:
    """The loop's time as seconds of the service day."""

    def __init__(self, loop: VirtualTimeLoop) -> None:
        self._loop = loop

    def now_s(self) -> int:
        return int(self._loop.time())


async def act(party: Any, runner: Any, clock: VirtualClock) -> None:
    """Let a party speak whenever it has something to say, until cancelled; one that can hear hears all."""
    heard = asyncio.Event()

    def hear(records: Any, now: int) -> None:
        if hasattr(party, "hear"):
            party.hear(records, now)
        heard.set()

    runner.listen(hear)
    while True:
        heard.clear()
        at = party.next_time()
        if at is None or at > clock.now_s():
            try:
                await asyncio.wait_for(heard.wait(), None if at is None else at - clock.now_s())
            except TimeoutError:
                pass
            else:
                continue
        for sender, sequence, row in party.messages(clock.now_s()):
            runner.submit(sender, sequence, row)
        await asyncio.sleep(0)
