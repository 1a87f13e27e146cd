"""Travel times by the hierarchy, and the choice between it and dense tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from routing.hierarchy import Hierarchy, Metric
from routing.network import Network
from routing.quantities import (
    LARGEST_OUT_DEGREE,
    MS_PER_S,
    UNREACHABLE,
    UNREACHABLE_MS,
    seconds_of,
)
from routing.shortest_paths import one_to_all
from routing.target_trees import Progress
from routing.travel_times import DenseTravelTimes, Nodes

MEMORY_LIMIT: Final = 720_000_000
"""Bytes that dense tables may take by default: 12,000 nodes whose times fit uint16."""

_BYTES_SHORT: Final = 5
_BYTES_LONG: Final = 9
"""Bytes of dense tables for each pair of nodes: two times in uint16 or int32, and the next arc."""

_SHORT_LIMIT_S: Final = 65_535


class HierarchyTravelTimes:
    """Travel times of a network of any size, each computed when it is asked for.

    Unlike dense tables it serves networks in several parts: `UNREACHABLE` where there is no way. Make it with
    `build`; give another `metric` of the network's hierarchy for other hours or closed roads.

    Parameters
    ----------
    network
        The network.
    metric
        Weights in milliseconds over a hierarchy of that network.
    """

    __slots__ = ("hierarchy", "metric", "network")

    def __init__(self, network: Network, hierarchy: Hierarchy, metric: Metric) -> None:
        self.network = network
        self.hierarchy = hierarchy
        self.metric = metric

    @classmethod
    def build(cls, network: Network, *, folder: Path | str | None = None) -> HierarchyTravelTimes:
        """Prepare the hierarchy and weigh it with the times of the empty road.

        `folder`: where node orders are kept; None computes the order anew.

        Raises
        ------
        OrderError
            When the folder holds the order of another network under this one's name.
        WeightError
            When shortest ways may be longer than 12 days.
        """
        hierarchy = Hierarchy.build(network, folder=folder)
        return cls(network, hierarchy, hierarchy.customise(network.travel_ms))

    def warm_up(self) -> None:
        """Compile (or load) the kernels behind `seconds`, `matrix` and `path`."""
        self.seconds(0, 0)
        self.matrix([0], [0])
        self.path(0, 0)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.network, self.hierarchy.order, self.metric.weight)

    @property
    def node_count(self) -> int:
        return self.network.node_count

    def seconds(self, origin: int, destination: int) -> int:
        """Seconds from one node to another, `UNREACHABLE` where there is no way."""
        milliseconds = self.metric.distance(origin, destination)
        return milliseconds if milliseconds == UNREACHABLE else seconds_of(milliseconds)

    def matrix(self, origins: Nodes, destinations: Nodes) -> npt.NDArray[np.int32]:
        """int32, shape (origins, destinations). Seconds, `UNREACHABLE` where there is no way."""
        found = self.metric.matrix(np.asarray(origins, np.int64), np.asarray(destinations, np.int64))
        has_no_way = found == UNREACHABLE
        found += MS_PER_S // 2
        found //= MS_PER_S
        found[has_no_way] = UNREACHABLE
        return found

    def path(self, origin: int, destination: int) -> npt.NDArray[np.int32]:
        """int32. Nodes of the canonical path with both ends; one node if they are the same.

        Raises
        ------
        NoWayError
            When there is no way.
        """
        arcs = self.path_arcs(origin, destination)
        return np.concatenate((np.array([origin], np.int32), self.network.head[arcs]))

    def path_arcs(self, origin: int, destination: int) -> npt.NDArray[np.int32]:
        """int32. Arcs of the canonical path in driving order; none if both ends are the same."""
        return self.metric.path(origin, destination)

    def metres_along(self, origin: int, destination: int) -> int:
        """Metres of the canonical path."""
        return int(self.network.length_m[self.path_arcs(origin, destination)].sum(dtype=np.int64))


def travel_times_for(
    network: Network,
    memory_limit: int = MEMORY_LIMIT,
    *,
    folder: Path | str | None = None,
    progress: Progress | None = None,
) -> DenseTravelTimes | HierarchyTravelTimes:
    """Dense tables where they fit, looked up at once; the hierarchy otherwise.

    Parameters
    ----------
    memory_limit
        Bytes that dense tables may take: 5 for each pair of nodes while all times are below 65,535 s, else 9.
    folder
        Where tables and node orders are kept; None keeps nothing.
    progress
        Called while dense tables are computed.
    """
    if not _is_dense_fit(network, memory_limit):
        return HierarchyTravelTimes.build(network, folder=folder)
    nodes = network.node_count
    if folder is None:
        return DenseTravelTimes.build(network, progress=progress, node_limit=nodes)
    return DenseTravelTimes.cached(network, folder, progress, node_limit=nodes)


def _is_dense_fit(network: Network, memory_limit: int) -> bool:
    """Whether dense tables can hold the network, and within the limit.

    No time exceeds the longest to node 0 and the longest from there together.
    """
    pairs = network.node_count**2
    if _BYTES_SHORT * pairs > memory_limit or int(np.diff(network.first_out).max()) > LARGEST_OUT_DEGREE:
        return False
    there, back = (int(one_to_all(network, 0, is_reverse=turned).max()) for turned in (False, True))
    if max(there, back) == UNREACHABLE_MS:
        return False
    is_short = seconds_of(there + back) < _SHORT_LIMIT_S
    return (_BYTES_SHORT if is_short else _BYTES_LONG) * pairs <= memory_limit


def _restored(
    network: Network, order: npt.NDArray[np.int32], weight: npt.NDArray[np.int32]
) -> HierarchyTravelTimes:
    hierarchy = Hierarchy.build(network, order=order)
    return HierarchyTravelTimes(network, hierarchy, hierarchy.customise(weight))
