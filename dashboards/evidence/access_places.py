"""Access of every place, goal, time and group, as the workbook has it, and how groups are called."""

from __future__ import annotations

from typing import Final

import pandas as pd

from dashboards.evidence.exhibits import Column, TableExhibit
from maas.i18n.figures import member
from maas.i18n.wording import Language, Wording
from simulation.study_access import StudyAccess
from simulation.study_outcome import StudyOutcome

GOALS: Final = {
    "hospital": Wording("hospital", "病院"),
    "supermarket": Wording("supermarket", "スーパー"),
    "station": Wording("station", "駅"),
}
GROUPS: Final = {
    "all": Wording("all residents", "全住民"),
    "65+": Wording("65 and over", "65歳以上"),
    "75+": Wording("75 and over", "75歳以上"),
    "no licence": Wording("no driving licence", "免許なし"),
    "Ujiie": Wording("Ujiie", "氏家地区"),
    "Kitsuregawa": Wording("Kitsuregawa", "喜連川地区"),
}
PERCENT: Final = Wording("%", "%")
POINTS: Final = Wording("points", "ポイント")
WHOLE_CITY: Final = Wording("whole city", "市全体")


def town_table(study: StudyOutcome, access: StudyAccess, language: Language) -> TableExhibit:
    """Every place, goal, time and group, for the workbook."""
    columns = (
        Column("case", Wording("Case", "案")),
        Column("early", Wording("Early arrival", "早着の時間")),
        Column("goal", Wording("Goal", "目的地")),
        Column("minutes", Wording("Within", "時間内"), Wording("min", "分"), decimals=0),
        Column("group", Wording("Group", "対象")),
        Column("place", Wording("Place", "地区・町")),
        Column("people", Wording("People", "人数"), Wording("people", "人"), decimals=0),
        *(
            Column(key, Wording(en, ja), PERCENT, decimals=1)
            for key, en, ja in (
                ("on_foot", "On foot", "徒歩"),
                ("by_bus_chance", "By bus", "バス"),
                ("by_service", "By the service", "本サービス"),
                ("by_any_least", "By any, at least", "いずれか（下限）"),
                ("by_any_most", "By any, at most", "いずれか（上限）"),
            )
        ),
        Column("difference", Wording("Difference", "基準との差"), POINTS, decimals=1, is_signed=True),
    )
    early = {
        "counted": Wording("counted", "含む").text(language),
        "not_counted": Wording("not counted", "含まない").text(language),
    }
    titles = {case.name: case.title.text(language) for case in study.cases}
    table = access.places
    rows = pd.DataFrame(
        {
            "case": table["case"].map(titles),
            "early": table["early_arrival"].map(early),
            "goal": table["goal"].map({key: words.text(language) for key, words in GOALS.items()}),
            "minutes": table["minutes"].astype("float64"),
            "group": [group_name(str(group), language) for group in table["group"]],
            "place": [
                WHOLE_CITY.text(language) if kind == "city" else member(str(place), language)
                for kind, place in zip(table["place_kind"], table["place"], strict=True)
            ],
            "people": table["people"],
            **{
                column.key: 100 * table[column.key] for column in columns if column.unit in (PERCENT, POINTS)
            },
        }
    )  # fmt: skip
    return TableExhibit(
        "access_places",
        Wording("Access by town", "町別のアクセス"),
        columns,
        rows,
        is_export_only=True,
        people_key="people",
    )


def group_name(group: str, language: Language) -> str:
    """A group of people in words."""
    return GROUPS[group].text(language) if group in GROUPS else group
