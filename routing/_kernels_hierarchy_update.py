"""Kernels that carry a few changed weights through a hierarchy: customisation, perfection, pruning of what
they touch.

Rows of values are never overwritten: a row that changes is copied to a free part of its store first. `row[x]`
is where the values of rank x begin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from routing._jit import inlined, kernel
from routing._kernels_hierarchy import exact_row
from routing._kernels_shortest_paths import heap_pop, heap_push

if TYPE_CHECKING:
    from routing.elimination_tree import UpwardGraph
    from routing.hierarchy_paths import Streets
    from routing.metric_update import Touched
    from routing.shortcuts import ShortcutValues

Array = npt.NDArray[Any]


@inlined
def slot_between(up: UpwardGraph, low: int, high: int) -> int:
    """The slot of two joined ranks."""
    left: int = up.first_up[low]
    right = up.first_up[low + 1] - 1
    while left < right:
        middle = (left + right) >> 1
        if up.up_head[middle] < high:
            left = middle + 1
        else:
            right = middle
    return left


@inlined
def own_row(up: UpwardGraph, values: ShortcutValues, touched: Touched, x: int) -> bool:
    """Give a rank a row of its own, if it has none yet; False if there is no room."""
    old, used = touched.old_row[x], touched.counts[1]
    if touched.row[x] != old:
        return True
    size: int = up.first_up[x + 1] - up.first_up[x]
    if used + size > touched.counts[2]:
        return False
    for i in range(size):
        values.forward[used + i] = values.forward[old + i]
        values.backward[used + i] = values.backward[old + i]
        values.exact_forward[used + i] = values.exact_forward[old + i]
        values.exact_backward[used + i] = values.exact_backward[old + i]
    touched.row[x] = used
    touched.ranks[touched.counts[0]] = x
    touched.counts[0] += 1
    touched.counts[1] = used + size
    return True


@inlined
def weight_of_arcs(up: UpwardGraph, streets: Streets, x: int, slot: int, far: int) -> tuple[int, int]:
    """Weight of a slot upwards and downwards from the arcs between its ends alone."""
    y = up.up_head[slot]
    ahead, back = far, far
    for at in range(streets.first[x], streets.first[x + 1]):
        if streets.steps[at, 0] == y:
            ahead = min(ahead, streets.weight[streets.steps[at, 1]])
    for at in range(streets.first[y], streets.first[y + 1]):
        if streets.steps[at, 0] == x:
            back = min(back, streets.weight[streets.steps[at, 1]])
    return ahead, back


@inlined
def one_over_lower(
    up: UpwardGraph, values: ShortcutValues, row: Array, x: int, slot: int, fresh: tuple[Array, Array]
) -> None:
    """Better the fresh weight of one slot of x by its lower triangles: each lower neighbour looks for the
    other end."""
    y = up.up_head[slot]
    i = slot - up.first_up[x]
    for at in range(up.first_down[x], up.first_down[x + 1]):
        low = up.down_tail[at]
        if up.up_head[up.first_up[low + 1] - 1] < y:
            continue
        other = slot_between(up, low, y)
        if up.up_head[other] == y:
            near = row[low] + up.down_slot[at] - up.first_up[low]
            wide = row[low] + other - up.first_up[low]
            fresh[0][i] = min(fresh[0][i], values.backward[near] + values.forward[wide])
            fresh[1][i] = min(fresh[1][i], values.backward[wide] + values.forward[near])


@inlined
def row_over_lower(
    up: UpwardGraph, values: ShortcutValues, row: Array, x: int, is_dirty: Array, fresh: tuple[Array, Array]
) -> None:
    """Better the fresh weights of all dirty slots of x by their lower triangles, reading each lower row
    once."""
    start = up.first_up[x]
    for at in range(up.first_down[x], up.first_down[x + 1]):
        low = up.down_tail[at]
        near = row[low] + up.down_slot[at] - up.first_up[low]
        to_x, from_x = values.backward[near], values.forward[near]
        slot = start
        for other in range(up.down_slot[at] + 1, up.first_up[low + 1]):
            while up.up_head[slot] != up.up_head[other]:
                slot += 1
            if is_dirty[slot]:
                wide = row[low] + other - up.first_up[low]
                i = slot - start
                fresh[0][i] = min(fresh[0][i], to_x + values.forward[wide])
                fresh[1][i] = min(fresh[1][i], values.backward[wide] + from_x)


@inlined
def is_moved(old: int, new: int, best: int) -> bool:
    """Whether a way that changed from one length to another may change the best of all, as it was."""
    return old != new and (new < best or old == best)


@inlined
def is_raised(old: int, new: int, best: int) -> bool:
    """Whether a way that was among the best of all got longer."""
    return old == best and new > old


@inlined
def spread_up(
    up: UpwardGraph, values: ShortcutValues, touched: Touched, x: int, is_dirty: Array, far: int, size: int
) -> int:
    """Better every slot above a changed row, or mark it where its best way led over the row and got longer.

    Returns the new heap size, -1 if there is no room.
    """
    start, end = up.first_up[x], up.first_up[x + 1]
    old = touched.old_row[x] - start
    new = touched.row[x] - start
    forward, backward = values.forward, values.backward
    for slot in range(start, end):
        if forward[old + slot] == forward[new + slot] and backward[old + slot] == backward[new + slot]:
            continue
        for other in range(start, end):
            if other == slot:
                continue
            low, high = min(slot, other), max(slot, other)
            middle = up.up_head[low]
            across = up.first_up[middle] + high - low - 1
            if across >= up.first_up[middle + 1] or up.up_head[across] != up.up_head[high]:
                across = slot_between(up, middle, up.up_head[high])
            if is_dirty[across]:
                continue
            i = across - up.first_up[middle]
            best = touched.old_row[middle] + i
            ahead_was = min(far, backward[old + low] + forward[old + high])
            ahead = min(far, backward[new + low] + forward[new + high])
            back_was = min(far, backward[old + high] + forward[old + low])
            back = min(far, backward[new + high] + forward[new + low])
            if is_raised(ahead_was, ahead, forward[best]) or is_raised(back_was, back, backward[best]):
                is_dirty[across] = True
            elif ahead < forward[touched.row[middle] + i] or back < backward[touched.row[middle] + i]:
                if not own_row(up, values, touched, middle):
                    return -1
                at = touched.row[middle] + i
                forward[at] = min(forward[at], ahead)
                backward[at] = min(backward[at], back)
            else:
                continue
            if not touched.is_queued[middle]:
                touched.is_queued[middle] = True
                size = heap_push(touched.heap, size, middle)
    return size


@kernel
def recustomise(
    up: UpwardGraph,
    streets: Streets,
    values: ShortcutValues,
    touched: Touched,
    slots: Array,
    scratch: tuple[Array, Array, Array],
    far: int,
) -> bool:
    """Weights of slots over lower nodes after some arcs changed; False if there is no room for them.

    slots: int32 (k, 2), low end and slot of each changed arc. scratch: bool (slots,), False between updates;
    two int32 (height,).

    Lowest rank first (Dibbelt, Strasser and Wagner 2016, partial updates). Where a triangle becomes the best
    its length is taken; where one that was the best got longer the slot is computed again from all of them.
    """
    is_dirty, fresh = scratch[0], (scratch[1], scratch[2])
    size = 0
    for i in range(slots.shape[0]):
        is_dirty[slots[i, 1]] = True
        if not touched.is_queued[slots[i, 0]]:
            touched.is_queued[slots[i, 0]] = True
            size = heap_push(touched.heap, size, slots[i, 0])
    while size > 0:
        x, size = heap_pop(touched.heap, size)
        touched.is_queued[x] = False
        dirty_count = 0
        for slot in range(up.first_up[x], up.first_up[x + 1]):
            if is_dirty[slot]:
                i = slot - up.first_up[x]
                fresh[0][i], fresh[1][i] = weight_of_arcs(up, streets, x, slot, far)
                dirty_count += 1
        if dirty_count > 2:
            row_over_lower(up, values, touched.row, x, is_dirty, fresh)
        for slot in range(up.first_up[x], up.first_up[x + 1]):
            if not is_dirty[slot]:
                continue
            is_dirty[slot] = False
            if dirty_count <= 2:
                one_over_lower(up, values, touched.row, x, slot, fresh)
            i = slot - up.first_up[x]
            at = touched.row[x] + i
            if fresh[0][i] != values.forward[at] or fresh[1][i] != values.backward[at]:
                if not own_row(up, values, touched, x):
                    return False
                at = touched.row[x] + i
                values.forward[at] = fresh[0][i]
                values.backward[at] = fresh[1][i]
        if touched.row[x] != touched.old_row[x]:
            size = spread_up(up, values, touched, x, is_dirty, far, size)
            if size < 0:
                return False
    return True


@inlined
def spread_down(
    up: UpwardGraph,
    values: ShortcutValues,
    touched: Touched,
    x: int,
    fresh: tuple[Array, Array],
    far: int,
    size: int,
) -> int:
    """Queue every lower rank whose distances may change with the row of x; returns the new heap size.

    fresh: the new exact distances of x upwards and downwards; the values hold the old ones.
    """
    start = up.first_up[x]
    base = touched.row[x] - start
    forward, backward, exact_forward, exact_backward = values
    new_ahead, new_back = fresh
    for at in range(up.first_down[x], up.first_down[x + 1]):
        low = up.down_tail[at]
        if touched.is_queued[low]:
            continue
        near = touched.row[low] + up.down_slot[at] - up.first_up[low]
        slot = start
        for other in range(up.down_slot[at] + 1, up.first_up[low + 1]):
            while up.up_head[slot] != up.up_head[other]:
                slot += 1
            old_a, old_b = exact_forward[base + slot], exact_backward[base + slot]
            new_a, new_b = new_ahead[slot - start], new_back[slot - start]
            if old_a == new_a and old_b == new_b:
                continue
            wide = touched.row[low] + other - up.first_up[low]
            if (
                is_moved(
                    min(far, forward[near] + old_a), min(far, forward[near] + new_a), exact_forward[wide]
                )
                or is_moved(
                    min(far, forward[wide] + old_b), min(far, forward[wide] + new_b), exact_forward[near]
                )
                or is_moved(
                    min(far, backward[near] + old_b), min(far, backward[near] + new_b), exact_backward[wide]
                )
                or is_moved(
                    min(far, backward[wide] + old_a), min(far, backward[wide] + new_a), exact_backward[near]
                )
            ):
                touched.is_queued[low] = True
                size = heap_push(touched.heap, size, -low)
                break
    return size


@kernel
def reperfect(
    up: UpwardGraph, values: ShortcutValues, touched: Touched, fresh: tuple[Array, Array], far: int
) -> bool:
    """Exact distances of slots after `recustomise`; False if there is no room for them.

    fresh: two int32 (height,), scratch. Highest rank first: the row of a rank depends on its own customised
    weights and on the exact ones between its higher neighbours.
    """
    size = 0
    for i in range(touched.counts[0]):
        touched.is_queued[touched.ranks[i]] = True
        size = heap_push(touched.heap, size, -touched.ranks[i])
    while size > 0:
        key, size = heap_pop(touched.heap, size)
        x = -key
        touched.is_queued[x] = False
        exact_row(up, touched.row, values, x, fresh)
        count = up.first_up[x + 1] - up.first_up[x]
        is_changed = False
        for i in range(count):
            at = touched.row[x] + i
            if values.exact_forward[at] != fresh[0][i] or values.exact_backward[at] != fresh[1][i]:
                is_changed = True
                break
        if not is_changed:
            continue
        size = spread_down(up, values, touched, x, fresh, far, size)
        if not own_row(up, values, touched, x):
            return False
        for i in range(count):
            values.exact_forward[touched.row[x] + i] = fresh[0][i]
            values.exact_backward[touched.row[x] + i] = fresh[1][i]
    return True
