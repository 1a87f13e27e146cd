"""Local streets around the settlements of Sakura: generated, not surveyed.

Street corners are scattered on a turned, uneven grid as densely as people live; corners are joined when no
third one lies between them, more freely in town than in the country, and seldom at a sharp angle. Long lanes
get nodes in between. No street crosses the river or a numbered road but at a node.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.proximity import (
    crosses,
    delaunay_edges,
    is_gabriel,
    is_relative_neighbour,
    makes_wide_corners,
    nearest_distance,
    spanning_tree,
)
from scenarios.sakura_facts import Settlement, places, river, settlements, street_points
from scenarios.sakura_roads import PROJECTION, MainGraph
from scenarios.streams import generator

Points = npt.NDArray[np.float64]

SEED = 9214
"""City code 09214: the generator's draws are part of the network."""

TOWN_STREET_M = 175.0
"""Streets longer than this are not added to the sparsest connected pattern."""

LANE_PIECE_M = 150.0
BEND = 0.05
"""Lanes bow by up to this part of their length."""

LEAST_CORNER_DEG = 55.0
"""A street that is not needed to reach anything leaves no corner at a sharper angle to another: corners of
three and four streets, as in real towns, instead of triangles."""

LONGEST_LINK_M = 1800.0
"""A lane longer than this is left out unless it is needed to reach something."""


@dataclass(frozen=True, slots=True)
class LocalStreets:
    """Corners (float64, shape (k, 2), metres) and streets between nodes.

    Node numbers below `first` are those of the numbered roads; corner i is node `first + i`. `is_town` says
    of each street whether it lies in a built-up place.
    """

    first: int
    corners: Points
    streets: list[tuple[int, int]]
    is_town: list[bool]


def local_streets(main: MainGraph) -> LocalStreets:
    """Streets around every settlement and to every place, joined to the numbered roads."""
    roads = np.array(main.xy)
    corners = _corners(roads)
    xy = np.concatenate((roads, corners))
    first = len(roads)
    edges = delaunay_edges(xy)
    edges = edges[edges[:, 1] >= first]
    length = np.hypot(*(xy[edges[:, 0]] - xy[edges[:, 1]]).T)
    edges, length = _without_crossings(xy, edges, length, main)
    needed = _needed(len(xy), edges, length, main)
    sparse = is_relative_neighbour(xy, edges)
    dense = is_gabriel(xy, edges) & (length <= TOWN_STREET_M)
    chosen = needed | ((sparse | dense) & (length <= LONGEST_LINK_M))
    edges, length, needed = edges[chosen], length[chosen], needed[chosen]
    stretches = _stretches(main)
    stays = makes_wide_corners(
        xy,
        np.concatenate((stretches, edges)),
        np.concatenate((np.ones(len(stretches), np.bool_), needed)),
        np.radians(LEAST_CORNER_DEG),
    )[len(stretches) :]
    return _with_lanes(xy, first, edges[stays], length[stays])


def _stretches(main: MainGraph) -> npt.NDArray[np.int64]:
    """Pairs of nodes of the numbered roads, the smaller first: int64, shape (k, 2)."""
    return np.sort(np.array([(a, b) for a, b, _ in main.stretches], np.int64), axis=1)


def _needed(
    size: int, edges: npt.NDArray[np.int64], length: npt.NDArray[np.float64], main: MainGraph
) -> npt.NDArray[np.bool_]:
    """Streets without which some corner would not be reached from the numbered roads."""
    stretches = _stretches(main)
    everything = np.concatenate((stretches, edges))
    weight = np.concatenate((np.full(len(stretches), 1e-3), length + 1e-2))
    return spanning_tree(size, everything, weight)[len(stretches) :]


def _corners(roads: Points) -> Points:
    """Street corners of all settlements, then points on real local streets, then the places themselves."""
    accepted = roads
    for number, settlement in enumerate(settlements()):
        accepted = _add(accepted, _scatter(number, settlement), 0.62 * settlement.spacing_m)
    real = np.column_stack(PROJECTION.to_xy(street_points()[:, 0], street_points()[:, 1]))
    accepted = _add(accepted, real, 55.0)
    named = np.array([PROJECTION.to_xy(place.lat, place.lon) for place in places()])
    accepted = _add(accepted, named, 40.0)
    return accepted[len(roads) :]


def _scatter(number: int, settlement: Settlement) -> Points:
    """An uneven grid, turned at random, over the circle that the residents of a settlement fill."""
    rng = generator(SEED, "corners", number)
    radius = np.sqrt(settlement.population / settlement.people_per_km2 / np.pi) * 1000.0
    radius = max(radius, 2.2 * settlement.spacing_m)
    spacing = settlement.spacing_m
    is_village = spacing > 120
    steps = int(np.ceil(1.25 * radius / spacing))
    grid = np.arange(-steps, steps + 1) * spacing
    x, y = np.meshgrid(grid, grid * (1.0 if is_village else 1.25))
    points = np.column_stack((x.ravel(), y.ravel()))
    points += rng.normal(0.0, (0.28 if is_village else 0.09) * spacing, points.shape)
    turn = rng.uniform(0.0, np.pi / 2)
    turned = points @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    # Thinner towards the edge: within the circle all, beyond it fewer and fewer.
    distance = np.hypot(*turned.T) / radius
    keeps = rng.random(len(turned)) < np.clip((1.25 - distance) / 0.35, 0.0, 1.0)
    centre = np.array(PROJECTION.to_xy(settlement.lat, settlement.lon))
    return np.asarray(np.concatenate((np.zeros((1, 2)), turned[keeps])) + centre)


def _add(accepted: Points, candidates: Points, least_m: float) -> Points:
    """The accepted points and those candidates that keep their distance from all before them."""
    free = candidates[nearest_distance(candidates, accepted) >= least_m]
    chosen: list[npt.NDArray[np.float64]] = []
    for point in free:
        if not chosen or np.hypot(*(np.array(chosen) - point).T).min() >= least_m:
            chosen.append(point)
    return np.concatenate((accepted, np.array(chosen))) if chosen else accepted


def _without_crossings(
    xy: Points, edges: npt.NDArray[np.int64], length: npt.NDArray[np.float64], main: MainGraph
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Edges that cross neither the river nor a numbered road."""
    water = np.column_stack(PROJECTION.to_xy(river()[:, 0], river()[:, 1]))
    stretches = _stretches(main)
    walls = np.concatenate(
        (
            np.stack((water[:-1], water[1:]), axis=1),
            np.stack((xy[stretches[:, 0]], xy[stretches[:, 1]]), axis=1),
        )
    )
    a, b = xy[edges[:, 0]], xy[edges[:, 1]]
    blocked = np.zeros(len(edges), np.bool_)
    for c, d in walls:
        blocked |= crosses(a, b, c, d)
    return edges[~blocked], length[~blocked]


def _with_lanes(
    xy: Points, first: int, edges: npt.NDArray[np.int64], length: npt.NDArray[np.float64]
) -> LocalStreets:
    """Long streets as bowed lanes of several pieces."""
    rng = generator(SEED, "lanes")
    extra: list[Points] = []
    streets: list[tuple[int, int]] = []
    is_town: list[bool] = []
    size = len(xy)
    for (a, b), metres in zip(edges.tolist(), length.tolist(), strict=True):
        pieces = max(1, int(np.ceil(metres / LANE_PIECE_M))) if metres > TOWN_STREET_M else 1
        bow = rng.uniform(-BEND, BEND) * metres
        step = xy[b] - xy[a]
        across = np.array([-step[1], step[0]]) / max(metres, 1e-9)
        chain = [a]
        for piece in range(1, pieces):
            share = piece / pieces
            extra.append(xy[a] + share * step + across * bow * np.sin(np.pi * share))
            chain.append(size + len(extra) - 1)
        chain.append(b)
        streets += list(itertools.pairwise(chain))
        is_town += [metres <= TOWN_STREET_M] * pieces
    corners = np.concatenate((xy[first:], np.array(extra))) if extra else xy[first:]
    return LocalStreets(first, corners, streets, is_town)
