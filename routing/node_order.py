"""The order in which a hierarchy contracts nodes: nested dissection by METIS, kept on disk by topology.

METIS (Karypis and Kumar 1998) cuts the graph by small separators, again and again; nodes of a separator come
after both sides. That needs no coordinates and no weights, so one order serves every metric.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from routing import _kernels_elimination as kernels
from routing.errors import OrderError
from routing.weighted_graph import Roads, topology_hash

_MAGIC: Final = b"maas node order 1\n"
_DIGEST_BYTES: Final = 32

_SEPARATORS: Final = 3
"""Separators tried at each cut. Three take twice as long as one, and leave 2 % fewer shortcuts, 5 % fewer in
the sweeps of a matrix and a tree lower by a tenth (Luxembourg)."""

_logger = logging.getLogger(__name__)

Adjacency = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]
"""Rows of neighbours, int32 (n + 1,) and int32 (k,): each pair of nodes once in either direction."""


def neighbours(roads: Roads) -> Adjacency:
    """The undirected graph under a road network, without self-loops and parallels."""
    n = len(roads.first_out) - 1
    tail = np.repeat(np.arange(n, dtype=np.int64), np.diff(roads.first_out))
    head = roads.head.astype(np.int64)
    is_loop = tail == head
    tail, head = tail[~is_loop], head[~is_loop]
    pairs = np.unique(np.concatenate((tail * n + head, head * n + tail)))
    first = np.zeros(n + 1, np.int32)
    np.cumsum(np.bincount(pairs // n, minlength=n), out=first[1:])
    return first, (pairs % n).astype(np.int32)


def nested_dissection(adjacency: Adjacency) -> npt.NDArray[np.int32]:
    """int32, shape (n,). Nodes from the first contracted to the last.

    Subtrees of the elimination tree are numbered without gaps (Liu 1990), so that a climb stays close in
    memory; that changes neither the tree nor the shortcuts.
    """
    import pymetis

    first, head = adjacency
    options = pymetis.Options(nseps=_SEPARATORS)
    found, _ = pymetis.nested_dissection(pymetis.CSRAdjacency(first, head), options=options)
    order = np.asarray(found, np.int32)
    n = len(order)
    parent = np.empty(n, np.int32)
    kernels.elimination_parents(first, head, order, inverse(order), np.empty(n, np.int32), parent)
    position = np.empty(n, np.int32)
    kernels.postorder(parent, np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32), position)
    return order[position]


def inverse(order: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """int32, shape (n,). Position of each node in the order."""
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank


def node_order(roads: Roads, adjacency: Adjacency, folder: Path | str | None = None) -> npt.NDArray[np.int32]:
    """The order of a network: read from `folder`, or computed and kept there.

    A damaged file is logged and written again; a folder that cannot be written is logged. With no folder the
    order is computed.

    Raises
    ------
    OrderError
        When the file under this network's name holds the order of another network.
    """
    if folder is None:
        return nested_dissection(adjacency)
    path = order_file(roads, folder)
    if path.exists():
        try:
            return read_order(roads, path)
        except _DamagedError as error:
            _logger.warning("%s; computing the order again", error)
    order = nested_dissection(adjacency)
    try:
        write_order(roads, order, path)
    except OSError as error:
        _logger.warning("the node order of %s cannot be kept in %s (%s)", roads.title, folder, error.strerror)
    return order


def order_file(roads: Roads, folder: Path | str) -> Path:
    """Where the order of a network is kept in a folder."""
    return Path(folder) / f"{topology_hash(roads)}.order"


def write_order(roads: Roads, order: npt.NDArray[np.int32], path: Path | str) -> None:
    """Keep an order for a network; readers never see half a file."""
    final = Path(path)
    final.parent.mkdir(parents=True, exist_ok=True)
    body = bytes.fromhex(topology_hash(roads)) + np.ascontiguousarray(order, "<i4").tobytes()
    handle, fresh = tempfile.mkstemp(prefix=f".{final.name[:16]}.", dir=final.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(_MAGIC + hashlib.sha256(body).digest() + body)
        os.replace(fresh, final)
    finally:
        Path(fresh).unlink(missing_ok=True)


def read_order(roads: Roads, path: Path | str) -> npt.NDArray[np.int32]:
    """The order kept in a file.

    Raises
    ------
    OrderError
        When the file cannot be read, is damaged, or holds the order of another network.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise OrderError(f"{path}: cannot be read ({error.strerror}); build the hierarchy again") from None
    start = len(_MAGIC) + _DIGEST_BYTES
    body = content[start:]
    digest = content[len(_MAGIC) : start]
    if not content.startswith(_MAGIC) or hashlib.sha256(body).digest() != digest:
        raise _DamagedError(f"{path}: not a whole node order; delete it and build the hierarchy again")
    if body[:_DIGEST_BYTES].hex() != topology_hash(roads):
        raise OrderError(
            f"{path}: an order file of another network ({body[:4].hex()}..., {roads.title} is"
            f" {topology_hash(roads)[:8]}...); delete it and build the hierarchy again"
        )
    order = np.frombuffer(body, "<i4", offset=_DIGEST_BYTES).astype(np.int32)
    return checked_order(order, len(roads.first_out) - 1)


def checked_order(order: npt.ArrayLike, node_count: int) -> npt.NDArray[np.int32]:
    """An order as int32, shape (node_count,).

    Raises
    ------
    OrderError
        When it does not name every node exactly once.
    """
    array = np.asarray(order)
    if array.shape != (node_count,) or array.dtype.kind not in "iu":
        raise OrderError(
            f"the order holds {array.dtype} of shape {array.shape}; give the {node_count} node numbers"
        )
    if not np.array_equal(np.sort(array), np.arange(node_count)):
        raise OrderError(f"the order does not name each of the nodes 0 to {node_count - 1} once")
    return array.astype(np.int32)


class _DamagedError(OrderError):
    """The file is torn or no order file at all: it may be written again."""
