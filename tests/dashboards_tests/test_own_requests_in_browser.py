"""A day of bookings handed over in a real browser: simulated on both sides, or refused in a sentence."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from dashboards.planner.own_requests import MOST_BYTES, template
from dashboards.planner.what_if import bases, folder_name
from maas.i18n.figures import BY_KEY
from simulation.study_outcome import read_study
from tests.support.browser import photographed
from tests.support.planner_tab import PATIENCE_MS, card, opened, settled

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

HEADER, FIRST, *MORE = template().decode("utf-8-sig").splitlines()


def picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "PNG")
    return stream.getvalue()


def workbook() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return stream.getvalue()


def hand_over(tab: Page, name: str, content: bytes) -> None:
    if not tab.locator('[data-testid="stPopoverBody"]').count():
        tab.locator(".st-key-own_requests").get_by_role("button").first.click()
    tab.set_input_files(
        '[data-testid="stFileUploader"] input[type="file"]',
        {"name": name, "mimeType": "text/csv", "buffer": content},
    )


def said(tab: Page, text: str) -> Locator:
    found = tab.locator('[data-testid="stMain"]').get_by_text(text).first
    found.wait_for(timeout=PATIENCE_MS)
    settled(tab)
    return found


def lines(*rows: str) -> bytes:
    return "\r\n".join((HEADER, *rows)).encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_one_s_own_day_is_simulated_on_both_sides(
    tab: Page, planner: str, studies: Path, encoding: str
) -> None:
    opened(tab, f"{planner}/try", ".st-key-try_run button")
    text = "\r\n".join([f"{HEADER},利用者", f"{FIRST},桜", *(f"{line},さくら" for line in MORE)])
    content = text.encode(encoding)
    hand_over(tab, f"予約_{encoding}.csv", content)
    said(tab, "3件・5人")
    tab.keyboard.press("Escape")
    tab.get_by_role("radio", name="今のサービス").click()
    settled(tab)
    tab.locator(".st-key-try_run button").click()
    tab.wait_for_selector(".m-cards", timeout=PATIENCE_MS)
    settled(tab)
    base = bases()["sakura_on_demand"]
    digest = hashlib.sha256(content).hexdigest()
    tried = read_study(studies / "tried" / folder_name(base, {}, is_beside_today=True, digest=digest))
    for case in ("stated", "tried"):
        assert tried.by_case[case]["requested_riders"].tolist() == [5]
    assert [case.provenance["scenario"] for case in tried.cases] == [
        "sakura_today.toml",
        "sakura_on_demand.toml",
    ]
    value = float(tried.by_case["tried"]["served_riders"].iloc[0])
    assert BY_KEY["served_riders"].number(value) in card(tab, "served_riders")
    if encoding == "cp932":
        photographed(tab, "dashboard_try_own")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("写真.csv", picture(), "写真.csvは画像で、CSVファイルではありません"),
        ("予約.xlsx", workbook(), "予約.xlsxはExcelブックまたは圧縮ファイルで、CSVファイルではありません"),
        ("空.csv", b"", "空.csvは空です"),
        ("見出し.csv", HEADER.encode(), "見出しのほかに行がありません"),
        ("列.csv", lines(FIRST).replace(b"wish_at", b"wished"), "列.csv 1行目: 列'wish_at'がありません"),
        ("値.csv", lines(FIRST, MORE[0].replace(",2,0,", ",二人,0,")), "値.csv 3行目: seatsが'二人'です"),
        ("時刻.csv", lines(FIRST.replace("09:00", "9時")), "時刻.csv 2行目: wish_atの'9時'は1日の時刻として"),
        ("海.csv", lines(FIRST.replace("36.71544,140.03269", "36.3,141")), "2行目: originの場所（36.3,"),
        ("大.csv", HEADER.encode() + b"\n" * MOST_BYTES, "2 MB以下のファイルにしてください"),
    ],
    ids=["picture", "workbook", "empty", "no line", "no column", "value", "time", "place", "size"],
)  # fmt: skip
def test_what_is_no_day_of_bookings_is_told_in_one_sentence(
    tab: Page, planner: str, name: str, content: bytes, told: str
) -> None:
    opened(tab, f"{planner}/try", ".st-key-try_run button")
    hand_over(tab, name, content)
    fault = said(tab, told)
    assert fault.is_visible()
    assert "読み込めませんでした" in fault.inner_text()
    assert tab.get_by_text("モデルの需要").first.is_visible()


def test_a_bad_file_takes_nothing_away(tab: Page, planner: str) -> None:
    opened(tab, f"{planner}/try", ".st-key-try_run button")
    tab.get_by_role("radio", name="今のサービス").click()
    settled(tab)
    hand_over(tab, "good.csv", template())
    said(tab, "3件・5人")
    tab.keyboard.press("Escape")
    tab.locator(".st-key-try_run button").click()
    tab.wait_for_selector(".m-cards", timeout=PATIENCE_MS)
    settled(tab)
    before = card(tab, "served_riders")
    hand_over(tab, "bad.csv", picture())
    said(tab, "bad.csvは画像")
    assert card(tab, "served_riders") == before
    assert tab.get_by_text("good.csv").first.is_visible()
    assert tab.get_by_role("radio", name="今のサービス").is_checked()


def test_the_template_is_a_day_that_can_be_handed_over(tab: Page, planner: str, tmp_path: Path) -> None:
    opened(tab, f"{planner}/try", ".st-key-try_run button")
    tab.locator(".st-key-own_requests").get_by_role("button").first.click()
    with tab.expect_download() as waited:
        tab.get_by_role("button", name="ひな形を保存").click()
    target = tmp_path / "template.csv"
    waited.value.save_as(target)
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    hand_over(tab, target.name, target.read_bytes())
    said(tab, "3件・5人")


def test_a_button_without_a_change_says_what_to_change(tab: Page, planner: str) -> None:
    opened(tab, f"{planner}/try", ".st-key-try_run button")
    tab.locator(".st-key-try_run button").click()
    assert "今のサービス" in said(tab, "両側が同じです").inner_text()
