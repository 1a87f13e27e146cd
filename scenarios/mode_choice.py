"""Which way somebody goes: a multinomial logit over the service, a lift, the own car, the bus, and staying.

Everything is in yen: what a way is worth less what it costs in money, time and trouble is its *benefit*, and
tastes scatter around it by a Gumbel lot of a stated spread. The lots belong to the person and the day. So a
better service never loses somebody for want of luck, and the expected benefit of the best way is in yen too.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from scenarios.streams import uniforms

MODES: Final[tuple[str, ...]] = ("service", "lift", "car", "bus", "stay")
"""By their column; `lift` is a ride given by family, `stay` is not going at all."""

SERVICE, LIFT, CAR, BUS, STAY = range(len(MODES))

Floats = npt.NDArray[np.float64]
Int32s = npt.NDArray[np.int32]


def logit_shares(benefit_yen: Floats, spread_yen: float) -> Floats:
    """Probability of each way, float64, shape (n, m); rows add up to 1.

    Parameters
    ----------
    benefit_yen
        float64, shape (n, m); -inf where a way is not open. Every row has an open one.
    spread_yen
        Scale of the Gumbel lots, above 0.
    """
    scaled = benefit_yen / spread_yen
    weight = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def logsum_yen(benefit_yen: Floats, spread_yen: float) -> Floats:
    """Expected benefit of the best way, up to a constant: float64, shape (n,), yen.

    Notes
    -----
    spread * ln sum exp(benefit / spread), the expected maximum of benefits with Gumbel lots. Benefits are in
    yen, so that a difference of two logsums is a change of consumer surplus without further scaling.
    """
    scaled = benefit_yen / spread_yen
    top = scaled.max(axis=1)
    return np.asarray(spread_yen * (top + np.log(np.exp(scaled - top[:, None]).sum(axis=1))))


def gumbel_lots(seed: int, person: npt.NDArray[np.int64]) -> Floats:
    """Standard Gumbel lots of persons on a day, one for each way: float64, shape (n, 5)."""
    u = np.maximum(uniforms(seed, "mode choice", person, len(MODES)), 2.0**-60)
    return np.asarray(-np.log(-np.log(u)))


def best_ways(benefit_yen: Floats, spread_yen: float, lots: Floats) -> tuple[Int32s, Int32s]:
    """The way that each row takes, and the one that it would take without the service: int32, codes into
    `MODES`.

    Benefits plus `spread_yen` times the lots are compared; of equal ones the first is taken.
    """
    total = benefit_yen + spread_yen * lots
    taken = total.argmax(axis=1).astype(np.int32)
    others = total.copy()
    others[:, SERVICE] = -np.inf
    return taken, others.argmax(axis=1).astype(np.int32)
