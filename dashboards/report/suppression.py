"""Groups too small to be told about: their numbers stay out of everything that is handed on."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from dashboards.evidence.exhibits import Column, TableExhibit
from maas.i18n.wording import Wording

LEAST_PEOPLE: Final = 5
"""A group of fewer people could tell of one of them."""

HIDDEN: Final = "X"
"""Stands for a number that is not told, as in the tables of Japan's census."""

HIDDEN_NOTE: Final = Wording(
    f"{HIDDEN}: a group of fewer than {LEAST_PEOPLE} people, whose numbers are not told.",
    f"{HIDDEN}: {LEAST_PEOPLE}人未満の集団のため秘匿。",
)


def hidden_rows(table: TableExhibit) -> npt.NDArray[np.bool_]:
    """bool, shape (rows,). Rows of groups of at least one person and fewer than `LEAST_PEOPLE`.

    A table whose `people_key` is None has none. Where the number of people is missing nothing is known of the
    size of the group, and its numbers are not told either.
    """
    if table.people_key is None:
        return np.zeros(len(table.rows), np.bool_)
    people = table.rows[table.people_key].to_numpy(np.float64)
    is_none = people == 0
    is_enough = people >= LEAST_PEOPLE
    hidden: npt.NDArray[np.bool_] = ~(is_none | is_enough)
    return hidden


def tells(table: TableExhibit, column: Column) -> bool:
    """Whether a column tells something of its row's group, so that it is hidden in a small one.

    Numbers do, and texts that stand behind the number of people (intervals, remarks); texts before it name
    the group.
    """
    keys = [known.key for known in table.columns]
    if column.decimals is not None or table.people_key is None:
        return column.decimals is not None
    return keys.index(column.key) > keys.index(table.people_key)


def note_of(table: TableExhibit) -> Wording | None:
    """The note of a table, with a sentence about what is hidden where something is."""
    if not hidden_rows(table).any():
        return table.note
    if table.note is None:
        return HIDDEN_NOTE
    return Wording(f"{table.note.en} {HIDDEN_NOTE.en}", f"{table.note.ja}{HIDDEN_NOTE.ja}")


def texts_of(table: TableExhibit) -> list[list[str]]:
    """Every shown cell as in `TableExhibit.texts`, what tells of too small groups hidden."""
    hidden = hidden_rows(table)
    is_telling = [tells(table, column) for column in table.shown_columns]
    return [
        [HIDDEN if is_hidden and may_tell else text for may_tell, text in zip(is_telling, line, strict=True)]
        for is_hidden, line in zip(hidden.tolist(), table.texts(), strict=True)
    ]
