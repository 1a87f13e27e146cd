"""One finding of the validation: what was checked, what was expected, what was found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

from maas.i18n.wording import Wording
from simulation.errors import ValidationError
from simulation.outcome_folder import json_text

Verdict = Literal["holds", "fails", "information", "skipped"]

FORMAT: Final = 1
PARTS: Final[tuple[str, ...]] = ("conservation", "queues", "matsim", "services")
"""What `maas validate` checks, in its order."""

NOTHING: Final = Wording("", "")


@dataclass(frozen=True, slots=True)
class ValidationRow:
    """One line of the table.

    Parameters
    ----------
    part
        One of `PARTS`.
    check
        What was looked at.
    expected, found
        What would be right and what is, with units.
    verdict
        `holds` or `fails` where there is a rule that can be broken; `information` where two figures stand
        side by side without one; `skipped` where something is missing that the check needs.
    source
        Where the expectation comes from.
    note
        Why the two differ, or what was missing; may be empty.
    """

    part: str
    check: Wording
    expected: Wording
    found: Wording
    verdict: Verdict
    source: Wording
    note: Wording = NOTHING


def holds(rows: Sequence[ValidationRow]) -> bool:
    """Whether no check failed."""
    return all(row.verdict != "fails" for row in rows)


def rows_json(rows: Sequence[ValidationRow]) -> dict[str, Any]:
    """The rows as one JSON object, texts in both languages."""
    return {"format": FORMAT, "holds": holds(rows), "rows": [asdict(row) for row in rows]}


def write_validation(path: Path, rows: Sequence[ValidationRow]) -> None:
    """Keep the rows in a file.

    Raises
    ------
    ValidationError
        When it cannot be written.
    """
    try:
        path.write_text(json_text(rows_json(rows)) + "\n", encoding="utf-8")
    except OSError as error:
        raise ValidationError(
            f"{path} cannot be written ({error.strerror or error}); give a file in an existing folder"
        ) from error


def read_validation(path: Path) -> tuple[ValidationRow, ...]:
    """The rows of a file that `write_validation` has written.

    Raises
    ------
    ValidationError
        When the file is missing or holds something else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValidationError(f"{path}: cannot be read ({error}); validate again") from error
    try:
        if content["format"] != FORMAT:
            raise ValueError(content["format"])
        return tuple(_row(entry) for entry in content["rows"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValidationError(
            f"{path}: holds no validation of this version ({error}); validate again"
        ) from error


def _row(entry: dict[str, Any]) -> ValidationRow:
    verdict, part = entry["verdict"], entry["part"]
    if verdict not in get_args(Verdict) or part not in PARTS:
        raise ValueError(f"{part!r}, {verdict!r}")
    texts = {
        name: Wording(str(entry[name]["en"]), str(entry[name]["ja"]))
        for name in ("check", "expected", "found", "source", "note")
    }
    return ValidationRow(part=part, verdict=verdict, **texts)
