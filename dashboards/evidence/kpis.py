"""Figures of every case beside the baseline: how much, how surely, and whether it is enough (○△×)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from dashboards.evidence.exhibits import ROW_DECIMALS, Column, TableExhibit, rows_of
from dashboards.evidence.number_text import span
from maas.i18n.effects import amount_words, effect_words
from maas.i18n.figures import FigureWording, wording
from maas.i18n.wording import Language, Wording
from simulation.comparison import Estimate
from simulation.study_comparison import Effect, StudyComparison, compare_study, figure_of
from simulation.study_outcome import StudyOutcome

MARKS: Final[Mapping[str, str]] = {"better": "○", "worse": "×", "open": "△"}

BASELINE: Final = Wording("baseline", "基準")
ANY_BETTER: Final = Wording("any better", "少しでも良い")
_INTERVAL: Final = Wording(
    "Over the days, by Student's t; none for percentiles of all riders of all days",
    "日のばらつきによる信頼区間（t分布）。全日・全利用者の分位点には付かない",
)

KPI_COLUMNS: Final = (
    Column("figure", Wording("Figure", "指標")),
    Column("case", Wording("Case", "案")),
    Column(
        "mean",
        Wording("Mean", "平均"),
        decimals=1,
        definition=Wording(
            "Of the days; of ratios (yen a rider, shares, mean times) the sums of all days are divided",
            "各日の平均。比の指標（1人当たりの円、割合、平均時間）は全日の合計どうしの比",
        ),
    ),
    Column(
        "interval",
        Wording("95 % interval", "95%信頼区間"),
        is_print_only=True,
        definition=_INTERVAL,
    ),
    Column(
        "words",
        Wording("Against the baseline", "基準との差"),
        definition=Wording(
            "Difference over the same days, and its 95 % interval; * = clear with all differences of the"
            " table in mind (Holm)",
            "同じ日どうしの差と95%信頼区間。*は表全体の多重比較（Holm法）でも明らかなもの",
        ),
    ),
    Column(
        "mark",
        Wording("○△×", "判定"),
        definition=Wording(
            "○ the whole interval is better by the stated threshold at least, × the whole interval is worse,"
            " △ neither; empty where the study states no threshold",
            "○は区間全体が基準値以上に良い、×は区間全体が悪い、△はそのどちらでもない。空欄は基準値の定めなし",
        ),
    ),
    Column("threshold", Wording("Threshold", "基準値"), is_export_only=True),
    Column(
        "low",
        Wording("95 % interval of the mean, lower end", "平均の95%信頼区間 下端"),
        definition=_INTERVAL,
        decimals=1,
        is_export_only=True,
    ),
    Column(
        "high",
        Wording("95 % interval of the mean, upper end", "平均の95%信頼区間 上端"),
        definition=_INTERVAL,
        decimals=1,
        is_export_only=True,
    ),
    Column("difference", Wording("Difference", "差"), decimals=1, is_signed=True, is_export_only=True),
    Column(
        "difference_low",
        Wording("95 % interval of the difference, lower end", "差の95%信頼区間 下端"),
        decimals=1,
        is_signed=True,
        is_export_only=True,
    ),
    Column(
        "difference_high",
        Wording("95 % interval of the difference, upper end", "差の95%信頼区間 上端"),
        decimals=1,
        is_signed=True,
        is_export_only=True,
    ),
    Column(
        "p_holm",
        Wording("p after Holm", "p値（Holm補正後）"),
        definition=Wording(
            "Chance of such a difference where there is none", "差がない場合にこの差が出る確率"
        ),
        decimals=4,
        is_export_only=True,
        has_own_decimals=True,
    ),
)


def printed(figure: FigureWording) -> FigureWording:
    """The figure as papers print it: tenths of minutes are enough, and yen are whole ones."""
    if figure.unit.en == "1,000 yen":
        return replace(figure, unit=Wording("yen", "円"), scale=1.0, decimals=0)
    return replace(figure, decimals=min(figure.decimals, 1)) if figure.unit.en == "min" else figure


def figure_head(figure: FigureWording, language: Language) -> str:
    """Name and unit of a figure, in Japanese with full-width brackets."""
    return Column(figure.key, figure.name, figure.unit).head(language)


def unvaried(study: StudyOutcome) -> StudyOutcome:
    """The study without the cases in which an assumption is moved over its range.

    Those belong to the sensitivity chapter; what is left may be no case at all, in a study of futures.
    """
    cases = [said for said in study.provenance["cases"] if not said["varied"]]
    if len(cases) == len(study.cases):
        return study
    return replace(study, provenance={**study.provenance, "cases": cases})


def kpi_table(
    study: StudyOutcome, language: Language, comparison: StudyComparison | None = None
) -> TableExhibit:
    """Every figure that the study is about, case by case, with intervals and ○△×.

    Parameters
    ----------
    comparison
        `compare_study(unvaried(study))`, where it is at hand.
    """
    plain = unvaried(study)
    found = comparison or compare_study(plain)
    rows = [row for key in study.definition["figures"] for row in _rows(plain, found, key, language)]
    days = len(study.seeds)
    note = Wording(
        f"n = {days} simulated days a case, the same riders and traffic in each case.",
        f"n = 各案{days}日のシミュレーション。どの案も同じ利用者・交通状況。",
    )
    return TableExhibit(
        "kpi",
        Wording("Key figures", "主要指標"),
        KPI_COLUMNS,
        rows_of(KPI_COLUMNS, rows),
        note,
        block_key="figure",
    )


def threshold_words(study: StudyOutcome, key: str, language: Language) -> str | None:
    """What the study counts as better: `20.0 more`; None where it states nothing."""
    threshold = study.definition["thresholds"].get(key)
    if threshold is None:
        return None
    by = float(threshold["by"])
    if by == 0:
        return ANY_BETTER.text(language)
    sign = 1.0 if threshold["better"] == "higher" else -1.0
    return amount_words(printed(wording(key)), sign * by, language)


def _rows(
    study: StudyOutcome, comparison: StudyComparison, key: str, language: Language
) -> Iterator[Mapping[str, object]]:
    figure = printed(wording(key))
    for case in study.cases:
        mean = figure_of(study, case.name, key)
        if mean is None:
            continue
        effect = comparison.by_key.get((case.name, key))
        is_baseline = study.baseline(case.name) == case.name
        yield {
            "figure": figure_head(figure, language),
            "case": case.title.text(language),
            "mean": mean.mean * figure.scale,
            "interval": _interval(figure, mean, language),
            "words": BASELINE.text(language) if is_baseline else _words(figure, effect, language),
            "mark": "" if effect is None or effect.mark is None else MARKS[effect.mark],
            "threshold": threshold_words(study, key, language),
            "low": None if mean.low is None else figure.within(mean.low) * figure.scale,
            "high": None if mean.high is None else figure.within(mean.high) * figure.scale,
            **({} if effect is None else _difference(figure, effect)),
            ROW_DECIMALS: figure.decimals,
        }


def _difference(figure: FigureWording, effect: Effect) -> Mapping[str, object]:
    difference = effect.difference
    return {
        "difference": difference.mean * figure.scale,
        "difference_low": _scaled(figure, difference.low),
        "difference_high": _scaled(figure, difference.high),
        "p_holm": effect.p_holm,
    }


def _scaled(figure: FigureWording, value: float | None) -> float | None:
    return None if value is None else value * figure.scale


def _interval(figure: FigureWording, mean: Estimate, language: Language) -> str | None:
    if mean.low is None or mean.high is None:
        return None
    ends = (figure.within(mean.low) * figure.scale, figure.within(mean.high) * figure.scale)
    return span(*ends, figure.decimals, language=language)


def _words(figure: FigureWording, effect: Effect | None, language: Language) -> str | None:
    if effect is None:
        return None
    difference = effect.difference
    words = effect_words(figure, difference.mean, difference.low, difference.high, language)
    return words + ("*" if effect.is_clear else "")
