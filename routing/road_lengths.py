"""Kilometres of road in a network: each two-way road once, the copies of a split crossing as one place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from routing.network import ROAD_CLASSES, Network
from routing.osm_node_ids import is_split, place_numbers


def road_pieces(network: Network) -> npt.NDArray[np.int64]:
    """One arc for each piece of road: the two arcs of a two-way road count as one.

    Returns
    -------
    int64, ascending. Arc indices. Two arcs are the two directions of one piece when they join the same two
    nodes in opposite directions with the same way, class and length; of k arcs one way and l the other,
    max(k, l) are kept. At a split crossing an arc that leaves several of its copies counts once.
    """
    place = place_numbers(network)
    arcs = _without_copies(network, place)
    tail, head = place[network.tail[arcs]], place[network.head[arcs]]
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    is_back = tail > head
    keys = (network.length_m[arcs], network.road_class[arcs], network.way_id[arcs], high, low)
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
    return np.sort(arcs[order[is_kept]])


def _without_copies(network: Network, place: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """int64, ascending. One of each set of arcs with the same road between the same two places."""
    has_copies = is_split(network)
    doubtful = has_copies[network.tail] | has_copies[network.head]
    tail = network.tail
    seen: set[tuple[object, ...]] = set()
    kept = np.ones(network.arc_count, bool)
    for arc in np.flatnonzero(doubtful).tolist():
        inner = slice(network.geometry_first[arc], network.geometry_first[arc + 1])
        key = (
            int(place[tail[arc]]),
            int(place[network.head[arc]]),
            int(network.way_id[arc]),
            int(network.length_m[arc]),
            network.geometry_lat[inner].tobytes(),
            network.geometry_lon[inner].tobytes(),
        )
        kept[arc] = key not in seen
        seen.add(key)
    return np.flatnonzero(kept)


def road_km_by_class(network: Network) -> dict[str, float]:
    """Kilometres of road of each class that occurs, from motorway down; a two-way road counts once."""
    pieces = road_pieces(network)
    metres = np.bincount(
        network.road_class[pieces], weights=network.length_m[pieces], minlength=len(ROAD_CLASSES)
    )
    return {name: float(metres[code]) / 1000 for code, name in enumerate(ROAD_CLASSES) if metres[code] > 0}
