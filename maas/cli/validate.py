"""`maas validate`: whether the model is true, as far as that can be checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from maas.cli.console import language, new_app, output, progress, text
from maas.cli.overwriting import refuse_overwriting
from maas.cli.study_options import CONTEXT, Json

if TYPE_CHECKING:
    from maas.i18n.wording import Language
    from simulation.validation_rows import ValidationRow

EXIT_FAILED: Final = 1
"""The checks ran, and at least one of them does not hold."""

DATA: Final = Path("../shared/data")

app = new_app(text("Check the model.", "モデルを検証する。"))


@app.command(
    "validate",
    context_settings=CONTEXT,
    help=text(
        "Check the model against conservation laws, formulas of queues and published answers, and set real"
        " services beside it; exit code 1 if a check fails. With journals or folders of outcomes or studies,"
        " check those alone. Examples: maas validate; maas validate --only queues; maas validate"
        " runs/sakura_today",
        "保存則・待ち行列の公式・公表値とモデルを照合し、実際のサービスと並べる。"
        "合わない項目があれば終了コード1。"
        "記録や結果・スタディのフォルダーを指定すると、それだけを検査する。例: maas validate、"
        "maas validate --only queues、maas validate runs/sakura_today",
    ),
)
def validate(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]...",
            help=text(
                "Journals, or folders of outcomes or studies, to hold against the conservation laws.",
                "保存則を検査する記録、または結果・スタディのフォルダー。",
            ),
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="NAME",
            help=text(
                "Run this part alone; may be repeated: conservation, queues, matsim, services.",
                "この部分だけを実行する（複数指定可）: conservation、queues、matsim、services。",
            ),
        ),
    ] = None,
    data: Annotated[
        Path,
        typer.Option(
            metavar="DIR",
            help=text(
                "Folder with workloads/mielec_1.0; what needs it is skipped without it.",
                "workloads/mielec_1.0のあるフォルダー。ない場合、必要な項目は省略する。",
            ),
        ),
    ] = DATA,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=text(
                "Also keep the rows as JSON; validation.json in a study's folder is shown by its report.",
                "結果をJSONでも保存する。スタディのフォルダーのvalidation.jsonは報告書に載る。",
            ),
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    if paths and only:
        raise typer.BadParameter(
            text(
                "--only chooses parts of the whole validation; leave it out with PATH",
                "--onlyは全体の検証用です。PATHと一緒には指定できません",
            )
        )
    if out is not None:
        refuse_overwriting(out, paths or [])
    from simulation.outcome_folder import json_text
    from simulation.validation import validate as run
    from simulation.validation import validate_journals
    from simulation.validation_rows import PARTS, holds, rows_json, write_validation

    with progress(text("Validation", "検証")) as report:

        def tell(part: str, done: int, total: int) -> None:
            report(done, total)

        rows = validate_journals(paths, report=tell) if paths else run(only or PARTS, data=data, report=tell)
    if out is not None:
        write_validation(out, rows)
    if as_json:
        output().file.write(json_text(rows_json(rows)) + "\n")
    else:
        _print(rows)
    if not holds(rows):
        raise typer.Exit(EXIT_FAILED)


def _print(rows: Sequence[ValidationRow]) -> None:
    """One table a part with its sources and notes, then how many checks hold."""
    from rich.table import Table

    from maas.i18n.validation import PART_TITLES, VERDICTS

    words: Language = language().value
    console = output()
    for part in dict.fromkeys(row.part for row in rows):
        mine = [row for row in rows if row.part == part]
        table = Table(title=PART_TITLES[part].text(words), title_justify="left")
        table.add_column(text("Check", "検査"), overflow="fold")
        table.add_column(text("Expected", "期待"), justify="right", overflow="fold")
        table.add_column(text("Found", "結果"), justify="right", overflow="fold")
        table.add_column(text("Verdict", "判定"), no_wrap=True)
        notes: dict[str, int] = {}
        for row in mine:
            told = "; ".join(line.text(words) for line in (row.source, row.note) if line.text(words))
            number = notes.setdefault(told, len(notes) + 1) if told else 0
            table.add_row(
                row.check.text(words) + (f" [{number}]" if number else ""),
                row.expected.text(words),
                row.found.text(words),
                VERDICTS[row.verdict].text(words),
            )
        console.print(table)
        for told, number in notes.items():
            console.print(f"[{number}] {told}", soft_wrap=True)
        console.print()
    count = {verdict: sum(row.verdict == verdict for row in rows) for verdict in VERDICTS}
    console.print(
        text(
            f"{count['holds']} checks hold, {count['fails']} fail, {count['information']} for information,"
            f" {count['skipped']} skipped.",
            f"適合{count['holds']}件、不適合{count['fails']}件、参考{count['information']}件、"
            f"省略{count['skipped']}件。",
        ),
        soft_wrap=True,
    )
