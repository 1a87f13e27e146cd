"""Where idle vehicles wait: cells of a network, and who goes where."""

from __future__ import annotations

import numpy as np
import pytest

from routing.demand_cells import DemandCells, demand_cells
from routing.errors import ProblemError
from routing.fleet_tables import NOWHERE
from routing.repositioning import pulled_to, shared_out
from routing.travel_times import DenseTravelTimes, TravelTables
from tests.builders import grid_network, line_network, random_network


def _line(nodes: int = 9) -> TravelTables:
    return DenseTravelTimes.build(line_network(nodes, seconds=10)).tables


def _nodes(*nodes: int) -> np.ndarray:
    return np.array(nodes, np.int32)


@pytest.mark.parametrize("count", [1, 3, 5, 40])
@pytest.mark.parametrize("seed", range(5))
def test_every_node_is_in_the_cell_of_the_centre_it_is_reached_from_soonest(seed: int, count: int) -> None:
    travel = DenseTravelTimes.build(random_network(seed, nodes=20, extra_arcs=40)).tables
    cells = demand_cells(travel, count)
    assert len(cells.centre) <= count
    assert sorted(set(cells.cell_of_node.tolist())) == list(range(len(cells.centre)))
    from_centres = travel.from_s[cells.centre]
    own = from_centres[cells.cell_of_node, np.arange(20)]
    assert (own == from_centres.min(axis=0)).all()


def test_a_line_is_cut_into_halves_around_their_middles() -> None:
    cells = demand_cells(_line(10), 2)
    assert cells.cell_of_node.tolist() == [0] * 5 + [1] * 5
    assert cells.centre.tolist() == [2, 7]


def test_the_same_tables_give_the_same_cells() -> None:
    travel = DenseTravelTimes.build(grid_network(6, 5)).tables
    one, other = demand_cells(travel, 7), demand_cells(travel, 7)
    assert one.cell_of_node.tobytes() == other.cell_of_node.tobytes()
    assert one.centre.tobytes() == other.centre.tobytes()


def test_no_cell_is_refused() -> None:
    with pytest.raises(ProblemError, match="0 cells were asked for; give 1 or more"):
        demand_cells(_line(), 0)


def test_the_nearest_idle_vehicle_goes_to_where_one_was_missing() -> None:
    goal = pulled_to(_line(), _nodes(0, 5, 8), _nodes(7, 6), reach_s=30)
    assert goal.tolist() == [NOWHERE, 6, 7]


def test_nobody_is_pulled_beyond_the_reach_or_to_where_a_vehicle_stands() -> None:
    assert pulled_to(_line(), _nodes(0), _nodes(4), reach_s=39).tolist() == [NOWHERE]
    assert pulled_to(_line(), _nodes(0), _nodes(4), reach_s=40).tolist() == [4]
    assert pulled_to(_line(), _nodes(4), _nodes(4), reach_s=40).tolist() == [NOWHERE]
    assert pulled_to(_line(), _nodes(), _nodes(4), reach_s=40).tolist() == []


_HALVES = DemandCells(np.array([0] * 5 + [1] * 4, np.int32), np.array([2, 7], np.int32))


def _shared(
    idle: list[int], coming: list[int], demand: list[float], reach_s: int = 900, cost: float = 0.5
) -> list:
    return shared_out(
        _line(), _HALVES, _nodes(*idle), _nodes(*coming), np.array(demand), reach_s, cost
    ).tolist()


def test_idle_vehicles_are_shared_out_like_demand() -> None:
    assert _shared([0, 1, 2, 4], [], [1.0, 1.0]) == [NOWHERE, NOWHERE, 7, 7]
    assert _shared([0, 1, 2, 4], [], [0.0, 9.0]) == [7, 7, 7, 7]
    assert _shared([0, 1, 2, 4], [], [9.0, 0.0]) == [NOWHERE] * 4


def test_vehicles_on_their_way_count_where_they_go() -> None:
    assert _shared([0, 1], [7], [1.0, 2.0]) == [NOWHERE, 7]
    assert _shared([0, 1], [7, 8], [1.0, 1.0]) == [NOWHERE, NOWHERE]


def test_no_vehicle_moves_without_demand_or_beyond_the_reach() -> None:
    assert _shared([0, 1], [], [0.0, 0.0]) == [NOWHERE, NOWHERE]
    assert _shared([], [], [1.0, 1.0]) == []
    assert _shared([0, 4], [], [0.0, 1.0], reach_s=30) == [NOWHERE, 7]


def test_dear_empty_driving_keeps_vehicles_where_they_are() -> None:
    # The drive from node 0 lasts 70 s: at a cost of 1 as much as the missing vehicle is worth.
    assert _shared([0], [], [0.0, 1.0], reach_s=70, cost=0.99) == [7]
    assert _shared([0], [], [0.0, 1.0], reach_s=70, cost=1.0) == [NOWHERE]
