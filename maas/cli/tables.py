"""Figures as tables for a terminal, in Japanese or English. Nothing is told by colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from maas.cli.console import language, text
from maas.i18n.figures import BY_KEY, GROUPS, REFUSALS, FigureWording, member, shown
from maas.i18n.wording import Language

if TYPE_CHECKING:
    from rich.table import Table

    from simulation.comparison import Comparison, Difference, Estimate


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
    table.add_column(text("Figure", "指標"))
    for title in titles:
        table.add_column(title, justify="right")
    for figure in shown([{key: value.mean for key, value in each.items()} for each in comparison.estimates]):
        if keys is not None and figure.key not in keys:
            continue
        cells = [figure.head(language().value)]
        for estimates, differences in zip(comparison.estimates, comparison.differences, strict=True):
            lines = [_with_half_width(figure, estimates[figure.key])] if figure.key in estimates else ["-"]
            if figure.key in differences:
                lines.append(_difference(figure, differences[figure.key]))
            cells.append("\n".join(lines))
        table.add_row(*cells)
    return table


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
    low, high = (
        figure.number(min(max(end, figure.least), figure.most)) for end in (estimate.low, estimate.high)
    )
    return text(f"{low} to {high}", f"{low}～{high}")


def _with_half_width(figure: FigureWording, estimate: Estimate) -> str:
    mean = figure.number(estimate.mean)
    return mean if estimate.half_width is None else f"{mean} ± {figure.number(estimate.half_width)}"


def _difference(figure: FigureWording, difference: Difference) -> str:
    estimate = difference.estimate
    mean = figure.number(estimate.mean, signed=True)
    spread = "" if estimate.half_width is None else f" ± {figure.number(estimate.half_width)}"
    return f"({mean}{spread}{' *' if difference.is_clear else ''})"


def comparison_note(comparison: Comparison) -> str:
    """How to read a table of this comparison."""
    counts = sorted({e.count for estimates in comparison.estimates for e in estimates.values()})
    days = " / ".join(str(count) for count in counts[-1:])
    is_paired = all(d.is_paired for differences in comparison.differences for d in differences.values())
    pairing = (
        text("days of equal seed paired", "同じ乱数の日どうしを対にした差")
        if is_paired
        else text("not paired: the seeds differ", "乱数が異なるため対にしない差")
    )
    return text(
        f"n = {days} days. Mean ± half the 95 % interval (Student's t). In brackets: difference to the first"
        f" column, {pairing}; * = its interval leaves zero out.",
        f"n = {days}日。平均 ± 95%信頼区間の半幅（t分布）。括弧内は左端の列との差（{pairing}）。"
        "*は区間が0を含まないことを示す。",
    )
