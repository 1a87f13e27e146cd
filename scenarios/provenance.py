"""What a scenario says, line by line, each number with the place it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from scenarios.scenario import Scenario
from scenarios.stated import Stated

_HEAD = ("file", "title", "about", "date")


@dataclass(frozen=True, slots=True)
class Entry:
    """One number, one table of numbers, or one text.

    Parameters
    ----------
    section, key
        Where it stands: `service.rules` and `notice`.
    value, unit
        As the file writes them.
    origin
        The source, or the word assumption with its reason; empty for a text.
    is_assumption
        Whether it is an assumption.
    span
        Its range, where it has one.
    reason_ja
        The source or reason in Japanese, where the scenario has it beside.
    """

    section: str
    key: str
    value: str
    unit: str = ""
    origin: str = ""
    is_assumption: bool = False
    span: tuple[str, str] | None = None
    reason_ja: str = ""

    @property
    def reason(self) -> str:
        """The origin without the word assumption: a source or a reason, empty where there is none."""
        return self.origin.removeprefix("assumption: ") if self.origin != "assumption" else ""


def entries(scenario: Scenario) -> list[Entry]:
    """All that a scenario says below its title, in the order of its sections."""
    return [
        entry
        for name in type(scenario).model_fields
        if name not in _HEAD
        for entry in _entries("", name, getattr(scenario, name))
    ]


def _entries(section: str, key: str, value: Any) -> Iterator[Entry]:
    match value:
        case Stated():
            is_assumption = value.source is None
            span = None if value.span is None else (_shown(value.span[0]), _shown(value.span[1]))
            yield Entry(
                section,
                key,
                _shown(value.value),
                value.unit,
                value.origin,
                is_assumption,
                span,
                value.ja or "",
            )
        case BaseModel():
            inner = _joined(section, key)
            for name, field in type(value).model_fields.items():
                yield from _entries(inner, field.alias or name, getattr(value, name))
        case dict():
            for name, entry in value.items():
                yield from _entries(_joined(section, key), str(name), entry)
        case tuple():
            for index, entry in enumerate(value):
                yield from _entries(section, f"{key}[{getattr(entry, 'name', index)}]", entry)
        case str():
            yield Entry(section, key, value)
        case _:
            return


def _joined(section: str, key: str) -> str:
    return f"{section}.{key}" if section and key else section or key


def _shown(value: Any) -> str:
    match value:
        case BaseModel():
            return _shown(value.model_dump(by_alias=True))
        case dict():
            return ", ".join(f"{name} {_shown(entry)}" for name, entry in value.items())
        case tuple():
            separator = " / " if value and isinstance(value[0], BaseModel) else ", "
            return separator.join(_shown(entry) for entry in value)
        case bool():
            return "true" if value else "false"
        case float():
            return format(value, ".10g")
        case _:
            return str(value)
