"""Tables that are computed from a finished study and kept in a folder of their own beside its days."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow.parquet as pq

from scenarios.bus_lines import SAKURA_LINES
from scenarios.money_rules import SAKURA_MONEY
from simulation.errors import OutcomeError
from simulation.outcome_folder import json_text, read_json
from simulation.study_outcome import StudyCase, StudyOutcome
from simulation.study_replication import parquet_bytes
from simulation.study_store import METRICS, STUDY

RESTS_ON: Final = "rests_on"
METHOD: Final = "method"
"""Stands beside the files on which tables rest for how they are counted."""

RULES: Final[Mapping[str, tuple[int, tuple[Path, ...]]]] = {
    "access": (2, (SAKURA_LINES,)),
    "money": (3, (SAKURA_MONEY,)),
    "worth": (4, (SAKURA_MONEY,)),
}
"""By the name of the tables: number of the way of counting, raised when the same days would give other
numbers; files of rules that no day has in it."""


def rests_on(outcome: StudyOutcome, name: str) -> dict[str, str]:
    """What the tables `NAME` of a study rest on, each with a hash.

    That is `study.json`, the figures of its days, files of rules, and how the tables are counted.

    Raises
    ------
    OutcomeError
        When one of the files cannot be read.
    """
    method, rules = RULES[name]
    said = json.dumps(outcome.provenance, sort_keys=True, ensure_ascii=False).encode()
    files = {path.name: path for path in (outcome.folder / METRICS, *rules)}
    return {
        STUDY: hashlib.sha256(said).hexdigest(),
        **{file: hashlib.sha256(_bytes(path)).hexdigest() for file, path in files.items()},
        METHOD: str(method),
    }


def what_changed(outcome: StudyOutcome, name: str) -> tuple[str, ...] | None:
    """What the tables `NAME` rest on that is another now: file names, `METHOD`; None without tables.

    Tables for which it is not empty are of the past: `read_tables` does not give them.

    Raises
    ------
    OutcomeError
        When a file cannot be read.
    """
    path = outcome.folder / name / f"{name}.json"
    if not path.is_file():
        return None
    said = read_json(path).get(RESTS_ON)
    if not isinstance(said, dict):
        # Tables of an earlier version do not tell what they rest on.
        return (METHOD,)
    now = rests_on(outcome, name)
    return tuple(key for key, value in now.items() if said.get(key) != value)


def chosen_cases(outcome: StudyOutcome, names: Sequence[str]) -> list[StudyCase]:
    """The cases of these names in the order of the study; all of them without names.

    Raises
    ------
    OutcomeError
        When the study has no case of a name.
    """
    known = [case.name for case in outcome.cases]
    for name in names:
        if name not in known:
            raise OutcomeError(f"{outcome.folder}: has no case {name!r}; give one of {few(known)}")
    return [case for case in outcome.cases if not names or case.name in names]


def few(names: Sequence[str], most: int = 8) -> str:
    """The first names of a list, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def with_other_cases(
    outcome: StudyOutcome, name: str, tables: Mapping[str, pd.DataFrame], facts: Mapping[str, Any]
) -> dict[str, pd.DataFrame]:
    """Tables of some cases with the rows that `NAME/TABLE.parquet` has of the others, in the study's order.

    Rows that rest on other facts, or of other days of the study, are left out.

    Parameters
    ----------
    tables
        Each with a column `case`.
    facts
        As for `write_tables`.
    """
    found = read_tables(outcome, name, list(tables))
    if found is None or {key: found[0].get(key) for key in facts} != json.loads(json_text(facts)):
        return dict(tables)
    place = {case.name: position for position, case in enumerate(outcome.cases)}
    joined = {}
    for table, rows in tables.items():
        before = found[1][table]
        before = before[~before["case"].isin(rows["case"].unique())]
        parts = [part for part in (before, rows) if len(part)]
        joined[table] = (
            pd.concat(parts, ignore_index=True).sort_values(
                "case", key=lambda names: names.map(place), kind="stable", ignore_index=True
            )
            if len(parts) > 1
            else rows
        )
    return joined


def write_tables(
    outcome: StudyOutcome, name: str, tables: Mapping[str, pd.DataFrame], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Write tables as `NAME/TABLE.parquet` into the folder of a study, what they rest on as `NAME/NAME.json`.

    Returns
    -------
    The facts with `rests_on`.

    Raises
    ------
    OutcomeError
        When the folder cannot be written.
    """
    folder = outcome.folder / name
    said = {RESTS_ON: rests_on(outcome, name), **facts}
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
    """Facts and tables as `write_tables` left them; None where they are not there, or of the past.

    Raises
    ------
    OutcomeError
        When a table cannot be read.
    """
    folder = outcome.folder / name
    if what_changed(outcome, name) != ():
        return None
    facts = read_json(folder / f"{name}.json")
    try:
        return facts, {table: pq.read_table(folder / f"{table}.parquet").to_pandas() for table in tables}
    except (OSError, ValueError) as error:
        raise OutcomeError(f"{folder}: cannot be read ({error}); run maas {name} again") from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OutcomeError(
            f"{path}: cannot be read ({error.strerror or error}); run the study again, or put the file there"
        ) from error
