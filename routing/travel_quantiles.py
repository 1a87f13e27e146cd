"""Travel times that are kept with a chosen probability, where real ones differ from planned ones by chance.

Within a slot of L seconds driving goes at 1/f of the planned pace; the lognormal factors f have mean 1 and
are independent from slot to slot. The mean pace of a drive of T seconds that begins anywhere within a slot
has a relative variance of (exp(sigma^2) - 1) r(T), r(T) = 1 - T / 3L up to one slot and L/T - L^2 / 3T^2
beyond: long drives average the chances of several slots. With s^2 = log(1 + that variance), the lognormal of
the same two moments (Fenton 1960) makes T exp(z s + s^2 / 2 - sigma^2) the quantile of the z that belongs to
it.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

from routing import _kernels_shortest_paths as kernels
from routing.errors import ProblemError
from routing.fleet_tables import CLOSED_S
from routing.travel_times import TravelTables

QUANTILES: Final = range(51, 100)
"""Per cent that a quantile may be."""

_TRANSPOSE_BLOCK: Final = 64


def quantile_s(
    planned_s: npt.NDArray[np.integer], sigma: float, slot_s: int, percent: int
) -> npt.NDArray[np.int64]:
    """Seconds within which a drive is done with a probability of `percent`, never less than planned.

    Parameters
    ----------
    planned_s
        Integers of any shape, seconds. What lies above `CLOSED_S` leads through a closed road and keeps that
        part as it is.
    sigma
        Standard deviation of the logarithm of a slot's factor, 0 to 1.
    slot_s
        Seconds of a slot.

    Returns
    -------
    int64, same shape. Rises with `planned_s`, `sigma` and `percent`; relative to `planned_s` it falls with
    the length of the drive, so that the quantile of a whole is at most the sum of those of its parts.

    Raises
    ------
    ProblemError
        When the quantile is none of `QUANTILES`, the spread is not within 0 to 1 or the slot below 1 s.
    """
    if percent not in QUANTILES:
        raise ProblemError(
            f"quantile of travel times is {percent} %; give {QUANTILES.start} to {QUANTILES.stop - 1}"
        )
    if not 0 <= sigma <= 1 or slot_s < 1:
        raise ProblemError(
            f"travel times spread by {sigma} in slots of {slot_s} s; give 0 to 1, and 1 s or more"
        )
    planned = np.asarray(planned_s, np.int64)
    closed = np.where(planned >= CLOSED_S, CLOSED_S, 0)
    open_s = planned - closed
    slots = np.maximum(open_s, 1) / slot_s
    # Two branches of one smooth curve that meet at one slot.
    averaged = np.where(
        slots <= 1, 1 - slots / 3, (1 - 1 / (3 * np.maximum(slots, 1))) / np.maximum(slots, 1)
    )
    z = NormalDist().inv_cdf(percent / 100)
    s = np.sqrt(np.log1p(np.expm1(sigma**2) * averaged))
    factor = np.maximum(np.exp(z * s + s**2 / 2 - sigma**2), 1.0)
    later: npt.NDArray[np.int64] = np.floor(open_s * factor + 0.5).astype(np.int64)
    return np.where(closed == 0, np.minimum(later, CLOSED_S - 1), closed + later)


class QuantileTables:
    """Travel tables whose seconds are quantiles of others', along the same paths.

    Parameters
    ----------
    sigma, slot_s, percent
        As in `quantile_s`.
    """

    def __init__(self, sigma: float, slot_s: int, percent: int) -> None:
        self._rule = sigma, slot_s, percent
        quantile_s(np.zeros(1, np.int64), *self._rule)
        self._made: dict[int, tuple[TravelTables, TravelTables]] = {}

    def of(self, tables: TravelTables) -> TravelTables:
        """The tables of quantiles that belong to some tables; the same object for the same object."""
        if id(tables) not in self._made:
            self._made[id(tables)] = tables, self._quantiles(tables)
        return self._made[id(tables)][1]

    def _quantiles(self, tables: TravelTables) -> TravelTables:
        seconds = quantile_s(np.arange(int(tables.to_s.max()) + 1), *self._rule)
        is_small = int(seconds[-1]) < np.iinfo(np.uint16).max
        to_s: npt.NDArray[np.uint16] | npt.NDArray[np.int32] = (
            seconds.astype(np.uint16)[tables.to_s] if is_small else seconds.astype(np.int32)[tables.to_s]
        )
        from_s = np.empty_like(to_s)
        to_s.flags.writeable = False
        kernels.transpose_by_blocks(to_s, _TRANSPOSE_BLOCK, from_s)
        from_s.flags.writeable = False
        return tables._replace(to_s=to_s, from_s=from_s)
