"""Tables and charts of `dashboards.evidence` on a page: the same as in the report."""

from __future__ import annotations

import base64
from html import escape
from itertools import pairwise

import streamlit as st

from dashboards.evidence.exhibits import ChartExhibit, TableExhibit
from dashboards.planner import cards
from dashboards.planner.downloads import download
from dashboards.planner.frame import Frame
from dashboards.report.suppression import note_of, texts_of


def show_table(frame: Frame, exhibit: TableExhibit) -> None:
    """A table under its title, with its note and its download; a block's first row alone names it."""
    st.subheader(frame.say(exhibit.title), anchor=False)
    columns = exhibit.shown_columns
    head = [column.head(frame.language) for column in columns]
    rows = [
        [cards.Cell(text, column.decimals is not None) for column, text in zip(columns, line, strict=True)]
        for line in texts_of(exhibit)
    ]
    if exhibit.block_key is not None:
        place = [column.key for column in columns].index(exhibit.block_key)
        for above, row in reversed(list(pairwise(rows))):
            if above[place] == row[place]:
                row[place] = cards.Cell("")
    st.html(cards.table(head, rows, name=exhibit.name))
    note = note_of(exhibit)
    if note is not None:
        st.caption(frame.say(note))
    download(frame, exhibit, f"{frame.study.name}_{exhibit.name}")


def show_chart(frame: Frame, exhibit: ChartExhibit) -> None:
    """A picture under its title, with its note."""
    st.subheader(frame.say(exhibit.title), anchor=False)
    picture = base64.b64encode(exhibit.svg).decode("ascii")
    st.html(
        f'<img class="m-picture" data-chart="{escape(exhibit.name)}" alt="{escape(frame.say(exhibit.alt))}"'
        f' src="data:image/svg+xml;base64,{picture}">'
    )
    if exhibit.note is not None:
        st.caption(frame.say(exhibit.note))
