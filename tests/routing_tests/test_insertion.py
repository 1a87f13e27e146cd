"""Routes and the insertion search against the slow oracle, over fleets that drive about at random."""

from __future__ import annotations

from dataclasses import astuple
from functools import cache

import numpy as np
import pytest

from routing import fleet_tables as ft
from routing.errors import ProblemError
from routing.fleet_tables import FleetTables
from routing.insertion import RouteBook, new_ask
from routing.travel_times import DenseTravelTimes
from tests.builders import grid_network, line_network, one_way_ring, random_network
from tests.reference.insertion import best_insertion
from tests.reference.routes import World, vans_of
from tests.support.routes import RandomFleet

CAR = ((1, 0, 4), (0, 1, 0), (0, 0, 0))
STEPS = 25


@cache
def networks() -> list[DenseTravelTimes]:
    made = [line_network(), line_network(6, 7), grid_network(4, 3, 20), one_way_ring(5, 10)]
    made += [random_network(seed) for seed in range(6)]
    return [DenseTravelTimes.build(network) for network in made]


def check_plans(fleet: RandomFleet) -> None:
    """Times, visits and returns of every route are those of the oracle."""
    tables = fleet.tables
    world = World(fleet.times, fleet.now)
    for v, van in enumerate(vans_of(tables)):
        row = tables.vehicles[v]
        if row[ft.DUE] < fleet.now:
            # Runs late: planned again only when somebody looks.
            continue
        plan = world.plan(van)
        stops = tables.stops[v, : len(van.stops)]
        assert stops[:, ft.START].tolist() == [moment.start for moment in plan.moments]
        assert stops[:, ft.DEPART].tolist() == [moment.depart for moment in plan.moments]
        assert (row[ft.VISIT_STOPS], row[ft.HOME_AT]) == (plan.here, plan.home)


def check_search(fleet: RandomFleet) -> bool:
    """What is found is what trying everything finds; perhaps it is booked. Returns whether anything was
    found."""
    ask = fleet.ask()
    for _ in range(int(fleet.rng.choice([1, 1, 2]))):
        expected = best_insertion(fleet.tables, fleet.times, ask)
        found = fleet.book.search(ask)
        if found is None or expected is None:
            assert found is None, (found, expected)
            assert expected is None, (found, expected)
            return False
        assert astuple(found) == astuple(expected)
        if fleet.rng.random() < 0.85:
            fleet.take(ask, found.vehicle, found.pickup_index, found.dropoff_index)
        check_plans(fleet)
        if ask[ft.ASK_AS_OF] == ask[ft.ASK_NOW]:
            break
    return True


def drive_about(seed: int, lateness_s: int) -> tuple[int, int]:
    """Requests, offers, answers, cancellations, drives home and time; returns (found, asked)."""
    rng = np.random.default_rng(seed)
    times = networks()[seed % len(networks())]
    fleet = RandomFleet(times, rng, int(rng.integers(1, 4)), lateness_s)
    fleet.idle_16 = [0, 0, 4, 16]
    fleet.tables.vehicles[: fleet.tables.size, ft.DRIVES_FIRST] = seed % 3 == 0
    found = asked = 0
    for _ in range(STEPS):
        dice = rng.random()
        if dice < 0.62:
            found += check_search(fleet)
            asked += 1
        elif dice < 0.70 and fleet.held:
            request = list(fleet.held)[int(rng.integers(0, len(fleet.held)))]
            fleet.answer(request, int(rng.integers(0, len(fleet.held[request]) + 1)))
        elif dice < 0.75:
            fleet.cancel()
        elif dice < 0.78:
            fleet.send_home()
        else:
            fleet.advance(fleet.now + int(rng.choice([1, 3, 7, 15, 40])))
        check_plans(fleet)
    return found, asked


@pytest.mark.parametrize("first", range(0, 160, 20))
def test_the_search_finds_what_trying_everything_finds(first: int) -> None:
    """Waits, shared visits, ride limits, wheelchairs, breaks, shift ends, open offers, moving and stopped
    vehicles."""
    results = [drive_about(seed, 0) for seed in range(first, first + 20)]
    found, asked = (sum(column) for column in zip(*results, strict=True))
    assert asked > 200
    assert 0.4 * asked < found < 0.9 * asked


@pytest.mark.parametrize("first", range(1000, 1060, 20))
def test_it_does_so_when_vehicles_run_early_and_late(first: int) -> None:
    for seed in range(first, first + 20):
        drive_about(seed, 6)


def line_book(base: int = ft.NOWHERE) -> RouteBook:
    """One car at node 0 of a line of five, on duty all day."""
    tables = FleetTables.create(
        np.array([0], np.int32), np.array([0], np.int32), np.array([86_400], np.int32),
        np.array([base], np.int32), np.array([CAR], np.int32),
    )  # fmt: skip
    return RouteBook(tables, DenseTravelTimes.build(line_network()).tables)


def line_ask(
    origin: int, destination: int, earliest: int, now: int, hold_s: int = 0, request: int = 1
) -> np.ndarray:
    """A rider who waits 600 s at most and may arrive 900 s after her wish; visits of 60 s, waits cost 1."""
    ask = new_ask()
    ask[:] = (
        request, origin, destination, earliest, earliest + 600, earliest + 900, 0, 1, 0, 60, earliest, 16, 0,
        now, now + hold_s, 1 if hold_s else 0, 0,
    )  # fmt: skip
    return ask


def test_a_moving_vehicle_turns_at_the_next_node() -> None:
    book = line_book()
    book.insert(0, line_ask(4, 0, 0, 0), (0, 0), 0, 0, 0)
    # Bound for 4, at 15 s between 1 and 2: at 2 at 20 s, back at 1 at 30 s.
    found = book.search(line_ask(1, 2, 15, 15))
    assert found is not None
    assert (found.pickup_index, found.pickup_s) == (0, 30)


def test_at_a_node_it_turns_there() -> None:
    book = line_book()
    book.insert(0, line_ask(4, 0, 0, 0), (0, 0), 0, 0, 0)
    found = book.search(line_ask(1, 2, 10, 10))
    assert found is not None
    assert (found.pickup_index, found.pickup_s) == (0, 10)


def test_a_vehicle_waits_before_it_drives() -> None:
    book = line_book()
    book.insert(0, line_ask(4, 0, 1000, 0), (0, 0), 0, 0, 0)
    assert book.heading(0) == (4, 960)
    # Still at its place at 900, it can serve another trip first: 1 at 910.
    found = book.search(line_ask(1, 2, 900, 900))
    assert found is not None
    assert (found.pickup_index, found.pickup_s) == (0, 910)


def test_a_driver_is_told_nothing_of_held_stops() -> None:
    book = line_book()
    book.insert(0, line_ask(4, 0, 1000, 0), (0, 0), 0, 0, 0)
    held = line_ask(1, 2, 100, 100, hold_s=60, request=2)
    found = book.search(held)
    assert found is not None
    # Told at 160 at the latest: 1 at 170.
    assert (found.pickup_index, found.dropoff_index, found.pickup_s) == (0, 0, 170)
    book.insert(0, held, (0, 0), 1, 160, 100)
    assert book.heading(0) == (4, 960)
    book.firm_up(0, 2, 1, 130)
    # Told at 130: leaves at once.
    assert book.heading(0) == (1, 130)


def test_a_rider_boards_later_so_that_her_ride_is_not_too_long() -> None:
    book = line_book()
    ask = line_ask(0, 2, 0, 0)
    ask[ft.ASK_MAX_RIDE] = 100
    book.insert(0, ask, (0, 0), 0, 0, 0)
    # A rider at 1 who comes at 400: left at 460, at 2 at 470. Boarding at 0 must end at 370, begin at 310.
    found = book.search_in(0, line_ask(1, 2, 400, 0, request=2))
    assert found is not None
    book.insert(0, line_ask(1, 2, 400, 0, request=2), (1, 1), 0, 0, 0)
    assert book.tables.stops[0, :4, ft.START].tolist() == [310, 400, 470, 470]
    assert book.heading(0) == (0, 310)


def test_a_vehicle_on_its_way_home_may_be_held_until_it_is_there() -> None:
    book = line_book(base=0)
    book.stand(0, 2, 0)
    book.append_single(0, 0, ft.TO_BASE, -ft.FAR, ft.FAR, 0, 0)
    # At 0 at 20; the driver may hear of the rider at 65 only: 1 at 75.
    found = book.search(line_ask(1, 2, 5, 5, hold_s=60))
    assert found is not None
    assert found.pickup_s == 75


def test_an_insertion_outside_the_route_is_refused() -> None:
    with pytest.raises(ProblemError, match="before stops 1 and 1 of a route of 0 stops"):
        line_book().insert(0, line_ask(1, 2, 0, 0), (1, 1), 0, 0, 0)


def test_a_vehicle_beyond_the_network_is_refused() -> None:
    tables = FleetTables.create(
        np.array([5], np.int32), np.array([0], np.int32), np.array([9], np.int32), np.array([-1], np.int32),
        np.array([CAR], np.int32),
    )  # fmt: skip
    with pytest.raises(ProblemError, match="node 5; the network has nodes 0 to 4"):
        RouteBook(tables, DenseTravelTimes.build(line_network()).tables)
