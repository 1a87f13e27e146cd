"""The page of single runs shows what outcome folders say; the frame tells what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import dashboards.planner
from dashboards.planner.outcome_tables import (
    LONGEST_WAIT_MIN,
    outcome_folders,
    requests_by_hour,
    wait_shares,
)
from maas.i18n.figures import BY_KEY
from maas.i18n.wording import Language
from simulation.outcome_folder import METRICS, PROVENANCE
from simulation.outcomes import FORMAT, REQUESTS

APP = Path(dashboards.planner.__file__).with_name("app.py")


def requests(rows: list[tuple[str, int | None, int]]) -> pd.DataFrame:
    """(status, wait_s, wish_s) of each request."""
    table = pd.DataFrame(rows, columns=["status", "wait_s", "wish_s"])
    return table.astype({"status": "category", "wait_s": "Int64"})


DAY = requests(
    [
        ("done", 299, 8 * 3600),  # below 5 min
        ("done", 300, 8 * 3600 + 3599),  # 5 to 10 min, still hour 8
        ("done", 599, 9 * 3600),  # 5 to 10 min
        ("aboard", 7200, 10 * 3600),  # longer than the chart
        ("refused", None, 9 * 3600),
        ("cancelled", None, 9 * 3600),
    ]
)


def write_outcome(folder: Path, name: str, served_share: float, more: dict[str, Any] | None = None) -> None:
    seeds = (1, 2)
    days = [{"seed": seed, "served_share": served_share} for seed in seeds]
    places = [f"replication-{index:03d}" for index in range(len(seeds))]
    share = {"mean": served_share, "ci95_low": served_share - 0.02, "ci95_high": served_share + 0.02}
    wait = {"mean": 150.0, "ci95_low": None, "ci95_high": None}
    intervals = {"served_share": share, "wait_mean_s": wait, **(more or {})}
    figures: dict[str, Any] = {"intervals": intervals, "days": days}
    provenance = {
        "format": FORMAT,
        "name": name,
        "title": {"en": f"{name} in English", "ja": f"{name}の日本語名"},
        "network": {"is_approximate": True, "credits": ["© OpenStreetMap contributors"]},
        "days": [
            {"seed": seed, "folder": place, "journal": f"{place}/journal.parquet", "sha256": "0" * 64}
            for seed, place in zip(seeds, places, strict=True)
        ],
        "original_day": None,
    }
    for place in places:
        (folder / place).mkdir(parents=True)
        DAY.to_parquet(folder / place / REQUESTS)
    (folder / METRICS).write_text(json.dumps(figures), encoding="utf-8")
    (folder / PROVENANCE).write_text(json.dumps(provenance), encoding="utf-8")


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "runs"
    root.mkdir()
    monkeypatch.setenv("MAAS_RUNS", str(root))
    return root


def head(key: str, language: Language = "ja") -> str:
    return BY_KEY[key].head(language)


PAGE = """
from dashboards.planner import runs_page
from dashboards.planner.frame import Frame, shown
from dashboards.planner.shelf import root_folder

shown(runs_page.page, Frame("LANGUAGE", root_folder(), None), needs_study=False)
"""


def opened(language: Language = "ja") -> AppTest:
    """The page of single runs."""
    app = AppTest.from_string(PAGE.replace("LANGUAGE", language), default_timeout=60).run()
    assert not app.exception
    return app


def whole() -> AppTest:
    """All pages; the first one is shown."""
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not app.exception
    return app


def test_without_a_study_the_first_page_says_how_to_get_one(runs: Path) -> None:
    app = whole()
    assert "maas study today_or_on_demand" in app.info[0].value
    assert not app.markdown, "a text of the script itself is on the page"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "JSONとして読めません"),
        ('{"format": 0}', "形式は0で"),
        (f'{{"format": {FORMAT}, "is_complete": true}}', "項目nameがない"),
    ],
)
def test_a_broken_study_is_told_in_a_sentence_and_left_out(runs: Path, content: str, told: str) -> None:
    folder = runs / "studies" / "torn"
    folder.mkdir(parents=True)
    (folder / "study.json").write_text(content, encoding="utf-8")
    app = whole()
    assert told in app.warning[0].value
    assert "torn" in app.warning[0].value
    assert app.info, "no study is left to be shown"


def test_a_study_that_is_still_computed_is_no_fault(runs: Path) -> None:
    folder = runs / "studies" / "under_way"
    folder.mkdir(parents=True)
    (folder / "study.json").write_text(f'{{"format": {FORMAT}, "is_complete": false}}', encoding="utf-8")
    assert not whole().warning


def test_an_empty_folder_says_how_to_make_outcomes(runs: Path) -> None:
    app = opened()
    assert "結果がまだありません" in app.info[0].value
    assert "make demo" in app.code[0].value
    assert not app.table


def test_figures_come_from_metrics_json_with_their_intervals(runs: Path) -> None:
    cost = {"cost_yen": {"mean": 12345.0, "ci95_low": None, "ci95_high": None}}
    write_outcome(runs / "today", "today", 0.9, cost)
    write_outcome(runs / "demo" / "on_demand", "on_demand", 0.98)
    app = opened()
    table = app.table[0].value
    assert list(table.columns) == ["on_demandの日本語名 (demo/on_demand)", "todayの日本語名 (today)"]
    assert table.loc["日数"].tolist() == ["2", "2"]
    assert table.loc[head("served_share")].tolist() == ["98.0 (96.0 – 100.0)", "90.0 (88.0 – 92.0)"]
    assert table.loc[head("cost_yen")].tolist() == ["–", BY_KEY["cost_yen"].number(12345.0)]
    assert table.loc[head("wait_mean_s")].tolist() == [BY_KEY["wait_mean_s"].number(150.0)] * 2


def test_the_page_is_english_on_request(runs: Path) -> None:
    write_outcome(runs / "today", "today", 0.9)
    app = opened("en")
    assert app.subheader[0].value == "Figures"
    assert head("served_share", "en") in app.table[0].value.index
    assert any("approximation" in caption.value for caption in app.caption)


def test_roads_that_are_approximate_and_credits_are_named(runs: Path) -> None:
    write_outcome(runs / "today", "today", 0.9)
    captions = [caption.value for caption in opened().caption]
    assert any("近似" in caption for caption in captions)
    assert "© OpenStreetMap contributors" in captions


def test_an_outcome_that_cannot_be_read_is_told_and_left_out(runs: Path) -> None:
    write_outcome(runs / "today", "today", 0.9)
    write_outcome(runs / "torn", "torn", 0.9)
    (runs / "torn" / METRICS).write_text("{", encoding="utf-8")
    app = opened()
    assert "torn" in app.warning[0].value
    assert list(app.table[0].value.columns) == ["todayの日本語名 (today)"]


def test_nothing_chosen_asks_for_a_choice(runs: Path) -> None:
    write_outcome(runs / "today", "today", 0.9)
    app = opened()
    app.multiselect[0].set_value([]).run()
    assert "選んでください" in app.info[0].value


def test_outcomes_being_written_are_not_listed(tmp_path: Path) -> None:
    write_outcome(tmp_path / "today", "today", 0.9)
    write_outcome(tmp_path / ".today.1.new", "today", 0.9)
    assert outcome_folders(tmp_path) == [tmp_path / "today"]


def test_waits_are_counted_in_steps_of_five_minutes_and_the_last_bar_takes_the_rest() -> None:
    shares = wait_shares(DAY)  # 4 boarded: 25 % each
    assert shares[shares > 0].to_dict() == {0: 25.0, 5: 50.0, LONGEST_WAIT_MIN: 25.0}


def test_requests_count_in_the_hour_of_their_wish() -> None:
    counts = requests_by_hour(pd.concat([DAY, DAY]).astype({"status": str}), days=2, language="en")
    assert counts.index.tolist() == [8, 9, 10]
    assert counts["served"].tolist() == [2.0, 1.0, 1.0]
    assert counts["refused"].tolist() == [0.0, 1.0, 0.0]
    assert counts["declined, cancelled or not there"].tolist() == [0.0, 1.0, 0.0]


def test_days_without_requests_make_empty_charts() -> None:
    nobody = requests([])
    assert wait_shares(nobody).sum() == 0
    assert requests_by_hour(nobody, days=1, language="ja").empty
