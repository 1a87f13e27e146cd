"""Small values that commands, events and tables share."""

from __future__ import annotations

from enum import IntEnum


class TimeKind(IntEnum):
    """What the wished time of a request means."""

    DEPART_AFTER = 0
    ARRIVE_BY = 1


class RefusalReason(IntEnum):
    """Why a request gets no offer; each comes with the smallest change found that would work."""

    NO_SERVICE_HERE = 1
    OUTSIDE_HOURS = 2
    BOOKED_TOO_LATE = 3
    BOOKED_TOO_EARLY = 4
    PARTY_TOO_LARGE = 5
    NO_VEHICLE_IN_TIME = 6


class TripStatus(IntEnum):
    """Where a request stands. Only OFFERED (until it expires), BOOKED and ABOARD hold a place in a route."""

    UNKNOWN = 0
    REFUSED = 1
    OFFERED = 2
    DECLINED = 3
    EXPIRED = 4
    BOOKED = 5
    ABOARD = 6
    DONE = 7
    CANCELLED = 8
    NO_SHOW = 9
    ABANDONED = 10


class PromiseEnd(IntEnum):
    """Which end of a promise is meant."""

    PICKUP = 0
    DROPOFF = 1


class BreachCause(IntEnum):
    """Why a promise was broken."""

    LATE_RUNNING = 1
    BREAKDOWN = 2
    ROADS = 3


class ReportFault(IntEnum):
    """Why a command was answered without effect."""

    UNKNOWN_REQUEST = 1
    OFFER_GONE = 2
    NOT_BOOKED = 3
    ALREADY_ABOARD = 4
    WRONG_PLACE = 5
    NOT_AT_STOP = 6
    COUNT_DIFFERS = 7
    OUT_OF_SERVICE = 8
    REPEATED_REQUEST = 9
    REPEATED_CHANGE = 10
    NOTHING_TO_REOPEN = 11
    ALREADY_BOOKED = 12
    AT_STOP = 13
    TOO_EARLY = 14


class DropReason(IntEnum):
    """Why a proposed plan was dropped."""

    INCOMPLETE = 1
    FLEET_MOVED_ON = 2
    LIMIT_MISSED = 3
    NO_ROUTE = 4
