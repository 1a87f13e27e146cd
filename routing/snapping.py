"""The place on the road nearest to a coordinate: on any side of it, or at the kerb where a vehicle stops."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely  # type: ignore[import-untyped]  # ships no types

from routing.errors import NetworkError, SnapError
from routing.geometry import Projection, distance_m
from routing.network import Network, RoadClass
from routing.osm_node_ids import is_split, place_numbers

DEFAULT_LIMIT_M: Final = 500.0
_TIE_M: Final = 1e-6
_Column = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Snap:
    """A coordinate moved to the nearest point of the nearest road.

    Parameters
    ----------
    arc
        The arc it lies on; of several equally near (both directions of a road) the lowest-numbered.
    node
        The end of that arc that is nearer along the road (the tail at half way): where a vehicle would stop.
        Of a split crossing (see `routing.osm_node_ids`) and a whole one, the whole: every way leads to it.
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


@dataclass(frozen=True, slots=True)
class KerbRule:
    """On which roads a vehicle must come past a place on its own side of the road.

    Parameters
    ----------
    drives_on_left
        Japan: True. The kerb is then to the left of the driving direction.
    either_side_classes
        Roads so narrow that a rider crosses them: stopping at the other kerb is as good.
    is_either_side_of_oneways
        Whether one-way roads are served on both sides.
    """

    drives_on_left: bool = True
    either_side_classes: frozenset[RoadClass] = frozenset({RoadClass.RESIDENTIAL, RoadClass.SERVICE})
    is_either_side_of_oneways: bool = True


@dataclass(frozen=True, slots=True)
class KerbStop:
    """A place on one direction of a road.

    The driving time from stop a to stop b is `a.depart_ms`, the way from `a.depart_to` to `b.arrive_from`,
    and `b.arrive_ms`; less where both lie on one arc in this order.

    Parameters
    ----------
    arc
        The direction in which a vehicle passes; of the copies of an arc at a split crossing the lowest.
    lat, lon, distance_m, fraction
        As in `Snap`.
    is_near_side
        True if the place lies on the side where the vehicle stops, or on the road itself.
    arrive_from, arrive_ms
        The node where the arc begins, and the milliseconds from there to the stop.
    depart_to, depart_ms
        The node where the arc ends, and the milliseconds from the stop to there.
    """

    arc: int
    lat: float
    lon: float
    distance_m: float
    fraction: float
    is_near_side: bool
    arrive_from: int
    arrive_ms: int
    depart_to: int
    depart_ms: int


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
        self._is_split = is_split(network)
        self._has_way_back: npt.NDArray[np.bool_] | None = None
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

    def snap_to_kerb(
        self, lat: float, lon: float, rule: KerbRule | None = None, limit_m: float = DEFAULT_LIMIT_M
    ) -> KerbStop:
        """Nearest point on a road that a vehicle passes on the side of the coordinate.

        Of the two directions of a road the one that has the coordinate at its kerb; on roads that the rule
        excepts, that one if there is one. A road that passes on the wrong side only is left for the next.

        Parameters
        ----------
        lat, lon, limit_m
            As in `snap`.
        rule
            By default that of Japan, `KerbRule()`.

        Raises
        ------
        SnapError
            When no such road is near enough, or the coordinate is none.
        """
        obeyed = rule or KerbRule()
        point = np.array([lat], np.float64), np.array([lon], np.float64)
        nearest = self._nearest(*point, limit_m, "")  # checks, and says what is wrong
        xy = self._to_xy(*point)
        # Projected metres are within 0.3 % of those on the sphere; the limit itself is checked on the sphere.
        reach = limit_m * 1.01 + 1.0 if math.isfinite(limit_m) else np.finfo(np.float64).max
        near = np.sort(self._tree.query(shapely.points(xy)[0], predicate="dwithin", distance=reach))
        columns, away_m = self._points_on(near, np.repeat(xy, len(near), axis=0), point)
        side = self._side(near, xy[0])
        faces = side >= 0 if obeyed.drives_on_left else side <= 0
        is_free = np.isin(self._network.road_class[columns.arc], sorted(obeyed.either_side_classes))
        if obeyed.is_either_side_of_oneways:
            is_free |= ~self._is_two_way()[columns.arc]
        fits = np.flatnonzero((faces | is_free) & (columns.distance_m <= limit_m))
        if not len(fits):
            raise SnapError(
                f"{_place(lat, lon)} has no road within {limit_m:,g} m that passes on its kerb side; the"
                f" nearest, {math.ceil(nearest.distance_m[0]):,} m away, passes on the other: raise the limit"
                " or except its class"
            )
        tied = fits[away_m[fits] <= away_m[fits].min() + _TIE_M]
        best = int(tied[np.flatnonzero(faces[tied])[0]] if faces[tied].any() else tied[0])
        arc, _, road_lat, road_lon, distance, fraction = (column[best].item() for column in columns)
        travel_ms = int(self._network.travel_ms[arc])
        arrive_ms = math.floor(fraction * travel_ms + 0.5)
        return KerbStop(
            arc=arc,
            lat=road_lat,
            lon=road_lon,
            distance_m=distance,
            fraction=fraction,
            is_near_side=bool(faces[best]),
            arrive_from=int(self._tail[arc]),
            arrive_ms=arrive_ms,
            depart_to=int(self._network.head[arc]),
            depart_ms=travel_ms - arrive_ms,
        )

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
        snaps = self._points_on(self._nearest_segment(xy), xy, (lat, lon))[0]
        distance = snaps.distance_m
        far = np.flatnonzero(distance > limit_m)
        if len(far):
            at = int(far[0])
            raise SnapError(
                f"{prefix.format(at=at)}{_place(lat[at], lon[at])} is {math.ceil(distance[at]):,} m"
                f" from the nearest road of {self._network.title!r}; the limit is {limit_m:,g} m:"
                " move the point or raise the limit"
            )
        return snaps

    def _points_on(
        self, segment: npt.NDArray[np.intp], xy: npt.NDArray[np.float64], latlon: tuple[_Column, _Column]
    ) -> tuple[Snaps, _Column]:
        """The point of each segment nearest to the coordinate of its row, and the projected metres."""
        start, along = self._start[segment], self._end[segment] - self._start[segment]
        squared = np.maximum((along**2).sum(axis=1), np.finfo(np.float64).tiny)
        share = np.clip(((xy - start) * along).sum(axis=1) / squared, 0.0, 1.0)
        x, y = (start + share[:, None] * along).T
        away_m = np.hypot(x - xy[:, 0], y - xy[:, 1])
        if self._projection is None:
            road_lat, road_lon, distance = y, x, away_m
        else:
            road_lat, road_lon = self._projection.to_latlon(x, y)
            distance = distance_m(*latlon, road_lat, road_lon)
        arc = self._segment_arc[segment]
        length = self._arc_length[arc]
        passed = self._before[segment] + share * self._segment_length[segment]
        fraction = np.clip(np.divide(passed, length, out=np.zeros_like(passed), where=length > 0), 0.0, 1.0)
        tail, head = self._tail[arc], self._network.head[arc]
        is_tail = np.where(
            self._is_split[tail] == self._is_split[head], fraction <= 0.5, self._is_split[head]
        )
        node = np.where(is_tail, tail, head)
        snaps = Snaps(arc.astype(np.int32), node.astype(np.int32), road_lat, road_lon, distance, fraction)
        return snaps, away_m

    def _side(self, segment: npt.NDArray[np.intp], xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Positive where the point lies to the left of the segment, 0 on its line (to a micrometre)."""
        start, along = self._start[segment], self._end[segment] - self._start[segment]
        cross = along[:, 0] * (xy[1] - start[:, 1]) - along[:, 1] * (xy[0] - start[:, 0])
        return np.where(np.abs(cross) <= _TIE_M * self._segment_length[segment], 0.0, cross)

    def _is_two_way(self) -> npt.NDArray[np.bool_]:
        """bool, shape (m,). Whether the same piece of road may be driven the other way too; kept."""
        if self._has_way_back is None:
            network, place = self._network, place_numbers(self._network)
            ends = place[self._tail].tolist(), place[network.head].tolist()
            road = list(zip(network.way_id.tolist(), network.length_m.tolist(), strict=True))
            there = set(zip(*ends, road, strict=True))
            back = zip(*ends[::-1], road, strict=True)
            self._has_way_back = np.fromiter((key in there for key in back), bool, network.arc_count)
        return self._has_way_back

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
