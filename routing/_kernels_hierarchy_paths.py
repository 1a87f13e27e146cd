"""Kernels that walk canonical paths over the arcs of the network, asking the hierarchy how far it still
is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from routing._jit import inlined, kernel
from routing._kernels_hierarchy_queries import relax_up

if TYPE_CHECKING:
    from routing.hierarchy_paths import Streets, WalkScratch
    from routing.shortcuts import SearchRows

Array = npt.NDArray[Any]


@inlined
def distances_from_ancestors(
    graph: SearchRows, target: int, far: int, label: Array, left: Array, stack: Array, touched: Array
) -> int:
    """Make `left` known for the target and all its ancestors; returns how many ranks `touched` lists.

    Their ways may lead down to the target: a climb finds those (label, `far` again afterwards). All other
    ranks have to go up first.
    """
    parent, rows, arcs = graph
    label[target] = 0
    height = 0
    x = target
    while x >= 0:
        relax_up(rows, arcs, x, 2, label)
        stack[height] = x
        height += 1
        x = parent[x]
    for i in range(height - 1, -1, -1):
        x = stack[i]
        best = label[x]
        label[x] = far
        for at in range(rows[x, 0], rows[x, 1]):
            best = min(best, left[arcs[at, 0]] + arcs[at, 1])
        left[x] = best
        touched[i] = x
    return height


@inlined
def distance_left(
    rows: Array, arcs: Array, start: int, far: int, left: Array, stack: Array, touched: Array, count: int
) -> int:
    """Make `left[start]` known: the exact distance to the target; returns how many ranks `touched` lists.

    Lazy RPHAST (Strasser and Zeitz 2021): a rank's distance is the least over its upward row. Ranks rise
    along the stack, so it is no deeper than the tree. left: -1 unknown, -2 - distance where the path has
    been.
    """
    if left[start] != -1:
        return count
    depth = 0
    stack[0] = start
    while depth >= 0:
        x = stack[depth]
        best = far
        is_known = True
        for at in range(rows[x, 0], rows[x, 1]):
            above = left[arcs[at, 0]]
            if above == -1:
                depth += 1
                stack[depth] = arcs[at, 0]
                is_known = False
                break
            if above < -1:
                above = -2 - above
            best = min(best, above + arcs[at, 1])
        if is_known:
            left[x] = best
            touched[count] = x
            count += 1
            depth -= 1
    return count


@inlined
def last_candidate(streets: Streets, node: int, need: int, left: Array) -> int:
    """Last position in the arcs of a node that may keep a shortest way, -1 for none."""
    for at in range(streets.first_out[node + 1] - 1, streets.first_out[node] - 1, -1):
        arc = streets.by_head[at] if streets.by_head.shape[0] > 0 else at
        if streets.weight[arc] <= need and left[streets.head_rank[arc]] >= -1:
            return at
    return -1


@kernel
def canonical_path(
    graph: SearchRows, streets: Streets, source: int, target: int, far: int, scratch: WalkScratch, path: Array
) -> int:
    """Arcs of the canonical path, driven in order; returns their number, -1 where there is no way.

    source, target: ranks. path: int32 (n,), its beginning overwritten.

    At every node the arc to the lowest head among those that keep the distance, then the first arc. Arcs of
    weight zero may lead round in a circle: no node is entered twice, and a walk that cannot go on steps back.
    Without such circles every node on the way has an arc that goes on, so the last candidate needs no proof.
    """
    _, rows, arcs = graph
    label, left, stack, touched, cursor = scratch
    known = distances_from_ancestors(graph, target, far, label, left, stack, touched)
    known = distance_left(rows, arcs, source, far, left, stack, touched, known)
    count = 0
    x = source
    if left[source] >= far:
        count = -1
        x = target
    next_arc = streets.first_out[streets.order[x]]
    while x != target:
        node = streets.order[x]
        need = -2 - left[x] if left[x] < -1 else left[x]
        left[x] = -2 - need
        found = -1
        last = -1 if streets.has_zero_circle else last_candidate(streets, node, need, left)
        while next_arc < streets.first_out[node + 1] and found < 0:
            arc = streets.by_head[next_arc] if streets.by_head.shape[0] > 0 else next_arc
            to = streets.head_rank[arc]
            if streets.weight[arc] <= need and left[to] >= -1:
                if left[to] == -1 and next_arc == last:
                    left[to] = need - streets.weight[arc]
                    touched[known] = to
                    known += 1
                elif left[to] == -1:
                    known = distance_left(rows, arcs, to, far, left, stack, touched, known)
                if left[to] + streets.weight[arc] == need:
                    found = arc
            next_arc += 1
        if found >= 0:
            path[count] = found
            cursor[count, 0] = x
            cursor[count, 1] = next_arc
            count += 1
            x = streets.head_rank[found]
            next_arc = streets.first_out[streets.order[x]]
        else:
            count -= 1
            x = cursor[count, 0]
            next_arc = cursor[count, 1]
    for i in range(known):
        left[touched[i]] = -1
    return count
