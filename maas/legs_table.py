"""Vehicle legs of a journal: who drove from where to where, how far, and with whom on board."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from maas.dispatch import codec
from maas.domain.errors import JournalError
from maas.request_index import RequestIndex
from maas.store.journal import Journal

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class VehicleLegs:
    """Legs in order of (vehicle, time), and rides: the stretches that riders spent in one vehicle.

    Parameters
    ----------
    vehicle, from_place, to_place, arrive_s, leg_m, leg_s
        int64, shape (n,). One leg each: driven `leg_s` seconds and `leg_m` metres, until second `arrive_s`.
    riders_on_board, parties_on_board
        int64, shape (n,). Persons, and bookings, in the vehicle during the leg.
    ride_request
        intp, shape (r,). Position of the request of each ride; a rider taken over after a breakdown has two.
    ride_is_shared
        bool, shape (r,). Two or more parties were on board during at least one leg of the ride.
    """

    vehicle: Int64s
    from_place: Int64s
    to_place: Int64s
    arrive_s: Int64s
    leg_m: Int64s
    leg_s: Int64s
    riders_on_board: Int64s
    parties_on_board: Int64s
    ride_request: NDArray[np.intp]
    ride_is_shared: Bools


def vehicle_legs(journal: Journal) -> VehicleLegs:
    """Legs and rides of a journal.

    A leg ends with `VehicleArrived`, `VehicleStood` or `VehicleFailed` and begins where the vehicle's leg
    before it ended (the first one at its base). Arrivals that needed no driving are no legs.

    Raises
    ------
    JournalError
        When a vehicle is not in the fleet or a request was never asked.
    """
    kinds = (codec.VEHICLE_ARRIVED, codec.VEHICLE_STOOD, codec.VEHICLE_FAILED)
    ends = {
        name: np.concatenate([journal.columns(kind)[name] for kind in kinds])
        for name in ("seq", "vehicle", "place", "leg_m", "leg_s", "at", "row")
    }
    fleet = journal.header.service.vehicles
    _refuse_strangers(ends["seq"], ends["vehicle"], len(fleet))
    order = np.lexsort((ends["row"], ends["vehicle"]))
    vehicle, place, row, leg_m, leg_s = (
        ends[name][order] for name in ("vehicle", "place", "row", "leg_m", "leg_s")
    )
    base = np.array([v.base for v in fleet], np.int64)
    from_place = base[vehicle]
    follows = np.zeros(len(vehicle), np.bool_)
    follows[1:] = vehicle[1:] == vehicle[:-1]
    from_place[follows] = place[:-1][follows[1:]]
    is_leg = (leg_m != 0) | (leg_s != 0) | (from_place != place)

    span = len(journal.table.kind) + 2
    key = vehicle * span + row
    index = RequestIndex.of(journal)
    request, ride_vehicle, first_row, last_row = _rides(journal, index)
    _, seats, wheelchairs = _parties(journal)
    persons = (seats + wheelchairs)[request]
    riders = _on_board(key, vehicle * span, ride_vehicle * span, first_row, last_row, persons)
    parties = _on_board(
        key, vehicle * span, ride_vehicle * span, first_row, last_row, np.ones(len(request), np.int64)
    )

    shared_before = np.append(0, np.cumsum((parties >= 2) & is_leg))
    begin = np.searchsorted(key, ride_vehicle * span + first_row, "right")
    end = np.searchsorted(key, ride_vehicle * span + last_row, "right")
    is_shared = shared_before[end] > shared_before[begin]
    return VehicleLegs(
        vehicle[is_leg],
        from_place[is_leg],
        place[is_leg],
        ends["at"][order][is_leg],
        leg_m[is_leg],
        leg_s[is_leg],
        riders[is_leg],
        parties[is_leg],
        request,
        is_shared,
    )


def legs_table(journal: Journal, legs: VehicleLegs | None = None) -> pd.DataFrame:
    """One row a vehicle leg, ordered by vehicle and time.

    Columns: `vehicle` (position in the fleet), `vehicle_id`, `from_place`, `to_place` (place_ids), `depart_s`
    (its driving began, = `arrive_s` - `leg_s`), `arrive_s`, `leg_m`, `leg_s`, `riders_on_board` (persons),
    `parties_on_board` (bookings), `is_empty` (nobody on board).

    Parameters
    ----------
    legs
        Where they are already known; otherwise computed.
    """
    legs = vehicle_legs(journal) if legs is None else legs
    names = [vehicle.vehicle_id for vehicle in journal.header.service.vehicles]
    return pd.DataFrame(
        {
            "vehicle": legs.vehicle,
            "vehicle_id": pd.Categorical.from_codes(legs.vehicle, categories=pd.Index(names, dtype="str")),
            "from_place": legs.from_place,
            "to_place": legs.to_place,
            "depart_s": legs.arrive_s - legs.leg_s,
            "arrive_s": legs.arrive_s,
            "leg_m": legs.leg_m,
            "leg_s": legs.leg_s,
            "riders_on_board": legs.riders_on_board,
            "parties_on_board": legs.parties_on_board,
            "is_empty": legs.riders_on_board == 0,
        }
    )


def _parties(journal: Journal) -> tuple[Int64s, Int64s, Int64s]:
    """Request, seats and wheelchairs by position."""
    asked = journal.columns(codec.TRIP_REQUESTED)
    return asked["request"], asked["seats"], asked["wheelchairs"]


def _rides(journal: Journal, index: RequestIndex) -> tuple[NDArray[np.intp], Int64s, Int64s, Int64s]:
    """Request position, vehicle, row of boarding and row of the end of each ride.

    A ride ends with the rider alighting, with the breakdown of the vehicle, or (in a journal that stops
    before) not at all: then its last row lies behind all rows.
    """
    boarded = journal.columns(codec.RIDER_BOARDED)
    alighted = journal.columns(codec.RIDER_ALIGHTED)
    failed = journal.columns(codec.VEHICLE_FAILED)
    fleet = len(journal.header.service.vehicles)
    for column in (boarded, alighted):
        _refuse_strangers(column["seq"], column["vehicle"], fleet)
    never = len(journal.table.kind) + 1
    request = index.positions(boarded)
    off = index.positions(alighted)
    key = request * (never + 1) + boarded["row"]
    off_key = np.append(np.sort(off * (never + 1) + alighted["row"]), np.iinfo(np.int64).max)
    following = off_key[np.searchsorted(off_key, key)]
    last = np.where(following // (never + 1) == request, following % (never + 1), never)
    failed_row = np.full(fleet, never, np.int64)
    failed_row[failed["vehicle"]] = failed["row"]
    last = np.minimum(last, failed_row[boarded["vehicle"]])
    return request, boarded["vehicle"], boarded["row"], last


def _on_board(
    key: Int64s, floor: Int64s, ride_floor: Int64s, first_row: Int64s, last_row: Int64s, weight: Int64s
) -> Int64s:
    """Sum of the weights of rides that are under way at each leg.

    Parameters
    ----------
    key
        int64, shape (n,), rising: vehicle * span + row of each leg; `floor` is its vehicle * span.
    ride_floor
        int64, shape (r,). vehicle * span of each ride.
    """
    changes = np.concatenate((ride_floor + first_row, ride_floor + last_row))
    order = np.argsort(changes, kind="stable")
    changes = changes[order]
    total = np.append(0, np.cumsum(np.concatenate((weight, -weight))[order]))
    found: Int64s = total[np.searchsorted(changes, key)] - total[np.searchsorted(changes, floor)]
    return found


def _refuse_strangers(seq: Int64s, vehicle: Int64s, fleet: int) -> None:
    for bad in np.flatnonzero((vehicle < 0) | (vehicle >= fleet))[:1]:
        raise JournalError(
            f"record {seq[bad]} names vehicle {vehicle[bad]}; the header's fleet has numbers 0 to {fleet - 1}"
        )
