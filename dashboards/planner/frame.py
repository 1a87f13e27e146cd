"""What all pages share: their language, the study they show, heads, downloads, and how a fault is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import streamlit as st

from dashboards.errors import DashboardError
from dashboards.planner import wording
from dashboards.planner.reasons import reason_text, system_text
from dashboards.planner.shelf import Stamp, comparison_at, study_at
from maas.domain.errors import MaasError
from maas.i18n.wording import Language, Wording
from routing.errors import RoutingError
from scenarios.errors import ScenarioError
from simulation.errors import SimulationError
from simulation.study_comparison import StudyComparison
from simulation.study_outcome import StudyCase, StudyOutcome

KNOWN: Final = (DashboardError, MaasError, RoutingError, ScenarioError, SimulationError)
"""What our packages raise on purpose: each message is one sentence."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds a page.

    Parameters
    ----------
    language
        Of everything on it.
    root
        Folder of outcomes.
    stamp
        Of the study that is chosen; None where there is none yet.
    """

    language: Language
    root: Path
    stamp: Stamp | None

    def say(self, text: Wording, **values: object) -> str:
        """A text in the language of the page, its places filled in."""
        return text.text(self.language).format(**values) if values else text.text(self.language)

    def reason(self, error: object) -> str:
        """An expected error, or its message, as a sentence in the language of the page."""
        return reason_text(error, self.language)

    @property
    def study(self) -> StudyOutcome:
        """The study that is chosen; pages are shown only where there is one, see `needs_study`."""
        if self.stamp is None:
            raise DashboardError(self.say(wording.NO_STUDY_YET))
        return study_at(self.stamp)

    def comparison(self, figures: tuple[str, ...] | None = None) -> StudyComparison:
        """Every case of the chosen study against its baseline."""
        if self.stamp is None:
            raise DashboardError(self.say(wording.NO_STUDY_YET))
        return comparison_at(self.stamp, figures)


Page = Callable[[Frame], None]
Choice = TypeVar("Choice")


def shown(page: Page, frame: Frame, *, needs_study: bool = True) -> None:
    """Show a page; what goes wrong becomes one sentence in it."""
    if needs_study and frame.stamp is None:
        st.info(frame.say(wording.NO_STUDY_YET), icon=":material/hourglass_empty:")
        return
    try:
        page(frame)
    except KNOWN as error:
        st.error(frame.say(wording.FAULT, reason=frame.reason(error)), icon=":material/error:")
    except OSError as error:
        reason = str(error)
        if error.filename:
            reason = f"{error.filename}: {system_text(error.strerror or reason, frame.language)}"
        st.error(frame.say(wording.FAULT, reason=reason), icon=":material/error:")


def heading(frame: Frame, title: Wording, note: Wording | None = None, **values: object) -> None:
    """A heading within a page, and one line under it."""
    st.subheader(frame.say(title), anchor=False)
    if note is not None:
        st.caption(frame.say(note, **values))


def selected(
    frame: Frame,
    label: str,
    options: Sequence[Choice],
    *,
    key: str,
    at_first: Choice,
    format_func: Callable[[Choice], str],
    is_labelled: bool = True,
) -> Choice:
    """A list to pick from, whose choice outlasts a change of language and of the page.

      The list itself is a new one in each language: a browser goes on showing the words of the old one
    otherwise.
    """
    kept = st.session_state.get(f"{key} kept", at_first)
    picked = st.selectbox(
        label,
        options,
        index=list(options).index(kept if kept in options else at_first),
        format_func=format_func,
        key=f"{key} {frame.language}",
        label_visibility="visible" if is_labelled else "collapsed",
    )
    st.session_state[f"{key} kept"] = picked
    return picked


def chosen_case(frame: Frame, label: Wording, *, key: str, first: str | None = None) -> StudyCase:
    """One case of the study, picked by the reader; at first the one named, or the last that is compared."""
    study = frame.study
    cases = study.cases
    names = [case.name for case in cases]
    titles = {case.name: case.title.text(frame.language) for case in cases}
    others = [name for name in names if study.baseline(name) != name]
    at_first = first if first in names else (others or names)[-1]
    is_short = len(names) <= MOST_SEGMENTS and sum(map(len, titles.values())) <= MOST_LETTERS
    if is_short:
        picked = st.segmented_control(
            frame.say(label),
            names,
            default=at_first,
            format_func=titles.__getitem__,
            required=True,
            key=f"{key} {study.name}",
        )
    else:
        picked = selected(
            frame,
            frame.say(label),
            names,
            key=f"{key} {study.name}",
            at_first=at_first,
            format_func=titles.__getitem__,
        )
    return next(case for case in cases if case.name == picked)


MOST_SEGMENTS: Final = 5
MOST_LETTERS: Final = 90
"""More cases, or longer titles, are picked from a list."""
