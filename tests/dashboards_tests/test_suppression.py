"""Groups of fewer than five people stay out of what is handed on."""

from __future__ import annotations

from dataclasses import replace

from dashboards.report.suppression import HIDDEN_NOTE, hidden_rows, note_of, tells, texts_of
from tests.dashboards_tests.report_chapters import FIGURES, TOWNS


def test_groups_of_one_to_four_people_are_hidden_empty_ones_and_five_are_not() -> None:
    # 11,294 people, 4, 5 and none.
    assert hidden_rows(TOWNS).tolist() == [False, True, False, False]
    rows = TOWNS.rows.assign(people=[1.0, 4.9, 4.999, float("nan")])
    assert hidden_rows(replace(TOWNS, rows=rows)).tolist() == [True, True, True, True]


def test_a_table_that_counts_nobody_hides_nothing() -> None:
    assert not hidden_rows(FIGURES).any()
    assert texts_of(FIGURES) == FIGURES.texts()
    assert note_of(FIGURES) is None


def test_texts_behind_the_number_of_people_are_hidden_those_before_it_name_the_group() -> None:
    assert [tells(TOWNS, column) for column in TOWNS.columns] == [False, True, True, True]
    assert [tells(FIGURES, column) for column in FIGURES.columns] == [False, False, True, False]


def test_numbers_of_hidden_groups_are_marked_and_their_names_stay() -> None:
    assert texts_of(TOWNS)[1] == ["髙根\N{EN DASH}沢𠮷", "X", "X"]
    assert texts_of(TOWNS)[0] == ["氏家", "11,294", "−1.2"]
    note = note_of(TOWNS)
    assert note is not None
    assert note.en == f"As of 2021. {HIDDEN_NOTE.en}"
    assert note.ja == f"2021年時点。{HIDDEN_NOTE.ja}"
