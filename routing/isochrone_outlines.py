"""Stretches of road as areas: the land beside them, gaps between near roads closed, large holes kept."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely  # type: ignore[import-untyped]  # ships no types

from routing.arc_lists import ranges
from routing.errors import IsochroneError
from routing.geometry import EARTH_RADIUS_M, Projection
from routing.network import Network
from routing.reach import Reach, Stretches

_QUARTER_CORNERS: Final = 4
"""Corners of a quarter circle, which then runs up to 2 % of its radius inside the true one."""

_GRID_DEGREES: Final = 1e-6
_GRID_M: Final = 0.01
"""Outlines have their corners on a grid of this width, so that they are written as they are."""

Ring = npt.NDArray[np.float64]
"""A closed ring: float64, shape (k, 2), (lat, lon) in degrees; in a planar network (y, x) in metres."""

Rings = tuple[Ring, ...]
"""A polygon: its outer ring, anticlockwise on a map with north up, then its holes, clockwise."""


@dataclass(frozen=True, slots=True)
class OutlineRules:
    """How an area is drawn around reached roads.

    Parameters
    ----------
    beside_m
        Metres to either side of a reached road, and beyond the point where the time runs out, that belong to
        the area.
    gap_m
        Land between reached roads belongs to the area where a circle of this radius more than `beside_m`
        does not fit between them.
    hole_km2
        Holes smaller than this are closed, unless they hold a node that is not reached.
    simplify_m
        Farthest that a simplified outline may run from the exact one; less than `beside_m`, so that reached
        roads stay inside.
    """

    beside_m: float = 100.0
    gap_m: float = 150.0
    hole_km2: float = 0.25
    simplify_m: float = 15.0

    def __post_init__(self) -> None:
        for name, least in (("beside_m", 1.0), ("gap_m", 0.0), ("hole_km2", 0.0), ("simplify_m", 0.0)):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= least):
                raise IsochroneError(f"{name} is {value}; give a number of {least:g} or more")
        if self.simplify_m > self.beside_m / 2:
            raise IsochroneError(
                f"simplify_m is {self.simplify_m:g} m; give at most half of beside_m ({self.beside_m:g} m)"
            )

    @property
    def tolerance_m(self) -> float:
        """No unreached node farther than this from every reached road lies inside the area."""
        return self.beside_m + self.gap_m + self.simplify_m


def nested_outlines(
    reach: Reach, limits_ms: Sequence[float], rules: OutlineRules
) -> Iterator[tuple[tuple[Rings, ...], float, Stretches]]:
    """The area within each of some rising times, each containing the one before.

    Yields
    ------
    Its polygons, its square kilometres (on the sphere), and the stretches of road it is drawn around.
    """
    network = reach.network
    plane = _Plane(network, reach)
    nodes = shapely.points(plane.nodes)
    before: Any = None
    for limit_ms in limits_ms:
        stretches = reach.stretches(limit_ms)
        lines = plane.lines(stretches)
        area = _outline(np.concatenate((lines, plane.origins)), nodes[reach.time_ms > limit_ms], rules)
        area = shapely.set_precision(plane.to_map(area), plane.grid)
        if before is not None:
            area = shapely.union(area, before, grid_size=plane.grid)
        before = area
        parts = shapely.get_parts(shapely.orient_polygons(shapely.normalize(area)))
        yield tuple(map(_rings, parts)), plane.square_km(area), stretches


def _outline(shapes: npt.NDArray[Any], unreached: npt.NDArray[Any], rules: OutlineRules) -> Any:
    """Area around lines and points in metres."""
    wide = shapely.union_all(shapely.buffer(shapes, rules.beside_m + rules.gap_m, quad_segs=_QUARTER_CORNERS))
    area = shapely.simplify(shapely.buffer(wide, -rules.gap_m, quad_segs=_QUARTER_CORNERS), rules.simplify_m)
    tree = shapely.STRtree(unreached)
    parts = []
    for part in shapely.get_parts(area):
        rings = shapely.polygons(shapely.get_rings(part))
        outer, holes = rings[0], rings[1:]
        is_kept = shapely.area(holes) >= rules.hole_km2 * 1e6
        is_kept[tree.query(holes, predicate="contains")[0]] = True
        parts.append(shapely.polygons(shapely.get_exterior_ring(outer), _exteriors(holes[is_kept])))
    return shapely.union_all(parts)


def _exteriors(polygons: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.asarray(shapely.get_exterior_ring(polygons))


def _rings(polygon: Any) -> Rings:
    """Rings as (lat, lon), closed, that nobody can change."""
    rings = []
    for ring in shapely.get_rings(polygon):
        corners = shapely.get_coordinates(ring)[:, ::-1].copy()
        corners.flags.writeable = False
        rings.append(corners)
    return tuple(rings)


class _Plane:
    """A network in metres around the places from which it is reached."""

    def __init__(self, network: Network, reach: Reach) -> None:
        lat = np.array([origin.lat for origin in reach.origins])
        lon = np.array([origin.lon for origin in reach.origins])
        middle = [float(values.min() + values.max()) / 2 for values in (lat, lon)]
        self._projection = None if network.is_planar else Projection(*middle)
        self.grid = _GRID_M if network.is_planar else _GRID_DEGREES
        self.origins = shapely.points(self._xy(lat, lon))
        self.nodes = self._xy(network.lat, network.lon)
        self._inner = self._xy(network.geometry_lat, network.geometry_lon)
        self._network = network
        self._tail = network.tail

    def lines(self, stretches: Stretches) -> npt.NDArray[Any]:
        """The stretches as lines, shape (k,)."""
        first = self._network.geometry_first
        count = np.diff(first)[stretches.road]
        begins = np.cumsum(count + 2) - count - 2
        xy = np.empty((int((count + 2).sum()), 2))
        xy[begins] = self.nodes[self._tail[stretches.road]]
        xy[begins + count + 1] = self.nodes[self._network.head[stretches.road]]
        xy[ranges(begins + 1, count)] = self._inner[ranges(first[:-1][stretches.road], count)]
        lines = np.asarray(
            shapely.linestrings(xy, indices=np.repeat(np.arange(len(count)), count + 2)), dtype=object
        )
        is_cut = (stretches.start > 0.0) | (stretches.end < 1.0)
        for k in np.flatnonzero(is_cut):
            course = xy[begins[k] : begins[k] + count[k] + 2]
            lines[k] = shapely.linestrings(_cut(course, stretches.start[k], stretches.end[k]))
        return lines

    def to_map(self, area: Any) -> Any:
        """The area with x = longitude and y = latitude."""
        projection = self._projection
        if projection is None:
            return area

        def degrees(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            lat, lon = projection.to_latlon(xy[:, 0], xy[:, 1])
            return np.column_stack((lon, lat))

        placed = shapely.transform(area, degrees)
        west, _, east, _ = shapely.bounds(placed)
        if east - west > 180.0:
            raise IsochroneError(
                f"the area around {projection.lat0:.5f},{projection.lon0:.5f} crosses the 180th meridian;"
                " areas across it are not drawn: give fewer minutes"
            )
        return placed

    def square_km(self, area: Any) -> float:
        """Area of what `to_map` gave, by Lambert's cylindrical equal-area projection of the sphere."""

        def equal_area(lon_lat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            lon, lat = np.radians(lon_lat).T
            return EARTH_RADIUS_M * np.column_stack((lon, np.sin(lat)))

        flat = area if self._projection is None else shapely.transform(area, equal_area)
        return float(shapely.area(flat)) / 1e6

    def _xy(self, lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        x, y = (lon, lat) if self._projection is None else self._projection.to_xy(lat, lon)
        return np.column_stack((x, y))


def _cut(course: npt.NDArray[np.float64], start: float, end: float) -> npt.NDArray[np.float64]:
    """The part of a course between two parts of its length."""
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(course, axis=0).T))))
    low, high = start * along[-1], end * along[-1]
    ends = np.array([[np.interp(at, along, column) for column in course.T] for at in (low, high)])
    is_between = (along > low) & (along < high)
    return np.vstack((ends[:1], course[is_between], ends[1:]))
