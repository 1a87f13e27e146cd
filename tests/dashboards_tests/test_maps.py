from __future__ import annotations

import dataclasses
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dashboards import fonts, map_sheet
from dashboards.errors import MapError
from dashboards.maps import ROAD_STYLES, draw_network_map
from routing.network import Confidence, Network, RoadClass, build_network

PNG = b"\x89PNG\r\n\x1a\n"


def town(title: str = "Test town", **changes: Any) -> Network:
    """A trunk road of 3 nodes with a bend, and a generated street; about 2 km x 1 km at 36.7 N."""
    network = build_network(
        tail=[0, 1, 1, 2, 1, 3],
        head=[1, 0, 2, 1, 3, 1],
        length_m=[1000, 1000, 1000, 1000, 900, 900],
        travel_ms=[60_000] * 6,
        road_class=[RoadClass.TRUNK] * 4 + [RoadClass.RESIDENTIAL] * 2,
        confidence=[Confidence.A] * 4 + [Confidence.GENERATED] * 2,
        reference_index=[1, 1, 1, 1, 0, 0],
        references=("", "R4"),
        lat=[36.70, 36.70, 36.70, 36.709],
        lon=[140.00, 140.01, 140.02, 140.01],
        geometry_first=[0, 1, 2, 2, 2, 2, 2],
        geometry_lat=[36.701, 36.701],
        geometry_lon=[140.005, 140.005],
        title=title,
        credits=("© OpenStreetMap contributors, ODbL 1.0", "国土交通省"),
        is_approximate=True,
    )
    return dataclasses.replace(network, **changes) if changes else network


def size(picture: Path) -> tuple[int, int]:
    content = picture.read_bytes()
    assert content.startswith(PNG)
    width, height = struct.unpack(">II", content[16:24])
    return int(width), int(height)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_map_is_a_picture_whatever_fonts_are_installed(tmp_path: Path, language: map_sheet.Language) -> None:
    picture = draw_network_map(town("さくら市"), tmp_path / "town.png", language=language)
    assert min(size(picture)) > 500
    assert [file.name for file in tmp_path.iterdir()] == ["town.png"]


def test_same_network_gives_the_same_picture(tmp_path: Path) -> None:
    one = draw_network_map(town(), tmp_path / "one.png").read_bytes()
    assert draw_network_map(town(), tmp_path / "other.png").read_bytes() == one


def test_approximation_is_written_on_the_picture(tmp_path: Path) -> None:
    said = draw_network_map(town(), tmp_path / "said.png").read_bytes()
    assert draw_network_map(town(is_approximate=False), tmp_path / "not.png").read_bytes() != said


def test_metres_look_alike_in_both_directions() -> None:
    # 0.02 degrees of longitude at 36.7045 N, the middle: 2,223.9 m * cos = 1,782.9 m
    # 0.009 degrees of latitude: 1,000.8 m
    network = town()
    lines = map_sheet.courses(network, np.arange(network.arc_count))
    span = np.ptp(np.concatenate(lines), axis=0)
    assert span.tolist() == pytest.approx([1782.9, 1000.8], abs=0.5)


def test_course_runs_through_the_inner_points() -> None:
    lines = map_sheet.courses(town(), np.array([0]))
    assert lines[0].shape == (3, 2)


def test_planar_network_is_drawn_in_its_own_metres(tmp_path: Path) -> None:
    network = build_network(
        tail=[0, 1], head=[1, 0], length_m=[500, 500], travel_ms=[1, 1], road_class=[6, 6],
        lat=[0.0, 300.0], lon=[0.0, 400.0], is_planar=True,
    )  # fmt: skip
    assert np.ptp(map_sheet.courses(network, np.array([0]))[0], axis=0).tolist() == [400.0, 300.0]
    assert size(draw_network_map(network, tmp_path / "plane.png"))


def test_more_important_roads_are_wider_and_darker() -> None:
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    widths = [style.width_pt for style in ROAD_STYLES]
    assert widths == sorted(widths, reverse=True)
    for group in (ROAD_STYLES[:5], ROAD_STYLES[5:]):
        shades = [lightness(style.colour) for style in group]
        assert shades == sorted(shades)


@pytest.mark.parametrize(
    ("name", "problem"), [("town.jpg", "ends in .png"), ("no/town.png", "folder does not exist")]
)
def test_picture_that_cannot_be_written_is_named(tmp_path: Path, name: str, problem: str) -> None:
    with pytest.raises(MapError, match=problem):
        draw_network_map(town(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_characters_without_a_font_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "families", lambda: [fonts.PLAIN_FAMILY])
    assert fonts.drawable("Sakura city") == "Sakura city"
    assert fonts.drawable("さくら市", "Road network") == "Road network"
    assert fonts.drawable("Sakura さくら") == "Sakura"
    assert fonts.drawable("R293") == "R293"


def test_heading_is_bold_only_in_a_font_that_has_bold() -> None:
    assert fonts.emphasis("Sakura") == {"family": [fonts.PLAIN_FAMILY], "fontweight": "bold"}
    assert "fontweight" not in fonts.emphasis("さくら")
