"""The hierarchy answers what a search a target answers: whole towns and whole days, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from routing.hierarchy_times import HierarchyTravelTimes
from routing.road_book import RoadBook
from routing.speed_profiles import DAY_S
from routing.travel_times import DenseTravelTimes
from scenarios.loading import load_scenario
from scenarios.preparation import prepare, prepare_workload
from scenarios.prepared import PreparedScenario
from simulation.run import run_day

NIGHT_S = 3 * 3600
"""When planned times hold as they are."""

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


def roads_of(town: PreparedScenario, least_nodes: int, monkeypatch: pytest.MonkeyPatch) -> RoadBook:
    """Tables of the town at every hour, made by the hierarchy from so many nodes on."""
    monkeypatch.setattr("routing.target_trees._HIERARCHY_FROM", least_nodes)
    network = town.travel_times.network
    roads = RoadBook(network, DenseTravelTimes.build(network), town.roads.profiles)
    roads.prepare((), *town.horizon)
    return roads


@TOWNS
def test_all_pairs_have_the_same_seconds_and_canonical_paths_and_a_day_leaves_the_same_bytes(
    load: Callable[[], PreparedScenario], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    town = load()
    network = town.travel_times.network
    books = [roads_of(town, network.node_count + least, monkeypatch) for least in (1, 0)]
    moments = [town.horizon[0], *range(0, DAY_S, 3600)]
    for moment in moments:
        searched_then, swept_then = (book.tables((), moment) for book in books)
        for name in ("to_s", "from_s", "next_arc"):  # next arcs of all pairs: all canonical paths
            assert np.array_equal(getattr(searched_then, name), getattr(swept_then, name)), (name, moment)
    searched = DenseTravelTimes(network, books[0].tables((), NIGHT_S))

    # Asked pair by pair, and from everywhere to some: the tables above hold all pairs already.
    asked = HierarchyTravelTimes.build(network)
    generator = np.random.default_rng(20261123)
    everywhere = np.arange(network.node_count)
    some = generator.choice(everywhere, min(network.node_count, 400), replace=False)
    assert np.array_equal(asked.matrix(everywhere, some), searched.tables.from_s[:, some])
    assert np.array_equal(asked.matrix(some, everywhere), searched.tables.from_s[some])
    for origin, destination in generator.integers(0, network.node_count, (1000, 2)).tolist():
        assert asked.seconds(origin, destination) == searched.seconds(origin, destination)
        arcs = asked.path_arcs(origin, destination)
        assert np.array_equal(arcs, searched.path_arcs(origin, destination)), (origin, destination)

    for file, book in zip(("searched", "swept"), books, strict=True):
        times = book.travel_times((), NIGHT_S)
        run_day(replace(town, travel_times=times, roads=book), 1).journal.write(tmp_path / f"{file}.parquet")
    written = [(tmp_path / f"{file}.parquet").read_bytes() for file in ("searched", "swept")]
    assert written[0] == written[1]
