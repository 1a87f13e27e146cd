"""The weightless half of a hierarchy: which nodes are joined when all are contracted in a given order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing import _kernels_elimination as kernels
from routing.node_order import Adjacency, inverse
from routing.weighted_graph import Roads


class UpwardGraph(NamedTuple):
    """The hierarchy over a network, as kernels take it: ranks (0 is contracted first) and slots (joined
    pairs).

    Parameters
    ----------
    order, rank
        int32, shape (n,). Node of each rank, and rank of each node.
    parent
        int32, shape (n,). Elimination tree: the lowest of the higher neighbours; -1 for a root.
    first_up
        int32, shape (n + 1,). Slots of rank x are `first_up[x]` up to, not including, `first_up[x + 1]`.
    up_head
        int32, shape (slots,). Higher end of each slot, rising within a row.
    first_down
        int32, shape (n + 1,). The same slots from above.
    down_tail, down_slot
        int32, shape (slots,). Lower end, rising within a row, and number of the slot.
    """

    order: npt.NDArray[np.int32]
    rank: npt.NDArray[np.int32]
    parent: npt.NDArray[np.int32]
    first_up: npt.NDArray[np.int32]
    up_head: npt.NDArray[np.int32]
    first_down: npt.NDArray[np.int32]
    down_tail: npt.NDArray[np.int32]
    down_slot: npt.NDArray[np.int32]


def upward_graph(adjacency: Adjacency, order: npt.NDArray[np.int32]) -> UpwardGraph:
    """Contract all nodes in an order.

    Notes
    -----
    Row by row as sparse Cholesky factorisation finds its fill (Liu 1986; Gilbert, Ng and Peyton 1994): time
    and memory are linear in what comes out.
    """
    first, neighbour = adjacency
    n = len(order)
    rank = inverse(order)
    scratch = np.empty(n, np.int32)
    parent, count = np.empty(n, np.int32), np.empty(n, np.int32)
    kernels.elimination_parents(first, neighbour, order, rank, scratch, parent)
    kernels.count_slots(first, neighbour, order, rank, parent, scratch, count)
    first_up = _rows(count)
    up_head = np.empty(int(first_up[-1]), np.int32)
    kernels.fill_slots(first, neighbour, order, rank, parent, scratch, first_up[:-1].copy(), up_head)
    first_down = _rows(np.bincount(up_head, minlength=n))
    down_tail, down_slot = np.empty_like(up_head), np.empty_like(up_head)
    kernels.fill_down(first_up, up_head, first_down[:-1].copy(), down_tail, down_slot)
    return UpwardGraph(order, rank, parent, first_up, up_head, first_down, down_tail, down_slot)


def places_of_arcs(roads: Roads, up: UpwardGraph) -> npt.NDArray[np.int32]:
    """int32, shape (m,). 2 * slot of each arc, plus 1 where it leads down; -1 for a self-loop."""
    place = np.empty(len(roads.head), np.int32)
    kernels.place_arcs(roads.first_out, roads.head, up, place)
    return place


def tree_height(parent: npt.NDArray[np.int32]) -> int:
    """Most nodes on a way from a node to the root of its tree."""
    height = np.zeros(len(parent), np.int32)
    return int(kernels.measure_heights(parent, height))


def _rows(count: npt.NDArray[np.integer]) -> npt.NDArray[np.int32]:
    first = np.zeros(len(count) + 1, np.int32)
    np.cumsum(count, out=first[1:])
    return first
