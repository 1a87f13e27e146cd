"""What is written on the map: towns, stations, hospitals, baths; and how a place is called by what is near.

Those of Sakura are drawn on every network within which they lie; another city's map has roads alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dashboards.map_sheet import Plane
from maas.i18n.wording import Wording
from routing.network import Network
from scenarios import sakura_facts

TOWN: Final = "town"
_BLOCK: Final = re.compile("[一二三四五六七八九]丁目$")
_NEAR_M: Final = 260.0
"""A place this near to a landmark is called after it, otherwise after the next town."""
_TOWN_M: Final = 4000.0

NAMES: Final = {
    "Ujiie station": Wording("Ujiie Sta.", "氏家駅"),
    "Kamasuzaka station": Wording("Kamasuzaka Sta.", "蒲須坂駅"),
    "Hoshakuji station (Karasuyama line junction)": Wording("Hōshakuji Sta.", "宝積寺駅"),
    "Niita station (Karasuyama line)": Wording("Niita Sta.", "仁井田駅"),
    "Shimotsuke-Hanaoka station": Wording("Shimotsuke-Hanaoka Sta.", "下野花岡駅"),
    "Kataoka station": Wording("Kataoka Sta.", "片岡駅"),
    "Sakura city hall (Ujiie 2771)": Wording("City hall", "さくら市役所"),
    "Sakura Seishu high school (Ujiie 2807)": Wording("Sakura Seishū high school", "さくら清修高校"),
    "Michi-no-eki Kitsuregawa (Kitsuregawa 4145-10, hot spring)": Wording(
        "Michi-no-eki Kitsuregawa", "道の駅きつれがわ"
    ),
    "Kurosu hospital (Ujiie 2650)": Wording("Kurosu hospital", "黒須病院"),
    "Kitsuregawa branch office (Kitsuregawa 4420-1, at Jinya site below Omaruyama)": Wording(
        "Kitsuregawa branch office", "喜連川支所"
    ),
    "Motoyu public bath (Kitsuregawa 6620-1, foot of Omaruyama, west)": Wording("Motoyu bath", "もとゆ温泉"),
    "Kitsuregawa open-air bath No.2 (near Asahibashi stop)": Wording("Open-air bath No. 2", "第2露天風呂"),
    "Hanatsuka clinic (Kitsuregawa 841-1)": Wording("Hanatsuka clinic", "花塚医院"),
    "Nemoto clinic (Sakurano 1250)": Wording("Nemoto clinic", "根本医院"),
    "Sakura City Museum / Katsuyama castle (Ujiie 1297)": Wording("City museum", "さくら市ミュージアム"),
    "Supermarket strip on R4, north Ujiie": Wording("Supermarkets, north Ujiie", "スーパー（氏家北）"),
    "Supermarket and drugstore, R293 x P48 Sakurano": Wording("Supermarket, Sakurano", "スーパー（櫻野）"),
    "Supermarket, Ujiie west": Wording("Supermarket, Ujiie west", "スーパー（氏家西）"),
    "Supermarket and drugstore, Kitsuregawa": Wording("Supermarket, Kitsuregawa", "スーパー（喜連川）"),
}
"""Names as shown, by the name among the facts; places of no trips are left out."""


@dataclass(frozen=True, slots=True)
class Landmark:
    """A name at a point of a plane (metres).

    Parameters
    ----------
    kind
        `town`, or the kind of the place among the facts: rail, office, hospital, clinic, shop, onsen, ...
    weight
        Residents of a town: where names would touch, the larger town is named.
    is_certain
        Whether its position is known; otherwise it was assumed.
    """

    name: Wording
    kind: str
    x: float
    y: float
    weight: int = 0
    is_certain: bool = True


def landmarks(network: Network, plane: Plane) -> tuple[Landmark, ...]:
    """Towns (the blocks of one quarter as one) and places that lie within a network."""
    if network.is_planar:
        return ()
    named = [fact for fact in sakura_facts.places() if fact.name in NAMES]
    quarters: dict[str, list[sakura_facts.TownFact]] = {}
    for town in sakura_facts.towns():
        quarters.setdefault(_BLOCK.sub("", town.name), []).append(town)
    found = [
        _mark(plane, NAMES[fact.name], fact.kind, fact.lat, fact.lon, 0, fact.confidence == "A")
        for fact in named
        if _is_within(network, fact.lat, fact.lon)
    ]
    for name, blocks in quarters.items():
        people = sum(town.population for town in blocks)
        lat = sum(town.lat * town.population for town in blocks) / people
        lon = sum(town.lon * town.population for town in blocks) / people
        if _is_within(network, lat, lon):
            found.append(_mark(plane, Wording(name, name), TOWN, lat, lon, people, True))
    return tuple(found)


def shapes(network: Network, plane: Plane) -> dict[str, npt.NDArray[np.float64]]:
    """The city's outline and its river as points of the plane, where the city lies within the network."""
    outline, river = sakura_facts.boundary(), sakura_facts.river()
    if network.is_planar or not all(_is_within(network, *point) for point in outline):
        return {}
    return {"outline": plane.xy(*outline.T), "river": plane.xy(*river.T)}


def near_names(marks: Sequence[Landmark], points: npt.NDArray[np.float64]) -> list[Wording | None]:
    """What each point (metres, shape (k, 2)) is called by: the landmark beside it, or else its town."""
    return [_near_name(marks, float(x), float(y)) for x, y in points]


def _near_name(marks: Sequence[Landmark], x: float, y: float) -> Wording | None:
    best: tuple[bool, float] | None = None
    name: Wording | None = None
    for mark in marks:
        is_town = mark.kind == TOWN
        away = float(np.hypot(mark.x - x, mark.y - y))
        if away > (_TOWN_M if is_town else _NEAR_M):
            continue
        if best is None or (is_town, away) < best:
            best, name = (is_town, away), mark.name
    return name


def _mark(
    plane: Plane, name: Wording, kind: str, lat: float, lon: float, weight: int, is_certain: bool
) -> Landmark:
    ((x, y),) = plane.xy([lat], [lon])
    return Landmark(name, kind, float(x), float(y), weight, is_certain)


def _is_within(network: Network, lat: float, lon: float) -> bool:
    return bool(
        network.lat.min() <= lat <= network.lat.max() and network.lon.min() <= lon <= network.lon.max()
    )
