"""Journals that studies keep, read once."""

from __future__ import annotations

import streamlit as st

from dashboards.planner.shelf import study_at
from maas.store.journal import Journal


@st.cache_resource(max_entries=8, show_spinner=False)
def journal_at(folder: str, stamp: int, case: str) -> Journal:
    """The kept journal of a case: that of its first day.

    Raises
    ------
    OutcomeError
        When it was not kept.
    """
    return study_at((folder, stamp)).journal(case)
