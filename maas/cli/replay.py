"""`maas replay`: check a journal and tell its figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maas.cli.console import new_app, output, status_output, text, working
from maas.cli.overwriting import refuse_overwriting
from maas.cli.study_options import CONTEXT, Json

if TYPE_CHECKING:
    from maas.store.journal import Journal

app = new_app(text("Check a journal and print its figures.", "記録を検査し、指標を表示する。"))


@app.command(
    "replay",
    context_settings=CONTEXT,
    no_args_is_help=True,
    help=text(
        "Check that a journal is whole and unchanged, rebuild its state event by event, print its figures, "
        "those of the run. Examples: maas replay runs/sakura_today/replication-000/journal.parquet; "
        "maas replay journal.parquet --jsonl journal.jsonl",
        "記録（journal）が完全で改変されていないことを確かめ、事象を順に適用して状態を再現し、実行時と同じ指標を表示する。"
        "例: maas replay runs/sakura_today/replication-000/journal.parquet、"
        "maas replay journal.parquet --jsonl journal.jsonl",
    ),
)
def replay(
    journal_file: Annotated[
        Path,
        typer.Argument(
            metavar="JOURNAL",
            help=text("Journal, .parquet or .jsonl.", "記録ファイル（.parquetまたは.jsonl）。"),
        ),
    ],
    network_file: Annotated[
        Path | None,
        typer.Option(
            "--network",
            metavar="NET",
            help=text(
                "Network of the journal; network.net of its outcome folder if left out.",
                "記録の道路網。省略時は結果フォルダーのnetwork.net。",
            ),
        ),
    ] = None,
    decide_again: Annotated[
        bool,
        typer.Option(
            "--decide-again",
            help=text(
                "Also take every decision anew and check that it comes out the same.",
                "すべての判断をやり直し、同じ結果になることも確かめる。",
            ),
        ),
    ] = False,
    jsonl: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT",
            help=text(
                "Also write the journal as readable JSON lines.", "記録を読めるJSON lines形式でも書き出す。"
            ),
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    if jsonl is not None and jsonl.suffix.lower() != ".jsonl":
        raise typer.BadParameter(
            text(f"{jsonl} must end in .jsonl", f"{jsonl}: 名前の末尾を.jsonlにしてください"),
            param_hint="--jsonl",
        )
    if jsonl is not None:
        refuse_overwriting(jsonl, [journal_file], "--jsonl")
    from maas.metrics import metrics_of
    from maas.store.journal import read_journal
    from simulation.outcome_folder import json_text
    from simulation.replay import refuse_faults

    with working(text("Reading and checking the journal ...", "記録を読み込み、検査しています…")):
        journal = read_journal(journal_file)
        refuse_faults(journal)
        done = _fold(journal, journal_file, network_file, decide_again)
        figures = metrics_of(journal).to_json()
    notes = status_output()
    for warning in journal.warnings:
        notes.print(f"{text('Warning', '警告')}: {warning}", soft_wrap=True)
    if jsonl is not None:
        journal.write(jsonl)
    if as_json:
        output().file.write(json_text(figures) + "\n")
        return
    from maas.cli.tables import breakdown_tables, figures_table
    from simulation.comparison import estimates, flattened

    console = output()
    console.print(journal.header.title, soft_wrap=True)
    console.print(figures_table(estimates([flattened(figures)])))
    for table in breakdown_tables(figures):
        console.print(table)
    console.print(
        text(
            f"{len(journal):,} records, hash chain whole; {done}.",
            f"記録{len(journal):,}件、ハッシュ連鎖に異常なし。{done}。",
        ),
        soft_wrap=True,
    )
    if jsonl is not None:
        console.print(text(f"JSON lines: {jsonl}", f"JSON lines: {jsonl}"), soft_wrap=True)


def _fold(journal: Journal, journal_file: Path, network_file: Path | None, decide_again: bool) -> str:
    """Fold the journal over its network, if there is one; what was done, in words."""
    from routing.network import Network
    from simulation.replay import fold_journal, network_beside

    found = network_file or network_beside(journal_file)
    if found is None:
        if decide_again:
            raise typer.BadParameter(
                text(
                    "--decide-again needs the roads; give --network network.net of the journal's outcome",
                    "--decide-againには道路網が必要です。--networkで結果フォルダーのnetwork.netを指定してください",
                )
            )
        return text(
            "state not rebuilt: no network.net beside it, give one by --network",
            "network.netがないため状態は再現していない（--networkで指定できる）",
        )
    fold_journal(journal, Network.load(found), decides_again=decide_again)
    if decide_again:
        return text(
            "state rebuilt, every decision taken anew with the same result",
            "状態を再現し、全判断のやり直しも一致",
        )
    return text("state rebuilt event by event", "事象を順に適用して状態を再現")
