"""One palette for everything that is drawn: colours of Okabe and Ito, safe for colour-blind readers.

Lines differ in dash and marker, areas in hatch and lightness as well, so that grey print holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class CaseStyle:
    """How one case is drawn: colour, dash (as matplotlib takes it), marker, hatch."""

    colour: str
    dash: str | tuple[float, tuple[float, ...]]
    marker: str
    hatch: str


CASE_STYLES: Final = (
    CaseStyle("#E69F00", (0, (5, 2)), "s", ""),
    CaseStyle("#0072B2", "-", "o", "//"),
    CaseStyle("#009E73", "-.", "^", "xx"),
    CaseStyle("#CC79A7", ":", "D", ".."),
    CaseStyle("#56B4E9", (0, (7, 1, 1, 1, 1, 1)), "v", "--"),
    CaseStyle("#D55E00", (0, (1, 1)), "P", "++"),
)
"""In the order of the cases of a study: a case has the same colour on every page."""

INK: Final = "#1f2933"
MUTED: Final = "#5f6b76"
RULE: Final = "#c8ced4"
PAPER: Final = "#ffffff"
ACCENT: Final = "#0b4f7d"

SERVED: Final = "#0072B2"
REFUSED: Final = "#D55E00"
NEITHER: Final = "#c4c9ce"
"""Served, refused, neither (declined, cancelled, not there): dark, middle and light in grey print too."""

LOADS: Final = ("#e4e7ea", "#9fd0ec", "#3f97cf", "#0b4f7d")
"""Nobody, one, two, three and more people on board: darker is fuller."""

MARK_COLOURS: Final = {"better": "#00694d", "open": "#5f6b76", "worse": "#a84300"}


def case_style(index: int) -> CaseStyle:
    """Style of the case at a position in its study; beyond the sixth they begin again."""
    return CASE_STYLES[index % len(CASE_STYLES)]
