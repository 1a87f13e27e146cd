"""Tables beside a study: which cases they have, and when they are of the past."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from maas.i18n.study_tables import missing
from scenarios.study_definition import load_study
from simulation import study_tables
from simulation.errors import OutcomeError
from simulation.study_outcome import StudyOutcome, read_study
from simulation.study_runs import run_study
from simulation.study_tables import chosen_cases, read_tables, what_changed, with_other_cases, write_tables
from tests.simulation_tests.studies import write_study

NAME = "money"


@pytest.fixture
def outcome(tmp_path: Path) -> StudyOutcome:
    return run_study(load_study(write_study(tmp_path / "in")), tmp_path / "out", replications=2).outcome


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of rules on which the tables rest."""
    file = tmp_path / "rules.toml"
    file.write_text("driver_share = 1", encoding="utf-8")
    monkeypatch.setitem(study_tables.RULES, NAME, (1, (file,)))  # type: ignore[arg-type] # a dict is behind it
    return file


def rows(*cases: str, value: int = 1) -> dict[str, pd.DataFrame]:
    return {"yen": pd.DataFrame({"case": list(cases), "value": [value] * len(cases)})}


def test_tables_are_of_the_past_when_what_they_rest_on_changes(outcome: StudyOutcome, rules: Path) -> None:
    assert what_changed(outcome, NAME) is None
    write_tables(outcome, NAME, rows("one"), {"days": 2})
    assert what_changed(outcome, NAME) == ()
    rules.write_text("driver_share = 2", encoding="utf-8")
    assert what_changed(outcome, NAME) == ("rules.toml",)
    assert read_tables(outcome, NAME, ["yen"]) is None
    rules.write_text("driver_share = 1", encoding="utf-8")
    assert read_tables(outcome, NAME, ["yen"]) is not None


def test_tables_are_of_the_past_when_days_study_or_method_change(
    outcome: StudyOutcome, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tables(outcome, NAME, rows("one"), {})
    monkeypatch.setitem(study_tables.RULES, NAME, (2, (rules,)))  # type: ignore[arg-type] # a dict is behind it
    assert what_changed(outcome, NAME) == ("method",)
    monkeypatch.setitem(study_tables.RULES, NAME, (1, (rules,)))  # type: ignore[arg-type] # a dict is behind it
    longer = StudyOutcome(outcome.folder, {**outcome.provenance, "replications": 9})
    assert what_changed(longer, NAME) == ("study.json",)
    metrics = pd.read_parquet(outcome.folder / "metrics.parquet")
    metrics.assign(served=0).to_parquet(outcome.folder / "metrics.parquet")
    assert what_changed(read_study(outcome.folder), NAME) == ("metrics.parquet",)


def test_tables_of_an_older_version_are_of_the_past(outcome: StudyOutcome, rules: Path) -> None:
    write_tables(outcome, NAME, rows("one"), {})
    file = outcome.folder / NAME / f"{NAME}.json"
    said = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({"study": said["rests_on"]["study.json"]}), encoding="utf-8")
    assert what_changed(outcome, NAME) == ("method",)


def test_rules_that_are_not_there_are_told(outcome: StudyOutcome, rules: Path) -> None:
    write_tables(outcome, NAME, rows("one"), {})
    rules.unlink()
    with pytest.raises(OutcomeError, match=r"rules\.toml: cannot be read"):
        what_changed(outcome, NAME)


def test_other_cases_keep_their_rows_in_the_order_of_the_study(outcome: StudyOutcome, rules: Path) -> None:
    first, *_, last = [case.name for case in outcome.cases]
    facts = {"days": 2, "minutes": (30, 45)}
    write_tables(outcome, NAME, rows(last, last), facts)
    joined = with_other_cases(outcome, NAME, rows(first, value=2), facts)["yen"]
    assert joined.to_dict("list") == {"case": [first, last, last], "value": [2, 1, 1]}
    again = with_other_cases(outcome, NAME, rows(last, value=3), facts)["yen"]
    assert again.to_dict("list") == {"case": [last], "value": [3]}


def test_rows_that_rest_on_something_else_are_not_kept(outcome: StudyOutcome, rules: Path) -> None:
    first, *_, last = [case.name for case in outcome.cases]
    write_tables(outcome, NAME, rows(last), {"days": 2})
    assert list(with_other_cases(outcome, NAME, rows(first), {"days": 1})["yen"]["case"]) == [first]
    rules.write_text("driver_share = 2", encoding="utf-8")
    assert list(with_other_cases(outcome, NAME, rows(first), {"days": 2})["yen"]["case"]) == [first]


def test_unknown_cases_are_refused_with_the_known_ones(outcome: StudyOutcome) -> None:
    assert chosen_cases(outcome, []) == list(outcome.cases)
    names = [case.name for case in outcome.cases]
    assert [case.name for case in chosen_cases(outcome, names[::-1])] == names
    with pytest.raises(OutcomeError, match=f"has no case 'none'; give one of {names[0]}"):
        chosen_cases(outcome, [names[0], "none"])


def test_reader_is_told_what_changed_and_what_to_run() -> None:
    assert missing("money", ("money.toml",)).en == (
        "The account of a year is not shown, as it was computed before a change of money.toml:"
        " run maas money on the folder of the study again."
    )
    assert "maas access F " in missing("access", ("metrics.parquet", "bus_lines.toml"), "F").ja
    assert missing("worth", None, "F").en.endswith("was not computed: run maas worth F.")
    # Another study says it all: what else differs follows from it.
    assert "a change of the study:" in missing("access", ("study.json", "metrics.parquet")).en
