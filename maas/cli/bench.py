"""`maas bench show`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from maas.cli.console import new_app, output, text
from maas.cli.study_options import Json

if TYPE_CHECKING:
    from maas.figure_history import Row, Standing

app = new_app(
    text(
        "Measured figures: the latest beside the best. Example: maas bench show --file routing",
        "計測値: 最新の値と最良の値。例: maas bench show --file routing",
    )
)


@app.callback()
def bench() -> None:
    """Make `show` a command of a group, though it is the only one."""


@app.command(
    "show",
    help=text(
        "Print the history of measured figures: latest beside best, and the change. Examples: "
        "maas bench show; maas bench show new_york matrix; maas bench show 'li_lim*10s' --file quality",
        "計測値の履歴を表示する。指標ごとに最新の値、最良の値、その差。例: "
        "maas bench show、maas bench show new_york matrix、maas bench show --file quality",
    ),
)
def show(
    patterns: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATTERN]...",
            help=text(
                "Only figures with every pattern in their name; * stands for any characters.",
                "名前にすべてのパターンを含む指標だけを表示する。*は任意の文字列。",
            ),
        ),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=text("Only one file: routing, workloads, ...", "routingなど、1つのファイルだけ。"),
        ),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help=text(
                "Folder of the .jsonl files; benchmarks/history of the source tree if left out.",
                ".jsonlファイルのフォルダー。省略時はソースツリーのbenchmarks/history。",
            ),
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    from maas.figure_history import history_folder, matching, read_history, standings

    folder = history_folder(history)
    found = matching(standings(read_history(folder, file)), patterns or [])
    if as_json:
        content = {"figures": [_as_json(one) for one in found]}
        output().file.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
        return
    _print_table(found)


def _print_table(found: list[Standing]) -> None:
    from rich.table import Table

    console = output()
    for file in dict.fromkeys(one.latest.file for one in found):
        table = Table(title=file, title_justify="left", box=None, pad_edge=False)
        table.add_column(text("Figure", "指標"), overflow="fold")
        for head in (
            text("Latest", "最新"),
            text("Ratio", "比"),
            text("Best", "最良"),
            text("Change", "差"),
            text("Rows", "回数"),
        ):
            table.add_column(head, justify="right", no_wrap=True)
        table.add_column(text("Commit", "コミット"), no_wrap=True)
        for one in found:
            if one.latest.file == file:
                table.add_row(*_cells(one))
        console.print(table)
        console.print()
    console.print(
        text(
            "Compared is the ratio to what was measured in the same run, where there is one, else the value; "
            "only with rows of the same unit, processor and versions of what is named. "
            "+ and - are more and less than the best. "
            "* = the tree was not that commit; such a row is never the best.",
            "同じ実行の中で計測した基準との比（なければ値）を、単位、プロセッサー、比較相手の版が同じ行とだけ比べる。"
            "+と-は最良の値からの増減。*はコミットと一致しないツリーでの計測（最良にはしない）。",
        )
    )


def _cells(one: Standing) -> list[str]:
    latest = one.latest
    unit = f" {latest.unit}" if latest.unit else ""
    change = "-"
    if one.is_best:
        change = text("best", "最良")
    elif one.change is not None:
        change = f"{100 * one.change:+.1f} %"
    elif one.best is not None:
        change = f"{latest.compared - one.best.compared:+.4g}"
    return [
        latest.name,
        _number(latest.value) + unit,
        "" if latest.ratio is None else _number(latest.ratio),
        "-" if one.best is None else _number(one.best.compared),
        change,
        str(one.rows),
        latest.commit[:8] + ("" if latest.is_clean else "*"),
    ]


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _as_json(one: Standing) -> dict[str, Any]:
    latest = one.latest
    return {
        "file": latest.file,
        "name": latest.name,
        "unit": latest.unit,
        "better": latest.better or None,
        "processor": latest.processor,
        "ratio_to": latest.ratio_to,
        "latest": _measured(latest),
        "best": None if one.best is None else _measured(one.best),
        "change": one.change,
        "rows": one.rows,
    }


def _measured(row: Row) -> dict[str, Any]:
    content = asdict(row)
    return {key: content[key] for key in ("value", "ratio", "date", "commit", "is_clean", "versions")}
