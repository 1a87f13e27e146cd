"""The first record of a journal: what a reader must know to understand the rest."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from maas.domain.errors import JournalError, ServiceDefinitionError
from maas.service_definition import ServiceDefinition
from routing.errors import ProfileError
from routing.speed_profiles import SpeedProfiles

FORMAT = 1
"""Version of the journal format that this program writes and reads."""


LEFT_OUT_IF_NONE: Final = ("soft_limits", "waiting")
"""Parts of a service that journals of format 1 do not name where they are None: they are younger than it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalHeader:
    """Where and when a journal's records happened, and under which service.

    Parameters
    ----------
    date
        ISO date of the service day; second 0 of the journal is its local midnight.
    title
        For people.
    network_hash, scenario_hash
        SHA-256 in hexadecimal digits of the network and of the scenario; empty when there is none.
    seed
        Of the random draws of a simulated day; 0 in live operation.
    areas, purposes
        Names of the codes in the columns `area` and `purpose`.
    service
        Fleet, rules, fares and cost rates.
    speed_profiles
        Factors on the planned times of the network by the hour; None = planned times all day.
    format
        Version of the journal format.
    """

    date: str
    title: str
    network_hash: str
    scenario_hash: str
    seed: int
    areas: tuple[str, ...]
    purposes: tuple[str, ...]
    service: ServiceDefinition
    speed_profiles: SpeedProfiles | None = None
    format: int = FORMAT

    def __post_init__(self) -> None:
        if self.format != FORMAT:
            raise JournalError(
                f"journal format is {self.format}; this program reads and writes format {FORMAT}:"
                " use the version that wrote it"
            )
        try:
            datetime.date.fromisoformat(self.date)
        except ValueError as error:
            raise JournalError(f"journal date is {self.date!r}; give an ISO date like 2026-11-24") from error

    def to_json(self) -> dict[str, Any]:
        """The header as a JSON object; `from_json` gives an equal header back."""
        value = dataclasses.asdict(self)
        for name in LEFT_OUT_IF_NONE:
            if value["service"][name] is None:
                del value["service"][name]
        return value

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> JournalHeader:
        """Rebuild a header, its service with all its checks.

        Raises
        ------
        JournalError
            For another format version, a key that is missing, unknown or of the wrong type, or a service or
            speed profiles that contradict themselves.
        """
        version = value.get("format") if isinstance(value, Mapping) else None
        if version != FORMAT or isinstance(version, bool):
            raise JournalError(
                f"journal format is {version!r}; this program reads format {FORMAT}:"
                " read it with the version that wrote it"
            )
        try:
            header = _rebuilt(cls, value, "header")
        except ServiceDefinitionError as error:
            raise JournalError(f"service of the journal header is not valid: {error}") from error
        except ProfileError as error:
            raise JournalError(f"speed profiles of the journal header are not valid: {error}") from error
        if not isinstance(header, cls):
            raise TypeError(f"{type(header).__name__} is not a header")
        return header


def canonical(value: Mapping[str, Any]) -> bytes:
    """One spelling of a JSON object: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _rebuilt(kind: Any, value: Any, where: str) -> Any:
    """A value of the annotated type `kind` from its JSON; `where` is the path of keys to it."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _rebuilt_dataclass(kind, value, where)
    if get_origin(kind) is UnionType:
        (present,) = (one for one in get_args(kind) if one is not NoneType)
        return None if value is None else _rebuilt(present, value, where)
    if get_origin(kind) is tuple:
        if not isinstance(value, list | tuple):
            raise JournalError(f"{where} is {value!r}; a list is right")
        args = get_args(kind)
        if len(args) == 2 and args[1] is ...:
            args = args[:1] * len(value)
        if len(args) != len(value):
            raise JournalError(f"{where} has {len(value)} entries; {len(args)} are right")
        return tuple(
            _rebuilt(a, v, f"{where}[{i}]") for i, (a, v) in enumerate(zip(args, value, strict=True))
        )
    if type(value) is not kind:
        raise JournalError(f"{where} is {value!r}; a value of type {kind.__name__} is right")
    return value


def _rebuilt_dataclass(cls: type, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise JournalError(f"{where} is {value!r}; an object is right")
    hints = get_type_hints(cls)
    names = [field.name for field in dataclasses.fields(cls)]
    for key in value:
        if key not in names:
            raise JournalError(f"{where} has the unknown key {key!r}; known are {', '.join(names)}")
    given = [name for name in names if name in value or name not in LEFT_OUT_IF_NONE]
    for name in given:
        if name not in value:
            raise JournalError(f"{where} lacks the key {name!r}; read it with the version that wrote it")
    return cls(**{name: _rebuilt(hints[name], value[name], f"{where}.{name}") for name in given})
