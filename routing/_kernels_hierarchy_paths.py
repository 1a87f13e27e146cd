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
def begin_at_target(graph: SearchRows, target: int, far: int, scratch: WalkScratch) -> int:
    """Make `left` known for the target and its ancestors; returns how many ranks `touched` lists.

    Their ways may lead down to the target: a climb finds those (label, `far` again afterwards). All other
    ranks have to go up first.
    """
    parent, rows, arcs = graph
    label, left, is_closed, touched = scratch.label, scratch.left, scratch.is_closed, scratch.touched
    label[target] = 0
    height = 0
    x = target
    while x >= 0:
        relax_up(rows, arcs, x, 2, label)
        touched[height] = x
        height += 1
        x = parent[x]
    for i in range(height - 1, -1, -1):
        x = touched[i]
        best = label[x]
        label[x] = far
        for at in range(rows[x, 0], rows[x, 1]):
            best = min(best, left[arcs[at, 0]] + arcs[at, 1])
        left[x] = best
        is_closed[x] = True
    return height


@inlined
def climb_to_known(graph: SearchRows, start: int, far: int, scratch: WalkScratch, count: int) -> int:
    """Make `left` known for a rank and its ancestors; returns how many ranks `touched` lists.

    Lazy RPHAST (Strasser and Zeitz 2021): the distance of a rank that is no ancestor of the target is the
    least over its upward row. Above a closed rank all are known; to take every ancestor along, needed or
    not, was quicker than to look for the needed ones.
    """
    parent, rows, arcs = graph
    left, is_closed, touched, stack = scratch.left, scratch.is_closed, scratch.touched, scratch.stack
    depth = 0
    x = start
    while x >= 0 and not is_closed[x]:
        stack[depth] = x
        depth += 1
        x = parent[x]
    for i in range(depth - 1, -1, -1):
        x = stack[i]
        is_closed[x] = True
        if left[x] < 0:
            best = far
            for at in range(rows[x, 0], rows[x, 1]):
                best = min(best, left[arcs[at, 0]] + arcs[at, 1])
            left[x] = best
            touched[count] = x
            count += 1
    return count


@inlined
def last_candidate(streets: Streets, node: int, need: int, left: Array) -> int:
    """Last position in the arcs of a node that may keep a shortest way, as far as known; -1 for none."""
    for at in range(streets.first_out[node + 1] - 1, streets.first_out[node] - 1, -1):
        arc = streets.by_head[at] if streets.by_head.shape[0] > 0 else at
        beyond = left[streets.head_rank[arc]]
        if streets.weight[arc] <= need and (beyond == -1 or streets.weight[arc] + beyond == need):
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
    left, is_entered, touched, cursor = scratch.left, scratch.is_entered, scratch.touched, scratch.cursor
    known = begin_at_target(graph, target, far, scratch)
    known = climb_to_known(graph, source, far, scratch, known)
    count = 0
    x = source
    if left[source] >= far:
        count = -1
        x = target
    next_arc = streets.first_out[streets.order[x]]
    while x != target:
        node = streets.order[x]
        need = left[x]
        is_entered[x] = streets.has_zero_circle
        found = -1
        last = -1 if streets.has_zero_circle else last_candidate(streets, node, need, left)
        while next_arc < streets.first_out[node + 1] and found < 0:
            arc = streets.by_head[next_arc] if streets.by_head.shape[0] > 0 else next_arc
            to = streets.head_rank[arc]
            if streets.weight[arc] <= need and not is_entered[to]:
                if left[to] == -1 and next_arc == last:
                    left[to] = need - streets.weight[arc]
                    touched[known] = to
                    known += 1
                elif left[to] == -1:
                    known = climb_to_known(graph, to, far, scratch, known)
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
        is_entered[touched[i]] = False
        scratch.is_closed[touched[i]] = False
    return count
