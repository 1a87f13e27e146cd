"""A comparison of outcomes as one picture: small panels of bars with their 95 % intervals."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from unicodedata import east_asian_width

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from dashboards.errors import ChartError
from dashboards.fonts import drawable, emphasis, families, japanese_family
from maas.i18n.figures import BY_KEY, FigureWording
from maas.i18n.wording import Language, Wording
from simulation.comparison import Comparison, Estimate
from simulation.outcomes import Outcome

SHOWN: Final = (
    "served_riders",
    "served_share",
    "wait_mean_s",
    "wait_p95_s",
    "riders_per_vehicle_hour",
    "shared_riders_share",
    "vehicle_km",
    "public_money_per_trip_yen",
)

STYLES: Final = (
    ("#56B4E9", ""),
    ("#0072B2", "//"),
    ("#E69F00", ".."),
    ("#009E73", "xx"),
    ("#CC79A7", "--"),
    ("#D55E00", "++"),
)
"""Colours of Okabe and Ito with a hatch each: told apart by colour-blind readers and in grey print."""

_COLUMNS: Final = 4
_WIDTH_IN: Final = 12.0
_PANEL_IN: Final = 2.6
_HEAD_IN: Final = 0.8
_DPI: Final = 150
_LINE_EM: Final = 105.0
"""Width of a line of notes."""
_INK: Final = "#222222"

_TITLE: Final = Wording("A weekday under each service", "各サービスの平日1日")
_COUNT: Final = Wording(
    "Mean of {days} simulated days; black lines: 95 % confidence interval",
    "{days}日分のシミュレーションの平均。黒線は95%信頼区間",
)
_APPROXIMATE: Final = Wording("Roads: an approximation, not surveyed.", "道路: 測量によらない概略。")


def draw_comparison(
    comparison: Comparison, outcomes: Sequence[Outcome], path: Path | str, *, language: Language = "en"
) -> Path:
    """Draw the main figures of outcomes side by side into a PNG file.

    Parameters
    ----------
    comparison, outcomes
        In the same order.
    path
        Where to write; must end in `.png`. The file appears whole or not at all.
    language
        Of the labels; English where this machine has no Japanese font.

    Raises
    ------
    ChartError
        When the path does not end in `.png`, or there are more outcomes than styles.
    """
    target = Path(path)
    if target.suffix.lower() != ".png":
        raise ChartError(f"{target}: the chart is a PNG picture; give a name that ends in .png")
    if len(outcomes) > len(STYLES):
        raise ChartError(f"{len(outcomes)} outcomes are too many for one chart; give at most {len(STYLES)}")
    words: Language = "ja" if language == "ja" and japanese_family() else "en"
    with mpl.rc_context({"font.family": families(), "font.size": 9, "text.color": _INK}):
        figure = _figure(comparison, outcomes, words)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.png")
        try:
            figure.savefig(temporary, dpi=_DPI, facecolor="white")
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    return target


def _figure(comparison: Comparison, outcomes: Sequence[Outcome], words: Language) -> Figure:
    keys = [key for key in SHOWN if any(key in estimates for estimates in comparison.estimates)]
    rows = max(1, -(-len(keys) // _COLUMNS))
    notes = _notes(outcomes, words)
    legend_in = 0.24 * len(outcomes)
    foot_in = 0.3 + legend_in + 0.17 * len(notes)
    height_in = _HEAD_IN + rows * _PANEL_IN + foot_in
    figure = Figure(figsize=(_WIDTH_IN, height_in))
    FigureCanvasAgg(figure)
    title = _TITLE.text(words)
    figure.text(0.03, 1 - 0.32 / height_in, title, fontsize=14, **emphasis(title))
    days = max(len(outcome.days) for outcome in outcomes)
    figure.text(0.03, 1 - 0.57 / height_in, _COUNT.text(words).format(days=days), color="#444444")
    grid = figure.add_gridspec(
        rows,
        _COLUMNS,
        left=0.05,
        right=0.985,
        top=1 - (_HEAD_IN + 0.25) / height_in,
        bottom=(foot_in + 0.12) / height_in,
        hspace=0.32,
        wspace=0.26,
    )
    for index, key in enumerate(keys):
        axes = figure.add_subplot(grid[index // _COLUMNS, index % _COLUMNS])
        _draw_panel(axes, BY_KEY[key], [estimates.get(key) for estimates in comparison.estimates], words)
    handles = [
        Patch(
            facecolor=colour, hatch=hatch, edgecolor=_INK, label=drawable(outcome.title(words), outcome.name)
        )
        for outcome, (colour, hatch) in zip(outcomes, STYLES, strict=False)
    ]
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0.025, (foot_in - 0.02) / height_in),
        frameon=False,
        fontsize=10,
        borderaxespad=0.0,
        handlelength=2.4,
    )
    for index, line in enumerate(reversed(notes)):
        figure.text(0.03, (0.12 + 0.17 * index) / height_in, line, fontsize=7.5, color="#555555")
    return figure


def _draw_panel(
    axes: Axes, figure: FigureWording, estimates: Sequence[Estimate | None], words: Language
) -> None:
    axes.set_title(figure.head(words), fontsize=10, loc="left")
    tops, bottoms = [], [0.0]
    for place, (estimate, (colour, hatch)) in enumerate(zip(estimates, STYLES, strict=False)):
        if estimate is None:
            axes.text(place, 0, "-", ha="center", va="bottom")
            continue
        height = estimate.mean * figure.scale
        low, high = ((figure.within(end) - estimate.mean) * figure.scale for end in _ends(estimate))
        axes.bar(place, height, width=0.72, color=colour, hatch=hatch, edgecolor=_INK, linewidth=0.7)
        if estimate.half_width is not None:
            axes.errorbar(
                place,
                height,
                yerr=[[max(-low, 0.0)], [max(high, 0.0)]],
                color="black",
                capsize=5,
                linewidth=1.4,
            )
        top = max(height + high, 0.0)
        tops.append(top)
        bottoms.append(min(height + low, 0.0))
        axes.annotate(
            figure.number(estimate.mean),
            (place, top),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
        )
    axes.set_xlim(-0.6, len(estimates) - 0.4)
    axes.set_ylim(bottom=min(bottoms) * 1.1, top=max([*tops, 0.0]) * 1.16 or 1.0)
    axes.set_xticks([])
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color("#888888")
    axes.tick_params(axis="y", labelsize=8, colors="#444444")


def _ends(estimate: Estimate) -> tuple[float, float]:
    if estimate.low is None or estimate.high is None:
        return estimate.mean, estimate.mean
    return estimate.low, estimate.high


def _notes(outcomes: Sequence[Outcome], words: Language) -> list[str]:
    """Whether the roads are approximate, and the credits, in lines that fit the picture."""
    parts = [_APPROXIMATE.text(words)] if any(outcome.is_approximate for outcome in outcomes) else []
    parts += dict.fromkeys(drawable(line) for outcome in outcomes for line in outcome.credits)
    lines: list[str] = []
    for part in filter(None, parts):
        joined = f"{lines[-1]}  {part}" if lines else part
        if lines and _width_em(joined) <= _LINE_EM:
            lines[-1] = joined
        else:
            lines.append(part)
    return lines


def _width_em(line: str) -> float:
    """About how wide a line is, in widths of a Japanese character."""
    return sum(1.0 if east_asian_width(character) in "WF" else 0.6 for character in line)
