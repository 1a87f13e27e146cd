"""A folder that appears whole or not at all, and JSON files in it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from simulation.errors import OutcomeError

PROVENANCE: Final = "provenance.json"
METRICS: Final = "metrics.json"


@dataclass(frozen=True, slots=True)
class FolderKind:
    """What a folder that may be replaced is, and what cannot be written otherwise.

    Parameters
    ----------
    name
        In messages: `outcome`.
    marks
        Files that a folder of the kind has.
    error
        Raised with one sentence.
    """

    name: str
    marks: tuple[str, ...]
    error: type[Exception]


OUTCOME_KIND: Final = FolderKind("outcome", (PROVENANCE, METRICS), OutcomeError)


@contextmanager
def replaced_folder(target: Path, kind: FolderKind = OUTCOME_KIND) -> Iterator[Path]:
    """A new folder that takes the place of `target` when the block ends; after an error nothing is left.

    A folder of the kind that stood there stays until the new one is complete.

    Raises
    ------
    OutcomeError
        When the folder cannot be written, or `target` is something else than an outcome or an empty folder;
        of other kinds their own error.
    """
    _refuse_other_content(target, kind)
    place = Path(os.path.abspath(target))
    mark = f"{os.getpid()}.{secrets.token_hex(4)}"
    new = place.with_name(f".{place.name}.{mark}.new")
    old = place.with_name(f".{place.name}.{mark}.old")
    has_parent = place.parent.exists()
    try:
        try:
            new.mkdir(parents=True)
            yield new
            _refuse_other_content(target, kind)
            if place.exists():
                place.rename(old)
            try:
                new.rename(place)
            except OSError:
                if old.exists():
                    old.rename(place)
                raise
        finally:
            shutil.rmtree(new, ignore_errors=True)
            if place.exists():
                shutil.rmtree(old, ignore_errors=True)
            elif not has_parent:
                with suppress(OSError):
                    place.parent.rmdir()
    except OSError as error:
        raise kind.error(
            f"{target}: cannot be written ({error.strerror or error});"
            " choose a folder that is writable and has room"
        ) from error


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write an object as indented UTF-8; the same object always gives the same bytes."""
    path.write_text(json_text(content) + "\n", encoding="utf-8")


def json_text(content: Mapping[str, Any]) -> str:
    """An object as indented JSON.

    Raises
    ------
    ValueError
        If a figure is infinite or not a number: JSON has no word for it.
    """
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)


def read_json(path: Path, *, writer: str = "maas simulate", remedy: str = "simulate again") -> dict[str, Any]:
    """Read an object.

    Parameters
    ----------
    writer
        The command that wrote the file.
    remedy
        What helps where it is broken.

    Raises
    ------
    OutcomeError
        When the file is missing, torn, or holds something else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise OutcomeError(
            f"{path}: cannot be read ({error.strerror or error}); give the folder that {writer} wrote"
        ) from error
    except ValueError as error:
        raise OutcomeError(f"{path}: is no JSON ({error}); {remedy}") from error
    if not isinstance(content, dict):
        raise OutcomeError(f"{path}: holds a {type(content).__name__}, not an object; {remedy}")
    return content


def _refuse_other_content(target: Path, kind: FolderKind) -> None:
    if not target.exists() and not target.is_symlink():
        return
    if not target.is_dir() or target.is_symlink():
        raise kind.error(f"{target}: is no folder; name a folder for the {kind.name}")
    is_one = all((target / mark).is_file() for mark in kind.marks)
    if not is_one and any(target.iterdir()):
        article = "an" if kind.name[0] in "aeiou" else "a"
        raise kind.error(
            f"{target}: holds something else than {article} {kind.name}, which would be lost;"
            " name another folder"
        )
