"""What the answer of a study rests on, for a terminal: assumptions, futures and break-even."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from maas.cli.console import language, text
from maas.i18n.figures import FigureWording, wording

if TYPE_CHECKING:
    from rich.table import Table

    from simulation.comparison import Estimate
    from simulation.study_outcome import StudyOutcome

LONGEST_BARS: Final = 15
"""Assumptions that are shown; those below move the answer less."""


def sensitivity_tables(outcome: StudyOutcome) -> Iterator[Table]:
    """Tables of a study with ranges, or with one parameter along which variants may change places."""
    from simulation.study_sensitivity import other_variants

    kinds = {axis.get("ranges") for axis in outcome.definition["grid"]}
    others = other_variants(outcome)
    figure = outcome.definition["figures"][0]
    if "one_at_a_time" in kinds and figure in outcome.metrics.columns:
        yield from (_tornado_table(outcome, figure, variant) for variant in others)
    if "futures" in kinds:
        yield _futures_table(outcome, others)
    yield from _break_even_tables(outcome)


def _tornado_table(outcome: StudyOutcome, figure: str, variant: str) -> Table:
    from rich.table import Table

    from simulation.study_sensitivity import tornado

    words = wording(figure)
    bars = tornado(outcome, figure, variant)
    name = words.head(language().value)
    table = Table(
        title=text(
            f"{name}: {variant} against the baseline, each assumption at both ends of its range",
            f"{name}: {variant}と基準の差（各仮定を幅の両端に動かした場合）",
        ),
        title_justify="left",
    )
    table.add_column(text("Assumption", "仮定"), overflow="fold")
    table.add_column(text("Range", "幅"), justify="right", no_wrap=True)
    table.add_column(text("At its low end", "下端"), justify="right", no_wrap=True)
    table.add_column(text("At its high end", "上端"), justify="right", no_wrap=True)
    if bars:
        table.add_row(text("(as stated)", "（設定どおり）"), "", *[_signed(words, bars[0].as_stated)] * 2)
    for bar in bars[:LONGEST_BARS]:
        table.add_row(
            bar.parameter,
            text(f"{bar.low:g} to {bar.high:g}", f"{bar.low:g}～{bar.high:g}"),
            _signed(words, bar.at_low),
            _signed(words, bar.at_high),
        )
    if len(bars) > LONGEST_BARS:
        left = len(bars) - LONGEST_BARS
        table.caption = text(
            f"{left} assumptions that move it less are left out.", f"影響のより小さい{left}項目は省略。"
        )
    return table


def _futures_table(outcome: StudyOutcome, variants: list[str]) -> Table:
    from rich.table import Table

    from simulation.study_sensitivity import share_of_futures

    table = Table(
        title=text("Share of futures in which a variant beats the baseline", "基準より優れる将来の割合"),
        title_justify="left",
    )
    table.add_column(text("Figure", "指標"), overflow="fold")
    table.add_column(text("Variant", "案"), overflow="fold")
    table.add_column(text("Better", "優れる"), justify="right", no_wrap=True)
    table.add_column(text("95 % interval", "95%信頼区間"), justify="right", no_wrap=True)
    table.add_column(text("By the threshold", "基準値以上"), justify="right", no_wrap=True)
    for key in outcome.definition["thresholds"]:
        for variant in variants if key in outcome.metrics.columns else ():
            found = share_of_futures(outcome, key, variant)
            low, high = 100 * found.low, 100 * found.high
            table.add_row(
                wording(key).name.text(language().value),
                variant,
                f"{found.better} / {found.count} = {100 * found.share:.0f} %",
                text(f"{low:.0f} to {high:.0f} %", f"{low:.0f}～{high:.0f}%"),
                f"{100 * found.enough_share:.0f} %",
            )
    return table


def _break_even_tables(outcome: StudyOutcome) -> Iterator[Table]:
    """Where the variants are level with a baseline of their own point, along the only axis of numbers."""
    from rich.table import Table

    from simulation.study_sensitivity import break_evens

    rows = list(break_evens(outcome))
    if not rows:
        return
    table = Table(title=text("Break-even with the baseline", "基準との損益分岐"), title_justify="left")
    table.add_column(text("Figure", "指標"), overflow="fold")
    table.add_column(text("Variant", "案"), overflow="fold")
    table.add_column(str(outcome.definition["grid"][0]["parameter"]), justify="right", overflow="fold")
    for key, variant, found in rows:
        place = "-" if found is None else text("nowhere on the grid", "範囲内になし")
        if found is not None and found.value is not None:
            place = f"{found.value:.4g}"
            if found.low is not None and found.high is not None:
                place += text(
                    f" ({found.low:.4g} to {found.high:.4g})", f"（{found.low:.4g}～{found.high:.4g}）"
                )
        table.add_row(wording(key).name.text(language().value), variant, place)
    yield table


def _signed(figure: FigureWording, estimate: Estimate) -> str:
    half = estimate.half_width
    return figure.number(estimate.mean, signed=True) + ("" if half is None else f" ± {figure.number(half)}")
