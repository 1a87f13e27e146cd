"""The latent requests of a day: who travels, when, from where to where, under a scenario and a seed."""

from __future__ import annotations

from scenarios.demand_day import NEVER, PURPOSES, DemandDay, jittered
from scenarios.prepared import PreparedScenario, RecordedDemand

__all__ = ["NEVER", "PURPOSES", "DemandDay", "draw_demand", "jittered"]


def draw_demand(prepared: PreparedScenario, seed: int) -> DemandDay:
    """The latent requests of the day that `seed` stands for; recorded demand is the same for every seed."""
    demand = prepared.demand
    if isinstance(demand, RecordedDemand):
        return demand.day
    return demand.draw(seed)
