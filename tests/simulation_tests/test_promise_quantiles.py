"""Planning with quantiles of driving times: what it promises, and what a study may choose."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from maas.dispatch import codec
from maas.dispatch.dispatcher import Dispatcher
from maas.domain.errors import ServiceDefinitionError
from maas.domain.travel_spread import TravelSpread
from maas.service_definition import ServiceDefinition
from maas.store.header import JournalHeader
from routing.network import ROAD_CLASSES
from routing.road_book import RoadBook
from routing.travel_times import DenseTravelTimes
from scenarios.traffic import SLOT_S, TrafficModel
from simulation.drivers import Drivers
from simulation.engine import Engine
from simulation.errors import StudyError
from simulation.promise_choice import PromiseChoice
from simulation.riders import Riders
from simulation.roads import TrafficRoads
from simulation.series import WorkloadChoice
from tests.builders import grid_network, line_network
from tests.simulation_tests.study_inputs import write_workload
from tests.support.services import RULES, random_day, service, vehicle

SPREAD = TravelSpread(200, SLOT_S)
FLEET = (vehicle("a", 0), vehicle("b", 9), vehicle("c", 20), vehicle("d", 23))


def surely(percent: int, **rules: int) -> ServiceDefinition:
    """Four cars whose promises are planned at a quantile; 0 = by means."""
    definition = replace(service(FLEET, RULES), travel_spread=SPREAD)
    return replace(definition, rules=replace(RULES, promise_quantile_percent=percent, **rules))


def simulated(definition: ServiceDefinition, seed: int) -> Dispatcher:
    network = grid_network(6, 4, 90)
    book = RoadBook(network, DenseTravelTimes.build(network))
    dispatcher = Dispatcher(definition, book, network.node_id)
    riders = Riders(random_day(network, seed, 90, 6000))
    factors = TrafficModel.even(0.2).realised_factors(seed)
    drivers = Drivers(dispatcher, TrafficRoads(book, factors, SLOT_S), riders, 120)
    Engine(dispatcher, riders, drivers).run()
    return dispatcher


def promises(definition: ServiceDefinition, seeds: range) -> tuple[int, int]:
    """(bookings, of them with a broken promise) over some days."""
    booked = broken = 0
    for seed in seeds:
        events = [event for _, _, events in simulated(definition, seed).records for event in events]
        booked += sum(1 for event in events if event[0] == codec.TRIP_BOOKED)
        broken += len({event[1] for event in events if event[0] == codec.PROMISE_BROKEN})
    return booked, broken


def first_offer(percent: int, **rules: int) -> codec.Row:
    """The offer to somebody at 4 who wants to 0 at 1000; the only car stands at 0, 40 s away."""
    network = line_network()
    definition = replace(surely(percent, **rules), vehicles=(vehicle("a", 0),))
    book = RoadBook(network, DenseTravelTimes.build(network))
    dispatcher = Dispatcher(definition, book, network.node_id)
    row = (codec.REQUEST_TRIP, 0, 4, 0, 0, 1000, 1, 0, 1, 0, 0, 0, 0, 0)
    return next(
        event for _, _, events in dispatcher.handle_batch([row], 1000) for event in events
        if event[0] == codec.TRIP_OFFERED
    )  # fmt: skip


def test_promised_window_grows_with_the_drive_ahead() -> None:
    # 40 s with a spread of 0.2 in slots of 900 s take at 90 % exp(1.28155 x 0.199 + 0.0198 - 0.04) = 1.264
    # of it: 51 s. The pickup is planned at 1051 in place of 1040, the arrival at 1051 + 60 + 51 in place of
    # 1140.
    means, surer = (first_offer(percent, promise_after_s=30) for percent in (0, 90))
    assert means[6:8] == (1040, 1140)
    assert surer[6:8] == (1051, 1162)
    # Earliest, latest pickup and latest arrival around them.
    assert means[8:11] == (1040, 1070, 1170)
    assert surer[8:11] == (1051, 1081, 1192)


def test_limits_of_a_request_stay_those_of_its_expected_drive() -> None:
    # Arrival by 1000 + 1.3 x 40 + 400, whatever the quantile.
    assert first_offer(0)[10] == first_offer(90)[10] == 1452


def test_promises_are_kept_more_often_the_surer_they_are_planned() -> None:
    days = range(1, 9)
    shares = []
    for percent in (0, 80, 95):
        booked, broken = promises(surely(percent), days)
        assert booked > 100
        shares.append(broken / booked)
    assert shares[0] > 0.03
    assert shares[0] > 2 * shares[1]
    assert shares[1] > shares[2]


def test_a_day_at_a_quantile_decided_again_gives_the_same_events() -> None:
    definition = surely(90, offers_max=3, offer_hold_s=30)
    dispatcher = simulated(definition, 3)
    network = grid_network(6, 4, 90)
    again = Dispatcher(definition, RoadBook(network, DenseTravelTimes.build(network)), network.node_id)
    again.replay(dispatcher.records)
    assert again.records == dispatcher.records


def test_a_service_that_knows_no_spread_cannot_promise_by_quantiles() -> None:
    with pytest.raises(ServiceDefinitionError, match="knows no spread of them; give travel_spread"):
        service(FLEET, replace(RULES, promise_quantile_percent=90))


@pytest.mark.parametrize("percent", [1, 50, 100])
def test_rules_refuse_a_quantile_that_is_none(percent: int) -> None:
    with pytest.raises(
        ServiceDefinitionError, match=rf"promise_quantile_percent is {percent}; give 51 to 99"
    ):
        replace(RULES, promise_quantile_percent=percent)
    with pytest.raises(StudyError, match=rf"quantile of promises is {percent} %; give 51 to 99"):
        PromiseChoice(percent)


@pytest.mark.parametrize(("sigma", "slot_s"), [(-1, 900), (1001, 900), (100, 0)])
def test_a_spread_that_is_none_is_refused(sigma: int, slot_s: int) -> None:
    with pytest.raises(ServiceDefinitionError, match=rf"spread by {sigma} per mille in slots of {slot_s} s"):
        TravelSpread(sigma, slot_s)


def test_a_journal_header_keeps_quantile_and_spread() -> None:
    header = JournalHeader(
        date="2026-11-24", title="", network_hash="", scenario_hash="", seed=1, areas=(), purposes=(),
        service=surely(90),
    )  # fmt: skip
    assert JournalHeader.from_json(header.to_json()) == header
    assert header.service.travel_spread == SPREAD


def test_a_study_chooses_the_quantile_and_the_traffic_of_a_workload(tmp_path: Path) -> None:
    folder = str(write_workload(tmp_path / "ring"))
    exact = WorkloadChoice(folder)
    busy = WorkloadChoice(folder, traffic_percent=10)
    surer = replace(busy, promise=PromiseChoice(90))
    assert surer.name == "ring-promise-90"
    assert surer.to_json()["promise"] == {"quantile_percent": 90}
    prepared = [choice.prepare() for choice in (exact, busy, surer)]
    assert len({one.scenario_hash for one in prepared}) == 3
    assert prepared[0].traffic is None
    assert prepared[1].traffic == TrafficModel((0.1,) * len(ROAD_CLASSES))
    assert prepared[2].service.rules.promise_quantile_percent == 90
    assert prepared[2].service.travel_spread == TravelSpread(100, SLOT_S)
    assert replace(busy, promise=PromiseChoice(0)).prepare().service == prepared[1].service
    with pytest.raises(StudyError, match="ring has exact driving times, so promises need no quantile"):
        replace(exact, promise=PromiseChoice(90)).prepare()
    with pytest.raises(StudyError, match="traffic spreads by 101 %; give 0 to 100"):
        replace(exact, traffic_percent=101)


def test_factors_of_a_workload_are_keyed_by_seed(tmp_path: Path) -> None:
    traffic = WorkloadChoice(str(write_workload(tmp_path / "ring")), traffic_percent=10).prepare().traffic
    assert traffic is not None
    assert np.array_equal(traffic.realised_factors(3), traffic.realised_factors(3))
    assert not np.array_equal(traffic.realised_factors(3), traffic.realised_factors(4))
