"""The history of measured figures, `benchmarks/history/*.jsonl`: the latest row of each beside the best.

Only like is compared with like: the ratio to what was measured beside it in the same run where there is one,
else the value; in the same unit, on a processor of the same name, with the same versions of what the figure's
name mentions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import isfinite
from pathlib import Path
from typing import Any, Final

from maas.domain.errors import FigureHistoryError

FOLDER: Final = Path("benchmarks") / "history"

LESS: Final = "less"
MORE: Final = "more"
NEITHER: Final = ""

_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "name": (str,),
    "value": (int, float),
    "unit": (str,),
    "ratio": (int, float, type(None)),
    "ratio_to": (str, type(None)),
    "date": (str,),
    "commit": (str,),
    "is_clean": (bool,),
    "processor": (str,),
    "versions": (dict,),
}
_OLDER_MORE: Final = "served_share"
"""Rows that do not say which way is better are older than the field; of theirs this alone is better when
more."""

_SHOWN: Final = 40
"""Characters of a wrong entry that a message repeats."""


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure.

    Parameters
    ----------
    file
        Name of its file, without the ending.
    value, unit, ratio, ratio_to
        As measured; the ratio to what was measured beside it, if anything was.
    better
        Whether `LESS` or `MORE` of what is compared is better, or `NEITHER`.
    is_clean
        Whether the tree was its commit.
    versions
        Of the packages that matter.
    """

    file: str
    name: str
    value: float
    unit: str
    ratio: float | None
    ratio_to: str | None
    better: str
    date: str
    commit: str
    is_clean: bool
    processor: str
    versions: dict[str, str]

    @property
    def compared(self) -> float:
        """The ratio where there is one, else the value."""
        return self.value if self.ratio is None else self.ratio

    def is_like(self, other: Row) -> bool:
        """Whether both say the same thing about different commits."""
        mine, theirs = (
            (row.file, row.name, row.unit, row.ratio is None, row.ratio_to, row.processor, _named(row))
            for row in (self, other)
        )
        return mine == theirs


@dataclass(frozen=True, slots=True)
class Standing:
    """The latest row of a figure, the best of those like it on clean trees, and how many there are."""

    latest: Row
    best: Row | None
    rows: int

    @property
    def change(self) -> float | None:
        """How much more of what is compared the latest has than the best: 0.1 is 10 % more."""
        if self.best is None or not self.best.compared:
            return None
        return self.latest.compared / self.best.compared - 1

    @property
    def is_best(self) -> bool:
        """Whether nothing was ever better."""
        return self.best is not None and self.latest.compared == self.best.compared


def history_folder(named: Path | None) -> Path:
    """The folder named, or that of the source tree: here, or where this program was started from.

    Raises
    ------
    FigureHistoryError
        When it is not there.
    """
    beside = Path(__file__).resolve().parents[1] / FOLDER
    places = (FOLDER, beside) if named is None else (named,)
    for folder in places:
        if folder.is_dir():
            return folder
    if named is not None:
        raise FigureHistoryError(f"{named} is not a folder; name one with .jsonl files of measured figures")
    raise FigureHistoryError(
        f"{FOLDER} is not here: it belongs to the source tree and is not installed;"
        " start in the source tree, or name the folder with --history"
    )


def read_history(folder: Path, file: str | None = None) -> list[Row]:
    """All rows, by file and then in the order they were added.

    Parameters
    ----------
    file
        The one file to read, by its name without the ending; all if None.

    Raises
    ------
    FigureHistoryError
        When there is no such file, or a line is no row of a figure; names file and line.
    """
    paths = sorted(folder.glob("*.jsonl"))
    names = ", ".join(path.stem for path in paths)
    if not paths:
        raise FigureHistoryError(
            f"{folder} has no .jsonl files: nothing was measured yet; make bench does it"
        )
    chosen = [path for path in paths if file in (None, path.stem, path.name)]
    if not chosen:
        raise FigureHistoryError(f"{folder} has no file {file}; there are {names}")
    return [row for path in chosen for row in _rows_of(path)]


def standings(rows: Iterable[Row]) -> list[Standing]:
    """Latest beside best, one of each figure, in the order in which figures first appear."""
    figures: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        figures.setdefault((row.file, row.name), []).append(row)
    return [_standing(each) for each in figures.values()]


def matching(found: Sequence[Standing], patterns: Sequence[str]) -> list[Standing]:
    """Those whose name has every pattern in it; `*` and `?` stand for any characters.

    Raises
    ------
    FigureHistoryError
        When there are none.
    """
    kept = [
        one
        for one in found
        if all(fnmatchcase(f"{one.latest.file}/{one.latest.name}", f"*{pattern}*") for pattern in patterns)
    ]
    if not kept:
        raise FigureHistoryError(
            f"none of {len(found)} figures has {' and '.join(patterns)} in its name;"
            " without a pattern all are shown"
        )
    return kept


def _standing(rows: Sequence[Row]) -> Standing:
    latest = rows[-1]
    like = [row for row in rows if row.is_like(latest)]
    clean = [row for row in like if row.is_clean]
    if latest.better == NEITHER or not clean:
        return Standing(latest, None, len(like))
    choose = max if latest.better == MORE else min
    return Standing(latest, choose(reversed(clean), key=lambda row: row.compared), len(like))


def _named(row: Row) -> tuple[str | None, ...]:
    return tuple(row.versions.get(part) for part in row.name.split("/"))


def _rows_of(path: Path) -> list[Row]:
    rows = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            rows.append(_row(path.stem, json.loads(line.decode("utf-8"))))
        except ValueError as error:
            said = "not JSON" if isinstance(error, (json.JSONDecodeError, UnicodeDecodeError)) else str(error)
            raise FigureHistoryError(
                f"{path}, line {number}: {said}; take the line out, or restore the file"
            ) from error
    return rows


def _row(file: str, content: Any) -> Row:
    if not isinstance(content, dict):
        raise ValueError(f"{json.dumps(content)[:_SHOWN]} is not a row of a figure")
    for key, types in _TYPES.items():
        if key not in content:
            raise ValueError(f"the row has no {key}")
        value = content[key]
        is_typed = isinstance(value, types) and (bool in types or not isinstance(value, bool))
        if not is_typed or (isinstance(value, float) and not isfinite(value)):
            raise ValueError(f"{key} is {json.dumps(value)[:_SHOWN]}")
    better = content.get("better", MORE if content["name"].endswith(_OLDER_MORE) else LESS)
    if better not in (LESS, MORE, NEITHER):
        raise ValueError(f'better is {json.dumps(better)[:_SHOWN]}, not "{LESS}", "{MORE}" or ""')
    return Row(file=file, better=better, **{key: content[key] for key in _TYPES})
