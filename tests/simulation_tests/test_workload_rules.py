"""Whole days of the workloads, executed, against an independent checker of their rules."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from maas.dispatch.codec import (
    BATCH_ANSWERED,
    PLAN_ADOPTED,
    RIDER_ALIGHTED,
    TRIP_ABANDONED,
    TRIP_BOOKED,
    VEHICLE_FAILED,
)
from maas.domain.planning_rules import Batching, Replanning
from maas.store.journal_check import check_journal
from scenarios.preparation import prepare_workload
from scenarios.prepared import PreparedScenario
from simulation.run import DayRun, Disturbance, run_day
from simulation.series import under_policy
from tests.reference.workload_rules import violations, workload_files

WORKLOADS = Path(__file__).resolve().parents[3] / "shared" / "data" / "workloads"

BY_SISR = Replanning(every_s=120, iterations=100, engine="sisr")
BY_ORTOOLS = Replanning(every_s=120, iterations=2, engine="ortools")


def prepared(name: str) -> PreparedScenario:
    if not (WORKLOADS / name).is_dir():
        pytest.skip(f"the workload {name} is not there: ../shared/data/workloads is absent")
    return prepare_workload(WORKLOADS / name, max_wait_s=600, detour_alpha=1.3, detour_beta_s=400, stop_s=60)


def broken_rules(name: str, run: DayRun) -> Sequence[str]:
    files = workload_files(WORKLOADS / name)
    return violations(list(run.journal.records()), files.edges, files.requests, files.vans)


@pytest.mark.parametrize(("name", "least_share"), [("mielec_1.0", 0.97), ("grid20_1k", 0.75)])
@pytest.mark.parametrize(
    "planning", [None, Replanning(every_s=60, iterations=60), BY_SISR, BY_ORTOOLS, Batching()]
)
def test_an_executed_day_keeps_every_rule_of_the_workloads(
    name: str, least_share: float, planning: Replanning | Batching | None
) -> None:
    policy = {type(None): "insertion", Replanning: "rolling_horizon", Batching: "batch"}[type(planning)]
    run = run_day(under_policy(prepared(name), policy, planning), 1)
    assert broken_rules(name, run) == []
    assert check_journal(run.journal) == []
    assert (len(run.journal.columns(PLAN_ADOPTED)["at"]) > 0) == (policy == "rolling_horizon")
    assert (len(run.journal.columns(BATCH_ANSWERED)["at"]) > 0) == (policy == "batch")
    served = len(run.journal.columns(RIDER_ALIGHTED)["at"])
    assert served >= least_share * run.request_count


@pytest.mark.parametrize(
    ("policy", "planning"),
    [
        ("insertion", None),
        ("rolling_horizon", None),
        ("rolling_horizon", BY_SISR),
        ("rolling_horizon", BY_ORTOOLS),
        ("batch", None),
    ],
)
def test_the_same_seed_leaves_the_same_bytes(
    policy: str, planning: Replanning | None, tmp_path: Path
) -> None:
    scenario = under_policy(prepared("mielec_1.0"), policy, planning)
    for name in ("a", "b"):
        run_day(scenario, 3, jitter_s=60).journal.write(tmp_path / f"{name}.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_another_seed_shifts_the_day(tmp_path: Path) -> None:
    scenario = prepared("mielec_1.0")
    days = [run_day(scenario, seed, jitter_s=60).journal.closing_hash for seed in (3, 4)]
    assert days[0] != days[1]


def test_a_failed_vehicle_strands_nobody_while_others_drive() -> None:
    scenario = prepared("mielec_1.0")
    run = run_day(scenario, 1, breakdowns=(Disturbance(43_200, 0), Disturbance(50_000, 4)))
    assert len(run.journal.columns(VEHICLE_FAILED)["at"]) == 2
    assert len(run.journal.columns(TRIP_ABANDONED)["at"]) == 0
    booked = len(run.journal.columns(TRIP_BOOKED)["at"])
    assert len(run.journal.columns(RIDER_ALIGHTED)["at"]) == booked
