from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenarios.study_definition import load_study
from simulation.access_ways import nodes_of_places, towns_of_nodes
from simulation.accessibility import LEAST_ASKED
from simulation.errors import OutcomeError
from simulation.study_access import CELL_GROUPS, GROUPS, StudyAccess, place_of, read_access, write_access
from simulation.study_outcome import StudyOutcome, read_study
from simulation.study_runs import run_study
from tests.reference import access as reference
from tests.simulation_tests.studies import write_study

DAYS = 4
COMBINATIONS = 2 * 2 * 3 * 3
"""Cases, counts of early arrival, goals, times."""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> StudyOutcome:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAAS_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
        folder = tmp_path_factory.mktemp("study")
        return run_study(load_study("today_or_on_demand"), folder, replications=DAYS).outcome


@pytest.fixture(scope="module")
def access(study: StudyOutcome) -> StudyAccess:
    return write_access(study)


def city_rows(access: StudyAccess, early: str, group: str = "all") -> pd.DataFrame:
    rows = access.places
    rows = rows[(rows.place_kind == "city") & (rows.early_arrival == early) & (rows.group == group)]
    return rows.set_index(["case", "goal", "minutes"]).sort_index()


def test_every_case_goal_time_and_group_has_its_rows(access: StudyAccess) -> None:
    kinds = access.places.place_kind.value_counts()
    assert kinds["city"] == COMBINATIONS * len(GROUPS)
    assert kinds["area"] == 2 * kinds["city"]
    assert kinds["town"] == 47 * kinds["city"]
    assert len(access.spread) == COMBINATIONS * (len(GROUPS) + 2)
    assert set(access.cells.group) == set(CELL_GROUPS)


def test_people_of_towns_and_areas_add_up_to_the_city(access: StudyAccess) -> None:
    rows = access.places.query("case == 'today' and goal == 'hospital' and minutes == 30")
    rows = rows[(rows.group == "75+") & (rows.early_arrival == "counted")]
    people = rows.groupby("place_kind").people.sum()
    assert people["town"] == pytest.approx(people["city"])
    assert people["area"] == pytest.approx(people["city"])
    city = rows[rows.place_kind == "city"].iloc[0]
    towns = rows[rows.place_kind == "town"]
    assert (towns.people * towns.by_any_least).sum() / city.people == pytest.approx(city.by_any_least)


def test_cells_with_under_five_people_have_no_numbers(access: StudyAccess) -> None:
    hidden = access.cells[access.cells.is_suppressed]
    shown = access.cells[~access.cells.is_suppressed]
    assert len(hidden) > 0
    assert shown.people.min() >= 5
    numbers = hidden.drop(columns=["case", "early_arrival", "goal", "minutes", "group", "cell", "lat", "lon"])
    assert numbers.drop(columns="is_suppressed").isna().all(axis=None)
    # Cells lie in the city, and their people are not more than its.
    assert shown.lat.between(36.6, 36.9).all()
    assert shown.lon.between(139.8, 140.2).all()


def test_shares_keep_their_order_and_intervals_hold_them(access: StudyAccess) -> None:
    rows = access.places[~access.places.is_suppressed]
    assert (rows.by_any_least <= rows.by_any_most + 1e-9).all()
    assert (rows.on_foot <= rows.by_any_least + 1e-9).all()
    assert (rows.by_any_least_low <= rows.by_any_least + 1e-9).all()
    assert (rows.by_any_least <= rows.by_any_least_high + 1e-9).all()
    counted, free = (city_rows(access, early) for early in ("counted", "not_counted"))
    # Time lost before an appointment makes no trip faster; feet and buses do not know of it.
    assert (counted.by_any_least <= free.by_any_least + 1e-9).all()
    assert (counted.on_foot == free.on_foot).all()


def test_differences_are_to_the_baseline_of_the_study(access: StudyAccess) -> None:
    rows = city_rows(access, "not_counted")
    assert rows.loc["today", "difference"].isna().all()
    gap = rows.loc["on_demand", "by_any_least"] - rows.loc["today", "by_any_least"]
    assert rows.loc["on_demand", "difference"].to_numpy() == pytest.approx(gap.to_numpy())


@pytest.mark.parametrize("case", ["today", "on_demand"])
@pytest.mark.parametrize("early", ["not_counted", "counted"])
def test_city_is_what_counting_resident_by_resident_gives(
    study: StudyOutcome, access: StudyAccess, case: str, early: str
) -> None:
    place = place_of(study.scenario(case))
    city, residents = place.city, place.residents
    people = residents.groups(city.areas)["75+"]
    lives = np.flatnonzero(people > 0)
    towns, area_of_town = towns_of_nodes(city), [town.area for town in city.towns]
    requests = study.requests(case)
    origin = towns[nodes_of_places(city, requests.origin.to_numpy(np.int64))]
    destination = nodes_of_places(city, requests.destination.to_numpy(np.int64))
    way = place.ways[0]
    asked = [
        (int(origin[row]), one)
        for row, one in enumerate(requests.to_dict("records"))
        if one["is_resident"] and destination[row] in way.served
    ]
    limit_s = 45 * 60
    certain, by_service = [], []
    for row in lives:
        lines = [(line.headway_s, moving_s[row]) for line, moving_s in way.lines]
        sure = [float(way.on_foot_s[row] <= limit_s), *(float(at + gap / 2 <= limit_s) for gap, at in lines)]
        sure += [min(max((limit_s - at) / gap, 0.0), 1.0) for gap, at in lines]
        certain.append(max(sure))
        by_service.append(
            reference.chance(
                float(way.service_s[row]), limit_s, int(residents.town[row]), area_of_town, asked,
                least_asked=LEAST_ASKED, counts_early_arrival=early == "counted",
            )
        )  # fmt: skip
    shown = city_rows(access, early, "75+").loc[(case, "hospital", 45)]
    weights = people[lives].tolist()
    assert shown.people == pytest.approx(sum(weights))
    for column, unknown in (("by_any_least", 0.0), ("by_any_most", 1.0)):
        expected = reference.best_share(weights, certain, by_service, unknown)
        assert shown[column] == pytest.approx(expected)
    known = [one for one in by_service if one is not None]
    counted = [weight for weight, one in zip(weights, by_service, strict=True) if one is not None]
    assert shown.unknown_share == pytest.approx(1 - sum(counted) / sum(weights))
    if known:
        assert shown.by_service == pytest.approx(float(np.average(known, weights=counted)))


def test_curve_and_coefficient_belong_together(access: StudyAccess) -> None:
    chosen = "case == 'today' and goal == 'hospital' and minutes == 60 and early_arrival == 'counted'"
    curve = access.lorenz.query(chosen)
    curve = curve[curve.group == "75+"]
    spread = access.spread.query(chosen)
    spread = spread[spread.group == "75+"].iloc[0]
    area = np.trapezoid(curve.value_share, curve.people_share)
    # 41 points of the curve say less than all of it.
    assert 1 - 2 * area == pytest.approx(spread.gini, abs=0.01)
    assert 0 < spread.gini_low <= spread.gini <= spread.gini_high < 1


def test_tables_are_read_again_and_belong_to_their_study(study: StudyOutcome, access: StudyAccess) -> None:
    again = read_access(study)
    assert again is not None
    pd.testing.assert_frame_equal(again.places, access.places)
    assert again.facts["days"] == DAYS
    assert again.facts["goals"]["hospital"] == ["Kurosu hospital (Ujiie 2650)"]
    other = StudyOutcome(study.folder, {**study.provenance, "replications": DAYS + 1})
    assert read_access(other) is None


def test_study_without_access_has_none(study: StudyOutcome, tmp_path: Path) -> None:
    shutil.copytree(study.folder, tmp_path / "copy", ignore=shutil.ignore_patterns("access"))
    assert read_access(read_study(tmp_path / "copy")) is None


def test_city_without_residents_is_refused(tmp_path: Path) -> None:
    path = write_study(tmp_path / "in")
    outcome = run_study(load_study(path), tmp_path / "out", replications=1).outcome
    assert outcome.scenario("one").name == "line"
    with pytest.raises(OutcomeError, match="scenario line has no modelled residents"):
        write_access(outcome)
