"""The figures that our solver is to reach on published instances, beside what a run found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from benchmarks.goals import Goal
from benchmarks.quality_figures import Outcome, Summary, duels
from benchmarks.quality_solvers import OURS

_GOALS: Final = (
    ("li_lim_100", 1, "at_best_vehicles_pct", 100.0, "%", True),
    ("li_lim_100", 10, "best_of_seeds_at_best_pct", 100.0, "%", True),
    ("li_lim_100", 10, "gap_mean_pct", 0.1, "%", False),
    ("li_lim_200", 30, "at_best_vehicles_pct", 95.0, "%", True),
    ("li_lim_200", 30, "gap_median_pct", 1.5, "%", False),
    ("li_lim_400", 60, "at_best_vehicles_pct", 80.0, "%", True),
    ("li_lim_400", 60, "vehicles_above_most", 1.0, "", False),
    ("li_lim_400", 60, "gap_median_pct", 1.5, "%", False),
    ("li_lim_600", 120, "vehicles_above_pct", 2.0, "%", False),
    ("li_lim_1000", 120, "vehicles_above_pct", 2.0, "%", False),
    ("sartori", 60, "at_best_vehicles_pct", 70.0, "%", True),
    ("darp_a", 10, "gap_mean_pct", 0.4, "%", False),
    ("darp_pr", 60, "gap_worst_pct", 1.0, "%", False),
)
"""Family, CPU seconds, figure of `Summary`, bound, unit, and whether more is better."""

_HARDEST: Final = ("li_lim_100", "lc103", 10, 2.0)
"""Of a family, the instance with a mean gap of its own."""

_SMALL_FLEET: Final = 6
_DIAL_A_RIDE: Final = ("darp_a", 10, 0.3)
"""Best of the seeds: the optimum up to so many vehicles, within so many per cent beyond."""


def goal_budgets(family: str) -> tuple[float, ...]:
    """CPU seconds for which a family has a figure to reach."""
    return tuple(dict.fromkeys(float(budget_s) for name, budget_s, *_ in _GOALS if name == family))


def goals(summaries: Iterable[Summary], outcomes: Sequence[Outcome]) -> list[Goal]:
    """The figures of which the family was run with the budget; of our solver.

    A run without a plan misses whatever is to be at most something.
    """
    found = []
    by_case = {(one.family, one.budget_s): one for one in summaries if one.solver == OURS}
    for family, budget_s, figure, bound, unit, is_at_least in _GOALS:
        summary = by_case.get((family, float(budget_s)))
        if summary is not None:
            value = getattr(summary, figure)
            if value is None or summary.infeasible:
                value = value if is_at_least else float("inf")
            name = figure.removesuffix("_pct").replace("_", " ")
            title = f"{family} ({summary.instances} x {summary.seeds}), {budget_s} s: {name}"
            found.append(Goal(title, value, bound, unit, is_at_least))
    return [*found, *_of_hardest(outcomes), *_of_fleets(outcomes), *_of_peers(outcomes)]


def _of_peers(outcomes: Sequence[Outcome]) -> list[Goal]:
    """How many others are ahead of ours on the mean of a family after the same CPU seconds."""
    ahead: dict[tuple[str, float], int] = {}
    for duel in duels(outcomes, OURS):
        key = duel.family, duel.budget_s
        ahead[key] = ahead.get(key, 0) + (duel.on_the_mean > 0)
    return [
        Goal(f"{family}, {budget_s:g} s: peers ahead on the mean", count, 0, "")
        for (family, budget_s), count in ahead.items()
    ]


def _of_hardest(outcomes: Sequence[Outcome]) -> list[Goal]:
    family, instance, budget_s, bound = _HARDEST
    gaps = [
        one.gap_pct
        for one in _ours(outcomes, family, budget_s)
        if one.instance == instance and one.is_feasible and one.vehicles_above == 0
    ]
    mean = sum(gaps) / len(gaps) if gaps else None
    return [] if mean is None else [Goal(f"{instance}, {budget_s} s: gap mean", mean, bound, "%")]


def _of_fleets(outcomes: Sequence[Outcome]) -> list[Goal]:
    family, budget_s, beyond_pct = _DIAL_A_RIDE
    small: list[bool] = []
    large: list[float] = []
    runs = _ours(outcomes, family, budget_s)
    for instance in dict.fromkeys(one.instance for one in runs):
        solved = [one for one in runs if one.instance == instance and one.is_feasible]
        if int(instance[1 : instance.index("-")]) <= _SMALL_FLEET:
            small.append(any(one.is_at_best for one in solved))
        else:
            large.append(min((one.gap_pct for one in solved), default=float("inf")))
    found = []
    if small:
        share = 100 * sum(small) / len(small)
        title = f"{family}, {budget_s} s, up to {_SMALL_FLEET} vehicles: best of seeds at best"
        found.append(Goal(title, share, 100.0, "%", is_at_least=True))
    if large:
        found.append(Goal(f"{family}, {budget_s} s, more: worst best of seeds", max(large), beyond_pct, "%"))
    return found


def _ours(outcomes: Sequence[Outcome], family: str, budget_s: float) -> list[Outcome]:
    return [
        one for one in outcomes if (one.family, one.budget_s, one.solver) == (family, float(budget_s), OURS)
    ]
