"""Identities of the copies of one OpenStreetMap node.

A crossing with a turn restriction becomes several nodes of the network at one place. The first keeps the id
of OpenStreetMap, the k-th further one adds k times 2**40 to it (away from zero, for the negative ids of
editors). OpenStreetMap is at about 2**34 today, and the sums stay below 2**53, so that every id is exact as a
JSON number too. The same file gives the same ids.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from routing.network import Network

COPY_STRIDE: Final = 1 << 40
MOST_COPIES: Final = (1 << 13) - 1


def copy_id(place: int, number: int) -> int:
    """Node id of copy `number` (0 = the node itself) of the OpenStreetMap node `place`."""
    return place + number * COPY_STRIDE if place >= 0 else place - number * COPY_STRIDE


def place_of(node_id: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """int64, same shape. The OpenStreetMap node that each node id stands for; undoes `copy_id`."""
    return np.asarray(np.sign(node_id) * (np.abs(node_id) % COPY_STRIDE), np.int64)


def place_numbers(network: Network) -> npt.NDArray[np.int64]:
    """int64, shape (n,). The same number for the copies of one place, distinct numbers for distinct places.

    Copies are nodes whose ids say so and that lie at the same coordinates; ids of other sources may be as
    large as those of copies and mean nothing.
    """
    if not np.any(np.abs(network.node_id) >= COPY_STRIDE):
        return np.arange(network.node_count, dtype=np.int64)
    keys = np.column_stack(
        (place_of(network.node_id), network.lat.view(np.int64), network.lon.view(np.int64))
    )
    return np.asarray(np.unique(keys, axis=0, return_inverse=True)[1], np.int64).reshape(-1)


def is_split(network: Network) -> npt.NDArray[np.bool_]:
    """bool, shape (n,). Whether a node is one of several copies of its place."""
    numbers = place_numbers(network)
    return np.asarray(np.bincount(numbers, minlength=1)[numbers] > 1)
