"""Widths of the columns of a printed table: numbers never break, long texts share what is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from unicodedata import east_asian_width

from maas.i18n.wording import Language

_SHORT_EM: Final = 11.0
"""Columns whose texts are all narrower take the room they need."""

_TABLE_EM: Final = {"ja": 60.0, "en": 65.0}
"""Width of the page in the size of a table's text."""

_GAP_EM: Final = 0.95
"""Between two columns."""

_NARROW_EM: Final = {"ja": 0.56, "en": 0.63}
"""Mean width of a letter in the font of each language."""

_DIGIT_EM: Final = 0.64

_LEAST_EM: Final = 9.0
"""A long text wants at least so much."""

_ZERO_WIDTH: Final = "\N{ZERO WIDTH SPACE}"

Width = tuple[str, float]
"""("em", width) or ("fr", share of what is left)."""


def column_widths(
    heads: Sequence[str], cells: Sequence[Sequence[str]], is_number: Sequence[bool], language: Language
) -> list[Width]:
    """Width of each column.

    Where everything fits side by side, every column is as wide as its widest cell, and the first text takes
    what is left. Else short columns and numbers keep that width and long texts share the rest, by their
    length; where even that is too little, every column gets a share.
    """
    count = len(heads)
    columns = [[row[k] for row in cells] for k in range(count)]
    widest = [max((text_em(text, language) for text in column), default=0.0) for column in columns]
    page = _TABLE_EM[language]
    for lines in (1, 2, 3):  # heads run over as few lines as there is room for
        wanted = [max(widest[k], _head_em(heads[k], lines, language)) + _GAP_EM for k in range(count)]
        if sum(wanted) <= page:
            break
    texts = [k for k in range(count) if not is_number[k]]
    if sum(wanted) <= page:
        filled = texts[0] if texts else 0
        return [("fr", 1.0) if k == filled else ("em", wanted[k]) for k in range(count)]
    long = [k for k in texts if widest[k] > _SHORT_EM]
    fixed = sum(wanted[k] for k in range(count) if k not in long)
    if long and page - fixed >= (_LEAST_EM + _GAP_EM) * len(long):
        return [
            ("fr", _share(columns[k], widest[k], language)) if k in long else ("em", wanted[k])
            for k in range(count)
        ]
    least = [_head_em(head, 3, language) for head in heads]
    return [("fr", max(_tamed(widest[k]), least[k]) + _GAP_EM) for k in range(count)]


def text_em(text: str, language: Language) -> float:
    """About how wide a text is, in its own size."""
    narrow = _NARROW_EM[language]
    return sum(
        1.0 if east_asian_width(character) in "WFA" else _DIGIT_EM if character.isdecimal() else narrow
        for character in text
        if character != _ZERO_WIDTH
    )


def _head_em(head: str, lines: int, language: Language) -> float:
    """Of a head over up to so many lines, no word of it broken."""
    words = max((text_em(word, language) for word in head.split()), default=0.0) if head.isascii() else 0.0
    spare = 0.0 if lines == 1 else 0.7
    return max(words, text_em(head, language) / lines + spare, 2.5)


def _tamed(widest: float) -> float:
    """Short texts stay on one line; of longer ones a part is enough, as they run over several."""
    return widest if widest <= _SHORT_EM else _SHORT_EM + 0.3 * (min(widest, 40.0) - _SHORT_EM)


def _share(texts: Sequence[str], widest: float, language: Language) -> float:
    typical = sum(text_em(text, language) for text in texts) / max(len(texts), 1)
    return float(max(widest * 0.5, typical, _SHORT_EM * 0.7) ** 0.7)
