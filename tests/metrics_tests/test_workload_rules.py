"""The oracle of workload rules: it accepts a day that keeps them to the second, and names every breach.

Line of places 1000 to 1004, 10.4 s (10,400 ms) between neighbours: 10 s for one stretch, 21 s (20.8) for two,
31 s (31.2) for three, 42 s (41.6) for four, where rounding each stretch would give 20, 30 and 40.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from maas.domain.commands import Wake
from maas.domain.events import RiderBoarded, RouteChanged, TripRefused, VehicleStood
from tests.reference.workload_rules import (
    Asked,
    ShortestPaths,
    Van,
    WorkloadRules,
    violations,
    workload_files,
)
from tests.store_tests.journals import HEADER, SERVICE, Day, offer

EDGES = [(1000 + a, 1000 + b, 10_400) for k in range(4) for a, b in ((k, k + 1), (k + 1, k))]
VANS = [Van(1000, 0, 5_000, 1), Van(1004, 0, 5_000, 2)]
ANY = (0, 10_000, 10_000)


def ask(day: Day, at: int, request: int, origin: int, destination: int, vehicle: int = 0) -> Day:
    """Ask and book."""
    day.ask(at, request, origin, destination, offer(request, vehicle, ANY))
    return day.book(at, request, vehicle, ANY)


def ride(pickup_s: int = 131, dropoff_s: int = 222, asked_s: int = 100) -> Day:
    """From 1003 to 1000 (31 s) with vehicle 0, which waits at 1000: there at 131 s at the earliest."""
    day = ask(Day(), asked_s, 7, 3, 0)
    day.arrive(pickup_s, 0, 3, 300, 31).depart(pickup_s + 60, 0, 3, pickup_s, up=(7,))
    return day.arrive(dropoff_s, 0, 0, 300, 31).depart(dropoff_s + 60, 0, 0, dropoff_s, down=(7,))


def found(day: Day, *asked: Asked, vans: list[Van] | None = None) -> list[str]:
    requests = asked or (Asked(100, 1003, 1000),)
    return violations(day.journal(is_closed=False).records(), EDGES, requests, vans or VANS)


def test_a_day_that_keeps_the_rules_to_the_second_has_no_violation() -> None:
    assert found(ride()) == []
    # Pickup by 100 + 600; drop-off by 100 + floor(1.3 * 31 = 40.3) + 400 = 540, after a pickup at 449.
    assert found(ride(449, 540)) == []


def test_paths_are_rounded_once_half_up() -> None:
    paths = ShortestPaths([(1, 2, 10_400), (2, 3, 10_100), (1, 3, 20_501), (3, 4, 499)])
    assert paths.ms(1, 3) == 20_500
    assert [paths.seconds(1, place) for place in (1, 2, 3, 4)] == [0, 10, 21, 21]
    assert paths.seconds(3, 4) == 0


def test_pickup_by_the_limit() -> None:
    # With 10,000 s for detours only the pickup, due by 100 + 600 s, is tight.
    rules = WorkloadRules(detour_beta_s=10_000)
    for pickup, said in ((700, []), (701, ["record 4: request 7 is picked up at 701 s, later than 700 s"])):
        records = ride(pickup, pickup + 91).journal(is_closed=False).records()
        assert violations(records, EDGES, [Asked(100, 1003, 1000)], VANS, rules) == said


def test_dropoff_by_the_limit() -> None:
    assert found(ride(449, 540)) == []
    assert found(ride(450, 541)) == ["record 6: request 7 is brought at 541 s, later than 540 s"]


def test_no_vehicle_is_faster_than_the_shortest_path() -> None:
    assert found(ride(131, 222)) == []
    assert found(ride(130, 221))[0] == (
        "record 3: vehicle 0 is at 1003 at 130 s; from 1000 at 100 s it cannot be there before 131 s"
    )
    assert found(ride(131, 221))[0] == (
        "record 5: vehicle 0 is at 1000 at 221 s; from 1003 at 191 s it cannot be there before 222 s"
    )


def test_a_driver_reports_the_driving_that_the_way_takes() -> None:
    day = ask(Day(), 100, 7, 3, 0)
    assert found(day.arrive(131, 0, 3, 300, 30))[0] == (
        "record 3: vehicle 0 says it drove 30 s to 1003; the way takes 31200 ms"
    )
    day = ask(Day(), 100, 7, 3, 0)
    assert found(day.arrive(131, 0, 3, 300, 32))[0] == (
        "record 3: vehicle 0 says it drove 32 s; it left only at 100 s"
    )


def routed(ready_s: int, place: int = 0, vehicle: int = 0) -> tuple[tuple[int, ...], ...]:
    """The row of a `RouteChanged`."""
    return Day().hear(0, Wake(), RouteChanged(vehicle, 1, place, ready_s)).records[0][2]


def test_an_idle_vehicle_does_not_leave_before_it_is_told_to() -> None:
    for ready, early in ((100, False), (99, True)):
        day = ask(Day(), 100, 7, 3, 0)
        day.records[-1] = (*day.records[-1][:2], (*day.records[-1][2], *routed(ready)))
        said = [text for text in found(day) if text.startswith("record")]
        assert said == (["record 2: vehicle 0 turns at 99 s, before it is told to"] if early else [])


def test_a_vehicle_on_its_way_may_turn_at_a_node_and_rounds_once() -> None:
    # Vehicle 0 leaves 1000 at 100 s for 1004 (41.6 s). At 105 s it is told to turn at 1001, where it is at
    # 110 s, for 1003: 20.8 s further. 110 + 21 = 131 = 100 + 31. One second less is too fast.
    for arrival, too_fast in ((131, False), (130, True)):
        day = ask(Day(), 100, 7, 4, 0)
        day.hear(100, Wake(), RouteChanged(0, 1, 0, 100)).hear(105, Wake(), RouteChanged(0, 2, 1, 110))
        day.arrive(arrival, 0, 3, 300, arrival - 100)
        said = [text for text in found(day, Asked(100, 1004, 1000)) if "cannot be there" in text]
        assert bool(said) is too_fast


def test_a_turn_comes_no_sooner_than_the_node() -> None:
    for ready, too_fast in ((110, False), (109, True)):
        day = ask(Day(), 100, 7, 4, 0)
        day.hear(100, Wake(), RouteChanged(0, 1, 0, 100)).hear(105, Wake(), RouteChanged(0, 2, 1, ready))
        said = [text for text in found(day, Asked(100, 1004, 1000)) if "cannot be there" in text]
        assert bool(said) is too_fast


def test_a_vehicle_under_way_may_keep_its_leg() -> None:
    day = ask(Day(), 100, 7, 3, 0)
    day.hear(100, Wake(), RouteChanged(0, 1, 0, 100)).hear(105, Wake(), RouteChanged(0, 2, 0, 100))
    assert found(day) == ["request 7 ends neither served nor refused, or both"]


def test_a_vehicle_that_stood_drives_on_from_there() -> None:
    day = Day().hear(100, Wake(), VehicleStood(0, 1, 100, 10))
    assert found(ask(day, 100, 7, 3, 0).arrive(121, 0, 3, 200, 21))[:-1] == []
    day = Day().hear(100, Wake(), VehicleStood(0, 1, 100, 10))
    assert "cannot be there before 121 s" in found(ask(day, 100, 7, 3, 0).arrive(120, 0, 3, 200, 21))[0]


@pytest.mark.parametrize("lasts", [59, 60, 61])
def test_a_visit_lasts_a_minute(lasts: int) -> None:
    day = ask(Day(), 100, 7, 3, 0).arrive(131, 0, 3, 300, 31).depart(131 + lasts, 0, 3, 131, up=(7,))
    said = [text for text in found(day) if "visit lasts" in text]
    breach = f"record 4: vehicle 0 departs {lasts} s after arriving; a visit lasts 60 s"
    assert said == ([] if lasts == 60 else [breach])


def test_a_visit_is_shared_by_who_asks_before_it_ends() -> None:
    # Vehicle 1 (two seats) stands at 1003 from 110 to 170 s; request 8 comes at 169 s and boards at once.
    day = ask(Day(), 100, 7, 3, 0, vehicle=1).arrive(110, 1, 3, 100, 10)
    ask(day, 169, 8, 3, 0, vehicle=1).depart(170, 1, 3, 110, up=(7, 8))
    day.arrive(201, 1, 0, 300, 31).depart(261, 1, 0, 201, down=(7, 8))
    assert found(day, Asked(100, 1003, 1000), Asked(169, 1003, 1000)) == []


def test_seats_are_not_exceeded() -> None:
    day = ask(Day(), 100, 7, 3, 0).arrive(131, 0, 3, 300, 31)
    ask(day, 140, 8, 3, 0).depart(191, 0, 3, 131, up=(7, 8))
    asked = (Asked(100, 1003, 1000), Asked(140, 1003, 1000))
    assert "record 6: vehicle 0 departs with 2 riders on 1 seats" in found(day, *asked)
    roomy = [replace(VANS[0], seats=2), VANS[1]]
    assert [text for text in found(day, *asked, vans=roomy) if text.startswith("record")] == []


def test_a_shift_has_a_beginning_and_an_end() -> None:
    assert found(ride(), vans=[replace(VANS[0], start_s=100, end_s=282), VANS[1]]) == []
    late = found(ride(), vans=[replace(VANS[0], end_s=281), VANS[1]])
    assert late == ["record 6: vehicle 0 departs at 282 s, after its shift"]
    early = found(ride(), vans=[replace(VANS[0], start_s=132), VANS[1]])
    assert "record 3: vehicle 0 arrives at 131 s, before its shift" in early


def test_requests_are_those_of_the_workload_at_their_time() -> None:
    assert found(ride(asked_s=99)) == [
        "record 1: request 7 is Asked(at_s=99, origin=1003, destination=1000), which the workload does not"
        " have",
        "Asked(at_s=100, origin=1003, destination=1000) was never asked",
    ]
    day = ride().ask(300, 7, 3, 0)
    assert (
        found(day, Asked(100, 1003, 1000), Asked(300, 1003, 1000))[0] == "record 7: request 7 is asked twice"
    )
    assert found(ride(), Asked(100, 1003, 1000), Asked(100, 1003, 1000)) == [
        "Asked(at_s=100, origin=1003, destination=1000) was never asked"
    ]


def test_every_request_is_served_or_refused() -> None:
    refused = Day().ask(100, 7, 3, 0, TripRefused(7, 6, 0, 0, 0, 0))
    assert found(refused) == []
    assert found(Day().ask(100, 7, 3, 0)) == ["request 7 ends neither served nor refused, or both"]
    both = ask(Day(), 100, 7, 3, 0).hear(101, Wake(), TripRefused(7, 6, 0, 0, 0, 0))
    both.arrive(131, 0, 3, 300, 31).depart(191, 0, 3, 131, up=(7,))
    assert "record 5: request 7 boards after its refusal or a second time" in found(both)


def test_riders_board_and_alight_once_at_their_places_and_in_one_vehicle() -> None:
    day = ask(Day(), 100, 7, 3, 0).arrive(131, 0, 2, 300, 31).depart(191, 0, 2, 131, up=(7,))
    assert "record 4: request 7 boards away from a visit to its origin 1003" in found(day)
    day = ride().hear(300, Wake(), RiderBoarded(7, 0, 222))
    assert "record 7: request 7 boards after its refusal or a second time" in found(day)
    day = ask(Day(), 100, 7, 3, 0).arrive(131, 0, 3, 300, 31).depart(191, 0, 3, 131, up=(7,))
    day.arrive(242, 1, 0, 400, 42).depart(302, 1, 0, 242, down=(7,))
    assert "record 6: request 7 alights from vehicle 1, where it is not on board" in found(day)
    day = ask(Day(), 100, 7, 3, 0).arrive(131, 0, 3, 300, 31).depart(191, 0, 3, 131, up=(7,))
    day.arrive(212, 0, 1, 200, 21).depart(272, 0, 1, 212, down=(7,))
    assert "record 6: request 7 alights away from a visit to 1000" in found(day)
    day = Day().hear(100, Wake(), RiderBoarded(9, 0, 100))
    assert "record 1: request 9 boards, which nobody asked" in found(day)


def test_a_workload_folder_is_read_plainly(tmp_path: Path) -> None:
    (tmp_path / "edges.csv").write_text("from,to,length_m,travel_time_s\n1,2,5,10.4005\n2,1,5,0.0001\n")
    (tmp_path / "requests.csv").write_text("request,t,origin,destination\n0,100.9,1,2\n1,101,2,2\n")
    (tmp_path / "vehicles.csv").write_text("vehicle,node,t0,t1,capacity\n0,1,0.5,90.0,4\n")
    files = workload_files(tmp_path)
    assert files.edges == [(1, 2, 10_401), (2, 1, 1)]
    assert files.requests == [Asked(100, 1, 2)]
    assert files.vans == [Van(1, 0, 90, 4)]


def test_the_hand_written_service_matches_the_vans() -> None:
    assert HEADER.service == SERVICE
    assert [vehicle.base for vehicle in SERVICE.vehicles] == [van.place for van in VANS]
