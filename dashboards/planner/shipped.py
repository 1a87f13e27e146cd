"""The shipped studies, computed once beside the pages: which are missing, and how far they are."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st

from dashboards.planner import wording
from dashboards.planner.background import SHIPPED, Progress, StudyProcess, study_process
from dashboards.planner.reasons import reason_text
from dashboards.planner.shelf import FIRST, STUDIES, shipped_in_order
from dashboards.planner.study_worker import ACCESS, MONEY
from maas.i18n.wording import Language
from scenarios.study_definition import load_study
from simulation.study_store import STUDY

COMPUTE: Final = "--compute-shipped"
"""Argument of the script, given by `make dashboard`: compute what is missing."""

CASE_DAYS: Final = 40
"""Days of all cases of a study together that are computed at first: some seconds for the first study."""


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders for the shipped studies by name, and the process that has them."""

    process: StudyProcess
    numbers: dict[str, int]

    def states(self) -> dict[str, Progress]:
        """How far each study is."""
        return {name: self.process.progress(number) for name, number in self.numbers.items()}


def is_wanted() -> bool:
    """Whether these pages were started to compute the shipped studies."""
    return COMPUTE in sys.argv[1:]


@st.cache_resource(show_spinner=False)
def ordered(root: str) -> Orders:
    """Ask for every shipped study that has no folder yet; once while the pages run."""
    process = study_process(SHIPPED)
    numbers = {}
    for name in shipped_in_order():
        folder = Path(root) / STUDIES / name
        if not is_finished(folder):
            numbers[name] = process.order({"study": name, "folder": str(folder), "case_days": CASE_DAYS})
            if name in FIRST:
                process.order({MONEY: str(folder)})
            if name == FIRST[0]:
                process.order({ACCESS: str(folder)})
    return Orders(process, numbers)


def is_finished(folder: Path) -> bool:
    """Whether a folder has a study that came to its end, of whatever version."""
    try:
        return '"is_complete": true' in (folder / STUDY).read_text(encoding="utf-8")[:400]
    except OSError:
        return False


@st.fragment(run_every=1.0)
def show_progress(root: str, language: Language, shown: tuple[str, ...]) -> None:
    """A line that tells how far the shipped studies are; the pages run again when one more is there.

    Parameters
    ----------
    shown
        Names of the studies that the pages know already.
    """
    states = ordered(root).states()
    done = [name for name, state in states.items() if state.outcome is not None]
    if any(name not in shown for name in done):
        st.rerun()
    for name, state in states.items():
        if state.fault is not None:
            told = wording.NOT_COMPUTED.text(language)
            reason = reason_text(state.fault, language)
            st.warning(told.format(name=_title(name, language), reason=reason))
    current = next(((name, state) for name, state in states.items() if not state.is_over), None)
    if current is None:
        return
    name, state = current
    words = wording.PHASES.get(state.phase, wording.PHASES[""]).text(language)
    told = wording.COMPUTING.text(language).format(
        place=len(done) + 1,
        count=len(states),
        title=_title(name, language),
        phase=words.format(done=state.done, total=state.total),
    )
    st.progress(state.share, text=told)


def _title(name: str, language: Language) -> str:
    title = load_study(name).title
    return title.ja if language == "ja" else title.en
