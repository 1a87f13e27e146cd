"""`maas check`: whether a solution of a benchmark instance keeps every rule, and what it costs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Final

import typer

from maas.cli.console import new_app, output, text
from maas.cli.solve import Format, InstanceFile, print_verdict
from maas.cli.study_options import CONTEXT, Json

EXIT_BROKEN: Final = 1
"""The solution was read, and breaks a rule or leaves a request out."""

app = new_app(text("Check a solution of an instance.", "問題の解を検査する。"))


@app.command(
    "check",
    context_settings=CONTEXT,
    no_args_is_help=True,
    help=text(
        "Check every rule and the cost of a solution in the public route format (Route 1 : 32 171 65); "
        "exit code 1 if it is none. Example: maas check lc103.txt lc103.sol",
        "公開形式（Route 1 : 32 171 65）の解の制約と費用を検査する。解でなければ終了コード1。"
        "例: maas check lc103.txt lc103.sol",
    ),
)
def check(
    instance_file: InstanceFile,
    solution_file: Annotated[
        Path,
        typer.Argument(
            metavar="SOLUTION",
            help=text("Routes by the row numbers of the instance.", "問題の行番号による経路。"),
        ),
    ],
    as_json: Json = False,
    format_name: Format = None,
) -> None:
    from routing.instances import read_instance
    from routing.solution_files import read_solution
    from routing.verify import verify

    instance = read_instance(instance_file, format_name)
    verdict = verify(instance, read_solution(solution_file, instance))
    if as_json:
        figures = {
            "vehicles": verdict.vehicles,
            "cost": round(verdict.cost, 4),
            "feasible": verdict.is_feasible,
            "unserved": [int(instance.problem.pickup[r]) for r in verdict.unserved],
            "violations": list(verdict.violations),
        }
        output().file.write(json.dumps(figures, ensure_ascii=False, indent=2) + "\n")
    else:
        print_verdict(instance, verdict)
    if not verdict.is_feasible:
        raise typer.Exit(EXIT_BROKEN)
