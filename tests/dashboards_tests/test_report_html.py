"""The report as one HTML file: whole, offline, readable without scripts."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dashboards.evidence import evidence
from dashboards.replay_map import ReplaySide, replay_page
from dashboards.report.front import report_front
from dashboards.report.html_file import report_html, write_html
from simulation.study_outcome import StudyOutcome
from tests.dashboards_tests.replay_days import LINE, over_line
from tests.dashboards_tests.report_chapters import CHAPTERS, FRONT, SVG
from tests.store_tests.journals import morning

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def replay(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> str:
    """A page of two days."""
    monkeypatch.setenv("MAAS_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
    sides = [ReplaySide(title, over_line(morning()), LINE) for title in ("one", "two")]
    return replay_page(sides, language="en")


def test_chapters_figures_and_tables_are_numbered_and_listed() -> None:
    page = report_html(CHAPTERS, "en", front=FRONT)
    assert re.findall(r'href="#(\w+)"><span class="number">(\d+)', page) == [("summary", "1"), ("towns", "2")]
    assert re.findall(r'<section class="chapter" id="(\w+)">', page) == ["summary", "towns"]
    assert '<span class="label">Table 1</span>Towns: all/none' in page
    assert '<span class="label">Figure 1</span>Bars' in page
    japanese = report_html(CHAPTERS, "ja", front=FRONT)
    assert '<html lang="ja">' in japanese
    assert '<span class="label">図1</span>棒' in japanese


def test_texts_are_texts_whatever_they_hold() -> None:
    page = report_html(CHAPTERS, "en", front=FRONT)
    assert "<b>" not in page
    assert "&lt;b&gt;桜&lt;/b&gt;" in page
    assert "Vans &lt;or&gt; taxis" in page
    assert 'alt="A &quot;bar&quot;"' in page


def test_tables_have_heads_blocks_marks_and_hidden_numbers() -> None:
    page = report_html(CHAPTERS, "en", front=FRONT)
    assert '<th scope="col" class="number">Residents (people)</th>' in page
    assert "Remark" not in page  # for export only
    assert '<th scope="row">髙根\N{EN DASH}沢𠮷</th><td class="number hidden">X</td>' in page
    assert "fewer than 5 people" in page
    figures = page[page.index('id="figures"') :]
    assert re.findall(r'scope="rowgroup" colspan="3">([^<]*)<', figures) == ["Wait (min)", "Cost (yen)"]
    assert '<td class="mark better">○</td>' in figures
    assert '<td class="mark worse">×</td>' in figures
    assert '<td class="number">12.35</td>' in figures or '<td class="number">12.34</td>' in figures
    assert '<td class="number">60,528</td>' in figures


def test_charts_are_pictures_in_the_page_without_document_type_and_metadata() -> None:
    page = report_html(CHAPTERS, "en", front=FRONT)
    (picture,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    content = base64.b64decode(picture)
    assert content.startswith(b"<?xml")
    assert b"<rect" in content
    assert b"DOCTYPE" in SVG
    assert b"DOCTYPE" not in content
    assert b"metadata" not in content


def test_only_a_report_with_a_map_may_run_scripts(replay: str) -> None:
    plain, with_map = (report_html(CHAPTERS, "en", front=FRONT, replay_html=page) for page in (None, replay))
    assert "script-src" not in plain
    assert "<script" not in plain
    assert "script-src 'unsafe-inline'" in with_map
    assert "<script" not in with_map  # the map's own are inside the frame's attribute
    assert re.findall(r'<section class="chapter" id="(\w+)">', with_map) == ["summary", "replay", "towns"]


def test_the_same_chapters_make_the_same_file(tmp_path: Path) -> None:
    paths = [write_html(CHAPTERS, tmp_path / f"{k}.html", "ja", front=FRONT) for k in range(2)]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_report_of_a_study_shows_every_exhibit_in_both_languages(wagons: StudyOutcome) -> None:
    for language in ("ja", "en"):
        chapters = evidence(wagons, language)
        page = report_html(chapters, language, front=report_front(wagons))
        for chapter in chapters:
            assert f'<section class="chapter" id="{chapter.name}">' in page
            for exhibit in chapter.exhibits:
                is_kept = not getattr(exhibit, "is_export_only", False)
                assert (exhibit.title.text(language) in page) or not is_kept
        assert "nan" not in re.sub(r'="[^"]*"', "", page).lower().split()


def test_the_map_plays_inside_the_report_without_network(replay: str, tab: Page, tmp_path: Path) -> None:
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    path = write_html(CHAPTERS, tmp_path / "report.html", "en", front=FRONT, replay_html=replay)
    tab.goto(path.as_uri())
    frame = tab.frame_locator("iframe.replay")
    frame.locator("#clock").wait_for()
    before = frame.locator("#clock").inner_text()
    frame.get_by_role("slider").press("End")
    assert frame.locator("#clock").inner_text() == "10:00" != before
    # Both days of `morning`: three people delivered, one refused.
    assert frame.locator('[data-count="delivered"]').all_inner_texts() == ["3", "3"]
    assert frame.locator('[data-count="refused"]').all_inner_texts() == ["1", "1"]
    assert tab.evaluate("document.documentElement.scrollWidth") <= 1366
    assert tab.locator("figure img").evaluate("image => image.naturalWidth") > 0
    assert errors == []
