from __future__ import annotations

import json
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import networkx
import osmnx
import pytest
import requests

from routing.errors import DownloadError, OsmFileError
from routing.osm_import import import_osm_file
from routing.osm_online import import_graphml, import_place
from tests.routing_tests.osm_xml import grid_position, write_osm

PLACE = "さくら市, 栃木県"
STREET = {"highway": "residential"}
TOWN: Mapping[int, tuple[Sequence[int], Mapping[str, str]]] = {
    1: ((1, 2, 3), STREET),
    2: ((3, 13, 23), {"highway": "primary", "maxspeed": "50", "ref": "293"}),
    3: ((23, 22, 12, 2), STREET | {"oneway": "-1"}),
    4: ((11, 12), {"highway": "service", "service": "driveway"}),
    5: ((11, 1), STREET | {"access": "private"}),
    6: ((1, 12), STREET | {"oneway": "reversible"}),
    7: ((23, 33, 34, 24, 23), STREET | {"junction": "roundabout"}),
    8: ((33, 43), STREET),
}


class FakeAnswer:
    """What the two servers would say, in the shape osmnx reads."""

    def __init__(self, url: str, content: object, status_code: int = 200) -> None:
        self.url, self.status_code, self.ok, self.reason = url, status_code, status_code == 200, "said so"
        self.text = content if isinstance(content, str) else json.dumps(content)
        self.content = self.text.encode()

    def json(self) -> Any:
        try:
            return json.loads(self.text)
        except json.JSONDecodeError as error:
            raise requests.exceptions.JSONDecodeError(error.msg, error.doc, error.pos) from error


class FakeServers:
    """A geocoder and an Overpass server that know one town, and count what they are asked."""

    def __init__(self, *, places: Sequence[object], ways: object) -> None:
        self.places, self.ways, self.asked = places, ways, 0

    def get(self, url: str, **_: object) -> FakeAnswer:
        if url.endswith("status"):
            return FakeAnswer(
                url, "Connected as: 1\nCurrent time: now\nRate limit: 2\n2 slots available now.\n"
            )
        self.asked += 1
        return FakeAnswer(url, self.places)

    def post(self, url: str, **_: object) -> FakeAnswer:
        self.asked += 1
        return self.ways if isinstance(self.ways, FakeAnswer) else FakeAnswer(url, self.ways)


def boundary(kind: str = "Polygon") -> dict[str, object]:
    ring = [[139.99, 35.99], [140.02, 35.99], [140.02, 36.02], [139.99, 36.02], [139.99, 35.99]]
    shape = {"type": "Point", "coordinates": [140.0, 36.0]}
    return {
        "place_id": 1, "osm_type": "relation", "osm_id": 1, "lat": "36.0", "lon": "140.0",
        "class": "boundary", "type": "administrative", "importance": 0.5, "addresstype": "city",
        "name": "town", "display_name": "town", "place_rank": 14,
        "boundingbox": ["35.99", "36.02", "139.99", "140.02"],
        "geojson": {"type": "Polygon", "coordinates": [ring]} if kind == "Polygon" else shape,
    }  # fmt: skip


def town_elements() -> dict[str, object]:
    named = sorted({node for nodes, _ in TOWN.values() for node in nodes})
    nodes = [
        {"type": "node", "id": node, "lat": grid_position(node)[0], "lon": grid_position(node)[1]}
        for node in named
    ]
    ways = [
        {"type": "way", "id": way, "nodes": list(refs), "tags": dict(tags)}
        for way, (refs, tags) in TOWN.items()
    ]
    return {"elements": nodes + ways}


def connect(monkeypatch: pytest.MonkeyPatch, servers: FakeServers) -> FakeServers:
    monkeypatch.setattr(requests, "get", servers.get)
    monkeypatch.setattr(requests, "post", servers.post)
    monkeypatch.setattr(socket, "gethostbyname", lambda _: "127.0.0.1")
    monkeypatch.setattr(
        socket, "getaddrinfo", socket.getaddrinfo
    )  # osmnx replaces it; put back after the test
    monkeypatch.setattr("osmnx._nominatim.time.sleep", lambda _: None)
    return servers


def test_place_gives_the_network_of_the_same_roads_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    connect(monkeypatch, FakeServers(places=[boundary()], ways=town_elements()))
    placed, report = import_place(PLACE, tmp_path / "cache")
    filed, file_report = import_osm_file(write_osm(tmp_path, TOWN))
    for name in ("node_id", "head", "length_m", "travel_ms", "road_class", "way_id", "geometry_lat"):
        assert getattr(placed, name).tolist() == getattr(filed, name).tolist(), name
    assert report.dropped_ways == file_report.dropped_ways
    assert placed.title == "さくら市, 栃木県 (OpenStreetMap)"
    assert placed.credits == ("© OpenStreetMap contributors, ODbL 1.0",)


def test_place_is_asked_for_once_and_then_cached(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    servers = connect(monkeypatch, FakeServers(places=[boundary()], ways=town_elements()))
    first, _ = import_place(PLACE, tmp_path / "cache")
    asked = servers.asked
    again, _ = import_place(PLACE, tmp_path / "cache")
    assert asked == 2  # one boundary, one set of roads
    assert servers.asked == asked
    assert again.hash == first.hash


def test_settings_of_osmnx_are_put_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = {
        name: getattr(osmnx.settings, name) for name in ("cache_folder", "all_oneway", "useful_tags_way")
    }
    connect(monkeypatch, FakeServers(places=[boundary()], ways=town_elements()))
    import_place(PLACE, tmp_path / "cache")
    assert {name: getattr(osmnx.settings, name) for name in before} == before


def test_offline_names_the_place_and_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise requests.exceptions.ConnectionError("no route to host")

    connect(monkeypatch, FakeServers(places=[], ways={}))
    monkeypatch.setattr(requests, "get", unreachable)
    with pytest.raises(DownloadError) as caught:
        import_place(PLACE, tmp_path / "cache")
    assert str(caught.value) == (
        f"{PLACE}: the OpenStreetMap servers cannot be reached (ConnectionError); connect to the network,"
        " or import a file: maas network import FILE.osm.pbf"
    )
    assert "\n" not in str(caught.value)


def test_unknown_place_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    connect(monkeypatch, FakeServers(places=[], ways={}))
    with pytest.raises(DownloadError, match="Nowhere: OpenStreetMap knows no such place"):
        import_place("Nowhere", tmp_path / "cache")


def test_place_without_a_boundary_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    connect(monkeypatch, FakeServers(places=[boundary("Point")], ways={}))
    with pytest.raises(DownloadError, match="no boundary"):
        import_place(PLACE, tmp_path / "cache")


def test_place_without_a_road_inside_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    far: Any = town_elements()
    for element in far["elements"]:
        if element["type"] == "node":
            element["lat"] += 5
    connect(monkeypatch, FakeServers(places=[boundary()], ways=far))
    with pytest.raises(OsmFileError, match="no road inside its boundary"):
        import_place(PLACE, tmp_path / "cache")


def test_cache_that_cannot_be_written_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be", encoding="utf-8")
    connect(monkeypatch, FakeServers(places=[boundary()], ways=town_elements()))
    with pytest.raises(OSError, match="cache") as caught:
        import_place(PLACE, tmp_path / "cache")
    assert caught.value.filename is not None


def test_refusal_of_a_server_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    refusal = FakeAnswer("https://example.invalid/api/interpreter", "too busy", 403)
    connect(monkeypatch, FakeServers(places=[boundary()], ways=refusal))
    with pytest.raises(DownloadError, match="refused the question"):
        import_place(PLACE, tmp_path / "cache")


def town_graph(*, simplified: bool) -> networkx.MultiDiGraph:
    """What osmnx makes of a street 1-2-3 both ways, and of a one-way primary road 3-13-1."""
    graph = networkx.MultiDiGraph(crs="epsg:4326")
    for node in (1, 2, 3, 13):
        lat, lon = grid_position(node)
        graph.add_node(node, y=lat, x=lon)
    street = {"osmid": 1, "highway": "residential", "oneway": False, "length": 90.0, "name": "本町通り"}
    for tail, head in ((1, 2), (2, 3)):
        graph.add_edge(tail, head, **street, reversed=False)
        graph.add_edge(head, tail, **street, reversed=True)
    main_road = {
        "osmid": 2,
        "highway": "primary",
        "oneway": True,
        "reversed": False,
        "ref": "293",
        "length": 1.0,
    }
    for tail, head in ((3, 13), (13, 1)):
        graph.add_edge(tail, head, **main_road, maxspeed="50")
    return osmnx.simplify_graph(graph) if simplified else graph


@pytest.mark.parametrize("is_simplified", [True, False])
def test_graphml_of_osmnx_gives_its_roads(tmp_path: Path, is_simplified: bool) -> None:
    path = tmp_path / "town.graphml"
    osmnx.save_graphml(town_graph(simplified=is_simplified), path)
    network, report = import_graphml(path)
    assert network.node_id.tolist() == [1, 3]
    assert [(int(a), int(b)) for a, b in zip(network.tail, network.head, strict=True)] == [
        (0, 1),
        (1, 0),
        (1, 0),
    ]
    assert network.road_class.tolist().count(2) == 1  # the primary road, one way
    assert sorted(set(network.references)) == ["", "293"]
    assert sorted(set(network.names)) == ["", "本町通り"]
    assert len(network.geometry_lat) == 3  # node 2 in both directions, node 13 once
    assert report.road_km == pytest.approx(
        network.length_m[[0, 1, 2]].sum() / 1000 - network.length_m[0] / 1000
    )


def test_projected_graphml_is_brought_back_to_degrees(tmp_path: Path) -> None:
    path = tmp_path / "metres.graphml"
    osmnx.save_graphml(osmnx.project_graph(town_graph(simplified=True)), path)
    network, _ = import_graphml(path)
    assert network.lat.tolist() == pytest.approx([36.0, 36.0], abs=1e-6)
    assert network.lon.tolist() == pytest.approx([140.001, 140.003], abs=1e-6)


def test_merged_edges_of_graphml_take_the_first_way_and_the_lowest_limit(tmp_path: Path) -> None:
    graph = town_graph(simplified=True)
    for _, _, tags in graph.edges(data=True):
        tags |= {"osmid": [5, 6], "highway": ["tertiary", "residential"], "maxspeed": ["50", "30"]}
    path = tmp_path / "merged.graphml"
    osmnx.save_graphml(graph, path)
    network, _ = import_graphml(path)
    assert set(network.way_id.tolist()) == {5}
    assert set(network.road_class.tolist()) == {4}
    # 180 m (2 * 111.195 * cos 36 = 179.92) at 0.9 * 30 = 27 km/h: 179.92 * 3600 / 27 = 23,989 ms
    assert network.travel_ms[0] == pytest.approx(23_989, abs=3)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("hello", "is no GraphML of a road graph"),
        ("<graphml></graphml>", "is no GraphML of a road graph"),
        (
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="undirected">'
            '<node id="1"/><node id="2"/><edge source="1" target="2"/></graph></graphml>',
            "undirected",
        ),
        (
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="directed">'
            '<node id="1"/><node id="2"/><edge source="1" target="2"/></graph></graphml>',
            "OsmFile",
        ),
    ],
)
def test_graphml_that_is_no_road_graph_is_named(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "odd.graphml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(OsmFileError) as caught:
        import_graphml(path)
    assert str(caught.value).startswith(f"{path}: ")
    if problem != "OsmFile":
        assert problem in str(caught.value)


def test_missing_graphml_is_named(tmp_path: Path) -> None:
    with pytest.raises(OsmFileError, match="no such file"):
        import_graphml(tmp_path / "nowhere.graphml")
