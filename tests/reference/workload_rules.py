"""Oracle of the rules of workloads: does an executed journal keep every one of them?

Slow and obvious: plain Python, an own Dijkstra over the edge list, nothing of the product but the names of
its events. The rules:

- a request becomes known at its own second, not before;
- the vehicle arrives at the pickup by t + 600 s and at the drop-off by t + floor(1.3 x direct) + 400 s, where
  direct is the sum of milliseconds along the shortest path, rounded half up to seconds once;
- a visit lasts 60 s from arrival; whoever boards or alights there before the departure shares it;
- no vehicle is faster than the shortest path; it may turn at a node, which `RouteChanged` then names;
- no vehicle carries more riders than it has seats for, or works outside its shift;
- every rider who is served is picked up once and dropped once, by one vehicle, at the right places.
"""

from __future__ import annotations

import csv
import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from maas.dispatch.codec import Row, to_object
from maas.domain.commands import Command, RequestTrip
from maas.domain.events import (
    Event,
    RiderAlighted,
    RiderBoarded,
    RouteChanged,
    TripBooked,
    TripReassigned,
    TripRefused,
    VehicleArrived,
    VehicleDeparted,
    VehicleSent,
    VehicleStood,
)


@dataclass(frozen=True, slots=True)
class WorkloadRules:
    """Limits of the comparison."""

    max_wait_s: int = 600
    detour_percent: int = 130
    detour_beta_s: int = 400
    visit_s: int = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: one rider, known at second `at_s`."""

    at_s: int
    origin: int
    destination: int


@dataclass(frozen=True, slots=True)
class Van:
    """A vehicle: where it stands at the start of its shift, and its seats."""

    place: int
    start_s: int
    end_s: int
    seats: int


@dataclass(frozen=True, slots=True)
class WorkloadFiles:
    """What a workload folder says."""

    edges: list[tuple[int, int, int]]
    requests: list[Asked]
    vans: list[Van]


def workload_files(folder: Path | str) -> WorkloadFiles:
    """Read nodes, edges (from, to, milliseconds), requests and vehicles; times floored to seconds."""
    folder = Path(folder)
    edges = [
        (int(row["from"]), int(row["to"]), max(1, _half_up(float(row["travel_time_s"]) * 1000, 1)))
        for row in _rows(folder / "edges.csv")
    ]
    requests = [
        Asked(int(float(row["t"]) // 1), int(row["origin"]), int(row["destination"]))
        for row in _rows(folder / "requests.csv")
        if row["origin"] != row["destination"]
    ]
    vans = [
        Van(int(row["node"]), int(float(row["t0"]) // 1), int(float(row["t1"]) // 1), int(row["capacity"]))
        for row in _rows(folder / "vehicles.csv")
    ]
    return WorkloadFiles(edges, requests, vans)


class ShortestPaths:
    """Milliseconds between places, by Dijkstra, one source at a time as they are needed."""

    def __init__(self, edges: Iterable[tuple[int, int, int]]) -> None:
        self._out: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for tail, head, travel_ms in edges:
            self._out[tail].append((head, travel_ms))
        self._known: dict[int, dict[int, int]] = {}

    def ms(self, origin: int, destination: int) -> int:
        """Milliseconds of the fastest way."""
        if origin not in self._known:
            self._known[origin] = self._from(origin)
        return self._known[origin][destination]

    def seconds(self, origin: int, destination: int) -> int:
        """Whole seconds of the fastest way, rounded half up once."""
        return _half_up(self.ms(origin, destination), 1000)

    def _from(self, origin: int) -> dict[int, int]:
        settled: dict[int, int] = {}
        heap = [(0, origin)]
        while heap:
            distance, place = heapq.heappop(heap)
            if place in settled:
                continue
            settled[place] = distance
            for head, travel_ms in self._out[place]:
                if head not in settled:
                    heapq.heappush(heap, (distance + travel_ms, head))
        return settled


@dataclass(slots=True)
class _Moving:
    """A vehicle as the journal tells.

    `anchors` are places where it left, or turned: (place, second, milliseconds from the first anchor).
    `bookings` are those it has not finished, with the record that gave them to it, `lost_in` the last record
    that took one away; with `is_sent` it is on its way without any.
    """

    anchors: list[tuple[int, int, int]]
    bookings: dict[int, int] = field(default_factory=dict)
    visit: tuple[int, int] | None = None
    is_sent: bool = False
    lost_in: int = 0
    aboard: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Ride:
    asked: Asked
    is_refused: bool = False
    vehicle: int | None = None
    is_done: bool = False


def violations(
    records: Iterable[tuple[int, int, Row, tuple[Row, ...]]],
    edges: Iterable[tuple[int, int, int]],
    requests: Iterable[Asked],
    vans: Sequence[Van],
    rules: WorkloadRules | None = None,
) -> list[str]:
    """Every breach of the rules in the records of a journal (places as place_ids), one sentence each.

    Request numbers of the journal are opaque: a request is known by its second, origin and destination.
    """
    checker = _Checker(ShortestPaths(edges), requests, vans, rules or WorkloadRules())
    for seq, at, command, events in records:
        checker.hear(seq, at, to_object(command), [to_object(event) for event in events])
    return checker.end()


class _Checker:
    def __init__(
        self, paths: ShortestPaths, requests: Iterable[Asked], vans: Sequence[Van], rules: WorkloadRules
    ) -> None:
        self.paths = paths
        self.not_yet_asked = Counter(requests)
        self.vans = vans
        self.rules = rules
        self.moving = [_Moving([(van.place, van.start_s, 0)]) for van in vans]
        self.rides: dict[int, _Ride] = {}
        self.found: list[str] = []
        self.seq = 0
        self.at = 0

    def say(self, text: str) -> None:
        self.found.append(f"record {self.seq}: {text}")

    def hear(self, seq: int, at: int, command: Command | Event, events: Sequence[Command | Event]) -> None:
        if at < self.at and seq > 1:
            self.say(f"second {at} follows second {self.at}")
        self.seq, self.at = seq, at
        if isinstance(command, RequestTrip):
            asked = Asked(at, command.origin, command.destination)
            if self.not_yet_asked[asked] < 1:
                self.say(f"request {command.request} is {asked}, which the workload does not have")
            if command.request in self.rides:
                self.say(f"request {command.request} is asked twice")
            self.not_yet_asked[asked] -= 1
            self.rides[command.request] = _Ride(asked)
        for event in events:
            self.happen(event)

    def happen(self, event: Command | Event) -> None:
        match event:
            case TripRefused(request=request) if request in self.rides:
                self.rides[request].is_refused = True
            case TripBooked():
                self.book(event.request, event.vehicle)
            case TripReassigned():
                self.reassign(event)
            case VehicleSent():
                self.moving[event.vehicle].is_sent = True
            case RouteChanged():
                self.turn(event)
            case VehicleArrived():
                self.arrive(event)
            case VehicleStood():
                self.reach(event.vehicle, event.place, self.at)
                self.moving[event.vehicle].anchors = [(event.place, self.at, 0)]
                self.moving[event.vehicle].is_sent = False
            case VehicleDeparted():
                self.depart(event)
            case RiderBoarded():
                self.board(event)
            case RiderAlighted():
                self.alight(event)
            case _:
                pass

    def reach(self, vehicle: int, place: int, second: int) -> int:
        """Check that a vehicle can be at a place by a second; milliseconds driven since its first anchor.

        Where a vehicle turned, the product may round once per stretch between turns or once over several;
        both are fair, so any of its anchors may be the one that the stretch is rounded from, and no stretch
        may gain more than one second.
        """
        anchors = self.moving[vehicle].anchors
        last_place, last_s, last_ms = anchors[-1]
        hop_ms = self.paths.ms(last_place, place)
        driven = last_ms + hop_ms
        earliest = min(start_s + _half_up(driven - before, 1000) for _, start_s, before in anchors)
        if second < earliest or second < last_s + _half_up(hop_ms, 1000) - 1:
            self.say(
                f"vehicle {vehicle} is at {place} at {second} s; from {last_place} at {last_s} s it cannot be"
                f" there before {max(earliest, last_s + _half_up(hop_ms, 1000) - 1)} s"
            )
        return driven

    def book(self, request: int, vehicle: int) -> None:
        """A vehicle without a goal leaves at the booking at the earliest."""
        van = self.moving[vehicle]
        is_idle = not van.bookings and van.lost_in < self.seq
        if is_idle and van.visit is None and not van.is_sent:
            place, second, driven = van.anchors[-1]
            van.anchors[-1] = (place, max(second, self.at), driven)
        van.bookings[request] = self.seq

    def reassign(self, event: TripReassigned) -> None:
        """Who was under way for a booking that goes to another vehicle is so until told of the new route."""
        former = self.moving[event.from_vehicle]
        if former.bookings.pop(event.request, self.seq) < self.seq:
            former.lost_in = self.seq
        else:
            self.say(f"request {event.request} leaves vehicle {event.from_vehicle}, which did not have it")
        if event.request in former.aboard:
            self.say(f"request {event.request} leaves vehicle {event.from_vehicle} during its ride")
        self.book(event.request, event.vehicle)

    def turn(self, event: RouteChanged) -> None:
        """A new route from the next node on, or, where the next stop stays, from where the leg began."""
        van = self.moving[event.vehicle]
        if van.visit is not None:
            return
        last_place, last_s, last_ms = van.anchors[-1]
        had_work = van.lost_in == self.seq or any(seq < self.seq for seq in van.bookings.values())
        is_under_way = van.is_sent or had_work
        if event.ready_s < self.at and not (event.place == last_place and is_under_way):
            self.say(f"vehicle {event.vehicle} turns at {event.ready_s} s, before it is told to")
        if event.place == last_place:
            van.anchors[-1] = (last_place, max(last_s, event.ready_s), last_ms)
            return
        driven = self.reach(event.vehicle, event.place, event.ready_s)
        van.anchors.append((event.place, event.ready_s, driven))

    def arrive(self, event: VehicleArrived) -> None:
        vehicle, place = event.vehicle, event.place
        van = self.moving[vehicle]
        if van.visit is not None:
            self.say(f"vehicle {vehicle} arrives at {place} during its visit to {van.visit[0]}")
        driven = self.reach(vehicle, place, self.at)
        if event.leg_s + len(van.anchors) - 1 < _half_up(driven, 1000):
            self.say(f"vehicle {vehicle} says it drove {event.leg_s} s to {place}; the way takes {driven} ms")
        if self.at - event.leg_s < van.anchors[0][1]:
            self.say(
                f"vehicle {vehicle} says it drove {event.leg_s} s; it left only at {van.anchors[0][1]} s"
            )
        if self.at < self.vans[vehicle].start_s:
            self.say(f"vehicle {vehicle} arrives at {self.at} s, before its shift")
        # Who was sent somewhere to wait begins no visit there.
        waits = van.is_sent and not van.bookings and not van.aboard
        van.visit = None if waits else (place, self.at)
        van.is_sent = False
        van.anchors = [(place, self.at, 0)]

    def depart(self, event: VehicleDeparted) -> None:
        van = self.moving[event.vehicle]
        if van.visit is None or van.visit[0] != event.place:
            self.say(f"vehicle {event.vehicle} departs from {event.place} without a visit there")
        elif self.at != van.visit[1] + self.rules.visit_s:
            self.say(
                f"vehicle {event.vehicle} departs {self.at - van.visit[1]} s after arriving; a visit lasts"
                f" {self.rules.visit_s} s"
            )
        if len(van.aboard) > self.vans[event.vehicle].seats:
            self.say(
                f"vehicle {event.vehicle} departs with {len(van.aboard)} riders on"
                f" {self.vans[event.vehicle].seats} seats"
            )
        if self.at > self.vans[event.vehicle].end_s:
            self.say(f"vehicle {event.vehicle} departs at {self.at} s, after its shift")
        van.visit = None
        van.anchors = [(event.place, self.at, 0)]

    def board(self, event: RiderBoarded) -> None:
        ride = self.rides.get(event.request)
        if ride is None:
            self.say(f"request {event.request} boards, which nobody asked")
            return
        asked = ride.asked
        if ride.is_refused or ride.vehicle is not None:
            self.say(f"request {event.request} boards after its refusal or a second time")
        if self.moving[event.vehicle].visit != (asked.origin, event.arrived_s):
            self.say(f"request {event.request} boards away from a visit to its origin {asked.origin}")
        latest = asked.at_s + self.rules.max_wait_s
        if event.arrived_s > latest:
            self.say(f"request {event.request} is picked up at {event.arrived_s} s, later than {latest} s")
        ride.vehicle = event.vehicle
        self.moving[event.vehicle].aboard.add(event.request)

    def alight(self, event: RiderAlighted) -> None:
        ride = self.rides.get(event.request)
        if ride is None:
            self.say(f"request {event.request} alights, which nobody asked")
            return
        asked = ride.asked
        if ride.vehicle != event.vehicle or ride.is_done:
            self.say(
                f"request {event.request} alights from vehicle {event.vehicle}, where it is not on board"
            )
        if self.moving[event.vehicle].visit != (asked.destination, event.arrived_s):
            self.say(f"request {event.request} alights away from a visit to {asked.destination}")
        direct = self.paths.seconds(asked.origin, asked.destination)
        latest = asked.at_s + self.rules.detour_percent * direct // 100 + self.rules.detour_beta_s
        if event.arrived_s > latest:
            self.say(f"request {event.request} is brought at {event.arrived_s} s, later than {latest} s")
        ride.is_done = True
        self.moving[event.vehicle].bookings.pop(event.request, None)
        self.moving[event.vehicle].aboard.discard(event.request)

    def end(self) -> list[str]:
        self.found += [f"{asked} was never asked" for asked in (+self.not_yet_asked).elements()]
        for request, ride in self.rides.items():
            if ride.is_done == ride.is_refused:
                self.found.append(f"request {request} ends neither served nor refused, or both")
        return self.found


def _half_up(value: float, unit: int) -> int:
    """value / unit, rounded half up."""
    return int((value + unit / 2) // unit)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
