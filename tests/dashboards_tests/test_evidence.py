"""Exhibits say what the study says, in both languages, the same bytes each time."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dashboards.evidence import evidence, tables_of
from dashboards.evidence.cost_chart import cost_against_service, day_ellipse, mean_ellipse
from dashboards.evidence.exhibits import ROW_DECIMALS, ChartExhibit, Column, TableExhibit, rows_of
from dashboards.evidence.kpis import kpi_table, threshold_words
from dashboards.evidence.number_text import clock, minutes, number, percent, span, yen
from maas.i18n.wording import Language, Wording
from simulation.study_comparison import compare_study
from simulation.study_outcome import StudyOutcome

LANGUAGES: tuple[Language, ...] = ("en", "ja")


def test_numbers_are_printed_as_japanese_papers_print_them() -> None:
    assert number(1234.56, 1) == "1,234.6"
    assert number(-12) == "\N{MINUS SIGN}12"
    assert number(-0.04, 1) == "0.0"
    assert number(3, signed=True) == "+3"
    assert number(0, signed=True) == "0"
    assert yen(12345.4, language="ja") == "12,345円"
    assert yen(12345.4, language="en") == "12,345 yen"
    assert percent(0.125, language="ja") == "12.5%"
    assert minutes(210, language="ja") == "3.5分"
    assert span(2.4, 3.8, 1, language="ja") == "2.4～3.8"
    assert clock(8 * 3600 + 5 * 60) == "8:05"


def test_a_row_may_have_its_own_digits_and_a_missing_value_is_a_dash() -> None:
    columns = (Column("name", Wording("Name", "名称")), Column("value", Wording("Value", "値"), decimals=2))
    rows = [{"name": "a", "value": 1, ROW_DECIMALS: 0}, {"name": None, ROW_DECIMALS: 1}]
    table = TableExhibit("t", Wording("T", "表"), columns, rows_of(columns, rows))
    assert table.texts() == [["a", "1"], ["–", "–"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_kpi_table_holds_the_means_and_differences_of_the_study(
    wagons: StudyOutcome, language: Language
) -> None:
    table = kpi_table(wagons, language)
    comparison = compare_study(wagons)
    assert len(table.rows) == 5 * 3  # figures x cases
    waits = table.rows[table.rows["figure"].str.contains("mean" if language == "en" else "平均")]
    means = [
        served.loc[served["status"] == "done", "wait_s"].mean() / 60
        for served in (wagons.requests(case.name) for case in wagons.cases)
    ]
    assert waits["mean"].tolist() == pytest.approx(means)
    effect = comparison.by_key["two.notice-20", "wait_mean_s"]
    assert waits["difference"].tolist()[1] == pytest.approx(effect.difference.mean / 60)
    assert waits["mark"].tolist()[0] == ""
    assert set(waits["mark"].tolist()[1:]) <= {"○", "△", "×"}
    assert math.isnan(waits["difference"].tolist()[0])


def test_threshold_is_told_in_the_unit_of_the_figure(wagons: StudyOutcome) -> None:
    assert threshold_words(wagons, "wait_mean_s", "en") == "0.5 minutes shorter"
    assert threshold_words(wagons, "wait_mean_s", "ja") == "0.5分短い"
    assert threshold_words(wagons, "served_riders", "en") is None


def test_ellipse_of_the_mean_is_hotellings() -> None:
    points = np.random.default_rng(3).normal(size=(12, 2)) @ np.array([[2.0, 0.5], [0.0, 1.0]])
    shape = mean_ellipse(points)
    assert shape is not None
    quantile = stats.f.ppf(0.95, 2, 10)
    reach = 2 * 11 / (12 * 10) * quantile
    values = np.linalg.eigvalsh(np.cov(points.T))
    assert sorted(shape.lengths) == pytest.approx(sorted(2 * np.sqrt(values * reach)))
    assert shape.lengths[0] >= shape.lengths[1]
    outer = day_ellipse(points)
    assert outer is not None
    assert outer.lengths[0] == pytest.approx(shape.lengths[0] * math.sqrt(13))
    assert mean_ellipse(points[:2]) is None


def test_cost_chart_comes_with_its_numbers(wagons: StudyOutcome) -> None:
    chart = cost_against_service(wagons, "ja")
    assert isinstance(chart, ChartExhibit)
    assert chart.svg.startswith(b"<?xml")
    assert b"<text" not in chart.svg  # drawn as paths: no font is needed where it is shown
    assert chart.table is not None
    assert len(chart.table.rows) == 18
    money = wagons.metrics["public_money_yen"] / 1000
    assert sorted(chart.table.rows["public_money_yen"]) == pytest.approx(sorted(money))


def test_cost_chart_is_left_out_without_its_figures(wagons: StudyOutcome) -> None:
    bare = replace(wagons, provenance=wagons.provenance)
    bare.__dict__["metrics"] = wagons.metrics.drop(columns="public_money_yen")
    assert cost_against_service(bare, "en") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_evidence_is_the_same_each_time(wagons: StudyOutcome, language: Language) -> None:
    first, second = evidence(wagons, language), evidence(wagons, language)
    assert [chapter.name for chapter in first] == [chapter.name for chapter in second]
    charts = [
        exhibit.svg
        for chapters in (first, second)
        for chapter in chapters
        for exhibit in chapter.exhibits
        if isinstance(exhibit, ChartExhibit)
    ]
    half = len(charts) // 2
    assert half > 0
    assert charts[:half] == charts[half:]
    for name, table in tables_of(first).items():
        pd.testing.assert_frame_equal(table.rows, tables_of(second)[name].rows)
