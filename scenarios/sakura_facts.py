"""Facts of Sakura City as values: roads, towns, places, outline. What is assumed says so in
`sakura/SOURCES.md`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

CREDITS: tuple[str, ...] = (
    "国土数値情報(行政区域データ)(国土交通省)を加工して作成",
    "位置参照情報(国土交通省), Geolonia 住所データ (CC BY 4.0)",
    "警察庁 交通事故統計情報のオープンデータ 2019-2021 を加工して作成",
    "Junction positions: TravelMapping",
)
"""Shown wherever the embedded network is shown."""

AREAS: tuple[str, ...] = ("Ujiie", "Kitsuregawa")


@dataclass(frozen=True, slots=True)
class MainRoad:
    """A stretch of a numbered road.

    `points` are (lat, lon) pairs, float64, shape (k, 2), rounded to about 100 m.
    """

    stretch: str
    reference: str
    name: str
    road_class: str
    confidence: str
    points: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TownFact:
    """A town or chōme: its point (sourced), its residents and share of 65 and over (both assumed)."""

    name: str
    area: int
    lat: float
    lon: float
    population: int
    old_share: float


@dataclass(frozen=True, slots=True)
class PlaceFact:
    """A named place. Confidence A: sourced position; B: town point; C: guessed within 400 to 1,000 m."""

    name: str
    kind: str
    lat: float
    lon: float
    confidence: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where a town's people live, and how densely streets lie there (assumed)."""

    town: int
    lat: float
    lon: float
    population: float
    people_per_km2: float
    spacing_m: float


def _rows(name: str) -> list[dict[str, str]]:
    text = files("scenarios").joinpath("sakura", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _points(name: str) -> npt.NDArray[np.float64]:
    return np.array([(float(row["lat"]), float(row["lon"])) for row in _rows(name)])


@cache
def main_roads() -> tuple[MainRoad, ...]:
    """The numbered roads without the motorway."""
    return tuple(
        MainRoad(
            row["stretch"], row["reference"], row["name"], row["class"], row["confidence"],
            np.array([[float(x) for x in pair.split(",")] for pair in row["lat_lon"].split()]),
        )
        for row in _rows("main_roads.csv")
    )  # fmt: skip


@cache
def towns() -> tuple[TownFact, ...]:
    """The 47 towns and chōme with residents."""
    return tuple(
        TownFact(
            row["name"], AREAS.index(row["area"]), float(row["lat"]), float(row["lon"]),
            int(row["population_assumed"]), float(row["share_65_plus_percent_assumed"]) / 100,
        )
        for row in _rows("towns.csv")
    )  # fmt: skip


@cache
def places() -> tuple[PlaceFact, ...]:
    """Stations, offices, hospitals, shops, baths, schools, estates."""
    return tuple(
        PlaceFact(row["name"], row["kind"], float(row["lat"]), float(row["lon"]), row["confidence"])
        for row in _rows("places.csv")
    )


@cache
def boundary() -> npt.NDArray[np.float64]:
    """The city's outline: (lat, lon), float64, shape (k, 2), closed."""
    return _points("boundary.csv")


@cache
def river() -> npt.NDArray[np.float64]:
    """A coarse course of the Kinugawa through its two road bridges (assumed between them)."""
    return _points("river.csv")


@cache
def street_points() -> npt.NDArray[np.float64]:
    """Points on local streets, from accidents on municipal roads; nearly all in Ujiie."""
    return _points("street_points.csv")


@cache
def settlements() -> tuple[Settlement, ...]:
    """Where people live: several settlements in a few large towns, one around the point of every other."""
    named: dict[str, list[dict[str, str]]] = {}
    for row in _rows("settlements.csv"):
        named.setdefault(row["town"], []).append(row)
    found: list[Settlement] = []
    for index, town in enumerate(towns()):
        found += [
            Settlement(
                index, float(row["lat"]), float(row["lon"]), float(row["share"]) * town.population,
                float(row["people_per_km2"]), float(row["spacing_m"]),
            )
            for row in named.get(town.name, ())
        ]  # fmt: skip
        if town.name not in named:
            density, spacing = _density(town)
            found.append(Settlement(index, town.lat, town.lon, town.population, density, spacing))
    return tuple(found)


def _density(town: TownFact) -> tuple[float, float]:
    """(residents a km², street spacing in metres) by kind of town: new quarter, estate, village (assumed)."""
    if "丁目" in town.name and town.area == 0:
        return 4200.0, 72.0
    if "フィオーレ" in town.name or "桜ヶ丘" in town.name:
        return 1100.0, 78.0
    if town.name == "草川":
        return 4000.0, 75.0
    return 400.0, 180.0
