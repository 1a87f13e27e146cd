from __future__ import annotations

import struct
from itertools import pairwise
from pathlib import Path

import pytest

from dashboards.errors import MapError
from dashboards.isochrone_maps import Landmark, band_colours, draw_isochrone_map
from dashboards.map_sheet import Language
from routing.isochrones import Isochrones, find_isochrones
from tests.builders import grid_network

MINUTES = (0.5, 1.0, 2.0)


def bands(*places: tuple[float, float], is_to: bool = False) -> Isochrones:
    return find_isochrones(grid_network(), places or [(0.0, 0.0)], MINUTES, is_to=is_to)


def size(picture: Path) -> tuple[int, int]:
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    return int(width), int(height)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_bands_are_drawn_in_both_languages(tmp_path: Path, language: Language) -> None:
    picture = draw_isochrone_map(
        bands(), tmp_path / "map.png", residents=[10, 20, 30],
        landmarks=[Landmark("市役所", 250.0, 250.0), Landmark("Elsewhere", 9e6, 0.0)], language=language,
    )  # fmt: skip
    assert min(size(picture)) > 500
    assert [file.name for file in tmp_path.iterdir()] == ["map.png"]


def test_what_is_told_changes_the_picture(tmp_path: Path) -> None:
    pictures = [
        draw_isochrone_map(bands(), tmp_path / "1.png"),
        draw_isochrone_map(bands(), tmp_path / "2.png", residents=[1, 2, 3]),
        draw_isochrone_map(bands(), tmp_path / "3.png", landmarks=[Landmark("School", 250.0, 250.0)]),
        draw_isochrone_map(bands(is_to=True), tmp_path / "4.png"),
        draw_isochrone_map(bands((0.0, 0.0), (500.0, 750.0)), tmp_path / "5.png"),
    ]
    assert len({picture.read_bytes() for picture in pictures}) == len(pictures)
    again = draw_isochrone_map(bands(), tmp_path / "6.png")
    assert again.read_bytes() == pictures[0].read_bytes()


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_bands_get_lighter_with_time_and_stay_apart_in_grey(count: int) -> None:
    greys = [0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in band_colours(count)]
    steps = [later - earlier for earlier, later in pairwise(greys)]
    assert all(step > 0.06 for step in steps)
    assert all(0.0 <= grey <= 0.95 for grey in greys)


@pytest.mark.parametrize(
    ("name", "problem"), [("map.jpg", "ends in .png"), ("no/map.png", "folder does not exist")]
)
def test_map_that_cannot_be_written_is_named(tmp_path: Path, name: str, problem: str) -> None:
    with pytest.raises(MapError, match=problem):
        draw_isochrone_map(bands(), tmp_path / name)
    assert not list(tmp_path.iterdir())
