"""What a reader does in a tab with the planner's pages: goes to a page, waits, picks, reads, downloads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

READY: Final = '[data-testid="stApp"][data-test-script-state="notRunning"]'
TRACE: Final = '[data-testid="stException"]'
WIDTHS: Final = (
    "[document.documentElement.scrollWidth,"
    " document.querySelector('[data-testid=\"stMain\"]').scrollWidth, window.innerWidth]"
)
PATIENCE_MS: Final = 90_000
"""Far more than a page takes: other work may keep all processors busy."""


def opened(tab: Page, address: str, wanted: str) -> None:
    """Go to a page and wait until something of it is there and the script has come to its end."""
    tab.goto(address)
    tab.wait_for_selector(wanted, timeout=PATIENCE_MS)
    settled(tab)


def settled(tab: Page) -> None:
    """Wait for the end of the script: no traceback is shown, and nothing is wider than a laptop."""
    tab.wait_for_selector(READY, timeout=PATIENCE_MS)
    assert tab.locator(TRACE).count() == 0
    page, main, window = tab.evaluate(WIDTHS)
    assert page <= window
    assert main <= window


def texts(tab: Page, selector: str) -> list[str]:
    return [text.strip() for text in tab.locator(selector).all_inner_texts()]


def card(tab: Page, figure: str) -> str:
    return re.sub(r"\s+", " ", tab.locator(f'[data-figure="{figure}"]').inner_text())


def pick(tab: Page, title: str) -> None:
    tab.locator(".st-key-bar").get_by_role("combobox").click()
    tab.get_by_role("option", name=title).click()


def downloaded(tab: Page, target: Path) -> list[str]:
    with tab.expect_download() as waited:
        tab.get_by_role("button", name="CSVを保存").last.click()
    waited.value.save_as(target)
    return target.read_bytes().decode("utf-8-sig").split("\r\n")
