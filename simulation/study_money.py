"""A year's account of every case of a study: cost by part, fares, who pays the rest, CO2 with and without it.

NAME/money/money.json         the numbers that it rests on, and the study that it is of
NAME/money/money.parquet      yen a year by item, for all vehicles and for each group of them
NAME/money/services.parquet   riders, 収支率 and public money a rider
NAME/money/co2.parquet        kilograms a year, and what the same trips would emit without the service
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from maas.metrics import operated_runs
from maas.service_definition import ServiceDefinition
from scenarios.money_rules import MoneyRules, SubsidiesSection, WithoutSection, load_money_rules
from scenarios.preparation import city_of, service_of
from scenarios.scenario import Scenario
from scenarios.stated import Stated
from simulation.comparison import estimate
from simulation.ratios import linearised
from simulation.study_outcome import StudyOutcome
from simulation.study_tables import read_tables, write_tables

MONEY: Final = "money"
TABLES: Final = ("money", "services", "co2")
ALL: Final = "all"
"""Stands for all vehicles of a case."""

COST_ITEMS: Final = ("driver", "vehicle", "fuel", "booking", "software")
PAYERS: Final = ("national", "prefecture", "city", "special_tax", "city_after_tax")
"""Who pays public money: the first three add up to it, the last two to the city's part. The prefecture's part
is NaN where it is not known; the city's then holds it."""

CO2_ITEMS: Final = ("service", "lift", "own_car", "taxi", "without", "difference")

Float64s = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StudyMoney:
    """Accounts of the cases of a study; the columns are in `docs/money.md`."""

    facts: Mapping[str, Any]
    money: pd.DataFrame
    services: pd.DataFrame
    co2: pd.DataFrame


def study_money(outcome: StudyOutcome, rules: MoneyRules | None = None) -> dict[str, pd.DataFrame]:
    """The tables of `StudyMoney` by their name.

    Raises
    ------
    OutcomeError
        When the folder of the study does not tell its scenarios.
    ScenarioFileError
        When the rules, or the roads of a scenario, cannot be read.
    """
    said = load_money_rules() if rules is None else rules
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for case in outcome.cases:
        scenario = outcome.scenario(case.name)
        days = _days(outcome, case.name, scenario, said.driver_share.value)
        for service in (ALL, *days.groups):
            part = {name: days.of(name, service) for name in (*COST_ITEMS, "fares", "riders")}
            rows = list(_items(part, said, is_whole=service == ALL))
            riders = float(part["riders"].mean()) * said.service_days.value
            for item, values in rows:
                per_rider = values[0] / riders if riders else float("nan")
                row = dict(zip(("yen_year", "yen_year_low", "yen_year_high"), values, strict=True))
                found["money"].append(
                    {"case": case.name, "service": service, "item": item, **row, "yen_per_rider": per_rider}
                )
            found["services"].append(
                {"case": case.name, "service": service, **_ratios(part, said.service_days.value)}
            )
        found["co2"] += [
            {"case": case.name, **row} for row in _co2(outcome, case.name, said, said.service_days.value)
        ]
    return {name: pd.DataFrame(rows) for name, rows in found.items()}


def write_money(outcome: StudyOutcome) -> StudyMoney:
    """Reckon the accounts of every case and write them into the folder of the study.

    Raises
    ------
    OutcomeError
        When the folder cannot be written, or does not tell its scenarios.
    ScenarioFileError
        When the rules, or the roads of a scenario, cannot be read.
    """
    rules = load_money_rules()
    tables = study_money(outcome, rules)
    facts = {"days": len(outcome.seeds), "rules": list(rules.stated())}
    return StudyMoney(write_tables(outcome, MONEY, tables, facts), **tables)


def read_money(outcome: StudyOutcome) -> StudyMoney | None:
    """Accounts as `write_money` left them; None where they were not reckoned, or are of the past.

    Raises
    ------
    OutcomeError
        When a table cannot be read.
    """
    found = read_tables(outcome, MONEY, TABLES)
    return None if found is None else StudyMoney(found[0], **found[1])


@dataclass(frozen=True, eq=False, slots=True)
class _Days:
    """Yen and riders of each day by group of vehicles: float64, shape (days, groups), by item."""

    groups: tuple[str, ...]
    items: Mapping[str, Float64s]

    def of(self, item: str, service: str) -> Float64s:
        """Values of each day, of one group or of all."""
        values = self.items[item]
        return values.sum(axis=1) if service == ALL else values[:, self.groups.index(service)]


def _days(outcome: StudyOutcome, case: str, scenario: Scenario, driver_share: float) -> _Days:
    service = service_of(scenario, city_of(scenario))
    groups = [group.name for group in scenario.service.vehicles]
    group_of = np.repeat(np.arange(len(groups)), [group.count.value for group in scenario.service.vehicles])
    requests, legs = outcome.requests(case), outcome.legs(case)
    served = requests[requests["status"] == "done"]
    seeds, shape = np.array(outcome.seeds), (len(outcome.seeds), len(groups))

    def added(rows: pd.DataFrame, column: str) -> Float64s:
        total = np.zeros(shape)
        vehicle = rows["vehicle"].to_numpy(np.int64)
        where = (np.searchsorted(seeds, rows["seed"].to_numpy(np.int64)), group_of[vehicle])
        np.add.at(total, where, rows[column].to_numpy(np.float64))
        return total

    paid_s = np.zeros(shape)
    by_seed = dict(iter(requests.groupby("seed")))
    for day, seed in enumerate(outcome.seeds):
        for vehicle, seconds in _paid(service, by_seed.get(seed, requests[:0])):
            paid_s[day, group_of[vehicle]] += seconds
    costs = service.costs
    hours_yen = costs.yen_per_vehicle_hour * paid_s / 3600
    section = scenario.service.costs
    software = section.licence_per_vehicle_month.value * len(group_of) / section.service_days_per_month.value
    of_fleet = np.bincount(group_of, minlength=len(groups)) / len(group_of)
    return _Days(
        tuple(groups),
        {
            "driver": hours_yen * driver_share,
            "vehicle": hours_yen * (1 - driver_share),
            "fuel": costs.yen_per_vehicle_km * added(legs, "leg_m") / 1000,
            "booking": np.broadcast_to((costs.overhead_yen_per_day - software) * of_fleet, shape),
            "software": np.broadcast_to(software * of_fleet, shape),
            "fares": added(served, "fare_yen"),
            "riders": added(served, "riders"),
        },
    )


def _paid(service: ServiceDefinition, riders: pd.DataFrame) -> Iterator[tuple[int, int]]:
    """Vehicles (by position) and seconds for which they are paid on a day, as `maas.metrics` counts them."""
    if service.costs.paid_hours != "runs":
        for position, vehicle in enumerate(service.vehicles):
            yield position, vehicle.end_s - vehicle.start_s
        return
    position_of = {vehicle.vehicle_id: position for position, vehicle in enumerate(service.vehicles)}
    for number in operated_runs(service, riders):
        run = service.runs[number]
        yield position_of[run.vehicle_id], run.end_s - run.depart_s


def _items(
    part: Mapping[str, Float64s], rules: MoneyRules, *, is_whole: bool
) -> Iterator[tuple[str, tuple[float, float, float]]]:
    """Yen a year by item, with the ends of the interval over days; payers only for all services together."""
    days = rules.service_days.value
    for item in COST_ITEMS:
        yield item, _year(part[item], days)
    cost = sum((part[item] for item in COST_ITEMS), np.zeros(len(part["fares"])))
    yield "cost", _year(cost, days)
    yield "fares", _year(part["fares"], days)
    public = _year(cost - part["fares"], days)
    yield "public_money", public
    if is_whole:
        shares = [payers_of(yen, rules.subsidies) for yen in public]
        for item in PAYERS:
            mean, low, high = (share[item] for share in shares)
            yield item, (mean, low, high)


def payers_of(public: float, rules: SubsidiesSection) -> dict[str, float]:
    """Who pays how much of a year's public money; nobody pays for a gain, which is the city's."""
    if math.isnan(public):
        return dict.fromkeys(PAYERS, public)
    loss = max(public, 0.0)
    national = min(rules.national_share.value * loss, float(rules.national_limit.value))
    share = rules.known_prefecture_share
    prefecture = math.nan if share is None else share * loss
    city = public - national - (0.0 if share is None else prefecture)
    tax = rules.special_tax_share.value * max(city, 0.0)
    return dict(zip(PAYERS, (national, prefecture, city, tax, city - tax), strict=True))


def _year(by_day: Float64s, days: int) -> tuple[float, float, float]:
    found = estimate(by_day.tolist())
    nan = float("nan")
    ends = (nan if end is None else end * days for end in (found.low, found.high))
    return found.mean * days, *ends  # type: ignore[return-value] # the two ends


def _ratios(part: Mapping[str, Float64s], days: int) -> dict[str, float]:
    """Riders a year, 収支率 and public money a rider, each with its interval."""
    cost = sum((part[item] for item in COST_ITEMS), np.zeros(len(part["fares"])))
    riders = _year(part["riders"], days)
    row = dict(zip(("riders_year", "riders_year_low", "riders_year_high"), riders, strict=True))
    row |= _ratio("cost_recovery", part["fares"], cost, low=0.0)
    return row | _ratio("public_money_per_rider", cost - part["fares"], part["riders"], low=-np.inf)


def _ratio(name: str, above: Float64s, below: Float64s, *, low: float) -> dict[str, float]:
    """A ratio of sums over days with its interval; NaN without anything to divide by."""
    found = estimate(linearised(above, below).tolist())
    ends = (np.nan if end is None else max(end, low) for end in (found.low, found.high))
    return dict(zip((name, f"{name}_low", f"{name}_high"), (found.mean, *ends), strict=True))


def _co2(outcome: StudyOutcome, case: str, rules: MoneyRules, days: int) -> Iterator[dict[str, Any]]:
    """CO2 a year of the service and of what its riders would do without it.

    `kg_year_least` and `kg_year_most`: every number of the rules at that end of its range that makes the
    figure small or large.
    """
    km = _direct_km(outcome, case)
    service_kg = outcome.by_case[case]["co2_kg"].to_numpy(np.float64)
    stated, least, most = (_kilograms(km, rules.without, at) for at in (None, 0, 1))
    by_item = {**stated, "without": sum(stated.values(), np.zeros(len(service_kg)))}
    by_item |= {"service": service_kg, "difference": service_kg - by_item["without"]}
    ends = {name: (float(least[name].mean()), float(most[name].mean())) for name in stated}
    ends["without"] = (sum(one for one, _ in ends.values()), sum(one for _, one in ends.values()))
    service = float(service_kg.mean())
    ends["service"] = (service, service)
    ends["difference"] = (service - ends["without"][1], service - ends["without"][0])
    for item in CO2_ITEMS:
        mean, low, high = _year(by_item[item], days)
        yield {
            "item": item,
            "kg_year": mean,
            "kg_year_low": low,
            "kg_year_high": high,
            "kg_year_least": ends[item][0] * days,
            "kg_year_most": ends[item][1] * days,
        }


def _direct_km(outcome: StudyOutcome, case: str) -> dict[str, Float64s]:
    """Direct kilometres of the requests served on each day: of riders who would be driven (`lift`), drive
    (`car`), or do what emits nothing; "" where nobody was asked, so that the rules' shares hold."""
    requests = outcome.requests(case)
    served = requests[requests["status"] == "done"]
    chosen = (
        served["instead"].astype("object") if "instead" in served else pd.Series(None, served.index, "object")
    )
    way = chosen.where(chosen.notna(), "")
    found = {}
    for name in ("", "lift", "car"):
        metres = served[way == name].groupby("seed")["direct_m"].sum()
        found[name] = metres.reindex(list(outcome.seeds), fill_value=0).to_numpy(np.float64) / 1000
    return found


def _kilograms(km: Mapping[str, Float64s], rules: WithoutSection, end: int | None) -> dict[str, Float64s]:
    """Kilograms of each day by what would replace the service; `end` = which end of the ranges, None = as
    stated."""

    def at(number: Stated[float]) -> float:
        return number.value if end is None or number.span is None else number.span[end]

    shares = {name: at(getattr(rules, name)) for name in ("lift", "own_car", "taxi")}
    too_many = max(1.0, sum(shares.values()))
    grams = {
        "lift": at(rules.lift_factor) * at(rules.car_co2),
        "own_car": at(rules.car_co2),
        "taxi": at(rules.taxi_factor) * at(rules.taxi_co2),
    }
    known_km = {"lift": km["lift"], "own_car": km["car"], "taxi": np.zeros(len(km[""]))}
    return {
        name: (km[""] * share / too_many + known_km[name]) * grams[name] / 1000
        for name, share in shares.items()
    }
