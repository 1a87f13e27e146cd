"""`maas report`: papers in a folder, whole or not at all, and refusals in one sentence with exit code 2."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from dashboards.report import folder as report_folder
from dashboards.report import pdf
from maas.cli import main
from simulation.study_outcome import StudyOutcome
from simulation.study_store import STUDY


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Does a second wagon help?"), ("ja", "2台目は役立つか")]
)
def test_report_is_made_in_both_languages(
    language: str, words: str, wagons: StudyOutcome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report"
    assert main(["report", str(wagons.folder), "--out", str(out), "--lang", language]) == 0
    printed = capsys.readouterr().out
    said = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert said["language"] == language
    papers = {"report.pdf", "self_evaluation.pdf", "report.html", "report.xlsx", "csv/kpi.csv"}
    assert papers | {"csv/definitions.csv"} <= set(said["files"])
    for name, digest in said["files"].items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
        assert str(out / name) in printed
    assert words in PdfReader(out / "report.pdf").pages[0].extract_text().replace("\n", "")
    page = (out / "report.html").read_text(encoding="utf-8")
    assert words in page
    assert 'class="replay"' in page
    assert (out / "csv" / "kpi.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_csv_files_in_cp932_tell_what_could_not_be_written(
    wagons: StudyOutcome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study, out = tmp_path / "study", tmp_path / "report"
    shutil.copytree(wagons.folder, study)
    said = json.loads((study / STUDY).read_text(encoding="utf-8"))
    said["cases"][0]["title"]["ja"] = "𠮷野家前"
    (study / STUDY).write_text(json.dumps(said), encoding="utf-8")
    assert main(["report", str(study), "--out", str(out), "--lang", "ja", "--encoding", "cp932"]) == 0
    assert "〓野家前" in (out / "csv" / "wait_quantiles.csv").read_bytes().decode("cp932")
    assert "U+20BB7" in (out / "csv" / "unwritten_characters.csv").read_bytes().decode("cp932")
    told = capsys.readouterr()
    assert "cp932で書けない文字があり" in told.out + told.err


def test_same_study_gives_the_same_files_and_an_older_report_is_replaced(
    wagons: StudyOutcome, tmp_path: Path
) -> None:
    out = tmp_path / "report"
    command = ["report", str(wagons.folder), "--out", str(out), "--lang", "ja"]
    assert main(command) == 0
    first = (out / "report.json").read_bytes()
    (out / "left_over.txt").write_text("old", encoding="utf-8")
    assert main(command) == 0
    assert (out / "report.json").read_bytes() == first
    assert not (out / "left_over.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["--lang", "en", "report", *arguments]) == 2
    told = capsys.readouterr().err
    assert "Traceback" not in told
    return " ".join(told.split())


def test_no_study_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = refused(["how_many_vans"], capsys)
    assert "there is no runs/studies/how_many_vans; run maas study first, or give its folder" in told
    (tmp_path / "empty").mkdir()
    assert "has no study.json; give the folder that maas study wrote" in refused(["empty"], capsys)
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [({"is_complete": False}, "the study is not finished"), ({"format": 0}, "format")],
)
def test_unfinished_and_older_studies_are_told(
    change: dict[str, object],
    message: str,
    wagons: StudyOutcome,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    study = tmp_path / "study"
    shutil.copytree(wagons.folder, study)
    said = json.loads((study / STUDY).read_text(encoding="utf-8"))
    (study / STUDY).write_text(json.dumps(said | change), encoding="utf-8")
    assert message in refused([str(study), "--out", str(tmp_path / "out")], capsys)
    assert not (tmp_path / "out").exists()


def test_folder_with_other_content_is_never_touched(
    wagons: StudyOutcome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    told = refused([str(wagons.folder), "--out", str(tmp_path)], capsys)
    assert "holds something else than a report, which would be lost" in told
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    told = refused([str(wagons.folder), "--out", str(tmp_path / "letter.txt")], capsys)
    assert "is no folder; name a folder for the report" in told


def test_folder_without_write_permission_is_told(
    wagons: StudyOutcome, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(self: Path, *rest: object, **named: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", denied)  # a superuser may write everywhere
    told = refused([str(wagons.folder), "--out", str(tmp_path / "out")], capsys)
    assert "out: cannot be written (Permission denied); choose a folder that is writable" in told


def test_nothing_is_half_written_when_the_font_is_missing(
    wagons: StudyOutcome, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    older = tmp_path / "report"
    older.mkdir()
    (older / report_folder.CONTENTS).write_text("{}", encoding="utf-8")
    monkeypatch.setattr(pdf, "packaged_font_folder", lambda: None)
    told = refused([str(wagons.folder), "--out", str(older)], capsys)
    assert "the font IPAexGothic is missing; install it with: pip install matplotlib-fontja" in told
    assert "making" not in told  # at once, before anything is computed
    assert [path.name for path in older.iterdir()] == ["report.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["report"]
