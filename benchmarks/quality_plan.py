"""Which runs are to be made, in which order, and how long they take at most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.quality_cases import FAMILIES, Case
from benchmarks.quality_goals import goal_budgets
from benchmarks.quality_peers import Solver
from benchmarks.quality_runs import Run
from routing.problem import Problem


class SeriesError(ValueError):
    """A series that is told wrongly; says how it is meant."""


@dataclass(frozen=True, slots=True)
class Series:
    """One family with one budget: seeds 1 to `seeds` of every `every`-th instance."""

    family: str
    budget_s: float
    seeds: int
    every: int = 1

    @classmethod
    def parse(cls, text: str) -> Series:
        """From `FAMILY:SECONDS:SEEDS` or `FAMILY:SECONDS:SEEDS:EVERY`.

        Raises
        ------
        SeriesError
            When it is told otherwise.
        """
        name, *numbers = text.split(":")
        if name not in FAMILIES:
            raise SeriesError(f"series {text} names no family; there are {', '.join(FAMILIES)}")
        try:
            budget_s, seeds, every = float(numbers[0]), int(numbers[1]), int((*numbers[2:], "1")[0])
        except (ValueError, IndexError):
            budget_s, seeds, every = 0.0, 0, 0
        if not 2 <= len(numbers) <= 3 or min(budget_s, seeds, every) <= 0:
            raise SeriesError(
                f"series {text} is not FAMILY:SECONDS:SEEDS or FAMILY:SECONDS:SEEDS:EVERY, all above 0,"
                " as in li_lim_200:30:3"
            )
        return cls(name, budget_s, seeds, every)


def chosen_series(
    families: Iterable[str], budgets: Sequence[float] | None, seeds: int | None, every: int, *, is_all: bool
) -> list[Series]:
    """By budget, then by family: what is left out is chosen by whether everything is asked for.

    Everything has, beside 1, 10 and 60 seconds, the budgets of the figures to reach.
    """
    names = list(families)
    usual = ALL_BUDGETS if is_all else SHORT_BUDGETS
    own = {name: goal_budgets(name) if is_all else () for name in names}
    return [
        Series(name, budget_s, seeds or (FAMILIES[name].seeds if is_all else SHORT_SEEDS), every)
        for budget_s in budgets or sorted({*usual, *(one for more in own.values() for one in more)})
        for name in names
        if budgets or budget_s in (*usual, *own[name])
    ]


ALL_BUDGETS = (1.0, 10.0, 60.0)
SHORT_BUDGETS = (1.0, 10.0)
SHORT_SEEDS = 2


def planned_runs(
    series: Iterable[Series], cases: Mapping[str, Sequence[Case]], solvers: Mapping[str, Solver]
) -> list[Run]:
    """Series by series; within one every instance and solver with the first seed, then with the next.

    A solver that draws nothing is run with the first seed alone. What two series share is run once.
    """
    runs = [
        Run(case, name, seed, one.budget_s)
        for one in series
        for seed in range(1, one.seeds + 1)
        for case in cases.get(one.family, ())[:: one.every]
        for name, solver in solvers.items()
        if seed == 1 or solver.is_seeded
    ]
    return list(dict.fromkeys(runs))


def longest_s(
    runs: Iterable[Run], solvers: Mapping[str, Solver], problem_of: Callable[[Case], Problem]
) -> dict[Run, float]:
    """CPU seconds of each run at most: none where the solver refuses the first instance of the family."""
    refused: dict[tuple[str, str], bool] = {}
    found = {}
    for run in runs:
        key = run.case.family, run.solver
        if key not in refused:
            refused[key] = solvers[run.solver].refusal(problem_of(run.case)) is not None
        found[run] = 0.0 if refused[key] else run.budget_s
    return found
