"""`maas access`: who reaches a hospital, a supermarket, a station in time, in each case of a study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maas.cli.console import language, new_app, output, status_output, text
from maas.cli.study_options import CONTEXT, Cases
from maas.i18n.wording import Language

if TYPE_CHECKING:
    import pandas as pd
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
        " Examples: maas access runs/studies/today_or_on_demand;"
        " maas access runs/studies/how_many_vans --case on_demand.vans-6 --minutes 30 --people 'no licence'",
        "スタディの各案について、病院・スーパー・駅に時間内に着ける人の割合（待ち時間と予約できる確率を含む）と、"
        "その偏りを計算する。表はスタディのフォルダーに保存する。"
        "例: maas access runs/studies/today_or_on_demand、"
        "maas access runs/studies/how_many_vans --case on_demand.vans-6 --minutes 30 --people 'no licence'",
    ),
)
def access(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="STUDY_FOLDER",
            help=text("Folder that maas study wrote.", "maas studyが書き出したフォルダー。"),
        ),
    ],
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
    from simulation.study_outcome import read_study

    if minutes not in MINUTES:
        raise typer.BadParameter(_one_of("minutes", minutes, MINUTES))
    if people not in GROUPS:
        raise typer.BadParameter(_one_of("people", people, GROUPS))
    outcome = read_study(folder)
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
    for row in unknown.drop_duplicates(["case", "goal"]).query("unknown_share > 0").itertuples():
        if row.case not in titles:
            continue
        title = titles[str(row.case)]
        goal = words.GOALS[str(row.goal)].text(spoken)
        share = _percent(row.unknown_share)
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
        table.add_row(
            text(
                f"{words.GOALS[str(goal)].en}: on foot {_percent(first.on_foot)},"
                f" by bus {_percent(max(first.by_bus, first.by_bus_chance))}",
                f"{words.GOALS[str(goal)].ja}: 徒歩{_percent(first.on_foot)}、"
                f"バス{_percent(max(first.by_bus, first.by_bus_chance))}",
            )
        )
        for case in cases:
            for row in of_goal[of_goal.case == case.name].itertuples():
                early = words.EARLY_ARRIVAL[str(row.early_arrival)].text(spoken)
                gap = "-" if outcome.baseline(case.name) == case.name else _interval(row, "difference")
                table.add_row(
                    f"  {case.title.text(spoken)}, {early}",
                    _interval(row, "by_service"),
                    _interval(row, "by_any_least"),
                    gap,
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
            for row in of_goal[of_goal.case == case.name].itertuples():
                cells = [_percent(row.mean), _decimal(row.gini), _decimal(row.palma)]
                table.add_row(title, words.people(str(row.group), spoken), *cells)
                title = ""
        table.add_section()
    return table


def _interval(row: pd.Series[float] | object, name: str) -> str:
    """Value and interval in per cent."""
    value, low, high = (float(getattr(row, key)) for key in (name, f"{name}_low", f"{name}_high"))
    sign = name == "difference"
    if value != value:
        return "-"
    said = _percent(value, signed=sign)
    return said if low != low else f"{said} ({_percent(low, signed=sign)}…{_percent(high, signed=sign)})"


def _percent(value: object, *, signed: bool = False) -> str:
    number = round(100 * float(str(value)), 1) + 0.0
    return "-" if number != number else f"{number:{'+' if signed else ''}.1f}"


def _decimal(value: object) -> str:
    number = float(str(value))
    return "-" if number != number else f"{number:.2f}"
