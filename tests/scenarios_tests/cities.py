"""Tiny cities with hand-made distances."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from routing.network import RoadClass, build_network
from routing.travel_times import DenseTravelTimes
from scenarios.access import ServiceAccess
from scenarios.city import CityMap, Place, Town
from scenarios.demand_model import DemandModel, build_demand_model
from scenarios.loading import load_scenario
from scenarios.people_sections import ModelledDemand, Population
from scenarios.scenario import Scenario

STEP_M = 400

PARENT = """
extends = "sakura_on_demand"
[population]
residents = { value = 8000, assumption = "tiny" }
[demand]
latent_requests_per_weekday = { value = 100, assumption = "tiny" }
[demand.purposes.station]
destinations = { value = { rail = 1.0 }, assumption = "tiny" }
[demand.purposes.bath]
destinations = { value = { onsen = 1.0 }, assumption = "tiny" }
[demand.visitors]
station = "Station"
destinations = { value = { onsen = 1.0 }, assumption = "tiny" }
"""


def line_city(towns: tuple[str, ...] = ("West", "East"), places: tuple[str, ...] = ()) -> CityMap:
    """Thirty nodes on a line, 400 m and 40 s apart; the western half is one area, the eastern the other.

    People live at nodes 0-4 (West) and 25-29 (East); a shop, a hospital, a clinic, a bath and a station lie
    between. `places` leaves out all places but those named.
    """
    n = 30
    there, back = np.arange(n - 1), np.arange(1, n)
    network = build_network(
        tail=np.concatenate((there, back)),
        head=np.concatenate((back, there)),
        length_m=np.full(2 * (n - 1), STEP_M),
        travel_ms=np.full(2 * (n - 1), 40_000),
        road_class=np.full(2 * (n - 1), int(RoadClass.RESIDENTIAL)),
        lat=np.zeros(n),
        lon=np.arange(n) * float(STEP_M),
        node_id=1_000 + np.arange(n),
        title="Line",
        is_planar=True,
    )
    every = (
        Place("Shop", "shop", 8),
        Place("East shop", "shop", 22),
        Place("Hospital", "hospital", 10),
        Place("Clinic", "clinic", 20),
        Place("Bath", "onsen", 18),
        Place("Station", "rail", 12),
        Place("Halt", "rail", 16),
    )
    known = {"West": Town("West", 0, 2, 6_000, 0.25), "East": Town("East", 1, 27, 2_000, 0.5)}
    homes = {"West": range(5), "East": range(25, 30)}
    return CityMap(
        network=network,
        areas=("West area", "East area"),
        area_of_node=np.where(np.arange(n) < 15, 0, 1).astype(np.int8),
        places=tuple(p for p in every if not places or p.name in places),
        towns=tuple(known[name] for name in towns),
        home_nodes=np.array([node for name in towns for node in homes[name]], np.int32),
        home_town=np.repeat(np.arange(len(towns)), 5).astype(np.int16),
        home_weight=np.full(5 * len(towns), 0.2),
    )


def line_scenario(folder: Path, text: str = "") -> Scenario:
    """The shipped on-demand scenario with purposes that fit the line."""
    (folder / "parent.toml").write_text(PARENT, encoding="utf-8")
    path = folder / "line.toml"
    path.write_text('extends = "parent.toml"\n' + text, encoding="utf-8")
    return load_scenario(path)


def open_access(city: CityMap) -> ServiceAccess:
    """A service that everybody knows and reaches at any time, from door to door."""
    return ServiceAccess(
        network=city.network,
        stops=None,
        has_app=True,
        phone_hours=(0, 86_400),
        awareness=1.0,
        lines=(),
        is_for_visitors=True,
        answer_on_phone_s=(10, 30),
        answer_in_app_s=(20, 180),
    )


def model_of(scenario: Scenario, city: CityMap, access: ServiceAccess | None = None) -> DemandModel:
    """The demand model of a scenario on a tiny city."""
    assert isinstance(scenario.demand, ModelledDemand)
    assert isinstance(scenario.population, Population)
    travel_times = DenseTravelTimes.build(city.network)
    return build_demand_model(
        city,
        travel_times,
        scenario.population,
        scenario.demand,
        access or open_access(city),
        scenario.weekday,
        scenario.file,
    )
