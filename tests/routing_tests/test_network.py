"""What a valid network is, how one is built, and what a network file may hold."""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import NetworkError
from routing.network import (
    ROAD_CLASSES,
    Confidence,
    Network,
    RoadClass,
    build_network,
    strongly_connected_part,
)
from tests.builders import grid_network, line_network, network_of, one_way_ring, random_network

ARRAYS = [
    "first_out",
    "head",
    "length_m",
    "travel_ms",
    "road_class",
    "confidence",
    "reference_index",
    "name_index",
    "way_id",
    "lat",
    "lon",
    "node_id",
    "geometry_first",
    "geometry_lat",
    "geometry_lon",
]


def crossing() -> Network:
    """Three nodes on real coordinates, with names, references, way ids and inner points; arcs given out of
    order.

    Sorted, the arcs are 0 -> 1 (R293, one inner point), 0 -> 2 (two inner points), 1 -> 0 (none), 2 -> 0
    (none).
    """
    return build_network(
        tail=[2, 0, 1, 0],
        head=[0, 2, 0, 1],
        length_m=[300, 301, 200, 200],
        travel_ms=[30_000, 31_000, 20_000, 20_000],
        road_class=[RoadClass.TERTIARY, RoadClass.TERTIARY, RoadClass.PRIMARY, RoadClass.PRIMARY],
        confidence=[Confidence.A, Confidence.A, Confidence.SURVEYED, Confidence.SURVEYED],
        reference_index=[0, 0, 1, 1],
        references=("", "R293"),
        name_index=[1, 1, 0, 0],
        names=("", "市役所通り"),
        way_id=[0, 0, 77, 77],
        lat=[36.68, 36.69, 36.68],
        lon=[139.96, 139.96, 139.97],
        node_id=[50, 60, 70],
        geometry_first=[0, 0, 2, 2, 3],
        geometry_lat=[36.681, 36.682, 36.685],
        geometry_lon=[139.963, 139.966, 139.961],
        title="Crossing",
        credits=("© OpenStreetMap contributors",),
        is_approximate=True,
        notes=("one road end joined",),
    )


def test_road_class_codes_are_their_places_in_the_list() -> None:
    assert ROAD_CLASSES[RoadClass.MOTORWAY] == "motorway"
    assert ROAD_CLASSES[RoadClass.SERVICE] == "service"
    assert len(ROAD_CLASSES) == len(RoadClass) == 8


def test_arcs_are_sorted_by_tail_then_head_and_carry_everything_with_them() -> None:
    network = crossing()
    assert network.tail.tolist() == [0, 0, 1, 2]
    assert network.head.tolist() == [1, 2, 0, 0]
    assert network.first_out.tolist() == [0, 2, 3, 4]
    assert network.length_m.tolist() == [200, 301, 200, 300]
    assert [network.references[index] for index in network.reference_index] == ["R293", "", "R293", ""]
    assert [network.names[index] for index in network.name_index] == ["", "市役所通り", "", "市役所通り"]
    assert network.way_id.tolist() == [77, 0, 77, 0]
    assert network.confidence.tolist() == [0, 1, 0, 1]
    assert network.geometry_first.tolist() == [0, 1, 3, 3, 3]
    assert network.geometry_lat.tolist() == [36.685, 36.681, 36.682]
    assert network.geometry_lon.tolist() == [139.961, 139.963, 139.966]


def test_parallel_arcs_are_kept_fastest_first() -> None:
    network = network_of([(0, 1, 9_000), (0, 1, 4_000), (1, 0, 5_000), (0, 1, 4_000)])
    assert network.travel_ms.tolist() == [4_000, 4_000, 9_000, 5_000]


def test_what_is_left_out_claims_least() -> None:
    network = build_network(
        tail=[0, 1], head=[1, 0], length_m=[1, 1], travel_ms=[1, 1], road_class=[6, 6], lat=[0, 0], lon=[0, 1]
    )
    assert network.node_id.tolist() == [0, 1]
    assert network.confidence.tolist() == [Confidence.GENERATED] * 2
    assert network.references == network.names == ("",)
    assert network.way_id.tolist() == [0, 0]
    assert len(network.geometry_lat) == 0
    assert not network.is_planar


@given(st.permutations(range(16)))
def test_the_order_of_arcs_given_does_not_matter(order: list[int]) -> None:
    arcs = [(tail, head, 1000 + 7 * tail + head) for tail in range(5) for head in range(5) if tail != head][
        :16
    ]
    assert network_of([arcs[index] for index in order]).hash == network_of(arcs).hash


def test_arrays_cannot_be_written_and_do_not_follow_the_callers_array() -> None:
    lat = np.zeros(2)
    network = build_network(
        tail=[0, 1], head=[1, 0], length_m=[1, 1], travel_ms=[1, 1], road_class=[6, 6], lat=lat, lon=[0, 1]
    )
    lat[0] = 5.0
    assert network.lat[0] == 0.0
    for name in ARRAYS:
        assert not getattr(network, name).flags.writeable
    again = dataclasses.replace(network, title="other")
    assert again.head is network.head


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"length_m": [1]}, r"field length_m: 1 values for 2 arcs"),
        ({"tail": [0, 2]}, r"field tail: arc 1 leaves node 2; nodes are 0 to 1"),
        ({"travel_ms": [1.5, 2.0]}, r"field travel_ms holds float64; give whole numbers \(int32\)"),
        ({"travel_ms": [1, 2**31]}, r"field travel_ms: entry 1 is 2147483648; int32 holds"),
        ({"road_class": [-1, 6]}, r"field road_class: entry 0 is -1; uint8 holds 0 to 255"),
        ({"lat": ["north", "south"]}, r"field lat holds <U5; give numbers"),
        ({"lat": [[0.0, 1.0]]}, r"field lat has shape \(1, 2\); it must have one dimension"),
        ({"geometry_first": [0, 0, 0]}, r"geometry_first, geometry_lat and geometry_lon go together"),
        (
            {"geometry_first": [0, 1], "geometry_lat": [0.0], "geometry_lon": [0.0]},
            r"field geometry_first: must rise from 0 to 1 in 3 entries",
        ),
    ],
)
def test_an_arc_list_that_makes_no_sense_is_refused(changed: dict[str, Any], message: str) -> None:
    columns: dict[str, Any] = {
        "tail": [0, 1],
        "head": [1, 0],
        "length_m": [1, 1],
        "travel_ms": [1, 1],
        "road_class": [6, 6],
        "lat": [0.0, 0.0],
        "lon": [0.0, 1.0],
    }
    with pytest.raises(NetworkError, match=message):
        build_network(**(columns | changed))


def _with(name: str, index: int, value: float) -> dict[str, Any]:
    array = getattr(crossing(), name).copy()
    array[index] = value
    return {name: array}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"head": np.zeros(4, np.int64)}, r"field head holds int64; it must be an array of int32"),
        ({"head": [1, 2, 0, 0]}, r"field head holds list"),
        ({"lat": np.zeros((3, 1))}, r"field lat has shape \(3, 1\); it must have one dimension"),
        ({"lat": np.zeros(0)}, r"field lat is empty; a network needs at least one node"),
        ({"way_id": np.zeros(3, np.int64)}, r"field way_id has 3 entries; it must have 4, one for each arc"),
        ({"lon": np.zeros(2)}, r"field lon has 2 entries; it must have 3, one for each node"),
        ({"first_out": np.zeros(3, np.int32)}, r"field first_out has 3 entries; it must have 4"),
        ({"geometry_lon": np.zeros(2)}, r"field geometry_lon has 2 entries; it must have 3"),
        (_with("first_out", 0, 1), r"field first_out starts at 1; it must start at 0"),
        (_with("first_out", 1, 4), r"field first_out falls from 4 to 3 at entry 2"),
        (_with("first_out", 3, 3), r"field first_out ends at 3; it must end at 4, the number of arcs"),
        (_with("geometry_first", 4, 2), r"field geometry_first falls from 3 to 2"),
        (_with("head", 3, 3), r"field head: arc 3 has 3; nodes are numbered 0 to 2"),
        (_with("head", 3, -1), r"field head: arc 3 has -1"),
        (_with("head", 3, 2), r"field head: arc 3 leads from node 2 to itself; leave self-loops out"),
        (
            {"head": np.array([2, 1, 0, 0], np.int32)},
            r"field head: arc 1 \(to node 1\) is out of order at node 0",
        ),
        (_with("travel_ms", 2, 0), r"field travel_ms: arc 2 has 0; give 1 millisecond or more"),
        (_with("length_m", 2, -5), r"field length_m: arc 2 has -5; give 0 metres or more"),
        (_with("road_class", 0, 8), r"field road_class: arc 0 has 8; codes are 0 to 7"),
        (_with("confidence", 0, 5), r"field confidence: arc 0 has 5; codes are 0 to 4"),
        (
            _with("reference_index", 0, 2),
            r"field reference_index: arc 0 has 2; there are entries 0 to 1 in ref",
        ),
        (_with("name_index", 0, -1), r"field name_index: arc 0 has -1; there are entries 0 to 1 in names"),
        (_with("lat", 1, np.nan), r"field lat: node 1 has nan; give degrees from -90 to 90"),
        (_with("lat", 1, 139.9), r"field lat: node 1 has 139.9; give degrees from -90 to 90"),
        (_with("lon", 1, np.inf), r"field lon: node 1 has inf; give degrees from -180 to 180"),
        (_with("geometry_lat", 2, np.nan), r"field geometry_lat: point 2 has nan"),
        (_with("lat", 1, np.nan) | {"is_planar": True}, r"field lat: node 1 has nan; give metres in a plane"),
        (
            _with("node_id", 2, 50),
            r"field node_id: nodes 0 and 2 both have 50; every node needs an id of its own",
        ),
        (
            {"references": ("R293", "")},
            r"field references starts with \('R293',\); its first entry must be the",
        ),
        ({"names": ()}, r"field names starts with \(\)"),
        ({"credits": ["a"]}, r"field credits holds \['a'\]; it must be a tuple of texts"),
        ({"notes": (1,)}, r"field notes holds \(1,\)"),
        ({"title": " "}, r"field title holds ' '; give the network a name"),
        ({"is_planar": 1}, r"field is_planar holds 1; it must be True or False"),
    ],
)
def test_a_network_that_contradicts_itself_cannot_exist(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(NetworkError, match=message):
        dataclasses.replace(crossing(), **changed)


def test_parallel_arcs_out_of_order_are_refused() -> None:
    network = network_of([(0, 1, 4_000), (0, 1, 9_000), (1, 0, 5_000)])
    with pytest.raises(NetworkError, match=r"arc 1 \(to node 1\) is out of order at node 0"):
        dataclasses.replace(network, travel_ms=np.array([9_000, 4_000, 5_000], np.int32))


def test_coordinates_of_a_planar_network_are_metres() -> None:
    assert line_network(metres=10_000).lon.max() == 40_000.0


def test_a_hash_covers_every_field() -> None:
    network = crossing()
    hashes = {network.hash, crossing().hash}
    assert len(hashes) == 1
    assert len(network.hash) == 64
    changes: list[dict[str, Any]] = [
        _with("length_m", 0, 999),
        _with("travel_ms", 0, 999),
        _with("road_class", 0, 7),
        _with("confidence", 0, 4),
        _with("reference_index", 0, 0),
        _with("name_index", 0, 1),
        _with("way_id", 0, 78),
        _with("lat", 0, 36.0),
        _with("lon", 0, 139.0),
        _with("node_id", 0, 51),
        _with("geometry_lat", 0, 36.0),
        _with("geometry_lon", 0, 139.0),
        {"references": ("", "R4")},
        {"names": ("", "other")},
        {"title": "Other"},
        {"credits": ()},
        {"is_approximate": False},
        {"is_planar": True},
        {"notes": ()},
    ]
    hashes |= {dataclasses.replace(network, **change).hash for change in changes}
    assert len(hashes) == 1 + len(changes)


def test_the_largest_part_is_kept_with_the_identity_of_its_nodes() -> None:
    # 1 <-> 2 <-> 3 is strongly connected; 0 leads in, 4 is a dead end: 2 nodes and 2 arcs of 100 m go.
    arcs = [(0, 1, 10_000), (1, 2, 10_000), (2, 1, 10_000), (2, 3, 10_000), (3, 2, 10_000), (3, 4, 10_000)]
    network = network_of(arcs)
    kept, dropped_nodes, dropped_km = strongly_connected_part(network)
    assert (dropped_nodes, dropped_km) == (2, 0.2)
    assert kept.node_id.tolist() == network.node_id[1:4].tolist()
    assert kept.lon.tolist() == network.lon[1:4].tolist()
    assert kept.tail.tolist() == [0, 1, 1, 2]
    assert kept.head.tolist() == [1, 0, 2, 1]


def test_inner_points_stay_with_their_arcs_when_others_go() -> None:
    network = crossing()
    columns = {name: getattr(network, name) for name in ("length_m", "travel_ms", "road_class")}
    one_way = build_network(  # without 1 -> 0: node 1 becomes a dead end
        tail=network.tail[[0, 1, 3]],
        head=network.head[[0, 1, 3]],
        **{name: values[[0, 1, 3]] for name, values in columns.items()},
        lat=network.lat,
        lon=network.lon,
        geometry_first=[0, 1, 3, 3],
        geometry_lat=network.geometry_lat,
        geometry_lon=network.geometry_lon,
    )
    kept, dropped_nodes, _ = strongly_connected_part(one_way)
    assert dropped_nodes == 1
    assert kept.geometry_first.tolist() == [0, 2, 2]
    assert kept.geometry_lat.tolist() == [36.681, 36.682]


def test_a_strongly_connected_network_is_returned_as_it_is() -> None:
    ring = one_way_ring()
    assert strongly_connected_part(ring) == (ring, 0, 0.0)


def test_without_roads_one_node_is_left() -> None:
    kept, dropped_nodes, dropped_km = strongly_connected_part(network_of([], places=[(0.0, 0.0), (9.0, 9.0)]))
    assert (kept.node_id.tolist(), dropped_nodes, dropped_km) == ([1000], 1, 0.0)


def test_of_two_parts_of_one_size_the_one_with_the_lowest_node_is_kept() -> None:
    network = network_of([(1, 2, 1_000), (2, 1, 1_000), (0, 3, 1_000), (3, 0, 1_000)])
    assert strongly_connected_part(network)[0].node_id.tolist() == [1000, 1003]


@given(st.integers(0, 1_000))
def test_a_random_ring_is_its_own_largest_part(seed: int) -> None:
    network = random_network(seed)
    assert strongly_connected_part(network)[1] == 0


@pytest.mark.parametrize("network", [crossing(), line_network(), grid_network()], ids=lambda net: net.title)
def test_a_file_gives_back_the_same_network(network: Network, tmp_path: Path) -> None:
    path = tmp_path / "place.net"
    network.save(path)
    loaded = Network.load(path)
    assert loaded.hash == network.hash
    for field in dataclasses.fields(Network):
        if field.name not in ARRAYS and field.init:
            assert getattr(loaded, field.name) == getattr(network, field.name)
    assert [entry.name for entry in tmp_path.iterdir()] == ["place.net"]


def test_the_same_network_gives_the_same_bytes(tmp_path: Path) -> None:
    crossing().save(tmp_path / "a.net")
    Network.load(tmp_path / "a.net").save(tmp_path / "b.net")
    assert (tmp_path / "a.net").read_bytes() == (tmp_path / "b.net").read_bytes()


def test_numpy_opens_a_network_file_without_pickles(tmp_path: Path) -> None:
    crossing().save(tmp_path / "a.net")
    with np.load(tmp_path / "a.net", allow_pickle=False) as archive:
        assert archive["head"].tolist() == [1, 2, 0, 0]


def test_a_file_that_cannot_be_written_is_one_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(
        NetworkError, match=r"missing/place\.net: cannot be written \(No such file or directory\)"
    ):
        crossing().save(tmp_path / "missing" / "place.net")
    (tmp_path / "folder.net").mkdir()
    with pytest.raises(NetworkError, match=r"folder\.net: cannot be written \(Is a directory\)"):
        crossing().save(tmp_path / "folder.net")
    assert [entry.name for entry in tmp_path.iterdir()] == ["folder.net"]


def _rewritten(path: Path, changed: dict[str, bytes | None]) -> None:
    """Replace (or, with None, leave out) members of a network file."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (members | changed).items():
            if content is not None:
                archive.writestr(name, content)


def _npy(array: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


def _texts(value: object) -> bytes:
    return _npy(np.frombuffer(json.dumps(value).encode(), np.uint8))


@pytest.mark.parametrize(
    ("member", "content", "message"),
    [
        ("head.npy", None, r"field head is missing; write it again"),
        ("texts.npy", None, r"field texts is missing"),
        ("head.npy", b"torn", r"field head is not a plain numpy array"),
        ("head.npy", b"", r"field head is not a plain numpy array"),
        ("head.npy", _npy(np.zeros(4, np.int32))[:-1], r"field head is not a plain numpy array"),
        ("head.npy", _npy(np.array([{}], dtype=object)), r"field head is not a plain numpy array"),
        ("head.npy", _npy(np.zeros(4, np.int64)), r"field head holds int64; it must be an array of int32"),
        ("travel_ms.npy", _npy(np.zeros(4, np.int32)), r"field travel_ms: arc 0 has 0; give 1 millisecond"),
        ("texts.npy", _npy(np.frombuffer(b"\xff{", np.uint8)), r"field texts is not a JSON object"),
        ("texts.npy", _texts([]), r"field texts does not say format 'maas network 1'"),
        ("texts.npy", _texts({"format": "maas network 9"}), r"field texts does not say format"),
        (
            "texts.npy",
            _texts({"format": "maas network 1", "colour": "red"}),
            r"field texts has the keys \['colour'\]; it must have \['credits',",
        ),
        (
            "texts.npy",
            _texts({"format": "maas network 1"}),
            r"field texts has the keys \[\]; it must have \['credits',",
        ),
        (
            "texts.npy",
            _texts({"format": "maas network 1", "head": 1}),
            r"field texts has the keys \['head'\]; it must have \['credits',",
        ),
    ],
)
def test_a_damaged_field_is_named_with_its_file(
    member: str, content: bytes | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "place.net"
    crossing().save(path)
    _rewritten(path, {member: content})
    with pytest.raises(NetworkError, match=rf"place\.net: {message}"):
        Network.load(path)


@pytest.mark.parametrize("kept_share", [0.0, 0.1, 0.5, 0.99])
def test_a_torn_file_is_one_error(kept_share: float, tmp_path: Path) -> None:
    path = tmp_path / "place.net"
    crossing().save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept_share * len(whole))])
    with pytest.raises(NetworkError, match=r"place\.net: not a whole network file \(.*\); write it again"):
        Network.load(path)


def test_a_changed_byte_anywhere_is_one_error_or_harmless(tmp_path: Path) -> None:
    path = tmp_path / "place.net"
    crossing().save(path)
    whole, expected = path.read_bytes(), crossing().hash
    for position in range(0, len(whole), 7):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x55]) + whole[position + 1 :])
        try:
            loaded = Network.load(path)
        except NetworkError as error:
            assert "place.net" in str(error)  # noqa: PT017  (either outcome is right)
        else:
            assert loaded.hash == expected


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, r"place\.net: cannot be read \(No such file or directory\)"),
        (lambda path: path.mkdir(), r"place\.net: cannot be read \(Is a directory\)"),
        (lambda path: path.write_text("hello"), r"place\.net: not a whole network file"),
    ],
)
def test_what_is_no_network_file_is_one_error(make: Any, message: str, tmp_path: Path) -> None:
    path = tmp_path / "place.net"
    make(path)
    with pytest.raises(NetworkError, match=message):
        Network.load(path)
