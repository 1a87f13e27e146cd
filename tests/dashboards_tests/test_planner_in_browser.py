"""The planner's pages in a real browser: what they show is what the files of the studies say."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from dashboards.evidence.kpis import printed
from dashboards.planner.cards import unit_of
from dashboards.planner.refusal_tables import refusals
from dashboards.planner.vehicle_tables import vehicles_on_average
from dashboards.planner.who_tables import Question
from maas.i18n.figures import BY_KEY
from simulation.comparison import estimate
from simulation.study_access import read_access
from simulation.study_comparison import compare_study
from simulation.study_money import read_money
from simulation.study_outcome import StudyOutcome, read_study
from tests.support.browser import photographed
from tests.support.planner_tab import PATIENCE_MS, card, downloaded, opened, pick, settled, texts

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHART: Final = '[data-testid="stVegaLiteChart"] canvas, [data-testid="stVegaLiteChart"] svg'


@pytest.fixture(scope="module")
def study(studies: Path) -> StudyOutcome:
    return read_study(studies / "studies" / "today_or_on_demand")


def test_cards_show_what_the_study_says(tab: Page, planner: str, study: StudyOutcome) -> None:
    opened(tab, planner, ".m-cards")
    assert tab.locator(".m-card").count() == len(study.definition["figures"])
    days = study.by_case["on_demand"]
    expected = {
        "served_riders": days["served_riders"].mean(),
        "public_money_per_trip_yen": days["public_money_yen"].sum() / days["served_riders"].sum(),
        "cost_recovery": days["fares_yen"].sum() / days["cost_yen"].sum(),
    }
    for key, value in expected.items():
        figure = printed(BY_KEY[key])
        assert figure.number(value) in card(tab, key)
        assert unit_of(figure, "ja") in card(tab, key)
    photographed(tab, "dashboard_compare")


def test_pages_keep_their_looks_and_stay_on_this_machine_wherever_they_are_started(
    tab: Page, planner: str
) -> None:
    opened(tab, planner, ".m-cards")
    ground = tab.locator('[data-testid="stApp"]').evaluate("node => getComputedStyle(node).backgroundColor")
    assert ground == "rgb(245, 246, 244)", "the theme of the pages is not read"  # F5F6F4
    port = int(planner.rsplit(":", 1)[1])
    with socket.socket() as visitor:  # 127.0.0.2 is this machine too, but not the address that is served
        assert visitor.connect_ex(("127.0.0.2", port)) != 0


def test_every_difference_of_the_study_is_in_the_table(tab: Page, planner: str, study: StudyOutcome) -> None:
    opened(tab, planner, '[data-table="differences"]')
    told = texts(tab, '[data-table="differences"] tbody tr')
    effects = compare_study(study).effects
    assert len(told) == len(effects)
    marks = {"better": "○", "worse": "×", "open": "△"}
    for line, effect in zip(told, effects, strict=True):
        assert BY_KEY[effect.figure].name.ja in line
        assert effect.mark is None or marks[effect.mark] in line


def test_the_page_turns_english_and_keeps_its_study(tab: Page, planner: str, study: StudyOutcome) -> None:
    opened(tab, planner, ".m-cards")
    assert "待ち時間 平均" in card(tab, "wait_mean_s")
    tab.get_by_role("radio", name="English").click()
    tab.get_by_text("Wait, mean").first.wait_for(timeout=PATIENCE_MS)
    settled(tab)
    assert "min" in card(tab, "wait_mean_s")
    assert "Compare" in texts(tab, '[data-testid="stTopNavLink"]')[0]
    box = tab.locator(".st-key-bar").get_by_test_id("stSelectbox")
    assert study.definition["title"]["en"] in box.inner_html(), "the list still speaks Japanese"
    photographed(tab, "dashboard_compare_en")


def test_another_study_is_picked_from_the_list(tab: Page, planner: str, studies: Path) -> None:
    opened(tab, planner, ".m-cards")
    pick(tab, "二つの台数")
    tab.get_by_text("4台で足りるか。").wait_for(timeout=PATIENCE_MS)
    settled(tab)
    assert tab.locator(".m-card").count() == 3
    fleets = read_study(studies / "studies" / "two_fleets")
    value = estimate([float(x) for x in fleets.by_case["on_demand.vans-4"]["served_riders"]])
    assert BY_KEY["served_riders"].number(value.mean) in card(tab, "served_riders")


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


def test_assumptions_are_told_with_their_confidence(tab: Page, planner: str) -> None:
    opened(tab, f"{planner}/about", '[data-table="assumptions"]')
    shown = tab.locator('[data-table="assumptions"]').inner_text()
    assert "60–120件" in shown
    assert "休憩の長さ（市役所のワゴン）" in shown
    told = " ".join(texts(tab, '[data-testid="stPills"], [data-testid="stButtonGroup"]'))
    for word in ("公表資料", "仮定", "経験からの推量"):
        assert word in told
    tab.get_by_role("tab", name="指標の定義").click()
    assert "希望出発時刻から車両が停車するまで" in tab.locator('[data-table="definitions"]').inner_text()


def test_vehicles_are_listed_with_their_average_day(tab: Page, planner: str, study: StudyOutcome) -> None:
    opened(tab, f"{planner}/vehicles", '[data-table="vehicles"]')
    tab.locator(CHART).first.wait_for(timeout=PATIENCE_MS)
    table = vehicles_on_average(study.legs("on_demand"), study.requests("on_demand"), len(study.seeds))
    told = texts(tab, '[data-table="vehicles"] tbody tr')
    assert len(told) == len(table) == 6
    for line, (name, row) in zip(told, table.iterrows(), strict=True):
        cells = line.split()
        assert cells[0] == name
        assert cells[1] == f"{row['km']:,.1f}"
        assert cells[4] == f"{row['riders']:,.1f}"
    photographed(tab, "dashboard_vehicles")


def test_every_refusal_of_a_day_is_listed_with_its_change(
    tab: Page, planner: str, study: StudyOutcome, tmp_path: Path
) -> None:
    opened(tab, f"{planner}/why", '[data-testid="stDataFrame"]')
    requests = study.requests("today")
    table = refusals(requests[requests["seed"] == study.seeds[0]])
    photographed(tab, "dashboard_why_not")
    lines = downloaded(tab, tmp_path / "refusals.csv")
    assert len(lines) == 2 + len(table)  # head, rows, end
    said = re.findall(r"(\d+)分後なら可", "\n".join(lines))
    later = table[table["change"].isin(["little_later", "later"])]["later_s"]
    assert [int(minutes) for minutes in said] == [-(-int(second) // 60) for second in later]


def test_a_service_set_by_hand_is_simulated_at_once(tab: Page, planner: str, studies: Path) -> None:
    opened(tab, f"{planner}/try", ".st-key-try_run button")
    before = set((studies / "tried").glob("*"))
    thumb = tab.get_by_role("slider", name="車両").first
    thumb.focus()
    thumb.press("ArrowLeft")
    thumb.press("ArrowLeft")
    tab.get_by_text("4", exact=True).first.wait_for()
    tab.locator(".st-key-try_run button").click()
    tab.wait_for_selector(".m-cards", timeout=PATIENCE_MS)
    settled(tab)
    (folder,) = set((studies / "tried").glob("*")) - before
    tried = read_study(folder)
    assert tried.settings("tried") == {"service.fleet.vans": 4}
    assert len(tried.seeds) == 1
    value = float(tried.by_case["tried"]["served_riders"].iloc[0])
    assert BY_KEY["served_riders"].number(value) in card(tab, "served_riders")
    assert "1日のみ" in card(tab, "served_riders")
    assert "4台" in tab.locator('[data-table="tried"]').inner_text()
    photographed(tab, "dashboard_try")


def test_benchmarks_stand_beside_their_best(tab: Page, planner: str) -> None:
    opened(tab, f"{planner}/solver", '[data-testid="stDataFrame"]')
    assert "計画の質" in tab.locator('[data-testid="stMain"]').inner_text()
    assert "本システムの近傍探索" in tab.locator('[data-testid="stSelectbox"] input').first.input_value()
    tab.locator(CHART).first.wait_for(timeout=PATIENCE_MS)


def test_single_runs_have_a_page_that_says_how_to_make_some(tab: Page, planner: str) -> None:
    opened(tab, f"{planner}/runs", '[data-testid="stCode"]')
    assert "make demo" in tab.locator('[data-testid="stCode"]').inner_text()


def test_the_map_replays_both_cases_on_one_clock(tab: Page, planner: str, study: StudyOutcome) -> None:
    opened(tab, f"{planner}/map", "iframe")
    replay = tab.frame_locator("iframe")
    replay.locator("canvas").first.wait_for(timeout=PATIENCE_MS)
    told = replay.locator("body").inner_text()
    for case in study.cases:
        assert case.title.ja in told
    photographed(tab, "dashboard_map")


def test_access_is_computed_on_request_and_shown(tab: Page, planner: str, study: StudyOutcome) -> None:
    opened(tab, f"{planner}/who", ".st-key-who_compute button")
    tab.locator(".st-key-who_compute button").click()
    tab.wait_for_selector(".m-cards", timeout=2 * PATIENCE_MS)
    settled(tab)
    access = read_access(study)
    assert access is not None
    asked = Question("hospital", 45, "all", "not_counted")
    city = asked.rows(access.places, "on_demand").query("place_kind == 'city'").iloc[0]
    told = re.sub(r"\s+", " ", tab.locator(".m-card").first.inner_text())
    assert f"{100 * city['by_any_least']:.1f}%" in told
    assert f"{100 * city['difference']:.1f}ポイント" in told
    photographed(tab, "dashboard_who")


def test_a_year_s_account_is_reckoned_on_request_and_shown(
    tab: Page, planner: str, study: StudyOutcome, tmp_path: Path
) -> None:
    opened(tab, f"{planner}/money", ".st-key-money_compute button")
    assert f"maas money {study.folder}" in tab.locator('[data-testid="stAlert"]').inner_text()
    tab.locator(".st-key-money_compute button").click()
    tab.wait_for_selector('[data-table="account"]', timeout=PATIENCE_MS)
    settled(tab)
    money = read_money(study)
    assert money is not None
    whole = money.money.query("case == 'on_demand' and service == 'all'").set_index("item")["yen_year"]
    (ratios,) = money.services.query("case == 'on_demand' and service == 'all'").to_dict("records")
    assert f"{whole['public_money'] / 1000:,.0f}千円" in card(tab, "yen_year")
    assert f"{100 * ratios['cost_recovery']:.1f}%" in card(tab, "cost_recovery")
    account = tab.locator('[data-table="account"]').inner_text()
    for item in ("driver", "vehicle", "fares", "national", "city"):
        assert f"{whole[item] / 1000:,.0f}" in account
    assert tab.locator('img[data-chart="payers"]').get_attribute("alt")
    assert tab.locator('[data-table="co2"] tbody tr').count() == 2 * 6  # cases, items
    lines = downloaded(tab, tmp_path / "services.csv")
    assert len(lines) == 2 + len(money.services)  # head, rows, end
    photographed(tab, "dashboard_money")


def test_a_file_for_older_windows_lists_what_it_could_not_write(
    tab: Page, planner: str, tmp_path: Path
) -> None:
    opened(tab, planner, '[data-table="differences"]')
    tab.get_by_role("radio", name="cp932").click()
    settled(tab)
    with tab.expect_download() as waited:
        tab.get_by_role("button", name="CSVを保存").first.click()
    waited.value.save_as(tmp_path / "figures.csv")
    content = (tmp_path / "figures.csv").read_bytes()
    assert "待ち時間 平均" in content.decode("cp932")
    assert not content.startswith(b"\xef\xbb\xbf")
    opened(tab, f"{planner}/about", '[data-table="assumptions"]')
    shown = tab.locator('[data-table="assumptions"]').inner_text()
    assert "60–120件" in shown
    assert "休憩の長さ（市役所のワゴン）" in shown
    tab.get_by_role("radio", name="cp932").click()
    tab.get_by_text("cp932にない文字の置き換え").first.wait_for(timeout=PATIENCE_MS)
    settled(tab)
    with tab.expect_download() as waited:
        tab.get_by_role("button", name="一覧を保存").first.click()
    waited.value.save_as(tmp_path / "list.csv")
    assert "U+" in (tmp_path / "list.csv").read_bytes().decode("cp932")
