"""One replication of a study, wherever it runs: from a recipe and a seed to the bytes of its files."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from maas.metrics import legs_table
from maas.store.journal import Journal
from scenarios.prepared import PreparedScenario
from simulation.expectations import Told, settled, untold
from simulation.outcomes import JOURNAL, LEGS, REQUESTS
from simulation.run import run_day, warm_up
from simulation.study_cases import Recipe

_KEPT_READY: Final = 8
"""Prepared cases that a process keeps: days come case by case, so that a few are enough."""


@dataclass(frozen=True, slots=True)
class Order:
    """A replication to simulate.

    Parameters
    ----------
    case
        Name of the case.
    recipe, seed
        What decides it.
    keeps_journal
        Whether its journal is wanted too.
    """

    case: str
    recipe: Recipe
    seed: int
    keeps_journal: bool


@dataclass(frozen=True, slots=True)
class Replicated:
    """A simulated replication.

    Parameters
    ----------
    figures
        `DayRun.figures`.
    files
        Bytes by file name: requests, legs, and the journal where it is kept.
    journal_sha256
        Of the journal's bytes; None where it is not kept.
    scenario_hash, policy, date
        As in the journal's header.
    cpu_s
        From the first command to the last event. A measurement: never stored.
    """

    figures: Mapping[str, Any]
    files: Mapping[str, bytes]
    journal_sha256: str | None
    scenario_hash: str
    policy: str
    date: str
    cpu_s: float


_ONE_AT_A_TIME: Final = threading.Lock()


def replicate(order: Order) -> Replicated:
    """Simulate a replication in this process, which does one at a time whatever its number of threads."""
    with _ONE_AT_A_TIME:
        return _replicate(order)


def _replicate(order: Order) -> Replicated:
    prepared = prepared_here(order.recipe)
    run = run_day(prepared, order.seed)
    files = {
        REQUESTS: parquet_bytes(run.requests()),
        LEGS: parquet_bytes(legs_table(run.journal)),
    }
    sha256 = None
    if order.keeps_journal:
        files[JOURNAL] = _journal_bytes(run.journal)
        sha256 = hashlib.sha256(files[JOURNAL]).hexdigest()
    return Replicated(
        run.figures(),
        files,
        sha256,
        prepared.scenario_hash,
        prepared.service.policy,
        run.journal.header.date,
        run.cpu_s,
    )


_ready: Final[OrderedDict[Recipe, PreparedScenario]] = OrderedDict()


def prepared_here(recipe: Recipe, learning_told: Told = untold) -> PreparedScenario:
    """Prepared once a process, kernels loaded, expectations settled.

    Parameters
    ----------
    learning_told
        Told the days that people have looked back on while they learn what to expect.
    """
    if recipe not in _ready:
        prepared = recipe.prepare()
        warm_up(prepared)
        _ready[recipe] = settled(prepared, learning_told)
        while len(_ready) > _KEPT_READY:
            _ready.popitem(last=False)
    _ready.move_to_end(recipe)
    return _ready[recipe]


def parquet_bytes(table: pd.DataFrame) -> bytes:
    """A table as a Parquet file; the same table gives the same bytes."""
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False), sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _journal_bytes(journal: Journal) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / JOURNAL
        journal.write(path)
        return path.read_bytes()
