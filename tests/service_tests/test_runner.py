"""The live loop: what is heard is kept before anybody is told, and nobody's mistake stops it for the others.

Time is virtual: the loop's clock jumps to the next timer. A line of five nodes, one car, 10 s between
neighbours, visits of 60 s.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from maas.dispatch import codec
from maas.dispatch import tables as t
from maas.dispatch.codec import Row
from maas.dispatch.dispatcher import Dispatcher, Record
from maas.domain.commands import AcceptOffer, Command
from maas.domain.errors import CommandError, JournalError, ServingError
from maas.domain.planning_rules import Replanning
from maas.domain.values import TripStatus
from maas.service.runner import Runner
from maas.service.wall_clock import Clock, WallClock
from maas.store.journal import JournalHeader, JournalWriter, read_journal
from tests.builders import line_network
from tests.support.desks import ask, one_car
from tests.support.services import RULES, desk, service, vehicle
from tests.support.virtual_time import VirtualClock, VirtualTimeLoop

RIDER = 1_000_000


class ShiftedClock:
    """The loop's time, set forward or back by as much as `shift_s` says at the moment."""

    def __init__(self, loop: VirtualTimeLoop) -> None:
        self._clock = VirtualClock(loop)
        self.shift_s = 0

    def now_s(self) -> int:
        return self._clock.now_s() + self.shift_s


def row_of(dispatcher: Dispatcher, command: Command) -> Row:
    return dispatcher.to_indices(codec.to_row(command))


def run(main: Callable[[VirtualTimeLoop], Coroutine[None, None, None]]) -> None:
    loop = VirtualTimeLoop()
    try:
        loop.run_until_complete(main(loop))
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()


def status(dispatcher: Dispatcher, request: int) -> TripStatus:
    return TripStatus(int(dispatcher.state.requests[request, t.STATUS]))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ((codec.ACCEPT_OFFER, -1, 1), "request number -1 must lie between"),
        ((codec.ACCEPT_OFFER, 1, 2**70), "AcceptOffer holds 1180591620717411303424"),
        ((codec.ACCEPT_OFFER, 1), "AcceptOffer with 1 columns is no command"),
        ((codec.ACCEPT_OFFER, 1, 1.5), "whole numbers"),
        ((codec.ACCEPT_OFFER, 1, "1"), "whole numbers"),
        ((codec.ACCEPT_OFFER, 1, None), "whole numbers"),
        ((codec.WAKE, 7), "Wake with 1 columns is no command"),
        ((99, 7), "99 with 1 columns is no command"),
        ((), "an empty row is no command"),
        ((codec.ARRIVE_AT_STOP, 0, 1, 2**63, 0), "holds 9223372036854775808"),
        ((codec.DEPART_STOP, 3, 0, 0), "vehicle 3; the fleet has vehicles 0 to 0"),
        ((codec.CHANGE_ROADS, 1, 1, 0, 0, 0, 0, 500, 10, 5), "change 1 of the roads"),
    ],
)
def test_what_no_sender_may_say_is_refused_to_him_alone(row: Row, words: str) -> None:
    dispatcher = one_car()

    async def main(loop: VirtualTimeLoop) -> None:
        runner = Runner(dispatcher, VirtualClock(loop))
        serving = asyncio.ensure_future(runner.serve())
        runner.submit(RIDER, 1, row_of(dispatcher, ask(1, 2, 4, 100)))
        with pytest.raises(CommandError, match=words):
            runner.submit(RIDER + 1, 1, row)
        runner.close()
        await serving

    run(main)
    assert [record[1][0] for record in dispatcher.records] == [codec.REQUEST_TRIP]


def test_nobody_hears_of_what_could_not_be_kept_and_nothing_of_it_is_lost(tmp_path: Path) -> None:
    """The disk is full when the booking is written: serving ends. With room again the same runner writes the
    booking first, and what is said next after it: the journal has no hole."""
    dispatcher = one_car(offer_hold_s=60)
    header = JournalHeader(
        date="2026-11-24", title="full", network_hash="", scenario_hash="", seed=0, areas=("a",),
        purposes=("b",), service=dispatcher.state.service,
    )  # fmt: skip
    path = tmp_path / "live.jsonl"
    writer = JournalWriter.create(path, header, dispatcher.state.node_id, is_synced=False)
    heard: list[int] = []
    is_full = False

    def keep(records: Sequence[Record]) -> None:
        if is_full:
            raise JournalError("no room")
        writer.append(records)

    async def main(loop: VirtualTimeLoop) -> None:
        nonlocal is_full
        runner = Runner(dispatcher, VirtualClock(loop), keep)
        runner.listen(lambda records, now: heard.extend(record[1][0] for record in records))
        serving = asyncio.ensure_future(runner.serve())
        runner.submit(RIDER, 1, row_of(dispatcher, ask(1, 2, 4, 100)))
        await asyncio.sleep(5)
        is_full = True
        runner.submit(RIDER, 2, row_of(dispatcher, AcceptOffer(1, 1)))
        with pytest.raises(JournalError, match="no room"):
            await serving
        assert heard == [codec.REQUEST_TRIP]
        is_full = False
        serving = asyncio.ensure_future(runner.serve())
        runner.submit(RIDER + 1, 1, row_of(dispatcher, ask(2, 1, 3, 200)))
        runner.close()
        await serving

    run(main)
    writer.close()
    assert heard == [codec.REQUEST_TRIP, codec.ACCEPT_OFFER, codec.REQUEST_TRIP]
    again = one_car(offer_hold_s=60)
    again.fold(read_journal(path).to_indices(again.state.node_id))
    assert status(again, 1) == TripStatus.BOOKED
    assert again.records == dispatcher.records


def test_a_dispatcher_that_failed_within_a_batch_is_not_asked_again() -> None:
    """A fault of the program while a batch is decided: part of it is in the state, nothing in the journal."""
    dispatcher = one_car()
    kept: list[Record] = []

    class Faulty:
        def quote(self, *_: object) -> list[Row]:
            raise ZeroDivisionError

    dispatcher.policy = Faulty()

    async def main(loop: VirtualTimeLoop) -> None:
        runner = Runner(dispatcher, VirtualClock(loop), kept.extend)
        for request in (1, 2):
            runner.submit(RIDER, request, row_of(dispatcher, ask(request, 2, 4, 100)))
        with pytest.raises(ZeroDivisionError):
            await runner.serve()
        with pytest.raises(ServingError, match="begin again with one folded from the journal"):
            await runner.serve()

    run(main)
    assert kept == []


def overnight_town() -> Dispatcher:
    """Two cars and two riders booked for the next day; everything is planned anew at 100 s each day."""
    replanning = Replanning(every_s=86_400, overnight_iterations=5, overnight_at_s=100)
    fleet = vehicle("a", 0, end_s=200_000), vehicle("b", 4, end_s=200_000)
    rules = replace(RULES, max_wait_s=1800, offer_hold_s=10)
    return desk(line_network(), service(fleet, rules, policy="rolling_horizon", replanning=replanning))


def solves_of(dispatcher: Dispatcher) -> list[int]:
    return [
        at
        for at, _, events in dispatcher.records
        if any(event[0] == codec.SOLVE_REQUESTED for event in events)
    ]


@pytest.mark.parametrize("late_s", [0, 1, 20, 3000])
def test_a_solve_due_at_a_set_second_is_not_missed_by_a_busy_moment(late_s: int) -> None:
    """The loop comes to it `late_s` too late, as the machine was busy with something else."""
    dispatcher = overnight_town()

    async def main(loop: VirtualTimeLoop) -> None:
        clock = ShiftedClock(loop)
        runner = Runner(dispatcher, clock)
        serving = asyncio.ensure_future(runner.serve())
        for request in (1, 2):
            runner.submit(RIDER, 1, row_of(dispatcher, ask(request, request, 4, 90_000)))
            await asyncio.sleep(1)
            runner.submit(RIDER, 2, row_of(dispatcher, AcceptOffer(request, 1)))
            await asyncio.sleep(1)
        await asyncio.sleep(90)
        clock.shift_s = late_s + 100 - clock.now_s()
        runner.close()
        await serving

    run(main)
    assert solves_of(dispatcher) == [100]


def test_a_clock_set_forward_is_noticed_within_a_minute() -> None:
    """An offer made at 0 s expires at 7,200 s; the clock jumps from 10 s to 7,300 s."""
    dispatcher = one_car(offer_hold_s=7200, max_wait_s=9000, detour_beta_s=9000)
    dispatcher.handle(ask(1, 2, 4, 0), 0)

    async def main(loop: VirtualTimeLoop) -> None:
        clock = ShiftedClock(loop)
        runner = Runner(dispatcher, clock)
        serving = asyncio.ensure_future(runner.serve())
        await asyncio.sleep(10)
        clock.shift_s = 7290
        await asyncio.sleep(60)
        assert status(dispatcher, 1) == TripStatus.EXPIRED
        runner.close()
        await serving

    run(main)


def test_a_clock_set_back_is_told_once_and_reorders_nothing(caplog: pytest.LogCaptureFixture) -> None:
    dispatcher = one_car()

    async def main(loop: VirtualTimeLoop) -> None:
        clock = ShiftedClock(loop)
        runner = Runner(dispatcher, clock)
        serving = asyncio.ensure_future(runner.serve())
        await asyncio.sleep(500)
        runner.submit(RIDER, 1, row_of(dispatcher, ask(1, 2, 4, 600)))
        await asyncio.sleep(1)
        clock.shift_s = -300
        for request in (2, 3):
            runner.submit(RIDER, 1, row_of(dispatcher, ask(request, 2, 4, 600)))
            await asyncio.sleep(1)
        runner.close()
        await serving

    with caplog.at_level(logging.WARNING):
        run(main)
    assert [at for at, _, _ in dispatcher.records] == [500, 500, 500]
    assert [record.getMessage() for record in caplog.records] == [
        "the clock says second 201, second 500 has been recorded: until it is there again everything happens"
        " at that second; set the clock right"
    ]


def test_seconds_before_midnight_are_whole_ones_too() -> None:
    clock: Clock = WallClock(time.time() + 10.5)
    assert clock.now_s() == -11
