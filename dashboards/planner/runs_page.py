"""Outcome folders of `maas simulate`, `maas compare` and `maas demo` side by side.

Every figure is read from an outcome's `metrics.json`; the charts count rows of its `requests.parquet`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from dashboards.planner import runs_wording as wording
from dashboards.planner.downloads import download
from dashboards.planner.frame import Frame
from dashboards.planner.outcome_tables import (
    LONGEST_WAIT_MIN,
    figure_table,
    outcome_folders,
    requests_by_hour,
    requests_of,
    wait_shares,
)
from dashboards.planner.reasons import reason_text
from maas.i18n.wording import Language, Wording
from simulation.errors import OutcomeError
from simulation.outcomes import Outcome, read_outcome

COMMANDS: Final = "make demo\n.venv/bin/maas simulate sakura_on_demand --replications 5"

# Okabe and Ito's colours, told apart by colour-blind readers; outcomes beyond the sixth begin again.
COLOURS: Final = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")

# Served, refused, other: dark, middle and light in grey print too.
FATE_COLOURS: Final = ("#0072B2", "#D55E00", "#BBBBBB")


def page(frame: Frame) -> None:
    """Choose outcomes, see their figures, waits and requests by hour."""
    language, root = frame.language, frame.root
    found = _readable(root, language)
    if not found:
        st.info(wording.NOTHING_THERE.text(language).format(folder=root))
        st.code(COMMANDS, language="shell")
        return
    names = st.multiselect(wording.CHOICE.text(language), list(found), default=list(found)[:3])
    if not names:
        st.info(wording.NOTHING_CHOSEN.text(language))
        return
    chosen = {name: found[name] for name in names}
    _show_figures(chosen, frame)
    requests = {name: requests_of(outcome) for name, outcome in chosen.items()}
    _show_waits(requests, language)
    _show_hours(requests, chosen, language)
    _show_credits(chosen, language)


def _readable(root: Path, language: Language) -> dict[str, Outcome]:
    """Outcomes below the folder by title and place; what cannot be read is told and left out."""
    found: dict[str, Outcome] = {}
    for folder in outcome_folders(root):
        try:
            outcome = read_outcome(folder)
        except OutcomeError as error:
            st.warning(wording.UNREADABLE.text(language).format(reason=reason_text(error, language)))
            continue
        place = folder.relative_to(root).as_posix()
        found[f"{outcome.title(language)} ({place})"] = outcome
    return found


def _show_figures(outcomes: Mapping[str, Outcome], frame: Frame) -> None:
    _head(wording.FIGURES, wording.INTERVALS, frame.language)
    table = figure_table(outcomes, frame.language)
    st.table(table)
    download(frame, table.rename_axis(frame.say(wording.FIGURE)).reset_index(), "figures")


def _show_waits(requests: Mapping[str, pd.DataFrame], language: Language) -> None:
    _head(wording.WAITS, wording.WAITS_NOTE, language)
    shares = pd.DataFrame({name: wait_shares(table) for name, table in requests.items()})
    st.bar_chart(
        shares.loc[: _last_used(shares)],
        x_label=wording.WAIT_AXIS.text(language),
        y_label=wording.SHARE_AXIS.text(language),
        color=[COLOURS[index % len(COLOURS)] for index in range(len(requests))],
        stack=False,
    )


def _show_hours(
    requests: Mapping[str, pd.DataFrame], outcomes: Mapping[str, Outcome], language: Language
) -> None:
    _head(wording.HOURS, wording.HOURS_NOTE, language)
    for column, name in zip(st.columns(len(requests)), requests, strict=True):
        counts = requests_by_hour(requests[name], len(outcomes[name].days), language)
        column.markdown(f"**{name}**")
        column.bar_chart(
            counts,
            x_label=wording.HOUR_AXIS.text(language),
            y_label=wording.REQUESTS_AXIS.text(language),
            color=list(FATE_COLOURS),
        )


def _show_credits(outcomes: Mapping[str, Outcome], language: Language) -> None:
    approximate = [name for name, outcome in outcomes.items() if outcome.is_approximate]
    if approximate:
        st.caption(wording.APPROXIMATE.text(language).format(names=", ".join(approximate)))
    for line in dict.fromkeys(line for outcome in outcomes.values() for line in outcome.credits):
        st.caption(line)


def _head(title: Wording, note: Wording, language: Language) -> None:
    st.subheader(title.text(language), anchor=False)
    st.caption(note.text(language))


def _last_used(shares: pd.DataFrame) -> int:
    used = shares.index[(shares > 0).any(axis=1)]
    return int(used.max()) if len(used) else LONGEST_WAIT_MIN
