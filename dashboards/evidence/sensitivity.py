"""What the answer rests on: assumptions that move it, futures in which it stands, where it turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from dashboards.evidence.assumption_names import assumption_name
from dashboards.evidence.drawing import light_grid, svg_of
from dashboards.evidence.exhibits import ChartExhibit, Column, Exhibit, TableExhibit, rows_of
from dashboards.evidence.kpis import figure_head, printed
from dashboards.evidence.number_text import span
from dashboards.evidence.palette import INK
from dashboards.fonts import drawable
from maas.i18n.figures import FigureWording, wording
from maas.i18n.wording import Language, Wording
from simulation.comparison import Estimate
from simulation.study_outcome import StudyOutcome
from simulation.study_sensitivity import Bar, break_evens, other_variants, share_of_futures, tornado

LONGEST_BARS: Final = 12
"""Assumptions that are drawn; the table has all of them."""

_LOW, _HIGH = "#56B4E9", "#0072B2"


def sensitivity(study: StudyOutcome, language: Language) -> list[Exhibit]:
    """Tornado, futures and break-even, as far as the study has them."""
    kinds = {axis.get("ranges") for axis in study.definition["grid"]}
    others = other_variants(study)
    found: list[Exhibit] = []
    if "one_at_a_time" in kinds:
        found += [tornado_chart(study, variant, language) for variant in others]
    if "futures" in kinds:
        found.append(futures_table(study, language))
    found += break_even_table(study, language)
    return found


def tornado_chart(study: StudyOutcome, variant: str, language: Language) -> ChartExhibit:
    """The study's first figure against the baseline, each assumption at both ends of its range."""
    figure_words = printed(wording(study.definition["figures"][0]))
    bars = tornado(study, figure_words.key, variant)
    shown = bars[:LONGEST_BARS]
    stated = bars[0].as_stated.mean * figure_words.scale if bars else 0.0

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for row, bar in enumerate(shown):
            for end, colour, hatch in ((bar.at_low, _LOW, ""), (bar.at_high, _HIGH, "///")):
                at = end.mean * figure_words.scale
                axes.barh(
                    row, at - stated, left=stated, height=0.62, color=colour, hatch=hatch, edgecolor="white",
                    linewidth=0.4,
                )  # fmt: skip
        axes.axvline(stated, color=INK, linewidth=1.0)
        if axes.get_xlim()[0] < 0 < axes.get_xlim()[1]:
            axes.axvline(0, color=INK, linewidth=0.8, linestyle=":")
        names = [drawable(assumption_name(bar.parameter, language), bar.parameter) for bar in shown]
        axes.set_yticks(range(len(shown)), names)
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(
            Wording("Difference to the baseline: ", "基準との差: ").text(language)
            + figure_head(figure_words, language)
        )
        axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _: _tick(at)))
        light_grid(axes, "x")
        handles = [
            Patch(color=_LOW, label=Wording("at the low end of its range", "幅の下端").text(language)),
            Patch(
                facecolor=_HIGH, hatch="///", edgecolor="white",
                label=Wording("at the high end", "幅の上端").text(language),
            ),
        ]  # fmt: skip
        figure.legend(handles=handles, loc="outside upper left", ncols=2)

    return ChartExhibit(
        f"tornado_{variant}",
        Wording(f"Which assumptions move {figure_words.name.en}", f"{figure_words.name.ja}を左右する仮定"),
        svg_of(draw, 1.1 + 0.26 * max(len(shown), 1)),
        Wording(
            "One bar an assumption: the difference to the baseline at both ends of its range",
            "仮定ごとに、幅の両端での基準との差を帯で示す",
        ),
        Wording(
            "Solid line: everything as stated. Dotted line: no difference. All other numbers stay as stated.",
            "実線はすべて設定どおりの場合、点線は差なし。他の数値は設定どおり。",
        ),
        _tornado_table(bars, figure_words, variant, language),
    )


def _tick(at: float) -> str:
    return f"{at:,.10g}".replace("-", "\N{MINUS SIGN}")


def _tornado_table(
    bars: Sequence[Bar], figure: FigureWording, variant: str, language: Language
) -> TableExhibit:
    unit = figure.unit
    columns = (
        Column("assumption", Wording("Assumption", "仮定")),
        Column("range", Wording("Range", "幅")),
        Column(
            "at_low", Wording("At its low end", "下端での差"), unit, decimals=figure.decimals, is_signed=True
        ),
        Column(
            "at_high",
            Wording("At its high end", "上端での差"),
            unit,
            decimals=figure.decimals,
            is_signed=True,
        ),
        Column("half", Wording("±", "±"), unit, decimals=figure.decimals),
        Column("key", Wording("Key", "キー"), is_export_only=True),
    )
    rows = [
        {
            "assumption": assumption_name(bar.parameter, language),
            "range": f"{bar.low:g}～{bar.high:g}" if language == "ja" else f"{bar.low:g} to {bar.high:g}",
            "at_low": bar.at_low.mean * figure.scale,
            "at_high": bar.at_high.mean * figure.scale,
            "half": _half(bar.at_high, figure),
            "key": bar.parameter,
        }
        for bar in bars
    ]
    return TableExhibit(
        f"tornado_table_{variant}",
        Wording("Assumptions by how far they move the answer", "結果への影響の大きい順の仮定"),
        columns,
        rows_of(columns, rows),
    )


def futures_table(study: StudyOutcome, language: Language) -> TableExhibit:
    """In how many futures each variant beats the baseline, for each figure with a threshold."""
    percent = Wording("%", "%")
    columns = (
        Column("figure", Wording("Figure", "指標")),
        Column("variant", Wording("Variant", "案")),
        Column("share", Wording("Better", "優れる"), percent, decimals=0),
        Column("interval", Wording("95 % interval (%)", "95%信頼区間（%）")),
        Column("enough", Wording("By the threshold", "基準値以上に優れる"), percent, decimals=0),
        Column("count", Wording("Futures", "将来の数"), decimals=0),
    )
    rows = []
    for key in study.definition["thresholds"]:
        for variant in other_variants(study):
            found = share_of_futures(study, key, variant)
            rows.append(
                {
                    "figure": wording(key).name.text(language),
                    "variant": _variant_title(study, variant, language),
                    "share": 100 * found.share,
                    "interval": span(100 * found.low, 100 * found.high, language=language),
                    "enough": 100 * found.enough_share,
                    "count": found.count,
                }
            )
    return TableExhibit(
        "futures",
        Wording("In how many futures does it beat the baseline?", "基準より優れる将来の割合"),
        columns,
        rows_of(columns, rows),
        Wording(
            "Every assumption drawn evenly from its range, independently. A statement about these ranges, not"
            " a probability.",
            "すべての仮定を幅の中で一様・独立に動かした場合。確率ではなく、この幅のもとでの割合。",
        ),
    )


def break_even_table(study: StudyOutcome, language: Language) -> Iterator[TableExhibit]:
    """Where along the only axis of numbers a variant is level with the baseline of its own point."""
    levels = list(break_evens(study))
    if not levels:
        return
    columns = (
        Column("figure", Wording("Figure", "指標")),
        Column("variant", Wording("Variant", "案")),
        Column("at", Wording("Level at", "分岐点")),
        Column("interval", Wording("95 % interval", "95%信頼区間")),
    )
    rows = []
    for key, variant, found in levels:
        at = "-" if found is None else Wording("nowhere on the grid", "範囲内になし").text(language)
        interval = None
        if found is not None and found.value is not None:
            at = f"{found.value:.4g}"
            if found.low is not None and found.high is not None:
                ends = f"{found.low:.4g}", f"{found.high:.4g}"
                interval = Wording(" to ".join(ends), "～".join(ends)).text(language)
        rows.append(
            {
                "figure": wording(key).name.text(language),
                "variant": _variant_title(study, variant, language),
                "at": at,
                "interval": interval,
            }
        )
    name = assumption_name(str(study.definition["grid"][0]["parameter"]), language)
    yield TableExhibit(
        "break_even",
        Wording(f"Where both are level: {name}", f"基準と同じになる点: {name}"),
        columns,
        rows_of(columns, rows),
    )


def _variant_title(study: StudyOutcome, variant: str, language: Language) -> str:
    said = next(each for each in study.definition["variants"] if each["name"] == variant)
    return str(said["title"][language])


def _half(estimate: Estimate, figure: FigureWording) -> float | None:
    half = estimate.half_width
    return None if half is None else half * figure.scale
