"""The cases of a study: each variant at each point of the grid, and what its days are simulated from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

from maas.i18n.wording import Wording
from maas.service_definition import POLICIES
from scenarios.errors import ScenarioFileError, StudyFileError
from scenarios.loading import ScenarioText, read_scenario
from scenarios.overrides import scenario_with
from scenarios.people_sections import ModelledDemand
from scenarios.preparation import prepare, text_hash
from scenarios.prepared import PreparedScenario
from scenarios.ranges import STATED, RangePoint, futures, merged_ranges, one_at_a_time, ranges_of, switched
from scenarios.scenario import Scenario
from scenarios.study_definition import Axis, StudyDefinition, Variant, value_text
from simulation.program import program
from simulation.series import Phase, Report, silent, under_policy


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the days of a case but their seeds.

    Parameters
    ----------
    scenario
        The scenario as JSON.
    file
        Path of its file: relative paths begin in its folder, and its stem is the scenario's name.
    policy
        Dispatch policy, where it is not the scenario's.
    inputs
        (path as the scenario writes it, SHA-256 of its bytes) of each file that the scenario reads.
    """

    scenario: str
    file: str
    policy: str | None
    inputs: tuple[tuple[str, str], ...]

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) of the recipe and of the program that follows it; it does not depend on folders."""
        return text_hash(self.scenario, self.policy, self.inputs, program())

    @property
    def content(self) -> Scenario:
        """The scenario, as checked as it was."""
        return _scenario_at(self.scenario, self.file)

    @property
    def roads_key(self) -> str:
        """Recipes with one key need the same travel tables."""
        said = self.content
        parts = (said.city, said.speeds, said.horizon, *said.road_changes)
        return text_hash(
            *(None if part is None else part.model_dump(mode="json") for part in parts), self.inputs
        )

    def prepare(self, report: Report = silent) -> PreparedScenario:
        """Everything the simulation of a day needs."""
        prepared = prepare(self.content, progress=lambda done, total: report(Phase.ROADS, done, total))
        return prepared if self.policy is None else under_policy(prepared, self.policy, None)

    def moved(self, file: str) -> Recipe:
        """The same recipe with its scenario at another place."""
        return replace(self, file=file)


@dataclass(frozen=True, slots=True)
class Case:
    """One variant at one point of the grid.

    Parameters
    ----------
    name
        Names its folder: the variant, and the name of the point of each axis.
    title
        For people.
    variant, point
        Name of the variant; name of the point by axis, in the order of the grid, empty off the grid.
    varied
        Where in their ranges an axis of ranges puts numbers, 0.0 to 1.0, whichever scenario has them.
    scenario
        Name or path as the study writes it.
    settings
        What was changed in the scenario.
    demand_share
        Demand as a share of the scenario's own, where the settings change how many trips are made.
    recipe
        What its days are simulated from.
    """

    name: str
    title: Wording
    variant: str
    point: Mapping[str, str]
    varied: Mapping[str, float]
    scenario: str
    settings: Mapping[str, Any]
    demand_share: float
    recipe: Recipe


def cases_of(study: StudyDefinition) -> tuple[Case, ...]:
    """Every case of a study, variant by variant, the last axis of the grid running fastest.

    Raises
    ------
    StudyFileError
        When a variant names an unknown scenario, policy or parameter, a value does not fit, or the baseline
        is no case.
    """
    texts = {variant.name: _scenario_text(study, variant) for variant in study.variants}
    on_grid = [switched(texts[v.name].content, v.set) for v in study.variants if v.is_on_grid]
    steps = [_steps(study, axis, on_grid) for axis in study.grid]
    cases = []
    for variant in study.variants:
        points: list[tuple[_Step, ...]] = list(product(*steps)) if variant.is_on_grid else [()]
        cases += [_case(study, variant, texts[variant.name], point) for point in points]
    result = tuple(cases)
    names = [case.name for case in result]
    if study.baseline not in names and study.baseline not in [v.name for v in study.variants]:
        raise StudyFileError(
            f"{study.file}: baseline is {study.baseline!r}; give a variant or a case: {_few(names)}"
        )
    for key in (*study.thresholds, *study.figures):
        _check_figure(study, key)
    return result


def baseline_of(study: StudyDefinition, cases: Sequence[Case], case: Case) -> Case:
    """The case with which another one is compared.

    The baseline variant at the same point of the grid if it has that point, or its only case; else the case
    that the study names.
    """
    named = {known.name: known for known in cases}
    if study.baseline in named:
        return named[study.baseline]
    of_variant = [known for known in cases if known.variant == study.baseline]
    return next((known for known in of_variant if known.point == case.point), of_variant[0])


@dataclass(frozen=True, slots=True)
class _Step:
    """A point of an axis: what it sets in every scenario, or where in their ranges it puts their numbers."""

    name: str
    title: Wording
    set: Mapping[str, Any]
    of_ranges: RangePoint | None = None


def _steps(study: StudyDefinition, axis: Axis, contents: Sequence[Mapping[str, Any]]) -> list[_Step]:
    if axis.ranges is None:
        return [_Step(step.name, Wording(step.title.en, step.title.ja), step.set) for step in axis.steps]
    where = f"{study.file}: axis {axis.name}: no scenario states a range"
    try:
        ranges = merged_ranges(contents, axis.parameters)
    except KeyError as missing:
        raise StudyFileError(
            f"{where} for {missing.args[0]!r}; add one there, for example range = [0.7, 0.9]"
        ) from None
    if not ranges:
        raise StudyFileError(f"{where}; add some there, for example range = [0.7, 0.9]")
    if axis.ranges == "futures":
        points = futures(ranges, axis.count, study.days.first_seed)
    else:
        points = one_at_a_time(ranges)
    return [_Step(point.name, _range_title(axis, point), {}, point) for point in points]


def _range_title(axis: Axis, point: RangePoint) -> Wording:
    if point.name == STATED:
        return Wording(f"{axis.title.en} as stated", f"{axis.title.ja}は設定どおり")
    if point.of is None:
        return Wording(f"{axis.title.en} {point.name}", f"{axis.title.ja} {point.name}")
    value = f"{point.of.key} = {value_text(point.of.at(point.positions[point.of.key]))} {point.of.unit}"
    return Wording(value.strip(), value.strip())


def _case(study: StudyDefinition, variant: Variant, text: ScenarioText, point: tuple[_Step, ...]) -> Case:
    steps = dict(zip((axis.name for axis in study.grid), point, strict=False))
    suffix = "".join(f".{axis}-{step.name}" for axis, step in steps.items())
    settings, varied = dict(variant.set), dict[str, float]()
    for step in point:
        settings |= step.set
        if step.of_ranges is not None:
            varied |= step.of_ranges.positions
            settings |= step.of_ranges.settings(ranges_of(switched(text.content, variant.set)))
    where = f"{study.file}: case {variant.name}{suffix}"
    try:
        scenario = scenario_with(text, settings, where=where, reason=f"set by the study {study.name}")
    except ScenarioFileError as error:
        message = str(error)
        raise StudyFileError(message if message.startswith(where) else f"{where}: {message}") from None
    en, ja = [variant.title.en], [variant.title.ja]
    en += [step.title.en for step in point]
    ja += [step.title.ja for step in point]
    return Case(
        name=f"{variant.name}{suffix}",
        title=Wording(", ".join(en), "、".join(ja)),
        variant=variant.name,
        point={axis: step.name for axis, step in steps.items()},
        varied=varied,
        scenario=variant.scenario,
        settings=settings,
        demand_share=_demand_share(text.checked(), scenario),
        recipe=recipe_of(scenario, variant.policy),
    )


def _demand_share(plain: Scenario, changed: Scenario) -> float:
    before, after = plain.demand, changed.demand
    if not isinstance(before, ModelledDemand) or not isinstance(after, ModelledDemand):
        return 1.0
    requests = [demand.latent_requests_per_weekday.value for demand in (before, after)]
    return requests[1] / requests[0] if requests[0] else 1.0


def recipe_of(scenario: Scenario, policy: str | None = None) -> Recipe:
    """The recipe of a scenario; reads the bytes of the files that it names.

    Raises
    ------
    ScenarioFileError
        When such a file cannot be read.
    """
    folder = Path(scenario.file).parent
    inputs = tuple((name, _file_hash(folder / name, scenario.file)) for name in scenario.files)
    return Recipe(scenario.model_dump_json(by_alias=True), scenario.file, policy, inputs)


def _scenario_text(study: StudyDefinition, variant: Variant) -> ScenarioText:
    where = f"{study.file}: variant {variant.name}"
    if variant.policy is not None and variant.policy not in POLICIES:
        raise StudyFileError(f"{where}: policy is {variant.policy!r}; give one of {', '.join(POLICIES)}")
    try:
        return read_scenario(variant.scenario, study.folder)
    except ScenarioFileError as error:
        raise StudyFileError(f"{where}: {error}") from None


def _check_figure(study: StudyDefinition, key: str) -> None:
    from maas.i18n.figures import BY_KEY, wording_of

    if wording_of(key) is None:
        raise StudyFileError(
            f"{study.file}: figure {key!r} is not known; give one of {_few(list(BY_KEY), 40)}"
        )


def _file_hash(path: Path, where: str) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ScenarioFileError(
            f"{where}: {path} cannot be read ({error.strerror}); put the file there"
        ) from None


def _scenario_at(text: str, file: str) -> Scenario:
    """A scenario from its JSON, at a file of its own."""
    import json

    return Scenario.model_validate_json(json.dumps({**json.loads(text), "file": file}), strict=True)


def _few(names: Sequence[str], most: int = 12) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
