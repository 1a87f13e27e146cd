"""What `maas validate` found, where it was kept in the study's folder: checks, and real services beside."""

from __future__ import annotations

from typing import Final

from dashboards.evidence.exhibits import Column, TableExhibit, rows_of
from maas.i18n.validation import PART_TITLES, VERDICTS
from maas.i18n.wording import Language, Wording
from simulation.study_outcome import StudyOutcome
from simulation.validation_rows import ValidationRow, read_validation

FILE: Final = "validation.json"
"""Below the study's folder: `maas validate --out STUDY/validation.json`."""

SERVICES: Final = "services"

_CHECK: Final = Column("check", Wording("Check", "検査"))
_FIGURE: Final = Column("check", Wording("Figure", "指標"))
_PART: Final = Column("part", Wording("Part", "区分"))
_EXPECTED: Final = Column("expected", Wording("Expected", "期待"))
_PUBLISHED: Final = Column("expected", Wording("Published", "公表値"))
_FOUND: Final = Column("found", Wording("Found", "結果"))
_SIMULATED: Final = Column("found", Wording("Simulated", "シミュレーション"))
_VERDICT: Final = Column("verdict", Wording("Verdict", "判定"))
_SOURCE: Final = Column("source", Wording("Source", "出典"), is_export_only=True)
_SERVICE: Final = Column("source", Wording("Service", "サービス"))
_NOTE: Final = Column("note", Wording("Note", "備考"), is_export_only=True)
_WHY: Final = Column("note", Wording("Why they differ", "違いの理由"))


def validation_tables(study: StudyOutcome, language: Language) -> tuple[TableExhibit, ...]:
    """Checks of the model, then figures of real services beside the simulated ones; none where the study's
    folder holds no validation.

    Raises
    ------
    ValidationError
        When the file there is something else.
    """
    path = study.folder / FILE
    if not path.is_file():
        return ()
    rows = read_validation(path)
    checks = [row for row in rows if row.part != SERVICES]
    services = [row for row in rows if row.part == SERVICES]
    return tuple(table for table in (_checks(checks, language), _services(services, language)) if table)


def _checks(rows: list[ValidationRow], language: Language) -> TableExhibit | None:
    columns = (_PART, _CHECK, _EXPECTED, _FOUND, _VERDICT, _SOURCE, _NOTE)
    return _table(
        "validation_checks", Wording("Checks of the model", "モデルの検証結果"), columns, rows, language
    )


def _services(rows: list[ValidationRow], language: Language) -> TableExhibit | None:
    columns = (_FIGURE, _SERVICE, _PUBLISHED, _SIMULATED, _WHY)
    title = Wording("Real services beside the simulated one", "実在のサービスとの並置")
    return _table("validation_services", title, columns, rows, language)


def _table(
    name: str, title: Wording, columns: tuple[Column, ...], rows: list[ValidationRow], language: Language
) -> TableExhibit | None:
    if not rows:
        return None
    return TableExhibit(
        name,
        title,
        columns,
        rows_of(columns, [_texts(row, language) for row in rows]),
        note=Wording(
            "maas validate; explained in docs/validation.md", "maas validate。説明はdocs/validation.md"
        ),
        block_key="part" if _PART in columns else None,
    )


def _texts(row: ValidationRow, language: Language) -> dict[str, object]:
    return {
        "part": PART_TITLES[row.part].text(language),
        "check": row.check.text(language),
        "expected": row.expected.text(language),
        "found": row.found.text(language),
        "verdict": VERDICTS[row.verdict].text(language),
        "source": row.source.text(language),
        "note": row.note.text(language),
    }
