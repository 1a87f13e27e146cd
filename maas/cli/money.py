"""`maas money`: a year's account of each case of a study, and CO2 with the service and without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maas.cli.cells import interval_cell, number_cell
from maas.cli.console import language, new_app, output, text
from maas.cli.study_options import CONTEXT, Cases, FinishedStudy, finished_study
from maas.i18n.wording import Language

if TYPE_CHECKING:
    from rich.table import Table

    from simulation.study_money import StudyMoney
    from simulation.study_outcome import StudyCase

app = new_app(text("Accounts of a study.", "スタディの収支。"))


@app.command(
    "money",
    context_settings=CONTEXT,
    no_args_is_help=True,
    help=text(
        "Reckon a year of each case of a study: cost by part, fares, who pays the rest, cost recovery of each"
        " service, CO2 with and without it. The tables go into the study's folder."
        " The folder gets all cases, --case says which ones are shown."
        " Examples: maas money today_or_on_demand;"
        " maas money runs/studies/how_many_vans --case on_demand.vans-6",
        "スタディの各案の年間収支（経費の内訳、運賃収入、国・県・市の負担、サービスごとの収支率）と、"
        "サービスがない場合と比べたCO2を計算する。表は全案分をスタディのフォルダーに保存し、--caseで表示する案を選ぶ。"
        "例: maas money today_or_on_demand、"
        "maas money runs/studies/how_many_vans --case on_demand.vans-6",
    ),
)
def money(
    study: FinishedStudy,
    case: Cases = None,
) -> None:
    from maas.cli.compare import say
    from simulation.study_money import write_money
    from simulation.study_tables import chosen_cases

    outcome = finished_study(study)
    shown = chosen_cases(outcome, case or ())
    found = write_money(outcome)
    console = output()
    for table in (_money_table(found, shown), _services_table(found, shown), _co2_table(found, shown)):
        console.print(table)
    rules = {rule["key"]: rule for rule in found.facts["rules"]}
    days = rules["service_days"]["value"]
    say(
        text(
            f"Means of {found.facts['days']} days x {days} days a year; intervals are 95 %, over days."
            " Subsidies, the drivers' share and what riders would do without the service are assumptions"
            " (docs/money.md); 'least' and 'most' put all of those for CO2 at the ends of their ranges.",
            f"{found.facts['days']}日の平均×年間{days}日。95%信頼区間は日のばらつき。補助率、運転者の割合、"
            "サービスがない場合の行動は仮定（docs/money.md）。「最小」「最大」はCO2の仮定をすべて幅の端に置いた値。",
        )
    )
    console.print(
        text(f"Tables: {outcome.folder / 'money'}", f"表: {outcome.folder / 'money'}"), soft_wrap=True
    )


def _money_table(found: StudyMoney, cases: list[StudyCase]) -> Table:
    from rich.table import Table

    from maas.i18n.money import ITEMS, NOT_KNOWN, PREFECTURE_NOT_KNOWN

    spoken: Language = language().value
    table = Table(title=text("Money of a year (1,000 yen)", "年間収支（千円）"), title_justify="left")
    table.add_column(text("Item", "項目"), overflow="fold")
    for case in cases:
        table.add_column(case.title.text(spoken), justify="right", overflow="fold")
    rows = found.money[found.money.service == "all"]
    unknown = PREFECTURE_NOT_KNOWN if rows[rows.item == "prefecture"].yen_year.isna().all() else {}
    for item, words in (ITEMS | unknown).items():
        is_part = words.en[0].islower()
        of_item = {str(row["case"]): row for row in rows[rows.item == item].to_dict("records")}
        cells = [interval_cell(of_item[case.name], "yen_year", scale=1 / 1000) for case in cases]
        if item == "prefecture" and unknown:
            cells = [NOT_KNOWN.text(spoken)] * len(cases)
        table.add_row(("  " if is_part else "") + words.text(spoken), *cells)
    return table


def _services_table(found: StudyMoney, cases: list[StudyCase]) -> Table:
    from rich.table import Table

    from maas.i18n.money import RATIOS

    spoken: Language = language().value
    table = Table(title=text("By service", "サービス別"), title_justify="left")
    table.add_column(text("Case, service", "案・サービス（車両）"), overflow="fold")
    units = {"cost_recovery": text(" (%)", "（%）"), "public_money_per_rider": text(" (yen)", "（円）")}
    for name, words in RATIOS.items():
        table.add_column(words.text(spoken) + units.get(name, ""), justify="right")
    for case in cases:
        for row in found.services[found.services.case == case.name].to_dict("records"):
            is_whole = row["service"] == "all"
            table.add_row(
                case.title.text(spoken) if is_whole else f"  {row['service']}",
                interval_cell(row, "riders_year"),
                interval_cell(row, "cost_recovery", scale=100.0, decimals=1),
                interval_cell(row, "public_money_per_rider"),
            )
        table.add_section()
    return table


def _co2_table(found: StudyMoney, cases: list[StudyCase]) -> Table:
    from rich.table import Table

    from maas.i18n.money import CO2

    spoken: Language = language().value
    table = Table(title=text("CO2 of a year (t)", "年間CO2排出量（t）"), title_justify="left")
    table.add_column(text("Case", "案"), overflow="fold")
    table.add_column(text("As assumed", "仮定どおり"), justify="right")
    table.add_column(text("Least", "最小"), justify="right")
    table.add_column(text("Most", "最大"), justify="right")
    for case in cases:
        table.add_row(case.title.text(spoken))
        rows = {str(row["item"]): row for row in found.co2[found.co2.case == case.name].to_dict("records")}
        for item, words in CO2.items():
            row = rows[item]
            ends = [number_cell(row[name] / 1000, decimals=1) for name in ("kg_year_least", "kg_year_most")]
            shown = interval_cell(row, "kg_year", scale=1 / 1000, decimals=1)
            table.add_row(f"  {words.text(spoken)}", shown, *ends)
        table.add_section()
    return table
