from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scenarios.bus_lines import BusLine, BusLines
from scenarios.residents_by_cell import ResidentsByCell
from simulation.access_shares import PeopleInPlaces, Shares
from simulation.access_ways import Goal, Walker, ways_to_goals
from simulation.accessibility import AREA, TOWN, UNKNOWN, Access, accessibility, towns_of_origin
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
    requests: pd.DataFrame,
    *nodes: int,
    stops: list[int] | None = None,
    buses: BusLines | None = None,
    day: list[int] | None = None,
) -> Access:
    people = residents(*nodes)
    at = None if stops is None else np.array(stops, np.int32)
    ways = ways_to_goals(line_city(), people.node, SLOW, stops=at, buses=buses, goals=(HOSPITAL,))
    (found,) = accessibility(
        line_city(), people, requests, ways, minutes=(30,), least_asked=2,
        day=None if day is None else np.array(day), days=0 if day is None else 1 + max(day),
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


def test_nobody_walks_farther_to_a_stop_than_people_walk() -> None:
    # The stop at node 4 lies 800 m from node 2, 1200 m from node 1; SLOW walks 800 m at most.
    requests = frame(ride(4, 0, destination=9), ride(4, 0, destination=9))
    assert one_access(requests, 2, 1, stops=[4, 9]).by_service.tolist() == [1.0, 0.0]


def test_chance_without_a_day_leaves_its_requests_out() -> None:
    # Node 5 has 1600 s of 30 minutes left. Day 0: one in time, one refused; day 1: one in time, one too late;
    # day 2: nobody asked.
    requests = frame(ride(1, 0), ride(2, None), ride(3, 1600), ride(4, 1601), ride(8, 0, destination=1))
    found = one_access(requests, 5, day=[0, 0, 1, 1, 2])
    assert found.by_service.tolist() == [0.5]
    assert found.without_day.tolist() == [[0.5, 0.5, 0.5]]
    found = one_access(frame(ride(1, 0), ride(2, None), ride(3, 1600)), 5, day=[0, 1, 1])
    assert found.without_day.tolist() == [[0.5, 1.0]]


def cells(by_service: list[float], without_day: list[list[float]]) -> tuple[PeopleInPlaces, Access]:
    """Three homes, two of them in cell 7 of West and one in cell 9 of East; the first walks to the goal."""
    people = residents(1, 2, 27)
    people.cell[:] = [7, 7, 9]
    access = Access(
        "hospital", 30, np.array([True, False, False]), np.zeros(3, np.bool_), np.zeros(3),
        np.array(by_service), np.array([TOWN, UNKNOWN, AREA], np.int8), np.array([30, 0, 50]),
        np.array(without_day),
    )  # fmt: skip
    return PeopleInPlaces(line_city(), people), access


def test_shares_weigh_people_and_tell_what_is_unknown() -> None:
    nan = float("nan")
    places, access = cells([0.5, nan, 0.2], [[0.25], [nan], [0.4]])
    found = dict(places.count(access).shares(np.array([1.0, 3.0, 4.0]), ("cell", "town", "city")))
    cell: Shares = found["cell"]
    assert (cell.place.tolist(), cell.people.tolist()) == ([7, 9], [4.0, 4.0])
    # Of the first cell one in four walks; for the others the service is unknown: 1/4 at least, 1 at most.
    assert cell.fixed["on_foot"].tolist() == [0.25, 0.0]
    assert cell.fixed["unknown_share"].tolist() == [0.75, 0.0]
    assert cell.fixed["area_share"].tolist() == [0.0, 1.0]
    assert cell.fixed["asked"].tolist() == [7.5, 50.0]
    assert cell.by_day["by_service"].tolist() == [[0.5, 0.25], [0.2, 0.4]]
    assert cell.by_day["by_any_least"].tolist() == [[0.25, 0.25], [0.2, 0.4]]
    assert cell.by_day["by_any_most"].tolist() == [[1.0, 1.0], [0.2, 0.4]]
    assert found["town"].place.tolist() == ["East", "West"]
    assert found["town"].people.tolist() == [4.0, 4.0]
    # (1 x 0.5 + 4 x 0.2) / 5 known people; without the day (0.25 + 1.6) / 5.
    assert found["city"].by_day["by_service"] == pytest.approx(np.array([[0.26, 0.37]]))


def test_places_without_people_are_left_out() -> None:
    places, access = cells([0.5, 0.5, 0.5], [[0.5], [0.5], [0.5]])
    (found,) = [shares for _, shares in places.count(access).shares(np.array([0.0, 0.0, 2.0]), ("cell",))]
    assert found.place.tolist() == [9]
    people, chance = places.count(access).parts(np.array([2.0, 2.0, 0.0]))
    # Home 1 walks, home 2 has the service's half.
    assert (people.tolist(), chance.tolist()) == ([4.0], [[0.75, 0.75]])


def test_towns_of_origin_are_those_of_the_nearest_homes() -> None:
    assert towns_of_origin(line_city(), frame(ride(1, 0), ride(14, 0), ride(16, 0))) == [
        "West",
        "West",
        "East",
    ]


def test_goal_without_a_place_is_refused() -> None:
    with pytest.raises(OutcomeError, match="no place of kind 'museum'"):
        ways_to_goals(
            line_city(),
            residents(1).node,
            SLOW,
            stops=None,
            buses=None,
            goals=(Goal("art", "museum"),),
        )


def test_requests_of_another_city_are_refused() -> None:
    with pytest.raises(OutcomeError, match="place 9999 of a request is no node of Line"):
        one_access(frame(ride(8999, 0)), 1)
