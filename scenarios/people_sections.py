"""The sections of a scenario file about the city, its people and its traffic."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic.functional_validators import AfterValidator

from routing.network import ROAD_CLASSES
from scenarios.demand_day import PURPOSES
from scenarios.stated import (
    Amount,
    ByAge,
    Count,
    DayWindow,
    Distance,
    DistanceByAge,
    Duration,
    DurationRange,
    NotNegative,
    Positive,
    PositiveDuration,
    Section,
    Share,
    Shares,
    Stated,
    TimeOfDay,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOMES = "home"
"""Kind of destination that stands for the homes of other residents."""

Purpose = Literal["clinic", "shopping", "station", "bath", "social"]


def _check_hours(hours: dict[str, float]) -> dict[str, float]:
    for hour in hours:
        if not hour.isdigit() or not 0 <= int(hour) <= 29:
            raise ValueError(f"hour {hour!r} is none; write the hours as 0 to 29, for example 8 = 0.2")
    if abs(sum(hours.values()) - 1.0) > 1e-6:
        raise ValueError(f"shares of the hours add up to {sum(hours.values()):g}; make them add up to 1")
    return hours


def _check_named(names: tuple[str, ...], what: str, values: dict[str, float]) -> dict[str, float]:
    if set(values) != set(names):
        wrong = sorted(set(values) ^ set(names))
        raise ValueError(
            f"{wrong[0]!r} is {'missing' if wrong[0] in names else 'unknown'};"
            f" give {what}: {', '.join(names)}"
        )
    return values


HourShares = Annotated[dict[str, Share], AfterValidator(_check_hours)]


def _check_weekdays(factors: dict[str, float]) -> dict[str, float]:
    _check_named(WEEKDAYS, "the seven days", factors)
    if not sum(factors[day] for day in WEEKDAYS[:5]) > 0:
        raise ValueError("factors of Monday to Friday are all 0; give at least one of them more")
    return factors


WeekdayFactors = Annotated[dict[str, NotNegative], AfterValidator(_check_weekdays)]
ClassFactors = Annotated[
    dict[str, NotNegative], AfterValidator(lambda v: _check_named(ROAD_CLASSES, "all road classes", v))
]


WalkingSpeed = Annotated[float, Field(ge=0.1, le=20, allow_inf_nan=False)]
WalkingDetour = Annotated[float, Field(ge=1, le=10, allow_inf_nan=False)]


class City(Section):
    """Roads and places."""

    network: str = Field(description='"sakura" for the embedded city, or the path of a .net file')
    snap_limit: Distance = Field(description="how far a position may lie from the nearest road")


class Projection(Section):
    """A later population, by the shares of its age bands; towns keep their part of each band."""

    residents: Stated[Count]
    child_share: Stated[Share]
    old_share: Stated[Share]
    oldest_share: Stated[Share]

    @model_validator(mode="after")
    def _bands_fit(self) -> Projection:
        if self.oldest_share.value > self.old_share.value:
            raise ValueError(
                f"oldest_share is {self.oldest_share.value:g}, above old_share ({self.old_share.value:g});"
                " those of 75 and over are among those of 65 and over"
            )
        if self.child_share.value + self.old_share.value > 1:
            raise ValueError("child_share and old_share add up to more than 1; lower one of them")
        return self


class Population(Section):
    """Who lives where. The split over towns and their share of people of 65 and over come with the city."""

    residents: Stated[Count] = Field(description="people registered in the city")
    child_share: Stated[Share] = Field(description="share of people under 15")
    oldest_share_of_old: Stated[Share] = Field(
        description="share of those of 75 and over among those of 65 and over"
    )
    inmates: Stated[Amount] = Field(description="people in the prison, who make no trips")
    inmates_are_counted: Stated[bool] = Field(description="whether `residents` includes them")
    inmates_town: str = Field(description="town in which they would be counted")
    projection: Projection | None = None


class PurposeSection(Section):
    """Trips of one purpose."""

    share: Stated[ByAge[Share]] = Field(description="share among the outward trips of each age band")
    destinations: Stated[dict[str, NotNegative]] = Field(description="attraction by kind of place")
    reach: PositiveDuration = Field(description="driving time at which attraction has fallen to 1/e")
    arrive_by_share: Stated[Share] = Field(description="share that must be there by a time")
    stay: DurationRange = Field(description="time at the destination")
    max_shift: DurationRange = Field(description="how far from the wish an offer may lie")


class LeadTime(Section):
    """How long before the trip it is asked for."""

    day_before_share: Stated[Share]
    day_before: DayWindow = Field(description="when trips are asked for on the day before")
    earliest: TimeOfDay = Field(description="what would be asked before is asked on the day before")
    same_day_share: Stated[Share]
    same_day: DurationRange = Field(description="lead of trips asked for early on the same day")
    short: DurationRange = Field(description="lead of the rest")
    return_with_outward_share: Stated[Share] = Field(
        description="returns asked for together with the outward trip"
    )
    return_short: DurationRange = Field(description="lead of the other returns")


class Visitors(Section):
    """Visitors who come by train and go on to a hot spring."""

    request_share: Stated[Share] = Field(description="their share of all requests")
    station: str
    destinations: Stated[dict[str, NotNegative]]
    reach: PositiveDuration
    trains: DayWindow = Field(description="first and last train that brings them")
    headway: PositiveDuration
    walk_out: Duration = Field(description="time from the train to the kerb")
    party_size: Stated[Shares]
    age_share: Stated[ByAge[Share]]
    app_share: Stated[Share]
    stay: DurationRange
    max_shift: DurationRange


class ModelledDemand(Section):
    """Requests drawn from the residents and visitors."""

    kind: Literal["model"]
    latent_requests_per_weekday: Stated[Positive]
    weekday_factor: Stated[WeekdayFactors]
    outward_hours: Stated[HourShares] = Field(description="share of outward trips by hour of departure")
    return_share: Stated[Share]
    latest_return: TimeOfDay = Field(description="later returns are made by other means")
    wish_step: PositiveDuration = Field(description="departures are wished in steps of this")
    appointment_step: PositiveDuration = Field(description="arrivals are wished in steps of this")
    licence_share: Stated[ByAge[Share]]
    rate_with_licence: Stated[ByAge[NotNegative]] = Field(description="relative frequency of use")
    rate_without_licence: Stated[ByAge[NotNegative]] = Field(description="relative frequency of use")
    expected_delay: Duration = Field(description="what riders reckon with beyond the direct drive")
    walkable: Distance = Field(description="no trip is asked for to places nearer than this")
    app_share: Stated[ByAge[Share]]
    answer_on_phone: DurationRange
    answer_in_app: DurationRange
    wheelchair_share: Stated[ByAge[Share]]
    companion_share: Stated[Share] = Field(description="wheelchair users with a companion")
    disabled_share: Stated[ByAge[Share]] = Field(description="holders of a disability certificate")
    party_size: Stated[Shares] = Field(description="share of parties of 1, 2, ... riders")
    cancel_share: Stated[Share]
    no_show_share: Stated[Share]
    lead_time: LeadTime
    purposes: dict[Purpose, PurposeSection]
    visitors: Visitors

    @model_validator(mode="after")
    def _shares_add_up(self) -> ModelledDemand:
        if not self.purposes:
            raise ValueError(f"purposes is empty; give at least one of {', '.join(PURPOSES[:5])}")
        sums = [
            sum(column)
            for column in zip(*(p.share.value.values for p in self.purposes.values()), strict=True)
        ]
        for band, total in zip(("0-14", "15-64", "65-74", "75+"), sums, strict=True):
            if abs(total - 1.0) > 1e-6:
                raise ValueError(
                    f"shares of the purposes add up to {total:g} for {band}; make them add up to 1"
                )
        lead = self.lead_time
        if lead.day_before_share.value + lead.same_day_share.value > 1:
            raise ValueError("day_before_share and same_day_share add up to more than 1; lower one of them")
        return self


class RecordedRequests(Section):
    """Requests read from a CSV file."""

    kind: Literal["recorded"]
    file: str = Field(description="path of the CSV file, relative to the scenario file")


class WalkingSection(Section):
    """How riders walk to stops."""

    limit: DistanceByAge = Field(description="longest walk to a stop")
    speed: Stated[ByAge[WalkingSpeed]] = Field(description="km/h")
    detour: Stated[WalkingDetour] = Field(description="walking distance over straight line")


class Traffic(Section):
    """How real driving times differ from planned ones by chance."""

    sigma_by_class: Stated[ClassFactors] = Field(description="spread of the logarithm of the factor")
