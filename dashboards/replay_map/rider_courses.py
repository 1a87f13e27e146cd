"""What became of each request of a journal, as moments on the clock of the day.

A request is *booked* until its rider is due, *waiting* from then until the vehicle comes, *riding* until it
arrives. One that was refused or turned down is shown at the time that was wished for, or when the answer was
given if that was later: most bookings are made on the day before.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboards.replay_map.drives import nodes_of
from maas.dispatch import codec
from maas.domain.values import TripStatus
from maas.request_index import RequestIndex
from maas.riders_table import REASONS, riders_table
from maas.store.journal import Journal
from routing.network import Network

Int64s = npt.NDArray[np.int64]

NEVER = 2**31
"""Second of what did not happen: after the end of every day."""


class Fate(IntEnum):
    """How a request ended."""

    DELIVERED = 0
    REFUSED = 1
    DECLINED = 2
    CANCELLED = 3
    NO_SHOW = 4
    ABANDONED = 5
    UNFINISHED = 6


_FATE_OF = {
    TripStatus.DONE: Fate.DELIVERED,
    TripStatus.REFUSED: Fate.REFUSED,
    TripStatus.DECLINED: Fate.DECLINED,
    TripStatus.EXPIRED: Fate.DECLINED,
    TripStatus.CANCELLED: Fate.CANCELLED,
    TripStatus.NO_SHOW: Fate.NO_SHOW,
    TripStatus.ABANDONED: Fate.ABANDONED,
}


@dataclass(frozen=True, eq=False, slots=True)
class RiderCourses:
    """One entry a request, in the order in which they were asked; all int64, shape (n,).

    Parameters
    ----------
    request
        Its number.
    origin, destination
        Nodes: where it starts, and where it ends or ended.
    riders
        Persons.
    asked_s, wished_s
        When it was asked; the wished departure, for an arrival the latest one that would do.
    due_s
        The wait begins: the wished departure, for an arrival the start of the promised pickup window, never
        before the booking; NEVER without a booking.
    pickup_s, ride_s
        The vehicle had stopped; the ride begins: then, or when the rider came to a vehicle that was early.
    end_s
        It arrived, was refused, turned down, cancelled or given up.
    vehicle
        Position in the fleet, -1 for none.
    fate, reason
        A `Fate`; the position in `REASONS`, -1 for none.
    """

    request: Int64s
    origin: Int64s
    destination: Int64s
    riders: Int64s
    asked_s: Int64s
    wished_s: Int64s
    due_s: Int64s
    pickup_s: Int64s
    ride_s: Int64s
    end_s: Int64s
    vehicle: Int64s
    fate: Int64s
    reason: Int64s

    def __len__(self) -> int:
        return len(self.request)

    def riders_at(self, second: int) -> dict[str, int]:
        """Persons in each state at a second, those of requests that nobody has asked yet left out."""
        is_known = self.asked_s <= second
        is_over = self.end_s <= second
        fate = self.fate
        is_riding = ~is_over & (self.ride_s <= second)
        is_waiting = ~is_over & ~is_riding & (self.due_s <= second) & (self.ride_s < NEVER)
        states = {
            "delivered": is_over & (fate == Fate.DELIVERED),
            "refused": is_over & (fate == Fate.REFUSED),
            "others": is_over & (fate != Fate.DELIVERED) & (fate != Fate.REFUSED),
            "riding": is_riding,
            "waiting": is_waiting,
            "booked": is_known & ~is_over & ~is_riding & ~is_waiting,
        }
        return {name: int(self.riders[chosen].sum()) for name, chosen in states.items()}


def rider_courses(journal: Journal, network: Network) -> RiderCourses:
    """The courses of all requests.

    Raises
    ------
    ReplayError
        When the journal names a place that the network does not have.
    JournalError
        When it contradicts itself.
    """
    table = riders_table(journal)
    index = RequestIndex.of(journal)
    is_departure = (table["time_kind"] == "depart_after").to_numpy(bool)
    wish, direct = _numbers(table["wish_s"]), _numbers(table["direct_s"])
    wished = np.where(is_departure, wish, wish - direct)
    asked, booked = _numbers(table["asked_at_s"]), _numbers(table["booked_at_s"])
    due = np.where(is_departure, wish, _numbers(table["promise_earliest_s"]))
    due = np.where(booked < NEVER, np.maximum(due, booked), NEVER)
    pickup, left = _numbers(table["picked_up_s"]), _numbers(table["left_s"])
    fate = np.array([_fate(status) for status in table["status"]], np.int64)
    return RiderCourses(
        _numbers(table["request"]),
        nodes_of(network, _numbers(table["origin"])),
        nodes_of(network, _set_down(journal, index, _numbers(table["destination"]))),
        _numbers(table["riders"]),
        asked,
        wished,
        due,
        pickup,
        np.maximum(pickup, np.minimum(left, due)),
        _ends(journal, index, table, fate, np.maximum(asked, wished)),
        _numbers(table["vehicle"], -1),
        fate,
        _codes(table["reason"]),
    )


def load_steps(journal: Journal, courses: RiderCourses) -> list[list[tuple[int, int]]]:
    """(second, persons on board from then on) of each vehicle, in order of time.

    A ride counts as in `RiderCourses`; a rider taken over after a breakdown rides again from boarding.
    """
    index = RequestIndex.of(journal)
    boarded, failed = journal.columns(codec.RIDER_BOARDED), journal.columns(codec.VEHICLE_FAILED)
    failed_s = dict(zip(failed["vehicle"].tolist(), failed["at"].tolist(), strict=True))
    fleet = len(journal.header.service.vehicles)
    steps: list[dict[int, int]] = [{} for _ in range(fleet)]
    seen: set[int] = set()
    where = index.positions(boarded).tolist()
    rows = zip(where, boarded["vehicle"].tolist(), boarded["at"].tolist(), strict=True)
    last_of = {request: place for place, request in enumerate(where)}
    for place, (request, vehicle, at_s) in enumerate(rows):
        from_s = at_s if request in seen else int(courses.ride_s[request])
        seen.add(request)
        until_s = int(courses.end_s[request]) if last_of[request] == place else NEVER
        until_s = min(until_s, failed_s.get(vehicle, NEVER))
        persons = int(courses.riders[request])
        for second, change in ((from_s, persons), (max(until_s, from_s), -persons)):
            steps[vehicle][second] = steps[vehicle].get(second, 0) + change
    return [_summed(changes) for changes in steps]


def _summed(changes: dict[int, int]) -> list[tuple[int, int]]:
    seconds = sorted(second for second, change in changes.items() if change)
    loads = np.cumsum([changes[second] for second in seconds]).tolist()
    return list(zip(seconds, loads, strict=True))


def _fate(status: object) -> Fate:
    return _FATE_OF.get(TripStatus[str(status).upper()], Fate.UNFINISHED)


def _ends(
    journal: Journal, index: RequestIndex, table: pd.DataFrame, fate: Int64s, answered_s: Int64s
) -> Int64s:
    """Second at which each request ended."""
    ends = np.full(len(table), NEVER, np.int64)
    ends[fate == Fate.DELIVERED] = _numbers(table["arrived_s"])[fate == Fate.DELIVERED]
    turned_down = (fate == Fate.REFUSED) | (fate == Fate.DECLINED)
    ends[turned_down] = answered_s[turned_down]
    given_up = (
        (codec.TRIP_CANCELLED, Fate.CANCELLED),
        (codec.RIDER_NO_SHOW, Fate.NO_SHOW),
        (codec.TRIP_ABANDONED, Fate.ABANDONED),
    )
    for kind, meant in given_up:
        columns = journal.columns(kind)
        where = index.positions(columns)
        is_meant = fate[where] == meant
        ends[where[is_meant]] = columns["at"][is_meant]
    return ends


def _set_down(journal: Journal, index: RequestIndex, destination: Int64s) -> Int64s:
    """Places at which riders leave: where a closed road kept them from their own, another one."""
    moved = journal.columns(codec.DROPOFF_MOVED)
    place = destination.copy()
    place[index.positions(moved)] = moved["place"]
    return place


def _numbers(column: pd.Series[int], missing: int = NEVER) -> Int64s:
    numbers: Int64s = column.astype("Int64").fillna(missing).to_numpy(np.int64).astype(np.int64)
    return numbers


def _codes(column: pd.Series[str]) -> Int64s:
    known = {name: code for code, name in enumerate(REASONS)}
    return np.array([known.get(str(name), -1) for name in column], np.int64)
