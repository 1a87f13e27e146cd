"""The moving map of a report: which day of which cases it shows, and what is to be said about it."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.evidence.chosen_cases import drawn_cases
from dashboards.replay_map import ReplaySide, replay_page
from maas.i18n.wording import Language, Wording
from routing.network import Network
from simulation.study_journal import DayJournal, day_journal
from simulation.study_outcome import StudyCase, StudyOutcome


@dataclass(frozen=True, slots=True)
class MovingMap:
    """The moving map of a report.

    Parameters
    ----------
    page
        Of `replay_map.replay_page`; None where there is none.
    remark
        What the reader must know: why there is no map, or that its day was simulated again.
    """

    page: str | None
    remark: Wording | None = None


def moving_map(study: StudyOutcome, language: Language) -> MovingMap:
    """The first day of the first two drawn cases on one clock.

    A day whose journal is not kept is simulated again, and shown if its figures come out as the study has
    them.

    Raises
    ------
    JournalError
        When a kept journal was changed.
    """
    cases = shown_cases(study)
    days = {case.name: day_journal(study, case.name) for case in cases}
    sides = [
        ReplaySide(case.title.text(language), day.journal, Network.load(study.network_file(case.name)))
        for case, day in zip(cases, days.values(), strict=True)
        if day.journal is not None
    ]
    if len(sides) < len(cases):
        return MovingMap(None, _missing(study, next(day for day in days.values() if day.journal is None)))
    remark = None if all(day.is_kept for day in days.values()) else _made_again(study)
    return MovingMap(replay_page(sides, language=language), remark)


def shown_cases(study: StudyOutcome) -> tuple[StudyCase, ...]:
    """The first two drawn cases; where every case varies an assumption, the first two that are compared."""
    drawn = drawn_cases(study, most=2)
    if drawn:
        return drawn
    first = study.cases[0]
    other = next((case for case in study.cases[1:] if study.baseline(case.name) == first.name), None)
    return (first,) if other is None else (first, other)


def _missing(study: StudyOutcome, day: DayJournal) -> Wording:
    reason = day.reason or Wording("", "")
    return Wording(
        f"No moving map: no journal of day {study.seeds[0]} was kept, and {reason.en};"
        f" `maas study {study.name} --again` simulates the study anew and keeps one.",
        f"動く地図なし: 乱数の種{study.seeds[0]}の日の記録（journal）が残されておらず、{reason.ja}。"
        f"`maas study {study.name} --again`で計算し直すと記録が残る。",
    )


def _made_again(study: StudyOutcome) -> Wording:
    return Wording(
        f"No journal of day {study.seeds[0]} was kept: it was simulated again, and every figure of the day"
        " came out as in the study.",
        f"乱数の種{study.seeds[0]}の日の記録（journal）は残されていないため再計算した。"
        "その日の全指標がスタディの値と一致している。",
    )
