"""Tables behind the planner's pages: vehicles, refusals, what-ifs."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboards.errors import DashboardError
from dashboards.planner.refusal_tables import CHANGES, helped_by, refusals, refusals_by_hour
from dashboards.planner.vehicle_tables import drives_of_day, driving_by_hour, vehicles_on_average
from dashboards.planner.what_if import EVERYWHERE, Base, Plan, definition, label_of, settings
from maas.i18n.wording import Wording
from scenarios.overrides import scenario_with
from scenarios.study_definition import StudyDefinition

H = 3600

LEGS = pd.DataFrame(
    [  # seed, vehicle, depart, arrive, metres, seconds, riders
        (1, "A", 8 * H, 8 * H + 600, 5000, 600, 0),
        (1, "A", 8 * H + 700, 8 * H + 1300, 10_000, 600, 4),
        (2, "A", 9 * H, 9 * H + 1200, 5000, 1200, 1),
        (2, "B", 9 * H, 9 * H + 600, 4000, 600, 2),
    ],
    columns=["seed", "vehicle_id", "depart_s", "arrive_s", "leg_m", "leg_s", "riders_on_board"],
)
REQUESTS = pd.DataFrame(
    [  # status, vehicle, riders
        ("done", "A", 4),
        ("done", "A", 1),
        ("done", "B", 2),
        ("cancelled", "B", 3),
    ],
    columns=["status", "vehicle_id", "riders"],
)


def test_a_vehicle_is_averaged_over_all_days() -> None:
    table = vehicles_on_average(LEGS, REQUESTS, 2)
    a = table.loc["A"]
    assert a["km"] == 10.0  # (5 + 10 + 5) / 2
    assert a["empty_share"] == 0.25  # 5 of 20 km
    assert a["driving_h"] == pytest.approx(2400 / 3600 / 2)
    assert a["riders"] == 2.5  # (4 + 1) / 2
    assert a["requests"] == 1.0
    assert a["mean_load"] == 2.25  # (10 * 4 + 5 * 1) / 20
    assert table.loc["B", "riders"] == 1.0  # the cancelled party of 3 was not carried


def test_loads_of_three_and_more_are_one_class() -> None:
    day = drives_of_day(LEGS, 1)
    assert day["load"].tolist() == [0, 3]
    assert day["riders"].tolist() == [0, 4]
    assert day["times"].tolist() == ["8:00–8:10", "8:11–8:21"]


def test_driving_minutes_are_counted_in_the_hour_of_departure() -> None:
    table = driving_by_hour(LEGS, 2).set_index(["hour", "load"])["minutes"]
    assert table.to_dict() == {(8, 0): 5.0, (8, 3): 5.0, (9, 1): 10.0, (9, 2): 5.0}


def test_the_smallest_change_of_a_refusal_is_told() -> None:
    requests = pd.DataFrame(
        [  # request, status, wish, later_s, other_place_m, one_vehicle_more
            (0, "refused", 9 * H, 900, 200, True),  # 15 min later is smaller than a walk
            (1, "refused", 8 * H, 1800, 200, True),  # a walk is smaller than half an hour
            (2, "refused", 8 * H, 1800, None, True),
            (3, "refused", 8 * H, None, None, True),
            (4, "refused", 8 * H, None, None, False),
            (5, "done", 8 * H, None, None, None),
        ],
        columns=["request", "status", "wish_s", "later_s", "other_place_m", "one_vehicle_more"],
    ).astype({"later_s": "Int64", "other_place_m": "Int64", "one_vehicle_more": "boolean"})
    table = refusals(requests.assign(seed=1))
    by_request = dict(zip(table["request"], table["change"], strict=True))
    assert by_request == {0: "little_later", 1: "walk", 2: "later", 3: "vehicle", 4: "none"}
    assert table["request"].tolist()[-1] == 0, "the list is in the order of the wishes"
    assert helped_by(table, 2) == dict.fromkeys(CHANGES, 0.5)


def test_requests_of_an_older_version_are_told_to_be_so() -> None:
    with pytest.raises(DashboardError, match=r"no later_s, other_place_m.* older version"):
        refusals(pd.DataFrame({"status": ["refused"], "seed": [1], "wish_s": [0]}))


def test_refusals_are_counted_by_hour_and_reason_for_a_day() -> None:
    requests = pd.DataFrame(
        {
            "status": ["refused", "refused", "done"],
            "wish_s": [8 * H, 8 * H + 1, 9 * H],
            "reason": ["outside_hours", "outside_hours", None],
        }
    )
    table = refusals_by_hour(requests, 4)
    assert table.to_dict("records") == [{"hour": 8, "reason": "outside_hours", "requests": 0.5}]


STATED = Plan(6, (8 * H, 17 * H), 20, 20, None, EVERYWHERE)
BASE = Base(
    "sakura_on_demand",
    Wording("on demand", "オンデマンド"),
    STATED,
    (6 * H, 19 * H),
    (11 * H + 1800, 14 * H + 1800),
    ("Ujiie", "Kitsuregawa"),
)


def test_a_plan_as_stated_changes_nothing() -> None:
    assert settings(BASE, STATED) == {}


def test_everything_that_can_be_set_is_a_number_of_the_scenario() -> None:
    plan = Plan(4, (7 * H, 18 * H + 1800), 30, 60, 200, "Ujiie")
    changed = settings(BASE, plan)
    scenario = scenario_with("sakura_on_demand", changed, where="test", reason="tried")
    service = scenario.service
    assert sum(group.count.value for group in service.vehicles) == 4
    assert {group.shift.value for group in service.vehicles} == {("07:00", "18:30")}
    assert service.rules.max_wait.seconds == 30 * 60
    assert service.rules.notice.seconds == 3600
    assert [step.yen for step in service.fares.steps.value] == [200]
    assert service.access.area == "Ujiie"
    assert label_of(BASE, plan).ja == "4台・07:00～18:30・待ち上限30分・締切60分前・運賃一律200円・氏家のみ"


def test_what_is_tried_is_a_study_of_two_cases() -> None:
    plan = Plan(4, (8 * H, 17 * H), 20, 20, None, EVERYWHERE)
    study = StudyDefinition.model_validate(definition(BASE, settings(BASE, plan), label_of(BASE, plan)))
    assert [variant.name for variant in study.variants] == ["stated", "tried"]
    assert study.baseline == "stated"


def test_shifts_hold_the_rests_of_their_drivers() -> None:
    assert BASE.with_rests((12 * H, 13 * H)) == (11 * H + 1800, 14 * H + 1800)
    assert BASE.half_hours[0] == 6 * H
    assert BASE.half_hours[-1] == 19 * H
