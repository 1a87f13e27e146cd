"""The shipped day on which R293 is closed, beside the same day with open roads."""

from __future__ import annotations

import os

import numpy as np
import pytest

from maas.dispatch import codec
from routing.road_book import RoadChange
from scenarios.loading import load_scenario
from scenarios.preparation import prepare
from scenarios.prepared import PreparedScenario
from simulation.replay import fold_journal, refuse_faults
from simulation.run import DayRun, run_day

SEVEN, NINE = 7 * 3600, 9 * 3600
SEED = 1


def day_of(name: str) -> tuple[PreparedScenario, DayRun]:
    prepared = prepare(load_scenario(name))
    return prepared, run_day(prepared, SEED)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[PreparedScenario, DayRun]]:
    """The usual day and the closed one; tables are kept in a cache of their own."""
    usual = os.environ.get("MAAS_CACHE_DIR")
    os.environ["MAAS_CACHE_DIR"] = str(tmp_path_factory.getbasetemp() / "cache")
    try:
        return [day_of(name) for name in ("sakura_on_demand", "sakura_r293_closed")]
    finally:
        if usual is None:
            del os.environ["MAAS_CACHE_DIR"]
        else:
            os.environ["MAAS_CACHE_DIR"] = usual


def legs(run: DayRun) -> list[tuple[int, int, int, int]]:
    """(second of arrival, from, to, metres) of every drive from a stop to the next that began after 07:00,
    places as ids."""
    found, last = [], {v: base.base for v, base in enumerate(run.journal.header.service.vehicles)}
    for _, at, _, events in run.journal.records():
        for event in events:
            if event[0] in (codec.VEHICLE_ARRIVED, codec.VEHICLE_STOOD):
                _, vehicle, place, metres, _ = event
                found.append((at, last[vehicle], place, metres))
                last[vehicle] = place
    return found


def test_both_days_meet_the_same_requests(both: list[tuple[PreparedScenario, DayRun]]) -> None:
    (_, usual), (_, closed) = both
    asked = [
        [row for _, _, row, _ in run.journal.records() if row[0] == codec.REQUEST_TRIP]
        for run in (usual, closed)
    ]
    assert asked[0] == asked[1]
    assert len(asked[0]) == usual.request_count > 50
    assert usual.journal.header.speed_profiles == closed.journal.header.speed_profiles is not None
    assert usual.journal.header.scenario_hash != closed.journal.header.scenario_hash


def test_the_journal_tells_when_which_roads_held(both: list[tuple[PreparedScenario, DayRun]]) -> None:
    (_, usual), (prepared, closed) = both
    assert set(usual.journal.columns(codec.TRAVEL_TIMES_CHANGED)["since_s"].tolist()) == {SEVEN, NINE}
    assert set(closed.journal.columns(codec.TRAVEL_TIMES_CHANGED)["since_s"].tolist()) == {SEVEN, NINE}
    assert len(usual.journal.columns(codec.ROADS_CHANGED)["at"]) == 0
    known = closed.journal.columns(codec.ROADS_CHANGED)
    names = (
        "reference",
        "first_lat_e6",
        "first_lon_e6",
        "last_lat_e6",
        "last_lon_e6",
        "factor_pm",
        "begin_s",
    )
    change = RoadChange(*(int(known[name][0]) for name in names), int(known["end_s"][0]))
    assert prepared.road_changes == ((SEVEN, change),)
    assert known["at"].tolist() == [SEVEN]
    assert prepared.roads.reference_name(change.reference) == "R293"


def test_nobody_drives_the_closed_stretch(both: list[tuple[PreparedScenario, DayRun]]) -> None:
    (open_roads, _), (prepared, closed) = both
    index = {int(place): node for node, place in enumerate(prepared.network.node_id)}
    changes = [change for _, change in prepared.road_changes]
    went_round = 0
    for _, start, place, metres in legs(closed):
        origin, destination = index[start], index[place]
        usual_m = {
            open_roads.roads.travel_times((), at).metres_along(origin, destination) for at in (SEVEN, NINE)
        }
        round_m = {
            prepared.roads.travel_times(changes, at).metres_along(origin, destination) for at in (SEVEN, NINE)
        }
        assert metres not in usual_m - round_m
        went_round += metres in round_m - usual_m
    assert went_round > 5


def test_the_closed_day_serves_its_riders_later_but_serves_them(
    both: list[tuple[PreparedScenario, DayRun]],
) -> None:
    (_, usual), (_, closed) = both
    rides = []
    for run in (usual, closed):
        boarded, alighted = (
            run.journal.columns(kind) for kind in (codec.RIDER_BOARDED, codec.RIDER_ALIGHTED)
        )
        begun = dict(zip(boarded["request"].tolist(), boarded["at"].tolist(), strict=True))
        ended = zip(alighted["request"].tolist(), alighted["arrived_s"].tolist(), strict=True)
        rides.append({request: arrived - begun[request] for request, arrived in ended})
    common = sorted(set(rides[0]) & set(rides[1]))
    assert len(common) >= 0.95 * len(rides[0])
    longer_s = np.array([rides[1][request] - rides[0][request] for request in common])
    assert longer_s.mean() > 5
    assert (np.abs(longer_s) < 30 * 60).all()


def test_the_closed_day_is_decided_again_from_its_journal_alone(
    both: list[tuple[PreparedScenario, DayRun]],
) -> None:
    _, (prepared, closed) = both
    refuse_faults(closed.journal)
    fold_journal(closed.journal, prepared.network, decides_again=True)
