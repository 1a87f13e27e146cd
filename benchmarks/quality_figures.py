"""What runs of solvers on published instances found: figures by family, and who is ahead where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Final, Literal

from benchmarks.history_file import Figure

SOLVED: Final = "solved"
WRONG: Final = "infeasible"
NOT_APPLICABLE: Final = "not applicable"
FAILED: Final = "failed"

_CENTS: Final = 0.005
"""Best known costs are told with two to four decimals."""

_EQUAL: Final = 1e-6
"""Relative difference of mean costs that is none."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of one solver on one instance.

    Parameters
    ----------
    status, said
        `SOLVED`: verified, with all requests served. `WRONG`: what the checker said. `NOT_APPLICABLE`: what
        the problem has that the solver lacks. `FAILED`: how the solver ended.
    vehicles, cost
        Recomputed by the checker in doubles; of solved ones alone.
    best_vehicles, best_cost
        Best known; no vehicles where they are not counted.
    """

    family: str
    instance: str
    seed: int
    budget_s: float
    solver: str
    status: str
    best_cost: float
    best_vehicles: int | None = None
    said: str = ""
    vehicles: int = 0
    cost: float = 0.0
    cpu_s: float = 0.0

    @property
    def is_feasible(self) -> bool:
        """Whether it may be compared."""
        return self.status == SOLVED

    @property
    def vehicles_above(self) -> int:
        """Than the best known; 0 where they are not counted."""
        return 0 if self.best_vehicles is None else self.vehicles - self.best_vehicles

    @property
    def gap_pct(self) -> float:
        """Cost above the best known, in per cent; comparable only with equal vehicles."""
        return 100 * (self.cost / self.best_cost - 1)

    @property
    def is_at_best(self) -> bool:
        """Whether nothing better is known."""
        return self.vehicles_above < 0 or (
            self.vehicles_above == 0 and self.cost <= self.best_cost * (1 + _EQUAL) + _CENTS
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """Runs of one solver on one family with one budget.

    Vehicles above are of solved runs, gaps of those with as many vehicles as the best known; None if there
    are none.
    """

    family: str
    budget_s: float
    solver: str
    instances: int
    seeds: int
    runs: int
    infeasible: int
    counts_vehicles: bool
    vehicles_above_mean: float | None
    vehicles_above_most: int | None
    vehicles_above_pct: float | None
    at_best_vehicles_pct: float
    gap_mean_pct: float | None
    gap_median_pct: float | None
    gap_worst_pct: float | None
    best_of_seeds_at_best_pct: float
    cpu_s: float

    @property
    def case(self) -> str:
        """The set it was measured on, so that unlike sets are never compared."""
        return f"{self.family}/{self.instances}x{self.seeds}/{self.budget_s:g}s/{self.solver}"

    def figures(self) -> list[Figure]:
        """Rows for the history."""
        said: list[tuple[str, float | None, str, Literal["less", "more", ""]]] = [
            ("infeasible_runs", float(self.infeasible), "runs", "less"),
            ("gap_mean", self.gap_mean_pct, "%", "less"),
            ("gap_median", self.gap_median_pct, "%", "less"),
            ("gap_worst", self.gap_worst_pct, "%", "less"),
            ("best_of_seeds_at_best", self.best_of_seeds_at_best_pct, "%", "more"),
        ]
        if self.counts_vehicles:
            said += [
                ("vehicles_above_mean", self.vehicles_above_mean, "vehicles", "less"),
                ("at_best_vehicles", self.at_best_vehicles_pct, "%", "more"),
            ]
        return [
            Figure(f"{self.case}/{name}", value, unit, repetitions=self.runs, better=better)
            for name, value, unit, better in said
            if value is not None
        ]


@dataclass(frozen=True, slots=True)
class Duel:
    """One solver beside another on a family with one budget, instance by instance, on means over seeds.

    More runs solved come first, then fewer vehicles where they are counted, then less cost. `on_the_mean`
    says the same of the sums over these instances, costs as multiples of the best known: -1 where ours is
    ahead.
    """

    family: str
    budget_s: float
    ours: str
    peer: str
    ahead: tuple[str, ...]
    level: tuple[str, ...]
    behind: tuple[str, ...]
    on_the_mean: int = 0


def summarise(outcomes: Iterable[Outcome]) -> list[Summary]:
    """One summary of each solver, family and budget that it can do."""
    groups: dict[tuple[str, float, str], list[Outcome]] = {}
    for one in outcomes:
        if one.status != NOT_APPLICABLE:
            groups.setdefault((one.family, one.budget_s, one.solver), []).append(one)
    return [_summary(*key, group) for key, group in groups.items()]


def duels(outcomes: Sequence[Outcome], ours: str) -> list[Duel]:
    """`ours` beside every other, where both were run."""
    by_case: dict[tuple[str, float], dict[str, dict[str, list[Outcome]]]] = {}
    for one in outcomes:
        if one.status != NOT_APPLICABLE:
            solvers = by_case.setdefault((one.family, one.budget_s), {})
            solvers.setdefault(one.solver, {}).setdefault(one.instance, []).append(one)
    found = []
    for (family, budget_s), solvers in by_case.items():
        mine = solvers.pop(ours, {})
        for peer, theirs in solvers.items():
            verdicts: dict[int, list[str]] = {-1: [], 0: [], 1: []}
            for instance in sorted(mine.keys() & theirs.keys()):
                verdicts[_compared(mine[instance], theirs[instance])].append(instance)
            ahead, level, behind = (tuple(verdicts[sign]) for sign in (-1, 0, 1))
            if ahead or level or behind:
                on_the_mean = _compared_in_all(
                    [(mine[name], theirs[name]) for name in ahead + level + behind]
                )
                found.append(Duel(family, budget_s, ours, peer, ahead, level, behind, on_the_mean))
    return found


def summary_table(outcomes: Sequence[Outcome]) -> str:
    """One line of each solver on each family and budget, "not applicable" with the reason where it is so."""
    summaries = {(s.family, s.budget_s, s.solver): s for s in summarise(outcomes)}
    refused = {
        (one.family, one.budget_s, one.solver): one.said for one in outcomes if one.status == NOT_APPLICABLE
    }
    head = f"{'CPU s':>7} {'solver':<10}{'solved':>11}{'vehicles':>10}{'at best':>9}{'gap mean':>10}"
    head += f"{'median':>8}{'worst':>8}{'best of seeds':>15}{'CPU used':>10}"
    lines, family = [], ""
    for key in dict.fromkeys((one.family, one.budget_s, one.solver) for one in outcomes):
        if key[0] != family:
            family = key[0]
            names = {one.instance for one in outcomes if one.family == family}
            lines += ["", f"{family}: {len(names)} instances", head]
        start = f"{key[1]:>7g} {key[2]:<10}"
        summary = summaries.get(key)
        lines.append(start + (_line(summary) if summary else f" not applicable: {refused[key]}"))
    return "\n".join(lines[1:])


def duel_table(found: Iterable[Duel]) -> str:
    """One line a duel, with the instances on which the other is ahead."""
    lines = []
    for duel in found:
        count = f"{len(duel.ahead)} ahead, {len(duel.level)} level, {len(duel.behind)} behind"
        names = f": {', '.join(duel.behind)}" if duel.behind else ""
        mean = {-1: "ahead", 0: "level", 1: "BEHIND"}[duel.on_the_mean]
        pair = f"{duel.family} {duel.budget_s:g} s, {duel.ours} against {duel.peer}"
        lines.append(f"{pair}: on the mean {mean}; {count}{names}")
    return "\n".join(lines)


def _line(summary: Summary) -> str:
    vehicles, at_best = "-", "-"
    if summary.counts_vehicles:
        mean_above = summary.vehicles_above_mean
        vehicles = "-" if mean_above is None else f"{mean_above:+.2f}"
        at_best = f"{summary.at_best_vehicles_pct:.0f} %"
    gaps = (summary.gap_mean_pct, summary.gap_median_pct, summary.gap_worst_pct)
    mean, middle, worst = ("-" if gap is None else f"{round(gap, 2) + 0:.2f} %" for gap in gaps)
    solved = f"{summary.runs - summary.infeasible} of {summary.runs}"
    return (
        f"{solved:>11}{vehicles:>10}{at_best:>9}{mean:>10}{middle:>8}{worst:>8}"
        f"{summary.best_of_seeds_at_best_pct:>13.0f} %{summary.cpu_s:>8.1f} s"
    )


def _summary(family: str, budget_s: float, solver: str, group: Sequence[Outcome]) -> Summary:
    instances = {one.instance for one in group}
    solved = [one for one in group if one.is_feasible]
    gaps = [one.gap_pct for one in solved if one.vehicles_above == 0]
    above = [one.vehicles_above for one in solved]
    wanted = sum(one.best_vehicles or 0 for one in solved)
    return Summary(
        family,
        budget_s,
        solver,
        instances=len(instances),
        seeds=len({one.seed for one in group}),
        runs=len(group),
        infeasible=len(group) - len(solved),
        counts_vehicles=any(one.best_vehicles is not None for one in group),
        vehicles_above_mean=fmean(above) if above else None,
        vehicles_above_most=max(above, default=None),
        vehicles_above_pct=100 * sum(above) / wanted if wanted else None,
        at_best_vehicles_pct=100 * sum(one <= 0 for one in above) / len(group),
        gap_mean_pct=fmean(gaps) if gaps else None,
        gap_median_pct=median(gaps) if gaps else None,
        gap_worst_pct=max(gaps, default=None),
        best_of_seeds_at_best_pct=100
        * len({one.instance for one in solved if one.is_at_best})
        / len(instances),
        cpu_s=fmean(one.cpu_s for one in group),
    )


def _compared(mine: Sequence[Outcome], theirs: Sequence[Outcome]) -> int:
    """-1 if mine are better on the mean, 0 if they are level, 1 if theirs are."""
    return _order(_standing(mine), _standing(theirs))


def _compared_in_all(pairs: Iterable[tuple[Sequence[Outcome], Sequence[Outcome]]]) -> int:
    """As `_compared`, on sums over instances: runs without a plan of all, the rest of those that both solved
    at least once."""
    standings = [(_standing(mine), _standing(theirs)) for mine, theirs in pairs]
    unsolved = [sum(one[side][0] for one in standings) for side in (0, 1)]
    both = [one for one in standings if max(one[0][0], one[1][0]) < 1]
    ours, others = (
        (unsolved[side], sum(one[side][1] for one in both), sum(one[side][2] for one in both))
        for side in (0, 1)
    )
    return _order(ours, others)


def _order(mine: tuple[float, ...], theirs: tuple[float, ...]) -> int:
    for ours, others in zip(mine, theirs, strict=True):
        if abs(ours - others) > _EQUAL * max(abs(ours), abs(others)):
            return -1 if ours < others else 1
    return 0


def _standing(runs: Sequence[Outcome]) -> tuple[float, float, float]:
    """Share of runs without a plan, mean vehicles, mean cost as a multiple of the best known; less is
    better."""
    solved = [one for one in runs if one.is_feasible]
    if not solved:
        return 1.0, 0.0, 0.0
    counts = runs[0].best_vehicles is not None
    return (
        1 - len(solved) / len(runs),
        fmean(one.vehicles for one in solved) if counts else 0.0,
        fmean(one.cost / one.best_cost for one in solved),
    )
