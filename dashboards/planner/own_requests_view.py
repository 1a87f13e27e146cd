"""Where a planner hands over a day of bookings, and what became of it."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboards.planner import own_requests_wording as wording
from dashboards.planner.frame import Frame
from dashboards.planner.own_requests import MOST_BYTES, MOST_REQUESTS, OwnRequests, received, template
from maas.i18n.wording import Wording
from scenarios.errors import RequestFileError

_KEPT: Final = "own requests"
_FAULT: Final = "own requests fault"
_TURN: Final = "own requests turn"
"""Names the uploader: another one is an empty one."""


def own_requests() -> OwnRequests | None:
    """What is in use; None = the requests that the model draws."""
    found: OwnRequests | None = st.session_state.get(_KEPT)
    return found


def choose_requests(frame: Frame) -> None:
    """A button that opens the place to hand over a file, and a line that says what is in use."""
    turn = st.session_state.setdefault(_TURN, 0)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="own_requests"):
        with st.popover(frame.say(wording.OPEN), icon=":material/upload_file:", width="content"):
            with st.container(key=f"own_box_{frame.language}"):  # style.css has its button's words
                st.file_uploader(
                    frame.say(wording.CHOOSE),
                    key=f"own_upload_{turn}",
                    on_change=_receive,
                    args=(f"own_upload_{turn}",),
                )
            show_fault(frame)
            st.caption(frame.say(wording.LIMITS, size=MOST_BYTES / 1e6, lines=MOST_REQUESTS))
            st.caption(frame.say(wording.COLUMNS))
            st.download_button(
                frame.say(wording.TEMPLATE),
                template(),
                file_name="requests_template.csv",
                mime="text/csv",
                icon=":material/download:",
                key="own_template",
                on_click="ignore",
            )
        own = own_requests()
        if own is None:
            st.caption(frame.say(wording.MODELLED))
        else:
            told = frame.say(wording.IN_USE, name=own.name, requests=own.requests, riders=own.riders)
            if own.left_out:
                told += frame.say(wording.LEFT_OUT, count=own.left_out)
            st.markdown(told, width="content")
            st.button(frame.say(wording.STOP_USING), key="own_stop", on_click=_stop, type="tertiary")


def show_fault(frame: Frame) -> None:
    """Why the last file was not taken over, in one sentence."""
    fault: Wording | None = st.session_state.get(_FAULT)
    if fault is not None:
        told = frame.say(wording.REFUSED, reason=frame.say(fault)) + frame.say(wording.STILL)
        st.error(told, icon=":material/error:")


def _receive(key: str) -> None:
    """Take over what was uploaded; a file that cannot be used changes nothing else."""
    file = st.session_state.get(key)
    was_faulty = st.session_state.pop(_FAULT, None) is not None
    if file is None:
        if not was_faulty:
            st.session_state.pop(_KEPT, None)
        return
    try:
        st.session_state[_KEPT] = received(file.name, file.getvalue())
    except RequestFileError as error:
        st.session_state[_FAULT] = error.wording


def _stop() -> None:
    st.session_state.pop(_KEPT, None)
    st.session_state.pop(_FAULT, None)
    st.session_state[_TURN] += 1
