"""Neighbour graphs over a handful of points whose distances are worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from routing.proximity import (
    crosses,
    delaunay_edges,
    is_gabriel,
    is_relative_neighbour,
    makes_wide_corners,
    nearest_distance,
    nearest_index,
    neighbours_within,
    spanning_tree,
)

KITE = np.array([(0.0, 0.0), (4.0, 0.0), (2.0, 1.0), (2.0, -3.0)])
"""0 and 1 are 4 apart; 2 lies 1 above and 3 lies 3 below their middle."""


def pairs(edges: np.ndarray, keeps: np.ndarray | None = None) -> list[tuple[int, int]]:
    return [(int(a), int(b)) for a, b in (edges if keeps is None else edges[keeps])]


def test_triangulation_gives_each_edge_once_smaller_node_first() -> None:
    # The circle through 0, 1, 2 is wide and holds 3; the flip side 0-2-3 and 1-2-3 is the triangulation.
    assert pairs(delaunay_edges(KITE)) == [(0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]


def test_relative_neighbours_have_nobody_nearer_to_both() -> None:
    # 0-3 is sqrt(13) = 3.61 long; point 2 is 2.24 from 0 but 4 from 3: not nearer to both. 2-3 is 4 long; 0
    # is 2.24 from 2 and 3.61 from 3: nearer to both.
    edges = delaunay_edges(KITE)
    assert pairs(edges, is_relative_neighbour(KITE, edges)) == [(0, 2), (0, 3), (1, 2), (1, 3)]


def test_gabriel_edges_have_an_empty_circle_over_them() -> None:
    # Over 0-1 stands a circle around (2, 0) with radius 2: point 2 is 1 away from its middle.
    edges = np.array([(0, 1), (0, 2), (0, 3)])
    assert is_gabriel(KITE, edges).tolist() == [False, True, True]


def test_spanning_tree_is_the_lightest_connection_of_everything() -> None:
    edges = np.array([(0, 1), (0, 2), (1, 2), (2, 3), (4, 5)])
    keeps = spanning_tree(6, edges, np.array([5.0, 1.0, 2.0, 7.0, 3.0]))
    assert pairs(edges, keeps) == [(0, 2), (1, 2), (2, 3), (4, 5)]


FAN = np.array([(0.0, 0.0), (10.0, 0.0), (8.0, 5.0), (0.0, 12.0), (-20.0, 0.0)])
"""Seen from point 0: 1 lies at 0 degrees 10 away, 2 at 32 degrees 9.4 away, 3 at 90 degrees, 4 at 180."""


@pytest.mark.parametrize(("least_deg", "kept"), [(31.0, [1, 2, 3, 4]), (33.0, [2, 3, 4]), (59.0, [2, 4])])
def test_of_two_streets_at_a_sharp_angle_the_shorter_stays(least_deg: float, kept: list[int]) -> None:
    # By length: 2 (9.4), 1 (10), 3 (12; 58 degrees from 2), 4 (20; 90 degrees from 3, 148 from 2).
    edges = np.array([(0, 1), (0, 2), (0, 3), (0, 4)])
    stays = makes_wide_corners(FAN, edges, np.zeros(4, np.bool_), np.radians(least_deg))
    assert [b for _, b in pairs(edges, stays)] == kept


def test_fixed_streets_stay_at_any_angle_and_come_first() -> None:
    edges = np.array([(0, 1), (0, 2), (1, 2)])
    # 1 to 2 meets 1 to 0 at 68 degrees.
    stays = makes_wide_corners(FAN, edges, np.array([True, False, False]), np.radians(50.0))
    assert pairs(edges, stays) == [(0, 1), (1, 2)]
    stays = makes_wide_corners(FAN, edges, np.array([True, True, False]), np.radians(70.0))
    assert pairs(edges, stays) == [(0, 1), (0, 2)]


def test_angle_is_measured_across_the_turn_of_the_circle() -> None:
    # From 0 to 4 the direction is 180 degrees, to a point just below the line -175 degrees: 5 degrees apart.
    points = np.array([(0.0, 0.0), (-20.0, 0.0), (-20.0, -1.75)])
    stays = makes_wide_corners(points, np.array([(0, 1), (0, 2)]), np.array([True, False]), np.radians(30.0))
    assert stays.tolist() == [True, False]


def test_segments_that_only_touch_do_not_cross() -> None:
    a, b = np.array([0.0, 0.0]), np.array([2.0, 0.0])
    c = np.array([(1.0, -1.0), (1.0, 0.0), (2.0, 0.0), (3.0, -1.0)])
    d = np.array([(1.0, 1.0), (1.0, 1.0), (2.0, 5.0), (3.0, 1.0)])
    assert crosses(a, b, c, d).tolist() == [True, False, False, False]


def test_nearest_of_the_others() -> None:
    here, others = np.array([(0.0, 0.0), (9.0, 0.0)]), np.array([(3.0, 4.0), (9.0, 2.0)])
    assert nearest_distance(here, others).tolist() == pytest.approx([5.0, 2.0])
    assert nearest_index(here, others).tolist() == [0, 1]


def test_neighbours_within_reach_include_the_point_itself_and_the_very_edge() -> None:
    line = np.array([(0.0, 0.0), (3.0, 0.0), (5.0, 0.0)])
    first, neighbour = neighbours_within(line, 3.0)
    assert first.tolist() == [0, 2, 5, 7]
    assert neighbour.tolist() == [0, 1, 0, 1, 2, 1, 2]
    first, neighbour = neighbours_within(line, 1.9)
    assert neighbour.tolist() == [0, 1, 2]
