"""What can be reached within some minutes from the nearest of several places, or reaches it, as areas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from routing.errors import IsochroneError
from routing.isochrone_outlines import OutlineRules, Ring, Rings, nested_outlines
from routing.network import Network, RoadClass
from routing.reach import find_reach, positions, snap_places
from routing.snapping import DEFAULT_LIMIT_M, Snap

__all__ = ["Isochrone", "Isochrones", "OutlineRules", "Ring", "Rings", "check_minutes", "find_isochrones"]

LONGEST_MINUTES: Final = 1440.0
"""A day: more is taken for a slip of the unit."""

MS_PER_MINUTE: Final = 60_000


@dataclass(frozen=True, eq=False, slots=True)
class Isochrone:
    """The area within one time.

    Parameters
    ----------
    minutes
        The time.
    polygons
        The area; several where places far from each other are given.
    area_km2
        Square kilometres of the area, on the sphere.
    road_km
        Kilometres of road reached, each two-way road counted once, cut where the time runs out.
    road_share
        The same as a part of all roads of the network.
    open_ends
        Dead ends of main roads (tertiary or higher) that are reached. There the network most likely stops and
        the road does not, so the true area is larger.
    is_reached
        bool, shape (n,). Nodes reached in time.
    """

    minutes: float
    polygons: tuple[Rings, ...]
    area_km2: float
    road_km: float
    road_share: float
    open_ends: int
    is_reached: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Isochrones:
    """Areas within rising times, each containing the one before.

    Parameters
    ----------
    places
        As asked for: (lat, lon) in degrees, in a planar network (y, x) in metres.
    origins
        The same on their roads; the time begins there.
    is_to
        Whether the areas are those from which a place is reached, not those reached from it.
    bands
        One area a time, shortest first.
    """

    network: Network
    places: tuple[tuple[float, float], ...]
    origins: tuple[Snap, ...]
    is_to: bool
    bands: tuple[Isochrone, ...]


def find_isochrones(
    network: Network,
    places: Sequence[tuple[float, float]],
    minutes: Sequence[float],
    *,
    is_to: bool = False,
    limit_m: float = DEFAULT_LIMIT_M,
    rules: OutlineRules | None = None,
) -> Isochrones:
    """Areas reached within each of some times from the nearest of some places.

    Parameters
    ----------
    places
        (lat, lon) in degrees; in a planar network (y, x) in metres.
    minutes
        More than 0, at most a day, in any order.
    is_to
        Areas from which the nearest place is reached instead.
    limit_m
        Farthest a place may lie from the nearest road.
    rules
        How areas are drawn around roads.

    Notes
    -----
    Times are those of the empty road. The area is the union of the land beside reached stretches of road with
    narrow gaps closed (a morphological closing), so it follows the network and is no hull.

    Raises
    ------
    IsochroneError
        When minutes or places are missing or of the wrong size.
    SnapError
        When a place is none, or too far from every road.
    """
    times = check_minutes(minutes)
    origins = snap_places(network, places, limit_m)
    reach = find_reach(network, origins, is_to=is_to)
    is_measured = reach.roads.road == np.arange(network.arc_count)
    whole_km = float(network.length_m[is_measured].sum(dtype=np.int64)) / 1000
    is_end = main_road_ends(network)
    limits_ms = [time * MS_PER_MINUTE for time in times]
    bands = []
    for time, limit_ms, (polygons, square_km, stretches) in zip(
        times, limits_ms, nested_outlines(reach, limits_ms, rules or OutlineRules()), strict=True
    ):
        lengths = (stretches.end - stretches.start) * network.length_m[stretches.road]
        reached_km = float(lengths.sum()) / 1000
        is_reached = reach.time_ms <= limit_ms
        is_reached.flags.writeable = False
        share = reached_km / whole_km if whole_km > 0 else 0.0
        ends = int(np.count_nonzero(is_reached & is_end))
        bands.append(Isochrone(time, polygons, square_km, reached_km, share, ends, is_reached))
    return Isochrones(network, tuple(places), origins, is_to, tuple(bands))


def main_road_ends(network: Network) -> npt.NDArray[np.bool_]:
    """Nodes with a single neighbour, to or from which a main road (tertiary or higher) runs.

    Returns
    -------
    bool, shape (n,). Of several nodes at one place, the first.
    """
    position = positions(network)
    tail, head = position[network.tail], position[network.head]
    is_main = network.road_class <= RoadClass.TERTIARY
    n = network.node_count
    pairs = np.unique(np.concatenate((tail * n + head, head * n + tail))[np.tile(tail != head, 2)])
    is_end = np.bincount(pairs // n, minlength=n) == 1
    has_main = np.zeros(n, np.bool_)
    has_main[tail[is_main]] = has_main[head[is_main]] = True
    first = np.zeros(n, np.bool_)
    first[np.unique(position, return_index=True)[1]] = True
    return np.asarray((is_end & has_main)[position] & first)


def check_minutes(minutes: Sequence[float]) -> tuple[float, ...]:
    """The times in rising order.

    Raises
    ------
    IsochroneError
        When there is none, one is not between 0 and `LONGEST_MINUTES`, or one is given twice.
    """
    if not len(minutes):
        raise IsochroneError("no minutes are given; give one number or several, such as 10,20,30")
    for value in minutes:
        if not (math.isfinite(value) and 0 < value <= LONGEST_MINUTES):
            raise IsochroneError(
                f"minutes hold {value:g}; give numbers above 0, at most {LONGEST_MINUTES:g} (a day)"
            )
    times = tuple(sorted(float(value) for value in minutes))
    for value, following in pairwise(times):
        if value == following:
            raise IsochroneError(f"minutes hold {value:g} twice; give it once")
    return times
