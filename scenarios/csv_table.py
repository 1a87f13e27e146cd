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

from scenarios.errors import ScenarioError

T = TypeVar("T")

ENCODINGS = ("utf-8-sig", "cp932")


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

    def fault(self, row: int, message: str) -> ScenarioError:
        """An error that begins with the file and the line of a row."""
        return self.error(f"{self.path} line {self.lines[row]}: {message}")

    def texts(self, column: str) -> list[str]:
        at = self.columns.index(column)
        return [row[at].strip() for row in self.rows]

    def read(self, column: str, parse: Callable[[str], T], expected: str) -> list[T]:
        """Every value of a column through `parse`; a bad one becomes a message that says what to give."""
        values: list[T] = []
        for row, text in enumerate(self.texts(column)):
            try:
                values.append(parse(text))
            except ValueError:
                raise self.fault(row, f"{column} is {text!r}; give {expected}") from None
        return values

    def integers(self, column: str, least: int | None = None) -> npt.NDArray[np.int64]:
        expected = "a whole number" if least is None else f"a whole number of {least} or more"

        def parse(text: str) -> int:
            number = int(text)
            if abs(number) >= 2**53 or (least is not None and number < least):
                raise ValueError
            return number

        return np.array(self.read(column, parse, expected), dtype=np.int64)

    def floats(self, column: str, least: float | None = None) -> npt.NDArray[np.float64]:
        expected = "a number" if least is None else f"a number of {least:g} or more"

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
                    row, f"{column} {text!r} was already used in line {first}; each must be unique"
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
                few = "too few" if len(values) < len(header) else "too many"
                raise error(
                    f"{path} line {reader.line_num}: {len(values)} values are {few};"
                    f" the header names {len(header)} columns ({', '.join(header)})"
                )
            rows.append(tuple(values))
            lines.append(reader.line_num)
    except csv.Error as problem:
        raise error(f"{path} line {reader.line_num}: {problem}; write it as plain CSV") from None
    return CsvTable(path, header, tuple(rows), tuple(lines), error)


def _decoded(raw: bytes, path: Path, error: type[ScenarioError]) -> str:
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise error(f"{path} is neither UTF-8 nor cp932 text; save it as CSV in UTF-8")


def _check_header(
    path: Path, header: tuple[str, ...], required: Sequence[str], error: type[ScenarioError]
) -> None:
    for name in required:
        if name not in header:
            close = difflib.get_close_matches(name, header, 1)
            instead = (
                f"; did you mean it by {close[0]!r}?"
                if close
                else f"; it has {', '.join(header) or 'nothing'}"
            )
            raise error(f"{path} line 1: column {name!r} is missing{instead}")
    for name in header:
        if header.count(name) > 1:
            raise error(f"{path} line 1: column {name!r} is named twice; name each column once")
