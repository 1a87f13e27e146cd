"""`maas report`: the papers of a finished study."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from maas.cli.console import Language, language, new_app, output, set_language, status_output, text
from maas.cli.overwriting import refuse_overwriting
from maas.cli.study_options import CONTEXT, RUNS, FinishedStudy, finished_study

REPORTS: Final = RUNS / "reports"


class CsvEncoding(StrEnum):
    """Encoding of CSV files."""

    UTF8 = "utf-8-sig"
    CP932 = "cp932"


app = new_app(text("Print a finished study.", "計算済みのスタディを報告書にする。"))


@app.command(
    "report",
    context_settings=CONTEXT,
    no_args_is_help=True,
    help=text(
        "Write the report of a finished study: A4 PDF, the same as one HTML file with a map replay of a day,"
        " Excel workbook, CSV files, and a draft of the self-evaluation form."
        " Examples: maas report today_or_on_demand; maas report runs/studies/mine --out paper --lang en",
        "計算済みのスタディの報告書を作成する: A4 PDF、1日の地図再生を含む1つのHTML、"
        "Excelブック、CSV、自己評価様式の下書き。"
        "例: maas report today_or_on_demand、maas report runs/studies/mine --out paper --lang en",
    ),
)
def report(
    study: FinishedStudy,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help=text(
                "Folder of the report; runs/reports/STUDY if left out. An older report there is replaced.",
                "報告書のフォルダー。省略時はruns/reports/スタディ名。古い報告書は置き換える。",
            ),
        ),
    ] = None,
    lang: Annotated[
        Language | None,
        typer.Option(
            help=text(
                "Language of the report; that of the output if left out.", "報告書の言語。省略時は表示言語。"
            )
        ),
    ] = None,
    encoding: Annotated[
        CsvEncoding,
        typer.Option(
            help=text(
                "Of the CSV files: UTF-8 with BOM, or cp932 with a list of what could not be written.",
                "CSVの文字コード。BOM付きUTF-8、またはcp932（書けなかった文字の一覧付き）。",
            )
        ),
    ] = CsvEncoding.UTF8,
) -> None:
    from dashboards.report.csv_files import UNWRITTEN
    from dashboards.report.folder import write_report
    from maas.cli.study_tables import past_tables

    if lang is not None:
        set_language(lang)
    outcome = finished_study(study)
    target = out or REPORTS / outcome.name
    refuse_overwriting(target, [outcome.folder])
    status = status_output()
    files = write_report(
        outcome,
        target,
        language().value,
        encoding=encoding.value,
        step=lambda name: status.print(text(f"making {name}", f"作成中: {name}"), soft_wrap=True),
        remark=lambda words: status.print(words.text(language().value), soft_wrap=True),
    )
    for line in past_tables(outcome):
        status.print(line, soft_wrap=True)
    for file in files:
        output().print(str(file), soft_wrap=True, highlight=False)
        if file.name == UNWRITTEN:
            told = text(
                f"cp932 does not have some characters; {file} lists them and what stands for them",
                f"cp932で書けない文字があり、代わりの文字とともに{file}に記した",
            )
            status.print(told, soft_wrap=True)
