"""Try it: a service set by hand, simulated beside the service as stated, within seconds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Final

import streamlit as st

from dashboards.errors import ReportError
from dashboards.planner import cards
from dashboards.planner import try_wording as wording
from dashboards.planner import wording as frame_wording
from dashboards.planner.background import TRIED as TRIED_ROLE
from dashboards.planner.background import Progress, study_process
from dashboards.planner.compare_page import figure_table, figures_of
from dashboards.planner.downloads import download
from dashboards.planner.frame import Frame, heading, selected
from dashboards.planner.own_requests import OwnRequests, kept
from dashboards.planner.own_requests_view import choose_requests, own_requests, show_fault
from dashboards.planner.own_requests_wording import NO_AREA
from dashboards.planner.shelf import Stamp, comparison_at, study_at
from dashboards.planner.study_worker import WARM
from dashboards.planner.what_if import (
    EVERYWHERE,
    TODAY,
    TRIED,
    Base,
    Plan,
    bases,
    clock,
    definition,
    folder_name,
    label_of,
    settings,
)
from maas.i18n.figures import member
from maas.i18n.wording import Wording
from simulation.study_comparison import figure_of
from simulation.study_store import STUDY

FOLDER: Final = "tried"
ONE, TEN = 1, 10
MOST_VANS: Final = 12
SHOWN_IN_HISTORY: Final = ("served_riders", "wait_mean_s", "in_vehicle_mean_s", "public_money_yen")
_FLAT_AT_FIRST_YEN: Final = 300


@dataclass(frozen=True, slots=True)
class Trial:
    """What was asked for: its number at the process, what it is in words, with what it is compared, its
    folder, and the name of the file of the requests where they are one's own."""

    number: int
    label: Wording
    base: Wording
    against: Wording
    folder: str
    requests: str | None


@dataclass(frozen=True, slots=True)
class _Question:
    """What stands in the controls."""

    base: Base
    plan: Plan
    days: int
    is_beside_today: bool
    own: OwnRequests | None


def page(frame: Frame) -> None:
    """Controls in a band above, what comes of them below."""
    known = _bases()
    _warm(tuple(known))
    with st.container(border=True, key="try_controls"):
        question, is_asked = _controls(frame, known)
    show_fault(frame)
    if is_asked:
        _ask(frame, question)
    _show(frame)


@st.cache_resource(show_spinner=False)
def _bases() -> dict[str, Base]:
    return bases()


@st.cache_resource(show_spinner=False)
def _warm(names: tuple[str, ...]) -> int:
    """Let the process load the first scenario, once, so that the first trial is as quick as the others."""
    base = _bases()[names[0]]
    return study_process(TRIED_ROLE).order(
        {WARM: True, "definition": definition(base, {}, Wording("-", "-"))}
    )


def _controls(frame: Frame, known: dict[str, Base]) -> tuple[_Question, bool]:
    first, second = st.columns(4, gap="medium"), st.columns(4, gap="medium", vertical_alignment="bottom")
    with first[0]:
        name = selected(
            frame,
            frame.say(wording.BASE),
            list(known),
            key="try_base",
            at_first=next(iter(known)),
            format_func=lambda name: known[name].title.text(frame.language),
        )
    base, stated = known[name], known[name].stated
    with first[1]:
        vans = st.slider(frame.say(wording.VANS), 1, MOST_VANS, stated.vans, key=f"try_vans_{name}")
    with first[2]:
        hours = st.select_slider(
            frame.say(wording.HOURS),
            base.half_hours,
            value=stated.hours,
            format_func=clock,
            key=f"try_hours_{name}",
        )
    with first[3]:
        wait = st.slider(frame.say(wording.WINDOW), 5, 60, stated.max_wait_min, 5, key=f"try_wait_{name}")
    with second[0]:
        fare = _fare(frame, base)
    with second[1]:
        notice = st.slider(frame.say(wording.NOTICE), 0, 120, stated.notice_min, 10, key=f"try_notice_{name}")
    with second[2]:
        area = _area(frame, base, is_narrow=own_requests() is None)
    with second[3], st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        days = st.segmented_control(
            frame.say(wording.DAYS),
            [ONE, TEN],
            format_func=lambda days: frame.say(wording.ONE_DAY if days == ONE else wording.TEN_DAYS),
            default=ONE,
            required=True,
            key="try_days",
        )
        is_asked = st.button(
            frame.say(wording.RUN), type="primary", icon=":material/play_arrow:", key="try_run"
        )
    is_beside_today = _third_row(frame, base)
    plan = Plan(vans, base.with_rests((hours[0], hours[1])), wait, notice, fare, area)
    return _Question(base, plan, days or ONE, is_beside_today, own_requests()), is_asked


def _third_row(frame: Frame, base: Base) -> bool:
    """Whose requests, and with what it is compared; gives whether that is today's services."""
    left, right = st.columns([1, 3], gap="medium", vertical_alignment="bottom")
    with left:
        picked = st.segmented_control(
            frame.say(wording.AGAINST_WHAT),
            [False, True],
            format_func=lambda is_today: frame.say(wording.TODAY if is_today else wording.AS_STATED),
            default=False,
            required=True,
            disabled=not base.is_beside_today,
            key=f"try_against_{base.name}",
        )
    with right:
        choose_requests(frame)
    return bool(picked)


def _area(frame: Frame, base: Base, *, is_narrow: bool) -> str:
    picked = st.segmented_control(
        frame.say(wording.AREA),
        [EVERYWHERE, *base.areas],
        format_func=lambda area: member(area, frame.language) if area else frame.say(wording.EVERYWHERE),
        default=base.stated.area,
        required=True,
        disabled=not is_narrow,
        help=None if is_narrow else frame.say(NO_AREA),
        key=f"try_area_{base.name}",
    )
    return (picked or EVERYWHERE) if is_narrow else base.stated.area


def _fare(frame: Frame, base: Base) -> int | None:
    stated = base.stated.flat_fare_yen
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kind = st.segmented_control(
            frame.say(wording.FARE),
            ["stated", "flat"],
            format_func=lambda kind: frame.say(wording.FLAT if kind == "flat" else wording.BY_DISTANCE),
            default="stated" if stated is None else "flat",
            required=True,
            key=f"try_fare_{base.name}",
        )
        if kind == "stated":
            return None
        return st.number_input(
            frame.say(wording.YEN),
            0,
            5000,
            stated or _FLAT_AT_FIRST_YEN,
            50,
            key=f"try_yen_{base.name}",
            width=130,
        )


def _ask(frame: Frame, question: _Question) -> None:
    base, own, is_beside_today = question.base, question.own, question.is_beside_today
    changed = settings(base, question.plan)
    if not changed and not is_beside_today:
        today = frame.say(wording.OR_TODAY) if base.is_beside_today else ""
        told = frame.say(wording.NOTHING_CHANGED, base=frame.say(base.title), today=today)
        st.warning(told, icon=":material/info:")
        return
    label = label_of(base, question.plan)
    digest = own.digest if own else ""
    folder = frame.root / FOLDER / folder_name(base, changed, is_beside_today=is_beside_today, digest=digest)
    try:
        place = (kept(own, (base.name, TODAY), frame.root / FOLDER), digest) if own else None
    except (ReportError, OSError) as error:
        st.error(frame.say(wording.FAULT, reason=frame.reason(error)), icon=":material/error:")
        return
    asked = definition(base, changed, label, is_beside_today=is_beside_today, own=place)
    number = study_process(TRIED_ROLE).order(
        {"definition": asked, "folder": str(folder), "replications": question.days}
    )
    against = wording.TODAY if is_beside_today else wording.AS_STATED
    st.session_state["trial"] = Trial(
        number, label, base.title, against, str(folder), own.name if own else None
    )


def _show(frame: Frame) -> None:
    trial: Trial | None = st.session_state.get("trial")
    if trial is None:
        st.info(
            f"{frame.say(wording.INTRODUCTION)} {frame.say(wording.FIXED_DEMAND)}", icon=":material/tune:"
        )
        _show_history(frame)
        return
    state = study_process(TRIED_ROLE).progress(trial.number)
    if not state.is_over:
        _wait(frame, trial)
    elif state.fault is not None:
        st.error(frame.say(wording.FAULT, reason=frame.reason(state.fault)), icon=":material/error:")
    else:
        _show_result(frame, trial)
    _show_history(frame)


@st.fragment(run_every=0.3)
def _wait(frame: Frame, trial: Trial) -> None:
    """The progress of a trial; the page runs again when it is over."""
    state: Progress = study_process(TRIED_ROLE).progress(trial.number)
    if state.is_over:
        st.rerun()
    words = frame_wording.PHASES.get(state.phase, frame_wording.PHASES[""])
    phase = frame.say(words, done=state.done, total=state.total)
    st.progress(state.share, text=frame.say(wording.RUNNING, label=frame.say(trial.label), phase=phase))


def _show_result(frame: Frame, trial: Trial) -> None:
    stamp = _stamp(trial.folder)
    study, comparison = study_at(stamp), comparison_at(stamp)
    seeds = study.seeds
    st.subheader(_label(frame, trial), anchor=False)
    st.caption(
        frame.say(
            wording.AGAINST,
            base=frame.say(trial.base),
            against=frame.say(trial.against),
            days=len(seeds),
            first=seeds[0],
            last=seeds[-1],
        )
    )
    made = [
        cards.card(
            figure,
            figure_of(study, TRIED, figure.key),
            comparison.by_key.get((TRIED, figure.key)),
            frame.language,
            is_base=False,
        )
        for figure in figures_of(study)
    ]
    st.html(cards.cards(made))
    notes = [frame.say(wording.FIXED_DEMAND)]
    if trial.requests is not None:
        notes = [frame.say(wording.OWN_DAYS, name=trial.requests)]
    if len(seeds) == 1:
        notes.insert(0, frame.say(wording.ONE_DAY_NOTE))
    st.html(f'<div class="m-notes">{"<br>".join(map(escape, notes))}</div>')
    download(frame, figure_table(replace(frame, stamp=stamp)), study.name)
    history: dict[str, Trial] = st.session_state.setdefault("tried", {})
    history[trial.folder] = trial


def _label(frame: Frame, trial: Trial) -> str:
    label = frame.say(trial.label)
    return (
        label if trial.requests is None else frame.say(wording.OWN_REQUESTS, label=label, name=trial.requests)
    )


def _stamp(folder: str) -> Stamp:
    return folder, (Path(folder) / STUDY).stat().st_mtime_ns


def _show_history(frame: Frame) -> None:
    """Everything tried in this sitting, newest first, so that trials can be set beside each other."""
    history: dict[str, Trial] = st.session_state.get("tried", {})
    rows = []
    for trial in reversed(history.values()):
        study = study_at(_stamp(trial.folder))
        row = [cards.Cell(f"{frame.say(trial.base)}: {_label(frame, trial)}")]
        row.append(cards.Cell(str(len(study.seeds)), True))
        figures = [figure for figure in figures_of(study) if figure.key in SHOWN_IN_HISTORY]
        for figure in figures:
            value = figure_of(study, TRIED, figure.key)
            row.append(cards.Cell("–" if value is None else figure.number(value.mean), True))
        rows.append(row)
    if not rows:
        return
    heading(frame, wording.HISTORY)
    heads = [figure.head(frame.language) for figure in figures]
    head = [frame.say(wording.LABEL), frame.say(wording.DAYS), *heads]
    st.html(cards.table(head, rows, name="tried"))
