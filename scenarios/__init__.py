"""What is simulated: scenario files, their people, recorded requests and workload folders.

The names below are imported at their first use: `import scenarios` reads no other module.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scenarios.demand import NEVER, PURPOSES, DemandDay, draw_demand, jittered
    from scenarios.errors import RequestFileError, ScenarioError, ScenarioFileError, WorkloadError
    from scenarios.loading import available_scenarios, load_scenario
    from scenarios.preparation import prepare, prepare_workload, scenario_hash
    from scenarios.prepared import PreparedScenario, RecordedDemand
    from scenarios.scenario import Scenario
    from scenarios.streams import generator, uniforms
    from scenarios.traffic import TrafficModel

__all__ = [
    "NEVER",
    "PURPOSES",
    "DemandDay",
    "PreparedScenario",
    "RecordedDemand",
    "RequestFileError",
    "Scenario",
    "ScenarioError",
    "ScenarioFileError",
    "TrafficModel",
    "WorkloadError",
    "available_scenarios",
    "draw_demand",
    "generator",
    "jittered",
    "load_scenario",
    "prepare",
    "prepare_workload",
    "scenario_hash",
    "uniforms",
]

_HOMES = {
    "demand": ("NEVER", "PURPOSES", "DemandDay", "draw_demand", "jittered"),
    "errors": ("RequestFileError", "ScenarioError", "ScenarioFileError", "WorkloadError"),
    "loading": ("available_scenarios", "load_scenario"),
    "preparation": ("prepare", "prepare_workload", "scenario_hash"),
    "prepared": ("PreparedScenario", "RecordedDemand"),
    "scenario": ("Scenario",),
    "streams": ("generator", "uniforms"),
    "traffic": ("TrafficModel",),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"scenarios.{module}"), name)
    raise AttributeError(f"module 'scenarios' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
