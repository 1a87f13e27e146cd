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
from routing.osm_restrictions import (
    IgnoreReason,
    KnownWays,
    TurnRestriction,
    TurnRules,
    is_restriction,
    read_restriction,
)
from routing.osm_roads import OsmRoad, Position, cut_into_arcs
from routing.osm_rules import DropReason, Vehicle, blocks_vehicles, classify_way

SUFFIXES: Final = (".osm.pbf", ".osm.gz", ".osm")
_GZIP_MAGIC: Final = b"\x1f\x8b"


def import_osm_file(path: Path | str, *, vehicle: Vehicle = Vehicle.MOTORCAR) -> tuple[Network, ImportReport]:
    """Drivable roads of an OpenStreetMap file: their largest strongly connected part, and what was left out.

    Parameters
    ----------
    vehicle
        Whose access tags, one-way exceptions and turn restrictions hold.

    Raises
    ------
    OsmFileError
        When the file is missing, is not what its name says, is truncated, or holds no road; one sentence with
        the file, the problem and the remedy.
    """
    file = Path(path)
    suffix = _checked_suffix(file)
    with _reading(file):
        roads, dropped_ways, turn_rules = _read_ways(file, vehicle)
    wanted = {node for road in roads for node in road.nodes}
    with _reading(file):
        positions, barrier_nodes = _read_nodes(file, wanted, vehicle)
    arcs, cut = cut_into_arcs(roads, positions, barrier_nodes)
    return assemble_network(
        arcs,
        positions,
        source=str(file),
        title=f"{file.name.removesuffix(suffix)} (OpenStreetMap)",
        counts=SourceCounts(dropped_ways, cut),
        turn_rules=turn_rules,
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


def _read_ways(file: Path, vehicle: Vehicle) -> tuple[list[OsmRoad], dict[DropReason, int], TurnRules]:
    roads: list[OsmRoad] = []
    others: set[int] = set()
    dropped: Counter[DropReason] = Counter()
    restrictions: list[TurnRestriction] = []
    ignored: Counter[IgnoreReason] = Counter()
    entities = osmium.osm.WAY | osmium.osm.RELATION
    interesting = osmium.filter.KeyFilter("highway", "route", "type")
    for entity in osmium.FileProcessor(str(file), entities).with_filter(interesting):
        tags = {tag.k: tag.v for tag in entity.tags}
        if isinstance(entity, osmium.osm.Relation):
            if is_restriction(tags):
                members = [(member.type, member.ref, member.role) for member in entity.members]
                said = read_restriction(tags, members, vehicle)
                if isinstance(said, IgnoreReason):
                    ignored[said] += 1
                else:
                    restrictions.append(said)
        elif isinstance(entity, osmium.osm.Way):
            rule = classify_way(tags, vehicle)
            if isinstance(rule, DropReason):
                dropped[rule] += 1
                others.add(entity.id)
            elif rule is not None:
                roads.append(OsmRoad(entity.id, tuple(node.ref for node in entity.nodes), rule))
    known = KnownWays(frozenset(road.way_id for road in roads), others)
    return (
        roads,
        {reason: dropped[reason] for reason in DropReason if dropped[reason]},
        TurnRules(tuple(restrictions), ignored, known),
    )


def _read_nodes(file: Path, wanted: Set[int], vehicle: Vehicle) -> tuple[dict[int, Position], set[int]]:
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
        if "barrier" in node.tags and blocks_vehicles({tag.k: tag.v for tag in node.tags}, vehicle):
            barrier_nodes.add(node.id)
    return positions, barrier_nodes
