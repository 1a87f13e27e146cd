"""Shortest times from one node to all others, and the scratch and checks that every search shares."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from routing._kernels_shortest_paths import distances_from
from routing.errors import NetworkError
from routing.network import Network
from routing.quantities import UNREACHABLE_MS

_KEY_BITS: Final = 62


class Csr(NamedTuple):
    """Arcs as rows: the arcs of node u are `first[u]` up to, not including, `first[u + 1]`.

    first: int32 (n + 1,). head: int32 (m,). weight_ms: int32 (m,).
    """

    first: npt.NDArray[np.int32]
    head: npt.NDArray[np.int32]
    weight_ms: npt.NDArray[np.int32]


def forward_graph(network: Network) -> Csr:
    """The arcs of a network as they are driven."""
    return Csr(network.first_out, network.head, network.travel_ms)


def reverse_graph(network: Network) -> Csr:
    """The arcs of a network turned round: a search from d over it finds the times to d."""
    order = np.argsort(network.head, kind="stable")
    first = np.zeros(network.node_count + 1, np.int32)
    np.cumsum(np.bincount(network.head, minlength=network.node_count), out=first[1:])
    arrays = first, network.tail[order], network.travel_ms[order]
    for array in arrays:
        array.flags.writeable = False
    return Csr(*arrays)


def node_bits(network: Network) -> int:
    """Bits of a heap key that hold the node; the others hold a time.

    Raises
    ------
    NetworkError
        When the longest possible path would not fit beside the node number.
    """
    bits = max(1, (network.node_count - 1).bit_length())
    longest_ms = int(network.travel_ms.sum(dtype=np.int64))
    if longest_ms.bit_length() + bits > _KEY_BITS:
        raise NetworkError(
            f"field travel_ms sums to {longest_ms} over {network.node_count} nodes, too much for one search;"
            " check that travel times are milliseconds"
        )
    return bits


def check_node(network_nodes: int, node: int, title: str) -> None:
    """Refuse a node index outside the network."""
    if not 0 <= node < network_nodes:
        raise NetworkError(f"node {node} is not in {title}; its nodes are 0 to {network_nodes - 1}")


def one_to_all(network: Network, source: int, *, is_reverse: bool = False) -> npt.NDArray[np.int64]:
    """Shortest time from `source` to every node, or from every node to `source`.

    Returns
    -------
    int64, shape (n,). Milliseconds; `UNREACHABLE_MS` where there is no way.

    Raises
    ------
    NetworkError
        When `source` is not a node of the network.
    """
    check_node(network.node_count, source, network.title)
    graph = reverse_graph(network) if is_reverse else forward_graph(network)
    heap = np.empty(network.arc_count + 1, np.int64)
    distance = np.empty(network.node_count, np.int64)
    distances_from(graph, source, node_bits(network), UNREACHABLE_MS, heap, distance)
    return distance
