"""Where a stop-based service stops: tiny cities worked out by hand, then the embedded one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from routing.geometry import EARTH_RADIUS_M, distance_m
from routing.network import RoadClass, build_network
from scenarios.sakura_network import OUTSIDE, Place, SakuraCity, Town, load_sakura_city
from scenarios.stops import LEAST_APART_M, LONGEST_WALK_M, covered_share, generate_stops

STEP_M = 100.0


def lon(metres: float) -> float:
    """Degrees east of Greenwich on the equator."""
    return math.degrees(metres / EARTH_RADIUS_M)


def line_city(
    people: list[int], town_node: int = 5, places: tuple[tuple[str, str, float, bool], ...] = ()
) -> SakuraCity:
    """A street on the equator with a node every 100 m and so many people at each; one town named Line.

    `places` are (name, kind, metres along the street, whether inside the city), each at a node of its own.
    """
    at = [STEP_M * k for k in range(len(people))] + [metres for _, _, metres, _ in places]
    n, total = len(at), sum(people)
    order = np.argsort(at, kind="stable")
    there, back = order[:-1], order[1:]
    network = build_network(
        tail=np.concatenate((there, back)),
        head=np.concatenate((back, there)),
        length_m=np.full(2 * (n - 1), 100),
        travel_ms=np.full(2 * (n - 1), 10_000),
        road_class=np.full(2 * (n - 1), int(RoadClass.RESIDENTIAL)),
        lat=np.zeros(n),
        lon=np.array([lon(metres) for metres in at]),
        node_id=1_000 + np.arange(n),
    )
    lived = [k for k, number in enumerate(people) if number]
    return SakuraCity(
        network=network,
        towns=(Town("Line", 0, 0.0, lon(STEP_M * town_node), total, 0.3, town_node),),
        places=tuple(
            Place(name, kind, 0.0, lon(metres), "A", len(people) + k, 0 if is_inside else OUTSIDE)
            for k, (name, kind, metres, is_inside) in enumerate(places)
        ),
        home_nodes=np.array(lived, np.int32),
        home_town=np.zeros(len(lived), np.int16),
        home_weight=np.array([people[k] / total for k in lived]),
        area_of_node=np.zeros(n, np.int8),
    )


def test_each_further_stop_reaches_most_people_not_yet_reached() -> None:
    # 300 m on foot are 240 m in a straight line: two steps. The town's stop at node 5 reaches 3 to 7.
    # Nodes 0, 1, 2 hold 10 + 10 + 50 and 8, 9, 10 hold 10 each. Nodes 0, 1 and 2 would each reach 70: the
    # lowest. Then 8, 9 and 10 would each reach 30: the lowest.
    stops = generate_stops(line_city([10, 10, 50, 10, 10, 10, 10, 10, 10, 10, 10]))
    assert [(stop.node, stop.name, stop.kind) for stop in stops] == [
        (5, "Line", "town"),
        (0, "Line 2", "street"),
        (8, "Line 3", "street"),
    ]
    assert [stop.stop_id for stop in stops] == ["S1005", "S1000", "S1008"]


def test_more_people_draw_the_stop_even_if_it_leaves_others_for_later() -> None:
    # Homes are 0 (40 people), 2 (50), 5 and 10 (5). Stops stand where people live: 0 and 2 would each reach
    # 90, node 10 only 5.
    stops = generate_stops(line_city([40, 0, 50, 0, 0, 10, 0, 0, 0, 0, 5]))
    assert [stop.node for stop in stops] == [5, 0, 10]


def test_home_at_the_longest_walk_needs_no_stop_and_one_beyond_does() -> None:
    city = line_city([0, 0, 0, 0, 0, 10, 0, 10])
    # Two steps are 200 m straight, 250 m on foot.
    assert [stop.node for stop in generate_stops(city, 250.1)] == [5]
    assert [stop.node for stop in generate_stops(city, 249.9)] == [5, 7]


def test_walk_shorter_than_the_least_distance_of_stops_still_ends() -> None:
    # 50 m on foot: every home needs its own stop, though they are 100 m apart.
    city = line_city([1] * 6)
    assert sorted(stop.node for stop in generate_stops(city, 50.0)) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("away_m", "names"),
    [(LEAST_APART_M - 1, ["Bath", "Line"]), (LEAST_APART_M + 1, ["Bath", "Shop", "Line"])],
)
def test_places_close_together_share_a_stop(away_m: float, names: list[str]) -> None:
    places = (("Bath", "onsen", 450.0, True), ("Shop", "shop", 450.0 + away_m, True))
    assert [stop.name for stop in generate_stops(line_city([0, 10], 1, places))] == names


def test_prison_and_places_outside_the_city_get_no_stop() -> None:
    places = (("Prison", "prison", 900.0, True), ("Far station", "rail", 1_500.0, False))
    assert [stop.name for stop in generate_stops(line_city([0, 10], 1, places))] == ["Line"]


def test_covered_share_counts_residents_not_nodes() -> None:
    city = line_city([30, 0, 0, 0, 0, 60, 0, 10])
    stops = generate_stops(city, 10_000.0)
    assert [stop.node for stop in stops] == [5]
    # Node 7 is 250 m away on foot, node 0 is 625 m.
    assert covered_share(city, stops, 249.0) == pytest.approx(0.6)
    assert covered_share(city, stops, 251.0) == pytest.approx(0.7)
    assert covered_share(city, stops, 626.0) == pytest.approx(1.0)


def test_sakura_has_as_many_stops_as_asked_and_everybody_lives_near_one() -> None:
    city = load_sakura_city()
    stops = generate_stops(city)
    assert 300 <= len(stops) <= 450
    assert covered_share(city, stops, LONGEST_WALK_M) == pytest.approx(1.0)
    for of in ("node", "name", "stop_id"):
        assert len({getattr(stop, of) for stop in stops}) == len(stops), of
    assert all(city.area_of_node[stop.node] != OUTSIDE for stop in stops)
    assert generate_stops(city) == stops


def test_neighbouring_stops_of_sakura_are_mostly_within_the_longest_walk() -> None:
    stops = generate_stops(load_sakura_city())
    lat, east = np.array([stop.lat for stop in stops]), np.array([stop.lon for stop in stops])
    metres = distance_m(lat[:, None], east[:, None], lat, east)
    np.fill_diagonal(metres, np.inf)
    nearest = metres.min(axis=1)
    assert nearest.min() >= LEAST_APART_M
    assert float((nearest <= 300.0).mean()) > 0.6
