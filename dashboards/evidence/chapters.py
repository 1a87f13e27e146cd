"""The chapters of a report, in the order in which a council reads them."""

from __future__ import annotations

from dashboards.evidence.cost_chart import cost_against_service
from dashboards.evidence.exhibits import Chapter, Exhibit
from dashboards.evidence.kpis import kpi_table, unvaried
from maas.i18n.wording import Language, Wording
from simulation.study_comparison import compare_study
from simulation.study_outcome import StudyOutcome


def evidence(study: StudyOutcome, language: Language) -> tuple[Chapter, ...]:
    """Everything that a study shows; chapters for which it has nothing are left out.

    Raises
    ------
    ComparisonError
        When the study is about a figure that no day has.
    OutcomeError
        When a table or journal of the study cannot be read.
    """
    comparison = compare_study(unvaried(study))
    chapters = [
        _chapter(
            "results",
            Wording("Results", "結果"),
            kpi_table(study, language, comparison),
            cost_against_service(study, language),
        ),
    ]
    return tuple(chapter for chapter in chapters if chapter.exhibits)


def _chapter(name: str, title: Wording, *exhibits: Exhibit | None) -> Chapter:
    return Chapter(name, title, tuple(exhibit for exhibit in exhibits if exhibit is not None))
