"""What no sender may say: a name that does not exist, a figure out of range. A late or mistaken report is
something else; it is heard, and rejected by an event."""

from __future__ import annotations

from maas.dispatch import codec
from maas.dispatch.codec import Row
from maas.dispatch.tables import LARGEST_REQUEST
from maas.domain.errors import CommandError
from maas.domain.values import TimeKind
from maas.service_definition import AGE_BANDS, CHANNELS
from routing.fleet_tables import MAX_STOPS_LIMIT, NOBODY, TO_BASE
from routing.road_book import FURTHER_NOTICE_S

LARGEST_TIME_S = 100_000_000
"""Seconds of the service day, either way: three years."""

LARGEST_PARTY = 1000

LARGEST_LEG_M = 100_000_000
"""Metres of one drive."""

LARGEST_CODE = 9999
"""Of an area or a purpose."""

LARGEST_FIGURE = 2**53
"""Any figure of a command, either way: what every reader of a journal can hold exactly."""

LARGEST_CHANGE = 100_000
"""Highest number of a change of the roads."""

_OF_A_REQUEST = frozenset({codec.REQUEST_TRIP, codec.ACCEPT_OFFER, codec.DECLINE_OFFERS, codec.CANCEL_TRIP})
_LEG_COLUMNS = {
    codec.ARRIVE_AT_STOP: (2, 3, 4),
    codec.REPORT_POSITION: (2, 3, 4),
    codec.VEHICLE_BROKE_DOWN: (2, 3, 4),
}


def check_command(row: Row, now: int, nodes: int, vehicles: int) -> None:
    """Check a command row against the number of nodes and vehicles.

    Raises
    ------
    CommandError
        If it names what does not exist, or holds a figure out of range.
    """
    if not row:
        raise CommandError("an empty row is no command; give its kind and its columns")
    kind = row[0]
    if kind not in codec.RANK or len(row) != len(codec.COLUMNS[kind]) + 1:
        raise CommandError(f"{codec.NAME_OF.get(kind, kind)} with {len(row) - 1} columns is no command")
    if kind == codec.WAKE:
        return
    if max(row) > LARGEST_FIGURE or min(row) < -LARGEST_FIGURE:
        figure = max(row, key=abs)
        raise CommandError(
            f"{codec.NAME_OF[kind]} holds {figure}; figures must lie within {LARGEST_FIGURE} of 0"
        )
    if abs(now) > LARGEST_TIME_S:
        raise CommandError(f"second {now} must lie within {LARGEST_TIME_S} s of midnight")
    if kind in _OF_A_REQUEST:
        _check_range(row[1], LARGEST_REQUEST, "request number")
        if kind == codec.REQUEST_TRIP:
            _check_request(row, nodes)
        return
    if kind == codec.CHANGE_ROADS:
        _check_change(row)
        return
    if kind in (codec.PROPOSE_STOP, codec.PROPOSE_PLAN, codec.PROPOSE_REPAIR):
        _check_proposal(row, vehicles)
        return
    if not 0 <= row[1] < vehicles:
        raise CommandError(
            f"{codec.NAME_OF[kind]} names vehicle {row[1]}; the fleet has vehicles 0 to {vehicles - 1}"
        )
    if kind in _LEG_COLUMNS:
        _, vehicle, place, leg_m, leg_s = row
        _check_range(place, nodes, f"vehicle {vehicle}: node")
        if not (0 <= leg_m <= LARGEST_LEG_M and 0 <= leg_s <= LARGEST_TIME_S):
            raise CommandError(
                f"vehicle {vehicle} drove {leg_m} m in {leg_s} s; give 0 to {LARGEST_LEG_M} m and 0 to"
                f" {LARGEST_TIME_S} s"
            )
    elif min(row) < 0:
        raise CommandError(f"{codec.NAME_OF[kind]} {row[1:]} holds a negative figure")


def _check_proposal(row: Row, vehicles: int) -> None:
    who = f"proposal {row[1]}"
    _check_range(row[1], LARGEST_REQUEST, "number of proposal")
    if row[0] != codec.PROPOSE_STOP:
        _check_range(row[2], LARGEST_REQUEST, f"{who}: number of stops")
        return
    _, _, vehicle, position, kind, request = row
    _check_range(vehicle, vehicles, f"{who}: vehicle")
    _check_range(position, MAX_STOPS_LIMIT, f"{who}: position")
    _check_range(kind, TO_BASE + 1, f"{who}: kind of stop")
    if request != NOBODY:
        _check_range(request, LARGEST_REQUEST, f"{who}: request number")


def _check_range(value: int, end: int, what: str) -> None:
    if not 0 <= value < end:
        raise CommandError(f"{what} {value} must lie between 0 and {end - 1}")


def _check_request(row: Row, nodes: int) -> None:
    _, request, origin, destination, time_kind, wish, seats, chairs, age_band, channel, *rest = row
    who = f"request {request}"
    if not (0 <= origin < nodes and 0 <= destination < nodes):
        raise CommandError(f"{who} goes from node {origin} to node {destination} of {nodes}")
    if origin == destination:
        raise CommandError(f"{who} starts and ends at node {origin}; the ends must differ")
    if seats < 0 or chairs < 0 or not 1 <= seats + chairs <= LARGEST_PARTY:
        raise CommandError(
            f"{who} is for {seats} seats and {chairs} wheelchairs; give 0 or more each, "
            f"1 to {LARGEST_PARTY} in all"
        )
    if abs(wish) > LARGEST_TIME_S:
        raise CommandError(f"{who} wishes second {wish}; it must lie within {LARGEST_TIME_S} s of midnight")
    _check_range(time_kind, len(TimeKind), f"{who}: kind of time")
    _check_range(age_band, len(AGE_BANDS), f"{who}: age band")
    _check_range(channel, len(CHANNELS), f"{who}: channel")
    if min(rest) < 0 or max(rest) > LARGEST_CODE:
        raise CommandError(
            f"{who} has the codes {rest} of area, disability, residence and purpose; give 0 to {LARGEST_CODE}"
        )


def _check_change(row: Row) -> None:
    _, change, *_, begin, end = row
    if not 1 <= change <= LARGEST_CHANGE:
        raise CommandError(f"change {change} of the roads must have a number between 1 and {LARGEST_CHANGE}")
    if abs(begin) > LARGEST_TIME_S or not -LARGEST_TIME_S <= end <= FURTHER_NOTICE_S:
        raise CommandError(
            f"change {change} of the roads holds from {begin} s to {end} s; it must begin within"
            f" {LARGEST_TIME_S} s of midnight and end by {FURTHER_NOTICE_S} s, which is until further notice"
        )
