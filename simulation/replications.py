"""The days of a series, on this process or on several, into an outcome folder.

Workers are spawned, never forked. A worker is given the choice, not the roads: it prepares the scenario once,
its travel times mapped from the cache that the first process has filled.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

from scenarios.prepared import PreparedScenario
from simulation.errors import StudyError
from simulation.expectations import settled
from simulation.hindsight import HINDSIGHT, Hindsight, hindsight_json, in_hindsight
from simulation.outcome_folder import replaced_folder, write_json
from simulation.outcomes import (
    NETWORK,
    ORIGINAL_DAY,
    Day,
    Outcome,
    day_folder,
    read_outcome,
    write_day,
    write_summary,
)
from simulation.program import versions
from simulation.run import run_day, warm_up
from simulation.series import (
    Choice,
    Phase,
    Report,
    Series,
    WorkloadChoice,
    has_original_day,
    repeats_one_day,
    silent,
)
from simulation.worker_processes import refuse_wrong_jobs, worker_pool

MAX_ITERATIONS: Final = 100_000_000


@dataclass(frozen=True, slots=True)
class SeriesRun:
    """A finished series.

    Parameters
    ----------
    outcome
        As it stands on disk.
    cpu_s
        Mean process CPU of a day, from the first command to the last event. A measurement: never stored.
    peak_rss_mb
        Largest memory of all processes together, in 10^6 bytes; None where the system does not tell.
    repeats_one_day
        Whether every day had to be the same: recorded requests, exact times, no jitter.
    hindsight
        Each day in hindsight, in the order of the seeds; empty where nobody asked for it.
    """

    outcome: Outcome
    cpu_s: float
    peak_rss_mb: float | None
    repeats_one_day: bool
    hindsight: tuple[Hindsight, ...] = ()


@dataclass(frozen=True, slots=True)
class _Order:
    """One day to simulate, where below the outcome it goes, and the solver's work on it in hindsight."""

    seed: int
    jitter_s: int
    folder: str
    hindsight_iterations: int | None


@dataclass(frozen=True, slots=True)
class _Ran:
    """A simulated day as it comes back from the process that ran it."""

    day: Day
    cpu_s: float
    process: int
    peak_rss_mb: float | None
    hindsight: Hindsight | None


def run_series(
    series: Series,
    target: Path,
    *,
    processes: int = 1,
    hindsight_iterations: int | None = None,
    report: Report = silent,
) -> SeriesRun:
    """Simulate every day of a series and write its outcome to `target`, replacing an older outcome there.

    The outcome does not depend on `processes`.

    Parameters
    ----------
    hindsight_iterations
        The solver's work on each day in hindsight, which goes into a file of its own; None = no hindsight.

    Raises
    ------
    StudyError
        For an impossible number of processes or iterations, or when a worker dies.
    OutcomeError
        When the outcome cannot be written.
    """
    refuse_wrong_jobs(processes)
    if hindsight_iterations is not None and not 1 <= hindsight_iterations <= MAX_ITERATIONS:
        raise StudyError(f"iterations in hindsight are {hindsight_iterations}; give 1 to {MAX_ITERATIONS}")
    with replaced_folder(target) as folder:
        report(Phase.ROADS, 0, 0)
        prepared = series.choice.prepare(report)
        report(Phase.KERNELS, 0, 0)
        warm_up(prepared)
        prepared = settled(prepared, partial(report, Phase.LEARNING))
        orders = _orders(series, prepared, hindsight_iterations)
        ran: dict[_Order, _Ran] = {}
        report(Phase.DAYS, 0, len(orders))
        for order, result in _run_all(series.choice, prepared, orders, folder, processes):
            ran[order] = result
            report(Phase.DAYS, len(ran), len(orders))
        days = [ran[order].day for order in orders if order.folder != ORIGINAL_DAY]
        original = next((ran[order].day for order in orders if order.folder == ORIGINAL_DAY), None)
        hindsight = tuple(
            result.hindsight
            for order in orders
            if order.folder != ORIGINAL_DAY and (result := ran[order]).hindsight is not None
        )
        if hindsight:
            write_json(folder / HINDSIGHT, hindsight_json(series.seeds, hindsight))
        prepared.network.save(folder / NETWORK)
        write_summary(folder, days, original, _provenance(series, prepared))
    results = list(ran.values())
    return SeriesRun(
        outcome=read_outcome(target),
        cpu_s=sum(result.cpu_s for result in results) / len(results),
        peak_rss_mb=_peak_of_all(results),
        repeats_one_day=repeats_one_day(series, prepared),
        hindsight=hindsight,
    )


def _orders(series: Series, prepared: PreparedScenario, hindsight_iterations: int | None) -> list[_Order]:
    count = series.replications
    orders = [
        _Order(seed, series.jitter_s, day_folder(index, count), hindsight_iterations)
        for index, seed in enumerate(series.seeds)
    ]
    if has_original_day(series, prepared):
        orders.append(_Order(series.seed, 0, ORIGINAL_DAY, None))
    return orders


def _run_all(
    choice: Choice, prepared: PreparedScenario, orders: Sequence[_Order], folder: Path, processes: int
) -> Iterator[tuple[_Order, _Ran]]:
    """Each day as it gets done, in any order."""
    processes = min(processes, len(orders))
    if processes == 1:
        for order in orders:
            yield order, _run(prepared, order, folder)
        return
    with worker_pool(processes) as pool:
        futures = {pool.submit(_run_in_worker, choice, order, folder): order for order in orders}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BrokenProcessPool as error:
            raise StudyError(
                "a worker process ended before its day was done, perhaps for lack of memory; try fewer --jobs"
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _run_in_worker(choice: Choice, order: _Order, folder: Path) -> _Ran:
    return _run(_prepared_in_worker(choice), order, folder)


@lru_cache(maxsize=1)
def _prepared_in_worker(choice: Choice) -> PreparedScenario:
    """Prepared once a worker process, kernels loaded, expectations settled."""
    prepared = choice.prepare()
    warm_up(prepared)
    return settled(prepared)


def _run(prepared: PreparedScenario, order: _Order, folder: Path) -> _Ran:
    run = run_day(prepared, order.seed, jitter_s=order.jitter_s)
    day = write_day(folder, order.folder, run)
    hindsight = None
    if order.hindsight_iterations is not None:
        hindsight = in_hindsight(prepared, run.journal, order.seed, order.hindsight_iterations)
    return _Ran(day, run.cpu_s, os.getpid(), _peak_rss_mb(), hindsight)


def _peak_rss_mb() -> float | None:
    """Largest resident memory of this process so far, in 10^6 bytes."""
    try:
        import resource
    except ImportError:
        return None  # Windows has no getrusage
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def _peak_of_all(results: Sequence[_Ran]) -> float | None:
    here = _peak_rss_mb()
    if here is None:
        return None
    peaks = {os.getpid(): here}
    for result in results:
        peaks[result.process] = max(peaks.get(result.process, 0.0), result.peak_rss_mb or 0.0)
    return sum(peaks.values())


def _provenance(series: Series, prepared: PreparedScenario) -> dict[str, Any]:
    kind = "workload" if isinstance(series.choice, WorkloadChoice) else "scenario"
    return {
        "name": series.choice.name,
        "title": {"en": prepared.title_en, "ja": prepared.title_ja},
        "kind": kind,
        "choice": series.choice.to_json(),
        "scenario_hash": prepared.scenario_hash,
        "policy": prepared.service.policy,
        "date": prepared.date,
        "seed": series.seed,
        "replications": series.replications,
        "jitter_s": series.jitter_s,
        "network": {
            "title": prepared.network.title,
            "hash": prepared.network.hash,
            "is_approximate": prepared.network.is_approximate,
            "credits": list(prepared.network.credits),
        },
        "versions": versions(),
    }
