"""The validation: rows, queues on few days, journals and folders that are given."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from maas.conservation import LawResult
from maas.i18n.wording import Wording
from routing.travel_times import DenseTravelTimes
from simulation import validation
from simulation.erlang_agreement import agreement_with_erlang_a
from simulation.errors import OutcomeError, ValidationError
from simulation.outcomes import JOURNAL, METRICS, REQUESTS
from simulation.replications import run_series
from simulation.series import Series, WorkloadChoice
from simulation.validation import validate, validate_journals
from simulation.validation_journals import CheckedDay, journal_rows
from simulation.validation_queue_rows import queue_rows
from simulation.validation_queues import exponential_line, first_come_first_served, fleet_checks
from simulation.validation_rows import ValidationRow, holds, read_validation, write_validation


@pytest.fixture
def outcome(tmp_path: Path, ring: Path) -> Path:
    run_series(Series(WorkloadChoice(str(ring))), tmp_path / "out")
    return tmp_path / "out"


def verdicts(rows: tuple[ValidationRow, ...]) -> dict[str, str]:
    return {row.check.en.split(":")[0]: row.verdict for row in rows}


def test_first_come_first_served_by_hand() -> None:
    # One server: 0-10, then the second waits 8 s until 10-15, the third comes at 20.
    asked, away = np.array([0, 2, 20]), np.array([10, 5, 1])
    assert first_come_first_served(asked, away, 1).tolist() == [0, 8, 0]
    # Two servers: the second is taken at once, the third by the server that is free since 7 s.
    assert first_come_first_served(np.array([0, 2, 3]), np.array([10, 5, 1]), 2).tolist() == [0, 0, 4]


def test_line_has_exponential_distances() -> None:
    network = exponential_line(200, 300.0)
    trips = DenseTravelTimes.build(network).matrix([0], range(1, 201))[0]
    assert np.all(np.diff(trips) > 0)
    assert trips.mean() == pytest.approx(300, abs=0.5)
    # Standard deviation = mean; the median is at ln 2 of it.
    assert trips.std() == pytest.approx(300, rel=0.02)
    assert np.median(trips) == pytest.approx(300 * np.log(2), rel=0.01)


def test_fleet_waits_like_a_queue_in_order_of_arrival() -> None:
    found = fleet_checks(days=12, driven_days=1, requests=400, loads=((2, 1.2), (4, 2.0)))
    assert (found.riders, found.strangers) == (800, 0)
    assert [(c.servers, c.load, c.figure) for c in found.checks] == [
        (2, 1.2, "wait_mean_s"), (2, 1.2, "waits"), (4, 2.0, "wait_mean_s"), (4, 2.0, "waits"),
    ]  # fmt: skip
    # By hand: C = 0.45 for 2 servers at 1.2 erlangs, wait = C s / (n - a) = 0.45 * 600 / 0.8.
    assert found.checks[1].formula == pytest.approx(0.45)
    assert found.checks[0].formula == pytest.approx(0.45 * 600 / 0.8, rel=0.005)
    assert all(check.holds for check in found.checks)


def test_rows_say_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from simulation import validation_queue_rows as rows

    monkeypatch.setattr(
        rows, "agreement_with_erlang_a",
        lambda runs, calls: agreement_with_erlang_a(3, 300, loads=((1, 0.6),)),
    )  # fmt: skip
    monkeypatch.setattr(
        rows, "fleet_checks",
        lambda progress: fleet_checks(days=3, driven_days=1, requests=300, loads=((1, 0.4),)),
    )  # fmt: skip
    found = queue_rows()
    assert [row.part for row in found] == ["queues"] * 5
    assert found[0].check.en == "Call centre of 1 at 0.6 erlangs: mean wait"
    assert found[0].expected == Wording("33.1 s", "33.1秒")
    assert "±" in found[0].found.en
    assert (found[2].expected.en, found[2].found.en) == ("0 of 300 off", "0 of 300 off")


def test_journals_and_outcomes_keep_the_laws(outcome: Path) -> None:
    whole = validate_journals([outcome])
    assert set(verdicts(whole)) == {
        "Order", "Riders", "Time", "Distance", "Capacity", "Money", "Files"
    }  # fmt: skip
    assert set(verdicts(whole).values()) == {"holds"}
    assert "Files" not in verdicts(validate_journals([outcome / JOURNAL]))
    assert whole[0].note.en.startswith("1 days: ")


def test_outcome_with_other_figures_fails(outcome: Path) -> None:
    figures = json.loads((outcome / METRICS).read_text(encoding="utf-8"))
    figures["days"][0]["served"] += 1
    (outcome / METRICS).write_text(json.dumps(figures), encoding="utf-8")
    rows = validate_journals([outcome])
    assert not holds(rows)
    assert "seed 1: figure served is not that of the journal" in rows[-1].note.en


def test_outcome_with_another_table_fails(outcome: Path) -> None:
    table = pq.read_table(outcome / REQUESTS)
    pq.write_table(table.slice(1), outcome / REQUESTS)
    (row,) = [row for row in validate_journals([outcome]) if row.verdict == "fails"]
    assert row.note.en.endswith("seed 1: requests.parquet is not that of the journal")


@pytest.mark.parametrize(("column", "fails"), [("instead", 0), ("guess", 1)])
def test_how_people_would_have_gone_is_known_to_no_journal(outcome: Path, column: str, fails: int) -> None:
    table = pq.read_table(outcome / REQUESTS)
    pq.write_table(table.append_column(column, pa.array(["car"] * len(table))), outcome / REQUESTS)
    assert len([row for row in validate_journals([outcome]) if row.verdict == "fails"]) == fails


def test_breaches_are_counted_and_the_first_is_told() -> None:
    bad = LawResult("time", 5, {}, ("two seconds at once", "another"))
    (row,) = journal_rows(
        [CheckedDay("monday", (LawResult("time", 4, {}, ()),)), CheckedDay("tuesday", (bad,))]
    )
    assert (row.verdict, row.found.en) == ("fails", "2 of 9 off")
    assert row.note == Wording(
        "tuesday: two seconds at once (and 1 more)", "tuesday: two seconds at once（ほか1件）"
    )


def test_folder_without_journal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"holds no journal\.parquet; give a journal"):
        validate_journals([tmp_path])
    with pytest.raises(ValidationError, match="does not exist; give a journal"):
        validate_journals([tmp_path / "nowhere"])


def test_unknown_part_is_refused() -> None:
    with pytest.raises(
        ValidationError, match="part of the validation is 'all'; give one of conservation, queues"
    ):
        validate(["all"])


def test_parts_run_in_their_order_and_report_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []

    def part(name: str) -> object:
        def run(mielec: Path | None, progress: validation.Progress) -> list[ValidationRow]:
            progress(1, 2)
            return [row(name)]

        return run

    monkeypatch.setattr(validation, "_PARTS", {name: part(name) for name in validation.PARTS})
    found = validate(["queues", "conservation"], report=lambda *what: told.append(what))
    assert [r.part for r in found] == ["conservation", "queues"]
    assert told == [("conservation", 1, 2), ("queues", 1, 2)]


def row(part: str, verdict: str = "holds") -> ValidationRow:
    word = Wording("a", "あ")
    return ValidationRow(part, word, word, word, verdict, word)  # type: ignore[arg-type]  # a literal


def test_rows_are_kept_and_read_again(tmp_path: Path) -> None:
    rows = (row("queues"), row("conservation", "fails"))
    write_validation(tmp_path / "v.json", rows)
    assert read_validation(tmp_path / "v.json") == rows
    assert not holds(rows)


def test_files_that_hold_no_validation_are_refused(tmp_path: Path) -> None:
    for content in ("", "{}", '{"format": 1, "rows": [{}]}', '{"format": 2, "rows": []}', "[]"):
        (tmp_path / "v.json").write_text(content)
        with pytest.raises(ValidationError, match="validate again"):
            read_validation(tmp_path / "v.json")
    with pytest.raises(ValidationError, match="cannot be written"):
        write_validation(tmp_path / "no" / "v.json", ())


def test_broken_outcome_is_refused(outcome: Path) -> None:
    (outcome / METRICS).write_text("{")
    with pytest.raises(OutcomeError, match="is no JSON"):
        validate_journals([outcome])
