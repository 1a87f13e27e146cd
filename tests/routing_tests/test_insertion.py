"""Insertion kernels against the slow oracle: same feasibility, same cost, same place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from routing import fleet_tables as ft
from routing.errors import ProblemError
from routing.fleet_tables import FleetTables
from routing.insertion import RouteBook, new_ask
from routing.travel_times import DenseTravelTimes
from tests.builders import line_network, random_network
from tests.reference import insertion as oracle

CAR = ((1, 0, 4), (0, 1, 0), (0, 0, 0))
VAN = ((1, 3, 8), (0, 1, 2), (0, 0, 0))


def fleet(rng: np.random.Generator, nodes: int) -> tuple[list[oracle.Van], FleetTables]:
    """Two or three vehicles, some with a base to return to and a short shift."""
    vans = []
    for _ in range(int(rng.integers(2, 4))):
        base = int(rng.integers(nodes)) if rng.random() < 0.5 else None
        end = int(rng.integers(800, 4000)) if rng.random() < 0.5 else 10**6
        rows = VAN if rng.random() < 0.6 else CAR
        vans.append(oracle.Van(int(rng.integers(nodes)), int(rng.integers(0, 200)), end, base, rows))
    tables = FleetTables.create(
        np.array([van.node for van in vans], np.int32),
        np.array([van.ready for van in vans], np.int32),
        np.array([van.shift_end for van in vans], np.int32),
        np.array([ft.NOWHERE if van.base is None else van.base for van in vans], np.int32),
        np.array([van.rows for van in vans], np.int32),
        max_stops=4,
    )
    return vans, tables


def random_ask(rng: np.random.Generator, nodes: int, request: int, *, service: int) -> oracle.Ask:
    """A trip now or later, with or without a ride limit, for one rider or several, some in wheelchairs."""
    origin = int(rng.integers(nodes))
    destination = (origin + int(rng.integers(1, nodes))) % nodes
    earliest = int(rng.integers(0, 900)) if rng.random() < 0.5 else 0
    wait = int(rng.integers(100, 900))
    chairs = int(rng.random() < 0.2)
    weights = (24, 8) if rng.random() < 0.5 else (16, 0)
    return oracle.Ask(
        request, origin, destination, earliest, earliest + wait,
        earliest + wait + int(rng.integers(100, 900)),
        int(rng.integers(60, 400)) if rng.random() < 0.4 else None, int(rng.integers(1 - chairs, 4)), chairs,
        service, earliest, *weights,
    )  # fmt: skip


def query(ask: oracle.Ask) -> np.ndarray:
    filled = new_ask()
    filled[:] = (
        ask.origin, ask.destination, ask.earliest, ask.latest_pickup, ask.latest_dropoff, ask.limit_s or 0,
        ask.seats, ask.chairs, ask.service, ask.wish, ask.wait_weight, ask.ride_weight, 0, 0, 0,
    )  # fmt: skip
    return filled


def compare(seed: int, *, ahead: bool) -> list[tuple[int, int]]:
    """Place 14 random trips one after the other; (cost found, cost of trying everything) of each.

    What is found must be a place that the oracle allows, at the cost and times that the oracle gives it.
    """
    rng = np.random.default_rng(seed)
    network = random_network(seed, 9, 12)
    times = DenseTravelTimes.build(network)
    everywhere = list(range(network.node_count))
    seconds = times.matrix(everywhere, everywhere).tolist()
    vans, tables = fleet(rng, network.node_count)
    book = RouteBook(tables, times.tables)
    asks: dict[int, oracle.Ask] = {}
    service = int(rng.integers(0, 90))
    costs = []
    for request in range(14):
        ask = random_ask(rng, network.node_count, request, service=service)
        ask = replace(ask, limit_s=None) if ahead else replace(ask, earliest=0, wish=0)
        expected = oracle.cheapest(vans, ask, asks, seconds)
        found = book.search(query(ask))
        assert (found is None) == (expected is None), (seed, request, found, expected)
        if found is None or expected is None:
            continue
        place = (found.pickup_index, found.dropoff_index)
        van = vans[found.vehicle]
        assert oracle.cost_of(van, ask, *place, asks, seconds) == found.cost, (seed, request)
        costs.append((found.cost, expected[0]))
        if not ahead:
            assert (found.cost, found.vehicle, *place) == expected, (seed, request)
        asks[request] = ask
        oracle.insert(van, ask, *place)
        book.insert(found.vehicle, query(ask), place, request, 0, 0, 0)
        plan = oracle.schedule(van, van.stops, seconds)
        assert plan is not None
        rows = tables.stops[found.vehicle, : len(van.stops)]
        assert tuple(rows[:, ft.START].tolist()) == plan.starts, (seed, request)
        assert tuple(rows[:, ft.DEPART].tolist()) == plan.departures, (seed, request)
    return costs


@pytest.mark.parametrize("seed", range(80))
def test_the_search_finds_what_trying_everything_finds(seed: int) -> None:
    """Trips at once, with ride limits, shared visits, wheelchairs and shift ends: the very same place."""
    compare(seed, ahead=False)


def test_booked_ahead_the_search_hardly_misses_anything() -> None:
    """Where vehicles wait for windows, a trip that joins a later visit may shorten it, which no bound
    foresees."""
    costs = [pair for seed in range(120) for pair in compare(seed, ahead=True)]
    missed = [(found, best) for found, best in costs if found != best]
    assert all(found > best for found, best in missed)
    assert len(costs) > 900
    assert len(missed) <= len(costs) // 100


def line_book() -> RouteBook:
    """One car at node 0 of a line of five, on duty all day."""
    tables = FleetTables.create(
        np.array([0], np.int32), np.array([0], np.int32), np.array([86_400], np.int32),
        np.array([ft.NOWHERE], np.int32), np.array([CAR], np.int32),
    )  # fmt: skip
    return RouteBook(tables, DenseTravelTimes.build(line_network()).tables)


def line_ask(origin: int, destination: int, now: int) -> np.ndarray:
    return query(oracle.Ask(0, origin, destination, now, now + 600, now + 900, None, 1, 0, 60, now, 16, 0))


def test_a_moving_vehicle_turns_at_the_next_node() -> None:
    book = line_book()
    book.insert(0, line_ask(4, 0, 0), (0, 0), 1, 0, 0, 0)
    ask = line_ask(1, 2, 15)
    ask[[ft.ASK_NOW, ft.ASK_AS_OF]] = 15
    # Bound for 4, at 15 s between 1 and 2: at 2 at 20 s, back at 1 at 30 s.
    found = book.search(ask)
    assert found is not None
    assert (found.pickup_index, found.pickup_s) == (0, 30)


def test_at_a_node_it_turns_there() -> None:
    book = line_book()
    book.insert(0, line_ask(4, 0, 0), (0, 0), 1, 0, 0, 0)
    ask = line_ask(1, 2, 10)
    ask[[ft.ASK_NOW, ft.ASK_AS_OF]] = 10
    found = book.search(ask)
    assert found is not None
    assert (found.pickup_index, found.pickup_s) == (0, 10)


def test_a_vehicle_waits_before_it_drives() -> None:
    book = line_book()
    book.insert(0, line_ask(4, 0, 1000), (0, 0), 1, 0, 0, 0)
    assert book.heading(0) == (4, 960)
    # Still at its place at 900, it can serve another trip first: 1 at 910.
    ask = line_ask(1, 2, 900)
    ask[[ft.ASK_NOW, ft.ASK_AS_OF]] = 900
    found = book.search(ask)
    assert found is not None
    assert (found.pickup_index, found.pickup_s) == (0, 910)


def test_an_insertion_outside_the_route_is_refused() -> None:
    with pytest.raises(ProblemError, match="before stops 1 and 1 of a route of 0 stops"):
        line_book().insert(0, line_ask(1, 2, 0), (1, 1), 1, 0, 0, 0)


def test_a_vehicle_beyond_the_network_is_refused() -> None:
    tables = FleetTables.create(
        np.array([5], np.int32), np.array([0], np.int32), np.array([9], np.int32), np.array([-1], np.int32),
        np.array([CAR], np.int32),
    )  # fmt: skip
    with pytest.raises(ProblemError, match="node 5; the network has nodes 0 to 4"):
        RouteBook(tables, DenseTravelTimes.build(line_network()).tables)
