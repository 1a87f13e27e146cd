"""What policy `rolling_horizon` gives a service that says nothing else.

Found on twenty days of Mielec (seeds 101 to 120) and reported on others: `docs/dispatch.md`. Nothing here
knows a city: requests of the last hour and a half tell where vehicles are wanted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from maas.domain.planning_rules import InsertionWeights, Replanning
from maas.service_definition import Repositioning, ServiceDefinition

POLICY: Final = "rolling_horizon"

WEIGHTS: Final = InsertionWeights(wait_16=12, ride_16=6)
"""Half the default price of a wait, three quarters of that of a ride: riders who may change their vehicles
later, and vehicles that stand where they are wanted, shorten waits already."""

IDLE: Final = Repositioning("recent", aim="coverage", empty_cost_percent=150, memory_s=5400)


def ahead(service: ServiceDefinition, replanning: Replanning | None = None) -> ServiceDefinition:
    """The same service under `rolling_horizon`; weights and repositioning of its own stay as they are."""
    return replace(
        service,
        policy=POLICY,
        batching=None,
        replanning=replanning or service.replanning or Replanning(),
        weights=WEIGHTS if service.weights == InsertionWeights() else service.weights,
        repositioning=service.repositioning or IDLE,
    )
