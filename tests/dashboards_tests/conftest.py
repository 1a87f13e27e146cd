"""Small studies that tests of reports and pages share, a browser, and the planner's pages in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from scenarios.study_definition import load_study
from simulation.study_outcome import StudyOutcome
from simulation.study_runs import run_study
from tests.simulation_tests.studies import STUDY, write_study
from tests.support.browser import HEIGHT, SCREENSHOTS, WIDTH, chromium, served_planner

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FIGURES: Final = '"served_riders_share", "wait_mean_s", "wait_p95_s", "public_money_yen"]'

DAYS: Final = 20 if os.environ.get(SCREENSHOTS) else 3
"""Of the study in the pages: few are enough for tests, pictures want more."""

FLEETS: Final = """
baseline = "on_demand.vans-6"
figures = ["served_riders", "wait_mean_s", "public_money_yen"]
title = { en = "Two fleets", ja = "二つの台数" }
question = { en = "Are four vans enough?", ja = "4台で足りるか。" }
thresholds = { served_riders = { better = "higher", by = 1 } }

[days]
replications = 2

[[variants]]
name = "on_demand"
title = { en = "on demand", ja = "オンデマンド" }
scenario = "sakura_on_demand"

[[grid]]
name = "vans"
title = { en = "vans:", ja = "台数:" }
parameter = "service.fleet.vans"
values = [4, 6]
"""


AXIS = """
[[grid]]
name = "range"
title = { en = "ranges", ja = "幅" }
ranges = "KIND"
"""


def _run(folder: Path, cache: Path, text: str, replications: int) -> StudyOutcome:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAAS_CACHE_DIR", str(cache))
        study = load_study(write_study(folder / "in", text))
        return run_study(study, folder / "out", replications=replications).outcome


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where travel times are kept."""
    return tmp_path_factory.getbasetemp() / "cache"


@pytest.fixture(scope="session")
def tornado_study(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> StudyOutcome:
    """One wagon against two, the numbers that `sakura_on_demand` gives a range one at a time, two days."""
    text = STUDY.partition("[[grid]]")[0].replace("is_on_grid = false\n", "")
    text += AXIS.replace("KIND", "one_at_a_time") + 'parameters = ["service.rules.stop", "walking.detour"]\n'
    return _run(tmp_path_factory.mktemp("tornado"), cache, text, 2)


@pytest.fixture(scope="session")
def futures_study(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> StudyOutcome:
    """One wagon against two in three futures of two days."""
    text = STUDY.partition("[[grid]]")[0].replace("is_on_grid = false\n", "")
    text += AXIS.replace("KIND", "futures") + "count = 3\n"
    return _run(tmp_path_factory.mktemp("futures"), cache, text, 2)


@pytest.fixture(scope="session")
def wagons(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> StudyOutcome:
    """One wagon against two with two deadlines: three cases of six days over a line of 30 nodes."""
    return _run(tmp_path_factory.mktemp("wagons"), cache, STUDY.replace('"wait_mean_s"]', FIGURES), 6)


@pytest.fixture(scope="session")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of outcomes with a few days of `today_or_on_demand` and two of a study of fleets."""
    runs = tmp_path_factory.mktemp("runs")
    shipped = load_study("today_or_on_demand")
    run_study(shipped, runs / "studies" / shipped.name, replications=DAYS)
    file = tmp_path_factory.mktemp("own") / "two_fleets.toml"
    file.write_text(FLEETS, encoding="utf-8")
    run_study(load_study(file), runs / "studies" / "two_fleets")
    return runs


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; the test is skipped where there is none, unless it is required.

    One a module: its driver keeps an event loop running, beside which tests of the live clock fail.
    """
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def planner(browser: Browser, studies: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the planner's pages over `studies`."""
    with served_planner(studies, tmp_path_factory.mktemp("log") / "server.log") as address:
        yield address


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A tab of the size of a municipal laptop that asks no other machine for anything."""
    asked: list[str] = []
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="ja-JP")
    page.on("request", lambda request: asked.append(request.url))
    yield page
    page.close()
    outside = [url for url in asked if not url.startswith(("http://localhost:", "data:", "blob:", "file:"))]
    assert not outside, f"the page asked other machines: {outside[:3]}"
