"""From a request row to the query that an insertion search understands."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from maas.dispatch import tables as t
from maas.dispatch.codec import Row
from maas.domain.values import TimeKind
from maas.service_definition import BookingRules, ServiceDefinition
from routing import fleet_tables as ft


def limits(
    rules: BookingRules, time_kind: int, wish_s: int, direct_s: int, service_s: int
) -> tuple[int, int, int, int]:
    """(earliest pickup, latest pickup, latest arrival, longest ride; all seconds, 0 = no ride limit) of a
    request.

    The last possible pickup is not cut to what the arrival allows: the search does that exactly.
    """
    ride = 0
    if rules.max_ride_s:
        ride = min(rules.max_ride_s, rules.max_ride_alpha_percent * direct_s // 100 + rules.max_ride_beta_s)
        ride = max(ride, direct_s)
    if time_kind == TimeKind.ARRIVE_BY:
        latest_pickup = wish_s - direct_s - service_s
        return latest_pickup - rules.arrive_early_s, latest_pickup, wish_s, ride
    latest_dropoff = wish_s + rules.detour_alpha_percent * direct_s // 100 + rules.detour_beta_s
    return wish_s, wish_s + rules.max_wait_s, latest_dropoff, ride


def service_s(rules: BookingRules, wheelchairs: int) -> int:
    """Length of the visit that a party needs, seconds."""
    return max(rules.stop_s, rules.wheelchair_stop_s) if wheelchairs else rules.stop_s


def fill_ask(
    ask: NDArray[np.int64],
    service: ServiceDefinition,
    trip: tuple[int, int, int],
    window: tuple[int, int, int, int],
    party: tuple[int, int],
    now: int,
    hold_s: int,
) -> None:
    """Write a query: `trip` as (request, origin, destination), limits as from `limits`, party as (seats,
    wheelchairs)."""
    earliest, latest_pickup, latest_dropoff, ride = window
    seats, chairs = party
    as_of = now + hold_s
    ask[:] = (
        *trip, earliest, latest_pickup, latest_dropoff, ride, seats, chairs,
        service_s(service.rules, chairs), earliest, service.weights.wait_16, service.weights.ride_16, now,
        as_of, 1 if hold_s else 0,
        0 if service.waiting is None else 16 * service.waiting.idle_cost_percent // 100,
    )  # fmt: skip


def fill_ask_of_row(
    ask: NDArray[np.int64],
    service: ServiceDefinition,
    request: int,
    row: Row,
    promise: tuple[int, int, int],
    now: int,
) -> None:
    """The query of a request whose offer or booking promises (earliest, latest pickup, latest arrival)."""
    earliest, latest, arrive_by = promise
    fill_ask(
        ask, service, (request, row[t.ORIGIN], row[t.DESTINATION]),
        (earliest, latest, arrive_by, row[t.MAX_RIDE]),
        (row[t.SEATS], row[t.CHAIRS]), now, 0,
    )  # fmt: skip
    ask[ft.ASK_WISH] = row[t.EARLIEST]
