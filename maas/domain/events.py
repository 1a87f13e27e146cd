"""What the dispatcher has decided or learned. Past tense; the state is the fold of these.

Times are seconds of the service day. A trip of several legs has one row a leg in `TripBooked`; the first leg
is 0.
"""

from __future__ import annotations

from dataclasses import dataclass

from maas.domain.road_events import DropoffMoved


@dataclass(frozen=True, slots=True)
class TripRequested:
    """A request is known, with the limits that the service's rules give it and its direct drive."""

    request: int
    origin: int
    destination: int
    time_kind: int
    wish_s: int
    seats: int
    wheelchairs: int
    earliest_s: int
    latest_pickup_s: int
    latest_dropoff_s: int
    max_ride_s: int
    direct_s: int
    direct_m: int


@dataclass(frozen=True, slots=True)
class TripRefused:
    """No offer, and the smallest changes that would have worked.

    `later_s`: the same trip that much later (0 = none found). `other_place`: another pickup place, `walk_m`
    metres away by road; without one the origin itself at 0 m. `vehicles_missing`: 1 if one more vehicle at a
    base would have served it.
    """

    request: int
    reason: int
    later_s: int
    other_place: int
    walk_m: int
    vehicles_missing: int


@dataclass(frozen=True, slots=True)
class TripOffered:
    """An offer, numbered from 1, that holds its insertion in a route until `expires_s`.

    The pickup stands before stop `pickup_index` of the vehicle's route as it was, the drop-off before
    `dropoff_index`. The promise is: pickup (vehicle there) within [promise_earliest_s, promise_latest_s],
    arrival by `arrive_by_s`. `run` is the timetabled run, 0 for none.
    """

    request: int
    offer: int
    vehicle: int
    pickup_index: int
    dropoff_index: int
    pickup_s: int
    dropoff_s: int
    promise_earliest_s: int
    promise_latest_s: int
    arrive_by_s: int
    fare_yen: int
    expires_s: int
    run: int


@dataclass(frozen=True, slots=True)
class OffersExpired:
    """Nobody answered in time; what the offers held is free again."""

    request: int


@dataclass(frozen=True, slots=True)
class OffersDeclined:
    """The rider took none; what the offers held is free again."""

    request: int


@dataclass(frozen=True, slots=True)
class TripBooked:
    """An accepted offer is a promise from now on: one row a leg."""

    request: int
    leg: int
    offer: int
    vehicle: int
    promise_earliest_s: int
    promise_latest_s: int
    arrive_by_s: int
    fare_yen: int
    run: int


@dataclass(frozen=True, slots=True)
class RouteChanged:
    """A driver has a new route: from `place`, not before `ready_s`."""

    vehicle: int
    version: int
    place: int
    ready_s: int


@dataclass(frozen=True, slots=True)
class VehicleArrived:
    """A vehicle stands at a place after a leg of `leg_m` metres and `leg_s` seconds of driving."""

    vehicle: int
    place: int
    leg_m: int
    leg_s: int


@dataclass(frozen=True, slots=True)
class RiderBoarded:
    """A booking is on board. `arrived_s` is when the vehicle had stopped: the wait ends there."""

    request: int
    vehicle: int
    arrived_s: int


@dataclass(frozen=True, slots=True)
class RiderAlighted:
    """A booking has left the vehicle. `arrived_s` is when the vehicle had stopped."""

    request: int
    vehicle: int
    arrived_s: int


@dataclass(frozen=True, slots=True)
class VehicleDeparted:
    """A visit is over."""

    vehicle: int
    place: int


@dataclass(frozen=True, slots=True)
class TripCancelled:
    """A rider gave up a booking that `vehicle` was to serve."""

    request: int
    vehicle: int


@dataclass(frozen=True, slots=True)
class RiderNoShow:
    """A rider did not come."""

    request: int
    vehicle: int


@dataclass(frozen=True, slots=True)
class PromiseBroken:
    """A promise of leg `leg` was missed, or has become impossible: promised and actual (or now expected)
    second."""

    request: int
    leg: int
    end: int
    promised_s: int
    expected_s: int
    cause: int


@dataclass(frozen=True, slots=True)
class VehicleFailed:
    """A vehicle is out of service where it stands."""

    vehicle: int
    place: int
    leg_m: int
    leg_s: int


@dataclass(frozen=True, slots=True)
class TripMoved:
    """A booking goes to another vehicle, or to another place in the route of its own, picked up at `place`;
    limits as far as they can still be kept.

    Positions as in `TripOffered`, in the route without the booking. `is_aboard` = 1 for a rider taken over
    from a vehicle that failed.
    """

    request: int
    from_vehicle: int
    vehicle: int
    pickup_index: int
    dropoff_index: int
    place: int
    earliest_s: int
    latest_pickup_s: int
    latest_dropoff_s: int
    is_aboard: int


@dataclass(frozen=True, slots=True)
class TripAbandoned:
    """No vehicle can take over a booking, or reach its places."""

    request: int
    vehicle: int


@dataclass(frozen=True, slots=True)
class BreakStarted:
    """A driver rests."""

    vehicle: int


@dataclass(frozen=True, slots=True)
class BreakEnded:
    """A driver is back."""

    vehicle: int


@dataclass(frozen=True, slots=True)
class VehicleSent:
    """An idle vehicle is sent to a place (its base)."""

    vehicle: int
    place: int


@dataclass(frozen=True, slots=True)
class VehicleStood:
    """A vehicle came to stand at a place after a leg that was cut short."""

    vehicle: int
    place: int
    leg_m: int
    leg_s: int


@dataclass(frozen=True, slots=True)
class RoadsChanged:
    """A change of the roads is known; columns as in `ChangeRoads`."""

    change: int
    reference: int
    first_lat_e6: int
    first_lon_e6: int
    last_lat_e6: int
    last_lon_e6: int
    factor_pm: int
    begin_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class TravelTimesChanged:
    """The travel times of second `since_s`, under the changes known, hold from now on: vehicles under way go
    on by them from the next node, and all routes are timed again."""

    since_s: int


@dataclass(frozen=True, slots=True)
class CommandRejected:
    """A command had no effect: `subject` is the request, vehicle or change of the roads it named, `fault`
    why."""

    subject: int
    fault: int


@dataclass(frozen=True, slots=True)
class SolveRequested:
    """Better routes are wanted, as of second `base_s`."""

    base_s: int


@dataclass(frozen=True, slots=True)
class StopProposed:
    """A stop of a proposal has been heard."""

    proposal: int
    vehicle: int
    position: int
    stop_kind: int
    request: int


@dataclass(frozen=True, slots=True)
class PlanAdopted:
    """The routes of the vehicles of a proposal are as it says; a `RouteChanged` follows for each.
    `saving_s` as in `ProposePlan`."""

    proposal: int
    saving_s: int


@dataclass(frozen=True, slots=True)
class PlanDropped:
    """A proposal came too late, or would miss a limit."""

    proposal: int
    reason: int


@dataclass(frozen=True, slots=True)
class TripReassigned:
    """A booking goes to another vehicle by a plan adopted in the same record; what was promised stays."""

    request: int
    from_vehicle: int
    vehicle: int


@dataclass(frozen=True, slots=True)
class TripGathered:
    """A request waits to be answered together with others; what only its fare needs is kept here."""

    request: int
    age_band: int
    is_disabled: int


@dataclass(frozen=True, slots=True)
class BatchAnswered:
    """A proposal for the gathered requests has been heard: their offers and refusals follow, first those
    that it gave a vehicle (`proposed`), then the others."""

    proposal: int
    proposed: int
    others: int


@dataclass(frozen=True, slots=True)
class RepairRequested:
    """Promises have been broken by a breakdown or a closure: routes are wanted, as of second `base_s`, that
    break fewer, or by less."""

    base_s: int


@dataclass(frozen=True, slots=True)
class PromiseRevised:
    """An adopted repair changes by how much a broken promise is missed; it is kept after all where
    `expected_s` is no later than `promised_s`."""

    request: int
    leg: int
    end: int
    promised_s: int
    expected_s: int


Event = (
    TripRequested
    | TripRefused
    | TripOffered
    | OffersExpired
    | OffersDeclined
    | TripBooked
    | RouteChanged
    | VehicleArrived
    | RiderBoarded
    | RiderAlighted
    | VehicleDeparted
    | TripCancelled
    | RiderNoShow
    | PromiseBroken
    | VehicleFailed
    | TripMoved
    | TripAbandoned
    | BreakStarted
    | BreakEnded
    | VehicleSent
    | VehicleStood
    | RoadsChanged
    | TravelTimesChanged
    | CommandRejected
    | SolveRequested
    | StopProposed
    | PlanAdopted
    | PlanDropped
    | TripReassigned
    | TripGathered
    | BatchAnswered
    | RepairRequested
    | PromiseRevised
    | DropoffMoved
)
