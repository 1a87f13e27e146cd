"""Arcs and weights alone: what the hierarchy needs of a road network, from any source."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from routing.arc_lists import floats, integers
from routing.errors import NetworkError, WeightError
from routing.quantities import UNREACHABLE

LARGEST_WEIGHT: Final = UNREACHABLE - 2
"""Largest weight of an arc, and largest distance, that the hierarchy computes with."""


class Roads(Protocol):
    """What a hierarchy is built over: a `Network` or a `WeightedGraph`."""

    @property
    def first_out(self) -> npt.NDArray[np.int32]:
        """int32, shape (n + 1,). The arcs of node u are `first_out[u]` up to `first_out[u + 1]`."""

    @property
    def head(self) -> npt.NDArray[np.int32]:
        """int32, shape (m,). Node each arc leads to."""

    @property
    def title(self) -> str:
        """What messages call it."""


@dataclass(frozen=True, eq=False, slots=True)
class WeightedGraph:
    """A directed graph in compressed rows (CSR) with one weight an arc, read-only.

    Unlike a `Network` it may have self-loops, arcs of weight zero and arcs in any order within their node,
    and arcs keep the numbers they are given with: published benchmark graphs are like that.

    Parameters
    ----------
    first_out
        int32, shape (n + 1,). The arcs of node u are `first_out[u]` up to, not including, `first_out[u + 1]`.
    head
        int32, shape (m,). Node an arc leads to.
    weight
        int32, shape (m,). 0 to `LARGEST_WEIGHT`, or `UNREACHABLE` for a closed arc; any unit.
    lat, lon
        float64, shape (n,), or shape (0,) where places do not matter.
    title
        What messages call it.

    Raises
    ------
    NetworkError
        When rows, heads or coordinates contradict each other; names the field, the value and the remedy.
    WeightError
        When a weight is negative or too large, or there is not one for each arc.
    """

    first_out: npt.NDArray[np.int32]
    head: npt.NDArray[np.int32]
    weight: npt.NDArray[np.int32]
    lat: npt.NDArray[np.float64]
    lon: npt.NDArray[np.float64]
    title: str = "weighted graph"

    def __post_init__(self) -> None:
        index = np.dtype(np.int32)
        object.__setattr__(self, "first_out", _frozen(integers("first_out", self.first_out, index)))
        object.__setattr__(self, "head", _frozen(integers("head", self.head, index)))
        _check_rows(self.first_out, self.head)
        object.__setattr__(self, "weight", checked_weights(self.weight, len(self.head)))
        for name in ("lat", "lon"):
            values = floats(name, getattr(self, name))
            if len(values) not in (0, self.node_count) or len(self.lat) != len(self.lon):
                raise NetworkError(
                    f"field {name} has {len(values)} entries; give one for each of {self.node_count} nodes,"
                    " in lat and lon alike"
                )
            if not np.isfinite(values).all():
                wrong = int(np.flatnonzero(~np.isfinite(values))[0])
                raise NetworkError(f"field {name}: node {wrong} has {float(values[wrong])}; give a number")
            object.__setattr__(self, name, _frozen(values))

    @property
    def node_count(self) -> int:
        return len(self.first_out) - 1

    @property
    def arc_count(self) -> int:
        return len(self.head)


def graph_from_csr(
    first_out: npt.ArrayLike,
    head: npt.ArrayLike,
    weight: npt.ArrayLike,
    lat: npt.ArrayLike | None = None,
    lon: npt.ArrayLike | None = None,
    title: str = "weighted graph",
) -> WeightedGraph:
    """A graph from whatever turns into arrays; see `WeightedGraph`."""
    index = np.dtype(np.int32)
    first = integers("first_out", first_out, index)
    heads = integers("head", head, index)
    no_place = np.zeros(0)
    return WeightedGraph(
        first,
        heads,
        checked_weights(weight, len(heads)),
        floats("lat", no_place if lat is None else lat),
        floats("lon", no_place if lon is None else lon),
        title,
    )


def topology_hash(roads: Roads) -> str:
    """SHA-256 (hex) over nodes and arcs, whatever their weights: what a node order belongs to."""
    digest = hashlib.sha256(f"topology {len(roads.first_out) - 1} {len(roads.head)}\n".encode())
    digest.update(roads.first_out.tobytes())
    digest.update(roads.head.tobytes())
    return digest.hexdigest()


def checked_weights(weight: npt.ArrayLike, count: int, noun: str = "arc") -> npt.NDArray[np.int32]:
    """A read-only copy of weights as int32, shape (count,).

    Raises
    ------
    WeightError
        When there are not `count` of them, or one is not a whole number from 0 to `LARGEST_WEIGHT` and not
        `UNREACHABLE` (a closed arc).
    """
    array = np.asarray(weight)
    if array.shape != (count,):
        raise WeightError(f"weights have shape {array.shape} for {count} arcs; give one weight for each")
    if array.size and array.dtype.kind not in "iu":
        raise WeightError(f"weights are {array.dtype}; give whole numbers, such as milliseconds in int32")
    wrong = np.flatnonzero((array < 0) | ((array > LARGEST_WEIGHT) & (array != UNREACHABLE)))
    if len(wrong):
        at = int(wrong[0])
        raise WeightError(
            f"the weight of {noun} {at} is {int(array[at])};"
            f" give 0 to {LARGEST_WEIGHT}, or {UNREACHABLE} to close the arc"
        )
    return _frozen(array.astype(np.int32))


def _check_rows(first_out: npt.NDArray[np.int32], head: npt.NDArray[np.int32]) -> None:
    if len(first_out) < 2:
        raise NetworkError(f"field first_out has {len(first_out)} entries; a graph needs at least one node")
    nodes, arcs = len(first_out) - 1, len(head)
    if int(first_out[0]) != 0 or int(first_out[-1]) != arcs or np.any(first_out[1:] < first_out[:-1]):
        raise NetworkError(
            f"field first_out goes from {int(first_out[0])} to {int(first_out[-1])};"
            f" it must rise from 0 to {arcs}, the number of arcs, and never fall"
        )
    wrong = np.flatnonzero((head < 0) | (head >= nodes))
    if len(wrong):
        arc = int(wrong[0])
        raise NetworkError(f"field head: arc {arc} has {int(head[arc])}; nodes are numbered 0 to {nodes - 1}")


def _frozen(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    array.flags.writeable = False
    return array
