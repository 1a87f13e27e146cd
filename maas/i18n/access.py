"""Names of what access tables tell of, for tables and pictures."""

from __future__ import annotations

from typing import Final

from maas.i18n.figures import member
from maas.i18n.wording import Language, Wording

GOALS: Final = {
    "hospital": Wording("hospital", "病院"),
    "supermarket": Wording("supermarket", "スーパー"),
    "station": Wording("station", "駅"),
}
"""Goals by their name in the tables."""

PEOPLE: Final = {
    "all": Wording("everybody", "全員"),
    "65+": Wording("65 and over", "65歳以上"),
    "75+": Wording("75 and over", "75歳以上"),
    "no licence": Wording("no driving licence", "免許のない人"),
}
"""Groups of people by their name in the tables; areas are groups too."""

EARLY_ARRIVAL: Final = {
    "not_counted": Wording("early arrival not counted", "早着は数えない"),
    "counted": Wording("early arrival counted", "早着を待ち時間に数える"),
}
"""Whether the time between an early arrival and the wished one is lost."""

COLUMNS: Final = {
    "on_foot": Wording("on foot", "徒歩"),
    "by_bus": Wording("by bus, waiting half a headway", "バス（待ち時間は運行間隔の半分）"),
    "by_bus_chance": Wording("by bus, leaving at any time", "バス（出発時刻は任意）"),
    "by_service": Wording(
        "by the service, with wait and chance of a seat", "当サービス（待ち時間・予約できる確率込み）"
    ),
    "by_any_least": Wording("by the best way", "最も良い手段"),
    "by_any_most": Wording("by the best way, at most", "最も良い手段（上限）"),
    "unknown_share": Wording("not known: too few asked", "不明（申込みが少ない）"),
    "area_share": Wording("told from the whole area", "地区全体の申込みで推計"),
    "asked": Wording("requests it rests on", "もとになる申込み件数"),
    "people": Wording("people", "人数"),
    "difference": Wording("against the baseline", "基準との差"),
    "mean": Wording("mean", "平均"),
    "gini": Wording("Gini coefficient", "ジニ係数"),
    "palma": Wording("Palma ratio", "パルマ比"),
}
"""Columns of the tables, as heads."""


def people(name: str, language: Language) -> str:
    """A group of people in words; an area by its name."""
    return PEOPLE[name].text(language) if name in PEOPLE else member(name, language)
