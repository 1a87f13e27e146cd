"""The synthetic residents: who they are never changes, whatever the scenario and the seed of the day.

Resident i of age band b in town t is the same person in every scenario: home, licence, phone or app,
wheelchair are drawn with keys of that person alone. A later population keeps the persons with the lowest
numbers of each town and age band.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from maas.service_definition import AGE_BANDS
from scenarios.city import CityMap
from scenarios.errors import ScenarioFileError
from scenarios.people_sections import ModelledDemand, Population
from scenarios.streams import stable_number, uniforms

PERSON_SEED = 0
"""Seed of everything that a person keeps for life."""

_BANDS = len(AGE_BANDS)
_INDEX_BITS = 18
_ADULT = AGE_BANDS.index("15-64")


@dataclass(frozen=True, eq=False, slots=True)
class Residents:
    """Residents in columns of shape (k,).

    Parameters
    ----------
    person
        int64. Identity.
    age_band, area
        int32. Indices into `AGE_BANDS` and the areas of the city.
    home
        int32. Node of the door.
    rate
        float64. How often they would use the service, relative to each other.
    uses_app, uses_wheelchair, is_disabled
        bool.
    """

    person: npt.NDArray[np.int64]
    age_band: npt.NDArray[np.int32]
    area: npt.NDArray[np.int32]
    home: npt.NDArray[np.int32]
    rate: npt.NDArray[np.float64]
    uses_app: npt.NDArray[np.bool_]
    uses_wheelchair: npt.NDArray[np.bool_]
    is_disabled: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.person)


def residents_by_band(
    city: CityMap, population: Population, where: str, *, is_projected: bool
) -> npt.NDArray[np.int64]:
    """Residents who travel, by town and age band: int64, shape (towns, 4).

    The total is exact, every cell within 1 of its expectation. Inmates are taken out of the adults of their
    town if they are counted.

    Raises
    ------
    ScenarioFileError
        When the inmates' town is unknown or smaller than the prison, the share of children does not fit, or a
        town has more people of an age band than there are numbers for.
    """
    weight = np.array([town.population for town in city.towns], dtype=np.float64)
    old_share = np.array([town.old_share for town in city.towns], dtype=np.float64)
    people = weight / weight.sum() * population.residents.value
    old = people * old_share
    oldest = old * population.oldest_share_of_old.value
    young = people - old
    child_share = population.child_share.value * people.sum() / young.sum()
    if child_share > 1.0:
        raise ScenarioFileError(
            f"{where}: population.child_share.value is {population.child_share.value:g}, more than all people"
            " under 65; lower it"
        )
    expected = np.stack([young * child_share, young * (1.0 - child_share), old - oldest, oldest], axis=1)
    projection = population.projection
    if is_projected and projection is not None:
        shares = np.array(
            [
                projection.child_share.value,
                1.0 - projection.child_share.value - projection.old_share.value,
                projection.old_share.value - projection.oldest_share.value,
                projection.oldest_share.value,
            ]
        )
        expected = expected * (shares * projection.residents.value / expected.sum(axis=0))
    counts = _whole(expected)
    if counts.max() > 1 << _INDEX_BITS:
        raise ScenarioFileError(
            f"{where}: population.residents.value puts {counts.max()} people of one age band into one town,"
            f" and {1 << _INDEX_BITS} fit; lower it"
        )
    if population.inmates_are_counted.value:
        names = [town.name for town in city.towns]
        if population.inmates_town not in names:
            raise ScenarioFileError(
                f"{where}: population.inmates_town is {population.inmates_town!r}; give a town of the city"
            )
        row = names.index(population.inmates_town)
        if counts[row, _ADULT] < population.inmates.value:
            raise ScenarioFileError(
                f"{where}: population.inmates.value is {population.inmates.value}, above the"
                f" {counts[row, _ADULT]} adults of {population.inmates_town}; lower it"
            )
        counts[row, _ADULT] -= population.inmates.value
    return counts


def build_residents(city: CityMap, counts: npt.NDArray[np.int64], demand: ModelledDemand) -> Residents:
    """Residents of the given numbers by town and age band.

    Raises
    ------
    ScenarioFileError
        When two towns would share a key; rename one.
    """
    keys = np.array([stable_number(town.name, 24) for town in city.towns], dtype=np.int64)
    if len(set(keys.tolist())) < len(keys):
        raise ScenarioFileError(f"two towns of {city.network.title} share a key; rename one of them")
    size = counts.ravel()
    cell = np.repeat(np.arange(len(size)), size)
    index = np.arange(len(cell)) - np.repeat(np.cumsum(size) - size, size)
    town, band = cell // _BANDS, cell % _BANDS
    person = (keys[town] << 2 | band) << _INDEX_BITS | index
    u = uniforms(PERSON_SEED, "person", person, 5)
    has_licence = holds_licence(person, band, demand.licence_share.value.values)
    wheelchair = u[:, 3] < np.array(demand.wheelchair_share.value.values)[band]
    areas = np.array([t.area for t in city.towns], dtype=np.int32)
    return Residents(
        person=person,
        age_band=band.astype(np.int32),
        area=areas[town],
        home=homes(city, town, u[:, 0]),
        rate=np.where(
            has_licence,
            np.array(demand.rate_with_licence.value.values)[band],
            np.array(demand.rate_without_licence.value.values)[band],
        ),
        uses_app=u[:, 2] < np.array(demand.app_share.value.values)[band],
        uses_wheelchair=wheelchair,
        is_disabled=wheelchair | (u[:, 4] < np.array(demand.disabled_share.value.values)[band]),
    )


def holds_licence(
    person: npt.NDArray[np.int64],
    age_band: npt.NDArray[np.int64] | npt.NDArray[np.int32],
    share: tuple[float, float, float, float],
) -> npt.NDArray[np.bool_]:
    """Who may drive, by the share of each age band: bool, one draw a person, for life."""
    return np.asarray(uniforms(PERSON_SEED, "person", person, 2)[:, 1] < np.array(share)[age_band])


def homes(city: CityMap, town: npt.NDArray[np.int64], u: npt.NDArray[np.float64]) -> npt.NDArray[np.int32]:
    """Home nodes drawn within towns by weight, int32, from one uniform number each."""
    order = np.argsort(city.home_town, kind="stable")
    towns, nodes = city.home_town[order].astype(np.int64), city.home_nodes[order]
    first = np.searchsorted(towns, np.arange(len(city.towns) + 1))
    # Position of each home on one axis on which town t covers [t, t + 1).
    upper = np.cumsum(city.home_weight[order])
    begin = np.concatenate(([0.0], upper))[first]
    total = (begin[1:] - begin[:-1])[towns]
    upper = towns + (upper - begin[:-1][towns]) / total
    found = np.searchsorted(upper, town + u, side="right")
    return nodes[np.clip(found, first[town], first[town + 1] - 1)].astype(np.int32)


def _whole(expected: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Whole numbers that sum to the rounded sum of `expected`, each within 1 of it (largest remainders)."""
    floor = np.floor(expected).astype(np.int64)
    missing = round(float(expected.sum())) - int(floor.sum())
    order = np.argsort(-(expected - floor), axis=None, kind="stable")
    floor.ravel()[order[:missing]] += 1
    return floor
