"""How evenly something is spread over people: Lorenz curve, Gini coefficient, Palma ratio, by groups.

Rows are groups of people in the same position (a cell of a town, a household), with a value that each of the
people there has, such as the chance to reach a hospital within half an hour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from maas.domain.errors import EquityError

Float64s = npt.NDArray[np.float64]

_TOP, _BOTTOM = 0.1, 0.4


@dataclass(frozen=True, eq=False, slots=True)
class LorenzCurve:
    """Share of the total that the people with least have.

    Parameters
    ----------
    people_share, value_share
        float64, shape (k,). Rising from 0 to 1; between the points the curve is straight.
    """

    people_share: Float64s
    value_share: Float64s

    def value_share_of(self, people_share: float) -> float:
        """Share of the total that this share of the people, those with least, have."""
        return float(np.interp(people_share, self.people_share, self.value_share))

    @property
    def gini(self) -> float:
        """Twice the area between the diagonal and the curve: 0 = everybody has the same."""
        widths = np.diff(self.people_share)
        area = float((widths * (self.value_share[1:] + self.value_share[:-1])).sum()) / 2
        return max(0.0, 1.0 - 2.0 * area)

    @property
    def palma(self) -> float | None:
        """What the tenth with most have over what the four tenths with least have; None where that is 0."""
        least = self.value_share_of(_BOTTOM)
        return None if least <= 0 else (1.0 - self.value_share_of(1.0 - _TOP)) / least


@dataclass(frozen=True, slots=True)
class Spread:
    """How evenly something is spread over the people of a group.

    Parameters
    ----------
    people
        Sum of the weights.
    mean
        Of the value over people; None without people.
    gini
        0 = everybody has the same, near 1 = one person has all; None without people or without value.
    palma
        What the tenth with most have over what the four tenths with least have; None where these have none.
    """

    people: float
    mean: float | None
    gini: float | None
    palma: float | None


def lorenz_curve(value: npt.ArrayLike, people: npt.ArrayLike) -> LorenzCurve:
    """The Lorenz curve of a value over people.

    Parameters
    ----------
    value
        float64, shape (n,). What each person of a row has, 0 or more.
    people
        float64, shape (n,). People of the row, 0 or more, whole or not.

    Raises
    ------
    EquityError
        When the two do not fit, a number is negative or not finite, or people or value sum to nothing.

    Notes
    -----
    Lorenz (1905). Rows with the same value lie on one straight line, so their order changes nothing.
    """
    values, weights = _checked(value, people)
    total = float(values @ weights)
    if total <= 0:
        raise EquityError(
            f"people sum to {weights.sum():g} and their value to {total:g}; a Lorenz curve needs both above 0"
        )
    order = np.argsort(values, kind="stable")
    people_share = np.concatenate(([0.0], np.cumsum(weights[order]) / weights.sum()))
    value_share = np.concatenate(([0.0], np.cumsum(values[order] * weights[order]) / total))
    # The last points are 1 exactly, whatever the rounding of the sums.
    people_share[-1] = value_share[-1] = 1.0
    return LorenzCurve(np.minimum(people_share, 1.0), np.minimum(value_share, 1.0))


def gini(value: npt.ArrayLike, people: npt.ArrayLike) -> float:
    """Gini coefficient of a value over people: twice the area between the diagonal and the Lorenz curve.

    Raises
    ------
    EquityError
        As `lorenz_curve`.
    """
    return lorenz_curve(value, people).gini


def palma_ratio(value: npt.ArrayLike, people: npt.ArrayLike) -> float | None:
    """What the tenth of people with most have over what the four tenths with least have.

    Returns
    -------
    None where the four tenths have nothing: there is no ratio. A row that a limit cuts counts in part.

    Raises
    ------
    EquityError
        As `lorenz_curve`.

    Notes
    -----
    Palma (2011), Cobham and Sumner (2013). Where everybody has the same it is 1/4: people are not divided by.
    """
    return lorenz_curve(value, people).palma


def spread(value: npt.ArrayLike, people: npt.ArrayLike) -> Spread:
    """Mean, Gini and Palma over people; None for what is not defined.

    Raises
    ------
    EquityError
        When the two do not fit, or a number is negative or not finite.
    """
    values, weights = _checked(value, people)
    count, total = float(weights.sum()), float(values @ weights)
    if count <= 0:
        return Spread(0.0, None, None, None)
    if total <= 0:
        return Spread(count, 0.0, None, None)
    return Spread(count, total / count, gini(values, weights), palma_ratio(values, weights))


def spread_by_group(value: npt.ArrayLike, people: Mapping[str, npt.ArrayLike]) -> dict[str, Spread]:
    """`spread` for several groups of people who live in the same rows.

    Parameters
    ----------
    people
        People of each row by group, for instance all and those of 65 and over; groups may overlap.
    """
    return {name: spread(value, weights) for name, weights in people.items()}


def masked(people: npt.ArrayLike, group: Sequence[str], name: str) -> Float64s:
    """People of the rows of one group, 0 in the other rows: for groups that are places, such as areas."""
    return np.where(np.array(group) == name, np.asarray(people, np.float64), 0.0)


def _checked(value: npt.ArrayLike, people: npt.ArrayLike) -> tuple[Float64s, Float64s]:
    values, weights = np.asarray(value, np.float64), np.asarray(people, np.float64)
    if values.ndim != 1 or values.shape != weights.shape:
        raise EquityError(
            f"values have the shape {values.shape}, people {weights.shape}; give one of each a row"
        )
    for name, numbers in (("value", values), ("people", weights)):
        wrong = np.flatnonzero(~(np.isfinite(numbers) & (numbers >= 0)))
        if len(wrong):
            row = int(wrong[0])
            raise EquityError(f"{name} of row {row} is {numbers[row]:g}; give a finite number of 0 or more")
    return values, weights
