"""How evenly access is spread over the people of a group, with what it would be without each day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from maas.equity import LorenzCurve, lorenz_curve
from simulation.jackknife import estimate_columns

Float64s = npt.NDArray[np.float64]
ByKey = Mapping[tuple[object, ...], Float64s]

LORENZ_SHARES: Final = np.linspace(0.0, 1.0, 41)
"""Shares of people at which the curve is told."""


def curve_points(people: Float64s, chance: Float64s) -> pd.DataFrame:
    """Points of the Lorenz curve; none where nobody has access."""
    if float(people @ chance) <= 0:
        return pd.DataFrame({"people_share": LORENZ_SHARES[:0], "value_share": LORENZ_SHARES[:0]})
    curve = lorenz_curve(chance, people)
    shares = [curve.value_share_of(float(share)) for share in LORENZ_SHARES]
    return pd.DataFrame({"people_share": LORENZ_SHARES, "value_share": shares})


def spread_row(
    people: Float64s,
    chance: Float64s,
    key: tuple[object, ...],
    baseline: ByKey,
    values: dict[tuple[object, ...], Float64s],
) -> dict[str, float]:
    """`people`; `mean`, `gini`, `palma` with intervals, and their differences to the baseline with intervals.

    Parameters
    ----------
    people
        float64, shape (parts,).
    chance
        float64, shape (parts, 1 + days). Of each person there, from all days and without each of them.
    key
        Under which the baseline's figures stand in `baseline`, and these go into `values`.
    """
    total = chance.T @ people
    curves = [
        lorenz_curve(one, people) if sum_ > 0 else None for one, sum_ in zip(chance.T, total, strict=True)
    ]
    figures = {
        "mean": (total / people.sum(), 1.0),
        "gini": (np.array([curve.gini if curve else np.nan for curve in curves]), 1.0),
        "palma": (np.array([_palma(curve) for curve in curves]), np.inf),
    }
    row = {"people": float(people.sum())}
    for name, (by_day, most) in figures.items():
        values[*key, name] = by_day
        gap = by_day - baseline.get((*key, name), np.full_like(by_day, np.nan))
        columns = estimate_columns(name, by_day[None, :], low=0.0, high=most)
        columns |= estimate_columns(f"{name}_difference", gap[None, :], low=-most, high=most)
        row |= {column: float(value[0]) for column, value in columns.items()}
    return row


def _palma(curve: LorenzCurve | None) -> float:
    ratio = None if curve is None else curve.palma
    return float("nan") if ratio is None else ratio
