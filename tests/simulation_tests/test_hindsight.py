"""The day in hindsight: its problem, what was driven as a plan of it, and what a solver makes of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from maas.dispatch.dispatcher import Dispatcher
from maas.metrics import metrics_of, riders_table
from maas.service_definition import Break, ServiceDefinition
from maas.store.journal import Journal, JournalHeader
from routing.network import ROAD_CLASSES, Network
from routing.problem import Problem
from routing.road_book import RoadBook
from routing.solve import solve
from routing.travel_times import DenseTravelTimes
from routing.verify import verify
from scenarios.demand_day import NEVER, DemandDay
from simulation import hindsight_problem as builder
from simulation.drivers import Drivers
from simulation.engine import Engine
from simulation.errors import StudyError
from simulation.hindsight import Hindsight, figures, hindsight_json
from simulation.hindsight_problem import hindsight_problem
from simulation.riders import Riders
from simulation.roads import PlannedRoads, Roads, TrafficRoads
from tests.builders import grid_network, line_network
from tests.support.services import RULES, random_day, service, vehicle

RIDE_RULES = replace(
    RULES, promise_before_s=120, promise_after_s=420, offers_max=3, offer_hold_s=30, max_ride_s=1500,
    max_ride_alpha_percent=150, max_ride_beta_s=300, wheelchair_stop_s=180,
)  # fmt: skip
FLEET = (
    vehicle("a", 0, vehicle_type="van", returns_to_base=True),
    vehicle("b", 9),
    vehicle("c", 20, vehicle_type="van", breaks=(Break(3000, 5400, 900), Break(6000, 9000, 600))),
    vehicle("d", 23),
)


def journal_of(
    network: Network,
    definition: ServiceDefinition,
    day: DemandDay,
    roads: Roads | None = None,
    breakdowns: tuple[tuple[int, int], ...] = (),
) -> Journal:
    """The journal of a day of these riders."""
    book = RoadBook(network, DenseTravelTimes.build(network))
    dispatcher = Dispatcher(definition, book, network.node_id)
    riders = Riders(day)
    drivers = Drivers(dispatcher, roads or PlannedRoads(book), riders, 120, breakdowns)
    Engine(dispatcher, riders, drivers).run()
    header = JournalHeader(
        date="2026-11-24", title="", network_hash="", scenario_hash="", seed=1, areas=("west", "east"),
        purposes=("a", "b", "c", "d", "e"), service=definition,
    )  # fmt: skip
    return Journal.from_records(header, dispatcher.records, network.node_id)


def riders_of(network: Network, trips: list[tuple[int, int, int]], **changes: object) -> DemandDay:
    """(second, from, to) of riders alone who ask when they want to go, answer at once, and come."""
    few = random_day(network, 1, len(trips))
    asked, origin, destination = np.array(trips, np.int32).T
    zeros, never = np.zeros(len(trips), np.int32), np.full(len(trips), NEVER, np.int32)
    plain = {
        "booked_at_s": asked, "wish_s": asked, "origin": origin, "pickup": origin, "dropoff": destination,
        "destination": destination, "walk_to_pickup_s": zeros, "time_kind": zeros, "seats": zeros + 1,
        "wheelchairs": zeros, "answer_s": zeros, "cancels_at_s": never, "is_no_show": zeros != 0,
    }  # fmt: skip
    return replace(few, **(plain | changes))  # type: ignore[arg-type]


def solved(journal: Journal, network: Network, iterations: int = 300) -> Hindsight:
    day = hindsight_problem(journal, DenseTravelTimes.build(network))
    plan = solve(day.problem, seed=1, iterations=iterations, start=day.driven).plan
    assert verify(day.problem, plan).violations == ()
    return figures(day, plan, iterations)


@pytest.mark.parametrize("seed", range(1, 13))
def test_what_was_driven_keeps_every_rule_of_the_problem(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dispatcher, drivers and problem agree on what a day is, without a single limit widened."""
    network = grid_network(6, 4)
    journal = journal_of(network, service(FLEET, RULES), random_day(network, seed, 90, 6000))

    def as_it_is(problem: Problem, routes: object) -> Problem:
        return problem

    monkeypatch.setattr(builder, "widened", as_it_is)
    day = hindsight_problem(journal, DenseTravelTimes.build(network))
    verdict = verify(day.problem, day.driven)
    assert verdict.violations == ()
    done = metrics_of(journal).served
    assert done > 10
    assert len(day.riders) - len(verdict.unserved) == done
    worth = figures(day, day.driven, 1)
    assert worth.served == done
    assert worth.vehicle_km == worth.driven_km
    assert worth.served <= worth.served_at_most <= len(day.riders) <= day.asked


@pytest.mark.parametrize("seed", range(1, 9))
def test_what_was_driven_in_traffic_under_ride_limits_is_a_plan_too(seed: int) -> None:
    network = grid_network(6, 4)
    factors = np.random.default_rng(seed).lognormal(0.05, 0.3, (len(ROAD_CLASSES), 20))
    roads = TrafficRoads(RoadBook(network, DenseTravelTimes.build(network)), factors, 900)
    journal = journal_of(network, service(FLEET, RIDE_RULES), random_day(network, seed, 90, 6000), roads)
    day = hindsight_problem(journal, DenseTravelTimes.build(network))
    verdict = verify(day.problem, day.driven)
    assert verdict.violations == ()
    assert len(day.riders) - len(verdict.unserved) == metrics_of(journal).served


@pytest.mark.parametrize("seed", range(1, 5))
def test_hindsight_is_never_worse_and_repeatable(seed: int) -> None:
    network = grid_network(6, 4, 120)
    journal = journal_of(network, service(FLEET, RULES), random_day(network, seed, 90, 6000))
    worth = solved(journal, network)
    served = metrics_of(journal).served
    assert worth.served > served or (worth.served == served and worth.vehicle_km <= worth.driven_km)
    assert worth.served <= worth.served_at_most
    assert worth == solved(journal, network)


def test_a_vehicle_that_knows_is_there_before_anybody_asks() -> None:
    # Nodes 0 to 4, 10 s and 100 m apart; the car stands at 0. Somebody at 4 waits at most 30 s: too far.
    network = line_network()
    rules = replace(RULES, max_wait_s=30)
    journal = journal_of(network, service((vehicle("a", 0),), rules), riders_of(network, [(1000, 4, 2)]))
    assert metrics_of(journal).refused == 1
    # 400 m there and 200 m with her; it waits for her, she for nobody.
    assert solved(journal, network) == Hindsight(1, 1, 1.0, 1, 0.6, 1, 0.0, 0.0, 300)


def test_nobody_carries_nine_and_nobody_waits_for_who_does_not_come() -> None:
    network = line_network()
    trips = [(1000, 1, 2), (2000, 1, 2), (3000, 1, 2), (4000, 1, 2)]
    day = riders_of(
        network,
        trips,
        seats=np.array([1, 9, 1, 1], np.int32),
        is_no_show=np.array([False, False, True, False]),
        cancels_at_s=np.array([NEVER, NEVER, NEVER, 4001], np.int32),
    )
    journal = journal_of(network, service((vehicle("a", 0),), RULES), day)
    assert riders_table(journal)["status"].tolist() == ["done", "refused", "no_show", "cancelled"]
    worth = solved(journal, network)
    # One of four; the party of nine is left over, two gave up.
    assert (worth.served, worth.served_share, worth.served_at_most) == (1, 0.25, 1)
    # 100 m to her, 100 m with her.
    assert worth.vehicle_km == pytest.approx(0.2)


def test_a_day_on_which_nobody_was_served_has_an_empty_plan() -> None:
    network = line_network()
    definition = service((vehicle("a", 0),), RULES)
    journal = journal_of(
        network, definition, riders_of(network, [(1000, 1, 2)], seats=np.array([9], np.int32))
    )
    worth = figures(day := hindsight_problem(journal, DenseTravelTimes.build(network)), day.driven, 1)
    assert (worth.served, worth.served_at_most, worth.vehicle_km, worth.wait_mean_s) == (0, 0, 0.0, None)


def test_a_day_on_which_nobody_asks_has_no_share() -> None:
    network = grid_network(6, 4)
    nobody = random_day(network, 1, 4).take(np.zeros(4, np.bool_))
    found = solved(journal_of(network, service(FLEET, RULES), nobody), network, 10)
    assert (found.served, found.served_share, found.served_at_most, found.wait_mean_s) == (0, None, 0, None)


def test_a_day_with_a_breakdown_has_no_hindsight() -> None:
    network = grid_network(6, 4)
    journal = journal_of(
        network, service(FLEET, RULES), random_day(network, 1, 20, 6000), breakdowns=((3000, 1),)
    )
    with pytest.raises(StudyError, match="a vehicle broke down has no hindsight"):
        hindsight_problem(journal, DenseTravelTimes.build(network))


def test_days_are_one_figure_and_ratios_are_those_of_the_sums() -> None:
    days = (
        Hindsight(8, 4, 0.5, 6, 10.0, 0, None, 12.0, 50),
        Hindsight(6, 6, 1.0, 6, 20.0, 3, 30.0, 22.0, 50),
    )
    content = hindsight_json((7, 8), days)
    assert content["served"] == 5.0
    assert content["served_share"] == 10 / 14
    assert content["wait_mean_s"] == 30.0
    assert content["iterations"] == 50
    assert [day["seed"] for day in content["days"]] == [7, 8]
