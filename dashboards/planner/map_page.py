"""Map: a simulated day on the roads of the study, two cases side by side on one clock."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from dashboards.planner import map_wording as wording
from dashboards.planner.downloads import download_of_bookings
from dashboards.planner.frame import Frame, selected
from dashboards.planner.shelf import Stamp, study_at
from dashboards.replay_map import study_replay
from maas.i18n.wording import Language
from simulation.study_outcome import StudyOutcome

NOTHING: Final = ""
HEIGHT_PX = 560
"""What is left of a laptop's screen below the controls."""


def page(frame: Frame) -> None:
    """Two cases to choose, and their first day as a moving map."""
    study = frame.study
    names = [case.name for case in study.cases]
    titles = {case.name: case.title.text(frame.language) for case in study.cases}
    bases = [name for name in names if study.baseline(name) == name]
    others = [name for name in names if name not in bases]
    left, right, saves = st.columns([4, 4, 3], vertical_alignment="bottom")
    with left:
        first = selected(
            frame,
            frame.say(wording.LEFT),
            names,
            key=f"map_left_{study.name}",
            at_first=(bases or names)[0],
            format_func=titles.__getitem__,
        )
    with right:
        second = selected(
            frame,
            frame.say(wording.RIGHT),
            [NOTHING, *names],
            key=f"map_right_{study.name}",
            at_first=others[-1] if others else NOTHING,
            format_func=lambda name: titles[name] if name else frame.say(wording.NOTHING),
        )
    cases = tuple(dict.fromkeys(filter(None, (first, second))))
    with st.spinner(frame.say(wording.DRAWING)):
        document = replay_of(frame.stamp or ("", 0), cases, frame.language)
    with saves, st.container(horizontal=True, horizontal_alignment="right"):
        st.download_button(
            frame.say(wording.HTML),
            document,
            file_name=f"{study.name}_replay.html",
            mime="text/html",
            icon=":material/download:",
            on_click="ignore",
        )
        download_of_bookings(frame, requests_of_day(study, cases), f"{study.name}_first_day", cases)
    st.iframe(document, height=HEIGHT_PX)
    st.caption(frame.say(wording.NOTE, seed=study.seeds[0]))


@st.cache_data(max_entries=8, show_spinner=False)
def replay_of(stamp: Stamp, cases: tuple[str, ...], language: Language) -> str:
    """The document that moves: kept, since drawing routes takes its time."""
    return study_replay(study_at(stamp), cases, language=language)


def requests_of_day(study: StudyOutcome, cases: tuple[str, ...]) -> pd.DataFrame:
    """Every request of the day that the map shows, in each of its cases."""
    seed = study.seeds[0]
    tables = []
    for name in cases:
        table = study.requests(name)
        tables.append(table[table["seed"] == seed].assign(case=name))
    return pd.concat(tables, ignore_index=True)
