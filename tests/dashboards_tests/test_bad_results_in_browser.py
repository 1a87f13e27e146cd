"""Results that cannot be read or written, in a real browser: a message in the page, and the rest stays."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from simulation.study_money import write_money
from simulation.study_outcome import read_study
from tests.support.browser import served_planner
from tests.support.planner_tab import PATIENCE_MS, opened, pick, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ALERT = '[data-testid="stAlert"]'
PAGES = ("", "map", "who", "money", "vehicles", "why")


def copied(studies: Path, target: Path, **said: Any) -> Path:
    """A study whose `study.json` says something else."""
    shutil.copytree(studies / "studies" / "two_fleets", target)
    file = target / "study.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content["definition"]["title"]["ja"] = target.name
    file.write_text(json.dumps({**content, **said}, ensure_ascii=False), encoding="utf-8")
    return target


def torn(folder: Path, pattern: str) -> None:
    """Files cut off after their first 64 bytes."""
    found = sorted(folder.glob(pattern))
    assert found
    for file in found:
        os.truncate(file, 64)


@pytest.fixture(scope="module")
def spoiled(studies: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole study beside older and broken ones."""
    root = tmp_path_factory.mktemp("spoiled") / "runs"
    copied(studies, root / "studies" / "whole")
    copied(studies, root / "studies" / "other_format", format=0)
    copied(studies, root / "studies" / "other_program", program={"sources": "0", "versions": {"maas": "0"}})
    torn(copied(studies, root / "studies" / "torn_days"), "metrics.parquet")
    (copied(studies, root / "studies" / "torn_study") / "study.json").write_text("{", encoding="utf-8")
    tables = copied(studies, root / "studies" / "torn_tables")
    write_money(read_study(tables))
    for pattern in ("requests/*.parquet", "legs/*.parquet", "money/*.parquet", "parts/**/journal.parquet"):
        torn(tables, pattern)
    return root


@pytest.fixture(scope="module")
def planner(browser: Browser, spoiled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_planner(spoiled, tmp_path_factory.mktemp("log") / "server.log") as address:
        yield address


def alerts(tab: Page) -> str:
    return "\n".join(tab.locator(ALERT).all_inner_texts())


def test_what_cannot_be_read_is_named_and_left_out(tab: Page, planner: str) -> None:
    opened(tab, planner, ".m-cards")
    told = alerts(tab)
    for name, reason in (
        ("other_format/study.json", "形式は0で"),
        ("torn_study/study.json", "JSONとして読めません"),
        ("torn_days/metrics.parquet", "読み込めません"),
    ):
        (line,) = [line for line in told.splitlines() if name in line]
        assert line.startswith("読み込めないため除外しました")
        assert reason in line
        assert "Error(" not in line
        assert line.endswith("ください。"), "no remedy is named"
    tab.locator(".st-key-bar").get_by_role("combobox").click()
    assert sorted(tab.get_by_role("option").all_inner_texts()) == ["other_program", "torn_tables", "whole"]


def test_results_of_another_version_are_shown_and_say_so(tab: Page, planner: str) -> None:
    opened(tab, planner, ".m-cards")
    pick(tab, "other_program")
    tab.get_by_text("別の版のプログラムで計算された").first.wait_for(timeout=PATIENCE_MS)
    settled(tab)
    assert tab.locator(".m-card").count() == 3


def test_broken_tables_are_told_on_the_pages_that_need_them(tab: Page, planner: str) -> None:
    opened(tab, planner, ".m-cards")
    pick(tab, "torn_tables")
    tab.wait_for_timeout(500)
    settled(tab)
    for place, needed in enumerate(("", "journal.parquet", "", "money", "legs", "requests")):
        tab.locator('[data-testid="stTopNavLink"]').nth(place).click()
        tab.wait_for_url(f"**/{PAGES[place]}*")
        settled(tab)
        if needed:
            fault = tab.locator(ALERT).filter(has_text="表示できません")
            fault.wait_for(timeout=PATIENCE_MS)
            assert needed in fault.inner_text()
            assert "torn_tables" in fault.inner_text()


def test_a_folder_that_nobody_may_write_keeps_what_is_there(tab: Page, studies: Path, tmp_path: Path) -> None:
    root = tmp_path / "runs"
    study = copied(studies, root / "studies" / "whole")
    folders = [path for path in (root, *root.rglob("*")) if path.is_dir()]
    before = {path: path.stat().st_mode for path in folders}
    for path in folders:
        path.chmod(0o555)
    try:
        with served_planner(root, tmp_path / "server.log", obeys_permissions=True) as address:
            opened(tab, f"{address}/money", ".st-key-money_compute button")
            tab.locator(".st-key-money_compute button").click()
            tab.get_by_text("計算できませんでした").first.wait_for(timeout=PATIENCE_MS)
            settled(tab)
            assert "書き込めません（権限がありません）" in alerts(tab)
            opened(tab, f"{address}/try", ".st-key-try_run button")
            tab.get_by_role("radio", name="今のサービス").click()
            settled(tab)
            tab.locator(".st-key-try_run button").click()
            tab.get_by_text("計算できませんでした").first.wait_for(timeout=PATIENCE_MS)
            settled(tab)
            assert "tried" in alerts(tab)
            opened(tab, address, ".m-cards")
            assert tab.locator(".m-card").count() == 3
    finally:
        for path, mode in before.items():
            path.chmod(mode)
    assert not (study / "money").exists()
    assert not (root / "tried").exists()
