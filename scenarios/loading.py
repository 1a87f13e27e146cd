"""Scenario files: found by name or path, filled in from the files they extend, and checked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scenarios.errors import ScenarioFileError
from scenarios.scenario import Scenario
from scenarios.schema_messages import holds
from scenarios.toml_files import checked, found_file, read_toml

CATALOGUE = Path(__file__).resolve().parent / "catalogue"


@dataclass(frozen=True, slots=True)
class ScenarioText:
    """What a scenario file says, unchecked.

    Parameters
    ----------
    path
        The file.
    files
        The file, the file it extends, and so on, each with its own content.
    content
        All of them merged.
    """

    path: Path
    files: tuple[tuple[Path, Mapping[str, Any]], ...]
    content: Mapping[str, Any]

    def checked(self) -> Scenario:
        """The scenario.

        Raises
        ------
        ScenarioFileError
            When the content breaks the schema; names the file that decides what stands there.
        """
        return checked(
            Scenario, self.content, lambda keys: _file_of(self.files, keys), {"file": str(self.path)}
        )


def load_scenario(name_or_path: str | Path) -> Scenario:
    """A shipped scenario by its name, or any scenario file by its path.

    Raises
    ------
    ScenarioFileError
        When there is no such scenario, or its file or one it extends cannot be read or breaks the schema.
    """
    return read_scenario(name_or_path).checked()


def read_scenario(name_or_path: str | Path, folder: Path | None = None) -> ScenarioText:
    """A shipped scenario by its name, or any scenario file by its path, which starts from `folder`.

    Raises
    ------
    ScenarioFileError
        When there is no such scenario, or its file or one it extends cannot be read.
    """
    path = found_file(name_or_path, "scenario", CATALOGUE, folder)
    files = _with_parents(path)
    merged: dict[str, Any] = {}
    for _, content in reversed(files):
        merged = _merged(merged, content)
    merged.pop("extends", None)
    if "file" in merged:
        raise ScenarioFileError(f"{path}: file is not known; the scenario is named by its own file")
    return ScenarioText(path, tuple(files), merged)


def scenario_of(content: Mapping[str, Any], path: Path) -> Scenario:
    """The scenario that a merged content makes, as if it stood in the file `path`.

    Raises
    ------
    pydantic.ValidationError
        When it breaks the schema.
    """
    text = json.dumps({**content, "file": str(path)}, default=str)
    return Scenario.model_validate_json(text, strict=True)


def files_read(name_or_path: str | Path) -> list[Path]:
    """Every file from which a scenario is made: its own, those that it extends, and those that it names.

    Raises
    ------
    ScenarioFileError
        When there is no such scenario, or a file cannot be read or breaks the schema.
    """
    said = read_scenario(name_or_path)
    own = [path for path, _ in said.files]
    return own + [said.path.parent / name for name in said.checked().files]


def available_scenarios() -> list[tuple[str, str]]:
    """Name and English title of each shipped scenario, by name."""
    return [(path.stem, load_scenario(path).title.en) for path in sorted(CATALOGUE.glob("*.toml"))]


def _with_parents(path: Path) -> list[tuple[Path, dict[str, Any]]]:
    """The file, the file it extends, and so on."""
    files: list[tuple[Path, dict[str, Any]]] = []
    at: Path | None = path
    while at is not None:
        if any(at.resolve() == seen.resolve() for seen, _ in files):
            raise ScenarioFileError(f"{path}: extends leads back to {at}; break the circle")
        content = read_toml(at)
        files.append((at, content))
        parent = content.get("extends")
        if parent is None:
            break
        if not isinstance(parent, str):
            raise ScenarioFileError(
                f"{at}: extends is {parent!r}; give the name or path of a scenario in quotes"
            )
        try:
            at = found_file(parent, "scenario", CATALOGUE, at.parent)
        except ScenarioFileError as error:
            raise ScenarioFileError(f"{at}: extends: {error}") from None
    return files


def _merged(parent: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    """Tables are merged key by key; lists and stated values (tables with a value) are replaced as a whole."""
    result = dict(parent)
    for key, value in child.items():
        old = result.get(key)
        if isinstance(value, dict) and isinstance(old, dict) and not _is_replaced(old, value):
            result[key] = _merged(old, value)
        else:
            result[key] = value
    return result


_ALIKE: Final = {"insertion", "rolling_horizon", "batch"}
"""Policies whose services say the same but for how routes are improved."""


def _is_replaced(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether nothing of the old table applies: the new one states a value, or another policy or kind."""
    for tag in ("policy", "kind"):
        if tag in old and tag in new and old[tag] != new[tag] and not {old[tag], new[tag]} <= _ALIKE:
            return True
    return "value" in new


def _file_of(files: Sequence[tuple[Path, Mapping[str, Any]]], keys: tuple[str | int, ...]) -> Path:
    """The file that decides what stands at the keys, or that would have to hold them."""
    deciding: list[tuple[Path, Any]] = list(files)
    for key in keys:
        holding = [(path, content[key]) for path, content in deciding if holds(content, key)]
        if not holding:
            break
        winner = holding[0][1]
        deciding = holding[:1]
        for path, content in holding[1:]:
            if not isinstance(winner, dict) or not isinstance(content, dict) or _is_replaced(content, winner):
                break
            deciding.append((path, content))
    return deciding[0][0]
