"""Slow and obvious insertion: plain lists, every position of every route scheduled in full, no bounds, no
slacks.

What it shares with `routing` is only how tables are read. The rules, in words:

A vehicle waits before it drives, and drives the canonical path. Stops at one place between one arrival and
one departure are one visit, which lasts as long as the longest of its services, each counted from the
arrival, or from when a rider comes who was not there when she booked; a rider who may board only after the
visit's end begins a visit of her own. A rider rides too long when her drop-off starts more than her limit
after the visit of her pickup ends; then her pickup starts later, by what is missing, until no ride is too
long. What is late already may stay as late, and no later. A driver learns of held stops as late as their
offers allow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from routing import fleet_tables as ft
from routing.fleet_tables import FleetTables
from routing.travel_times import DenseTravelTimes

NEVER = -(10**9)


@dataclass(frozen=True)
class Stop:
    """One stop as agreed, without its place in a plan."""

    node: int
    kind: int
    request: int
    offer: int
    earliest: int
    latest: int
    service: int
    seats: int
    chairs: int
    max_ride: int
    weight: int
    comes: int
    expires: int

    @property
    def is_rider(self) -> bool:
        return self.kind in (ft.PICKUP, ft.DROPOFF)


@dataclass(frozen=True)
class Moment:
    """A stop's place in a plan; stops with equal (node, visit) in a row are one visit."""

    arrive: int
    start: int
    depart: int
    visit: int | None


@dataclass(frozen=True)
class Free:
    """Where a vehicle is free to leave, and the visit it is in there."""

    node: int
    ready: int
    visit: int | None = None


@dataclass(frozen=True)
class Van:
    """A vehicle as the tables remember it."""

    stops: tuple[Stop, ...]
    leg_from: int
    ready: int
    goal: int | None
    leave: int
    dwelling: int
    visit_start: int
    seated: int
    chairs: int
    shift_end: int
    base: int | None
    in_service: bool
    capacity: tuple[tuple[int, int, int], ...]

    @property
    def hold_until(self) -> int:
        return max((stop.expires for stop in self.stops if stop.offer), default=NEVER)

    def fits(self, seated: int, chairs: int) -> bool:
        return all(a * seated + b * chairs <= limit for a, b, limit in self.capacity)


@dataclass(frozen=True)
class Plan:
    """A present plan: times, how many stops the visit under way has, and which starts were raised."""

    moments: list[Moment]
    here: int
    raised: list[int]
    home: int


def vans_of(tables: FleetTables) -> list[Van]:
    """The vehicles of a fleet."""
    vans = []
    for v in range(tables.size):
        row = [int(x) for x in tables.vehicles[v]]
        stops = tuple(
            Stop(*(int(x) for x in tables.stops[v, k, : ft.EXPIRES + 1])) for k in range(row[ft.STOPS])
        )
        vans.append(
            Van(
                stops, row[ft.LEG_FROM], row[ft.READY], None if row[ft.GOAL] == ft.NOWHERE else row[ft.GOAL],
                row[ft.LEAVE], row[ft.DWELLING], row[ft.VISIT_START], row[ft.SEATED], row[ft.WHEELCHAIRS],
                row[ft.SHIFT_END], None if row[ft.BASE] == ft.NOWHERE else row[ft.BASE],
                bool(row[ft.IN_SERVICE]),
                tuple((int(a), int(b), int(limit)) for a, b, limit in tables.capacity[v]),
            )
        )  # fmt: skip
    return vans


class World:
    """Vehicles over exact travel times at one second."""

    def __init__(self, times: DenseTravelTimes, now: int) -> None:
        self.times = times
        self.now = now

    def drive(self, origin: int, destination: int) -> int:
        return self.times.seconds(origin, destination)

    def turn(self, van: Van, as_of: int) -> Free:
        """Where a vehicle can first change its mind at or after `as_of`."""
        if van.goal is None or as_of <= van.leave:
            return Free(van.leg_from, max(van.ready, as_of))
        for node in self.times.path(van.leg_from, van.goal):
            at = van.leave + self.drive(van.leg_from, int(node))
            if at >= as_of:
                return Free(int(node), at)
        return Free(van.goal, as_of)

    def times_of(
        self, stops: list[Stop], done: list[Moment], free: Free, raised: list[int], gate: tuple[int, int, int]
    ) -> list[Moment]:
        """Earliest times of a route whose first stops are `done` or under way, leaving from `free` for the
        next.

        Before stop `gate[0]` the vehicle leaves at `gate[1]` at the earliest, and that stop joins a visit
        only if it ends at `gate[2]` or later.
        """
        moments = list(done)
        for k in range(len(done), len(stops)):
            stop = stops[k]
            if stop.offer and stop.expires >= free.ready:
                free = Free(free.node, stop.expires)
            if k == gate[0]:
                visit = free.visit if free.ready >= gate[2] else None
                free = Free(free.node, max(free.ready, gate[1]), visit)
            earliest, comes = max(stop.earliest, raised[k]), max(stop.comes, raised[k])
            if stop.node == free.node and free.visit is not None and stop.is_rider and earliest <= free.ready:
                start = max(free.visit, earliest)
                depart = max(free.ready, max(free.visit, comes) + stop.service)
                moment = Moment(free.visit, start, depart, free.visit)
            else:
                arrive = free.ready + self.drive(free.node, stop.node)
                start = max(arrive, earliest)
                moment = Moment(arrive, start, start + stop.service, start if stop.is_rider else None)
            moments.append(moment)
            free = Free(stop.node, moment.depart, moment.visit)
        return moments

    def settle(
        self,
        stops: list[Stop],
        done: list[Moment],
        free: Free,
        raised: list[int],
        gate: tuple[int, int, int],
        frozen: int,
        is_broken: Callable[[list[Moment]], bool] | None,
    ) -> tuple[list[Moment], list[int]] | None:
        """Times at which no ride is too long, and who had to start later for that.

        A trial with a test for broken limits gives None where they are broken, whoever is raised, and where a
        ride must be too long. Without a test, where some ride must be, times are as if none had a limit.
        """
        raised = list(raised)
        while True:
            moments = self.times_of(stops, done, free, raised, gate)
            if is_broken is not None and is_broken(moments):
                return None
            wanted = dict(raises(stops, moments, frozen))
            if is_broken is None:
                wanted = {p: start for p, start in wanted.items() if p >= frozen}
            if not wanted:
                return moments, raised
            if any(p < frozen or start > stops[p].latest for p, start in wanted.items()):
                if is_broken is not None:
                    return None
                raised[frozen:] = [NEVER] * (len(stops) - frozen)
                return self.times_of(stops, done, free, raised, gate), raised
            for p, start in wanted.items():
                raised[p] = start

    def home(self, van: Van, stops: list[Stop], moments: list[Moment], free: Free) -> int:
        """Second at which the work is done and the vehicle back where its shift ends."""
        node, end = free.node, free.ready
        for stop, moment in zip(stops, moments, strict=True):
            if stop.kind != ft.TO_BASE:
                node, end = stop.node, moment.depart
        return end + (0 if van.base is None else self.drive(node, van.base))

    def plan(self, van: Van) -> Plan:
        """The present plan of a vehicle."""
        stops = list(van.stops)
        raised = [NEVER] * len(stops)
        nothing = (-1, 0, 0)
        if van.dwelling:
            free = Free(van.leg_from, van.visit_start, van.visit_start)
            settled = self.settle(stops, [], free, raised, nothing, 0, None)
            assert settled is not None
            moments, raised = settled
            here = 1 if van.dwelling == ft.RESTING else visit_length(van, moments)
            due = moments[here - 1].depart if here else van.visit_start
            if due < self.now and here < len(stops):
                free = Free(van.leg_from, max(self.now, van.visit_start))
                settled = self.settle(stops, moments[:here], free, raised, nothing, here, None)
                assert settled is not None
                moments, raised = settled
            return Plan(moments, here, raised, self.home(van, stops, moments, free))
        free = self.start_of(van, Plan([], 0, [], 0))
        settled = self.settle(stops, [], free, raised, nothing, 0, None)
        assert settled is not None
        return Plan(settled[0], 0, settled[1], self.home(van, stops, settled[0], free))

    def start_of(self, van: Van, plan: Plan) -> Free:
        """From where the stops behind the visit under way are reached."""
        if plan.here:
            last = plan.moments[plan.here - 1]
            if last.depart >= self.now:
                return Free(van.leg_from, last.depart, last.visit)
            return Free(van.leg_from, max(self.now, van.visit_start))
        if van.dwelling:
            return Free(van.leg_from, max(self.now, van.visit_start))
        if van.stops and van.stops[0].offer:
            return self.turn(van, max(self.now, van.stops[0].expires))
        if van.goal is None:
            return Free(van.leg_from, van.ready)
        # As told; on the road, it has not arrived before now.
        leave = max(van.ready, van.leave)
        if van.leave < self.now:
            leave = max(leave, self.now - self.drive(van.leg_from, van.goal))
        return Free(van.leg_from, leave)


def visit_length(van: Van, moments: list[Moment]) -> int:
    """How many leading stops the visit under way has."""
    count = 0
    for stop, moment in zip(van.stops, moments, strict=True):
        if stop.offer or not stop.is_rider or stop.node != van.leg_from or moment.visit != moments[0].visit:
            break
        count += 1
    return count


def visit_end(stops: list[Stop], moments: list[Moment], p: int) -> int:
    """Second at which the visit of stop p ends."""
    while p + 1 < len(stops) and shares(stops, moments, p + 1):
        p += 1
    return moments[p].depart


def shares(stops: list[Stop], moments: list[Moment], k: int) -> bool:
    """Whether stop k is served in the visit of the stop before it."""
    return (
        k > 0
        and moments[k].visit is not None
        and moments[k].visit == moments[k - 1].visit
        and stops[k].node == stops[k - 1].node
    )


def rides(stops: list[Stop], moments: list[Moment]) -> Iterator[tuple[int, int, int]]:
    """(pickup, drop-off, seconds of riding) of every rider with a limit who is still to be picked up."""
    for k, stop in enumerate(stops):
        if stop.kind != ft.DROPOFF or not stop.max_ride:
            continue
        for p in range(k):
            other = stops[p]
            if (other.kind, other.request, other.offer) == (ft.PICKUP, stop.request, stop.offer):
                yield p, k, moments[k].start - visit_end(stops, moments, p)


def raises(stops: list[Stop], moments: list[Moment], frozen: int) -> Iterator[tuple[int, int]]:
    """(pickup, start) that each rider who rides too long needs, so that her pickup's visit ends later."""
    for p, k, ride in rides(stops, moments):
        excess = ride - stops[k].max_ride
        if excess > 0 and k >= frozen:
            yield p, visit_end(stops, moments, p) + excess - stops[p].service
