"""A report shows a day on the map: as it was kept, or simulated again if it comes out the same."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from dashboards.report.moving_map import moving_map, shown_cases
from maas.cli import main
from simulation.study_journal import day_journal
from simulation.study_outcome import StudyOutcome, read_study
from simulation.study_store import METRICS, PARTS, SCENARIOS


@pytest.fixture
def without_journals(studies: Path, tmp_path: Path) -> StudyOutcome:
    """Three days of `today_or_on_demand` whose parts were thrown away."""
    folder = tmp_path / "study"
    shutil.copytree(studies / "studies" / "today_or_on_demand", folder, ignore=shutil.ignore_patterns(PARTS))
    return read_study(folder)


def test_a_kept_day_is_shown_without_remark(studies: Path) -> None:
    study = read_study(studies / "studies" / "today_or_on_demand")
    shown = moving_map(study, "en")
    assert shown.page is not None
    assert shown.remark is None
    assert all(day_journal(study, case.name).is_kept for case in study.cases)


def test_a_day_that_was_not_kept_is_simulated_again(studies: Path, without_journals: StudyOutcome) -> None:
    kept = read_study(studies / "studies" / "today_or_on_demand")
    for case in ("today", "on_demand"):
        found = day_journal(without_journals, case)
        assert not found.is_kept
        assert found.journal is not None
        assert found.journal.closing_hash == kept.journal(case).closing_hash
    shown = moving_map(without_journals, "en")
    assert shown.page == moving_map(kept, "en").page
    assert shown.remark is not None
    assert "simulated again, and every figure of the day came out as in the study" in shown.remark.en


def test_a_day_that_comes_out_otherwise_is_not_shown_and_the_report_says_so(
    without_journals: StudyOutcome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = without_journals.folder / METRICS
    figures = pd.read_parquet(path)
    figures.loc[(figures["case"] == "on_demand") & (figures["seed"] == 1), "served_riders"] += 1
    figures.to_parquet(path, index=False)
    out = tmp_path / "report"
    assert main(["report", str(without_journals.folder), "--out", str(out), "--lang", "en"]) == 0
    page = (out / "report.html").read_text(encoding="utf-8")
    told = " ".join(capsys.readouterr().err.split())
    for text in (page, told):
        assert "No moving map: no journal of day 1 was kept, and this program makes another day of it" in text
        assert "the first is served_riders" in text
        assert "`maas study today_or_on_demand --again`" in text
    assert 'class="replay"' not in page


def test_reasons_are_told_where_the_folder_does_not_tell_enough(
    without_journals: StudyOutcome, wagons: StudyOutcome, tmp_path: Path
) -> None:
    (without_journals.folder / SCENARIOS).unlink()
    remark = moving_map(read_study(without_journals.folder), "ja").remark
    assert remark is not None
    assert "シナリオの記録がない" in remark.ja
    folder = tmp_path / "wagons"
    shutil.copytree(wagons.folder, folder, ignore=shutil.ignore_patterns(PARTS))
    remark = moving_map(read_study(folder), "en").remark
    assert remark is not None
    assert "its requests were recorded ones" in remark.en


def test_a_study_of_futures_shows_its_first_future_beside_the_baseline(futures_study: StudyOutcome) -> None:
    first, second = shown_cases(futures_study)
    assert futures_study.baseline(second.name) == first.name
    assert first.point == second.point


def test_a_study_of_another_program_says_so_on_every_paper(
    wagons: StudyOutcome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = tmp_path / "study", tmp_path / "report"
    shutil.copytree(wagons.folder, folder)
    said = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    said["program"]["sources"] = "0123456789abcdef"
    said["program"]["versions"]["numpy"] = "1.0.0"
    (folder / "study.json").write_text(json.dumps(said), encoding="utf-8")
    assert main(["report", str(folder), "--out", str(out), "--lang", "en"]) == 0
    told = " ".join(capsys.readouterr().err.split())
    words = "Simulated by another version of the program: maas 0.1.0-01234567, numpy 1.0.0, not maas 0.1.0-"
    assert words in told
    assert "run `maas study wagons --again`" in told
    assert words in (out / "report.html").read_text(encoding="utf-8")
    from pypdf import PdfReader

    first_page = PdfReader(out / "report.pdf").pages[0].extract_text()
    assert "".join(words.split()) in re.sub(r"[\s\u200b]", "", first_page)
    capsys.readouterr()
    assert main(["report", str(wagons.folder), "--out", str(out), "--lang", "en"]) == 0
    assert "another version" not in capsys.readouterr().err
