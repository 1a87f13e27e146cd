"""A study from its definition to its folder: what is there is kept, what is missing is simulated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from routing.network import Network
from scenarios.errors import ScenarioError
from scenarios.preparation import city_of
from scenarios.study_definition import MAX_REPLICATIONS, StudyDefinition
from simulation.errors import OutcomeError, StudyError
from simulation.program import program
from simulation.series import Phase, Report, silent
from simulation.study_cases import Case, baseline_of, cases_of
from simulation.study_outcome import StudyOutcome, read_study
from simulation.study_replication import Order, Replicated, prepared_here
from simulation.study_store import AGAIN, FORMAT, STUDY, Part, StudyStore, opened_store, study_json
from simulation.study_workers import Failure, LocalWorkers, Workers

Remark = Callable[[str, int, str], None]
"""Told about a replication that failed and is tried again: case, seed, what happened."""

ATTEMPTS: Final = 2


def no_remark(case: str, seed: int, message: str) -> None:
    """The remark of whoever does not want to know."""


@dataclass(frozen=True, slots=True)
class StudyRun:
    """A finished study.

    Parameters
    ----------
    outcome
        As it stands on disk.
    simulated, reused
        Replications that were simulated now, and that were there.
    cpu_s
        Mean CPU seconds of a simulated day, from its first command to its last event; None without any. A
        measurement: never stored.
    """

    outcome: StudyOutcome
    simulated: int
    reused: int
    cpu_s: float | None


@dataclass(slots=True)
class _Progress:
    """What is there, and what is missing."""

    parts: dict[tuple[str, int], Part] = field(default_factory=dict)
    missing: list[Order] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)


def run_study(
    study: StudyDefinition,
    folder: Path,
    *,
    workers: Workers | None = None,
    replications: int | None = None,
    keep_journals: bool = False,
    again: bool = False,
    report: Report = silent,
    remark: Remark = no_remark,
) -> StudyRun:
    """Simulate what is missing of a study in its folder. The folder does not depend on the workers.

    Parameters
    ----------
    replications
        Days of each case, where it is not what the study says.
    keep_journals
        Keep the journal of every replication, not only of the first seed of each case.
    again
        Simulate everything anew.

    Raises
    ------
    ScenarioError
        When the study or one of its scenarios cannot be run as written.
    OutcomeError
        When the folder cannot be used.
    StudyError
        When a replication failed twice; the others are kept.
    """
    if replications is not None and study.days.dates is not None:
        raise StudyError(
            f"study {study.name} simulates the weekdays of {study.days.dates}, each once; leave out"
            " --replications, or give the study file other dates"
        )
    if replications is not None and not 1 <= replications <= MAX_REPLICATIONS:
        raise StudyError(f"replications is {replications}; give 1 to {MAX_REPLICATIONS}")
    cases = cases_of(study)
    networks = _networks(cases)
    seeds = study.days.seeds(replications)
    with opened_store(folder, again=again) as store:
        before = study_json(folder)
        _refuse_other_program(folder, before)
        progress = _survey(store, cases, seeds, keep_journals)
        reused = len(progress.parts)
        is_there = not progress.missing and before == _study_json(
            study, cases, networks, seeds, progress.parts
        )
        if not is_there or not store.is_gathered([case.name for case in cases], networks.values()):
            store.write_study(_study_json(study, cases, networks, seeds, None))
            if progress.missing:
                _simulate(store, workers or LocalWorkers(), progress, report, remark)
            for network in networks.values():
                store.put_network(network)
            store.put_scenarios({case.name: case.recipe.scenario for case in cases})
            store.gather({case.name: [progress.parts[case.name, seed] for seed in seeds] for case in cases})
            store.write_study(_study_json(study, cases, networks, seeds, progress.parts))
    cpu = progress.cpu_s
    return StudyRun(
        read_study(folder), len(progress.parts) - reused, reused, sum(cpu) / len(cpu) if cpu else None
    )


def _survey(store: StudyStore, cases: Sequence[Case], seeds: Sequence[int], keep_journals: bool) -> _Progress:
    """Which replications are there as they would be simulated now."""
    progress = _Progress()
    for case in cases:
        for seed in seeds:
            keeps = keep_journals or seed == seeds[0]
            part = store.part(case.name, seed)
            is_there = part is not None and part.hash == case.recipe.hash
            if part is not None and is_there and (not keeps or store.has_journal(case.name, seed)):
                progress.parts[case.name, seed] = part
            else:
                progress.missing.append(Order(case.name, case.recipe, seed, keeps))
    return progress


def _simulate(
    store: StudyStore, workers: Workers, progress: _Progress, report: Report, remark: Remark
) -> None:
    workers.check()
    _prepare(progress.missing, report)
    alike = _alike(progress.missing)
    orders, total, done = list(alike), len(alike), 0
    report(Phase.DAYS, 0, total)
    failures: list[Failure] = []
    for _ in range(ATTEMPTS):
        failures = []
        for order, result in workers.run(orders):
            if isinstance(result, Replicated):
                for case in alike[order]:
                    progress.parts[case, order.seed] = store.put(case, order.seed, order.recipe.hash, result)
                progress.cpu_s.append(result.cpu_s)
                done += 1
                report(Phase.DAYS, done, total)
            elif isinstance(result.error, ScenarioError):
                raise result.error
            else:
                failures.append(result)
                remark(order.case, order.seed, result.message)
        orders = [failure.order for failure in failures]
        if not orders:
            return
    first = min(failures, key=lambda failure: (failure.order.case, failure.order.seed))
    raise StudyError(
        f"{len(failures)} of {total} replications failed twice, first {first.order.case} with seed"
        f" {first.order.seed} ({first.message}); the others are kept in {store.folder}: mend the cause and"
        " run the study again"
    )


def _alike(orders: Sequence[Order]) -> dict[Order, list[str]]:
    """One order of each kind, and the cases that it stands for: those whose days are the same."""
    first: dict[tuple[str, int, bool], Order] = {}
    alike: dict[Order, list[str]] = {}
    for order in orders:
        key = (order.recipe.hash, order.seed, order.keeps_journal)
        alike.setdefault(first.setdefault(key, order), []).append(order.case)
    return alike


def _prepare(orders: Sequence[Order], report: Report) -> None:
    """Fill the caches that all processes share: travel tables of each state of the roads, and kernels."""
    report(Phase.ROADS, 0, 0)
    recipes = {order.recipe.roads_key: order.recipe for order in reversed(orders)}
    for recipe in recipes.values():
        recipe.prepare(report)
    report(Phase.KERNELS, 0, 0)
    prepared_here(orders[0].recipe, partial(report, Phase.LEARNING))


def _networks(cases: Sequence[Case]) -> dict[str, Network]:
    """Network of each case by its name; cases with one network share it."""
    found: dict[tuple[object, ...], Network] = {}
    networks = {}
    for case in cases:
        scenario = case.recipe.content
        key = (scenario.city.network, str(Path(scenario.file).parent), case.recipe.inputs)
        if key not in found:
            found[key] = city_of(scenario).network
        networks[case.name] = found[key]
    return networks


def _refuse_other_program(folder: Path, said: Mapping[str, Any] | None) -> None:
    if said is not None and said.get("program") != program():
        raise OutcomeError(
            f"{folder / STUDY}: the results there were made by another version of the program; {AGAIN},"
            " or another --out to keep them"
        )


def _study_json(
    study: StudyDefinition,
    cases: Sequence[Case],
    networks: Mapping[str, Network],
    seeds: Sequence[int],
    parts: Mapping[tuple[str, int], Part] | None,
) -> dict[str, Any]:
    """Content of `study.json`; of a study that is under way where there are no parts."""
    used = {network.hash: network for network in networks.values()}
    return {
        "format": FORMAT,
        "is_complete": parts is not None,
        "name": study.name,
        "definition": study.model_dump(mode="json", by_alias=True),
        "program": program(),
        "first_seed": seeds[0],
        "replications": len(seeds),
        **({} if study.days.dates is None else {"seeds": list(seeds)}),
        "networks": {
            key: {
                "title": network.title,
                "is_approximate": network.is_approximate,
                "credits": list(network.credits),
            }
            for key, network in used.items()
        },
        "cases": [
            {
                **_case_json(case, networks[case.name], seeds, parts or {}),
                "baseline": baseline_of(study, cases, case).name,
            }
            for case in cases
        ],
    }


def _case_json(
    case: Case, network: Network, seeds: Sequence[int], parts: Mapping[tuple[str, int], Part]
) -> dict[str, Any]:
    found = [parts[case.name, seed] for seed in seeds if (case.name, seed) in parts]
    facts = {} if not found else {key: getattr(found[0], key) for key in ("scenario_hash", "policy", "date")}
    return {
        "name": case.name,
        "title": {"en": case.title.en, "ja": case.title.ja},
        "variant": case.variant,
        "point": dict(case.point),
        "scenario": Path(case.scenario).name,
        "settings": dict(case.settings),
        "varied": dict(case.varied),
        "demand_share": case.demand_share,
        "recipe_hash": case.recipe.hash,
        "network": network.hash,
        **facts,
        "journals": {str(part.seed): part.journal_sha256 for part in found if part.journal_sha256},
    }
