"""The day in Mielec, on a ring of links: what is set up as MATSim has it, and what the rows say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from maas.domain.planning_rules import InsertionWeights, SoftLimits
from scenarios.errors import WorkloadError
from scenarios.preparation import prepare_workload
from scenarios.prepared import PreparedScenario
from simulation.validation_answers import Answer, answer_of, recorded_day
from simulation.validation_matsim import (
    NO_REFUSALS,
    MielecDays,
    mielec_days,
    on_links,
    with_objective,
)
from simulation.validation_matsim_rows import matsim_rows, rows_of
from simulation.validation_prebooking import (
    AHEAD_S,
    AS_MATSIM,
    OURS,
    PrebookedDays,
    day_count,
    drawn_by_java,
    known_ahead,
    waiting_so,
)
from simulation.validation_stops import StopBasedDays, from_stops, stop_based_days
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
    named = [f"{line},{len(named) - k:03d}" for k, line in enumerate(named)]
    requests.write_text("\n".join([f"{head},origin_link,destination_link,person", *named]) + "\n")
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
        "request,t,origin,destination,origin_link,destination_link,person\n1,1000,0,3,15,12,a\n"
    )
    assert answer_of(prepared(links)) == Answer(refused=0, wait_s=60.0, in_vehicle_s=180.0)


def test_all_days_are_simulated(links: Path) -> None:
    told: list[tuple[int, int]] = []
    days = mielec_days(links, days=2, progress=lambda done, total: told.append((done, total)))
    total = 2 + day_count(2)
    assert (len(days.jittered), told) == (2, [(k, total) for k in range(1, total + 1)])
    assert [len(answers) for _, answers in (*days.half_ahead.moved, *days.half_ahead.drawn)] == [2] * 6
    assert days.alike.refused == 0
    assert days.alike.wait_s >= days.vehicle_stops_s
    assert len(matsim_rows(links)) == 14


ALIKE = MielecDays(
    alike=NO_REFUSALS,
    jittered=(NO_REFUSALS,),
    by_free_speed=NO_REFUSALS,
    by_node=NO_REFUSALS,
    half_ahead=PrebookedDays(
        moved=((OURS, (Answer(4, 210.0, 310.0), NO_REFUSALS, Answer(1, 200.0, 300.0))),),
        drawn=((AS_MATSIM, (NO_REFUSALS, Answer(1, 200.0, 300.0))),),
    ),
    stop_based=None,
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
    assert [row.check.en for row in rows[3:] if row.verdict != "information"] == ["From stop to stop"]


def test_several_answers_are_told_with_their_ends() -> None:
    moved, drawn = (row for row in rows_of(ALIKE) if row.check.en.startswith("Half booked ahead"))
    assert moved.expected.en == "26 refused; wait 233 s; in the vehicle 389 s"
    # (296.95 + 200) / 2 = 248.5, (387.02 + 300) / 2 = 343.5; half a refusal rounds to the even 0.
    assert moved.found.en == "4 (0, 0 - 1) refused; 210 (248, 200 - 297) s; 310 (344, 300 - 387) s"
    assert drawn.found.ja == "0, 0 - 1件拒否；248, 200 - 297秒；344, 300 - 387秒"


def test_without_stops_the_row_says_what_is_missing() -> None:
    (row,) = [row for row in rows_of(ALIKE) if row.check.en == "From stop to stop"]
    assert (row.verdict, row.expected.en) == ("skipped", "17 refused; wait 260 s; in the vehicle 375 s")
    assert "stops.csv (stop, link, x, y) is missing" in row.note.en
    days = StopBasedDays(stops=7, asked=300, answers=(NO_REFUSALS, NO_REFUSALS))
    (row,) = [row for row in rows_of(replace(ALIKE, stop_based=days)) if row.check.en == "From stop to stop"]
    assert row.verdict == "information"
    assert row.note.en.startswith("300 requests over 7 stops")


def test_draws_are_those_of_javas_generator() -> None:
    # java.util.Random with seed 4711 gives 205 of 388 at most 0.5: the number that MATSim publishes.
    assert sum(drawn_by_java([f"{k:03d}" for k in range(388)])) == 205
    # With seed 42 it gives 0.7275636800328681, 0.6832234717598454, 0.30871945533265976.
    assert drawn_by_java(["a", "b", "c"], share=0.7, seed=42) == [False, True, True]
    assert drawn_by_java(["c", "b", "a"], share=0.7, seed=42) == [True, True, False]


def test_vehicles_wait_as_told(links: Path) -> None:
    assert waiting_so(prepared(links), AS_MATSIM).service.waiting == AS_MATSIM


def test_riders_walk_to_the_nearest_stop(links: Path) -> None:
    made = on_links(prepared(links), links, is_queue=True)
    assert stop_based_days(made, links, 1) is None
    # Node k lies at 100 k m, so the middles of links 10 and 11 at 50 and 150 m: one stop 10 m from the first,
    # one at the second. Rider k goes from node k to node 3 - k, round the ring: but for nodes 1 and 2 both
    # ends are nearest to the second stop, or are the same link.
    (links / "stops.csv").write_text("stop,link,x,y\na,10,40,0\nb,11,150,0\n")
    stopped, stops = from_stops(made, links)
    day, before = recorded_day(stopped), recorded_day(made)
    names = made.network.node_id
    assert (stops, day.rider.tolist()) == (2, [1, 2, 7, 8])
    assert names[day.pickup].tolist() == [10, 11, 10, 11]
    assert names[day.dropoff].tolist() == [11, 10, 11, 10]
    wish = dict(zip(before.rider.tolist(), before.wish_s.tolist(), strict=True))
    walks = [int(at_s) - wish[int(rider)] for rider, at_s in zip(day.rider, day.wish_s, strict=True)]
    # 10 m, 1.3 times as long on foot, at 3 km/h = 0.833 m/s: 15.6 s.
    assert walks == [16, 0, 16, 0]
    days = stop_based_days(made, links, 1)
    assert days is not None
    assert (days.stops, days.asked, len(days.answers)) == (2, len(day), 2)
    (links / "stops.csv").write_text("stop,link,x,y\n1,999,0,0\n")
    with pytest.raises(WorkloadError, match=r"stops.csv line 2: link 999 is not in the network; give a link"):
        from_stops(made, links)


def test_without_the_workload_the_part_is_skipped() -> None:
    (row,) = matsim_rows(None)
    assert row.verdict == "skipped"
    assert "give --data DIR" in row.note.en
