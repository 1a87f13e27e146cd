"""One simulated day, from a prepared scenario and a seed to its journal."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from time import process_time
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from maas.dispatch.dispatcher import Dispatcher
from maas.metrics import metrics_of, riders_table
from maas.service_definition import ServiceDefinition
from maas.store.journal import FORMAT, Journal, JournalHeader
from scenarios.choice_section import ChoiceRules
from scenarios.demand import draw_demand
from scenarios.demand_day import PURPOSES, DemandDay, jittered
from scenarios.demand_model import DemandModel
from scenarios.prepared import PreparedScenario, RecordedDemand
from scenarios.service_days import date_of
from scenarios.traffic import SLOT_S
from scenarios.weighed_outings import Settling, WeighedOutings
from simulation.choice_day import choice_figures, with_instead
from simulation.drivers import Drivers
from simulation.engine import Engine
from simulation.errors import StudyError
from simulation.phone_day import PhoneFigures, through_the_phone
from simulation.riders import Riders
from simulation.road_news import RoadNews
from simulation.roads import PlannedRoads, Roads, TrafficRoads


@dataclass(frozen=True, eq=False, slots=True)
class DayChoices:
    """How people chose on a day.

    Parameters
    ----------
    weighed, rules, settling
        The outings, and how they were weighed.
    instead
        int32, shape (requests,). The way that each request would have been made without the service.
    """

    weighed: WeighedOutings
    rules: ChoiceRules
    settling: Settling | None
    instead: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class DayRun:
    """A day that was simulated.

    Parameters
    ----------
    journal
        What happened.
    seed
        What it was drawn with.
    cpu_s
        CPU seconds of this process from the first command to the last event, without preparation or writing.
    request_count
        Requests that reached the service.
    phone
        What happened on the phone; None where the scenario has no call centre.
    choices
        How people chose; None where nobody chooses.
    """

    journal: Journal
    seed: int
    cpu_s: float
    request_count: int
    phone: PhoneFigures | None = None
    choices: DayChoices | None = None

    def figures(self) -> dict[str, Any]:
        """The figures of the journal as `Metrics.to_json` has them; with a call centre, `call_centre` too;
        where people choose, `choice`."""
        found = metrics_of(self.journal).to_json()
        if self.phone is not None:
            found |= {"call_centre": self.phone.beside(found)}
        if self.choices is not None:
            made = self.choices
            figures = choice_figures(made.weighed, made.rules, made.settling, self.requests())
            found |= {"choice": figures.to_json()}
        return found

    def requests(self) -> pd.DataFrame:
        """One row a request (`riders_table`); where people choose, with `instead`."""
        found = riders_table(self.journal)
        return found if self.choices is None else with_instead(found, self.choices.instead)


@dataclass(frozen=True, slots=True)
class Disturbance:
    """A vehicle (by position in the fleet) that fails at a second of the service day."""

    at_s: int
    vehicle: int


def run_day(
    prepared: PreparedScenario,
    seed: int,
    *,
    jitter_s: int = 0,
    breakdowns: tuple[Disturbance, ...] = (),
) -> DayRun:
    """Simulate one day.

    Parameters
    ----------
    seed
        Keys every draw: who travels, how riders behave, and the traffic. The seed of a date
        (`scenarios.service_days`) simulates that date.
    jitter_s
        Shift each request by up to this many seconds either way (recorded demand).
    breakdowns
        Vehicles that fail.

    Raises
    ------
    StudyError
        Where people choose and have yet to learn what to expect (`simulation.expectations.settled`).
    """
    model = prepared.demand
    choice = model.choice if isinstance(model, DemandModel) else None
    if choice is not None and choice.rules.rounds and choice.settling is None:
        raise StudyError(
            f"{prepared.name}: people have not learned yet what to expect; give settled(prepared), or"
            " choice.learning.rounds = 0"
        )
    prepared = on_its_date(prepared, seed)
    return simulated_day(prepared, seed, jitter_s=jitter_s, breakdowns=breakdowns)


def on_its_date(prepared: PreparedScenario, seed: int) -> PreparedScenario:
    """The scenario on the date that a seed stands for, with the demand of its weekday; as it is where the
    seed stands for none (`scenarios.service_days`). What idle vehicles and riders expect stays as it is.

    Raises
    ------
    ScenarioError
        When more requests are wished on that weekday than the people of the city can make.
    """
    day = date_of(seed)
    if day is None:
        return prepared
    demand = prepared.demand
    if isinstance(demand, DemandModel):
        demand = demand.on_weekday(date.fromisoformat(prepared.date).weekday(), day.weekday())
    return replace(prepared, date=day.isoformat(), demand=demand)


def simulated_day(
    prepared: PreparedScenario,
    seed: int,
    *,
    jitter_s: int = 0,
    breakdowns: tuple[Disturbance, ...] = (),
) -> DayRun:
    """`run_day` by whatever people expect by now."""
    model = prepared.demand
    weighed = model.weighed(seed) if isinstance(model, DemandModel) else None
    day = (draw_demand(prepared, seed) if weighed is None else weighed.requests()).asking()
    if jitter_s:
        day = jittered(day, jitter_s, seed)
    phone = None
    if prepared.call_centre is not None:
        day, phone = through_the_phone(day, prepared.call_centre, seed, _travellers(prepared, day))
    dispatcher, cpu_s = simulate(prepared, day, roads_of(prepared, seed), breakdowns)
    header = JournalHeader(
        format=FORMAT,
        date=prepared.date,
        title=prepared.title_en,
        network_hash=prepared.network.hash,
        scenario_hash=prepared.scenario_hash,
        seed=seed,
        areas=prepared.areas,
        purposes=PURPOSES,
        service=prepared.service,
        speed_profiles=prepared.roads.profiles,
    )
    journal = Journal.from_records(header, dispatcher.records, prepared.network.node_id)
    choices = None
    if weighed is not None and isinstance(model, DemandModel) and model.choice is not None:
        instead = weighed.instead_of(day.rider)
        choices = DayChoices(weighed, model.choice.rules, model.choice.settling, instead)
    return DayRun(journal, seed, cpu_s, len(day), phone, choices)


def _travellers(prepared: PreparedScenario, day: DemandDay) -> npt.NDArray[np.int64] | None:
    """Whose request each one is; None where that was not recorded. See `Trips.rider`."""
    return None if isinstance(prepared.demand, RecordedDemand) else day.rider // 2


def simulate(
    prepared: PreparedScenario,
    day: DemandDay,
    roads: Roads,
    breakdowns: tuple[Disturbance, ...] = (),
) -> tuple[Dispatcher, float]:
    """Run the given riders over the given roads; returns the dispatcher with its records, and the CPU seconds
    it took."""
    dispatcher = Dispatcher(prepared.service, prepared.roads, prepared.network.node_id)
    riders = Riders(day)
    drivers = Drivers(
        dispatcher,
        roads,
        riders,
        prepared.service.rules.no_show_wait_s,
        [(failure.at_s, failure.vehicle) for failure in breakdowns],
    )
    engine = Engine(dispatcher, riders, drivers, RoadNews(prepared.road_changes))
    with _quiet_collector():
        begun = process_time()
        engine.run()
        return dispatcher, process_time() - begun


def roads_of(prepared: PreparedScenario, seed: int) -> Roads:
    """The roads of a day: as planned, or with the traffic that the seed draws."""
    if prepared.traffic is None:
        return PlannedRoads(prepared.roads)
    return TrafficRoads(prepared.roads, prepared.traffic.realised_factors(seed), SLOT_S)


def warm_up(prepared: PreparedScenario) -> None:
    """Compile (or load) every kernel that a day of this scenario runs, on a few of its own requests, under
    both policies' searches."""
    prepared.travel_times.warm_up()
    day = draw_demand(prepared, 0).asking()
    few = day.take(slice(0, 12))  # type: ignore[arg-type]
    simulate(prepared, few, roads_of(prepared, 0))
    eager = replace(prepared, service=_eager(prepared.service))
    dispatcher, _ = simulate(eager, few, roads_of(prepared, 0), (Disturbance(prepared.horizon[0], 0),))
    # As if other roads held from the end of that day on.
    routes, last_s = dispatcher.state.routes, max(dispatcher.last_s or 0, prepared.horizon[1])
    routes.plan_all(last_s)
    routes.switch(routes.travel, last_s)


def _eager(service: ServiceDefinition) -> ServiceDefinition:
    return replace(service, rules=replace(service.rules, offers_max=3))


@contextmanager
def _quiet_collector() -> Iterator[None]:
    """Cyclic garbage collection off: a day makes many tuples and no cycles, and scanning them cost 40-60 % of
    a run. What is garbage before is left to the collections between days: a full one before each day cost as
    much as a Sakura day with its tables and figures."""
    was_enabled = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()
