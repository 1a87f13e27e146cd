"""One dispatcher, two clocks: the simulated and the live one leave the same journal, byte for byte."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from maas.dispatch import codec, tables
from maas.dispatch.dispatcher import Dispatcher
from maas.dispatch.planner import Planner
from maas.domain.planning_rules import Batching, Replanning
from maas.domain.travel_spread import TravelSpread
from maas.domain.values import TripStatus
from maas.service.runner import Runner
from maas.service_definition import Break, ServiceDefinition
from maas.store.journal import Journal, JournalHeader
from maas.store.journal_check import check_journal
from routing.network import ROAD_CLASSES, Network
from routing.road_book import RoadBook, RoadChange
from routing.speed_profiles import SpeedPeriod, SpeedProfiles
from routing.travel_times import DenseTravelTimes
from simulation.drivers import Drivers
from simulation.engine import Engine
from simulation.riders import Riders
from simulation.road_news import RoadNews
from simulation.roads import TrafficRoads
from tests.builders import grid_network
from tests.support.road_changes import named, stretch
from tests.support.services import RULES, random_day, service, vehicle
from tests.support.virtual_time import VirtualClock, VirtualTimeLoop, act

BREAKDOWN = (3600, 1)


class Parties(NamedTuple):
    """Everybody who takes part in a day."""

    dispatcher: Dispatcher
    riders: Riders
    drivers: Drivers
    news: RoadNews


Town = tuple[Network, RoadBook, ServiceDefinition]


def two_towns() -> Town:
    """A grid of named streets, slower in the second hour of every day."""
    network = named(grid_network(6, 4))
    rules = replace(
        RULES, promise_before_s=120, promise_after_s=420, offers_max=3, offer_hold_s=30, max_ride_s=1500,
        max_ride_alpha_percent=150, max_ride_beta_s=300, wheelchair_stop_s=180,
    )  # fmt: skip
    fleet = (
        vehicle("a", 0, vehicle_type="van", returns_to_base=True),
        vehicle("b", 9),
        vehicle("c", 20, vehicle_type="van", breaks=(Break(3000, 5400, 900),)),
        vehicle("d", 23),
    )
    periods = tuple(
        SpeedPeriod(begin, end, (factor,) * len(ROAD_CLASSES))
        for begin, end, factor in ((0, 3600, 1.0), (3600, 7200, 1.3), (7200, 86_400, 1.0))
    )
    book = RoadBook(network, DenseTravelTimes.build(network), SpeedProfiles(periods, "test", True))
    return network, book, service(fleet, rules)


def road_changes(network: Network) -> tuple[tuple[int, RoadChange], ...]:
    """A street slower at once, one closed for a while as announced before, one closed without notice."""
    return (
        (1500, stretch(network, 0, 5, 2500, 1500, 5000)),
        (2000, stretch(network, 7, 10, 0, 2600, 4000)),
        (4500, stretch(network, 14, 20, 0, 4500)),
    )


def parties(definition: ServiceDefinition, book: RoadBook, seed: int) -> Parties:
    network = book.network
    dispatcher = Dispatcher(definition, book, network.node_id)
    riders = Riders(random_day(network, seed, 90, 6000))
    factors = np.random.default_rng(seed).lognormal(0.05, 0.3, (len(ROAD_CLASSES), 20))
    roads = TrafficRoads(book, factors, 900)
    drivers = Drivers(dispatcher, roads, riders, 120, [BREAKDOWN])
    return Parties(dispatcher, riders, drivers, RoadNews(road_changes(network)))


def simulated_day(definition: ServiceDefinition, book: RoadBook, seed: int) -> Dispatcher:
    day = parties(definition, book, seed)
    Engine(day.dispatcher, day.riders, day.drivers, day.news).run()
    return day.dispatcher


def journal_of(dispatcher: Dispatcher, book: RoadBook, seed: int) -> Journal:
    header = JournalHeader(
        date="2026-11-24", title="clock test", network_hash=book.network.hash, scenario_hash="", seed=seed,
        areas=("west", "east"), purposes=("a", "b", "c", "d", "e"), service=dispatcher.state.service,
        speed_profiles=book.profiles,
    )  # fmt: skip
    return Journal.from_records(header, dispatcher.records, book.network.node_id)


def live_day(definition: ServiceDefinition, book: RoadBook, seed: int) -> Dispatcher:
    """The same parties, each a task of its own on an asyncio loop.

    Riders hear first, as in the simulation: a driver at a stop sees at once whether a new rider is coming.
    The planner hears last.
    """
    day = parties(definition, book, seed)
    loop = VirtualTimeLoop()
    clock = VirtualClock(loop)

    async def serve() -> None:
        runner = Runner(day.dispatcher, clock)
        planner = Planner(day.dispatcher)
        acting = [act(party, runner, clock) for party in (day.riders, day.drivers, day.news, planner)]
        tasks = [asyncio.ensure_future(work) for work in (*acting, runner.serve())]
        await asyncio.sleep(6 * 3600)
        for task in tasks:
            task.cancel()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        failed = [result for result in done if not isinstance(result, asyncio.CancelledError)]
        assert failed == []

    loop.run_until_complete(serve())
    loop.close()
    return day.dispatcher


@pytest.fixture(scope="module", params=["insertion", "rolling_horizon", "batch"])
def town(request: pytest.FixtureRequest) -> Town:
    network, book, definition = two_towns()
    often = Replanning(every_s=30, iterations=40, delay_s=2)
    replanning = often if request.param == "rolling_horizon" else None
    batching = Batching(every_s=60, delay_s=2) if request.param == "batch" else None
    definition = replace(definition, policy=request.param, replanning=replanning, batching=batching)
    return network, book, definition


def planned_surely(definition: ServiceDefinition) -> ServiceDefinition:
    """The same service with promises planned at the 90 % quantile of driving times."""
    spread = replace(definition, travel_spread=TravelSpread(300, 900))
    return replace(spread, rules=replace(definition.rules, promise_quantile_percent=90))


@pytest.mark.parametrize(
    ("seed", "is_sure"),
    [*((seed, False) for seed in range(1, 25)), *((seed, True) for seed in range(3, 25, 3))],
)
def test_both_clocks_leave_the_same_journal(town: Town, seed: int, is_sure: bool, tmp_path: Path) -> None:
    _, book, definition = town
    definition = planned_surely(definition) if is_sure else definition
    simulated = simulated_day(definition, book, seed)
    live = live_day(definition, book, seed)
    journal_of(simulated, book, seed).write(tmp_path / "simulated.jsonl")
    journal_of(live, book, seed).write(tmp_path / "live.jsonl")
    assert (tmp_path / "live.jsonl").read_bytes() == (tmp_path / "simulated.jsonl").read_bytes()


@pytest.mark.parametrize("engine", ["sisr", "ortools"])
@pytest.mark.parametrize("seed", [3, 8])
def test_both_clocks_hear_the_same_plans_of_another_engine(seed: int, engine: str, tmp_path: Path) -> None:
    network, book, definition = two_towns()
    replanning = Replanning(every_s=300, iterations=2, delay_s=2, engine=engine)
    town = network, book, replace(definition, policy="rolling_horizon", replanning=replanning)
    test_both_clocks_leave_the_same_journal(town, seed, False, tmp_path)


def test_the_days_hold_every_kind_of_event(
    town: Town,
) -> None:
    """Twenty quiet days would prove little."""
    _, book, definition = town
    repaired = {codec.REPAIR_REQUESTED, codec.PROMISE_REVISED}
    planned = {codec.PLAN_ADOPTED, codec.PLAN_DROPPED, codec.TRIP_REASSIGNED} | repaired
    gathered = {codec.TRIP_GATHERED, codec.BATCH_ANSWERED}
    solved = {codec.SOLVE_REQUESTED, codec.STOP_PROPOSED}
    others = {"insertion": solved | planned | gathered, "rolling_horizon": gathered, "batch": planned}
    seen = set(others[definition.policy])
    for seed in range(1, 25):
        dispatcher = simulated_day(definition, book, seed)
        seen |= {event[0] for _, _, events in dispatcher.records for event in events}
    events = {kind for kind in codec.NAME_OF if kind > codec.FIRST_EVENT}
    assert {codec.NAME_OF[kind] for kind in events - seen} <= {
        "TripAbandoned", "CommandRejected", "DropoffMoved",
    }  # fmt: skip


def test_every_booking_comes_to_an_end_in_a_sound_journal(town: Town) -> None:
    _, book, definition = town
    open_states = {TripStatus.OFFERED, TripStatus.BOOKED, TripStatus.ABOARD}
    for seed in range(1, 25):
        dispatcher = simulated_day(definition, book, seed)
        left = [
            (seed, request)
            for request in range(dispatcher.state.request_count)
            if dispatcher.state.requests[request, tables.STATUS] in open_states
        ]
        assert left == []
        assert check_journal(journal_of(dispatcher, book, seed)) == []


def test_a_recorded_day_decided_again_gives_the_same_events(
    town: Town,
) -> None:
    network, book, definition = town
    dispatcher = simulated_day(definition, book, 3)
    again = Dispatcher(definition, book, network.node_id)
    again.replay(dispatcher.records)
    folded = Dispatcher(definition, book, network.node_id)
    folded.fold(dispatcher.records)
    assert again.records == dispatcher.records
    for other in (again, folded):
        assert np.array_equal(other.state.requests, dispatcher.state.requests)
        assert np.array_equal(
            other.state.routes.tables.vehicles[:4, :16], dispatcher.state.routes.tables.vehicles[:4, :16]
        )


@pytest.mark.parametrize("cut", range(7))
def test_after_a_restart_at_any_record_the_day_goes_on_as_it_would_have(town: Town, cut: int) -> None:
    """The records up to the cut are folded, as from a journal; the commands after it are decided."""
    network, book, definition = town
    records = simulated_day(definition, book, 3).records
    first = len(records) * (2 * cut + 1) // 14
    again = Dispatcher(definition, book, network.node_id)
    again.fold(records[:first])
    again.replay(records[first:])
    assert again.records == records
