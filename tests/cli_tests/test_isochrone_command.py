from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely  # type: ignore[import-untyped]  # ships no types

from maas.cli import main
from routing.geometry import Projection
from routing.network import Network, build_network
from tests.builders import grid_network, line_network

UJIIE = "36.681696,139.9621"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def town(folder: Path) -> str:
    """grid.net: 4 x 3 streets of 250 m and 30 s each, from 36.68 N 139.96 E to the north-east."""
    plane = grid_network()
    lat, lon = Projection(36.68, 139.96).to_latlon(plane.lon, plane.lat)
    build_network(
        tail=plane.tail, head=plane.head, length_m=plane.length_m, travel_ms=plane.travel_ms,
        road_class=plane.road_class, lat=lat, lon=lon, title="Grid town", credits=("Nobody",),
    ).save("grid.net")  # fmt: skip
    return "grid.net"


def run(capsys: pytest.CaptureFixture[str], *arguments: str, lang: str = "en") -> tuple[int, str, str]:
    code = main(["--lang", lang, "network", "isochrone", *arguments])
    written = capsys.readouterr()
    return code, written.out, written.err


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one sentence of a refusal; nothing is left behind."""
    before = sorted(Path.cwd().rglob("*"))
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert sorted(Path.cwd().rglob("*")) == before
    return err


def features(path: str) -> list[dict[str, Any]]:
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    assert content["type"] == "FeatureCollection"
    return list(content["features"])


def test_table_counts_road_by_hand(town: str, capsys: pytest.CaptureFixture[str]) -> None:
    # From the corner, 250 m in 30 s: in 1 minute two streets deep, 2 + 4 streets of 250 m; in 10 all 17.
    code, out, err = run(capsys, town, "--from", "36.68,139.96", "--minutes", "1,10")
    assert (code, err) == (0, "")
    rows = [line.split() for line in out.splitlines() if line.startswith("│")]
    assert [(row[1], row[5]) for row in rows] == [("1", "1.5"), ("10", "4.2")]
    assert "Grid town" in out
    assert "Residents" not in out


def test_geojson_follows_the_standard(town: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(
        capsys, town, "--from", "36.68,139.96", "--minutes", "2,1,0.5", "--to", "--out", "areas.geojson"
    )
    assert code == 0
    assert out.rstrip().endswith("Areas: areas.geojson")
    found = features("areas.geojson")
    assert [feature["properties"]["minutes"] for feature in found] == [2, 1, 0.5]
    for feature in found:
        properties = feature["properties"]
        assert properties["direction"] == "to"
        assert properties["credits"] == ["Nobody"]
        assert properties["is_approximate"] is False
        assert properties["residents_assumed"] is None
        assert properties["places"] == [{"lat": 36.68, "lon": 139.96, "metres_to_road": 0.0}]
        shape = shapely.geometry.shape(feature["geometry"])
        assert shapely.is_valid(shape)
        assert shapely.is_ccw(shape.exterior)
        assert shapely.contains_xy(shape, 139.9601, 36.6801)  # longitude first
        assert all(round(x, 6) == x for x in shapely.get_coordinates(shape).ravel().tolist())
    largest, _, smallest = (shapely.geometry.shape(feature["geometry"]) for feature in found)
    assert largest.contains(smallest)


def test_sakura_counts_assumed_residents(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(
        capsys, "sakura", "--from", UJIIE, "--minutes", "10,60", "--out", "ujiie.json", "--png", "ujiie.png"
    )
    assert (code, err) == (0, "")
    assert "44,183" in out  # all residents of the city within an hour
    assert "* Assumed" in out
    assert "approximation" in out
    assert "ends of main roads" in out
    wide, near = (feature["properties"] for feature in features("ujiie.json"))
    assert wide["residents_assumed"] == 44_183
    assert near["residents_65_plus_assumed"] < near["residents_assumed"] < 44_183
    assert near["is_approximate"] is True
    assert any("国土数値情報" in line for line in near["credits"])
    assert Path("ujiie.png").read_bytes().startswith(b"\x89PNG")


def test_japanese_table_and_full_width_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(
        capsys, "sakura", "--from", "３６．６８１７、１３９．９６２１", "--from", "36.7205,139.9505",
        "--minutes", "５", "--png", "map.png", lang="ja",
    )  # fmt: skip
    assert code == 0
    for word in ("居住者*", "65歳以上*", "推定", "近似", "地図: map.png"):
        assert word in out


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--from", "139.96,36.68"], "swapped; give the latitude first"),
        (["--from", "36.60,139.96"], "from the nearest road of 'Grid town'"),
        (["--from", "nan,139.96"], "is no place"),
        (["--from", "36.68"], "--from is '36.68'; give latitude and longitude"),
        (["--from", "36.68,139.96,5"], "give latitude and longitude"),
        (["--from", "here"], "--from is 'here'"),
        (["--from", "36.68,139.96", "--snap", "-1"], "limit is -1"),
        (["--from", "36.68,139.96", "--minutes", ""], "--minutes is ''; give numbers"),
        (["--from", "36.68,139.96", "--minutes", "ten"], "--minutes is 'ten'"),
        (["--from", "36.68,139.96", "--minutes", "-5"], "minutes hold -5"),
        (["--from", "36.68,139.96", "--minutes", "5,nan"], "minutes hold nan"),
        (["--from", "36.68,139.96", "--minutes", "5,5"], "5 twice"),
        (["--from", "36.68,139.96", "--out", "areas.shp"], "ends in .geojson or .json"),
        (["--from", "36.68,139.96", "--out", "no/areas.json"], "folder does not exist"),
        (["--from", "36.68,139.96", "--out", "areas.json", "--png", "map.jpg"], "ends in .png"),
        (["--from", "36.68,139.96", "--out", "areas.json", "--png", "no/map.png"], "folder does not exist"),
    ],
)
def test_wrong_input_is_one_sentence_and_leaves_nothing_behind(
    town: str, capsys: pytest.CaptureFixture[str], arguments: list[str], problem: str
) -> None:
    assert problem in refused(capsys, town, *arguments)


def test_outputs_are_not_written_over_folders_or_the_network(
    town: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("areas.json").mkdir()
    Path("map.png").mkdir()
    assert "is a folder" in refused(capsys, town, "--from", "36.68,139.96", "--out", "areas.json")
    assert "is a folder" in refused(capsys, town, "--from", "36.68,139.96", "--png", "map.png")
    Path(town).rename("net.json")
    assert "is read by this command" in refused(
        capsys, "net.json", "--from", "36.68,139.96", "--out", "net.json"
    )
    assert Network.load("net.json").node_count == 12


def test_planar_network_has_a_map_and_no_geojson(capsys: pytest.CaptureFixture[str]) -> None:
    line_network().save("line.net")
    assert run(capsys, "line.net", "--from", "0,200", "--minutes", "0.1", "--png", "line.png")[0] == 0
    assert Path("line.png").read_bytes().startswith(b"\x89PNG")
    assert "lies in a plane" in refused(capsys, "line.net", "--from", "0,200", "--out", "line.json")


def test_missing_network_and_missing_place_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "missing.net" in refused(capsys, "missing.net", "--from", "36.68,139.96")
    code, _, err = run(capsys, "missing.net")
    assert code == 2
    assert "--from" in err
