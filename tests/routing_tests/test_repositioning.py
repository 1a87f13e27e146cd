"""Where idle vehicles wait: cells of a network, and who goes where."""

from __future__ import annotations

import numpy as np
import pytest

from routing.demand_cells import DemandCells, demand_cells
from routing.errors import ProblemError
from routing.fleet_tables import NOWHERE
from routing.repositioning import Coverage, covering, pulled_to, shared_out
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


def _covered(
    idle: list[int], others: list[int], demand: list[float], within_s: int = 20, cost: float = 0.0
) -> list[int]:
    """On a line of nine nodes with a cell around each."""
    cells = DemandCells(np.arange(9, dtype=np.int32), np.arange(9, dtype=np.int32))
    rule = Coverage(within_s, 0.5, 900, cost)
    return covering(_line(), cells, _nodes(*idle), _nodes(*others), np.array(demand), rule).tolist()


def test_a_second_vehicle_goes_where_none_can_come_in_time() -> None:
    assert _covered([1, 1], [], [1.0] * 3 + [0.0] * 3 + [1.0] * 3) == [6, NOWHERE]


def test_a_vehicle_stays_where_others_do_not_come() -> None:
    demand = [1.0] * 3 + [0.0] * 3 + [0.9] * 3
    assert _covered([1], [], demand) == [NOWHERE]
    assert _covered([1], [1], demand) == [6]  # the other one covers half of it


def test_covering_is_worth_its_empty_driving_or_is_left() -> None:
    # From 1 to 6 is 50 s. Three quarters of three requests an hour more, half a second each: 0.75 x 900 s.
    demand = [0.0] * 6 + [0.5] * 3
    assert _covered([1], [], demand, cost=13.4) == [6]
    assert _covered([1], [], demand, cost=13.6) == [NOWHERE]
    assert _covered([], [], demand) == []


@pytest.mark.parametrize("seed", range(8))
def test_the_first_move_is_the_best_of_all_single_moves(seed: int) -> None:
    rng = np.random.default_rng(seed)
    travel = DenseTravelTimes.build(random_network(seed, nodes=14, extra_arcs=20)).tables
    cells = DemandCells(np.arange(14, dtype=np.int32), np.arange(14, dtype=np.int32))
    idle, others = rng.integers(0, 14, 3).astype(np.int32), rng.integers(0, 14, 2).astype(np.int32)
    demand, within_s = rng.random(14), int(np.median(travel.from_s))

    def covered(nodes: np.ndarray) -> float:
        count = (travel.from_s[nodes] <= within_s).sum(axis=0)
        return float((demand * (1 - 0.6**count)).sum())

    everybody = np.concatenate((idle, others))
    gains = {
        (vehicle, node): covered(np.concatenate(([node], np.delete(everybody, vehicle)))) - covered(everybody)
        for vehicle in range(3)
        for node in range(14)
    }
    goal = covering(travel, cells, idle, others, demand, Coverage(within_s, 0.6, 900, 0.0))
    gain = max(gains.values())
    if gain < 1e-9:
        assert goal.tolist() == [NOWHERE] * 3
    else:
        best = {pair for pair, value in gains.items() if value > gain - 1e-9}
        assert any(goal[vehicle] == node for vehicle, node in best)
