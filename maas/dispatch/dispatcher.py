"""The dispatcher: a state machine without a clock.

Commands go in with the second at which they are heard; events come out. Order of work: decide, record, apply.
The same object serves a simulation (rows, `handle_batch`) and a trial operation (objects, `handle`);
`next_wakeup` says when it wants to be asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from maas.dispatch import codec
from maas.dispatch.apply import apply
from maas.dispatch.batches import next_batch
from maas.dispatch.codec import PLACE_COLUMNS, Row
from maas.dispatch.command_checks import check_command
from maas.dispatch.decide import decide
from maas.dispatch.policies import policy_named
from maas.dispatch.replanning import next_solve
from maas.dispatch.repositioning import next_move
from maas.dispatch.tables import DispatchState, new_state
from maas.domain.commands import Command
from maas.domain.errors import CommandError, JournalError
from maas.domain.events import Event
from maas.service_definition import ServiceDefinition
from routing import fleet_tables as ft
from routing.errors import RoutingError
from routing.road_book import RoadBook, RoadChange
from routing.travel_times import TravelTables

Record = tuple[int, Row, tuple[Row, ...]]
"""(second, command row, event rows); places are node indices."""


class Dispatcher:
    """Hears commands, answers with events, remembers both.

    Parameters
    ----------
    service
        What is promised, with which fleet.
    roads
        The travel times over all nodes of the network: which hold when.
    node_id
        int64, shape (n,). Stable place_id of each node.

    Attributes
    ----------
    records
        The journal in memory: one record a command that had events.
    """

    def __init__(self, service: ServiceDefinition, roads: RoadBook, node_id: NDArray[np.int64]) -> None:
        self.state: DispatchState = new_state(service, roads, node_id)
        self.policy = policy_named(service.policy)
        self.records: list[Record] = []
        self.last_s: int | None = None
        self._index: dict[int, int] | None = None
        self._nodes = len(node_id)
        self._vehicles = self.state.routes.tables.size

    def next_wakeup(self) -> int | None:
        """Second at which a `Wake` is due (an offer has expired, other travel times hold, idle vehicles may
        move, better routes are wanted), None for never."""
        times = (self._next_decision(), self.state.border_s)
        return min((time for time in times if time is not None), default=None)

    @property
    def is_idle(self) -> bool:
        """Whether a `Wake` is due for nothing but other travel times."""
        return self._next_decision() is None

    def _next_decision(self) -> int | None:
        state = self.state
        times = [state.next_deadline()]
        if self.last_s is not None:
            times += [
                next_move(state, self.last_s),
                next_solve(state, self.last_s),
                next_batch(state, self.last_s),
            ]
        return min((time for time in times if time is not None), default=None)

    @property
    def tables(self) -> TravelTables:
        """The travel times in force."""
        return self.state.routes.travel

    @property
    def changes(self) -> tuple[RoadChange, ...]:
        """What is known of changing roads, in order of number."""
        return self.state.known_changes()

    def handle_batch(self, rows: Sequence[Row], now: int) -> list[Record]:
        """Hear all commands of one instant, ordered as `rank_key` says; returns the records they made.

        Raises
        ------
        CommandError
            If `now` lies before an earlier batch, or a row names what does not exist; nothing is heard then.
        """
        if self.last_s is not None and now < self.last_s:
            raise CommandError(f"commands of second {now} come after those of second {self.last_s}")
        for row in rows:
            self.check(row, now)
        self.last_s = now
        first = len(self.records)
        for row in rows:
            events = decide(self.state, self.policy, row, now)
            if not events:
                continue
            self.records.append((now, row, tuple(events)))
            for event in events:
                apply(self.state, event, now)
        return self.records[first:]

    def check(self, row: Row, now: int) -> None:
        """Refuse a command that no sender may send; the state is not looked at.

        Raises
        ------
        CommandError
            If a row names what does not exist, or holds a figure out of range.
        """
        check_command(row, now, self._nodes, self._vehicles)
        if row[0] == codec.CHANGE_ROADS:
            try:
                self.state.roads.check(RoadChange(*row[2:]))
            except RoutingError as error:
                raise CommandError(f"change {row[1]} of the roads: {error}") from error

    def handle(self, command: Command, now: int) -> tuple[Event, ...]:
        """Hear one command; its places and those of the events are place_ids."""
        row = self.to_indices(codec.to_row(command))
        records = self.handle_batch([row], now)
        return tuple(
            codec.to_object(self.to_places(event))  # type: ignore[misc]  # event rows only: kinds above FIRST_EVENT
            for _, _, events in records
            for event in events
        )

    def fold(self, records: Iterable[Record]) -> None:
        """Rebuild the state from recorded events, deciding nothing.

        Raises
        ------
        JournalError
            If an event does not fit the state it meets.
        """
        for number, (at, row, events) in enumerate(records, start=1):
            for event in events:
                try:
                    apply(self.state, event, at)
                except (LookupError, ValueError) as error:
                    raise JournalError(
                        f"record {number}: a {codec.NAME_OF.get(event[0], event[0])} event at second "
                        f"{at} does not fit "
                        f"what was recorded before it ({error}); the journal belongs to another "
                        "service or network"
                    ) from error
            self.records.append((at, row, events))
            self.last_s = at

    def replay(self, records: Iterable[Record]) -> None:
        """Decide every recorded command again and check that the same events follow.

        Raises
        ------
        JournalError
            At the first record whose events differ, naming it.
        """
        for number, (at, row, events) in enumerate(records, start=1):
            again = self.handle_batch([row], at)
            got = again[0][2] if again else ()
            if got != tuple(events):
                raise JournalError(
                    f"record {number} ({codec.NAME_OF[row[0]]} at second {at}) does not follow from "
                    "the records before it: "
                    f"{len(events)} events stand there, deciding again gives {len(got)} or other figures"
                )

    def heading(self, vehicle: int) -> tuple[int, int]:
        """Node that a driver is to drive to (`NOWHERE` for none) and the second at which to leave."""
        return self.state.routes.heading(vehicle)

    def is_at_stop(self, vehicle: int) -> bool:
        """Whether a visit of this vehicle is under way."""
        return bool(self.state.routes.tables.vehicles[vehicle, ft.DWELLING])

    def visit(self, vehicle: int) -> list[tuple[int, int, int, int]]:
        """(kind, request, planned start, planned departure) of each stop of the present visit."""
        tables = self.state.routes.tables
        count = int(tables.vehicles[vehicle, ft.VISIT_STOPS])
        rows = tables.stops[vehicle, :count, : ft.DEPART + 1].tolist()
        return [(row[ft.KIND], row[ft.REQUEST], row[ft.START], row[ft.DEPART]) for row in rows]

    def to_indices(self, row: Row) -> Row:
        """A row with place_ids, as the state wants it."""
        if self._index is None:
            self._index = {int(place): k for k, place in enumerate(self.state.node_id)}
        columns = PLACE_COLUMNS.get(row[0], ())
        if not columns:
            return row
        changed = list(row)
        for column in columns:
            place = row[column + 1]
            if place not in self._index:
                raise CommandError(
                    f"{codec.NAME_OF[row[0]]} names place {place}, which the network does not have; "
                    "use a place_id of its nodes"
                )
            changed[column + 1] = self._index[place]
        return tuple(changed)

    def to_places(self, row: Row) -> Row:
        """A row of the state with place_ids."""
        columns = PLACE_COLUMNS[row[0]]
        if not columns:
            return row
        changed = list(row)
        for column in columns:
            changed[column + 1] = int(self.state.node_id[row[column + 1]])
        return tuple(changed)


def rank_key(item: tuple[int, int, Row]) -> tuple[int, int, int]:
    """Order of commands of one instant: (rank of the kind, sender, sender's sequence number); `item` =
    (sender, sequence, row)."""
    return codec.RANK[item[2][0]], item[0], item[1]
