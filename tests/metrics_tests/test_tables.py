"""One row a request, one row a vehicle leg."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pandas as pd

from maas.domain.commands import ReportPosition
from maas.domain.events import VehicleStood
from maas.metrics import legs_table, riders_table
from tests.store_tests.journals import EIGHT, KITSUREGAWA, Day, breakdown, morning, offer


def test_riders_table_tells_one_request_a_row() -> None:
    table = riders_table(morning().journal())
    assert table["request"].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert table["status"].tolist() == [
        "done", "done", "refused", "declined", "expired", "cancelled", "no_show",
    ]  # fmt: skip
    first = table.iloc[0]
    said = {
        "asked_at_s": EIGHT,
        "origin": 1001,
        "destination": 1003,
        "time_kind": "depart_after",
        "wish_s": EIGHT,
        "seats": 1,
        "wheelchairs": 1,
        "riders": 2,
        "age_band": "75+",
        "channel": "phone",
        "area": "Ujiie",
        "purpose": "clinic",
        "is_disabled": False,
        "is_resident": True,
        "direct_s": 200,
        "direct_m": 2_000,
        "earliest_s": EIGHT,
        "latest_pickup_s": EIGHT + 600,
        "latest_dropoff_s": EIGHT + 260 + 400,
        "max_ride_s": 0,
        "offers": 1,
        "booked_at_s": EIGHT + 5,
        "vehicle": 0,
        "vehicle_id": "van-1",
        "run": 0,
        "fare_yen": 600,
        "promise_earliest_s": EIGHT,
        "promise_latest_s": EIGHT + 600,
        "arrive_by_s": EIGHT + 800,
        "vehicle_changes": 0,
        "picked_up_s": EIGHT + 60,
        "left_s": EIGHT + 120,
        "arrived_s": EIGHT + 380,
        "wait_s": 60,
        "stop_wait_s": 60,
        "in_vehicle_s": 260,
        "lateness_s": 0,
        "is_promise_kept": True,
        "is_shared": True,
        "is_set_down_elsewhere": False,
    }
    assert {name: first[name] for name in said} == said
    of_refusals = {"later_s", "other_place", "other_place_m", "one_vehicle_more"}
    assert set(table.columns) == {*said, *of_refusals, "request", "status", "reason", "cancelled_at_s"}


def test_what_did_not_happen_is_missing() -> None:
    table = riders_table(morning().journal()).set_index("request")
    assert table.loc[3, "reason"] == "no_vehicle_in_time"
    assert table["reason"].isna().sum() == 6
    assert table["offers"].tolist() == [1, 1, 0, 2, 1, 1, 1]
    assert table["cancelled_at_s"].dropna().to_dict() == {6: EIGHT + 370}
    assert table["booked_at_s"].dropna().index.tolist() == [1, 2, 6, 7]
    for name in ("picked_up_s", "wait_s", "in_vehicle_s", "lateness_s", "is_promise_kept", "is_shared"):
        assert table[name].dropna().index.tolist() == [1, 2]
    assert table["lateness_s"].dropna().tolist() == [0, 20]
    assert table["vehicle_id"].isna().tolist() == [False, False, True, True, True, False, False]


def test_an_early_vehicle_is_no_negative_wait() -> None:
    # The vehicle stands at place 1 from 60 s on; the rider wishes to leave at 60, 61 or 59 s.
    for wish, wait in ((60, 0), (61, 0), (59, 1)):
        promise = (EIGHT + wish, EIGHT + 600, EIGHT + 900)
        day = Day().ask(EIGHT, 1, 1, 3, offer(1, 0, promise), wish_s=EIGHT + wish).book(EIGHT, 1, 0, promise)
        day.arrive(EIGHT + 60, 0, 1, 1_000, 60).depart(EIGHT + 120, 0, 1, EIGHT + 60, up=(1,))
        table = riders_table(day.journal(is_closed=False))
        assert table["wait_s"].tolist() == [wait]
        assert table["in_vehicle_s"].isna().all()


def test_who_wants_to_arrive_waits_from_the_start_of_the_promise() -> None:
    # Wished arrival at 900 s; pickup promised from 40 s, the vehicle comes at 60 s.
    promise = (EIGHT + 40, EIGHT + 600, EIGHT + 900)
    day = Day().ask(EIGHT, 1, 1, 3, offer(1, 0, promise), wish_s=EIGHT + 900, time_kind=1)
    day.book(EIGHT, 1, 0, promise)
    day.arrive(EIGHT + 60, 0, 1, 1_000, 60).depart(EIGHT + 120, 0, 1, EIGHT + 60, up=(1,))
    assert riders_table(day.journal(is_closed=False))["wait_s"].tolist() == [20]


def test_a_later_offer_waits_for_the_wish_but_not_at_the_stop() -> None:
    # Wish at 0 s, promised from 50 s on, picked up at 60 s: 60 s after the wish, 10 s at the stop.
    promise = (EIGHT + 50, EIGHT + 600, EIGHT + 900)
    day = Day().ask(EIGHT, 1, 1, 3, offer(1, 0, promise)).book(EIGHT, 1, 0, promise)
    day.arrive(EIGHT + 60, 0, 1, 1_000, 60).depart(EIGHT + 120, 0, 1, EIGHT + 60, up=(1,))
    table = riders_table(day.journal(is_closed=False))
    assert table["wait_s"].tolist() == [60]
    assert table["stop_wait_s"].tolist() == [10]


def test_a_rider_taken_over_has_first_pickup_last_vehicle_and_both_rides() -> None:
    table = riders_table(breakdown().journal()).set_index("request")
    assert table["status"].tolist() == ["done", "abandoned"]
    assert table.loc[1, "picked_up_s"] == EIGHT + 100
    assert table.loc[1, "left_s"] == EIGHT + 160
    assert table.loc[1, "arrived_s"] == EIGHT + 620
    assert table["vehicle_id"].tolist() == ["taxi-1", "van-1"]
    assert table["vehicle_changes"].tolist() == [1, 0]
    assert table["is_shared"].tolist() == [True, pd.NA]  # together with request 2 in van-1
    assert table["is_promise_kept"].tolist() == [False, False]
    assert table["lateness_s"].tolist() == [120, pd.NA]


def test_legs_table_tells_one_leg_a_row() -> None:
    table = legs_table(morning().journal())
    assert table["vehicle_id"].tolist() == ["van-1"] * 3 + ["taxi-1"] * 2
    assert table["vehicle"].tolist() == [0, 0, 0, 1, 1]
    assert table["from_place"].tolist() == [1000, 1001, 1002, 1004, 1002]
    assert table["to_place"].tolist() == [1001, 1002, 1003, 1002, 1004]
    assert (table["depart_s"] - EIGHT).tolist() == [0, 120, 280, 400, 780]
    assert (table["arrive_s"] - EIGHT).tolist() == [60, 220, 380, 600, 980]
    assert table["leg_m"].tolist() == [1_000, 1_000, 1_000, 2_000, 2_000]
    assert table["leg_s"].tolist() == [60, 100, 100, 200, 200]
    assert table["riders_on_board"].tolist() == [0, 2, 3, 0, 0]
    assert table["parties_on_board"].tolist() == [0, 1, 2, 0, 0]
    assert table["is_empty"].tolist() == [True, False, False, True, True]


def test_riders_leave_a_vehicle_that_fails() -> None:
    table = legs_table(breakdown().journal())
    assert table["vehicle_id"].tolist() == ["van-1", "van-1", "taxi-1", "taxi-1"]
    assert table["riders_on_board"].tolist() == [0, 3, 0, 1]
    assert table["parties_on_board"].tolist() == [0, 2, 0, 1]


def test_a_leg_cut_short_is_a_leg_and_standing_is_none() -> None:
    day = Day()
    day.hear(EIGHT + 30, ReportPosition(0, 1, 500, 30), VehicleStood(0, 1, 500, 30))
    day.arrive(EIGHT + 40, 0, 1, 0, 0)  # without driving
    day.arrive(EIGHT + 41, 0, 2, 0, 0)  # another place, less than half a second away
    table = legs_table(day.journal())
    assert table["from_place"].tolist() == [1000, 1001]
    assert table["to_place"].tolist() == [1001, 1002]
    assert table["leg_m"].tolist() == [500, 0]


def test_two_parties_on_board_without_driving_have_not_shared() -> None:
    # Request 1 alights at the visit where request 2 boards: never on board together on a leg.
    day, promise = Day(), (EIGHT, EIGHT + 600, EIGHT + 900)
    for request, origin, destination in ((1, 1, 2), (2, 2, 3)):
        day.ask(EIGHT, request, origin, destination, offer(request, 0, promise), area=KITSUREGAWA)
        day.book(EIGHT, request, 0, promise)
    day.arrive(EIGHT + 60, 0, 1, 1_000, 60).depart(EIGHT + 120, 0, 1, EIGHT + 60, up=(1,))
    day.arrive(EIGHT + 220, 0, 2, 1_000, 100).depart(EIGHT + 280, 0, 2, EIGHT + 220, up=(2,), down=(1,))
    day.arrive(EIGHT + 380, 0, 3, 1_000, 100).depart(EIGHT + 440, 0, 3, EIGHT + 380, down=(2,))
    assert riders_table(day.journal())["is_shared"].tolist() == [False, False]
    assert legs_table(day.journal())["parties_on_board"].tolist() == [0, 1, 1]


def test_names_beyond_the_header_are_told_by_their_code() -> None:
    table = riders_table(Day().ask(EIGHT, 1, 1, 3, area=3).journal(is_closed=False))
    assert table["area"].tolist() == ["area 3"]
    assert table["area"].cat.categories.tolist() == ["Ujiie", "Kitsuregawa", "area 2", "area 3"]


def test_tables_have_the_same_types_with_and_without_rows() -> None:
    for table in (riders_table, legs_table):
        full, empty = table(morning().journal()), table(Day().journal())
        assert len(empty) == 0
        assert full.dtypes.to_dict() == empty.dtypes.to_dict()
        assert not any(
            np.issubdtype(dtype, np.floating) for dtype in full.dtypes if isinstance(dtype, np.dtype)
        )


def test_tables_survive_parquet() -> None:
    for table in (riders_table(breakdown().journal()), legs_table(breakdown().journal())):
        file = BytesIO()
        table.to_parquet(file, index=False)
        pd.testing.assert_frame_equal(pd.read_parquet(BytesIO(file.getvalue())), table)


def test_refused_request_says_what_would_have_served_it() -> None:
    # Request 3 of the morning: 900 s later, or from place 1001, 100 m off; one more vehicle would not do.
    table = riders_table(morning().journal()).set_index("request")
    refused = table.loc[3]
    assert (refused["later_s"], refused["other_place"], refused["other_place_m"]) == (900, 1001, 100)
    assert not refused["one_vehicle_more"]
    others = table.drop(index=3)
    for name in ("later_s", "other_place", "other_place_m", "one_vehicle_more"):
        assert others[name].isna().all()
