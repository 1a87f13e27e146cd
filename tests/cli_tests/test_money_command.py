"""`maas money`: a year's account of a study in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from maas.cli import main
from scenarios.study_definition import load_study
from simulation.study_money import read_money
from simulation.study_runs import run_study
from tests.simulation_tests.studies import write_study


def test_account_is_told_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAAS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "140")
    outcome = run_study(load_study(write_study(tmp_path / "in")), tmp_path / "out").outcome
    assert main(["--lang", "en", "money", str(outcome.folder)]) == 0
    printed = capsys.readouterr().out
    assert "Public money (cost less fares)" in printed
    assert "lifts by family, there and back" in printed
    assert "prefecture: not known" in printed
    found = read_money(outcome)
    assert found is not None
    row = found.money.query("case == 'one' and service == 'all' and item == 'driver'").iloc[0]
    assert f"{row.yen_year / 1000:,.0f}" in printed
    assert main(["--lang", "en", "money", str(outcome.folder), "--case", "one"]) == 0
    alone = capsys.readouterr().out
    assert f"{row.yen_year / 1000:,.0f}" in alone
    assert len(alone) < len(printed)
    assert main(["--lang", "en", "money", str(outcome.folder), "--case", "three"]) == 2
    assert "has no case 'three'; give one of one" in " ".join(capsys.readouterr().err.split())
    assert main(["--lang", "ja", "money", str(outcome.folder)]) == 0
    printed = capsys.readouterr().out
    assert "年間収支（千円）" in printed
    assert "県補助: 不明" in printed
    assert "収支率（%）" in printed


def test_folder_without_a_study_ends_with_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "money", str(tmp_path)]) == 2
    assert "has no study.json" in " ".join(capsys.readouterr().err.split())
