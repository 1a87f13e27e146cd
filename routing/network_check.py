"""The one validator of road networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from routing.errors import NetworkError

if TYPE_CHECKING:
    from routing.network import Network

ROAD_CLASS_COUNT: Final = 8
CONFIDENCE_COUNT: Final = 5

ARRAY_DTYPES: Final[dict[str, np.dtype[Any]]] = {
    "first_out": np.dtype(np.int32),
    "head": np.dtype(np.int32),
    "length_m": np.dtype(np.int32),
    "travel_ms": np.dtype(np.int32),
    "road_class": np.dtype(np.uint8),
    "confidence": np.dtype(np.uint8),
    "reference_index": np.dtype(np.int16),
    "name_index": np.dtype(np.int32),
    "way_id": np.dtype(np.int64),
    "lat": np.dtype(np.float64),
    "lon": np.dtype(np.float64),
    "node_id": np.dtype(np.int64),
    "geometry_first": np.dtype(np.int32),
    "geometry_lat": np.dtype(np.float64),
    "geometry_lon": np.dtype(np.float64),
}
"""Array fields of a `Network` in their fixed order: the order of its hash and of its file."""

TEXT_LISTS: Final = ("references", "names", "credits", "notes")
TEXT_FIELDS: Final = (*TEXT_LISTS, "title", "is_approximate", "is_planar")
"""Fields of a `Network` that are not arrays."""


def validate_network(network: Network) -> None:
    """Check everything that holds for every network; return quietly when it does.

    Checks dtypes, shapes, the CSR rows and their order, ranges of every field, coordinates, unique node ids
    and texts. Does not ask for strong connection: see `strongly_connected_part`.

    Raises
    ------
    NetworkError
        At the first thing that does not hold: field, value, remedy.
    """
    _check_arrays(network)
    _check_rows(network)
    _check_texts(network)
    _check_arc_values(network)
    _check_coordinates(network)


def _check_arrays(network: Network) -> None:
    for name, dtype in ARRAY_DTYPES.items():
        array = getattr(network, name)
        if not isinstance(array, np.ndarray) or array.dtype != dtype:
            found = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
            raise NetworkError(f"field {name} holds {found}; it must be an array of {dtype}")
        if array.ndim != 1:
            raise NetworkError(f"field {name} has shape {array.shape}; it must have one dimension")
    nodes, arcs = len(network.lat), len(network.head)
    if nodes == 0:
        raise NetworkError("field lat is empty; a network needs at least one node")
    expected = {
        "first_out": (nodes + 1, "one more than there are nodes"),
        "lon": (nodes, "one for each node"),
        "node_id": (nodes, "one for each node"),
        "geometry_first": (arcs + 1, "one more than there are arcs"),
        "geometry_lon": (len(network.geometry_lat), "as many as geometry_lat"),
    }
    for name in ARRAY_DTYPES:
        size, reason = expected.get(name, (None, ""))
        if name in _ARC_FIELDS:
            size, reason = arcs, "one for each arc"
        found_size = len(getattr(network, name))
        if size is not None and found_size != size:
            raise NetworkError(f"field {name} has {found_size} entries; it must have {size}, {reason}")


_ARC_FIELDS: Final = (
    "length_m",
    "travel_ms",
    "road_class",
    "confidence",
    "reference_index",
    "name_index",
    "way_id",
)


def _check_rising(name: str, first: npt.NDArray[np.int32], last: int, counted: str) -> None:
    if int(first[0]) != 0:
        raise NetworkError(f"field {name} starts at {int(first[0])}; it must start at 0")
    falls = np.flatnonzero(first[1:] < first[:-1])
    if len(falls):
        at = int(falls[0])
        raise NetworkError(
            f"field {name} falls from {int(first[at])} to {int(first[at + 1])} at entry {at + 1};"
            " it must never fall"
        )
    if int(first[-1]) != last:
        raise NetworkError(
            f"field {name} ends at {int(first[-1])}; it must end at {last}, the number of {counted}"
        )


def _check_rows(network: Network) -> None:
    nodes = len(network.lat)
    _check_rising("first_out", network.first_out, len(network.head), "arcs")
    _check_rising("geometry_first", network.geometry_first, len(network.geometry_lat), "inner points")
    _check_range("head", network.head, 0, nodes - 1, "nodes are numbered 0 to {high}")
    tail = np.repeat(np.arange(nodes, dtype=np.int32), np.diff(network.first_out))
    loops = np.flatnonzero(network.head == tail)
    if len(loops):
        arc = int(loops[0])
        raise NetworkError(
            f"field head: arc {arc} leads from node {int(tail[arc])} to itself; leave self-loops out"
        )
    head, time = network.head, network.travel_ms
    same_tail = tail[1:] == tail[:-1]
    falls = same_tail & ((head[1:] < head[:-1]) | ((head[1:] == head[:-1]) & (time[1:] < time[:-1])))
    if np.any(falls):
        arc = int(np.flatnonzero(falls)[0]) + 1
        raise NetworkError(
            f"field head: arc {arc} (to node {int(head[arc])}) is out of order at node {int(tail[arc])};"
            " sort the arcs of a node by head, then by travel_ms (build_network does)"
        )


def _check_range(
    name: str, values: npt.NDArray[Any], low: int, high: int, remedy: str, entry: str = "arc"
) -> None:
    wrong = np.flatnonzero((values < low) | (values > high))
    if len(wrong):
        at = int(wrong[0])
        raise NetworkError(
            f"field {name}: {entry} {at} has {int(values[at])}; {remedy.format(low=low, high=high)}"
        )


def _check_arc_values(network: Network) -> None:
    largest = int(np.iinfo(np.int32).max)
    _check_range("travel_ms", network.travel_ms, 1, largest, "give 1 millisecond or more")
    _check_range("length_m", network.length_m, 0, largest, "give 0 metres or more")
    codes = "codes are {low} to {high}"
    _check_range("road_class", network.road_class, 0, ROAD_CLASS_COUNT - 1, codes)
    _check_range("confidence", network.confidence, 0, CONFIDENCE_COUNT - 1, codes)
    listed = "there are entries {low} to {high} in {texts}"
    for name, texts in (("reference_index", "references"), ("name_index", "names")):
        last = len(getattr(network, texts)) - 1
        _check_range(name, getattr(network, name), 0, last, listed.replace("{texts}", texts))


def _check_coordinates(network: Network) -> None:
    limits = {"lat": 90.0, "lon": 180.0}
    for name in ("lat", "lon", "geometry_lat", "geometry_lon"):
        values = getattr(network, name)
        limit = np.finfo(np.float64).max if network.is_planar else limits[name[-3:]]
        wrong = np.flatnonzero(~(np.abs(values) <= limit))
        if len(wrong):
            at, entry = int(wrong[0]), "point" if name.startswith("geometry") else "node"
            remedy = "metres in a plane" if network.is_planar else f"degrees from -{limit:g} to {limit:g}"
            raise NetworkError(f"field {name}: {entry} {at} has {float(values[at])}; give {remedy}")
    order = np.argsort(network.node_id, kind="stable")
    ids = network.node_id[order]
    twice = np.flatnonzero(ids[1:] == ids[:-1])
    if len(twice):
        first, second = int(order[twice[0]]), int(order[twice[0] + 1])
        raise NetworkError(
            f"field node_id: nodes {first} and {second} both have {int(ids[twice[0]])};"
            " every node needs an id of its own"
        )


def _check_texts(network: Network) -> None:
    for name in TEXT_LISTS:
        texts = getattr(network, name)
        if not isinstance(texts, tuple) or not all(isinstance(text, str) for text in texts):
            raise NetworkError(f"field {name} holds {texts!r:.80}; it must be a tuple of texts")
    for name in ("references", "names"):
        texts = getattr(network, name)
        if not texts or texts[0] != "":
            raise NetworkError(
                f"field {name} starts with {texts[:1]!r}; its first entry must be the empty text"
            )
    if not isinstance(network.title, str) or not network.title.strip():
        raise NetworkError(f"field title holds {network.title!r}; give the network a name")
    for name in ("is_approximate", "is_planar"):
        if not isinstance(getattr(network, name), bool):
            raise NetworkError(f"field {name} holds {getattr(network, name)!r}; it must be True or False")
