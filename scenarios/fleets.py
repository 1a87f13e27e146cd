"""The [service] section of a scenario as the dispatcher's service definition."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from maas.domain.errors import ServiceDefinitionError
from maas.domain.planning_rules import Batching, InsertionWeights, Replanning, SoftLimits, Waiting
from maas.service_definition import (
    BookingRules,
    Break,
    CapacityRow,
    CostRates,
    Fares,
    FareStep,
    Run,
    ServiceDefinition,
    Vehicle,
    VehicleType,
    Zone,
)
from scenarios.city import CityMap, Locator
from scenarios.errors import ScenarioFileError
from scenarios.service_sections import (
    CostsSection,
    FaresSection,
    OnDemandService,
    RulesSection,
    ScheduledService,
    VehicleGroup,
)
from scenarios.stated import Duration
from scenarios.traffic import TrafficModel


def service_definition(
    service: OnDemandService | ScheduledService,
    city: CityMap,
    locator: Locator,
    file: str,
    traffic: TrafficModel | None,
    operators: int | None = None,
) -> ServiceDefinition:
    """What the dispatcher needs to know about a service of a scenario file.

    Parameters
    ----------
    operators
        Who answer the phone and are paid, where it is not what the service's costs say.

    Raises
    ------
    ScenarioFileError
        When the section names a place or an area that the city does not have, or contradicts itself.
    """
    groups = {
        group.name: _vehicles(
            group, int(city.network.node_id[locator.spot(group.base, f"service.vehicles[{i}].base")])
        )
        for i, group in enumerate(service.vehicles)
    }
    fleet = tuple(vehicle for vehicles in groups.values() for vehicle in vehicles)
    zones: tuple[Zone, ...] = ()
    runs: tuple[Run, ...] = ()
    weights = InsertionWeights()
    if isinstance(service, ScheduledService):
        zones = tuple(
            Zone(name, tuple(sorted(int(place) for place in city.network.node_id[nodes])))
            for name, nodes in zone_nodes(service, city, file).items()
        )
        runs = _runs(service, groups)
    elif service.weights is not None:
        weights = InsertionWeights(
            round(service.weights.wait.value * 16), round(service.weights.ride.value * 16)
        )
    rules = booking_rules(service.rules)
    if rules.promise_quantile_percent and traffic is None:
        raise ScenarioFileError(
            f"{file}: service.rules.promise_quantile has no traffic to judge by; add the section"
            " [traffic], or leave promise_quantile out"
        )
    try:
        return ServiceDefinition(
            name=service.name,
            policy=service.policy,
            rules=rules,
            vehicle_types=tuple(
                VehicleType(
                    t.name,
                    tuple(CapacityRow(r.seats, r.wheelchairs, r.limit) for r in t.capacity.value),
                    t.co2.value,
                )
                for t in service.vehicle_types
            ),
            vehicles=fleet,
            fares=fares(service.fares),
            costs=cost_rates(service.costs, len(fleet), operators),
            zones=zones,
            runs=runs,
            weights=weights,
            replanning=_replanning(service),
            batching=_batching(service),
            soft_limits=_soft_limits(service),
            waiting=_waiting(service),
            travel_spread=traffic.spread if traffic and rules.promise_quantile_percent else None,
        )
    except ServiceDefinitionError as error:
        raise ScenarioFileError(f"{file}: service: {error}") from None


def _replanning(service: OnDemandService | ScheduledService) -> Replanning | None:
    """How routes are improved, by default where the policy does and the section says nothing."""
    if not isinstance(service, OnDemandService) or service.policy != "rolling_horizon":
        return None
    return Replanning() if service.replanning is None else service.replanning.rule()


def _batching(service: OnDemandService | ScheduledService) -> Batching | None:
    """How requests are gathered, by default where the policy does and the section says nothing."""
    if not isinstance(service, OnDemandService) or service.policy != "batch":
        return None
    return Batching() if service.batching is None else service.batching.rule()


def _soft_limits(service: OnDemandService | ScheduledService) -> SoftLimits | None:
    """What trips beyond the limits cost, where nobody is refused for them."""
    if not isinstance(service, OnDemandService) or service.soft_limits is None:
        return None
    return service.soft_limits.rule()


def _waiting(service: OnDemandService | ScheduledService) -> Waiting | None:
    """What vehicles do before a pickup, where the section says so."""
    if not isinstance(service, OnDemandService) or service.waiting is None:
        return None
    return service.waiting.rule()


def booking_rules(rules: RulesSection) -> BookingRules:
    """Booking rules in seconds and per cent."""

    def seconds(duration: Duration | None) -> int:
        return 0 if duration is None else duration.seconds

    return BookingRules(
        advance_max_s=rules.advance.seconds,
        notice_min_s=rules.notice.seconds,
        max_wait_s=rules.max_wait.seconds,
        detour_alpha_percent=rules.detour_percent.value,
        detour_beta_s=rules.detour_extra.seconds,
        max_ride_alpha_percent=0 if rules.ride_percent is None else rules.ride_percent.value,
        max_ride_beta_s=seconds(rules.ride_extra),
        max_ride_s=seconds(rules.ride_limit),
        arrive_early_s=rules.arrive_early.seconds,
        promise_before_s=seconds(rules.promise_before),
        promise_after_s=seconds(rules.promise_after),
        promise_quantile_percent=0 if rules.promise_quantile is None else rules.promise_quantile.value,
        offers_max=rules.offers.value,
        offer_hold_s=rules.offer_hold.seconds,
        alternative_step_s=rules.alternative_step.seconds,
        no_show_wait_s=rules.no_show_wait.seconds,
        stop_s=rules.stop.seconds,
        wheelchair_stop_s=rules.wheelchair_stop.seconds,
    )


def fares(section: FaresSection) -> Fares:
    """Fares in yen."""
    return Fares(
        steps=tuple(FareStep(step.up_to, step.yen) for step in section.steps.value),
        age_discount_percent=section.discounts.age.value.values,
        disability_discount_percent=section.discounts.disability.value,
    )


def cost_rates(section: CostsSection, vehicle_count: int, operators: float | None = None) -> CostRates:
    """Cost rates; the overhead of a day is the operators' pay and the day's part of the monthly licences.

    `operators`: how many are paid, where it is not what the section says.
    """
    paid = section.operators.value if operators is None else operators
    wages = paid * section.operator_hours.value * section.operator_hour.value
    licences = section.licence_per_vehicle_month.value * vehicle_count / section.service_days_per_month.value
    return CostRates(
        yen_per_vehicle_hour=section.vehicle_hour.value,
        yen_per_vehicle_km=section.vehicle_km.value,
        overhead_yen_per_day=round(wages + licences),
        paid_hours=section.paid_hours,
    )


def _vehicles(group: VehicleGroup, base: int) -> tuple[Vehicle, ...]:
    start_s, end_s = group.shift.seconds
    breaks = tuple(
        Break(rest.window.seconds[0], rest.window.seconds[1] - rest.length.seconds, rest.length.seconds)
        for rest in group.breaks
    )
    return tuple(
        Vehicle(f"{group.name}{number}", group.type, base, start_s, end_s, breaks)
        for number in range(1, group.count.value + 1)
    )


def zone_nodes(service: ScheduledService, city: CityMap, file: str) -> dict[str, npt.NDArray[np.int64]]:
    """Nodes of each zone by its name, int64."""
    nodes: dict[str, npt.NDArray[np.int64]] = {}
    for index, section in enumerate(service.zones):
        where = f"{file}: service.zones[{index}]"
        if section.area is not None:
            nodes[section.name] = city.area_nodes(city.area(section.area, f"{where}.area"))
        else:
            places = [city.place(name, f"{where}.places").node for name in section.places]
            nodes[section.name] = np.unique(np.array(places, dtype=np.int64))
    return nodes


def _runs(service: ScheduledService, groups: dict[str, tuple[Vehicle, ...]]) -> tuple[Run, ...]:
    """Runs of all lines, numbered in the order of lines, departures and vehicles."""
    runs: list[Run] = []
    for line in service.lines:
        departures = sorted(line.departure_seconds)
        for depart_s in departures:
            deadline_s = depart_s - line.deadline.seconds
            if depart_s == departures[0]:
                deadline_s = min(deadline_s, line.first_deadline.seconds)
            for vehicle in (v for group in line.vehicles for v in groups[group]):
                runs.append(
                    Run(
                        run_id=len(runs) + 1,
                        vehicle_id=vehicle.vehicle_id,
                        pickup_zone=line.pickup_zone,
                        dropoff_zone=line.dropoff_zone,
                        depart_s=depart_s,
                        end_s=depart_s + line.run_length.seconds,
                        booking_deadline_s=deadline_s,
                    )
                )
    return tuple(runs)
