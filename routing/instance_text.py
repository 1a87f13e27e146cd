"""Rows of numbers in a text file, each with its line, so that every complaint can name it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from routing.errors import InstanceError


@dataclass(frozen=True, slots=True)
class Row:
    """The words of one line that is not blank."""

    line: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InstanceText:
    """A file as rows."""

    path: Path
    rows: tuple[Row, ...]

    @classmethod
    def read(cls, path: Path) -> InstanceText:
        """Rows of a file.

        Raises
        ------
        InstanceError
            The file is no text, or blank.
        OSError
            It cannot be opened.
        """
        try:
            lines = path.read_bytes().decode("utf-8-sig").splitlines()
        except UnicodeDecodeError:
            raise InstanceError(f"{path}: is no text file; give a benchmark instance") from None
        rows = tuple(Row(k + 1, tuple(line.split())) for k, line in enumerate(lines) if line.strip())
        if not rows:
            raise InstanceError(f"{path}: is empty; give a benchmark instance")
        return cls(path, rows)

    @property
    def last_line(self) -> int:
        """Number of the last line that is not blank."""
        return self.rows[-1].line

    def error(self, line: int, sentence: str) -> InstanceError:
        """What is wrong with one line."""
        return InstanceError(f"{self.path}: line {line}: {sentence}")

    def numbers(self, row: Row, columns: str) -> list[float]:
        """The numbers of a row whose columns are named; raises `InstanceError` where it has others."""
        names = columns.split()
        if len(row.words) != len(names):
            raise self.error(row.line, f"has {len(row.words)} columns; {len(names)} are needed: {columns}")
        return [self.number(row, word, name) for word, name in zip(row.words, names, strict=True)]

    def number(self, row: Row, word: str, name: str) -> float:
        """One finite number; raises `InstanceError` for anything else."""
        try:
            value = float(word)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.error(row.line, f"{name} is {word!r}; a number is needed")
        return value

    def whole(self, line: int, value: float, name: str) -> int:
        """A number that must be whole."""
        if value != int(value):
            raise self.error(line, f"{name} is {value:g}; a whole number is needed")
        return int(value)

    def count(self, line: int, value: float, name: str) -> int:
        """A whole number of at least 1."""
        if value < 1:
            raise self.error(line, f"{name} is {value:g}; at least 1 is needed")
        return self.whole(line, value, name)
