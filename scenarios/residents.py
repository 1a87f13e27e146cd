"""How many people live where: the assumed residents of a city's homes, counted by node."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenarios.city import CityMap


@dataclass(frozen=True, slots=True)
class ResidentCount:
    """People and, of them, those of 65 and over. Both assumed: towns' numbers spread over homes."""

    people: int
    aged_65_plus: int


def residents_at(city: CityMap, is_chosen: npt.NDArray[np.bool_]) -> ResidentCount:
    """Residents whose home is at one of the chosen nodes.

    Parameters
    ----------
    is_chosen
        bool, shape (n,), for the nodes of the city's network.

    Notes
    -----
    Every home of a town has the town's share of people of 65 and over. Halves are rounded up.
    """
    chosen = is_chosen[city.home_nodes]
    share = np.bincount(city.home_town[chosen], weights=city.home_weight[chosen], minlength=len(city.towns))
    people = share * np.array([town.population for town in city.towns], np.float64)
    old = people * np.array([town.old_share for town in city.towns], np.float64)
    return ResidentCount(int(people.sum() + 0.5), int(old.sum() + 0.5))
