"""Rows of `maas access` as the page of access shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from maas.i18n.figures import FigureWording
from maas.i18n.wording import Wording
from simulation.comparison import Estimate
from simulation.study_access import StudyAccess
from simulation.study_comparison import Effect

VALUE: Final = "by_any_least"
"""The headline of `docs/accessibility.md`: the best single way; an unknown chance counts as none."""

CELL_DEGREES: Final = (7.5 / 3600, 11.25 / 3600)
"""Height and width of a cell of 250 m."""


@dataclass(frozen=True, slots=True)
class Question:
    """Who reaches what in what time: one value of each naming column of the tables."""

    goal: str
    minutes: int
    group: str
    early_arrival: str

    def rows(self, table: pd.DataFrame, case: str) -> pd.DataFrame:
        """Rows of a case that answer it."""
        keep = (
            (table["case"] == case)
            & (table["goal"] == self.goal)
            & (table["minutes"] == self.minutes)
            & (table["group"] == self.group)
            & (table["early_arrival"] == self.early_arrival)
        )
        return table[keep]


@dataclass(frozen=True, slots=True)
class Reach:
    """The share of the people of a place who get there in time, and how far it is from the baseline's."""

    place: str
    people: float
    value: Estimate
    effect: Effect | None


def reaches(access: StudyAccess, question: Question, case: str, baseline: str) -> list[Reach]:
    """The city and its areas, in the order of the table; places with too few people are left out."""
    mine = question.rows(access.places, case)
    base = question.rows(access.places, baseline).set_index(["place_kind", "place"])[VALUE]
    days = int(access.facts["days"])
    found = []
    for row in mine[(mine["place_kind"] != "town") & ~mine["is_suppressed"]].to_dict("records"):
        value = Estimate(row[VALUE], row[f"{VALUE}_low"], row[f"{VALUE}_high"], days)
        effect = None
        if case != baseline:
            told = Estimate(row["difference"], row["difference_low"], row["difference_high"], days)
            at = float(base[(row["place_kind"], row["place"])])
            effect = Effect("access", case, baseline, row[VALUE], at, told, None)
        found.append(Reach(str(row["place"]), float(row["people"]), value, effect))
    return found


def figure(name: Wording) -> FigureWording:
    """How the share of a place is called and shown."""
    return FigureWording("access", name, Wording("%", "%"), 100.0, 1, most=1.0)


def towns(access: StudyAccess, question: Question, case: str) -> pd.DataFrame:
    """One row a town with enough people, those who gain most first where there is a difference."""
    rows = question.rows(access.places, case)
    rows = rows[(rows["place_kind"] == "town") & ~rows["is_suppressed"]]
    order = "difference" if rows["difference"].notna().any() else VALUE
    return rows.sort_values(order, ascending=False, ignore_index=True)


def cells(access: StudyAccess, question: Question, case: str) -> pd.DataFrame:
    """One row a cell with enough people: `south`, `north`, `west`, `east` (degrees), the shares, `people`."""
    rows = question.rows(access.cells, case)
    rows = rows[~rows["is_suppressed"].astype(bool)].dropna(subset=[VALUE])
    height, width = CELL_DEGREES
    return rows.assign(
        south=rows["lat"] - height / 2,
        north=rows["lat"] + height / 2,
        west=rows["lon"] - width / 2,
        east=rows["lon"] + width / 2,
    )
