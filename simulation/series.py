"""What to simulate: one scenario or workload, how many days, from which seed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from maas import rolling_horizon
from maas.domain.errors import ServiceDefinitionError
from maas.domain.planning_rules import Batching, Replanning, SoftLimits
from maas.service_definition import POLICIES
from scenarios.loading import load_scenario
from scenarios.preparation import prepare, prepare_workload, text_hash
from scenarios.prepared import PreparedScenario, RecordedDemand
from scenarios.study_definition import MAX_REPLICATIONS, MAX_SEED
from scenarios.traffic import TrafficModel
from simulation.errors import StudyError
from simulation.idle_choice import IdleChoice
from simulation.promise_choice import PromiseChoice

MAX_JITTER_S = 86_400
MAX_TRAFFIC_PERCENT = 100


class Phase(StrEnum):
    """What a run is doing, in this order."""

    ROADS = "roads"
    KERNELS = "kernels"
    LEARNING = "learning"
    DAYS = "days"


Report = Callable[[Phase, int, int], None]
"""Told about progress: the phase, how much of it is done, and of how much (0 = nobody knows)."""


def silent(phase: Phase, done: int, total: int) -> None:
    """The report of whoever does not want to know."""


@dataclass(frozen=True, slots=True)
class ScenarioChoice:
    """A shipped scenario by name or a scenario file, as it stands or under another policy, with idle
    vehicles that wait elsewhere, or with promises that are planned more or less surely."""

    name_or_path: str
    policy: str | None = None
    idle: IdleChoice | None = None
    replanning: Replanning | None = None
    promise: PromiseChoice | None = None
    batching: Batching | None = None
    soft_limits: SoftLimits | None = None

    def __post_init__(self) -> None:
        _check_policy(self.policy, self.replanning, self.batching)

    @property
    def name(self) -> str:
        """Short name of the outcome: that of the scenario, and what was chosen beside it."""
        return _name(Path(self.name_or_path).stem, self.policy, self.idle, self.promise, self.soft_limits)

    def to_json(self) -> dict[str, Any]:
        """The choice without the folders of this machine."""
        return {
            "scenario": Path(self.name_or_path).name,
            "policy": self.policy,
            "idle": None if self.idle is None else asdict(self.idle),
            "replanning": None if self.replanning is None else asdict(self.replanning),
            "promise": None if self.promise is None else asdict(self.promise),
            "batching": None if self.batching is None else asdict(self.batching),
            "soft_limits": None if self.soft_limits is None else asdict(self.soft_limits),
        }

    def prepare(self, report: Report = silent) -> PreparedScenario:
        """Everything the simulation of a day needs; travel times come from the cache where they are there."""
        prepared = prepare(
            load_scenario(self.name_or_path), progress=lambda done, total: report(Phase.ROADS, done, total)
        )
        if self.policy is not None:
            prepared = under_policy(prepared, self.policy, self.replanning or self.batching)
        return _chosen(prepared, self.idle, self.promise, self.soft_limits)


@dataclass(frozen=True, slots=True)
class WorkloadChoice:
    """A workload folder and the rules it is served by.

    Parameters
    ----------
    max_wait_s
        Latest arrival of the vehicle after the request.
    detour_alpha, detour_beta_s
        Latest arrival at the drop-off: request + alpha * direct + beta.
    stop_s
        Length of a visit.
    traffic_percent
        Standard deviation of driving times, of every road class and quarter of an hour; 0 = exact.
    idle
        Where idle vehicles wait; None = where they are.
    replanning
        How `rolling_horizon` improves routes; None = as it does by default.
    promise
        How surely promises are planned; None = by means.
    batching
        How `batch` gathers requests; None = as it does by default.
    soft_limits
        What trips beyond the limits cost; None = they are refused.
    """

    folder: str
    policy: str = "insertion"
    max_wait_s: int = 600
    detour_alpha: float = 1.3
    detour_beta_s: int = 400
    stop_s: int = 60
    traffic_percent: int = 0
    idle: IdleChoice | None = None
    replanning: Replanning | None = None
    promise: PromiseChoice | None = None
    batching: Batching | None = None
    soft_limits: SoftLimits | None = None

    def __post_init__(self) -> None:
        _check_policy(self.policy, self.replanning, self.batching)
        for name, value in (
            ("longest wait", self.max_wait_s),
            ("detour seconds", self.detour_beta_s),
            ("stop time", self.stop_s),
        ):
            if not 0 <= value <= MAX_JITTER_S:
                raise StudyError(f"{name} is {value} s; give 0 to {MAX_JITTER_S}")
        if not 0 <= self.traffic_percent <= MAX_TRAFFIC_PERCENT:
            raise StudyError(f"traffic spreads by {self.traffic_percent} %; give 0 to {MAX_TRAFFIC_PERCENT}")
        if not math.isfinite(self.detour_alpha) or not 0 <= self.detour_alpha <= 100:
            raise StudyError(
                f"detour factor is {self.detour_alpha}; give a figure from 0 to 100, for example 1.3"
            )

    @property
    def name(self) -> str:
        """Short name of the outcome: that of the folder, and what was chosen beside it."""
        policy = None if self.policy == "insertion" else self.policy
        stem = Path(self.folder).resolve().name
        return _name(stem, policy, self.idle, self.promise, self.soft_limits)

    def to_json(self) -> dict[str, Any]:
        """The choice without the folders of this machine."""
        return {**asdict(self), "folder": Path(self.folder).resolve().name}

    def prepare(self, report: Report = silent) -> PreparedScenario:
        """Everything the simulation of a day needs; travel times come from the cache where they are there."""
        prepared = prepare_workload(
            self.folder,
            max_wait_s=self.max_wait_s,
            detour_alpha=self.detour_alpha,
            detour_beta_s=self.detour_beta_s,
            stop_s=self.stop_s,
            traffic=TrafficModel.even(self.traffic_percent / 100) if self.traffic_percent else None,
            progress=lambda done, total: report(Phase.ROADS, done, total),
        )
        prepared = under_policy(prepared, self.policy, self.replanning or self.batching)
        return _chosen(prepared, self.idle, self.promise, self.soft_limits)


Choice = ScenarioChoice | WorkloadChoice


@dataclass(frozen=True, slots=True)
class Series:
    """Days of one choice.

    Day r has the seed `seed + r` whatever is chosen, so that all series meet the same riders and traffic.

    Parameters
    ----------
    jitter_s
        Each request is moved by whole seconds in [-jitter_s, +jitter_s], keyed by seed and rider. A recorded
        day is then simulated once more as it was.
    """

    choice: Choice
    replications: int = 1
    seed: int = 1
    jitter_s: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.replications <= MAX_REPLICATIONS:
            raise StudyError(f"replications is {self.replications}; give 1 to {MAX_REPLICATIONS}")
        if not 0 <= self.seed <= MAX_SEED:
            raise StudyError(f"seed is {self.seed}; give a whole number from 0 to {MAX_SEED}")
        if not 0 <= self.jitter_s <= MAX_JITTER_S:
            raise StudyError(f"jitter is {self.jitter_s} s; give 0 to {MAX_JITTER_S}")

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seed of each day."""
        return tuple(range(self.seed, self.seed + self.replications))


def has_original_day(series: Series, prepared: PreparedScenario) -> bool:
    """Whether a recorded day is simulated beside the days made from it."""
    return series.jitter_s > 0 and isinstance(prepared.demand, RecordedDemand)


def repeats_one_day(series: Series, prepared: PreparedScenario) -> bool:
    """Whether nothing differs between the days: recorded requests, exact driving times, no jitter."""
    is_fixed = isinstance(prepared.demand, RecordedDemand) and prepared.traffic is None
    return series.replications > 1 and series.jitter_s == 0 and is_fixed


def _name(
    stem: str,
    policy: str | None,
    idle: IdleChoice | None,
    promise: PromiseChoice | None,
    soft_limits: SoftLimits | None,
) -> str:
    parts = [
        stem,
        *([policy] if policy else []),
        *([f"idle-{idle.follows}"] if idle else []),
        *([f"promise-{promise.quantile_percent}"] if promise else []),
        *(["soft-limits"] if soft_limits else []),
    ]
    return "-".join(parts)


def _chosen(
    prepared: PreparedScenario,
    idle: IdleChoice | None,
    promise: PromiseChoice | None,
    soft_limits: SoftLimits | None,
) -> PreparedScenario:
    """What a scenario or workload says, and in its place what was chosen beside it."""
    if soft_limits is not None:
        prepared = with_soft_limits(prepared, soft_limits)
    if idle is not None:
        prepared = idle.applied(prepared)
    return prepared if promise is None else promise.applied(prepared)


def with_soft_limits(prepared: PreparedScenario, soft_limits: SoftLimits) -> PreparedScenario:
    """The same scenario with nobody refused for the longest wait or the latest arrival.

    Raises
    ------
    StudyError
        When its policy knows no such limits.
    """
    try:
        service = replace(prepared.service, soft_limits=soft_limits)
    except ServiceDefinitionError as error:
        raise StudyError(f"{prepared.name}: {error}") from None
    found = text_hash(prepared.scenario_hash, "soft limits", asdict(soft_limits))
    return replace(prepared, service=service, scenario_hash=found)


def under_policy(
    prepared: PreparedScenario, policy: str, planning: Replanning | Batching | None
) -> PreparedScenario:
    """The same scenario under a policy, which plans as said or, where nothing is said, by its defaults."""
    service = prepared.service
    rules: tuple[Any, ...] = ()
    if policy == rolling_horizon.POLICY:
        service = rolling_horizon.ahead(service, planning if isinstance(planning, Replanning) else None)
        rules = (service.replanning, service.weights, service.repositioning)
    else:
        batching = planning if isinstance(planning, Batching) else None
        if policy == "batch" and batching is None:
            batching = service.batching or Batching()
        service = replace(service, policy=policy, replanning=None, batching=batching)
        rules = () if batching is None else (batching,)
    if service == prepared.service:
        return prepared
    how = [asdict(rule) for rule in rules if rule is not None]
    return replace(prepared, service=service, scenario_hash=text_hash(prepared.scenario_hash, policy, *how))


def _check_policy(policy: str | None, replanning: Replanning | None, batching: Batching | None) -> None:
    if policy is not None and policy not in POLICIES:
        raise StudyError(f"policy is {policy!r}; give one of {', '.join(POLICIES)}")
    if replanning is not None and policy != rolling_horizon.POLICY:
        raise StudyError(f"policy is {policy!r}, which does not replan; give 'rolling_horizon'")
    if batching is not None and policy != "batch":
        raise StudyError(f"policy is {policy!r}, which gathers no requests; give 'batch'")
