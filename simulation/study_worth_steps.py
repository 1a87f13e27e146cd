"""The steps of one case of a study, what they are simulated from, and what they brought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from maas.service_definition import ServiceDefinition
from scenarios.demand import draw_demand
from scenarios.money_rules import MoneyRules
from scenarios.people_sections import ModelledDemand
from scenarios.preparation import city_of, service_of
from scenarios.prepared import PreparedScenario
from scenarios.scenario import Scenario
from scenarios.service_sections import ScheduledService
from simulation.comparison import estimate
from simulation.errors import OutcomeError
from simulation.next_steps import HOUR_S, NextStep, next_steps, next_stop
from simulation.next_steps_learning import chooses, prepared_expecting
from simulation.ratios import common_values, linearised
from simulation.study_cases import Recipe, recipe_of
from simulation.study_outcome import StudyCase, StudyOutcome
from simulation.study_replication import prepared_here

DAYS_FOR_STOP: Final = 10
"""Days whose riders tell where the next stop is put."""

AS_IT_IS: Final = "as it is"
"""Stands for the case itself among its steps, where people go on learning about it too."""

AT_LEAST: Final = ("hour", "run", "stop")
"""Kinds of steps for which demand is not known that they would meet: what is simulated is a lower bound."""

_FIGURES: Final = ("served_riders", "refused", "cost_yen", "fares_yen")
_SURPLUS: Final = "choice.surplus_yen"

Float64s = npt.NDArray[np.float64]


class Steps:
    """The steps of one case.

    Parameters
    ----------
    seeds
        Days that are simulated.
    expectation
        What people expect of the case, as `next_steps_learning.said` gives it; "" where nobody chooses.
    """

    def __init__(
        self, outcome: StudyOutcome, case: StudyCase, seeds: Sequence[int], expectation: str = ""
    ) -> None:
        self._scenario = modelled_scenario(outcome, case)
        self._requests = outcome.requests(case.name)
        self._days = len(outcome.seeds)
        policy = policy_of(outcome, case)
        steps = list(next_steps(self._scenario))
        self._walks: dict[str, Float64s] = {}
        self._recipe = recipe_of(self._scenario, policy)
        if has_next_stop(self._scenario):
            before = _ready(self._recipe, expectation)
            stop = next_stop(self._scenario, before, seeds[:DAYS_FOR_STOP])
            if stop is not None:
                steps.append(stop)
                after = _ready(recipe_of(stop.scenario, policy), expectation)
                self._walks[stop.name] = np.array([walks_h(before, after, seed) for seed in seeds])
        self._by_name = {step.name: step for step in steps}
        self._steps: dict[str, Recipe] = {step.name: recipe_of(step.scenario, policy) for step in steps}
        self._chooses = chooses(self._scenario)
        self._before = outcome.by_case[case.name].loc[list(seeds)]
        self._seeds = list(seeds)

    @property
    def recipes(self) -> Mapping[str, Recipe]:
        """By the name of the step; where people choose, `AS_IT_IS` too."""
        return self._steps | ({AS_IT_IS: self._recipe} if self._chooses else {})

    def rows(
        self, found: Mapping[str, Mapping[int, Mapping[str, float]]], rules: MoneyRules
    ) -> Iterator[dict[str, Any]]:
        """One row a step: means of the daily differences, by the year, with intervals.

        Parameters
        ----------
        found
            Figures by the name of the step and the seed, for all `recipes`.
        """
        year = rules.service_days.value
        figures = (*_FIGURES, _SURPLUS)
        before = {figure: self._of_case(found.get(AS_IT_IS), figure) for figure in figures}
        for name, step in self._by_name.items():
            gap = {figure: _figure(found[name], figure, self._seeds) - before[figure] for figure in figures}
            if step.kind == "stop":
                gap["cost_yen"] = gap["cost_yen"] + rules.stop_year.value / year
            row: dict[str, Any] = {
                "step": name,
                "kind": step.kind,
                "title_en": step.title.en,
                "title_ja": step.title.ja,
                "is_least": step.kind in AT_LEAST,
                "days": len(self._seeds),
            }
            row |= yearly("riders_year", gap["served_riders"], year)
            row |= yearly("refused_year", gap["refused"], year)
            row |= yearly("cost_year", gap["cost_yen"], year)
            row |= yearly("public_money_year", gap["cost_yen"] - gap["fares_yen"], year)
            row |= yearly("surplus_year", gap[_SURPLUS], year)
            row |= per_million("riders_per_million_yen", gap["served_riders"], gap["cost_yen"])
            row |= yearly("wait_mean_s", self._longer_wait(found[name], found.get(AS_IT_IS)), 1)
            walks = self._walks.get(name, np.full(len(self._seeds), np.nan))
            row |= yearly("walking_h_year", walks, year)
            yield row | self._beside(step, row, before, year)

    def _longer_wait(
        self, after: Mapping[int, Mapping[str, float]], again: Mapping[int, Mapping[str, float]] | None
    ) -> Float64s:
        """What each day says of the difference in mean wait over all days (`simulation.ratios`)."""
        ours, base = common_values(
            "wait_mean_s",
            lambda key: _figure(after, key, self._seeds),
            lambda key: self._of_case(again, key),
        )
        longer: Float64s = ours - base
        return longer

    def _of_case(self, again: Mapping[int, Mapping[str, float]] | None, figure: str) -> Float64s:
        """A figure of the days of the case: simulated again where people go on learning, else the study's."""
        if again is not None:
            return _figure(again, figure, self._seeds)
        if figure not in self._before:
            return np.full(len(self._seeds), np.nan)
        return self._before[figure].to_numpy(np.float64)

    def _beside(
        self, step: NextStep, row: Mapping[str, Any], before: Mapping[str, Float64s], year: int
    ) -> dict[str, float]:
        """What a new hour or run would bring that is asked for as much as the one beside it, and how many
        riders it needs to cost no more a rider than the case does; NaN for other steps."""
        nan = float("nan")
        found = {"beside_riders_day": nan, "riders_year_if_alike": nan}
        found |= {"riders_per_million_yen_if_alike": nan, "level_riders_day": nan}
        beside = riders_beside(self._scenario, step, self._requests)
        if beside is None:
            return found
        found["beside_riders_day"] = beside / self._days
        found["riders_year_if_alike"] = row["riders_year"] + beside / self._days * year
        is_clear = row["cost_year_low"] > 0 or (
            row["cost_year"] > 0 and row["cost_year_low"] != row["cost_year_low"]
        )
        if is_clear:
            found["riders_per_million_yen_if_alike"] = 1e6 * found["riders_year_if_alike"] / row["cost_year"]
            riders, cost = float(before["served_riders"].sum()), float(before["cost_yen"].sum())
            found["level_riders_day"] = row["cost_year"] / year * riders / cost if cost > 0 else nan
        return found


def modelled_scenario(outcome: StudyOutcome, case: StudyCase) -> Scenario:
    """The scenario of a case.

    Raises
    ------
    OutcomeError
        When its requests were recorded.
    """
    scenario = outcome.scenario(case.name)
    if not isinstance(scenario.demand, ModelledDemand):
        raise OutcomeError(
            f"scenario {scenario.name} has recorded requests, which the folder of a study does not keep;"
            ' steps are simulated for scenarios with demand.kind = "model"'
        )
    return scenario


def policy_of(outcome: StudyOutcome, case: StudyCase) -> str | None:
    """The dispatch policy of a case where it is not its scenario's."""
    variants = outcome.definition["variants"]
    policy: str | None = next(known["policy"] for known in variants if known["name"] == case.variant)
    return policy


def has_next_stop(scenario: Scenario) -> bool:
    """Whether a service has stops, so that it could have one more."""
    return scenario.service.access.doors == "stops"


def riders_beside(scenario: Scenario, step: NextStep, requests: pd.DataFrame) -> float | None:
    """Riders of all days in the hour, or on the run, to which a step adds the next one; None for other steps.

    Parameters
    ----------
    requests
        `riders_table` of the days of the case.
    """
    served = requests[requests["status"] == "done"]
    if step.kind == "hour":
        shifts = [group.shift.seconds for group in scenario.service.vehicles]
        start_s, end_s = min(first for first, _ in shifts), max(last for _, last in shifts)
        first_s = start_s if step.name == "hour.earlier" else end_s - HOUR_S
        picked_up = served["picked_up_s"].to_numpy(np.float64, na_value=np.nan)
        there = (picked_up >= first_s) & (picked_up < first_s + HOUR_S)
        return float(served.loc[there, "riders"].sum())
    if step.kind == "run" and isinstance(scenario.service, ScheduledService):
        runs = _last_runs(scenario, scenario.service, step.name.partition(".")[2])
        return float(served.loc[served["run"].isin(runs), "riders"].sum())
    return None


def _last_runs(scenario: Scenario, section: ScheduledService, name: str) -> list[int]:
    """Numbers of the runs of a line with its last departure."""
    service: ServiceDefinition = service_of(scenario, city_of(scenario))
    line = next(line for line in section.lines if line.name == name)
    last_s = max(line.departure_seconds)
    zones = (line.pickup_zone, line.dropoff_zone)
    return [
        run.run_id
        for run in service.runs
        if run.depart_s == last_s and (run.pickup_zone, run.dropoff_zone) == zones
    ]


def walks_h(before: PreparedScenario, after: PreparedScenario, seed: int) -> float:
    """Hours that those who ask before and after a change walk more to and from stops on a day."""
    days = [draw_demand(prepared, seed) for prepared in (before, after)]
    walks = [
        pd.Series(day.walk_to_pickup_s + day.walk_from_dropoff_s, index=day.rider, dtype="float64")
        for day in days
    ]
    return float((walks[1] - walks[0]).dropna().sum()) / 3600


def yearly(name: str, by_day: Float64s, days: int) -> dict[str, float]:
    """Mean of days x `days`, with the ends of its interval; NaN where a day has no value."""
    nan = float("nan")
    if np.isnan(by_day).any():
        return {name: nan, f"{name}_low": nan, f"{name}_high": nan}
    found = estimate(by_day.tolist())
    low, high = (nan if end is None else end * days for end in (found.low, found.high))
    return {name: found.mean * days, f"{name}_low": low, f"{name}_high": high}


def per_million(name: str, riders: Float64s, cost: Float64s) -> dict[str, float]:
    """Riders for a million yen: the sums of the days are divided. NaN where the interval of the cost holds 0:
    there is no telling what such a ratio could be."""
    spread = estimate(cost.tolist())
    low, high = (spread.mean if end is None else end for end in (spread.low, spread.high))
    is_told = low > 0 or high < 0
    return yearly(name, linearised(1e6 * riders, cost) if is_told else np.full(len(cost), np.nan), 1)


def _figure(by_seed: Mapping[int, Mapping[str, float]], figure: str, seeds: Sequence[int]) -> Float64s:
    return np.array([by_seed[seed].get(figure, np.nan) for seed in seeds])


def _ready(recipe: Recipe, expectation: str) -> PreparedScenario:
    return prepared_expecting(recipe, expectation) if expectation else prepared_here(recipe)
