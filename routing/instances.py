"""Published benchmark instances, read in the conventions in which their best known values are told."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from routing.cordeau import read_cordeau_2003, read_cordeau_2006
from routing.errors import InstanceError
from routing.exact_figures import ExactFigures
from routing.instance_text import InstanceText
from routing.li_lim import read_li_lim
from routing.problem import Problem
from routing.sartori import read_sartori
from routing.stop_rows import StopRow

Reader = Callable[[InstanceText, str], tuple[Problem, ExactFigures, Sequence[StopRow]]]

READERS: Final[dict[str, Reader]] = {
    "li_lim": read_li_lim,
    "sartori": read_sartori,
    "cordeau2006": read_cordeau_2006,
    "cordeau2003": read_cordeau_2003,
}
"""Formats by name."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Instance:
    """A benchmark file: the problem in integers, and its figures as they are.

    Attributes
    ----------
    name, family
        `lc103` and `lc1`; `a4-48` and `a`.
    format
        A name of `READERS`.
    problem
        What engines solve. A place is a row of the file, so that `problem.visit_place` are row numbers.
    exact
        What results are told in.
    coordinates
        float64, shape (p, 2): x and y, or latitude and longitude.
    """

    name: str
    family: str
    format: str
    problem: Problem
    exact: ExactFigures
    coordinates: NDArray[Any]


def read_instance(path: Path, format_name: str | None = None) -> Instance:
    """The instance in a file of a known format; the format is told from the text where it is left out.

    Raises
    ------
    InstanceError
        The file is cut off, contradicts itself, or is of no known format: the sentence names its line.
    OSError
        It cannot be opened.
    """
    if format_name is not None and format_name not in READERS:
        raise InstanceError(f"format is {format_name!r}; known are {', '.join(READERS)}")
    text = InstanceText.read(path)
    chosen = format_name or _format_of(text)
    name = path.stem
    problem, exact, rows = READERS[chosen](text, name)
    return Instance(
        name=name,
        family=family_of(name),
        format=chosen,
        problem=problem,
        exact=exact,
        coordinates=np.array([(row.x, row.y) for row in rows]),
    )


def family_of(name: str) -> str:
    """`lc1` of lc103 and lc1_2_1, `a` of a4-48, `pr` of pr01, `bar` of bar-n100-1; the name where unknown."""
    known = re.match(r"(l(?:c|r|rc)[12])[0-9_]|([ab])\d+-\d+$|(pr)\d+$|([a-z]{3})-n\d+", name.lower())
    return name if known is None else str(known[known.lastindex or 0])


def _format_of(text: InstanceText) -> str:
    """A file that starts with a name is of Sartori & Buriol, with three numbers of Li & Lim, with five of
    Cordeau; the second of his five counts requests or places, which the number of rows tells."""
    header = text.rows[0]
    if header.words[0].endswith(":"):
        return "sartori"
    if len(header.words) == 3:
        return "li_lim"
    if len(header.words) == 5:
        count, rows = text.number(header, header.words[1], "second number"), len(text.rows) - 1
        if rows == count + 1:
            return "cordeau2003"
        if rows == 2 * count + 2:
            return "cordeau2006"
        raise text.error(
            text.last_line,
            f"the file ends after {rows} rows of places; with {count:g} requests it has {2 * count + 2:g}"
            f" (Cordeau 2006), with {count:g} places {count + 1:g} (Cordeau & Laporte 2003);"
            " it may be cut off",
        )
    raise text.error(header.line, f"is the first line of no known format; known are {', '.join(READERS)}")
