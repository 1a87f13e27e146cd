"""What people expect of a service, settled with what they then meet: choices make waits, waits make choices.

Day-to-day learning as in Cantarella and Cascetta (1995), "Dynamic processes and equilibrium in
transportation networks: towards a unifying theory", Transportation Science 29(4): in each round people look
back on some days that followed from what they expected, and correct a part of the difference. The days are
the same in every round and belong to no study, so that the rounds follow a fixed map and every replication
of a case meets the same expectation.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from maas.metrics import riders_table
from scenarios.choice_section import ChoiceRules
from scenarios.demand_model import DemandModel
from scenarios.prepared import PreparedScenario
from scenarios.weighed_outings import Expectation, ModeChoice, Settling
from simulation.run import DayRun, simulated_day

FIRST_SEED: Final = 2**61
"""Of the days that are looked back on; studies have smaller seeds."""

_HEARSAY: Final = 2
"""Where few asked, what all met counts like so many requests."""

_OWN_DOING: Final = ("cancelled", "no_show")

Floats = npt.NDArray[np.float64]
Told = Callable[[int, int], None]


def untold(done: int, total: int) -> None:
    """Nobody wants to know."""


logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False, slots=True)
class Met:
    """What requests met, added up by areas of origin and destination: float64, shape (areas + 1, areas + 1).

    Parameters
    ----------
    asked, served
        Requests, those that riders gave up themselves left out; those brought to their destination.
    wait_s, ride_s, direct_s
        Sums over the served.
    """

    asked: Floats
    served: Floats
    wait_s: Floats
    ride_s: Floats
    direct_s: Floats


def settled(
    prepared: PreparedScenario, rounds_told: Told = untold, first_seed: int = FIRST_SEED
) -> PreparedScenario:
    """The scenario with an expectation that agrees with what people meet, or as near as its rounds come.

    As it is where nobody chooses, where people keep to what they expect, or where they have learned already.

    Parameters
    ----------
    rounds_told
        Told the days that have been looked back on, and how many there are if all rounds are needed.
    first_seed
        Of the days that are looked back on.
    """
    if not learns(prepared):
        return prepared
    rules = choice_of(prepared).rules
    gap, is_settled, rounds = 0.0, False, 0
    while rounds < rules.rounds and not is_settled:
        rounds += 1
        told = partial(_in_all, rounds_told, (rounds - 1) * rules.days, rules.rounds * rules.days)
        target, gap = surprise(prepared, told, first_seed)
        is_settled = gap <= rules.settled_yen
        if not is_settled:
            before = choice_of(prepared).expectation
            prepared = expecting(prepared, corrected(before, target, rules.step), None)
    if not is_settled:
        logger.warning(
            "%s: after %d rounds people still meet a service that is %.0f yen off what they expect"
            " (%g wanted); raise choice.learning.rounds, or lower choice.learning.step",
            prepared.name,
            rounds,
            gap,
            rules.settled_yen,
        )
    found = Settling(rounds, gap, is_settled)
    return expecting(prepared, choice_of(prepared).expectation, found)


def _in_all(told: Told, before: int, total: int, done: int) -> None:
    """Tell of a day of a round as one of all days."""
    told(before + done, total)


def learns(prepared: PreparedScenario) -> bool:
    """Whether people choose, and have yet to learn what to expect."""
    model = prepared.demand
    if not isinstance(model, DemandModel) or model.choice is None:
        return False
    return model.choice.rules.rounds > 0 and model.choice.settling is None


def surprise(
    prepared: PreparedScenario,
    day_told: Callable[[int], None] = lambda done: None,
    first_seed: int = FIRST_SEED,
) -> tuple[Expectation, float]:
    """What people would expect who believed all that they met on the days of a round, and how many yen a way
    that is from what they expected."""
    choice = choice_of(prepared)
    days = []
    for k in range(choice.rules.days):
        day_told(k)
        days.append(_met(prepared, first_seed + k))
    met = _added(days)
    target = wholly_believed(choice.expectation, met)
    return target, gap_yen(choice.rules, choice.expectation, target, met)


def choice_of(prepared: PreparedScenario) -> ModeChoice:
    """How people of a scenario choose.

    Raises
    ------
    TypeError
        When nobody chooses.
    """
    model = prepared.demand
    if not isinstance(model, DemandModel) or model.choice is None:
        raise TypeError(f"{prepared.name} has no choice to learn from")
    return model.choice


def expecting(
    prepared: PreparedScenario, expectation: Expectation, settling: Settling | None
) -> PreparedScenario:
    """The scenario with people who expect something else.

    Raises
    ------
    TypeError
        When nobody chooses.
    """
    model = prepared.demand
    if not isinstance(model, DemandModel):
        raise TypeError(f"{prepared.name} has no choice to learn from")
    choice = replace(choice_of(prepared), expectation=expectation, settling=settling)
    return replace(prepared, demand=replace(model, choice=choice))


def _met(prepared: PreparedScenario, seed: int) -> Met:
    """What one day was like for those who asked."""
    run = simulated_day(prepared, seed)
    return met_by(run, riders_table(run.journal), choice_of(prepared))


def met_by(run: DayRun, requests: pd.DataFrame, choice: ModeChoice) -> Met:
    """What the requests of a day met; who was lost on the phone lowers the chance of a seat for all."""
    network, areas = choice.city.network, choice.city.area_of_node.astype(np.int64)
    order = np.argsort(network.node_id)

    def area(column: str) -> npt.NDArray[np.int64]:
        place = requests[column].to_numpy(np.int64)
        return np.asarray(areas[order[np.searchsorted(network.node_id, place, sorter=order)]])

    cell = (area("origin"), area("destination"))
    status = requests["status"].astype(str).to_numpy()
    is_served = status == "done"
    lost = 0 if run.phone is None else run.phone.lost_requests
    through = len(requests) / (len(requests) + lost) if len(requests) else 1.0

    def total(values: npt.NDArray[np.float64] | npt.NDArray[np.bool_]) -> Floats:
        found = np.zeros((len(choice.city.areas) + 1,) * 2)
        np.add.at(found, cell, values.astype(np.float64))
        return found

    def of_served(column: str) -> Floats:
        return total(np.where(is_served, requests[column].astype("Float64").fillna(0).to_numpy(float), 0.0))

    return Met(
        asked=total(~np.isin(status, _OWN_DOING)),
        served=through * total(is_served),
        wait_s=through * of_served("wait_s"),
        ride_s=through * of_served("in_vehicle_s"),
        direct_s=through * of_served("direct_s"),
    )


def _added(days: Sequence[Met]) -> Met:
    return Met(*(sum(values, np.zeros_like(values[0])) for values in _columns(days)))


def _columns(days: Sequence[Met]) -> list[list[Floats]]:
    names = ("asked", "served", "wait_s", "ride_s", "direct_s")
    return [[getattr(day, name) for day in days] for name in names]


def wholly_believed(expected: Expectation, met: Met) -> Expectation:
    """What people would expect who believed all that was met; as before where nobody asked."""

    def mean(part: Floats, whole: Floats, before: Floats) -> Floats:
        if not whole.sum():
            return before
        overall = part.sum() / whole.sum()
        hearsay = _HEARSAY * (whole.sum() / max(met.asked.sum(), 1.0))
        return np.where(whole > 0, (part + hearsay * overall) / (whole + hearsay), before)

    return Expectation(
        wait_s=mean(met.wait_s, met.served, expected.wait_s),
        ride_ratio=mean(met.ride_s, met.direct_s, expected.ride_ratio),
        served_share=np.minimum(mean(met.served, met.asked, expected.served_share), 1.0),
    )


def gap_yen(rules: ChoiceRules, expected: Expectation, target: Expectation, met: Met) -> float:
    """Mean over requests of how far one way's cost is from what was expected."""
    if not met.asked.sum():
        return 0.0
    direct_s = met.direct_s / np.maximum(met.served, 1e-9)
    waits_s = rules.wait_weight * (target.wait_s - expected.wait_s)
    rides_s = (target.ride_ratio - expected.ride_ratio) * direct_s
    yen = rules.yen_per_minute * (waits_s + rides_s) / 60
    yen += rules.refusal_yen * (expected.served_share - target.served_share)
    return float((np.abs(yen) * met.asked).sum() / met.asked.sum())


def corrected(expected: Expectation, target: Expectation, step: float) -> Expectation:
    """The expectation after a part of the difference was believed."""
    return Expectation(
        *(
            getattr(expected, name) + step * (getattr(target, name) - getattr(expected, name))
            for name in ("wait_s", "ride_ratio", "served_share")
        )
    )
