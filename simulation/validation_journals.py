"""Conservation laws on days: those of the shipped scenarios, and journals that somebody gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from maas.conservation import LAWS, LawResult, conservation
from maas.i18n.wording import Wording
from maas.metrics import legs_table, metrics_of, riders_table
from maas.store.journal import Journal, read_journal
from scenarios.loading import available_scenarios
from simulation.choice_day import INSTEAD
from simulation.errors import ValidationError
from simulation.expectations import settled
from simulation.outcomes import JOURNAL, LEGS, REQUESTS, file_sha256, is_outcome, read_outcome
from simulation.run import Disturbance, run_day
from simulation.series import ScenarioChoice, WorkloadChoice
from simulation.validation_rows import NOTHING, ValidationRow

PART: Final = "conservation"
FILES: Final = "files"
"""The law of folders: their figures and tables are those of their journals, and the journals unchanged."""

BREAKDOWN: Final = "sakura_on_demand"
"""Scenario whose first vehicle also fails at ten, and which also runs under the policies that plan ahead."""

Progress = Callable[[int, int], None]

_CHECKS: Final = {
    "order": Wording(
        "Order: states, places, promises and vehicles follow one another as they may",
        "順序: 状態・場所・約束・車両の推移に矛盾がない",
    ),
    "riders": Wording(
        "Riders: every request ends in one class; who boards alights",
        "利用者: 申込みは必ずどれか1つの結果に終わり、乗った人は降りる",
    ),
    "time": Wording(
        "Time: driving, stops, waiting and breakdowns make up the shifts; rides last as long by vehicle as by"
        " rider",
        "時間: 走行・停車・待機・故障の合計が勤務時間に一致し、乗車時間は車両側と利用者側で一致",
    ),
    "distance": Wording(
        "Distance: legs make up the kilometres; passenger-km agree by vehicle and by rider; nobody races",
        "距離: 区間の合計が走行距離に一致し、人キロは車両側と利用者側で一致、異常な速度がない",
    ),
    "capacity": Wording(
        "Capacity: nobody too many is on board at any time", "定員: どの時点でも定員を超えない"
    ),
    "money": Wording(
        "Money: fares are those of the table; fares, cost and public money add up",
        "金額: 運賃は運賃表どおりで、運賃・費用・公費の合計が合う",
    ),
    FILES: Wording(
        "Files: journals are unchanged, figures and tables are what they say",
        "ファイル: 記録は改変されておらず、指標と表が記録と一致",
    ),
}
_SOURCE: Final = Wording("Conservation laws (docs/validation.md)", "保存則（docs/validation.md）")


@dataclass(frozen=True, slots=True)
class CheckedDay:
    """A day and how it keeps the laws."""

    name: str
    results: tuple[LawResult, ...]


def shipped_days(workload: Path | None, progress: Progress | None = None) -> list[CheckedDay]:
    """A day of every shipped scenario, of one of them with a breakdown and under policies that plan ahead,
    and of a workload folder where there is one, checked."""
    found = []
    days = list(_days(workload))
    for done, (name, run) in enumerate(days):
        found.append(CheckedDay(name, conservation(run())))
        if progress is not None:
            progress(done + 1, len(days))
    return found


def given_days(paths: Sequence[Path], progress: Progress | None = None) -> list[CheckedDay]:
    """Journals, and those in folders of outcomes and studies, checked.

    Raises
    ------
    ValidationError
        When a path is neither a journal nor a folder that holds one.
    OutcomeError
        When an outcome's own files are broken.
    JournalError
        When a journal cannot be read or was changed.
    """
    files = [(path, file) for path in paths for file in _journals(path)]
    found = []
    for done, (path, file) in enumerate(files):
        name = file.name if file == path else Path(path.name, file.relative_to(path)).as_posix()
        found.append(CheckedDay(name, conservation(read_journal(file))))
        if progress is not None:
            progress(done + 1, len(files))
    return found + [
        CheckedDay(path.name, (_files(path),)) for path in paths if path.is_dir() and is_outcome(path)
    ]


def journal_rows(days: Sequence[CheckedDay]) -> list[ValidationRow]:
    """One row a law over all days."""
    rows: list[ValidationRow] = []
    for law in (*LAWS, FILES):
        mine = [(day.name, result) for day in days for result in day.results if result.law == law]
        if not mine:
            continue
        checked = sum(result.checked for _, result in mine)
        breaches = [f"{name}: {breach}" for name, result in mine for breach in result.breaches]
        rows.append(
            ValidationRow(
                part=PART,
                check=_CHECKS[law],
                expected=_off(0, checked),
                found=_off(len(breaches), checked),
                verdict="fails" if breaches else "holds",
                source=_SOURCE,
                note=_note(breaches, [name for name, _ in mine] if not rows else []),
            )
        )
    return rows


def _off(count: int, checked: int) -> Wording:
    return Wording(f"{count:,} of {checked:,} off", f"{checked:,}件中{count:,}件不一致")


def _note(breaches: Sequence[str], names: Sequence[str]) -> Wording:
    """The first breach, or on which days (if they are given) none was found."""
    if not breaches and not names:
        return NOTHING
    if not breaches:
        listed = ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")
        return Wording(f"{len(names)} days: {listed}", f"{len(names)}日分: {listed}")
    more = len(breaches) - 1
    return Wording(
        breaches[0] + (f" (and {more} more)" if more else ""),
        breaches[0] + (f"（ほか{more}件）" if more else ""),
    )


def _days(workload: Path | None) -> Iterator[tuple[str, Callable[[], Journal]]]:
    """Names of days, and what simulates each."""
    for name, _ in available_scenarios():
        yield name, partial(_run, ScenarioChoice(name))
    failure = (Disturbance(10 * 3600, 0),)
    yield f"{BREAKDOWN} + breakdown", partial(_run, ScenarioChoice(BREAKDOWN), failure)
    for policy in ("rolling_horizon", "batch"):
        yield f"{BREAKDOWN} + {policy}", partial(_run, ScenarioChoice(BREAKDOWN, policy))
    if workload is not None:
        yield workload.name, partial(_run, WorkloadChoice(str(workload)))


def _run(choice: ScenarioChoice | WorkloadChoice, breakdowns: tuple[Disturbance, ...] = ()) -> Journal:
    return run_day(settled(choice.prepare()), 1, breakdowns=breakdowns).journal


def _journals(path: Path) -> list[Path]:
    """The journal that a path is, or those below a folder."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise ValidationError(
            f"{path}: does not exist; give a journal, or the folder of an outcome or a study"
        )
    found = sorted(file for file in path.rglob(JOURNAL) if not file.parent.name.startswith("."))
    if not found:
        raise ValidationError(
            f"{path}: holds no {JOURNAL}; give a journal, or the folder of an outcome or a study"
        )
    return found


def _files(folder: Path) -> LawResult:
    """Whether the figures and tables of an outcome are those of its journals."""
    outcome = read_outcome(folder)
    days = [*outcome.days, *([outcome.original_day] if outcome.original_day is not None else [])]
    checked, breaches = 0, []
    for day in days:
        place = folder / day.folder
        journal = read_journal(place / JOURNAL)
        figures = metrics_of(journal).to_json()
        known = {
            f"the SHA-256 of {JOURNAL}": file_sha256(place / JOURNAL) == day.journal_sha256,
            **{f"figure {key}": day.figures.get(key) == value for key, value in _plain(figures).items()},
            REQUESTS: _same(
                place / REQUESTS, pa.Table.from_pandas(riders_table(journal), preserve_index=False)
            ),
            LEGS: _same(place / LEGS, pa.Table.from_pandas(legs_table(journal), preserve_index=False)),
        }
        checked += len(known)
        breaches += [
            f"seed {day.seed}: {what} is not that of the journal" for what, same in known.items() if not same
        ]
    return LawResult(FILES, checked, {}, tuple(breaches))


def _plain(figures: dict[str, object]) -> dict[str, object]:
    """Figures as JSON gives them back."""
    plain: dict[str, object] = json.loads(json.dumps(figures))
    return plain


def _same(file: Path, table: pa.Table) -> bool:
    """Whether a file holds the table, in all columns of the file: one of an older version has fewer. How
    people would have gone is known to no journal and is left out."""
    if not file.is_file():
        return False
    kept = pq.read_table(file)
    kept = kept.drop_columns([name for name in (INSTEAD,) if name in kept.column_names])
    if not set(kept.column_names) <= set(table.column_names):
        return False
    return bool(kept.equals(table.select(kept.column_names).cast(kept.schema)))
