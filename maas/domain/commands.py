"""What may be told to the dispatcher. Imperative; each has a rank, the order in which commands of one instant
are heard.

Places are stable place_ids at this edge, vehicles positions in the fleet list of the journal's first record,
riders opaque request numbers. All figures are integers: seconds of the service day, metres.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wake:
    """The moment asked for by `next_wakeup()` has come: offers expire, other travel times hold."""


@dataclass(frozen=True, slots=True)
class ArriveAtStop:
    """A vehicle has stopped at `place`, `leg_m` metres and `leg_s` seconds of driving after its last stop."""

    vehicle: int
    place: int
    leg_m: int
    leg_s: int


@dataclass(frozen=True, slots=True)
class DepartStop:
    """The visit is over: `boarded` and `alighted` bookings."""

    vehicle: int
    boarded: int
    alighted: int


@dataclass(frozen=True, slots=True)
class ReportNoShow:
    """The rider of a booking did not come to the pickup where the vehicle stands."""

    vehicle: int
    request: int


@dataclass(frozen=True, slots=True)
class ReportPosition:
    """A vehicle without a goal has come to stand at `place`, `leg_m` metres and `leg_s` seconds after its
    last stop."""

    vehicle: int
    place: int
    leg_m: int
    leg_s: int


@dataclass(frozen=True, slots=True)
class VehicleBrokeDown:
    """A vehicle is out of service at `place` for the rest of the day; its riders have to be taken over."""

    vehicle: int
    place: int
    leg_m: int
    leg_s: int


@dataclass(frozen=True, slots=True)
class ChangeRoads:
    """A stretch of a road is closed or slower for a while; the columns are those of `routing.RoadChange`.

    `change` numbers it, from 1. The same number again replaces what was said under it; an end that is not
    after now reopens the road.
    """

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
class CancelTrip:
    """A rider gives up a booking."""

    request: int


@dataclass(frozen=True, slots=True)
class AcceptOffer:
    """A rider takes one of the offers (numbered from 1)."""

    request: int
    offer: int


@dataclass(frozen=True, slots=True)
class DeclineOffers:
    """A rider takes none of the offers."""

    request: int


@dataclass(frozen=True, slots=True)
class RequestTrip:
    """A rider asks for a trip. `time_kind` is a `TimeKind`, `age_band` and `channel` are positions in the
    lists of `service_definition`, `area` and `purpose` in those of the journal's first record."""

    request: int
    origin: int
    destination: int
    time_kind: int
    wish_s: int
    seats: int
    wheelchairs: int
    age_band: int
    channel: int
    area: int
    is_disabled: int
    is_resident: int
    purpose: int


@dataclass(frozen=True, slots=True)
class ProposeStop:
    """One stop of a plan that a solver proposes: stop `position` (from 1) of the new route of `vehicle`, by
    `stop_kind` and `request` (-1 without rider).

    Position 0 says that the vehicle is part of the proposal, and nothing else.
    """

    proposal: int
    vehicle: int
    position: int
    stop_kind: int
    request: int


@dataclass(frozen=True, slots=True)
class ProposePlan:
    """A proposal is complete with `stops` stops; all that one solve proposes together saves `saving_s`
    seconds of cost, as the solver expects."""

    proposal: int
    stops: int
    saving_s: int


@dataclass(frozen=True, slots=True)
class ProposeRepair:
    """As `ProposePlan`, after a breakdown or a closure: promises that are known to be broken may be broken
    otherwise, if the sum of the squares of their lateness becomes smaller."""

    proposal: int
    stops: int
    saving_s: int


Command = (
    Wake
    | ArriveAtStop
    | DepartStop
    | ReportNoShow
    | ReportPosition
    | VehicleBrokeDown
    | ChangeRoads
    | CancelTrip
    | AcceptOffer
    | DeclineOffers
    | RequestTrip
    | ProposeStop
    | ProposePlan
    | ProposeRepair
)
