"""Which cases of a study are drawn: pictures of many cases tell nothing."""

from __future__ import annotations

from typing import Final

import numpy as np

from dashboards.evidence.kpis import unvaried
from dashboards.evidence.palette import CaseStyle, case_style
from dashboards.fonts import drawable
from maas.i18n.wording import Language, Wording
from simulation.study_outcome import StudyCase, StudyOutcome

MOST: Final = 4


def drawn_cases(study: StudyOutcome, most: int = MOST) -> tuple[StudyCase, ...]:
    """The first baseline and further cases evenly from first to last; all of them where they are few.

    Cases in which an assumption is moved over its range are not among them.
    """
    cases = unvaried(study).cases
    if len(cases) <= most:
        return cases
    first = next((case for case in cases if study.baseline(case.name) == case.name), cases[0])
    others = [case for case in cases if case.name != first.name]
    places = np.linspace(0, len(others) - 1, most - 1).round().astype(int)
    chosen = {others[int(place)].name for place in places} | {first.name}
    return tuple(case for case in cases if case.name in chosen)


def style_of(study: StudyOutcome, case: StudyCase) -> CaseStyle:
    """The look that a case has on every page: by its place among the drawn cases, or else in the study."""
    names = [known.name for known in drawn_cases(study)]
    if case.name not in names:
        names = [known.name for known in study.cases]
    return case_style(names.index(case.name))


def case_title(case: StudyCase, language: Language) -> str:
    """Its title as far as the fonts have it."""
    return drawable(case.title.text(language), case.name)


def left_out_note(study: StudyOutcome) -> Wording:
    """Says that not all cases are drawn; empty where they are."""
    every, drawn = len(unvaried(study).cases), len(drawn_cases(study))
    if every == drawn:
        return Wording("", "")
    return Wording(f" {drawn} of {every} cases are drawn.", f"{every}案のうち{drawn}案を図示。")


def joined(note: Wording, more: Wording) -> Wording:
    """Two notes as one."""
    return Wording(note.en + more.en, note.ja + more.ja)
