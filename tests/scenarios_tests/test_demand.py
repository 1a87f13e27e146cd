"""Residents and their trips."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from maas.service_definition import CHANNELS
from scenarios.demand_day import ARRIVE_BY, DEPART_AFTER, NEVER, PURPOSES, DemandDay
from scenarios.demand_model import DemandModel
from scenarios.errors import ScenarioFileError
from scenarios.people_sections import Population
from scenarios.population import residents_by_band
from tests.scenarios_tests.cities import line_city, line_scenario, model_of

DAYS = 60

LATER = """
[population.projection]
residents = { value = 8000, assumption = true }
child_share = { value = 0.1, assumption = true }
old_share = { value = 0.5, assumption = true }
oldest_share = { value = 0.3, assumption = true }
"""


@pytest.fixture(scope="module")
def days(model: DemandModel) -> list[DemandDay]:
    return [model.draw(seed) for seed in range(DAYS)]


def column(days: list[DemandDay], name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.concatenate([getattr(day, name) for day in days])


def population(folder: Path, text: str) -> Population:
    found = line_scenario(folder, text).population
    assert found is not None
    return found


# --- residents ---


def test_residents_by_band_follow_the_shares_and_sum_to_the_population(tmp_path: Path) -> None:
    counts = residents_by_band(line_city(), population(tmp_path, ""), "x", is_projected=False)
    # West: 6,000, a quarter of them 65+ = 1,500, of whom 49 % = 735 are 75+. East: 2,000, half = 1,000, 490.
    # Children: 13 % of 8,000 = 1,040 among 5,500 younger people: 4,500 of them in West = 850.9, 1,000 in East
    # = 189.1; the parts go to the larger remainders: 851 and 189.
    assert counts.tolist() == [[851, 3_649, 765, 735], [189, 811, 510, 490]]
    assert counts.sum() == 8_000


def test_later_population_keeps_each_towns_part_of_each_band(tmp_path: Path) -> None:
    later = population(
        tmp_path,
        LATER.replace("8000", "4000"),
    )
    counts = residents_by_band(line_city(), later, "x", is_projected=True)
    # 400 children, 1,600 adults, 800 and 1,200 old; West has 735 of 1,225 of the oldest = 60 %.
    assert counts.sum(axis=0).tolist() == [400, 1_600, 800, 1_200]
    assert counts[:, 3].tolist() == [720, 480]
    assert np.array_equal(
        residents_by_band(line_city(), later, "x", is_projected=False),
        residents_by_band(line_city(), population(tmp_path, ""), "x", is_projected=False),
    )


INMATES = """
[population]
inmates_town = "East"
inmates = { value = 300, assumption = true }
inmates_are_counted = { value = true, assumption = true }
"""


def test_inmates_leave_the_adults_of_their_town_only_if_they_are_counted(tmp_path: Path) -> None:
    counted = population(tmp_path, INMATES)
    counts = residents_by_band(line_city(), counted, "x", is_projected=False)
    # Of the 811 adults of East.
    assert counts.tolist() == [[851, 3_649, 765, 735], [189, 511, 510, 490]]
    elsewhere = population(tmp_path, INMATES.replace("value = true", "value = false"))
    assert residents_by_band(line_city(), elsewhere, "x", is_projected=False).sum() == 8_000


def test_prison_larger_than_its_town_is_refused(tmp_path: Path) -> None:
    section = population(tmp_path, INMATES.replace("300", "900"))
    with pytest.raises(
        ScenarioFileError, match=r"inmates\.value is 900, above the 811 adults of East; lower it"
    ):
        residents_by_band(line_city(), section, "x", is_projected=False)


def test_prison_in_an_unknown_town_is_refused(tmp_path: Path) -> None:
    section = population(tmp_path, INMATES.replace("East", "North"))
    with pytest.raises(ScenarioFileError, match="inmates_town is 'North'; give a town of the city"):
        residents_by_band(line_city(), section, "x", is_projected=False)


def test_resident_is_the_same_person_whatever_the_population_and_the_towns(tmp_path: Path) -> None:
    today = model_of(line_scenario(tmp_path), line_city()).residents
    later = model_of(
        line_scenario(
            tmp_path,
            LATER,
        ),
        line_city(),
    ).residents
    east = model_of(line_scenario(tmp_path), line_city(towns=("East",))).residents
    for other in (later, east):
        both, here, there = np.intersect1d(today.person, other.person, return_indices=True)
        assert len(both) > 1_500
        for name in ("age_band", "home", "area", "rate", "uses_app", "uses_wheelchair", "is_disabled"):
            assert np.array_equal(getattr(today, name)[here], getattr(other, name)[there]), name


def test_people_live_where_their_town_has_homes(model: DemandModel) -> None:
    west = model.residents.area == 0
    assert set(model.residents.home[west].tolist()) == {0, 1, 2, 3, 4}
    assert set(model.residents.home[~west].tolist()) == {25, 26, 27, 28, 29}
    # 6,000 people at five nodes alike: 1,200 each, standard deviation 31.
    assert np.abs(np.bincount(model.residents.home[west]) - 1_200).max() < 150


# --- trips ---


def test_average_weekday_has_the_requests_wished_for(days: list[DemandDay]) -> None:
    # 100 a day on an average weekday; Tuesday is 1.05 / 1.02 of it: 102.9. A day has a standard deviation of
    # about 13 (two requests a tour), the mean of 60 days one of 1.7.
    assert np.mean([len(day) for day in days]) == pytest.approx(102.9, abs=6.0)


def test_riders_of_a_day_are_unique_and_sorted_by_booking(days: list[DemandDay]) -> None:
    for day in days[:5]:
        assert len(set(day.rider.tolist())) == len(day)
        order = np.lexsort((day.rider, day.booked_at_s))
        assert order.tolist() == list(range(len(day)))
        for field in fields(DemandDay):
            assert getattr(day, field.name).dtype in (np.int32, np.int64, np.bool_)


def test_same_seed_gives_the_same_day_and_another_seed_other_riders(model: DemandModel) -> None:
    a, b, c = model.draw(3), model.draw(3), model.draw(4)
    for field in fields(DemandDay):
        assert np.array_equal(getattr(a, field.name), getattr(b, field.name))
    assert set(a.rider.tolist()) != set(c.rider.tolist())


def test_request_is_asked_before_its_trip_and_within_a_day_of_it(days: list[DemandDay]) -> None:
    booked, wish = column(days, "booked_at_s"), column(days, "wish_s")
    assert np.all(booked <= wish)
    on_the_eve = booked < 0
    # Day before: 8:30 to 17:00.
    assert booked[on_the_eve].min() >= 8.5 * 3600 - 86_400
    assert booked[on_the_eve].max() <= 17 * 3600 - 86_400
    # Nobody asks before 7:00.
    assert booked[~on_the_eve].min() >= 7 * 3600


def test_return_goes_back_after_the_stay_and_no_later_than_the_last(days: list[DemandDay]) -> None:
    for day in days[:10]:
        there = {int(r): i for i, r in enumerate(day.rider) if r % 2 == 0}
        for i in np.flatnonzero(day.rider % 2 == 1):
            j = there[int(day.rider[i]) - 1]
            assert (day.origin[i], day.destination[i]) == (day.destination[j], day.origin[j])
            assert day.time_kind[i] == DEPART_AFTER
            # The shortest stay is the 45 minutes of shopping.
            assert day.wish_s[i] >= day.wish_s[j] + 45 * 60
            assert day.wish_s[i] <= 16 * 3600 + 45 * 60


def test_wishes_are_round_times(days: list[DemandDay]) -> None:
    kind, wish = column(days, "time_kind"), column(days, "wish_s")
    assert set((wish[kind == DEPART_AFTER] % 300).tolist()) == {0}
    assert set((wish[kind == ARRIVE_BY] % 900).tolist()) == {0}


def test_nobody_asks_for_a_place_within_a_walk(days: list[DemandDay]) -> None:
    # 700 m: one step of 400 m is a walk, two steps are not.
    assert np.abs(column(days, "origin") - column(days, "destination")).min() >= 2


def test_destinations_fit_the_purpose(days: list[DemandDay]) -> None:
    outward = column(days, "rider") % 2 == 0
    purpose, destination = column(days, "purpose")[outward], column(days, "destination")[outward]
    allowed = {
        "clinic": {10, 20},
        "shopping": {8, 22},
        "station": {12, 16},
        "bath": {18},
        "social": {0, 1, 2, 3, 4, 25, 26, 27, 28, 29},
        "hot_spring": {18},
    }
    for name, nodes in allowed.items():
        assert set(destination[purpose == PURPOSES.index(name)].tolist()) <= nodes, name


def test_near_and_attractive_places_draw_more(days: list[DemandDay]) -> None:
    outward = (column(days, "rider") % 2 == 0) & (column(days, "purpose") == PURPOSES.index("shopping"))
    origin, destination = column(days, "origin")[outward], column(days, "destination")[outward]
    west = origin < 15
    # From node 2 the shops are 6 and 20 steps of 40 s away; reach 7 min = 420 s: odds exp((800 - 240) / 420)
    # = 3.8, a share of 0.79 for the near one.
    assert float((destination[west] == 8).mean()) == pytest.approx(0.79, abs=0.06)


def test_place_that_is_taken_away_moves_only_those_who_went_there(tmp_path: Path) -> None:
    scenario = line_scenario(tmp_path)
    everything = model_of(scenario, line_city())
    fewer = ("Shop", "Clinic", "Hospital", "Bath", "Station", "Halt")
    without = model_of(scenario, line_city(places=fewer))
    # Same factor for both, so that the same people set out.
    without = replace(without, resident_factor=everything.resident_factor)
    a, b = everything.trips(5), without.trips(5)
    kept = {int(r): int(d) for r, d in zip(b.rider, b.destination, strict=True)}
    outward = a.rider % 2 == 0
    unchanged = [
        kept[int(r)] == int(d)
        for r, d in zip(a.rider[outward], a.destination[outward], strict=True)
        if int(d) != 22
    ]
    assert len(unchanged) > 20
    assert all(unchanged)


def test_visitors_come_by_train_and_leave_five_minutes_after_it(days: list[DemandDay]) -> None:
    visitors = ~column(days, "is_resident").astype(bool)
    outward = visitors & (column(days, "rider") % 2 == 0)
    assert set(column(days, "origin")[outward].tolist()) == {12}
    # Trains every 30 minutes from 9:00 to 14:00.
    assert set((column(days, "wish_s")[outward] % 1800).tolist()) == {300}
    assert column(days, "wish_s")[outward].min() >= 9 * 3600
    assert column(days, "wish_s")[outward].max() <= 14 * 3600 + 300
    # 6 % of 102.9 requests a day for 60 days = 370, standard deviation about 27.
    assert visitors.sum() == pytest.approx(370, abs=110)


def test_old_people_travel_most_and_phone(days: list[DemandDay]) -> None:
    band, channel = column(days, "age_band"), column(days, "channel")
    resident = column(days, "is_resident").astype(bool)
    assert (band[resident] == 3).mean() > 0.5
    # One in ten of those of 75 and over uses the app.
    oldest = resident & (band == 3)
    assert (channel[oldest] == CHANNELS.index("app")).mean() == pytest.approx(0.1, abs=0.04)


def test_share_of_cancellations_and_no_shows(days: list[DemandDay]) -> None:
    cancels = column(days, "cancels_at_s")
    # 6.5 % and 0.75 % of about 6,100 requests: standard deviations of 0.3 and 0.1 points.
    assert (cancels != NEVER).mean() == pytest.approx(0.065, abs=0.015)
    assert column(days, "is_no_show").mean() == pytest.approx(0.0075, abs=0.005)
    assert not np.any(column(days, "is_no_show").astype(bool) & (cancels != NEVER))
    assert np.all(cancels > column(days, "booked_at_s"))


def test_older_population_travels_more_but_shared_people_alike(tmp_path: Path) -> None:
    city = line_city()
    today = model_of(line_scenario(tmp_path), city)
    later = model_of(
        line_scenario(
            tmp_path,
            LATER,
        ),
        city,
    )
    assert later.resident_factor == today.resident_factor
    a, b = today.draw(9), later.draw(9)
    assert len(b) > len(a)
    shared = np.intersect1d(today.residents.person, later.residents.person)
    wishes = {int(r): int(w) for r, w in zip(b.rider, b.wish_s, strict=True)}
    alike = [
        wishes[int(r)] == int(w) for r, w in zip(a.rider, a.wish_s, strict=True) if int(r) // 2 in shared
    ]
    assert len(alike) > 50
    assert all(alike)


def test_more_requests_than_the_people_can_make_are_refused(tmp_path: Path) -> None:
    text = "[demand]\nlatent_requests_per_weekday = { value = 90000, assumption = true }\n"
    with pytest.raises(
        ScenarioFileError, match=r"latent_requests_per_weekday\.value is 90000, more than the people"
    ):
        model_of(line_scenario(tmp_path, text), line_city())


def test_purpose_that_names_no_kind_of_place_is_refused(tmp_path: Path) -> None:
    text = "[demand.purposes.bath]\ndestinations = { value = { sauna = 1 }, assumption = true }\n"
    with pytest.raises(ScenarioFileError, match=r"purposes\.bath\.destinations: 'sauna' is neither a kind"):
        model_of(line_scenario(tmp_path, text), line_city())
