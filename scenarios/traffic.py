"""How real driving times differ from planned ones: by chance. What is known to differ by the hour is planned
for (`scenarios.roads`).

The planned time of an arc is multiplied by the realised factor of its road class and of the 15-minute slot in
which it is driven.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from maas.domain.travel_spread import TravelSpread
from routing.network import ROAD_CLASSES
from scenarios.streams import uniforms

SLOT_S = 900
SLOTS = 120  # a service day may run to 30:00


@dataclass(frozen=True, slots=True)
class TrafficModel:
    """Spread of driving times by road class.

    Parameters
    ----------
    sigma_by_class
        Standard deviation of the logarithm of the factor, one a road class (order of `ROAD_CLASSES`); 0 = no
        chance.
    """

    sigma_by_class: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.sigma_by_class) != len(ROAD_CLASSES):
            raise ValueError(f"traffic has {len(self.sigma_by_class)} spreads; give {len(ROAD_CLASSES)}")
        if min(self.sigma_by_class) < 0.0:
            raise ValueError("spreads of traffic must be 0 or more")

    @classmethod
    def even(cls, sigma: float) -> TrafficModel:
        """The same spread for every road class."""
        return cls((sigma,) * len(ROAD_CLASSES))

    @property
    def spread(self) -> TravelSpread:
        """What a service may know of it: the spread of the road class that varies most, so that no drive is
        thought to be surer than it is."""
        return TravelSpread(math.ceil(1000 * max(self.sigma_by_class) - 1e-9), SLOT_S)

    def realised_factors(self, seed: int) -> npt.NDArray[np.float64]:
        """Factor on planned driving times by road class and slot of 15 minutes.

        Returns
        -------
        float64, shape (len(ROAD_CLASSES), SLOTS). Lognormal; the mean over seeds is 1. Keyed by (class,
        slot).
        """
        classes = len(ROAD_CLASSES)
        ids = (np.arange(classes, dtype=np.int64)[:, None] * 1_000 + np.arange(SLOTS, dtype=np.int64)).ravel()
        u = uniforms(seed, "traffic", ids, 2)
        # Box-Muller; 1 - u lies in (0, 1], so its logarithm is finite.
        normal = np.sqrt(-2.0 * np.log(1.0 - u[:, 0])) * np.cos(2.0 * np.pi * u[:, 1])
        sigma = np.asarray(self.sigma_by_class, dtype=np.float64)[:, None]
        factors: npt.NDArray[np.float64] = np.exp(normal.reshape(classes, SLOTS) * sigma - 0.5 * sigma**2)
        return factors
