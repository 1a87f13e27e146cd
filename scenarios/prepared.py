"""What a simulation is given: a scenario turned into a network, a service, traffic and demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maas.service_definition import ServiceDefinition
from routing.network import Network
from routing.road_book import RoadBook, RoadChange
from routing.travel_times import DenseTravelTimes
from scenarios.demand_day import DemandDay
from scenarios.phone_calls import CallCentreRules
from scenarios.traffic import TrafficModel

if TYPE_CHECKING:
    from scenarios.demand_model import DemandModel


@dataclass(frozen=True, slots=True)
class RecordedDemand:
    """Requests that were recorded or written down: every seed meets the same ones."""

    day: DemandDay


@dataclass(frozen=True, eq=False, slots=True)
class PreparedScenario:
    """A scenario ready to run.

    Parameters
    ----------
    name, title_en, title_ja
        Short name and titles to show.
    scenario_hash
        SHA-256 (hex) of the canonical scenario text and of the network.
    network, travel_times, service
        Roads, planned driving times between all nodes, and the service with its fleet.
    roads
        Planned driving times by the hour, and under the changes of the roads.
    road_changes
        (second at which it becomes known, change), in order.
    traffic
        How real driving times differ from planned ones; None = not at all.
    demand
        What `draw_demand` draws from.
    horizon
        First and last second of the service day that matters; bookings may be earlier.
    date
        Service day, ISO.
    areas
        Names; the index is `DemandDay.area`.
    call_centre
        Who answers the phone; None = every call is answered at once.
    """

    name: str
    title_en: str
    title_ja: str
    scenario_hash: str
    network: Network
    travel_times: DenseTravelTimes
    service: ServiceDefinition
    roads: RoadBook
    road_changes: tuple[tuple[int, RoadChange], ...]
    traffic: TrafficModel | None
    demand: DemandModel | RecordedDemand
    horizon: tuple[int, int]
    date: str
    areas: tuple[str, ...]
    call_centre: CallCentreRules | None = None
