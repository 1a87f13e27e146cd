"""From a scenario or a workload folder to everything a simulation needs."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import platformdirs

from maas.domain.errors import ServiceDefinitionError
from maas.service_definition import Fares, ServiceDefinition
from routing.network import ROAD_CLASSES
from routing.road_book import RoadBook
from routing.travel_times import DenseTravelTimes
from scenarios.access import LineAccess, ServiceAccess, Stops
from scenarios.bus_lines import load_bus_lines
from scenarios.city import CityMap, Locator, city_of_network_file, embedded_city, embedded_stops
from scenarios.demand_model import DemandModel, build_demand_model
from scenarios.errors import ScenarioFileError
from scenarios.fleets import service_definition, zone_nodes
from scenarios.forecasts import expected_requests
from scenarios.people_sections import ModelledDemand, Population
from scenarios.phone_calls import CallCentreRules
from scenarios.prepared import PreparedScenario, RecordedDemand
from scenarios.recorded import read_requests
from scenarios.roads import road_book_of, road_messages
from scenarios.scenario import EMBEDDED, Scenario
from scenarios.service_sections import OnDemandService, ScheduledService
from scenarios.stated import DAY_S
from scenarios.traffic import TrafficModel
from scenarios.walking import Walking, at_stops
from scenarios.weighed_outings import ModeChoice, stated_expectation
from scenarios.workload import read_workload, workload_service

Progress = Callable[[int, int], None]

WORKLOAD_DATE = "2026-11-24"
_LEAST_STOPS = 2


def cache_folder() -> Path:
    """Where travel times are kept between runs: below `MAAS_CACHE_DIR`, or below the user's cache folder."""
    base = os.environ.get("MAAS_CACHE_DIR") or platformdirs.user_cache_dir("maas")
    return Path(base) / "travel_times"


def prepare(scenario: Scenario, *, progress: Progress | None = None) -> PreparedScenario:
    """A scenario ready to run.

    Parameters
    ----------
    progress
        Called with what is done and how much there is while travel times are computed for the first time.

    Raises
    ------
    ScenarioFileError
        When the scenario names what its city does not have.
    RequestFileError
        When its recorded requests have a bad line.
    """
    city = city_of(scenario)
    service = service_of(scenario, city)
    stops = stops_of(scenario, city)
    section = scenario.demand
    demand: DemandModel | RecordedDemand
    recorded = ""
    if isinstance(section, ModelledDemand):
        if scenario.population is None or not city.towns:
            raise ScenarioFileError(
                f'{scenario.file}: demand.kind is "model", but {city.network.title} has no towns with people;'
                f' give city.network = "{EMBEDDED}" or demand.kind = "recorded" with a file'
            )
        travel_times = DenseTravelTimes.cached(city.network, cache_folder(), progress)
        choice = _choice(scenario, section, city, travel_times, service.fares)
        demand = _modelled(scenario, section, scenario.population, city, travel_times, stops, choice)
    else:
        path = Path(scenario.file).parent / section.file
        day = read_requests(path, city, scenario.city.snap_limit.metres)
        travel_times = DenseTravelTimes.cached(city.network, cache_folder(), progress)
        demand = RecordedDemand(
            day if stops is None else at_stops(day, city.network, stops.nodes, stops.walking)
        )
        recorded = hashlib.sha256(path.read_bytes()).hexdigest()
    roads = road_book_of(scenario, travel_times, cache_folder())
    road_changes = road_messages(scenario, roads)
    horizon = scenario.horizon.seconds
    roads.prepare([change for _, change in road_changes], min(horizon[0], 0) - DAY_S, horizon[1], progress)
    prepared = PreparedScenario(
        name=scenario.name,
        title_en=scenario.title.en,
        title_ja=scenario.title.ja,
        scenario_hash=scenario_hash(scenario, city.network.hash, recorded),
        network=city.network,
        travel_times=travel_times,
        service=service,
        roads=roads,
        road_changes=road_changes,
        traffic=_traffic(scenario),
        demand=demand,
        horizon=horizon,
        date=scenario.date,
        areas=city.areas,
        call_centre=_call_centre(scenario),
    )
    return _repositioned(prepared, scenario)


def _repositioned(prepared: PreparedScenario, scenario: Scenario) -> PreparedScenario:
    """The same with idle vehicles that wait as the scenario says: a forecast is drawn from its demand."""
    service = scenario.service
    section = service.repositioning if isinstance(service, OnDemandService) else None
    if section is None:
        return prepared
    forecast = expected_requests(prepared) if section.follows == "forecast" else ()
    try:
        rule = section.rule(forecast)
    except ServiceDefinitionError as error:
        raise ScenarioFileError(f"{scenario.file}: service.repositioning: {error}") from None
    return replace(prepared, service=replace(prepared.service, repositioning=rule))


def prepare_workload(
    folder: Path | str,
    *,
    max_wait_s: int,
    detour_alpha: float,
    detour_beta_s: int,
    stop_s: int,
    traffic: TrafficModel | None = None,
    progress: Progress | None = None,
) -> PreparedScenario:
    """A workload folder under the rules of the workloads: exact driving times unless there is `traffic`, each
    request at its own time.

    Raises
    ------
    WorkloadError
        When the folder cannot be used; names file and line.
    """
    path = Path(folder)
    workload = read_workload(path)
    name = path.resolve().name
    service = workload_service(
        workload,
        name,
        max_wait_s=max_wait_s,
        detour_alpha=detour_alpha,
        detour_beta_s=detour_beta_s,
        stop_s=stop_s,
    )
    day = workload.day
    first = [v.start_s for v in workload.vehicles] + day.wish_s.tolist()
    last = [v.end_s for v in workload.vehicles] + day.wish_s.tolist()
    rows = [day.rider.tolist(), day.wish_s.tolist(), day.origin.tolist(), day.destination.tolist()]
    travel_times = DenseTravelTimes.cached(workload.network, cache_folder(), progress)
    return PreparedScenario(
        name=name,
        title_en=f"Workload {name}",
        title_ja=f"ワークロード {name}",
        scenario_hash=text_hash(
            asdict(service), rows, workload.network.hash, *([asdict(traffic)] if traffic else [])
        ),
        network=workload.network,
        travel_times=travel_times,
        service=service,
        roads=RoadBook(workload.network, travel_times),
        road_changes=(),
        traffic=traffic,
        demand=RecordedDemand(day),
        horizon=(min(first), max(last)),
        date=WORKLOAD_DATE,
        areas=(name,),
    )


def scenario_hash(scenario: Scenario, network_hash: str, recorded_hash: str = "") -> str:
    """SHA-256 (hex) of what a scenario says, of its network and of its recorded requests.

    Two files that say the same in another order or spread over other parents have one hash.
    """
    return text_hash(scenario.model_dump(mode="json", by_alias=True), network_hash, recorded_hash)


def text_hash(*parts: object) -> str:
    """SHA-256 (hex) of values that JSON can write, keys sorted."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def city_of(scenario: Scenario) -> CityMap:
    """The city that a scenario names: the embedded one, or the network of a file."""
    name = scenario.city.network
    if name == EMBEDDED:
        return embedded_city()
    return city_of_network_file(Path(scenario.file).parent / name, f"{scenario.file}: city.network")


def service_of(scenario: Scenario, city: CityMap) -> ServiceDefinition:
    """The service of a scenario as the dispatcher knows it.

    Raises
    ------
    ScenarioFileError
        When the section names a place or an area that the city does not have, or contradicts itself.
    """
    locator = Locator(city, scenario.file, scenario.city.snap_limit.metres)
    calls = _call_centre(scenario)
    return service_definition(
        scenario.service,
        city,
        locator,
        scenario.file,
        _traffic(scenario),
        None if calls is None else calls.operators,
    )


def stops_of(scenario: Scenario, city: CityMap) -> Stops | None:
    """Stops of the service of a scenario; None where it comes to the door.

    Raises
    ------
    ScenarioFileError
        When a stop lies far from any road, or there are too few.
    """
    access = scenario.service.access
    locator = Locator(city, scenario.file, scenario.city.snap_limit.metres)
    extra = [
        locator.position(*stop.position.value, key=f"service.access.extra_stops[{i}].position.value")
        for i, stop in enumerate(access.extra_stops)
    ]
    if access.doors == "doors" or scenario.walking is None:
        return None
    generated = embedded_stops() if scenario.city.network == EMBEDDED else np.zeros(0, np.int32)
    nodes = np.unique(np.concatenate((generated, np.array(extra, dtype=np.int32))))
    if len(nodes) < _LEAST_STOPS:
        raise ScenarioFileError(
            f"{scenario.file}: service.access.extra_stops makes {len(nodes)} stops; give at least"
            f' {_LEAST_STOPS}, or doors = "doors"'
        )
    walking = scenario.walking
    limit, speed = walking.limit.value.values, walking.speed.value.values
    return Stops(nodes.astype(np.int32), Walking(limit, speed, walking.detour.value))


def _modelled(
    scenario: Scenario,
    section: ModelledDemand,
    population: Population,
    city: CityMap,
    travel_times: DenseTravelTimes,
    stops: Stops | None,
    choice: ModeChoice | None,
) -> DemandModel:
    section_access = scenario.service.access
    access = ServiceAccess(
        network=city.network,
        stops=stops,
        has_app=section_access.app.value,
        phone_hours=section_access.phone_hours.seconds,
        awareness=section_access.awareness.value,
        lines=_line_access(scenario, city),
        is_for_visitors=section_access.for_visitors.value,
        answer_on_phone_s=section.answer_on_phone.seconds,
        answer_in_app_s=section.answer_in_app.seconds,
        served=_served(scenario, city),
    )
    return build_demand_model(
        city, travel_times, population, section, access, scenario.weekday, scenario.file, choice
    )


def _choice(
    scenario: Scenario,
    section: ModelledDemand,
    city: CityMap,
    travel_times: DenseTravelTimes,
    fares: Fares,
) -> ModeChoice | None:
    """How residents choose; the bus lines are those of the embedded city."""
    if scenario.choice is None or not scenario.choice.is_on or scenario.walking is None:
        return None
    rules = scenario.choice.rules(section.licence_share.value.values)
    walking = scenario.walking
    return ModeChoice(
        rules=rules,
        fares=fares,
        city=city,
        travel_times=travel_times,
        lines=_line_access(scenario, city),
        bus_lines=load_bus_lines(city) if scenario.city.network == EMBEDDED else None,
        walking_kph=walking.speed.value.values,
        walking_detour=walking.detour.value,
        expectation=stated_expectation(rules, len(city.areas)),
    )


def _served(scenario: Scenario, city: CityMap) -> npt.NDArray[np.bool_] | None:
    name = scenario.service.access.area
    if name is None:
        return None
    served = np.zeros(city.network.node_count, np.bool_)
    served[city.area_nodes(city.area(name, f"{scenario.file}: service.access.area"))] = True
    return served


def _line_access(scenario: Scenario, city: CityMap) -> tuple[LineAccess, ...]:
    service = scenario.service
    if not isinstance(service, ScheduledService):
        return ()
    masks = {name: np.zeros(city.network.node_count, np.bool_) for name in (z.name for z in service.zones)}
    for name, nodes in zone_nodes(service, city, scenario.file).items():
        masks[name][nodes] = True
    return tuple(
        LineAccess(
            masks[line.pickup_zone],
            masks[line.dropoff_zone],
            line.awareness.value,
            line.max_shift.seconds,
        )
        for line in service.lines
    )


def _call_centre(scenario: Scenario) -> CallCentreRules | None:
    section = scenario.call_centre
    return None if section is None else section.rules(scenario.service.access.phone_hours.seconds)


def _traffic(scenario: Scenario) -> TrafficModel | None:
    if scenario.traffic is None:
        return None
    sigma = scenario.traffic.sigma_by_class.value
    return TrafficModel(tuple(sigma[name] for name in ROAD_CLASSES))
