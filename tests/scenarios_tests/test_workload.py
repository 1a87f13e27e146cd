"""Workload folders: what is read, how it is rounded, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenarios.demand import draw_demand
from scenarios.demand_day import NEVER, jittered
from scenarios.errors import WorkloadError
from scenarios.preparation import prepare_workload
from scenarios.prepared import PreparedScenario
from scenarios.workload import Workload, read_workload, workload_service

# A line of three nodes, 100 m apart, there and back; node 30 can be left but not reached.
NODES = "node,x,y\n10,0,0\n20,100,0\n25,200,5\n30,300,0\n"
EDGES = (
    "from,to,length_m,travel_time_s\n10,20,100,10.0005\n20,10,100,10.0004\n20,25,99.5,0.0001\n25,20,100,12\n"
    "20,25,100,9\n10,10,5,1\n30,25,100,10\n"
)
REQUESTS = (
    "request,t,origin,destination,person\n5,28800.9,10,25,a\n3,28801,20,10,b\n9,7,20,20,c\n4,28800,25,10,d\n"
)
VEHICLES = "vehicle,node,t0,t1,capacity\nvan,20,0.5,36000,4\nbus,10,0,36000,8\n"


def folder(path: Path, **changed: str) -> Path:
    files = {"nodes": NODES, "edges": EDGES, "requests": REQUESTS, "vehicles": VEHICLES, **changed}
    for name, text in files.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def read(path: Path, **changed: str) -> Workload:
    return read_workload(folder(path, **changed))


def test_nodes_keep_their_numbers_and_those_out_of_reach_are_left_out(tmp_path: Path) -> None:
    network = read(tmp_path).network
    assert network.node_id.tolist() == [10, 20, 25]
    assert network.is_planar
    assert network.lon.tolist() == [0.0, 100.0, 200.0]
    assert network.lat.tolist() == [0.0, 0.0, 5.0]


def test_edge_times_are_milliseconds_rounded_half_up_and_at_least_one(tmp_path: Path) -> None:
    network = read(tmp_path).network
    # 10 -> 20: 10.0005 s = 10,000.5 ms, up to 10,001; 20 -> 10: 10,000.4, down to 10,000; 20 -> 25 twice:
    # 0.1 ms, up to the least of 1, and 9,000; 25 -> 20: 12,000. The loop 10 -> 10 is gone. 99.5 m is 100 m.
    assert network.tail.tolist() == [0, 1, 1, 1, 2]
    assert network.head.tolist() == [1, 0, 2, 2, 1]
    assert network.travel_ms.tolist() == [10_001, 10_000, 1, 9_000, 12_000]
    assert network.length_m.tolist() == [100, 100, 100, 100, 100]


def test_requests_are_floored_sorted_and_leave_out_those_that_go_nowhere(tmp_path: Path) -> None:
    workload = read(tmp_path)
    day = workload.day
    assert workload.dropped_requests == 1
    # 28,800.9 floors to 28,800, where request 4 comes before request 5.
    assert day.rider.tolist() == [4, 5, 3]
    assert day.booked_at_s.tolist() == [28_800, 28_800, 28_801]
    assert day.wish_s.tolist() == day.booked_at_s.tolist()
    assert day.origin.tolist() == [2, 0, 1]
    assert day.destination.tolist() == [0, 2, 0]
    assert day.pickup.tolist() == day.origin.tolist()
    assert set(day.cancels_at_s.tolist()) == {NEVER}
    assert day.rider.dtype == np.int64
    assert day.wish_s.dtype == np.int32


def test_vehicles_start_where_they_stand_and_stay_where_they_end(tmp_path: Path) -> None:
    workload = read(tmp_path)
    van, bus = workload.vehicles
    assert (van.vehicle_id, van.base, van.start_s, van.end_s, van.returns_to_base) == (
        "van",
        20,
        0,
        36_000,
        False,
    )
    assert bus.base == 10
    assert [(t.name, t.capacity[0].limit) for t in workload.vehicle_types] == [("4 seats", 4), ("8 seats", 8)]


def test_service_of_a_workload_carries_its_rules(tmp_path: Path) -> None:
    service = workload_service(
        read(tmp_path), "line", max_wait_s=600, detour_alpha=1.3, detour_beta_s=400, stop_s=60
    )
    rules = service.rules
    assert (rules.max_wait_s, rules.detour_alpha_percent, rules.detour_beta_s) == (600, 130, 400)
    assert (rules.stop_s, rules.wheelchair_stop_s, rules.offers_max, rules.promise_after_s) == (60, 60, 1, 0)


def test_detour_factor_with_a_part_of_a_per_cent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkloadError, match=r"detour factor is 1\.305; give at most two decimals"):
        workload_service(
            read(tmp_path), "line", max_wait_s=600, detour_alpha=1.305, detour_beta_s=400, stop_s=60
        )


R = "request,t,origin,destination\n"
V = "vehicle,node,t0,t1,capacity\n"
E = "from,to,length_m,travel_time_s\n"


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("requests", R + "1,5,10\n", r"requests\.csv line 2: 3 values are too few; the header names 4"),
        ("requests", R + "1,x,10,20\n", r"requests\.csv line 2: t is 'x'; give a number"),
        ("requests", R + "1,5,10,99\n", r"line 2: destination 99 is a node that nodes\.csv does not name"),
        ("requests", R + "1,5,30,10\n", r"line 2: origin 30 is a node from which not every other"),
        ("requests", R + "1,5,10,20\n1,6,20,10\n", r"line 3: request '1' was already used in line 2"),
        ("requests", "request,time,origin,destination\n", r"line 1: column 't' is missing"),
        ("vehicles", V + "v,10,9,9,4\n", r"vehicles\.csv line 2: shift ends at 9 s, not after its start"),
        ("vehicles", V + "v,10,0,9,0\n", r"line 2: capacity is '0'; give a whole number of 1 or more"),
        ("vehicles", V, r"vehicles\.csv has no line below its header"),
        ("edges", E + "10,77,1,1\n", r"edges\.csv line 2: to is node 77"),
        ("edges", E + "10,20,-1,1\n", r"edges\.csv line 2: length_m is '-1'; give a number of 0 or more"),
        ("nodes", "node,x,y\n10,0,0\n10,1,1\n", r"line 3: node '10' was already used in line 2"),
        ("nodes", NODES.replace("10,0", "10,nan"), r"nodes\.csv line 2: x is 'nan'; give a number"),
    ],
)
def test_bad_line_is_named_with_file_line_and_value(
    tmp_path: Path, file: str, text: str, message: str
) -> None:
    with pytest.raises(WorkloadError, match=message):
        read(tmp_path, **{file: text})


def test_missing_file_and_missing_folder_are_named(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "edges.csv").unlink()
    with pytest.raises(
        WorkloadError, match=r"edges\.csv does not exist; give a CSV file with the columns from"
    ):
        read_workload(tmp_path)
    with pytest.raises(WorkloadError, match=r"nowhere is not a folder; give one with nodes\.csv"):
        read_workload(tmp_path / "nowhere")


def test_jitter_moves_wish_and_booking_together_and_within_its_bounds(tmp_path: Path) -> None:
    day = read(tmp_path).day
    for seed in range(50):
        moved = jittered(day, 2, seed)
        shift = dict(zip(moved.rider.tolist(), moved.wish_s.tolist(), strict=True))
        assert moved.wish_s.tolist() == moved.booked_at_s.tolist()
        assert all(
            abs(shift[r] - w) <= 2 for r, w in zip(day.rider.tolist(), day.wish_s.tolist(), strict=True)
        )
        assert np.all(np.diff(moved.booked_at_s) >= 0)
        assert set(moved.cancels_at_s.tolist()) == {NEVER}


def test_jitter_is_keyed_by_rider_and_reaches_every_second(tmp_path: Path) -> None:
    day = read(tmp_path).day
    one = day.take(np.array([2]))
    alone = [int(jittered(one, 2, seed).wish_s[0]) - 28_801 for seed in range(50)]
    together = [jittered(day, 2, seed) for seed in range(50)]
    assert alone == [int(d.wish_s[d.rider == 3][0]) - 28_801 for d in together]
    assert set(alone) == {-2, -1, 0, 1, 2}


def test_no_jitter_is_the_day_itself(tmp_path: Path) -> None:
    day = read(tmp_path).day
    assert jittered(day, 0, 1).wish_s.tolist() == day.wish_s.tolist()
    with pytest.raises(ValueError, match="jitter is -1 s"):
        jittered(day, -1, 1)


def test_prepared_workload_runs_every_seed_on_the_same_requests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAAS_CACHE_DIR", str(tmp_path / "cache"))
    home = tmp_path / "line"
    home.mkdir()
    folder(home)

    def prepared(max_wait_s: int) -> PreparedScenario:
        return prepare_workload(home, max_wait_s=max_wait_s, detour_alpha=1.3, detour_beta_s=400, stop_s=60)

    line = prepared(600)
    assert (line.name, line.areas, line.traffic) == ("line", ("line",), None)
    # Shifts from 0 to 36,000; requests lie between.
    assert line.horizon == (0, 36_000)
    assert draw_demand(line, 1) is draw_demand(line, 2)
    # 10 -> 20 -> 25: 10,001 + 1 ms = 10 s.
    assert line.travel_times.seconds(0, 2) == 10
    assert prepared(600).scenario_hash == line.scenario_hash
    assert prepared(601).scenario_hash != line.scenario_hash
