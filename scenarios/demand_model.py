"""Latent requests drawn from the residents and visitors of a city.

Each resident travels on a day with a probability proportional to the rate of their age and licence. One
factor turns rates into probabilities: it is set on the population of the base year so that an average weekday
has the wished number of requests, and is kept for a later population, which then travels as often as the same
people do today.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from maas.service_definition import AGE_BANDS
from routing.travel_times import DenseTravelTimes
from scenarios.access import ServiceAccess
from scenarios.city import CityMap
from scenarios.demand_day import PURPOSES, DemandDay
from scenarios.destinations import NOWHERE, Destinations, build_destinations, choose
from scenarios.errors import ScenarioFileError
from scenarios.people_sections import WEEKDAYS, ModelledDemand, Population
from scenarios.population import Residents, build_residents, residents_by_band
from scenarios.streams import stable_number, uniforms
from scenarios.trips import Travellers, Trips, joined, trips_of
from scenarios.weighed_outings import ModeChoice, WeighedOutings

_CALIBRATION_SEED = 0
_VISITORS_A_TRAIN = 4
_BANDS = len(AGE_BANDS)


@dataclass(frozen=True, eq=False, slots=True)
class DemandModel:
    """Everything that is known before the seed of a day.

    Parameters
    ----------
    city, travel_times, demand
        Where and how people travel.
    residents
        Those who live there, inmates left out.
    destinations, visitor_destinations
        Candidates by purpose, and those of visitors.
    station
        Node at which visitors arrive.
    resident_factor, visitor_factor
        Probability to travel on the day for a resident of rate 1, and for each party of visitors that may
        come.
    access
        How riders meet the service.
    choice
        How residents choose between the service and what else they have; None = all ask for the service.
    """

    city: CityMap
    travel_times: DenseTravelTimes
    demand: ModelledDemand
    residents: Residents
    destinations: dict[str, Destinations]
    visitor_destinations: Destinations
    station: int
    resident_factor: float
    visitor_factor: float
    access: ServiceAccess
    choice: ModeChoice | None = None

    def on_weekday(self, before: int, weekday: int) -> DemandModel:
        """The same people on another weekday (0 = Monday) than the one that the factors are set for.

        Raises
        ------
        ScenarioFileError
            When more requests are wished on that weekday than the people of the city can make.
        """
        change = _day_factor(self.demand, weekday) / _day_factor(self.demand, before)
        if max(self.resident_factor * float(self.residents.rate.max()), self.visitor_factor) * change > 1.0:
            raise ScenarioFileError(
                f"demand.weekday_factor.value gives {WEEKDAYS[weekday]} {change:g} times the requests of"
                f" {WEEKDAYS[before]}, more than the people of the city can make; lower it"
            )
        return replace(
            self, resident_factor=self.resident_factor * change, visitor_factor=self.visitor_factor * change
        )

    def draw(self, seed: int) -> DemandDay:
        """Latent requests of the day that `seed` stands for, as they meet the service."""
        weighed = self.weighed(seed)
        return self._all(seed) if weighed is None else weighed.requests()

    def weighed(self, seed: int) -> WeighedOutings | None:
        """The outings that residents weigh on that day; None where nobody chooses."""
        return None if self.choice is None else self.choice.weighed(self._all(seed), seed)

    def _all(self, seed: int) -> DemandDay:
        return self.access.requests(self.trips(seed), seed)

    def trips(self, seed: int) -> Trips:
        """Latent trips of the day, before any service."""
        u = uniforms(seed, "travels", self.residents.person)[:, 0]
        going = np.flatnonzero(u < self.residents.rate * self.resident_factor)
        parties = _visitor_ids(self.demand)
        u = uniforms(seed, "travels", parties)[:, 0]
        coming = np.flatnonzero(u < self.visitor_factor)
        both = joined([self.travelling(going, seed), self.visiting(coming, seed)])
        return trips_of(both, self.demand, self.travel_times, seed)

    def travelling(self, rows: npt.NDArray[np.int64], seed: int) -> Travellers:
        """What the residents in `rows` do if they travel; none for whom every place is within a walk."""
        demand, who = self.demand, self.residents
        person, band, origin = who.person[rows], who.age_band[rows], who.home[rows]
        u = uniforms(seed, "outing", person, 7)
        names = list(demand.purposes)
        shares = np.array([demand.purposes[name].share.value.values for name in names])
        upper = np.cumsum(shares, axis=0)
        purpose = np.minimum((u[:, 0] >= upper[:, band]).sum(axis=0), len(names) - 1)
        destination = np.full(len(rows), NOWHERE, np.int32)
        for index, name in enumerate(names):
            mine = np.flatnonzero(purpose == index)
            destination[mine] = choose(self.city, self.destinations[name], seed, person[mine], origin[mine])
        sections = [demand.purposes[name] for name in names]
        arrive_by = np.array([s.arrive_by_share.value for s in sections])[purpose]
        stay = np.array([s.stay.seconds for s in sections])[purpose]
        shift = np.array([s.max_shift.seconds for s in sections])[purpose]
        wheelchair = who.uses_wheelchair[rows]
        size = _party(u[:, 5], demand.party_size.value)
        with_companion = (u[:, 6] < demand.companion_share.value).astype(np.int64)
        everybody = Travellers(
            traveller=person,
            origin=origin,
            destination=destination,
            purpose=np.array([PURPOSES.index(name) for name in names], dtype=np.int32)[purpose],
            leave_s=_leave(demand, u[:, 1], u[:, 2]),
            arrives_by=u[:, 3] < arrive_by,
            stay_s=(stay[:, 0] + u[:, 4] * (stay[:, 1] - stay[:, 0])).astype(np.int32),
            shortest_shift_s=shift[:, 0].astype(np.int32),
            longest_shift_s=shift[:, 1].astype(np.int32),
            seats=np.where(wheelchair, with_companion, size).astype(np.int32),
            wheelchairs=wheelchair.astype(np.int32),
            age_band=band,
            area=who.area[rows],
            uses_app=who.uses_app[rows],
            is_disabled=who.is_disabled[rows],
            is_resident=np.ones(len(rows), np.bool_),
        )
        return everybody.take(np.flatnonzero((destination != NOWHERE) & (destination != origin)))

    def visiting(self, rows: npt.NDArray[np.int64], seed: int) -> Travellers:
        """What the parties of visitors in `rows` do if they come."""
        visitors = self.demand.visitors
        party = _visitor_ids(self.demand)[rows]
        first_s, _ = visitors.trains.seconds
        arrival_s = first_s + rows // _VISITORS_A_TRAIN * visitors.headway.seconds
        origin = np.full(len(rows), self.station, np.int32)
        u = uniforms(seed, "outing", party, 4)
        stay_s, shift_s = visitors.stay.seconds, visitors.max_shift.seconds
        upper = np.cumsum(visitors.age_share.value.values)
        destination = choose(self.city, self.visitor_destinations, seed, party, origin)
        none = np.zeros(len(rows), np.bool_)
        everybody = Travellers(
            traveller=party,
            origin=origin,
            destination=destination,
            purpose=np.full(len(rows), PURPOSES.index("hot_spring"), np.int32),
            leave_s=(arrival_s + visitors.walk_out.seconds).astype(np.int32),
            arrives_by=none,
            stay_s=(stay_s[0] + u[:, 0] * (stay_s[1] - stay_s[0])).astype(np.int32),
            shortest_shift_s=np.full(len(rows), shift_s[0], np.int32),
            longest_shift_s=np.full(len(rows), shift_s[1], np.int32),
            seats=_party(u[:, 1], visitors.party_size.value).astype(np.int32),
            wheelchairs=np.zeros(len(rows), np.int32),
            age_band=np.minimum((u[:, 2, None] >= upper).sum(axis=1), _BANDS - 1).astype(np.int32),
            area=np.full(len(rows), self.city.area_of_node[self.station], np.int32),
            uses_app=u[:, 3] < visitors.app_share.value,
            is_disabled=none,
            is_resident=none,
        )
        return everybody.take(np.flatnonzero((destination != NOWHERE) & (destination != origin)))


def build_demand_model(
    city: CityMap,
    travel_times: DenseTravelTimes,
    population: Population,
    demand: ModelledDemand,
    access: ServiceAccess,
    weekday: int,
    where: str,
    choice: ModeChoice | None = None,
) -> DemandModel:
    """The demand model of a city.

    Its factors are set so that an average weekday of the base year has the wished requests; with a choice, so
    many times as many trips of residents are weighed, by people who all go out as often as those of their
    age without a licence: who drives is then a matter of choice.

    Parameters
    ----------
    weekday
        0 = Monday.
    where
        Begins every message: the scenario file.
    choice
        How residents choose; None = all ask for the service.

    Raises
    ------
    ScenarioFileError
        When a section names what the city does not have, or more requests are wished than the residents can
        make.
    """
    walkable_m = demand.walkable.metres
    destinations: dict[str, Destinations] = {
        name: build_destinations(
            city,
            travel_times,
            section.destinations.value,
            section.reach.seconds,
            walkable_m,
            f"{where}: demand.purposes.{name}.destinations",
        )
        for name, section in demand.purposes.items()
    }
    visitors = demand.visitors
    visitor_destinations = build_destinations(
        city,
        travel_times,
        visitors.destinations.value,
        visitors.reach.seconds,
        walkable_m,
        f"{where}: demand.visitors.destinations",
    )
    station = city.place(visitors.station, f"{where}: demand.visitors.station").node

    def model(residents: Residents, resident_factor: float, visitor_factor: float) -> DemandModel:
        return DemandModel(
            city,
            travel_times,
            demand,
            residents,
            destinations,
            visitor_destinations,
            station,
            resident_factor,
            visitor_factor,
            access,
            choice,
        )

    def people(*, is_projected: bool) -> Residents:
        counts = residents_by_band(city, population, where, is_projected=is_projected)
        found = build_residents(city, counts, demand)
        if choice is None:
            return found
        return replace(found, rate=np.array(demand.rate_without_licence.value.values)[found.age_band])

    base = people(is_projected=False)
    wished = demand.latent_requests_per_weekday.value
    weighed = 1.0 if choice is None else choice.rules.outings_per_request
    by_residents, by_visitors = _requests_if_all_travel(model(base, 1.0, 1.0))
    by_choice = wished * weighed * (1.0 - visitors.request_share.value)
    resident_factor = by_choice / by_residents if by_residents else 0.0
    visitor_factor = wished * visitors.request_share.value / by_visitors if by_visitors else 0.0
    day_factor = _day_factor(demand, weekday)
    if max(resident_factor * float(base.rate.max()), visitor_factor) * day_factor > 1.0:
        raise ScenarioFileError(
            f"{where}: demand.latent_requests_per_weekday.value is {wished:g}"
            + (f" times choice.outings_per_request {weighed:g}" if weighed != 1.0 else "")
            + ", more than the people of the city can make at these rates; lower it"
        )
    residents = base
    if population.projection is not None:
        residents = people(is_projected=True)
    return model(residents, resident_factor * day_factor, visitor_factor * day_factor)


def _requests_if_all_travel(model: DemandModel) -> tuple[float, float]:
    """Requests of residents, each weighted by their rate, and of visitors, if everybody travelled."""
    rate = dict(zip(model.residents.person.tolist(), model.residents.rate.tolist(), strict=True))
    rows = np.flatnonzero(model.residents.rate > 0.0)
    going = model.travelling(rows, _CALIBRATION_SEED)
    trips = trips_of(going, model.demand, model.travel_times, _CALIBRATION_SEED)
    by_residents = float(sum(rate[person] for person in trips.traveller.tolist()))
    coming = model.visiting(np.arange(len(_visitor_ids(model.demand))), _CALIBRATION_SEED)
    return by_residents, float(len(trips_of(coming, model.demand, model.travel_times, _CALIBRATION_SEED)))


def _visitor_ids(demand: ModelledDemand) -> npt.NDArray[np.int64]:
    """Identities of the parties that may come: a few for each train, int64."""
    first_s, last_s = demand.visitors.trains.seconds
    trains = (last_s - first_s) // demand.visitors.headway.seconds + 1
    key = stable_number(demand.visitors.station, 24)
    return (1 << 46) + (key << 20) + np.arange(trains * _VISITORS_A_TRAIN, dtype=np.int64)


def _leave(
    demand: ModelledDemand, u_hour: npt.NDArray[np.float64], u_minute: npt.NDArray[np.float64]
) -> npt.NDArray[np.int32]:
    """Wished departures in steps, by the share of each hour."""
    hours = sorted((int(hour), share) for hour, share in demand.outward_hours.value.items())
    upper = np.cumsum([share for _, share in hours])
    index = np.minimum((u_hour[:, None] >= upper).sum(axis=1), len(hours) - 1)
    second = np.array([hour for hour, _ in hours])[index] * 3600 + u_minute * 3600
    step_s = demand.wish_step.seconds
    return np.asarray(np.floor(second / step_s) * step_s, dtype=np.int32)


def _party(u: npt.NDArray[np.float64], shares: tuple[float, ...]) -> npt.NDArray[np.int64]:
    """Party sizes 1, 2, ... by their shares."""
    larger = (u[:, None] >= np.cumsum(shares)).sum(axis=1)
    return np.asarray(np.minimum(larger, len(shares) - 1) + 1, dtype=np.int64)


def _day_factor(demand: ModelledDemand, weekday: int) -> float:
    """Requests of the weekday relative to the mean of Monday to Friday."""
    factors = [demand.weekday_factor.value[name] for name in WEEKDAYS]
    return factors[weekday] / (sum(factors[:5]) / 5)
