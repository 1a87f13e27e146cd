"""The assumed residents of a city by home, town and cell of 250 m, each age band and driving licence apart.

Nobody counted these people: the number of each town is a stated assumption, and within a town people are
spread over the corners of its generated streets. Cells are those of the Japanese census (JIS X 0410, quarter
of a third-level cell, some 250 m wide), so that real counts can take their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from maas.service_definition import AGE_BANDS
from scenarios.city import CityMap
from scenarios.errors import ScenarioFileError

_ROWS_A_DEGREE, _COLUMNS_A_DEGREE = 480, 320
"""Cells are 7.5 seconds high and 11.25 seconds wide."""

_OLD = tuple(AGE_BANDS.index(band) for band in ("65-74", "75+"))
_OLDEST = AGE_BANDS.index("75+")


@dataclass(frozen=True, eq=False, slots=True)
class ResidentsByCell:
    """Residents in rows of shape (k,), one for each home of a town; numbers are expectations, not whole.

    Parameters
    ----------
    node
        int32. Where they live.
    town
        int32. Index into the towns of the city.
    area
        int32. Index into its areas.
    cell
        int64. Code of the cell of 250 m, ten digits.
    by_band
        float64, shape (k, 4). People of each age band.
    without_licence
        float64. Of all of them, those who may not drive.
    """

    node: npt.NDArray[np.int32]
    town: npt.NDArray[np.int32]
    area: npt.NDArray[np.int32]
    cell: npt.NDArray[np.int64]
    by_band: npt.NDArray[np.float64]
    without_licence: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.node)

    def groups(self, areas: Sequence[str]) -> dict[str, npt.NDArray[np.float64]]:
        """People of each row by group, which overlap: everybody, by age, without a licence, by area."""
        everybody = self.by_band.sum(axis=1)
        found = {
            "all": everybody,
            "65+": self.by_band[:, _OLD].sum(axis=1),
            "75+": self.by_band[:, _OLDEST].copy(),
            "no licence": self.without_licence.copy(),
        }
        for index, name in enumerate(areas):
            found[name] = np.where(self.area == index, everybody, 0.0)
        return found


def residents_by_cell(
    city: CityMap, counts: npt.NDArray[np.int64], licence_share: Sequence[float]
) -> ResidentsByCell:
    """Residents of each home, and the cell it lies in.

    Parameters
    ----------
    counts
        int64, shape (towns, 4). Residents by town and age band, as `population.residents_by_band` gives them:
        without the inmates of the prison.
    licence_share
        Share of each age band that may drive.

    Raises
    ------
    ScenarioFileError
        When the city lies in a plane, which has no cells of the census.
    """
    network = city.network
    if network.is_planar:
        raise ScenarioFileError(
            f"{network.title} lies in a plane without longitude and latitude, which the cells of the census"
            " need; give a network with both"
        )
    node, town = city.home_nodes.astype(np.int32), city.home_town.astype(np.int32)
    by_band = city.home_weight[:, None] * counts[town]
    areas = np.array([one.area for one in city.towns], np.int32)
    return ResidentsByCell(
        node=node,
        town=town,
        area=areas[town],
        cell=quarter_mesh(network.lat[node], network.lon[node]),
        by_band=by_band,
        without_licence=by_band @ (1.0 - np.asarray(licence_share, np.float64)),
    )


def quarter_mesh(lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Codes of the cells of some 250 m in which points of Japan lie: int64, ten digits.

    Notes
    -----
    JIS X 0410: first level 40' x 1 degree, second an eighth of it, third a tenth of that (two digits each,
    row first), then two halvings, each one digit: 1 south-west, 2 south-east, 3 north-west, 4 north-east.
    """
    row = np.floor(lat * _ROWS_A_DEGREE).astype(np.int64)
    column = np.floor((lon - 100.0) * _COLUMNS_A_DEGREE).astype(np.int64)
    code = row // 320 * 100 + column // 320
    code = code * 100 + row % 320 // 40 * 10 + column % 320 // 40
    code = code * 100 + row % 40 // 4 * 10 + column % 40 // 4
    code = code * 10 + 1 + row % 4 // 2 * 2 + column % 4 // 2
    return np.asarray(code * 10 + 1 + row % 2 * 2 + column % 2)


def middle_of_mesh(code: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Latitude and longitude of the middles of cells, float64; the inverse of `quarter_mesh`."""
    quarter, half = code % 10 - 1, code // 10 % 10 - 1
    third, second, first = code // 100 % 100, code // 10_000 % 100, code // 1_000_000
    row = first // 100 * 320 + second // 10 * 40 + third // 10 * 4 + half // 2 * 2 + quarter // 2
    column = first % 100 * 320 + second % 10 * 40 + third % 10 * 4 + half % 2 * 2 + quarter % 2
    return (row + 0.5) / _ROWS_A_DEGREE, (column + 0.5) / _COLUMNS_A_DEGREE + 100.0
