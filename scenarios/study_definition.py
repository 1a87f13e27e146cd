"""What a study asks: variants of scenarios, a grid of parameters, days, and what would count as better."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, field_validator, model_validator
from pydantic.functional_validators import AfterValidator

from scenarios.errors import ScenarioFileError, StudyFileError
from scenarios.scenario import Title
from scenarios.service_days import days_of, seed_of
from scenarios.stated import Finite, Section
from scenarios.toml_files import checked, found_file, read_toml

STUDIES: Final = Path(__file__).resolve().parent / "studies"
MAX_SEED: Final = 2**60
MAX_REPLICATIONS: Final = 100_000
MAX_CASES: Final = 2_000

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def _check_name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError(f"name {text!r} cannot name a folder; write it in letters, digits, _ and -")
    return text


def _check_dates(text: str) -> str:
    days_of(text)
    return text


ShortName = Annotated[str, AfterValidator(_check_name)]
Settings = dict[str, Any]
"""New value by dotted key of the scenario: see `scenarios.overrides`."""


class Days(Section):
    """Which days are simulated; every case meets the same ones.

    Either `replications` draws of the scenario's own date, with the seeds from `first_seed` on, or `dates`:
    each weekday of a range once, less public holidays and the turn of the year, with the seed of its date.
    """

    first_seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 1
    replications: Annotated[int, Field(ge=1, le=MAX_REPLICATIONS)] = 30
    dates: Annotated[str, AfterValidator(_check_dates)] | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> Days:
        if self.dates is not None and (self.first_seed, self.replications) != (1, 30):
            raise ValueError("days has dates, from which seeds and replications follow; leave these out")
        return self

    def seeds(self, replications: int | None = None) -> Sequence[int]:
        """Seeds of the days; of `replications` days where a number is given and there are no dates."""
        if self.dates is not None:
            return tuple(seed_of(day) for day in days_of(self.dates))
        count = self.replications if replications is None else replications
        return range(self.first_seed, self.first_seed + count)


class Variant(Section):
    """A scenario, with what is changed in it.

    `policy` is another dispatch policy than the scenario's. `is_on_grid`: whether the variant is taken at
    every point of the grid.
    """

    name: ShortName
    title: Title
    scenario: str
    policy: str | None = None
    set: Settings = Field(default={})
    is_on_grid: bool = True


class Point(Section):
    """One point of an axis: what it is called, and what it sets."""

    name: ShortName
    title: Title
    set: Annotated[Settings, Field(min_length=1)]


class Axis(Section):
    """A parameter and its values, or named points that set several parameters together, or the ranges that
    the scenarios state for their numbers.

    `ranges`: `one_at_a_time` takes each number at both ends of its range, `futures` draws all of them `count`
    times; `parameters` names some of the numbers, all of them if left out.
    """

    name: ShortName
    title: Title
    parameter: str | None = None
    values: tuple[Any, ...] | None = None
    points: tuple[Point, ...] | None = None
    ranges: Literal["one_at_a_time", "futures"] | None = None
    parameters: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    count: Annotated[int, Field(ge=1, le=MAX_CASES)] = 100

    @field_validator("values")
    @classmethod
    def _can_name_folders(cls, values: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
        for value in values or ():
            if not _NAME.fullmatch(value_name(value)):
                raise ValueError(
                    f"value {value_text(value)!r} cannot name a folder; give points with names of their own"
                )
        return values

    @model_validator(mode="after")
    def _is_one(self) -> Axis:
        given = [each is not None for each in (self.values, self.points, self.ranges)]
        if (self.parameter is None) != (self.values is None) or sum(given) != 1:
            raise ValueError(
                f"axis {self.name!r} needs a parameter with values, or points, or ranges; give one of them"
            )
        if self.ranges is None and not (self.values or self.points):
            what = "values" if self.points is None else "points"
            raise ValueError(f"axis {self.name!r} has no {what}; give at least one, or leave the axis out")
        return self

    @property
    def steps(self) -> tuple[Point, ...]:
        """The points, also where values were given; none of ranges, which the scenarios state."""
        if self.points is not None:
            return self.points
        return tuple(
            Point(
                name=value_name(value),
                title=Title(
                    en=f"{self.title.en} {value_text(value)}", ja=f"{self.title.ja} {value_text(value)}"
                ),
                set={str(self.parameter): value},
            )
            for value in self.values or ()
        )


class Threshold(Section):
    """How much better a figure must be to count: in the figure's own unit (seconds, yen, shares of 1)."""

    better: Literal["lower", "higher"]
    by: Annotated[Finite, Field(ge=0)] = 0.0


class StudyDefinition(Section):
    """A study file; `load_study` makes it.

    `name` and `file` are set by the loader. `baseline` is the variant (or the case) with which the others are
    compared. `figures` are those that the study is about, the first one before all; `thresholds` say for each
    what counts as better. `would_change_our_mind` is written before the study is run.
    """

    name: ShortName
    file: str = Field(exclude=True)
    title: Title
    question: Title
    baseline: str
    figures: Annotated[tuple[str, ...], Field(min_length=1)]
    days: Days = Days()
    variants: Annotated[tuple[Variant, ...], Field(min_length=1)]
    grid: tuple[Axis, ...] = ()
    thresholds: dict[str, Threshold] = Field(default={})
    would_change_our_mind: Title | None = None

    @field_validator("variants", "grid")
    @classmethod
    def _names_differ(cls, entries: tuple[Variant | Axis, ...]) -> tuple[Variant | Axis, ...]:
        names = [entry.name for entry in entries]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"name {name!r} is given twice; names must differ")
        return entries

    @model_validator(mode="after")
    def _fits_together(self) -> StudyDefinition:
        for axis in self.grid:
            names = [step.name for step in axis.steps]
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice is not None:
                raise ValueError(f"axis {axis.name!r} has {twice!r} twice; give each value once")
        count = 1
        for axis in self.grid:
            count *= len(axis.steps) if axis.ranges is None else axis.count if axis.ranges == "futures" else 1
        cases = sum(count if variant.is_on_grid else 1 for variant in self.variants)
        if cases > MAX_CASES:
            raise ValueError(f"grid makes {cases} cases; {MAX_CASES} fit into one study")
        if len(self.grid) > 1 and any(axis.ranges is not None for axis in self.grid):
            raise ValueError(
                "grid has an axis of ranges beside another axis; put them into two studies, or the values of"
                " the other axis into variants"
            )
        if self.grid and not any(variant.is_on_grid for variant in self.variants):
            raise ValueError("grid is given, but no variant is on it; leave out is_on_grid = false")
        return self

    @property
    def folder(self) -> Path:
        """Where relative paths of scenarios begin."""
        return Path(self.file).parent


def load_study(name_or_path: str | Path) -> StudyDefinition:
    """A shipped study by its name, or any study file by its path.

    Raises
    ------
    StudyFileError
        When there is no such study, or its file cannot be read or breaks the schema.
    """
    try:
        path = found_file(name_or_path, "study", STUDIES)
        content = read_toml(path)
        for key in ("name", "file"):
            if key in content:
                raise ScenarioFileError(f"{path}: {key} is not known; the study is named by its own file")
        said = {"name": path.stem, "file": str(path)}
        return checked(StudyDefinition, content, lambda keys: path, said)
    except ScenarioFileError as error:
        raise StudyFileError(str(error)) from None


def available_studies() -> list[str]:
    """Names of the shipped studies."""
    return [path.stem for path in sorted(STUDIES.glob("*.toml"))]


def value_name(value: object) -> str:
    """A value as part of a folder's name: ["08:00", "19:00"] -> 08-00_19-00."""
    return (
        re.sub(r"[^A-Za-z0-9_-]+", "-", value_text(value).replace(" ", "").replace(",", "_")).strip("-")
        or "0"
    )


def value_text(value: object) -> str:
    """A value as people read it: ["08:00", "19:00"] -> 08:00, 19:00."""
    if isinstance(value, Mapping):
        if "value" in value:
            return f"{value_text(value['value'])} {value.get('unit', '')}".strip()
        return ", ".join(f"{key} {value_text(entry)}" for key, entry in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(value_text(entry) for entry in value)
    if isinstance(value, float):
        return format(value, "g")
    return str(value)
