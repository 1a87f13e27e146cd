"""The embedded network against what is known of the city."""

from __future__ import annotations

import numpy as np
import pytest

from routing.geometry import distance_m
from routing.network import Confidence, strongly_connected_part
from routing.proximity import crosses
from routing.shortest_paths import one_to_all
from scenarios import sakura_facts as facts
from scenarios.sakura_network import BRIDGES, OUTSIDE, Place, SakuraCity, load_sakura_city
from scenarios.sakura_roads import JOIN_LIMIT_M, PROJECTION
from scenarios.stops import SPACING_M, generate_stops


@pytest.fixture(scope="module")
def city() -> SakuraCity:
    return load_sakura_city()


def place(city: SakuraCity, name: str) -> Place:
    return next(p for p in city.places if p.name.startswith(name))


def shortest(city: SakuraCity, source: int, target: int) -> tuple[float, float]:
    """(minutes by car, metres) of the quickest way: metres by walking back along tight arcs."""
    network = city.network
    ms = one_to_all(network, source)
    metres, node = 0, target
    tail = network.tail
    while node != source:
        into = np.flatnonzero(network.head == node)
        arc = next(a for a in into if ms[tail[a]] + network.travel_ms[a] == ms[node])
        metres += int(network.length_m[arc])
        node = int(tail[arc])
    return ms[target] / 60_000, metres


def test_it_has_between_four_and_eight_thousand_nodes_all_connected(city: SakuraCity) -> None:
    assert 4000 <= city.network.node_count <= 8000
    _, dropped, _ = strongly_connected_part(city.network)
    assert dropped == 0


@pytest.mark.parametrize("name", ["Michi-no-eki", "Fiore", "View Forest", "Kamasuzaka station"])
def test_roads_wind_as_much_as_real_ones(city: SakuraCity, name: str) -> None:
    station, target = place(city, "Ujiie station"), place(city, name)
    _, metres = shortest(city, station.node, target.node)
    straight = float(distance_m(station.lat, station.lon, target.lat, target.lon))
    assert 1.1 <= metres / straight <= 1.5


def test_the_way_to_kami_kodo_winds_as_much_as_a_real_one(city: SakuraCity) -> None:
    station = place(city, "Ujiie station")
    kodo = next(t for t in city.towns if t.name == "上河戸")
    _, metres = shortest(city, station.node, kodo.node)
    assert 1.1 <= metres / float(distance_m(station.lat, station.lon, kodo.lat, kodo.lon)) <= 1.5


def test_kitsuregawa_is_eleven_to_sixteen_minutes_from_ujiie_station(city: SakuraCity) -> None:
    minutes, _ = shortest(city, place(city, "Ujiie station").node, place(city, "Asahicho crossing").node)
    assert 11 <= minutes <= 16


def test_only_two_roads_cross_the_kinugawa(city: SakuraCity) -> None:
    network = city.network
    xy = np.column_stack(PROJECTION.to_xy(network.lat, network.lon))
    water = np.column_stack(PROJECTION.to_xy(*facts.river().T))
    names = set()
    for arc in range(network.arc_count):
        a, b = xy[network.tail[arc]], xy[network.head[arc]]
        if crosses(a, b, water[:-1], water[1:]).any():
            names.add(
                (network.references[network.reference_index[arc]], network.names[network.name_index[arc]])
            )
    assert names == set(BRIDGES.items())


def test_every_town_and_place_lies_near_a_node(city: SakuraCity) -> None:
    network = city.network
    for spot in (*city.towns, *city.places):
        assert float(distance_m(spot.lat, spot.lon, network.lat[spot.node], network.lon[spot.node])) < 120


def test_each_join_of_a_loose_end_is_listed_and_short(city: SakuraCity) -> None:
    joins = [note for note in city.network.notes if " joined to " in note]
    assert joins
    assert all(int(note.split(", ")[-1].split(" m")[0]) <= JOIN_LIMIT_M for note in joins)


def test_the_motorway_is_left_out_and_generated_streets_are_marked(city: SakuraCity) -> None:
    network = city.network
    assert "E4" not in network.references
    generated = network.confidence == Confidence.GENERATED
    assert generated.any()
    assert (network.reference_index[generated] == 0).all()
    assert (network.way_id == 0).all()
    assert network.is_approximate
    assert "approximation" in network.title
    assert network.credits == facts.CREDITS


def test_it_is_built_the_same_every_time(city: SakuraCity) -> None:
    assert load_sakura_city.__wrapped__().network.hash == city.network.hash


def test_people_live_where_their_town_is(city: SakuraCity) -> None:
    for town in range(len(city.towns)):
        assert city.home_weight[city.home_town == town].sum() == pytest.approx(1.0)
    assert sum(t.population for t in city.towns) == 44_183
    assert (city.area_of_node[city.home_nodes] != OUTSIDE).all()


def test_stops_are_as_many_as_asked_and_nobody_lives_far_from_one(city: SakuraCity) -> None:
    stops = generate_stops(city)
    assert 300 <= len(stops) <= 450
    assert len({stop.node for stop in stops}) == len(stops)
    network = city.network
    at = np.array([stop.node for stop in stops])
    homes = np.unique(city.home_nodes)
    metres = distance_m(
        network.lat[homes, None], network.lon[homes, None], network.lat[at], network.lon[at]
    ).min(axis=1)
    assert metres.max() <= SPACING_M * 1.01
