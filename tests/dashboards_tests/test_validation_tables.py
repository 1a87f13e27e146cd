"""What `maas validate` found, in the report of a study whose folder holds it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dashboards.evidence import evidence, tables_of
from dashboards.evidence.validation import FILE, validation_tables
from maas.i18n.wording import Language, Wording
from simulation.errors import ValidationError
from simulation.study_outcome import StudyOutcome
from simulation.validation_rows import ValidationRow, write_validation


@pytest.fixture
def validated(wagons: StudyOutcome, tmp_path: Path) -> StudyOutcome:
    check = Wording("a check", "検査")
    holds = ValidationRow("queues", check, Wording("1 s", "1秒"), Wording("2 s", "2秒"), "holds", check)
    beside = replace(holds, part="services", verdict="information", note=Wording("because", "理由"))
    write_validation(tmp_path / FILE, (holds, beside))
    return replace(wagons, folder=tmp_path)


@pytest.mark.parametrize(
    ("language", "check", "service"),
    [
        ("en", ["a check", "1 s", "2 s", "holds"], ["a check", "a check", "1 s", "2 s", "because"]),
        ("ja", ["検査", "1秒", "2秒", "適合"], ["検査", "検査", "1秒", "2秒", "理由"]),
    ],
)
def test_checks_and_services_have_a_table_each(
    validated: StudyOutcome, language: Language, check: list[str], service: list[str]
) -> None:
    checks, services = validation_tables(validated, language)
    assert [row[-4:] for row in checks.texts()] == [check]
    assert services.texts() == [service]
    assert checks.block_key == "part"


def test_without_a_validation_there_is_no_table(wagons: StudyOutcome) -> None:
    assert validation_tables(wagons, "en") == ()
    assert "validation_checks" not in tables_of(evidence(wagons, "en"))


def test_a_file_that_is_none_is_refused(validated: StudyOutcome) -> None:
    (validated.folder / FILE).write_text("{}", encoding="utf-8")
    with pytest.raises(ValidationError, match=r"validation\.json: holds no validation"):
        validation_tables(validated, "en")
