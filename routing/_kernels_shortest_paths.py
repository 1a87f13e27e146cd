"""Kernels of shortest paths: Dijkstra trees, canonical next arcs, and walks along canonical paths.

Heap keys pack a distance and a node into one int64, `distance << node_bits | node`: one array, one
comparison, ties by node. Entries are never moved down; one that was overtaken is skipped when it surfaces.
The callers check that no distance needs more than the bits left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from routing._jit import inlined, kernel

if TYPE_CHECKING:
    from routing.shortest_paths import Csr
    from routing.travel_times import TravelTables

Array = npt.NDArray[Any]


@inlined
def heap_push(heap: Array, size: int, key: int) -> int:
    """Add `key` to a 4-ary heap of `size` keys (int64); returns the new size."""
    at = size
    while at > 0:
        parent = (at - 1) >> 2
        if heap[parent] <= key:
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = key
    return size + 1


@inlined
def heap_pop(heap: Array, size: int) -> tuple[int, int]:
    """Take the least key off a 4-ary heap of `size` keys (int64); returns it and the new size."""
    least = heap[0]
    size -= 1
    key = heap[size]
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        best = child
        for other in range(child + 1, min(child + 4, size)):
            if heap[other] < heap[best]:
                best = other
        if heap[best] >= key:
            break
        heap[at] = heap[best]
        at = best
    heap[at] = key
    return least, size


@kernel
def distances_from(
    graph: Csr,
    source: int,
    node_bits: int,
    unreachable: int,
    heap: Array,
    distance: Array,
) -> None:
    """Shortest distance from `source` to every node, by Dijkstra (1959) over a 4-ary heap.

    graph: first int32 (n + 1,), head int32 (m,), weight int32 (m,). heap: int64 (m + 1,), scratch. distance:
    int64 (n,), overwritten, in the unit of the weights, `unreachable` where there is no way.
    """
    first, head, weight = graph
    distance[:] = unreachable
    mask = (1 << node_bits) - 1
    distance[source] = 0
    heap[0] = source
    size = 1
    while size > 0:
        key, size = heap_pop(heap, size)
        node = key & mask
        reached = key >> node_bits
        if reached > distance[node]:
            continue
        for arc in range(first[node], first[node + 1]):
            to = head[arc]
            through = reached + weight[arc]
            if through < distance[to]:
                distance[to] = through
                size = heap_push(heap, size, through << node_bits | to)


@inlined
def tree_to_target(graph: Csr, distance: Array, unreachable: int, seconds: Array, next_arc: Array) -> None:
    """Seconds and canonical next arcs towards one target from the distances (ms) to it, each shape (n,)."""
    first, head, weight = graph
    for node in range(distance.shape[0]):
        left = distance[node]
        next_arc[node] = 255
        if left >= unreachable:
            seconds[node] = -1
            continue
        seconds[node] = (left + 500) // 1000
        for arc in range(first[node], first[node + 1]):
            if distance[head[arc]] + weight[arc] == left:
                next_arc[node] = arc - first[node]
                break


@kernel
def trees_to_targets(
    graph: Csr,
    reverse: Csr,
    first_target: int,
    node_bits: int,
    unreachable: int,
    scratch: tuple[Array, Array],
    seconds: Array,
    next_arc: Array,
) -> None:
    """Seconds to, and canonical next arcs towards, as many targets from `first_target` on as `seconds` has
    rows.

    graph, reverse: as in `distances_from`, weights in milliseconds; `reverse` has every arc turned round.
    scratch: heap and distance of `distances_from`. seconds: int32 (targets, n), rounded half-up, -1 where
    there is no way. next_arc: uint8 (targets, n), 255 = none.

    The canonical arc is the first in CSR order that lies on a shortest path; arcs are sorted by head, so its
    head has the lowest number.
    """
    heap, distance = scratch
    for row in range(seconds.shape[0]):
        distances_from(reverse, first_target + row, node_bits, unreachable, heap, distance)
        tree_to_target(graph, distance, unreachable, seconds[row], next_arc[row])


@kernel
def trees_along_distances(
    graph: Csr, distance: Array, unreachable: int, seconds: Array, next_arc: Array
) -> None:
    """As `trees_to_targets` where the distances are known: int32 or int64 (targets, n), milliseconds."""
    for row in range(seconds.shape[0]):
        tree_to_target(graph, distance[row], unreachable, seconds[row], next_arc[row])


@kernel
def transpose_by_blocks(matrix: Array, block: int, transposed: Array) -> None:
    """transposed[j, i] = matrix[i, j] for a square matrix, in blocks of `block` rows and columns that stay in
    the cache."""
    n = matrix.shape[0]
    for top in range(0, n, block):
        for left in range(0, n, block):
            for i in range(top, min(top + block, n)):
                for j in range(left, min(left + block, n)):
                    transposed[j, i] = matrix[i, j]


@kernel
def path_arcs(tables: TravelTables, origin: int, destination: int, arcs: Array) -> int:
    """Number of arcs on the canonical path; the arcs themselves go into `arcs` (int32) as far as it is long.

    Call it with an empty array to learn the length first.
    """
    node, count = origin, 0
    while node != destination:
        arc = tables.first_out[node] + tables.next_arc[destination, node]
        if count < arcs.shape[0]:
            arcs[count] = arc
        count += 1
        node = tables.head[arc]
    return count


@kernel
def walk_ms_m(tables: TravelTables, origin: int, destination: int) -> tuple[int, int]:
    """Planned milliseconds (exact, not rounded) and metres along the canonical path."""
    node, time_ms, metres = origin, 0, 0
    while node != destination:
        arc = tables.first_out[node] + tables.next_arc[destination, node]
        time_ms += tables.arc_ms[arc]
        metres += tables.arc_m[arc]
        node = tables.head[arc]
    return time_ms, metres


@kernel
def metres_between(tables: TravelTables, nodes: Array, metres: Array) -> None:
    """Metres along the canonical path from each of some nodes (int64, k) to each, into `metres` (int32,
    k x k)."""
    for i in range(nodes.shape[0]):
        for j in range(nodes.shape[0]):
            metres[i, j] = walk_ms_m(tables, nodes[i], nodes[j])[1]


@kernel
def drive(
    tables: TravelTables,
    factors: Array,
    slot_s: int,
    origin: int,
    destination: int,
    depart_ms: int,
    until_ms: int,
) -> tuple[int, int, int]:
    """Node, time (ms) and metres from the origin at the first node of the canonical path reached at or after
    `until_ms`.

    The destination if all nodes are reached earlier; the origin itself if it is left at or after `until_ms`.
    factors: float64 (classes, slots), realised over planned time of an arc entered in a slot of `slot_s`
    seconds; times outside the table take its first or last slot. An arc's realised time is rounded half-up to
    milliseconds, and is 1 at least.
    """
    slot_ms = slot_s * 1000
    last_slot = factors.shape[1] - 1
    node, time_ms, metres = origin, depart_ms, 0
    while node != destination and time_ms < until_ms:
        arc = tables.first_out[node] + tables.next_arc[destination, node]
        slot = min(max(time_ms // slot_ms, 0), last_slot)
        realised = tables.arc_ms[arc] * factors[tables.arc_class[arc], slot]
        time_ms += max(int(realised + 0.5), 1)
        metres += tables.arc_m[arc]
        node = tables.head[arc]
    return node, time_ms, metres


@kernel
def next_node_at(
    tables: TravelTables, origin: int, destination: int, depart_s: int, now_s: int
) -> tuple[int, int, int]:
    """Node, planned time (s) and metres from the origin at the first node of the canonical path reached at or
    after `now_s`.

    The destination at the latest; the origin itself if it is left at or after `now_s`. The planned time at
    node x is `depart_s` plus the rounded seconds from the origin to x, so it never drifts from what
    `seconds(origin, x)` says.
    """
    node, time_s, metres = origin, depart_s, 0
    while node != destination and time_s < now_s:
        arc = tables.first_out[node] + tables.next_arc[destination, node]
        metres += tables.arc_m[arc]
        node = tables.head[arc]
        time_s = depart_s + tables.from_s[origin, node]
    return node, time_s, metres
