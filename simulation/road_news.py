"""What becomes known of closed and slower roads during a day."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import astuple

from maas.dispatch import codec
from routing.road_book import RoadChange
from simulation.drivers import Message

ROADS = -2
"""Sender of the messages."""


class RoadNews:
    """Tells the dispatcher of each change at the second at which it becomes known.

    Parameters
    ----------
    road_changes
        (second, change), in order of the seconds.
    """

    def __init__(self, road_changes: Sequence[tuple[int, RoadChange]] = ()) -> None:
        self._news: deque[tuple[int, Message]] = deque(
            (known_s, (ROADS, number, (codec.CHANGE_ROADS, number, *astuple(change))))
            for number, (known_s, change) in enumerate(road_changes, start=1)
        )

    def next_time(self) -> int | None:
        """Second of the next message, None for never."""
        return self._news[0][0] if self._news else None

    def messages(self, now: int) -> list[Message]:
        """Messages that are due."""
        found: list[Message] = []
        while self._news and self._news[0][0] <= now:
            found.append(self._news.popleft()[1])
        return found
