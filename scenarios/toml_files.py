"""TOML files of models: found by name or path, read, and checked, each fault in one sentence."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from scenarios.errors import ScenarioFileError
from scenarios.schema_messages import sentence

Keys = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


def found_file(name_or_path: str | Path, kind: str, shipped: Path, folder: Path | None = None) -> Path:
    """The file that a name or a path stands for.

    Parameters
    ----------
    kind
        What the file is: `scenario`, `study`.
    shipped
        Folder of those that have a name.
    folder
        Where a relative path starts.

    Raises
    ------
    ScenarioFileError
        When there is no such file.
    """
    named = shipped / f"{name_or_path}.toml"
    if Path(name_or_path).name == str(name_or_path) and named.is_file():
        return named
    path = (folder or Path()) / name_or_path
    if path.is_file():
        return path
    names = [known.stem for known in sorted(shipped.glob("*.toml"))]
    close = difflib.get_close_matches(Path(name_or_path).stem, names, 1)
    remedy = f"did you mean {close[0]!r}?" if close else f"give a .toml file or one of {', '.join(names)}"
    raise ScenarioFileError(f"{path} is neither a shipped {kind} nor a file; {remedy}")


def read_toml(path: Path) -> dict[str, Any]:
    """Content of a TOML file.

    Raises
    ------
    ScenarioFileError
        When it cannot be read or is no TOML in UTF-8.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ScenarioFileError(f"{path}: {error}; write it as TOML 1.0") from None
    except UnicodeDecodeError as error:
        raise ScenarioFileError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise ScenarioFileError(f"{path} cannot be read ({error.strerror}); check its permissions") from None


def checked(
    model: type[Model],
    content: Mapping[str, Any],
    file_of: Callable[[Keys], Path],
    set_by_loader: Mapping[str, str] | None = None,
) -> Model:
    """The model of a content.

    Parameters
    ----------
    file_of
        The file that decides what stands at some keys.
    set_by_loader
        Fields that no file may give.

    Raises
    ------
    ScenarioFileError
        When the content breaks the schema: the first fault, keys that are not known before all others, and
        how many more there are.
    """
    try:
        return model.model_validate_json(
            json.dumps({**content, **(set_by_loader or {})}, default=str), strict=True
        )
    except ValidationError as failure:
        errors = sorted(
            failure.errors(include_url=False), key=lambda error: error["type"] != "extra_forbidden"
        )
        keys, message = sentence(model, content, errors[0])
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise ScenarioFileError(f"{file_of(keys)}: {message}{more}") from None


def load_toml(model: type[Model], path: Path) -> Model:
    """The model of a file.

    Raises
    ------
    ScenarioFileError
        When the file cannot be read or breaks the schema.
    """
    return checked(model, read_toml(path), lambda keys: path)
