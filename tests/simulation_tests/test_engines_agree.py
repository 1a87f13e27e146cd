"""The hierarchy answers what a search a target answers: whole towns and whole days, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from routing.hierarchy_times import HierarchyTravelTimes
from routing.network import Network
from routing.travel_times import DenseTravelTimes
from scenarios.loading import load_scenario
from scenarios.preparation import prepare, prepare_workload
from scenarios.prepared import PreparedScenario
from simulation.run import run_day

WORKLOADS = Path(__file__).resolve().parents[3] / "shared" / "data" / "workloads"


def sakura() -> PreparedScenario:
    return prepare(load_scenario("sakura_on_demand"))


def workload(name: str) -> Callable[[], PreparedScenario]:
    def load() -> PreparedScenario:
        if not (WORKLOADS / name).is_dir():
            pytest.skip(f"the workload {name} is not there: ../shared/data/workloads is absent")
        return prepare_workload(
            WORKLOADS / name, max_wait_s=600, detour_alpha=1.3, detour_beta_s=400, stop_s=60
        )

    return load


TOWNS = pytest.mark.parametrize(
    "load",
    [sakura, workload("mielec_1.0"), workload("grid40_10k")],
    ids=["sakura_on_demand", "mielec_1.0", "grid40_10k"],
)


def dense(network: Network, least_nodes: int, monkeypatch: pytest.MonkeyPatch) -> DenseTravelTimes:
    """Tables made by the hierarchy from so many nodes on."""
    monkeypatch.setattr("routing.target_trees._HIERARCHY_FROM", least_nodes)
    return DenseTravelTimes.build(network)


@TOWNS
def test_all_pairs_have_the_same_seconds_and_canonical_paths_and_a_day_leaves_the_same_bytes(
    load: Callable[[], PreparedScenario], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    town = load()
    network = town.travel_times.network
    searched = dense(network, network.node_count + 1, monkeypatch)
    swept = dense(network, network.node_count, monkeypatch)
    for name in ("to_s", "from_s", "next_arc"):  # next arcs of all pairs: all canonical paths
        assert np.array_equal(getattr(searched.tables, name), getattr(swept.tables, name)), name

    asked = HierarchyTravelTimes.build(network)
    everywhere = np.arange(network.node_count)
    assert np.array_equal(asked.matrix(everywhere, everywhere), searched.tables.from_s)
    generator = np.random.default_rng(20261123)
    for origin, destination in generator.integers(0, network.node_count, (3000, 2)).tolist():
        assert asked.seconds(origin, destination) == searched.seconds(origin, destination)
        arcs = asked.path_arcs(origin, destination)
        assert np.array_equal(arcs, searched.path_arcs(origin, destination)), (origin, destination)

    for file, times in (("searched", searched), ("swept", swept)):
        run_day(replace(town, travel_times=times), 1).journal.write(tmp_path / f"{file}.parquet")
    written = [(tmp_path / f"{file}.parquet").read_bytes() for file in ("searched", "swept")]
    assert written[0] == written[1]
