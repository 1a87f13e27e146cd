"""Road network from an OpenStreetMap file (`.osm.pbf`, `.osm`, `.osm.gz`), read with osmium.

The file is read twice: once for ways, once for the nodes they name, so that memory holds roads only, whatever
else is in the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import osmium

from routing.errors import OsmFileError
from routing.network import Network
from routing.osm_assembly import ImportReport, SourceCounts, assemble_network
from routing.osm_roads import OsmRoad, Position, cut_into_arcs
from routing.osm_rules import DropReason, blocks_vehicles, classify_way

SUFFIXES: Final = (".osm.pbf", ".osm.gz", ".osm")
_GZIP_MAGIC: Final = b"\x1f\x8b"


def import_osm_file(path: Path | str) -> tuple[Network, ImportReport]:
    """Drivable roads of an OpenStreetMap file: their largest strongly connected part, and what was left out.

    Raises
    ------
    OsmFileError
        When the file is missing, is not what its name says, is truncated, or holds no road; one sentence with
        the file, the problem and the remedy.
    """
    file = Path(path)
    suffix = _checked_suffix(file)
    with _reading(file):
        roads, dropped_ways, turn_restrictions = _read_ways(file)
    wanted = {node for road in roads for node in road.nodes}
    with _reading(file):
        positions, barrier_nodes = _read_nodes(file, wanted)
    arcs, cut = cut_into_arcs(roads, positions, barrier_nodes)
    return assemble_network(
        arcs,
        positions,
        source=str(file),
        title=f"{file.name.removesuffix(suffix)} (OpenStreetMap)",
        counts=SourceCounts(dropped_ways, cut, turn_restrictions),
    )


def _checked_suffix(file: Path) -> str:
    suffix = next((known for known in SUFFIXES if file.name.lower().endswith(known)), None)
    if suffix is None:
        raise OsmFileError(
            f"{file}: the name ends in {file.suffix or 'nothing'!r}; give a file that ends in .osm.pbf, .osm"
            " or .osm.gz"
        )
    if not file.is_file():
        problem = "is a folder" if file.is_dir() else "no such file"
        raise OsmFileError(f"{file}: {problem}; give the path of an OpenStreetMap file")
    if file.stat().st_size == 0:
        raise OsmFileError(f"{file}: is empty; download it again")
    if suffix == ".osm.gz":
        with file.open("rb") as stream:
            if stream.read(2) != _GZIP_MAGIC:
                raise OsmFileError(
                    f"{file}: is not gzip although its name ends in .gz; rename it to .osm if it is plain"
                    " XML, or download it again"
                )
    return file.name[-len(suffix) :]


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    """osmium reports every fault of a file as RuntimeError; ours names the file and the remedy."""
    try:
        yield
    except RuntimeError as error:
        raise OsmFileError(
            f"{file}: cannot be read to its end ({error}); it is truncated or of another format: download it"
            " again"
        ) from error


def _read_ways(file: Path) -> tuple[list[OsmRoad], dict[DropReason, int], int]:
    roads: list[OsmRoad] = []
    dropped: Counter[DropReason] = Counter()
    turn_restrictions = 0
    entities = osmium.osm.WAY | osmium.osm.RELATION
    interesting = osmium.filter.KeyFilter("highway", "route", "restriction")
    for entity in osmium.FileProcessor(str(file), entities).with_filter(interesting):
        if not isinstance(entity, osmium.osm.Way):
            turn_restrictions += "restriction" in entity.tags
            continue
        rule = classify_way({tag.k: tag.v for tag in entity.tags})
        if isinstance(rule, DropReason):
            dropped[rule] += 1
        elif rule is not None:
            roads.append(OsmRoad(entity.id, tuple(node.ref for node in entity.nodes), rule))
    return roads, {reason: dropped[reason] for reason in DropReason if dropped[reason]}, turn_restrictions


def _read_nodes(file: Path, wanted: Set[int]) -> tuple[dict[int, Position], set[int]]:
    """Coordinates of the wanted nodes that the file holds, and those of them that stop a van."""
    positions: dict[int, Position] = {}
    barrier_nodes: set[int] = set()
    processor = osmium.FileProcessor(str(file), osmium.osm.NODE)
    if all(
        node > 0 for node in wanted
    ):  # osmium filters by positive id only; editors write negative ones for new nodes
        processor = processor.with_filter(osmium.filter.IdFilter(wanted))
    nodes: Iterable[osmium.osm.Node] = (entity for entity in processor if isinstance(entity, osmium.osm.Node))
    for node in nodes:
        if node.id not in wanted or not node.location.valid():
            continue
        positions[node.id] = (node.location.lat, node.location.lon)
        if "barrier" in node.tags and blocks_vehicles({tag.k: tag.v for tag in node.tags}):
            barrier_nodes.add(node.id)
    return positions, barrier_nodes
