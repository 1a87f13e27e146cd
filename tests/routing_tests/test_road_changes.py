"""Routes at the moment at which other travel times begin to hold, against the slow oracle."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from routing import fleet_tables as ft
from routing.errors import ProblemError
from routing.fleet_tables import FleetTables
from routing.insertion import RouteBook
from routing.road_book import reweighted
from routing.travel_times import DenseTravelTimes
from tests.builders import grid_network, line_network, one_way_ring, random_network
from tests.reference.routes import NEVER, Free, Van, World, vans_of
from tests.routing_tests.test_insertion import CAR, check_plans, check_search, line_ask
from tests.support.routes import RandomFleet

STATES = 4


@cache
def towns() -> list[list[DenseTravelTimes]]:
    """Each town under several sets of weights, the first as planned."""
    rng = np.random.default_rng(7)
    made = []
    for network in (line_network(), grid_network(4, 3, 20), one_way_ring(5, 10), random_network(1)):
        states = [network]
        for _ in range(STATES - 1):
            factor = rng.choice([0.5, 1.0, 1.0, 1.7, 3.0, 40.0], network.arc_count)
            closed = (rng.random(network.arc_count) < 0.1) * ft.CLOSED_S * 1000
            states.append(reweighted(network, (network.travel_ms * factor + 1 + closed).astype(np.int32)))
        made.append([DenseTravelTimes.build(state) for state in states])
    return made


def switched(fleet: RandomFleet, times: DenseTravelTimes) -> None:
    """Switch, and check where every vehicle goes on from, to where, and when."""
    old = World(fleet.times, fleet.now)
    before = vans_of(fleet.tables)
    fleet.switch(times)
    new = World(times, fleet.now)
    for van, after in zip(before, vans_of(fleet.tables), strict=True):
        assert (after.stops, after.dwelling, after.seated) == (van.stops, van.dwelling, van.seated)
        if van.dwelling:
            assert (after.leg_from, after.goal) == (van.leg_from, None)
        elif van.goal is not None and van.leave < fleet.now:
            # Under way: on to the same goal, from the next node under the old times.
            turn = old.turn(van, fleet.now)
            assert (after.leg_from, after.ready, after.goal) == (turn.node, turn.ready, van.goal)
            is_open = new.drive(turn.node, van.goal) < ft.CLOSED_S
            assert after.leave == (turn.ready if is_open else leaves_at(new, after))
        else:
            assert (after.leg_from, after.goal) == (van.leg_from, van.goal)
            if van.goal is not None:
                assert after.leave == leaves_at(new, after)


def leaves_at(world: World, van: Van) -> int:
    """When a driver who stands leaves for the first firm stop: not before the answers to the offers ahead of
    it are known, and so late that nobody waits on the way (offers behind it count as taken); into a closed
    road much later."""
    ahead = next(k for k, stop in enumerate(van.stops) if not stop.offer)
    told = [stop for stop in van.stops if not stop.offer or not ahead]
    answered = max((stop.expires + 1 for stop in van.stops[:ahead]), default=NEVER)
    raised = [NEVER] * len(told)
    settled = world.settle(told, [], Free(van.leg_from, van.ready), raised, (-1, 0, 0), 0, None)
    assert settled is not None
    drive = world.drive(van.leg_from, told[0].node)
    leave = max(van.ready, answered, settled[0][0].start - drive)
    return leave + ft.CLOSED_S if drive >= ft.CLOSED_S else leave


@pytest.mark.parametrize("first", range(0, 90, 30))
@pytest.mark.parametrize("lateness_s", [0, 6])
def test_no_planned_time_differs_from_a_plan_made_under_the_new_times(first: int, lateness_s: int) -> None:
    """Nor does any later search."""
    for seed in range(first, first + 30):
        rng = np.random.default_rng(seed)
        states = towns()[seed % len(towns())]
        fleet = RandomFleet(states[0], rng, int(rng.integers(1, 4)), lateness_s)
        for _ in range(20):
            dice = rng.random()
            fleet.patience_s = int(rng.choice([0, 0, 3 * ft.CLOSED_S]))
            if dice < 0.5:
                check_search(fleet)
            elif dice < 0.7:
                switched(fleet, states[int(rng.integers(0, STATES))])
            elif dice < 0.75:
                fleet.cancel()
            elif dice < 0.78:
                fleet.send_home()
            else:
                fleet.advance(fleet.now + int(rng.choice([1, 3, 7, 15, 40])))
            check_plans(fleet)


def book_of_line() -> RouteBook:
    """One car at node 0 of a line of five, 10 s between neighbours."""
    tables = FleetTables.create(
        np.array([0], np.int32), np.array([0], np.int32), np.array([86_400], np.int32),
        np.array([ft.NOWHERE], np.int32), np.array([CAR], np.int32),
    )  # fmt: skip
    return RouteBook(tables, DenseTravelTimes.build(line_network()).tables)


def test_a_vehicle_under_way_goes_on_from_the_next_node_it_reaches_under_the_old_times() -> None:
    book = book_of_line()
    book.insert(0, line_ask(4, 0, 0, 0), (0, 0), 0, 0, 0)
    # Bound for 4, at 15 s between 1 and 2: at 2 at 20 s, then 30 s to each of 3 and 4 instead of 10 s.
    book.switch(DenseTravelTimes.build(line_network(seconds=30)).tables, 15)
    assert book.tables.vehicles[0, ft.LEG_FROM] == 2
    assert book.heading(0) == (4, 20)
    assert book.tables.stops[0, 0, ft.START] == 80


def test_a_vehicle_that_waits_leaves_as_much_earlier_as_the_drive_takes_longer() -> None:
    book = book_of_line()
    book.insert(0, line_ask(4, 0, 1000, 0), (0, 0), 0, 0, 0)
    assert book.heading(0) == (4, 960)
    book.switch(DenseTravelTimes.build(line_network(seconds=30)).tables, 100)
    # Four arcs of 30 s before 1000 s.
    assert book.heading(0) == (4, 880)


def test_tables_of_another_network_are_refused() -> None:
    with pytest.raises(ProblemError, match=r"travel times of 4 nodes cannot replace those of 5 nodes"):
        book_of_line().switch(DenseTravelTimes.build(line_network(4)).tables, 0)
