"""Figures of days written by hand; the arithmetic stands beside each expectation."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maas.domain.commands import CancelTrip, ProposeRepair, VehicleBrokeDown
from maas.domain.errors import JournalError
from maas.domain.events import (
    PlanAdopted,
    PromiseBroken,
    PromiseRevised,
    RepairRequested,
    RiderBoarded,
    TripCancelled,
    TripRefused,
    VehicleArrived,
    VehicleFailed,
)
from maas.domain.values import BreachCause, PromiseEnd
from maas.metrics import GroupFigures, Metrics, metrics_of
from maas.store.journal import read_journal
from tests.store_tests.journals import EIGHT, HEADER, NODE_ID, RUNS, SERVICE, Day, breakdown, morning, offer


@pytest.fixture(scope="module")
def figures() -> Metrics:
    return metrics_of(morning().journal())


def test_requests_and_riders_are_counted_apart(figures: Metrics) -> None:
    # Parties of 2 (request 1), 2 (request 4) and five times 1; served are requests 1 and 2.
    assert (figures.requests, figures.requested_riders) == (7, 9)
    assert (figures.served, figures.served_riders) == (2, 3)
    assert figures.served_share == 2 / 7
    assert figures.served_riders_share == 3 / 9


def test_every_request_is_in_one_class(figures: Metrics) -> None:
    classes = (figures.refused, figures.declined, figures.expired, figures.cancelled, figures.no_shows)
    assert classes == (1, 1, 1, 1, 1)
    assert (figures.abandoned, figures.unfinished, figures.breakdowns) == (0, 0, 0)
    assert figures.served + sum(classes) == figures.requests


def test_refusals_are_listed_by_every_reason(figures: Metrics) -> None:
    assert figures.refusals == {
        "no_service_here": 0,
        "outside_hours": 0,
        "booked_too_late": 0,
        "booked_too_early": 0,
        "party_too_large": 0,
        "no_vehicle_in_time": 1,
    }


def test_wait_ends_when_the_vehicle_stops(figures: Metrics) -> None:
    # Request 1 waits from 0 to 60 s, request 2 from 100 to 220 s: 60 and 120.
    assert figures.wait_mean_s == 90
    assert figures.wait_median_s == 90
    # Type 7: position 0.95 * (2 - 1) between 60 and 120.
    assert figures.wait_p95_s == pytest.approx(60 + 0.95 * 60)
    assert figures.stop_wait_mean_s == 90


def test_ride_begins_when_the_vehicle_leaves_and_detour_is_a_ratio_of_sums(figures: Metrics) -> None:
    # Request 1 from 120 to 380 s (direct 200), request 2 from 280 to 380 s (direct 100).
    assert figures.in_vehicle_mean_s == (260 + 100) / 2
    assert figures.detour_ratio == (260 + 100) / (200 + 100)
    assert figures.direct_hours == (200 + 100) / 3600


def test_promises(figures: Metrics) -> None:
    # Request 2 was promised a pickup by 200 s and got it at 220 s.
    assert figures.promises_due == 2
    assert figures.promises_kept_share == 1 / 2
    assert figures.late == 1
    assert figures.lateness_mean_s == 20
    assert figures.lateness_max_s == 20
    assert figures.promises_broken == 1


def test_a_promise_that_a_repair_keeps_is_mended() -> None:
    """Of three riders promised a pickup by 600 s and an arrival by 800 s: 1 is late at both ends, and kept at
    one; 2 is kept after all; 3 is kept, then broken again."""
    pickup, arrival = PromiseEnd.PICKUP, PromiseEnd.DROPOFF
    by = BreachCause.BREAKDOWN
    day = Day()
    for request in (1, 2, 3):
        promise = (EIGHT, EIGHT + 600, EIGHT + 800)
        day.ask(EIGHT, request, 1, 3, offer(request, 0, promise)).book(EIGHT, request, 0, promise)
    broken = [PromiseBroken(request, 0, pickup, EIGHT + 600, EIGHT + 700, by) for request in (1, 2, 3)]
    broken.append(PromiseBroken(1, 0, arrival, EIGHT + 800, EIGHT + 900, by))
    failed = VehicleFailed(1, 4, 0, 0)
    day.hear(EIGHT + 10, VehicleBrokeDown(1, 4, 0, 0), failed, *broken, RepairRequested(EIGHT + 10))
    kept = [PromiseRevised(request, 0, pickup, EIGHT + 600, EIGHT + 600) for request in (1, 2, 3)]
    later = PromiseRevised(1, 0, arrival, EIGHT + 800, EIGHT + 850)
    day.hear(EIGHT + 11, ProposeRepair(1, 2, 0), PlanAdopted(1, 0), *kept, later)
    again = PromiseBroken(3, 0, pickup, EIGHT + 600, EIGHT + 601, BreachCause.LATE_RUNNING)
    day.arrive(EIGHT + 601, 0, 1, 1_000, 60, again)
    figures = metrics_of(day.journal(is_closed=False))
    assert (figures.promises_broken, figures.promises_mended) == (3, 1)
    assert (figures.repairs, figures.solves) == (1, 0)


def test_kilometres_and_occupancy(figures: Metrics) -> None:
    # van-1 1 + 1 + 1 km with 0, 2, 3 riders and 0, 1, 2 parties; taxi-1 2 + 2 km with nobody.
    assert figures.vehicle_km == 7
    assert figures.empty_km == 1 + 4
    assert figures.empty_km_share == 5 / 7
    assert figures.passenger_km == 2 + 3
    assert figures.mean_occupancy == 5 / 7


def test_both_shared_ride_rates(figures: Metrics) -> None:
    assert figures.shared_riders_share == 1  # both parties were together from place 2 to place 3
    assert figures.shared_km_share == 1 / 7
    assert figures.grouped_riders_share == 2 / 3


def test_hours_and_productivity(figures: Metrics) -> None:
    assert figures.vehicle_hours == 2 + 1  # both shifts
    assert figures.driving_hours == (60 + 100 + 100 + 200 + 200) / 3600
    assert figures.riders_per_vehicle_hour == 3 / 3


def test_money(figures: Metrics) -> None:
    # 3 h * 1,800 + 7 km * 20 + 1,000 = 6,540 yen; fares 600 + 300 (no-show and cancelled pay nothing).
    assert figures.cost_yen == 6_540
    assert figures.fares_yen == 900
    assert figures.cost_recovery == 900 / 6_540
    assert figures.public_money_yen == 5_640
    assert figures.public_money_per_trip_yen == 5_640 / 3


def test_carbon_dioxide_by_vehicle_type(figures: Metrics) -> None:
    assert figures.co2_kg == (3 * 200 + 4 * 150) / 1000


def test_groups_of_bookers(figures: Metrics) -> None:
    nobody = GroupFigures(0, 0, None, None, None)
    assert figures.by_age_band == {
        "0-14": nobody,
        "15-64": GroupFigures(5, 1, 1 / 5, 120, 120),
        "65-74": GroupFigures(1, 0, 0, None, None),
        "75+": GroupFigures(1, 1, 1, 60, 60),
    }
    assert figures.by_area == {
        "Ujiie": GroupFigures(5, 1, 1 / 5, 60, 60),
        "Kitsuregawa": GroupFigures(2, 1, 1 / 2, 120, 120),
    }
    assert figures.by_channel == {
        "phone": GroupFigures(3, 1, 1 / 3, 60, 60),
        "app": GroupFigures(4, 1, 1 / 4, 120, 120),
    }


def test_a_breakdown_counts_for_the_rider() -> None:
    figures = metrics_of(breakdown().journal())
    assert (figures.served, figures.abandoned, figures.breakdowns) == (1, 1, 1)
    # Request 1 leaves place 1 at 160 s and is brought at 620 s, the wait for the taxi included.
    assert figures.in_vehicle_mean_s == 460
    assert figures.wait_mean_s == 100
    # Neither promise is kept: request 1 is 620 - 500 = 120 s late, request 2 never arrives.
    assert (figures.promises_due, figures.promises_kept_share) == (2, 0)
    assert (figures.lateness_mean_s, figures.lateness_max_s) == (120, 120)
    # Three persons ride 1 km in van-1, one rides 1 km in taxi-1; 1 + 2 km are empty.
    assert figures.passenger_km == 3 + 1
    assert figures.empty_km == 3
    assert figures.shared_km_share == 1 / 5
    assert figures.fares_yen == 300


def test_undefined_figures_are_none_and_json_has_null() -> None:
    figures = metrics_of(Day().journal())
    undefined = {field.name for field in fields(Metrics) if getattr(figures, field.name) is None}
    assert undefined == {
        "served_share",
        "served_riders_share",
        "wait_mean_s",
        "wait_median_s",
        "wait_p95_s",
        "stop_wait_mean_s",
        "in_vehicle_mean_s",
        "detour_ratio",
        "promises_kept_share",
        "lateness_mean_s",
        "lateness_max_s",
        "empty_km_share",
        "mean_occupancy",
        "shared_riders_share",
        "shared_km_share",
        "grouped_riders_share",
        "runs_empty_share",
        "public_money_per_trip_yen",
    }
    assert figures.riders_per_vehicle_hour == 0  # vehicles were paid, nobody rode
    assert figures.cost_recovery == 0
    free = replace(SERVICE, costs=replace(SERVICE.costs, yen_per_vehicle_hour=0, overhead_yen_per_day=0))
    assert metrics_of(Day(replace(HEADER, service=free)).journal()).cost_recovery is None
    assert '"wait_mean_s": null' in json.dumps(figures.to_json(), allow_nan=False)


def test_nobody_late_has_no_mean_lateness_but_a_largest_of_zero() -> None:
    day = Day()
    promise = (EIGHT, EIGHT + 60, EIGHT + 320)
    day.ask(EIGHT, 1, 1, 3, offer(1, 0, promise)).book(EIGHT, 1, 0, promise)
    day.arrive(EIGHT + 60, 0, 1, 1_000, 60).depart(EIGHT + 120, 0, 1, EIGHT + 60, up=(1,))
    day.arrive(EIGHT + 320, 0, 3, 2_000, 200).depart(EIGHT + 380, 0, 3, EIGHT + 320, down=(1,))
    figures = metrics_of(day.journal())
    assert figures.promises_kept_share == 1
    assert figures.late == 0
    assert figures.lateness_mean_s is None
    assert figures.lateness_max_s == 0
    assert figures.shared_riders_share == 0


def test_figures_are_plain_python_numbers(figures: Metrics) -> None:
    def check(value: object) -> None:
        if isinstance(value, dict):
            for part in value.values():
                check(part)
        else:
            assert type(value) in (int, float, type(None))

    check(figures.to_json())


def test_figures_are_the_same_from_every_copy_of_a_journal(tmp_path: Path, figures: Metrics) -> None:
    for name in ("day.parquet", "day.jsonl"):
        morning().journal().write(tmp_path / name)
        assert metrics_of(read_journal(tmp_path / name)) == figures


def test_who_is_still_on_the_way_is_unfinished() -> None:
    day = Day().ask(EIGHT, 1, 1, 3).ask(EIGHT, 2, 1, 3, offer(2, 0, (EIGHT, EIGHT, EIGHT)))
    day.ask(EIGHT, 3, 1, 3, offer(3, 0, (EIGHT, EIGHT, EIGHT))).book(EIGHT, 3, 0, (EIGHT, EIGHT, EIGHT))
    day.ask(EIGHT, 4, 1, 3, offer(4, 0, (EIGHT, EIGHT, EIGHT))).book(EIGHT, 4, 0, (EIGHT, EIGHT, EIGHT))
    day.arrive(EIGHT + 60, 0, 1, 1_000, 60).depart(EIGHT + 120, 0, 1, EIGHT + 60, up=(4,))
    day.arrive(EIGHT + 220, 0, 2, 1_000, 100)
    figures = metrics_of(day.journal(is_closed=False))
    assert figures.unfinished == 4  # unknown, offered, booked, aboard
    assert figures.served_share == 0
    assert figures.promises_due == 0
    assert figures.passenger_km == 1  # request 4 is on board all the same


def test_a_run_operates_if_a_booking_stands_when_it_departs() -> None:
    # Runs 1 to 4 depart at 0, 1,800, 3,600 and 5,400 s. Run 1 has a booking. The one of run 2 is cancelled at
    # 1,799 s, the one of run 3 at 3,600 s. Nobody books run 4.
    day = Day(replace(HEADER, service=RUNS))
    for request, vehicle in ((1, 0), (2, 0), (3, 1)):
        promise = (EIGHT, EIGHT + 7_200, EIGHT + 7_200)
        day.ask(EIGHT - 3_600, request, 0, 4, offer(request, vehicle, promise, run=request))
        day.book(EIGHT - 3_600, request, vehicle, promise, run=request)
    day.hear(EIGHT + 1_799, CancelTrip(2), TripCancelled(2, 0))
    day.hear(EIGHT + 3_600, CancelTrip(3), TripCancelled(3, 1))
    figures = metrics_of(day.journal(is_closed=False))
    assert (figures.runs_scheduled, figures.runs_operated) == (4, 2)
    assert figures.runs_empty_share == 2 / 4
    # Only operated runs cost: 2 * 1,800 s = 1 h at 1,800 yen, no kilometre, 1,000 a day.
    assert figures.vehicle_hours == 1
    assert figures.cost_yen == 2_800


def test_yen_are_rounded_half_up_part_by_part() -> None:
    # 3 h at 1,800 = 5,400; 25 m at 20 yen/km = 0.5 yen, up to 1; 24 m = 0.48 yen, down to 0; 1,000 a day.
    assert metrics_of(Day().arrive(EIGHT + 60, 0, 1, 25, 60).journal()).cost_yen == 6_401
    assert metrics_of(Day().arrive(EIGHT + 60, 0, 1, 24, 60).journal()).cost_yen == 6_400


def test_a_reason_this_version_does_not_know_is_kept() -> None:
    figures = metrics_of(Day().ask(EIGHT, 1, 1, 3, TripRefused(1, 8, 0, 0, 0, 0)).journal())
    assert figures.refused == 1
    assert figures.refusals["reason 7"] == 1  # counted from 0


def test_what_the_header_does_not_know_is_refused() -> None:
    stranger = Day().hear(EIGHT, CancelTrip(1), VehicleArrived(2, 0, 0, 0))
    with pytest.raises(JournalError, match="record 1 names vehicle 2; the header's fleet has numbers 0 to 1"):
        metrics_of(stranger.journal())
    nobody = Day().hear(EIGHT, CancelTrip(1), RiderBoarded(9, 0, EIGHT))
    with pytest.raises(JournalError, match="record 1 names request 9, which nobody has asked"):
        metrics_of(nobody.journal())
    twice = Day().ask(EIGHT, 5, 0, 1).ask(EIGHT, 5, 0, 1)
    with pytest.raises(JournalError, match="record 2: request 5 is asked twice"):
        metrics_of(twice.journal())


@given(
    trips=st.lists(
        st.tuples(st.integers(1, 3), st.integers(0, 500), st.integers(0, 3), st.integers(1, 3)), max_size=8
    )
)
def test_figures_agree_with_counting_by_hand(trips: list[tuple[int, int, int, int]]) -> None:
    """Trips of one vehicle: (riders, metres to the pickup, pickup place, kilometres of the ride)."""
    day, now, here = Day(), EIGHT, 0
    for request, (riders, metres, origin, ride) in enumerate(trips):
        promise = (now, now + 10_000, now + 20_000)
        day.ask(now, request, origin, 4, offer(request, 0, promise), party=(riders, 0), direct=(50, 1))
        day.book(now, request, 0, promise)
        day.arrive(now + 10, 0, origin, metres, 10 if (metres or origin != here) else 0)
        day.depart(now + 20, 0, origin, now + 10, up=(request,))
        day.arrive(now + 100, 0, 4, 1_000 * ride, 80).depart(now + 110, 0, 4, now + 100, down=(request,))
        now, here = now + 110, 4
    figures = metrics_of(day.journal())
    assert figures.served_riders == sum(trip[0] for trip in trips)
    assert figures.empty_km == pytest.approx(sum(trip[1] for trip in trips) / 1000)
    assert figures.passenger_km == sum(trip[0] * trip[3] for trip in trips)
    assert figures.shared_km_share in (0, None)
    if trips:
        assert figures.wait_mean_s == 10
        assert figures.in_vehicle_mean_s == 80
        assert figures.detour_ratio == 80 / 50


def test_places_of_the_network_do_not_matter_to_figures(figures: Metrics) -> None:
    journal = morning().journal()
    assert journal.columns(109)["request"].tolist() == [1, 2]
    assert metrics_of(type(journal).from_records(HEADER, morning().records, NODE_ID + 77)) == figures
