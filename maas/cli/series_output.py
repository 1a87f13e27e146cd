"""What `maas simulate` prints about the days that it has simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maas.cli.console import output, text

if TYPE_CHECKING:
    from simulation.replications import SeriesRun
    from simulation.series import Series


def print_json(run: SeriesRun, series: Series) -> None:
    """One JSON object: means, intervals, then the days."""
    from simulation.hindsight import hindsight_json
    from simulation.outcome_folder import json_text
    from simulation.outcomes import summary

    outcome = run.outcome
    figures = summary(outcome.days, outcome.original_day)
    nested: dict[str, Any] = {
        key: figures.pop(key) for key in ("intervals", "days", "original_day") if key in figures
    }
    content: dict[str, Any] = {
        "name": outcome.name,
        **figures,
        "seed": series.seed,
        "jitter_s": series.jitter_s,
        "cpu_s": round(run.cpu_s, 6),
        "peak_rss_mb": None if run.peak_rss_mb is None else round(run.peak_rss_mb, 1),
        "outcome": str(outcome.folder),
        "journals": {str(day.seed): day.journal_sha256 for day in outcome.days},
        **({"hindsight": hindsight_json(series.seeds, run.hindsight)} if run.hindsight else {}),
        **nested,
    }
    output().file.write(json_text(content) + "\n")


def print_tables(run: SeriesRun, series: Series) -> None:
    """The figures as tables."""
    from maas.cli.compare import roads_and_credits
    from maas.cli.hindsight_table import hindsight_table, hindsight_title
    from maas.cli.tables import breakdown_tables, figures_table
    from simulation.comparison import estimates, flattened

    outcome = run.outcome
    last = series.seeds[-1]
    seeds = (
        f"{series.seed}"
        if last == series.seed
        else text(f"{series.seed} to {last}", f"{series.seed}～{last}")
    )
    title = text(
        f"{outcome.title('en')} (seed{'' if last == series.seed else 's'} {seeds})",
        f"{outcome.title('ja')}（乱数の種 {seeds}）",
    )
    original = None if outcome.original_day is None else flattened(outcome.original_day.figures)
    console = output()
    days = estimates([flattened(day.figures) for day in outcome.days])
    console.print(title, soft_wrap=True)
    console.print(figures_table(days, original))
    for table in breakdown_tables(outcome.figures):
        console.print(table)
    if run.hindsight:
        console.print(hindsight_title(run.hindsight), soft_wrap=True)
        console.print(hindsight_table(run.hindsight, days))
    memory = "-" if run.peak_rss_mb is None else f"{run.peak_rss_mb:,.0f} MB"
    lines = [
        text(
            f"CPU of a day: {run.cpu_s:.3f} s; memory at most: {memory}",
            f"1日分のCPU時間: {run.cpu_s:.3f}秒、最大メモリ: {memory}",
        ),
        text(f"Outcome: {outcome.folder}", f"結果: {outcome.folder}"),
    ]
    for line in [*lines, *roads_and_credits([outcome])]:
        console.print(line, soft_wrap=True)
