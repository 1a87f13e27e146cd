"""One declared codec: what a row of the hot path means as an object, and back.

A row is a plain tuple `(kind, column, ...)` of integers in the order of the fields of its class. Inside the
dispatcher a column that names a place holds the node's index; in journals and objects it holds the stable
place_id. `PLACE_COLUMNS` says which columns that concerns.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, cast

from maas.domain import commands, events, road_events
from maas.domain.commands import Command
from maas.domain.errors import CommandError, JournalError
from maas.domain.events import Event

Row = tuple[int, ...]

# Codes are part of the journal format: never reuse one.
WAKE, ARRIVE_AT_STOP, DEPART_STOP, REPORT_NO_SHOW, REPORT_POSITION, VEHICLE_BROKE_DOWN = 1, 2, 3, 4, 5, 6
CANCEL_TRIP, ACCEPT_OFFER, DECLINE_OFFERS, REQUEST_TRIP, CHANGE_ROADS = 7, 8, 9, 10, 11
PROPOSE_STOP, PROPOSE_PLAN = 12, 13
PROPOSE_REPAIR = 14
FIRST_EVENT = 100
TRIP_REQUESTED, TRIP_REFUSED, TRIP_OFFERED, OFFERS_EXPIRED, OFFERS_DECLINED = 101, 102, 103, 104, 105
TRIP_BOOKED, ROUTE_CHANGED, VEHICLE_ARRIVED, RIDER_BOARDED, RIDER_ALIGHTED = 106, 107, 108, 109, 110
VEHICLE_DEPARTED, TRIP_CANCELLED, RIDER_NO_SHOW, PROMISE_BROKEN, VEHICLE_FAILED = 111, 112, 113, 114, 115
TRIP_MOVED, TRIP_ABANDONED, BREAK_STARTED, BREAK_ENDED, VEHICLE_SENT = 116, 117, 118, 119, 120
VEHICLE_STOOD, COMMAND_REJECTED, ROADS_CHANGED, TRAVEL_TIMES_CHANGED = 121, 122, 123, 124
SOLVE_REQUESTED, STOP_PROPOSED, PLAN_ADOPTED, PLAN_DROPPED, TRIP_REASSIGNED = 125, 126, 127, 128, 129
TRIP_GATHERED, BATCH_ANSWERED = 130, 131
REPAIR_REQUESTED, PROMISE_REVISED = 132, 133
DROPOFF_MOVED = 136

KIND_OF: dict[type, int] = {
    commands.Wake: WAKE,
    commands.ArriveAtStop: ARRIVE_AT_STOP,
    commands.DepartStop: DEPART_STOP,
    commands.ReportNoShow: REPORT_NO_SHOW,
    commands.ReportPosition: REPORT_POSITION,
    commands.VehicleBrokeDown: VEHICLE_BROKE_DOWN,
    commands.CancelTrip: CANCEL_TRIP,
    commands.AcceptOffer: ACCEPT_OFFER,
    commands.DeclineOffers: DECLINE_OFFERS,
    commands.RequestTrip: REQUEST_TRIP,
    commands.ChangeRoads: CHANGE_ROADS,
    commands.ProposeStop: PROPOSE_STOP,
    commands.ProposePlan: PROPOSE_PLAN,
    commands.ProposeRepair: PROPOSE_REPAIR,
    events.TripRequested: TRIP_REQUESTED,
    events.TripRefused: TRIP_REFUSED,
    events.TripOffered: TRIP_OFFERED,
    events.OffersExpired: OFFERS_EXPIRED,
    events.OffersDeclined: OFFERS_DECLINED,
    events.TripBooked: TRIP_BOOKED,
    events.RouteChanged: ROUTE_CHANGED,
    events.VehicleArrived: VEHICLE_ARRIVED,
    events.RiderBoarded: RIDER_BOARDED,
    events.RiderAlighted: RIDER_ALIGHTED,
    events.VehicleDeparted: VEHICLE_DEPARTED,
    events.TripCancelled: TRIP_CANCELLED,
    events.RiderNoShow: RIDER_NO_SHOW,
    events.PromiseBroken: PROMISE_BROKEN,
    events.VehicleFailed: VEHICLE_FAILED,
    events.TripMoved: TRIP_MOVED,
    events.TripAbandoned: TRIP_ABANDONED,
    events.BreakStarted: BREAK_STARTED,
    events.BreakEnded: BREAK_ENDED,
    events.VehicleSent: VEHICLE_SENT,
    events.VehicleStood: VEHICLE_STOOD,
    events.CommandRejected: COMMAND_REJECTED,
    events.RoadsChanged: ROADS_CHANGED,
    events.TravelTimesChanged: TRAVEL_TIMES_CHANGED,
    events.SolveRequested: SOLVE_REQUESTED,
    events.StopProposed: STOP_PROPOSED,
    events.PlanAdopted: PLAN_ADOPTED,
    events.PlanDropped: PLAN_DROPPED,
    events.TripReassigned: TRIP_REASSIGNED,
    events.TripGathered: TRIP_GATHERED,
    events.BatchAnswered: BATCH_ANSWERED,
    events.RepairRequested: REPAIR_REQUESTED,
    events.PromiseRevised: PROMISE_REVISED,
    road_events.DropoffMoved: DROPOFF_MOVED,
}
CLASS_OF: dict[int, type] = {kind: cls for cls, kind in KIND_OF.items()}
NAME_OF: dict[int, str] = {kind: cls.__name__ for cls, kind in KIND_OF.items()}
KIND_OF_NAME: dict[str, int] = {name: kind for kind, name in NAME_OF.items()}
COLUMNS: dict[int, tuple[str, ...]] = {
    kind: tuple(f.name for f in fields(cls)) for kind, cls in CLASS_OF.items()
}
_PLACES = {"origin", "destination", "place", "other_place"}
PLACE_COLUMNS: dict[int, tuple[int, ...]] = {
    kind: tuple(i for i, name in enumerate(names) if name in _PLACES) for kind, names in COLUMNS.items()
}
MAX_COLUMNS = max(len(names) for names in COLUMNS.values())

RANK: dict[int, int] = {
    WAKE: 0,
    VEHICLE_BROKE_DOWN: 1,
    CHANGE_ROADS: 1,
    ARRIVE_AT_STOP: 2,
    DEPART_STOP: 2,
    REPORT_NO_SHOW: 2,
    REPORT_POSITION: 2,
    CANCEL_TRIP: 3,
    ACCEPT_OFFER: 4,
    DECLINE_OFFERS: 4,
    REQUEST_TRIP: 5,
    PROPOSE_STOP: 6,
    PROPOSE_PLAN: 6,
    PROPOSE_REPAIR: 6,
}
"""Order in which commands of one instant are heard: timers, disturbances, driver reports, cancellations,
answers, requests, proposals."""


def to_row(thing: Command | Event) -> Row:
    """The row of a command or event; its places are not translated."""
    kind = KIND_OF.get(type(thing))
    if kind is None:
        raise CommandError(f"{type(thing).__name__} is neither a command nor an event of this dispatcher")
    return (kind, *(int(getattr(thing, name)) for name in COLUMNS[kind]))


def to_object(row: Row) -> Command | Event:
    """The command or event of a row; its places are not translated."""
    cls = CLASS_OF.get(row[0])
    if cls is None:
        raise JournalError(f"row kind {row[0]} is unknown; this journal was written by another version")
    if len(row) != len(COLUMNS[row[0]]) + 1:
        raise JournalError(
            f"a {cls.__name__} row has {len(row) - 1} columns; {len(COLUMNS[row[0]])} are right"
        )
    made: Any = cls(*row[1:])
    return cast("Command | Event", made)
