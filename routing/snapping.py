"""The place on the road nearest to a coordinate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely  # type: ignore[import-untyped]  # ships no types

from routing.errors import NetworkError, SnapError
from routing.geometry import Projection, distance_m
from routing.network import Network

DEFAULT_LIMIT_M: Final = 500.0
_TIE_M: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Snap:
    """A coordinate moved to the nearest point of the nearest road.

    Parameters
    ----------
    arc
        The arc it lies on; of several equally near (both directions of a road) the lowest-numbered.
    node
        The end of that arc that is nearer along the road (the tail at half way): where a vehicle would stop.
    lat, lon
        The point on the road.
    distance_m
        Straight metres from the coordinate to that point.
    fraction
        Position of that point on the arc: 0.0 at the tail, 1.0 at the head, by length of its geometry.
    """

    arc: int
    node: int
    lat: float
    lon: float
    distance_m: float
    fraction: float


class Snaps(NamedTuple):
    """Many snaps as columns of shape (k,): the fields of `Snap`, int32 and float64."""

    arc: npt.NDArray[np.int32]
    node: npt.NDArray[np.int32]
    lat: npt.NDArray[np.float64]
    lon: npt.NDArray[np.float64]
    distance_m: npt.NDArray[np.float64]
    fraction: npt.NDArray[np.float64]


class Snapper:
    """Moves coordinates to the roads of one network.

    Notes
    -----
    A tree (STR) over the straight segments of all arcs, in metres around the middle of the network.

    Raises
    ------
    NetworkError
        When the network has no arc.
    """

    def __init__(self, network: Network) -> None:
        if network.arc_count == 0:
            raise NetworkError(f"{network.title} has no road to move a place to; give a network with arcs")
        self._network = network
        self._tail = network.tail
        middle = [float(values.min() + values.max()) / 2 for values in (network.lat, network.lon)]
        self._projection = None if network.is_planar else Projection(*middle)
        self._start, self._end, self._segment_arc = self._segments()
        lengths = np.hypot(*(self._end - self._start).T)
        along = np.cumsum(lengths)
        first = np.searchsorted(self._segment_arc, np.arange(network.arc_count))
        self._arc_length = np.add.reduceat(lengths, first)
        self._before = along - lengths - (along[first] - lengths[first])[self._segment_arc]
        self._segment_length = lengths
        self._tree = shapely.STRtree(shapely.linestrings(np.stack((self._start, self._end), axis=1)))

    def snap(self, lat: float, lon: float, limit_m: float = DEFAULT_LIMIT_M) -> Snap:
        """Nearest point on a road.

        Parameters
        ----------
        lat, lon
            Degrees; in a planar network y and x in metres.
        limit_m
            Farthest straight distance that is still accepted; `math.inf` accepts all.

        Raises
        ------
        SnapError
            When the nearest road is farther than `limit_m`, or the coordinate is none.
        """
        columns = self._nearest(np.array([lat], np.float64), np.array([lon], np.float64), limit_m, "")
        arc, node, *place = (column[0].item() for column in columns)
        return Snap(arc, node, *place)

    def snap_many(self, lats: npt.ArrayLike, lons: npt.ArrayLike, limit_m: float = DEFAULT_LIMIT_M) -> Snaps:
        """As `snap` for arrays of shape (k,); an error names the first point that cannot be moved."""
        lat, lon = np.asarray(lats, np.float64), np.asarray(lons, np.float64)
        if lat.ndim != 1 or lat.shape != lon.shape:
            raise SnapError(
                f"latitudes have shape {lat.shape}, longitudes {lon.shape}; give lists of one length"
            )
        return self._nearest(lat, lon, limit_m, "point {at}: ")

    def _segments(
        self,
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.intp]]:
        """Start and end (x, y) of all segments, arc by arc in driving direction, and the arc of each."""
        network = self._network
        inner = np.diff(network.geometry_first)
        arc = np.repeat(np.arange(network.arc_count), inner + 1)
        node_xy = self._to_xy(network.lat, network.lon)
        inner_xy = self._to_xy(network.geometry_lat, network.geometry_lon)
        # Arc a has inner[a] + 1 segments; those before it count geometry_first[a] + a.
        first = network.geometry_first[:-1] + np.arange(network.arc_count)
        is_first = np.zeros(len(arc), bool)
        is_first[first] = True
        is_last = np.zeros(len(arc), bool)
        is_last[first + inner] = True
        start, end = np.empty((len(arc), 2)), np.empty((len(arc), 2))
        start[is_first], start[~is_first] = node_xy[self._tail], inner_xy
        end[is_last], end[~is_last] = node_xy[network.head], inner_xy
        return start, end, arc

    def _to_xy(self, lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        x, y = (lon, lat) if self._projection is None else self._projection.to_xy(lat, lon)
        return np.column_stack((x, y))

    def _nearest(
        self, lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64], limit_m: float, prefix: str
    ) -> Snaps:
        self._check(lat, lon, limit_m, prefix)
        xy = self._to_xy(lat, lon)
        segment = self._nearest_segment(xy)
        start, along = self._start[segment], self._end[segment] - self._start[segment]
        squared = np.maximum((along**2).sum(axis=1), np.finfo(np.float64).tiny)
        share = np.clip(((xy - start) * along).sum(axis=1) / squared, 0.0, 1.0)
        x, y = (start + share[:, None] * along).T
        if self._projection is None:
            road_lat, road_lon, distance = y, x, np.hypot(y - lat, x - lon)
        else:
            road_lat, road_lon = self._projection.to_latlon(x, y)
            distance = distance_m(lat, lon, road_lat, road_lon)
        far = np.flatnonzero(distance > limit_m)
        if len(far):
            at = int(far[0])
            raise SnapError(
                f"{prefix.format(at=at)}{_place(lat[at], lon[at])} is {math.ceil(distance[at]):,} m"
                f" from the nearest road of {self._network.title!r}; the limit is {limit_m:,g} m:"
                " move the point or raise the limit"
            )
        arc = self._segment_arc[segment]
        length = self._arc_length[arc]
        passed = self._before[segment] + share * self._segment_length[segment]
        fraction = np.clip(np.divide(passed, length, out=np.zeros_like(passed), where=length > 0), 0.0, 1.0)
        node = np.where(fraction <= 0.5, self._tail[arc], self._network.head[arc])
        return Snaps(arc.astype(np.int32), node.astype(np.int32), road_lat, road_lon, distance, fraction)

    def _nearest_segment(self, xy: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
        """The lowest-numbered of the segments that are nearest to each point (within a micrometre)."""
        points = shapely.points(xy)
        (asked, _), least = self._tree.query_nearest(points, all_matches=False, return_distance=True)
        reach = np.empty(len(xy))
        reach[asked] = least + _TIE_M
        point, candidate = self._tree.query(points, predicate="dwithin", distance=reach)
        nearest = np.full(len(xy), len(self._segment_arc), np.intp)
        np.minimum.at(nearest, point, candidate)
        return nearest

    def _check(
        self, lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64], limit_m: float, prefix: str
    ) -> None:
        if not limit_m >= 0:
            raise SnapError(f"the limit is {limit_m} m; give 0 m or more")
        is_planar = self._projection is None
        largest = (np.finfo(np.float64).max,) * 2 if is_planar else (90.0, 180.0)
        wrong = np.flatnonzero(~((np.abs(lat) <= largest[0]) & (np.abs(lon) <= largest[1])))
        if len(wrong):
            at = int(wrong[0])
            remedy = (
                "give y and x in metres"
                if is_planar
                else "give the latitude first (-90 to 90 degrees), then the longitude (-180 to 180)"
            )
            raise SnapError(f"{prefix.format(at=at)}{_place(lat[at], lon[at])} is no place; {remedy}")


def _place(lat: float, lon: float) -> str:
    return f"({round(float(lat), 6)}, {round(float(lon), 6)})"
