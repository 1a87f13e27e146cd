"""Which of many points in a plane are neighbours: graphs that look like streets."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay, cKDTree

Points = npt.NDArray[np.float64]
Edges = npt.NDArray[np.int64]


def delaunay_edges(xy: Points) -> Edges:
    """Edges of the Delaunay triangulation.

    Parameters
    ----------
    xy
        float64, shape (n, 2). Metres; no two points alike.

    Returns
    -------
    int64, shape (m, 2). Pairs (smaller, larger), sorted.
    """
    corners = Delaunay(xy).simplices.astype(np.int64)
    pairs = np.concatenate((corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]))
    return np.unique(np.sort(pairs, axis=1), axis=0)


def is_relative_neighbour(xy: Points, edges: Edges) -> npt.NDArray[np.bool_]:
    """Whether no third point is nearer to both ends of an edge than they are to each other.

    Notes
    -----
    Relative neighbourhood graph (Toussaint 1980), a subgraph of the Delaunay triangulation that contains the
    minimum spanning tree.
    """
    tree = cKDTree(xy)
    a, b = xy[edges[:, 0]], xy[edges[:, 1]]
    length = np.hypot(*(a - b).T)
    near = tree.query_ball_point((a + b) / 2, length * (np.sqrt(3) / 2))
    keeps = np.ones(len(edges), np.bool_)
    for k, others in enumerate(near):
        points = xy[others]
        to_a = np.hypot(*(points - a[k]).T)
        to_b = np.hypot(*(points - b[k]).T)
        # The ends themselves stand at distance 0 and `length`: not nearer to both.
        keeps[k] = not bool((np.maximum(to_a, to_b) < length[k] - 1e-9).any())
    return keeps


def is_gabriel(xy: Points, edges: Edges) -> npt.NDArray[np.bool_]:
    """Whether the circle over an edge as diameter holds no third point (Gabriel & Sokal 1969)."""
    a, b = xy[edges[:, 0]], xy[edges[:, 1]]
    radius = np.hypot(*(a - b).T) / 2
    nearest, _ = cKDTree(xy).query((a + b) / 2, k=1)
    return np.asarray(nearest >= radius - 1e-9)


def spanning_tree(size: int, edges: Edges, weight: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which edges a lightest spanning forest needs; `weight` must be positive."""
    graph = coo_matrix((weight, (edges[:, 0], edges[:, 1])), (size, size)).tocsr()
    tree = minimum_spanning_tree(graph).tocoo()
    chosen = set(zip(tree.row.tolist(), tree.col.tolist(), strict=True))
    return np.array([(int(a), int(b)) in chosen for a, b in edges], np.bool_)


def makes_wide_corners(
    xy: Points, edges: Edges, is_fixed: npt.NDArray[np.bool_], least_rad: float
) -> npt.NDArray[np.bool_]:
    """Which edges stay if no edge may meet another of its ends at a sharp angle.

    Parameters
    ----------
    xy
        float64, shape (n, 2). Metres.
    edges
        int64, shape (m, 2). Pairs of nodes.
    is_fixed
        bool, shape (m,). These stay whatever their angles.
    least_rad
        Sharpest angle at which an edge that is not fixed may meet one that stays.

    Notes
    -----
    Greedy, the shortest edge first (ties: the first given), after the fixed ones.
    """
    step = xy[edges[:, 1]] - xy[edges[:, 0]]
    ahead = np.arctan2(step[:, 1], step[:, 0])
    stays = is_fixed.copy()
    arms: dict[int, list[float]] = {}

    def is_wide(node: int, direction: float) -> bool:
        turns = (abs(math.remainder(direction - arm, math.tau)) for arm in arms.get(node, ()))
        return all(turn >= least_rad for turn in turns)

    order = np.lexsort((np.hypot(*step.T), ~is_fixed))
    for k in order.tolist():
        a, b, direction = int(edges[k, 0]), int(edges[k, 1]), float(ahead[k])
        if is_fixed[k] or (is_wide(a, direction) and is_wide(b, direction + math.pi)):
            stays[k] = True
            arms.setdefault(a, []).append(direction)
            arms.setdefault(b, []).append(direction + math.pi)
    return stays


def crosses(a: Points, b: Points, c: Points, d: Points) -> npt.NDArray[np.bool_]:
    """Whether segments a-b properly cross segments c-d.

    Parameters
    ----------
    a, b, c, d
        float64, shapes that broadcast to (..., 2).

    Returns
    -------
    bool, of the broadcast shape without its last axis. Touching ends do not cross.
    """

    def side(p: Points, q: Points, r: Points) -> npt.NDArray[np.float64]:
        return np.asarray(
            (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1])
            - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0])
        )

    return np.asarray((side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0))


def nearest_distance(xy: Points, others: Points) -> npt.NDArray[np.float64]:
    """Metres from each point to the nearest of the others."""
    distance, _ = cKDTree(others).query(xy, k=1)
    return np.asarray(distance)


def nearest_index(xy: Points, others: Points) -> npt.NDArray[np.int64]:
    """Index of the nearest of the others to each point."""
    _, index = cKDTree(others).query(xy, k=1)
    return np.asarray(index, np.int64)


def neighbours_within(xy: Points, reach_m: float) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Which points lie within reach of each point, itself included.

    Returns
    -------
    first, neighbour: int64, shapes (n + 1,) and (k,). The neighbours of point i are `neighbour[first[i]]` up
    to, not including, `neighbour[first[i + 1]]`, rising. A point exactly at `reach_m` is within reach.
    """
    pairs = cKDTree(xy).query_pairs(reach_m, output_type="ndarray").astype(np.int64)
    alone = np.arange(len(xy), dtype=np.int64)
    one = np.concatenate((pairs[:, 0], pairs[:, 1], alone))
    other = np.concatenate((pairs[:, 1], pairs[:, 0], alone))
    first = np.zeros(len(xy) + 1, np.int64)
    np.cumsum(np.bincount(one, minlength=len(xy)), out=first[1:])
    return first, other[np.lexsort((other, one))]
