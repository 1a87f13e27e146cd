"""What a service knows of the chances of driving."""

from __future__ import annotations

from dataclasses import dataclass

from maas.domain.errors import ServiceDefinitionError


@dataclass(frozen=True, slots=True)
class TravelSpread:
    """How real driving times differ from planned ones.

    Parameters
    ----------
    sigma_per_mille
        Standard deviation of the logarithm of real over planned time within a slot.
    slot_s
        Seconds for which one such factor holds.
    """

    sigma_per_mille: int
    slot_s: int

    def __post_init__(self) -> None:
        if not 0 <= self.sigma_per_mille <= 1000 or self.slot_s < 1:
            raise ServiceDefinitionError(
                f"driving times spread by {self.sigma_per_mille} per mille in slots of {self.slot_s} s;"
                " give 0 to 1000 per mille and 1 s or more"
            )
