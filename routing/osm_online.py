"""Road network from a place name (downloaded once, then cached) or from a GraphML file, both read with osmnx.

A place is asked for as raw ways: osmnx decides nothing about directions, access or speed, so that a place and
a file of the same roads give the same network. A GraphML file holds a graph that osmnx has already made: its
directions are taken as they are.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from routing.errors import DownloadError, OsmFileError
from routing.network import Network
from routing.osm_assembly import ImportReport, SourceCounts, assemble_network
from routing.osm_roads import CutCounts, OsmRoad, Position, RoadArc, cut_into_arcs
from routing.osm_rules import DropReason, RoadRule, Vehicle, blocks_vehicles, classify_way

if TYPE_CHECKING:
    import networkx as nx

_WAY_TAGS: Final = (
    "access", "area", "bus", "highway", "junction", "maxspeed", "maxspeed:backward", "maxspeed:conditional",
    "maxspeed:forward", "motor_vehicle", "motorcar", "name", "oneway", "oneway:bus", "oneway:conditional",
    "oneway:motor_vehicle", "oneway:motorcar", "oneway:psv", "oneway:taxi", "psv", "ref", "route", "service",
    "taxi", "vehicle", "access:conditional", "bus:conditional", "motor_vehicle:conditional",
    "motorcar:conditional", "psv:conditional", "taxi:conditional", "vehicle:conditional",
)  # fmt: skip
_TURNED_BY_OSMNX: Final = frozenset({"-1", "reverse", "T"})
"""Values of `oneway` for which osmnx reverses the nodes of a way and yet keeps the tag."""

_DEGREES: Final = "epsg:4326"
_NODE_TAGS: Final = (
    "access", "barrier", "bus", "motor_vehicle", "motorcar", "psv", "taxi", "vehicle",
    "access:conditional", "bus:conditional", "motor_vehicle:conditional", "motorcar:conditional",
    "psv:conditional", "taxi:conditional", "vehicle:conditional",
)  # fmt: skip
_ROADS_ONLY: Final = (
    '["highway"]["highway"!~"^(bridleway|bus_guideway|busway|construction|corridor|cycleway|elevator|escape|footway|'
    'path|pedestrian|platform|proposed|raceway|steps|track)$"]'
)


def import_place(
    place: str, cache_folder: Path | str, *, vehicle: Vehicle = Vehicle.MOTORCAR
) -> tuple[Network, ImportReport]:
    """Drivable roads inside the boundary of a place, such as "さくら市, 栃木県".

    Parameters
    ----------
    place
        A name that OpenStreetMap's geocoder knows and that has a boundary there.
    cache_folder
        Where answers of the two servers (geocoder, Overpass) are kept; the same place is asked for once.
    vehicle
        Whose access tags and one-way exceptions hold. Turn restrictions are not asked for: turns are free.

    Raises
    ------
    DownloadError
        When there is no connection, a server refuses, or the place is not known; names the place and the
        remedy.
    OsmFileError
        When the place has no road.
    """
    graph = _downloaded(place, Path(cache_folder))
    roads, dropped_ways = _roads_of(graph, vehicle)
    positions = {int(node): (float(tags["y"]), float(tags["x"])) for node, tags in graph.nodes(data=True)}
    barrier_nodes = {
        int(node) for node, tags in graph.nodes(data=True) if blocks_vehicles(_texts(tags), vehicle)
    }
    arcs, cut = cut_into_arcs(roads, positions, barrier_nodes)
    return assemble_network(
        arcs,
        positions,
        source=place,
        title=f"{place} (OpenStreetMap)",
        counts=SourceCounts(dropped_ways, cut),
    )


def import_graphml(path: Path | str, *, vehicle: Vehicle = Vehicle.MOTORCAR) -> tuple[Network, ImportReport]:
    """Drivable roads of a GraphML file written by osmnx (`save_graphml`), simplified or not.

    Such a file has no turn restrictions: turns are free.

    Raises
    ------
    OsmFileError
        When the file is missing, is no such GraphML, or holds no road.
    """
    file = Path(path)
    if not file.is_file():
        raise OsmFileError(
            f"{file}: {'is a folder' if file.is_dir() else 'no such file'}; give a GraphML file"
        )
    graph = _read_graphml(file)
    positions = {int(node): _position(file, node, tags) for node, tags in graph.nodes(data=True)}
    counts = CutCounts()
    dropped: Counter[DropReason] = Counter()
    arcs = []
    for tail, head, tags in graph.edges(data=True):
        said = {key: text for key, text in _texts(tags).items() if not key.startswith("oneway")}
        rule = classify_way(said | {"oneway": "yes"}, vehicle)  # every edge is one direction
        match rule:
            case RoadRule():
                counts.unread_tags += rule.has_unread_tag
                counts.conditional_tags += rule.has_conditional_tag
                arcs.append(_arc_of_edge(int(tail), int(head), tags, rule, positions))
            case DropReason():
                dropped[rule] += 1
    return assemble_network(
        arcs,
        positions,
        source=str(file),
        title=f"{file.stem} (OpenStreetMap)",
        counts=SourceCounts(dropped, counts),
    )


def _downloaded(place: str, cache_folder: Path) -> nx.MultiDiGraph:
    """Every road way inside the place as edges in the order of its nodes, with the raw tags."""
    import osmnx

    try:
        with _osmnx_settings(cache_folder):
            return osmnx.graph_from_place(place, custom_filter=_ROADS_ONLY, simplify=False, retain_all=True)
    except osmnx._errors.InsufficientResponseError as error:
        raise DownloadError(
            f"{place}: OpenStreetMap knows no such place with roads; write it as on its website, such as"
            " 'さくら市, 栃木県'"
        ) from error
    except osmnx._errors.ResponseStatusCodeError as error:
        raise DownloadError(
            f"{place}: the OpenStreetMap servers refused the question ({_first_line(error)}); try again"
            " later, or"
            " import a file"
        ) from error
    except TypeError as error:
        raise DownloadError(
            f"{place}: OpenStreetMap has a point but no boundary for it; name the municipality instead"
        ) from error
    except ValueError as error:
        raise OsmFileError(f"{place}: has no road inside its boundary; name a larger place") from error
    except OSError as error:  # every network error of requests is one
        if error.filename is not None:  # a file of the cache
            raise
        raise DownloadError(
            f"{place}: the OpenStreetMap servers cannot be reached ({type(error).__name__}); connect to the"
            " network, or import a file: maas network import FILE.osm.pbf"
        ) from error


@contextmanager
def _osmnx_settings(cache_folder: Path) -> Iterator[None]:
    """osmnx has global settings; ours hold for one download and are put back."""
    from osmnx import settings

    ours: dict[str, object] = {
        "all_oneway": True,  # one edge per step of a way, in its order, with the raw oneway tag
        "cache_folder": cache_folder,
        "use_cache": True,
        "doh_url_template": None,  # ask no name server of its own
        "http_accept_language": "ja,en",
        "useful_tags_way": list(_WAY_TAGS),
        "useful_tags_node": list(_NODE_TAGS),
    }
    theirs = {name: getattr(settings, name) for name in ours}
    try:
        for name, value in ours.items():
            setattr(settings, name, value)
        yield
    finally:
        for name, value in theirs.items():
            setattr(settings, name, value)


def _roads_of(graph: nx.MultiDiGraph, vehicle: Vehicle) -> tuple[list[OsmRoad], dict[DropReason, int]]:
    """Ways put together again from their steps, by way id, with the rules of files."""
    steps: dict[int, list[tuple[int, int]]] = defaultdict(list)
    tags_of: dict[int, dict[str, str]] = {}
    for tail, head, tags in graph.edges(data=True):
        way_id = int(tags["osmid"])
        is_turned = tags.get("oneway") in _TURNED_BY_OSMNX
        steps[way_id].append((int(head), int(tail)) if is_turned else (int(tail), int(head)))
        tags_of[way_id] = _texts(tags)
    roads: list[OsmRoad] = []
    dropped: Counter[DropReason] = Counter()
    for way_id in sorted(steps):
        rule = classify_way(tags_of[way_id], vehicle)
        if isinstance(rule, DropReason):
            dropped[rule] += 1
        elif rule is not None:
            roads.extend(OsmRoad(way_id, chain, rule) for chain in _chains(steps[way_id]))
    return roads, dict(dropped)


def _chains(steps: list[tuple[int, int]]) -> Iterator[tuple[int, ...]]:
    """Steps of one way joined into the longest chains; a way that crosses itself is cut at the crossing."""
    following: dict[int, list[int]] = defaultdict(list)
    arriving: Counter[int] = Counter()
    for tail, head in sorted(steps):
        following[tail].append(head)
        arriving[head] += 1
    starts = [node for node in following if len(following[node]) != 1 or arriving[node] != 1]
    for start in [*starts, *following]:  # what is left after the true starts are closed circles
        while following[start]:
            chain = [start, following[start].pop()]
            while len(following.get(chain[-1], ())) == 1 and arriving[chain[-1]] == 1 and chain[-1] != start:
                chain.append(following[chain[-1]].pop())
            yield tuple(chain)


def _read_graphml(file: Path) -> nx.MultiDiGraph:
    import networkx
    import osmnx
    from pyproj.exceptions import CRSError

    try:
        graph = osmnx.load_graphml(file)
        if not graph.is_directed():
            raise OsmFileError(
                f"{file}: its graph is undirected, one-way streets are lost; save the directed graph"
            )
        if str(graph.graph.get("crs", _DEGREES)).lower() != _DEGREES:
            graph = osmnx.project_graph(graph, to_latlong=True)
        if not graph.graph.get("simplified", False):
            graph = osmnx.simplify_graph(graph, edge_attrs_differ=["osmid"])
    except OsmFileError:
        raise
    except (
        ElementTree.ParseError, networkx.NetworkXError, osmnx._errors.GraphSimplificationError, CRSError,
        AttributeError, KeyError, TypeError, ValueError,
    ) as error:  # fmt: skip
        raise OsmFileError(
            f"{file}: is no GraphML of a road graph ({_first_line(error)}); write it with osmnx.save_graphml"
        ) from error
    return graph


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _position(file: Path, node: object, tags: Mapping[str, Any]) -> Position:
    lat, lon = tags.get("y"), tags.get("x")
    if lat is None or lon is None or not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0):
        raise OsmFileError(
            f"{file}: node {node} lies at x {lon}, y {lat}, which are no degrees; write the file with"
            " osmnx.save_graphml"
        )
    return float(lat), float(lon)


def _arc_of_edge(
    tail: int, head: int, tags: Mapping[str, Any], rule: RoadRule, positions: Mapping[int, Position]
) -> RoadArc:
    inner: tuple[Position, ...] = ()
    if "geometry" in tags:
        inner = tuple((float(lat), float(lon)) for lon, lat in tags["geometry"].coords[1:-1])
    way = tags.get("osmid", 0)
    return RoadArc(
        tail_id=tail,
        head_id=head,
        inner=inner,
        speed_kph=rule.backward_kph if tags.get("reversed") is True else rule.forward_kph,
        road_class=rule.road_class,
        reference=rule.reference,
        name=rule.name,
        way_id=int(way[0] if isinstance(way, list) else way),
    )


def _texts(tags: Mapping[str, Any]) -> dict[str, str]:
    """Tags as OpenStreetMap writes them.

    Where osmnx merged several ways into one edge, the first value counts, of speed limits all of them.
    """
    merged = {key: value if isinstance(value, list) else [value] for key, value in tags.items()}
    return {
        key: ";".join(values) if key.startswith("maxspeed") else values[0]
        for key, values in merged.items()
        if values and all(isinstance(value, str) for value in values)
    }
