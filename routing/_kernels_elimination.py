"""Kernels that contract a network without weights: elimination tree, slots, and where arcs lie among them.

Nodes are ranks: 0 is contracted first. A slot is a pair of ranks joined in the hierarchy; slots of rank x are
`first_up[x]` up to `first_up[x + 1]`, ordered by `up_head`, the higher end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from routing._jit import kernel

if TYPE_CHECKING:
    from routing.elimination_tree import UpwardGraph

Array = npt.NDArray[Any]


@kernel
def elimination_parents(
    first: Array, neighbour: Array, order: Array, rank: Array, ancestor: Array, parent: Array
) -> None:
    """Parent of every rank in the elimination tree, -1 for a root, by Liu (1986) with path compression.

    first int32 (n + 1,), neighbour int32 (k,): undirected graph over nodes. order, rank: int32 (n,).
    ancestor: int32 (n,), scratch. parent: int32 (n,), overwritten.
    """
    for x in range(order.shape[0]):
        parent[x] = -1
        ancestor[x] = -1
        node = order[x]
        for at in range(first[node], first[node + 1]):
            low = rank[neighbour[at]]
            while low != -1 and low < x:
                above = ancestor[low]
                ancestor[low] = x
                if above == -1:
                    parent[low] = x
                low = above


@kernel
def postorder(parent: Array, child: Array, sibling: Array, stack: Array, position: Array) -> None:
    """Ranks in an order in which every subtree is one run that ends with its root.

    parent: int32 (n,). child, sibling, stack: int32 (n,), scratch. position: int32 (n,), overwritten:
    `position[i]` is the old rank of the new rank i.
    """
    n = parent.shape[0]
    child[:] = -1
    sibling[:] = -1
    for x in range(n - 1, -1, -1):
        if parent[x] >= 0:
            sibling[x] = child[parent[x]]
            child[parent[x]] = x
    done = 0
    for root in range(n):
        if parent[root] >= 0:
            continue
        stack[0] = root
        depth = 1
        while depth > 0:
            x = stack[depth - 1]
            if child[x] >= 0:
                stack[depth] = child[x]
                child[x] = sibling[child[x]]
                depth += 1
            else:
                depth -= 1
                position[done] = x
                done += 1


@kernel
def count_slots(
    first: Array, neighbour: Array, order: Array, rank: Array, parent: Array, mark: Array, count: Array
) -> None:
    """Number of slots of every rank: one for each row subtree it lies in (Gilbert, Ng, Peyton 1994).

    As `elimination_parents`; mark: int32 (n,), scratch. count: int32 (n,), overwritten.
    """
    count[:] = 0
    for x in range(order.shape[0]):
        mark[x] = x
        node = order[x]
        for at in range(first[node], first[node + 1]):
            low = rank[neighbour[at]]
            while low < x and mark[low] != x:
                mark[low] = x
                count[low] += 1
                low = parent[low]


@kernel
def fill_slots(
    first: Array,
    neighbour: Array,
    order: Array,
    rank: Array,
    parent: Array,
    mark: Array,
    free: Array,
    up_head: Array,
) -> None:
    """Higher end of every slot; rising within a node, because higher ends come in rising order.

    As `count_slots`; free: int32 (n,), first slot of each rank, used up. up_head: int32 (slots,),
    overwritten.
    """
    for x in range(order.shape[0]):
        mark[x] = x
        node = order[x]
        for at in range(first[node], first[node + 1]):
            low = rank[neighbour[at]]
            while low < x and mark[low] != x:
                mark[low] = x
                up_head[free[low]] = x
                free[low] += 1
                low = parent[low]


@kernel
def measure_heights(parent: Array, height: Array) -> int:
    """Most nodes on a way to a root. parent: int32 (n,). height: int32 (n,), overwritten with each node's."""
    most = 0
    for x in range(parent.shape[0] - 1, -1, -1):
        height[x] = 1 + (height[parent[x]] if parent[x] >= 0 else 0)
        most = max(most, height[x])
    return most


@kernel
def place_arcs(first_out: Array, head: Array, up: UpwardGraph, place: Array) -> None:
    """Where each arc of the network lies in the hierarchy: 2 * slot, plus 1 if it leads down; -1: a
    self-loop.

    first_out int32 (n + 1,), head int32 (m,): over nodes. place: int32 (m,), overwritten.
    """
    for node in range(first_out.shape[0] - 1):
        tail_rank = up.rank[node]
        for arc in range(first_out[node], first_out[node + 1]):
            head_rank = up.rank[head[arc]]
            if tail_rank == head_rank:
                place[arc] = -1
                continue
            low = min(tail_rank, head_rank)
            high = max(tail_rank, head_rank)
            left = up.first_up[low]
            right = up.first_up[low + 1]
            while left < right:
                middle = (left + right) >> 1
                if up.up_head[middle] < high:
                    left = middle + 1
                else:
                    right = middle
            place[arc] = 2 * left + (1 if tail_rank > head_rank else 0)


@kernel
def fill_down(first_up: Array, up_head: Array, free: Array, down_tail: Array, down_slot: Array) -> None:
    """The slots of every rank from above: lower ends in rising order, and slot numbers.

    free: int32 (n,), where each rank begins in `down_tail`, used up. down_tail, down_slot: int32 (slots,).
    """
    for x in range(first_up.shape[0] - 1):
        for slot in range(first_up[x], first_up[x + 1]):
            high = up_head[slot]
            down_tail[free[high]] = x
            down_slot[free[high]] = slot
            free[high] += 1
