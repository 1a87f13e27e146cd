"""Who: who reaches a hospital, a supermarket, a station in time under each case, and how evenly."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboards.planner import cards
from dashboards.planner import who_wording as wording
from dashboards.planner.background import SHIPPED, study_process
from dashboards.planner.downloads import download
from dashboards.planner.frame import Frame, chosen_case, heading
from dashboards.planner.shelf import Stamp, study_at
from dashboards.planner.study_worker import ACCESS
from dashboards.planner.who_charts import cell_map, lorenz_chart
from dashboards.planner.who_tables import VALUE, Question, Reach, cells, figure, reaches, towns
from dashboards.replay_map.landmarks import NAMES
from maas.i18n.access import EARLY_ARRIVAL, GOALS, PEOPLE
from maas.i18n.figures import member
from maas.i18n.study_tables import missing
from maas.i18n.wording import Wording
from simulation.study_access import ACCESS as FOLDER
from simulation.study_access import CELL_GROUPS, StudyAccess, read_access
from simulation.study_outcome import StudyCase
from simulation.study_tables import what_changed

MINUTES: Final = (30, 45, 60)
MOST_CASES: Final = 12
"""In studies with more cases, the one that is chosen is computed alone."""

_AT_FIRST: Final = 45


def page(frame: Frame) -> None:
    """The question above; the answer for the city, by cell, by town, and its spread."""
    study = frame.study
    changed = what_changed(study, FOLDER)
    access = access_at(frame.stamp or ("", 0), _written(study.folder)) if changed == () else None
    if access is None:
        case = chosen_case(frame, wording.CASE, key="who_case") if len(study.cases) > MOST_CASES else None
        _offer(frame, missing(FOLDER, changed) if changed else wording.NOT_COMPUTED, case)
        return
    case, question = _asked(frame)
    if case.name not in access.cases:
        _offer(frame, wording.NOT_OF_CASE, case)
        return
    baseline = study.baseline(case.name)
    _show_reach(frame, access, question, case, baseline)
    left, right = st.columns([6, 7], gap="medium")
    with left:
        _show_map(frame, access, question, case, baseline)
    with right:
        _show_towns(frame, access, question, case)
    _show_spread(frame, access, question, case, baseline)
    st.caption(frame.say(wording.CREDITS))


@st.cache_resource(max_entries=8, show_spinner=False)
def access_at(stamp: Stamp, written: int) -> StudyAccess | None:
    """Access of a study as it was written at some time; None where it was not."""
    return read_access(study_at(stamp)) if written else None


def _written(folder: Path) -> int:
    try:
        return (folder / FOLDER / "access.json").stat().st_mtime_ns
    except OSError:
        return 0


def _offer(frame: Frame, why: Wording, case: StudyCase | None) -> None:
    """Nothing is there: a button that has it computed, of one case or of all, and how far that is."""
    folder = str(frame.study.folder)
    name = "" if case is None else case.name
    st.info(frame.say(why, folder=folder, case=name), icon=":material/info:")
    cases = [] if case is None else [case.name]
    orders: dict[tuple[str, ...], int] = st.session_state.setdefault("access_orders", {})
    key = (folder, str(_written(frame.study.folder)), *cases)
    if key in orders:
        _wait(frame, orders[key])
    elif st.button(frame.say(wording.COMPUTE), type="primary", key="who_compute"):
        orders[key] = study_process(SHIPPED).order({ACCESS: folder, "cases": cases})
        st.rerun()


@st.fragment(run_every=0.5)
def _wait(frame: Frame, number: int) -> None:
    state = study_process(SHIPPED).progress(number)
    if state.fault is not None:
        st.error(frame.say(wording.FAULT, reason=frame.reason(state.fault)), icon=":material/error:")
    elif state.is_over:
        st.rerun()
    else:
        st.progress(state.share, text=frame.say(wording.COMPUTING, done=state.done, total=state.total))


def _asked(frame: Frame) -> tuple[StudyCase, Question]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="who_controls"):
        case = chosen_case(frame, wording.CASE, key="who_case")
        goal = st.segmented_control(
            frame.say(wording.GOAL),
            list(GOALS),
            format_func=lambda name: frame.say(GOALS[name]),
            default="hospital",
            required=True,
            key="who_goal",
        )
        minutes = st.segmented_control(
            frame.say(wording.MINUTES),
            MINUTES,
            format_func=lambda value: frame.say(wording.WITHIN, minutes=value),
            default=_AT_FIRST,
            required=True,
            key="who_minutes",
        )
        group = st.segmented_control(
            frame.say(wording.GROUP),
            list(PEOPLE),
            format_func=lambda name: frame.say(PEOPLE[name]),
            default="all",
            required=True,
            key="who_group",
        )
        counts = st.toggle(frame.say(wording.EARLY), key="who_early")
    early = list(EARLY_ARRIVAL)[int(counts)]
    return case, Question(goal or "hospital", minutes or _AT_FIRST, group or "all", early)


def _show_reach(
    frame: Frame, access: StudyAccess, question: Question, case: StudyCase, baseline: str
) -> None:
    heading(frame, wording.REACHED, wording.REACHED_NOTE, days=access.facts["days"])
    found = reaches(access, question, case.name, baseline)
    made = [_reach_card(frame, place, is_first=place is found[0]) for place in found]
    st.html(cards.cards(made))


def _reach_card(frame: Frame, reach: Reach, *, is_first: bool) -> str:
    name = wording.WHOLE_CITY if is_first else Wording(member(reach.place, "en"), member(reach.place, "ja"))
    people = frame.say(wording.PEOPLE_HERE, people=f"{reach.people:,.0f}")
    titled = Wording(f"{name.en} ({people})", f"{name.ja}（{people}）")
    is_base = reach.effect is None
    return cards.card(figure(titled), reach.value, reach.effect, frame.language, is_base=is_base)


def _show_map(frame: Frame, access: StudyAccess, question: Question, case: StudyCase, baseline: str) -> None:
    heading(frame, wording.MAP, wording.MAP_NOTE)
    if question.group not in CELL_GROUPS:
        st.caption(frame.say(wording.CELLS_OF))
        question = Question(question.goal, question.minutes, "all", question.early_arrival)
    kinds = ["difference", VALUE] if case.name != baseline else [VALUE]
    kind = st.segmented_control(
        frame.say(wording.MAP),
        kinds,
        format_func=lambda name: frame.say(wording.SHARE if name == VALUE else wording.DIFFERENCE),
        default=kinds[0],
        required=True,
        label_visibility="collapsed",
        key=f"who_kind_{len(kinds)}",
    )
    table = cells(access, question, case.name)
    st.altair_chart(cell_map(frame, table, kind or VALUE), width="stretch", theme=None)
    table = table.drop(columns=["south", "north", "west", "east"])
    download(frame, table, f"{frame.study.name}_cells", people="people")


def _show_towns(frame: Frame, access: StudyAccess, question: Question, case: StudyCase) -> None:
    heading(frame, wording.TOWNS, wording.TOWNS_NOTE)
    rows = towns(access, question, case.name)
    shares = {
        wording.FOOT: "on_foot",
        wording.BUS: "by_bus_chance",
        wording.SERVICE: "by_service",
        wording.BEST: VALUE,
    }
    table = pd.DataFrame(
        {
            frame.say(wording.TOWN): rows["place"],
            frame.say(wording.PEOPLE): rows["people"].round().astype(int),
            **{frame.say(text): (100 * rows[column]).round(1) for text, column in shares.items()},
            frame.say(wording.GAIN): (100 * rows["difference"]).round(1),
            frame.say(wording.INTERVAL): [
                "" if low != low else f"{100 * low:.1f}–{100 * high:.1f}"
                for low, high in zip(rows["difference_low"], rows["difference_high"], strict=True)
            ],
        }
    )
    formats: Any = {
        name: st.column_config.NumberColumn(format="%.1f")
        for name in table.columns
        if pd.api.types.is_float_dtype(table[name])
    }
    formats[frame.say(wording.PEOPLE)] = st.column_config.NumberColumn(format="localized")
    st.dataframe(table, hide_index=True, width="stretch", height=470, column_config=formats)
    download(frame, table, f"{frame.study.name}_towns", people=frame.say(wording.PEOPLE))


def _show_spread(
    frame: Frame, access: StudyAccess, question: Question, case: StudyCase, baseline: str
) -> None:
    heading(frame, wording.SPREAD, wording.SPREAD_NOTE)
    shown = list(dict.fromkeys((baseline, case.name)))
    titles = {known.name: known.title.text(frame.language) for known in frame.study.cases}
    curves = pd.concat(
        [question.rows(access.lorenz, name).assign(title=titles[name]) for name in shown], ignore_index=True
    )
    left, right = st.columns([5, 8], gap="medium")
    with left:
        chart: Any = lorenz_chart(frame, curves, [titles[name] for name in shown])
        st.altair_chart(chart, width="stretch", theme=None)
    with right:
        head = [frame.say(text) for text in (wording.CASE, wording.MEAN, wording.GINI, wording.PALMA)]
        rows = []
        for name in shown:
            for row in question.rows(access.spread, name).to_dict("records"):
                told = [("mean", 100.0, 1), ("gini", 1.0, 2), ("palma", 1.0, 2)]
                rows.append(
                    [cards.Cell(titles[name]), *(_spread_cell(row, key, scale, n) for key, scale, n in told)]
                )
        st.html(cards.table(head, rows, name="spread"))
        download(frame, curves[["title", "people_share", "value_share"]], f"{frame.study.name}_lorenz")
        goals = frame.say(
            wording.GOALS_ARE, places=frame.say(wording.COMMA).join(_goals(frame, access, question))
        )
        st.html(f'<div class="m-notes">{escape(goals)}</div>')


def _goals(frame: Frame, access: StudyAccess, question: Question) -> list[str]:
    places = [str(place) for place in access.facts["goals"][question.goal]]
    return [frame.say(NAMES[place]) if place in NAMES else place for place in places]


def _spread_cell(row: dict[Any, Any], key: str, scale: float, digits: int) -> cards.Cell:
    value, low, high = (row[key] * scale, row[f"{key}_low"] * scale, row[f"{key}_high"] * scale)
    if value != value:
        return cards.Cell("–", is_number=True)
    ends = "" if low != low else f" ({low:.{digits}f}–{high:.{digits}f})"
    return cards.Cell(f"{value:.{digits}f}{ends}", is_number=True)
