"""What one more vehicle, hour, run or stop would bring in each case of a study; why requests were refused.

NAME/worth/worth.json         the rules that it rests on, and the study that it is of
NAME/worth/worth.parquet      one row a case and step: riders, yen, riders for a million yen a year
NAME/worth/refusals.parquet   one row a case and reason: refusals a day, and what would have helped
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from maas.i18n.figures import REFUSALS
from scenarios.demand import draw_demand
from scenarios.money_rules import MoneyRules, load_money_rules
from scenarios.people_sections import ModelledDemand
from scenarios.prepared import PreparedScenario
from simulation.comparison import estimate, flattened
from simulation.errors import OutcomeError, StudyError
from simulation.jackknife import estimate_columns
from simulation.next_steps import next_steps, next_stop
from simulation.program import program
from simulation.study_cases import Recipe, recipe_of
from simulation.study_outcome import StudyCase, StudyOutcome
from simulation.study_replication import Order, Replicated, prepared_here
from simulation.study_tables import chosen_cases, few, read_tables, with_other_cases, write_tables
from simulation.study_workers import LocalWorkers, Workers

WORTH: Final = "worth"
TABLES: Final = ("worth", "refusals")
MOST_CASES: Final = 12
"""Cases that are taken without being named: each means some eight steps on every day."""

DAYS_FOR_STOP: Final = 10
"""Days whose riders tell where the next stop is put."""

_FIGURES: Final = ("served_riders", "served", "refused", "wait_mean_s", "cost_yen", "fares_yen")

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
    workers: Workers | None = None,
    progress: Progress = lambda done, total: None,
) -> StudyWorth:
    """Simulate every step on the days of the study, and write what it brings into the study's folder.

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
    steps = {case.name: _Steps(outcome, case, seeds) for case in taken}
    orders = {
        Order(f"{name}/{step}", recipe, seed, keeps_journal=False): (name, step)
        for name, of_case in steps.items()
        for step, recipe in of_case.recipes.items()
        for seed in seeds
    }
    found: dict[tuple[str, str], dict[int, dict[str, float]]] = {}
    progress(0, len(orders))
    for done, (order, answer) in enumerate((workers or LocalWorkers()).run(list(orders)), start=1):
        if not isinstance(answer, Replicated):
            raise StudyError(f"{order.case} with seed {order.seed} cannot be simulated ({answer.message})")
        found.setdefault(orders[order], {})[order.seed] = flattened(answer.figures)
        progress(done, len(orders))
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


class _Steps:
    """The steps of one case, and what they are simulated from."""

    def __init__(self, outcome: StudyOutcome, case: StudyCase, seeds: Sequence[int]) -> None:
        scenario = outcome.scenario(case.name)
        if not isinstance(scenario.demand, ModelledDemand):
            raise OutcomeError(
                f"scenario {scenario.name} has recorded requests, which the folder of a study does not keep;"
                ' steps are simulated for scenarios with demand.kind = "model"'
            )
        policy = next(
            variant["policy"] for variant in outcome.definition["variants"] if variant["name"] == case.variant
        )
        steps = list(next_steps(scenario))
        self._walks: dict[str, Float64s] = {}
        if scenario.service.access.doors == "stops":
            before = prepared_here(recipe_of(scenario, policy))
            stop = next_stop(scenario, before, seeds[:DAYS_FOR_STOP])
            if stop is not None:
                steps.append(stop)
                after = prepared_here(recipe_of(stop.scenario, policy))
                self._walks[stop.name] = np.array(
                    [_walking_h(after, seed) - _walking_h(before, seed) for seed in seeds]
                )
        self._by_name = {step.name: step for step in steps}
        self.recipes: dict[str, Recipe] = {step.name: recipe_of(step.scenario, policy) for step in steps}
        self._before = outcome.by_case[case.name].loc[list(seeds)]
        self._seeds = list(seeds)

    def rows(
        self, found: Mapping[str, Mapping[int, Mapping[str, float]]], rules: MoneyRules
    ) -> Iterator[dict[str, Any]]:
        """One row a step: means of the daily differences, by the year, with intervals."""
        year = rules.service_days.value
        for name, step in self._by_name.items():
            after = found[name]
            gap = {
                figure: np.array([after[seed].get(figure, np.nan) for seed in self._seeds])
                - self._before[figure].to_numpy(np.float64)
                for figure in _FIGURES
            }
            if step.kind == "stop":
                gap["cost_yen"] = gap["cost_yen"] + rules.stop_year.value / year
            row: dict[str, Any] = {
                "step": name,
                "kind": step.kind,
                "title_en": step.title.en,
                "title_ja": step.title.ja,
                "days": len(self._seeds),
            }
            row |= _yearly("riders_year", gap["served_riders"], year)
            row |= _yearly("refused_year", gap["refused"], year)
            row |= _yearly("cost_year", gap["cost_yen"], year)
            row |= _yearly("public_money_year", gap["cost_yen"] - gap["fares_yen"], year)
            row |= _per_million("riders_per_million_yen", gap["served_riders"], gap["cost_yen"])
            row |= _yearly("wait_mean_s", gap["wait_mean_s"], 1)
            walks = self._walks.get(name, np.full(len(self._seeds), np.nan))
            yield row | _yearly("walking_h_year", walks, year)


def _yearly(name: str, by_day: Float64s, days: int) -> dict[str, float]:
    nan = float("nan")
    if np.isnan(by_day).any():
        return {name: nan, f"{name}_low": nan, f"{name}_high": nan}
    found = estimate(by_day.tolist())
    low, high = (nan if end is None else end * days for end in (found.low, found.high))
    return {name: found.mean * days, f"{name}_low": low, f"{name}_high": high}


def _per_million(name: str, riders: Float64s, cost: Float64s) -> dict[str, float]:
    """Riders for a million yen: sums over days, jackknife. NaN where the interval of the cost holds 0: there
    is no telling what such a ratio could be."""
    spread = estimate(cost.tolist())
    low, high = (spread.mean if end is None else end for end in (spread.low, spread.high))
    tops = np.concatenate(([riders.sum()], riders.sum() - riders))
    bottoms = np.concatenate(([cost.sum()], cost.sum() - cost))
    ratio = np.full(len(tops), np.nan)
    if low > 0 or high < 0:
        np.divide(1e6 * tops, bottoms, out=ratio, where=bottoms != 0)
    columns = estimate_columns(name, ratio[None, :], low=-np.inf, high=np.inf)
    return {key: float(value[0]) for key, value in columns.items()}


def _walking_h(prepared: PreparedScenario, seed: int) -> float:
    """Hours that all who would ask on a day walk to and from stops."""
    day = draw_demand(prepared, seed)
    return float(day.walk_to_pickup_s.sum() + day.walk_from_dropoff_s.sum()) / 3600


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
        nothing = ~(helped["later"] | helped["other_place"] | helped["one_vehicle"])
        yield {
            "case": case,
            "reason": reason,
            **_yearly("refused_per_day", by_day.to_numpy().astype(np.float64), 1),
            **{f"{name}_per_day": float(mask.sum()) / len(seeds) for name, mask in helped.items()},
            "nothing_per_day": float(nothing.sum()) / len(seeds),
            "later_median_min": _median(rows["later_s"]) / 60,
            "other_place_median_m": _median(rows["other_place_m"]),
        }


def _median(values: pd.Series[float]) -> float:
    known = values.dropna().to_numpy(np.float64)
    return float(np.median(known)) if len(known) else float("nan")
