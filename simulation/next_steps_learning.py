"""What people come to expect of a service that changes by one step, where they choose by what they meet.

Expectations are settled once they are near what is met, within some yen. That is near enough for a study, but
one more vehicle may matter less than those yen. So a case and each of its steps begin with what people expect
of the case once settled, and all of them go on for the same number of rounds over the same days: what is left
to learn about the case is left in all of them, and their difference is what the step brings.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import numpy as np

from scenarios.prepared import PreparedScenario
from scenarios.scenario import Scenario
from scenarios.weighed_outings import Expectation, Settling
from simulation.expectations import choice_of, corrected, expecting, surprise
from simulation.run import run_day, warm_up
from simulation.study_cases import Recipe
from simulation.study_replication import Order, Replicated, prepared_here, replicate

ROUNDS: Final = 4
"""In which half of a surprise is believed each time: the rest is a sixteenth."""

_KEPT_READY: Final = 4
_NAMES: Final = ("wait_s", "ride_ratio", "served_share")


def chooses(scenario: Scenario) -> bool:
    """Whether people choose by what they meet, so that a step changes who asks."""
    choice = scenario.choice
    return choice is not None and choice.is_on and choice.learning.rounds.value > 0


def said(expectation: Expectation) -> str:
    """An expectation as JSON."""
    return json.dumps({name: getattr(expectation, name).tolist() for name in _NAMES})


@lru_cache(maxsize=_KEPT_READY)
def prepared_expecting(recipe: Recipe, text: str) -> PreparedScenario:
    """Prepared once a process, kernels loaded, with people who expect what `said` gave."""
    prepared = recipe.prepare()
    warm_up(prepared)
    values: dict[str, Any] = json.loads(text)
    expectation = Expectation(*(np.array(values[name], np.float64) for name in _NAMES))
    return expecting(prepared, expectation, Settling(0, 0.0, is_settled=True))


def settle(order: Order) -> Replicated:
    """What people expect of a case once settled, in `figures`."""
    return _lesson(prepared_here(order.recipe))


def learn(before: Mapping[str, str], order: Order) -> Replicated:
    """What people expect of a step after `ROUNDS`, in `figures`.

    Parameters
    ----------
    before
        What is expected of the case once settled, by its name, which `order.case` begins with.
    """
    prepared = prepared_expecting(order.recipe, before[case_of(order)])
    step = choice_of(prepared).rules.step
    for _ in range(ROUNDS):
        target, gap = surprise(prepared)
        now = corrected(choice_of(prepared).expectation, target, step)
        prepared = expecting(prepared, now, Settling(ROUNDS, gap, is_settled=True))
    return _lesson(prepared)


def replicate_learned(expected: Mapping[str, str], order: Order) -> Replicated:
    """Simulate a day of a step with what people expect of it.

    Parameters
    ----------
    expected
        By the name of the step as `order.case` gives it; where nobody chooses it is not there.
    """
    if order.case not in expected:
        return replicate(order)
    prepared = prepared_expecting(order.recipe, expected[order.case])
    run = run_day(prepared, order.seed)
    return _replicated(prepared, run.figures(), run.cpu_s)


def case_of(order: Order) -> str:
    """The case of an order for a step, which is called CASE/STEP."""
    return order.case.partition("/")[0]


def _lesson(prepared: PreparedScenario) -> Replicated:
    return _replicated(prepared, {"expectation": said(choice_of(prepared).expectation)}, 0.0)


def _replicated(prepared: PreparedScenario, figures: Mapping[str, Any], cpu_s: float) -> Replicated:
    return Replicated(
        figures, {}, None, prepared.scenario_hash, prepared.service.policy, prepared.date, cpu_s
    )
