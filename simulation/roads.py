"""What driving really takes: as planned for the hour, or by the traffic of the day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from routing.road_book import RoadBook, RoadChange

_END_OF_TIME_S = 2**30


class Roads(Protocol):
    """Where a vehicle is that left for a place."""

    def under_way(self, origin: int, destination: int, left_s: int, now_s: int) -> tuple[int, int, int]:
        """(node, second, metres) at the first node reached at or after `now_s`, the destination at the
        latest."""

    def arrives_at(self, origin: int, destination: int, left_s: int) -> int:
        """Second of arriving."""

    def metres(self, origin: int, destination: int) -> int:
        """Metres driven when it has arrived."""

    def switch(self, changes: Sequence[RoadChange], since_s: int) -> None:
        """From now on the roads are those of second `since_s`, under these changes; before the first call
        those of midnight, unchanged."""


class PlannedRoads:
    """Driving takes exactly as long as planned; the rules of the workloads."""

    def __init__(self, book: RoadBook) -> None:
        self._book = book
        self.switch((), 0)

    def switch(self, changes: Sequence[RoadChange], since_s: int) -> None:
        self._times = self._book.travel_times(changes, since_s)
        self._from_s = self._times.tables.from_s

    def under_way(self, origin: int, destination: int, left_s: int, now_s: int) -> tuple[int, int, int]:
        return self._times.next_node_at(origin, destination, left_s, now_s)

    def arrives_at(self, origin: int, destination: int, left_s: int) -> int:
        return left_s + int(self._from_s[origin, destination])

    def metres(self, origin: int, destination: int) -> int:
        return self._times.metres_along(origin, destination)


class TrafficRoads:
    """Each arc takes the planned time that holds, multiplied by the chance of its road class and of the
    quarter of an hour.

    Parameters
    ----------
    factors
        float64, shape (road classes, slots).
    slot_s
        Seconds a slot.
    """

    def __init__(self, book: RoadBook, factors: NDArray[np.float64], slot_s: int) -> None:
        self._book = book
        self._factors = factors
        self._slot_s = slot_s
        self.switch((), 0)

    def switch(self, changes: Sequence[RoadChange], since_s: int) -> None:
        self._times = self._book.travel_times(changes, since_s)

    def under_way(self, origin: int, destination: int, left_s: int, now_s: int) -> tuple[int, int, int]:
        node, at_ms, metres = self._times.drive(
            origin, destination, left_s * 1000, now_s * 1000, self._factors, self._slot_s
        )
        return node, (at_ms + 999) // 1000, metres

    def arrives_at(self, origin: int, destination: int, left_s: int) -> int:
        _, at_ms, _ = self._times.drive(
            origin, destination, left_s * 1000, _END_OF_TIME_S * 1000, self._factors, self._slot_s
        )
        return (at_ms + 500) // 1000

    def metres(self, origin: int, destination: int) -> int:
        return self._times.metres_along(origin, destination)
