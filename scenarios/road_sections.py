"""The sections of a scenario file about roads that take longer at some hours, or are closed for a while."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from routing.network import ROAD_CLASSES
from routing.road_book import FURTHER_NOTICE_S
from routing.speed_profiles import SpeedPeriod, SpeedProfiles
from scenarios.people_sections import ClassFactors
from scenarios.stated import DayWindow, Finite, Positive, Section, Stated, TimeOfDay

_AS_PLANNED = (1.0,) * len(ROAD_CLASSES)
_E6 = 1_000_000

Pair = tuple[tuple[Finite, Finite], tuple[Finite, Finite]]
SlowFactor = Annotated[float, Field(ge=1.001, allow_inf_nan=False)]


class SpeedPeriodSection(Section):
    """Hours of the day with one factor on planned driving times for each road class, and others for single
    roads; what is left out is as planned."""

    window: DayWindow
    class_factors: Stated[ClassFactors] | None = Field(
        default=None, description="factors on planned driving times, one for each road class"
    )
    road_factors: Stated[dict[str, Positive]] | None = Field(
        default=None, description="factors of single roads by reference, in place of their class's"
    )

    @property
    def period(self) -> SpeedPeriod:
        """The same for the routing core."""
        by_class = self.class_factors
        by_road = {} if self.road_factors is None else self.road_factors.value
        return SpeedPeriod(
            *self.window.seconds,
            _AS_PLANNED if by_class is None else tuple(by_class.value[name] for name in ROAD_CLASSES),
            tuple(by_road.items()),
        )


class Speeds(Section):
    """Planned driving times by the hour: periods that cover the day once."""

    periods: Annotated[tuple[SpeedPeriodSection, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _covers_the_day(self) -> Speeds:
        _ = self.profiles
        return self

    @property
    def profiles(self) -> SpeedProfiles:
        """The same for the routing core, with the origins of all factors.

        Raises
        ------
        ProfileError
            When the periods leave a gap or overlap, or a factor is none.
        """
        stated = [
            one
            for period in self.periods
            for one in (period.window, period.class_factors, period.road_factors)
            if one is not None
        ]
        return SpeedProfiles(
            tuple(period.period for period in self.periods),
            "; ".join(dict.fromkeys(one.origin for one in stated)),
            any(one.source is None for one in stated),
        )


class _RoadChangeSection(Section):
    road: str = Field(description='its reference as the signs name it, for example "R293"')
    between: Stated[Pair] = Field(description="two positions near the road; the stretch lies between them")
    begin: TimeOfDay
    end: TimeOfDay | None = Field(default=None, description="left out = until further notice")
    announced: TimeOfDay | None = Field(
        default=None, description="when the service hears of it; left out = as it begins"
    )

    @model_validator(mode="after")
    def _times_follow(self) -> _RoadChangeSection:
        begin = self.begin.value
        if self.end is not None and self.end_s <= self.begin_s:
            raise ValueError(
                f"the change of {self.road} ends ({self.end.value}) before or as it begins ({begin});"
                " give a later end, or none if nobody knows it"
            )
        if self.announced is not None and self.announced_s > self.begin_s:
            raise ValueError(
                f"the change of {self.road} is announced ({self.announced.value}) after it begins ({begin});"
                " announce it earlier, or leave announced out"
            )
        return self

    @property
    def begin_s(self) -> int:
        return self.begin.seconds

    @property
    def end_s(self) -> int:
        return FURTHER_NOTICE_S if self.end is None else self.end.seconds

    @property
    def announced_s(self) -> int:
        return self.begin_s if self.announced is None else self.announced.seconds

    @property
    def stretch_e6(self) -> tuple[int, int, int, int]:
        """Latitude and longitude of both positions in millionths of a degree."""
        (first_lat, first_lon), (last_lat, last_lon) = self.between.value
        return round(first_lat * _E6), round(first_lon * _E6), round(last_lat * _E6), round(last_lon * _E6)


class ClosedRoad(_RoadChangeSection):
    """A stretch of a road that nobody may drive into for a while."""

    kind: Literal["closed"]

    @property
    def factor_pm(self) -> int:
        """As in `RoadChange`."""
        return 0


class SlowerRoad(_RoadChangeSection):
    """A stretch of a road that takes longer for a while."""

    kind: Literal["slower"]
    factor: Stated[SlowFactor] = Field(description="on the planned driving time of the hour")

    @property
    def factor_pm(self) -> int:
        """As in `RoadChange`."""
        return round(1000 * self.factor.value)


RoadChangeSection = Annotated[ClosedRoad | SlowerRoad, Field(discriminator="kind")]
