"""Figures as tables for a terminal, in Japanese or English. Nothing is told by colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from maas.cli.console import language, output, text
from maas.i18n.figures import BY_KEY, GROUPS, REFUSALS, FigureWording, member, shown
from maas.i18n.wording import Language

if TYPE_CHECKING:
    from rich.table import Table

    from simulation.comparison import Comparison, Difference, Estimate


LABEL_WIDTH: Final = 21
"""Characters that the names of figures need at least, frame included."""
CELL_FRAME: Final = 3
"""Characters of a cell beside its content."""


def figures_table(estimates: Mapping[str, Estimate], original: Mapping[str, float] | None = None) -> Table:
    """The figures of one outcome: mean and half-width of the 95 % interval, the original day beside."""
    from rich.table import Table

    days = max((estimate.count for estimate in estimates.values()), default=0)
    table = Table()
    table.add_column(text("Figure", "指標"), no_wrap=True)
    table.add_column(
        text("One day", "1日") if days == 1 else text(f"Mean of {days} days", f"{days}日の平均"),
        justify="right",
    )
    if days > 1:
        table.add_column(text("95 % interval", "95%信頼区間"), justify="right", no_wrap=True)
    if original is not None:
        table.add_column(text("Original day", "元の1日"), justify="right")
    for figure in shown([{key: estimate.mean for key, estimate in estimates.items()}]):
        estimate = estimates[figure.key]
        cells = [figure.head(language().value), figure.number(estimate.mean)]
        if days > 1:
            cells.append(_interval(figure, estimate))
        if original is not None:
            cells.append(figure.number(original.get(figure.key)))
        table.add_row(*cells)
    return table


def comparison_table(
    comparison: Comparison, titles: Sequence[str], keys: Sequence[str] | None = None
) -> Table:
    """One column an outcome; below each figure its difference to the first outcome, starred where clear.

    Parameters
    ----------
    titles
        Of the outcomes, in their order.
    keys
        Figures to show; all if left out.
    """
    from rich.table import Table

    table = Table()
    table.add_column(text("Figure", "指標"), overflow="fold")
    means = [{key: value.mean for key, value in each.items()} for each in comparison.estimates]
    figures = [figure for figure in shown(means) if keys is None or figure.key in keys]
    columns = [
        [_cell(figure, estimates.get(figure.key), differences.get(figure.key)) for figure in figures]
        for estimates, differences in zip(comparison.estimates, comparison.differences, strict=True)
    ]
    widths = [
        max((len(line) for cell in cells for line in cell.splitlines()), default=1) for cells in columns
    ]
    is_fitting = LABEL_WIDTH + sum(width + CELL_FRAME for width in widths) <= output().width
    for title, width in zip(titles, widths, strict=True):
        table.add_column(title, justify="right", min_width=width if is_fitting else None, overflow="fold")
    for figure, *cells in zip(figures, *columns, strict=True):
        table.add_row(figure.head(language().value), *cells)
    return table


def comparison_note(comparison: Comparison) -> str:
    """How to read a table of this comparison."""
    counts = sorted({max((e.count for e in each.values()), default=0) for each in comparison.estimates})
    days = " / ".join(str(count) for count in counts)
    is_paired = {d.is_paired for differences in comparison.differences for d in differences.values()}
    pairing = text("day by day over equal seeds", "同じ乱数の種の日どうしの差")
    if is_paired == {False}:
        pairing = text("of independent days: the seeds differ", "種が異なるため独立とみなした差")
    elif False in is_paired:
        pairing += text("; † = of independent days", "、†は独立とみなした差")
    return text(
        f"n = {days} days. Mean (ratios divide the sums of all days) ± half the 95 % interval (Student's t)."
        f" In brackets: difference to the first column, {pairing}; * = its interval leaves zero out.",
        f"n = {days}日。平均（比の指標は全日の合計どうしの比） ± 95%信頼区間の半幅（t分布）。"
        f"括弧内は左端の列との差（{pairing}）。"
        "*は区間が0を含まないことを示す。",
    )


def breakdown_tables(figures: Mapping[str, Any]) -> list[Table]:
    """Refusals by reason, and served share and wait by group; what has no entry is left out."""
    from rich.table import Table

    tables = []
    words: Language = language().value
    refusals = {reason: count for reason, count in figures["refusals"].items() if count}
    if refusals:
        table = Table(title=text("Refusals a day", "受けられなかった理由（1日当たり）"), title_justify="left")
        table.add_column(text("Reason", "理由"))
        table.add_column(text("Requests", "件数"), justify="right")
        for reason, count in sorted(refusals.items(), key=lambda entry: -entry[1]):
            name = REFUSALS[reason].text(words) if reason in REFUSALS else reason
            table.add_row(name, f"{count:,.1f}")
        tables.append(table)
    groups = [
        (GROUPS[key].text(words), member(name, words), group)
        for key in GROUPS
        for name, group in figures[key].items()
        if group["requests"]
    ]
    if len({name for name, _, _ in groups}) < len(groups):
        table = Table(title=text("Groups of bookers", "申込者の内訳"), title_justify="left")
        table.add_column(text("Group", "区分"), no_wrap=True)
        for head in (BY_KEY["requests"], BY_KEY["served_share"], BY_KEY["wait_mean_s"], BY_KEY["wait_p95_s"]):
            table.add_column(head.head(words), justify="right")
        for kind, name, group in groups:
            cells = [
                BY_KEY[key].number(group[key])
                for key in ("requests", "served_share", "wait_mean_s", "wait_p95_s")
            ]
            table.add_row(f"{kind}: {name}", *cells)
        tables.append(table)
    return tables


def _interval(figure: FigureWording, estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return "-"
    low, high = (figure.number(figure.within(end)) for end in (estimate.low, estimate.high))
    return text(f"{low} to {high}", f"{low}～{high}")


def _cell(figure: FigureWording, estimate: Estimate | None, difference: Difference | None) -> str:
    """Mean and half-width; below them the difference to the first outcome."""
    lines = ["-" if estimate is None else figure.number(estimate.mean) + _half_width(figure, estimate)]
    if difference is not None:
        found = difference.estimate
        marks = ("*" if difference.is_clear else "") + ("" if difference.is_paired else "†")
        lines.append(f"({figure.number(found.mean, signed=True)}{_half_width(figure, found)}{marks})")
    return "\n".join(lines)


def _half_width(figure: FigureWording, estimate: Estimate) -> str:
    return "" if estimate.half_width is None else f" ± {figure.number(estimate.half_width)}"
