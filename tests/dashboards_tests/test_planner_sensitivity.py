"""The view of assumptions: names, ends of ranges, and the difference at each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.planner.frame import Frame
from dashboards.planner.sensitivity_view import bars_table, tornado_chart
from maas.i18n.figures import BY_KEY
from maas.i18n.wording import Language
from simulation.comparison import Estimate
from simulation.study_sensitivity import Bar

BARS = (
    Bar(
        "demand.latent_requests_per_weekday",
        60,
        120,
        at_low=Estimate(400.0, 300.0, 500.0, 4),
        at_high=Estimate(-490.0, -600.0, -380.0, 4),
        as_stated=Estimate(-170.0, -200.0, -140.0, 4),
    ),
    Bar(
        "service.costs.operators",
        0.5,
        1.5,
        at_low=Estimate(-100.0, -150.0, 50.0, 4),
        at_high=Estimate(-400.0, -450.0, -350.0, 4),
        as_stated=Estimate(-170.0, -200.0, -140.0, 4),
    ),
)
FIGURE = BY_KEY["public_money_per_trip_yen"]


def framed(language: Language) -> Frame:
    return Frame(language, Path("runs"), None)


@pytest.mark.parametrize(
    ("language", "name", "low"),
    [("ja", "潜在需要（平日1日）", "幅の下端"), ("en", "Requests a weekday if the service suits", "Low end")],
)
def test_each_assumption_is_named_with_the_ends_of_its_range(language: Language, name: str, low: str) -> None:
    table = bars_table(framed(language), FIGURE, BARS)
    assert table.iloc[0, 0] == name
    assert table[low].tolist() == [60, 0.5]
    assert table.iloc[:, -2].tolist() == [400.0, -100.0]
    assert table.iloc[:, -1].tolist() == [-490.0, -400.0]


def test_the_chart_has_a_bar_for_each_end_in_words() -> None:
    drawn = tornado_chart(framed("ja"), FIGURE, BARS).to_dict()
    rows = [row for rows in drawn["datasets"].values() for row in rows if "said" in row]
    assert [row["value"] for row in rows] == [400.0, -490.0, -100.0, -400.0]
    assert rows[0]["said"] == "400円多い（300～500）"
    assert rows[2]["said"].startswith("明らかな差なし")
    assert {row["stated"] for row in rows} == {-170.0}
