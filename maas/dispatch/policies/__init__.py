"""Policies: how requests are answered."""

from __future__ import annotations

from maas.dispatch.policies.base import Policy
from maas.dispatch.policies.batch import BatchPolicy
from maas.dispatch.policies.insertion import InsertionPolicy
from maas.dispatch.policies.rolling_horizon import RollingHorizonPolicy
from maas.dispatch.policies.scheduled_runs import ScheduledRunsPolicy
from maas.domain.errors import ServiceDefinitionError


def policy_named(name: str) -> Policy:
    """The policy of that name."""
    match name:
        case "insertion":
            return InsertionPolicy()
        case "batch":
            return BatchPolicy()
        case "rolling_horizon":
            return RollingHorizonPolicy()
        case "scheduled_runs":
            return ScheduledRunsPolicy()
    raise ServiceDefinitionError(
        f"policy is {name!r}; give insertion, rolling_horizon, batch or scheduled_runs"
    )


__all__ = [
    "BatchPolicy",
    "InsertionPolicy",
    "Policy",
    "RollingHorizonPolicy",
    "ScheduledRunsPolicy",
    "policy_named",
]
