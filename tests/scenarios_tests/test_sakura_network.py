"""The embedded network against what is known of the city."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from routing.geometry import distance_m
from routing.network import Confidence, RoadClass, build_network, strongly_connected_part
from routing.proximity import crosses
from routing.shortest_paths import one_to_all
from scenarios import sakura_facts as facts
from scenarios.sakura_network import BRIDGES, OUTSIDE, Place, SakuraCity, Town, load_sakura_city
from scenarios.sakura_roads import JOIN_LIMIT_M, PROJECTION


@pytest.fixture(scope="module")
def city() -> SakuraCity:
    return load_sakura_city()


def place(city: SakuraCity, name: str) -> Place:
    return next(p for p in city.places if p.name.startswith(name))


def quickest(city: SakuraCity, source: int, target: int) -> tuple[float, list[int]]:
    """(minutes by car, arcs) of the quickest way: the arcs by walking back along tight ones."""
    network = city.network
    ms = one_to_all(network, source)
    arcs, node = [], target
    tail = network.tail
    while node != source:
        into = np.flatnonzero(network.head == node)
        arcs.append(int(next(a for a in into if ms[tail[a]] + network.travel_ms[a] == ms[node])))
        node = int(tail[arcs[-1]])
    return ms[target] / 60_000, arcs[::-1]


def winding(city: SakuraCity, a: Place | Town, b: Place | Town) -> float:
    """Metres by road over metres in a straight line."""
    _, arcs = quickest(city, a.node, b.node)
    return int(city.network.length_m[arcs].sum()) / float(distance_m(a.lat, a.lon, b.lat, b.lon))


def test_it_has_between_four_and_eight_thousand_nodes_all_connected(city: SakuraCity) -> None:
    assert 4000 <= city.network.node_count <= 8000
    _, dropped, _ = strongly_connected_part(city.network)
    assert dropped == 0


@pytest.mark.parametrize("name", ["Michi-no-eki", "Fiore", "View Forest", "Kamasuzaka station"])
def test_roads_wind_as_much_as_real_ones(city: SakuraCity, name: str) -> None:
    assert 1.1 <= winding(city, place(city, "Ujiie station"), place(city, name)) <= 1.5


def test_the_way_to_kami_kodo_winds_as_much_as_a_real_one(city: SakuraCity) -> None:
    kodo = next(t for t in city.towns if t.name == "上河戸")
    assert 1.1 <= winding(city, place(city, "Ujiie station"), kodo) <= 1.5


def test_kitsuregawa_is_eleven_to_sixteen_minutes_from_ujiie_station(city: SakuraCity) -> None:
    minutes, _ = quickest(city, place(city, "Ujiie station").node, place(city, "Asahicho crossing").node)
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


def test_without_the_two_bridges_nobody_crosses_the_kinugawa(city: SakuraCity) -> None:
    network = city.network
    names = np.array(network.names)[network.name_index]
    is_bridge = np.isin(names, list(BRIDGES.values()))
    assert is_bridge.sum() == 4
    kept = ~is_bridge
    closed = build_network(
        tail=network.tail[kept],
        head=network.head[kept],
        length_m=network.length_m[kept],
        travel_ms=network.travel_ms[kept],
        road_class=network.road_class[kept],
        lat=network.lat,
        lon=network.lon,
    )
    east, dropped, _ = strongly_connected_part(closed)
    west = np.setdiff1d(network.lon, east.lon)
    assert dropped > 0
    assert west.max() < 139.95
    assert sum(p.node in np.flatnonzero(np.isin(network.lon, west)) for p in city.places) == 0


def test_roads_meet_only_at_nodes(city: SakuraCity) -> None:
    network = city.network
    xy = np.column_stack(PROJECTION.to_xy(network.lat, network.lon))
    once = np.flatnonzero(network.tail < network.head)
    a, b = xy[network.tail[once]], xy[network.head[once]]
    for k in range(len(once)):
        assert not crosses(a[k], b[k], a[k + 1 :], b[k + 1 :]).any(), once[k]


def test_most_corners_join_three_or_four_streets_as_in_real_towns(city: SakuraCity) -> None:
    network = city.network
    pairs = np.unique(np.stack((network.tail, network.head), axis=1), axis=0)
    arms = np.bincount(pairs[:, 0])
    assert arms.max() <= 5
    assert (arms == 1).mean() < 0.05
    corners = arms[arms != 2]
    assert float(np.isin(corners, (3, 4)).mean()) > 0.9


def test_route_293_runs_along_route_4_between_its_two_junctions(city: SakuraCity) -> None:
    network = city.network
    of = np.array(network.references)[network.reference_index]
    nodes = np.unique(network.tail[of == "R293"])

    def end(lat: float, lon: float) -> int:
        return int(nodes[distance_m(network.lat[nodes], network.lon[nodes], lat, lon).argmin()])

    # 川岸 in the south, 馬場南 in the north.
    _, arcs = quickest(city, end(36.676085, 139.960938), end(36.685638, 139.958456))
    on_4 = network.length_m[arcs][of[arcs] == "R4"].sum()
    assert on_4 / network.length_m[arcs].sum() > 0.95
    assert set(of[arcs]) <= {"R4", ""}


def test_numbered_roads_have_the_class_of_their_rank(city: SakuraCity) -> None:
    network = city.network
    ranks: dict[str, set[int]] = {}
    for reference, rank in zip(network.reference_index, network.road_class, strict=True):
        ranks.setdefault(network.references[reference], set()).add(int(rank))
    assert ranks["R4"] == {RoadClass.TRUNK}
    assert ranks["R293"] == {RoadClass.PRIMARY}
    assert ranks["P48"] == ranks["P62"] == ranks["P74"] == ranks["P25"] == {RoadClass.SECONDARY}
    assert ranks["P114"] == ranks["P125"] == ranks["P353"] == {RoadClass.TERTIARY}
    # Without a number: generated streets, and the short joins of loose ends.
    assert ranks[""] == {RoadClass.TERTIARY, RoadClass.UNCLASSIFIED, RoadClass.RESIDENTIAL}


def test_every_town_and_place_lies_near_a_node(city: SakuraCity) -> None:
    network = city.network
    spots: list[Town | Place] = [*city.towns, *city.places]
    for spot in spots:
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


def test_it_is_built_the_same_every_time_and_in_every_process(city: SakuraCity) -> None:
    assert load_sakura_city.__wrapped__().network.hash == city.network.hash
    # Another process orders its sets and dictionaries of texts by another hash seed.
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "from scenarios.sakura_network import *; print(load_sakura_city().network.hash)",
        ],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == city.network.hash


def test_people_live_where_their_town_is(city: SakuraCity) -> None:
    for town in range(len(city.towns)):
        assert city.home_weight[city.home_town == town].sum() == pytest.approx(1.0)
    assert sum(t.population for t in city.towns) == 44_183
    assert (city.area_of_node[city.home_nodes] != OUTSIDE).all()
