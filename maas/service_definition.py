"""What a service promises, with which vehicles, and what it costs: the dispatcher's whole knowledge of the
world.

Everything here is plain values: a scenario file and a live configuration both end in a `ServiceDefinition`,
and the first record of every journal holds one, so that a journal explains itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from maas.domain.errors import ServiceDefinitionError
from maas.domain.planning_rules import (
    DEFAULT_WEIGHTS,
    Batching,
    ExpectedRequests,
    InsertionWeights,
    Replanning,
    SoftLimits,
    Waiting,
)
from maas.domain.travel_spread import TravelSpread

AGE_BANDS: tuple[str, ...] = ("0-14", "15-64", "65-74", "75+")
CHANNELS: tuple[str, ...] = ("phone", "app")
POLICIES: tuple[str, ...] = ("insertion", "rolling_horizon", "batch", "scheduled_runs")
REPOSITIONING: tuple[str, ...] = ("refusals", "recent", "forecast")
AIMS: tuple[str, ...] = ("shares", "coverage")
REACH_S = 900
EMPTY_COST_PERCENT = 50

MAX_CAPACITY_ROWS = 3


@dataclass(frozen=True, slots=True)
class CapacityRow:
    """One row of `A . load <= b`: `seats * s + wheelchairs * w <= limit` for s seated riders and w
    wheelchairs on board."""

    seats: int
    wheelchairs: int
    limit: int

    def __post_init__(self) -> None:
        if min(self.seats, self.wheelchairs, self.limit) < 0:
            raise ServiceDefinitionError(
                f"capacity row {self} has a negative figure; all three must be 0 or more"
            )


@dataclass(frozen=True, slots=True)
class VehicleType:
    """Capacity and emissions shared by vehicles of one kind."""

    name: str
    capacity: tuple[CapacityRow, ...]
    co2_g_per_km: int

    def __post_init__(self) -> None:
        if not 1 <= len(self.capacity) <= MAX_CAPACITY_ROWS:
            raise ServiceDefinitionError(
                f"vehicle type {self.name} has {len(self.capacity)} capacity rows; give 1 to "
                f"{MAX_CAPACITY_ROWS}"
            )
        if self.co2_g_per_km < 0:
            raise ServiceDefinitionError(
                f"vehicle type {self.name} emits {self.co2_g_per_km} g/km; give 0 or more"
            )


@dataclass(frozen=True, slots=True)
class Break:
    """A rest of `duration_s` at the vehicle's base that starts within [earliest_s, latest_s]."""

    earliest_s: int
    latest_s: int
    duration_s: int

    def __post_init__(self) -> None:
        if self.latest_s < self.earliest_s:
            raise ServiceDefinitionError(
                f"break window ends ({self.latest_s} s) before it starts ({self.earliest_s} s)"
            )
        if self.duration_s <= 0:
            raise ServiceDefinitionError(f"break lasts {self.duration_s} s; give 1 s or more")


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle with its driver's shift. `base` is a place_id; with `returns_to_base` it goes home when idle
    and ends its shift there."""

    vehicle_id: str
    vehicle_type: str
    base: int
    start_s: int
    end_s: int
    breaks: tuple[Break, ...] = ()
    returns_to_base: bool = True

    def __post_init__(self) -> None:
        if self.end_s <= self.start_s:
            raise ServiceDefinitionError(
                f"shift of vehicle {self.vehicle_id} ends ({self.end_s} s) before it starts "
                f"({self.start_s} s)"
            )


@dataclass(frozen=True, slots=True)
class Zone:
    """A named set of places (sorted place_ids)."""

    name: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A timetabled departure that operates only if somebody has booked it.

    Riders are picked up in `pickup_zone` and set down in `dropoff_zone`, both between `depart_s` and `end_s`,
    by booking at `booking_deadline_s` at the latest (seconds of the service day; negative on the day before).
    """

    run_id: int
    vehicle_id: str
    pickup_zone: str
    dropoff_zone: str
    depart_s: int
    end_s: int
    booking_deadline_s: int

    def __post_init__(self) -> None:
        if self.run_id < 1:
            raise ServiceDefinitionError(f"run number {self.run_id} must be 1 or more; 0 means no run")
        if self.end_s <= self.depart_s:
            raise ServiceDefinitionError(
                f"run {self.run_id} ends ({self.end_s} s) before it departs ({self.depart_s} s)"
            )


@dataclass(frozen=True, slots=True)
class FareStep:
    """Adult fare of trips whose direct road distance is at most `up_to_m`."""

    up_to_m: int
    yen: int

    def __post_init__(self) -> None:
        if min(self.up_to_m, self.yen) < 0:
            raise ServiceDefinitionError(f"{self} holds a negative figure; give 0 or more")


@dataclass(frozen=True, slots=True)
class Fares:
    """Adult fare by distance step (one step = flat) and discounts in per cent; the largest discount that
    applies counts.

    The last step serves every longer trip. A booking for several riders pays for each, at the booker's
    discount.
    """

    steps: tuple[FareStep, ...]
    age_discount_percent: tuple[int, int, int, int] = (0, 0, 0, 0)
    disability_discount_percent: int = 0

    def __post_init__(self) -> None:
        if not self.steps:
            raise ServiceDefinitionError(
                "fares have no step; give at least one, for example 300 yen up to 0 m"
            )
        if any(a.up_to_m >= b.up_to_m for a, b in zip(self.steps, self.steps[1:], strict=False)):
            raise ServiceDefinitionError(f"fare steps {[s.up_to_m for s in self.steps]} m must rise")
        for percent in (*self.age_discount_percent, self.disability_discount_percent):
            if not 0 <= percent <= 100:
                raise ServiceDefinitionError(f"fare discount {percent} % must lie between 0 and 100")


@dataclass(frozen=True, slots=True)
class CostRates:
    """Yen per unit. `paid_hours` says which hours a vehicle costs: the whole `shift`, or only the booked
    `runs`."""

    yen_per_vehicle_hour: int
    yen_per_vehicle_km: int
    overhead_yen_per_day: int
    paid_hours: str = "shift"

    def __post_init__(self) -> None:
        if self.paid_hours not in ("shift", "runs"):
            raise ServiceDefinitionError(f"paid_hours is {self.paid_hours!r}; give 'shift' or 'runs'")
        if min(self.yen_per_vehicle_hour, self.yen_per_vehicle_km, self.overhead_yen_per_day) < 0:
            raise ServiceDefinitionError(f"cost rates {self} hold a negative figure; all must be 0 or more")


@dataclass(frozen=True, slots=True)
class BookingRules:
    """When a trip may be asked for, and what an offer binds.

    Parameters
    ----------
    advance_max_s, notice_min_s
        A trip is bookable from `advance_max_s` before the wished time until `notice_min_s` before it (0 =
        now).
    max_wait_s
        Latest pickup (arrival of the vehicle) after the wished departure.
    detour_alpha_percent, detour_beta_s
        Latest arrival = wished departure + alpha/100 * direct + beta (floored), the rule of the workloads.
    max_ride_alpha_percent, max_ride_beta_s, max_ride_s
        Time on board at most min(max_ride_s, alpha/100 * direct + beta); 0 in `max_ride_s` = no limit on the
        ride itself.
    arrive_early_s
        A trip to be somewhere by a time arrives at most this long before it.
    promise_before_s, promise_after_s
        The promised pickup window around the planned pickup, cut to the limits above; `promise_after_s` = 0
        promises the limits themselves.
    promise_quantile_percent
        Trips are planned with driving times that are kept with this probability, 51 to 99, so that promises
        are; 0 = with their means. Needs the service's `travel_spread`.
    offers_max, offer_hold_s, alternative_step_s
        Up to `offers_max` offers a request, held `offer_hold_s`; alternatives are sought in steps of
        `alternative_step_s`.
    no_show_wait_s
        How long a driver waits beyond the start of the promised pickup before reporting a no-show.
    stop_s, wheelchair_stop_s
        Length of a visit from arrival: the longest of what happens in it.
    """

    advance_max_s: int
    notice_min_s: int
    max_wait_s: int
    detour_alpha_percent: int
    detour_beta_s: int
    max_ride_alpha_percent: int = 0
    max_ride_beta_s: int = 0
    max_ride_s: int = 0
    arrive_early_s: int = 1800
    promise_before_s: int = 0
    promise_after_s: int = 0
    promise_quantile_percent: int = 0
    offers_max: int = 1
    offer_hold_s: int = 0
    alternative_step_s: int = 1800
    no_show_wait_s: int = 180
    stop_s: int = 60
    wheelchair_stop_s: int = 60

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) < 0:
                raise ServiceDefinitionError(f"booking rule {name} is {getattr(self, name)}; give 0 or more")
        if not 1 <= self.offers_max <= 3:
            raise ServiceDefinitionError(f"booking rule offers_max is {self.offers_max}; give 1, 2 or 3")
        if self.promise_quantile_percent and not 51 <= self.promise_quantile_percent <= 99:
            raise ServiceDefinitionError(
                f"booking rule promise_quantile_percent is {self.promise_quantile_percent};"
                " give 51 to 99, or 0 for means"
            )


@dataclass(frozen=True, slots=True)
class Repositioning:
    """Where idle vehicles wait.

    Parameters
    ----------
    follows
        `refusals`: the nearest idle vehicle goes to the origin of each request that was refused since the
        last wake-up. `recent`: idle vehicles are shared out over cells of the network like the requests of
        the last `memory_s` seconds. `forecast`: like the requests expected in the present hour.
    aim
        What `recent` and `forecast` do with idle vehicles. `shares`: share them out over the cells like the
        requests, for short waits. `coverage`: move those that make it likelier that somebody can come in
        time, for few refusals at few empty kilometres.
    every_s
        Seconds between wake-ups, which are multiples of it.
    reach_s
        No vehicle drives longer than this without riders.
    empty_cost_percent
        What a second of empty driving costs, in hundredths; filling a cell that lacks a vehicle, or covering
        one more request an hour, is worth `reach_s`. 0 = as far as the reach allows.
    within_s, busy_percent
        Of `coverage`: a vehicle comes in time within so many seconds, and is taken with this probability
        when it is needed.
    memory_s
        How long a request is remembered; vehicles go back to their bases when nobody has asked for as long.
    cells
        Into how many cells the network is cut.
    forecast
        What is expected, for `forecast`.
    """

    follows: str
    every_s: int = 60
    reach_s: int = REACH_S
    empty_cost_percent: int = EMPTY_COST_PERCENT
    memory_s: int = 1800
    cells: int = 64
    aim: str = "shares"
    within_s: int = 480
    busy_percent: int = 70
    forecast: tuple[ExpectedRequests, ...] = ()

    def __post_init__(self) -> None:
        if self.follows not in REPOSITIONING:
            raise ServiceDefinitionError(
                f"repositioning follows {self.follows!r}; give one of {', '.join(REPOSITIONING)}"
            )
        if self.aim not in AIMS:
            raise ServiceDefinitionError(f"repositioning aims at {self.aim!r}; give one of {', '.join(AIMS)}")
        if not 0 <= self.busy_percent < 100:
            raise ServiceDefinitionError(f"repositioning busy_percent is {self.busy_percent}; give 0 to 99")
        for name in ("every_s", "reach_s", "memory_s", "cells", "within_s"):
            if getattr(self, name) < 1:
                raise ServiceDefinitionError(f"repositioning {name} is {getattr(self, name)}; give 1 or more")
        if self.empty_cost_percent < 0:
            raise ServiceDefinitionError(
                f"repositioning empty_cost_percent is {self.empty_cost_percent}; give 0 or more"
            )
        if (self.follows == "forecast") != bool(self.forecast):
            raise ServiceDefinitionError(
                "repositioning by forecast needs expected requests, and nothing else does;"
                " give `forecast` with follows = 'forecast' alone"
            )


@dataclass(frozen=True, slots=True)
class ServiceDefinition:
    """A whole service: fleet, zones, timetabled runs (for `scheduled_runs`), rules, fares and cost rates."""

    name: str
    policy: str
    rules: BookingRules
    vehicle_types: tuple[VehicleType, ...]
    vehicles: tuple[Vehicle, ...]
    fares: Fares
    costs: CostRates
    zones: tuple[Zone, ...] = ()
    runs: tuple[Run, ...] = ()
    weights: InsertionWeights = DEFAULT_WEIGHTS
    repositioning: Repositioning | None = None
    replanning: Replanning | None = None
    travel_spread: TravelSpread | None = None
    batching: Batching | None = None
    soft_limits: SoftLimits | None = None
    waiting: Waiting | None = None

    def __post_init__(self) -> None:
        if self.policy not in POLICIES:
            raise ServiceDefinitionError(f"policy is {self.policy!r}; give one of {', '.join(POLICIES)}")
        types = {t.name for t in self.vehicle_types}
        vehicles = {v.vehicle_id for v in self.vehicles}
        zones = {z.name for z in self.zones}
        if not self.vehicles:
            raise ServiceDefinitionError(f"service {self.name} has no vehicle; give at least one")
        if len(vehicles) < len(self.vehicles):
            raise ServiceDefinitionError(f"service {self.name} names a vehicle twice; ids must differ")
        for vehicle in self.vehicles:
            if vehicle.vehicle_type not in types:
                raise ServiceDefinitionError(
                    f"vehicle {vehicle.vehicle_id} is of type {vehicle.vehicle_type!r}; known {sorted(types)}"
                )
        if len(zones) < len(self.zones) or len({run.run_id for run in self.runs}) < len(self.runs):
            raise ServiceDefinitionError(f"service {self.name} names a zone or a run twice; they must differ")
        for run in self.runs:
            if run.vehicle_id not in vehicles:
                raise ServiceDefinitionError(
                    f"run {run.run_id} uses vehicle {run.vehicle_id!r}, which is not in the fleet"
                )
            for zone in (run.pickup_zone, run.dropoff_zone):
                if zone not in zones:
                    raise ServiceDefinitionError(
                        f"run {run.run_id} names zone {zone!r}; known are {sorted(zones)}"
                    )
        if (self.policy == "rolling_horizon") != (self.replanning is not None):
            raise ServiceDefinitionError(
                f"service {self.name} has policy {self.policy} {'with' if self.replanning else 'without'}"
                " replanning; give it with rolling_horizon and with no other policy"
            )
        if (self.policy == "batch") != (self.batching is not None):
            raise ServiceDefinitionError(
                f"service {self.name} has policy {self.policy} {'with' if self.batching else 'without'}"
                " batching; give it with batch and with no other policy"
            )
        if self.rules.promise_quantile_percent and self.travel_spread is None:
            raise ServiceDefinitionError(
                f"service {self.name} promises by quantiles of driving times but knows no spread of them;"
                " give travel_spread, or promise_quantile_percent = 0"
            )
        if self.policy == "scheduled_runs" and self.soft_limits is not None:
            raise ServiceDefinitionError(f"service {self.name} has soft limits; timetabled runs keep theirs")
        if self.waiting is not None and self.waiting.idle_cost_percent and self.policy != "insertion":
            raise ServiceDefinitionError(
                f"service {self.name} has policy {self.policy} and a cost of idle seconds, which counts when"
                " a request is inserted alone; give policy insertion, or an idle cost of 0"
            )
        if self.policy == "scheduled_runs" and not self.runs:
            raise ServiceDefinitionError(
                f"service {self.name} has policy scheduled_runs but no run; give its timetable"
            )
