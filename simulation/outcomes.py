"""Outcome folders: what a study leaves behind, and how it is read again.

    NAME/metrics.json              means over the days, intervals, the figures of each day
    NAME/provenance.json           what was simulated with which versions and seeds; SHA-256 of each journal
    NAME/network.net               the roads, so that a journal can be replayed anywhere
    NAME/replication-000/          one folder a day; a study of one day keeps these files in NAME itself
        journal.parquet            every command and event
        requests.parquet           one row a request
        legs.parquet               one row a drive of a vehicle
        metrics.json               the figures of the day
    NAME/original-day/             the recorded day as it was, where the days are made from it
    NAME/hindsight.json            the days solved with all requests known, where somebody asked for it

Nothing in it depends on when, where or in how many processes it was made: the same study leaves the same
bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from maas.metrics import legs_table
from simulation.comparison import Sample, estimate_json, estimates, flattened, mean_figures
from simulation.errors import OutcomeError
from simulation.outcome_folder import METRICS, PROVENANCE, read_json, write_json
from simulation.run import DayRun

FORMAT: Final = 2
JOURNAL: Final = "journal.parquet"
REQUESTS: Final = "requests.parquet"
LEGS: Final = "legs.parquet"
NETWORK: Final = "network.net"
ORIGINAL_DAY: Final = "original-day"


@dataclass(frozen=True, slots=True)
class Day:
    """One simulated day: its seed, its figures, its place below the outcome, the SHA-256 of its journal."""

    seed: int
    figures: Mapping[str, Any]
    folder: str
    journal_sha256: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A study's days.

    Parameters
    ----------
    folder
        Where it was read from.
    name, title_en, title_ja
        Of the scenario or workload.
    days
        In the order of their seeds.
    original_day
        The recorded day as it was, where the days were made from it by jitter.
    is_approximate, credits
        Of the roads.
    provenance
        Content of `provenance.json`.
    """

    folder: Path
    name: str
    title_en: str
    title_ja: str
    days: tuple[Day, ...]
    original_day: Day | None
    is_approximate: bool
    credits: tuple[str, ...]
    provenance: Mapping[str, Any]

    @property
    def figures(self) -> dict[str, Any]:
        """Means over the days, in the form of the figures of one day."""
        return mean_figures([day.figures for day in self.days])

    def sample(self, name: str | None = None) -> Sample:
        """The days as `compare` wants them, under the outcome's own name or another."""
        return Sample(name or self.name, {day.seed: flattened(day.figures) for day in self.days})

    def title(self, language: str) -> str:
        """Title in Japanese ("ja") or English."""
        return self.title_ja if language == "ja" else self.title_en


def day_folder(index: int, days: int) -> str:
    """Place of day number `index` of `days` below the outcome."""
    return "." if days == 1 else f"replication-{index:03d}"


def write_day(outcome: Path, folder: str, run: DayRun) -> Day:
    """Compute the figures of a day and write its files below `outcome`."""
    journal = run.journal
    place = outcome / folder
    place.mkdir(parents=True, exist_ok=True)
    figures = run.figures()
    journal.write(place / JOURNAL)
    for name, table in ((REQUESTS, run.requests()), (LEGS, legs_table(journal))):
        pq.write_table(pa.Table.from_pandas(table, preserve_index=False), place / name, compression="zstd")
    if folder != ".":
        write_json(place / METRICS, figures)
    return Day(run.seed, figures, folder, file_sha256(place / JOURNAL))


def write_summary(
    outcome: Path, days: Sequence[Day], original_day: Day | None, provenance: Mapping[str, Any]
) -> None:
    """Write `metrics.json` and `provenance.json` over days that were written below `outcome`."""
    write_json(outcome / METRICS, summary(days, original_day))
    original = None if original_day is None else _origin_json(original_day)
    content = {
        "format": FORMAT,
        **provenance,
        "days": [_origin_json(day) for day in days],
        "original_day": original,
    }
    write_json(outcome / PROVENANCE, content)


def summary(days: Sequence[Day], original_day: Day | None) -> dict[str, Any]:
    """Content of `metrics.json`: means in the form of one day's figures, then intervals, then the days."""
    flat = [flattened(day.figures) for day in days]
    content = mean_figures([day.figures for day in days])
    content["replications"] = len(days)
    content["intervals"] = {key: estimate_json(value) for key, value in estimates(flat).items()}
    content["days"] = [{"seed": day.seed, **day.figures} for day in days]
    if original_day is not None:
        content["original_day"] = {"seed": original_day.seed, **original_day.figures}
    return content


def is_outcome(folder: Path) -> bool:
    """Whether a folder is an outcome, by its two JSON files."""
    return (folder / PROVENANCE).is_file() and (folder / METRICS).is_file()


def read_outcome(folder: Path | str) -> Outcome:
    """Read an outcome folder; journals and tables stay on disk.

    Raises
    ------
    OutcomeError
        When a file is missing or a key is missing or of the wrong kind.
    """
    place = Path(folder)
    if not place.is_dir():
        raise OutcomeError(f"{place}: is no folder; give the folder that maas simulate wrote")
    origin_file, figures_file = place / PROVENANCE, place / METRICS
    origin, figures = read_json(origin_file), read_json(figures_file)
    if origin.get("format") != FORMAT:
        raise OutcomeError(
            f"{origin_file}: format is {origin.get('format')!r}; this program reads {FORMAT}: simulate again"
        )
    title = _value(origin_file, origin, "title", dict)
    network = _value(origin_file, origin, "network", dict)
    origins = _value(origin_file, origin, "days", list)
    days = _value(figures_file, figures, "days", list)
    if len(days) != len(origins) or not days:
        raise OutcomeError(
            f"{figures_file}: has {len(days)} days, {PROVENANCE} names {len(origins)}; simulate again"
        )
    original = figures.get("original_day")
    return Outcome(
        folder=place,
        name=_value(origin_file, origin, "name", str),
        title_en=_value(origin_file, title, "en", str),
        title_ja=_value(origin_file, title, "ja", str),
        days=tuple(
            _day(figures_file, day, origin_file, known) for day, known in zip(days, origins, strict=True)
        ),
        original_day=(
            None
            if original is None
            else _day(figures_file, original, origin_file, origin.get("original_day"))
        ),
        is_approximate=_value(origin_file, network, "is_approximate", bool),
        credits=tuple(str(line) for line in _value(origin_file, network, "credits", list)),
        provenance=origin,
    )


def file_sha256(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _origin_json(day: Day) -> dict[str, Any]:
    journal = JOURNAL if day.folder == "." else f"{day.folder}/{JOURNAL}"
    return {"seed": day.seed, "folder": day.folder, "journal": journal, "sha256": day.journal_sha256}


def _day(figures_file: Path, figures: object, origin_file: Path, origin: object) -> Day:
    if not isinstance(figures, dict) or not isinstance(origin, dict):
        place = figures_file if not isinstance(figures, dict) else origin_file
        raise OutcomeError(f"{place}: a day is not an object; simulate again")
    seed = _value(origin_file, origin, "seed", int)
    if figures.get("seed") != seed:
        raise OutcomeError(
            f"{figures_file}: a day has seed {figures.get('seed')!r}, {PROVENANCE} says {seed};"
            " simulate again"
        )
    return Day(
        seed,
        {key: value for key, value in figures.items() if key != "seed"},
        _value(origin_file, origin, "folder", str),
        _value(origin_file, origin, "sha256", str),
    )


def _value(file: Path, content: Mapping[str, Any], key: str, kind: type) -> Any:
    value = content.get(key)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise OutcomeError(
            f"{file}: {key} is {value!r}, which is not a value of type {kind.__name__}; simulate again"
        )
    return value
