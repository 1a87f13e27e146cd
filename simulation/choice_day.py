"""What came of the choices of a day: shares of the ways, trips that the service made possible, what it is
worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from maas.service_definition import AGE_BANDS
from scenarios.choice_section import ChoiceRules
from scenarios.mode_choice import CAR, LIFT, MODES, SERVICE
from scenarios.weighed_outings import NO_CHOICE, Settling, WeighedOutings

INSTEAD: Final = "instead"
"""Column of the requests table: the way that the rider would have gone without the service."""

Int32s = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class ChoiceFigures:
    """The choices of one day. An outing is there and back; shares are None without outings.

    Parameters
    ----------
    outings
        Weighed by residents.
    outings_by_age_band
        The same by age band, every band listed.
    shares
        Share of the outings by the way taken, every way listed; `stay` is not going.
    shares_by_age_band
        The same by age band.
    service_share_expected
        Mean probability to take the service: as `shares`, without the luck of the day.
    instead
        Outings by the service, by the way that would be taken without it. `stay`: **induced**, made
        because the service is there.
    surplus_yen
        Consumer surplus of the day: logsum with the service less logsum without it, over all outings.
    replaced_km
        Kilometres that cars would have driven for the served requests of people who would have gone by car
        or been driven.
    replaced_co2_kg
        CO2 of those kilometres.
    rounds, gap_yen, unsettled
        How often people corrected what they expect; how far it still is from what they meet; 1 if that is
        too far, else 0.
    """

    outings: int
    outings_by_age_band: Mapping[str, int]
    shares: Mapping[str, float | None]
    shares_by_age_band: Mapping[str, Mapping[str, float | None]]
    service_share_expected: float | None
    instead: Mapping[str, int]
    surplus_yen: float
    replaced_km: float
    replaced_co2_kg: float
    rounds: int
    gap_yen: float
    unsettled: int

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON document."""
        return asdict(self)


def choice_figures(
    weighed: WeighedOutings, rules: ChoiceRules, settling: Settling | None, requests: pd.DataFrame
) -> ChoiceFigures:
    """Figures of the choices of a day.

    Parameters
    ----------
    requests
        The requests table with the column `instead`.
    """
    count = len(weighed.rows)
    band = weighed.day.age_band[weighed.rows]
    by_service = weighed.instead[weighed.taken == SERVICE]
    ways = np.bincount(by_service, minlength=len(MODES))
    km = _replaced_km(requests, rules)
    return ChoiceFigures(
        outings=count,
        outings_by_age_band={name: int((band == k).sum()) for k, name in enumerate(AGE_BANDS)},
        shares=_shares(weighed.taken),
        shares_by_age_band={name: _shares(weighed.taken[band == k]) for k, name in enumerate(AGE_BANDS)},
        service_share_expected=float(weighed.shares[:, SERVICE].mean()) if count else None,
        instead={MODES[k]: int(ways[k]) for k in range(len(MODES)) if k != SERVICE},
        surplus_yen=float(weighed.surplus_yen.sum()),
        replaced_km=km,
        replaced_co2_kg=km * rules.car_co2_g_per_km / 1000,
        rounds=0 if settling is None else settling.rounds,
        gap_yen=0.0 if settling is None else settling.gap_yen,
        unsettled=0 if settling is None or settling.is_settled else 1,
    )


def with_instead(requests: pd.DataFrame, instead: Int32s) -> pd.DataFrame:
    """The requests table with the way that each rider would have gone, missing for who did not choose."""
    codes: Int32s = np.where(instead == NO_CHOICE, -1, instead).astype(np.int32)
    return requests.assign(**{INSTEAD: pd.Categorical.from_codes(codes, categories=pd.Index(MODES))})


def _shares(taken: Int32s) -> dict[str, float | None]:
    ways = np.bincount(taken, minlength=len(MODES))
    return {name: int(ways[k]) / len(taken) if len(taken) else None for k, name in enumerate(MODES)}


def _replaced_km(requests: pd.DataFrame, rules: ChoiceRules) -> float:
    """Car kilometres of the served: direct from stop to stop, times the driver's way home for a lift."""
    served = requests[requests["status"] == "done"]
    metres = {
        way: int(served.loc[served[INSTEAD] == MODES[way], "direct_m"].fillna(0).sum()) for way in (CAR, LIFT)
    }
    return (metres[CAR] + rules.lift_km_factor * metres[LIFT]) / 1000
