"""What a journal says about changing roads, checked record by record."""

from __future__ import annotations

from collections.abc import Iterator

from maas.dispatch import codec
from maas.dispatch.codec import NAME_OF, Row
from maas.domain.values import BreachCause

_AS_PLANNED_PM = 1000
_CAUSE = 6


class RoadRecords:
    """Folds what is known of changing roads.

    Parameters
    ----------
    has_hours
        Whether planned times differ by the hour, so that others may hold at any time.
    """

    def __init__(self, has_hours: bool) -> None:
        self._has_hours = has_hours
        self._known: dict[int, Row] = {}
        self._edges: set[int] = set()
        self._switched_s: int | None = None

    def findings(self, at: int, command: Row, events: tuple[Row, ...]) -> Iterator[str]:
        """What is wrong with a record: a change that means nothing or that nobody told, other travel times
        without a reason, and what only roads can bring about without them."""
        kinds = [event[0] for event in events]
        for event in events:
            if event[0] == codec.ROADS_CHANGED:
                yield from self._changed(command, event)
        if codec.TRAVEL_TIMES_CHANGED in kinds:
            yield from self._switched(at, kinds, events[kinds.index(codec.TRAVEL_TIMES_CHANGED)])
        if codec.ROADS_CHANGED in kinds or codec.TRAVEL_TIMES_CHANGED in kinds:
            return
        for event in events:
            by_roads = event[0] == codec.PROMISE_BROKEN and event[_CAUSE] == BreachCause.ROADS
            if by_roads or event[0] == codec.DROPOFF_MOVED:
                yield f"{NAME_OF[event[0]]} of request {event[1]} blames roads that did not change"

    def _changed(self, command: Row, event: Row) -> Iterator[str]:
        _, number, reference, *_, factor_pm, begin_s, end_s = event
        if command != (codec.CHANGE_ROADS, *event[1:]):
            yield f"RoadsChanged {number} is not what was told"
        if number < 1 or reference < 1:
            yield f"RoadsChanged {number} names road {reference}; both count from 1"
        if 0 < factor_pm <= _AS_PLANNED_PM or factor_pm < 0:
            yield f"RoadsChanged {number} makes {factor_pm} per mille of the planned time"
        if end_s <= begin_s:
            yield f"RoadsChanged {number} ends at {end_s} s, not after its begin at {begin_s} s"
        if self._known.get(number) == event:
            yield f"RoadsChanged {number} says what is known"
        self._known[number] = event
        self._edges |= {begin_s, end_s}

    def _switched(self, at: int, kinds: list[int], event: Row) -> Iterator[str]:
        if event[1] != at:
            yield f"TravelTimesChanged names second {event[1]}; it happens at {at} s"
        if kinds.count(codec.TRAVEL_TIMES_CHANGED) > 1:
            yield "travel times change twice"
        # Others hold as something has been told, has begun or has ended since they last changed.
        since = self._switched_s
        is_due = any((since is None or since < edge) and edge <= at for edge in self._edges)
        if not (self._has_hours or codec.ROADS_CHANGED in kinds or is_due):
            yield "travel times change without a change of the roads"
        self._switched_s = at
