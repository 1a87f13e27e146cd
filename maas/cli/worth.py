"""`maas worth`: what one more vehicle, hour, run or stop would bring, and what refused requests lacked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from maas.cli.cells import interval_cell, number_cell
from maas.cli.console import language, new_app, output, text
from maas.cli.study_options import CONTEXT, Cases, FinishedStudy, Jobs, finished_study
from maas.cli.study_progress import study_progress
from maas.i18n.wording import Language

if TYPE_CHECKING:
    from rich.table import Table

    from simulation.study_outcome import StudyCase, StudyOutcome
    from simulation.study_worth import StudyWorth

app = new_app(text("Worth of one more vehicle, hour or stop.", "車両・時間・停留所をもう1つ増やす効果。"))


@app.command(
    "worth",
    context_settings=CONTEXT,
    no_args_is_help=True,
    help=text(
        "Simulate every case of a study again with one more vehicle of each group, one less, one more hour or"
        " run, one more stop, on the same days: riders gained and yen spent. Refused requests are told with"
        " the smallest change that would have served them. The tables go into the study's folder."
        " Examples: maas worth today_or_on_demand --jobs 2;"
        " maas worth runs/studies/how_many_vans --case on_demand.vans-6 --days 20",
        "スタディの各案を、車両を1台増やす・減らす、時間や便を増やす、停留所を増やすなど"
        "1つだけ変えて同じ日にシミュレーションし直し、増える利用者と費用を比べる。"
        "受けられなかった申込みは、どう変えれば受けられたかとともに集計する。"
        "表はスタディのフォルダーに保存する。例: maas worth today_or_on_demand --jobs 2、"
        "maas worth runs/studies/how_many_vans --case on_demand.vans-6 --days 20",
    ),
)
def worth(
    study: FinishedStudy,
    case: Cases = None,
    days: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help=text("First days of the study to simulate; all if left out.", "使う日数。省略時は全日。"),
        ),
    ] = None,
    jobs: Jobs = 1,
) -> None:
    from simulation.series import Phase
    from simulation.study_workers import LocalWorkers
    from simulation.study_worth import write_worth

    outcome = finished_study(study)
    with study_progress(outcome.name) as report:
        found = write_worth(
            outcome,
            cases=case or (),
            days=days,
            workers=LocalWorkers(jobs),
            progress=lambda done, total: report(Phase.DAYS, done, total),
        )
    asked = set(case or found.worth["case"])
    _print(outcome, found, [known for known in outcome.cases if known.name in asked])


def _print(outcome: StudyOutcome, found: StudyWorth, cases: list[StudyCase]) -> None:
    from maas.cli.compare import say
    from maas.i18n.worth import AT_LEAST

    console = output()
    console.print(_worth_table(found, cases))
    console.print(_refusals_table(found, cases))
    say(
        text(
            f"Differences to the case as it is, {found.facts['days']} days, each with the same people; 95 %"
            " intervals over days. Riders per million yen: gained for what is spent more, or lost for what is"
            f" saved. {AT_LEAST.en} (docs/worth.md)",
            f"現状の案との差。{found.facts['days']}日、同じ人々で比較、95%信頼区間。100万円当たり利用者は、"
            f"増えた経費当たりの増加、または減った経費当たりの減少。{AT_LEAST.ja}（docs/worth.md）",
        )
    )
    console.print(
        text(f"Tables: {outcome.folder / 'worth'}", f"表: {outcome.folder / 'worth'}"), soft_wrap=True
    )


def _worth_table(found: StudyWorth, cases: list[StudyCase]) -> Table:
    from rich.table import Table

    from maas.i18n.worth import COLUMNS

    spoken: Language = language().value
    table = Table(title=text("One step more or less", "1つだけ変えた効果"), title_justify="left")
    table.add_column(text("Case and step", "案・変更"), overflow="fold")
    shown = ["riders_year", "riders_year_if_alike", "cost_year", "riders_per_million_yen", "level_riders_day"]
    shown += ["wait_mean_s"]
    chooses = bool(found.worth["surplus_year"].notna().any())
    for name in [*shown, *(["surplus_year"] if chooses else [])]:
        table.add_column(COLUMNS[name].text(spoken), justify="right", overflow="fold")
    for case in cases:
        rows = found.worth[found.worth.case == case.name]
        if not len(rows):
            continue
        table.add_row(case.title.text(spoken))
        for row in rows.to_dict("records"):
            table.add_row(
                f"  {row['title_ja' if spoken == 'ja' else 'title_en']}",
                interval_cell(row, "riders_year", is_signed=True),
                number_cell(row["riders_year_if_alike"], is_signed=True),
                interval_cell(row, "cost_year", scale=1 / 1000, is_signed=True),
                interval_cell(row, "riders_per_million_yen"),
                number_cell(row["level_riders_day"], decimals=1),
                interval_cell(row, "wait_mean_s", is_signed=True),
                *([interval_cell(row, "surplus_year", scale=1 / 1000, is_signed=True)] if chooses else []),
            )
        table.add_section()
    return table


def _refusals_table(found: StudyWorth, cases: list[StudyCase]) -> Table:
    from rich.table import Table

    from maas.i18n.figures import REFUSALS
    from maas.i18n.worth import CHANGES

    spoken: Language = language().value
    table = Table(
        title=text(
            "Refused requests a day, and how many each change alone would have served",
            "1日当たりの受けられなかった申込みと、1つの変更で受けられた件数",
        ),
        title_justify="left",
    )
    table.add_column(text("Case and reason", "案・理由"), overflow="fold")
    table.add_column(text("Refused", "件数"), justify="right")
    for words in CHANGES.values():
        table.add_column(words.text(spoken), justify="right")
    for case in cases:
        rows = found.refusals[(found.refusals.case == case.name) & (found.refusals.refused_per_day > 0)]
        table.add_row(case.title.text(spoken) + ("" if len(rows) else text(": none", "：なし")))
        for row in rows.to_dict("records"):
            later = f"{row['later_per_day']:.2f}"
            if row["later_per_day"] > 0:
                later += text(f" ({row['later_median_min']:.0f} min)", f"（{row['later_median_min']:.0f}分）")
            table.add_row(
                f"  {REFUSALS[str(row['reason'])].text(spoken)}",
                interval_cell(row, "refused_per_day", decimals=2),
                later,
                *(f"{row[f'{name}_per_day']:.2f}" for name in ("other_place", "one_vehicle", "nothing")),
            )
        table.add_section()
    return table
