"""Cards and tables as small pieces of HTML: words wrap, numbers keep their units, marks have a shape too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from dashboards.evidence.kpis import MARKS, printed
from maas.i18n.effects import effect_words
from maas.i18n.figures import FigureWording
from maas.i18n.wording import Language, Wording
from simulation.comparison import Estimate
from simulation.study_comparison import Effect

LONGEST_ENDS: Final = 15
"""Letters of an interval that fit beside its value; longer ones stand below it."""

_MARK_WORDS: Final = {
    "better": Wording("better by the threshold", "基準以上に良い"),
    "worse": Wording("worse", "悪い"),
    "open": Wording("not decided", "判断できない"),
}
_BASE: Final = Wording("baseline {value}", "基準 {value}")
_IS_BASE: Final = Wording("this is the baseline", "これが比較の基準")
INTERVAL: Final = Wording("{low} to {high}", "{low}～{high}")
_RIDERS: Final = Wording("riders", "人")
_REQUESTS: Final = Wording("requests", "件")
_TIMES: Final = Wording("times", "倍")
_UNITS: Final = {
    "served_riders": _RIDERS,
    "requested_riders": _RIDERS,
    "riders_per_vehicle_hour": _RIDERS,
    "mean_occupancy": _RIDERS,
    "requests": _REQUESTS,
    "served": _REQUESTS,
    "refused": _REQUESTS,
    "cancelled": _REQUESTS,
    "no_shows": _REQUESTS,
    "detour_ratio": _TIMES,
}
"""Units of figures that tables show without one."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its text, whether it is a number, and how it is judged."""

    text: str
    is_number: bool = False
    kind: str = ""


def unit_of(figure: FigureWording, language: Language) -> str:
    """The unit of a figure, also of counts."""
    if figure.unit.en:
        return figure.unit.text(language)
    last = figure.key.rpartition(".")[2]
    return _UNITS[last].text(language) if last in _UNITS else ""


def interval_text(figure: FigureWording, estimate: Estimate, language: Language) -> str:
    """The ends of an interval within what the figure can be; empty after a single day."""
    if estimate.low is None or estimate.high is None:
        return ""
    low, high = (figure.number(figure.within(end)) for end in (estimate.low, estimate.high))
    return INTERVAL.text(language).format(low=low, high=high)


def words_of(figure: FigureWording, effect: Effect, language: Language) -> str:
    """The difference in plain words."""
    told = effect.difference
    return effect_words(figure, told.mean, told.low, told.high, language)


def card(
    figure: FigureWording, value: Estimate | None, effect: Effect | None, language: Language, *, is_base: bool
) -> str:
    """One figure of one case: its value with its interval, and how far it is from the baseline's.

    Parameters
    ----------
    value
        Mean over the days, or one number without ends.
    effect
        Against the baseline; None where there is none to tell.
    """
    figure = printed(figure)
    kind = effect.mark if effect is not None and effect.mark in ("better", "worse") else ""
    unit = escape(unit_of(figure, language))
    shown = "–" if value is None else escape(figure.number(value.mean))
    ends = "" if value is None else interval_text(figure, value, language)
    kind_of_ends = "i wide" if len(ends.replace("～", " to ")) > LONGEST_ENDS else "i"
    interval = f'<span class="{kind_of_ends}">({escape(ends)})</span>' if ends else ""
    parts = [
        f'<div class="m-card {kind}" data-figure="{escape(figure.key)}">',
        f"<h4><span>{escape(figure.name.text(language))}</span>{mark(effect, language)}</h4>",
        f'<div class="v">{shown}<span class="u">{unit}</span>{interval}</div>',
    ]
    if effect is not None:
        base = _BASE.text(language).format(
            value=f"{figure.number(effect.base)} {unit_of(figure, language)}".strip()
        )
        parts.append(f'<div class="d {kind}">{escape(words_of(figure, effect, language))}</div>')
        parts.append(f'<div class="b">{escape(base)}</div>')
    elif is_base:
        parts.append(f'<div class="b">{escape(_IS_BASE.text(language))}</div>')
    return "".join((*parts, "</div>"))


def mark(effect: Effect | None, language: Language) -> str:
    """○, △ or × of an effect, with its word; nothing where the study states no threshold."""
    if effect is None or effect.mark is None:
        return ""
    word = escape(_MARK_WORDS[effect.mark].text(language))
    return (
        f'<span class="m-mark {effect.mark}" title="{word}" aria-label="{word}">{MARKS[effect.mark]}</span>'
    )


def cards(made: Sequence[str]) -> str:
    """Cards side by side, as many in a row as fit."""
    return f'<div class="m-cards">{"".join(made)}</div>'


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]], *, name: str) -> str:
    """A table; columns whose first cell is a number are set to the right."""
    numeric = [bool(rows) and rows[0][place].is_number for place in range(len(head))]
    heads = "".join(
        f'<th scope="col"{_class("n" if is_number else "")}>{escape(text)}</th>'
        for text, is_number in zip(head, numeric, strict=True)
    )
    lines = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows)
    return (
        f'<div class="m-scroll"><table class="m-table" data-table="{escape(name)}">'
        f"<thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _cell(cell: Cell) -> str:
    kinds = " ".join(filter(None, ("n" if cell.is_number else "", cell.kind)))
    return f"<td{_class(kinds)}>{escape(cell.text)}</td>"


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""
