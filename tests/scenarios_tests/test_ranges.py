"""Ranges of numbers: how they are stated, and the points at which studies take them."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from scenarios.loading import load_scenario, read_scenario
from scenarios.preparation import scenario_hash
from scenarios.provenance import entries
from scenarios.ranges import Ranged, futures, merged_ranges, one_at_a_time, ranges_of, switched
from scenarios.stated import Stated

CONTENT = {
    "demand": {"return_share": {"value": 0.8, "range": [0.7, 0.9], "assumption": True}},
    "service": {
        "costs": {"hour": {"value": 3300, "range": [3000, 4000], "unit": "yen", "source": "x"}},
        "lines": [{"name": "北", "awareness": {"value": 0.5, "range": [0.4, 0.8], "assumption": True}}],
        "notice": {"value": 20, "unit": "min", "assumption": True},
    },
}


def stated(value: object, span: tuple[float, float]) -> Stated[float]:
    return Stated[float].model_validate({"value": value, "assumption": True, "range": span})


def test_range_holds_its_value_ends_included() -> None:
    assert stated(1.0, (1.0, 2.0)).span == (1.0, 2.0)
    assert stated(2.0, (1.0, 2.0)).span == (1.0, 2.0)
    for span in ((1.1, 2.0), (0.0, 0.9), (2.0, 1.0), (1.0, 1.0)):
        with pytest.raises(ValidationError, match="does not hold the value 1 between two ends"):
            stated(1.0, span)


def test_range_belongs_to_a_single_number() -> None:
    with pytest.raises(ValidationError, match="has a range, but is no single number"):
        Stated[tuple[float, float]].model_validate(
            {"value": (1.0, 2.0), "assumption": True, "range": (1.0, 2.0)}
        )


def test_range_is_shown_and_is_in_no_hash() -> None:
    scenario = load_scenario("sakura_on_demand")
    shown = {f"{entry.section}.{entry.key}": entry.span for entry in entries(scenario)}
    assert shown["demand.return_share"] == ("0.7", "0.9")
    assert shown["service.rules.notice"] is None
    assert scenario.demand.return_share.span is not None  # type: ignore[union-attr]
    plain = scenario.demand.return_share.model_copy(update={"span": None})  # type: ignore[union-attr]
    without = scenario.model_copy(
        update={"demand": scenario.demand.model_copy(update={"return_share": plain})}
    )
    assert scenario_hash(without, "n") == scenario_hash(scenario, "n")


def test_ranges_are_found_by_the_keys_that_set_them() -> None:
    found = ranges_of(CONTENT)
    assert list(found) == ["demand.return_share", "service.costs.hour", "service.lines.北.awareness"]
    assert found["service.costs.hour"] == Ranged("service.costs.hour", 3300, 3000, 4000, "yen")
    assert "service.lines.つういんコンタ号(行き).awareness" in ranges_of(
        read_scenario("sakura_today").content
    )


def test_a_section_that_is_off_has_no_ranges() -> None:
    content = read_scenario("sakura_on_demand").content
    assert not [key for key in ranges_of(content) if key.startswith("choice.")]
    on = switched(content, {"choice.model": "logit", "demand.return_share": 0.5, "nothing.model": "logit"})
    assert "choice.spread" in ranges_of(on)
    assert set(ranges_of(content)) < set(ranges_of(on))
    assert "nothing" not in on
    assert "choice.spread" not in ranges_of(switched(on, {"choice.model": "off"}))


def test_position_in_a_range_is_whole_where_the_stated_numbers_are() -> None:
    assert Ranged("k", 3300, 3000, 4000, "").at(0.3333) == 3333
    assert Ranged("k", 0.8, 0.7, 0.9, "").at(0.25) == 0.75
    assert Ranged("k", 0.8, 0.7, 0.9, "").at(1 / 3) == 0.7667


def test_one_at_a_time_takes_both_ends_of_each() -> None:
    points = one_at_a_time(ranges_of(CONTENT))
    assert [point.name for point in points] == [
        "stated",
        "01-low",
        "01-high",
        "02-low",
        "02-high",
        "03-low",
        "03-high",
    ]
    assert points[0].positions == {}
    assert points[3].settings(ranges_of(CONTENT)) == {"service.costs.hour": 3000}


def test_each_scenario_moves_within_its_own_range() -> None:
    point = one_at_a_time({"a": Ranged("a", 1, 0, 2, "")})[2]
    assert point.settings({"a": Ranged("a", 5, 4, 9, "")}) == {"a": 9}
    assert point.settings({"b": Ranged("b", 5, 4, 9, "")}) == {}


def test_futures_meet_each_part_of_each_range_once() -> None:
    points = futures(ranges_of(CONTENT), 20, seed=3)
    for key in ranges_of(CONTENT):
        assert sorted(int(20 * point.positions[key]) for point in points) == list(range(20))
    assert points == futures(ranges_of(CONTENT), 20, seed=3)
    assert points != futures(ranges_of(CONTENT), 20, seed=4)
    assert len({point.name for point in points}) == 20


def test_number_draws_the_same_futures_whichever_others_there_are() -> None:
    alone = futures({"demand.return_share": ranges_of(CONTENT)["demand.return_share"]}, 9, seed=1)
    among = futures(ranges_of(CONTENT), 9, seed=1)
    key = "demand.return_share"
    assert [point.positions[key] for point in alone] == [point.positions[key] for point in among]


def test_parameters_choose_among_the_ranges() -> None:
    assert list(merged_ranges([CONTENT], ["service.costs.hour"])) == ["service.costs.hour"]
    with pytest.raises(KeyError, match=r"service\.notice"):
        merged_ranges([CONTENT], ["service.notice"])
