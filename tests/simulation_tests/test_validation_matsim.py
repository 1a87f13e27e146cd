"""The day in Mielec, on a ring of links: what is set up as MATSim has it, and what the rows say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from maas.domain.planning_rules import SoftLimits
from maas.i18n.wording import Wording
from maas.service_definition import InsertionWeights
from scenarios.errors import WorkloadError
from scenarios.preparation import prepare_workload
from scenarios.prepared import PreparedScenario
from simulation.validation_matsim import (
    AHEAD_S,
    NO_REFUSALS,
    Answer,
    MielecDays,
    answer_of,
    known_ahead,
    mielec_days,
    on_links,
    recorded_day,
    with_objective,
)
from simulation.validation_matsim_rows import matsim_rows, rows_of
from tests.simulation_tests.study_inputs import RING_NODES, write_workload


@pytest.fixture
def links(tmp_path: Path) -> Path:
    """The ring with names of links: 10 + k leads from node k to the next, 20 + k back; trips start and end on
    those that lead on."""
    folder = write_workload(tmp_path / "links")
    edges, requests, vehicles = (folder / f"{name}.csv" for name in ("edges", "requests", "vehicles"))
    head, *lines = edges.read_text().splitlines()
    named = [f"{line},{10 + k // 2 if k % 2 == 0 else 20 + k // 2}" for k, line in enumerate(lines)]
    edges.write_text("\n".join([f"{head},matsim_link", *named]) + "\n")
    head, *lines = requests.read_text().splitlines()
    before = [(int(node) - 1) % RING_NODES + 10 for line in lines for node in line.split(",")[2:]]
    named = [f"{line},{before[2 * k]},{before[2 * k + 1]}" for k, line in enumerate(lines)]
    requests.write_text("\n".join([f"{head},origin_link,destination_link", *named]) + "\n")
    vehicles.write_text("vehicle,node,t0,t1,capacity,start_link\na,0,0,10000,2,15\nb,3,0,10000,4,12\n")
    return folder


def prepared(folder: Path) -> PreparedScenario:
    return prepare_workload(folder, max_wait_s=600, detour_alpha=1.3, detour_beta_s=400, stop_s=60)


def test_places_are_ends_of_links_and_the_last_link_is_driven(links: Path) -> None:
    made = on_links(prepared(links), links, is_queue=True)
    at = {int(name): spot for spot, name in enumerate(made.network.node_id)}
    assert len(at) == 2 * RING_NODES
    seconds = made.travel_times.seconds
    # Each link takes 60 + 1 s. From the end of 10 (node 1) along 11 and 12 to node 3; to the end of 20, which
    # leads back from node 1 to node 0, at once.
    assert seconds(at[10], at[12]) == 2 * 61
    assert seconds(at[10], at[20]) == 61
    # The end of 12 and of 23 are both node 3: from one to the other along 13 and back, or round the ring.
    assert seconds(at[12], at[23]) == 2 * 61
    assert [vehicle.base for vehicle in made.service.vehicles] == [15, 12]
    day, plain = recorded_day(made), recorded_day(prepared(links))
    assert made.network.node_id[day.origin].tolist() == [
        (node - 1) % RING_NODES + 10 for node in plain.origin
    ]


def test_free_speed_is_that_of_the_files(links: Path) -> None:
    made = on_links(prepared(links), links, is_queue=False)
    at = {int(name): spot for spot, name in enumerate(made.network.node_id)}
    assert made.travel_times.seconds(at[10], at[12]) == 120


def test_workload_without_links_is_refused(ring: Path) -> None:
    with pytest.raises(WorkloadError, match="matsim_link"):
        on_links(prepared(ring), ring, is_queue=True)


def test_half_of_the_requests_are_known_four_hours_ahead(links: Path) -> None:
    day = recorded_day(known_ahead(prepared(links), 0.5, seed=1))
    ahead = day.wish_s - day.booked_at_s
    assert set(np.unique(ahead)) == {0, AHEAD_S}
    assert 0 < int((ahead > 0).sum()) < len(day)
    assert sorted(day.wish_s.tolist()) == sorted(recorded_day(prepared(links)).wish_s.tolist())


def test_objective_is_driving_alone(links: Path) -> None:
    service = with_objective(prepared(links), SoftLimits()).service
    assert (service.weights, service.soft_limits) == (InsertionWeights(0, 0), SoftLimits())


def test_wait_lasts_until_the_stop_is_over(links: Path) -> None:
    # One car at node 0, one request from there at 1,000 s to node 3, 180 s away.
    (links / "requests.csv").write_text(
        "request,t,origin,destination,origin_link,destination_link\n1,1000,0,3,15,12\n"
    )
    assert answer_of(prepared(links)) == Answer(refused=0, wait_s=60.0, in_vehicle_s=180.0)


def test_all_days_are_simulated(links: Path) -> None:
    told: list[tuple[int, int]] = []
    days = mielec_days(links, days=2, progress=lambda done, total: told.append((done, total)))
    assert (len(days.jittered), len(days.half_ahead), told) == (2, 2, [(1, 2), (2, 2)])
    assert days.alike.refused == 0
    assert days.alike.wait_s >= days.vehicle_stops_s
    assert len(matsim_rows(links)) == 10


ALIKE = MielecDays(
    alike=NO_REFUSALS,
    jittered=(NO_REFUSALS,),
    by_free_speed=NO_REFUSALS,
    by_node=NO_REFUSALS,
    half_ahead=(NO_REFUSALS, Answer(1, 200.0, 300.0)),
    ours=NO_REFUSALS,
    vehicle_stops_s=230.0,
)


@pytest.mark.parametrize(
    ("alike", "verdicts"),
    [
        (NO_REFUSALS, ["holds", "holds", "holds"]),
        (replace(NO_REFUSALS, refused=1), ["fails", "holds", "holds"]),
        # 387.02 * 0.85 = 328.967 and * 1.15 = 445.073.
        (replace(NO_REFUSALS, in_vehicle_s=328.9), ["holds", "fails", "holds"]),
        (replace(NO_REFUSALS, in_vehicle_s=445.0), ["holds", "holds", "holds"]),
        # 296.95 * 0.7 = 207.865 and * 1.3 = 386.035.
        (replace(NO_REFUSALS, wait_s=207.9), ["holds", "holds", "holds"]),
        (replace(NO_REFUSALS, wait_s=386.1), ["holds", "holds", "fails"]),
    ],
)
def test_verdicts_keep_their_tolerances(alike: Answer, verdicts: list[str]) -> None:
    rows = rows_of(replace(ALIKE, alike=alike))
    assert [row.verdict for row in rows[:3]] == verdicts
    assert {row.verdict for row in rows[3:]} == {"information"}


def test_several_answers_are_told_with_their_ends() -> None:
    (row,) = [row for row in rows_of(ALIKE) if row.check.en == "Half booked ahead: refused"]
    assert (row.expected, row.found) == (Wording("26", "26件"), Wording("0 (0 - 1)", "0 (0 - 1)件"))


def test_without_the_workload_the_part_is_skipped() -> None:
    (row,) = matsim_rows(None)
    assert row.verdict == "skipped"
    assert "give --data DIR" in row.note.en
