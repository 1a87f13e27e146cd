"""Departures that never gain by leaving later, over arcs and between pairs, against a slow oracle."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import NetworkError, NoWayError, ProfileError, WeightError
from routing.hierarchy import Hierarchy
from routing.network import Network, RoadClass
from routing.quantities import UNREACHABLE, UNREACHABLE_MS
from routing.shortest_paths import one_to_all
from routing.speed_profiles import DAY_S, SpeedPeriod, SpeedProfiles, period_weights
from routing.time_of_day import RoadsByPeriod, TimesByDeparture
from routing.travel_times import DenseTravelTimes
from tests.builders import line_network, network_of, random_network
from tests.reference.time_dependent import arrival_ms, arrivals_ms, exact_arrival_ms
from tests.routing_tests.speed_periods import AS_PLANNED, H, peak, period, profiles_of


@st.composite
def cases(draw: st.DrawFn) -> tuple[Network, SpeedProfiles, npt.NDArray[np.int32]]:
    """A network, borders within its first seconds of the day (and midnight), and a weight for every period
    and arc, some closed: trips cross several borders."""
    network = random_network(draw(st.integers(0, 500)), nodes=7, extra_arcs=10)
    begins = sorted(draw(st.sets(st.integers(1, 20), max_size=4)))
    borders = [0, *begins, DAY_S]
    profiles = profiles_of(*(period(a, b) for a, b in pairwise(borders)))
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = len(profiles.periods), network.arc_count
    weights = generator.choice([1, 2, 700, 999, 1500, 3333, 9000, UNREACHABLE], shape).astype(np.int32)
    return network, profiles, weights


def paces_of(weights: npt.NDArray[np.int32]) -> list[list[float]]:
    """One row of paces for each arc, as the oracle takes them."""
    return [[math.inf if ms == UNREACHABLE else ms for ms in row] for row in weights.T.tolist()]


def begins_of(profiles: SpeedProfiles) -> list[int]:
    return [1000 * one.begin_s for one in profiles.periods]


# Departures over arcs


def test_a_trip_over_a_border_is_driven_at_both_speeds() -> None:
    # 4 arcs of 10 s. Left 15 s before the peak: 1.5 arcs as planned, then 2.5 arcs of 20 s: 15 + 50 = 65 s.
    roads = RoadsByPeriod(line_network(), peak(2.0))
    assert roads.one_to_all(0, 7 * H - 15).tolist() == [0, 10_000, 25_000, 45_000, 65_000]
    # Left 30 s before its end: 1.5 arcs of 20 s, then 2.5 of 10 s: 30 + 25 = 55 s.
    assert roads.one_to_all(0, 9 * H - 30)[4] == 55_000
    assert roads.one_to_all(0, 7 * H)[4] == roads.one_to_all(0, 7 * H + 10)[4] == 80_000
    assert roads.one_to_all(0, 9 * H)[4] == 40_000


def test_days_repeat_before_and_after_the_first() -> None:
    roads = RoadsByPeriod(line_network(), peak(2.0))
    for day in (-2, -1, 1, 40):
        assert roads.one_to_all(0, day * DAY_S + 7 * H - 15)[4] == 65_000


def test_a_closed_arc_is_waited_for_and_what_was_driven_counts() -> None:
    network, profiles = line_network(2), peak(1.0)
    weights = np.array([[10_000] * 2, [UNREACHABLE] * 2, [20_000] * 2], np.int32)
    roads = RoadsByPeriod(network, profiles, weights)
    assert roads.one_to_all(0, 7 * H - 10)[1] == 10_000
    # Half is driven when it closes; two hours later the other half takes 10 s.
    assert roads.one_to_all(0, 7 * H - 5)[1] == 5000 + 2 * H * 1000 + 10_000
    assert roads.one_to_all(0, 8 * H)[1] == H * 1000 + 20_000
    assert roads.time_along([0, 1], 8 * H) == H * 1000 + 40_000


def test_an_arc_closed_all_day_is_no_way() -> None:
    weights = np.full((3, 2), 5, np.int32)
    weights[:, 0] = UNREACHABLE
    roads = RoadsByPeriod(line_network(2), peak(1.0), weights)
    assert roads.one_to_all(0, -5).tolist() == [0, UNREACHABLE_MS]
    assert roads.time_along([0], -5) == UNREACHABLE_MS
    assert roads.one_to_all(1, -5).tolist() == [5, 0]
    with pytest.raises(NoWayError, match="no way from node 0 to node 1 in line of 2"):
        roads.path(0, 1, -5)


def test_the_way_changes_with_the_hour() -> None:
    # 0 -> 1 straight by trunk in 10 s, or by 2 in 12 s; in the peak the trunk takes 20 s.
    network = network_of([(0, 1, 10_000), (0, 2, 6000), (2, 1, 6000)], road_class=[RoadClass.TRUNK, 6, 6])
    busy = SpeedPeriod(7 * H, 9 * H, (1.0, 2.0, *AS_PLANNED[2:]))
    roads = RoadsByPeriod(network, profiles_of(period(0, 7 * H), busy, period(9 * H, DAY_S)))
    assert roads.path(0, 1, 6 * H).tolist() == [0]
    by_two = roads.path(0, 1, 8 * H)
    assert network.head[by_two].tolist() == [2, 1]
    assert roads.time_along(by_two, 8 * H) == roads.one_to_all(0, 8 * H)[1] == 12_000
    assert roads.time_along([], 8 * H) == 0
    assert roads.path(1, 1, 0).tolist() == []


@given(case=cases(), source=st.integers(0, 6), depart_s=st.integers(-3, 30))
def test_arrivals_agree_with_the_oracle(
    case: tuple[Network, SpeedProfiles, npt.NDArray[np.int32]], source: int, depart_s: int
) -> None:
    network, profiles, weights = case
    found = RoadsByPeriod(network, profiles, weights).one_to_all(source, depart_s)
    wanted = arrivals_ms(network, paces_of(weights), begins_of(profiles), source, 1000 * depart_s)
    assert found.tolist() == [UNREACHABLE_MS if math.isinf(at) else at - 1000 * depart_s for at in wanted]


@given(case=cases(), source=st.integers(0, 6))
def test_leaving_later_never_arrives_earlier(
    case: tuple[Network, SpeedProfiles, npt.NDArray[np.int32]], source: int
) -> None:
    network, profiles, weights = case
    roads = RoadsByPeriod(network, profiles, weights)
    departs = [-DAY_S - 1, *range(-8, 30), DAY_S - 8, DAY_S]
    arrivals = np.array([roads.one_to_all(source, one) + 1000 * one for one in departs])
    assert (np.diff(arrivals, axis=0) >= 0)[(arrivals < UNREACHABLE_MS // 2)[1:]].all()


@given(case=cases(), depart_s=st.integers(-3, 30))
def test_the_way_found_takes_the_time_found(
    case: tuple[Network, SpeedProfiles, npt.NDArray[np.int32]], depart_s: int
) -> None:
    network, profiles, weights = case
    roads = RoadsByPeriod(network, profiles, weights)
    times = roads.one_to_all(0, depart_s)
    for target in np.flatnonzero(times < UNREACHABLE_MS).tolist():
        arcs = roads.path(0, target, depart_s)
        assert [*network.tail[arcs].tolist(), target] == [0, *network.head[arcs].tolist()]
        assert roads.time_along(arcs, depart_s) == times[target]


@given(
    paces=st.lists(st.integers(1, 50_000), min_size=3, max_size=3),
    begins=st.sets(st.integers(1, 40_000), min_size=2, max_size=2),
    enters_ms=st.integers(-3000, 45_000),
)
def test_one_arc_is_within_half_a_millisecond_a_border_of_the_exact_integral(
    paces: list[int], begins: set[int], enters_ms: int
) -> None:
    begins_ms = [0, *sorted(begins)]
    exact = exact_arrival_ms(paces, begins_ms, enters_ms)
    # A rounding of half a millisecond at one border grows by the ratio of the paces at the next.
    ratio = max(paces) / min(paces)
    assert abs(arrival_ms(paces, begins_ms, enters_ms) - exact) <= 0.5 * (1 + ratio + ratio**2 + ratio**3)


@given(seed=st.integers(0, 10_000), source=st.integers(0, 11), depart_s=st.integers(-DAY_S, 2 * DAY_S))
def test_factors_of_one_give_the_planned_times(seed: int, source: int, depart_s: int) -> None:
    network = random_network(seed)
    profiles = profiles_of(*(period(begin, begin + 1) for begin in range(5)), period(5, DAY_S))
    found = RoadsByPeriod(network, profiles).one_to_all(source, depart_s % 10)
    assert found.tolist() == one_to_all(network, source).tolist()
    assert RoadsByPeriod(network, peak(1.0)).one_to_all(source, depart_s).tolist() == found.tolist()


def test_bad_questions_are_refused(line: Network) -> None:
    roads = RoadsByPeriod(line, peak(1.2))
    with pytest.raises(NetworkError, match="node 5 is not in line of 5"):
        roads.one_to_all(5, 0)
    with pytest.raises(NetworkError, match="node -1 is not in line of 5"):
        roads.path(0, -1, 0)
    with pytest.raises(NetworkError, match="arc 8 is not in line of 5; its arcs are 0 to 7"):
        roads.time_along([8], 0)
    with pytest.raises(ProfileError, match=r"weights have shape \(2, 8\) for 3 periods and 8 arcs"):
        RoadsByPeriod(line, peak(1.2), np.ones((2, 8), np.int32))
    with pytest.raises(WeightError, match="the weight of arc 0 is -1"):
        RoadsByPeriod(line, peak(1.2), np.full((3, 8), -1))
    with pytest.raises(NetworkError, match="too much for one search"):
        RoadsByPeriod(
            network_of([(node, node + 1, 1000) for node in range(300)]),
            profiles_of(period(0, 1), period(1, DAY_S)),
            np.stack([np.full(300, UNREACHABLE - 2), np.full(300, UNREACHABLE)]),
        )


# Departures between pairs


def times_of(network: Network, profiles: SpeedProfiles, weights: npt.NDArray[np.int32]) -> TimesByDeparture:
    hierarchy = Hierarchy.build(network)
    return TimesByDeparture(profiles, [hierarchy.customise(row) for row in weights])


def test_a_pair_over_a_border_is_interpolated() -> None:
    network, profiles = line_network(), peak(2.0)
    times = times_of(network, profiles, period_weights(network, profiles))
    # As in the trip over arcs: all arcs share the factor, so nothing is lost.
    assert times.seconds(0, 4, 7 * H - 15) == 65
    assert times.seconds(0, 4, 9 * H - 30) == 55
    assert times.seconds(0, 4, 7 * H - 40) == times.seconds(0, 4, 9 * H) == 40
    assert times.seconds(0, 4, 7 * H) == times.seconds(0, 4, 8 * H + DAY_S) == 80
    assert times.seconds(2, 2, 7 * H - 1) == 0
    assert type(times.seconds(0, 1, 0)) is int


def test_a_matrix_takes_one_departure_for_each_origin() -> None:
    network, profiles = line_network(), peak(2.0)
    times = times_of(network, profiles, period_weights(network, profiles))
    found = times.matrix([0, 0, 4], [4, 1], [7 * H - 15, 9 * H - 30, -DAY_S])
    assert found.dtype == np.int32
    assert found.tolist() == [[65, 10], [55, 20], [0, 30]]
    assert times.matrix([], [1], 0).shape == (0, 1)
    assert times.matrix([1], [], 0).shape == (1, 0)


def test_tables_in_seconds_serve_as_well() -> None:
    profiles = peak(2.0)
    network = line_network()
    slow = replace(network, travel_ms=2 * network.travel_ms)
    tables, slow_tables = DenseTravelTimes.build(network), DenseTravelTimes.build(slow)
    times = TimesByDeparture(profiles, [tables, slow_tables, tables], unit_ms=1000)
    assert times.seconds(0, 4, 7 * H - 15) == 65


@given(case=cases())
def test_between_pairs_leaving_later_never_arrives_earlier(
    case: tuple[Network, SpeedProfiles, npt.NDArray[np.int32]],
) -> None:
    network, profiles, weights = case
    times = times_of(network, profiles, weights)
    nodes = np.arange(network.node_count)
    departs = [-DAY_S - 1, *range(-8, 30), DAY_S - 8, DAY_S]
    found = np.array([times.matrix(nodes, nodes, one) for one in departs])
    arrivals = found + np.array(departs)[:, None, None]
    is_way = found[1:] != UNREACHABLE
    assert (np.diff(arrivals, axis=0) >= 0)[is_way].all()
    # A way that exists in some period exists at every departure.
    assert ((found == UNREACHABLE) == (found[0] == UNREACHABLE)).all()


@given(
    paces=st.lists(st.sampled_from([1, 700, 1500, 9000, 40_000, UNREACHABLE]), min_size=3, max_size=3),
    begins=st.sets(st.integers(1, 20), min_size=2, max_size=2),
    depart_s=st.integers(-3, 30),
)
def test_a_pair_behaves_as_one_arc(paces: list[int], begins: set[int], depart_s: int) -> None:
    borders = [0, *sorted(begins), DAY_S]
    profiles = profiles_of(*(period(a, b) for a, b in pairwise(borders)))
    network = network_of([(0, 1, 1000)])
    weights = np.array(paces, np.int32)[:, None]
    over_arcs = int(RoadsByPeriod(network, profiles, weights).one_to_all(0, depart_s)[1])
    wanted = UNREACHABLE if over_arcs == UNREACHABLE_MS else (over_arcs + 500) // 1000
    assert times_of(network, profiles, weights).seconds(0, 1, depart_s) == wanted


@given(seed=st.integers(0, 10_000), factor=st.sampled_from([0.5, 1.0, 2.0, 3.0]))
def test_with_one_factor_for_all_arcs_pairs_are_exact_to_the_second(seed: int, factor: float) -> None:
    network, profiles = random_network(seed), profiles_of(period(0, 3), period(3, DAY_S, factor))
    weights = period_weights(network, profiles)
    times, roads = times_of(network, profiles, weights), RoadsByPeriod(network, profiles, weights)
    nodes = np.arange(network.node_count)
    for depart_s in (0, 2, 4):
        found = times.matrix([0], nodes, depart_s)[0]
        exact = roads.one_to_all(0, depart_s)
        # Arcs of 1 ms and of 499 ms may be rounded by half a millisecond each.
        assert (np.abs(1000 * found - exact) <= 500 + network.node_count).all()


def test_pairs_are_checked() -> None:
    network, profiles = line_network(), peak(1.2)
    metrics = [Hierarchy.build(network).customise(network.travel_ms)] * 3
    with pytest.raises(ProfileError, match="2 metrics for 3 periods; give one for each period"):
        TimesByDeparture(profiles, metrics[:2])
    with pytest.raises(ProfileError, match="lasts 0 ms; give 1 ms or more"):
        TimesByDeparture(profiles, metrics, unit_ms=0)
    with pytest.raises(ProfileError, match=r"departures have shape \(2,\) for 1 origins"):
        TimesByDeparture(profiles, metrics).matrix([0], [1], [0, 1])
    with pytest.raises(ProfileError, match="is more than 1073741824 ms; check the unit of the metrics"):
        TimesByDeparture(profiles, metrics, unit_ms=1_000_000).seconds(0, 4, 0)
    with pytest.raises(NetworkError, match="node"):
        TimesByDeparture(profiles, metrics).seconds(0, 9, 0)
