"""Slow and obvious replanning: what routes cost and which limits they miss, timed by
`tests.reference.routes`; and every way to share out and order the riders who may still move."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from routing import fleet_tables as ft
from routing.fleet_tables import FleetTables
from routing.insertion import RouteBook
from routing.travel_times import DenseTravelTimes
from tests.reference.insertion import dwell
from tests.reference.routes import Van, World, rides, vans_of

Order = tuple[tuple[int, int], ...]
"""(kind, request) of the stops of a route."""


def cost_of(tables: FleetTables, times: DenseTravelTimes, now: int) -> int:
    """Sixteenths of seconds: driving from the next node on, visits, weighted starts."""
    world = World(times, now)
    total = 0
    for van in vans_of(tables):
        if not van.stops:
            continue
        moments = world.plan(van).moments
        first = van.leg_from if van.dwelling else world.turn(van, now).node
        nodes = [first, *(stop.node for stop in van.stops)]
        total += 16 * (sum(map(world.drive, nodes, nodes[1:])) + dwell(van.stops, moments))
        total += sum(stop.weight * moment.start for stop, moment in zip(van.stops, moments, strict=True))
    return total


def missed_limits(tables: FleetTables, times: DenseTravelTimes, now: int) -> list[str]:
    """Limits that the plans of a fleet do not keep."""
    world = World(times, now)
    found = []
    for v, van in enumerate(vans_of(tables)):
        plan = world.plan(van)
        stops = list(van.stops)
        seated, chairs = van.seated, van.chairs
        for stop, moment in zip(stops, plan.moments, strict=True):
            seated, chairs = seated + stop.seats, chairs + stop.chairs
            if moment.start > stop.latest:
                found.append(f"vehicle {v} is late for {stop.request}")
            if not van.fits(seated, chairs):
                found.append(f"vehicle {v} is too full after {stop.request}")
        found += [
            f"vehicle {v} keeps {stops[k].request} on board too long"
            for _, k, ride in rides(stops, plan.moments)
            if ride > stops[k].max_ride
        ]
        if plan.home > van.shift_end:
            found.append(f"vehicle {v} comes home late")
    return found


def every_order(
    vans: Sequence[Van], here: Sequence[int], movable: Sequence[int]
) -> Iterator[Mapping[int, Order]]:
    """All ways to serve the movable requests: in any vehicle, anywhere behind its visit under way; whoever
    does not move keeps the order she has."""
    fixed = [
        tuple((stop.kind, stop.request) for stop in van.stops if stop.request not in movable) for van in vans
    ]
    for given in itertools.product(range(len(vans)), repeat=len(movable)):
        choices = []
        for v in range(len(vans)):
            orders = {fixed[v]}
            for request in (r for r, vehicle in zip(movable, given, strict=True) if vehicle == v):
                orders = {
                    (*one[:i], (ft.PICKUP, request), *one[i:j], (ft.DROPOFF, request), *one[j:])
                    for one in orders
                    for i in range(here[v], len(one) + 1)
                    for j in range(i, len(one) + 1)
                }
            choices.append(sorted(orders))
        for orders_of_vans in itertools.product(*choices):
            yield dict(enumerate(orders_of_vans))


def cheapest(book: RouteBook, times: DenseTravelTimes, movable: Sequence[int], now: int) -> int:
    """Cost of the best routes that keep every limit."""
    vans = vans_of(book.tables)
    here = [int(book.tables.vehicles[v, ft.VISIT_STOPS]) for v in range(len(vans))]
    found = []
    for orders in every_order(vans, here, movable):
        trial = book.fork()
        trial.rearrange(orders, now)
        if not missed_limits(trial.tables, times, now):
            found.append(cost_of(trial.tables, times, now))
    return min(found)


def cheapest_with(
    book: RouteBook, times: DenseTravelTimes, movable: Sequence[int], ask: NDArray[np.int64], now: int
) -> int | None:
    """Cost of the best routes that keep every limit, and of a newcomer's best place in them; None where she
    has none in any."""
    vans = vans_of(book.tables)
    here = [int(book.tables.vehicles[v, ft.VISIT_STOPS]) for v in range(len(vans))]
    found = []
    for orders in every_order(vans, here, movable):
        trial = book.fork()
        trial.rearrange(orders, now)
        if not missed_limits(trial.tables, times, now):
            place = trial.search(ask)
            if place is not None:
                found.append(cost_of(trial.tables, times, now) + place.cost)
    return min(found, default=None)
