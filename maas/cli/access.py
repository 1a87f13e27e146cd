"""`maas access`: who reaches a hospital, a supermarket, a station in time, in each case of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from maas.cli.cells import NOTHING, interval_cell, number_cell
from maas.cli.console import language, new_app, output, status_output, text
from maas.cli.study_options import CONTEXT, Cases, FinishedStudy, finished_study
from maas.i18n.wording import Language

if TYPE_CHECKING:
    from rich.table import Table

    from simulation.study_access import StudyAccess
    from simulation.study_outcome import StudyCase, StudyOutcome

app = new_app(text("Count access in a study.", "スタディのアクセシビリティを計算する。"))


@app.command(
    "access",
    context_settings=CONTEXT,
    no_args_is_help=True,
    help=text(
        "Count who reaches a hospital, a supermarket, a station in time in each case of a study, with waiting"
        " and the chance of getting a seat, and how evenly that is spread. The tables go into the study's"
        " folder."
        " Examples: maas access today_or_on_demand;"
        " maas access runs/studies/how_many_vans --case on_demand.vans-6 --minutes 30 --people 'no licence'",
        "スタディの各案について、病院・スーパー・駅に時間内に着ける人の割合（待ち時間と予約できる確率を含む）と、"
        "その偏りを計算する。表はスタディのフォルダーに保存する。"
        "例: maas access today_or_on_demand、"
        "maas access runs/studies/how_many_vans --case on_demand.vans-6 --minutes 30 --people 'no licence'",
    ),
)
def access(
    study: FinishedStudy,
    case: Cases = None,
    minutes: Annotated[
        int,
        typer.Option(metavar="M", help=text("Time shown: 30, 45 or 60.", "表示する時間（30・45・60分）。")),
    ] = 45,
    people: Annotated[
        str,
        typer.Option(
            metavar="GROUP",
            help=text(
                "People shown: all, 65+, 75+ or 'no licence'.",
                "表示する人（all・65+・75+・'no licence'）。",
            ),
        ),
    ] = "75+",
) -> None:
    from simulation.accessibility import MINUTES
    from simulation.study_access import GROUPS, write_access

    if minutes not in MINUTES:
        raise typer.BadParameter(_one_of("minutes", minutes, MINUTES))
    if people not in GROUPS:
        raise typer.BadParameter(_one_of("people", people, GROUPS))
    outcome = finished_study(study)
    found = write_access(outcome, _told, cases=case or ())
    asked = set(case or found.cases)
    asked |= {outcome.baseline(name) for name in asked}
    _print(outcome, found, [known for known in outcome.cases if known.name in asked], minutes, people)


def _one_of(name: str, value: object, known: tuple[object, ...]) -> str:
    names = ", ".join(map(str, known))
    return text(
        f"{name} is {value}; give one of {names}", f"{name}は{names}のいずれかです（指定値: {value}）"
    )


def _told(done: int, total: int) -> None:
    status_output().print(text(f"access: case {done} of {total}", f"アクセシビリティ: {total}案中{done}案"))


def _print(
    outcome: StudyOutcome, found: StudyAccess, cases: list[StudyCase], minutes: int, people: str
) -> None:
    from maas.cli.compare import roads_and_credits_lines, say
    from maas.i18n import access as words

    console = output()
    spoken: Language = language().value
    console.print(_access_table(outcome, found, cases, minutes, people))
    console.print(_spread_table(found, cases, minutes))
    walking = found.facts["walking"]
    say(
        text(
            f"Shares of people, {found.facts['days']} days a case; intervals are 95 %, by a jackknife over"
            f" days. Walks of at most {walking['longest_walk_m']:.0f} m at {walking['speed_kph']:g} km/h."
            " Where people live, how often buses run and where they stop are assumptions"
            " (docs/accessibility.md).",
            f"人の割合。各案{found.facts['days']}日、95%信頼区間は日単位のジャックナイフ法。"
            f"徒歩は{walking['longest_walk_m']:.0f} mまで、時速{walking['speed_kph']:g} km。"
            "居住地、バスの本数と停留所は仮定（docs/accessibility.md）。",
        )
    )
    unknown = found.places.query("minutes == @minutes and group == @people and place_kind == 'city'")
    titles = {case.name: case.title.text(spoken) for case in cases}
    for row in unknown.drop_duplicates(["case", "goal"]).query("unknown_share > 0").to_dict("records"):
        if row["case"] not in titles:
            continue
        title = titles[str(row["case"])]
        goal = words.GOALS[str(row["goal"])].text(spoken)
        share = number_cell(100 * row["unknown_share"], decimals=1)
        say(
            text(
                f"{title}, {goal}: for {share} % of people too few requests tell the chance; it counts as"
                " none in the table. More --replications tell more.",
                f"{title}、{goal}: {share}%の人は申込みが少なく確率が不明で、表では0と数えた。"
                "日数（--replications）を増やせば分かる。",
            )
        )
    console.print(
        text(f"Tables: {outcome.folder / 'access'}", f"表: {outcome.folder / 'access'}"), soft_wrap=True
    )
    for line in roads_and_credits_lines(is_approximate=outcome.is_approximate, thanked=outcome.credits):
        say(line)


def _access_table(
    outcome: StudyOutcome, found: StudyAccess, cases: list[StudyCase], minutes: int, people: str
) -> Table:
    from rich.table import Table

    from maas.i18n import access as words

    spoken: Language = language().value
    table = Table(
        title=text(
            f"Within {minutes} minutes: {words.people(people, spoken)} (%)",
            f"{minutes}分以内に着ける人の割合: {words.people(people, spoken)}（%）",
        ),
        title_justify="left",
    )
    table.add_column(text("Goal and case", "目的地・案"), overflow="fold")
    table.add_column(text("By the service", "当サービス"), justify="right")
    table.add_column(text("By the best way", "最も良い手段"), justify="right")
    table.add_column(text("Difference", "基準との差"), justify="right")
    rows = found.places
    rows = rows[(rows.minutes == minutes) & (rows.group == people) & (rows.place_kind == "city")]
    for goal, of_goal in rows.groupby("goal", sort=False):
        first = of_goal.iloc[0]
        on_foot = number_cell(100 * first["on_foot"], decimals=1)
        by_bus = number_cell(100 * max(first["by_bus"], first["by_bus_chance"]), decimals=1)
        table.add_row(
            text(
                f"{words.GOALS[str(goal)].en}: on foot {on_foot}, by bus {by_bus}",
                f"{words.GOALS[str(goal)].ja}: 徒歩{on_foot}、バス{by_bus}",
            )
        )
        for case in cases:
            for row in of_goal[of_goal.case == case.name].to_dict("records"):
                early = words.EARLY_ARRIVAL[str(row["early_arrival"])].text(spoken)
                table.add_row(
                    f"  {case.title.text(spoken)}, {early}",
                    interval_cell(row, "by_service", scale=100, decimals=1),
                    interval_cell(row, "by_any_least", scale=100, decimals=1),
                    NOTHING
                    if outcome.baseline(case.name) == case.name
                    else interval_cell(row, "difference", scale=100, decimals=1, is_signed=True),
                )
        table.add_section()
    return table


def _spread_table(found: StudyAccess, cases: list[StudyCase], minutes: int) -> Table:
    from rich.table import Table

    from maas.i18n import access as words

    spoken: Language = language().value
    table = Table(
        title=text(
            f"How evenly the chance by the best way is spread, {minutes} minutes, early arrival counted",
            f"最も良い手段で着ける確率の偏り（{minutes}分、早着を待ち時間に数える）",
        ),
        title_justify="left",
    )
    table.add_column(text("Goal and case", "目的地・案"), overflow="fold")
    table.add_column(text("People", "対象"))
    for name in ("mean", "gini", "palma"):
        table.add_column(words.COLUMNS[name].text(spoken), justify="right")
    rows = found.spread
    rows = rows[(rows.minutes == minutes) & (rows.early_arrival == "counted") & (rows.group != "65+")]
    for goal, of_goal in rows.groupby("goal", sort=False):
        for case in cases:
            title = f"{words.GOALS[str(goal)].text(spoken)}: {case.title.text(spoken)}"
            for row in of_goal[of_goal.case == case.name].to_dict("records"):
                cells = [
                    number_cell(100 * row["mean"], decimals=1),
                    *(number_cell(row[name], decimals=2) for name in ("gini", "palma")),
                ]
                table.add_row(title, words.people(str(row["group"]), spoken), *cells)
                title = ""
        table.add_section()
    return table
