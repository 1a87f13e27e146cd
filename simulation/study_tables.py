"""Tables that are computed from a finished study and kept in a folder of their own beside its days."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import pyarrow.parquet as pq

from simulation.errors import OutcomeError
from simulation.outcome_folder import json_text, read_json
from simulation.study_outcome import StudyOutcome
from simulation.study_replication import parquet_bytes

STUDY_KEY: Final = "study"


def study_hash(outcome: StudyOutcome) -> str:
    """SHA-256 (hex) of what `study.json` says: what is computed from a study belongs to it alone."""
    text = json.dumps(outcome.provenance, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def write_tables(
    outcome: StudyOutcome, name: str, tables: Mapping[str, pd.DataFrame], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Write tables as `NAME/TABLE.parquet` into the folder of a study, what they rest on as `NAME/NAME.json`.

    Returns
    -------
    The facts with the hash of the study.

    Raises
    ------
    OutcomeError
        When the folder cannot be written.
    """
    folder = outcome.folder / name
    said = {STUDY_KEY: study_hash(outcome), **facts}
    try:
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.json").unlink(missing_ok=True)
        for table, rows in tables.items():
            (folder / f"{table}.parquet").write_bytes(parquet_bytes(rows))
        # The file that says what the others are of comes last: without it they count as not there.
        new = folder / f".new-{name}.json"
        new.write_text(json_text(said) + "\n", encoding="utf-8")
        new.replace(folder / f"{name}.json")
    except OSError as error:
        raise OutcomeError(
            f"{error.filename or folder}: cannot be written ({error.strerror or error});"
            " choose a folder that is writable and has room"
        ) from error
    return said


def read_tables(
    outcome: StudyOutcome, name: str, tables: Sequence[str]
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]] | None:
    """Facts and tables as `write_tables` left them; None where they are not there, or of other days.

    Raises
    ------
    OutcomeError
        When a table cannot be read.
    """
    folder = outcome.folder / name
    if not (folder / f"{name}.json").is_file():
        return None
    facts = read_json(folder / f"{name}.json")
    if facts.get(STUDY_KEY) != study_hash(outcome):
        return None
    try:
        return facts, {table: pq.read_table(folder / f"{table}.parquet").to_pandas() for table in tables}
    except (OSError, ValueError) as error:
        raise OutcomeError(f"{folder}: cannot be read ({error}); run maas {name} again") from error
