"""Compare: the cases of a study, each figure with its interval, and how far each is from the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from dashboards.evidence.kpis import MARKS
from dashboards.evidence.sensitivity import break_even_table
from dashboards.planner import cards
from dashboards.planner import compare_wording as wording
from dashboards.planner.compare_charts import service_chart
from dashboards.planner.downloads import download
from dashboards.planner.exhibit_view import show_table
from dashboards.planner.frame import Frame, chosen_case, heading
from dashboards.planner.sensitivity_view import show_sensitivity
from dashboards.planner.shelf import said
from maas.i18n.figures import FigureWording
from maas.i18n.figures import wording as figure_wording
from simulation.study_comparison import figure_of
from simulation.study_outcome import StudyCase, StudyOutcome
from simulation.study_sensitivity import has_ranges

MOST_COLUMNS: Final = 4
"""Cases side by side in the table of differences at first."""

MOST_NOTES: Final = 8


def page(frame: Frame) -> None:
    """The question of a study, its answer in cards, tables and one plot."""
    study = frame.study
    _show_question(frame, study)
    if has_ranges(study):
        show_sensitivity(frame)
    else:
        _show_cards(frame, study)
        left, right = st.columns([11, 9], gap="medium")
        with left:
            _show_differences(frame, study)
        with right:
            service_chart(frame)
        for exhibit in break_even_table(study, frame.language):
            show_table(frame, exhibit)
        _show_notes(frame, study)
    _show_origin(frame, study)


def figures_of(study: StudyOutcome) -> list[FigureWording]:
    """What the study is about, as it is called."""
    return [figure_wording(key) for key in study.definition["figures"]]


def _show_question(frame: Frame, study: StudyOutcome) -> None:
    question = escape(said(study.definition["question"], frame.language))
    mind = study.definition.get("would_change_our_mind")
    told = ""
    if mind:
        words = f"{frame.say(wording.MIND)} {said(mind, frame.language)}"
        told = f'<p class="m-mind">{escape(words)}</p>'
    st.html(f'<p class="m-question">{question}</p>{told}')


def _show_cards(frame: Frame, study: StudyOutcome) -> None:
    case = chosen_case(frame, wording.CASE, key="compare case")
    comparison = frame.comparison()
    is_base = study.baseline(case.name) == case.name
    made = [
        cards.card(
            figure,
            figure_of(study, case.name, figure.key),
            comparison.by_key.get((case.name, figure.key)),
            frame.language,
            is_base=is_base,
        )
        for figure in figures_of(study)
    ]
    st.html(cards.cards(made))


def _show_differences(frame: Frame, study: StudyOutcome) -> None:
    heading(frame, wording.DIFFERENCES, wording.DIFFERENCES_NOTE)
    cases = [case for case in study.cases if study.baseline(case.name) != case.name]
    titles = {case.name: case.title.text(frame.language) for case in cases}
    names = [case.name for case in cases]
    if len(cases) > MOST_COLUMNS:
        picked = st.multiselect(
            frame.say(wording.CASES),
            names,
            default=names[:MOST_COLUMNS],
            format_func=titles.__getitem__,
            key=f"differences {study.name}",
        )
        cases = [case for case in cases if case.name in picked]
    if not cases:
        st.info(frame.say(wording.NO_CASE))
        return
    head = [frame.say(wording.FIGURE), *(titles[case.name] for case in cases)]
    st.html(cards.table(head, _difference_rows(frame, study, cases), name="differences"))
    download(frame, figure_table(frame), f"{study.name}_figures")


def _difference_rows(frame: Frame, study: StudyOutcome, cases: Sequence[StudyCase]) -> list[list[cards.Cell]]:
    comparison = frame.comparison()
    rows = []
    for figure in figures_of(study):
        row = [cards.Cell(figure.name.text(frame.language))]
        for case in cases:
            effect = comparison.by_key.get((case.name, figure.key))
            if effect is None:
                row.append(cards.Cell("–"))
                continue
            sign = "" if effect.mark is None else f"{MARKS[effect.mark]} "
            star = "＊" if effect.is_clear else ""
            kind = effect.mark if effect.mark in ("better", "worse") else ""
            row.append(
                cards.Cell(f"{sign}{cards.words_of(figure, effect, frame.language)}{star}", kind=kind or "")
            )
        rows.append(row)
    return rows


def figure_table(frame: Frame) -> pd.DataFrame:
    """Every figure of every case with its interval and its difference, in stored units, for the download."""
    study, comparison = frame.study, frame.comparison()
    rows = []
    for case in study.cases:
        for figure in figures_of(study):
            value = figure_of(study, case.name, figure.key)
            effect = comparison.by_key.get((case.name, figure.key))
            told = None if effect is None else effect.difference
            rows.append(
                {
                    frame.say(wording.CASE): case.title.text(frame.language),
                    frame.say(wording.FIGURE): figure.name.text(frame.language),
                    frame.say(wording.UNIT): cards.unit_of(figure, frame.language),
                    frame.say(wording.MEAN): _scaled(figure, None if value is None else value.mean),
                    frame.say(wording.LOW): _scaled(figure, None if value is None else value.low),
                    frame.say(wording.HIGH): _scaled(figure, None if value is None else value.high),
                    frame.say(wording.DIFFERENCE): _scaled(figure, None if told is None else told.mean),
                    frame.say(wording.DIFFERENCE_LOW): _scaled(figure, None if told is None else told.low),
                    frame.say(wording.DIFFERENCE_HIGH): _scaled(figure, None if told is None else told.high),
                    frame.say(wording.P_HOLM): None if effect is None else effect.p_holm,
                    frame.say(wording.MARK): ""
                    if effect is None or effect.mark is None
                    else MARKS[effect.mark],
                }
            )
    return pd.DataFrame(rows)


def _scaled(figure: FigureWording, value: float | None) -> float | None:
    return None if value is None else round(value * figure.scale, figure.decimals + 1)


def _show_notes(frame: Frame, study: StudyOutcome) -> None:
    lines = [frame.say(wording.MARKS_NOTE), frame.say(wording.INTERVALS_NOTE)]
    for effect in frame.comparison().effects:
        if effect.mark == "open" and effect.days_needed and effect.days_needed > len(study.seeds):
            title = next(case.title for case in study.cases if case.name == effect.case)
            lines.append(
                frame.say(
                    wording.MORE_DAYS,
                    figure=figure_wording(effect.figure).name.text(frame.language),
                    case=title.text(frame.language),
                    days=f"{effect.days_needed:,}",
                )
            )
    lines += [frame.say(wording.SAMPLE, case=case.title.text(frame.language)) for case in study.samples]
    st.html(f'<div class="m-notes">{"<br>".join(escape(line) for line in lines[:MOST_NOTES])}</div>')


def _show_origin(frame: Frame, study: StudyOutcome) -> None:
    seeds = study.seeds
    parts = [frame.say(wording.DAYS, days=len(seeds), first=seeds[0], last=seeds[-1])]
    if study.is_approximate:
        parts.append(frame.say(wording.APPROXIMATE))
    st.html(f'<div class="m-notes">{escape(" ".join(parts))}</div>')
