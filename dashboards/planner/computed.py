"""What a page asks the process beside it to compute for a study: a button, how far it is, what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboards.planner import wording
from dashboards.planner.background import SHIPPED, study_process
from dashboards.planner.frame import Frame


def offer(frame: Frame, order: Mapping[str, Any], *, key: str, written: int) -> None:
    """A button that sends an order; its progress once it was pressed, and the page anew when it is done.

    Parameters
    ----------
    written
        When the tables that are there were written: those that are of the past can be ordered again.
    """
    orders: dict[str, int] = st.session_state.setdefault("computed orders", {})
    name = f"{key} {frame.study.folder} {written}"
    if name in orders:
        _wait(frame, orders[name])
    elif st.button(frame.say(wording.COMPUTE), icon=":material/calculate:", key=key):
        orders[name] = study_process(SHIPPED).order(order)
        st.rerun()


@st.fragment(run_every=0.5)
def _wait(frame: Frame, number: int) -> None:
    state = study_process(SHIPPED).progress(number)
    if state.fault is not None:
        st.error(frame.say(wording.COMPUTE_FAULT, reason=frame.reason(state.fault)), icon=":material/error:")
    elif state.is_over:
        st.rerun()
    else:
        st.progress(state.share, text=frame.say(wording.PHASES[""]))
