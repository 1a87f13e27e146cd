"""Canonical paths over a weighted hierarchy."""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.weighted_graph import Roads


class Streets(NamedTuple):
    """The arcs of a network as a walk takes them.

    Parameters
    ----------
    first_out
        int32, shape (n + 1,), by node.
    head_rank, weight
        int32, shape (m,). Rank of the node each arc leads to, and weight of the arc.
    by_head
        int32, shape (m,). Arcs of each node by head; shape (0,) where they lie in that order already.
    order
        int32, shape (n,). Node of each rank.
    has_zero_circle
        Whether arcs of weight zero lead round in a circle.
    """

    first_out: npt.NDArray[np.int32]
    head_rank: npt.NDArray[np.int32]
    weight: npt.NDArray[np.int32]
    by_head: npt.NDArray[np.int32]
    order: npt.NDArray[np.int32]
    has_zero_circle: bool


class WalkScratch(NamedTuple):
    """What a walk needs and leaves clean.

    Parameters
    ----------
    label
        int32, shape (n,). `FAR` between walks.
    left
        int32, shape (n,). -1 between walks.
    is_closed, is_entered
        bool, shape (n,). False between walks.
    touched
        int32, shape (n,).
    stack
        int32, shape (height,).
    cursor
        int32, shape (n, 2).
    """

    label: npt.NDArray[np.int32]
    left: npt.NDArray[np.int32]
    is_closed: npt.NDArray[np.bool_]
    is_entered: npt.NDArray[np.bool_]
    touched: npt.NDArray[np.int32]
    stack: npt.NDArray[np.int32]
    cursor: npt.NDArray[np.int32]


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


def arcs_by_head(roads: Roads) -> npt.NDArray[np.int32]:
    """int32, shape (m,). The arcs of each node ordered by head; shape (0,) if they are already."""
    tail = np.repeat(np.arange(len(roads.first_out) - 1, dtype=np.int32), np.diff(roads.first_out))
    if not np.any((np.diff(roads.head) < 0) & (tail[1:] == tail[:-1])):
        return np.empty(0, np.int32)
    return np.lexsort((roads.head, tail)).astype(np.int32)


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
        self.forward = np.full(node_count, far, np.int32)
        self.backward = np.full(node_count, far, np.int32)
        self._walk: tuple[WalkScratch, npt.NDArray[np.int32]] | None = None

    def walk(self) -> tuple[WalkScratch, npt.NDArray[np.int32]]:
        """What a walk needs, and int32, shape (n,), for its arcs; made at the first walk."""
        if self._walk is None:
            n = len(self.forward)
            scratch = WalkScratch(
                self.backward,
                np.full(n, -1, np.int32),
                np.zeros(n, np.bool_),
                np.zeros(n, np.bool_),
                np.empty(n, np.int32),
                np.empty(self._height, np.int32),
                np.empty((n, 2), np.int32),
            )
            self._walk = scratch, np.empty(n, np.int32)
        return self._walk

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
