"""The fleet under way as a routing problem: present routes are a plan of it, and the way back is exact."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from maas.dispatch.codec import Row
from maas.dispatch.dispatch_problem import DispatchProblem, problem_of
from maas.dispatch.dispatcher import Dispatcher, Record
from maas.domain.commands import ArriveAtStop, DepartStop
from maas.service_definition import Break
from routing import fleet_tables as ft
from routing.plan import make_plan
from routing.problem import NO_LIMIT, NOWHERE
from routing.schedule import PickupTime, Schedule, schedule_route
from routing.verify import verify
from tests.builders import line_network
from tests.dispatch_tests.test_random_commands import random_service, towns
from tests.support.desks import ask, booked, one_car
from tests.support.random_desk import RandomDesk, run_wild
from tests.support.services import RULES, desk, service, vehicle


def found(dispatcher: Dispatcher, now: int) -> DispatchProblem:
    made = problem_of(dispatcher.state, now)
    assert made is not None
    return made


class ProblemDesk(RandomDesk):
    """Looks at the fleet as a problem after each command."""

    problems = 0
    moments = 0

    def say(self, *rows: Row) -> list[Record]:
        records = super().say(*rows)
        made = problem_of(self.desk.state, self.now)
        if made is not None:
            self.problems += 1
            self.look(made)
        return records

    def look(self, made: DispatchProblem) -> None:
        assert verify(made.problem, made.start).violations == ()
        assert made.start.unserved == ()
        assert made.orders(made.start) == {}
        assert made.routes(made.start) == made.present
        trial = self.desk.state.fork()
        trial.routes.plan_all(self.now)
        for number, v in enumerate(made.vehicles):
            row = trial.routes.tables.vehicles[v].tolist()
            stops = trial.routes.tables.stops[v, : row[ft.STOPS]].tolist()
            assert made.present[v] == [(stop[ft.KIND], stop[ft.REQUEST]) for stop in stops]
            assert not any(stop[ft.OFFER] for stop in stops)
            route = made.start.routes[number]
            if route:
                planned = schedule_route(made.problem, number, route, pickups=PickupTime.EARLY)
                assert isinstance(planned, Schedule)
                self.compare(row, stops, planned)

    def compare(self, row: list[int], stops: list[list[int]], planned: Schedule) -> None:
        """Never sooner than the dispatcher, but for a second of rounding; later by no more than visits that
        are overdue, and visits joined by riders who were there when they began."""
        overdue = max(0, self.now - row[ft.DUE]) if row[ft.DWELLING] else 0
        joined = sum(
            stop[ft.START] - stop[ft.VISIT] for stop in stops if stop[ft.VISIT] < min(ft.FAR, stop[ft.START])
        )
        for stop, end in zip(stops, planned.end, strict=True):
            self.moments += 1
            assert -1 <= end - stop[ft.DEPART] <= 1 + overdue + joined, (self.now, row, stops, planned)


@pytest.mark.parametrize("first", range(0, 60, 15))
@pytest.mark.parametrize("is_punctual", [True, False])
def test_present_routes_are_a_plan_of_the_problem(first: int, is_punctual: bool) -> None:
    problems = moments = 0
    for seed in range(first, first + 15):
        rng = np.random.default_rng(seed)
        roads = towns()[seed % len(towns())]
        dispatcher = Dispatcher(random_service(rng, roads.network), roads, roads.network.node_id)
        one = ProblemDesk(dispatcher, rng, is_punctual=is_punctual)
        run_wild(one, 40)
        problems += one.problems
        moments += one.moments
    assert problems > 500
    assert moments > 2000


def test_a_waiting_rider_keeps_the_limits_of_her_route() -> None:
    """Line of 10 s arcs, car at 0; wish at 100 from 2 to 4: pickup from 100 to 700, arrival by
    100 + 130 % of 20 + 400 = 526."""
    dispatcher = one_car()
    booked(dispatcher, ask(1, 2, 4, 100), 0)
    made = found(dispatcher, 0)
    assert made.problem.pickup_window.tolist() == [[100, 700]]
    assert made.problem.delivery_window[0, 1] == 526
    assert made.problem.pickup_service.tolist() == [60]
    assert made.problem.load.tolist() == [[1, 0]]
    # Driven are 0 -> 2 -> 4: 40 s at 2 x 16 x 240 / 16 = 480 a second; nobody waits.
    assert made.start.cost == 40 * 480
    assert made.stops == ((ft.PICKUP, 1), (ft.DROPOFF, 1))
    assert made.present == {0: [(ft.PICKUP, 1), (ft.DROPOFF, 1)]}


def test_waiting_costs_its_square() -> None:
    """Wish at 0 from 2 to 4: the car comes at 20. 20 squared, where a second of driving is 480."""
    dispatcher = one_car()
    booked(dispatcher, ask(1, 2, 4, 0), 0)
    assert found(dispatcher, 0).start.cost == 40 * 480 + 20 * 20


def test_a_plan_of_the_problem_becomes_orders_of_the_vehicles_it_changes() -> None:
    dispatcher = desk(line_network(), service((vehicle("a", 0), vehicle("b", 2), vehicle("c", 4)), RULES))
    booked(dispatcher, ask(1, 1, 0, 500), 0)
    booked(dispatcher, ask(2, 4, 3, 500), 0)
    made = found(dispatcher, 0)
    first, second = (made.start.routes[v] for v in (0, 2))
    assert {first, second} == {(0, 1), (2, 3)}
    moved = make_plan(made.problem, [(), first, second])
    assert made.orders(moved) == {0: [], 1: [(ft.PICKUP, 1), (ft.DROPOFF, 1)]}


def test_visit_under_way_is_fixed_and_may_be_joined() -> None:
    dispatcher = one_car()
    booked(dispatcher, ask(1, 2, 4, 0), 0)
    dispatcher.handle(ArriveAtStop(0, 1002, 200, 20), 20)
    made = found(dispatcher, 30)
    assert made.problem.prefix == ((0,),)
    assert made.problem.visit_start.tolist() == [20]
    assert made.problem.shift[0, 0] == 20
    assert made.problem.start_place[0] == made.problem.pickup[0]
    # Half a minute after it should be over nobody joins it: it ends at a place of its own, now.
    late = found(dispatcher, 110)
    assert late.problem.shift[0, 0] == 110
    planned = schedule_route(late.problem, 0, late.start.routes[0])
    assert isinstance(planned, Schedule)
    assert planned.start[1] == 130


def test_rider_on_board_has_an_absolute_deadline() -> None:
    """A ride of at most 90 s that begins at 80 ends by 170, though arrival by 426 was promised."""
    dispatcher = one_car(max_ride_s=90, max_ride_alpha_percent=100, max_ride_beta_s=90)
    booked(dispatcher, ask(1, 2, 4, 0), 0)
    dispatcher.handle(ArriveAtStop(0, 1002, 200, 20), 20)
    dispatcher.handle(DepartStop(0, 1, 0), 80)
    made = found(dispatcher, 80)
    assert made.problem.on_board.tolist() == [0]
    assert made.problem.pickup.tolist() == [NOWHERE]
    assert made.problem.max_ride.tolist() == [NO_LIMIT]
    assert made.problem.delivery_window[0, 1] == 170
    assert made.start.routes == ((1,),)


def test_vehicle_under_way_starts_where_it_can_turn() -> None:
    dispatcher = one_car()
    booked(dispatcher, ask(1, 4, 2, 0), 0)
    # It left at 0 and is between nodes 1 and 2 at 15: node 2, at 20.
    made = found(dispatcher, 15)
    assert made.problem.shift[0, 0] == 20
    assert made.problem.travel[made.problem.start_place[0], made.problem.pickup[0]] == 20


def test_break_is_taken_at_the_base_and_shared_with_nobody() -> None:
    car = replace(vehicle("a", 0), breaks=(Break(600, 900, 300),))
    dispatcher = desk(line_network(), service((car,), RULES))
    booked(dispatcher, ask(1, 2, 0, 500), 0)
    made = found(dispatcher, 0)
    assert made.problem.break_count == 0
    assert made.present == {0: [(ft.PICKUP, 1), (ft.DROPOFF, 1), (ft.BREAK, ft.NOBODY)]}
    (rest,) = np.flatnonzero(made.problem.on_board == 0).tolist()
    (rider,) = np.flatnonzero(made.problem.on_board == NOWHERE).tolist()
    assert made.problem.delivery_window[rest].tolist() == [600, 900]
    assert made.problem.delivery_service[rest] == 300
    assert made.problem.load[rest].tolist() == [0, 0]
    base, stop = made.problem.delivery[rest], made.problem.delivery[rider]
    assert base != stop
    assert made.problem.travel[stop, base] == made.problem.travel[base, stop] == 0
    assert made.start.routes == ((2 * rider, 2 * rider + 1, 2 * rest + 1),)


def test_vehicle_with_an_open_offer_keeps_its_route() -> None:
    rules = replace(RULES, offer_hold_s=60)
    dispatcher = desk(line_network(), service((vehicle("a", 0), vehicle("b", 4)), rules))
    dispatcher.handle(ask(1, 0, 2, 100), 0)
    made = found(dispatcher, 0)
    assert made.vehicles == (1,)
    assert made.problem.request_count == 0


def test_no_vehicle_no_problem() -> None:
    dispatcher = one_car(offer_hold_s=60)
    dispatcher.handle(ask(1, 0, 2, 100), 0)
    assert problem_of(dispatcher.state, 0) is None


def test_who_is_late_may_be_as_late_as_she_is_and_no_later() -> None:
    """The car should pick up at 20 and is still on its way at 800, when 600 was promised."""
    dispatcher = one_car()
    booked(dispatcher, ask(1, 2, 4, 0), 0)
    made = found(dispatcher, 800)
    assert made.problem.pickup_window[0, 1] == 800
    assert made.problem.delivery_window[0, 1] == 880
    assert verify(made.problem, made.start).is_feasible


def test_way_home_costs_where_it_is_asked_for() -> None:
    car = replace(vehicle("a", 0), returns_to_base=True)
    dispatcher = desk(line_network(), service((car,), RULES))
    booked(dispatcher, ask(1, 0, 4, 0), 0)
    free = problem_of(dispatcher.state, 0)
    paid = problem_of(dispatcher.state, 0, pays_way_home=True)
    assert free is not None
    assert paid is not None
    assert paid.start.cost - free.start.cost == 40 * 480
