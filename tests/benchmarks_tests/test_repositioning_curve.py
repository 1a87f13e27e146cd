"""The sweep over prices of empty driving: settings, rows, picture."""

from __future__ import annotations

from pathlib import Path

from benchmarks.repositioning_curve import PRICES, RULES, Means, Setting, draw, rows_of, swept
from simulation.idle_choice import IdleChoice


def means_of(idle: IdleChoice) -> Means:
    """The dearer, the less is driven and served."""
    strength = 0.0 if idle.follows == "off" else 10.0 / idle.empty_cost_percent
    return Means(0.9 + 0.1 * strength, 100.0, 1000.0, 400.0 + 500 * strength, 50.0, 0.1)


def settings() -> list[Setting]:
    return swept(means_of, lambda name, means: None)


def test_every_rule_is_swept_over_every_price_beside_none() -> None:
    found = settings()
    assert len(found) == 1 + len(RULES) * len(PRICES)
    assert (found[0].rule, found[0].idle.follows) == (None, "off")
    assert {(one.idle.follows, one.idle.aim, one.price) for one in found[1:]} == {
        (follows, aim, price) for _, follows, aim in RULES for price in PRICES
    }


def test_rows_name_rule_and_price() -> None:
    rows = {row.name: row for row in rows_of("town", settings(), 3)}
    assert rows["town/curve/off/empty_km"].value == 400
    served = rows["town/curve/recent_shares_250/served_share"]
    # 0.9 + 0.1 * 10 / 250
    assert (round(served.value, 6), served.better, served.repetitions) == (0.904, "more", 3)


def test_picture_has_a_panel_a_workload(tmp_path: Path) -> None:
    found = settings()
    text = draw([("town", found, 3), ("city", found, 1)], tmp_path / "c.svg").read_text(encoding="utf-8")
    for word in ("town: 50 requests, 3 days", "city: 50 requests, 1 day", "empty vehicle-km a day"):
        assert word in text
