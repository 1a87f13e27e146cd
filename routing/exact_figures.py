"""The times and costs of a problem in doubles: what results are told in, whatever integers a solver used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.problem import NO_LIMIT, Problem
from routing.quantities import UNREACHABLE

Array = NDArray[Any]

DECIMALS = 6
"""Decimals of a scaled figure that are trusted: 4.038 times 1,000 is 4038, not 4038.0000000000005."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class ExactFigures:
    """Float64 arrays of the shapes that `Problem` has, in units of its source; infinity = no limit or way."""

    travel: Array
    cost: Array
    pickup_window: Array
    delivery_window: Array
    pickup_service: Array
    delivery_service: Array
    max_ride: Array
    shift: Array
    max_duration: Array

    @classmethod
    def of(cls, problem: Problem) -> ExactFigures:
        """A problem's own integers: for problems that were made without an instance."""
        figures = {name: getattr(problem, name).astype(np.float64) for name in cls.__slots__}
        for name in ("travel", "cost"):
            figures[name][figures[name] >= UNREACHABLE] = np.inf
        for name in ("max_ride", "max_duration"):
            figures[name][figures[name] >= NO_LIMIT] = np.inf
        return cls(**{name: figure / problem.scale for name, figure in figures.items()})


def rounded_up(figures: Array, scale: int) -> Array:
    """Travel and service times, earliest times: never less than they are."""
    return np.ceil(np.round(figures * scale, DECIMALS)).astype(np.int64)


def rounded_down(figures: Array, scale: int) -> Array:
    """Latest times and limits: never more than they are; infinity becomes `NO_LIMIT`."""
    with np.errstate(invalid="ignore"):
        whole = np.floor(np.round(figures * scale, DECIMALS))
    return np.where(np.isinf(figures), NO_LIMIT, whole).astype(np.int64)


def rounded(figures: Array, scale: int) -> Array:
    """Costs: to the nearest."""
    whole: Array = np.rint(figures * scale).astype(np.int64)
    return whole
