"""The figures that the routing core is to reach, beside what a run found.

Absolute times are those of a machine that finds the way from one node of New York to all in 36 ms by SciPy's
Dijkstra; on another machine they are scaled by what it takes there, measured in the same run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from benchmarks.goals import Goal
from benchmarks.routing_peers import OURS
from benchmarks.side_by_side import Timed

ROD_MS: Final = 36.0

_LIBRARY: Final = "pyroutingkit"


@dataclass(frozen=True, slots=True)
class Result:
    """What was found about one graph.

    Parameters
    ----------
    graph
        Its name.
    timed
        What was measured side by side, by name.
    values
        Other figures: nodes, mismatches, megabytes.
    rod_s
        CPU seconds of Dijkstra from one node of New York to all, measured around it; None if New York is not
        there.
    wrong
        How its answers differ from those of others, beside what `timed` knows.
    """

    graph: str
    timed: Mapping[str, Timed] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)
    rod_s: float | None = None
    wrong: tuple[str, ...] = ()

    @property
    def disagreements(self) -> tuple[str, ...]:
        """How answers differ, each with the graph; the run is void if there are any."""
        found = (text for timed in self.timed.values() for text in timed.disagreements)
        return tuple(f"{self.graph}/{text}" for text in (*found, *self.wrong))

    @property
    def scale(self) -> float:
        """How many times slower than the machine of the figures this one is; 1 if it is not known."""
        return 1.0 if self.rod_s is None else self.rod_s * 1e3 / ROD_MS


def goals(results: Iterable[Result]) -> list[Goal]:
    """The figures of which both sides were measured."""
    return [goal for result in results for goal in (*_ratios(result), *_times(result), *_others(result))]


_FASTER: Final = (
    ("luxembourg", "matrix_1000", _LIBRARY, 30.0),
    ("new_york", "matrix_1000", _LIBRARY, 45.0),
    ("campo_grande", "path", _LIBRARY, 1.0),
    ("luxembourg", "path", _LIBRARY, 1.0),
    ("new_york", "path", _LIBRARY, 1.0),
    ("campo_grande", "one_to_all_32", "scipy", 25.0),
    ("luxembourg", "one_to_all_32", "scipy", 25.0),
    ("new_york", "one_to_all_32", "scipy", 25.0),
)
"""Graph, figure, peer, and how many times faster than it."""

_ABSOLUTE: Final = (
    ("new_york", "matrix_5000", 40.0),
    ("new_york", "query", 35.0),
    ("luxembourg", "build", 1.5),
    ("new_york", "build", 6.0),
    ("luxembourg", "customise", 30.0),
    ("new_york", "customise", 450.0),
    ("sakura", "prepare", 1.0),
)
"""Graph, figure, and value on a machine of `ROD_MS`."""

_UPDATES: Final = (
    ("update_near", 1 / 20),
    ("update_random", 1 / 5),
    ("update_near_chained", 1 / 20),
    ("update_random_chained", 1 / 5),
)
"""Figure, and its share of customising anew, on New York."""

_VALUES: Final = (
    ("luxembourg", "mismatches_raw", 0.0, ""),
    ("luxembourg", "mismatches_main_part", 0.0, ""),
    ("new_york", "peak_mb", 400.0, "MB"),
    ("luxembourg", "metric_bytes_per_arc", 40.0, "B"),
    ("new_york", "metric_bytes_per_arc", 40.0, "B"),
    ("four_new_yorks", "peak_mb", 3000.0, "MB"),
)
"""Graph, value, most that it may be, unit."""


def _ratios(result: Result) -> Iterable[Goal]:
    for graph, figure, peer, bound in _FASTER:
        timed = result.timed.get(figure)
        if graph == result.graph and timed and peer in timed.cpu_s:
            title = f"{graph}: {timed.asked.title}, against {peer}"
            yield Goal(title, timed.times_faster(OURS, peer), bound, "times", is_at_least=True)


def _times(result: Result) -> Iterable[Goal]:
    for graph, figure, bound in _ABSOLUTE:
        if graph == result.graph and figure in result.timed:
            timed = result.timed[figure]
            is_rate = timed.asked.unit == "M/s"
            scaled = bound / result.scale if is_rate else bound * result.scale
            yield Goal(
                f"{graph}: {timed.asked.title}",
                timed.value(OURS),
                scaled,
                timed.asked.unit,
                is_at_least=is_rate,
            )


def _others(result: Result) -> Iterable[Goal]:
    if result.graph == "new_york" and "customise" in result.timed:
        whole = result.timed["customise"].value(OURS)
        for figure, share in _UPDATES:
            if figure in result.timed:
                timed = result.timed[figure]
                title = f"new_york: {timed.asked.title}, share of all"
                yield Goal(title, timed.value(OURS) / whole, share, "")
    for graph, name, bound, unit in _VALUES:
        if graph == result.graph and name in result.values:
            yield Goal(f"{graph}: {name.replace('_', ' ')}", result.values[name], bound, unit)
