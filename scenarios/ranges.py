"""The ranges of a scenario's numbers, and the points at which a study takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.streams import generator

LOW, HIGH = "low", "high"
STATED = "stated"
"""The point at which every number is as stated."""


@dataclass(frozen=True, slots=True)
class Ranged:
    """A number that could be another one.

    Parameters
    ----------
    key
        Dotted, as `scenarios.overrides` takes it.
    value, low, high
        As stated, and the ends of its range.
    unit
        As stated.
    """

    key: str
    value: float
    low: float
    high: float
    unit: str

    def at(self, position: float) -> float | int:
        """The value at a position of the range: whole if the three stated numbers are, else to 4 digits."""
        value = self.low + position * (self.high - self.low)
        if all(isinstance(number, int) for number in (self.value, self.low, self.high)):
            return round(value)
        return float(f"{value:.4g}")


@dataclass(frozen=True, slots=True)
class RangePoint:
    """A point of the ranges: its name, where in its range each number lies, and the only one where it is one.

    `positions`: 0.0 is the low end, 1.0 the high end. Two scenarios that state the same number with different
    ranges move it alike within their own ones.
    """

    name: str
    positions: Mapping[str, float]
    of: Ranged | None = None

    def settings(self, ranges: Mapping[str, Ranged]) -> dict[str, float | int]:
        """New values of the numbers for which a scenario states these ranges."""
        return {key: ranges[key].at(share) for key, share in self.positions.items() if key in ranges}


def ranges_of(content: Mapping[str, Any]) -> dict[str, Ranged]:
    """Every number with a range in a merged scenario content, by its key."""
    return {found.key: found for found in _ranges(content, "")}


def switched(content: Mapping[str, Any], settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """A merged content with those of its models switched that settings switch (`choice.model = "logit"`): a
    section that is off has no ranges."""
    changed = dict(content)
    for key, model in settings.items():
        section, _, name = key.rpartition(".")
        if name == "model" and isinstance(changed.get(section), Mapping):
            changed[section] = {**changed[section], name: model}
    return changed


def one_at_a_time(ranges: Mapping[str, Ranged]) -> list[RangePoint]:
    """Everything as stated, then each number at both ends of its range while the others are as stated."""
    points = [RangePoint(STATED, {})]
    for index, found in enumerate(ranges.values(), start=1):
        stem = f"{index:02d}"
        points.append(RangePoint(f"{stem}-{LOW}", {found.key: 0.0}, found))
        points.append(RangePoint(f"{stem}-{HIGH}", {found.key: 1.0}, found))
    return points


def futures(ranges: Mapping[str, Ranged], count: int, seed: int) -> list[RangePoint]:
    """Points at which every number lies somewhere in its range.

    Notes
    -----
    Latin hypercube (McKay, Beckman, Conover 1979): every range is cut into `count` parts, and each part
    is met once. Every value of a range is taken to be as likely as any other, and independent of the rest.
    """
    drawn: dict[str, Sequence[float]] = {}
    for key in ranges:
        random = generator(seed, f"future {key}")
        drawn[key] = ((random.permutation(count) + random.random(count)) / count).tolist()
    width = len(str(count))
    return [
        RangePoint(f"{k + 1:0{width}d}", {key: places[k] for key, places in drawn.items()})
        for k in range(count)
    ]


def merged_ranges(
    contents: Sequence[Mapping[str, Any]], parameters: Sequence[str] | None
) -> dict[str, Ranged]:
    """Ranges of several scenarios, the first to state one standing for all; only `parameters`, if given.

    Raises
    ------
    KeyError
        When none states a range for one of the parameters.
    """
    found: dict[str, Ranged] = {}
    for content in contents:
        found = ranges_of(content) | found
    if parameters is None:
        return dict(sorted(found.items()))
    missing = next((key for key in parameters if key not in found), None)
    if missing is not None:
        raise KeyError(missing)
    return {key: found[key] for key in parameters}


def _ranges(at: Any, key: str) -> Iterator[Ranged]:
    if isinstance(at, Mapping):
        if at.get("model") == "off":
            return  # a section that is switched off decides nothing
        if "range" in at and "value" in at:
            low, high = at["range"]
            yield Ranged(key, at["value"], low, high, str(at.get("unit", "")))
            return
        for name, inner in at.items():
            yield from _ranges(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(at, list):
        for index, inner in enumerate(at):
            name = inner.get("name", index) if isinstance(inner, Mapping) else index
            yield from _ranges(inner, f"{key}.{name}")
