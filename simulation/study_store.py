"""The folder of a study: what is written while it runs, and how it is read again.

    NAME/study.json                     definition, cases, versions, credits; "is_complete"
    NAME/metrics.parquet                one row a replication: case, seed, one column a figure
    NAME/scenarios.parquet              one row a case: its scenario as JSON, as it was simulated
    NAME/requests/CASE.parquet          one row a request, with its seed
    NAME/legs/CASE.parquet              one row a drive of a vehicle, with its seed
    NAME/networks/HASH.net              the roads
    NAME/parts/CASE/SEED/               one replication; a journal for the first seed of each case
        replication.json                figures, and the hash of all that decides them
        requests.parquet legs.parquet [journal.parquet]

A part appears whole or not at all, so that a study that was stopped, however, goes on where it was. Nothing
in the folder depends on when, where or in how many processes it was made.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from maas.store.journal import Journal, read_journal
from routing.errors import RoutingError
from routing.network import Network
from simulation.comparison import flattened
from simulation.errors import OutcomeError
from simulation.outcome_folder import json_text, read_json
from simulation.outcomes import JOURNAL, LEGS, REQUESTS
from simulation.study_replication import Replicated, parquet_bytes

FORMAT: Final = 2
STUDY: Final = "study.json"
METRICS: Final = "metrics.parquet"
SCENARIOS: Final = "scenarios.parquet"
PARTS: Final = "parts"
NETWORKS: Final = "networks"
REPLICATION: Final = "replication.json"
AGAIN: Final = "give --again to simulate everything anew"
_LOCK: Final = ".lock"
_TABLES: Final = (("requests", REQUESTS), ("legs", LEGS))
_TEMPORARY: Final = ".new-"


@dataclass(frozen=True, slots=True)
class Part:
    """A replication on disk: what `replication.json` says."""

    case: str
    seed: int
    hash: str
    figures: Mapping[str, Any]
    journal_sha256: str | None
    scenario_hash: str
    policy: str
    date: str


@dataclass(frozen=True, slots=True)
class StudyStore:
    """A study folder that is being written, by one process at a time (`opened_store`)."""

    folder: Path

    def part_folder(self, case: str, seed: int) -> Path:
        """Where a replication stands."""
        return self.folder / PARTS / case / str(seed)

    def part(self, case: str, seed: int) -> Part | None:
        """A replication that is there; None if it is not, or not whole."""
        place = self.part_folder(case, seed)
        try:
            said = json.loads((place / REPLICATION).read_text(encoding="utf-8"))
            part = Part(**said)
        except (OSError, ValueError, TypeError):
            return None
        return part if (part.case, part.seed) == (case, seed) else None

    def has_journal(self, case: str, seed: int) -> bool:
        """Whether the journal of a replication is kept."""
        return (self.part_folder(case, seed) / JOURNAL).is_file()

    def put(self, case: str, seed: int, recipe_hash: str, result: Replicated) -> Part:
        """Write a replication, whole or not at all, in the place of an older one."""
        part = Part(
            case,
            seed,
            recipe_hash,
            result.figures,
            result.journal_sha256,
            result.scenario_hash,
            result.policy,
            result.date,
        )
        place = self.part_folder(case, seed)
        place.parent.mkdir(parents=True, exist_ok=True)
        new = place.with_name(f"{_TEMPORARY}{seed}-{secrets.token_hex(4)}")
        new.mkdir()
        for name, content in result.files.items():
            (new / name).write_bytes(content)
        said = {name: getattr(part, name) for name in Part.__dataclass_fields__}
        (new / REPLICATION).write_text(json_text(said) + "\n", encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)
        new.rename(place)
        return part

    def is_gathered(self, cases: Sequence[str], networks: Iterable[Network]) -> bool:
        """Whether all tables and roads of a finished study can be read; what they hold is not looked at."""
        tables = [METRICS, SCENARIOS, *(f"{kind}/{case}.parquet" for kind, _ in _TABLES for case in cases)]
        try:
            for table in tables:
                pq.read_table(self.folder / table)
        except (OSError, ValueError):
            return False
        return all(self._has_network(network) for network in networks)

    def _has_network(self, network: Network) -> bool:
        try:
            return Network.load(self._network_file(network)).hash == network.hash
        except RoutingError:
            return False

    def _network_file(self, network: Network) -> Path:
        return self.folder / NETWORKS / f"{network.hash}.net"

    def put_network(self, network: Network) -> None:
        """Keep the roads under their hash."""
        path = self._network_file(network)
        if not self._has_network(network):
            path.parent.mkdir(exist_ok=True)
            new = path.with_name(f"{_TEMPORARY}{secrets.token_hex(4)}.net")
            network.save(new)
            new.replace(path)

    def write_study(self, content: Mapping[str, Any]) -> None:
        """Write `study.json`, whole or not at all."""
        self._put_file(Path(STUDY), (json_text(content) + "\n").encode())

    def put_scenarios(self, scenarios: Mapping[str, str]) -> None:
        """Keep the scenario of each case, as JSON."""
        rows = {"case": list(scenarios), "scenario": list(scenarios.values())}
        self._put_file(Path(SCENARIOS), parquet_bytes(pd.DataFrame(rows)))

    def gather(self, parts: Mapping[str, Sequence[Part]]) -> None:
        """Make the tables of the study from its parts, case by case in the order given."""
        rows = [
            {"case": case, "seed": part.seed, **flattened(part.figures)}
            for case, found in parts.items()
            for part in found
        ]
        self._put_file(Path(METRICS), parquet_bytes(_metrics_frame(rows)))
        for kind, file in _TABLES:
            for case, found in parts.items():
                tables = [self._table(case, part.seed, file) for part in found]
                sink = pa.BufferOutputStream()
                table = pa.concat_tables(tables, promote_options="permissive").unify_dictionaries()
                pq.write_table(table.replace_schema_metadata(None), sink, compression="zstd")
                self._put_file(Path(kind) / f"{case}.parquet", sink.getvalue().to_pybytes())
            for path in (self.folder / kind).glob("*.parquet"):
                if path.stem not in parts:
                    path.unlink()

    def _table(self, case: str, seed: int, file: str) -> pa.Table:
        part = self.part_folder(case, seed)
        try:
            table = pq.read_table(part / file)
        except (OSError, ValueError) as error:
            raise OutcomeError(
                f"{part / file}: cannot be read ({error}); remove the folder {part} and run the study again:"
                " that day is simulated anew"
            ) from error
        return table.add_column(0, "seed", pa.array([seed] * table.num_rows, pa.int64()))

    def _put_file(self, name: Path, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"{_TEMPORARY}{path.name}")
        new.write_bytes(content)
        new.replace(path)


@contextmanager
def opened_store(folder: Path, *, again: bool = False) -> Iterator[StudyStore]:
    """A study folder to write into, made if need be, for this process alone.

    Parameters
    ----------
    again
        Whether to begin anew: what the folder holds of a study is removed.

    Raises
    ------
    OutcomeError
        When the folder cannot be written, holds something else than a study, holds one of another version of
        the program, or is being written by another process.
    """
    _refuse_other_content(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            if again:
                for name in (PARTS, NETWORKS, *(kind for kind, _ in _TABLES)):
                    shutil.rmtree(folder / name, ignore_errors=True)
                for name in (STUDY, METRICS, SCENARIOS):
                    (folder / name).unlink(missing_ok=True)
            for left in list(folder.rglob(f"{_TEMPORARY}*")):
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            yield StudyStore(folder)
    except OSError as error:
        raise OutcomeError(
            f"{error.filename or folder}: cannot be written ({error.strerror or error});"
            " choose a folder that is writable and has room"
        ) from error


def study_json(folder: Path) -> dict[str, Any] | None:
    """Content of `study.json`; None where there is none.

    Raises
    ------
    OutcomeError
        When it cannot be read or is of another format.
    """
    path = folder / STUDY
    if not path.exists():
        return None
    said = read_json(path, writer="maas study", remedy=AGAIN)
    if said.get("format") != FORMAT:
        raise OutcomeError(
            f"{path}: format is {said.get('format')!r}, this program reads {FORMAT};"
            " run the study again into another folder"
        )
    return said


def kept_journal(folder: Path, case: str, seed: int) -> Journal:
    """The journal of a replication.

    Raises
    ------
    OutcomeError
        When it was not kept.
    JournalError
        When it was changed.
    """
    path = folder / PARTS / case / str(seed) / JOURNAL
    if not path.is_file():
        raise OutcomeError(f"{path}: is not there; run the study with --keep-journals")
    return read_journal(path)


def _metrics_frame(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame.from_records(list(rows))
    names = [name for name in frame.columns if name not in ("case", "seed")]
    return frame.astype({"case": "str", "seed": "int64", **dict.fromkeys(names, "float64")})


def _refuse_other_content(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise OutcomeError(f"{folder}: is no folder; name a folder for the study")
    if not folder.is_dir():
        return
    try:
        names = {path.name for path in folder.iterdir()}
    except OSError as error:
        raise OutcomeError(
            f"{folder}: cannot be read ({error.strerror}); choose a folder that is readable and writable"
        ) from error
    if names - {_LOCK} and STUDY not in names:
        raise OutcomeError(
            f"{folder}: holds something else than a study, which would be lost; name another folder"
        )


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other processes out of the folder. The lock ends with this process, however that ends."""
    try:
        import fcntl
    except ImportError:
        yield  # Windows has no flock
        return
    path = folder / _LOCK
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = path.exists() and os.path.samestat(os.fstat(handle), path.stat())
        except BlockingIOError:
            is_ours = False
        if not is_ours:  # held by another process, or taken from one that removed it a moment ago
            raise OutcomeError(
                f"{folder}: another maas study is writing there; wait for it, or name another folder"
            )
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
    finally:
        os.close(handle)
