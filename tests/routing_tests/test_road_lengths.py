from __future__ import annotations

import pytest

from routing.network import Network, RoadClass, build_network
from routing.road_lengths import road_km_by_class, road_pieces


def network(*arcs: tuple[int, int, int, int, int]) -> Network:
    """Arcs as (tail, head, metres, class, way) between three places."""
    tail, head, length_m, road_class, way_id = zip(*arcs, strict=True)
    return build_network(
        tail=tail,
        head=head,
        length_m=length_m,
        travel_ms=[1] * len(arcs),
        road_class=road_class,
        way_id=way_id,
        lat=[36.0, 36.1, 36.2],
        lon=[140.0, 140.0, 140.0],
    )


def test_two_way_road_counts_once() -> None:
    assert road_km_by_class(network((0, 1, 700, 2, 1), (1, 0, 700, 2, 1))) == {"primary": 0.7}


def test_one_way_road_counts_once_whichever_way_it_runs() -> None:
    assert road_km_by_class(network((1, 0, 700, 2, 1))) == {"primary": 0.7}


def test_two_carriageways_of_different_ways_count_both() -> None:
    assert road_km_by_class(network((0, 1, 700, 1, 1), (1, 0, 700, 1, 2))) == {"trunk": 1.4}


def test_equal_halves_of_a_circle_count_both() -> None:
    # 0 to 1 on either side, both ways: two pieces of 500 m
    arcs = [(0, 1, 500, 6, 1), (0, 1, 500, 6, 1), (1, 0, 500, 6, 1), (1, 0, 500, 6, 1)]
    assert road_km_by_class(network(*arcs)) == {"residential": 1.0}
    # and with one side one-way, still two
    assert road_km_by_class(network(*arcs[1:])) == {"residential": 1.0}
    assert road_km_by_class(network(*arcs[:3])) == {"residential": 1.0}


def test_classes_come_from_the_most_important_down() -> None:
    made = network((0, 1, 100, 6, 1), (1, 0, 100, 6, 1), (1, 2, 2000, 0, 2), (2, 1, 2000, 0, 2))
    assert road_km_by_class(made) == {"motorway": 2.0, "residential": pytest.approx(0.1)}
    assert list(road_km_by_class(made)) == ["motorway", "residential"]


def test_pieces_are_arcs_in_ascending_order_with_every_road_once() -> None:
    made = network((0, 1, 100, 6, 1), (1, 0, 100, 6, 1), (2, 1, 50, RoadClass.SERVICE, 0))
    pieces = road_pieces(made).tolist()
    assert pieces == sorted(pieces)
    assert sorted(int(made.length_m[arc]) for arc in pieces) == [50, 100]


def test_network_without_arcs_has_no_road() -> None:
    empty = build_network(tail=[], head=[], length_m=[], travel_ms=[], road_class=[], lat=[36.0], lon=[140.0])
    assert road_km_by_class(empty) == {}
