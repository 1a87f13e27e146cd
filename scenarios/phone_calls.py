"""The call centre as a scenario file says it: who answers the phone, and how callers behave.

Who phones at all is decided by age, in `[demand]` (`app_share`); when the phone is answered stands in
`[service.access]` (`phone_hours`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from scenarios.stated import Count, DurationRange, NotNegative, PositiveDuration, Section, Share, Stated

MAX_ATTEMPTS = 100


@dataclass(frozen=True, slots=True)
class CallCentreRules:
    """Who answers the phone, and how callers behave.

    Parameters
    ----------
    operators
        Who answer calls, all through the hours.
    hours
        Opens and closes, seconds of every day.
    call_length_s, call_length_spread
        Mean length of a call (lognormal), and its standard deviation over its mean.
    patience_s
        Mean time (exponential) after which a caller in the queue hangs up.
    calls_again_share
        Share of those who hung up or were turned away who call again.
    calls_again_after_s
        Shortest and longest time until then.
    attempts
        Most calls for one request.
    """

    operators: int
    hours: tuple[int, int]
    call_length_s: int
    call_length_spread: float
    patience_s: int
    calls_again_share: float
    calls_again_after_s: tuple[int, int]
    attempts: int


class CallCentreSection(Section):
    """The phone of a service; without it every call is answered at once."""

    operators: Stated[Count]
    call_length: PositiveDuration = Field(description="mean, with the booking; lognormal")
    call_length_spread: Stated[NotNegative] = Field(description="standard deviation over mean")
    patience: PositiveDuration = Field(description="mean time until a waiting caller hangs up; exponential")
    calls_again: Stated[Share] = Field(description="share of those not answered who call again")
    calls_again_after: DurationRange
    attempts: Stated[Annotated[int, Field(ge=1, le=MAX_ATTEMPTS)]] = Field(
        description="most calls for one request"
    )

    def rules(self, hours: tuple[int, int]) -> CallCentreRules:
        """The same for the simulation, with the hours of the phone."""
        return CallCentreRules(
            operators=self.operators.value,
            hours=hours,
            call_length_s=self.call_length.seconds,
            call_length_spread=self.call_length_spread.value,
            patience_s=self.patience.seconds,
            calls_again_share=self.calls_again.value,
            calls_again_after_s=self.calls_again_after.seconds,
            attempts=self.attempts.value,
        )
