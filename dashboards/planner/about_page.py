"""About: what the simulation assumes and how surely, where its numbers come from, what its figures mean."""

from __future__ import annotations

from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from dashboards.evidence.assumption_names import assumption_name
from dashboards.evidence.assumptions import is_pair, plain_key
from dashboards.evidence.definitions import DEFINITIONS
from dashboards.evidence.stated_values import value_text
from dashboards.evidence.vehicle_names import groups_of
from dashboards.planner import about_wording as wording
from dashboards.planner import cards
from dashboards.planner.downloads import download
from dashboards.planner.frame import Frame, heading, selected
from maas.i18n.figures import BY_KEY
from scenarios.loading import available_scenarios, load_scenario
from scenarios.provenance import Entry, entries
from scenarios.reasons import reason_text

_TABLE_PX: Final = 470
FIRST: Final = "sakura_on_demand"


def page(frame: Frame) -> None:
    """Assumptions, definitions, sources and credits in four tabs."""
    names = (wording.ASSUMPTIONS, wording.DEFINITIONS, wording.METHOD, wording.CREDITS)
    assumptions, meanings, method, credits_tab = st.tabs([frame.say(name) for name in names])
    with assumptions:
        _show_assumptions(frame)
    with meanings:
        _show_definitions(frame)
    with method:
        st.markdown(frame.say(wording.METHOD_TEXT))
    with credits_tab:
        _show_credits(frame)


def confidence(entry: Entry) -> str:
    """How sure a number is: it has a source, it is assumed within a range, or it is assumed outright."""
    if not entry.is_assumption:
        return "source"
    return "guess" if "own knowledge" in entry.origin else "assumption"


def _show_assumptions(frame: Frame) -> None:
    names = [name for name, _ in available_scenarios()]
    titles = {name: _title(name, frame) for name in names}
    name = selected(
        frame,
        frame.say(wording.SCENARIO),
        names,
        key="about scenario",
        at_first=FIRST if FIRST in names else names[0],
        format_func=titles.__getitem__,
    )
    scenario = load_scenario(name)
    groups = groups_of(scenario, frame.language)
    said = [entry for entry in entries(scenario) if entry.origin]
    kinds = [confidence(entry) for entry in said]
    keys = [f"{entry.section}.{entry.key}".strip(".") for entry in said]
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        counts = {kind: kinds.count(kind) for kind in wording.CONFIDENCE}
        picked = st.pills(
            frame.say(wording.CONFIDENCE_HEAD),
            list(wording.CONFIDENCE),
            format_func=lambda kind: f"{frame.say(wording.CONFIDENCE[kind])} {counts[kind]}",
            selection_mode="multi",
            default=list(wording.CONFIDENCE),
            key="about confidence",
        )
    table = pd.DataFrame(
        {
            frame.say(wording.NAME): [
                assumption_name(plain_key(key), frame.language, groups) for key in keys
            ],
            frame.say(wording.VALUE): [
                value_text(entry.value, entry.unit, frame.language, is_span=is_pair(entry)) for entry in said
            ],
            frame.say(wording.RANGE): [
                "" if entry.span is None else value_text("–".join(entry.span), entry.unit, frame.language)
                for entry in said
            ],
            frame.say(wording.CONFIDENCE_HEAD): [frame.say(wording.CONFIDENCE[kind]) for kind in kinds],
            frame.say(wording.ORIGIN): [reason_text(entry, frame.language) for entry in said],
            frame.say(wording.KEY): keys,
        }
    )
    with right:
        download(frame, table, f"{name}_assumptions")
    shown = table[[kind in picked for kind in kinds]].drop(columns=frame.say(wording.KEY))
    lines = [[cards.Cell(str(text)) for text in row] for row in shown.to_numpy()]
    with st.container(height=_TABLE_PX, key="assumptions"):
        st.html(cards.table(list(shown.columns), lines, name="assumptions"))
    st.caption(frame.say(wording.CONFIDENCE_NOTE))


def _title(name: str, frame: Frame) -> str:
    title = load_scenario(name).title
    return title.ja if frame.language == "ja" else title.en


def _show_definitions(frame: Frame) -> None:
    head = [frame.say(text) for text in (wording.FIGURE, wording.UNIT, wording.MEANING)]
    rows = [
        (BY_KEY[key].name.text(frame.language), cards.unit_of(BY_KEY[key], frame.language), frame.say(text))
        for key, text in DEFINITIONS.items()
    ]
    st.html(cards.table(head, [[cards.Cell(text) for text in row] for row in rows], name="definitions"))
    download(frame, pd.DataFrame(rows, columns=head), "definitions")


def _show_credits(frame: Frame) -> None:
    heading(frame, wording.ROADS)
    if frame.stamp is not None:
        study = frame.study
        lines = list(study.credits)
        if study.is_approximate:
            st.info(frame.say(wording.APPROXIMATE))
        st.html(f'<ul class="m-question">{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ul>')
        heading(frame, wording.STUDY)
        st.html(_provenance(frame))
    st.html(f'<p class="m-notes">{escape(frame.say(wording.FONTS))}</p>')


def _provenance(frame: Frame) -> str:
    study = frame.study
    rows = [
        (frame.say(wording.FOLDER), str(study.folder)),
        (frame.say(wording.SEEDS), f"{study.seeds[0]}–{study.seeds[-1]}"),
        *((str(key), str(value)) for key, value in dict(study.provenance["program"]).items()),
        *(
            (case.title.text(frame.language), str(case.provenance.get("recipe_hash", "")))
            for case in study.cases[:8]
        ),
    ]
    head = [frame.say(wording.KEY), frame.say(wording.VALUE)]
    return cards.table(head, [[cards.Cell(text) for text in row] for row in rows], name="provenance")
