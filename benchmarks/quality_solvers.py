"""The solvers that are compared, ours first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from benchmarks.quality_peers import PEERS, Answer, IsEnough, Solver
from routing.plan import Plan
from routing.problem import Problem
from routing.solve import solve

OURS: Final = "sisr"


@dataclass(frozen=True, slots=True)
class _Engine:
    """An engine of this project."""

    name: str
    package: str
    is_seeded: bool

    def refusal(self, problem: Problem) -> str | None:
        return None

    def solve(self, problem: Problem, seed: int, cpu_s: float, is_enough: IsEnough | None = None) -> Answer:
        asked = None
        if is_enough is not None and self.name == OURS:
            asked = _asked(is_enough)
        found = solve(problem, self.name, seed=seed, seconds=cpu_s, is_enough=asked)
        return Answer(found.plan.routes, found.cpu_s)


def _asked(is_enough: IsEnough) -> Callable[[Plan], bool]:
    return lambda plan: not plan.unserved and is_enough(plan.routes)


_ENGINES: Final[dict[str, Solver]] = {
    OURS: _Engine(OURS, "numba", is_seeded=True),
    "ortools": _Engine("ortools", "ortools", is_seeded=False),
}


@cache
def solvers() -> dict[str, Solver]:
    """Those that are installed."""
    found = dict(_ENGINES)
    for name, peer in PEERS.items():
        try:
            version(peer.package)
        except PackageNotFoundError:
            continue
        found[name] = peer
    return found


def solver_names() -> tuple[str, ...]:
    """All that are compared, there or not."""
    return (*_ENGINES, *PEERS)
