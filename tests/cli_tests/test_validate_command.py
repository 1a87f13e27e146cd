"""`maas validate`: what it prints, keeps and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from maas.cli import main
from maas.cli.console import set_language
from simulation import validation
from simulation.replications import run_series
from simulation.series import Series, WorkloadChoice
from simulation.validation_rows import ValidationRow, Verdict, read_validation
from tests.simulation_tests.study_inputs import write_workload
from tests.simulation_tests.test_validation import row

Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _own_folder_and_language(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> object:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAAS_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("COLUMNS", "100")
    yield
    set_language(None)


def found(monkeypatch: pytest.MonkeyPatch, *verdict: Verdict) -> None:
    """As if the queues had been found so."""

    def run(mielec: Path | None, progress: validation.Progress) -> list[ValidationRow]:
        return [row("queues", one) for one in verdict]

    monkeypatch.setattr(validation, "_PARTS", dict.fromkeys(validation.PARTS, run))


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        (("holds",), 0),
        (("holds", "information", "skipped"), 0),
        (("holds", "fails"), 1),
    ],
)
def test_exit_code_tells_whether_all_hold(
    verdicts: tuple[Verdict, ...], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found(monkeypatch, *verdicts)
    assert main(["validate", "--only", "queues"]) == code


def test_table_is_printed_in_both_languages(monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> None:
    found(monkeypatch, "holds", "fails")
    assert main(["--lang", "en", "validate", "--only", "queues"]) == 1
    printed = capsys.readouterr().out
    assert "Queues with known answers" in printed
    assert "FAILS" in printed
    assert "1 checks hold, 1 fail, 0 for information, 0 skipped." in printed
    assert main(["--lang", "ja", "validate", "--only", "queues"]) == 1
    printed = capsys.readouterr().out
    assert "不適合" in printed
    assert "適合1件、不適合1件、参考0件、省略0件。" in printed


def test_json_is_the_file_that_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    found(monkeypatch, "fails")
    assert main(["validate", "--only", "queues", "--json", "--out", "v.json"]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))
    assert printed["holds"] is False
    assert read_validation(tmp_path / "v.json") == (row("queues", "fails"),)


def test_outcomes_are_checked_alone(tmp_path: Path, capsys: Printed) -> None:
    ring = write_workload(tmp_path / "ring")
    run_series(Series(WorkloadChoice(str(ring))), tmp_path / "out")
    assert main(["--lang", "en", "validate", "out"]) == 0
    printed = capsys.readouterr().out
    assert "7 checks hold, 0 fail" in printed
    assert "Queues" not in printed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only", "everything"], "part of the validation is 'everything'; give one of conservation"),
        (["nowhere"], "nowhere: does not exist; give a journal"),
        (["--only", "queues", "somewhere"], "--only chooses parts of the whole validation"),
    ],
)
def test_wrong_input_is_one_sentence_and_code_two(arguments: list[str], words: str, capsys: Printed) -> None:
    assert main(["--lang", "en", "validate", *arguments]) == 2
    printed = " ".join(capsys.readouterr().err.split())
    assert words in printed.replace("│ ", "").replace(" │", "")
    assert "Traceback" not in printed


def test_changed_journal_is_refused(tmp_path: Path, capsys: Printed) -> None:
    (tmp_path / "journal.jsonl").write_text("{}\n", encoding="utf-8")
    assert main(["--lang", "en", "validate", "journal.jsonl"]) == 2
    assert "journal.jsonl" in capsys.readouterr().err
