"""Kernels that weigh a hierarchy: customisation, perfect customisation, pruning, and how long ways may be.

Ranks and slots as in `_kernels_elimination`. `far` stands for no way; two of them still fit an int32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from routing._jit import inlined, kernel

if TYPE_CHECKING:
    from routing.elimination_tree import UpwardGraph
    from routing.hierarchy_paths import Streets
    from routing.shortcuts import SearchRows, ShortcutValues

Array = npt.NDArray[Any]


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


@inlined
def exact_row(
    up: UpwardGraph, row: Array, values: ShortcutValues, x: int, fresh: tuple[Array, Array]
) -> None:
    """Exact distances of one rank to its higher neighbours, from its own customised weights and exact ones
    above.

    row: int32 (n,), where the values of each rank begin. fresh: upwards and downwards, each int32 (row size
    or more,), overwritten.

    The first step of a shortest way up is a slot of exact weight, and all higher neighbours are joined with
    each other; so the order in which they are looked at does not matter.
    """
    first_up, up_head = up.first_up, up.up_head
    forward, backward, exact_forward, exact_backward = values
    to, back_from = fresh
    start = first_up[x]
    size = first_up[x + 1] - start
    base = row[x]
    for i in range(size):
        to[i] = forward[base + i]
        back_from[i] = backward[base + i]
    for i in range(size - 1):
        ahead, back = forward[base + i], backward[base + i]
        best_ahead, best_back = to[i], back_from[i]
        middle = up_head[start + i]
        across = first_up[middle]
        rest = size - i - 1
        shift = row[middle] - across
        if first_up[middle + 1] - across == rest:
            own, beside = base + i + 1, row[middle]
            for j in range(rest):
                to[i + 1 + j] = min(to[i + 1 + j], np.int32(ahead + exact_forward[beside + j]))
            for j in range(rest):
                back_from[i + 1 + j] = min(back_from[i + 1 + j], np.int32(exact_backward[beside + j] + back))
            for j in range(rest):
                best_ahead = min(best_ahead, np.int32(forward[own + j] + exact_backward[beside + j]))
            for j in range(rest):
                best_back = min(best_back, np.int32(exact_forward[beside + j] + backward[own + j]))
        else:
            for j in range(i + 1, size):
                high = up_head[start + j]
                while up_head[across] != high:
                    across += 1
                rise, fall = exact_forward[shift + across], exact_backward[shift + across]
                to[j] = min(to[j], np.int32(ahead + rise))
                back_from[j] = min(back_from[j], np.int32(fall + back))
                best_ahead = min(best_ahead, np.int32(forward[base + j] + fall))
                best_back = min(best_back, np.int32(rise + backward[base + j]))
                across += 1
        to[i] = best_ahead
        back_from[i] = best_back


@kernel
def perfect(up: UpwardGraph, values: ShortcutValues) -> None:
    """Exact distance between the ends of every slot, both ways (perfect customisation, same source).

    values: forward and backward as `customise` left them, exact_forward and exact_backward overwritten; all
    int32 (slots,). Ranks go down.
    """
    first_up = up.first_up
    for x in range(first_up.shape[0] - 2, -1, -1):
        start, end = first_up[x], first_up[x + 1]
        fresh = values.exact_forward[start:end], values.exact_backward[start:end]
        exact_row(up, first_up, values, x, fresh)


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


@inlined
def longest_arc(streets: Streets, x: int, far: int) -> int:
    """Weight of the longest open arc that leaves a rank, 0 if there is none."""
    longest = 0
    for at in range(streets.first[x], streets.first[x + 1]):
        weight = streets.weight[streets.steps[at, 1]]
        if weight < far:
            longest = max(longest, weight)
    return longest


@inlined
def longest_with(streets: Streets, ways: Array, far: int) -> int:
    """A length that no shortest way exceeds.

    ways: int32 (n, 2), for each rank a length to the root of its tree and one from there, `far` where none is
    known. Between two ranks that have both: the longest way there and back. Other ranks are passed once at
    most, by their longest arc, and one more arc leads to the first of them. No rank is passed twice anyway;
    that is asked last.
    """
    there, back, passed = 0, 0, 0
    for x in range(ways.shape[0]):
        if ways[x, 0] < far and ways[x, 1] < far:
            there = max(there, ways[x, 0])
            back = max(back, ways[x, 1])
        else:
            passed += longest_arc(streets, x, far)
    if passed == 0:
        return there + back
    leap = 0
    for weight in streets.weight:
        if weight < far:
            leap = max(leap, weight)
    most = there + back + passed + leap
    if most < far:
        return most
    everywhere = 0
    for x in range(ways.shape[0]):
        everywhere += longest_arc(streets, x, far)
    return min(most, everywhere)


@inlined
def first_way(up: UpwardGraph, x: int, base: int, exact: Array, ways: Array, side: int, far: int) -> int:
    """A length between x and the root of its tree by the first higher neighbour that has one, or `far`."""
    for i in range(up.first_up[x + 1] - up.first_up[x]):
        way: int = ways[up.up_head[up.first_up[x] + i], side] + exact[base + i]
        if way < far:
            return way
    return far


@kernel
def longest_by_neighbours(
    up: UpwardGraph, row: Array, values: ShortcutValues, streets: Streets, far: int, ways: Array
) -> int:
    """As `longest_with`, quickly, and seldom too long to be of use.

    row: int32 (n,), where the values of each rank begin. ways: int32 (n, 2), scratch.
    """
    for x in range(up.parent.shape[0] - 1, -1, -1):
        above, base = up.parent[x], row[x]
        if above < 0:
            ways[x, 0], ways[x, 1] = 0, 0
            continue
        ahead = ways[above, 0] + values.exact_forward[base]
        back = ways[above, 1] + values.exact_backward[base]
        if ahead >= far:
            ahead = first_way(up, x, base, values.exact_forward, ways, 0, far)
        if back >= far:
            back = first_way(up, x, base, values.exact_backward, ways, 1, far)
        ways[x, 0], ways[x, 1] = ahead, back
    return longest_with(streets, ways, far)


@kernel
def longest_way(graph: SearchRows, streets: Streets, far: int, ways: Array) -> int:
    """As `longest_with`, by shortest ways. ways: int32 (n, 2), scratch."""
    parent, rows, arcs = graph
    for x in range(parent.shape[0] - 1, -1, -1):
        for side in range(2):
            best = 0 if parent[x] < 0 else far
            for at in range(rows[x, 2 * side], rows[x, 2 * side + 1]):
                best = min(best, ways[arcs[at, 0], side] + arcs[at, 1])
            ways[x, side] = best
    return longest_with(streets, ways, far)
