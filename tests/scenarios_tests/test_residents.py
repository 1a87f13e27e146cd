from __future__ import annotations

import numpy as np
import pytest

from scenarios.city import CityMap, Town, embedded_city
from scenarios.residents import ResidentCount, residents_at
from tests.builders import line_network


def two_towns() -> CityMap:
    """A: 1,000 people, 20 % of 65 and over, 1/4 at node 0 and 3/4 at node 1; B: 500, 40 %, half at 1, half at
    3."""
    return CityMap(
        network=line_network(),
        areas=("all",),
        area_of_node=np.zeros(5, np.int8),
        places=(),
        towns=(Town("A", 0, 0, 1000, 0.2), Town("B", 0, 3, 500, 0.4)),
        home_nodes=np.array([0, 1, 1, 3], np.int32),
        home_town=np.array([0, 0, 1, 1], np.int16),
        home_weight=np.array([0.25, 0.75, 0.5, 0.5]),
    )


@pytest.mark.parametrize(
    ("nodes", "people", "old"),
    [
        ([], 0, 0),
        ([2, 4], 0, 0),
        ([0], 250, 50),
        ([1], 1000, 250),  # 750 + 250 people, 150 + 100 of 65 and over
        ([0, 1, 2, 3, 4], 1500, 400),
    ],
)
def test_residents_of_chosen_nodes_are_those_with_a_home_there(
    nodes: list[int], people: int, old: int
) -> None:
    is_chosen = np.zeros(5, np.bool_)
    is_chosen[nodes] = True
    assert residents_at(two_towns(), is_chosen) == ResidentCount(people, old)


def test_all_homes_of_the_embedded_city_hold_all_its_residents() -> None:
    city = embedded_city()
    everybody = residents_at(city, np.ones(city.network.node_count, np.bool_))
    assert everybody.people == sum(town.population for town in city.towns) == 44_183
