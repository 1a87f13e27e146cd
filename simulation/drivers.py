"""Simulated drivers: they follow the dispatcher's route, and report as real ones do.

A driver knows where the vehicle stands or from which node it left when, and where it is heading. A new route
turns a moving vehicle at its next node. Nothing here reads what the dispatcher believes about positions; only
where to go and when to leave.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

from maas.dispatch import codec
from maas.dispatch.codec import Row
from maas.dispatch.dispatcher import Dispatcher, Record
from routing.fleet_tables import DROPOFF, NOWHERE, PICKUP
from simulation.riders import Riders
from simulation.roads import Roads

Message = tuple[int, int, Row]
"""(sender, sequence number of the sender, command row)."""

_REPORTS = frozenset({codec.ARRIVE_AT_STOP, codec.DEPART_STOP, codec.REPORT_NO_SHOW, codec.REPORT_POSITION})

_ARRIVES, _LEAVES, _MISSES, _STANDS = 0, 1, 2, 3


@dataclass(slots=True)
class _Driver:
    """One vehicle on the road.

    It stands at `node`, free to leave at `free_s`, or left `node` at `left_s` for `goal`; metres and seconds
    of the leg so far are those driven before `node`.
    """

    node: int
    free_s: int
    goal: int = NOWHERE
    left_s: int = 0
    leg_m: int = 0
    leg_s: int = 0
    token: int = 0
    boarding: int = 0
    alighting: int = 0
    is_at_stop: bool = False
    is_broken: bool = False


class Drivers:
    """All drivers of a fleet, woken by a heap of what they do next.

    Parameters
    ----------
    dispatcher
        Asked for headings and visits, as a driver's manifest would show them.
    roads
        What driving really takes.
    riders
        Whether and when a rider is at her stop.
    no_show_wait_s
        How long a driver waits beyond the start of a pickup.
    breakdowns
        (second, vehicle) pairs: vehicles that fail then.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        roads: Roads,
        riders: Riders,
        no_show_wait_s: int,
        breakdowns: Iterable[tuple[int, int]] = (),
    ) -> None:
        self._dispatcher = dispatcher
        self._roads = roads
        self._riders = riders
        self._no_show_wait_s = no_show_wait_s
        state = dispatcher.state
        self._drivers = [
            _Driver(node, vehicle.start_s)
            for node, vehicle in zip(state.bases, state.service.vehicles, strict=True)
        ]
        self._heap: list[tuple[int, int, int, int, int]] = []
        self._sequence = 0
        self._breakdowns = sorted(breakdowns)
        for vehicle in range(len(self._drivers)):
            self._head(vehicle, self._drivers[vehicle].free_s)

    def next_time(self) -> int | None:
        """Second at which a driver reports next, None for never."""
        times = [self._heap[0][0]] if self._heap else []
        if self._breakdowns:
            times.append(self._breakdowns[0][0])
        return min(times, default=None)

    def messages(self, now: int) -> list[Message]:
        """Reports that are due."""
        found: list[Message] = []
        while self._breakdowns and self._breakdowns[0][0] <= now:
            _, vehicle = self._breakdowns.pop(0)
            found += self._break_down(vehicle, now)
        heap = self._heap
        while heap and heap[0][0] <= now:
            _, vehicle, what, token, request = heapq.heappop(heap)
            driver = self._drivers[vehicle]
            if token != driver.token or driver.is_broken:
                continue
            if what == _ARRIVES:
                metres = self._roads.metres(driver.node, driver.goal)
                row: Row = (
                    codec.ARRIVE_AT_STOP, vehicle, driver.goal, driver.leg_m + metres,
                    driver.leg_s + now - driver.left_s,
                )  # fmt: skip
            elif what == _LEAVES:
                row = (codec.DEPART_STOP, vehicle, driver.boarding, driver.alighting)
            elif what == _MISSES:
                row = (codec.REPORT_NO_SHOW, vehicle, request)
            else:
                row = (codec.REPORT_POSITION, vehicle, driver.node, driver.leg_m, driver.leg_s)
            found.append(self._said(vehicle, row))
        return found

    def hear(self, records: Iterable[Record], now: int) -> None:
        """React to what the dispatcher has decided."""
        for _, row, events in records:
            for event in events:
                kind = event[0]
                if kind == codec.VEHICLE_ARRIVED:
                    self._arrived(event[1], event[2], now)
                elif kind == codec.VEHICLE_DEPARTED:
                    driver = self._drivers[event[1]]
                    driver.is_at_stop = False
                    driver.free_s = now
                    driver.token += 1
                    self._head(event[1], now)
                elif kind in (codec.ROUTE_CHANGED, codec.VEHICLE_SENT):
                    if self._drivers[event[1]].is_at_stop:
                        self._wait(event[1], now)
                    else:
                        self._head(event[1], now)
                elif kind == codec.VEHICLE_STOOD:
                    driver = self._drivers[event[1]]
                    driver.leg_m = driver.leg_s = 0
                    if row[0] == codec.ARRIVE_AT_STOP:
                        self._stands(event[1], event[2], now)
                elif kind == codec.TRAVEL_TIMES_CHANGED:
                    self._go_on(event[1], now)
                elif kind == codec.COMMAND_REJECTED and row[0] in _REPORTS:
                    self._head_again(row[1], now)

    def _said(self, vehicle: int, row: Row) -> Message:
        self._sequence += 1
        return vehicle, self._sequence, row

    def _next(self, at: int, vehicle: int, what: int, request: int = 0) -> None:
        heapq.heappush(self._heap, (at, vehicle, what, self._drivers[vehicle].token, request))

    def _head(self, vehicle: int, now: int) -> None:
        """Follow the dispatcher's heading from wherever the vehicle is."""
        driver = self._drivers[vehicle]
        goal, leave = self._dispatcher.heading(vehicle)
        is_moving = driver.goal != NOWHERE and driver.left_s < now
        if is_moving:
            if goal == driver.goal:
                return
            self._stop_at_next_node(driver, now)
        elif goal == driver.goal == NOWHERE:
            return
        self._set_out(vehicle, goal, leave, now, is_moving)

    def _go_on(self, since_s: int, now: int) -> None:
        """Other travel times hold: whoever is under way goes on by them from the next node."""
        moving = [driver.goal != NOWHERE and driver.left_s < now for driver in self._drivers]
        for driver, is_moving in zip(self._drivers, moving, strict=True):
            if is_moving and not driver.is_broken:
                self._stop_at_next_node(driver, now)
        self._roads.switch(self._dispatcher.changes, since_s)
        for vehicle, driver in enumerate(self._drivers):
            if driver.is_broken:
                continue
            if driver.is_at_stop:
                self._wait(vehicle, now)
                continue
            goal, leave = self._dispatcher.heading(vehicle)
            if goal != NOWHERE or driver.goal != NOWHERE:
                self._set_out(vehicle, goal, leave, now, moving[vehicle])

    def _stop_at_next_node(self, driver: _Driver, now: int) -> None:
        node, at, metres = self._roads.under_way(driver.node, driver.goal, driver.left_s, now)
        driver.leg_m += metres
        driver.leg_s += at - driver.left_s
        driver.node, driver.free_s = node, at

    def _set_out(self, vehicle: int, goal: int, leave: int, now: int, is_moving: bool) -> None:
        """Drive to a goal from where the vehicle is free to leave, or come to stand there."""
        driver = self._drivers[vehicle]
        driver.token += 1
        driver.goal = goal
        if goal == NOWHERE:
            if is_moving:
                self._next(driver.free_s, vehicle, _STANDS)
            return
        driver.left_s = max(driver.free_s, leave, now)
        self._next(self._roads.arrives_at(driver.node, goal, driver.left_s), vehicle, _ARRIVES)

    def _head_again(self, vehicle: int, now: int) -> None:
        """A report was not taken: the route has changed meanwhile."""
        driver = self._drivers[vehicle]
        if driver.is_broken:
            return
        if driver.is_at_stop:
            self._wait(vehicle, now)
        else:
            self._head(vehicle, now)

    def _arrived(self, vehicle: int, node: int, now: int) -> None:
        driver = self._drivers[vehicle]
        driver.node, driver.goal, driver.free_s = node, NOWHERE, now
        driver.leg_m = driver.leg_s = 0
        driver.token += 1
        if not self._dispatcher.is_at_stop(vehicle):
            self._head(vehicle, now)
            return
        driver.is_at_stop = True
        self._wait(vehicle, now)

    def _stands(self, vehicle: int, node: int, now: int) -> None:
        """It came before anybody may board, and waits there."""
        driver = self._drivers[vehicle]
        driver.node, driver.goal, driver.free_s = node, NOWHERE, now
        driver.token += 1
        self._head(vehicle, now)

    def _wait(self, vehicle: int, now: int) -> None:
        """Stay until everybody has boarded and alighted, or has been waited for long enough."""
        driver = self._drivers[vehicle]
        driver.token += 1
        driver.boarding = driver.alighting = 0
        leaves = now
        for kind, request, start, depart in self._dispatcher.visit(vehicle):
            leaves = max(leaves, depart)
            if kind == DROPOFF:
                driver.alighting += 1
            if kind != PICKUP:
                continue
            driver.boarding += 1
            ready = self._riders.ready_at(request)
            gives_up = max(start, driver.free_s) + self._no_show_wait_s
            if ready is None or ready > gives_up:
                self._next(max(gives_up, now), vehicle, _MISSES, request)
                leaves = max(leaves, gives_up + 1)
            else:
                leaves = max(leaves, ready)
        self._next(leaves, vehicle, _LEAVES)

    def _break_down(self, vehicle: int, now: int) -> list[Message]:
        driver = self._drivers[vehicle]
        if driver.is_broken:
            return []
        if driver.goal != NOWHERE and driver.left_s < now:
            self._stop_at_next_node(driver, now)
        driver.is_broken = True
        driver.token += 1
        row = (codec.VEHICLE_BROKE_DOWN, vehicle, driver.node, driver.leg_m, driver.leg_s)
        return [self._said(vehicle, row)]
