"""The journal of a day of a finished study: as it was kept, or else by simulating that day again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from maas.i18n.wording import Wording
from maas.store.journal import Journal
from scenarios.errors import ScenarioError
from scenarios.people_sections import ModelledDemand
from simulation.comparison import flattened
from simulation.errors import OutcomeError, SimulationError
from simulation.run import run_day
from simulation.study_cases import recipe_of
from simulation.study_outcome import StudyOutcome
from simulation.study_replication import prepared_here

_NO_SCENARIO: Final = Wording(
    "the folder of the study does not tell its scenarios", "スタディのフォルダーにシナリオの記録がない"
)
_RECORDED: Final = Wording(
    "its requests were recorded ones, which the folder of a study does not keep",
    "申込みが記録データであり、スタディのフォルダーに残されていない",
)
_UNREADABLE: Final = Wording(
    "the day cannot be simulated from what the folder keeps", "フォルダーの内容から1日を再計算できない"
)


@dataclass(frozen=True, slots=True)
class DayJournal:
    """The journal of a day, or why there is none.

    Parameters
    ----------
    journal
        None where it was not kept and the day cannot be made again.
    is_kept
        Whether it lies in the study's folder; else the day was simulated again.
    reason
        Why there is none, as a clause.
    """

    journal: Journal | None
    is_kept: bool
    reason: Wording | None = None


def day_journal(study: StudyOutcome, case: str, seed: int | None = None) -> DayJournal:
    """The journal of a day of a case, of the first seed if none is given.

    Raises
    ------
    JournalError
        When a kept journal was changed.

    Notes
    -----
    A day follows from its scenario, its roads and its seed alone, so that one's own program makes it as it
    was. An older program may have made another one: a day simulated again counts only if every figure of it
    that the study kept comes out the same.
    """
    day = study.seeds[0] if seed is None else seed
    try:
        return DayJournal(study.journal(case, day), is_kept=True)
    except OutcomeError:
        pass
    made = _simulated(study, case, day)
    if isinstance(made, Wording):
        return DayJournal(None, is_kept=False, reason=made)
    return DayJournal(made, is_kept=False)


def _simulated(study: StudyOutcome, case: str, seed: int) -> Journal | Wording:
    """The journal made again, or why not."""
    variant = next(known.variant for known in study.cases if known.name == case)
    policy = next(said["policy"] for said in study.definition["variants"] if said["name"] == variant)
    try:
        scenario = study.scenario(case)
    except (OutcomeError, KeyError, ValueError):
        return _NO_SCENARIO
    if not isinstance(scenario.demand, ModelledDemand):
        return _RECORDED
    try:
        run = run_day(prepared_here(recipe_of(scenario, policy)), seed)
    except (ScenarioError, SimulationError, OSError):
        return _UNREADABLE
    found = flattened(run.figures())
    kept = study.sample(case).days[seed]
    other = [name for name, value in kept.items() if found.get(name) != value]
    if other:
        return Wording(
            f"this program makes another day of it ({len(other)} of {len(kept)} figures differ, the first is"
            f" {other[0]})",
            f"現在のプログラムでは異なる結果になる（{len(kept)}指標中{len(other)}個、最初は{other[0]}）",
        )
    return run.journal
