"""Access in every case of a study, with intervals over its days, as files in the folder of the study.

NAME/access/access.json       what the numbers rest on, and the study that they are of
NAME/access/places.parquet    city, areas and towns by group of people
NAME/access/cells.parquet     cells of 250 m by group of people; those with under 5 people have no numbers
NAME/access/spread.parquet    how evenly access is spread: mean, Gini, Palma
NAME/access/lorenz.parquet    points of the Lorenz curves
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenarios.bus_lines import SAKURA_LINES, BusLines, load_bus_lines
from scenarios.city import CityMap
from scenarios.people_sections import ModelledDemand
from scenarios.population import residents_by_band
from scenarios.preparation import city_of, stops_of
from scenarios.residents_by_cell import ResidentsByCell, middle_of_mesh, residents_by_cell
from scenarios.scenario import EMBEDDED, Scenario
from simulation.access_shares import BY_DAY, FIXED, PeopleInPlaces, Shares
from simulation.access_spread import curve_points, spread_row
from simulation.access_ways import GOALS, Walker, Ways, ways_to_goals
from simulation.accessibility import LEAST_ASKED, MINUTES, accessibility
from simulation.errors import OutcomeError
from simulation.jackknife import estimate_columns
from simulation.study_outcome import StudyOutcome
from simulation.study_tables import chosen_cases, read_tables, with_other_cases, write_tables

ACCESS: Final = "access"
TABLES: Final = ("places", "cells", "spread", "lorenz")

EARLY_ARRIVAL: Final = ("not_counted", "counted")
"""Whether time between an early arrival and the wished one is lost."""

GROUPS: Final = ("all", "65+", "75+", "no licence")
CELL_GROUPS: Final = ("all", "75+", "no licence")
LEAST_PEOPLE: Final = 5
"""Places with fewer people have no numbers in the tables."""

_NAMING: Final = ("cell", "lat", "lon", "place_kind", "place", "is_suppressed")
WALKING_BAND: Final = "65-74"
"""Everybody walks as fast as this age band of the scenario."""

Progress = Callable[[int, int], None]
Float64s = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StudyAccess:
    """Access in the cases of a study; the columns are in `docs/accessibility.md`."""

    facts: Mapping[str, Any]
    places: pd.DataFrame
    cells: pd.DataFrame
    spread: pd.DataFrame
    lorenz: pd.DataFrame

    @property
    def cases(self) -> frozenset[str]:
        """Names of the cases that the tables have."""
        return frozenset(str(name) for name in self.spread["case"].unique())


def write_access(
    outcome: StudyOutcome,
    progress: Progress = lambda done, total: None,
    *,
    cases: Sequence[str] = (),
) -> StudyAccess:
    """Compute access and write it into the folder of the study, whole or not at all.

    Parameters
    ----------
    progress
        Called with the cases that are done and their number.
    cases
        Names of the cases to take, with the ones that they are compared with; all of them if left out. What
        was written of others stays.

    Raises
    ------
    OutcomeError
        When a case is not known, the study has no modelled residents of a city with cells, or its folder
        cannot be written.
    """
    tables, facts = _computed(outcome, cases, progress)
    tables = with_other_cases(outcome, ACCESS, tables, facts)
    return StudyAccess(write_tables(outcome, ACCESS, tables, facts), **tables)


def read_access(outcome: StudyOutcome) -> StudyAccess | None:
    """Access as `write_access` left it; None where it was not computed, or of the past.

    Raises
    ------
    OutcomeError
        When a table cannot be read.
    """
    found = read_tables(outcome, ACCESS, TABLES)
    return None if found is None else StudyAccess(found[0], **found[1])


@dataclass(frozen=True, slots=True)
class Place:
    """What cases with one city, one population and the same stops share."""

    city: CityMap
    residents: ResidentsByCell
    in_places: PeopleInPlaces
    ways: tuple[Ways, ...]
    buses: BusLines
    walker: Walker


def _computed(
    outcome: StudyOutcome, names: Sequence[str], progress: Progress
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    wanted = {case.name for case in chosen_cases(outcome, names)}
    wanted |= {outcome.baseline(name) for name in wanted}
    cases = [case for case in outcome.cases if case.name in wanted]
    order = sorted(cases, key=lambda case: outcome.baseline(case.name) != case.name)
    known: dict[str, Place] = {}
    baselines: dict[str, dict[tuple[object, ...], Float64s]] = {}
    found: dict[str, dict[str, list[pd.DataFrame]]] = {}
    progress(0, len(order))
    for done, case in enumerate(order, start=1):
        scenario = outcome.scenario(case.name)
        key = _key(scenario)
        if key not in known:
            known[key] = place_of(scenario)
        place = known[key]
        values: dict[tuple[object, ...], Float64s] = {}
        baseline = outcome.baseline(case.name)
        found[case.name] = _case_tables(outcome, case.name, place, baselines.get(baseline, {}), values)
        if baseline == case.name:
            baselines[case.name] = values
        progress(done, len(order))
    tables = {
        name: pd.concat([part for case in cases for part in found[case.name][name]], ignore_index=True)
        for name in TABLES
    }
    return tables, _facts(outcome, next(iter(known.values())))


def _case_tables(
    outcome: StudyOutcome,
    case: str,
    place: Place,
    baseline: Mapping[tuple[object, ...], Float64s],
    values: dict[tuple[object, ...], Float64s],
) -> dict[str, list[pd.DataFrame]]:
    """Tables of one case; `values` keeps what a difference to it needs."""
    requests = outcome.requests(case)
    days = len(outcome.seeds)
    day = np.searchsorted(np.array(outcome.seeds), requests["seed"].to_numpy(np.int64))
    groups = place.residents.groups(place.city.areas)
    tables: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    for early in EARLY_ARRIVAL:
        found = accessibility(
            place.city, place.residents, requests, place.ways,
            counts_early_arrival=early == "counted", day=day, days=days,
        )  # fmt: skip
        for access in found:
            counted = place.in_places.count(access)
            for group, people in groups.items():
                key = (early, access.goal, access.minutes, group)
                said = dict(
                    zip(("case", "early_arrival", "goal", "minutes", "group"), (case, *key), strict=True)
                )
                there, chance = counted.parts(people)
                row = spread_row(there, chance, key, baseline, values)
                tables["spread"].append(pd.DataFrame([said | row]))
                points = curve_points(there, chance[:, 0])
                if len(points):
                    tables["lorenz"].append(_with(said, points))
                if group not in GROUPS:
                    continue
                kinds = ("city", "area", "town", *(("cell",) if group in CELL_GROUPS else ()))
                for kind, shares in counted.shares(people, kinds):
                    table = _with(said, _shares_table(kind, shares, (*key, kind), baseline, values))
                    tables["cells" if kind == "cell" else "places"].append(table)
    return tables


def _shares_table(
    kind: str,
    shares: Shares,
    key: tuple[object, ...],
    baseline: Mapping[tuple[object, ...], Float64s],
    values: dict[tuple[object, ...], Float64s],
) -> pd.DataFrame:
    """Rows of `places` or `cells`: estimates, intervals, differences; nothing where few people live."""
    columns: dict[str, Any] = {}
    if kind == "cell":
        columns["cell"] = shares.place
        columns["lat"], columns["lon"] = middle_of_mesh(shares.place.astype(np.int64))
    else:
        columns["place_kind"], columns["place"] = kind, shares.place.astype("str")
    columns["people"] = shares.people
    columns |= {name: shares.fixed[name] for name in FIXED}
    for name in BY_DAY:
        columns |= estimate_columns(name, shares.by_day[name], low=0.0, high=1.0)
    chance = shares.by_day["by_any_least"]
    values[key] = chance
    before = baseline.get(key)
    gap = (
        chance - before
        if before is not None and before.shape == chance.shape
        else np.full_like(chance, np.nan)
    )
    columns |= estimate_columns("difference", gap, low=-1.0, high=1.0)
    table = pd.DataFrame(columns)
    table["is_suppressed"] = shares.people < LEAST_PEOPLE
    numbers = [name for name in table.columns if name not in _NAMING]
    table.loc[table["is_suppressed"], numbers] = np.nan
    return table


def _with(said: Mapping[str, object], table: pd.DataFrame) -> pd.DataFrame:
    """The table with the same words in front of every row."""
    return pd.DataFrame({**{name: [value] * len(table) for name, value in said.items()}, **table})


def _key(scenario: Scenario) -> str:
    """Scenarios with one key have the same people, stops and walks."""
    parts = (scenario.city, scenario.population, scenario.walking, scenario.service.access)
    said = [None if part is None else part.model_dump(mode="json") for part in parts]
    licence = (
        scenario.demand.licence_share.value.values if isinstance(scenario.demand, ModelledDemand) else ()
    )
    return json.dumps([said, licence], sort_keys=True)


def place_of(scenario: Scenario) -> Place:
    """Who lives where, and how they could get to every goal.

    Raises
    ------
    OutcomeError
        When the scenario has no modelled residents of a city with cells.
    """
    population, demand, walking = scenario.population, scenario.demand, scenario.walking
    if (
        scenario.city.network != EMBEDDED
        or population is None
        or walking is None
        or not isinstance(demand, ModelledDemand)
    ):
        raise OutcomeError(
            f"scenario {scenario.name} has no modelled residents in a city with bus lines; access is counted"
            f' for scenarios with city.network = "{EMBEDDED}" and demand.kind = "model"'
        )
    city = city_of(scenario)
    counts = residents_by_band(
        city, population, scenario.file, is_projected=population.projection is not None
    )
    residents = residents_by_cell(city, counts, demand.licence_share.value.values)
    stops = stops_of(scenario, city)
    buses = load_bus_lines(city)
    speed_kph = walking.speed.value.model_dump(by_alias=True)[WALKING_BAND]
    walker = Walker(float(speed_kph), walking.detour.value, buses.longest_walk_m)
    ways = ways_to_goals(
        city, residents.node, walker, stops=None if stops is None else stops.nodes, buses=buses
    )
    return Place(city, residents, PeopleInPlaces(city, residents), ways, buses, walker)


def _facts(outcome: StudyOutcome, place: Place) -> dict[str, Any]:
    """What the tables rest on."""
    return {
        "days": len(outcome.seeds),
        "minutes": list(MINUTES),
        "goals": {goal.name: [one.name for one in goal.places(place.city)] for goal in GOALS},
        "least_asked": LEAST_ASKED,
        "least_people": LEAST_PEOPLE,
        "walking": {
            "speed_kph": place.walker.speed_kph,
            "detour": place.walker.detour,
            "longest_walk_m": place.walker.longest_walk_m,
        },
        "bus_lines": {
            "file": SAKURA_LINES.name,
            "headway_min": {line.name: line.headway_s / 60 for line in place.buses.lines},
        },
        "credits": list(outcome.credits),
        "is_approximate": outcome.is_approximate,
    }
