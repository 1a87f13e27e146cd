"""Conservation laws of a service day: what every journal has to keep, whatever the policy.

Nobody vanishes, every second of a shift is spent once, every metre is driven once, every yen is paid once.
Each law sets a quantity of the day's books (`maas.ledger`) beside the same quantity computed in another way:
from the metrics, from riders instead of vehicles, or from the service's rules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from maas.dispatch import codec
from maas.dispatch.fares import fare_yen
from maas.domain.values import TripStatus
from maas.ledger import Ledger, ledger_of
from maas.metrics import Metrics, metrics_of, riders_table
from maas.service_definition import AGE_BANDS
from maas.store.journal import Journal
from maas.store.journal_check import check_journal

LAWS: Final[tuple[str, ...]] = ("order", "riders", "time", "distance", "capacity", "money")
"""What is conserved, in the order in which it is checked.

- `order`: everything that `maas.store.journal_check` checks: states, promises, places, vehicles.
- `riders`: every request ends in one class; who boards alights, or was on board of a breakdown.
- `time`: driving, visits, waiting and time out of service make up the shifts; vehicles' and riders' clocks
  show the same time on board.
- `distance`: legs make up the kilometres, empty and with riders; vehicles and riders count the same
  passenger-kilometres; nobody drives faster than `FASTEST_KPH`.
- `capacity`: loads keep every capacity row, counted by persons who are on board.
- `money`: each fare is that of the fare table; fares, cost and public money add up.
"""

FASTEST_KPH: Final = 130
_SHORT_M: Final = 200
"""Legs shorter than this may look fast, because times are rounded to seconds."""


@dataclass(frozen=True, slots=True)
class LawResult:
    """How a journal keeps one law.

    Parameters
    ----------
    law
        One of `LAWS`.
    checked
        How many single comparisons were made.
    figures
        The balance, by name: both sides of what was compared, in seconds, metres, persons and yen.
    breaches
        What does not add up, one sentence each.
    """

    law: str
    checked: int
    figures: dict[str, int]
    breaches: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.breaches


class _Balance:
    """Collects the comparisons of one law."""

    def __init__(self, law: str) -> None:
        self.law = law
        self.checked = 0
        self.figures: dict[str, int] = {}
        self.breaches: list[str] = []

    def equal(self, what: str, found: int, due: int, against: str) -> None:
        """Two ways to one quantity."""
        self.figures[what] = found
        self.holds(found == due, f"{what} are {found}, {against} {due}")

    def holds(self, is_kept: bool, breach: str) -> None:
        self.checked += 1
        if not is_kept:
            self.breaches.append(breach)

    def result(self) -> LawResult:
        return LawResult(self.law, self.checked, self.figures, tuple(self.breaches))


def conservation(journal: Journal) -> tuple[LawResult, ...]:
    """Check every law on a journal, in the order of `LAWS`.

    A journal that breaks the first one gets no further results: nothing can be added up that is out of order.

    Raises
    ------
    JournalError
        When the journal names vehicles or requests that it does not know.
    """
    order = _Balance("order")
    order.checked = len(journal)
    order.breaches = check_journal(journal)
    if order.breaches:
        return (order.result(),)
    ledger, metrics = ledger_of(journal), metrics_of(journal)
    laws: dict[str, Callable[[_Balance, Journal, Ledger, Metrics], None]] = {
        "riders": _riders,
        "time": _time,
        "distance": _distance,
        "capacity": _capacity,
        "money": _money,
    }
    results = [order.result()]
    for name, check in laws.items():
        balance = _Balance(name)
        check(balance, journal, ledger, metrics)
        results.append(balance.result())
    return tuple(results)


def _riders(balance: _Balance, journal: Journal, ledger: Ledger, metrics: Metrics) -> None:
    for fault in ledger.faults:
        balance.holds(False, fault)
    gone = metrics.refused + metrics.declined + metrics.expired
    given_up = metrics.cancelled + metrics.no_shows + metrics.abandoned
    balance.equal("requests", len(ledger.bookings), metrics.requests, "the metrics say")
    balance.equal(
        "request classes", metrics.served + gone + given_up + metrics.unfinished, metrics.requests, "requests"
    )
    balance.equal(
        "boarded persons",
        ledger.boarded,
        ledger.alighted + ledger.stranded + ledger.aboard,
        "alighted, stranded and still on board are",
    )
    balance.equal("alighted persons", ledger.alighted, metrics.served_riders, "served riders are")
    if journal.is_closed:
        balance.equal("persons on board at the end", ledger.aboard, 0, "it should be")


def _time(balance: _Balance, journal: Journal, ledger: Ledger, metrics: Metrics) -> None:
    for vehicle, book in zip(journal.header.service.vehicles, ledger.vehicles, strict=True):
        spent = book.driving_s + book.visiting_s + book.waiting_s + book.failed_s
        shift = vehicle.end_s - vehicle.start_s + book.overtime_s
        balance.holds(
            spent == shift,
            f"vehicle {book.vehicle_id} drove, visited, waited and was out for {spent} s of {shift} s",
        )
    for name in ("driving_s", "visiting_s", "waiting_s", "failed_s", "overtime_s"):
        balance.figures[name] = sum(getattr(book, name) for book in ledger.vehicles)
    balance.equal(
        "driving seconds", balance.figures["driving_s"], round(metrics.driving_hours * 3600), "the legs last"
    )
    on_board = sum(book.load_seconds for book in ledger.vehicles)
    rides = sum((r.end_s - r.begin_s) * r.persons for r in ledger.rides if r.end_s is not None)
    if not ledger.aboard:
        balance.equal("person-seconds on board", on_board, rides, "the rides last")
    table = riders_table(journal)
    done = table[table["status"] == "done"]
    single = {r.request: 0 for r in ledger.rides}
    for ride in ledger.rides:
        single[ride.request] += 1
    alone = done[done["request"].map(single) == 1]
    of_table = int(alone["in_vehicle_s"].sum())
    numbers = set(alone["request"].tolist())
    of_rides = sum(r.end_s - r.begin_s for r in ledger.rides if r.request in numbers and r.end_s is not None)
    balance.equal("ride seconds", of_rides, of_table, "the requests' table has")


def _distance(balance: _Balance, journal: Journal, ledger: Ledger, metrics: Metrics) -> None:
    driven = sum(book.odometer_m for book in ledger.vehicles)
    empty = sum(book.empty_m for book in ledger.vehicles)
    balance.equal("metres driven", driven, round(metrics.vehicle_km * 1000), "the legs make")
    balance.equal("metres driven empty", empty, round(metrics.empty_km * 1000), "the empty legs make")
    of_vehicles = sum(book.load_metres for book in ledger.vehicles)
    of_riders = sum((r.end_m - r.begin_m) * r.persons for r in ledger.rides if r.end_s is not None)
    if not ledger.aboard:
        balance.equal("person-metres", of_vehicles, of_riders, "the riders counted")
    balance.equal(
        "person-metres of legs", round(metrics.passenger_km * 1000), of_vehicles, "the vehicles made"
    )
    for kind in (codec.VEHICLE_ARRIVED, codec.VEHICLE_STOOD, codec.VEHICLE_FAILED):
        legs = journal.columns(kind)
        balance.checked += len(legs["row"])
        fast = (legs["leg_m"] > _SHORT_M) & (legs["leg_m"] * 36 > FASTEST_KPH * 10 * legs["leg_s"])
        for k in np.flatnonzero(fast):
            balance.holds(
                False,
                f"record {legs['seq'][k]}: vehicle {legs['vehicle'][k]} drives {legs['leg_m'][k]} m in"
                f" {legs['leg_s'][k]} s, faster than {FASTEST_KPH} km/h",
            )


def _capacity(balance: _Balance, journal: Journal, ledger: Ledger, metrics: Metrics) -> None:
    service = journal.header.service
    rows = {kind.name: kind.capacity for kind in service.vehicle_types}
    changes: dict[int, list[tuple[int, int, int, int, int]]] = {}
    for number, ride in enumerate(ledger.rides):
        booking = ledger.bookings[ride.request]
        mine = changes.setdefault(ride.vehicle, [])
        mine.append((ride.begin_s, 1, number, booking.seats, booking.wheelchairs))
        if ride.end_s is not None:
            mine.append((ride.end_s, 0, number, -booking.seats, -booking.wheelchairs))
    most = 0
    for vehicle, mine in changes.items():
        seats = chairs = 0
        for at, _, _, more_seats, more_chairs in sorted(mine):
            seats, chairs = seats + more_seats, chairs + more_chairs
            most = max(most, seats + chairs)
            kept = all(
                row.seats * seats + row.wheelchairs * chairs <= row.limit
                for row in rows[service.vehicles[vehicle].vehicle_type]
            )
            balance.holds(
                kept and min(seats, chairs) >= 0,
                f"vehicle {service.vehicles[vehicle].vehicle_id} carries {seats} seated and {chairs}"
                f" wheelchairs at {at} s",
            )
    balance.figures["persons in one vehicle at most"] = most


def _money(balance: _Balance, journal: Journal, ledger: Ledger, metrics: Metrics) -> None:
    service = journal.header.service
    for request, booking in ledger.bookings.items():
        if not booking.fares_yen or not 0 <= booking.age_band < len(AGE_BANDS):
            continue
        due = fare_yen(
            service.fares, booking.direct_m, booking.persons, booking.age_band, booking.is_disabled
        )
        paid = sum(booking.fares_yen)
        balance.holds(paid == due, f"request {request} pays {paid} yen; the fare table says {due}")
    table = riders_table(journal)
    done = table.loc[table["status"] == TripStatus.DONE.name.lower(), "request"].tolist()
    income = sum(sum(ledger.bookings[int(request)].fares_yen) for request in done)
    balance.equal("fares in yen", income, metrics.fares_yen, "the metrics say")
    metres = sum(book.odometer_m for book in ledger.vehicles)
    hours = round(metrics.vehicle_hours * 3600)
    rates = service.costs
    exact = (
        rates.yen_per_vehicle_hour * hours / 3600
        + rates.yen_per_vehicle_km * metres / 1000
        + rates.overhead_yen_per_day
    )
    balance.figures["cost in yen"] = metrics.cost_yen
    balance.holds(
        abs(metrics.cost_yen - exact) <= 1,
        f"cost is {metrics.cost_yen} yen; hours, kilometres and overhead make {exact:.1f}",
    )
    if rates.paid_hours == "shift":
        shifts = sum(vehicle.end_s - vehicle.start_s for vehicle in service.vehicles)
        balance.equal("paid seconds", hours, shifts, "the shifts last")
    balance.equal(
        "public money in yen", metrics.public_money_yen, metrics.cost_yen - income, "cost less fares are"
    )
