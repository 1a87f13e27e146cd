"""Small services, fleets and days on the tiny networks of `tests.builders`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from maas.dispatch.dispatcher import Dispatcher
from maas.domain.planning_rules import Batching, InsertionWeights, Replanning
from maas.service_definition import (
    BookingRules,
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
from routing.network import Network
from routing.road_book import RoadBook
from routing.travel_times import DenseTravelTimes
from scenarios.demand_day import NEVER, DemandDay, demand_day
from tests.builders import FIRST_ID

DAY_S = 86_400

RULES = BookingRules(
    advance_max_s=0, notice_min_s=0, max_wait_s=600, detour_alpha_percent=130, detour_beta_s=400, stop_s=60
)
"""The rules of the workloads: 600 s of waiting, 1.3 x direct + 400 s until arrival, visits of 60 s, one
offer, answered at once."""

VAN = VehicleType("van", (CapacityRow(1, 3, 8), CapacityRow(0, 1, 2)), 280)
CAR = VehicleType("car", (CapacityRow(1, 0, 4), CapacityRow(0, 1, 0)), 130)


def vehicle(name: str, node: int, **changes: object) -> Vehicle:
    """A car that is on duty all day and stays where it is."""
    made = Vehicle(name, "car", FIRST_ID + node, 0, DAY_S, returns_to_base=False)
    return replace(made, **changes)  # type: ignore[arg-type]


def service(
    vehicles: tuple[Vehicle, ...],
    rules: BookingRules = RULES,
    *,
    policy: str = "insertion",
    zones: tuple[Zone, ...] = (),
    runs: tuple[Run, ...] = (),
    weights: InsertionWeights | None = None,
    replanning: Replanning | None = None,
    batching: Batching | None = None,
) -> ServiceDefinition:
    """A service of cars and vans at 300 yen."""
    return ServiceDefinition(
        "test service",
        policy,
        rules,
        (CAR, VAN),
        vehicles,
        Fares((FareStep(0, 300),), (50, 0, 0, 0), 50),
        CostRates(3000, 30, 0),
        zones,
        runs,
        weights or InsertionWeights(16, 0),
        replanning=replanning,
        batching=batching,
    )


def desk(network: Network, definition: ServiceDefinition) -> Dispatcher:
    """A dispatcher over exact travel times of a tiny network."""
    return Dispatcher(definition, RoadBook.fixed(DenseTravelTimes.build(network).tables), network.node_id)


def random_day(network: Network, seed: int, count: int = 60, horizon_s: int = 7200) -> DemandDay:
    """Riders of every sort: ahead and at once, groups, wheelchairs, slow answers, cancellations, no-shows."""
    rng = np.random.default_rng(seed)
    nodes = network.node_count
    origin = rng.integers(0, nodes, count)
    destination = (origin + rng.integers(1, nodes, count)) % nodes
    booked = np.sort(rng.integers(0, horizon_s, count))
    ahead = np.where(rng.random(count) < 0.4, rng.integers(0, 3600, count), 0)
    wheelchairs = (rng.random(count) < 0.15).astype(int)
    wish = booked + ahead + 300
    cancels = np.where(rng.random(count) < 0.2, wish + rng.integers(-200, 300, count), NEVER)
    seats = np.where(rng.random(count) < 0.03, 9, rng.integers(1, 4, count))
    return demand_day(
        rider=np.arange(count) * 17 + 5,
        booked_at_s=booked,
        origin=origin,
        destination=destination,
        pickup=origin,
        dropoff=destination,
        walk_to_pickup_s=rng.integers(0, 120, count),
        walk_from_dropoff_s=np.zeros(count),
        time_kind=(rng.random(count) < 0.25).astype(int),
        wish_s=wish,
        seats=np.where(wheelchairs > 0, rng.integers(0, 2, count), seats),
        wheelchairs=wheelchairs,
        age_band=rng.integers(0, 4, count),
        channel=rng.integers(0, 2, count),
        area=rng.integers(0, 2, count),
        purpose=rng.integers(0, 5, count),
        is_disabled=rng.random(count) < 0.1,
        is_resident=rng.random(count) < 0.9,
        answer_s=np.where(rng.random(count) < 0.5, 0, rng.integers(0, 60, count)),
        max_shift_s=np.full(count, 1800),
        cancels_at_s=cancels,
        is_no_show=rng.random(count) < 0.05,
        knows_service=np.ones(count, bool),
        walks_too_far=np.zeros(count, bool),
    )
