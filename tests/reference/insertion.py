"""Slow and obvious insertion: every position of every route, each timed in full by `tests.reference.routes`,
no bounds."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from routing import fleet_tables as ft
from routing.fleet_tables import FleetTables
from routing.travel_times import DenseTravelTimes
from tests.reference.routes import NEVER, Free, Moment, Plan, Stop, Van, World, rides, shares, vans_of


class Query:
    """One ask."""

    def __init__(self, ask: NDArray[np.int64]) -> None:
        (self.request, self.origin, self.destination, self.earliest, self.latest_pickup, self.latest_dropoff,
         self.max_ride, self.seats, self.chairs, self.service, self.wish, self.wait_weight, self.ride_weight,
         self.now, self.as_of, self.guard, self.idle_weight) = (int(x) for x in ask)  # fmt: skip

    def ends(self) -> tuple[Stop, Stop]:
        pickup = Stop(
            self.origin, ft.PICKUP, self.request, 0, self.earliest, self.latest_pickup - self.guard,
            self.service, self.seats, self.chairs, 0, self.wait_weight - self.ride_weight,
            self.earliest if self.earliest > self.now else NEVER, 0,
        )  # fmt: skip
        dropoff = Stop(
            self.destination, ft.DROPOFF, self.request, 0, NEVER, self.latest_dropoff - self.guard,
            self.service, -self.seats, -self.chairs, self.max_ride, self.ride_weight,
            NEVER, 0,
        )  # fmt: skip
        return pickup, dropoff


@dataclass(frozen=True)
class Found:
    """The best insertion, in the order of comparison."""

    cost: int
    vehicle: int
    i: int
    j: int
    pickup_s: int
    dropoff_s: int


def told_in_time(world: World, van: Van, plan: Plan, query: Query, i: int, as_of: int) -> bool:
    """Whether a driver who learns of it at `as_of` can still serve a new stop before stop i."""
    only_home = len(van.stops) > 0 and van.stops[-1].kind == ft.TO_BASE
    end = len(van.stops) - only_home
    if i == 0:
        if van.dwelling or van.goal is None or as_of == world.now:
            return True
        return only_home or as_of <= van.leave + world.drive(van.leg_from, van.goal)
    if plan.moments[i - 1].depart >= as_of or i == end:
        return True
    begin = plan.moments[i].start if as_of == world.now else van.stops[i].earliest
    return begin - world.drive(van.stops[i - 1].node, van.stops[i].node) >= as_of


def open_offers(world: World, van: Van, query: Query) -> list[Stop]:
    """Stops held for other requests beyond now."""
    return [
        stop
        for stop in van.stops
        if stop.offer and stop.expires > world.now and stop.request != query.request
    ]


def keeps_open_offers(world: World, van: Van, plan: Plan, query: Query, i: int, j: int, as_of: int) -> bool:
    """Whether all open offers of others stay possible, taken at once, at the last second or never, and the
    new stop is reached as early as planned either way.

    So it is behind a firm stop that the vehicle leaves when all answers are known, or where it rests until
    then and for whatever comes before; and a vehicle on the road is turned for one offer at a time.
    """
    if not open_offers(world, van, query):
        return True
    only_home = van.stops[-1].kind == ft.TO_BASE
    end = len(van.stops) - only_home
    if i == j == end and follows_in_time(world, van, plan, query, end, as_of):
        return True
    last_firm = max((k for k in range(i) if not van.stops[k].offer), default=None)
    if last_firm is None:
        if not rests(van, as_of):
            return i == 0 and not van.stops[0].offer
        node = van.leg_from
    else:
        if plan.moments[last_firm].depart >= as_of:
            return True
        node = van.stops[last_firm].node
    between = van.stops[0 if last_firm is None else last_firm + 1 : i]
    return all(
        stop.earliest - world.drive(node, stop.node) >= as_of
        for stop in between
        if stop.kind == ft.PICKUP and stop.request != query.request
    )


def rests(van: Van, as_of: int) -> bool:
    """Whether the vehicle stays where it is until `as_of` if nothing else is told."""
    return bool(van.dwelling) or van.goal is None or van.leave >= as_of


def follows_in_time(world: World, van: Van, plan: Plan, query: Query, end: int, as_of: int) -> bool:
    """Whether a trip behind all others is in time from wherever the vehicle may be idle when it is told."""
    last_firm = max((k for k in range(end) if not van.stops[k].offer), default=None)
    idle_at = [
        Free(van.stops[k].node, as_of)
        for k in range(end)
        if plan.moments[k].depart < as_of
        and (
            k == last_firm
            or (
                k > (-1 if last_firm is None else last_firm)
                and van.stops[k].kind == ft.DROPOFF
                and van.stops[k].offer
            )
        )
    ]
    if last_firm is None:
        if not rests(van, as_of):
            return False
        idle_at.append(first_departure(world, van, as_of))
    for free in idle_at:
        start = max(max(free.ready, as_of) + world.drive(free.node, query.origin), query.earliest)
        arrive = start + query.service + world.drive(query.origin, query.destination)
        home = 0 if van.base is None else world.drive(query.destination, van.base)
        late = (
            start > query.latest_pickup - query.guard
            or arrive > query.latest_dropoff - query.guard
            or arrive + query.service + home > van.shift_end - query.guard
        )
        if late:
            return False
    return True


def first_departure(world: World, van: Van, as_of: int) -> Free:
    """From where a vehicle leaves for a new first stop."""
    if van.dwelling:
        return Free(van.leg_from, max(van.ready, as_of))
    if van.goal is not None and as_of > max(world.now, van.leave + world.drive(van.leg_from, van.goal)):
        return Free(van.goal, as_of)
    return world.turn(van, as_of)


def excused(van: Van, plan: Plan, guard: int) -> list[Stop]:
    """The stops of a route with limits that it keeps today: what is late may stay as late."""
    lengths = {k: ride for _, k, ride in rides(list(van.stops), plan.moments)}
    return [
        replace(
            stop,
            latest=max(stop.latest - guard, moment.start),
            max_ride=max(stop.max_ride, lengths.get(k, 0)) if stop.max_ride else 0,
        )
        for k, (stop, moment) in enumerate(zip(van.stops, plan.moments, strict=True))
    ]


def overloads(van: Van, stops: list[Stop], i: int) -> bool:
    """Whether somebody from stop i on finds no room."""
    seated, chairs = van.seated, van.chairs
    for k, stop in enumerate(stops):
        seated, chairs = seated + stop.seats, chairs + stop.chairs
        if k >= i and stop.kind == ft.PICKUP and not van.fits(seated, chairs):
            return True
    return False


def try_one(
    world: World, v: int, van: Van, plan: Plan, query: Query, i: int, j: int, as_of: int
) -> Found | None:
    """Cost and times of one insertion, None where it breaks a limit."""
    pickup, dropoff = query.ends()
    old = excused(van, plan, query.guard)
    stops = [*old[:i], pickup, *old[i:j], dropoff, *old[j:]]
    frozen = plan.here
    while as_of > world.now and frozen < i and plan.moments[frozen].depart <= as_of:
        frozen += 1
    raised = [*plan.raised[:i], NEVER, *plan.raised[i:j], NEVER, *plan.raised[j:]]
    gate = (i, as_of, as_of if as_of == world.now else as_of + 1)
    free = first_departure(world, van, as_of) if i == 0 else world.start_of(van, plan)
    end = max(van.shift_end - query.guard, plan.home)

    def is_broken(moments: list[Moment]) -> bool:
        is_late = any(moment.start > stop.latest for stop, moment in zip(stops, moments, strict=True))
        return is_late or world.home(van, stops, moments, free) > end

    settled = world.settle(stops, plan.moments[: plan.here], free, raised, gate, frozen, is_broken)
    if settled is None or overloads(van, stops, i):
        return None
    moments = settled[0]
    origin = van.stops[i - 1].node if i else free.node
    driving = added_driving(world, van, origin, i, j, query)
    if driving >= ft.CLOSED_S:
        return None  # through a closed road
    longer = dwell(stops, moments) - dwell(van.stops, plan.moments)
    cost = 16 * (driving + longer)
    starts = [moment.start for k, moment in enumerate(moments) if k not in (i, j + 1)]
    for stop, new, moment in zip(van.stops, starts, plan.moments, strict=True):
        cost += stop.weight * (new - moment.start)
    begin, arrive = moments[i].start, moments[j + 1].start
    cost += query.wait_weight * (begin - query.wish) + query.ride_weight * (arrive - begin)
    cost += query.idle_weight * idle_s(world, van, plan, query, i, as_of, begin)
    return Found(cost, v, i, j, begin, arrive)


def idle_s(world: World, van: Van, plan: Plan, query: Query, i: int, as_of: int, begin: int) -> int:
    """Seconds that the vehicle has to wait for the new rider, by today's plan up to there."""
    free = first_departure(world, van, as_of)
    if i > 0:
        free = Free(van.stops[i - 1].node, max(plan.moments[i - 1].depart, as_of))
    return max(0, begin - free.ready - world.drive(free.node, query.origin))


def added_driving(world: World, van: Van, origin: int, i: int, j: int, query: Query) -> int:
    """Seconds of driving that the insertion adds, a drive to base at the end left out."""
    nodes = [stop.node for stop in van.stops if stop.kind != ft.TO_BASE]
    before = [origin, *nodes[i:]]
    after = [origin, query.origin, *nodes[i:j], query.destination, *nodes[j:]]
    return sum(map(world.drive, after, after[1:])) - sum(map(world.drive, before, before[1:]))


def dwell(stops: list[Stop] | tuple[Stop, ...], moments: list[Moment]) -> int:
    """Seconds of service: each visit from its start to its end."""
    total = 0
    for k, moment in enumerate(moments):
        joined = shares(list(stops), moments, k)
        total += moment.depart - (moments[k - 1].depart if joined else moment.start)
    return total


def best_insertion(tables: FleetTables, times: DenseTravelTimes, ask: NDArray[np.int64]) -> Found | None:
    """The cheapest feasible insertion over all vehicles and positions; ties go to (vehicle, i, j)."""
    query = Query(ask)
    world = World(times, query.now)
    found = []
    for v, van in enumerate(vans_of(tables)):
        if not van.in_service:
            continue
        plan = world.plan(van)
        is_shared = bool(open_offers(world, van, query))
        as_of = max(query.as_of, van.hold_until + is_shared)
        end = len(van.stops) - (1 if van.stops and van.stops[-1].kind == ft.TO_BASE else 0)
        for i in range(plan.here, end + 1):
            if not told_in_time(world, van, plan, query, i, as_of):
                continue
            for j in range(i, end + 1):
                if not keeps_open_offers(world, van, plan, query, i, j, as_of):
                    continue
                one = try_one(world, v, van, plan, query, i, j, as_of)
                if one is not None:
                    found.append(one)
    return min(found, key=lambda one: (one.cost, one.vehicle, one.i, one.j), default=None)
