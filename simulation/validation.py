"""Is the model true? Every check of the validation, in order, as rows of one table.

`docs/validation.md` tells what each part checks, with which figures, and what cannot be checked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from simulation.errors import ValidationError
from simulation.validation_rows import PARTS, ValidationRow

Report = Callable[[str, int, int], None]
"""Told about progress: the part, how much of it is done, and of how much."""

MIELEC: Final = Path("workloads") / "mielec_1.0"
"""Folder of the workload of MATSim's example, below the data folder."""


def silent(part: str, done: int, total: int) -> None:
    """The report of whoever does not want to know."""


def validate(
    parts: Sequence[str] = PARTS, *, data: Path | None = None, report: Report = silent
) -> tuple[ValidationRow, ...]:
    """Run parts of the validation: about a minute for all.

    Parameters
    ----------
    parts
        Of `PARTS`.
    data
        Folder that holds `MIELEC`. What needs it is skipped, with a row that says so, where it is not there.
    report
        Told about progress.

    Raises
    ------
    ValidationError
        When a part is unknown.
    """
    for part in parts:
        if part not in PARTS:
            raise ValidationError(f"part of the validation is {part!r}; give one of {', '.join(PARTS)}")
    mielec = None if data is None or not (data / MIELEC).is_dir() else data / MIELEC
    rows: list[ValidationRow] = []
    for part in PARTS:
        if part in parts:
            rows += _PARTS[part](mielec, partial(report, part))
    return tuple(rows)


def validate_journals(paths: Sequence[Path], *, report: Report = silent) -> tuple[ValidationRow, ...]:
    """The conservation laws on journals, and on those in folders of outcomes and studies.

    Raises
    ------
    ValidationError, OutcomeError, JournalError
        When a path holds no journal, or one that cannot be read or was changed.
    """
    from simulation.validation_journals import PART, given_days, journal_rows

    return tuple(journal_rows(given_days(paths, partial(report, PART))))


Progress = Callable[[int, int], None]


def _conservation(mielec: Path | None, progress: Progress) -> list[ValidationRow]:
    from simulation.validation_journals import journal_rows, shipped_days

    return journal_rows(shipped_days(mielec, progress))


def _queues(mielec: Path | None, progress: Progress) -> list[ValidationRow]:
    from simulation.validation_queue_rows import queue_rows

    return queue_rows(progress)


def _matsim(mielec: Path | None, progress: Progress) -> list[ValidationRow]:
    from simulation.validation_matsim_rows import matsim_rows

    return matsim_rows(mielec, progress)


def _services(mielec: Path | None, progress: Progress) -> list[ValidationRow]:
    from simulation.validation_service_rows import service_rows

    return service_rows(progress)


_PARTS: Final[dict[str, Callable[[Path | None, Progress], list[ValidationRow]]]] = {
    "conservation": _conservation,
    "queues": _queues,
    "matsim": _matsim,
    "services": _services,
}
