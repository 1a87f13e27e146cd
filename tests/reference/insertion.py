"""Cheapest insertion the slow and obvious way: every vehicle, every pair of positions, a whole schedule each
time.

Shares no code with the kernels. Vehicles stand at a place and are free to leave at a second; nobody is on
board.
"""

from __future__ import annotations

from dataclasses import dataclass, field

PICKUP, DROPOFF = "pickup", "dropoff"


@dataclass(frozen=True)
class Stop:
    """One end of a trip; `limit_s` is the longest ride that ends here, None for no limit."""

    node: int
    kind: str
    request: int
    earliest: int
    latest: int
    service: int
    seats: int
    chairs: int
    limit_s: int | None = None


@dataclass(frozen=True)
class Ask:
    """A trip to be placed; weights are sixteenths of a second a second."""

    request: int
    origin: int
    destination: int
    earliest: int
    latest_pickup: int
    latest_dropoff: int
    limit_s: int | None
    seats: int
    chairs: int
    service: int
    wish: int
    wait_weight: int
    ride_weight: int

    def stops(self) -> tuple[Stop, Stop]:
        up = Stop(
            self.origin, PICKUP, self.request, self.earliest, self.latest_pickup, self.service, self.seats,
            self.chairs,
        )  # fmt: skip
        down = Stop(
            self.destination, DROPOFF, self.request, -(10**9), self.latest_dropoff, self.service, self.seats,
            self.chairs, self.limit_s,
        )  # fmt: skip
        return up, down


@dataclass
class Van:
    """A vehicle: where it is free when, when and where its shift ends, rows (seats, chairs, limit)."""

    node: int
    ready: int
    shift_end: int
    base: int | None
    rows: tuple[tuple[int, int, int], ...]
    stops: list[Stop] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """Start and departure of each stop, and what the whole costs."""

    starts: tuple[int, ...]
    departures: tuple[int, ...]
    drive: int
    dwell: int


def times(van: Van, stops: list[Stop], seconds: list[list[int]], not_before: dict[int, int]) -> Plan:
    """Earliest schedule with shared visits, in which some pickups wait for a given second."""
    node, free = van.node, van.ready
    visit: int | None = None
    starts, departures = [], []
    drive = dwell = 0
    for position, stop in enumerate(stops):
        earliest = max(stop.earliest, not_before.get(position, -(10**9)))
        if visit is not None and stop.node == node and earliest <= free:
            start = max(visit, earliest)
            left = max(free, visit + stop.service)
            dwell += left - free
        else:
            drive += seconds[node][stop.node]
            start = max(free + seconds[node][stop.node], earliest)
            left = start + stop.service
            dwell += stop.service
            visit = start
        starts.append(start)
        departures.append(left)
        node, free = stop.node, left
    return Plan(tuple(starts), tuple(departures), drive, dwell)


def schedule(van: Van, stops: list[Stop], seconds: list[list[int]]) -> Plan | None:
    """The least schedule that keeps every limit, None where there is none."""
    not_before: dict[int, int] = {}
    pickup_at = {stop.request: k for k, stop in enumerate(stops) if stop.kind == PICKUP}
    while True:
        plan = times(van, stops, seconds, not_before)
        if any(start > stop.latest for start, stop in zip(plan.starts, stops, strict=True)):
            return None
        raised = False
        for k, stop in enumerate(stops):
            if stop.kind == DROPOFF and stop.limit_s is not None:
                up = pickup_at[stop.request]
                excess = plan.starts[k] - plan.departures[up] - stop.limit_s
                if excess > 0:
                    not_before[up] = plan.starts[up] + excess
                    raised = True
        if not raised:
            break
    seated = chairs = 0
    for stop in stops:
        sign = 1 if stop.kind == PICKUP else -1
        seated += sign * stop.seats
        chairs += sign * stop.chairs
        if any(a * seated + b * chairs > limit for a, b, limit in van.rows):
            return None
    if stops:
        way_home = 0 if van.base is None else seconds[stops[-1].node][van.base]
        if plan.departures[-1] + way_home > van.shift_end:
            return None
    return plan


def cost(plan: Plan, stops: list[Stop], asks: dict[int, Ask]) -> int:
    """Sixteenths of seconds: driving, dwell, weighted waits from the wish, weighted rides from start to
    start."""
    total = 16 * (plan.drive + plan.dwell)
    for start, stop in zip(plan.starts, stops, strict=True):
        ask = asks[stop.request]
        if stop.kind == PICKUP:
            total += (ask.wait_weight - ask.ride_weight) * (start - ask.wish)
        else:
            total += ask.ride_weight * (start - ask.wish)
    return total


def cost_of(van: Van, ask: Ask, i: int, j: int, asks: dict[int, Ask], seconds: list[list[int]]) -> int | None:
    """What the trip costs with its pickup before stop i and its drop-off before stop j, None where it does
    not fit."""
    up, down = ask.stops()
    everybody = {**asks, ask.request: ask}
    before = schedule(van, van.stops, seconds)
    stops = [*van.stops[:i], up, *van.stops[i:j], down, *van.stops[j:]]
    plan = schedule(van, stops, seconds)
    if plan is None or before is None:
        return None
    return cost(plan, stops, everybody) - cost(before, van.stops, everybody)


def cheapest(
    vans: list[Van], ask: Ask, asks: dict[int, Ask], seconds: list[list[int]]
) -> tuple[int, int, int, int] | None:
    """(cost, vehicle, pickup before stop i, drop-off before stop j), least in that order; None where no place
    fits."""
    found = [
        (price, number, i, j)
        for number, van in enumerate(vans)
        for i in range(len(van.stops) + 1)
        for j in range(i, len(van.stops) + 1)
        if (price := cost_of(van, ask, i, j, asks, seconds)) is not None
    ]
    return min(found, default=None)


def insert(van: Van, ask: Ask, i: int, j: int) -> None:
    """Write the trip into the route."""
    up, down = ask.stops()
    van.stops = [*van.stops[:i], up, *van.stops[i:j], down, *van.stops[j:]]
