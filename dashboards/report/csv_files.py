"""Every table of a report as a CSV file, and what its columns mean; for spreadsheets of town halls.

One row of heads, then rows; numbers plain (`-1234.5`). UTF-8 with its mark by default, cp932 (the code page
of Japanese Windows) on request: a character that it does not have is written as a similar one, or as a
printer's geta, and listed.
"""

from __future__ import annotations

import csv
import io
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from dashboards.errors import ReportError
from dashboards.evidence.exhibits import Chapter, Column, TableExhibit, tables_of
from dashboards.report.suppression import HIDDEN, hidden_rows, note_of, tells
from dashboards.report.whole_files import write_whole
from maas.i18n.wording import Language, Wording

Encoding = Literal["utf-8-sig", "cp932"]
ENCODINGS: Final[tuple[Encoding, ...]] = ("utf-8-sig", "cp932")

DEFINITIONS: Final = "definitions.csv"
UNWRITTEN: Final = "unwritten_characters.csv"

_FURTHER_DIGITS: Final = 3
"""Digits kept beyond those that are shown."""

# The codec itself writes a minus sign and a wave dash as the signs that Windows has for them.
_SIMILAR: Final = {
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "\N{HORIZONTAL BAR}",
    "\N{NO-BREAK SPACE}": " ",
    "\N{MIDDLE DOT}": "\N{KATAKANA MIDDLE DOT}",
    "\N{YEN SIGN}": "\N{FULLWIDTH YEN SIGN}",
}
_GETA: Final = "〓"
"""What Japanese printers put where a type is missing."""

_FORMULA_BEGINS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so could be taken for a formula by a spreadsheet."""

_DEFINITION_HEADS: Final = (
    Wording("Table", "表"),
    Wording("Title", "表題"),
    Wording("Column", "列"),
    Wording("Unit", "単位"),
    Wording("Definition", "定義"),
)
_UNWRITTEN_HEADS: Final = (
    Wording("File", "ファイル"),
    Wording("Row", "行"),
    Wording("Column", "列"),
    Wording("Character", "文字"),
    Wording("Written as", "代わりの文字"),
)


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A character that an encoding does not have. Row and column count from 1, heads are row 1."""

    file: str
    row: int
    column: int
    character: str
    written_as: str

    @property
    def code_point(self) -> str:
        """`U+2013 EN DASH`: can be written in every encoding."""
        return f"U+{ord(self.character):04X} {unicodedata.name(self.character, 'unnamed')}"


@dataclass(frozen=True, slots=True)
class CsvFiles:
    """What was written, and what could not be written as it is."""

    paths: tuple[Path, ...]
    unwritten: tuple[Unwritten, ...]


@dataclass(frozen=True, slots=True)
class CsvContent:
    """One table as a CSV file: its bytes, what could not be written as it is, rows with hidden numbers."""

    content: bytes
    unwritten: tuple[Unwritten, ...]
    hidden: int


def write_csv_files(
    chapters: Sequence[Chapter],
    folder: Path | str,
    language: Language,
    *,
    encoding: Encoding = "utf-8-sig",
) -> CsvFiles:
    """Write every table of a report as `NAME.csv`, and `definitions.csv` about their columns.

    Parameters
    ----------
    chapters
        Made in the same language.
    folder
        Made where it is missing; other files in it stay.
    encoding
        With `cp932` the characters that it does not have are returned, and listed in
        `unwritten_characters.csv` where there are any.

    Raises
    ------
    ReportError
        When the encoding is another one, or a file cannot be written.

    Notes
    -----
    Numbers of groups of fewer than 5 people are `X`. A text that a spreadsheet could take for a formula
    begins with an apostrophe.
    """
    if encoding not in ENCODINGS:
        raise ReportError(f"encoding {encoding!r} is unknown; give {' or '.join(ENCODINGS)}")
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(
            f"{place}: cannot be made ({error.strerror}); choose a folder that is writable"
        ) from error
    tables = tables_of(chapters)
    sheets = {f"{name}.csv": table_lines(table, language) for name, table in tables.items()}
    sheets[DEFINITIONS] = _definition_lines(tables, language)
    unwritten: list[Unwritten] = []
    contents: dict[str, bytes] = {}
    for file, lines in sheets.items():
        kept, missing = _encodable(file, lines, encoding)
        contents[file] = _encoded(kept, encoding)
        unwritten += missing
    if unwritten:
        contents[UNWRITTEN] = unwritten_csv(unwritten, language, encoding)
    else:
        (place / UNWRITTEN).unlink(missing_ok=True)
    paths = tuple(write_whole(place / file, content) for file, content in contents.items())
    return CsvFiles(paths, tuple(unwritten))


def table_lines(table: TableExhibit, language: Language) -> list[list[str]]:
    """Heads and rows of a table as texts, all columns, numbers of too small groups hidden."""
    hidden = hidden_rows(table).tolist()
    return [
        [column.head(language) for column in table.exported_columns],
        *(
            [_cell(table, column, row, is_hidden=is_hidden) for column in table.exported_columns]
            for row, is_hidden in enumerate(hidden)
        ),
    ]


def csv_bytes(table: TableExhibit, language: Language, encoding: Encoding = "utf-8-sig") -> bytes:
    """One table as the content of a CSV file, for a download."""
    return csv_content(table, language, encoding).content


def csv_content(table: TableExhibit, language: Language, encoding: Encoding = "utf-8-sig") -> CsvContent:
    """As `csv_bytes`, with what is to be told beside a download."""
    lines, unwritten = _encodable(f"{table.name}.csv", table_lines(table, language), encoding)
    return CsvContent(_encoded(lines, encoding), tuple(unwritten), int(hidden_rows(table).sum()))


def unwritten_csv(unwritten: Sequence[Unwritten], language: Language, encoding: Encoding) -> bytes:
    """The list of characters that could not be written, as the content of a CSV file."""
    return _encoded(_unwritten_lines(unwritten, language), encoding)


def _cell(table: TableExhibit, column: Column, row: int, *, is_hidden: bool) -> str:
    value = table.rows[column.key].iloc[row]
    if is_hidden and tells(table, column):
        return HIDDEN
    if column.decimals is None:
        return "" if value is None or value != value else _no_formula(str(value))
    if value is None or not math.isfinite(float(value)):
        return ""
    rounded = round(float(value), table.decimals(column, row) + _FURTHER_DIGITS) + 0.0
    return str(int(rounded)) if rounded.is_integer() else repr(rounded)


def _no_formula(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_BEGINS) else text


def _definition_lines(tables: dict[str, TableExhibit], language: Language) -> list[list[str]]:
    lines = [[head.text(language) for head in _DEFINITION_HEADS]]
    for name, table in tables.items():
        note = note_of(table)
        title = table.title.text(language)
        if note is not None:
            lines.append([name, title, "", "", _no_formula(note.text(language))])
        for column in table.exported_columns:
            unit, definition = (
                "" if words is None else words.text(language) for words in (column.unit, column.definition)
            )
            lines.append([name, title, column.title.text(language), unit, _no_formula(definition)])
    return lines


def _unwritten_lines(unwritten: Sequence[Unwritten], language: Language) -> list[list[str]]:
    heads = [head.text(language) for head in _UNWRITTEN_HEADS]
    return [
        heads,
        *(
            [one.file, str(one.row), str(one.column), one.code_point, _no_formula(one.written_as)]
            for one in unwritten
        ),
    ]


def _encodable(
    file: str, lines: list[list[str]], encoding: Encoding
) -> tuple[list[list[str]], list[Unwritten]]:
    """The texts without what the encoding does not have, and a list of that, each once a cell."""
    if encoding == "utf-8-sig":
        return lines, []
    missing: list[Unwritten] = []
    kept: list[list[str]] = []
    for row, line in enumerate(lines, 1):
        cells = []
        for number, text in enumerate(line, 1):
            for character in dict.fromkeys(text):
                if not _has(encoding, character):
                    similar = _similar(encoding, character)
                    missing.append(Unwritten(file, row, number, character, similar))
                    text = _no_formula(text.replace(character, similar))
            cells.append(text)
        kept.append(cells)
    return kept, missing


def _has(encoding: Encoding, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _similar(encoding: Encoding, character: str) -> str:
    """Another spelling that the encoding has: `ō` as `o`."""
    plain = unicodedata.normalize("NFKD", character)
    base = "".join(part for part in plain if not unicodedata.combining(part))
    for found in (_SIMILAR.get(character, ""), plain, base):
        if found and _has(encoding, found):
            return found
    return _GETA


def _encoded(lines: Sequence[Sequence[str]], encoding: Encoding) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows(lines)
    return stream.getvalue().encode(encoding)
