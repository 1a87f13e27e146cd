"""The replay as one document: whole, offline, the same for the same day; and in a real browser."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dashboards.errors import ReplayError
from dashboards.map_sheet import Plane
from dashboards.replay_map import ReplaySide, replay_page, study_replay
from dashboards.replay_map.day import ReplayDay
from dashboards.replay_map.document import day_of
from dashboards.replay_map.landmarks import NAMES, landmarks
from dashboards.replay_map.packing import packed, packed_lines, unpacked
from dashboards.replay_map.wording import WORDS
from routing.network import Network
from scenarios import sakura_facts
from simulation.study_outcome import StudyOutcome, read_study
from tests.builders import line_network
from tests.dashboards_tests.replay_days import LINE, over_line, replay_day
from tests.store_tests.journals import EIGHT, breakdown, morning

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOST_BYTES = 3_000_000
"""What a page of two Sakura days may weigh."""


@pytest.fixture(autouse=True)
def _cache_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAAS_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))


def side(title: str = "morning") -> ReplaySide:
    return ReplaySide(title, over_line(morning()), LINE)


def data_of(page: str) -> dict[str, Any]:
    """What the page carries for its scripts."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    read: dict[str, Any] = json.loads(found[1])
    return read


# Packing


def test_numbers_of_every_size_come_back() -> None:
    numbers = [0, 1, -1, 63, 64, -64, -65, 300, -300, 2**31, -(2**31), 2**51 - 1, 1 - 2**51]
    assert unpacked(packed(numbers)).tolist() == numbers
    assert packed([]) == ""
    assert packed([1, -1, 64]) == "AgGAAQ=="  # zigzag 2, 1, 128 = 0x80 0x01


def test_a_number_that_a_browser_does_not_keep_exactly_is_refused() -> None:
    with pytest.raises(OverflowError, match="2251799813685248 has more than 51 bits"):
        packed([2**51])


def test_half_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="end in the middle"):
        unpacked("gA==")


def test_lines_are_told_by_differences_without_points_that_do_not_move() -> None:
    lines = [np.array([[0.0, 0.0], [0.2, 0.3], [10.4, -5.0]]), np.array([[10.0, -5.0], [10.0, 0.0]])]
    # Head 7: 2 points, (0, 0), then 10 east and 5 south; head 8: 2 points from there, 5 north.
    assert unpacked(packed_lines(lines, [7, 8])).tolist() == [7, 2, 0, 0, 10, -5, 8, 2, 0, 0, 0, 5]


# The document


def test_the_page_asks_nobody_for_anything() -> None:
    page = replay_page([side(), side()], language="ja")
    assert "default-src 'none'" in page
    for outside in ("http://", "https://", "src=", "@import", "url(", "fetch(", "XMLHttp", "import("):
        assert outside not in page


def test_the_same_day_gives_the_same_page_and_each_language_its_own() -> None:
    pages = [replay_page([side()], language=language) for language in ("ja", "ja", "en")]
    assert pages[0] == pages[1] != pages[2]
    assert '<html lang="ja">' in pages[0]
    assert WORDS["legend_refused"].ja in pages[0]
    assert WORDS["legend_refused"].en in pages[2]


def test_two_days_share_one_clock_and_one_network() -> None:
    late = ReplaySide("breakdown", over_line(breakdown()), LINE)
    shown = data_of(replay_page([side(), late], language="en"))
    assert len(shown["networks"]) == 1
    assert [one["title"] for one in shown["sides"]] == ["morning", "breakdown"]
    assert (shown["first"], shown["last"]) == (EIGHT, EIGHT + 7_200)  # the shift of the van
    assert shown["first"] <= shown["opening"] <= shown["last"]


def test_a_title_cannot_end_the_script() -> None:
    title = "</script><script>alert(1)</script>"
    page = replay_page([side(title)], language="en")
    assert "<script>alert" not in page
    assert data_of(page)["sides"][0]["title"] == title


def test_drives_of_the_page_end_at_the_places_of_the_journal() -> None:
    day = replay_day(morning())
    told = day.to_json("morning", (), "en")
    places = unpacked(told["places"]).reshape(-1, 3)
    numbers, ends, at = unpacked(told["drives"]).tolist(), [], 0
    depart_s = 0
    while at < len(numbers):
        vehicle, later, took_s, _, to, count = numbers[at : at + 6]
        depart_s += later
        ends.append((vehicle, depart_s + took_s - EIGHT, int(places[to][0])))
        at += 6 + 2 * count
    # As `morning` says: the van at 1, 2 and 3 km, the taxi at 2 km and back at 4 km.
    assert ends == [(0, 60, 1000), (0, 220, 2000), (0, 380, 3000), (1, 600, 2000), (1, 980, 4000)]


def test_none_three_or_foreign_roads_are_refused() -> None:
    for sides in ([], [side()] * 3):
        with pytest.raises(ReplayError, match=f"{len(sides)} days are asked for; give one, or two"):
            replay_page(sides, language="en")
    other = replace(side(), network=line_network(6, seconds=100, metres=1000))
    with pytest.raises(ReplayError, match="its journal was written over"):
        replay_page([other], language="en")


def test_a_case_that_the_study_does_not_have_is_refused(wagons: StudyOutcome) -> None:
    message = r"study wagons has no case 'three'; give one of one, two\.notice-20"
    with pytest.raises(ReplayError, match=message):
        study_replay(wagons, ["three"], language="en")


# Names


def test_every_name_of_the_map_is_a_place_of_the_facts() -> None:
    assert set(NAMES) <= {fact.name for fact in sakura_facts.places()}


def test_places_whose_position_was_assumed_say_so_and_other_cities_have_none(studies: Path) -> None:
    study = read_study(studies / "studies" / "today_or_on_demand")
    network = Network.load(study.network_file("today"))
    marks = {mark.name.ja: mark for mark in landmarks(network, Plane.of(network))}
    assert marks["氏家駅"].is_certain
    assert not marks["黒須病院"].is_certain
    assert "フィオーレ喜連川" in marks  # its five blocks as one
    assert landmarks(LINE, Plane.of(LINE)) == ()


# In a browser


@pytest.fixture(scope="module")
def sakura(studies: Path) -> tuple[str, list[ReplayDay]]:
    """The page of both services, and their days."""
    study = read_study(studies / "studies" / "today_or_on_demand")
    cases = ("today", "on_demand")
    days = []
    for case in cases:
        one = ReplaySide(case, study.journal(case), Network.load(study.network_file(case)))
        days.append(day_of(one, Plane.of(one.network)))
    return study_replay(study, cases, language="ja"), days


def opened(tab: Page, page: str, folder: Path) -> list[str]:
    """Open a page; returns the list that errors of its scripts come to."""
    file = folder / "replay.html"
    file.write_text(page, encoding="utf-8")
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(file.as_uri())
    until(tab, "window.maasReplay !== undefined")
    return errors


def until(tab: Page, condition: str) -> None:
    """Wait for what a page says of itself; its rules do not let it evaluate text, so the test asks again."""
    for _ in range(200):
        if tab.evaluate(condition):
            return
        tab.wait_for_timeout(50)
    raise AssertionError(f"never became true: {condition}")


def test_a_sakura_day_of_two_services_is_a_small_page(sakura: tuple[str, list[ReplayDay]]) -> None:
    assert len(sakura[0].encode()) < MOST_BYTES


def test_the_browser_counts_and_places_as_the_journal_does(
    sakura: tuple[str, list[ReplayDay]], tab: Page, tmp_path: Path
) -> None:
    page, days = sakura
    errors = opened(tab, page, tmp_path)
    for number, day in enumerate(days):
        first, last = day.span_s
        for second in range(first, last + 1, 1_799):
            counted = tab.evaluate(f"maasReplay.countsAt({number}, {second})")
            assert counted == day.riders.riders_at(second)
        asked = [[drive.vehicle, drive.arrive_s] for drive in day.drives]
        found = tab.evaluate(
            f"(asked) => asked.map(([v, at]) => maasReplay.vehicle({number}, v, at))"
            f".map((at) => [at.x, at.y])",
            asked,
        )
        nodes = np.array([drive.to_node for drive in day.drives])
        network = day.book.network
        expected = np.rint(day.plane.xy(network.lat[nodes], network.lon[nodes]))
        # A vehicle that sets out again in the second of its arrival stands at the same place.
        assert np.abs(np.array(found) - expected).max() <= 1.0
    assert errors == []


def test_keys_buttons_and_slider_move_one_clock(
    sakura: tuple[str, list[ReplayDay]], tab: Page, tmp_path: Path
) -> None:
    errors = opened(tab, sakura[0], tmp_path)
    tab.keyboard.press("Home")
    start = tab.evaluate("maasReplay.second")
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Shift+ArrowRight")
    assert tab.evaluate("maasReplay.second") == start + 60 + 900
    assert tab.locator("#clock").inner_text() == "08:16"
    tab.keyboard.press("Space")
    assert tab.evaluate("maasReplay.isPlaying")
    until(tab, f"maasReplay.second > {start + 960}")
    tab.get_by_role("button", name=WORDS["pause"].ja).click()
    assert not tab.evaluate("maasReplay.isPlaying")
    tab.get_by_role("slider").fill(str(start + 7_200))
    assert tab.locator("#clock").inner_text() == "10:00"
    assert "10:00" in tab.locator("#spoken").inner_text()
    served = tab.locator('[data-count="delivered"]').all_inner_texts()
    counts = [tab.evaluate(f"maasReplay.countsAt({number}, {start + 7_200})") for number in (0, 1)]
    assert served == [f"{one['delivered']}人" for one in counts]
    assert errors == []


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1300, 600), (480, 800)])
def test_nothing_is_cut_off_on_small_screens(
    sakura: tuple[str, list[ReplayDay]], tab: Page, tmp_path: Path, width: int, height: int
) -> None:
    tab.set_viewport_size({"width": width, "height": height})
    errors = opened(tab, sakura[0], tmp_path)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    for box in (tab.locator(".map").nth(k).bounding_box() for k in (0, 1)):
        assert box is not None
        assert box["height"] >= 180
    assert errors == []


def test_without_motion_the_picture_changes_once_a_second(
    sakura: tuple[str, list[ReplayDay]], tab: Page, tmp_path: Path
) -> None:
    tab.emulate_media(reduced_motion="reduce")
    opened(tab, sakura[0], tmp_path)
    shown = tab.evaluate(
        """() => new Promise((done) => {
          const seen = new Set(), begin = performance.now();
          maasReplay.play(true);
          const look = () => {
            seen.add(maasReplay.second);
            if (performance.now() - begin < 2500) requestAnimationFrame(look); else done(seen.size);
          };
          look();
        })"""
    )
    assert 2 <= shown <= 4
