"""What was measured of insertion searches: rows for the history, a table, and the figures to reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from benchmarks.goals import Goal
from benchmarks.history_file import Figure
from benchmarks.routing_goals import ROD_MS

ROD: Final = "Dijkstra from one node of new_york to all (scipy)"

BOUNDS_US: Final[Mapping[str, float]] = {"300x20": 120.0, "2000x6": 300.0}
"""By case: most that one insertion may take on a machine of `ROD_MS`."""


@dataclass(frozen=True, slots=True)
class Timing:
    """One insertion search after another, against one fleet.

    Parameters
    ----------
    network, case, kind
        Where, against which fleet, and which requests.
    warm_s, cold_s, exhaustive_s
        CPU seconds of each search: ours right after the one before, ours with other things in the caches,
        and the exhaustive one.
    found
        How many of the requests fit somewhere, as a share.
    wrong
        Requests that were answered otherwise than by the exhaustive search.
    """

    network: str
    case: str
    kind: str
    warm_s: Sequence[float]
    cold_s: Sequence[float]
    exhaustive_s: Sequence[float]
    found: float
    wrong: int

    @property
    def name(self) -> str:
        """In the history."""
        return f"{self.network}/{self.case}/{self.kind}"

    @property
    def warm_us(self) -> float:
        """Median."""
        return 1e6 * median(self.warm_s)

    @property
    def cold_us(self) -> float:
        """Median."""
        return 1e6 * median(self.cold_s)

    @property
    def times_faster(self) -> float:
        """Than the exhaustive search, warm, median against median."""
        return median(self.exhaustive_s) / median(self.warm_s)


def rows_of(timings: Iterable[Timing], rod_s: float | None) -> list[Figure]:
    """Rows for the history: ours as a ratio to the yardstick, the exhaustive search to ours."""
    rows = []
    for one in timings:
        for what, measured_s in (("warm", one.warm_s), ("cold", one.cold_s)):
            ratio = None if rod_s is None else median(measured_s) / rod_s
            ratio_to = None if rod_s is None else ROD
            value = 1e6 * median(measured_s)
            rows.append(Figure(f"{one.name}/{what}", value, "us", ratio, ratio_to, len(measured_s)))
        exhaustive_us = 1e6 * median(one.exhaustive_s)
        rows.append(
            Figure(
                f"{one.name}/exhaustive", exhaustive_us, "us", one.times_faster, "maas",
                len(one.exhaustive_s), "more",
            )
        )  # fmt: skip
    if rod_s is not None:
        rows.append(Figure("yardstick_ms", 1e3 * rod_s, "ms", better=""))
    return rows


def goals(timings: Iterable[Timing], rod_s: float | None) -> list[Goal]:
    """The figures of the cases that have one; without a yardstick unscaled."""
    scale = 1.0 if rod_s is None else 1e3 * rod_s / ROD_MS
    return [
        Goal(f"{one.name}: one insertion", one.warm_us, scale * BOUNDS_US[one.case], "us")
        for one in timings
        if one.case in BOUNDS_US
    ]


def timing_table(timings: Sequence[Timing]) -> str:
    """One line a fleet and kind of request."""
    lines = [
        f"{'one insertion, CPU us, median':<34}{'warm':>9}{'cold':>9}{'exhaustive':>13}{'times':>8}{'fit':>7}"
    ]
    for one in timings:
        exhaustive_us = 1e6 * median(one.exhaustive_s)
        lines.append(
            f"{one.name:<34}{one.warm_us:>9.1f}{one.cold_us:>9.1f}{exhaustive_us:>13,.0f}"
            f"{one.times_faster:>8.0f}{100 * one.found:>6.1f}%"
        )
    return "\n".join(lines)
