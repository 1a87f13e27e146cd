"""`maas scenarios list` and `maas scenarios show`."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from maas.cli.console import language, new_app, output, text

if TYPE_CHECKING:
    from scenarios.provenance import Entry

app = new_app(
    text(
        "Scenarios: what is simulated, and where each number comes from. Example: maas scenarios list",
        "シナリオ: 何をシミュレーションするか、各数値の出典は何か。例: maas scenarios list",
    )
)


@app.command(
    "list",
    help=text(
        "Name the scenarios that come with maas. Example: maas scenarios list",
        "付属のシナリオを一覧する。例: maas scenarios list",
    ),
)
def list_scenarios() -> None:
    from rich.table import Table

    from scenarios.loading import available_scenarios, load_scenario

    table = Table(box=None, pad_edge=False)
    table.add_column(text("Scenario", "シナリオ"), no_wrap=True)
    table.add_column(text("What it is", "内容"))
    for name, _ in available_scenarios():
        title = load_scenario(name).title
        table.add_row(name, text(title.en, title.ja))
    output().print(table)


@app.command(
    "show",
    help=text(
        "Print a scenario, each number with its source or the word assumption. Examples: "
        "maas scenarios show sakura_today; maas scenarios show mine.toml --assumptions",
        "シナリオを表示し、各数値に出典または「仮定」を付ける。例: "
        "maas scenarios show sakura_today、maas scenarios show mine.toml --assumptions",
    ),
)
def show_scenario(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help=text("Name of a shipped scenario, or a file.", "付属シナリオの名前、またはファイル。"),
        ),
    ],
    assumptions: Annotated[
        bool,
        typer.Option("--assumptions", help=text("Show only what is assumed.", "仮定だけを表示する。")),
    ] = False,
) -> None:
    from rich.table import Table

    from scenarios.loading import load_scenario
    from scenarios.provenance import entries

    scenario = load_scenario(name)
    console = output()
    console.print(text(scenario.title.en, scenario.title.ja))
    console.print(text(scenario.about.en, scenario.about.ja))
    console.print(
        text(f"Date {scenario.date}, file {scenario.file}", f"日付 {scenario.date}、ファイル {scenario.file}")
    )
    said = entries(scenario)
    for section, lines in groupby(said, key=lambda entry: entry.section):
        table = Table(
            title=f"[{section}]" if section else None, title_justify="left", box=None, pad_edge=False
        )
        table.add_column(text("Key", "項目"), no_wrap=True)
        table.add_column(text("Value", "値"))
        table.add_column(text("Source or assumption", "出典または仮定"), overflow="fold")
        for entry in lines:
            if assumptions and not entry.is_assumption:
                continue
            value = f"{entry.value} {entry.unit}".strip()
            if entry.span is not None:
                value += text(
                    f" ({entry.span[0]} to {entry.span[1]})", f"（{entry.span[0]}～{entry.span[1]}）"
                )
            table.add_row(entry.key, value, _origin(entry))
        if table.row_count:
            console.print()
            console.print(table)
    numbers = sum(bool(entry.origin) for entry in said)
    assumed = sum(entry.is_assumption for entry in said)
    console.print()
    console.print(
        text(
            f"{numbers} numbers: {numbers - assumed} with a source, {assumed} assumptions",
            f"数値{numbers}件: 出典あり{numbers - assumed}件、仮定{assumed}件",
        )
    )


def _origin(entry: Entry) -> str:
    """The source, or the word assumption with its reason, in the language of the output."""
    from scenarios.reasons import reason_text

    reason = reason_text(entry, language().value)
    if not entry.is_assumption:
        return reason
    word = text("assumption", "仮定")
    return f"{word}: {reason}" if reason else word
