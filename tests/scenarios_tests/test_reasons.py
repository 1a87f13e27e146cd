"""Sources and reasons come in the language of the reader, or are marked as being in the other one."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.errors import ScenarioFileError
from scenarios.loading import available_scenarios, load_scenario
from scenarios.preparation import scenario_hash
from scenarios.provenance import Entry, entries
from scenarios.reasons import is_japanese, reason_text, shipped_reasons


def stated(origin: str, reason_ja: str = "") -> Entry:
    return Entry("service.rules", "notice", "20", "min", origin, reason_ja=reason_ja)


def shipped_origins() -> set[str]:
    return {
        entry.reason
        for name, _ in available_scenarios()
        for entry in entries(load_scenario(name))
        if entry.reason
    }


def test_every_reason_of_a_shipped_scenario_is_in_japanese_and_none_is_left_over() -> None:
    used = shipped_origins()
    assert len(used) > 150
    assert used - set(shipped_reasons()) == set()
    assert set(shipped_reasons()) - used == set()
    for english, japanese in shipped_reasons().items():
        assert not is_japanese(english), english
        assert is_japanese(japanese), japanese


@pytest.mark.parametrize(
    ("entry", "english", "japanese"),
    [
        (stated("own knowledge"), "own knowledge", "経験からの推量"),
        (stated("assumption: own knowledge"), "own knowledge", "経験からの推量"),
        (stated("assumption"), "", ""),
        (stated("survey, +-5 %", "調査、±5%"), "survey, ±5 %", "調査、±5%"),
        (stated("a survey"), "a survey", "a survey（英語の原文）"),
        (stated("聞き取り調査"), "聞き取り調査 (original in Japanese)", "聞き取り調査"),
        (stated("assumption", "聞き取り調査"), "聞き取り調査 (original in Japanese)", "聞き取り調査"),
        (stated("assumption: set by the study vans"), "set by the study vans", "スタディvansでの設定"),
    ],
)
def test_reasons_are_told_in_the_readers_language(entry: Entry, english: str, japanese: str) -> None:
    assert reason_text(entry, "en") == english
    assert reason_text(entry, "ja") == japanese


def test_a_sentence_is_japanese_by_its_letters_and_not_by_names_or_addresses() -> None:
    assert not is_japanese(
        "riders whose trip no line serves ask as often as those of うのはな号 and コンタ号"
    )
    assert is_japanese("富岡市「愛タク」 (https://mayutoito.jp/column/aitaku202101)")
    assert not is_japanese("8-17")


def test_a_scenario_says_a_reason_in_japanese_beside_and_its_hash_stays(tmp_path: Path) -> None:
    text = (
        'extends = "sakura_on_demand"\n[service.rules]\n'
        'notice = { value = 9, unit = "min", assumption = "try"JA }\n'
    )
    (tmp_path / "both.toml").write_text(text.replace("JA", ', ja = "試行"'), encoding="utf-8")
    (tmp_path / "one.toml").write_text(text.replace("JA", ""), encoding="utf-8")
    both, one = (load_scenario(str(tmp_path / f"{name}.toml")) for name in ("both", "one"))
    (entry,) = [entry for entry in entries(both) if (entry.section, entry.key) == ("service.rules", "notice")]
    assert (reason_text(entry, "en"), reason_text(entry, "ja")) == ("try", "試行")
    assert scenario_hash(both, "roads") == scenario_hash(one, "roads")
    (tmp_path / "none.toml").write_text(text.replace("JA", ', ja = " "'), encoding="utf-8")
    with pytest.raises(ScenarioFileError, match=r"none\.toml.*notice.*is empty"):
        load_scenario(str(tmp_path / "none.toml"))
