"""`maas study`: a question answered by simulating scenarios over many days."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from maas.cli.console import new_app, output, status_output, text
from maas.cli.study_options import CONTEXT, STUDIES, Jobs
from maas.cli.study_progress import study_progress

if TYPE_CHECKING:
    from scenarios.study_definition import StudyDefinition
    from simulation.study_cluster import DaskWorkers
    from simulation.study_runs import StudyRun

TOLD_FAILURES: Final = 5
"""Failed replications that are told one by one."""

app = new_app(text("Run a study.", "比較検討（スタディ）を実行する。"))


@app.command(
    "study",
    context_settings=CONTEXT,
    no_args_is_help=True,
    help=text(
        "Run a study: variants of scenarios over a grid of parameters and many days, all of them meeting the"
        " same riders and traffic. A study that was stopped goes on where it was. Examples:"
        " maas study --list; maas study today_or_on_demand --jobs 2; maas study mine.toml --replications 200",
        "スタディを実行する。シナリオの案とパラメーターの組合せを、同じ利用者・交通状況のもとで何日分も"
        "シミュレーションする。中断しても続きから再開できる。例: maas study --list、"
        "maas study today_or_on_demand --jobs 2、maas study mine.toml --replications 200",
    ),
)
def study(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="STUDY",
            help=text(
                "Name of a shipped study, or a study file (.toml).",
                "付属スタディの名前、またはスタディファイル（.toml）。",
            ),
        ),
    ] = None,
    list_studies: Annotated[
        bool, typer.Option("--list", help=text("Name the shipped studies.", "付属のスタディを一覧する。"))
    ] = False,
    jobs: Jobs = 1,
    replications: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help=text(
                "Days of each case; as the study says if left out. What is there is kept.",
                "各案の日数。省略時はスタディの指定どおり。計算済みの日は再利用する。",
            ),
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help=text(
                "Folder of the study; runs/studies/STUDY if left out.",
                "スタディのフォルダー。省略時はruns/studies/スタディ名。",
            ),
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help=text(
                "Simulate on a Dask cluster in the place of local processes: its scheduler, tcp://HOST:PORT.",
                "手元のプロセスの代わりに使うDaskクラスター（スケジューラーのアドレスtcp://HOST:PORT）。",
            ),
        ),
    ] = None,
    keep_journals: Annotated[
        bool,
        typer.Option(
            "--keep-journals",
            help=text(
                "Keep the journal of every day, not only of the first of each case.",
                "各案の1日目だけでなく、全日の記録（journal）を残す。",
            ),
        ),
    ] = False,
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help=text(
                "Simulate everything anew, in the place of what the folder holds.",
                "フォルダーの結果を捨て、最初から計算し直す。",
            ),
        ),
    ] = False,
) -> None:
    if list_studies == (name is not None):
        raise typer.BadParameter(
            text("give one of STUDY and --list", "STUDYと--listのどちらか一方を指定してください")
        )
    if name is None:
        _print_list()
        return
    from scenarios.study_definition import load_study
    from simulation.study_runs import run_study
    from simulation.study_workers import LocalWorkers

    definition = load_study(name)
    folder = out or STUDIES / definition.name
    with study_progress(definition.name) as report:
        run = run_study(
            definition,
            folder,
            workers=LocalWorkers(jobs) if cluster is None else _cluster(cluster),
            replications=replications,
            keep_journals=keep_journals,
            again=again,
            report=report,
            remark=_Failures().tell,
        )
    _print_answer(definition, run)


def _cluster(address: str) -> DaskWorkers:
    from simulation.study_cluster import DaskWorkers

    return DaskWorkers(address)


class _Failures:
    """Tells of failed replications, but not of hundreds."""

    def __init__(self) -> None:
        self._told = 0

    def tell(self, case: str, seed: int, message: str) -> None:
        self._told += 1
        if self._told > TOLD_FAILURES:
            return
        line = text(
            f"Failed: {case}, seed {seed} ({message}).", f"失敗: {case}、乱数の種{seed}（{message}）。"
        )
        if self._told == TOLD_FAILURES:
            line += text(" Further ones are only counted.", "以降は件数のみ数えます。")
        status_output().print(line, soft_wrap=True)


def _print_list() -> None:
    from rich.table import Table

    from scenarios.study_definition import available_studies, load_study
    from simulation.study_cases import cases_of

    table = Table(box=None, pad_edge=False)
    table.add_column(text("Study", "スタディ"), no_wrap=True)
    table.add_column(text("Cases x days", "案×日数"), no_wrap=True, justify="right")
    table.add_column(text("What it asks", "問い"))
    for name in available_studies():
        definition = load_study(name)
        size = f"{len(cases_of(definition))} x {len(definition.days.seeds())}"
        table.add_row(name, size, text(definition.question.en, definition.question.ja))
    output().print(table)


def _print_answer(definition: StudyDefinition, run: StudyRun) -> None:
    from maas.cli.compare import roads_and_credits_lines, say
    from maas.cli.study_sensitivity_tables import sensitivity_tables
    from maas.cli.study_tables import past_tables, study_notes, study_table
    from simulation.study_comparison import compare_study
    from simulation.study_sensitivity import has_ranges

    console = output()
    outcome = run.outcome
    console.print(text(definition.title.en, definition.title.ja), soft_wrap=True)
    say(text(definition.question.en, definition.question.ja))
    if not has_ranges(outcome):
        comparison = compare_study(outcome)
        console.print(study_table(outcome, comparison))
        for note in study_notes(outcome, comparison):
            say(note)
    for table in sensitivity_tables(outcome):
        console.print(table)
    simulated = text(
        f"{run.simulated} days simulated, {run.reused} were there",
        f"シミュレーション{run.simulated}日分、計算済み{run.reused}日分",
    )
    if run.cpu_s is not None:
        simulated += text(f"; CPU of a day: {run.cpu_s:.3f} s", f"、1日分のCPU時間: {run.cpu_s:.3f}秒")
    console.print(simulated, soft_wrap=True)
    console.print(text(f"Outcome: {outcome.folder}", f"結果: {outcome.folder}"), soft_wrap=True)
    for line in past_tables(outcome):
        say(line)
    for line in roads_and_credits_lines(is_approximate=outcome.is_approximate, thanked=outcome.credits):
        say(line)
