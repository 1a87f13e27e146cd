"""`maas dashboard`: the planner's pages over a folder of outcomes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from maas.cli.console import new_app, status_output, text
from maas.cli.study_options import CONTEXT, RUNS

app = new_app(text("The planner's pages.", "計画担当者向けの画面。"))


@app.command(
    "dashboard",
    context_settings=CONTEXT,
    help=text(
        "Serve the planner's pages over a folder of outcomes, on this machine only, until Ctrl-C."
        " Examples: maas dashboard; maas dashboard runs --port 8600 --compute-shipped",
        "結果のフォルダーを見る画面を、このパソコンの中だけで開く。Ctrl-Cで終わる。"
        "例: maas dashboard、maas dashboard runs --port 8600 --compute-shipped",
    ),
)
def dashboard(
    runs: Annotated[
        Path,
        typer.Argument(
            metavar="RUNS",
            help=text(
                "Folder of outcomes, with studies below RUNS/studies.",
                "結果のフォルダー。スタディはRUNS/studiesの下。",
            ),
        ),
    ] = RUNS,
    port: Annotated[
        int,
        typer.Option(
            metavar="N", min=1, max=65535, help=text("Port of the address.", "アドレスのポート番号。")
        ),
    ] = 8501,
    compute_shipped: Annotated[
        bool,
        typer.Option(
            "--compute-shipped",
            help=text(
                "Compute the shipped studies that RUNS lacks, beside the pages.",
                "RUNSにない同梱スタディを、画面を開いたまま計算する。",
            ),
        ),
    ] = False,
) -> None:
    if runs.exists() and not runs.is_dir():
        raise typer.BadParameter(
            text(f"{runs} is a file; name a folder", f"{runs}はファイルです。フォルダーを指定してください"),
            param_hint="RUNS",
        )
    from dashboards.planner.server import serve
    from dashboards.planner.shelf import ROOT
    from dashboards.planner.shipped import COMPUTE

    os.environ[ROOT] = str(runs.absolute())
    status_output().print(
        text(f"http://localhost:{port}  (Ctrl-C ends it)", f"http://localhost:{port}  （Ctrl-Cで終了）")
    )
    serve("--server.port", str(port), "--", *((COMPUTE,) if compute_shipped else ()))
