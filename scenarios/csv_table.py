"""A CSV file as columns that know their lines, so that a bad value can be named where it stands."""

from __future__ import annotations

import csv
import difflib
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from maas.i18n.wording import Wording
from scenarios.errors import ScenarioError

T = TypeVar("T")

ENCODINGS = ("utf-8-sig", "cp932")

_OTHER_KINDS = (
    (b"PK\x03\x04", Wording("an Excel workbook or a zip archive", "Excelブックまたは圧縮ファイル")),
    (b"\xd0\xcf\x11\xe0", Wording("an old Excel workbook", "旧形式のExcelブック")),
    (b"%PDF", Wording("a PDF", "PDF")),
    (b"\x89PNG", Wording("a picture", "画像")),
    (b"\xff\xd8\xff", Wording("a picture", "画像")),
    (b"\xff\xfe", Wording("text in UTF-16", "UTF-16の文字ファイル")),
    (b"GIF8", Wording("a picture", "画像")),
)
"""First bytes of files that people take for CSV, and what they are."""

_BINARY = Wording("no text but a binary file", "文字でなくバイナリのファイル")


@dataclass(frozen=True, slots=True)
class CsvTable:
    """The lines of a CSV file with a header.

    Parameters
    ----------
    path
        Named in every message.
    columns
        The header.
    rows, lines
        The values of each line, and its number in the file (the header is line 1).
    error
        What is raised for a bad line.
    """

    path: Path
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    error: type[ScenarioError]

    def __len__(self) -> int:
        return len(self.rows)

    def has(self, column: str) -> bool:
        return column in self.columns

    def fault(self, row: int, message: str | Wording) -> ScenarioError:
        """An error that begins with the file and the line of a row."""
        return self.error(_at_line(self.path, self.lines[row], message))

    def texts(self, column: str) -> list[str]:
        at = self.columns.index(column)
        return [row[at].strip() for row in self.rows]

    def read(self, column: str, parse: Callable[[str], T], expected: Wording) -> list[T]:
        """Every value of a column through `parse`; a bad one becomes a message that says what to give."""
        values: list[T] = []
        for row, text in enumerate(self.texts(column)):
            try:
                values.append(parse(text))
            except ValueError:
                raise self.fault(
                    row,
                    Wording(
                        f"{column} is {text!r}; give {expected.en}",
                        f"{column}が{text!r}です。{expected.ja}を書いてください",
                    ),
                ) from None
        return values

    def integers(self, column: str, least: int | None = None) -> npt.NDArray[np.int64]:
        expected = Wording("a whole number", "整数")
        if least is not None:
            expected = Wording(f"a whole number of {least} or more", f"{least}以上の整数")

        def parse(text: str) -> int:
            number = int(text)
            if abs(number) >= 2**53 or (least is not None and number < least):
                raise ValueError
            return number

        return np.array(self.read(column, parse, expected), dtype=np.int64)

    def floats(self, column: str, least: float | None = None) -> npt.NDArray[np.float64]:
        expected = Wording("a number", "数値")
        if least is not None:
            expected = Wording(f"a number of {least:g} or more", f"{least:g}以上の数値")

        def parse(text: str) -> float:
            number = float(text)
            if not math.isfinite(number) or (least is not None and number < least):
                raise ValueError
            return number

        return np.array(self.read(column, parse, expected), dtype=np.float64)

    def refuse_repeats(self, column: str) -> None:
        """Raise on the second line that carries a value of `column` already seen."""
        seen: dict[str, int] = {}
        for row, text in enumerate(self.texts(column)):
            if text in seen:
                first = self.lines[seen[text]]
                raise self.fault(
                    row,
                    Wording(
                        f"{column} {text!r} was already used in line {first}; each must be unique",
                        f"{column}の{text!r}は{first}行目でも使われています。行ごとに別の値にしてください",
                    ),
                )
            seen[text] = row


def read_csv(path: Path, required: Sequence[str], error: type[ScenarioError]) -> CsvTable:
    """Read a CSV file (UTF-8 or cp932) whose header names at least the `required` columns.

    Raises
    ------
    ScenarioError
        Of the given type, when the file is missing or unreadable, a column is missing or named twice, or a
        line has too few or too many values.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise error(
            f"{path} does not exist; give a CSV file with the columns {', '.join(required)}"
        ) from None
    except OSError as problem:
        raise error(f"{path} cannot be read ({problem.strerror}); check its type and permissions") from None
    return csv_table(raw, path, required, error)


def csv_table(raw: bytes, path: Path, required: Sequence[str], error: type[ScenarioError]) -> CsvTable:
    """As `read_csv`, of bytes that are at hand; `path` is only named."""
    reader = csv.reader(io.StringIO(_decoded(raw, path, error), newline=""), strict=True)
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    try:
        header = tuple(name.strip() for name in next(reader, []))
        _check_header(path, header, required, error)
        for values in reader:
            if not any(value.strip() for value in values):
                continue
            if len(values) != len(header):
                is_less = len(values) < len(header)
                raise error(
                    _at_line(
                        path,
                        reader.line_num,
                        Wording(
                            f"{len(values)} values are {'too few' if is_less else 'too many'};"
                            f" the header names {len(header)} columns ({', '.join(header)})",
                            f"値が{len(values)}個で{'足りません' if is_less else '多すぎます'}。"
                            f"見出しの{len(header)}列（{'、'.join(header)}）に合わせてください",
                        ),
                    )
                )
            rows.append(tuple(values))
            lines.append(reader.line_num)
    except csv.Error as problem:
        message = Wording(
            f"{problem}; write it as plain CSV",
            f"CSVとして読めません（{problem}）。CSV形式で保存してください",
        )
        raise error(_at_line(path, reader.line_num, message)) from None
    return CsvTable(path, header, tuple(rows), tuple(lines), error)


def _at_line(path: Path, line: int, message: str | Wording) -> Wording:
    if isinstance(message, str):
        message = Wording(message, message)
    return Wording(f"{path} line {line}: {message.en}", f"{path} {line}行目: {message.ja}")


def _decoded(raw: bytes, path: Path, error: type[ScenarioError]) -> str:
    kind = next((kind for begin, kind in _OTHER_KINDS if raw.startswith(begin)), None)
    if kind is None and b"\0" in raw:
        kind = _BINARY
    if kind is not None:
        raise error(
            Wording(
                f"{path} is {kind.en}, not a CSV file; open it in its own program and save it as CSV",
                f"{path}は{kind.ja}で、CSVファイルではありません。元のソフトで開き、CSV形式で保存してください",
            )
        )
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise error(
        Wording(
            f"{path} is neither UTF-8 nor cp932 text; save it as CSV in UTF-8",
            f"{path}はUTF-8でもcp932（Shift_JIS）でもありません。CSV UTF-8形式で保存してください",
        )
    )


def _check_header(
    path: Path, header: tuple[str, ...], required: Sequence[str], error: type[ScenarioError]
) -> None:
    for name in required:
        if name not in header:
            close = difflib.get_close_matches(name, header, 1)
            instead = (
                Wording(
                    f"; did you mean it by {close[0]!r}?",
                    f"（{close[0]!r}の書き誤りではありませんか）",
                )
                if close
                else Wording(
                    f"; it has {', '.join(header) or 'nothing'}",
                    f"（あるのは{'、'.join(header)}）" if header else "（何も書かれていません）",
                )
            )
            raise error(
                _at_line(
                    path,
                    1,
                    Wording(
                        f"column {name!r} is missing{instead.en}",
                        f"列{name!r}がありません{instead.ja}",
                    ),
                )
            )
    for name in header:
        if header.count(name) > 1:
            raise error(
                _at_line(
                    path,
                    1,
                    Wording(
                        f"column {name!r} is named twice; name each column once",
                        f"列{name!r}が2回あります。列名は1回だけ書いてください",
                    ),
                )
            )
