"""Half of the requests of Mielec booked four hours ahead, as MATSim has it, and what each rule is worth.

Who books ahead is known: MATSim goes through the persons of its population, in the order of their ids here,
and draws from Java's generator with its default seed. Its rules differ in two ways from what the dispatcher
does by itself:

- an insertion costs all the time that it adds to the vehicle's work, and the wait for a rider who may not
  board yet is work (`InsertionDetourTimeCalculator`: the stop ends no earlier than the booked departure);
- the vehicle drives to the pickup at once and stands there, free to be sent elsewhere
  (`DefaultRequestInsertionScheduler`, `scheduleWaitBeforeDrive` off).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from maas.domain.planning_rules import Waiting
from scenarios.csv_table import read_csv
from scenarios.demand_day import demand_day
from scenarios.errors import WorkloadError
from scenarios.prepared import PreparedScenario, RecordedDemand
from scenarios.streams import uniforms
from simulation.validation_answers import JITTER_S, Answer, answer_of, recorded_day

AHEAD_S: Final = 4 * 3600
SHARE: Final = 0.5
MATSIM_SEED: Final = 4711
"""`global.randomSeed` of MATSim where a configuration says nothing."""

HALF_AHEAD: Final = Answer(26, 232.76, 389.09)
"""`testRunDrtWithPrebooking` of RunDrtExampleIT, commit cc916dc: 205 of 388 requests known four hours ahead,
rejections on."""

OURS: Final = Waiting()
AS_MATSIM: Final = Waiting(drives_first=True, idle_cost_percent=100)
WAITINGS: Final = (
    OURS,
    Waiting(drives_first=True),
    Waiting(idle_cost_percent=100),
    AS_MATSIM,
)
"""What vehicles do before a rider who is booked may board: as by default, each rule alone, both."""


@dataclass(frozen=True, slots=True)
class PrebookedDays:
    """The day with half of its requests booked ahead.

    Parameters
    ----------
    moved
        By waiting, with MATSim's own draw: the day as recorded, then with every request moved by up to
        `JITTER_S` seconds either way, one answer a seed, half as many as draws.
    drawn
        By waiting: as recorded, one answer a draw of who books ahead.
    """

    moved: tuple[tuple[Waiting, tuple[Answer, ...]], ...]
    drawn: tuple[tuple[Waiting, tuple[Answer, ...]], ...]


def prebooked_days(
    strict: PreparedScenario, folder: Path, days: int, progress: Callable[[], None]
) -> PrebookedDays:
    """Simulate the days.

    Parameters
    ----------
    strict
        The day by MATSim's rules, with limits.
    folder
        The workload, whose requests name their persons.
    days
        Draws, twice as many as days with moved requests.
    progress
        Called after each day.

    Raises
    ------
    WorkloadError
        When the requests name no persons.
    """
    persons = read_csv(folder / "requests.csv", ("request", "person"), WorkloadError)
    is_ahead = dict(
        zip(persons.integers("request").tolist(), drawn_by_java(persons.texts("person")), strict=True)
    )
    matsim = booked_ahead(strict, np.array([is_ahead[int(r)] for r in recorded_day(strict).rider]))

    def told(prepared: PreparedScenario, seed: int = 0, jitter_s: int = 0) -> Answer:
        answer = answer_of(prepared, seed, jitter_s)
        progress()
        return answer

    moved = tuple(
        (
            waiting,
            tuple(
                told(waiting_so(matsim, waiting), seed, JITTER_S if seed else 0)
                for seed in range(days // 2 + 1)
            ),
        )
        for waiting in WAITINGS
    )
    drawn = tuple(
        (
            waiting,
            tuple(told(waiting_so(known_ahead(strict, SHARE, seed), waiting)) for seed in range(1, days + 1)),
        )
        for waiting in (OURS, AS_MATSIM)
    )
    return PrebookedDays(moved, drawn)


def day_count(days: int) -> int:
    """How many days `prebooked_days` simulates."""
    return len(WAITINGS) * (days // 2 + 1) + 2 * days


def drawn_by_java(persons: Sequence[str], share: float = SHARE, seed: int = MATSIM_SEED) -> list[bool]:
    """Who books ahead: in the order of the ids, whose draw is at most `share`.

    The draws are those of `java.util.Random.nextDouble`, a linear congruential generator of 48 bits that
    takes 26 and 27 of them for each number.
    """
    state = (seed ^ 0x5DEECE66D) & (2**48 - 1)

    def bits(count: int) -> int:
        nonlocal state
        state = (state * 0x5DEECE66D + 0xB) & (2**48 - 1)
        return state >> (48 - count)

    found = [False] * len(persons)
    for row in sorted(range(len(persons)), key=persons.__getitem__):
        found[row] = ((bits(26) << 27) + bits(27)) * 2.0**-53 <= share
    return found


def known_ahead(prepared: PreparedScenario, share: float, seed: int) -> PreparedScenario:
    """The same with a share of the recorded requests, drawn by rider, known four hours ahead."""
    return booked_ahead(prepared, uniforms(seed, "known ahead", recorded_day(prepared).rider)[:, 0] < share)


def booked_ahead(prepared: PreparedScenario, is_ahead: npt.NDArray[np.bool_]) -> PreparedScenario:
    """The same with these of the recorded requests known four hours ahead: bool, shape (n,)."""
    day = recorded_day(prepared)
    columns = {name: getattr(day, name) for name in day.__slots__}
    columns["booked_at_s"] = day.wish_s - np.where(is_ahead, AHEAD_S, 0)
    return replace(prepared, demand=RecordedDemand(demand_day(**columns)))


def waiting_so(prepared: PreparedScenario, waiting: Waiting) -> PreparedScenario:
    """The same with vehicles that wait as told."""
    return replace(prepared, service=replace(prepared.service, waiting=waiting))
