"""What a report shows: tables, charts and texts in chapters, whatever they are printed on.

PDF, HTML, workbook, CSV files and the planner's pages are made from the same exhibits. Values of a table are
in the unit that its column names, so that nobody downstream scales anything.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from dashboards.evidence.number_text import MISSING, number
from maas.i18n.wording import Language, Wording

ROW_DECIMALS: Final = "decimals"
"""A column of this name in `TableExhibit.rows` holds the digits of each row, where figures of several units
share a column; it is itself never shown."""


INTERVAL: Final = Wording("95 % interval", "95%信頼区間")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    key
        Its name in the rows.
    title, unit
        In words; no unit for texts, plain numbers and columns whose rows differ in unit.
    definition
        What the number is; None where the title says it.
    decimals
        Digits after the point; None for a column of texts.
    is_signed
        Whether a plus is shown: differences.
    is_export_only
        Left out where the table is printed or shown, kept in workbook and CSV.
    is_print_only
        Left out of workbook and CSV: a text whose numbers stand in columns of their own there.
    has_own_decimals
        Whether `decimals` holds also where the rows say how many digits they have.
    """

    key: str
    title: Wording
    unit: Wording | None = None
    definition: Wording | None = None
    decimals: int | None = None
    is_signed: bool = False
    is_export_only: bool = False
    is_print_only: bool = False
    has_own_decimals: bool = False

    def head(self, language: Language) -> str:
        """Title and unit: `Wait (min)`."""
        unit = "" if self.unit is None else self.unit.text(language)
        title = self.title.text(language)
        if not unit:
            return title
        return f"{title} ({unit})" if language == "en" else f"{title}（{unit}）"


def interval_ends(column: Column) -> tuple[Column, Column]:
    """Ends of the 95 % interval of a column of numbers, `KEY_low` and `KEY_high`, for workbook and CSV.

    They hold as numbers what a printed column tells as one text.
    """
    title = column.title
    low, high = (
        replace(
            column,
            key=f"{column.key}_{end}",
            title=Wording(f"{title.en}, 95 % interval, {en} end", f"{title.ja} 95%信頼区間 {ja}"),
            definition=None,
            is_export_only=True,
        )
        for end, en, ja in (("low", "lower", "下端"), ("high", "upper", "上端"))
    )
    return low, high


@dataclass(frozen=True, slots=True)
class TableExhibit:
    """A table.

    Parameters
    ----------
    name
        Identity within a report, usable as the name of a file or a sheet's key.
    columns
        Left to right.
    rows
        One column for each `Column.key`; texts are in the language that was asked for. Missing: NaN or None.
    note
        How to read it.
    block_key
        Column whose value heads a block of rows, where the printed table has blocks; its equal values stand
        together.
    is_export_only
        Left out where the report is printed or shown, kept in workbook and CSV.
    people_key
        Column that counts the people of each row, where rows are groups of people (a cell, a town, an age):
        what is handed on hides the numbers of groups that are too small.
    """

    name: str
    title: Wording
    columns: tuple[Column, ...]
    rows: pd.DataFrame
    note: Wording | None = None
    block_key: str | None = None
    is_export_only: bool = False
    people_key: str | None = None

    @property
    def shown_columns(self) -> tuple[Column, ...]:
        """Those that are printed."""
        return tuple(column for column in self.columns if not column.is_export_only)

    @property
    def exported_columns(self) -> tuple[Column, ...]:
        """Those of workbook and CSV."""
        return tuple(column for column in self.columns if not column.is_print_only)

    def cell(self, column: Column, row: int) -> str:
        """A value as it is shown; a dash where there is none."""
        value = self.rows[column.key].iloc[row]
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return MISSING
        if column.decimals is None:
            return str(value)
        return number(float(value), self.decimals(column, row), signed=column.is_signed)

    def decimals(self, column: Column, row: int) -> int:
        """Digits after the point of a number: its row's where rows have their own, else its column's."""
        if ROW_DECIMALS in self.rows.columns and not column.has_own_decimals:
            said = float(self.rows[ROW_DECIMALS].iloc[row])
            if math.isfinite(said):
                return int(said)
        return column.decimals or 0

    def texts(self) -> list[list[str]]:
        """Every shown cell, row by row."""
        columns = self.shown_columns
        return [[self.cell(column, row) for column in columns] for row in range(len(self.rows))]


@dataclass(frozen=True, slots=True)
class ChartExhibit:
    """A picture.

    Parameters
    ----------
    svg
        SVG whose text is drawn as paths, in the language that was asked for: prints alike everywhere.
    alt
        What it shows, for those who do not see it.
    table
        The numbers shown, where they are in no other exhibit.
    """

    name: str
    title: Wording
    svg: bytes
    alt: Wording
    note: Wording | None = None
    table: TableExhibit | None = None


@dataclass(frozen=True, slots=True)
class TextExhibit:
    """Paragraphs. `label` heads each of them where there is one: (label or None, text)."""

    name: str
    title: Wording
    paragraphs: tuple[tuple[Wording | None, Wording], ...]


Exhibit = TableExhibit | ChartExhibit | TextExhibit


@dataclass(frozen=True, slots=True)
class Chapter:
    """Exhibits about one thing, in reading order."""

    name: str
    title: Wording
    exhibits: tuple[Exhibit, ...]


def tables_of(chapters: Sequence[Chapter]) -> dict[str, TableExhibit]:
    """Every table of a report by its name, those behind charts too, in reading order."""
    found: dict[str, TableExhibit] = {}
    for chapter in chapters:
        for exhibit in chapter.exhibits:
            if isinstance(exhibit, TableExhibit):
                found[exhibit.name] = exhibit
            elif isinstance(exhibit, ChartExhibit) and exhibit.table is not None:
                found[exhibit.table.name] = exhibit.table
    return found


def rows_of(columns: Sequence[Column], rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Rows of a table from one mapping each; keys that a row does not have are missing values."""
    keys = [column.key for column in columns]
    if any(ROW_DECIMALS in row for row in rows):
        keys.append(ROW_DECIMALS)
    table = pd.DataFrame([[row.get(key) for key in keys] for row in rows], columns=keys)
    for column in columns:
        if column.decimals is not None:
            table[column.key] = pd.to_numeric(table[column.key]).astype("float64")
    return table
