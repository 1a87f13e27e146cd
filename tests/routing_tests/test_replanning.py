"""Better routes for a fleet under way, against plain Python: never dearer, every limit kept, nearly the
best."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from routing import fleet_tables as ft
from routing._kernels_movable import movable_riders
from routing.fleet_tables import FleetTables
from routing.insertion import RouteBook, new_ask
from routing.replanning import NEAREST_VEHICLES, firm_stops, improved_routes, may_improve, room_for
from routing.travel_times import DenseTravelTimes
from tests.builders import grid_network, line_network, one_way_ring, random_network
from tests.reference.replanning import cheapest, cheapest_with, cost_of, missed_limits
from tests.support.routes import RandomFleet

CAR = ((1, 0, 4), (0, 1, 0), (0, 0, 0))


@cache
def networks() -> list[DenseTravelTimes]:
    made = [line_network(6, 7), grid_network(4, 3, 20), one_way_ring(5, 10), random_network(1)]
    return [DenseTravelTimes.build(network) for network in made]


def busy_fleet(seed: int, vehicles: int, riders: int) -> tuple[RandomFleet, dict[int, NDArray[np.int64]]]:
    """Punctual vehicles on the road with firm bookings; the query of each."""
    rng = np.random.default_rng(seed)
    fleet = RandomFleet(networks()[seed % len(networks())], rng, vehicles)
    fleet.patience_s = 300
    asks: dict[int, NDArray[np.int64]] = {}
    for _ in range(riders):
        ask = fleet.ask()
        ask[ft.ASK_AS_OF], ask[ft.ASK_GUARD] = fleet.now, 0
        found = fleet.book.search(ask)
        if found is not None:
            fleet.take(ask, found.vehicle, found.pickup_index, found.dropoff_index)
            asks[int(ask[ft.ASK_REQUEST])] = ask
        if rng.random() < 0.4:
            fleet.advance(fleet.now + int(rng.choice([1, 7, 20])))
    return fleet, asks


def movable(
    fleet: RandomFleet, asks: dict[int, NDArray[np.int64]]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Queries and vehicles of those who are not at a vehicle's door."""
    rows, vehicles = [], []
    for v in range(fleet.tables.size):
        for kind, request in firm_stops(fleet.tables.vehicles, fleet.tables.stops, v)[
            int(fleet.tables.vehicles[v, ft.VISIT_STOPS]) :
        ]:
            if kind == ft.PICKUP:
                ask = asks[request].copy()
                ask[ft.ASK_NOW] = ask[ft.ASK_AS_OF] = fleet.now
                rows.append(ask)
                vehicles.append(v)
    return np.array(rows, np.int64).reshape(-1, ft.ASK_SIZE), np.array(vehicles, np.int32)


def improved(book: RouteBook, changed: dict[int, list[tuple[int, int]]], now: int) -> RouteBook:
    """A copy of the routes in the new order."""
    trial = book.fork()
    trial.rearrange(changed, now)
    return trial


@pytest.mark.parametrize("first", range(0, 120, 30))
def test_routes_never_become_dearer_and_keep_every_limit(first: int) -> None:
    better = 0
    for seed in range(first, first + 30):
        fleet, asks = busy_fleet(seed, 3, 14)
        _rows, _vehicles = movable(fleet, asks)
        before = fleet.tables.vehicles.copy(), fleet.tables.stops.copy()
        saving, changed = improved_routes(fleet.book, fleet.now, 80, seed)
        assert np.array_equal(before[0], fleet.tables.vehicles)
        assert np.array_equal(before[1], fleet.tables.stops)
        assert (saving > 0) == bool(changed)
        old = cost_of(fleet.tables, fleet.times, fleet.now)
        after = improved(fleet.book, changed, fleet.now)
        new = cost_of(after.tables, fleet.times, fleet.now)
        assert new <= old, seed
        # A rider who joins a visit under way may make it longer than one who is there by now.
        assert new == old - saving or fleet.tables.vehicles[:3, ft.DWELLING].any(), seed
        # Whose break ends after the shift comes home late whatever is planned.
        hopeless = missed_limits(fleet.tables, fleet.times, fleet.now)
        assert set(missed_limits(after.tables, fleet.times, fleet.now)) <= set(hopeless), seed
        assert all(
            after.keeps_limits(v, fleet.tables.vehicles[v], fleet.tables.stops[v])
            for v in range(fleet.tables.size)
        )
        better += saving > 0
    assert better > 5


def test_few_riders_are_shared_out_as_well_as_trying_everything_shares_them() -> None:
    """Small enough to try every way: nothing better is found, and nearly always the best."""
    best = tried = 0
    for seed in range(60):
        fleet, asks = busy_fleet(1000 + seed, 2, 5)
        rows, _vehicles = movable(fleet, asks)
        if not 2 <= len(rows) <= 3 or int(fleet.tables.vehicles[:2, ft.STOPS].max()) > 6:
            continue
        saving, _ = improved_routes(fleet.book, fleet.now, 100, seed)
        now_cost = cost_of(fleet.tables, fleet.times, fleet.now)
        least = cheapest(fleet.book, fleet.times, rows[:, ft.ASK_REQUEST].tolist(), fleet.now)
        assert now_cost - saving >= least, seed
        best += now_cost - saving == least
        tried += 1
    assert tried >= 15
    assert best >= 0.9 * tried


def newcomer(fleet: RandomFleet, patience_s: int) -> NDArray[np.int64]:
    """The query of a rider who decides at once."""
    fleet.patience_s = patience_s
    row = fleet.ask()
    row[ft.ASK_AS_OF], row[ft.ASK_GUARD] = fleet.now, 0
    return row


def test_room_for_a_newcomer_is_found_as_by_trying_everything() -> None:
    """With at most three riders who may move: no place where there is none, nothing better than the best,
    nearly always the best, and limits that hold."""
    best = tried = rescued = 0
    for seed in range(1000):
        fleet, asks = busy_fleet(2000 + seed, 2, 5)
        rows, _ = movable(fleet, asks)
        if not 1 <= len(rows) <= 3 or int(fleet.tables.vehicles[:2, ft.STOPS].max()) > 6:
            continue
        row = newcomer(fleet, 40)
        found = fleet.book.search(row)
        if found is not None and (seed >= 300 or int(fleet.tables.vehicles[:2, ft.STOPS].max()) > 4):
            continue  # she has a place: few of these are enough
        saving, changed = room_for(fleet.book, row, found, 100, seed)
        after = improved(fleet.book, changed, fleet.now)
        place = after.search(row)
        riders = rows[:, ft.ASK_REQUEST].tolist()
        least = cheapest_with(fleet.book, fleet.times, riders, row, fleet.now)
        tried += 1
        if place is None or least is None:
            assert place is None, seed
            best += least is None
            continue
        cost = cost_of(after.tables, fleet.times, fleet.now) + place.cost
        assert cost >= least, seed
        best += cost == least
        rescued += found is None
        if changed and found is not None and not fleet.tables.vehicles[:2, ft.DWELLING].any():
            assert cost_of(fleet.tables, fleet.times, fleet.now) + found.cost - saving == cost, seed
        hopeless = missed_limits(fleet.tables, fleet.times, fleet.now)
        assert set(missed_limits(after.tables, fleet.times, fleet.now)) <= set(hopeless), seed
    assert tried >= 30
    assert rescued >= 2
    assert best >= 0.9 * tried


def test_a_rider_changes_her_car_so_that_a_newcomer_has_one() -> None:
    book = two_cars()
    waiting = ask(1, 2, 3)
    waiting[ft.ASK_LATEST_PICKUP] = 75  # either car is there at 20 s
    book.insert(0, waiting, (0, 0), 0, 0, 0)
    hurried = ask(2, 0, 1)
    hurried[ft.ASK_LATEST_PICKUP] = 5
    # Visits last 60 s: behind the newcomer car 0 is at node 2 at 80 s, and car 1 cannot be at node 0 by 5 s.
    assert book.search(hurried) is None
    before = book.tables.stops.copy()
    assert room_for(book, hurried, None, 30, 1) == (0, {0: [], 1: [(ft.PICKUP, 1), (ft.DROPOFF, 1)]})
    assert np.array_equal(before, book.tables.stops)
    # With five seconds more she waits for both: nobody has to move.
    waiting[ft.ASK_LATEST_PICKUP] = 80
    book = two_cars()
    book.insert(0, waiting, (0, 0), 0, 0, 0)
    assert book.search(hurried) is not None


def test_nobody_moves_for_a_newcomer_who_has_no_place_at_all() -> None:
    book = two_cars()
    book.insert(0, ask(1, 2, 3), (0, 0), 0, 0, 0)
    late = ask(2, 2, 3)
    late[ft.ASK_LATEST_PICKUP] = 19  # both are 20 s away
    assert room_for(book, late, None, 30, 1) == (0, {})


def test_a_route_with_an_open_offer_makes_no_room() -> None:
    book = two_cars()
    waiting = ask(1, 2, 3)
    waiting[ft.ASK_LATEST_PICKUP] = 75
    book.insert(0, waiting, (0, 0), 0, 0, 0)
    book.insert(1, ask(3, 4, 3), (0, 0), 1, 30, 0)
    hurried = ask(2, 0, 1)
    hurried[ft.ASK_LATEST_PICKUP] = 5
    assert room_for(book, hurried, None, 30, 1) == (0, {})


def test_only_the_nearest_vehicles_make_room() -> None:
    """Thirty cars at node 4 and one at node 0: the newcomer's nearest hold the one that matters."""
    cars = NEAREST_VEHICLES + 7
    node = np.array([4] * (cars - 1) + [0], np.int32)
    tables = FleetTables.create(
        node, np.zeros(cars, np.int32), np.full(cars, 86_400, np.int32), np.full(cars, ft.NOWHERE, np.int32),
        np.array([CAR] * cars, np.int32),
    )  # fmt: skip
    book = RouteBook(tables, DenseTravelTimes.build(line_network()).tables)
    waiting = ask(1, 2, 3)
    waiting[ft.ASK_LATEST_PICKUP] = 75
    book.insert(cars - 1, waiting, (0, 0), 0, 0, 0)
    hurried = ask(2, 0, 1)
    hurried[ft.ASK_LATEST_PICKUP] = 40
    # A car from node 4 is with her at 40 s, but the last car waits at her door.
    found = book.search(hurried)
    assert found is not None
    assert found.vehicle != cars - 1
    saving, changed = room_for(book, hurried, found, 30, 1)
    assert changed[cars - 1] == []
    # She waits 40 s less, and her car drives as much less.
    assert saving == 16 * (40 + 40)


def test_the_same_seed_proposes_the_same_routes() -> None:
    fleet, asks = busy_fleet(3, 3, 14)
    _rows, _vehicles = movable(fleet, asks)
    one, two = (improved_routes(fleet.book, fleet.now, 80, 5) for _ in range(2))
    assert one == two


def two_cars() -> RouteBook:
    """Cars at both ends of a line of five nodes, 10 s between neighbours."""
    tables = FleetTables.create(
        np.array([0, 4], np.int32), np.zeros(2, np.int32), np.full(2, 86_400, np.int32),
        np.full(2, ft.NOWHERE, np.int32), np.array([CAR, CAR], np.int32),
    )  # fmt: skip
    return RouteBook(tables, DenseTravelTimes.build(line_network()).tables)


def ask(request: int, origin: int, destination: int) -> NDArray[np.int64]:
    """A rider who asks at 0, may wait 600 s and ride 900 s."""
    row = new_ask()
    row[:] = request, origin, destination, 0, 600, 900, 0, 1, 0, 60, 0, 16, 0, 0, 0, 0, 0
    return row


def test_two_riders_who_got_the_wrong_cars_change_them() -> None:
    book = two_cars()
    rows = np.array([ask(1, 4, 3), ask(2, 0, 1)])
    book.insert(0, rows[0], (0, 0), 0, 0, 0)  # from 0 all the way to 4
    book.insert(1, rows[1], (0, 0), 0, 0, 0)  # and from 4 to 0
    saving, changed = improved_routes(book, 0, 60, 1)
    assert changed == {0: [(ft.PICKUP, 2), (ft.DROPOFF, 2)], 1: [(ft.PICKUP, 1), (ft.DROPOFF, 1)]}
    # Each drives 40 s less, and each rider waits 40 s less.
    assert saving == 2 * 16 * (40 + 40)


def test_what_cannot_be_better_is_left_alone() -> None:
    book = two_cars()
    assert not may_improve(book)
    assert improved_routes(book, 0, 50, 1) == (0, {})
    book.insert(0, ask(1, 0, 1), (0, 0), 0, 0, 0)
    assert may_improve(book)
    assert improved_routes(book, 0, 50, 1) == (0, {})


def test_the_queries_of_riders_who_may_move_are_those_they_asked() -> None:
    """But for the wish and the second: those count from the promise and from now."""
    for seed in range(30):
        fleet, asks = busy_fleet(seed, 3, 14)
        rows, vehicles = movable(fleet, asks)
        copy = fleet.tables.copy()
        found, served_by = np.zeros((20, ft.ASK_SIZE), np.int64), np.zeros(20, np.int32)
        count = movable_riders(copy.arrays, fleet.now, found, served_by)
        rows[:, ft.ASK_WISH] = rows[:, ft.ASK_EARLIEST]
        assert count == len(rows), seed
        assert np.array_equal(found[:count], rows), seed
        assert np.array_equal(served_by[:count], vehicles), seed
        assert may_improve(fleet.book) == (count > 0)
