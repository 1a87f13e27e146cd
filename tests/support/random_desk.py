"""A dispatcher among random riders and obedient drivers, with checks of everything that must hold at any
time."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from maas.dispatch import codec
from maas.dispatch import tables as t
from maas.dispatch.codec import Row
from maas.dispatch.dispatcher import Dispatcher, Record
from maas.dispatch.planner import Planner
from maas.domain.errors import CommandError
from maas.domain.values import TripStatus
from routing import fleet_tables as ft
from routing.errors import RoutingError
from routing.replanning import firm_stops
from routing.road_book import FURTHER_NOTICE_S
from tests.reference.routes import World, vans_of
from tests.support.road_changes import reopened, stretch, told

NONSENSE = 2**40
LEAVES_VEHICLE = (codec.TRIP_MOVED, codec.TRIP_ABANDONED)


class RandomDesk:
    """Says random things to a dispatcher, and drives its vehicles as told.

    Parameters
    ----------
    is_punctual
        Drivers drive exactly as planned and nobody fails to show: no promise may then be missed.
    """

    def __init__(self, dispatcher: Dispatcher, rng: np.random.Generator, *, is_punctual: bool) -> None:
        self.desk = dispatcher
        self.rng = rng
        self.is_punctual = is_punctual
        self.now = 0
        self.requests = 0
        self.nodes = len(dispatcher.state.node_id)
        self.answers: list[tuple[int, int, int]] = []
        self.planner = Planner(dispatcher)
        self.slack = [0] * self.tables.size
        self.split_s = [0] * self.tables.size
        self.checks = 0

    @property
    def tables(self) -> ft.FleetTables:
        return self.desk.state.routes.tables

    def say(self, *rows: Row) -> list[Record]:
        """Say all of this at once, in order of rank, and check the world afterwards."""
        ordered = sorted(rows, key=lambda row: codec.RANK[row[0]])
        aboard = set(np.flatnonzero(self.desk.state.requests[:, t.STATUS] == TripStatus.ABOARD).tolist())
        records = self.desk.handle_batch(ordered, self.now)
        self.planner.hear(records, self.now)
        for _, command, events in records:
            if command[0] in (codec.REQUEST_TRIP, codec.PROPOSE_PLAN):
                for request in dict.fromkeys(event[1] for event in events if event[0] == codec.TRIP_OFFERED):
                    self._answer([event for event in events if event[1] == request])
            if command[0] in (codec.WAKE, codec.CHANGE_ROADS):
                assert not aboard & {event[1] for event in events if event[0] in LEAVES_VEHICLE}
            if any(event[0] == codec.TRAVEL_TIMES_CHANGED for event in events) and len(ordered) == 1:
                self._check_plans()
        self.check()
        return records

    def _answer(self, events: Sequence[Row]) -> None:
        """The rider will take an offer, decline, or say nothing."""
        offers = [event for event in events if event[0] == codec.TRIP_OFFERED]
        if offers:
            expires = offers[0][12]
            at = int(
                self.rng.choice(
                    [self.now, int(self.rng.integers(self.now, expires + 1)), expires, expires + 1]
                )
            )
            choice = int(self.rng.integers(0, len(offers) + 1)) if self.rng.random() < 0.3 else len(offers)
            if self.rng.random() < 0.9:
                self.answers.append((at, offers[0][1], choice))

    def ask(self) -> Row:
        """A request of any sort."""
        rng = self.rng
        self.requests += 1
        origin = int(rng.integers(0, self.nodes))
        destination = (origin + int(rng.integers(1, self.nodes))) % self.nodes
        chairs = int(rng.random() < 0.15)
        ahead = int(rng.choice([0, 0, 30, 200, 900, 2500]))
        seats = int(rng.integers(1 - chairs, 4)) if rng.random() < 0.97 else 50
        return (
            codec.REQUEST_TRIP, self.requests, origin, destination, int(rng.random() < 0.2), self.now + ahead,
            seats, chairs, int(rng.integers(0, 4)), 1, 0, 0, 1, 0,
        )  # fmt: skip

    def nonsense(self) -> Row:
        """A report or an answer that fits nothing, or only by chance."""
        rng = self.rng
        some = [int(x) for x in rng.integers(0, 6, 4)]
        request = int(rng.integers(0, self.requests + 3))
        vehicle = int(rng.integers(0, self.tables.size))
        rows: list[Row] = [
            (codec.WAKE,),
            (codec.DECLINE_OFFERS, request),
            (codec.ACCEPT_OFFER, request, some[0]),
            (codec.CANCEL_TRIP, request),
            (codec.REPORT_NO_SHOW, vehicle, request),
        ]
        if not self.is_punctual:
            place = int(rng.integers(0, self.nodes))
            rows += [
                (codec.ARRIVE_AT_STOP, vehicle, place, some[0], some[1]),
                (codec.DEPART_STOP, vehicle, some[0] % 3, some[1] % 3),
                (codec.REPORT_POSITION, vehicle, place, some[0], some[1]),
            ]
        elif self.tables.vehicles[vehicle, ft.DWELLING]:
            rows = rows[:4]
        return rows[int(rng.integers(0, len(rows)))]

    def propose(self) -> None:
        """A plan that nobody has thought about: the stops of some routes in another order, or others."""
        rng = self.rng
        state = self.desk.state
        chosen = [v for v in range(self.tables.size) if rng.random() < 0.7]
        routes = [firm_stops(self.tables.vehicles, self.tables.stops, v) for v in chosen]
        stops = [stop for route in routes for stop in route if stop[0] != ft.TO_BASE]
        stops += [(ft.PICKUP, request) for request in state.gathered] if chosen else []
        dice = rng.random()
        if dice < 0.7:
            stops = [stops[k] for k in rng.permutation(len(stops)).tolist()]
        if dice > 0.9:
            stops = stops[1:]
        number = int(rng.integers(1_000, 1_003))
        rows: list[Row] = [(codec.PROPOSE_STOP, number, v, 0, ft.TO_BASE, ft.NOBODY) for v in chosen]
        for position, (kind, request) in enumerate(stops, start=1):
            v = chosen[int(rng.integers(0, len(chosen)))]
            rows.append((codec.PROPOSE_STOP, number, v, position, kind, request))
        records = self.say(*rows, (codec.PROPOSE_PLAN, number, len(stops), 0))
        answers = (codec.PLAN_ADOPTED, codec.PLAN_DROPPED, codec.BATCH_ANSWERED)
        assert records[-1][2][0][0] in answers
        assert not any(row[0] == number for row in state.proposed)

    def absurd(self) -> None:
        """Something that nobody may say: it is refused as a whole and changes nothing."""
        rng = self.rng
        ask = list(self.ask())
        self.requests -= 1
        column = int(rng.integers(1, len(ask)))
        ask[column] = int(rng.choice([-1, NONSENSE])) if column != 5 else NONSENSE
        rows: list[Row] = [
            tuple(ask) if column not in (10, 11, 12, 13) else (codec.CANCEL_TRIP, -1),
            (codec.DEPART_STOP, self.tables.size, 0, 0),
            (codec.ARRIVE_AT_STOP, 0, self.nodes, 0, 0),
            (codec.VEHICLE_BROKE_DOWN, 0, 0, -1, 0),
            (codec.TRIP_BOOKED, 0, 0, 0, 0, 0, 0, 0, 0, 0),
            (codec.PROPOSE_STOP, 1, self.tables.size, 0, 0, 0),
            (codec.PROPOSE_PLAN, -1, 0, 0),
        ]
        before = len(self.desk.records)
        try:
            self.desk.handle_batch([self.ask(), rows[int(rng.integers(0, len(rows)))]], self.now)
        except CommandError:
            self.requests -= 1
            assert len(self.desk.records) == before
        else:
            raise AssertionError("heard what nobody may say")

    def break_down(self) -> None:
        """A vehicle fails where it is."""
        vehicle = int(self.rng.integers(0, self.tables.size))
        node, _ = self.desk.state.routes.turning_point(vehicle, ft.NOWHERE, self.now)
        self.say((codec.VEHICLE_BROKE_DOWN, vehicle, node, 0, 0))

    def change_roads(self) -> None:
        """A stretch is closed or slower, now or later, for a while or for good; or an earlier change ends."""
        rng = self.rng
        number = int(rng.integers(1, 4))
        known = self.desk.state.changes.get(number)
        if known is not None and rng.random() < 0.4:
            self.say(reopened(number, known, self.now))
            return
        first, last = (int(node) for node in rng.integers(0, self.nodes, 2))
        begin = self.now + int(rng.choice([-100, 0, 0, 50, 300]))
        end = begin + int(rng.choice([1, 150, 400, 1000, FURTHER_NOTICE_S]))
        factor = int(rng.choice([0, 0, 1200, 2000, 5000]))
        roads = self.desk.state.roads
        change = stretch(roads.network, first, last, factor, begin, min(end, FURTHER_NOTICE_S))
        try:
            roads.check(change)
        except RoutingError:
            with pytest.raises(CommandError, match=rf"^change {number} of the roads: "):
                self.desk.handle_batch([told(number, change)], self.now)
        else:
            self.say(told(number, change))

    def _check_plans(self) -> None:
        """No planned time differs from a plan made from nothing under the travel times in force."""
        state = self.desk.state
        world = World(state.roads.travel_times(self.desk.changes, state.since_s), self.now)
        assert world.times.tables is self.desk.tables
        for v, van in enumerate(vans_of(self.tables)):
            plan = world.plan(van)
            stops = self.tables.stops[v, : len(van.stops)]
            assert stops[:, ft.START].tolist() == [moment.start for moment in plan.moments]
            assert stops[:, ft.DEPART].tolist() == [moment.depart for moment in plan.moments]

    def due(self, vehicle: int) -> int | None:
        """When a driver reports next."""
        row = [int(x) for x in self.tables.vehicles[vehicle]]
        late = 0 if self.is_punctual else self.slack[vehicle]
        if row[ft.DWELLING]:
            visit = self.desk.visit(vehicle)
            return max(self.now, max((stop[3] for stop in visit), default=row[ft.VISIT_START]) + max(0, late))
        if row[ft.GOAL] != ft.NOWHERE:
            drive = self.desk.state.routes.drive_s(row[ft.LEG_FROM], row[ft.GOAL])
            return max(self.now, row[ft.LEAVE], row[ft.LEAVE] + drive + late)
        return row[ft.READY] if row[ft.READY] > self.now else None

    def report(self, vehicle: int) -> Row:
        """What the driver says then."""
        row = [int(x) for x in self.tables.vehicles[vehicle]]
        self.slack[vehicle] = int(self.rng.integers(-8, 20))
        if row[ft.DWELLING]:
            kinds = [kind for kind, _, _, _ in self.desk.visit(vehicle)]
            return codec.DEPART_STOP, vehicle, kinds.count(ft.PICKUP), kinds.count(ft.DROPOFF)
        if row[ft.GOAL] != ft.NOWHERE:
            return codec.ARRIVE_AT_STOP, vehicle, row[ft.GOAL], 100, 10
        return codec.REPORT_POSITION, vehicle, row[ft.LEG_FROM], 100, 10

    def advance(self, until: int) -> None:
        """Let time pass: wake-ups, drivers' reports and riders' answers, each at its second."""
        while True:
            times = [at for v in range(self.tables.size) if (at := self.due(v)) is not None]
            times += [at for at, _, _ in self.answers]
            wake, solved = self.desk.next_wakeup(), self.planner.next_time()
            times += [time for time in (wake, solved) if time is not None]
            at = min(times, default=until + 1)
            if at > until:
                break
            self.now = max(self.now, at)
            rows: list[Row] = [(codec.WAKE,)] if wake is not None and wake <= self.now else []
            rows += [self.report(v) for v in range(self.tables.size) if self.due(v) == self.now]
            rows += [row for _, _, row in self.planner.messages(self.now)]
            for one in [one for one in self.answers if one[0] <= self.now]:
                self.answers.remove(one)
                _, request, choice = one
                rows.append(
                    (codec.ACCEPT_OFFER, request, choice) if choice else (codec.DECLINE_OFFERS, request)
                )
            self.say(*rows)
        self.now = until

    def check(self) -> None:
        """Everything that must hold after any command."""
        self.checks += 1
        state = self.desk.state
        tables = self.tables
        held: dict[tuple[int, int], int] = {}
        firm: dict[int, list[tuple[int, int]]] = {}
        for v in range(tables.size):
            row = [int(x) for x in tables.vehicles[v]]
            stops = tables.stops[v, : row[ft.STOPS]].tolist()
            self._check_route(v, row, stops)
            for stop in stops:
                if stop[ft.KIND] > ft.PICKUP:
                    continue
                if stop[ft.OFFER]:
                    key = (stop[ft.REQUEST], stop[ft.OFFER])
                    held[key] = held.get(key, 0) + 1
                else:
                    firm.setdefault(stop[ft.REQUEST], []).append((v, stop[ft.KIND]))
        for request in range(min(self.requests + 1, len(state.requests))):
            self._check_request(request, [int(x) for x in state.requests[request]], held, firm)
        assert not held
        assert not firm

    def _check_request(
        self,
        request: int,
        row: list[int],
        held: dict[tuple[int, int], int],
        firm: dict[int, list[tuple[int, int]]],
    ) -> None:
        """Every trip has its stops in one route, every open offer its two places."""
        match row[t.STATUS]:
            case TripStatus.OFFERED:
                for offer in range(1, row[t.OFFERS] + 1):
                    assert held.pop((request, offer)) == 2
            case TripStatus.BOOKED:
                assert firm.pop(request) == [(row[t.VEHICLE], ft.PICKUP), (row[t.VEHICLE], ft.DROPOFF)]
            case TripStatus.ABOARD:
                assert firm.pop(request) == [(row[t.VEHICLE], ft.DROPOFF)]

    def _check_route(self, v: int, row: list[int], stops: list[list[int]]) -> None:
        """Loads fit, times rise, promises are kept as planned."""
        seated, chairs = row[ft.SEATED], row[ft.WHEELCHAIRS]
        assert seated >= 0
        assert chairs >= 0
        before = -(10**9)
        self.split_s[v] = max(self.split_s[v], split_visits_s(stops)) if stops else 0
        for stop in stops:
            seated, chairs = seated + stop[ft.SEATS], chairs + stop[ft.CHAIRS]
            for a, b, limit in self.tables.capacity[v].tolist():
                assert a * seated + b * chairs <= limit
            assert stop[ft.ARRIVE] <= stop[ft.START] <= stop[ft.DEPART]
            assert before <= stop[ft.DEPART]
            before = stop[ft.DEPART]
            if stop[ft.KIND] > ft.PICKUP:
                continue
            promised = self._promise(stop)
            assert stop[ft.LATEST] <= promised
            if self.is_punctual and not stop[ft.OFFER]:
                assert stop[ft.START] <= promised + self.split_s[v], (v, self.now, stops)
        if stops:
            assert (seated, chairs) == (0, 0)
            assert row[ft.IN_SERVICE]

    def _promise(self, stop: list[int]) -> int:
        """The latest second that was promised for a stop, or far away if that promise is known to be
        broken."""
        row = self.desk.state.requests[stop[ft.REQUEST]]
        border = self.desk.state.border_s
        is_pickup = stop[ft.KIND] == ft.PICKUP
        if stop[ft.OFFER]:
            first = t.FIRST_OFFER + (stop[ft.OFFER] - 1) * t.OFFER_COLUMNS
            return int(row[first + (t.OFFER_LATEST if is_pickup else t.OFFER_ARRIVE_BY)])
        if row[t.BROKEN] & (1 if is_pickup else 2):
            return 10**9
        promised = int(row[t.PROMISE_LATEST if is_pickup else t.ARRIVE_BY])
        # Judged when it falls due: the roads may be others by then.
        return promised if border is None or promised < border else 10**9


def split_visits_s(stops: list[list[int]]) -> int:
    """Seconds that a route may lose because it comes too early: visits at one place that a later arrival
    would merge."""
    return sum(
        one[ft.SERVICE]
        for before, one in itertools.pairwise(stops)
        if before[ft.NODE] == one[ft.NODE]
        and max(before[ft.KIND], one[ft.KIND]) <= ft.PICKUP
        and before[ft.VISIT] != one[ft.VISIT]
    )


def run_wild(desk: RandomDesk, steps: int) -> None:
    """A stretch of random life."""
    rng = desk.rng
    for _ in range(steps):
        dice = rng.random()
        if dice < 0.45:
            desk.say(*(desk.ask() for _ in range(int(rng.choice([1, 1, 1, 2])))))
        elif dice < 0.55:
            desk.say(desk.nonsense())
        elif dice < 0.58:
            desk.absurd()
        elif dice < 0.60:
            desk.break_down()
        elif dice < 0.62 and desk.desk.state.service.policy in ("rolling_horizon", "batch"):
            desk.propose()
        elif dice < 0.64 and desk.desk.state.roads.network.references[1:]:
            desk.change_roads()
        else:
            desk.advance(desk.now + int(rng.choice([1, 5, 20, 60, 200])))
    desk.advance(desk.now + 6 * 3600)
