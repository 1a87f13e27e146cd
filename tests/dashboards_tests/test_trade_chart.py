"""The picture of what is bought against what it costs."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.image import imread

from dashboards.errors import ChartError
from dashboards.trade_chart import TradePanel, TradePoint, draw_trades

PANEL = TradePanel(
    "a town, 3 days",
    TradePoint(100.0, 98.0, "nobody moves"),
    [
        ("shares", [TradePoint(900.0, 99.9, "25 %"), TradePoint(300.0, 99.0, "100 %")]),
        ("coverage", [TradePoint(95.0, 97.9, "25 %")]),
    ],
)


def drawn(path: Path, *panels: TradePanel) -> Path:
    return draw_trades(panels, path, title="What it buys", note="A note", axes=("empty km", "served, %"))


def test_panels_are_drawn_with_title_units_and_rules(tmp_path: Path) -> None:
    text = drawn(tmp_path / "c.svg", PANEL, PANEL, PANEL).read_text(encoding="utf-8")
    words = (
        "What it buys",
        "A note",
        "empty km",
        "served, %",
        "shares",
        "coverage",
        "a town, 3 days",
        "25 %",
    )
    for word in words:
        assert word in text
    assert len(text) < 100_000
    assert [left.name for left in tmp_path.iterdir()] == ["c.svg"]


def test_same_figures_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = (drawn(tmp_path / name, PANEL).read_bytes() for name in ("a.svg", "b.svg"))
    assert one == other


def test_png_is_a_picture(tmp_path: Path) -> None:
    picture = imread(drawn(tmp_path / "c.png", PANEL))
    assert picture.std() > 0.05  # something is drawn


def test_nothing_too_much_and_other_formats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ChartError, match="nothing to draw"):
        drawn(tmp_path / "c.svg")
    with pytest.raises(ChartError, match=r"ends in .png or .svg"):
        drawn(tmp_path / "c.pdf", PANEL)
    crowd = TradePanel("a", PANEL.without, [(str(k), PANEL.lines[0][1]) for k in range(7)])
    with pytest.raises(ChartError, match="7 rules are too many"):
        drawn(tmp_path / "c.svg", crowd)
