"""Shares of people with access, by city, area, town and cell, with what they would be without each day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from scenarios.city import CityMap
from scenarios.residents_by_cell import ResidentsByCell
from simulation.accessibility import AREA, Access

Float64s = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]

FIXED: Final = ("on_foot", "by_bus", "by_bus_chance", "unknown_share", "area_share", "asked")
"""Columns that hold on every day alike."""

BY_DAY: Final = ("by_service", "by_any_least", "by_any_most")
"""Columns that rest on the days: all days first, then without each of them."""


@dataclass(frozen=True, eq=False, slots=True)
class _Sums:
    """Adds rows up by a key."""

    keys: npt.NDArray[np.generic]
    order: npt.NDArray[np.intp]
    first: npt.NDArray[np.intp]

    @classmethod
    def by(cls, key: npt.NDArray[np.generic]) -> _Sums:
        keys, row, count = np.unique(key, return_inverse=True, return_counts=True)
        first = np.concatenate(([0], np.cumsum(count)[:-1]))
        return cls(keys, np.argsort(row, kind="stable"), first)

    def of(self, values: Float64s) -> Float64s:
        """Sums over the first axis."""
        return np.asarray(np.add.reduceat(values[self.order], self.first, axis=0))


@dataclass(frozen=True, eq=False, slots=True)
class Shares:
    """Access of one group of people in places of one kind.

    Parameters
    ----------
    place
        Shape (k,). Name of the city, of areas and of towns; code of cells.
    people
        float64, shape (k,).
    fixed
        float64, shape (k,), by the names in `FIXED`.
    by_day
        float64, shape (k, 1 + days), by the names in `BY_DAY`; NaN where it is known for nobody there.
    """

    place: npt.NDArray[np.generic]
    people: Float64s
    fixed: Mapping[str, Float64s]
    by_day: Mapping[str, Float64s]


class PeopleInPlaces:
    """Residents added up by cell and town first, and from there to every kind of place.

    Parameters
    ----------
    city, residents
        Who lives where.
    """

    def __init__(self, city: CityMap, residents: ResidentsByCell) -> None:
        pair = residents.cell * len(city.towns) + residents.town
        self._sums = _Sums.by(pair)
        pairs = self._sums.keys.astype(np.int64)
        town = pairs % len(city.towns)
        names = np.array([one.name for one in city.towns])
        areas = np.array([city.areas[one.area] for one in city.towns])
        self._kinds = {
            "city": _Sums.by(np.zeros(len(pairs), np.int64)),
            "area": _Sums.by(areas[town]),
            "town": _Sums.by(names[town]),
            "cell": _Sums.by(pairs // len(city.towns)),
        }
        self._city = city.network.title

    def count(self, access: Access) -> CountedAccess:
        """Access to one goal within one time, ready to be added up for groups of people."""
        return CountedAccess(self._city, self._sums, self._kinds, _fixed(access), _by_day(access))


@dataclass(frozen=True, eq=False, slots=True)
class CountedAccess:
    """Access of every row of the residents; `PeopleInPlaces.count` makes it."""

    _city: str
    _sums: _Sums
    _kinds: Mapping[str, _Sums]
    _fixed: Mapping[str, Float64s]
    _by_day: Mapping[str, tuple[Float64s, Float64s]]

    def parts(self, people: Float64s) -> tuple[Float64s, Float64s]:
        """People of each part (what a town has of a cell), and their mean `by_any_least`, all days first and
        then without each: the rows over which a spread is taken."""
        weight = self._sums.of(people)
        total = self._sums.of(people[:, None] * self._by_day["by_any_least"][0])
        is_there = weight > 0
        return weight[is_there], total[is_there] / weight[is_there, None]

    def shares(self, people: Float64s, kinds: Sequence[str]) -> Iterator[tuple[str, Shares]]:
        """Access of a group of people, by kind of place; places without people are left out.

        Parameters
        ----------
        people
            float64. People of the group in each row of the residents.
        kinds
            Of `city`, `area`, `town`, `cell`.
        """
        whole = self._sums.of(people)
        fixed = {name: self._sums.of(people * values) for name, values in self._fixed.items()}
        by_day = {
            name: (self._sums.of(people[:, None] * values), self._sums.of(people * is_known))
            for name, (values, is_known) in self._by_day.items()
        }
        for kind in kinds:
            sums = self._kinds[kind]
            count = sums.of(whole)
            here = count > 0
            place = np.array([self._city]) if kind == "city" else sums.keys
            yield (
                kind,
                Shares(
                    place[here],
                    count[here],
                    {name: sums.of(total)[here] / count[here] for name, total in fixed.items()},
                    {
                        name: _ratio(sums.of(total)[here], sums.of(known)[here])
                        for name, (total, known) in by_day.items()
                    },
                ),
            )


def _fixed(access: Access) -> dict[str, Float64s]:
    values = {
        "on_foot": access.on_foot,
        "by_bus": access.by_bus,
        "by_bus_chance": access.by_bus_chance,
        "unknown_share": np.isnan(access.by_service),
        "area_share": access.rests_on == AREA,
        "asked": access.asked,
    }
    return {name: values[name].astype(np.float64) for name in FIXED}


def _by_day(access: Access) -> dict[str, tuple[Float64s, Float64s]]:
    """Values of each row, all days first, 0 where unknown; and 1.0 where they are known."""
    service = np.concatenate((access.by_service[:, None], access.without_day), axis=1)
    known = (~np.isnan(access.by_service)).astype(np.float64)
    everybody = np.ones(len(known))
    return {
        "by_service": (np.nan_to_num(service), known),
        "by_any_least": (access.best_with(service, 0.0), everybody),
        "by_any_most": (access.best_with(service, 1.0), everybody),
    }


def _ratio(total: Float64s, people: Float64s) -> Float64s:
    found = np.full(total.shape, np.nan)
    np.divide(total, people[:, None], out=found, where=people[:, None] > 0)
    return found
