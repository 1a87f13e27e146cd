from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scenarios.bus_lines import BusLine, BusLines
from scenarios.residents_by_cell import ResidentsByCell
from simulation.accessibility import (
    AREA,
    TOWN,
    UNKNOWN,
    Access,
    Goal,
    Walker,
    access_table,
    accessibility,
    towns_of_origin,
)
from simulation.errors import OutcomeError
from tests.scenarios_tests.cities import line_city

HOSPITAL = Goal("hospital", "hospital")
SLOW = Walker(speed_kph=3.6, detour=1.0, longest_walk_m=800.0)
"""One metre a second."""


def residents(*nodes: int) -> ResidentsByCell:
    """Ten people at each node; West is town and area 0, East 1; a cell for each node."""
    node = np.array(nodes, np.int32)
    side = (node >= 15).astype(np.int32)
    by_band = np.tile([1.0, 5.0, 2.0, 2.0], (len(node), 1))
    return ResidentsByCell(node, side, side, node.astype(np.int64), by_band, np.full(len(node), 3.0))


def ride(
    origin: int, wait_s: int | None, destination: int = 10, *, is_resident: bool = True
) -> dict[str, object]:
    """A request, served after a wait without boarding time or detour, or refused."""
    is_served = wait_s is not None
    return {
        "origin": 1000 + origin, "destination": 1000 + destination, "is_resident": is_resident,
        "time_kind": "depart_after", "wish_s": 0, "arrived_s": 0 if is_served else None,
        "status": "done" if is_served else "refused", "is_set_down_elsewhere": False,
        "wait_s": wait_s, "picked_up_s": 0 if is_served else None, "left_s": 0 if is_served else None,
        "in_vehicle_s": 100 if is_served else None, "direct_s": 100,
    }  # fmt: skip


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    made = pd.DataFrame(list(rows))
    for name in ("wait_s", "picked_up_s", "left_s", "arrived_s", "in_vehicle_s"):
        made[name] = made[name].astype("Int64")
    return made


def one_access(
    requests: pd.DataFrame, *nodes: int, stops: list[int] | None = None, buses: BusLines | None = None
) -> Access:
    (found,) = accessibility(
        line_city(), residents(*nodes), requests, SLOW,
        stops=None if stops is None else np.array(stops, np.int32), buses=buses,
        goals=(HOSPITAL,), minutes=(30,), least_asked=2,
    )  # fmt: skip
    return found


def test_chance_is_that_of_the_own_town_to_this_goal() -> None:
    # West: waits of 1440 s and 1600 s, one refused. The hospital is node 10, 40 s a node: node 1 drives
    # 360 s and has 1440 s left of 30 minutes, node 3 drives 280 s and has 1520 s, node 5 is 200 s and 1600 s.
    # Neither a visitor's refusal, nor a trip elsewhere, nor a return count.
    requests = frame(
        ride(1, 1440), ride(2, 1600), ride(3, None),
        ride(2, None, is_resident=False), ride(2, None, destination=8), ride(10, None, destination=1),
    )  # fmt: skip
    found = one_access(requests, 0, 1, 3, 5)
    assert found.by_service.tolist() == pytest.approx([0, 1 / 3, 1 / 3, 2 / 3])
    assert found.rests_on.tolist() == [TOWN] * 4


def test_unknown_stays_unknown_and_bounds_say_so() -> None:
    found = one_access(frame(ride(1, 0), ride(2, 0), ride(27, 0)), 1, 27)
    # One request from the east is fewer than two, and its area has no other.
    assert found.by_service[0] == 1.0
    assert np.isnan(found.by_service[1])
    assert found.rests_on.tolist() == [TOWN, UNKNOWN]
    assert (found.by_any_least.tolist(), found.by_any_most.tolist()) == ([1.0, 0.0], [1.0, 1.0])


def test_walks_to_and_from_stops_count() -> None:
    # Stops 4 and 9: home 2 walks 800 m, rides 5 nodes (200 s), walks 400 m to the hospital: 1400 s of 1800.
    requests = frame(ride(4, 400, destination=9), ride(4, 401, destination=9))
    assert one_access(requests, 2, stops=[4, 9]).by_service.tolist() == [0.5]


def test_feet_and_buses_stand_beside_the_service() -> None:
    # From 26 to 10 in 600 s; 1200 s of 30 minutes are left, half of a headway of 2400 s.
    buses = BusLines(500.0, (BusLine("L", 2400.0, np.array([26, 10], np.int32), np.array([0.0, 600.0])),))
    nobody = frame(ride(1, None), ride(2, None), ride(27, None), ride(28, None))
    found = one_access(nobody, 8, 26, 27, 4, buses=buses)
    # Node 8 walks 800 m; 26 has the bus at its door, 27 after 400 m, so 800 s are left; 4 has nothing.
    assert found.on_foot.tolist() == [True, False, False, False]
    assert found.by_bus.tolist() == [False, True, False, False]
    assert found.by_bus_chance.tolist() == pytest.approx([0, 1 / 2, 1 / 3, 0])
    assert found.by_any_least.tolist() == pytest.approx([1, 1, 1 / 3, 0])


def test_table_weighs_people_and_tells_what_is_unknown() -> None:
    nan = float("nan")
    access = Access(
        "hospital", 30, np.array([True, False, False]), np.zeros(3, np.bool_), np.zeros(3),
        np.array([0.5, nan, 0.2]), np.array([TOWN, UNKNOWN, AREA], np.int8),
    )  # fmt: skip
    table = access_table(
        [access],
        {"all": np.array([1.0, 3.0, 4.0]), "75+": np.array([0.0, 0.0, 2.0])},
        np.array([7, 7, 9]),
        "cell",
    )
    assert table[["group", "cell", "people"]].to_numpy().tolist() == [
        ["all", 7, 4.0],
        ["all", 9, 4.0],
        ["75+", 9, 2.0],
    ]
    first = table.iloc[0]
    # One of four walks, and only for that one the service is known: at least 1 / 4, at most (1 + 3) / 4.
    assert (first.on_foot, first.by_service, first.unknown_share) == (0.25, 0.5, 0.75)
    assert (first.by_any_least, first.by_any_most, first.area_share) == (0.25, 1.0, 0.0)
    assert table.iloc[1].area_share == 1.0


def test_towns_of_origin_are_those_of_the_nearest_homes() -> None:
    assert towns_of_origin(line_city(), frame(ride(1, 0), ride(14, 0), ride(16, 0))) == [
        "West",
        "West",
        "East",
    ]


def test_goal_without_a_place_is_refused() -> None:
    with pytest.raises(OutcomeError, match="no place of kind 'museum'"):
        accessibility(
            line_city(),
            residents(1),
            frame(ride(1, 0)),
            SLOW,
            stops=None,
            buses=None,
            goals=(Goal("art", "museum"),),
        )


def test_requests_of_another_city_are_refused() -> None:
    with pytest.raises(OutcomeError, match="place 9999 of a request is no node of Line"):
        one_access(frame(ride(8999, 0)), 1)
