"""Engines measured in turns on the same questions, and the rule that makes a run void.

Passes alternate between the engines, and each pass begins with another one, so that a machine that slows
down slows all of them.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import Any, Final

import numpy as np
import numpy.typing as npt

PASSES: Final = 5
_SHORT_S: Final = 0.1
_SHORT_PASSES: Final = 15
_LONG_S: Final = 10.0
_LONG_PASSES: Final = 3
_VERY_LONG_S: Final = 40.0
_QUICK_PASSES: Final = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What is measured.

    Parameters
    ----------
    name, title
        In the history, and in the table.
    unit
        `s`, `ms`, `us` (CPU time of one answer) or `M/s` (million answers in a second of CPU time).
    answers
        Answers that one pass gives.
    """

    name: str
    title: str
    unit: str
    answers: int = 1

    def value(self, cpu_s: float) -> float:
        """A pass of so many CPU seconds, in the unit."""
        if self.unit == "M/s":
            return self.answers / cpu_s / 1e6
        return cpu_s / self.answers * {"s": 1.0, "ms": 1e3, "us": 1e6}[self.unit]


@dataclass(frozen=True, slots=True)
class Work:
    """How one engine does it.

    Parameters
    ----------
    run
        What is timed.
    lengths
        The answer of `run` as whole numbers, not timed; None for preparation, which is judged by the answers
        that follow.
    """

    run: Callable[[], Any]
    lengths: Callable[[Any], npt.ArrayLike] | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """CPU seconds of each pass of each engine that can do it, and how the answers disagree, if they do."""

    asked: Asked
    cpu_s: Mapping[str, Sequence[float]]
    disagreements: tuple[str, ...] = ()

    def value(self, engine: str) -> float:
        """Median over the passes, in the unit."""
        return self.asked.value(median(self.cpu_s[engine]))

    def times_faster(self, engine: str, than: str) -> float:
        """Median over the passes that both did of how many times less CPU time `engine` took."""
        pairs = zip(self.cpu_s[than], self.cpu_s[engine], strict=False)
        return median(theirs / ours for theirs, ours in pairs)


def timed_in_turns(
    asked: Asked,
    works: Mapping[str, Work],
    *,
    is_quick: bool = False,
    clock: Callable[[], float] = process_time,
) -> Timed:
    """Let every engine answer in turns, and compare all answers with the first one given.

    Raises
    ------
    ValueError
        When the answers of some engines can be compared and those of others cannot.
    """
    unchecked = [engine for engine, work in works.items() if work.lengths is None]
    if 0 < len(unchecked) < len(works):
        raise ValueError(
            f"{asked.name}: nobody checks what {', '.join(unchecked)} answers; give the lengths too"
        )
    cpu_s: dict[str, list[float]] = {engine: [] for engine in works}
    wanted = dict.fromkeys(works, 1)
    first: tuple[str, str] | None = None
    disagreements: dict[str, str] = {}
    turn = 0
    while any(len(cpu_s[engine]) < wanted[engine] for engine in works):
        for engine in _rotated(tuple(works), turn):
            if len(cpu_s[engine]) >= wanted[engine]:
                continue
            gc.collect()
            begun = clock()
            answer = works[engine].run()
            cpu_s[engine].append(clock() - begun)
            wanted[engine] = passes_for(cpu_s[engine][0], is_quick=is_quick)
            lengths = works[engine].lengths
            if lengths is None:
                continue
            found = checksum(lengths(answer))
            first = first or (engine, found)
            if found != first[1]:
                disagreements[engine] = f"{asked.name}: {engine} answers {found}, {first[0]} {first[1]}"
        turn += 1
    return Timed(asked, cpu_s, tuple(disagreements.values()))


def passes_for(first_s: float, *, is_quick: bool = False) -> int:
    """Passes of work that took so many seconds at first: many if it is short, fewer than `PASSES` if long."""
    if is_quick:
        return 1 if first_s > _LONG_S else _QUICK_PASSES
    if first_s > _VERY_LONG_S:
        return 1
    if first_s > _LONG_S:
        return _LONG_PASSES
    return _SHORT_PASSES if first_s < _SHORT_S else PASSES


def checksum(lengths: npt.ArrayLike) -> str:
    """Eight hex digits over whole numbers and their shape; whatever type holds them."""
    array = np.ascontiguousarray(lengths, np.int64)
    digest = hashlib.blake2b(array.tobytes(), digest_size=4)
    digest.update(str(array.shape).encode())
    return digest.hexdigest()


def comparison_table(title: str, measured: Iterable[Timed], engines: Sequence[str]) -> str:
    """Value of each engine, and of others how many times as long they take as the first; "-" where an engine
    cannot; passes in brackets where they are fewer than `PASSES`."""
    ours, width = engines[0], 21
    lines = [f"{title:<34}{'unit':<5}{ours:>13}" + "".join(f"{peer:>{width}}" for peer in engines[1:])]
    for timed in measured:
        cells = []
        for engine in engines:
            if engine not in timed.cpu_s:
                cells.append("-")
                continue
            passes = len(timed.cpu_s[engine])
            ratio = (
                f" {timed.times_faster(ours, engine):.2f}x" if engine != ours and ours in timed.cpu_s else ""
            )
            cells.append(
                f"{_shown(timed.value(engine))}{ratio}" + (f" [{passes}]" if passes < PASSES else "")
            )
        lines.append(
            f"{timed.asked.title:<34}{timed.asked.unit:<5}{cells[0]:>13}"
            + "".join(f"{cell:>{width}}" for cell in cells[1:])
        )
    return "\n".join(lines)


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}" if value < 100 else f"{value:.0f}"


def _rotated(engines: tuple[str, ...], by: int) -> tuple[str, ...]:
    cut = by % len(engines)
    return engines[cut:] + engines[:cut]
