"""What the next vehicle, hour, run or stop would bring: the table of `maas worth`, computed on request."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboards.evidence.vehicle_names import group_titles, step_title
from dashboards.planner import cards
from dashboards.planner import why_not_wording as wording
from dashboards.planner.background import SHIPPED, study_process
from dashboards.planner.downloads import download
from dashboards.planner.frame import Frame, heading
from dashboards.planner.shelf import Stamp, study_at
from dashboards.planner.study_worker import WORTH as WORTH_ORDER
from maas.i18n.study_tables import missing
from maas.i18n.worth import AT_LEAST, COLUMNS
from simulation.study_outcome import StudyCase, StudyOutcome
from simulation.study_tables import what_changed
from simulation.study_worth import StudyWorth, read_worth

MOST_DAYS: Final = 10
"""Simulated for each step on request; `maas worth` takes all days of the study."""

MOST_CASES: Final = 3
"""In studies with more cases, the one that is shown is taken alone."""

_SHOWN: Final = (
    ("riders_year", 1.0),
    ("riders_year_if_alike", 1.0),
    ("cost_year", 1 / 1000),
    ("public_money_year", 1 / 1000),
    ("riders_per_million_yen", 1.0),
    ("level_riders_day", 1.0),
)
_FOLDER: Final = "worth"


def show_worth(frame: Frame, case: StudyCase) -> None:
    """The steps of a case, or a button that has them simulated."""
    heading(frame, wording.WORTH, wording.WORTH_NOTE)
    study = frame.study
    changed = what_changed(study, _FOLDER)
    if changed:
        st.info(frame.say(missing(_FOLDER, changed)), icon=":material/info:")
    worth = worth_at(frame.stamp or ("", 0), _written(study.folder)) if changed == () else None
    rows = None if worth is None else worth.worth[worth.worth["case"] == case.name]
    if worth is None or rows is None or rows.empty:
        _offer(frame, study, case)
        return
    groups = group_titles(study, case.name, frame.language)
    titles = [step_title(row, groups, frame.language) for row in rows.to_dict("records")]
    head = [frame.say(wording.STEP), *(frame.say(COLUMNS[key]) for key, _ in _SHOWN)]
    lines = [
        [cards.Cell(str(title)), *(_cell(row, key, scale) for key, scale in _SHOWN)]
        for title, row in zip(titles, rows.to_dict("records"), strict=True)
    ]
    st.html(cards.table(head, lines, name="worth"))
    st.caption(frame.say(wording.WORTH_DAYS, days=int(worth.facts["days"])) + " " + frame.say(AT_LEAST))
    download(frame, rows, f"{study.name}_{case.name}_worth")


@st.cache_resource(max_entries=8, show_spinner=False)
def worth_at(stamp: Stamp, written: int) -> StudyWorth | None:
    """Steps of a study as they were written at some time; None where they were not."""
    return read_worth(study_at(stamp)) if written else None


def _written(folder: Path) -> int:
    try:
        return (folder / _FOLDER / "worth.json").stat().st_mtime_ns
    except OSError:
        return 0


def _offer(frame: Frame, study: StudyOutcome, case: StudyCase) -> None:
    orders: dict[tuple[str, str, int], int] = st.session_state.setdefault("worth_orders", {})
    key = (str(study.folder), case.name, _written(study.folder))
    if key in orders:
        _wait(frame, orders[key])
    elif st.button(frame.say(wording.COMPUTE_WORTH), icon=":material/calculate:", key="why_worth"):
        cases = [] if len(study.cases) <= MOST_CASES else [case.name]
        days = min(MOST_DAYS, len(study.seeds))
        orders[key] = study_process(SHIPPED).order(
            {WORTH_ORDER: str(study.folder), "cases": cases, "days": days}
        )
        st.rerun()


@st.fragment(run_every=0.5)
def _wait(frame: Frame, number: int) -> None:
    state = study_process(SHIPPED).progress(number)
    if state.fault is not None:
        st.error(frame.say(wording.WORTH_FAULT, reason=frame.reason(state.fault)), icon=":material/error:")
    elif state.is_over:
        st.rerun()
    else:
        told = frame.say(wording.COMPUTING_WORTH, done=state.done, total=state.total)
        st.progress(state.share, text=told)


def _cell(row: dict[Any, Any], key: str, scale: float) -> cards.Cell:
    value, low, high = (row.get(name, float("nan")) for name in (key, f"{key}_low", f"{key}_high"))
    if pd.isna(value):
        return cards.Cell("–", is_number=True)
    if key == "level_riders_day":
        return cards.Cell(f"{value:,.1f}", is_number=True)
    ends = "" if pd.isna(low) else f" ({scale * low:+,.0f} – {scale * high:+,.0f})"
    return cards.Cell(f"{scale * value:+,.0f}{ends}", is_number=True)
