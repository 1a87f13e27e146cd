"""One dispatcher, two clocks: the simulated and the live one leave the same journal, byte for byte."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from maas.dispatch import codec, tables
from maas.dispatch.dispatcher import Dispatcher
from maas.domain.values import TripStatus
from maas.service.runner import Runner
from maas.service_definition import Break, ServiceDefinition
from maas.store.journal import Journal, JournalHeader
from routing.network import ROAD_CLASSES, Network
from routing.travel_times import DenseTravelTimes
from simulation.drivers import Drivers
from simulation.engine import Engine
from simulation.riders import Riders
from simulation.roads import TrafficRoads
from tests.builders import grid_network
from tests.support.services import RULES, random_day, service, vehicle
from tests.support.virtual_time import VirtualClock, VirtualTimeLoop, act

BREAKDOWN = (3600, 1)


def two_towns() -> tuple[Network, DenseTravelTimes, ServiceDefinition]:
    network = grid_network(6, 4)
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
    return network, DenseTravelTimes.build(network), service(fleet, rules)


def parties(
    definition: ServiceDefinition, times: DenseTravelTimes, network: Network, seed: int
) -> tuple[Dispatcher, Riders, Drivers]:
    dispatcher = Dispatcher(definition, times.tables, network.node_id)
    riders = Riders(random_day(network, seed, 90, 6000))
    factors = np.random.default_rng(seed).lognormal(0.05, 0.3, (len(ROAD_CLASSES), 20))
    roads = TrafficRoads(times, factors, 900)
    return dispatcher, riders, Drivers(dispatcher, roads, riders, 120, [BREAKDOWN])


def journal_of(dispatcher: Dispatcher, network: Network, seed: int) -> Journal:
    header = JournalHeader(
        date="2026-11-24", title="clock test", network_hash=network.hash, scenario_hash="", seed=seed,
        areas=("west", "east"), purposes=("a", "b", "c", "d", "e"), service=dispatcher.state.service,
    )  # fmt: skip
    return Journal.from_records(header, dispatcher.records, network.node_id)


def live_day(dispatcher: Dispatcher, riders: Riders, drivers: Drivers) -> None:
    """The same parties, each a task of its own on an asyncio loop.

    Riders hear first, as in the simulation: a driver at a stop sees at once whether a new rider is coming.
    """
    loop = VirtualTimeLoop()
    clock = VirtualClock(loop)

    async def serve() -> None:
        runner = Runner(dispatcher, clock)
        tasks = [
            asyncio.ensure_future(work)
            for work in (act(riders, runner, clock), act(drivers, runner, clock), runner.serve())
        ]
        await asyncio.sleep(6 * 3600)
        for task in tasks:
            task.cancel()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        failed = [result for result in done if not isinstance(result, asyncio.CancelledError)]
        assert failed == []

    loop.run_until_complete(serve())
    loop.close()


@pytest.fixture(scope="module")
def town() -> tuple[Network, DenseTravelTimes, ServiceDefinition]:
    return two_towns()


@pytest.mark.parametrize("seed", range(1, 25))
def test_both_clocks_leave_the_same_journal(
    town: tuple[Network, DenseTravelTimes, ServiceDefinition], seed: int, tmp_path: Path
) -> None:
    network, times, definition = town
    simulated, riders, drivers = parties(definition, times, network, seed)
    Engine(simulated, riders, drivers).run()
    live, live_riders, live_drivers = parties(definition, times, network, seed)
    live_day(live, live_riders, live_drivers)
    journal_of(simulated, network, seed).write(tmp_path / "simulated.jsonl")
    journal_of(live, network, seed).write(tmp_path / "live.jsonl")
    assert (tmp_path / "live.jsonl").read_bytes() == (tmp_path / "simulated.jsonl").read_bytes()


def test_the_days_hold_every_kind_of_event(
    town: tuple[Network, DenseTravelTimes, ServiceDefinition],
) -> None:
    """Twenty quiet days would prove little."""
    network, times, definition = town
    seen: set[int] = set()
    for seed in range(1, 25):
        dispatcher, riders, drivers = parties(definition, times, network, seed)
        Engine(dispatcher, riders, drivers).run()
        seen |= {event[0] for _, _, events in dispatcher.records for event in events}
    events = {kind for kind in codec.NAME_OF if kind > codec.FIRST_EVENT}
    assert {codec.NAME_OF[kind] for kind in events - seen} <= {"TripAbandoned", "CommandRejected"}


def test_every_booking_comes_to_an_end(
    town: tuple[Network, DenseTravelTimes, ServiceDefinition],
) -> None:
    network, times, definition = town
    open_states = {TripStatus.OFFERED, TripStatus.BOOKED, TripStatus.ABOARD}
    for seed in range(1, 25):
        dispatcher, riders, drivers = parties(definition, times, network, seed)
        Engine(dispatcher, riders, drivers).run()
        left = [
            (seed, request)
            for request in range(dispatcher.state.request_count)
            if dispatcher.state.requests[request, tables.STATUS] in open_states
        ]
        assert left == []


def test_a_recorded_day_decided_again_gives_the_same_events(
    town: tuple[Network, DenseTravelTimes, ServiceDefinition],
) -> None:
    network, times, definition = town
    dispatcher, riders, drivers = parties(definition, times, network, 3)
    Engine(dispatcher, riders, drivers).run()
    again = Dispatcher(definition, times.tables, network.node_id)
    again.replay(dispatcher.records)
    folded = Dispatcher(definition, times.tables, network.node_id)
    folded.fold(dispatcher.records)
    assert again.records == dispatcher.records
    for other in (again, folded):
        assert np.array_equal(other.state.requests, dispatcher.state.requests)
        assert np.array_equal(
            other.state.routes.tables.vehicles[:4, :16], dispatcher.state.routes.tables.vehicles[:4, :16]
        )
