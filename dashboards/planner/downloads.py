"""What pages hand out as CSV: with the report's suppression of small groups, in the encoding of the reader.

Every download of a table goes through `dashboards.report.csv_files`, as the files of `maas report` do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from dashboards.evidence.exhibits import Column, TableExhibit
from dashboards.planner import downloads_wording as wording
from dashboards.planner.frame import Frame
from dashboards.report.csv_files import ENCODINGS, CsvContent, Encoding, csv_content, unwritten_csv
from dashboards.report.suppression import HIDDEN, LEAST_PEOPLE
from maas.i18n.wording import Wording
from scenarios.loading import available_scenarios, load_scenario
from scenarios.people_sections import RecordedRequests
from simulation.errors import OutcomeError
from simulation.study_outcome import StudyOutcome

_ENCODING: Final = "csv encoding"
_KEPT: Final = "csv encoding kept"
_IS_OFFERED: Final = "csv is offered"
_MOST_CHARACTERS: Final = 12


def download(
    frame: Frame,
    table: TableExhibit | pd.DataFrame,
    name: str,
    *,
    people: str | None = None,
    key: str | None = None,
) -> None:
    """A button that gives a table as CSV, and what was hidden or could not be written in it.

    Parameters
    ----------
    people
        Column of a data frame that counts the people of each row, where rows are groups of people.
    """
    exhibit = table if isinstance(table, TableExhibit) else exhibit_of(table, name, people=people)
    encoding = chosen_encoding()
    st.session_state[_IS_OFFERED] = True
    made = csv_content(exhibit, frame.language, encoding)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.download_button(
            frame.say(wording.DOWNLOAD),
            made.content,
            file_name=f"{name}.csv",
            mime="text/csv",
            icon=":material/download:",
            key=key or f"download {name}",
            on_click="ignore",
        )
        _tell(frame, made, name, encoding)


def download_of_bookings(frame: Frame, table: pd.DataFrame, name: str, cases: Sequence[str]) -> None:
    """As `download`, of a table with a row for each booking or ride: only of riders whom the model drew.

    Each row of recorded requests is a group of fewer than `LEAST_PEOPLE` real people, who are not handed out.
    """
    if any(is_recorded(frame.study, case) for case in cases):
        st.caption(frame.say(wording.REAL_PEOPLE, least=LEAST_PEOPLE))
    else:
        download(frame, table, name)


def is_recorded(study: StudyOutcome, case: str) -> bool:
    """Whether a case met requests of a file, which may be of real people; so it counts where nobody knows."""
    try:
        return isinstance(study.scenario(case).demand, RecordedRequests)
    except OutcomeError:
        said = next(known for known in study.cases if known.name == case).provenance["scenario"]
        if said not in {name for name, _ in available_scenarios()}:
            return True
        return isinstance(load_scenario(said).demand, RecordedRequests)


def exhibit_of(table: pd.DataFrame, name: str, *, people: str | None = None) -> TableExhibit:
    """A data frame as the report's files take it: its columns are called what they are called there."""
    columns = tuple(
        Column(str(head), Wording(str(head), str(head)), decimals=_decimals(table[head])) for head in table
    )
    return TableExhibit(name, Wording(name, name), columns, table.rename(columns=str), people_key=people)


def chosen_encoding() -> Encoding:
    """How CSV files are written; as Excel opens them, until a reader says otherwise."""
    picked: Encoding = st.session_state.get(_ENCODING) or st.session_state.get(_KEPT) or ENCODINGS[0]
    return picked


def begin_page() -> None:
    """Say that nothing is offered yet: before a page is shown."""
    st.session_state[_IS_OFFERED] = False


def end_page(frame: Frame) -> None:
    """The line below a page with the encoding of its downloads, where it has any."""
    if not st.session_state[_IS_OFFERED]:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="csv_encoding"):
        st.caption(frame.say(wording.ENCODING), width="content")
        picked = st.segmented_control(
            frame.say(wording.ENCODING),
            ENCODINGS,
            format_func=lambda name: frame.say(wording.ENCODINGS[name]),
            default=chosen_encoding(),
            required=True,
            label_visibility="collapsed",
            key=_ENCODING,
        )
    st.session_state[_KEPT] = picked


def _tell(frame: Frame, made: CsvContent, name: str, encoding: Encoding) -> None:
    if made.hidden:
        told = frame.say(wording.HIDDEN, rows=made.hidden, least=LEAST_PEOPLE, sign=HIDDEN)
        st.caption(told, width="content")
    if not made.unwritten:
        return
    signs = list(dict.fromkeys(f"{one.character}→{one.written_as}" for one in made.unwritten))
    more = "…" if len(signs) > _MOST_CHARACTERS else ""
    told = frame.say(wording.UNWRITTEN, signs=" ".join(signs[:_MOST_CHARACTERS]) + more)
    st.caption(told, width="content")
    st.download_button(
        frame.say(wording.UNWRITTEN_LIST),
        unwritten_csv(made.unwritten, frame.language, encoding),
        file_name=f"{name}_unwritten_characters.csv",
        mime="text/csv",
        type="tertiary",
        key=f"unwritten {name}",
        on_click="ignore",
    )


def _decimals(column: pd.Series) -> int | None:
    """Digits of a column of numbers: CSV files keep three more."""
    if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
        return None
    return 0 if pd.api.types.is_integer_dtype(column) else 3
