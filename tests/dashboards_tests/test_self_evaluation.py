"""The form's draft fills in the plan and leaves open what only operation can tell."""

from __future__ import annotations

import pytest

from dashboards.evidence import TableExhibit, tables_of
from dashboards.report.blanks import BLANK, BLANK_OFFICE
from dashboards.report.self_evaluation import form_front, self_evaluation
from maas.i18n.wording import Language
from simulation.study_outcome import StudyOutcome

LANGUAGES: tuple[Language, ...] = ("en", "ja")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_only_operation_can_tell_stays_blank_and_marked(
    wagons: StudyOutcome, language: Language
) -> None:
    chapters = self_evaluation(wagons, language)
    assert [chapter.name for chapter in chapters] == [
        "form_head", "service_two.notice-20", "service_two.notice-45",
    ]  # fmt: skip
    form, targets = chapters[1].exhibits
    assert isinstance(form, TableExhibit)
    assert isinstance(targets, TableExhibit)
    entries = dict(zip(form.rows["number"], form.rows["entry"], strict=True))
    assert entries["①"] == BLANK_OFFICE.text(language)
    assert entries["④"] == entries["⑤"] == BLANK.text(language)
    assert BLANK_OFFICE.text(language) in entries["③"]
    assert BLANK.text(language) in entries["⑥"]
    assert set(targets.rows["actual"]) == set(targets.rows["met"]) == {BLANK.text(language)}


def test_targets_are_the_simulated_means_and_called_expected(wagons: StudyOutcome) -> None:
    table = tables_of(self_evaluation(wagons, "en"))["targets_two.notice-20"]
    rows = table.rows.set_index("figure")
    mean = wagons.by_case["two.notice-20"]["served_riders"].mean()
    assert rows.loc["Riders served", "expected"].startswith(f"{mean:.1f} (")
    assert rows.loc["Riders served", "base"] == f"{wagons.by_case['one']['served_riders'].mean():.1f}"
    assert "not a result of operation" in form_front(wagons).kind.en


def test_a_study_without_a_comparison_has_no_form_to_fill(futures_study: StudyOutcome) -> None:
    (head,) = self_evaluation(futures_study, "en")
    text = head.exhibits[0]
    assert not isinstance(text, TableExhibit)
    assert "no form to fill" in str(text)
