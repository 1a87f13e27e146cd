"""The picture of a comparison."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.image import imread

from dashboards.charts import STYLES, draw_comparison
from dashboards.errors import ChartError
from simulation.comparison import Comparison, compare
from simulation.outcomes import Day, Outcome


def outcome(name: str, share: float, public_yen: float = 1000.0, credit: str = "Credit") -> Outcome:
    days = tuple(
        Day(
            seed,
            {
                "requests": 100,
                "served": 100 * share + seed,
                "served_riders": 100 + seed,
                "served_share": share + 0.01 * seed,
                "public_money_yen": public_yen * (100 + seed),
                "public_money_per_trip_yen": public_yen,
            },
            ".",
            "",
        )
        for seed in (1, 2, 3)
    )
    return Outcome(Path(), name, f"{name} in English", f"{name}の題名", days, None, True, (credit,), {})


def compared(*outcomes: Outcome) -> Comparison:
    return compare([each.sample() for each in outcomes])


@pytest.mark.parametrize("language", ["en", "ja"])
def test_comparison_is_drawn_as_a_picture(tmp_path: Path, language: str) -> None:
    both = [outcome("today", 0.5), outcome("later", 0.9, public_yen=-50.0)]
    path = draw_comparison(
        compared(*both), both, tmp_path / "c.png", language="ja" if language == "ja" else "en"
    )
    picture = imread(path)
    assert picture.shape[1] > 1000
    assert picture.std() > 0.05  # something is drawn
    assert [left.name for left in tmp_path.iterdir()] == ["c.png"]


def test_text_without_a_font_is_left_out_without_a_warning(tmp_path: Path) -> None:
    strange = [outcome("𓀀𓀁", 0.5, credit="𓀀𓀁𓀂"), outcome("b", 0.6)]
    draw_comparison(compared(*strange), strange, tmp_path / "c.png")


def test_figure_of_nothing_but_zeros_is_drawn(tmp_path: Path) -> None:
    both = [outcome("a", 0.0, public_yen=0.0), outcome("b", 0.0, public_yen=0.0)]
    draw_comparison(compared(*both), both, tmp_path / "c.png")


def test_other_formats_and_too_many_outcomes_are_refused(tmp_path: Path) -> None:
    both = [outcome("a", 0.5), outcome("b", 0.6)]
    with pytest.raises(ChartError, match=r"ends in \.png"):
        draw_comparison(compared(*both), both, tmp_path / "c.pdf")
    many = [outcome(str(k), 0.5) for k in range(len(STYLES) + 1)]
    with pytest.raises(ChartError, match="at most 6"):
        draw_comparison(compared(*many), many, tmp_path / "c.png")
