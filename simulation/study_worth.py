"""What one more vehicle, hour, run or stop would bring in each case of a study; why requests were refused.

NAME/worth/worth.json         the rules that it rests on, and the study that it is of
NAME/worth/worth.parquet      one row a case and step: riders, yen, riders for a million yen a year
NAME/worth/refusals.parquet   one row a case and reason: refusals a day, and what would have helped
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from maas.i18n.figures import REFUSALS
from scenarios.money_rules import load_money_rules
from scenarios.scenario import Scenario
from simulation.comparison import flattened
from simulation.errors import OutcomeError, StudyError
from simulation.next_steps import next_steps
from simulation.next_steps_learning import ROUNDS, chooses, learn, replicate_learned, settle
from simulation.program import program
from simulation.study_cases import Recipe, recipe_of
from simulation.study_outcome import StudyCase, StudyOutcome
from simulation.study_replication import Order, Replicated
from simulation.study_tables import chosen_cases, few, read_tables, with_other_cases, write_tables
from simulation.study_workers import LocalWorkers, Workers
from simulation.study_worth_steps import Steps, has_next_stop, modelled_scenario, policy_of, yearly

WORTH: Final = "worth"
TABLES: Final = ("worth", "refusals")
MOST_CASES: Final = 12
"""Cases that are taken without being named: each means some eight steps on every day."""

Progress = Callable[[int, int], None]
Float64s = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StudyWorth:
    """Steps and refusals of the cases of a study; the columns are in `docs/worth.md`."""

    facts: Mapping[str, Any]
    worth: pd.DataFrame
    refusals: pd.DataFrame


def write_worth(
    outcome: StudyOutcome,
    *,
    cases: Sequence[str] = (),
    days: int | None = None,
    workers: LocalWorkers | None = None,
    progress: Progress = lambda done, total: None,
) -> StudyWorth:
    """Simulate every step on the days of the study, and write what it brings into the study's folder.

    Where people choose by what they meet (`[choice]`), they learn what each step changes before its days.

    Parameters
    ----------
    cases
        Names of the cases to take; all of them if left out. What was written of others on as many days
        stays.
    days
        Days to simulate, the first ones of the study; all of them if left out.
    workers
        Where days are simulated.
    progress
        Called with simulated days and their number.

    Raises
    ------
    OutcomeError
        When a case is not known or there are too many, the study was simulated by another version of the
        program, or its folder cannot be written.
    StudyError
        When a day cannot be simulated, or the number of days is none of the study's.
    """
    taken = _taken(outcome, cases)
    count = len(outcome.seeds) if days is None else days
    if not 1 <= count <= len(outcome.seeds):
        raise StudyError(f"days is {count}; give 1 to {len(outcome.seeds)}, the days of the study")
    if outcome.provenance["program"] != program():
        raise OutcomeError(
            f"{outcome.folder}: was simulated by another version of the program, whose days do not compare"
            " with this one's; run maas study again with --again"
        )
    seeds = outcome.seeds[:count]
    rules = load_money_rules()
    sheet = _Sheet(workers or LocalWorkers(), progress)
    steps = _learned_steps(outcome, taken, seeds, sheet)
    orders = {
        Order(f"{name}/{step}", recipe, seed, keeps_journal=False): (name, step)
        for name, of_case in steps.items()
        for step, recipe in of_case.recipes.items()
        for seed in seeds
    }
    found: dict[tuple[str, str], dict[int, dict[str, float]]] = {}
    for order, figures in sheet.days(list(orders)):
        found.setdefault(orders[order], {})[order.seed] = flattened(figures)
    worth = [
        {"case": name} | row
        for name, of_case in steps.items()
        for row in of_case.rows({step: found[name, step] for step in of_case.recipes}, rules)
    ]
    tables = {
        "worth": pd.DataFrame(worth),
        "refusals": pd.DataFrame([row for case in outcome.cases for row in _refusals(outcome, case.name)]),
    }
    facts = {"days": count, "rules": [rule for rule in rules.stated() if "." not in rule["key"]]}
    tables = with_other_cases(outcome, WORTH, tables, facts)
    return StudyWorth(write_tables(outcome, WORTH, tables, facts), **tables)


def read_worth(outcome: StudyOutcome) -> StudyWorth | None:
    """What `write_worth` left; None where it was not computed, or is of the past.

    Raises
    ------
    OutcomeError
        When a table cannot be read.
    """
    found = read_tables(outcome, WORTH, TABLES)
    return None if found is None else StudyWorth(found[0], **found[1])


def _taken(outcome: StudyOutcome, names: Sequence[str]) -> list[StudyCase]:
    taken = chosen_cases(outcome, names)
    if not names and len(taken) > MOST_CASES:
        raise OutcomeError(
            f"{outcome.folder}: has {len(taken)} cases, more than {MOST_CASES}; name those to take:"
            f" {few([case.name for case in taken])}"
        )
    return taken


class _Sheet:
    """Has orders carried out, and keeps the count of days for the progress."""

    def __init__(self, workers: LocalWorkers, progress: Progress) -> None:
        self._workers, self._progress = workers, progress
        self._done, self._total = 0, 0
        self._expected: dict[str, str] = {}

    def expect(self, days: int) -> None:
        """So many days are to be simulated in all, as far as is known."""
        self._total = days
        self._progress(self._done, max(self._done, self._total))

    def lessons(
        self, orders: Sequence[Order], simulate: Callable[[Order], Replicated], days: int
    ) -> dict[str, str]:
        """Expectations by the case of the order; each takes so many days."""
        found = {}
        for order, figures in self._carried_out(orders, replace(self._workers, simulate=simulate), days):
            found[order.case] = str(figures["expectation"])
        self._expected = found
        return found

    def days(self, orders: Sequence[Order]) -> Iterator[tuple[Order, Mapping[str, Any]]]:
        """Figures of days, with what the last lessons taught."""
        workers = self._workers
        if self._expected:
            workers = replace(workers, simulate=partial(replicate_learned, self._expected))
        self.expect(self._done + len(orders))
        return self._carried_out(orders, workers, 1)

    def _carried_out(
        self, orders: Sequence[Order], workers: Workers, days: int
    ) -> Iterator[tuple[Order, Mapping[str, Any]]]:
        for order, answer in workers.run(orders):
            if not isinstance(answer, Replicated):
                raise StudyError(
                    f"{order.case} with seed {order.seed} cannot be simulated ({answer.message})"
                )
            self._done += days
            self._progress(self._done, max(self._done, self._total))
            yield order, answer.figures


def _learned_steps(
    outcome: StudyOutcome, taken: Sequence[StudyCase], seeds: Sequence[int], sheet: _Sheet
) -> dict[str, Steps]:
    """The steps of each case; where people choose, they have learned what each of them changes."""
    scenarios = {case.name: modelled_scenario(outcome, case) for case in taken}
    choosing = {
        case.name: recipe_of(scenarios[case.name], policy_of(outcome, case))
        for case in taken
        if chooses(scenarios[case.name])
    }
    counts = {name: 1 + len(list(next_steps(one))) + has_next_stop(one) for name, one in scenarios.items()}
    lesson_days = max([_lesson_days(scenarios[name]) for name in choosing], default=0)
    lessons = sum(1 + counts[name] for name in choosing) * lesson_days
    sheet.expect(lessons + len(seeds) * sum(counts.values()))

    def orders(recipes: Mapping[str, Recipe]) -> list[Order]:
        return [Order(name, recipe, seeds[0], keeps_journal=False) for name, recipe in recipes.items()]

    before = sheet.lessons(orders(choosing), settle, lesson_days) if choosing else {}
    steps = {case.name: Steps(outcome, case, seeds, before.get(case.name, "")) for case in taken}
    if choosing:
        recipes = {
            f"{name}/{step}": recipe for name in choosing for step, recipe in steps[name].recipes.items()
        }
        sheet.lessons(orders(recipes), partial(learn, before), lesson_days)
    return steps


def _lesson_days(scenario: Scenario) -> int:
    """Days that are simulated for a lesson, for the progress."""
    return ROUNDS * scenario.choice.learning.days.value if scenario.choice is not None else 0


def _refusals(outcome: StudyOutcome, case: str) -> Iterator[dict[str, Any]]:
    """Refusals a day by reason; how many would have been served with each smallest change. A request counts
    under every change that would have helped."""
    requests = outcome.requests(case)
    refused = requests[requests["status"] == "refused"]
    seeds = list(outcome.seeds)
    for reason in REFUSALS:
        rows = refused[refused["reason"] == reason]
        helped = {
            "later": rows["later_s"].notna(),
            "other_place": rows["other_place_m"].notna(),
            "one_vehicle": rows["one_vehicle_more"].fillna(False).astype(bool),
        }
        by_day = rows.groupby("seed").size().reindex(seeds, fill_value=0)
        refused_per_day = yearly("refused_per_day", by_day.to_numpy().astype(np.float64), 1)
        refused_per_day["refused_per_day_low"] = max(refused_per_day["refused_per_day_low"], 0.0)
        nothing = ~(helped["later"] | helped["other_place"] | helped["one_vehicle"])
        yield {
            "case": case,
            "reason": reason,
            **refused_per_day,
            **{f"{name}_per_day": float(mask.sum()) / len(seeds) for name, mask in helped.items()},
            "nothing_per_day": float(nothing.sum()) / len(seeds),
            "later_median_min": _median(rows["later_s"]) / 60,
            "other_place_median_m": _median(rows["other_place_m"]),
        }


def _median(values: pd.Series[float]) -> float:
    known = values.dropna().to_numpy(np.float64)
    return float(np.median(known)) if len(known) else float("nan")
