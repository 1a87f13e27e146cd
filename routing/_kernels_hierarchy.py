"""Kernels that build and weigh a hierarchy: elimination tree, customisation, perfect customisation, pruning.

Nodes are ranks: 0 is contracted first. A slot is a pair of nodes joined in the hierarchy; slots of node x are
`first_up[x]` up to `first_up[x + 1]`, ordered by `up_head`, the higher end. `far` stands for no way; two of
them still fit an int32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from routing._jit import kernel

if TYPE_CHECKING:
    from routing.elimination_tree import UpwardGraph
    from routing.shortcuts import ShortcutValues

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


@kernel
def customise(
    up: UpwardGraph, place: Array, weight: Array, far: int, forward: Array, backward: Array
) -> None:
    """Weight of every slot upwards (`forward`) and downwards (`backward`): the shortest way over lower nodes.

    Basic customisation of Dibbelt, Strasser and Wagner (2016): each lower triangle once, in rising order of
    its lowest node. place, weight: int32 (m,). forward, backward: int32 (slots,), overwritten.

    Where the higher row continues exactly as the lower one does (inside a separator), the inner loops run
    over neighbouring entries and become vector instructions.
    """
    first_up, up_head = up.first_up, up.up_head
    forward[:] = far
    backward[:] = far
    for arc in range(place.shape[0]):
        if place[arc] >= 0 and weight[arc] < far:
            slot = place[arc] >> 1
            if place[arc] & 1:
                backward[slot] = min(backward[slot], weight[arc])
            else:
                forward[slot] = min(forward[slot], weight[arc])
    for x in range(first_up.shape[0] - 1):
        end = first_up[x + 1]
        for slot in range(first_up[x], end - 1):
            ahead = forward[slot]
            back = backward[slot]
            if ahead >= far and back >= far:
                continue
            middle = up_head[slot]
            across = first_up[middle]
            rest = end - slot - 1
            if first_up[middle + 1] - across == rest:
                for i in range(rest):
                    forward[across + i] = min(forward[across + i], np.int32(back + forward[slot + 1 + i]))
                for i in range(rest):
                    backward[across + i] = min(backward[across + i], np.int32(backward[slot + 1 + i] + ahead))
                continue
            for other in range(slot + 1, end):
                high = up_head[other]
                while up_head[across] != high:
                    across += 1
                forward[across] = min(forward[across], np.int32(back + forward[other]))
                backward[across] = min(backward[across], np.int32(backward[other] + ahead))
                across += 1


@kernel
def perfect(up: UpwardGraph, values: ShortcutValues) -> None:
    """Exact distance between the ends of every slot, both ways (perfect customisation, same source).

    values: forward and backward as `customise` left them, exact_forward and exact_backward overwritten; all
    int32 (slots,).

    The first step of a shortest way up from x is a slot of exact weight, and all higher neighbours of x are
    joined with each other. So a row needs its own customised weights and the exact ones above it, in any
    order; ranks go down.
    """
    first_up, up_head = up.first_up, up.up_head
    forward, backward, exact_forward, exact_backward = values
    for x in range(first_up.shape[0] - 2, -1, -1):
        start, end = first_up[x], first_up[x + 1]
        for slot in range(start, end):
            exact_forward[slot] = forward[slot]
            exact_backward[slot] = backward[slot]
        for slot in range(start, end - 1):
            ahead, back = forward[slot], backward[slot]
            best_ahead, best_back = exact_forward[slot], exact_backward[slot]
            middle = up_head[slot]
            across = first_up[middle]
            rest = end - slot - 1
            if first_up[middle + 1] - across == rest:
                own = slot + 1
                for i in range(rest):
                    exact_forward[own + i] = min(
                        exact_forward[own + i], np.int32(ahead + exact_forward[across + i])
                    )
                for i in range(rest):
                    exact_backward[own + i] = min(
                        exact_backward[own + i], np.int32(exact_backward[across + i] + back)
                    )
                for i in range(rest):
                    best_ahead = min(best_ahead, np.int32(forward[own + i] + exact_backward[across + i]))
                for i in range(rest):
                    best_back = min(best_back, np.int32(exact_forward[across + i] + backward[own + i]))
            else:
                for other in range(slot + 1, end):
                    high = up_head[other]
                    while up_head[across] != high:
                        across += 1
                    rise, fall = exact_forward[across], exact_backward[across]
                    exact_forward[other] = min(exact_forward[other], np.int32(ahead + rise))
                    exact_backward[other] = min(exact_backward[other], np.int32(fall + back))
                    best_ahead = min(best_ahead, np.int32(forward[other] + fall))
                    best_back = min(best_back, np.int32(rise + backward[other]))
                    across += 1
            exact_forward[slot] = best_ahead
            exact_backward[slot] = best_back


@kernel
def count_kept(first_up: Array, values: ShortcutValues, far: int, rows: Array) -> None:
    """How many slots of each rank lie on shortest ways: upwards in `rows[x, 1]`, downwards in `rows[x, 3]`.

    rows: int32 (n, 4), overwritten; columns 0 and 2 become 0.
    """
    for x in range(first_up.shape[0] - 1):
        ahead, back = 0, 0
        for slot in range(first_up[x], first_up[x + 1]):
            ahead += values.forward[slot] < far and values.exact_forward[slot] >= values.forward[slot]
            back += values.backward[slot] < far and values.exact_backward[slot] >= values.backward[slot]
        rows[x, 0] = 0
        rows[x, 1] = ahead
        rows[x, 2] = 0
        rows[x, 3] = back


@kernel
def keep_arcs(
    first_up: Array, up_head: Array, values: ShortcutValues, far: int, rows: Array, arcs: Array
) -> int:
    """Lay out the slots counted by `count_kept`: all upward rows, then all downward rows; returns their
    number.

    rows: int32 (n, 4): counts in, bounds out (first and end of the upward row, of the downward row). arcs:
    int32 (kept, 2), overwritten: higher end and weight.
    """
    n = first_up.shape[0] - 1
    at = 0
    for x in range(n):
        rows[x, 0] = at
        for slot in range(first_up[x], first_up[x + 1]):
            if values.forward[slot] < far and values.exact_forward[slot] >= values.forward[slot]:
                arcs[at, 0] = up_head[slot]
                arcs[at, 1] = values.forward[slot]
                at += 1
        rows[x, 1] = at
    for x in range(n):
        rows[x, 2] = at
        for slot in range(first_up[x], first_up[x + 1]):
            if values.backward[slot] < far and values.exact_backward[slot] >= values.backward[slot]:
                arcs[at, 0] = up_head[slot]
                arcs[at, 1] = values.backward[slot]
                at += 1
        rows[x, 3] = at
    return at
