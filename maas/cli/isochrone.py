"""`maas network isochrone`: what is reached within some minutes, as a table, as GeoJSON and as a map."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from maas.cli.console import language, output, text, working
from maas.cli.overwriting import refuse_overwriting

if TYPE_CHECKING:
    from dashboards.isochrone_maps import Landmark
    from routing.isochrones import Isochrones
    from routing.network import Network
    from scenarios.residents import ResidentCount

SAKURA: Final = "sakura"
LANDMARK_KINDS: Final = ("rail", "hospital", "estate", "onsen", "office")

_EXAMPLE: Final = (
    text("Example: ", "例: ") + "maas network isochrone sakura --from 36.6817,139.9621 --minutes 10,20,30"
    " --out ujiie.geojson --png ujiie.png"
)
HELP: Final = text(
    f"Areas reached by car within some minutes from the nearest of some places, or reaching it. {_EXAMPLE}",
    f"最寄りの地点から（または地点まで）自動車で指定の分数以内に着ける範囲。{_EXAMPLE}",
)


def isochrone(
    network_name: Annotated[
        str,
        typer.Argument(
            metavar="NET",
            help=text(
                "Network file, or the word sakura for the embedded one.",
                "道路網ファイル。sakuraと書けば内蔵のさくら市道路網。",
            ),
        ),
    ],
    places: Annotated[
        list[str],
        typer.Option(
            "--from",
            metavar="LAT,LON",
            help=text(
                "A place in degrees; several times for the nearest of several.",
                "地点の緯度,経度（度）。複数回指定すると最寄りの地点から数える。",
            ),
        ),
    ],
    minutes: Annotated[
        str, typer.Option(metavar="M,M,...", help=text("Minutes, one or several.", "分数（複数可）。"))
    ] = "10,20,30",
    is_to: Annotated[
        bool,
        typer.Option(
            "--to",
            help=text(
                "The other direction: from where the nearest place is reached.",
                "逆方向: 最寄りの地点へ着ける範囲。",
            ),
        ),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help=text("GeoJSON file to write.", "書き出すGeoJSONファイル。"))
    ] = None,
    png: Annotated[
        Path | None, typer.Option(help=text("Map to write as PNG.", "書き出す地図画像（PNG）。"))
    ] = None,
    limit_m: Annotated[
        float,
        typer.Option(
            "--snap",
            metavar="M",
            help=text(
                "Metres a place may lie from the nearest road.", "地点から最寄りの道路までの許容距離（m）。"
            ),
        ),
    ] = 500.0,
) -> None:
    from routing.isochrone_files import check_geojson_path, write_isochrones
    from routing.isochrones import check_minutes, find_isochrones

    spots = [_place(one) for one in places]
    times = check_minutes(_numbers(minutes, "--minutes", "numbers such as 10,20,30"))
    geojson = None if out is None else check_geojson_path(out)
    picture = None if png is None else _picture_path(png)
    for option, target in (("--out", out), ("--png", png)):
        if target is not None:
            refuse_overwriting(target, [Path(network_name)], option)
    network = _network(network_name)
    if geojson is not None and network.is_planar:
        from routing.errors import IsochroneError

        raise IsochroneError(
            f"{network.title} lies in a plane without longitude and latitude, which GeoJSON needs;"
            " leave --out out"
        )
    with working(text("Finding what is reached ...", "範囲を求めています…")):
        found = find_isochrones(network, spots, times, is_to=is_to, limit_m=limit_m)
        residents = _residents(network_name, found)
        if picture is not None:
            _draw(found, residents, picture, _landmarks(network_name))
        if geojson is not None:
            write_isochrones(found, geojson, _properties(found, residents))
    _print(found, residents)
    for label, path in ((text("Areas", "範囲"), geojson), (text("Map", "地図"), picture)):
        if path is not None:
            output().print(f"{label}: {path}", soft_wrap=True)


def _numbers(given: str, option: str, wanted: str) -> list[float]:
    """Numbers between commas; full-width digits and commas count as their narrow ones."""
    from routing.errors import IsochroneError

    parts = unicodedata.normalize("NFKC", given).replace("、", ",").split(",")
    try:
        return [float(part) for part in parts]
    except ValueError:
        raise IsochroneError(f"{option} is {given!r}; give {wanted}") from None


def _place(given: str) -> tuple[float, float]:
    from routing.errors import IsochroneError

    wanted = "latitude and longitude in degrees with a comma between, such as 36.6817,139.9621"
    numbers = _numbers(given, "--from", wanted)
    if len(numbers) != 2:
        raise IsochroneError(f"--from is {given!r}; give {wanted}")
    return numbers[0], numbers[1]


def _picture_path(path: Path) -> Path:
    from dashboards.map_sheet import check_picture_path

    return check_picture_path(path)


def _network(name: str) -> Network:
    if name == SAKURA:
        from scenarios.city import embedded_city

        with working(text("Building the roads of Sakura ...", "さくら市の道路網を作成しています…")):
            return embedded_city().network
    from routing.network import Network

    return Network.load(Path(name))


def _residents(network_name: str, found: Isochrones) -> list[ResidentCount] | None:
    """Residents of each band; None where nothing is known of them."""
    if network_name != SAKURA:
        return None
    from scenarios.city import embedded_city
    from scenarios.residents import residents_at

    return [residents_at(embedded_city(), band.is_reached) for band in found.bands]


def _properties(found: Isochrones, residents: Sequence[ResidentCount] | None) -> list[dict[str, object]]:
    """Residents as properties: null where nothing is known of them."""
    if residents is None:
        return [{"residents_assumed": None, "residents_65_plus_assumed": None} for _ in found.bands]
    return [
        {"residents_assumed": count.people, "residents_65_plus_assumed": count.aged_65_plus}
        for count in residents
    ]


def _landmarks(network_name: str) -> list[Landmark]:
    """Names that help to read the map: towns in Japanese, else stations, hospitals and estates."""
    if network_name != SAKURA:
        return []
    from dashboards.isochrone_maps import Landmark
    from scenarios.sakura_network import load_sakura_city

    city = load_sakura_city()
    if language().value == "ja":
        towns = sorted(city.towns, key=lambda town: (-town.population, town.name))
        return [Landmark(town.name, town.lat, town.lon) for town in towns]
    return [
        Landmark(place.name.split(" (")[0].split(" = ")[0], place.lat, place.lon)
        for kind in LANDMARK_KINDS
        for place in city.places
        if place.kind == kind
    ]


def _draw(
    found: Isochrones, residents: Sequence[ResidentCount] | None, picture: Path, landmarks: Sequence[Landmark]
) -> None:
    from dashboards.isochrone_maps import draw_isochrone_map

    people = None if residents is None else [count.people for count in residents]
    draw_isochrone_map(found, picture, residents=people, landmarks=landmarks, language=language().value)


def _print(found: Isochrones, residents: Sequence[ResidentCount] | None) -> None:
    from rich.table import Table

    title = (
        text("Reaches the place within", "地点までの範囲")
        if found.is_to
        else text("Reached within", "地点からの範囲")
    )
    table = Table(title=f"{title}: {found.network.title}", title_justify="left")
    heads = [text("Minutes", "分"), "km²", text("km of road", "道路 (km)")]
    if residents is not None:
        heads += [text("Residents*", "居住者*"), text("65 and over*", "65歳以上*")]
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    for k, band in enumerate(found.bands):
        cells = [f"{band.minutes:g}", f"{band.area_km2:,.2f}", f"{band.road_km:,.1f}"]
        if residents is not None:
            cells += [f"{residents[k].people:,}", f"{residents[k].aged_65_plus:,}"]
        table.add_row(*cells)
    output().print(table)
    for line in _remarks(found, has_residents=residents is not None):
        output().print(line)


def _remarks(found: Isochrones, *, has_residents: bool) -> list[str]:
    """How to read the table."""
    remarks = [
        text(
            "By car at the times of empty roads, from the nearest point of the road.",
            "自動車、混雑のないときの所要時間。最寄りの道路上の点から数える。",
        )
    ]
    if has_residents:
        remarks.append(
            text(
                "* Assumed: people at homes that are reached, spread over the streets of each town.",
                "* 推定: 時間内に着ける住居の人口（町ごとの人口を道路沿いに配分）。",
            )
        )
    ends = found.bands[-1].open_ends
    if ends:
        remarks.append(
            text(
                f"Reached ends of main roads: {ends}. The network stops there, the true area does not.",
                f"時間内に着く主要道路{ends}本の先は道路網に含まれず、実際の範囲はこれより広くなります。",
            )
        )
    if found.network.is_approximate:
        remarks.append(
            text("The roads are an approximation, not a survey.", "道路は測量によらない近似です。")
        )
    return remarks
