"""The road network: nodes, arcs and what is known about them, as arrays that never change.

A `Network` that exists is valid: every way of making one (`build_network`, `Network.load`,
`dataclasses.replace`) passes the one validator in `routing.network_check`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from routing.arc_lists import floats, integers, ordered_geometry, ranges
from routing.errors import NetworkError
from routing.network_check import ARRAY_DTYPES, TEXT_FIELDS, validate_network
from routing.network_file import read_network_file, write_network_file

if TYPE_CHECKING:
    from routing.weighted_graph import WeightedGraph

__all__ = [
    "ROAD_CLASSES",
    "Confidence",
    "Network",
    "RoadClass",
    "build_network",
    "strongly_connected_part",
    "validate_network",
]


class RoadClass(IntEnum):
    """Code of a road class in `Network.road_class`, from the fastest kind to the slowest."""

    MOTORWAY = 0
    TRUNK = 1
    PRIMARY = 2
    SECONDARY = 3
    TERTIARY = 4
    UNCLASSIFIED = 5
    RESIDENTIAL = 6
    SERVICE = 7


ROAD_CLASSES: Final[tuple[str, ...]] = tuple(road_class.name.lower() for road_class in RoadClass)


class Confidence(IntEnum):
    """How well the course of an arc is known; a higher code is less certain."""

    SURVEYED = 0  # OpenStreetMap
    A = 1
    B = 2
    C = 3
    GENERATED = 4


@dataclass(frozen=True, eq=False, slots=True)
class Network:
    """A directed road network in compressed rows (CSR), read-only.

    Parameters
    ----------
    first_out
        int32, shape (n + 1,). The arcs of node u are `first_out[u]` up to, not including, `first_out[u + 1]`.
    head
        int32, shape (m,). Node an arc leads to; within one node sorted by head, then travel_ms. Parallel arcs
        are kept, self-loops are not allowed.
    length_m
        int32, shape (m,). Metres, 0 or more.
    travel_ms
        int32, shape (m,). Milliseconds of the empty road, 1 or more.
    road_class
        uint8, shape (m,). A `RoadClass`.
    confidence
        uint8, shape (m,). A `Confidence`.
    reference_index
        int16, shape (m,). Index into `references`; 0 = no reference.
    name_index
        int32, shape (m,). Index into `names`; 0 = no name.
    way_id
        int64, shape (m,). OpenStreetMap way; 0 = not from OpenStreetMap.
    lat, lon
        float64, shape (n,). Degrees; in a planar network y and x in metres.
    node_id
        int64, shape (n,). Stable identity of each node, unique: the place id of journals.
    geometry_first
        int32, shape (m + 1,). The inner points of arc a are `geometry_first[a]` up to, not including,
        `geometry_first[a + 1]`.
    geometry_lat, geometry_lon
        float64. Inner points in driving direction, without the two end nodes; may be empty.
    references, names
        Road references ("R293") and names; "" at index 0.
    title
        What the network is called wherever it is shown.
    credits
        Credit lines that must be shown with it.
    is_approximate
        True if the roads were not all surveyed.
    is_planar
        True if coordinates are metres in a plane.
    notes
        What the maker of the network wants to be known: joined road ends, dropped ways.

    Raises
    ------
    NetworkError
        When any of the above does not hold; names the field, the value and the remedy.
    """

    first_out: npt.NDArray[np.int32]
    head: npt.NDArray[np.int32]
    length_m: npt.NDArray[np.int32]
    travel_ms: npt.NDArray[np.int32]
    road_class: npt.NDArray[np.uint8]
    confidence: npt.NDArray[np.uint8]
    reference_index: npt.NDArray[np.int16]
    name_index: npt.NDArray[np.int32]
    way_id: npt.NDArray[np.int64]
    lat: npt.NDArray[np.float64]
    lon: npt.NDArray[np.float64]
    node_id: npt.NDArray[np.int64]
    geometry_first: npt.NDArray[np.int32]
    geometry_lat: npt.NDArray[np.float64]
    geometry_lon: npt.NDArray[np.float64]
    references: tuple[str, ...] = ("",)
    names: tuple[str, ...] = ("",)
    title: str = "road network"
    credits: tuple[str, ...] = ()
    is_approximate: bool = False
    is_planar: bool = False
    notes: tuple[str, ...] = ()
    _hash: list[str] = field(init=False, repr=False, default_factory=list)

    def __post_init__(self) -> None:
        validate_network(self)
        for name in ARRAY_DTYPES:
            object.__setattr__(self, name, _frozen(getattr(self, name)))

    def __reduce__(self) -> tuple[Any, ...]:
        # Arrays come out of a pickle writable; made anew, they are checked and frozen again.
        return Network, tuple(getattr(self, one.name) for one in fields(self) if one.init)

    @staticmethod
    def from_csr(
        first_out: npt.ArrayLike,
        head: npt.ArrayLike,
        weight: npt.ArrayLike,
        lat: npt.ArrayLike | None = None,
        lon: npt.ArrayLike | None = None,
        title: str = "weighted graph",
    ) -> WeightedGraph:
        """Arcs and weights for routing alone, numbered as given: see `WeightedGraph`, which raises the
        errors.

        Not a `Network`: graphs of other sources have self-loops, weights of zero and arcs in any order, which
        no road file of ours may have, and know neither lengths nor classes, which would have to be made up.
        """
        from routing.weighted_graph import graph_from_csr

        return graph_from_csr(first_out, head, weight, lat, lon, title)

    @property
    def node_count(self) -> int:
        return len(self.lat)

    @property
    def arc_count(self) -> int:
        return len(self.head)

    @property
    def tail(self) -> npt.NDArray[np.int32]:
        """int32, shape (m,). Node each arc leaves; computed at each call."""
        return np.repeat(np.arange(self.node_count, dtype=np.int32), np.diff(self.first_out))

    @property
    def hash(self) -> str:
        """SHA-256 (hex) over all arrays and texts: two networks with the same hash are the same network."""
        if not self._hash:
            self._hash.append(_digest(self))
        return self._hash[0]

    def save(self, path: Path | str) -> None:
        """Write the network as one file; the same network gives the same bytes, and a reader never sees half
        a file.

        Raises
        ------
        NetworkError
            When the file cannot be written.
        """
        write_network_file(Path(path), {name: getattr(self, name) for name in ARRAY_DTYPES}, _texts(self))

    @classmethod
    def load(cls, path: Path | str) -> Network:
        """Read a file written by `save`.

        Raises
        ------
        NetworkError
            When the file is missing, torn, of another kind, or holds a network that is not valid; names the
            file and the field.
        """
        arrays, texts = read_network_file(Path(path), tuple(ARRAY_DTYPES))
        if set(texts) != set(TEXT_FIELDS):
            raise NetworkError(
                f"{path}: field texts has the keys {sorted(texts)}; it must have {sorted(TEXT_FIELDS)}:"
                " write it again"
            )
        stored: dict[str, Any] = {**arrays}
        stored |= {name: tuple(value) if isinstance(value, list) else value for name, value in texts.items()}
        try:
            return cls(**stored)
        except NetworkError as error:
            raise NetworkError(f"{path}: {error}") from None


def build_network(
    *,
    tail: npt.ArrayLike,
    head: npt.ArrayLike,
    length_m: npt.ArrayLike,
    travel_ms: npt.ArrayLike,
    road_class: npt.ArrayLike,
    lat: npt.ArrayLike,
    lon: npt.ArrayLike,
    node_id: npt.ArrayLike | None = None,
    confidence: npt.ArrayLike | None = None,
    reference_index: npt.ArrayLike | None = None,
    references: tuple[str, ...] = ("",),
    name_index: npt.ArrayLike | None = None,
    names: tuple[str, ...] = ("",),
    way_id: npt.ArrayLike | None = None,
    geometry_first: npt.ArrayLike | None = None,
    geometry_lat: npt.ArrayLike | None = None,
    geometry_lon: npt.ArrayLike | None = None,
    title: str = "road network",
    credits: tuple[str, ...] = (),  # noqa: A002  (the field's name)
    is_approximate: bool = False,
    is_planar: bool = False,
    notes: tuple[str, ...] = (),
) -> Network:
    """Network from a list of arcs in any order.

    Parameters are the fields of `Network`, with `tail` (shape (m,)) in place of `first_out`, and every array
    of arcs in the order of `tail`. What is left out becomes: `node_id` 0..n-1, `confidence` GENERATED (the
    least claim), no references, names, ways or inner points.

    Notes
    -----
    Arcs are sorted by tail, head, travel_ms, length_m, then as given, so one set of distinct arcs gives one
    network whatever its order.

    Raises
    ------
    NetworkError
        When a value is out of range or the network is not valid.
    """
    lats = floats("lat", lat)
    node_count = len(lats)
    tails = integers("tail", tail, np.dtype(np.int32))
    heads = integers("head", head, np.dtype(np.int32))
    arc_count = len(tails)
    if arc_count and not (int(tails.min()) >= 0 and int(tails.max()) < node_count):
        wrong = int(np.flatnonzero((tails < 0) | (tails >= node_count))[0])
        raise NetworkError(
            f"field tail: arc {wrong} leaves node {int(tails[wrong])}; nodes are 0 to {node_count - 1}"
        )

    per_arc: dict[str, npt.ArrayLike] = {
        "length_m": length_m,
        "travel_ms": travel_ms,
        "road_class": road_class,
        "confidence": np.full(arc_count, Confidence.GENERATED) if confidence is None else confidence,
        "reference_index": np.zeros(arc_count, np.int16) if reference_index is None else reference_index,
        "name_index": np.zeros(arc_count, np.int32) if name_index is None else name_index,
        "way_id": np.zeros(arc_count, np.int64) if way_id is None else way_id,
    }
    arcs = {name: integers(name, values, ARRAY_DTYPES[name]) for name, values in per_arc.items()}
    for name, values in {"head": heads, **arcs}.items():
        if len(values) != arc_count:
            raise NetworkError(
                f"field {name}: {len(values)} values for {arc_count} arcs; give one for each tail"
            )

    order: npt.NDArray[np.int64] = np.lexsort((arcs["length_m"], arcs["travel_ms"], heads, tails))
    first_out = np.zeros(node_count + 1, np.int32)
    np.cumsum(np.bincount(tails, minlength=node_count), out=first_out[1:])
    geometry = ordered_geometry(order, geometry_first, geometry_lat, geometry_lon)
    return Network(
        first_out=first_out,
        head=heads[order],
        **{name: values[order] for name, values in arcs.items()},
        lat=lats,
        lon=floats("lon", lon),
        node_id=np.arange(node_count, dtype=np.int64)
        if node_id is None
        else integers("node_id", node_id, np.dtype(np.int64)),
        geometry_first=geometry[0],
        geometry_lat=geometry[1],
        geometry_lon=geometry[2],
        references=tuple(references),
        names=tuple(names),
        title=title,
        credits=tuple(credits),
        is_approximate=is_approximate,
        is_planar=is_planar,
        notes=tuple(notes),
    )


def strongly_connected_part(network: Network) -> tuple[Network, int, float]:
    """The largest part of a network in which every node reaches every other, and how much was left out.

    Returns
    -------
    The part (nodes and arcs keep their order; of two parts of one size the one with the lowest node), the
    number of nodes dropped, and the kilometres of arcs dropped (a two-way road counts in both directions).
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    n = network.node_count
    adjacency = csr_array(
        (np.ones(network.arc_count, np.int8), network.head, network.first_out), shape=(n, n)
    )
    part_count, part = connected_components(adjacency, directed=True, connection="strong")
    if part_count == 1:
        return network, 0, 0.0
    sizes = np.bincount(part)
    first_node = np.full(part_count, n)
    np.minimum.at(first_node, part, np.arange(n))
    largest = np.lexsort((first_node, -sizes))[0]
    kept_nodes = part == largest
    new_index = np.cumsum(kept_nodes) - 1
    tail = network.tail
    kept_arcs = np.flatnonzero(kept_nodes[tail] & kept_nodes[network.head])
    inner = np.diff(network.geometry_first)[kept_arcs]
    points = ranges(network.geometry_first[kept_arcs], inner)
    kept = build_network(
        tail=new_index[tail[kept_arcs]],
        head=new_index[network.head[kept_arcs]],
        length_m=network.length_m[kept_arcs],
        travel_ms=network.travel_ms[kept_arcs],
        road_class=network.road_class[kept_arcs],
        confidence=network.confidence[kept_arcs],
        reference_index=network.reference_index[kept_arcs],
        references=network.references,
        name_index=network.name_index[kept_arcs],
        names=network.names,
        way_id=network.way_id[kept_arcs],
        lat=network.lat[kept_nodes],
        lon=network.lon[kept_nodes],
        node_id=network.node_id[kept_nodes],
        geometry_first=np.concatenate(([0], np.cumsum(inner))),
        geometry_lat=network.geometry_lat[points],
        geometry_lon=network.geometry_lon[points],
        title=network.title,
        credits=network.credits,
        is_approximate=network.is_approximate,
        is_planar=network.is_planar,
        notes=network.notes,
    )
    dropped_m = int(network.length_m.sum(dtype=np.int64)) - int(kept.length_m.sum(dtype=np.int64))
    return kept, n - kept.node_count, dropped_m / 1000


def _frozen(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same values in an array of ours that nobody can write to."""
    if array.flags.writeable or not array.flags.c_contiguous:
        array = array.copy(order="C")
        array.flags.writeable = False
    return array


def _texts(network: Network) -> dict[str, object]:
    values = {name: getattr(network, name) for name in TEXT_FIELDS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _digest(network: Network) -> str:
    digest = hashlib.sha256()
    for name, dtype in ARRAY_DTYPES.items():
        array = getattr(network, name)
        digest.update(f"{name} {dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    digest.update(repr(sorted(_texts(network).items())).encode())
    return digest.hexdigest()
