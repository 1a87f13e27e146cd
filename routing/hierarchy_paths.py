"""Canonical paths over a weighted hierarchy."""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.weighted_graph import Roads


class Streets(NamedTuple):
    """The arcs of a network as a walk over ranks takes them.

    Parameters
    ----------
    first
        int32, shape (n + 1,). Steps of rank x are `first[x]` up to, not including, `first[x + 1]`.
    steps
        int32, shape (m, 2), by head within a rank. Rank an arc leads to, and number of the arc.
    weight
        int32, shape (m,), by arc.
    may_circle
        Whether arcs of weight zero lead round in a circle.
    """

    first: npt.NDArray[np.int32]
    steps: npt.NDArray[np.int32]
    weight: npt.NDArray[np.int32]
    may_circle: bool


class WalkScratch(NamedTuple):
    """What a walk needs and leaves clean.

    Parameters
    ----------
    left
        int32, shape (n,). `FAR` + 1 between walks.
    touched
        int32, shape (2 n,).
    trail
        int32, shape (4, n). The last row is 0 between walks.
    """

    left: npt.NDArray[np.int32]
    touched: npt.NDArray[np.int32]
    trail: npt.NDArray[np.int32]


class UpdateScratch(NamedTuple):
    """What an update needs.

    Parameters
    ----------
    ranks, heap
        int32, shape (n,), and int64, shape (n + 1,).
    is_queued, is_dirty
        bool, shape (n,) and (slots,). False between updates.
    fresh
        Two of int32, shape (height,).
    """

    ranks: npt.NDArray[np.int32]
    heap: npt.NDArray[np.int64]
    is_queued: npt.NDArray[np.bool_]
    is_dirty: npt.NDArray[np.bool_]
    fresh: tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]


class SweepScratch(NamedTuple):
    """What sweeps need.

    Parameters
    ----------
    extra
        int32, shape (n,). `FAR` between sweeps.
    climbed
        int32, shape (lent,).
    is_set
        bool, shape (chosen,). False between sweeps.
    table
        int32, shape (chosen and lent rows, lanes).
    """

    extra: npt.NDArray[np.int32]
    climbed: npt.NDArray[np.int32]
    is_set: npt.NDArray[np.bool_]
    table: npt.NDArray[np.int32]


def steps_by_rank(
    roads: Roads, order: npt.NDArray[np.int32], rank: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """`first` and `steps` of `Streets`."""
    degree = np.diff(roads.first_out)[order]
    first = np.zeros(len(order) + 1, np.int32)
    np.cumsum(degree, out=first[1:])
    arcs = np.arange(len(roads.head)) + np.repeat(roads.first_out[order] - first[:-1], degree)
    tail = np.repeat(np.arange(len(order)), degree)
    if np.any((np.diff(roads.head[arcs]) < 0) & (tail[1:] == tail[:-1])):
        arcs = arcs[np.lexsort((roads.head[arcs], tail))]
    return first, np.stack((rank[roads.head[arcs]], arcs), axis=1).astype(np.int32)


def has_zero_circle(roads: Roads, weight: npt.NDArray[np.int32]) -> bool:
    """Whether arcs of weight zero lead from some node back to it, self-loops apart."""
    free = np.flatnonzero(weight == 0)
    if not len(free):
        return False
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    tail = np.searchsorted(roads.first_out, free, side="right") - 1
    ends, index = np.unique(np.concatenate((tail, roads.head[free])), return_inverse=True)
    tails, heads = index[: len(free)], index[len(free) :]
    graph = csr_array((np.ones(len(free), np.int8), (tails, heads)), shape=(len(ends), len(ends)))
    parts, _ = connected_components(graph, directed=True, connection="strong")
    return int(parts) < len(ends)


class Scratch(threading.local):
    """Arrays that questions need and leave clean, one set a thread."""

    def __init__(self, node_count: int, height: int, far: int) -> None:
        self._height = height
        self._far = far
        self.forward = np.full(node_count, far, np.int32)
        self.backward = np.full(node_count, far, np.int32)
        self._update: UpdateScratch | None = None
        self._walk: tuple[npt.NDArray[np.int32], WalkScratch] | None = None

    def walk(self) -> tuple[npt.NDArray[np.int32], WalkScratch]:
        """int32, shape (n,), where a walk leaves its arcs, and what else it needs; made at the first walk."""
        if self._walk is None:
            n = len(self.forward)
            trail = np.zeros((4, n), np.int32)
            self._walk = (
                trail[0],
                WalkScratch(np.full(n, self._far + 1, np.int32), np.empty(2 * n, np.int32), trail),
            )
        return self._walk

    def update(self, slots: int) -> UpdateScratch:
        """What updates need; made at the first one."""
        if self._update is None:
            n = len(self.forward)
            self._update = UpdateScratch(
                np.empty(n, np.int32),
                np.empty(n + 1, np.int64),
                np.zeros(n, np.bool_),
                np.zeros(slots, np.bool_),
                (np.empty(self._height, np.int32), np.empty(self._height, np.int32)),
            )
        return self._update

    def sweep(self, chosen: int, lanes: int) -> SweepScratch:
        """What sweeps over so many chosen rows need."""
        n = len(self.forward)
        lent = min(n - chosen, self._height * lanes)
        return SweepScratch(
            self.forward,
            np.empty(lent, np.int32),
            np.zeros(chosen, np.bool_),
            np.empty((chosen + lent, lanes), np.int32),
        )
