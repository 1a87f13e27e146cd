"""Periods that cover the day once, and their weights."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from routing.errors import NoSuchRoadError, ProfileError, WeightError
from routing.network import ROAD_CLASSES, Network
from routing.quantities import UNREACHABLE
from routing.speed_profiles import DAY_S, SpeedPeriod, SpeedProfiles, period_weights
from tests.builders import line_network, network_of
from tests.routing_tests.speed_periods import AS_PLANNED, SOURCE, H, peak, period, profiles_of

# Periods


def test_a_gap_is_named() -> None:
    with pytest.raises(
        ProfileError,
        match=r"^the speed profile has no period from 07:00 to 09:00:30;"
        r" periods must cover 00:00 to 24:00 without a gap$",
    ):
        profiles_of(period(9 * H + 30, DAY_S), period(0, 7 * H))


@pytest.mark.parametrize(
    ("periods", "gap"),
    [
        ((), "00:00 to 24:00"),
        ((period(1, DAY_S),), "00:00 to 00:00:01"),
        ((period(0, DAY_S - 1),), "23:59:59 to 24:00"),
    ],
)
def test_a_gap_at_an_end_of_the_day_is_named(periods: tuple[SpeedPeriod, ...], gap: str) -> None:
    with pytest.raises(ProfileError, match=f"no period from {gap};"):
        profiles_of(*periods)


def test_an_overlap_is_named() -> None:
    with pytest.raises(
        ProfileError, match=r"period 07:00-24:00 of the speed profile overlaps 00:00-07:30; .* 07:30$"
    ):
        profiles_of(period(0, 7 * H + 1800), period(7 * H, DAY_S))


def test_profiles_say_where_they_come_from() -> None:
    assert peak(1.2).source == SOURCE
    assert peak(1.2).is_assumed
    with pytest.raises(ProfileError, match="has no source"):
        SpeedProfiles((period(0, DAY_S),), " ", is_assumed=True)


@pytest.mark.parametrize("factor", [0.0, -1.0, math.inf, math.nan])
def test_a_factor_is_a_positive_number(factor: float) -> None:
    with pytest.raises(ProfileError, match=r"period 07:00-08:00 has the factor \S+ for trunk; give a number"):
        SpeedPeriod(7 * H, 8 * H, (1.0, factor, *AS_PLANNED[2:]))
    with pytest.raises(ProfileError, match=r"has the factor \S+ for R4;"):
        period(7 * H, 8 * H, R4=factor)


def test_a_period_lies_within_the_day() -> None:
    with pytest.raises(ProfileError, match=r"from 79200 s to 21600 s; .* two periods for a night"):
        period(22 * H, 6 * H)
    with pytest.raises(ProfileError, match="give a begin before an end"):
        period(5, 5)
    with pytest.raises(ProfileError, match="within 0 to 86400 s"):
        period(0, DAY_S + 1)


def test_a_period_names_each_class_and_each_road_once() -> None:
    with pytest.raises(ProfileError, match="has 2 class factors; give one for each of motorway, trunk"):
        SpeedPeriod(0, DAY_S, (1.0, 1.0))
    with pytest.raises(ProfileError, match="names road 'R4' twice"):
        SpeedPeriod(0, DAY_S, AS_PLANNED, (("R4", 1.0), ("R4", 2.0)))


def test_hours_of_the_same_factor_become_one_period() -> None:
    flat = [1.0] * 24
    busy = [1.0] * 7 + [1.3, 1.3] + [1.0] * 15
    hours = dict.fromkeys(ROAD_CLASSES, flat)
    profiles = SpeedProfiles.from_hours(hours, {"R4": busy}, source=SOURCE, is_assumed=True)
    assert [one.span for one in profiles.periods] == ["00:00-07:00", "07:00-09:00", "09:00-24:00"]
    assert profiles.periods[1].reference_factors == (("R4", 1.3),)
    assert profiles.periods[1].class_factors == AS_PLANNED


def test_hours_are_checked() -> None:
    flat = [1.0] * 24
    with pytest.raises(ProfileError, match="road class 'motorway' is missing"):
        SpeedProfiles.from_hours(dict.fromkeys(ROAD_CLASSES[1:], flat), source=SOURCE, is_assumed=True)
    with pytest.raises(ProfileError, match="road class 'highway' is unknown"):
        SpeedProfiles.from_hours(
            dict.fromkeys([*ROAD_CLASSES, "highway"], flat), source=SOURCE, is_assumed=True
        )
    with pytest.raises(ProfileError, match="R4 has 23 hourly factors; give 24"):
        SpeedProfiles.from_hours(
            dict.fromkeys(ROAD_CLASSES, flat), {"R4": flat[1:]}, source=SOURCE, is_assumed=True
        )


@pytest.mark.parametrize(
    ("at_s", "index"),
    [
        (0, 0),
        (7 * H - 1, 0),
        (7 * H, 1),
        (9 * H - 1, 1),
        (9 * H, 2),
        (DAY_S - 1, 2),
        (DAY_S + 8 * H, 1),
        (-1, 2),
    ],
)
def test_a_period_begins_at_its_first_second_and_days_repeat(at_s: int, index: int) -> None:
    assert peak(1.5).period_at(at_s) == index


# Weights


def test_weights_multiply_planned_times_by_class_and_road() -> None:
    network = network_of([(0, 1, 1000), (1, 2, 1001), (2, 0, 3)], road_class=[1, 6, 6])
    network = replace(network, references=("", "R4"), reference_index=np.array([0, 1, 0], np.int16))
    factors = tuple(2.0 if name == "trunk" else 1.5 for name in ROAD_CLASSES)
    profiles = profiles_of(SpeedPeriod(0, 60, factors, (("R4", 1.1),)), period(60, DAY_S, 0.1))
    weights = period_weights(network, profiles)
    assert weights.dtype == np.int32
    # 1000 * 2; 1001 * 1.1 = 1101.1; 3 * 1.5 = 4.5, half up. Then 100, 100.1, and 0.3, at least 1.
    assert weights.tolist() == [[2000, 1101, 5], [100, 100, 1]]
    assert not weights.flags.writeable


def test_on_a_shared_stretch_the_larger_road_factor_holds() -> None:
    network = replace(line_network(2), references=("", "4;293"), reference_index=np.ones(2, np.int16))
    for roads in ({"4": 1.2, "293": 1.4}, {"293": 1.4, "4": 1.2}):
        assert period_weights(network, profiles_of(period(0, DAY_S, 9.0, **roads))).tolist() == [[14_000] * 2]


def test_closed_arcs_stay_closed() -> None:
    base = np.array([1000, UNREACHABLE], np.int32)
    assert period_weights(line_network(2), profiles_of(period(0, DAY_S, 0.5)), base).tolist() == [
        [500, UNREACHABLE]
    ]


def test_a_road_that_is_not_there_and_times_that_do_not_fit_are_refused(line: Network) -> None:
    with pytest.raises(NoSuchRoadError, match="no road of line of 5 has the reference 'R4'; its roads carry"):
        period_weights(line, profiles_of(period(0, DAY_S, R4=1.2)))
    with pytest.raises(ProfileError, match=r"period 00:00-24:00: arc 0 of 10000 ms times 200000 is more"):
        period_weights(line, profiles_of(period(0, DAY_S, 200_000.0)))
    with pytest.raises(WeightError, match="give one weight for each"):
        period_weights(line, peak(1.1), [1, 2])
