"""The planner's pages over `runs/`: what studies found, a day on the map, who gains, and what-ifs in seconds.

Run by `make dashboard`. `MAAS_RUNS` names another folder of outcomes. Pages read outcomes; every figure comes
from `maas.metrics` by way of the files of a study.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import streamlit as st

from dashboards.planner import (
    about_page,
    compare_page,
    map_page,
    money_page,
    runs_page,
    shipped,
    solver_page,
    try_page,
    vehicles_page,
    who_page,
    why_not_page,
    wording,
)
from dashboards.planner.downloads import begin_page, end_page
from dashboards.planner.frame import Frame, Page, selected, shown
from dashboards.planner.shelf import (
    Stamp,
    is_of_this_program,
    root_folder,
    said,
    studies,
    study_at,
)
from maas.i18n.wording import Language, Wording

LANGUAGES: Final[dict[Language, str]] = {"ja": "日本語", "en": "English"}
STYLE: Final = Path(__file__).with_name("style.css")
ICON: Final = Path(__file__).with_name("favicon.svg")

# Address, title, icon, page, and whether it shows the chosen study.
PAGES: Final[tuple[tuple[str, Wording, str, Page, bool], ...]] = (
    ("compare", wording.COMPARE, "compare_arrows", compare_page.page, True),
    ("map", wording.MAP, "map", map_page.page, True),
    ("who", wording.WHO, "diversity_3", who_page.page, True),
    ("money", wording.MONEY, "payments", money_page.page, True),
    ("vehicles", wording.VEHICLES, "airport_shuttle", vehicles_page.page, True),
    ("why", wording.WHY_NOT, "block", why_not_page.page, True),
    ("try", wording.TRY_IT, "tune", try_page.page, False),
    ("solver", wording.SOLVER, "speed", solver_page.page, False),
    ("runs", wording.RUNS, "folder_open", runs_page.page, False),
    ("about", wording.ABOUT, "menu_book", about_page.page, False),
)


def main() -> None:
    """The frame around the chosen page, as Streamlit runs it at every click."""
    st.set_page_config(page_title=wording.PRODUCT.ja, page_icon=str(ICON), layout="wide")
    st.html(STYLE)
    language = _language()
    root = root_folder()
    found, unreadable = studies(root)
    chosen: list[Frame] = []
    pages = [
        st.Page(
            _runner(page, chosen, needs_study),
            title=title.text(language),
            icon=f":material/{icon}:",
            url_path=address,
            default=place == 0,
        )
        for place, (address, title, icon, page, needs_study) in enumerate(PAGES)
    ]
    current = st.navigation(pages, position="top")
    address = current.url_path or PAGES[0][0]
    title, needs_study = next((entry[1], entry[4]) for entry in PAGES if entry[0] == address)
    language, stamp = _bar(found, language, None if needs_study else title)
    frame = Frame(language, root, stamp)
    chosen.append(frame)
    for fault in unreadable:
        st.warning(
            frame.say(wording.UNREADABLE, reason=frame.reason(fault.reason)), icon=":material/warning:"
        )
    if shipped.is_wanted():
        known = (*found, *(fault.folder.name for fault in unreadable))
        shipped.show_progress(str(root), language, known)
    if needs_study and stamp is not None and not is_of_this_program(study_at(stamp)):
        name = study_at(stamp).name
        st.caption(f":material/history: {frame.say(wording.OLDER, name=name)}")
    current.run()


def _language() -> Language:
    """What the switch says; before it is there for the first time, what the address says."""
    picked = st.session_state.get("language")
    if picked is None:
        return "en" if st.query_params.get("language") == LANGUAGES["en"] else "ja"
    return "en" if picked == "en" else "ja"


def _runner(page: Page, chosen: list[Frame], needs_study: bool) -> Callable[[], None]:
    """A page without arguments, as Streamlit calls it."""

    def run() -> None:
        begin_page()
        shown(page, chosen[-1], needs_study=needs_study)
        end_page(chosen[-1])

    return run


def _bar(found: dict[str, Stamp], language: Language, title: Wording | None) -> tuple[Language, Stamp | None]:
    """The line above every page: which study, or the title of a page that shows none; and the language."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="bar"):
        titles = {name: said(study_at(place).definition["title"], language) for name, place in found.items()}
        stamp = None
        if title is not None:
            st.header(title.text(language), anchor=False, width="stretch")
            stamp = found.get(st.session_state.get("study kept") or "") or next(iter(found.values()), None)
        elif found:
            name = selected(
                Frame(language, Path(), None),
                wording.STUDY.text(language),
                list(found),
                key="study",
                at_first=next(iter(found)),
                format_func=titles.__getitem__,
                is_labelled=False,
            )
            stamp = found[name]
        else:
            st.space("stretch")
        picked = st.segmented_control(
            f"{wording.LANGUAGE.ja} / {wording.LANGUAGE.en}",
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            default="ja",
            required=True,
            key="language",
            label_visibility="collapsed",
            bind="query-params",
        )
    return ("en" if picked == "en" else "ja"), stamp


if __name__ == "__main__":
    main()
