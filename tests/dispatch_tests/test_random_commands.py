"""Random riders, answers, breakdowns, closed roads and nonsense: what must hold after each command."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from maas.dispatch import codec
from maas.dispatch.dispatcher import Dispatcher
from maas.domain.planning_rules import Batching, InsertionWeights, Replanning, Waiting
from maas.service_definition import BookingRules, Break, ServiceDefinition, Vehicle, Zone
from routing import fleet_tables as ft
from routing.network import Network
from routing.road_book import RoadBook
from routing.travel_times import DenseTravelTimes
from tests.builders import grid_network, line_network, one_way_ring, random_network
from tests.support.random_desk import RandomDesk, run_wild
from tests.support.road_changes import named
from tests.support.services import RULES, service

STEPS = 60
POLICIES = ("insertion", "rolling_horizon", "batch")
OFTEN = Replanning(every_s=10, iterations=30, delay_s=3)


@cache
def towns() -> list[RoadBook]:
    networks = [
        line_network(),
        grid_network(),
        grid_network(5, 4, 45),
        one_way_ring(6, 40),
        random_network(3),
    ]
    return [RoadBook(named(network), DenseTravelTimes.build(named(network))) for network in networks]


def random_rules(rng: np.random.Generator) -> BookingRules:
    return replace(
        RULES,
        max_wait_s=int(rng.choice([120, 300, 900])),
        detour_beta_s=int(rng.choice([200, 600])),
        offers_max=int(rng.choice([1, 1, 2, 3])),
        offer_hold_s=int(rng.choice([0, 0, 20, 60, 180])),
        promise_before_s=int(rng.choice([0, 60])),
        promise_after_s=int(rng.choice([0, 90, 300])),
        alternative_step_s=int(rng.choice([0, 600, 1800])),
        max_ride_s=int(rng.choice([0, 0, 900])),
        max_ride_alpha_percent=150,
        max_ride_beta_s=int(rng.choice([30, 200])),
        stop_s=int(rng.choice([20, 60])),
        wheelchair_stop_s=int(rng.choice([60, 180])),
        notice_min_s=int(rng.choice([0, 0, 100])),
        advance_max_s=int(rng.choice([0, 2000])),
    )


def random_service(rng: np.random.Generator, network: Network) -> ServiceDefinition:
    """One to four cars and vans, some with a base to return to, a late start, an early end or a break."""
    places = [int(place) for place in network.node_id]
    fleet = []
    for number in range(int(rng.integers(1, 5))):
        rest: tuple[Break, ...] = ()
        if rng.random() < 0.4:
            begin = int(rng.integers(300, 3000))
            rest = (Break(begin, begin + int(rng.integers(0, 900)), int(rng.integers(60, 600))),)
        kind = "van" if rng.random() < 0.5 else "car"
        base = places[int(rng.integers(0, len(places)))]
        shift = int(rng.choice([0, 0, 500])), int(rng.choice([86_400, 86_400, 4000]))
        fleet.append(Vehicle(f"v{number}", kind, base, *shift, rest, bool(rng.random() < 0.5)))
    zones = (Zone("stops", tuple(sorted(places[: max(2, len(places) // 2)]))),) if rng.random() < 0.3 else ()
    weights = InsertionWeights(24, 8) if rng.random() < 0.5 else None
    return service(tuple(fleet), random_rules(rng), zones=zones, weights=weights)


def live(seed: int, *, is_punctual: bool, policy: str = "insertion") -> tuple[RandomDesk, RoadBook]:
    """A stretch of random life, checked after each command."""
    rng = np.random.default_rng(seed)
    roads = towns()[seed % len(towns())]
    definition = random_service(rng, roads.network)
    replanning = OFTEN if policy == "rolling_horizon" else None
    batching = Batching(every_s=20, delay_s=3) if policy == "batch" else None
    waiting = Waiting(True, 100 if policy == "insertion" else 0) if seed % 3 == 0 else None
    definition = replace(definition, policy=policy, replanning=replanning, batching=batching, waiting=waiting)
    dispatcher = Dispatcher(definition, roads, roads.network.node_id)
    desk = RandomDesk(dispatcher, rng, is_punctual=is_punctual)
    run_wild(desk, STEPS)
    return desk, roads


def same_state(one: Dispatcher, other: Dispatcher) -> bool:
    a, b = one.state, other.state
    known = ft.VEHICLE_COLUMNS - ft.MEMO_COLUMNS
    size = a.routes.tables.size
    return (
        np.array_equal(a.requests, b.requests)
        and a.routes.travel is b.routes.travel
        and (a.changes, a.since_s, a.border_s) == (b.changes, b.since_s, b.border_s)
        and (a.proposed, a.route_changes, a.solved_changes) == (b.proposed, b.route_changes, b.solved_changes)
        and np.array_equal(a.routes.tables.vehicles[:size, :known], b.routes.tables.vehicles[:size, :known])
        and all(
            np.array_equal(a.routes.tables.stops[v, :count], b.routes.tables.stops[v, :count])
            for v, count in enumerate(a.routes.tables.vehicles[:size, ft.STOPS])
        )
    )


@pytest.mark.parametrize("first", range(0, 200, 20))
@pytest.mark.parametrize("is_punctual", [True, False])
@pytest.mark.parametrize("policy", POLICIES)
def test_everything_holds_after_every_command(first: int, is_punctual: bool, policy: str) -> None:
    """Loads fit, no trip is lost, promises never widen, no plan of punctual drivers misses one; the state is
    the fold of the events, and deciding again gives the same events."""
    for seed in range(first, first + 20):
        desk, roads = live(seed, is_punctual=is_punctual, policy=policy)
        assert desk.desk.state.gathered == {}
        again = Dispatcher(desk.desk.state.service, roads, roads.network.node_id)
        again.replay(desk.desk.records)
        folded = Dispatcher(desk.desk.state.service, roads, roads.network.node_id)
        folded.fold(desk.desk.records)
        assert same_state(again, desk.desk), seed
        assert same_state(folded, desk.desk), seed


def test_random_life_holds_every_kind_of_event() -> None:
    """Sixty quiet stretches would prove little."""
    seen: Counter[int] = Counter()
    for seed in range(40):
        desk, _ = live(seed, is_punctual=seed % 2 == 0, policy=POLICIES[seed // 2 % 3])
        seen.update(event[0] for _, _, events in desk.desk.records for event in events)
    # On a line the end of the road is cut off soon, but seldom with somebody on her way there.
    desk, _ = live(50, is_punctual=True)
    seen.update(event[0] for _, _, events in desk.desk.records for event in events)
    missing = {codec.NAME_OF[kind] for kind in codec.NAME_OF if kind > codec.FIRST_EVENT and not seen[kind]}
    assert missing <= {"RiderNoShow", "PromiseRevised"}
