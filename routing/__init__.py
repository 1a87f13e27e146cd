"""Roads, travel times and routing kernels.

The names below are imported at their first use: `import routing` reads no other module and compiles nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from routing.errors import (
        DownloadError,
        IsochroneError,
        NetworkError,
        NoWayError,
        OrderError,
        OsmFileError,
        ProblemError,
        RoutingError,
        SnapError,
        WeightError,
    )
    from routing.geometry import Projection, distance_m
    from routing.hierarchy import Hierarchy, Metric
    from routing.hierarchy_times import HierarchyTravelTimes, travel_times_for
    from routing.isochrones import Isochrones, find_isochrones
    from routing.network import (
        ROAD_CLASSES,
        Confidence,
        Network,
        RoadClass,
        build_network,
        strongly_connected_part,
        validate_network,
    )
    from routing.quantities import UNREACHABLE
    from routing.shortest_paths import one_to_all
    from routing.snapping import KerbRule, KerbStop, Snap, Snapper, Snaps
    from routing.travel_times import DenseTravelTimes, TravelTables, TravelTimes
    from routing.weighted_graph import WeightedGraph

__all__ = [
    "ROAD_CLASSES",
    "UNREACHABLE",
    "Confidence",
    "DenseTravelTimes",
    "DownloadError",
    "Hierarchy",
    "HierarchyTravelTimes",
    "IsochroneError",
    "Isochrones",
    "KerbRule",
    "KerbStop",
    "Metric",
    "Network",
    "NetworkError",
    "NoWayError",
    "OrderError",
    "OsmFileError",
    "ProblemError",
    "Projection",
    "RoadClass",
    "RoutingError",
    "Snap",
    "SnapError",
    "Snapper",
    "Snaps",
    "TravelTables",
    "TravelTimes",
    "WeightError",
    "WeightedGraph",
    "build_network",
    "distance_m",
    "find_isochrones",
    "one_to_all",
    "strongly_connected_part",
    "travel_times_for",
    "validate_network",
]

_MODULES = {
    "routing.errors": (
        "DownloadError",
        "IsochroneError",
        "NetworkError",
        "NoWayError",
        "OrderError",
        "OsmFileError",
        "ProblemError",
        "RoutingError",
        "SnapError",
        "WeightError",
    ),
    "routing.geometry": ("Projection", "distance_m"),
    "routing.hierarchy": ("Hierarchy", "Metric"),
    "routing.hierarchy_times": ("HierarchyTravelTimes", "travel_times_for"),
    "routing.isochrones": ("Isochrones", "find_isochrones"),
    "routing.network": (
        "ROAD_CLASSES",
        "Confidence",
        "Network",
        "RoadClass",
        "build_network",
        "strongly_connected_part",
        "validate_network",
    ),
    "routing.quantities": ("UNREACHABLE",),
    "routing.shortest_paths": ("one_to_all",),
    "routing.snapping": ("KerbRule", "KerbStop", "Snap", "Snapper", "Snaps"),
    "routing.travel_times": ("DenseTravelTimes", "TravelTables", "TravelTimes"),
    "routing.weighted_graph": ("WeightedGraph",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'routing' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
