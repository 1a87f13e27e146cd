"""Distances and plane coordinates against figures computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.geometry import EARTH_RADIUS_M, Projection, distance_m


def test_a_degree_of_latitude_is_111_km() -> None:
    # 2 pi x 6,371,008.8 m / 360 = 111,195.08 m
    assert float(distance_m(36.0, 140.0, 37.0, 140.0)) == pytest.approx(111_195.08, abs=0.01)


def test_a_degree_of_longitude_shrinks_with_the_cosine_of_the_latitude() -> None:
    # At 60 degrees north half of 111,195.08 m, less the bow of the great circle (about 0.6 m).
    assert float(distance_m(60.0, 10.0, 60.0, 11.0)) == pytest.approx(55_597.54 - 0.53, abs=0.1)


def test_the_other_side_of_the_earth_is_half_its_girth_away() -> None:
    assert float(distance_m(0.0, 0.0, 0.0, 180.0)) == pytest.approx(math.pi * EARTH_RADIUS_M)


def test_distances_broadcast() -> None:
    metres = distance_m(np.array([36.0, 37.0]), 140.0, 36.0, np.array([[140.0], [141.0]]))
    assert metres.shape == (2, 2)
    assert metres[0, 0] == 0.0


def test_plane_coordinates_are_metres_east_and_north() -> None:
    x, y = Projection(36.68, 139.96).to_xy([36.68, 36.69], [139.97, 139.96])
    # 0.01 degrees: 1,111.95 m north; 1,111.95 m x cos 36.68 = 891.76 m east
    assert x.tolist() == pytest.approx([891.76, 0.0], abs=0.01)
    assert y.tolist() == pytest.approx([0.0, 1_111.95], abs=0.01)


@given(
    lat=st.floats(-80, 80),
    lon=st.floats(-180, 179.9),
    x=st.floats(-30_000, 30_000),
    y=st.floats(-30_000, 30_000),
)
def test_plane_coordinates_lead_back_to_the_place(lat: float, lon: float, x: float, y: float) -> None:
    projection = Projection(lat, lon)
    back_x, back_y = projection.to_xy(*projection.to_latlon(x, y))
    assert float(back_x) == pytest.approx(x, abs=1e-4)
    assert float(back_y) == pytest.approx(y, abs=1e-4)


def test_plane_distances_cross_the_date_line_the_short_way() -> None:
    x, _ = Projection(0.0, 179.99).to_xy(0.0, -179.99)
    assert float(x) == pytest.approx(2_223.9, abs=0.1)  # 0.02 degrees


@given(x=st.floats(-20_000, 20_000), y=st.floats(-20_000, 20_000))
def test_over_a_city_plane_and_great_circle_distances_agree_within_three_per_mille(
    x: float, y: float
) -> None:
    projection = Projection(36.7, 140.0)
    lat, lon = projection.to_latlon(x, y)
    plane = math.hypot(x, y)
    assert float(distance_m(36.7, 140.0, lat, lon)) == pytest.approx(plane, rel=0.003, abs=0.01)
