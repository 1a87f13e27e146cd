"""Tables of `dashboards.evidence` on a page: the same numbers as in the report."""

from __future__ import annotations

import streamlit as st

from dashboards.evidence.exhibits import TableExhibit
from dashboards.planner import cards
from dashboards.planner.frame import Frame, download


def show_table(frame: Frame, exhibit: TableExhibit) -> None:
    """A table under its title, with its note and its download."""
    st.subheader(frame.say(exhibit.title), anchor=False)
    columns = exhibit.shown_columns
    head = [column.head(frame.language) for column in columns]
    rows = [
        [cards.Cell(text, column.decimals is not None) for column, text in zip(columns, line, strict=True)]
        for line in exhibit.texts()
    ]
    st.html(cards.table(head, rows, name=exhibit.name))
    if exhibit.note is not None:
        st.caption(frame.say(exhibit.note))
    download(frame, exhibit.rows, f"{frame.study.name}_{exhibit.name}")
