"""A report as an Excel workbook: contents, one sheet a table, definitions."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from unicodedata import east_asian_width

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from dashboards.evidence.exhibits import Chapter, Column, TableExhibit, tables_of
from dashboards.evidence.palette import ACCENT, INK, MUTED, RULE
from dashboards.report.front import Front
from dashboards.report.suppression import HIDDEN, hidden_rows, note_of, tells
from dashboards.report.whole_files import write_whole
from maas.i18n.wording import Language, Wording

_NO_DATE: Final = datetime(1980, 1, 1)
"""The same study makes the same bytes, whenever it is written; the first date that an archive knows."""

_NAME_LENGTH: Final = 31
"""What Excel allows the name of a sheet."""
_HEAD_ROW: Final = 3
"""Title, note, an empty row, then the heads."""
_WIDEST: Final = 60.0
_NARROWEST: Final = 8.0

_CONTENTS: Final = Wording("Contents", "目次")
_DEFINITIONS: Final = Wording("Definitions", "定義")
_TABLE: Final = Wording("Table", "表")
_SHEET: Final = Wording("Sheet", "シート")
_COLUMN: Final = Wording("Column", "列")
_UNIT: Final = Wording("Unit", "単位")
_MEANING: Final = Wording("Definition", "定義")
_RUN: Final = Wording("Run hash: {hash}", "実行ハッシュ: {hash}")
_SOURCES: Final = Wording("Sources", "出典")
_FONTS: Final[Mapping[str, str]] = {"ja": "BIZ UDPGothic", "en": "Calibri"}


def write_workbook(chapters: Sequence[Chapter], out: Path | str, language: Language, *, front: Front) -> Path:
    """Write every table of a report as a sheet of one workbook; the file appears whole or not at all.

    Parameters
    ----------
    chapters
        Made in the same language.
    out
        The file; its name should end in `.xlsx`.
    front
        Title, credits and run hash for the sheet of contents.

    Raises
    ------
    ReportError
        When the file cannot be written.

    Notes
    -----
    Numbers are kept in full and shown with the digits of their column. Texts are written as texts, whatever
    they begin with: none becomes a formula or a link. Numbers of groups of fewer than 5 people are `X`.
    The same chapters give the same bytes.
    """
    return write_whole(Path(out), workbook_bytes(chapters, language, front=front))


def workbook_bytes(chapters: Sequence[Chapter], language: Language, *, front: Front) -> bytes:
    """The content of `write_workbook`."""
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": front.text(language), "created": _NO_DATE})
        pen = _Pen(book, language)
        contents = book.add_worksheet(_CONTENTS.text(language))
        tables = tables_of(chapters)
        names = _sheet_names(tables.values(), language)
        for name, table in tables.items():
            _write_table(book.add_worksheet(names[name]), table, pen, language)
        _write_definitions(book.add_worksheet(_DEFINITIONS.text(language)), tables, names, pen, language)
        _write_contents(contents, chapters, names, front, pen, language)
        contents.activate()
    return stream.getvalue()


class _Pen:
    """Formats of one workbook, each made once."""

    def __init__(self, book: Workbook, language: Language) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._font = {"font_name": _FONTS[language], "font_size": 10, "font_color": INK}
        self.title = self.of(bold=True, font_size=14)
        self.note = self.of(font_color=MUTED)
        self.head = self.of(
            bold=True, font_color="#ffffff", bg_color=ACCENT, text_wrap=True, valign="vcenter", border=1,
            border_color=ACCENT,
        )  # fmt: skip
        self.text = self.of(text_wrap=True, valign="top", bottom=1, bottom_color=RULE)
        self.hidden = self.of(italic=True, font_color=MUTED, align="right", bottom=1, bottom_color=RULE)
        self.link = self.of(font_color=ACCENT, underline=1, bottom=1, bottom_color=RULE)

    def number(self, decimals: int, *, is_signed: bool) -> Format:
        """Thousands by comma, `decimals` digits after the point, a plus where it is asked for."""
        plain = "#,##0" + ("." + "0" * decimals if decimals else "")
        shape = f"+{plain};-{plain};{plain}" if is_signed else plain
        return self.of(num_format=shape, valign="top", bottom=1, bottom_color=RULE)

    def of(self, **properties: Any) -> Format:
        key = tuple(sorted({**self._font, **properties}.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(dict(key))
        return self._made[key]


def _write_table(sheet: Worksheet, table: TableExhibit, pen: _Pen, language: Language) -> None:
    """Title, note, heads, rows; heads stay in sight and filter."""
    note = note_of(table)
    sheet.write_string(0, 0, table.title.text(language), pen.title)
    if note is not None:
        sheet.write_string(1, 0, note.text(language), pen.note)
    hidden = hidden_rows(table).tolist()
    for place, column in enumerate(table.exported_columns):
        sheet.write_string(_HEAD_ROW, place, column.head(language), pen.head)
        sheet.set_column(place, place, _width(table, column, language))
        for row in range(len(table.rows)):
            at = (_HEAD_ROW + 1 + row, place)
            if hidden[row] and tells(table, column):
                sheet.write_string(*at, HIDDEN, pen.hidden)
            else:
                _write_cell(sheet, at, table, column, row, pen)
    sheet.freeze_panes(_HEAD_ROW + 1, 1)
    if len(table.rows):
        sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + len(table.rows), len(table.exported_columns) - 1)
    _set_paper(sheet, _HEAD_ROW)


def _write_cell(
    sheet: Worksheet, at: tuple[int, int], table: TableExhibit, column: Column, row: int, pen: _Pen
) -> None:
    value = table.rows[column.key].iloc[row]
    is_missing = value is None or (isinstance(value, float) and not math.isfinite(value))
    if column.decimals is None:
        if is_missing:
            sheet.write_blank(*at, None, pen.text)
        else:
            sheet.write_string(*at, str(value), pen.text)
        return
    shape = pen.number(table.decimals(column, row), is_signed=column.is_signed)
    if is_missing:
        sheet.write_blank(*at, None, shape)
    else:
        sheet.write_number(*at, float(value), shape)


def _write_contents(
    sheet: Worksheet,
    chapters: Sequence[Chapter],
    names: Mapping[str, str],
    front: Front,
    pen: _Pen,
    language: Language,
) -> None:
    lines = [front.kind.text(language), *(line.text(language) for line in front.lines)]
    lines += [line.text(language) for line in front.remarks]
    lines.append(_RUN.text(language).format(hash=front.run_hash))
    sheet.write_string(0, 0, front.text(language), pen.title)
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, line, pen.note)
    top = len(lines) + 2
    for place, head in enumerate((_TABLE, _SHEET)):
        sheet.write_string(top, place, head.text(language), pen.head)
    row = top
    for chapter in chapters:
        for table in tables_of([chapter]).values():
            row += 1
            sheet.write_string(
                row, 0, f"{chapter.title.text(language)}: {table.title.text(language)}", pen.text
            )
            name = names[table.name]
            sheet.write_url(row, 1, f"internal:'{name}'!A1", pen.link, string=name)
    definitions = _DEFINITIONS.text(language)
    sheet.write_string(row + 1, 0, definitions, pen.text)
    sheet.write_url(row + 1, 1, f"internal:'{definitions}'!A1", pen.link, string=definitions)
    sheet.write_string(row + 3, 0, _SOURCES.text(language), pen.of(bold=True))
    for offset, line in enumerate(front.credits, row + 4):
        sheet.write_string(offset, 0, line, pen.note)
    sheet.set_column(0, 0, _WIDEST)
    sheet.set_column(1, 1, 36)
    sheet.freeze_panes(top + 1, 0)
    _set_paper(sheet, top)


def _write_definitions(
    sheet: Worksheet,
    tables: Mapping[str, TableExhibit],
    names: Mapping[str, str],
    pen: _Pen,
    language: Language,
) -> None:
    """Every column of every sheet: its unit and what it is."""
    sheet.write_string(0, 0, _DEFINITIONS.text(language), pen.title)
    for place, head in enumerate((_SHEET, _COLUMN, _UNIT, _MEANING)):
        sheet.write_string(_HEAD_ROW, place, head.text(language), pen.head)
    row = _HEAD_ROW
    for name, table in tables.items():
        note = note_of(table)
        said = [("", "", note.text(language))] if note is not None else []
        for column in table.exported_columns:
            unit, definition = (
                "" if words is None else words.text(language) for words in (column.unit, column.definition)
            )
            said.append((column.title.text(language), unit, definition))
        for line in said:
            row += 1
            for place, text in enumerate((names[name], *line)):
                sheet.write_string(row, place, text, pen.text)
    for place, width in enumerate((26, 26, 12, 90)):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(_HEAD_ROW + 1, 2)
    if row > _HEAD_ROW:
        sheet.autofilter(_HEAD_ROW, 0, row, 3)
    _set_paper(sheet, _HEAD_ROW)


def _set_paper(sheet: Worksheet, head_row: int) -> None:
    """A4 across, as wide as the paper, heads on every page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head_row)
    sheet.hide_gridlines(2)
    sheet.set_footer("&C&A&R&P / &N")


def _sheet_names(tables: Iterable[TableExhibit], language: Language) -> dict[str, str]:
    """A name for each sheet that Excel accepts: short, without its signs, no two alike."""
    taken = {words.text(language).casefold() for words in (_CONTENTS, _DEFINITIONS)}
    names: dict[str, str] = {}
    for table in tables:
        plain = " ".join(re.sub(r"[\[\]:*?/\\]", " ", table.title.text(language)).split()).strip("'")
        plain = plain or table.name
        name, count = plain[:_NAME_LENGTH].strip("' "), 1
        while name.casefold() in taken:
            count += 1
            tail = f" {count}"
            name = plain[: _NAME_LENGTH - len(tail)] + tail
        taken.add(name.casefold())
        names[table.name] = name
    return names


def _width(table: TableExhibit, column: Column, language: Language) -> float:
    """Of a column, in characters: as its widest cell, within bounds; longer texts are wrapped."""
    head = _em(column.head(language)) + 2.5
    if column.is_export_only or column.decimals is not None:
        head = min(head, 18.0)
    cells = max((_em(table.cell(column, row)) for row in range(len(table.rows))), default=0.0)
    return min(max(head, cells + 1.5, _NARROWEST), _WIDEST)


def _em(text: str) -> float:
    """Width of a text in narrow characters."""
    return sum(2.0 if east_asian_width(character) in "WF" else 1.05 for character in text)
