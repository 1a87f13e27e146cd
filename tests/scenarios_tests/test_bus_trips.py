"""Trips by bus on the line city: nodes 400 m apart, a bus from node 8 to node 20."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scenarios.bus_lines import BusLine, BusLines, load_bus_lines
from scenarios.bus_trips import bus_trips
from scenarios.city import embedded_city
from tests.scenarios_tests.cities import line_city

SLOW = BusLine("slow", 1200.0, np.array([8, 14, 20], np.int32), np.array([0.0, 300.0, 900.0]), 500)
FAST = BusLine("fast", 600.0, np.array([8, 20], np.int32), np.array([0.0, 400.0]), 700)


def trips(lines: tuple[BusLine, ...], origin: int, destination: int) -> tuple[float, float, float, float]:
    found = bus_trips(
        line_city().network,
        BusLines(900.0, lines),
        np.array([origin], np.int32),
        np.array([destination], np.int32),
        metres_per_s=np.array([1.0]),
        detour=1.0,
    )
    return float(found.wait_s[0]), float(found.walk_s[0]), float(found.ride_s[0]), float(found.fare_yen[0])


def test_wait_walk_ride_and_fare_by_hand() -> None:
    # From node 7 to node 22: walks of 400 m and 800 m at 1 m/s, half of 20 minutes, the whole line.
    assert trips((SLOW,), 7, 22) == (600.0, 1200.0, 900.0, 500.0)


def test_a_part_of_the_line_costs_its_part_rounded_up_to_ten_yen() -> None:
    # 8 to 14 is 300 of 900 s: 166.67 yen.
    assert trips((SLOW,), 8, 14) == (600.0, 0.0, 300.0, 170.0)
    assert trips((SLOW,), 14, 8) == (600.0, 0.0, 300.0, 170.0)


def test_the_line_that_is_there_sooner_is_taken() -> None:
    # slow 600 + 900, fast 300 + 400 seconds.
    assert trips((SLOW, FAST), 8, 20) == (300.0, 0.0, 400.0, 700.0)
    # The fast one does not stop at 14: 2,400 m to walk.
    assert trips((SLOW, FAST), 8, 14) == (600.0, 0.0, 300.0, 170.0)


@pytest.mark.parametrize(("origin", "destination"), [(3, 20), (8, 8), (8, 27)])
def test_a_line_too_far_off_or_of_no_way_is_of_no_use(origin: int, destination: int) -> None:
    found = trips((SLOW,), origin, destination)
    assert (math.inf in found, found[3]) == (True, 0.0)


def test_the_lines_of_the_city_carry_their_fares() -> None:
    assert [line.fare_yen for line in load_bus_lines(embedded_city()).lines] == [520, 520, 0]
