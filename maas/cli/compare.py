"""`maas compare`: scenarios and outcomes side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maas.cli.console import Language, language, new_app, output, text
from maas.cli.overwriting import refuse_overwriting
from maas.cli.study_options import CONTEXT, RUNS, Jobs, Json, Replications, Seed
from maas.cli.study_progress import study_progress

if TYPE_CHECKING:
    from simulation.outcomes import Outcome

app = new_app(text("Compare scenarios or outcomes.", "シナリオや結果を比較する。"))


@app.command(
    "compare",
    context_settings=CONTEXT,
    no_args_is_help=True,
    help=text(
        "Set scenarios and outcome folders side by side: means, 95 % intervals and differences to the first, "
        "day by day over the same riders and traffic. Examples: maas compare sakura_today sakura_on_demand; "
        "maas compare runs/sakura_today my_scenario.toml --replications 20",
        "シナリオと結果フォルダーを並べ、平均、95%信頼区間、先頭との差を示す"
        "（同じ利用者・交通状況の日どうしの差）。例: "
        "maas compare sakura_today sakura_on_demand、"
        "maas compare runs/sakura_today my_scenario.toml --replications 20",
    ),
)
def compare_outcomes(
    chosen: Annotated[
        list[str],
        typer.Argument(
            metavar="A B C ...",
            help=text(
                "Scenario names, scenario files or outcome folders, two or more.",
                "シナリオの名前、シナリオファイル、または結果フォルダー。2つ以上。",
            ),
        ),
    ],
    replications: Replications = 10,
    seed: Seed = 1,
    jobs: Jobs = 1,
    out: Annotated[
        Path,
        typer.Option(
            metavar="DIR",
            help=text(
                "Folder below which the outcomes of scenarios go, one folder each.",
                "シナリオの結果を書き出す先。シナリオごとにフォルダーを作る。",
            ),
        ),
    ] = RUNS,
    as_json: Json = False,
) -> None:
    from simulation.comparison import compare

    outcomes = outcomes_of(chosen, replications, seed, jobs, out)
    comparison = compare([outcome.sample(name) for name, outcome in outcomes.items()])
    if as_json:
        from simulation.outcome_folder import json_text

        content = {
            "replications": {name: len(outcome.days) for name, outcome in outcomes.items()},
            "outcomes": comparison.to_json(),
        }
        output().file.write(json_text(content) + "\n")
        return
    from maas.cli.tables import comparison_note, comparison_table

    console = output()
    console.print(comparison_table(comparison, heads(outcomes)))
    say(comparison_note(comparison))
    for line in roads_and_credits(list(outcomes.values())):
        say(line)


def outcomes_of(
    chosen: Sequence[str], replications: int, seed: int, jobs: int, out: Path
) -> dict[str, Outcome]:
    """The outcome of each folder, and of each scenario, simulated into `out`; keyed by a name of its own."""
    from scenarios.loading import files_read
    from simulation.comparison import refuse_wrong_choice
    from simulation.outcomes import read_outcome
    from simulation.replications import run_series
    from simulation.series import ScenarioChoice, Series

    refuse_wrong_choice(chosen)
    known = {name: read_outcome(Path(name)) for name in chosen if Path(name).is_dir()}
    all_series = {
        name: Series(ScenarioChoice(name), replications, seed) for name in chosen if name not in known
    }
    sources = [Path(name) for name in known] + [path for name in all_series for path in files_read(name)]
    for series in all_series.values():
        refuse_overwriting(out / series.choice.name, sources)
    if len(all_series) > 1:
        refuse_wrong_choice([series.choice.name for series in all_series.values()])
    for name, series in all_series.items():
        with study_progress(series.choice.name) as report:
            run = run_series(series, out / series.choice.name, processes=jobs, report=report)
        known[name] = run.outcome
    names = [known[name].name for name in chosen]
    return {known[name].name if names.count(known[name].name) == 1 else name: known[name] for name in chosen}


def heads(outcomes: Mapping[str, Outcome]) -> list[str]:
    """Titles of the outcomes; their names where two have the same title."""
    titles = [outcome.title(language().value) for outcome in outcomes.values()]
    return titles if len(set(titles)) == len(titles) else list(outcomes)


def say(paragraph: str) -> None:
    """Print a paragraph, wrapped at words; Japanese has none, so the terminal wraps it."""
    output().print(paragraph, soft_wrap=language() is Language.JA)


def roads_and_credits(outcomes: Sequence[Outcome]) -> list[str]:
    """What a reader must know about the roads, and whom to thank."""
    return roads_and_credits_lines(
        is_approximate=any(outcome.is_approximate for outcome in outcomes),
        thanked=[line for outcome in outcomes for line in outcome.credits],
    )


def roads_and_credits_lines(*, is_approximate: bool, thanked: Sequence[str]) -> list[str]:
    """The same, for roads of which this much is known."""
    lines = []
    if is_approximate:
        lines.append(text("Roads: an approximation, not surveyed.", "道路: 測量によらない概略。"))
    names = dict.fromkeys(thanked)
    if names:
        lines.append(text("Credits: ", "出典: ") + "; ".join(names))
    return lines
