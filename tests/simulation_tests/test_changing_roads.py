"""Days on which roads change: drivers go on under the new ones, and agree with the dispatcher."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from maas.dispatch import codec
from maas.dispatch.dispatcher import Dispatcher, Record
from maas.metrics import riders_table
from maas.service_definition import Break, ServiceDefinition
from maas.store.journal import Journal, JournalHeader
from maas.store.journal_check import check_journal
from routing import _kernels_road_changes
from routing import fleet_tables as ft
from routing.fleet_tables import NOWHERE
from routing.network import ROAD_CLASSES, Network
from routing.road_book import RoadBook, RoadChange
from routing.speed_profiles import SpeedPeriod, SpeedProfiles
from routing.travel_times import DenseTravelTimes
from scenarios.demand_day import DemandDay
from simulation.drivers import Drivers
from simulation.engine import Engine
from simulation.riders import Riders
from simulation.road_news import ROADS, RoadNews
from simulation.roads import PlannedRoads, Roads, TrafficRoads
from simulation.run import warm_up
from simulation.series import WorkloadChoice
from tests.builders import grid_network, line_network
from tests.simulation_tests.study_inputs import write_workload
from tests.support.road_changes import named
from tests.support.services import RULES, random_day, service, vehicle

FAR = 2**30


def change(
    first: tuple[float, float], last: tuple[float, float], factor_pm: int, begin_s: int, end_s: int = FAR
) -> RoadChange:
    """R1 between two positions (y, x) in metres."""
    e6 = [round(1e6 * metres) for metres in (*first, *last)]
    return RoadChange(1, e6[0], e6[1], e6[2], e6[3], factor_pm, begin_s, end_s)


def book_of(network: Network, profiles: SpeedProfiles | None = None) -> RoadBook:
    return RoadBook(network, DenseTravelTimes.build(network), profiles)


def slow_from(begin_s: int, end_s: int, factor: float) -> SpeedProfiles:
    """As planned but for one period of the day."""
    factors = {False: 1.0, True: factor}
    return SpeedProfiles(
        tuple(
            SpeedPeriod(first, last, (factors[first == begin_s],) * len(ROAD_CLASSES))
            for first, last in ((0, begin_s), (begin_s, end_s), (end_s, 86_400))
        ),
        "test",
        True,
    )


class CheckedDrivers(Drivers):
    """Drivers that compare themselves with what the dispatcher believes, after every batch."""

    compared = 0
    turned = 0

    def hear(self, records: Iterable[Record], now: int) -> None:
        heard = list(records)
        super().hear(heard, now)
        tables = self._dispatcher.state.routes.tables
        is_change = any(event[0] == codec.TRAVEL_TIMES_CHANGED for _, _, said in heard for event in said)
        for driver, row in zip(self._drivers, tables.vehicles.tolist(), strict=False):
            if driver.is_broken or driver.goal == NOWHERE:
                continue
            assert (driver.node, driver.left_s, driver.goal) == (
                row[ft.LEG_FROM],
                row[ft.LEAVE],
                row[ft.GOAL],
            )
            self.compared += 1
            self.turned += is_change and driver.left_s > now


def day_of(
    book: RoadBook,
    definition: ServiceDefinition,
    day: DemandDay,
    changes: tuple[tuple[int, RoadChange], ...] = (),
    roads: Roads | None = None,
    breakdowns: tuple[tuple[int, int], ...] = (),
) -> tuple[Dispatcher, CheckedDrivers]:
    dispatcher = Dispatcher(definition, book, book.network.node_id)
    riders = Riders(day)
    drivers = CheckedDrivers(dispatcher, roads or PlannedRoads(book), riders, 120, breakdowns)
    Engine(dispatcher, riders, drivers, RoadNews(changes)).run()
    return dispatcher, drivers


def events_of(dispatcher: Dispatcher, kind: int) -> list[tuple[int, ...]]:
    """(second, columns ...) of all events of a kind."""
    return [(at, *event[1:]) for at, _, events in dispatcher.records for event in events if event[0] == kind]


def one_rider(network: Network, origin: int, destination: int, at_s: int) -> DemandDay:
    """One rider who asks at a second, to leave at once."""
    day = random_day(network, 1, 1, 2)
    fixed = {
        "origin": origin, "destination": destination, "pickup": origin, "dropoff": destination,
        "booked_at_s": at_s, "wish_s": at_s, "walk_to_pickup_s": 0, "answer_s": 0, "cancels_at_s": FAR,
        "seats": 1, "wheelchairs": 0, "time_kind": 0,
    }  # fmt: skip
    arrays = {name: np.full(1, value, getattr(day, name).dtype) for name, value in fixed.items()}
    return replace(day, **arrays, is_no_show=np.zeros(1, bool))


# Hand-made drives


def test_a_vehicle_goes_on_from_the_next_node_at_the_new_pace() -> None:
    # 0 - 1 - 2 - 3 - 4, 10 s and 100 m each. Leaves 0 at 1000 for the rider at 4; from 1015 on arcs take
    # 20 s: at 1015 it is between 1 and 2, is at 2 at 1020, and needs 2 x 20 s from there.
    network = named(line_network())
    slower = change((0.0, 0.0), (0.0, 400.0), 2000, 1015)
    dispatcher, _ = day_of(
        book_of(network), service((vehicle("a", 0),)), one_rider(network, 4, 0, 1000), ((1015, slower),)
    )
    arrived = events_of(dispatcher, codec.VEHICLE_ARRIVED)
    # (second, vehicle, place, metres, seconds); the way back takes 4 x 20 s after 60 s at the stop.
    assert arrived == [(1060, 0, 4, 400, 60), (1200, 0, 0, 400, 80)]
    assert events_of(dispatcher, codec.TRAVEL_TIMES_CHANGED) == [(1015, 1015)]


def test_a_vehicle_turns_round_before_a_road_that_closes_ahead() -> None:
    # Nodes 0 to 3 at y = 0, 4 to 7 at y = 250, 8 to 11 at y = 500; 30 s and 250 m each. The bottom row is R1.
    # Leaves 0 at 1000 for the rider at 3; at 1010 the street from 1 to 2 closes: it drives on to 1 (1030),
    # then 1 - 5 - 6 - 2 - 3 in 120 s.
    network = named(grid_network(), [(0, 1), (1, 2), (2, 3)])
    closed = change((0.0, 250.0), (0.0, 500.0), 0, 1010)
    dispatcher, _ = day_of(
        book_of(network), service((vehicle("a", 0),)), one_rider(network, 3, 7, 1000), ((1010, closed),)
    )
    assert events_of(dispatcher, codec.VEHICLE_ARRIVED)[0] == (1150, 0, 3, 1250, 150)
    assert events_of(dispatcher, codec.ROADS_CHANGED)[0][:3] == (1010, 1, 1)


def test_a_vehicle_caught_on_a_closed_stretch_drives_out() -> None:
    # As above; at 1040 it is between 1 and 2 already, and goes straight on.
    network = named(grid_network(), [(0, 1), (1, 2), (2, 3)])
    closed = change((0.0, 250.0), (0.0, 500.0), 0, 1040)
    dispatcher, _ = day_of(
        book_of(network), service((vehicle("a", 0),)), one_rider(network, 3, 7, 1000), ((1040, closed),)
    )
    assert events_of(dispatcher, codec.VEHICLE_ARRIVED)[0] == (1090, 0, 3, 750, 90)


def test_a_change_announced_early_holds_from_its_begin() -> None:
    network = named(line_network())
    slower = change((0.0, 0.0), (0.0, 400.0), 2000, 1015, 1025)
    dispatcher, _ = day_of(
        book_of(network), service((vehicle("a", 0),)), one_rider(network, 4, 0, 1000), ((-500, slower),)
    )
    assert [at for at, *_ in events_of(dispatcher, codec.ROADS_CHANGED)] == [-500]
    assert [at for at, *_ in events_of(dispatcher, codec.TRAVEL_TIMES_CHANGED)] == [1015, 1025]
    # At 2 at 1020, at 3 at 1040 still at the slow pace (it was on that arc at 1025), at 4 at 1050.
    assert events_of(dispatcher, codec.VEHICLE_ARRIVED)[0] == (1050, 0, 4, 400, 50)


def test_hours_change_the_pace_without_any_message() -> None:
    network = named(line_network())
    book = book_of(network, slow_from(1015, 5000, 2.0))
    dispatcher, _ = day_of(book, service((vehicle("a", 0),)), one_rider(network, 4, 0, 1000))
    assert events_of(dispatcher, codec.VEHICLE_ARRIVED) == [(1060, 0, 4, 400, 60), (1200, 0, 0, 400, 80)]
    assert [
        row[0] for _, row, events in dispatcher.records if (codec.TRAVEL_TIMES_CHANGED, 1015) in events
    ] == [codec.WAKE]


def test_a_day_ends_though_roads_will_be_others_tomorrow() -> None:
    network = named(line_network())
    book = book_of(network, slow_from(3 * 3600, 5 * 3600, 2.0))
    dispatcher, _ = day_of(book, service((vehicle("a", 0),)), one_rider(network, 4, 0, 1000))
    assert events_of(dispatcher, codec.TRAVEL_TIMES_CHANGED) == []
    # 40 s there, 60 s at the stop, 40 s back, 60 s at the stop.
    assert dispatcher.records[-1][0] == 1200


def test_traffic_of_the_day_multiplies_the_times_that_hold() -> None:
    # All roads take half as long again by chance; 15 s an arc, then 30 s. At 1020 it is between 1 (1015)
    # and 2 (1030), and needs 60 s from there.
    network = named(line_network())
    book = book_of(network)
    slower = change((0.0, 0.0), (0.0, 400.0), 2000, 1020)
    roads = TrafficRoads(book, np.full((len(ROAD_CLASSES), 4), 1.5), 900)
    assert roads.arrives_at(0, 4, 1000) == 1060
    assert roads.under_way(0, 4, 1000, 1020) == (2, 1030, 200)
    roads.switch([slower], 1020)
    assert roads.arrives_at(2, 4, 1030) == 1090
    assert roads.metres(0, 4) == 400


# Random days


def town(profiles: SpeedProfiles | None = None) -> RoadBook:
    """6 x 4 streets; R1 is the second row and the fourth column."""
    row = [(6 + column, 7 + column) for column in range(5)]
    column = [(3 + 6 * row, 9 + 6 * row) for row in range(3)]
    return book_of(named(grid_network(6, 4), row + column), profiles)


FLEET = (
    vehicle("a", 0, vehicle_type="van", returns_to_base=True),
    vehicle("b", 9),
    vehicle("c", 20, vehicle_type="van", breaks=(Break(3000, 5400, 900),)),
    vehicle("d", 23),
)
TOWN_RULES = replace(RULES, promise_before_s=120, promise_after_s=420, offers_max=3, offer_hold_s=30)
NEWS = (
    (900, change((250.0, 250.0), (250.0, 1000.0), 0, 900, 4000)),
    (1000, change((0.0, 750.0), (500.0, 750.0), 1700, 2500, 6000)),
    (3000, change((250.0, 250.0), (250.0, 750.0), 3000, 3000)),
)


@pytest.mark.parametrize("seed", range(1, 13))
def test_dispatcher_and_drivers_agree_to_the_second_where_everybody_is(seed: int) -> None:
    book = town(slow_from(2000, 5000, 1.3))
    dispatcher, drivers = day_of(
        book, service(FLEET, TOWN_RULES), random_day(book.network, seed, 90, 6000), NEWS
    )
    assert drivers.compared > 100
    switched = [at for at, *_ in events_of(dispatcher, codec.TRAVEL_TIMES_CHANGED)]
    assert switched == [900, 2000, 2500, 3000, 4000, 5000, 6000]
    # The seconds reported are those between setting out and arriving, but for the waits where nobody drives.
    for _, _, _, metres, seconds in events_of(dispatcher, codec.VEHICLE_ARRIVED):
        assert metres >= 0
        # 250 m in 30 s at the least.
        assert seconds * 250 >= metres * 30
    again = Dispatcher(dispatcher.state.service, town(slow_from(2000, 5000, 1.3)), book.network.node_id)
    again.replay(dispatcher.records)
    assert again.records == dispatcher.records


def test_the_random_days_meet_vehicles_on_their_way() -> None:
    book, turned = town(slow_from(2000, 5000, 1.3)), 0
    for seed in range(1, 13):
        day = random_day(book.network, seed, 90, 6000)
        turned += day_of(book, service(FLEET, TOWN_RULES), day, NEWS)[1].turned
    assert turned > 20


@pytest.mark.parametrize("seed", range(1, 9))
def test_with_traffic_and_a_breakdown_every_booking_still_comes_to_an_end(seed: int) -> None:
    from maas.dispatch import tables
    from maas.domain.values import TripStatus

    book = town(slow_from(2000, 5000, 1.3))
    factors = np.random.default_rng(seed).lognormal(0.05, 0.3, (len(ROAD_CLASSES), 20))
    dispatcher = Dispatcher(service(FLEET, TOWN_RULES), book, book.network.node_id)
    riders = Riders(random_day(book.network, seed, 90, 6000))
    drivers = Drivers(dispatcher, TrafficRoads(book, factors, 900), riders, 120, [(3600, 1)])
    Engine(dispatcher, riders, drivers, RoadNews(NEWS)).run()
    statuses = dispatcher.state.requests[: dispatcher.state.request_count, tables.STATUS].tolist()
    assert not {TripStatus.OFFERED, TripStatus.BOOKED, TripStatus.ABOARD} & set(statuses)
    assert TripStatus.DONE in statuses


def test_news_are_told_in_order_and_once() -> None:
    news = RoadNews(NEWS)
    assert news.next_time() == 900
    assert news.messages(899) == []
    told = news.messages(1000)
    assert [(sender, number, row[:2]) for sender, number, row in told] == [
        (ROADS, 1, (codec.CHANGE_ROADS, 1)),
        (ROADS, 2, (codec.CHANGE_ROADS, 2)),
    ]
    assert told[0][2][2:] == (1, 250_000_000, 250_000_000, 250_000_000, 1_000_000_000, 0, 900, 4000)
    assert news.next_time() == 3000
    news.messages(5000)
    assert news.next_time() is None


def test_riders_on_board_are_set_down_before_the_closed_end_of_a_line() -> None:
    network = named(line_network(8, 60, 500))
    book = book_of(network)
    cut_off = ((1500, change((0.0, 2000.0), (0.0, 3500.0), 0, 1500)),)
    fleet = (vehicle("a", 0, vehicle_type="van"), vehicle("b", 3), vehicle("c", 5, vehicle_type="van"))
    set_down = 0
    for seed in range(1, 9):
        day = random_day(network, seed, 60, 4000)
        dispatcher, drivers = day_of(book, service(fleet, TOWN_RULES), day, cut_off)
        moved = {event[1]: event[3:] for event in events_of(dispatcher, codec.DROPOFF_MOVED)}
        set_down += len(moved)
        for place, walk_m in moved.values():
            # The open part of the road ends at node 4, 500 m before the next.
            assert place == 4
            assert walk_m in (500, 1000, 1500)
        header = JournalHeader(
            date="2026-11-24", title="", network_hash="", scenario_hash="", seed=seed, areas=("a", "b"),
            purposes=("a", "b", "c", "d", "e"), service=dispatcher.state.service,
        )  # fmt: skip
        journal = Journal.from_records(header, dispatcher.records, network.node_id)
        assert check_journal(journal) == []
        table = riders_table(journal).set_index("request")
        assert set(table.index[table["is_set_down_elsewhere"]]) == set(moved)
        assert not table.loc[list(moved), "is_promise_kept"].any()
        # Nobody sits in a vehicle that waits for the road to open.
        assert dispatcher.records[-1][0] < 12_000
        assert drivers.compared > 50
    assert set_down >= 3


def test_kernels_of_changing_roads_are_loaded_before_the_first_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAAS_CACHE_DIR", str(tmp_path / "cache"))
    called: list[str] = []
    for name in ("plan_all", "end_legs", "begin_legs"):
        kernel = getattr(_kernels_road_changes, name)

        def noted(*arguments: object, name: str = name, kernel: Callable[..., None] = kernel) -> None:
            called.append(name)
            kernel(*arguments)

        monkeypatch.setattr(_kernels_road_changes, name, noted)
    warm_up(WorkloadChoice(str(write_workload(tmp_path / "ring"))).prepare())
    assert set(called) == {"plan_all", "end_legs", "begin_legs"}
