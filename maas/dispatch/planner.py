"""Whoever answers when a solve is wanted: solves in place and speaks after a set delay, on either clock."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from maas.dispatch import codec
from maas.dispatch.batches import batch_proposal
from maas.dispatch.codec import Row
from maas.dispatch.dispatcher import Dispatcher, Record
from maas.dispatch.replanning import proposals, repair_proposal

SOLVER = -3
"""Sender of proposals."""

Message = tuple[int, int, Row]


class Planner:
    """A party of a simulated day, or of a live one whose solves are short.

    The solve stops by iterations, so the same day gives the same proposals. It is made for the second at
    which its answer will be heard.
    """

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._due: list[tuple[int, int, Row]] = []
        self._sequence = 0
        self._number = 0

    def next_time(self) -> int | None:
        """When it has something to say, None for not for now."""
        return self._due[0][0] if self._due else None

    def messages(self, now: int) -> list[Message]:
        """What it says at second `now`."""
        said: list[Message] = []
        while self._due and self._due[0][0] <= now:
            _, sequence, row = heapq.heappop(self._due)
            said.append((SOLVER, sequence, row))
        return said

    def hear(self, records: Iterable[Record], now: int) -> None:
        """Solve what was asked for."""
        for _, _, events in records:
            for event in events:
                if event[0] == codec.SOLVE_REQUESTED:
                    self._solve(now, now)
                elif event[0] == codec.REPAIR_REQUESTED:
                    self._repair(now)

    def resume(self, now: int) -> None:
        """After a restart: solve again, as of second `now`, what the dispatcher's records ask for and do not
        answer; proposals are numbered on from theirs.

        That a solve found nothing better is not recorded: it is solved again, and that is all.
        """
        solves: list[int] = []
        is_repair_due = False
        for at, command, events in self._dispatcher.records:
            if command[0] in (codec.PROPOSE_STOP, codec.PROPOSE_PLAN, codec.PROPOSE_REPAIR):
                self._number = max(self._number, command[1])
            if command[0] == codec.PROPOSE_PLAN:
                solves = [base for base in solves if self._answered_at(base, base) > at]
            elif command[0] == codec.PROPOSE_REPAIR:
                is_repair_due = False
            solves += [event[1] for event in events if event[0] == codec.SOLVE_REQUESTED]
            is_repair_due |= any(event[0] == codec.REPAIR_REQUESTED for event in events)
        if is_repair_due:
            self._repair(now)
        if solves:
            nights = [base for base in solves if self._is_overnight(base)]
            self._solve(now, (nights or solves)[-1])

    def _is_overnight(self, base_s: int) -> bool:
        rule = self._dispatcher.state.service.replanning
        return rule is not None and rule.is_overnight(base_s)

    def _answered_at(self, now: int, base_s: int) -> int:
        """When a solve that begins now is heard; it was asked for at `base_s`."""
        service = self._dispatcher.state.service
        if service.batching is not None:
            return now + service.batching.delay_s
        rule = service.replanning
        if rule is None:
            return now
        return now + (rule.overnight_delay_s if rule.is_overnight(base_s) else rule.delay_s)

    def _solve(self, now: int, base_s: int) -> None:
        state = self._dispatcher.state
        service = state.service
        at = self._answered_at(now, base_s)
        if service.batching is not None:
            rows = batch_proposal(state, self._number + 1, at)
        elif service.replanning is not None:
            rows = proposals(state, self._number + 1, at, is_overnight=self._is_overnight(base_s))
        else:
            return
        self._say(at, rows)

    def _repair(self, now: int) -> None:
        rule = self._dispatcher.state.service.replanning
        if rule is not None:
            at = now + rule.delay_s
            self._say(at, repair_proposal(self._dispatcher.state, self._number + 1, at))

    def _say(self, at: int, rows: list[Row]) -> None:
        for row in rows:
            self._sequence += 1
            heapq.heappush(self._due, (at, self._sequence, row))
        self._number += sum(row[0] != codec.PROPOSE_STOP for row in rows)
