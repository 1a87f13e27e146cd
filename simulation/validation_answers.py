"""A day of a workload by MATSim's definitions: what is compared with its published answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from maas.metrics import riders_table
from scenarios.demand_day import DemandDay
from scenarios.prepared import PreparedScenario, RecordedDemand
from simulation.run import run_day

JITTER_S: Final = 60
"""By how much requests are moved, either way, to see what a figure owes to chance."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Refusals, and means over who was carried: wait until the end of the stop, and time in the vehicle."""

    refused: int
    wait_s: float
    in_vehicle_s: float


def answer_of(prepared: PreparedScenario, seed: int = 0, jitter_s: int = 0) -> Answer:
    """A day by MATSim's definitions."""
    table = riders_table(run_day(prepared, seed, jitter_s=jitter_s).journal)
    done = table[table["status"] == "done"]
    return Answer(
        refused=int((table["status"] == "refused").sum()),
        wait_s=float((done["left_s"] - done["wish_s"]).mean()),
        in_vehicle_s=float(done["in_vehicle_s"].mean()),
    )


def recorded_day(prepared: PreparedScenario) -> DemandDay:
    """The requests of a workload.

    Raises
    ------
    TypeError
        When the demand is not recorded.
    """
    if not isinstance(prepared.demand, RecordedDemand):
        raise TypeError(f"demand of {prepared.name} is not recorded")
    return prepared.demand.day
