"""The planner's pages in a real browser: what they show is what the files of the studies say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from dashboards.planner.cards import unit_of
from maas.i18n.figures import BY_KEY
from simulation.comparison import estimate
from simulation.study_comparison import compare_study
from simulation.study_outcome import StudyOutcome, read_study

if TYPE_CHECKING:
    from playwright.sync_api import Page

READY: Final = '[data-testid="stApp"][data-test-script-state="notRunning"]'
TRACE: Final = '[data-testid="stException"]'
PATIENCE_MS: Final = 30_000


@pytest.fixture(scope="module")
def study(studies: Path) -> StudyOutcome:
    return read_study(studies / "studies" / "today_or_on_demand")


def opened(tab: Page, address: str, wanted: str) -> None:
    """Go to a page and wait until something of it is there and the script has come to its end."""
    tab.goto(address)
    tab.wait_for_selector(wanted, timeout=PATIENCE_MS)
    settled(tab)


def settled(tab: Page) -> None:
    tab.wait_for_selector(READY, timeout=PATIENCE_MS)
    assert tab.locator(TRACE).count() == 0


def texts(tab: Page, selector: str) -> list[str]:
    return [text.strip() for text in tab.locator(selector).all_inner_texts()]


def card(tab: Page, figure: str) -> str:
    return re.sub(r"\s+", " ", tab.locator(f'[data-figure="{figure}"]').inner_text())


def test_cards_show_what_the_study_says(tab: Page, planner: str, study: StudyOutcome) -> None:
    opened(tab, planner, ".m-cards")
    assert tab.locator(".m-card").count() == len(study.definition["figures"])
    rows = study.by_case["on_demand"]
    for key in ("served_riders", "public_money_per_trip_yen", "cost_recovery"):
        figure = BY_KEY[key]
        value = estimate([float(x) for x in rows[key].dropna()])
        assert figure.number(value.mean) in card(tab, key)
        assert unit_of(figure, "ja") in card(tab, key)


def test_every_difference_of_the_study_is_in_the_table(tab: Page, planner: str, study: StudyOutcome) -> None:
    opened(tab, planner, '[data-table="differences"]')
    told = texts(tab, '[data-table="differences"] tbody tr')
    effects = compare_study(study).effects
    assert len(told) == len(effects)
    marks = {"better": "○", "worse": "×", "open": "△"}
    for line, effect in zip(told, effects, strict=True):
        assert BY_KEY[effect.figure].name.ja in line
        assert effect.mark is None or marks[effect.mark] in line


def test_the_page_turns_english_and_keeps_its_study(tab: Page, planner: str) -> None:
    opened(tab, planner, ".m-cards")
    assert "待ち時間 平均" in card(tab, "wait_mean_s")
    tab.get_by_role("radio", name="English").click()
    tab.get_by_text("Wait, mean").first.wait_for(timeout=PATIENCE_MS)
    settled(tab)
    assert "min" in card(tab, "wait_mean_s")
    assert "Compare" in texts(tab, '[data-testid="stTopNavLink"]')[0]


def test_another_study_is_picked_from_the_list(tab: Page, planner: str, studies: Path) -> None:
    opened(tab, planner, ".m-cards")
    pick(tab, "二つの台数")
    tab.get_by_text("4台で足りるか。").wait_for(timeout=PATIENCE_MS)
    settled(tab)
    assert tab.locator(".m-card").count() == 3
    fleets = read_study(studies / "studies" / "two_fleets")
    value = estimate([float(x) for x in fleets.by_case["on_demand.vans-4"]["served_riders"]])
    assert BY_KEY["served_riders"].number(value.mean) in card(tab, "served_riders")


def pick(tab: Page, title: str) -> None:
    tab.locator(".st-key-bar").get_by_role("combobox").click()
    tab.get_by_role("option", name=title).click()


def test_figures_are_downloaded_as_csv_that_spreadsheets_open(
    tab: Page, planner: str, study: StudyOutcome, tmp_path: Path
) -> None:
    opened(tab, planner, '[data-table="differences"]')
    with tab.expect_download() as waited:
        tab.get_by_role("button", name="CSVを保存").first.click()
    target = tmp_path / "figures.csv"
    waited.value.save_as(target)
    content = target.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").split("\r\n")
    assert len(lines) == 2 + len(study.cases) * len(study.definition["figures"])  # head, rows, end


def test_no_page_is_wider_than_a_laptop(tab: Page, planner: str) -> None:
    for address in ("", "about", "runs"):
        opened(tab, f"{planner}/{address}", ".st-key-bar")
        widths = tab.evaluate(
            "[document.documentElement.scrollWidth,"
            " document.querySelector('[data-testid=\"stMain\"]').scrollWidth, window.innerWidth]"
        )
        assert max(widths[:2]) <= widths[2], address


def test_assumptions_are_told_with_their_confidence(tab: Page, planner: str) -> None:
    opened(tab, f"{planner}/about", '[data-testid="stDataFrame"]')
    told = " ".join(texts(tab, '[data-testid="stPills"], [data-testid="stButtonGroup"]'))
    for word in ("公表資料", "仮定", "経験からの推量"):
        assert word in told
    tab.get_by_role("tab", name="指標の定義").click()
    assert "希望出発時刻から車両が停車するまで" in tab.locator('[data-table="definitions"]').inner_text()
