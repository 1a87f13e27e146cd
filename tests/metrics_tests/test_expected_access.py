from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from maas.expected_access import Experience, experience_table, experiences, surplus_s


def requests() -> pd.DataFrame:
    """Six requests: three served, one refused, one cancelled, one set down short of the destination.

    Served: waits 300, 60, 600 s; boarding 60 s each; rides of 500, 400, 400 s against 400 s direct.
    """
    missing = pd.NA
    return pd.DataFrame(
        {
            "status": pd.Categorical(["done", "done", "done", "refused", "cancelled", "done"]),
            "is_set_down_elsewhere": [False, False, False, False, False, True],
            "time_kind": pd.Categorical(["depart_after"] * 6),
            "wish_s": [0] * 6,
            "arrived_s": pd.array([1860, 1520, 2060, missing, missing, 1160], "Int64"),
            "wait_s": pd.array([300, 60, 600, missing, missing, 0], "Int64"),
            "picked_up_s": pd.array([1300, 1060, 1600, missing, missing, 1000], "Int64"),
            "left_s": pd.array([1360, 1120, 1660, missing, missing, 1060], "Int64"),
            "in_vehicle_s": pd.array([500, 400, 400, missing, missing, 100], "Int64"),
            "direct_s": [400, 400, 400, 400, 400, 400],
        }
    )


def test_surplus_is_wait_boarding_and_detour() -> None:
    # 300 + 60 + 100, 60 + 60 + 0, 600 + 60 + 0; the others were not brought there.
    assert surplus_s(requests())[:3].tolist() == [460.0, 120.0, 660.0]
    assert np.isnan(surplus_s(requests())[3:]).all()


def test_arriving_early_for_an_appointment_is_lost_time_if_it_counts() -> None:
    asked = requests()
    asked["time_kind"] = pd.Categorical(["arrive_by", "arrive_by", "depart_after", *["arrive_by"] * 3])
    asked["wish_s"] = [2460, 1500, 9000, 0, 0, 0]
    # The first is 2460 - 1860 = 600 s early, the second 20 s late; the third wished for a departure.
    assert surplus_s(asked, counts_early_arrival=True)[:3].tolist() == [1060.0, 120.0, 660.0]
    assert surplus_s(asked)[:3].tolist() == [460.0, 120.0, 660.0]
    (met,) = experiences(asked, ["a"] * 6, counts_early_arrival=True).values()
    assert met.surplus_s.tolist() == [120.0, 660.0, 1060.0]


def test_chance_counts_the_refused_and_forgets_who_gave_up() -> None:
    found = experiences(requests(), ["a"] * 6)["a"]
    # Six asked, one gave up; three of five came to the destination.
    assert (found.asked, found.served_share) == (5, pytest.approx(0.6))
    # A trip of 740 s within 1200 s leaves 460 s: two of five. Of 741 s one of five, of 540 s three of five.
    assert found.chance_within([740.0, 741.0, 540.0, np.inf], 1200.0).tolist() == [0.4, 0.2, 0.6, 0.0]


def test_groups_stand_for_themselves_and_none_is_left_out() -> None:
    found = experiences(requests(), ["a", None, "b", "b", "b", None])
    assert {group: one.asked for group, one in found.items()} == {"a": 1, "b": 2}
    assert found["b"].chance_within([0.0], 3600.0).tolist() == [0.5]


def test_nothing_is_known_where_nobody_asked() -> None:
    nobody = Experience(0, np.zeros(0))
    assert nobody.served_share is None
    assert np.isnan(nobody.chance_within([0.0, 100.0], 600.0)).all()


def test_nobody_served_is_no_chance() -> None:
    assert Experience(4, np.zeros(0)).chance_within([0.0], 3600.0).tolist() == [0.0]


def test_table_by_town_and_hour() -> None:
    table = experience_table(
        requests(), {"town": ["A", "A", "B", "B", "B", "B"], "hour": [8, 8, 9, 9, 9, 10]}
    )
    assert table[["town", "hour", "asked", "served"]].to_numpy().tolist() == [
        ["A", 8, 2, 2],
        ["B", 9, 2, 1],
        ["B", 10, 1, 0],
    ]
    assert table["served_share"].tolist() == [1.0, 0.5, 0.0]
    # Of 60 and 300 s the median is 180 s, the 95th percentile 60 + 0.95 * 240 = 288 s.
    assert table["wait_median_s"].tolist()[:2] == [180.0, 600.0]
    assert table["wait_p95_s"].tolist()[0] == pytest.approx(288.0)
    assert np.isnan(table["wait_p95_s"].tolist()[2])
