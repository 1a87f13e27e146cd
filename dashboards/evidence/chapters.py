"""The chapters of a report, in the order in which a council reads them."""

from __future__ import annotations

from dashboards.evidence.access import access_exhibits
from dashboards.evidence.assumptions import assumption_tables
from dashboards.evidence.cost_chart import cost_against_service
from dashboards.evidence.exhibits import Chapter, Exhibit
from dashboards.evidence.hours import demand_by_hour
from dashboards.evidence.kpis import kpi_table, unvaried
from dashboards.evidence.logic_model import logic_model
from dashboards.evidence.method import credit_text, definition_table, provenance_table, validation_text
from dashboards.evidence.money import account_exhibits, money_table
from dashboards.evidence.population import from_2021_to_2040
from dashboards.evidence.refusals import fate_table, refusal_map
from dashboards.evidence.sensitivity import sensitivity
from dashboards.evidence.summary import summary
from dashboards.evidence.validation import validation_tables
from dashboards.evidence.vehicles import vehicle_gantt
from dashboards.evidence.waits import wait_table, waiting_curves
from dashboards.evidence.worth import worth_exhibits
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
    is_compared = bool(unvaried(study).cases)
    chapters = [
        _chapter("summary", Wording("Summary", "要旨"), summary(study, comparison)),
        _chapter(
            "results",
            Wording("Results", "結果"),
            kpi_table(study, language, comparison) if is_compared else None,
            cost_against_service(study, language),
        ),
        _chapter(
            "service",
            Wording("Service by the hour and by the minute", "時間でみたサービス"),
            waiting_curves(study, language) if is_compared else None,
            wait_table(study, language) if is_compared else None,
            demand_by_hour(study, language) if is_compared else None,
        ),
        _chapter(
            "refusals",
            Wording("Who is not carried", "運べなかった人"),
            fate_table(study, language) if is_compared else None,
            refusal_map(study, language) if is_compared else None,
        ),
        _chapter(
            "vehicles",
            Wording("Vehicles", "車両"),
            vehicle_gantt(study, language) if is_compared else None,
        ),
        _chapter(
            "access",
            Wording("Who reaches what, and how evenly", "誰がどこへ着けるか"),
            *(access_exhibits(study, language) if is_compared else ()),
        ),
        _chapter(
            "money",
            Wording("Money", "収支"),
            *((money_table(study, language), *account_exhibits(study, language)) if is_compared else ()),
        ),
        _chapter(
            "worth",
            Wording("What the next yen would bring", "次の1台・1時間の効果"),
            *(worth_exhibits(study, language) if is_compared else ()),
        ),
        _chapter(
            "sensitivity",
            Wording("What the answer rests on", "結果を左右する仮定"),
            *sensitivity(study, language),
        ),
        _chapter(
            "future", Wording("From 2021 to 2040", "2021年から2040年へ"), *from_2021_to_2040(study, language)
        ),
        _chapter(
            "logic_model",
            Wording("Logic model", "ロジックモデル"),
            logic_model(study, language) if is_compared else None,
        ),
        _chapter("assumptions", Wording("Assumptions", "前提条件"), *assumption_tables(study, language)),
        _chapter(
            "method",
            Wording("Method and provenance", "方法と来歴"),
            validation_text(),
            *validation_tables(study, language),
            definition_table(study, language),
            provenance_table(study, language),
            credit_text(study),
        ),
    ]
    return tuple(chapter for chapter in chapters if chapter.exhibits)


def _chapter(name: str, title: Wording, *exhibits: Exhibit | None) -> Chapter:
    return Chapter(name, title, tuple(exhibit for exhibit in exhibits if exhibit is not None))
