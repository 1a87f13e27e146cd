"""The [service] section of a scenario file: hours, fleet, rules, fares and costs of a service."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from scenarios.planning_sections import (
    BatchingSection,
    ReplanningSection,
    RepositioningSection,
    SoftLimitsSection,
    WaitingSection,
)
from scenarios.stated import (
    MAX_PERCENT,
    Amount,
    ByAge,
    Clock,
    Count,
    DayWindow,
    Duration,
    NotNegative,
    Percent,
    Position,
    Proportion,
    Section,
    Share,
    Stated,
    TimeOfDay,
    clock_seconds,
)

MAX_VEHICLES = 10_000
"""Of one group."""

Quantile = Annotated[int, Field(ge=51, le=99)]


class Spot(Section):
    """A place by its name in the city, or by its position."""

    place: str | None = None
    position: Position | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Spot:
        if (self.place is None) == (self.position is None):
            raise ValueError("needs either a place or a position; give one of the two")
        return self


class Row(Section):
    """`seats * s + wheelchairs * w <= limit` for s seated riders and w wheelchairs on board."""

    seats: Amount
    wheelchairs: Amount
    limit: Amount


class VehicleTypeSection(Section):
    """A kind of vehicle."""

    name: str
    capacity: Stated[Annotated[tuple[Row, ...], Field(min_length=1, max_length=3)]]
    co2: Stated[Amount] = Field(description="g/km")


class BreakSection(Section):
    """A rest at the base."""

    window: DayWindow = Field(description="the rest begins and ends within it")
    length: Duration

    @model_validator(mode="after")
    def _fits(self) -> BreakSection:
        start_s, end_s = self.window.seconds
        if not 0 < self.length.seconds <= end_s - start_s:
            raise ValueError(
                f"length of {self.length.seconds // 60} min does not fit the window of"
                f" {(end_s - start_s) // 60} min; give a shorter rest or a longer window"
            )
        return self


class VehicleGroup(Section):
    """Vehicles alike: same type, base and shift. They are called `name` with a number behind it."""

    name: str
    count: Stated[Annotated[int, Field(ge=1, le=MAX_VEHICLES)]]
    type: str
    base: Spot
    shift: DayWindow
    breaks: tuple[BreakSection, ...] = ()

    @model_validator(mode="after")
    def _breaks_lie_in_the_shift(self) -> VehicleGroup:
        start_s, end_s = self.shift.seconds
        for rest in self.breaks:
            first_s, last_s = rest.window.seconds
            if first_s < start_s or last_s > end_s:
                raise ValueError(
                    f"break window {'-'.join(rest.window.value)} lies outside the shift"
                    f" {'-'.join(self.shift.value)}; move it inside"
                )
        return self


class Discounts(Section):
    """Discounts on the adult fare in per cent; the largest that applies counts."""

    age: Stated[ByAge[Percent]]
    disability: Stated[Percent]


class Step(Section):
    """Adult fare of trips of at most `up_to` metres."""

    up_to: Amount
    yen: Amount


class FaresSection(Section):
    """Adult fare: one step is a flat fare, several steps rise with the direct road distance."""

    steps: Stated[Annotated[tuple[Step, ...], Field(min_length=1)]]
    discounts: Discounts

    @model_validator(mode="after")
    def _steps_rise(self) -> FaresSection:
        limits = [step.up_to for step in self.steps.value]
        if any(a >= b for a, b in pairwise(limits)):
            raise ValueError(f"steps end at {', '.join(map(str, limits))} m; put them in rising order")
        return self


class CostsSection(Section):
    """What the service costs whoever pays for it."""

    paid_hours: Literal["shift", "runs"]
    vehicle_hour: Stated[Amount] = Field(description="yen, vehicle with driver")
    vehicle_km: Stated[Amount] = Field(description="yen")
    operators: Stated[NotNegative] = Field(description="people who take calls, on average over the day")
    operator_hours: Stated[NotNegative] = Field(description="hours a day")
    operator_hour: Stated[Amount] = Field(description="yen")
    licence_per_vehicle_month: Stated[Amount] = Field(description="yen, dispatch software")
    service_days_per_month: Stated[Count]


class RulesSection(Section):
    """When a trip may be asked for, and what an offer binds."""

    advance: Duration = Field(description="bookable from this long before the wish")
    notice: Duration = Field(description="bookable until this long before the wish")
    max_wait: Duration = Field(description="latest pickup after the wished departure")
    detour_percent: Stated[Annotated[int, Field(ge=1, le=MAX_PERCENT)]] = Field(
        description="latest arrival = wish + percent of the direct time + detour_extra"
    )
    detour_extra: Duration
    ride_percent: Stated[Proportion] | None = Field(
        default=None, description="time on board at most percent of direct + ride_extra"
    )
    ride_extra: Duration | None = None
    ride_limit: Duration | None = Field(default=None, description="and at most this long")
    arrive_early: Duration = Field(description="earliest arrival before an arrival wish")
    promise_before: Duration | None = None
    promise_after: Duration | None = Field(
        default=None, description="promised pickup window around the planned pickup"
    )
    promise_quantile: Stated[Quantile] | None = Field(
        default=None, description="%, trips are planned with driving times that are kept so often"
    )
    offers: Stated[Annotated[int, Field(ge=1, le=3)]]
    offer_hold: Duration
    alternative_step: Duration
    no_show_wait: Duration
    stop: Duration
    wheelchair_stop: Duration

    @model_validator(mode="after")
    def _ride_rule_is_whole(self) -> RulesSection:
        given = [v is not None for v in (self.ride_percent, self.ride_extra, self.ride_limit)]
        if any(given) and not all(given):
            raise ValueError("ride_percent, ride_extra and ride_limit go together; give all three or none")
        if self.notice.seconds > self.advance.seconds:
            raise ValueError(
                f"notice ({self.notice.seconds // 60} min) is longer than advance"
                f" ({self.advance.seconds // 60} min); no trip could be booked"
            )
        return self


class Stop(Section):
    """A stop beside the generated ones."""

    name: str
    position: Position


class Access(Section):
    """How riders reach the service."""

    doors: Literal["stops", "doors"] = Field(description="walk to stops, or met at the door")
    extra_stops: tuple[Stop, ...] = ()
    app: Stated[bool] = Field(description="whether there is an app; else everybody phones")
    phone_hours: DayWindow
    awareness: Stated[Share] = Field(description="share of riders who know the service and are registered")
    for_visitors: Stated[bool] = Field(description="whether people from elsewhere may book")
    area: str | None = Field(default=None, description="the only area that is served; left out = everywhere")


class WeightsSection(Section):
    """What an insertion costs, in seconds of driving."""

    wait: Stated[NotNegative]
    ride: Stated[NotNegative]


class ServiceBase(Section):
    """What every service has."""

    name: str
    access: Access
    rules: RulesSection
    vehicle_types: Annotated[tuple[VehicleTypeSection, ...], Field(min_length=1)]
    vehicles: Annotated[tuple[VehicleGroup, ...], Field(min_length=1)]
    fares: FaresSection
    costs: CostsSection

    @model_validator(mode="after")
    def _names_are_known(self) -> ServiceBase:
        types = [t.name for t in self.vehicle_types]
        for names, what in ((types, "vehicle type"), ([g.name for g in self.vehicles], "vehicle group")):
            for name in names:
                if names.count(name) > 1:
                    raise ValueError(f"{what} {name!r} is given twice; names must differ")
        for group in self.vehicles:
            if group.type not in types:
                raise ValueError(
                    f"vehicles {group.name!r} are of type {group.type!r}; give one of {', '.join(types)}"
                )
        return self


class OnDemandService(ServiceBase):
    """Vehicles that go where somebody has booked, by cheapest insertion; `rolling_horizon` improves their
    routes while the day goes on, `batch` answers requests together."""

    policy: Literal["insertion", "rolling_horizon", "batch"]
    weights: WeightsSection | None = None
    repositioning: RepositioningSection | None = None
    replanning: ReplanningSection | None = None
    batching: BatchingSection | None = None
    soft_limits: SoftLimitsSection | None = None
    waiting: WaitingSection | None = None

    @model_validator(mode="after")
    def _plans_by_its_policy(self) -> OnDemandService:
        if self.batching is not None and self.policy != "batch":
            raise ValueError(f'batching has no effect under policy "{self.policy}"; give policy = "batch"')
        if self.replanning is not None and self.policy != "rolling_horizon":
            raise ValueError(
                f'replanning has no effect under policy "{self.policy}"; give policy = "rolling_horizon"'
            )
        return self


class ZoneSection(Section):
    """A set of places: a whole area of the city, or a few named places."""

    name: str
    area: str | None = None
    places: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_one(self) -> ZoneSection:
        if (self.area is None) == (not self.places):
            raise ValueError(f"zone {self.name!r} needs either an area or places; give one of the two")
        return self


class Line(Section):
    """A demand taxi: each departure operates only if somebody has booked it."""

    name: str
    pickup_zone: str
    dropoff_zone: str
    vehicles: tuple[str, ...] = Field(
        description="vehicle groups; each of their vehicles makes every departure"
    )
    departures: Stated[Annotated[tuple[Clock, ...], Field(min_length=1)]]
    run_length: Duration = Field(description="from the departure to the end of the run")
    deadline: Duration = Field(description="bookable until this long before the departure")
    first_deadline: TimeOfDay = Field(description="the first run is bookable until then")
    awareness: Stated[Share] = Field(description="share of riders who know the line and are registered")
    max_shift: Duration = Field(description="riders who plan around its runs accept at least this shift")

    @property
    def departure_seconds(self) -> tuple[int, ...]:
        return tuple(clock_seconds(text) for text in self.departures.value)


class ScheduledService(ServiceBase):
    """Demand taxis with a timetable of runs."""

    policy: Literal["scheduled_runs"]
    zones: tuple[ZoneSection, ...]
    lines: Annotated[tuple[Line, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _lines_are_known(self) -> ScheduledService:
        zones = [z.name for z in self.zones]
        groups = [g.name for g in self.vehicles]
        for line in self.lines:
            for zone in (line.pickup_zone, line.dropoff_zone):
                if zone not in zones:
                    raise ValueError(
                        f"line {line.name!r} names zone {zone!r}; give one of {', '.join(zones)}"
                    )
            for group in line.vehicles:
                if group not in groups:
                    raise ValueError(
                        f"line {line.name!r} names vehicles {group!r}; give one of {', '.join(groups)}"
                    )
        return self
