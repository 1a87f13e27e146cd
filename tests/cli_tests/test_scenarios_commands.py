"""`maas scenarios list` and `maas scenarios show`."""

from __future__ import annotations

import pytest

from maas.cli import main
from maas.cli.console import set_language


@pytest.fixture(autouse=True)
def _language_of_the_locale() -> object:
    yield
    set_language(None)


def test_list_names_every_shipped_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "scenarios", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [
        "sakura_2040",
        "sakura_on_demand",
        "sakura_on_demand_door",
        "sakura_phone",
        "sakura_r293_closed",
        "sakura_school_buses",
        "sakura_today",
    ]


def test_show_prints_each_number_with_its_source_or_the_word_assumption(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    assert main(["--lang", "en", "scenarios", "show", "sakura_2040"]) == 0
    shown = capsys.readouterr().out
    assert "[service.rules]" in shown
    lines = {line.split()[0]: line for line in shown.splitlines() if line.strip()}
    assert lines["notice"].split(maxsplit=3)[1:3] == ["20", "min"]
    assert "Tomioka 愛タク (https://mayutoito.jp/column/aitaku202101)" in lines["notice"]
    assert "assumption: latest pickup after the wished time" in lines["max_wait"]
    assert "41913 people  Sakura City digital-transformation policy" in shown


def test_assumptions_are_shown_alone_on_request(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    assert main(["--lang", "ja", "scenarios", "show", "sakura_today", "--assumptions"]) == 0
    shown = capsys.readouterr().out
    assert "仮定: 1時間おきの便" in shown
    assert "高根沢町" not in shown


def test_unknown_scenario_is_one_sentence_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "scenarios", "show", "sakura_tody"]) == 2
    told = capsys.readouterr().err
    assert (
        told == "Error: sakura_tody is neither a shipped scenario nor a file; did you mean 'sakura_today'?\n"
    )
