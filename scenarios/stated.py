"""Numbers that say where they come from.

Every number of a scenario file is written as a table with its value, its unit and either a source or the word
assumption:

    notice = { value = 20, unit = "min", source = "Tomioka: book until 20 minutes before" }
    stay   = { value = [45, 60], unit = "min", assumption = "no survey at hand" }

The key ja says the source or reason in Japanese, for reports in that language.
"""

from __future__ import annotations

import re
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic.functional_validators import AfterValidator

T = TypeVar("T")

DAY_S = 86_400
LATEST_S = 30 * 3600
LONGEST_DAYS = 3650
MAX_COUNT = 10_000_000
MAX_PERCENT = 10_000

_CLOCK = re.compile(r"(?P<before>D-1 )?(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2}))?")


def clock_seconds(text: str) -> int:
    """Seconds of the service day of "8:30", "08:30:15", "25:10" or "D-1 17:00" (the day before).

    Raises
    ------
    ValueError
        When the text is no such time; the message names it.
    """
    match = _CLOCK.fullmatch(text.strip())
    if match is None or int(match["m"]) > 59 or int(match["s"] or 0) > 59:
        raise ValueError(f"time {text!r} is no time; write HH:MM or HH:MM:SS, for example 08:30")
    seconds = int(match["h"]) * 3600 + int(match["m"]) * 60 + int(match["s"] or 0)
    latest = DAY_S if match["before"] else LATEST_S
    if seconds > latest:
        raise ValueError(f"time {text!r} lies after {latest // 3600}:00; a service day ends there")
    return seconds - DAY_S if match["before"] else seconds


def _check_clock(text: str) -> str:
    clock_seconds(text)
    return text


def _check_window(window: tuple[str, str]) -> tuple[str, str]:
    start, end = window
    if clock_seconds(end) <= clock_seconds(start):
        raise ValueError(f"window ends ({end}) before it starts ({start}); put the earlier time first")
    return window


def _check_range(pair: tuple[float, float]) -> tuple[float, float]:
    if pair[1] < pair[0]:
        raise ValueError(
            f"range ends ({pair[1]:g}) before it starts ({pair[0]:g}); put the smaller number first"
        )
    return pair


def _check_shares(shares: tuple[float, ...]) -> tuple[float, ...]:
    if abs(sum(shares) - 1.0) > 1e-6:
        raise ValueError(f"shares add up to {sum(shares):g}; make them add up to 1")
    return shares


Finite = Annotated[float, Field(allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Percent = Annotated[int, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=1, le=MAX_COUNT)]
Proportion = Annotated[int, Field(ge=0, le=MAX_PERCENT)]
"""Per cent of something that may be more than the whole."""
Amount = Annotated[int, Field(ge=0)]
Clock = Annotated[str, AfterValidator(_check_clock)]
Window = Annotated[tuple[Clock, Clock], AfterValidator(_check_window)]
Range = Annotated[tuple[NotNegative, NotNegative], AfterValidator(_check_range)]
Shares = Annotated[tuple[Share, ...], Field(min_length=1), AfterValidator(_check_shares)]


class Section(BaseModel):
    """A table of a scenario file: frozen, and without keys that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Stated(Section, Generic[T]):
    """A value with its unit and either its source or the word assumption.

    A single number may have a `range`: what it could be as well, for all that is known. Studies of what rests
    on it go over the range; nothing else reads it, and it is in no hash.
    """

    value: T
    unit: str = ""
    source: str | None = None
    assumption: str | Literal[True] | None = None
    span: tuple[Finite, Finite] | None = Field(default=None, alias="range", exclude=True)
    ja: str | None = Field(default=None, exclude=True)

    @field_validator("source", "assumption", "ja")
    @classmethod
    def _says_something(cls, text: str | bool | None) -> str | bool | None:
        if isinstance(text, str) and not text.strip():
            raise ValueError("is empty; say where the number comes from")
        return text

    @model_validator(mode="after")
    def _has_one_origin(self) -> Stated[T]:
        if self.source is None and self.assumption is None:
            raise ValueError(
                'has neither a source nor the word assumption; add source = "..." or assumption = "why"'
            )
        if self.source is not None and self.assumption is not None:
            raise ValueError("has a source and is called an assumption; keep one of the two")
        return self

    @model_validator(mode="after")
    def _range_holds_the_value(self) -> Stated[T]:
        if self.span is None:
            return self
        low, high = self.span
        if not isinstance(self.value, int | float) or isinstance(self.value, bool):
            raise ValueError("has a range, but is no single number; leave the range out")
        if not low <= self.value <= high or low == high:
            raise ValueError(
                f"range {low:g} to {high:g} does not hold the value {self.value:g} between two ends;"
                " put the smaller number first"
            )
        return self

    @property
    def origin(self) -> str:
        """The source, or "assumption" with its reason."""
        if self.source is not None:
            return self.source
        return "assumption" if self.assumption is True else f"assumption: {self.assumption}"


class ByAge(Section, Generic[T]):
    """One value for each age band."""

    child: T = Field(alias="0-14")
    adult: T = Field(alias="15-64")
    older: T = Field(alias="65-74")
    oldest: T = Field(alias="75+")

    @property
    def values(self) -> tuple[T, T, T, T]:
        """In the order of `AGE_BANDS`."""
        return self.child, self.adult, self.older, self.oldest


class _Seconds(Stated[T], Generic[T]):
    unit: Literal["s", "min", "h", "days"]

    @property
    def factor(self) -> int:
        return {"s": 1, "min": 60, "h": 3600, "days": DAY_S}[self.unit]


def _check_length(value: float, factor: int, unit: str) -> None:
    if value * factor > LONGEST_DAYS * DAY_S:
        raise ValueError(f"is {value:g} {unit}; give {LONGEST_DAYS} days or less")


class Duration(_Seconds[NotNegative]):
    """A length of time in s, min, h or days."""

    @model_validator(mode="after")
    def _is_not_endless(self) -> Duration:
        _check_length(self.value, self.factor, self.unit)
        return self

    @property
    def seconds(self) -> int:
        return round(self.value * self.factor)


class PositiveDuration(Duration):
    """A length of time that passes: a second or more."""

    @model_validator(mode="after")
    def _passes(self) -> PositiveDuration:
        if self.seconds < 1:
            raise ValueError(f"is {self.value:g} {self.unit}; give at least a second")
        return self


class DurationRange(_Seconds[Range]):
    """A shortest and a longest time; draws are even between them."""

    @model_validator(mode="after")
    def _is_not_endless(self) -> DurationRange:
        _check_length(self.value[1], self.factor, self.unit)
        return self

    @property
    def seconds(self) -> tuple[int, int]:
        return round(self.value[0] * self.factor), round(self.value[1] * self.factor)


class Distance(Stated[NotNegative]):
    """A length in m or km."""

    unit: Literal["m", "km"]

    @property
    def metres(self) -> int:
        return round(self.value * (1000 if self.unit == "km" else 1))


class DistanceByAge(Stated[ByAge[NotNegative]]):
    """Metres for each age band."""

    unit: Literal["m"]


class TimeOfDay(Stated[Clock]):
    """A time of the service day."""

    @property
    def seconds(self) -> int:
        return clock_seconds(self.value)


class DayWindow(Stated[Window]):
    """From one time of the service day to a later one."""

    @property
    def seconds(self) -> tuple[int, int]:
        return clock_seconds(self.value[0]), clock_seconds(self.value[1])


class Position(Stated[tuple[Finite, Finite]]):
    """Latitude and longitude in degrees (y and x in metres on a planar network)."""
