"""What a study found, as a table for a terminal: each case, and how it differs from the baseline in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from maas.cli.console import language, text
from maas.i18n.effects import effect_words
from maas.i18n.figures import FigureWording, wording
from maas.i18n.wording import Language

if TYPE_CHECKING:
    from rich.table import Table

    from simulation.comparison import Estimate
    from simulation.study_comparison import Effect, StudyComparison
    from simulation.study_outcome import StudyCase, StudyOutcome

MARKS: Final = {"better": "○", "worse": "×", "open": "△"}


def study_table(outcome: StudyOutcome, comparison: StudyComparison) -> Table:
    """One block a figure, one row a case: mean, difference to the baseline in words, and its mark."""
    from rich.table import Table

    from simulation.study_comparison import figure_of

    words: Language = language().value
    table = Table()
    table.add_column(text("Figure and case", "指標・案"), overflow="fold")
    table.add_column(text("Mean", "平均"), justify="right", no_wrap=True)
    table.add_column(text("Against the baseline", "基準との差"), overflow="fold")
    table.add_column("○△×", justify="center", no_wrap=True)
    for key in outcome.definition["figures"]:
        figure = wording(key)
        found = {case.name: figure_of(outcome, case.name, key) for case in outcome.cases}
        if all(value is None for value in found.values()):
            continue
        table.add_row(figure.head(words))
        for case in outcome.cases:
            effect = comparison.by_key.get((case.name, key))
            table.add_row(
                f"  {case.title.text(words)}",
                _mean(figure, found[case.name]),
                text("baseline", "基準")
                if outcome.baseline(case.name) == case.name
                else _told(figure, effect),
                MARKS[effect.mark] if effect is not None and effect.mark is not None else "",
            )
        table.add_section()
    return table


def study_notes(outcome: StudyOutcome, comparison: StudyComparison) -> list[str]:
    """How to read the table, and what to be careful about."""
    days = len(outcome.seeds)
    effects = len(comparison.effects)
    notes = [
        text(
            f"n = {days} days a case, paired day by day. Ratios (yen a rider, shares, mean times) divide the"
            " sums of all days. Differences with 95 % intervals (Student's t; for medians and percentiles a"
            " bootstrap over days, over all riders of all days). * = clear also"
            f" with all {effects} differences of this table in mind (Holm). ○ = the whole interval better"
            " by the study's threshold, × = the whole interval worse, △ = neither.",
            f"n = 各案{days}日、同じ日どうしの差。"
            "比の指標（1人当たりの円、割合、平均時間）は全日の合計どうしの比。95%信頼区間はt分布、"
            "中央値と95%点は全日・全利用者の値で日単位のブートストラップ。"
            f"*は表の差{effects}個の多重比較（Holm法）でも明らかなもの。"
            "○は区間全体が基準値以上に良い、×は区間全体が悪い、△はそのどちらでもない。",
        )
    ]
    short = [e for e in comparison.effects if e.mark == "open" and (e.days_needed or 0) > days]
    if short and outcome.dates is None:
        most = max(short, key=lambda effect: effect.days_needed or 0)
        head = wording(most.figure).name.text(language().value)
        notes.append(
            text(
                f"Not enough days for {len(short)} of the △: {head} of {most.case} needs about"
                f" {most.days_needed:,} for an interval of ± its threshold (--replications"
                f" {most.days_needed}).",
                f"△のうち{len(short)}個は日数不足: {most.case}の{head}の区間を±しきい値にするには"
                f"約{most.days_needed:,}日必要（--replications {most.days_needed}）。",
            )
        )
    notes += [
        text(
            f"Warning: {case.name} has {_percent(case)} % of its scenario's demand."
            " Waits, detours and shared rides of a sample are not those of the whole: do not scale them up.",
            f"注意: {case.name}の需要はシナリオの{_percent(case)}%です。"
            "抽出した需要の待ち時間・迂回・相乗りは全体のものと異なり、拡大推計できません。",
        )
        for case in outcome.samples
    ]
    if outcome.dates is not None:
        notes.append(
            text(
                f"Days: the weekdays of {outcome.dates} less public holidays and the turn of the year, each"
                " once, with the demand of its weekday.",
                f"対象日: {outcome.dates}の平日（祝日・年末年始を除く）を1回ずつ、曜日別の需要で計算。",
            )
        )
    return [*notes, *_choice_notes(outcome)]


def _choice_notes(outcome: StudyOutcome) -> list[str]:
    """Where people choose: what their expectations owe to chance, and where they did not settle."""
    if "choice.unsettled" not in outcome.metrics:
        return []
    notes = [
        text(
            "People's expectations were learned once a case, on days of their own; what they owe to these"
            " is not in the intervals (docs/studies.md tells how much that is).",
            "利用者の期待は案ごとに別の日で1回だけ学習したもの。"
            "その偶然による幅は区間に含まない（大きさはdocs/studies.md）。",
        )
    ]
    unsettled = outcome.metrics[outcome.metrics["choice.unsettled"] > 0]
    for case, rows in unsettled.groupby("case", sort=False):
        rounds, gap = rows["choice.rounds"].iloc[0], rows["choice.gap_yen"].iloc[0]
        notes.append(
            text(
                f"Warning: expectations of {case} did not settle in {rounds:.0f} rounds (still {gap:.0f} yen"
                " off what people meet); raise choice.learning.rounds, or lower choice.learning.step.",
                f"注意: {case}では期待と実際が{rounds:.0f}回で一致せず（差{gap:.0f}円）。"
                "choice.learning.roundsを増やすかchoice.learning.stepを減らしてください。",
            )
        )
    return notes


def past_tables(outcome: StudyOutcome) -> list[str]:
    """A sentence for each of the folder's further tables that the study, its rules or their method left
    behind."""
    from maas.i18n.study_tables import TABLES, missing
    from simulation.study_tables import what_changed

    found = {name: what_changed(outcome, name) for name in TABLES}
    return [
        missing(name, changed, str(outcome.folder)).text(language().value)
        for name, changed in found.items()
        if changed
    ]


def _percent(case: StudyCase) -> str:
    return f"{100 * case.provenance['demand_share']:.0f}"


def _mean(figure: FigureWording, estimate: Estimate | None) -> str:
    if estimate is None:
        return "-"
    half = estimate.half_width
    return figure.number(estimate.mean) + ("" if half is None else f" ± {figure.number(half)}")


def _told(figure: FigureWording, effect: Effect | None) -> str:
    if effect is None:
        return "-"
    difference = effect.difference
    words = effect_words(figure, difference.mean, difference.low, difference.high, language().value)
    return words + ("*" if effect.is_clear else "")
