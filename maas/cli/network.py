"""`maas network import` and `maas network show`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import platformdirs
import typer

from maas.cli import isochrone
from maas.cli.console import language, new_app, output, text, working
from maas.cli.overwriting import refuse_overwriting

if TYPE_CHECKING:
    from rich.table import Table

    from routing.network import Network
    from routing.osm_assembly import ImportReport
    from routing.osm_restrictions import RestrictionCounts

SAKURA: Final = "sakura"
NOTES_SHOWN: Final = 8

app = new_app(
    text(
        "Road networks: import OpenStreetMap, show and draw. Example: maas network import sakura.osm.pbf",
        "道路網: OpenStreetMapの取り込み、要約、地図。例: maas network import sakura.osm.pbf",
    )
)


@app.command(
    "import",
    help=text(
        "Import the drivable roads of OpenStreetMap as a network file. Examples: "
        "maas network import tochigi.osm.pbf --out tochigi.net; "
        'maas network import --place "さくら市, 栃木県"; maas network import --graphml city.graphml',
        "OpenStreetMapの車道を道路網ファイルに変換する。例: "
        "maas network import tochigi.osm.pbf --out tochigi.net、"
        'maas network import --place "さくら市, 栃木県"、maas network import --graphml city.graphml',
    ),
)
def import_network(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help=text(
                "OpenStreetMap file: .osm.pbf, .osm or .osm.gz.",
                "OpenStreetMapファイル（.osm.pbf、.osm、.osm.gz）。",
            ),
        ),
    ] = None,
    place: Annotated[
        str | None,
        typer.Option(
            help=text(
                "Download a municipality by its name (kept for the next time).",
                "自治体名でダウンロードする（次回のために保存）。",
            )
        ),
    ] = None,
    graphml: Annotated[
        Path | None,
        typer.Option(help=text("GraphML file written by osmnx.", "osmnxが書いたGraphMLファイル。")),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help=text(
                "Network file to write; that of the source, .net, in this folder if left out.",
                "書き出す道路網ファイル。省略時は元の名前に.netを付けてこのフォルダーに置く。",
            )
        ),
    ] = None,
    vehicle: Annotated[
        str,
        typer.Option(
            help=text(
                "Whose access, one-way and turn rules hold: motorcar, taxi or bus.",
                "適用する通行・一方通行・右左折の規制: motorcar、taxi、bus。",
            )
        ),
    ] = "motorcar",
) -> None:
    if sum(source is not None for source in (file, place, graphml)) != 1:
        raise typer.BadParameter(
            text(
                "give one source: a FILE, or --place, or --graphml",
                "FILE、--place、--graphmlのうち一つを指定してください",
            )
        )
    target = out or Path(f"{_source_name(file, place, graphml)}.net")
    refuse_overwriting(target, [source for source in (file, graphml) if source is not None])
    with working(text("Reading roads ...", "道路を読み込んでいます…")):
        network, report = _imported(file, place, graphml, vehicle)
        network.save(target)
    _print_report(report, target)


def _imported(
    file: Path | None, place: str | None, graphml: Path | None, vehicle_name: str
) -> tuple[Network, ImportReport]:
    from routing.osm_rules import Vehicle

    if vehicle_name not in tuple(Vehicle):
        raise typer.BadParameter(
            text(
                f"{vehicle_name!r} is no vehicle; give {', '.join(Vehicle)}",
                f"{vehicle_name!r}は車種ではありません。{'、'.join(Vehicle)}のいずれかを指定してください",
            ),
            param_hint="--vehicle",
        )
    vehicle = Vehicle(vehicle_name)
    if place is not None:
        from routing.osm_online import import_place

        return import_place(place, _download_folder(), vehicle=vehicle)
    if graphml is not None:
        from routing.osm_online import import_graphml

        return import_graphml(graphml, vehicle=vehicle)
    from routing.osm_import import import_osm_file

    if file is None:
        raise typer.BadParameter("give a FILE")
    return import_osm_file(file, vehicle=vehicle)


def _download_folder() -> Path:
    """Where downloaded places are kept: below `MAAS_CACHE_DIR`, or below the user's cache folder."""
    return Path(os.environ.get("MAAS_CACHE_DIR") or platformdirs.user_cache_dir("maas")) / "openstreetmap"


def _source_name(file: Path | None, place: str | None, graphml: Path | None) -> str:
    """The name of the source without folder and suffixes; of a place what stands before the first comma."""
    if place is not None:
        kept = "".join(c for c in place.split(",")[0] if c.isalnum() or c in " -_").strip()
        return kept.replace(" ", "_") or "network"
    name = (file or graphml or Path("network")).name
    for suffix in (".osm.pbf", ".osm.gz", ".osm", ".graphml", ".xml"):
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


@app.command(
    "show",
    help=text(
        "Summarise a network and draw it as a PNG map. Examples: maas network show tochigi.net; "
        "maas network show sakura --png sakura.png",
        "道路網を要約し、PNGの地図を描く。例: maas network show tochigi.net、"
        "maas network show sakura --png sakura.png",
    ),
)
def show_network(
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
    png: Annotated[
        Path | None,
        typer.Option(
            help=text(
                "Picture to write; beside the network file, or in this folder for sakura, if left out.",
                "書き出す画像。省略時は道路網ファイルの隣（sakuraはこのフォルダー）。",
            )
        ),
    ] = None,
    all_notes: Annotated[
        bool, typer.Option("--all-notes", help=text("Print every note.", "注記をすべて表示する。"))
    ] = False,
) -> None:
    from dashboards.maps import draw_network_map

    default = Path(f"{SAKURA}.png") if network_name == SAKURA else Path(network_name).with_suffix(".png")
    target = png or default
    refuse_overwriting(target, [Path(network_name)], "--png")
    network = _network_named(network_name)
    picture = draw_network_map(network, target, language=language().value)
    _print_summary(network, all_notes=all_notes)
    output().print(text(f"Map: {picture}", f"地図: {picture}"), soft_wrap=True)


app.command("isochrone", help=isochrone.HELP)(isochrone.isochrone)


def _network_named(name: str) -> Network:
    if name == SAKURA:
        from scenarios.sakura_network import build_sakura_network

        with working(text("Building the roads of Sakura ...", "さくら市の道路網を作成しています…")):
            return build_sakura_network()
    from routing.network import Network

    return Network.load(Path(name))


def _print_report(report: ImportReport, target: Path) -> None:
    from rich.table import Table

    console = output()
    table = Table(title=text(f"Imported {report.source}", f"取り込み: {report.source}"), title_justify="left")
    table.add_column(text("Kept", "採用"))
    table.add_column("", justify="right")
    table.add_row(text("nodes", "ノード"), f"{report.nodes:,}")
    if report.nodes > report.nodes_unsplit:
        table.add_row(text("  before splitting crossings", "  交差点の分割前"), f"{report.nodes_unsplit:,}")
    table.add_row(text("arcs", "アーク"), f"{report.arcs:,}")
    table.add_row(text("km of road", "道路延長 (km)"), f"{report.road_km:,.1f}", end_section=True)
    for road_class, km in report.km_by_class.items():
        table.add_row(f"  {road_class}", f"{km:,.1f}")
    console.print(table)
    if report.restrictions is None:
        said = text(
            "The source has no turn restrictions: turns are free.", "右左折規制の情報がない取り込み元です。"
        )
        console.print(said)
    elif report.restrictions.in_file:
        console.print(_restriction_table(report.restrictions))
    left_out = report.counts()
    if left_out:
        table = Table(title=text("Left out or changed", "除外・変更したもの"), title_justify="left")
        table.add_column(text("What", "内容"))
        table.add_column(text("Count", "件数"), justify="right")
        for key, count in left_out.items():
            table.add_row(text(*_COUNT_LABELS[key]), f"{count:,}")
        if report.unconnected_km >= 0.05:
            table.add_row(
                text("km of road not connected", "接続しない道路 (km)"), f"{report.unconnected_km:,.1f}"
            )
        console.print(table)
    console.print(text(f"Network: {target}", f"道路網: {target}"), soft_wrap=True)


def _restriction_table(counts: RestrictionCounts) -> Table:
    from rich.table import Table

    table = Table(title=text("Turn restrictions", "右左折規制"), title_justify="left")
    table.add_column(text("What", "内容"))
    table.add_column(text("Count", "件数"), justify="right")
    table.add_row(text("in the file", "ファイル内"), f"{counts.in_file:,}")
    table.add_row(text("obeyed", "適用"), f"{counts.applied:,}")
    table.add_row(text("crossings split", "分割した交差点"), f"{counts.split_places:,}")
    table.add_row(text("nodes added", "追加したノード"), f"{counts.extra_nodes:,}")
    table.add_row(text("U-turns forbidden", "禁止した転回"), f"{counts.u_turns_forbidden:,}")
    return table


_COUNT_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "not_a_road": ("ways not for motor vehicles", "車両が通れない道（歩道・小径・農道など）"),
    "no_access": ("ways closed by an access tag", "通行規制で除外した道"),
    "conditional_access": ("ways open at some hours only", "時間帯・条件により通れない道"),
    "parking_aisle": ("aisles of car parks", "駐車場内の通路"),
    "not_built": ("ways planned or under construction", "計画・工事中の道"),
    "reversible": ("reversible lanes", "時間帯で向きの変わる車線"),
    "area": ("areas", "面として描かれた道"),
    "ferry": ("ferries", "フェリー"),
    "clipped_ways": ("ways cut at the edge of the file", "ファイルの端で切れた道"),
    "missing_nodes": ("nodes missing in the file", "ファイルにないノード"),
    "barriers": ("barriers that close a road", "車止めなどの障害物"),
    "self_loops": ("arcs from a node to itself", "自分に戻るアーク"),
    "split_loops": ("streets back to their start, kept in halves", "始点に戻る道（二分して採用）"),
    "duplicate_arcs": ("duplicate arcs", "重複したアーク"),
    "unread_tags": ("ways with an unreadable oneway or maxspeed", "読めない一方通行・制限速度の値"),
    "conditional_tags": (
        "ways with a conditional direction or limit",
        "条件付きの一方通行・制限速度（無条件の値を採用）",
    ),
    "restriction_conditional": ("turn restrictions of some hours", "時間帯を限った右左折規制"),
    "restriction_exempt": ("turn restrictions that except our vehicle", "対象車両を除く右左折規制"),
    "restriction_other_vehicle": ("turn restrictions for other vehicles", "他の車種の右左折規制"),
    "restriction_unknown_kind": ("turn restrictions of no known kind", "種類の分からない右左折規制"),
    "restriction_bad_members": ("turn restrictions without one from, via, to", "構成の誤った右左折規制"),
    "restriction_missing_members": ("turn restrictions that leave the file", "ファイル外に及ぶ右左折規制"),
    "restriction_closed_members": ("turn restrictions on roads not kept", "採用しない道の右左折規制"),
    "restriction_impossible": ("turn restrictions on impossible turns", "もともと曲がれない右左折規制"),
    "restriction_ambiguous": ("turn restrictions that fit two turns", "曲がり方が一つに決まらない右左折規制"),
    "restriction_dead_end": ("turn restrictions at dead ends", "行き止まりの転回禁止"),
    "u_turns_left": ("U-turns that evade a restriction", "規制を免れる転回（残り）"),
    "unconnected_nodes": ("nodes not connected both ways", "往復できないノード"),
}


def _print_summary(network: Network, *, all_notes: bool) -> None:
    from rich.table import Table

    from routing.road_lengths import road_km_by_class

    km_by_class = road_km_by_class(network)
    table = Table(show_header=False, title=network.title, title_justify="left")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    kind = (
        text("approximation, not surveyed", "概略（測量によらない近似）")
        if network.is_approximate
        else text("surveyed roads", "測量された道路")
    )
    table.add_row(text("Kind", "種類"), kind)
    table.add_row(text("Nodes", "ノード"), f"{network.node_count:,}")
    table.add_row(text("Arcs", "アーク"), f"{network.arc_count:,}")
    table.add_row(text("Road", "道路延長"), f"{sum(km_by_class.values()):,.1f} km")
    for road_class, km in km_by_class.items():
        table.add_row(f"  {road_class}", f"{km:,.1f} km")
    table.add_row(text("Extent", "範囲"), _extent(network))
    for k, line in enumerate(network.credits):
        table.add_row(text("Credits", "出典") if k == 0 else "", line)
    shown = network.notes if all_notes else network.notes[:NOTES_SHOWN]
    for k, line in enumerate(shown):
        table.add_row(text("Notes", "注記") if k == 0 else "", line)
    hidden = len(network.notes) - len(shown)
    if hidden:
        table.add_row("", text(f"... and {hidden} more (--all-notes)", f"… ほか{hidden}件（--all-notes）"))
    output().print(table)
    output().print(text(f"Hash: {network.hash}", f"ハッシュ: {network.hash}"), soft_wrap=True)


def _extent(network: Network) -> str:
    import numpy as np

    lats = np.concatenate((network.lat, network.geometry_lat))
    lons = np.concatenate((network.lon, network.geometry_lon))
    south, north, west, east = (float(limit) for limit in (lats.min(), lats.max(), lons.min(), lons.max()))
    if network.is_planar:
        return f"{(east - west) / 1000:.1f} x {(north - south) / 1000:.1f} km"
    from routing.geometry import distance_m

    middle = (south + north) / 2
    width_km = float(distance_m(middle, west, middle, east)) / 1000
    height_km = float(distance_m(south, west, north, west)) / 1000
    degrees = text(
        f"latitude {south:.4f} to {north:.4f}, longitude {west:.4f} to {east:.4f}",
        f"緯度 {south:.4f}～{north:.4f}、経度 {west:.4f}～{east:.4f}",
    )
    return f"{width_km:.1f} x {height_km:.1f} km; {degrees}"
