"""Outings that are weighed: what each way is worth to whoever goes, which one is taken, what it is worth.

An outing is weighed once, there and back, by the level of service that people expect. Whoever does not take
the service asks it for nothing. Visitors do not choose.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from maas.dispatch.fares import fare_yen
from maas.service_definition import Fares
from routing.travel_times import DenseTravelTimes
from scenarios.access import LineAccess
from scenarios.bus_lines import BusLines
from scenarios.bus_trips import bus_trips
from scenarios.choice_section import ChoiceRules, Four
from scenarios.city import CityMap
from scenarios.demand_day import DemandDay
from scenarios.mode_choice import (
    BUS,
    CAR,
    LIFT,
    MODES,
    SERVICE,
    STAY,
    best_ways,
    gumbel_lots,
    logit_shares,
    logsum_yen,
)
from scenarios.population import PERSON_SEED, holds_licence
from scenarios.streams import uniforms
from scenarios.trips import OUTWARD

NO_CHOICE = -1
"""Way of somebody who did not choose: a visitor."""

Floats = npt.NDArray[np.float64]
Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Expectation:
    """The level of service that people expect, by areas of origin and destination.

    Arrays are float64, shape (areas + 1, areas + 1), row = origin; the last row and column stand for places
    outside.

    Parameters
    ----------
    wait_s
        From the wish to the vehicle.
    ride_ratio
        Time on board over the direct drive.
    served_share
        Chance of a seat.
    """

    wait_s: Floats
    ride_ratio: Floats
    served_share: Floats


def stated_expectation(rules: ChoiceRules, areas: int) -> Expectation:
    """What the scenario says: the same everywhere."""
    shape = (areas + 1, areas + 1)
    return Expectation(
        np.full(shape, rules.expected_wait_s),
        np.full(shape, rules.expected_ride_ratio),
        np.full(shape, rules.expected_served_share),
    )


@dataclass(frozen=True, eq=False, slots=True)
class WeighedOutings:
    """The outings of one day and how each is made.

    Parameters
    ----------
    day
        Everything that would be asked of the service if all took it; visitors too.
    rows
        int64, shape (k,). Row of `day` with the way there of each outing of a resident.
    taken, instead
        int32, shape (k,). Code into `MODES` of the way taken, and of that taken if there were no service.
    shares
        float64, shape (k, 5). Probabilities.
    surplus_yen
        float64, shape (k,). What the service is worth to each: with it less without it, in expectation.
    """

    day: DemandDay
    rows: Int64s
    taken: Int32s
    instead: Int32s
    shares: Floats
    surplus_yen: Floats

    def requests(self) -> DemandDay:
        """The requests of those who take the service, and of visitors."""
        stays_away = self.day.rider[self.rows[self.taken != SERVICE]] // 2
        return self.day.take(~np.isin(self.day.rider // 2, stays_away))

    def instead_of(self, rider: Int64s) -> Int32s:
        """The way that each rider would take without the service, int32; `NO_CHOICE` for visitors."""
        traveller = self.day.rider[self.rows] // 2
        order = np.argsort(traveller, kind="stable")
        if not len(order):
            return np.full(len(rider), NO_CHOICE, np.int32)
        at = np.minimum(np.searchsorted(traveller[order], rider // 2), len(order) - 1)
        found = order[at]
        return np.where(traveller[found] == rider // 2, self.instead[found], NO_CHOICE).astype(np.int32)


@dataclass(frozen=True, eq=False, slots=True)
class ModeChoice:
    """How the residents of a city choose.

    Parameters
    ----------
    rules
        Of the scenario.
    fares
        Of the service.
    city, travel_times
        Where they go.
    lines
        Of the service, where it has lines: nobody weighs it for a way there that none of them serves.
    bus_lines
        None = no bus.
    walking_kph, walking_detour
        By age band; walking distance over straight line.
    expectation
        Of the service.
    settling
        How the expectation came about; None where it is the scenario's own.
    """

    rules: ChoiceRules
    fares: Fares
    city: CityMap
    travel_times: DenseTravelTimes
    lines: tuple[LineAccess, ...]
    bus_lines: BusLines | None
    walking_kph: Four
    walking_detour: float
    expectation: Expectation
    settling: Settling | None = None

    def weighed(self, day: DemandDay, seed: int) -> WeighedOutings:
        """The outings behind everything that a day could ask of the service."""
        rows = np.flatnonzero(day.is_resident & (day.rider % 2 == OUTWARD))
        there = day.take(rows)
        benefit = self.benefits_yen(there)
        lots = gumbel_lots(seed, there.rider // 2)
        spread = self.rules.spread_yen
        taken, instead = best_ways(benefit, spread, lots)
        without = benefit.copy()
        without[:, SERVICE] = -np.inf
        return WeighedOutings(
            day=day,
            rows=rows,
            taken=taken,
            instead=instead,
            shares=logit_shares(benefit, spread),
            surplus_yen=logsum_yen(benefit, spread) - logsum_yen(without, spread),
        )

    def benefits_yen(self, there: DemandDay) -> Floats:
        """What each way of each outing is worth, float64, shape (k, 5): -inf where it is not open.

        Staying is worth 0. The way back is taken to cost what the way there costs, but the expectation of the
        service is that of either direction.

        Parameters
        ----------
        there
            The ways there.
        """
        rules, band, person = self.rules, there.age_band, there.rider // 2
        worth = _by_age(rules.worth_yen, band)
        drive_s = self.travel_times.tables.from_s[there.origin, there.destination].astype(np.float64)
        drive_km = self._metres(there.origin, there.destination) / 1000
        benefit = np.full((len(there), len(MODES)), -np.inf)
        benefit[:, STAY] = 0.0
        benefit[:, SERVICE] = np.where(
            there.knows_service & self._is_served(there),
            worth - _by_age(rules.service_trouble_yen, band) - self._service_yen(there),
            -np.inf,
        )
        by_car_yen = 2 * (rules.yen_per_minute * drive_s / 60 + rules.car_yen_per_km * drive_km)
        has_lift = uniforms(PERSON_SEED, "lift", person)[:, 0] < _by_age(rules.lift_share, band)
        lift = worth - _by_age(rules.lift_trouble_yen, band) - by_car_yen
        benefit[:, LIFT] = np.where(has_lift, lift, -np.inf)
        drives = holds_licence(person, band, rules.licence_share)
        drives &= uniforms(PERSON_SEED, "car", person)[:, 0] < _by_age(rules.car_share, band)
        car = worth - _by_age(rules.car_trouble_yen, band) - by_car_yen
        benefit[:, CAR] = np.where(drives, car, -np.inf)
        bus = bus_trips(
            self.city.network,
            self.bus_lines,
            there.origin,
            there.destination,
            metres_per_s=_by_age(self.walking_kph, band) / 3.6,
            detour=self.walking_detour,
        )
        bus_yen = 2 * (bus.fare_yen + self._minutes_yen(bus.wait_s, bus.walk_s, bus.ride_s))
        by_bus = worth - _by_age(rules.bus_trouble_yen, band) - bus_yen
        benefit[:, BUS] = np.where(there.wheelchairs == 0, by_bus, -np.inf)
        return benefit

    def _is_served(self, there: DemandDay) -> npt.NDArray[np.bool_]:
        """Whether the service goes there at all, bool."""
        if not self.lines:
            return np.ones(len(there), np.bool_)
        by_line = [line.pickup[there.origin] & line.dropoff[there.destination] for line in self.lines]
        return np.asarray(np.any(by_line, axis=0))

    def _service_yen(self, there: DemandDay) -> Floats:
        """Fares and time by the service, and what its refusals would cost, there and back."""
        areas = self.city.area_of_node.astype(np.int64)  # -1 outside: the last row and column
        here, goal = areas[there.origin], areas[there.destination]
        direct_s = self.travel_times.tables.from_s[there.pickup, there.dropoff].astype(np.float64)
        walk_s = (there.walk_to_pickup_s + there.walk_from_dropoff_s).astype(np.float64)
        metres = self._metres(there.pickup, there.dropoff)
        fare = np.array(
            [
                fare_yen(self.fares, int(m), 1, int(band), bool(disabled))
                for m, band, disabled in zip(
                    metres.tolist(), there.age_band.tolist(), there.is_disabled.tolist(), strict=True
                )
            ],
            dtype=np.float64,
        )
        total = 2 * fare
        expected = self.expectation
        for cell in ((here, goal), (goal, here)):
            ride_s = expected.ride_ratio[cell] * direct_s
            total = total + self._minutes_yen(expected.wait_s[cell], walk_s, ride_s)
            total = total + self.rules.refusal_yen * (1.0 - expected.served_share[cell])
        return np.asarray(total)

    def _minutes_yen(self, wait_s: Floats, walk_s: Floats, ride_s: Floats) -> Floats:
        """One way's time in yen."""
        rules = self.rules
        weighted_s = rules.wait_weight * wait_s + rules.walk_weight * walk_s + ride_s
        return np.asarray(rules.yen_per_minute * weighted_s / 60)

    def _metres(self, origin: Int32s, destination: Int32s) -> Floats:
        """Road metres of each pair."""
        along = self.travel_times.metres_along
        pairs = zip(origin.tolist(), destination.tolist(), strict=True)
        return np.array([along(a, b) for a, b in pairs], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Settling:
    """How an expectation came about.

    Parameters
    ----------
    rounds
        Times that it was corrected.
    gap_yen
        Mean difference between what is expected and what is met, over what requests met in the last round.
    is_settled
        Whether that is as small as the scenario asks.
    """

    rounds: int
    gap_yen: float
    is_settled: bool


def _by_age(values: Four, band: Int32s) -> Floats:
    return np.array(values, dtype=np.float64)[band]
