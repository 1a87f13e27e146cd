"""A scenario in which some numbers are replaced: what studies vary, and what a planner tries.

A key is the path to the number in the scenario file, joined by dots: `service.rules.notice`. An entry of a
list is named by its `name` or its position (`service.vehicles.U.count`), `*` means every entry
(`service.vehicles.*.shift`). One key stands for several numbers: `service.fleet.vans`, the vehicles of all
groups together.
"""

from __future__ import annotations

import copy
import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from scenarios.errors import ScenarioFileError
from scenarios.loading import ScenarioText, read_scenario, scenario_of
from scenarios.scenario import Scenario
from scenarios.schema_messages import dotted, known_keys, models_at, sentence
from scenarios.stated import Stated

VANS: Final = "service.fleet.vans"
"""Number of all vehicles, shared out over the groups in proportion to what the scenario gives them."""

EVERY: Final = "*"


def scenario_with(
    scenario: str | Path | ScenarioText,
    settings: Mapping[str, Any],
    *,
    where: str,
    reason: str,
    folder: Path | None = None,
) -> Scenario:
    """A scenario with other numbers.

    Parameters
    ----------
    scenario
        As `read_scenario` takes it, or read already.
    settings
        New value by dotted key. A stated number keeps its unit, unless a table with `value` and `unit` is
        given.
    where
        Begins every refusal: who asks for the settings.
    reason
        Stands as the assumption behind every new number.
    folder
        Where relative paths begin.

    Raises
    ------
    ScenarioFileError
        When the scenario cannot be read, a key is not known, or a value does not fit.
    """
    said = scenario if isinstance(scenario, ScenarioText) else read_scenario(scenario, folder)
    plain = said.checked()
    if not settings:
        return plain
    content: dict[str, Any] = copy.deepcopy(dict(said.content))
    for key, value in settings.items():
        if key == VANS:
            _share_out(content, value, where)
            continue
        for keys in _places(content, key.split("."), (), where, key, value):
            _put(content, keys, value, reason)
    try:
        return scenario_of(content, said.path)
    except ValidationError as failure:
        keys, message = sentence(Scenario, content, failure.errors(include_url=False)[0])
        culprit = next((key for key in settings if _leads_to(key, keys)), ", ".join(settings))
        raise ScenarioFileError(f"{where}: {culprit} = {_shown(settings.get(culprit))}: {message}") from None


def stated_at(content: Mapping[str, Any], key: str) -> Any:
    """What stands at a dotted key of a merged content; None where nothing does."""
    at: Any = content
    for part in key.split("."):
        if isinstance(at, Mapping) and part not in at and isinstance(at.get("value"), Mapping):
            at = at["value"]
        if isinstance(at, list):
            index = _index(at, part)
            at = None if index is None else at[index]
        else:
            at = at.get(part) if isinstance(at, Mapping) else None
        if at is None:
            return None
    return at


def _places(
    content: Any, parts: Sequence[str], keys: tuple[str | int, ...], where: str, key: str, value: Any
) -> Iterator[tuple[str | int, ...]]:
    """The places that a dotted key names."""
    at = content
    for step, part in enumerate(parts):
        if isinstance(at, list):
            if part == EVERY and at:
                for index in range(len(at)):
                    yield from _places(at[index], parts[step + 1 :], (*keys, index), where, key, value)
                return
            found = _index(at, part)
            if found is None:
                names = [
                    str(entry.get("name")) for entry in at if isinstance(entry, dict) and "name" in entry
                ]
                raise _unknown(where, key, value, keys, part, names)
            keys, at = (*keys, found), at[found]
            continue
        inner = at.get("value") if isinstance(at, dict) else None
        if isinstance(inner, dict) and part in inner:
            keys, at = (*keys, "value", part), inner[part]
            continue
        if isinstance(at, dict) and "value" in at:
            raise _unknown(where, key, value, keys, part, list(inner) if isinstance(inner, dict) else [])
        known = list(dict.fromkeys(known_keys(Scenario, _schema_keys(keys))))
        if not known and isinstance(at, dict):
            known = list(at)  # a table by names of its own, such as purposes
        if not isinstance(at, dict) or part not in known:
            raise _unknown(where, key, value, keys, part, known if isinstance(at, dict) else [])
        keys, at = (*keys, part), at.get(part, {})
    yield keys


def _put(content: dict[str, Any], keys: tuple[str | int, ...], value: Any, reason: str) -> None:
    """Replace what stands at `keys`; a stated number keeps its unit and says why it is what it is, and stays
    as it stands where the new value is the old one."""
    at: Any = content
    holders: list[dict[str, Any]] = []
    for key in keys[:-1]:
        if isinstance(at, dict):
            holders.append(at)
            at = at.setdefault(key, {})
        else:
            at = at[key]
    last = keys[-1]
    old = at.get(last) if isinstance(at, dict) else at[last]
    is_whole = isinstance(value, Mapping) and "value" in value
    if is_whole:
        new = dict(value)
        if "source" not in new and "assumption" not in new:
            new["assumption"] = reason
        at[last] = new
    elif isinstance(old, dict) and "value" in old:
        if old["value"] != value:
            at[last] = _restated(old, value, reason)
    elif old is None and _is_stated(_schema_keys(keys)):
        at[last] = {"value": value, "assumption": reason}
    else:
        at[last] = value
        if len(keys) > 2 and keys[-2] == "value":
            holder = holders[-1]
            holder.update(_restated(holder, holder["value"], reason))
            for origin in ("source", "ja"):
                holder.pop(origin, None)


def _restated(old: Mapping[str, Any], value: Any, reason: str) -> dict[str, Any]:
    kept = {key: entry for key, entry in old.items() if key not in ("source", "assumption", "range", "ja")}
    return {**kept, "value": value, "assumption": reason}


def _share_out(content: dict[str, Any], vans: Any, where: str) -> None:
    """Give the groups `vans` vehicles in all, in proportion to what they have (largest remainder, ties in the
    order of the file); groups that get none are left out."""
    groups = content.get("service", {}).get("vehicles", [])
    if not isinstance(vans, int) or isinstance(vans, bool) or vans < 1:
        raise ScenarioFileError(f"{where}: {VANS} is {_shown(vans)}; give a whole number, 1 or more")
    counts = [group["count"]["value"] for group in groups]
    whole = sum(counts)
    shares = [divmod(vans * count, whole) for count in counts]
    given = [share for share, _ in shares]
    by_rest = sorted(range(len(shares)), key=lambda k: -shares[k][1])
    for k in by_rest[: vans - sum(given)]:
        given[k] += 1
    kept = []
    for group, old, new in zip(groups, counts, given, strict=True):
        if new and new != old:
            group["count"] = _restated(group["count"], new, f"{vans} vehicles in all")
        if new:
            kept.append(group)
    content["service"]["vehicles"] = kept


def _index(entries: Sequence[Any], part: str) -> int | None:
    for index, entry in enumerate(entries):
        if isinstance(entry, dict) and str(entry.get("name")) == part:
            return index
    return int(part) if part.isdecimal() and int(part) < len(entries) else None


def _schema_keys(keys: tuple[str | int, ...]) -> tuple[str | int, ...]:
    return tuple(key for key in keys if key != "value")


def _is_stated(keys: tuple[str | int, ...]) -> bool:
    return any(isinstance(found, type) and issubclass(found, Stated) for found in models_at(Scenario, keys))


def _leads_to(key: str, keys: Sequence[str | int]) -> bool:
    """Whether a dotted key names the place at `keys`, a part of it, or the table around it."""
    words = [part for part in key.split(".") if not part.isdecimal() and part != EVERY]
    place = [str(part) for part in keys if not isinstance(part, int)]
    if key == VANS:
        return place[:2] == ["service", "vehicles"]
    return bool(place) and (words[0], words[-1]) == (place[0], next((p for p in place if p == words[-1]), ""))


def _unknown(
    where: str, key: str, value: Any, keys: tuple[str | int, ...], part: str, known: Sequence[str]
) -> ScenarioFileError:
    close = difflib.get_close_matches(part, known, 1)
    place = f" in {dotted(keys)}" if keys else ""
    if close:
        remedy = f"did you mean {close[0]!r}{place}?"
    elif known:
        remedy = f"known{place or ' here'}: {', '.join(known)}"
    else:
        remedy = f"{dotted(keys)} is itself the number"
    return ScenarioFileError(f"{where}: {key} = {_shown(value)} names no number of the scenario; {remedy}")


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."
