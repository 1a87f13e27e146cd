"""Reasons of lower packages are one sentence in the language of the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.evidence.vehicle_names import groups_note, groups_of, step_title
from dashboards.planner.reasons import reason_text, system_text
from maas.store.journal import read_journal
from scenarios.loading import load_scenario
from simulation.study_outcome import StudyOutcome, read_study
from simulation.study_tables import chosen_cases

ENGLISH = re.compile(r"\b(cannot|missing|again|folder|give|format is|version)\b")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            "runs/a/study.json: format is 1, this program reads 2; run the study again into another folder",
            "runs/a/study.jsonの形式は1で、このプログラムが読む形式2と違います。"
            "maas studyの--outで別のフォルダーを指定し、計算し直してください。",
        ),
        (
            "runs/a/metrics.parquet: cannot be read (Parquet magic bytes not found); run the study again",
            "runs/a/metrics.parquetを読み込めません（内容が壊れています）。"
            "maas studyをもう一度実行してください。",
        ),
        (
            "runs/a/money: cannot be written (Permission denied);"
            " choose a folder that is writable and has room",
            "runs/a/moneyに書き込めません（権限がありません）。"
            "書き込めて空きのあるフォルダーを選んでください。",
        ),
        (
            "runs/b/metrics.json: has 2 days, provenance.json names 3; simulate again",
            "runs/b/metrics.jsonの日数が記録と合いません。maas simulateで計算し直してください。",
        ),
        ("something new went wrong", "something new went wrong（英語の原文のまま）"),
    ],
)
def test_a_reason_is_japanese_with_its_remedy(told: str, said: str) -> None:
    assert reason_text(told, "ja") == said
    assert reason_text(told, "en") == told


def test_what_reading_a_study_says_is_known(wagons: StudyOutcome, tmp_path: Path) -> None:
    faults = []
    content = json.loads((wagons.folder / "study.json").read_text(encoding="utf-8"))
    for text in ("{", "[]", '{"format": 0}', json.dumps({**content, "is_complete": False})):
        (tmp_path / "study.json").write_text(text, encoding="utf-8")
        faults.append(_fault(lambda: read_study(tmp_path)))
    del content["cases"][0]["name"]
    (tmp_path / "study.json").write_text(json.dumps(content), encoding="utf-8")
    faults.append(_fault(lambda: read_study(tmp_path)))
    faults.append(_fault(lambda: chosen_cases(wagons, ["none"])))
    faults.append(_fault(lambda: read_journal(tmp_path / "journal.parquet")))
    (tmp_path / "journal.parquet").write_bytes(b"PAR1")
    faults.append(_fault(lambda: read_journal(tmp_path / "journal.parquet")))
    for fault in faults:
        said = reason_text(fault, "ja")
        assert "英語の原文" not in said, fault
        assert said.endswith("。"), said
        assert not ENGLISH.search(said), said


def _fault(action: Callable[[], object]) -> str:
    with pytest.raises((ValueError, OSError)) as caught:
        action()
    return str(caught.value)


def test_what_the_system_says_of_a_file_is_translated() -> None:
    assert system_text("Permission denied", "ja") == "権限がありません"
    assert system_text("Permission denied", "en") == "Permission denied"


def test_vehicles_with_a_code_for_a_name_are_told_in_words() -> None:
    titles = groups_of(load_scenario("sakura_on_demand"), "ja")
    assert titles == {
        "U": "市役所のワゴン",
        "UW": "市役所の車いす対応ワゴン",
        "K": "喜連川支所のワゴン",
        "KW": "喜連川支所の車いす対応ワゴン",
    }
    assert groups_of(load_scenario("sakura_today"), "ja") == {}, "うのはな stands for itself"
    assert groups_note({"U": "wagon (city hall)"}, "en") == "U: wagon (city hall)"
    line = {"step": "van_less.KW", "title_ja": "車両KWを1台減らす", "title_en": "one vehicle KW less"}
    assert step_title(line, titles, "ja") == "喜連川支所の車いす対応ワゴンを1台減らす"
    assert step_title({**line, "step": "hour.later"}, titles, "ja") == line["title_ja"]
