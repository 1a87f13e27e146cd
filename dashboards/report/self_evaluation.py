"""Draft of the self-evaluation form of the 地域公共交通確保維持改善事業, as far as a study can fill it.

The form asks six things of each service: who is subsidised, what it is, what became of the last evaluation,
whether it was carried out as planned (A, B, C), whether its targets were met (A, B, C), and what is to be
improved. A study knows the plan and its targets. What only a year of operation can tell stays blank and
marked; nothing of it is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dashboards.evidence.assumptions import case_scenario
from dashboards.evidence.chosen_cases import drawn_cases
from dashboards.evidence.exhibits import Chapter, Column, TableExhibit, TextExhibit, rows_of
from dashboards.evidence.kpis import figure_head, printed, threshold_words, unvaried
from dashboards.evidence.number_text import span
from dashboards.report.blanks import BLANK, BLANK_OFFICE
from dashboards.report.front import Front, report_front
from maas.i18n.effects import effect_words
from maas.i18n.figures import wording
from maas.i18n.wording import Language, Wording
from simulation.comparison import estimates
from simulation.study_comparison import Effect, StudyComparison, compare_study
from simulation.study_outcome import StudyCase, StudyOutcome

_MOST_SERVICES: Final = 3

_COLUMNS: Final = (
    Column("number", Wording("No.", "番号")),
    Column("field", Wording("Field", "記入欄")),
    Column("entry", Wording("Draft", "記入案")),
)

_TARGETS: Final = (
    "served_riders",
    "served_riders_share",
    "wait_mean_s",
    "promises_kept_share",
    "cost_recovery",
    "public_money_yen",
    "public_money_per_trip_yen",
)
"""Figures that a form sets as targets of a year."""


def self_evaluation(study: StudyOutcome, language: Language) -> tuple[Chapter, ...]:
    """The form, a chapter a service (each case beside the baseline), after what to know before it is used.

    Raises
    ------
    ComparisonError
        As `compare_study`.
    """
    plain = unvaried(study)
    comparison = compare_study(plain)
    services = [case for case in drawn_cases(study) if plain.baseline(case.name) != case.name]
    head = Chapter(
        "form_head", Wording("Before use", "記入にあたって"), (_head(bool(services)), _identity(language))
    )
    return (head, *(_service(study, case, comparison, language) for case in services[:_MOST_SERVICES]))


def form_front(study: StudyOutcome) -> Front:
    """Front of the form."""
    return replace(
        report_front(study),
        title=Wording(
            "Subsidised local transport: self-evaluation (draft)",
            "地域公共交通確保維持改善事業・事業評価（自己評価）案",
        ),
        kind=Wording(
            "Draft from a simulation study; not a result of operation",
            "シミュレーションによる下書き（運行実績ではない）",
        ),
    )


def _head(has_services: bool) -> TextExhibit:
    paragraphs: list[tuple[Wording | None, Wording]] = [
        (
            Wording("What this is", "位置づけ"),
            Wording(
                "A draft along the six fields of the form that councils hand in to the transport bureau by"
                " January and publish. Layout and wording of the official form change by year: copy the"
                " entries into the one in force.",
                "協議会が運輸局へ提出し公表する事業評価（自己評価）の6項目に沿った下書き。"
                "様式は年度により変わるため、最新の様式に転記して使用する。",
            ),
        ),
        (
            Wording("What is filled in", "記入済みの欄"),
            Wording(
                "Outline and targets, from the scenario and the simulated weekdays; possible improvements,"
                " from figures that came out worse or open.",
                "事業概要と目標（シナリオと平日のシミュレーションによる）、"
                "改善点の候補（悪化または判断できない指標による）。",
            ),
        ),
        (
            Wording("What stays blank", "空欄の項目"),
            Wording(
                f"{BLANK.en}: only a year of operation can tell. {BLANK_OFFICE.en}: the council's"
                " office knows. Do not put simulated figures there.",
                f"{BLANK.ja}は1年間の運行実績でのみ記入できる。{BLANK_OFFICE.ja}は事務局が記入する。"
                "これらの欄にシミュレーションの値を記入してはならない。",
            ),
        ),
    ]  # fmt: skip
    if not has_services:
        paragraphs.append(
            (
                None,
                Wording(
                    "This study compares no service with a baseline, so there is no form to fill.",
                    "このスタディには基準と比べるサービスがないため、記入する様式はない。",
                ),
            )
        )
    return TextExhibit("form_notes", Wording("Before use", "記入にあたって"), tuple(paragraphs))


def _identity(language: Language) -> TableExhibit:
    """Whose evaluation it is, and what the service is for: known to the council alone."""
    columns = (Column("field", Wording("Field", "記入欄")), Column("entry", Wording("Draft", "記入案")))
    fields = (
        Wording("Council", "協議会名"),
        Wording("Subsidy evaluated", "評価対象事業名"),
        Wording("Year evaluated", "評価対象年度"),
        Wording(
            "What local transport is to become (purpose, need)",
            "地域の交通の目指す姿（事業実施の目的・必要性）",
        ),
    )
    rows = [{"field": field.text(language), "entry": BLANK_OFFICE.text(language)} for field in fields]
    return TableExhibit(
        "form_identity", Wording("Head of the form", "様式の見出し"), columns, rows_of(columns, rows)
    )


def _service(
    study: StudyOutcome, case: StudyCase, comparison: StudyComparison, language: Language
) -> Chapter:
    effects = [effect for effect in comparison.effects if effect.case == case.name]
    scenario = case_scenario(study, case)
    outline = case.title if scenario is None else Wording(scenario.about.en, scenario.about.ja)
    base = next(known for known in study.cases if known.name == study.baseline(case.name))
    entries: list[tuple[Wording, Wording]] = [
        (Wording("Subsidised operators", "補助対象事業者等"), BLANK_OFFICE),
        (Wording("Outline of the service", "事業概要"), outline),
        (
            Wording("How the last evaluation was answered", "前回（または類似事業）の事業評価結果の反映状況"),
            Wording(
                f"Compared by simulation with: {base.title.en}. Last evaluation: {BLANK_OFFICE.en}",
                f"シミュレーションで比較した対象: {base.title.ja}。前回の評価結果: {BLANK_OFFICE.ja}",
            ),
        ),
        (Wording("Carried out as planned (A, B, C)", "事業実施の適切性（A・B・C）"), BLANK),
        (Wording("Targets met (A, B, C)", "目標・効果達成状況（A・B・C）"), BLANK),
        (Wording("To be improved", "事業の今後の改善点"), _improvements(effects)),
    ]
    rows = [
        {"number": f"{number}", "field": field.text(language), "entry": entry.text(language)}
        for number, (field, entry) in zip("①②③④⑤⑥", entries, strict=True)
    ]
    title = Wording(case.title.en[:1].upper() + case.title.en[1:], case.title.ja)
    form = TableExhibit(
        f"form_{case.name}",
        Wording("The six fields", "評価項目"),
        _COLUMNS,
        rows_of(_COLUMNS, rows),
        Wording(
            "A: as planned, or every target met; B: not in some points; C: not. A miss needs its reasons.",
            "A: 計画どおり実施・目標達成、B: 一部できていない、C: できなかった。未達の場合は理由を分析する。",
        ),
    )
    return Chapter(f"service_{case.name}", title, (form, _targets(study, case, base, language)))


def _improvements(effects: Sequence[Effect]) -> Wording:
    """What came out worse or open; the rest only operation can tell."""
    doubtful = [effect for effect in effects if effect.mark in ("worse", "open")]
    if not doubtful:
        return Wording(f"From operation: {BLANK.en}", f"運行実績を踏まえた改善点: {BLANK.ja}")
    said = {
        language: [
            f"{wording(effect.figure).name.text(language)} "
            + effect_words(
                printed(wording(effect.figure)), effect.difference.mean, effect.difference.low,
                effect.difference.high, language,
            )
            for effect in doubtful
        ]
        for language in ("en", "ja")
    }  # fmt: skip
    return Wording(
        "To be watched, as the simulation does not show it better: " + "; ".join(said["en"])
        + f". From operation: {BLANK.en}",
        "シミュレーションで改善が確認できず、注視すべき指標: " + "、".join(said["ja"])
        + f"。運行実績を踏まえた改善点: {BLANK.ja}",
    )  # fmt: skip


def _targets(study: StudyOutcome, case: StudyCase, base: StudyCase, language: Language) -> TableExhibit:
    columns = (
        Column("figure", Wording("Target", "目標・効果の指標")),
        Column("base", base.title),
        Column("expected", Wording("Expected (simulated)", "見込み（シミュレーション）")),
        Column("threshold", Wording("Threshold", "基準値（基準との差）")),
        Column("actual", Wording("Actual", "実績")),
        Column("met", Wording("A, B, C", "達成状況")),
    )
    found = {known.name: estimates(list(study.sample(known.name).days.values())) for known in (case, base)}
    rows = []
    for key in dict.fromkeys([*_TARGETS, *study.definition["thresholds"]]):
        if key not in found[case.name]:
            continue
        figure = printed(wording(key))
        expected = found[case.name][key]
        text = figure.number(expected.mean)
        if expected.low is not None and expected.high is not None:
            ends = (figure.within(expected.low) * figure.scale, figure.within(expected.high) * figure.scale)
            inner = span(*ends, figure.decimals, language=language)
            text += f"（{inner}）" if language == "ja" else f" ({inner})"
        before = found[base.name].get(key)
        rows.append(
            {
                "figure": figure_head(figure, language),
                "base": None if before is None else figure.number(before.mean),
                "expected": text,
                "threshold": threshold_words(study, key, language),
                "actual": BLANK.text(language),
                "met": BLANK.text(language),
            }
        )
    return TableExhibit(
        f"targets_{case.name}",
        Wording("Targets and effects", "目標・効果"),
        columns,
        rows_of(columns, rows),
        Wording(
            "A simulated weekday, mean with its 95 % interval. It is what may be expected, not what was"
            " achieved. A year has about 243 weekdays.",
            "平日1日のシミュレーションの平均と95%信頼区間。見込みであり実績ではない。年間の平日は約243日。",
        ),
    )
