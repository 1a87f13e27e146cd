"""Kilometres of road in a network, each two-way road counted once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from routing.network import ROAD_CLASSES, Network


def road_pieces(network: Network) -> npt.NDArray[np.int64]:
    """One arc for each piece of road: the two arcs of a two-way road count as one.

    Returns
    -------
    int64, ascending. Arc indices. Two arcs are the two directions of one piece when they join the same two
    nodes in opposite directions with the same way, class and length; of k arcs one way and l the other,
    max(k, l) are kept.
    """
    tail = network.tail.astype(np.int64)
    head = network.head.astype(np.int64)
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    is_back = tail > head
    keys = (network.length_m, network.road_class, network.way_id, high, low)
    order = np.lexsort((is_back, *keys))
    changes = np.ones(len(order), bool)
    if len(order):
        changes[1:] = np.any([key[order][1:] != key[order][:-1] for key in keys], axis=0)
    group = np.cumsum(changes) - 1
    back_sorted = is_back[order]
    forward_count = np.bincount(group, weights=~back_sorted).astype(np.int64)
    first = np.flatnonzero(changes)
    rank = np.arange(len(order)) - first[group]  # forward arcs of a group come first
    back_rank = rank - forward_count[group]
    is_kept = ~back_sorted | (back_rank >= forward_count[group])
    return np.sort(order[is_kept])


def road_km_by_class(network: Network) -> dict[str, float]:
    """Kilometres of road of each class that occurs, from motorway down; a two-way road counts once."""
    pieces = road_pieces(network)
    metres = np.bincount(
        network.road_class[pieces], weights=network.length_m[pieces], minlength=len(ROAD_CLASSES)
    )
    return {name: float(metres[code]) / 1000 for code, name in enumerate(ROAD_CLASSES) if metres[code] > 0}
